# SPDX-License-Identifier: GPL-3.0-or-later
"""Web servers that do exactly what a test tells them, however wrong.

    with web(context, [respond(200, b"..."), goodbye]) as server: ... server.port ...

The steps are taken once a whole request is there, one after the other; behind the last the connection
is closed without a word of TLS. `context` None: there is no TLS, and the steps come at once.
"""

import contextlib
import socket
import ssl
import struct
import threading
import time

PATIENCE = 30  # seconds after which a server gives up on a client


class Web:
    """`requests` are the heads that were read, `names` what clients asked for with SNI."""

    def __init__(self, context, steps):
        self.context, self.steps = context, steps
        self.requests, self.names, self.connections = [], [], 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        if context is not None:
            context.sni_callback = lambda _socket, name, _context: self.names.append(name)

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.socket.accept()
                self.connections += 1
                threading.Thread(target=self._serve_one, args=(connection,), daemon=True).start()

    def _serve_one(self, connection):
        connection.settimeout(PATIENCE)
        with connection, contextlib.suppress(OSError, ValueError):
            if self.context is not None:
                connection = self.context.wrap_socket(connection, server_side=True)
                self.requests.append(_head(connection))
            for step in self.steps:
                step(connection)
            connection.close()

    def stop(self):
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


def _head(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            raise ConnectionError
        data += more
    return data.decode()


def raw(data):
    return lambda connection: connection.sendall(data)


def respond(status, body, *fields, kind="text/plain"):
    """A response with its length, whatever it is."""
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Type: {kind}",
             f"Content-Length: {len(body)}", *fields]
    return raw("\r\n".join([*lines, "", ""]).encode() + body)


def chunked(*chunks):
    """The last chunk is up to the test."""
    return raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n" +
               b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks))


def drip(data, pause):
    """A byte at a time."""
    def step(connection):
        for byte in data:
            connection.sendall(bytes([byte]))
            time.sleep(pause)
    return step


def silence(connection):
    """Until the client has left."""
    connection.recv(65536)


def goodbye(connection):
    """close_notify."""
    connection.settimeout(2)
    with contextlib.suppress(OSError):
        connection.unwrap().close()


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def tls_context(identity, **attributes):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(identity.chain, identity.key)
    for attribute, value in attributes.items():
        setattr(context, attribute, value)
    return context


@contextlib.contextmanager
def web(context, steps):
    server = Web(context, steps)
    threading.Thread(target=server.serve, daemon=True).start()
    try:
        yield server
    finally:
        server.stop()
