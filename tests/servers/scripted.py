# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail servers that do exactly what a test tells them, however wrong.

A `ScriptedServer` is a well-behaved submission server with some of its stages replaced. A stage is
what the server does at one point of the dialogue, as a list of steps:

    ScriptedServer(context, {"STARTTLS": [send("454 TLS not available")]})

Stages are "banner" and the verbs of SMTP; those inside TLS have "tls " in front ("tls EHLO"). The
steps are the functions below, `send` to `handshake`. Every byte that the client sent is kept, what
came inside TLS apart from the rest, so that a test can show what was never said.
"""

import base64
import contextlib
import socket
import ssl
import struct
import threading

HOST = "mail.example.test"
USERNAME = "gate"
PASSWORD = "correct horse"
PATIENCE = 60  # seconds after which a server gives up on a client that says nothing


class Ended(Exception):
    """The conversation is over: a step ended it, or the client has left."""


class Conversation:
    """The server's end of one connection, in the clear first and inside TLS later."""

    def __init__(self, server, connection):
        self.server = server
        self.connection = connection
        self.received = bytearray()
        self.received_inside = bytearray()
        self.handshake_done = False
        self._unread = bytearray()
        self._tls = None
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        connection.settimeout(PATIENCE)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def write_raw(self, data):
        """Sends bytes past any TLS, in packets of the server's `packet` bytes."""
        size = self.server.packet or len(data) or 1
        for start in range(0, len(data), size):
            self.connection.sendall(data[start:start + size])

    def write(self, data):
        if self._tls is None:
            self.write_raw(data)
            return
        self._tls.write(data)
        self._flush()

    def _flush(self):
        self.write_raw(self._outgoing.read())

    def _receive(self):
        data = self.connection.recv(65536)
        if not data:
            raise Ended
        return data

    def receive_raw(self):
        """Waits for the next bytes, whatever they are, and records them."""
        data = self._receive()
        self.received += data
        return data

    def _fill(self):
        if self._tls is None:
            self._unread += self.receive_raw()
            return
        while True:
            try:
                data = self._tls.read(65536)
            except ssl.SSLWantReadError:
                self._flush()
                self._incoming.write(self._receive())
                continue
            if not data:
                raise Ended
            self.received_inside += data
            self._unread += data
            return

    def read_line(self):
        while b"\n" not in self._unread:
            self._fill()
        line, _, rest = bytes(self._unread).partition(b"\n")
        self._unread[:] = rest
        return line.rstrip(b"\r").decode("latin-1")

    def start_tls(self, context, early=b""):
        """`early` was read of the client's hello already."""
        self._unread.clear()
        self._incoming.write(early)
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        while True:
            try:
                self._tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                self._flush()
                self._incoming.write(self._receive())
            except ssl.SSLError:
                self._flush()  # the alert
                raise
        self._flush()
        self.handshake_done = True

    def run(self, steps):
        for step in steps:
            step(self)

    def serve(self):
        self.run(self.server.implicit)
        self.run(self.server.stages["banner"])
        while True:
            self.line = self.read_line()
            stage = ("tls " if self._tls else "") + self.server.speech.verb(self)
            self.run(self.server.stages.get(stage, self.server.speech.unknown))


# The steps. Each of these returns one.

def send(*lines):
    """Sends the lines as one write, each with CRLF. Text or bytes."""
    text = b"".join((line if isinstance(line, bytes) else line.encode()) + b"\r\n"
                    for line in lines)
    return raw(text)


def raw(data):
    """Sends exactly these bytes (inside TLS once there is TLS)."""
    return lambda conversation: conversation.write(data)


def past_tls(data):
    """Sends exactly these bytes outside of TLS."""
    return lambda conversation: conversation.write_raw(data)


def drip(data, every):
    """Sends the bytes one at a time, `every` seconds apart."""
    def step(conversation):
        for byte in data:
            conversation.write(bytes([byte]))
            sleep(every)(conversation)
    return step


def endless(line):
    """Sends the line over and over until the client has had enough."""
    data = (line + "\r\n").encode() * 100

    def step(conversation):
        while not conversation.server.stopping.is_set():
            conversation.write(data)
    return step


def sleep(seconds):
    def step(conversation):
        if conversation.server.stopping.wait(seconds):
            raise Ended
    return step


def wait_for_bytes(conversation):
    """Waits until the client has sent something that is not for reading as a line."""
    conversation.receive_raw()


def hang(conversation):
    """Says nothing any more, and waits for the client to leave."""
    while not conversation.server.stopping.is_set():
        conversation.receive_raw()


