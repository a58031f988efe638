# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian's Exim (its TLS is GnuTLS) on loopback, beside an installed Postfix.

The packages of Exim and Postfix exclude each other, so Exim is unpacked into a directory, not
installed. It looks up the user Debian-exim while it starts, whom only its installation would make;
nss_wrapper shows it a list of users that has one. It looks up no names in DNS.
"""

import contextlib
import os
import pathlib
import shutil

from .packaged import free_ports, running
from .unpacked import unpacked as packages_unpacked

PACKAGES = ("exim4-daemon-light", "libidn12", "libnss-wrapper")
NOBODY = 65534

EXIM_CONF = """\
primary_hostname = mail.example.test
spool_directory = {directory}/spool
log_file_path = {directory}/spool/%slog
pid_file_path = {directory}/spool/exim.pid
keep_environment =
daemon_smtp_ports = {port}
local_interfaces = 127.0.0.1
host_lookup =
helo_lookup_domains =
rfc1413_query_timeout = 0s
smtp_accept_max = 100
smtp_connect_backlog = 100
tls_advertise_hosts = *
tls_certificate = {directory}/chain.pem
tls_privatekey = {directory}/key.pem
tls_require_ciphers = {priority}
acl_smtp_rcpt = {recipients}
{more}
"""


def unpacked(cache):
    """The directory with Exim's files, downloaded once; None where that cannot be done."""
    return packages_unpacked(cache, PACKAGES)


def _environment(root, directory):
    for name, entry in (("passwd", f"Debian-exim:x:{NOBODY}:{NOBODY}::/nonexistent:/bin/false\n"),
                        ("group", f"Debian-exim:x:{NOBODY}:\n")):
        (directory / name).write_text(pathlib.Path("/etc", name).read_text() + entry)
    wrapper = next(root.glob("usr/lib/*/libnss_wrapper.so"))
    return {"PATH": os.environ["PATH"], "LD_LIBRARY_PATH": str(wrapper.parent),
            "LD_PRELOAD": str(wrapper), "NSS_WRAPPER_PASSWD": str(directory / "passwd"),
            "NSS_WRAPPER_GROUP": str(directory / "group")}


@contextlib.contextmanager
def exim(root, directory, identity, priority, more="", recipients="deny"):
    """Exim from `root` with that GnuTLS priority string, and more lines; `recipients` is its rule for RCPT.
    Gives the port."""
    (directory / "spool").mkdir(parents=True)
    os.chown(directory / "spool", NOBODY, NOBODY)
    shutil.copyfile(identity.chain, directory / "chain.pem")
    shutil.copyfile(identity.key, directory / "key.pem")
    port, = free_ports(1)
    configuration = directory / "exim.conf"
    configuration.write_text(EXIM_CONF.format(directory=directory, port=port, priority=priority,
                                              more=more, recipients=recipients))
    configuration.chmod(0o644)
    command = [root / "usr/sbin/exim4", "-C", configuration, "-bdf"]
    with running(command, directory, [port], _environment(root, directory)):
        yield port
