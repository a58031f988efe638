# SPDX-License-Identifier: GPL-3.0-or-later
"""A TLS server of OpenSSL's own, for what Python's cannot send: OCSP responses, timestamps."""

import contextlib
import socket
import subprocess
import time

from .packaged import free_ports


@contextlib.contextmanager
def openssl_server(identity, *options, address="127.0.0.1", port=None):
    """Serves TLS from the first byte, and nothing inside; gives the port."""
    port = port or free_ports(1)[0]
    process = subprocess.Popen(
        ["openssl", "s_server", "-quiet", "-accept", f"{address}:{port}", "-key", identity.key,
         "-cert", identity.chain, "-cert_chain", identity.chain, *map(str, options)],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        _wait_for(address, port, process)
        yield port
    finally:
        process.kill()
        process.communicate()


def _wait_for(address, port, process):
    """Waits for the listener without connecting: it serves one client at a time."""
    wanted = socket.inet_aton(address)[::-1].hex().upper() + f":{port:04X} "
    for _ in range(200):
        if process.poll() is not None:
            raise RuntimeError(process.stderr.read().decode())
        with open("/proc/net/tcp", encoding="ascii") as table:
            if any(wanted in line.split("00000000:0000")[0] and " 0A " in line for line in table):
                return
        time.sleep(0.02)
    raise RuntimeError("openssl s_server does not come up")
