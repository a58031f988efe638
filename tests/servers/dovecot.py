# SPDX-License-Identifier: GPL-3.0-or-later
"""A Dovecot of our own on loopback that takes IMAP over TLS, or LMTP with STARTTLS; it needs root, as
its master does.

The settings of TLS hold for a whole instance, so there is one instance per configuration.
"""

import contextlib
import functools
import os
import pathlib
import re
import shutil
import subprocess

from .packaged import free_ports, running

DOVECOT_CONF = """\
{version}
base_dir = {directory}/run
state_dir = {directory}/state
log_path = {directory}/dovecot.log
instance_name = {directory}
protocols = {protocol}
listen = 127.0.0.1
ssl = required
{certificate}
{users}
{service}
{options}
"""

SERVICES = {
    "imap": """\
service imap-login {{
  {unlimited}
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
""",
    "lmtp": """\
service lmtp {{
  inet_listener lmtp {{
    port = {port}
  }}
}}
""",
}


# The words of 2.3, and those of 2.4, which wants to know for which version it was configured.
USERS_2_3 = """\
passdb {{
  driver = passwd-file
  args = {path}
}}
"""
USERS_2_4 = """\
passdb passwd-file {{
  passwd_file_path = {path}
}}
"""
CERTIFICATE_2_3 = "ssl_cert = <{chain}\nssl_key = <{key}"
CERTIFICATE_2_4 = "ssl_server_cert_file = {chain}\nssl_server_key_file = {key}"
# How many clients a login process serves one after the other.
UNLIMITED_2_3, UNLIMITED_2_4 = "service_count = 0", "restart_request_count = unlimited"
RENAMED_IN_2_4 = {"ssl_dh": "ssl_server_dh_file"}  # and its value is a path, without the "<"


@functools.lru_cache(maxsize=None)
def _is_2_4():
    text = subprocess.run(["dovecot", "--version"], capture_output=True, text=True,
                          check=True).stdout
    return tuple(map(int, re.findall(r"\d+", text)[:2])) >= (2, 4)


def version_lines():
    """What has to stand first in a configuration."""
    return "dovecot_config_version = 2.4.0\ndovecot_storage_version = 2.4.0" if _is_2_4() else ""


def users_block(path):
    """The users of a file with a line name:{PLAIN}password for each."""
    return (USERS_2_4 if _is_2_4() else USERS_2_3).format(path=path)


def _setting(key, value):
    if _is_2_4() and key in RENAMED_IN_2_4:
        return f"{RENAMED_IN_2_4[key]} = {value.lstrip('<')}"
    return f"{key} = {value}"


def is_available(protocol="imap"):
    program = {"imap": "imap-login", "lmtp": "lmtp"}[protocol]
    return (os.geteuid() == 0 and shutil.which("dovecot") is not None
            and pathlib.Path("/usr/lib/dovecot", program).exists())


@contextlib.contextmanager
def dovecot(directory, identity, options, protocol="imap"):
    """`options` are further settings, in the words of 2.3. Gives the port."""
    for name in ("run", "state"):
        (directory / name).mkdir(parents=True)
    (directory / "users").touch()
    port, = free_ports(1)
    configuration = directory / "dovecot.conf"
    service = SERVICES[protocol].format(
        port=port, unlimited=UNLIMITED_2_4 if _is_2_4() else UNLIMITED_2_3)
    configuration.write_text(DOVECOT_CONF.format(
        directory=directory, protocol=protocol, service=service, version=version_lines(),
        users=users_block(directory / "users"),
        certificate=(CERTIFICATE_2_4 if _is_2_4() else CERTIFICATE_2_3).format(
            chain=identity.chain, key=identity.key),
        options="\n".join(_setting(key, value) for key, value in options.items())))
    with running(["dovecot", "-F", "-c", configuration], directory, [port]):
        yield port


MAILBOXES_CONF = """\
{version}
base_dir = {directory}/run
state_dir = {directory}/state
log_path = {directory}/dovecot.log
instance_name = {directory}
protocols = imap pop3 sieve lmtp
listen = 127.0.0.1, {address}
ssl = required
{certificate}
ssl_min_protocol = TLSv1.2
auth_mechanisms = {mechanisms}
{options}
auth_failure_delay = 0
mail_max_userip_connections = 0
mail_location = maildir:{directory}/mail/%u
{users}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={directory}/mail/%u
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  service_count = 0
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service pop3-login {{
  service_count = 0
  inet_listener pop3 {{
    port = {pop3}
  }}
  inet_listener pop3s {{
    port = {pop3s}
    ssl = yes
  }}
}}
service managesieve-login {{
  service_count = 0
  inet_listener sieve {{
    port = {sieve}
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
"""

# Clients that come from the address that they connect to count as secured.
ADDRESS = "127.0.0.2"
LISTENERS = ("imap", "imaps", "pop3", "pop3s", "sieve", "lmtp")


def has_mailboxes():
    """Whether there is a Dovecot, in the words of 2.3, that speaks all of LISTENERS."""
    return is_available() and not _is_2_4() and all(
        pathlib.Path("/usr/lib/dovecot", name).exists()
        for name in ("pop3-login", "managesieve-login", "lmtp"))


@contextlib.contextmanager
def mailboxes(directory, identity, username, password, mechanisms="plain login", options=""):
    """One user, and logins inside TLS alone for who comes to ADDRESS. Gives name -> port, by
    LISTENERS. `options` are further lines."""
    for name in ("run", "state", "mail"):
        (directory / name).mkdir(parents=True)
    shutil.chown(directory / "mail", "nobody", "nogroup")
    (directory / "users").write_text(f"{username}:{{PLAIN}}{password}\n")
    ports = dict(zip(LISTENERS, free_ports(len(LISTENERS))))
    configuration = directory / "dovecot.conf"
    configuration.write_text(MAILBOXES_CONF.format(
        directory=directory, version=version_lines(), users=users_block(directory / "users"),
        address=ADDRESS, mechanisms=mechanisms, options=options,
        certificate=CERTIFICATE_2_3.format(chain=identity.chain, key=identity.key), **ports))
    with running(["dovecot", "-F", "-c", configuration], directory, ports.values()):
        yield ports
