# SPDX-License-Identifier: GPL-3.0-or-later
"""A chasquid of our own on loopback; its TLS is that of Go."""

import contextlib
import shutil

from .packaged import free_ports, running

CHASQUID_CONF = """\
hostname: "mail.example.test"
smtp_address: "127.0.0.1:{smtp}"
submission_address: "127.0.0.1:{submission}"
submission_over_tls_address: "127.0.0.1:{submissions}"
monitoring_address: ""
mail_delivery_agent_bin: "/bin/true"
data_dir: "{directory}/data"
mail_log_path: "<stderr>"
"""

SERVICES = ("smtp", "submission", "submissions")


def is_available():
    return shutil.which("chasquid") is not None


@contextlib.contextmanager
def chasquid(directory, identity):
    """Gives name -> port: "smtp" and "submission" with STARTTLS, "submissions" with implicit
    TLS. It takes mail for example.test."""
    certificates = directory / "certs" / "mail.example.test"
    for made in (certificates, directory / "domains" / "example.test", directory / "data"):
        made.mkdir(parents=True)
    shutil.copyfile(identity.chain, certificates / "fullchain.pem")
    shutil.copyfile(identity.key, certificates / "privkey.pem")
    ports = dict(zip(SERVICES, free_ports(len(SERVICES))))
    (directory / "chasquid.conf").write_text(CHASQUID_CONF.format(directory=directory, **ports))
    with running(["chasquid", "-config_dir", directory], directory, ports.values()):
        yield ports
