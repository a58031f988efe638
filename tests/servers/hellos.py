# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers to ClientHellos, byte by byte: for what no TLS library at hand speaks any more, or yet.

`answering(rule)` is a step of a scripted server. The rule gets the `Hello` that the client sent
and gives the bytes to answer with, or None to say nothing more.
"""

import struct

SSL2, SSL3, TLS10, TLS11, TLS12, TLS13 = 0x0002, 0x0300, 0x0301, 0x0302, 0x0303, 0x0304
RETRY = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
HANDSHAKE_FAILURE, PROTOCOL_VERSION = 40, 70


def _vector(width, data):
    return len(data).to_bytes(width, "big") + data


def _codes(data):
    return [code for code, in struct.iter_unpack(">H", data)]


class Hello:
    """What a ClientHello offers. Of SSL 2.0 only the version is read."""

    def __init__(self, data):
        self.suites, self.groups, self.signatures, self.extensions = [], [], [], {}
        self.version = SSL2 if data[0] & 0x80 else int.from_bytes(data[9:11], "big")
        self.versions = [self.version]
        if self.version != SSL2:
            self._read(data[43:])

    def _read(self, rest):
        rest = rest[1 + rest[0]:]
        length = int.from_bytes(rest[:2], "big")
        self.suites = _codes(rest[2:2 + length])
        rest = rest[2 + length:]
        rest = rest[1 + rest[0] + 2:]
        while rest:
            kind, length = struct.unpack(">HH", rest[:4])
            self.extensions[kind] = rest[4:4 + length]
            rest = rest[4 + length:]
        self.groups = _codes(self.extensions.get(10, b"\0\0")[2:])
        self.signatures = _codes(self.extensions.get(13, b"\0\0")[2:])
        if 43 in self.extensions:
            self.versions = _codes(self.extensions[43][1:])

    @property
    def is_control(self):
        return TLS13 in self.versions and TLS12 in self.versions


def record(kind, version, body):
    return struct.pack(">BH", kind, version) + _vector(2, body)


def alert(description=HANDSHAKE_FAILURE):
    return record(21, TLS12, bytes([2, description]))


def server_hello(version, suite, extensions=b"", random=bytes(32)):
    """A ServerHello; `version` is the one of its body, TLS 1.3 goes into `extensions`."""
    body = struct.pack(">H", version) + random + b"\0" + struct.pack(">HB", suite, 0)
    if extensions:
        body += _vector(2, extensions)
    return record(22, version, b"\x02" + _vector(3, body))


def retry(suite, group):
    """A HelloRetryRequest of TLS 1.3 that wants a share of that group."""
    extensions = struct.pack(">HHH", 43, 2, TLS13) + struct.pack(">HHH", 51, 2, group)
    return server_hello(TLS12, suite, extensions, RETRY)


def ssl2_hello(kinds=(0x010080, 0x0700c0)):
    """A SERVER-HELLO of SSL 2.0 with an empty certificate."""
    ciphers = b"".join(kind.to_bytes(3, "big") for kind in kinds)
    body = b"\x04\0\1" + struct.pack(">HHHH", SSL2, 0, len(ciphers), 16) + ciphers + bytes(16)
    return struct.pack(">H", 0x8000 | len(body)) + body


def read_message(conversation):
    """The next ClientHello on the connection, with its record header."""
    data = b""
    while True:
        data += conversation.receive_raw()
        if len(data) < 5:
            continue
        length = (2 + (int.from_bytes(data[:2], "big") & 0x7fff) if data[0] & 0x80
                  else 5 + int.from_bytes(data[3:5], "big"))
        if len(data) >= length:
            return data[:length]


def read_hello(conversation):
    """The same, read."""
    return Hello(read_message(conversation))


def answering(rule):
    """The step that answers a ClientHello as the rule says, and then waits for the client."""
    def step(conversation):
        answer = rule(read_hello(conversation))
        if answer is not None:
            conversation.write_raw(answer)
        while True:
            conversation.receive_raw()
    return step
