# SPDX-License-Identifier: GPL-3.0-or-later
"""vsftpd and ProFTPD on loopback, as packaged: control connections alone. ProFTPD's package excludes
vsftpd's, so it is unpacked."""

import contextlib
import os
import pathlib
import shutil
import subprocess

from .packaged import free_ports, running
from .unpacked import libraries, unpacked

PROFTPD_PACKAGES = ("proftpd-core", "proftpd-mod-crypto", "libhiredis0.14", "libmemcached11",
                    "libmemcachedutil2", "libpcre2-posix3", "libhashkit2")

VSFTPD_CONF = """\
listen=YES
background=NO
listen_address=127.0.0.1
listen_port={port}
secure_chroot_dir={directory}/empty
nopriv_user=nobody
anonymous_enable=NO
local_enable=YES
seccomp_sandbox=NO
ssl_enable=YES
implicit_ssl={implicit}
rsa_cert_file={directory}/chain.pem
rsa_private_key_file={directory}/key.pem
"""

PROFTPD_CONF = """\
ModulePath {root}/usr/lib/proftpd
LoadModule mod_tls.c
ServerName "test"
ServerType standalone
DefaultAddress 127.0.0.1
Port {port}
UseIPv6 off
UseReverseDNS off
User nobody
Group nogroup
AuthUserFile {directory}/users
RequireValidShell off
PidFile {directory}/proftpd.pid
ScoreboardFile {directory}/scoreboard
DelayEngine off
SystemLog {directory}/system.log
WtmpLog off
TLSEngine on
TLSRequired on
TLSRSACertificateFile {directory}/leaf.pem
TLSRSACertificateKeyFile {directory}/key.pem
TLSCertificateChainFile {directory}/chain.pem
TLSLog {directory}/tls.log
{options}
"""


def has_vsftpd():
    return os.geteuid() == 0 and shutil.which("vsftpd") is not None


def proftpd_root(cache):
    """The directory with ProFTPD's files; None where it cannot be had."""
    return unpacked(cache, PROFTPD_PACKAGES)


def _prepare(directory, identity):
    """Files of the identity that only root reads; an RSA one, since both name the settings so."""
    directory.mkdir(parents=True)
    (directory / "empty").mkdir()
    for name in ("chain", "key"):
        shutil.copyfile(getattr(identity, name), directory / f"{name}.pem")
        (directory / f"{name}.pem").chmod(0o600)
    text = (directory / "chain.pem").read_text()
    leaf = text[:text.index("-----END CERTIFICATE-----")] + "-----END CERTIFICATE-----\n"
    (directory / "leaf.pem").write_text(leaf)
    (directory / "users").touch(0o600)


@contextlib.contextmanager
def vsftpd(directory, identity, implicit=False):
    """Gives the port."""
    _prepare(directory, identity)
    port, = free_ports(1)
    configuration = directory / "vsftpd.conf"
    configuration.write_text(VSFTPD_CONF.format(
        directory=directory, port=port, implicit="YES" if implicit else "NO"))
    with running(["vsftpd", configuration], directory, [port]):
        yield port


@contextlib.contextmanager
def proftpd(root, directory, identity, options="", account=None):
    """From the files below `root`, with that account (name and password) if any. Gives the port."""
    _prepare(directory, identity)
    if account is not None:
        password = subprocess.run(["openssl", "passwd", "-6", "-stdin"], input=account[1],
                                  text=True, check=True, capture_output=True).stdout.strip()
        (directory / "users").write_text(
            f"{account[0]}:{password}:65534:65534::{directory}/empty:/bin/false\n")
    port, = free_ports(1)
    configuration = directory / "proftpd.conf"
    configuration.write_text(PROFTPD_CONF.format(root=root, directory=directory, port=port,
                                                 options=options))
    environment = {"PATH": os.environ["PATH"], "LD_LIBRARY_PATH": libraries(root)}
    command = [pathlib.Path(root) / "usr/sbin/proftpd", "-n", "-c", configuration]
    with running(command, directory, [port], environment):
        yield port
