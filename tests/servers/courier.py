# SPDX-License-Identifier: GPL-3.0-or-later
"""Courier IMAP and POP3 on loopback, as packaged. Its packages exclude Dovecot's, and its paths are
compiled in: it is unpacked, and runs where /usr, /etc and /run look as it wants them."""

import contextlib
import os
import pathlib
import subprocess

from .packaged import free_ports, running
from .unpacked import unpacked

PACKAGES = ("courier-imap", "courier-pop", "courier-base", "courier-authlib", "courier-authdaemon",
            "courier-authlib-userdb", "libcourier-unicode4", "libltdl7", "libgamin0", "libidn12")
PROGRAMS = "/usr/lib/courier/courier"
IMAP = f"{PROGRAMS}/imaplogin /usr/bin/imapd Maildir"
POP3 = f"{PROGRAMS}/courierpop3login {PROGRAMS}/courierpop3d Maildir"
WRAPPED = "/usr/bin/couriertls -server -tcpd -user=courier "
LISTENERS = {"imap": IMAP, "imaps": "/usr/bin/env IMAP_TLS=1 IMAP_TLS_REQUIRED=0 " + WRAPPED + IMAP,
             "pop3": POP3, "pop3s": "/usr/bin/env POP3_TLS=1 POP3_TLS_REQUIRED=0 " + WRAPPED + POP3}

SCRIPT = """\
set -e
mount -t tmpfs tmpfs {directory}/layers
mkdir {directory}/layers/upper {directory}/layers/work
mount -t overlay overlay -o lowerdir={root}/usr:/usr /usr
mount -t overlay overlay \\
  -o lowerdir={root}/etc:/etc,upperdir={directory}/layers/upper,workdir={directory}/layers/work /etc
mount -t tmpfs tmpfs /run
mkdir -p /run/courier/authdaemon
chmod 755 /run/courier /run/courier/authdaemon
echo 'courier:x:65534:65534::/nonexistent:/bin/false' >>/etc/passwd
echo 'courier:x:65534:' >>/etc/group
printf '%s\\tuid=65534|gid=65534|home={directory}/home|shell=/bin/false|systempw=%s\\n' \\
  {username} '{crypted}' >/etc/courier/userdb
chmod 600 /etc/courier/userdb
makeuserdb
printf 'authmodulelist=authuserdb\ndaemons=2\nauthdaemonvar=/run/courier/authdaemon\n' \
  >/etc/courier/authdaemonrc
/usr/lib/courier/courier-authlib/authdaemond &
export TLS_CERTFILE={directory}/server.pem TLS_VERIFYPEER=NONE COURIERTLS=/usr/bin/couriertls
export TLS_PRIORITY=NORMAL:-VERS-TLS1.0:-VERS-TLS1.1
export IMAP_CAPABILITY='IMAP4rev1 UIDPLUS' IMAP_CAPABILITY_TLS='IMAP4rev1 UIDPLUS AUTH=PLAIN'
export IMAP_STARTTLS=YES IMAP_TLS_REQUIRED={required} IMAP_KEYWORDS=1
export POP3_STARTTLS=YES POP3_TLS_REQUIRED={required} POP3AUTH='' POP3AUTH_TLS='PLAIN LOGIN'
{services}
wait
"""


def _can_mount():
    """Whether there may be file systems of one's own, laid over others; containers forbid it."""
    attempt = ["unshare", "-m", "mount", "-t", "overlay", "overlay", "-o", "lowerdir=/etc:/usr",
               "/usr"]
    return os.geteuid() == 0 and subprocess.run(attempt, capture_output=True).returncode == 0


def root_of(cache):
    """The directory with Courier's files; None where it cannot be had, or not be run."""
    return unpacked(cache, PACKAGES) if _can_mount() else None


def _service(port, program):
    return (f"couriertcpd -address=127.0.0.1 -maxprocs=40 -maxperip=40 "
            f"-nodnslookup -noidentlookup {port} {program} &")


@contextlib.contextmanager
def courier(root, directory, identity, username, password, required=True):
    """One user. `required`: nobody logs in before TLS. Gives name -> port, by LISTENERS."""
    for name in ("layers", "home/Maildir/new", "home/Maildir/cur", "home/Maildir/tmp"):
        (directory / name).mkdir(parents=True)
    for path in (directory / "home").rglob("*"):
        os.chown(path, 65534, 65534)
    os.chown(directory / "home", 65534, 65534)
    (directory / "server.pem").write_text(
        pathlib.Path(identity.key).read_text() + pathlib.Path(identity.chain).read_text())
    os.chown(directory / "server.pem", 65534, 65534)
    crypted = subprocess.run(["openssl", "passwd", "-1", password], check=True,
                             capture_output=True, text=True).stdout.strip()
    ports = dict(zip(LISTENERS, free_ports(len(LISTENERS))))
    script = directory / "run"
    script.write_text(SCRIPT.format(
        root=pathlib.Path(root).resolve(), directory=directory, username=username,
        crypted=crypted, required=int(required),
        services="\n".join(_service(ports[name], program)
                           for name, program in LISTENERS.items())))
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LD_LIBRARY_PATH": "/usr/lib"}
    with running(["unshare", "-m", "sh", script], directory, ports.values(), environment):
        yield ports
