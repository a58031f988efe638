# SPDX-License-Identifier: GPL-3.0-or-later
"""gnutls-serv on a free port of 127.0.0.1, with TLS from the first byte: GnuTLS can still be told
to speak what OpenSSL no longer has."""

import shutil
import socket
import subprocess
import time

from .packaged import free_ports

START_SECONDS = 10


def is_available():
    return shutil.which("gnutls-serv") is not None


class GnutlsServer:
    """Speaks as the priority string says. Use it as a context manager."""

    def __init__(self, identity, priority):
        self.port, = free_ports(1)
        self.command = ["gnutls-serv", "--quiet", "--echo", "--noticket", "--port", str(self.port),
                        "--x509keyfile", identity.key, "--x509certfile", identity.chain,
                        "--priority", priority]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            except OSError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    self.process.kill()
                    raise RuntimeError("gnutls-serv did not come up") from None
                time.sleep(0.05)

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
