# SPDX-License-Identifier: GPL-3.0-or-later
"""An HAProxy of our own on loopback, in front of a server of the test's."""

import contextlib
import shutil

from .packaged import free_ports, running

HAPROXY_CFG = """\
global
    log stdout format raw local0
defaults
    mode tcp
    timeout connect 5s
    timeout client 30s
    timeout server 30s
"""

LISTENER = """\
listen {name}
    bind 127.0.0.1:{port} {bind}
{options}
    server backend 127.0.0.1:{backend} {server}
"""


def is_available():
    return shutil.which("haproxy") is not None


class Listener:
    """In front of the port `backend`: words for its `bind` and `server` lines, and lines."""

    def __init__(self, backend, bind="", server="", options=()):
        self.backend, self.bind, self.server, self.options = backend, bind, server, options


def terminating(directory, identity):
    """Words for `bind`: TLS ends here."""
    directory.mkdir(parents=True, exist_ok=True)
    pem = directory / "identity.pem"
    pem.write_text(identity.chain.read_text() + identity.key.read_text())
    return f"ssl crt {pem}"


@contextlib.contextmanager
def haproxy(directory, listeners):
    """`listeners`: name -> Listener. Gives name -> port."""
    directory.mkdir(parents=True, exist_ok=True)
    ports = dict(zip(listeners, free_ports(len(listeners))))
    configuration = directory / "haproxy.cfg"
    configuration.write_text(HAPROXY_CFG + "".join(
        LISTENER.format(name=name, port=ports[name], bind=each.bind, backend=each.backend,
                        server=each.server,
                        options="\n".join(f"    {line}" for line in each.options))
        for name, each in listeners.items()))
    with running(["haproxy", "-db", "-f", configuration], directory, ports.values()):
        yield ports
