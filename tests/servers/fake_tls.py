# SPDX-License-Identifier: GPL-3.0-or-later
"""The first flight of a TLS server, up to TLS 1.2, with the weaknesses that a test asks for.

No packaged library speaks SSLv2, export suites or compression any more, or leaks memory when
asked for a heartbeat. A `FakeTls` answers hellos with canned messages and never completes a
handshake; it stands in for the handshake of a scripted server:

    ScriptedServer(context, {"STARTTLS": [send("220 go"), FakeTls(suites=[0x0005])]})

What it does after its flight is a function `after(fake, connection)`; those below are all that
tests need. `connection` is a `Records`, and `fake` a copy of the server that is this connection's
own: its `version` and `suite` are those of the flight that was sent here.
"""

import copy
import pathlib
import re
import ssl
import struct
import subprocess

SSL3, TLS10, TLS11, TLS12 = 0x0300, 0x0301, 0x0302, 0x0303

CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION_DATA, HEARTBEAT = range(20, 25)
CLIENT_HELLO, SERVER_HELLO, CERTIFICATE, SERVER_KEY_EXCHANGE, SERVER_HELLO_DONE = 1, 2, 11, 12, 14

UNEXPECTED_MESSAGE, BAD_RECORD_MAC, HANDSHAKE_FAILURE, DECRYPT_ERROR = 10, 20, 40, 51
PROTOCOL_VERSION, INAPPROPRIATE_FALLBACK = 70, 86

RENEGOTIATION_INFO, EXTENDED_MASTER_SECRET, HEARTBEAT_EXTENSION = 0xff01, 23, 15
SESSION_TICKET = 35
FALLBACK_SIGNAL = 0x5600

# ECDHE-RSA-AES128-GCM-SHA256, RSA-AES128-SHA, DHE-RSA-AES128-GCM-SHA256.
MODERN, STATIC_RSA, DHE = 0xc02f, 0x002f, 0x009e

SSL2_CLIENT_HELLO, SSL2_SERVER_HELLO = 1, 4


class RsaIdentity:
    """An RSA key of 2048 bits and a certificate of its own, made with the openssl command."""

    def __init__(self, directory, name):
        directory = pathlib.Path(directory)
        self.key, self.chain = directory / "rsa.key", directory / "rsa.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout",
                        self.key, "-out", self.chain, "-subj", f"/CN={name}", "-addext",
                        f"subjectAltName=DNS:{name}"], check=True, capture_output=True)
        text = subprocess.run(["openssl", "pkey", "-in", self.key, "-noout", "-text"],
                              check=True, capture_output=True, text=True).stdout
        self.modulus, self.exponent = (
            int(re.sub(r"[\s:]", "", re.search(field + r":\n((?: +[0-9a-f:]+\n)+)", text)[1]), 16)
            for field in ("modulus", "privateExponent"))

    @property
    def der(self):
        return ssl.PEM_cert_to_DER_cert(self.chain.read_text())

    def decrypt(self, block):
        """The block as it was before encryption, padding and all."""
        size = (self.modulus.bit_length() + 7) // 8
        return pow(int.from_bytes(block, "big"), self.exponent, self.modulus).to_bytes(size, "big")


class Records:
    """Records on a scripted server's connection."""

    def __init__(self, conversation, early=b""):
        self.conversation = conversation
        self._unread = early

    def peek(self, size):
        while len(self._unread) < size:
            self._unread += self.conversation.receive_raw()
        return self._unread[:size]

    def take(self, size):
        data = self.peek(size)
        self._unread = self._unread[size:]
        return data

    def read(self):
        """The next record: (type, body)."""
        kind, _, length = struct.unpack("!BHH", self.take(5))
        return kind, self.take(length)

    def write(self, kind, version, body):
        self.conversation.write_raw(struct.pack("!BHH", kind, version, len(body)) + body)

    def alert(self, version, description, level=2):
        self.write(ALERT, version, bytes([level, description]))

    def close(self):
        from servers.scripted import close
        close(self.conversation)

    def hang(self):
        from servers.scripted import hang
        hang(self.conversation)


