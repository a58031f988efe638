# SPDX-License-Identifier: GPL-3.0-or-later
"""A server with the TLS of BearSSL, which comes as a library alone: tests/peers/bearssl.c, compiled
where the library is."""

import contextlib
import os
import pathlib
import shutil
import ssl
import subprocess

from .packaged import free_ports, running

SOURCE = pathlib.Path(__file__).parents[1] / "peers" / "bearssl.c"
PEM_END = "-----END CERTIFICATE-----"


def built(program):
    """The program, compiled once; None where that cannot be done."""
    program = pathlib.Path(program)
    if program.exists() and program.stat().st_mtime > SOURCE.stat().st_mtime:
        return program
    if not pathlib.Path("/usr/include/bearssl.h").exists():
        return None
    program.parent.mkdir(parents=True, exist_ok=True)
    part = program.with_suffix(f".{os.getpid()}")
    command = [shutil.which("cc"), "-std=c11", "-D_DEFAULT_SOURCE", "-O1", "-o", part, SOURCE,
               "-lbearssl"]
    subprocess.run(command, check=True)
    part.rename(program)
    return program


@contextlib.contextmanager
def bearssl(program, directory, identity):
    """Gives the port; TLS from the first byte, and SMTP inside."""
    directory.mkdir(parents=True)
    key = directory / "key.der"
    subprocess.run(["openssl", "pkey", "-in", identity.key, "-outform", "DER", "-out", key],
                   check=True, capture_output=True)
    files = []
    for number, block in enumerate(identity.chain.read_text().split(PEM_END)[:-1]):
        files.append(directory / f"{number}.der")
        files[-1].write_bytes(ssl.PEM_cert_to_DER_cert(block.strip() + "\n" + PEM_END))
    port, = free_ports(1)
    with running([program, str(port), key, *files], directory, [port]):
        yield port
