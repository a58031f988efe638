# SPDX-License-Identifier: GPL-3.0-or-later
"""Resolvers that misbehave: each passes questions on to a real server, and does as it was told."""

import contextlib
import socket
import struct
import threading
import time

A, RRSIG = 1, 46
SERVFAIL, REFUSED = 2, 5
HEADER = struct.Struct("!6H")


def _end_of_name(message, at):
    while message[at]:
        if message[at] >= 0xc0:
            return at + 2
        at += 1 + message[at]
    return at + 1


def question_of(message):
    """The name in lower case and the type that are asked for."""
    labels, at = [], 12
    while message[at]:
        labels.append(message[at + 1:at + 1 + message[at]].decode("latin-1").lower())
        at += 1 + message[at]
    return ".".join(labels), struct.unpack_from("!H", message, at + 1)[0]


def _end_of_question(message):
    return _end_of_name(message, 12) + 4


def _refusal(query, code):
    """The question back, with a code."""
    head = HEADER.unpack_from(query)
    return (HEADER.pack(head[0], 0x8080 | code, 1, 0, 0, 0) + query[12:_end_of_question(query)])


def without_edns(query):
    """The question without OPT, the one record that libunbound adds: as of a resolver that knows no
    DNSSEC."""
    head = HEADER.unpack_from(query)
    return HEADER.pack(*head[:5], 0) + query[12:_end_of_question(query)]


def _records(message):
    """(type, where its data begins, where it ends) of each record."""
    at = _end_of_question(message)
    for _ in range(sum(HEADER.unpack_from(message)[3:])):
        at = _end_of_name(message, at)
        kind, _, _, length = struct.unpack_from("!HHIH", message, at)
        at += 10 + length
        yield kind, at - length, at


def with_other_addresses(answer):
    """The last byte of each A record turned round."""
    changed = bytearray(answer)
    for kind, _, end in _records(answer):
        if kind == A:
            changed[end - 1] ^= 0xff
    return bytes(changed)


def with_other_signatures(answer):
    """Signatures with other dates, which makes them wrong."""
    changed = bytearray(answer)
    for kind, start, _ in _records(answer):
        if kind == RRSIG:
            struct.pack_into("!II", changed, start + 8, 1000000000, 900000000)
    return bytes(changed)


class Forwarder:
    """What it does with a question is `answers(query, ask)`, which gives (seconds, bytes) of each packet
    to be sent, where `ask` puts a question to the real server over TCP. `tcp`: the same over TCP; None:
    the truth. Without an address it takes a port that is free."""

    def __init__(self, upstream, answers, tcp=None, address=("127.0.0.1", 0)):
        self.upstream, self.answers, self.tcp = upstream, answers, tcp or truth
        self.questions = []
        while True:
            self.udp_socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self.udp_socket.bind(address)
            port = self.udp_socket.getsockname()[1]
            try:
                self.tcp_socket = socket.create_server((address[0], port))
                break
            except OSError:
                self.udp_socket.close()
                if address[1] != 0:
                    raise
        self.resolver = f"{address[0]}@{port}"

    def ask(self, query):
        with socket.create_connection(("127.0.0.1", self.upstream), 10) as connection:
            connection.sendall(struct.pack("!H", len(query)) + query)
            return _read_one(connection)

    def start(self):
        for serve in (self._serve_udp, self._serve_tcp):
            threading.Thread(target=serve, daemon=True).start()

    def stop(self):
        for listening in (self.udp_socket, self.tcp_socket):
            with contextlib.suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            listening.close()

    def _serve_udp(self):
        with contextlib.suppress(OSError):
            while True:
                query, peer = self.udp_socket.recvfrom(65536)
                if not query:
                    return
                self.questions.append(question_of(query))
                threading.Thread(target=self._answer, daemon=True, args=(
                    self.answers, query, lambda packet, to=peer: self.udp_socket.sendto(packet, to))
                ).start()

    def _serve_tcp(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.tcp_socket.accept()
                threading.Thread(target=self._serve_connection, args=(connection,),
                                 daemon=True).start()

    def _serve_connection(self, connection):
        with connection, contextlib.suppress(OSError):
            while query := _read_one(connection):
                self._answer(self.tcp, query, lambda packet: connection.sendall(
                    struct.pack("!H", len(packet)) + packet))

    def _answer(self, answers, query, send):
        with contextlib.suppress(OSError):
            for seconds, packet in answers(query, self.ask):
                time.sleep(seconds)
                send(packet)


def _read_one(connection):
    data = b""
    while len(data) < 2 or len(data) < 2 + struct.unpack_from("!H", data)[0]:
        more = connection.recv(65536)
        if not more:
            return b""
        data += more
    return data[2:]


def truth(query, ask):
    return [(0, ask(query))]


def refusing(code):
    return lambda query, ask: [(0, _refusal(query, code))]


def silence(_query, _ask):
    return []


def late(seconds):
    return lambda query, ask: [(seconds, ask(query))]


def twice(query, ask):
    """The second time with other addresses."""
    answer = ask(query)
    return [(0, answer), (0, with_other_addresses(answer))]


def early(query, ask):
    """In front of the answer one to a question that was not asked, and one of another number."""
    answer = ask(query)
    other = bytes([answer[0] ^ 1]) + answer[1:]
    return [(0, with_other_addresses(other)), (0, answer)]


def stripping(query, ask):
    return [(0, ask(without_edns(query)))]


def forging(query, ask):
    return [(0, with_other_addresses(ask(query)))]


def spoiling(query, ask):
    return [(0, with_other_signatures(ask(query)))]


def truncating(query, ask):
    """Says that there is more over TCP, and sends the question alone."""
    answer = ask(query)
    head = HEADER.unpack_from(answer)
    return [(0, HEADER.pack(head[0], head[1] | 0x0200, 1, 0, 0, 0) +
             answer[12:_end_of_question(answer)])]


def cutting(query, ask):
    """Half of an answer that says it is whole."""
    answer = ask(query)
    return [(0, answer[:len(answer) // 2])]


def garbage(query, _ask):
    return [(0, query[:2] + b"\xff" * 40)]


@contextlib.contextmanager
def forwarder(upstream, answers, tcp=None):
    serving = Forwarder(upstream, answers, tcp)
    serving.start()
    try:
        yield serving
    finally:
        serving.stop()
