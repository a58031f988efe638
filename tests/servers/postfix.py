# SPDX-License-Identifier: GPL-3.0-or-later
"""A Postfix of our own with Dovecot behind it for SASL, on loopback and free ports.

Both run from one directory, with their own configuration, queue and logs there, beside whatever the
machine may run. `Postfix` is a context manager; it needs root, because Postfix's master does.
"""

import pathlib
import re
import shutil
import signal
import socket
import subprocess
import time

from . import dovecot
from .packaged import free_ports

DAEMONS = pathlib.Path("/usr/lib/postfix/sbin")
START_SECONDS = 15
USERNAME = "gate"
PASSWORD = "correct horse"
MARK_ADDRESS = "127.0.0.2"
CONNECT_LINE = re.compile(r": connect from \S+\[([^]]+)\]")

MAIN_CF = """\
compatibility_level = 3.6
queue_directory = {directory}/queue
data_directory = {directory}/data
command_directory = /usr/sbin
daemon_directory = {daemons}
mail_owner = postfix
setgid_group = postdrop
myhostname = {host}
mydestination =
mynetworks =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
smtpd_relay_restrictions = permit_sasl_authenticated, reject
maillog_file = {directory}/log/postfix.log
maillog_file_prefixes = {directory}/log
smtpd_tls_chain_files = {key}, {chain}
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_tls_protocols = >=TLSv1.2
smtpd_tls_mandatory_protocols = >=TLSv1.2
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_tls_loglevel = 1
smtpd_client_connection_count_limit = 0
smtpd_hard_error_limit = 100
smtpd_error_sleep_time = 0
in_flow_delay = 0
smtpd_peername_lookup = no
smtpd_tls_session_cache_database =
default_process_limit = 150
{settings}
"""

MASTER_CF_FIXED = """\
postlog unix-dgram n - n - 1 postlogd
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
cleanup unix n - n - 0 cleanup
proxymap unix - - n - - proxymap
smtpd pass - - n - - smtpd
tlsproxy unix - - n - 0 tlsproxy
"""

# What it takes to deliver what was taken, at once.
MASTER_CF_DELIVERY = """\
qmgr unix n - n 300 1 qmgr
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
lmtp unix - - n - - lmtp
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
"""

# The process limit and the daemon of a listener, where it is not an smtpd of its own.
DAEMON_ROWS = {"postscreen": "1 postscreen"}

DOVECOT_CONF = """\
{version}
base_dir = {directory}/dovecot
state_dir = {directory}/dovecot-state
log_path = {directory}/log/dovecot.log
instance_name = {directory}
protocols =
ssl = no
auth_mechanisms = {mechanisms}
auth_failure_delay = 0
{users}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service auth {{
  unix_listener {directory}/queue/private/auth {{
    mode = 0660
    user = postfix
    group = postfix
  }}
}}
"""


def is_available():
    return (DAEMONS / "master").exists() and shutil.which("dovecot") is not None


def _wait_for_port(port, process):
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > deadline or process.poll() is not None:
                raise RuntimeError(f"no server came up on port {port}") from None
            time.sleep(0.05)


class Postfix:
    """One instance with a listener per entry of `services`: name -> options of its smtpd.

    Each listens on all `addresses`, on the same port. `directory` must be reachable by other
    users, since Postfix's processes run as one. `settings` are for main.cf; a service named
    "postscreen" has one in front of its smtpd; one that `delivers` hands on what it has taken.
    `mechanisms` are those that Dovecot has.
    """

    def __init__(self, directory, identity, services, host="mail.example.test",
                 addresses=("127.0.0.1",), settings=None, mechanisms="plain login", delivers=False):
        self.delivers = delivers
        self.directory = pathlib.Path(directory)
        self.host = host
        self.addresses = addresses
        self.services = services
        self.settings = settings or {}
        self.mechanisms = mechanisms
        self.ports = dict(zip(services, free_ports(len(services))))
        self._marks = 0
        self._processes = []
        self._write_configuration(identity)

    def _write_configuration(self, identity):
        for name in ("etc", "queue", "data", "log", "dovecot-state"):
            (self.directory / name).mkdir(parents=True)
        shutil.chown(self.directory / "data", "postfix", "postfix")
        rows = [f"{address}:{self.ports[name]} inet n - n - " + DAEMON_ROWS.get(name, "- smtpd")
                + "".join(f"\n  -o {key}={value}" for key, value in options.items())
                for name, options in self.services.items() for address in self.addresses]
        (self.directory / "etc" / "master.cf").write_text(
            MASTER_CF_FIXED + (MASTER_CF_DELIVERY if self.delivers else "") + "\n".join(rows) + "\n")
        (self.directory / "etc" / "main.cf").write_text(MAIN_CF.format(
            directory=self.directory, daemons=DAEMONS, host=self.host, key=identity.key,
            chain=identity.chain,
            settings="\n".join(f"{key} = {value}" for key, value in self.settings.items())))
        (self.directory / "etc" / "dovecot.conf").write_text(DOVECOT_CONF.format(
            directory=self.directory, version=dovecot.version_lines(),
            mechanisms=self.mechanisms,
            users=dovecot.users_block(self.directory / "etc" / "users")))
        (self.directory / "etc" / "users").write_text(f"{USERNAME}:{{PLAIN}}{PASSWORD}\n")

    def _start(self, *command):
        output = (self.directory / "log" / "output").open("a")
        self._processes.append(subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            start_new_session=True))  # the master ends its process group with itself
        return self._processes[-1]

    def __enter__(self):
        try:
            etc = self.directory / "etc"
            subprocess.run(["postfix", "-c", etc, "check"], check=True, capture_output=True)
            master = self._start(DAEMONS / "master", "-c", etc, "-d")
            for port in self.ports.values():
                _wait_for_port(port, master)
            self._start("dovecot", "-F", "-c", etc / "dovecot.conf")
            self._wait_for_socket(self.directory / "queue" / "private" / "auth")
        except Exception as error:
            self.__exit__()
            raise RuntimeError(f"{error}\n{self.logs()}") from error
        return self

    def _wait_for_socket(self, path):
        deadline = time.monotonic() + START_SECONDS
        while not path.is_socket():
            if time.monotonic() > deadline:
                raise RuntimeError(f"dovecot made no {path}")
            time.sleep(0.05)

    def __exit__(self, *_):
        for process in reversed(self._processes):
            process.send_signal(signal.SIGTERM)
        for process in self._processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._processes.clear()

    def logs(self):
        return "\n".join(path.read_text() for path in sorted((self.directory / "log").iterdir()))

    def connections(self, service):
        """How many connections the listeners have logged so far, those of the start with them.

        The log comes late: one more connection, from another address, is made to `service` (which
        speaks first) and waited for, since what was served before stands before it.
        """
        self._marks += 1
        with socket.create_connection(("127.0.0.1", self.ports[service]), START_SECONDS,
                                      source_address=(MARK_ADDRESS, 0)) as marking:
            marking.recv(1)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            clients = CONNECT_LINE.findall((self.directory / "log" / "postfix.log").read_text())
            others = len(clients) - clients.count(MARK_ADDRESS)
            if clients.count(MARK_ADDRESS) == self._marks and others >= len(self.services):
                return others
            time.sleep(0.02)
        raise RuntimeError(f"the log does not show what was connected\n{self.logs()}")
