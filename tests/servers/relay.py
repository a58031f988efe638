# SPDX-License-Identifier: GPL-3.0-or-later
"""STARTTLS in front of a server that knows TLS from the first byte only, as proxies do it:

    ScriptedServer(None, {"STARTTLS": [send("220 go"), relay(port)]})
"""

import contextlib
import select
import socket

from .scripted import Ended


def relay(port):
    """The step that hands the connection on to 127.0.0.1:`port`, whatever is said from here on."""
    def step(conversation):
        client = conversation.connection
        with socket.create_connection(("127.0.0.1", port)) as server:
            others = {client: server, server: client}
            with contextlib.suppress(OSError):
                while True:
                    for readable in select.select(list(others), [], [])[0]:
                        data = readable.recv(65536)
                        if not data:
                            raise Ended
                        others[readable].sendall(data)
        raise Ended
    return step