class Hello:
    """What a ClientHello offers."""

    def __init__(self, message):
        self.version, = struct.unpack_from("!H", message, 4)
        self.session_id, at = _vector(message, 38, 1)
        suites, at = _vector(message, at, 2)
        self.suites = [code for code, in struct.iter_unpack("!H", suites)]
        self.compressions, at = _vector(message, at, 1)
        self.extensions = {}
        if at < len(message):
            block, _ = _vector(message, at, 2)
            at = 0
            while at < len(block):
                kind, = struct.unpack_from("!H", block, at)
                self.extensions[kind], at = _vector(block, at + 2, 2)


def _vector(data, at, width):
    size = int.from_bytes(data[at:at + width], "big")
    return data[at + width:at + width + size], at + width + size


def _message(kind, body):
    return bytes([kind]) + len(body).to_bytes(3, "big") + body


def leave(_fake, connection):
    """Waits for the client to go away."""
    connection.hang()


def obey(fake, connection, heartbeats="dropped", changes="refused", until="alert"):
    """Takes records until one is out of place.

    heartbeats  "dropped", or "leaked": what was not sent is answered all the same
    changes     "refused" with an alert, or "obeyed": the next record does not decrypt
    until       what ends it: "alert", "close" or "silence"
    """
    alert = UNEXPECTED_MESSAGE
    while True:
        kind, body = connection.read()
        if kind == HEARTBEAT and heartbeats == "leaked":
            claimed, = struct.unpack_from("!H", body, 1)
            memory = body[3:] + b"SECRET" * 10000
            connection.write(HEARTBEAT, fake.version,
                             b"\2" + body[1:3] + memory[:claimed] + bytes(16))
        elif kind == CHANGE_CIPHER_SPEC and changes == "obeyed" and alert == UNEXPECTED_MESSAGE:
            alert = BAD_RECORD_MAC
        elif kind != HEARTBEAT:
            break
    if until == "silence":
        connection.hang()
    if until == "alert":
        connection.alert(fake.version, alert)
    connection.close()


def take_secret(fake, connection, answers=None, short_answers=None):
    """Takes a key exchange and tells what is wrong with its padding.

    answers        maps "start", "zero", "no zero" and "version" to the alert for that fault, or to
                   "close", "reset" or "silence", or to several of these; what is not in it is
                   bad_record_mac, after Finished
    short_answers  the same, right after the key exchange; what is not in it is waited for
    """
    from servers.scripted import reset
    _, body = connection.read()
    fault = _padding_fault(fake.identity.decrypt(body[6:]))

    def give(answer):
        for part in answer if isinstance(answer, tuple) else (answer,):
            if part == "silence":
                connection.hang()
            elif part == "reset":
                reset(connection.conversation)
            elif part != "close":
                connection.alert(fake.version, part)
        connection.close()

    if fault in (short_answers or {}):
        give(short_answers[fault])
    connection.read()
    connection.read()
    give((answers or {}).get(fault, BAD_RECORD_MAC))


def _padding_fault(block):
    if block[:2] != b"\0\2":
        return "start"
    if block.find(b"\0", 2) != len(block) - 49:
        return "zero" if 0 in block[2:] else "no zero"
    return None if block[-48:-46] == b"\3\3" else "version"


