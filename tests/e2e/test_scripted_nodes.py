# SPDX-License-Identifier: GPL-3.0-or-later
"""The scripted servers themselves: connections side by side do not mix, and nodes come in turn."""

import contextlib
import socket
import struct
import threading

import pytest

from servers.fake_tls import ALERT, HANDSHAKE, MODERN, STATIC_RSA, TLS10, TLS12, FakeTls
from servers.hellos import TLS13, alert, answering
from servers.nodes import alternating, from_nth, in_turn
from servers.scripted import ScriptedServer, hang


def hello(version, *suites):
    body = (struct.pack("!H", version) + bytes(32) + b"\0" + struct.pack("!H", 2 * len(suites))
            + b"".join(struct.pack("!H", suite) for suite in suites) + b"\1\0")
    message = b"\1" + len(body).to_bytes(3, "big") + body
    return struct.pack("!BHH", HANDSHAKE, TLS10, len(message)) + message


def read_record(stream):
    kind, version, length = struct.unpack("!BHH", stream.read(5))
    return kind, version, stream.read(length)


@contextlib.contextmanager
def connected(server):
    with socket.create_connection(("127.0.0.1", server.port), 5) as connection:
        with connection.makefile("rb") as stream:
            yield connection, stream


def test_a_fake_keeps_its_connections_apart():
    second_answered = threading.Event()

    def wait_for_the_second(fake, connection):
        assert second_answered.wait(5)
        connection.alert(fake.version, fake.suite & 0xff)
        connection.hang()

    def after(fake, connection):
        (wait_for_the_second if fake.version == TLS10 else leave)(fake, connection)

    def leave(_fake, connection):
        connection.hang()

    server = ScriptedServer(None, implicit=[FakeTls(after=after)])
    with server, connected(server) as (first, from_first), connected(server) as (second, stream):
        first.sendall(hello(TLS10, STATIC_RSA))
        assert read_record(from_first)[:2] == (HANDSHAKE, TLS10)
        second.sendall(hello(TLS12, MODERN))
        assert read_record(stream)[:2] == (HANDSHAKE, TLS12)
        second_answered.set()
        assert read_record(from_first) == (ALERT, TLS10, bytes([2, STATIC_RSA & 0xff]))


NODES = [("alternating", alternating, [1, 2, 1, 2, 1]), ("in turn", in_turn, [1, 2, 2, 2, 2]),
         ("from the third on", lambda *both: from_nth(3, *both), [1, 1, 2, 2, 2])]


@pytest.mark.parametrize("choose, expected", [row[1:] for row in NODES],
                         ids=[row[0] for row in NODES])
def test_nodes_come_in_their_order(choose, expected):
    nodes = [answering(lambda _hello, number=number: alert(number)) for number in (1, 2)]
    with ScriptedServer(None, implicit=[choose(*nodes)]) as server:
        seen = []
        for _ in expected:
            with connected(server) as (connection, stream):
                connection.sendall(hello(TLS13, MODERN))
                seen.append(read_record(stream)[2][1])
    assert seen == expected


def test_a_node_may_be_several_steps():
    node = alternating([lambda conversation: conversation.write(b"one"), hang])
    with ScriptedServer(None, implicit=[node]) as server, connected(server) as (_, stream):
        assert stream.read(3) == b"one"
