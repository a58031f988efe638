# SPDX-License-Identifier: GPL-3.0-or-later
"""Every mechanism that the packaged servers have: Dovecot over IMAP, POP3 and ManageSieve, and for
Postfix; Cyrus with channel binding."""

import os

import pytest

import gate as gate_module
from checklists import checklist, target
from servers import dovecot
from servers.postfix import Postfix, is_available

USERNAME, PASSWORD = gate_module.USERNAME, gate_module.PASSWORD
LIMITS = {"connect_timeout": "5s", "reply_timeout": "10s", "deadline": "25s"}
MECHANISMS = ("PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256")
PROTOCOLS = {"imap": "imap", "pop3": "pop3", "sieve": "sieve", "submission": "smtp"}


def login(mechanism, **parameters):
    return {"assert": "auth.login", "mechanism": mechanism, "username": USERNAME,
            "password": "${password}", **parameters}


def wrong(mechanism):
    return {"assert": "auth.rejects_wrong_password", "mechanism": mechanism, "username": USERNAME}


@pytest.fixture(scope="module")
def ports(shared_directory, certificates):
    """Dovecot's by LISTENERS, and "submission", each with all MECHANISMS."""
    if os.geteuid() != 0 or not is_available() or not dovecot.has_mailboxes():
        pytest.skip("Postfix and Dovecot are not there, or this is not root")
    names = " ".join(MECHANISMS).lower()
    identity = certificates.identities["good"]
    with dovecot.mailboxes(shared_directory / "sasl-mailboxes", identity, USERNAME, PASSWORD,
                           names) as found:
        with Postfix(shared_directory / "sasl-postfix", identity,
                     {"submission": {"smtpd_tls_security_level": "encrypt"}},
                     mechanisms=names) as postfix:
            yield {**found, **postfix.ports}


@pytest.fixture
def judged(gate, certificates, ports):
    def judge(listener, *rows, password=PASSWORD):
        address = "127.0.0.1" if listener == "submission" else dovecot.ADDRESS
        return gate(checklist(target(ports[listener], protocol=PROTOCOLS[listener],
                                     address=address), list(rows), certificates.ca_file, LIMITS),
                    "-v", env={"SMTP_PASSWORD": password})
    return judge


@pytest.mark.xdist_group("sasl-servers")
@pytest.mark.parametrize("listener", PROTOCOLS)
@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_each_mechanism(mechanism, listener, judged):
    outcome = judged(listener, login(mechanism), wrong(mechanism))
    assert outcome.verdicts == {"auth.login": "pass",
                                "auth.rejects_wrong_password": "pass"}, outcome.text
    outcome = judged(listener, login(mechanism), password="another one")
    assert outcome.verdicts == {"auth.login": "fail"}, outcome.text
    assert outcome.cases["auth.login"].type == "starttls-gate.LoginRefused"


@pytest.mark.xdist_group("sasl-servers")
@pytest.mark.parametrize("listener", PROTOCOLS)
def test_all_mechanisms_in_one_run(listener, judged):
    outcome = judged(listener, *(login(name, id=name) for name in MECHANISMS))
    assert outcome.having("pass") == list(MECHANISMS), outcome.text
