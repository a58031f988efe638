# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers as packaged that are none of SMTP: Dovecot over all that it speaks."""

import pytest

import gate as gate_module
from checklists import checklist, target
from servers import dovecot

LIMITS = {"connect_timeout": "5s", "reply_timeout": "10s", "deadline": "25s"}


def row(name, /, **parameters):
    return {"assert": name, **parameters}


BOTH = [
    row("connection.established"), row("connection.greeting"), row("connection.line_endings"),
    row("tls.handshake"), row("tls.version", minimum="1.2"), row("certificate.expiry", days=7),
    row("certificate.trusted"), row("certificate.hostname"), row("session.ehlo"),
    row("vulnerability.heartbleed"), row("vulnerability.ccs_injection"),
    row("tls.secure_renegotiation"),
]
STARTTLS = [
    row("ehlo.accepted"), row("starttls.advertised"), row("starttls.accepted"),
    row("starttls.clean_reply"), row("starttls.no_injection"), row("starttls.not_reoffered"),
]
REQUIRED = [row("starttls.required"), row("auth.not_before_tls")]
LOGIN = [
    row("auth.mechanisms", includes=["PLAIN", "LOGIN"], excludes=["CRAM-MD5"]),
    row("auth.login", username=gate_module.USERNAME, password="${password}"),
    row("auth.login", id="by-login", mechanism="LOGIN", username=gate_module.USERNAME,
        password="${password}"),
    row("auth.rejects_wrong_password", username=gate_module.USERNAME),
]

# Listener -> protocol, how TLS begins, what is asserted.
LISTENERS = {
    "imap": ("imap", "starttls", BOTH + STARTTLS + REQUIRED + LOGIN),
    "imaps": ("imap", "implicit", BOTH + LOGIN),
    "pop3": ("pop3", "starttls", BOTH + STARTTLS + REQUIRED + LOGIN),
    "pop3s": ("pop3", "implicit", BOTH + LOGIN),
    "sieve": ("sieve", "starttls", BOTH + STARTTLS + REQUIRED + LOGIN),
    "lmtp": ("lmtp", "starttls", BOTH + STARTTLS + [row("starttls.forgets_state")]),
}


@pytest.fixture(scope="module")
def mailboxes(shared_directory, certificates):
    if not dovecot.has_mailboxes():
        pytest.skip("Dovecot with POP3, ManageSieve and LMTP is not there, or this is not root")
    with dovecot.mailboxes(shared_directory / "mailboxes", certificates.identities["good"],
                           gate_module.USERNAME, gate_module.PASSWORD) as ports:
        yield ports


@pytest.fixture
def judged(gate, certificates):
    def judge(port, protocol, tls, rows, password=gate_module.PASSWORD):
        return gate(checklist(target(port, protocol=protocol, tls=tls, address=dovecot.ADDRESS), rows,
                              certificates.ca_file, LIMITS), env={"SMTP_PASSWORD": password})
    return judge


@pytest.mark.parametrize("listener", LISTENERS)
def test_dovecot(listener, mailboxes, judged):
    protocol, tls, rows = LISTENERS[listener]
    outcome = judged(mailboxes[listener], protocol, tls, rows)
    assert outcome.status == 0, outcome.text
    assert not outcome.having("fail", "error", "skipped"), outcome.text


@pytest.mark.parametrize("listener", [name for name, row in LISTENERS.items() if LOGIN[0] in row[2]])
def test_dovecot_with_a_wrong_password(listener, mailboxes, judged):
    protocol, tls, _ = LISTENERS[listener]
    outcome = judged(mailboxes[listener], protocol, tls, LOGIN, "another one")
    assert outcome.having("fail") == ["auth.login", "by-login"], outcome.text
    assert not outcome.having("error", "skipped"), outcome.text


SHIPPED = {"imap": "imap", "imaps": "imaps", "pop3": "pop3", "pop3s": "pop3s", "lmtp": "lmtp",
           "managesieve": "sieve"}


def run_shipped(gate, certificates, name, port, password=gate_module.PASSWORD):
    account = [] if name == "lmtp" else ["--var", f"username={gate_module.USERNAME}"]
    return gate(name, "--target", f"{gate_module.HOST}:{port}", "--address", dovecot.ADDRESS,
                "--ca-file", certificates.ca_file, *account, env={"MAIL_PASSWORD": password})


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_checklist(name, mailboxes, gate, certificates):
    outcome = run_shipped(gate, certificates, name, mailboxes[SHIPPED[name]])
    assert outcome.status == 0, outcome.text
    assert set(outcome.verdicts.values()) == {"pass"}, outcome.text


@pytest.mark.parametrize("name, port", [("imap", "pop3"), ("pop3", "imap"), ("managesieve", "imap"),
                                        ("imaps", "pop3s"), ("pop3s", "imaps")])
def test_the_port_of_another_protocol(name, port, mailboxes, gate, certificates):
    outcome = run_shipped(gate, certificates, name, mailboxes[port])
    assert outcome.having("error") == ["connection.greeting"], outcome.text
    assert "This port greets in" in outcome.cases["connection.greeting"].body, outcome.text
    assert not outcome.having("fail"), outcome.text
