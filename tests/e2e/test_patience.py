# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers that come up late, and observations that are made again."""

import contextlib
import re
import socket
import threading
import time

import pytest

from checklists import checklist
from servers.scripted import close, hang

GREETING = [{"assert": "connection.established"}, {"assert": "connection.greeting"},
            {"assert": "ehlo.accepted"}]


def answer(connection, lines):
    with contextlib.suppress(OSError):
        for line in lines:
            connection.sendall(line)
            connection.recv(1000)


@contextlib.contextmanager
def tries(*conversations, after=0.0):
    """A server for as many connections as there are conversations, each a list of lines to send,
    one before and one after each command; it listens only after that many seconds (None: never)."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", 0))

        def serve():
            with contextlib.suppress(OSError):  # nobody waited, or somebody left
                if after:
                    time.sleep(after)
                    listener.listen()
                for lines in conversations:
                    connection, _ = listener.accept()
                    with connection:
                        answer(connection, lines)

        if after == 0:
            listener.listen()
        if after is not None:
            threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1]


GOOD = [b"220 up\r\n", b"250 hello\r\n"]


def test_a_server_that_is_not_up_is_a_fail_without_waiting(gate, certificates):
    with tries(GOOD, after=1.5) as port:
        outcome = gate(checklist(port, GREETING, certificates.ca_file))
    assert outcome.status == 1
    assert outcome.cases["connection.established"].verdict == "fail"


def test_a_server_that_comes_up_late_is_waited_for(gate, certificates):
    with tries(GOOD, after=1.0) as port:
        outcome = gate(checklist(port, GREETING, certificates.ca_file), "--wait", "8s")
    assert outcome.status == 0, outcome


def test_waiting_has_an_end(gate, certificates):
    with tries(after=None) as port:
        begin = time.monotonic()
        outcome = gate(checklist(port, GREETING, certificates.ca_file), "--wait", "1s")
    assert outcome.status == 1
    assert 0.9 < time.monotonic() - begin < 4


def test_no_answer_is_tried_again_and_told(gate, certificates):
    with tries([b""], GOOD) as port:
        outcome = gate(checklist(port, GREETING, certificates.ca_file), "--retries", "2")
    assert outcome.status == 0, outcome
    assert b"<flakyFailure" in outcome.report


def test_a_refusal_is_an_answer_and_not_tried_again(gate, certificates):
    with tries([b"554 no\r\n"], GOOD) as port:
        outcome = gate(checklist(port, GREETING, certificates.ca_file), "--retries", "2")
    assert outcome.status == 1
    assert outcome.cases["connection.greeting"].verdict == "fail"


def test_tries_that_all_fail_are_told_in_the_last(gate, certificates):
    with tries([b""], [b""], [b""]) as port:
        outcome = gate(checklist(port, GREETING, certificates.ca_file), "--retries", "2")
    assert outcome.status == 3
    assert outcome.cases["connection.greeting"].verdict == "error"
    assert outcome.report.count(b"<rerunFailure") == 2


ALL_KINDS = [{"assert": "tls.handshake"},
             {"assert": "tls.versions", "refuses": ["ssl2", "ssl3", "1.0", "1.1"]},
             {"assert": "tls.ciphers", "refuses": ["export", "rc4"]}, {"assert": "tls.dh_size"}]


@pytest.mark.parametrize("connections", [1, 16])
@pytest.mark.parametrize(("script", "cause"), [
    # A session without a greeting shows that no other connection can have one.
    ({"banner": [hang]}, "connection.greeting"),
    ({"banner": [close]}, "connection.greeting"),
    # Behind the greeting, two connections that ran out of time at the same step do.
    ({"EHLO": [hang]}, "ehlo.accepted"),
    ({"STARTTLS": [hang]}, "starttls.accepted"),
], ids=["no greeting", "a close", "no answer to EHLO", "no answer to STARTTLS"])
def test_a_server_that_says_nothing_is_not_asked_on(gate, scripted, certificates, connections,
                                                    script, cause):
    begin = time.monotonic()
    outcome = gate(checklist(scripted(script).port, ALL_KINDS, certificates.ca_file,
                             limits={"connections": connections, "reply_timeout": "500ms"}))
    assert time.monotonic() - begin < 10
    assert outcome.having("pass", "fail") == [], outcome
    assert list(outcome.having("error")) == [cause], outcome
    made = int(re.search(r"(\d+) connections?,", outcome.stdout)[1])
    assert connections != 1 or made <= 2, outcome


@contextlib.contextmanager
def late_way_to(port, after):
    """A port that leads to another one, after that many seconds."""
    def carry(source, sink):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))

        def serve():
            time.sleep(after)
            with contextlib.suppress(OSError):  # nobody waited
                listener.listen()
                while True:
                    client, _ = listener.accept()
                    server = socket.create_connection(("127.0.0.1", port))
                    for ends in ((client, server), (server, client)):
                        threading.Thread(target=carry, args=ends, daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1]


def test_nothing_is_asked_before_a_server_has_come_up(gate, scripted, certificates):
    with late_way_to(scripted().port, after=1.2) as port:
        outcome = gate(checklist(port, ALL_KINDS, certificates.ca_file), "--wait", "8s")
    assert outcome.having("error", "skipped") == [], outcome
    assert outcome.cases["tls.handshake"].verdict == "pass", outcome
