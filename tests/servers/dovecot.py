# SPDX-License-Identifier: GPL-3.0-or-later
"""A Dovecot of our own on loopback that takes IMAP over TLS; it needs root, as its master does.

The settings of TLS hold for a whole instance, so there is one instance per configuration.
"""

import contextlib
import os
import pathlib
import shutil

from .packaged import free_ports, running

DOVECOT_CONF = """\
base_dir = {directory}/run
state_dir = {directory}/state
log_path = {directory}/dovecot.log
instance_name = {directory}
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <{chain}
ssl_key = <{key}
passdb {{
  driver = passwd-file
  args = {directory}/users
}}
service imap-login {{
  service_count = 0
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
{options}
"""


def is_available():
    return (os.geteuid() == 0 and shutil.which("dovecot") is not None
            and pathlib.Path("/usr/lib/dovecot/imap-login").exists())


@contextlib.contextmanager
def dovecot(directory, identity, options):
    """`options` are further settings. Gives the port."""
    for name in ("run", "state"):
        (directory / name).mkdir(parents=True)
    (directory / "users").touch()
    port, = free_ports(1)
    configuration = directory / "dovecot.conf"
    configuration.write_text(DOVECOT_CONF.format(
        directory=directory, port=port, chain=identity.chain, key=identity.key,
        options="\n".join(f"{key} = {value}" for key, value in options.items())))
    with running(["dovecot", "-F", "-c", configuration], directory, [port]):
        yield port
