# SPDX-License-Identifier: GPL-3.0-or-later
"""A Knot DNS of our own on loopback, that serves and signs zones of the tests."""

import contextlib
import shutil
import subprocess
import time

from .packaged import START_SECONDS, free_ports, running

CONF = """\
server:
  rundir: "{directory}"
  listen: 127.0.0.1@{port}
  tcp-max-clients: 100
database:
  storage: "{directory}"
log:
- target: stdout
  any: warning
policy:
- id: tests
  single-type-signing: on
  algorithm: ecdsap256sha256
{zones}
"""

ZONE = """\
- domain: {name}
  storage: "{directory}"
  file: "{name}.zone"
  zonefile-sync: -1
  journal-content: none
  dnssec-signing: {signed}
  dnssec-policy: tests
"""

HEAD = """\
$TTL 300
@ SOA ns hostmaster 1 3600 900 604800 60
@ NS ns
ns A 127.0.0.1
"""

# A digest that no key has.
FOREIGN_DS = "12345 13 2 " + "ab" * 32


def is_available():
    return shutil.which("knotd") is not None and shutil.which("keymgr") is not None


class Knot:
    """`resolver` is how libunbound takes its address; `anchor` a file with the DS of the first zone."""

    def __init__(self, directory, port):
        self.directory, self.port = directory, port
        self.resolver = f"127.0.0.1@{port}"
        self.anchor = directory / "anchor"


def _trust(knot, zone):
    """Writes the anchor as soon as the zone's key is there."""
    command = ["keymgr", "-c", knot.directory / "knot.conf", f"{zone}.", "ds"]
    deadline = time.monotonic() + START_SECONDS
    while True:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        lines = [line for line in done.stdout.splitlines() if " DS " in line and " 2 " in line]
        if lines:
            knot.anchor.write_text("\n".join(lines) + "\n")
            return
        if time.monotonic() > deadline:
            raise RuntimeError(f"no key of {zone}: {done.stdout}{done.stderr}")
        time.sleep(0.05)


@contextlib.contextmanager
def knot(directory, zones):
    """`zones`: name -> (records behind those that every zone has, whether it is signed)."""
    directory.mkdir(parents=True)
    served = Knot(directory, *free_ports(1))
    for name, (records, _) in zones.items():
        (directory / f"{name}.zone").write_text(HEAD + records)
    blocks = "".join(ZONE.format(name=name, directory=directory, signed="on" if signed else "off")
                     for name, (_, signed) in zones.items())
    (directory / "knot.conf").write_text(
        CONF.format(directory=directory, port=served.port, zones="zone:\n" + blocks))
    command = ["knotd", "-c", directory / "knot.conf"]
    with running(command, directory, [served.port]):
        _trust(served, next(iter(zones)))
        yield served
