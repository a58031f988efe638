# SPDX-License-Identifier: GPL-3.0-or-later
"""A lighttpd of our own on loopback, for the TLS libraries that it can be given: "mbedtls", "nss"
and "wolfssl". It speaks TLS from the first byte, and HTTP inside."""

import contextlib
import pathlib
import shutil

from .packaged import free_ports, running

LIGHTTPD_CONF = """\
server.document-root = "{directory}"
server.bind = "127.0.0.1"
server.port = {port}
server.errorlog = "{directory}/error.log"
server.modules = ( "mod_{library}" )
ssl.engine = "enable"
ssl.pemfile = "{chain}"
ssl.privkey = "{key}"
ssl.openssl.ssl-conf-cmd = ( "MinProtocol" => "TLSv1.2" )
{options}
"""


def is_available(library):
    return (shutil.which("lighttpd") is not None
            and pathlib.Path(f"/usr/lib/lighttpd/mod_{library}.so").exists())


@contextlib.contextmanager
def lighttpd(directory, library, identity, options=""):
    """`options` are more lines of its configuration. Gives the port."""
    directory.mkdir(parents=True)
    port, = free_ports(1)
    configuration = directory / "lighttpd.conf"
    configuration.write_text(LIGHTTPD_CONF.format(
        directory=directory, port=port, library=library, chain=identity.chain, key=identity.key,
        options=options))
    with running(["lighttpd", "-D", "-f", configuration], directory, [port]):
        yield port
