# SPDX-License-Identifier: GPL-3.0-or-later
"""The TLS server of Botan's command, on loopback: it echoes what it is sent."""

import contextlib
import shutil

from .packaged import free_ports, running


def is_available():
    return shutil.which("botan") is not None


@contextlib.contextmanager
def botan(directory, identity, policy="default"):
    """`policy` is the name of one of Botan's, or a file. Gives the port."""
    directory.mkdir(parents=True)
    port, = free_ports(1)
    command = ["botan", "tls_server", identity.chain, identity.key, f"--port={port}",
               f"--policy={policy}"]
    with running(command, directory, [port]):
        yield port