class FakeTls:
    """Use it as a step of a scripted server. What it can be told:

    suites      in the server's order; the first that the client offers is chosen
    versions    (oldest, newest)
    extensions  numbers that are answered when offered
    compression the method chosen when offered
    signal      whether TLS_FALLBACK_SCSV is heeded
    prime       of finite-field Diffie-Hellman, sent with the DHE suite of this module; or the
                primes of several suites: {suite: prime}
    ssl2        cipher kinds of an SSL 2.0 answer (three bytes each); None: an alert
    session_id  a function from the hello to the session id of the answer
    silent_for  a function of the hello: whether it is left without an answer
    after       what happens after the flight
    """

    def __init__(self, identity=None, suites=(MODERN, STATIC_RSA), versions=(TLS10, TLS12),
                 extensions=(RENEGOTIATION_INFO, EXTENDED_MASTER_SECRET), compression=0,
                 signal=True, prime=None, ssl2=None, session_id=lambda hello: b"",
                 silent_for=lambda hello: False, after=leave):
        self.identity = identity
        self.suites = suites
        self.oldest, self.newest = versions
        self.extensions = extensions
        self.compression = compression
        self.signal = signal
        self.primes = prime if isinstance(prime, dict) else {DHE: prime}
        self.ssl2 = ssl2
        self.session_id = session_id
        self.silent_for = silent_for
        self.after = after

    def __call__(self, conversation, early=b""):
        """`early` is what was read of the client already."""
        # Connections run side by side, and what their hellos ask for differs.
        copy.copy(self)._serve(Records(conversation, early))

    def _serve(self, connection):
        if connection.peek(1)[0] & 0x80:
            self._answer_ssl2(connection)
            return
        _, message = connection.read()
        hello = Hello(message)
        if self.silent_for(hello):
            connection.hang()
        self.version = min(hello.version, self.newest)
        alert = self._objection(hello)
        if alert is not None:
            connection.alert(max(self.version, SSL3), alert)
            connection.close()
        connection.write(HANDSHAKE, self.version, self._flight(hello))
        self.after(self, connection)

    def _objection(self, hello):
        self.suite = next((code for code in self.suites if code in hello.suites), None)
        if hello.version < self.oldest:
            return PROTOCOL_VERSION
        if self.signal and FALLBACK_SIGNAL in hello.suites and hello.version < self.newest:
            return INAPPROPRIATE_FALLBACK
        return HANDSHAKE_FAILURE if self.suite is None else None

    def _flight(self, hello):
        content = {RENEGOTIATION_INFO: b"\0", HEARTBEAT_EXTENSION: b"\1"}
        extensions = b"".join(
            struct.pack("!HH", kind, len(content.get(kind, b""))) + content.get(kind, b"")
            for kind in self.extensions if kind in hello.extensions)
        session_id = self.session_id(hello)
        compression = self.compression if self.compression in hello.compressions else 0
        body = (struct.pack("!H", self.version) + bytes(range(32)) + bytes([len(session_id)]) +
                session_id + struct.pack("!HB", self.suite, compression) +
                (struct.pack("!H", len(extensions)) + extensions if extensions else b""))
        leaf = self.identity.der if self.identity else b"\x30\0"
        chain = len(leaf).to_bytes(3, "big") + leaf
        return (_message(SERVER_HELLO, body) +
                _message(CERTIFICATE, len(chain).to_bytes(3, "big") + chain) +
                self._parameters(self.primes.get(self.suite)) +
                _message(SERVER_HELLO_DONE, b""))

    @staticmethod
    def _parameters(prime):
        """dh_p, dh_g, dh_Ys and a signature that nobody looks at (RFC 5246 section 7.4.3)."""
        if prime is None:
            return b""
        size = (prime.bit_length() + 7) // 8
        numbers = (prime.to_bytes(size, "big"), b"\2", b"\4")
        return _message(SERVER_KEY_EXCHANGE, b"".join(
            struct.pack("!H", len(number)) + number for number in (*numbers, b"\0"))[:-3] +
            b"\4\1\0\1\0")

    def _answer_ssl2(self, connection):
        if self.ssl2 is None:
            connection.alert(TLS10, PROTOCOL_VERSION)
            connection.close()
        length = struct.unpack("!H", connection.take(2))[0] & 0x7fff
        assert connection.take(length)[0] == SSL2_CLIENT_HELLO
        leaf = self.identity.der if self.identity else b"\x30\0"
        body = (struct.pack("!BBBHHHH", SSL2_SERVER_HELLO, 0, 1, 2, len(leaf), len(self.ssl2), 16) +
                leaf + self.ssl2 + bytes(16))
        connection.conversation.write_raw(struct.pack("!H", 0x8000 | len(body)) + body)
        connection.hang()
