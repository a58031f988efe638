# SPDX-License-Identifier: GPL-3.0-or-later
"""A way to a server on which what ends a connection, or everything, gets lost."""

import contextlib
import socket
import threading

ALERT = b"\x15"


class OddRelay:
    """Forwards a free port of 127.0.0.1 to another one, and never closes a connection to a client.

    With `swallows_alerts` an alert of the server ends what comes from it; with `is_silent` nothing
    comes from it at all. Use it as a context manager.
    """

    def __init__(self, target, swallows_alerts=False, is_silent=False):
        self.target = target
        self.swallows_alerts = swallows_alerts
        self.is_silent = is_silent
        self._kept = []

    def _carry(self, source, sink, is_answer):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if is_answer and self.swallows_alerts and data[:1] == ALERT:
                    return
                sink.sendall(data)

    def _serve(self):
        with contextlib.suppress(OSError):  # the listener is closed
            while True:
                client, _ = self._listener.accept()
                self._kept.append(client)
                if self.is_silent:
                    continue
                server = socket.create_connection(("127.0.0.1", self.target))
                self._kept.append(server)
                for ends in ((client, server, False), (server, client, True)):
                    threading.Thread(target=self._carry, args=ends, daemon=True).start()

    def __enter__(self):
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._listener.close()
        for kept in self._kept:
            kept.close()