def close(conversation):
    """Closes in good order: the client has its bytes and then the end."""
    with contextlib.suppress(OSError):
        conversation.connection.shutdown(socket.SHUT_WR)
        conversation.connection.settimeout(1)
        while conversation.connection.recv(65536):
            pass
    raise Ended


def reset(conversation):
    """Breaks the connection off with a TCP reset."""
    conversation.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    conversation.connection.close()
    raise Ended


def handshake(context=None):
    """Starts TLS as the server, by default with the server's own context."""
    return lambda conversation: conversation.start_tls(context or conversation.server.context)


def authenticate(conversation):
    """Takes AUTH PLAIN and AUTH LOGIN, with an initial response or without."""
    words = conversation.line.split()

    def answer(challenge):
        conversation.write(f"334 {challenge}\r\n".encode())
        return base64.b64decode(conversation.read_line())

    if words[1].upper() == "PLAIN":
        response = base64.b64decode(words[2]) if len(words) > 2 else answer("")
        _, username, password = response.split(b"\0")
    else:
        username = base64.b64decode(words[2]) if len(words) > 2 else answer("VXNlcm5hbWU6")
        password = answer("UGFzc3dvcmQ6")
    if (username, password) == (USERNAME.encode(), PASSWORD.encode()):
        conversation.write(b"235 2.7.0 welcome\r\n")
    else:
        conversation.write(b"535 5.7.8 no\r\n")


GOOD_STAGES = {
    "banner": [send(f"220 {HOST} ESMTP")],
    "EHLO": [send(f"250-{HOST}", "250-PIPELINING", "250 STARTTLS")],
    "STARTTLS": [send("220 2.0.0 go ahead"), handshake()],
    "QUIT": [send("221 2.0.0 bye"), close],
    "NOOP": [send("250 2.0.0 yes")],
    "RSET": [send("250 2.0.0 yes")],
    "tls EHLO": [send(f"250-{HOST}", "250-PIPELINING", "250 AUTH PLAIN LOGIN")],
    "tls AUTH": [authenticate],
    "tls QUIT": [send("221 2.0.0 bye"), close],
    "tls NOOP": [send("250 2.0.0 yes")],
    "tls RSET": [send("250 2.0.0 yes")],
}


def speaking_lmtp(stages=None):
    """The same in LMTP: LHLO, and no EHLO (RFC 2033 section 4.1)."""
    refused = [send("500 5.5.1 this is LMTP")]
    return {"EHLO": refused, "tls EHLO": refused,
            "LHLO": GOOD_STAGES["EHLO"], "tls LHLO": GOOD_STAGES["tls EHLO"], **(stages or {})}


class Smtp:
    """What a scripted server speaks unless it is told otherwise."""

    good = GOOD_STAGES
    unknown = [send("502 5.5.1 not known here")]

    @staticmethod
    def verb(conversation):
        return (conversation.line.upper().split() or [""])[0]


class ScriptedServer:
    """A server on 127.0.0.1 and a free port, or at another `address`, each connection in a thread of its own.

    Use it as a context manager. `packet` cuts everything sent into packets of so many bytes;
    `implicit` starts with TLS: with the handshake of `context`, or with steps of the test's own.
    `speech` is the protocol (Smtp, or one of speeches.py).
    """

    def __init__(self, context, stages=None, implicit=False, packet=None, speech=Smtp,
                 address=("127.0.0.1", 0)):
        self.context = context
        self.speech = speech
        self.stages = {**speech.good, **(stages or {})}
        self.implicit = [handshake()] if implicit is True else implicit or []
        self.packet = packet
        self.stopping = threading.Event()
        self.conversations = []
        self._threads = []
        self._listener = socket.create_server(address, backlog=128)
        self.port = self._listener.getsockname()[1]

    @property
    def received(self):
        """All that clients sent, in the clear and inside TLS."""
        return b"\n".join(bytes(c.received) + b"\n" + bytes(c.received_inside)
                          for c in self.conversations)

    def _serve(self, conversation):
        with conversation.connection, contextlib.suppress(Ended, OSError, ValueError, IndexError):
            conversation.serve()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            conversation = Conversation(self, connection)
            self.conversations.append(conversation)
            thread = threading.Thread(target=self._serve, args=(conversation,), daemon=True)
            thread.start()
            self._threads.append(thread)

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def stop_listening(self):
        """From now on connects are refused; conversations that are under way go on."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def __exit__(self, *_):
        self.stopping.set()
        self.stop_listening()
        for conversation in self.conversations:
            with contextlib.suppress(OSError):
                conversation.connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)


@contextlib.contextmanager
def refusing_port():
    """A port of 127.0.0.1 that nobody listens on while this is open."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]


@contextlib.contextmanager
def unanswering_port():
    """A port of 127.0.0.1 whose connects get no answer: its queue is full."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            client = stack.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]
