# SPDX-License-Identifier: GPL-3.0-or-later
"""Cyrus IMAP on loopback, as packaged. Its package excludes Dovecot's, so it is unpacked."""

import contextlib
import os
import pathlib
import shutil
import subprocess

from .packaged import free_ports, running
from .unpacked import libraries, unpacked

PACKAGES = ("cyrus-common", "cyrus-imapd", "cyrus-pop3d", "sasl2-bin", "libical3", "libxapian30",
            "libzephyr4", "libclamav12", "libmspack0")
REALM = "mail.example.test"
USER = "nobody"
LISTENERS = {"imap": ("imapd", ""), "imaps": ("imapd", "-s"), "pop3": ("pop3d", ""),
             "pop3s": ("pop3d", "-s"), "sieve": ("timsieved", "")}

IMAPD_CONF = """\
configdirectory: {directory}/conf
defaultpartition: default
partition-default: {directory}/spool
sievedir: {directory}/sieve
cyrus_user: {user}
servername: {realm}
allowplaintext: no
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: {directory}/sasldb2
sasl_mech_list: {mechanisms}
defaultdomain: {realm}
tls_server_cert: {directory}/chain.pem
tls_server_key: {directory}/key.pem
tls_session_timeout: 0
autocreate_quota: 0
autocreate_post: yes
lock_debugtime: 5
{options}
"""


def root_of(cache):
    """The directory with Cyrus' files; None where it cannot be had."""
    return unpacked(cache, PACKAGES)


def _make_user(root, directory, environment, username, password):
    subprocess.run([root / "usr/sbin/saslpasswd2", "-p", "-c", "-f", directory / "sasldb2", "-u",
                    REALM, username], input=password.encode(), check=True, env=environment,
                   capture_output=True)


def _own(directory):
    for path in (directory, *directory.rglob("*")):
        shutil.chown(path, USER)


@contextlib.contextmanager
def cyrus(root, directory, identity, username, password, mechanisms="PLAIN LOGIN", options=""):
    """One user, logins inside TLS alone. `options` are further lines. Gives name -> port, by
    LISTENERS."""
    root = pathlib.Path(root).resolve()
    for name in ("conf", "spool", "sieve"):
        (directory / name).mkdir(parents=True)
    for name in ("chain", "key"):
        shutil.copyfile(getattr(identity, name), directory / f"{name}.pem")
    ports = dict(zip(LISTENERS, free_ports(len(LISTENERS))))
    programs = root / "usr/lib/cyrus/bin"
    environment = {"PATH": os.environ["PATH"], "LD_LIBRARY_PATH": libraries(root),
                   "CYRUS_VERBOSE": "1"}
    settings = directory / "imapd.conf"
    settings.write_text(IMAPD_CONF.format(directory=directory, user=USER, realm=REALM,
                                          mechanisms=mechanisms, options=options))
    services = "\n".join(
        f'{name} cmd="{programs}/{program} -C {settings} {option}" '
        f'listen="127.0.0.1:{ports[name]}" prefork=0'
        for name, (program, option) in LISTENERS.items())
    (directory / "cyrus.conf").write_text(
        f'START {{\n recover cmd="{programs}/ctl_cyrusdb -C {settings} -r"\n}}\n'
        f'SERVICES {{\n{services}\n}}\nEVENTS {{\n}}\n')
    _make_user(root, directory, environment, username, password)
    _own(directory)
    command = [programs / "master", "-C", settings, "-M", directory / "cyrus.conf",
               "-p", directory / "master.pid"]
    with running(command, directory, ports.values(), environment):
        yield ports
