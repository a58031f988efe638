# SPDX-License-Identifier: GPL-3.0-or-later
"""A password goes only to a server that was judged trusted, and into no output at all."""

import base64

import pytest

import gate as gate_module
from checklists import DIALOGUE, checklist, target
from servers.scripted import USERNAME, send

PASSWORD = gate_module.PASSWORD
# Everything that would give the password away, on the wire or in an output.
PLAIN = base64.b64encode(f"\0{USERNAME}\0{PASSWORD}".encode())
FORMS = [PASSWORD.encode(), base64.b64encode(PASSWORD.encode()), PLAIN]

LOGINS = {
    "PLAIN": [{"assert": "auth.login", "mechanism": "PLAIN", "username": USERNAME,
               "password": "${password}"}],
    "LOGIN": [{"assert": "auth.login", "mechanism": "LOGIN", "username": USERNAME,
               "password": "${password}"}],
}

UNTRUSTED = {
    "expired": "certificate.expiry",
    "not-yet-valid": "certificate",
    "foreign": "certificate.trusted",
    "self-signed": "certificate.trusted",
    "wrong-host": "certificate.hostname",
    "no-intermediate": "certificate.trusted",
}


@pytest.mark.parametrize("mechanism", LOGINS)
def test_a_trusted_server_gets_the_password(mechanism, gate, scripted, certificates):
    server = scripted()
    outcome = gate(checklist(server.port, LOGINS[mechanism], certificates.ca_file))
    assert outcome.verdicts == {"auth.login": "pass"}, outcome.text
    assert any(form in server.received for form in FORMS)
    assert not any(form in bytes(c.received) for c in server.conversations for form in FORMS)


@pytest.mark.parametrize("mechanism", LOGINS)
@pytest.mark.parametrize("identity", UNTRUSTED)
def test_an_untrusted_server_gets_nothing(identity, mechanism, gate, scripted, certificates):
    server = scripted(context=certificates.context(identity))
    outcome = gate(checklist(server.port, DIALOGUE[:-1] + LOGINS[mechanism], certificates.ca_file))
    assert outcome.verdicts["auth.login"] == "skipped", outcome.text
    assert UNTRUSTED[identity] in outcome.cases["auth.login"].message
    assert b"AUTH" not in server.received.upper()
    assert not any(form in server.received for form in FORMS)
    assert outcome.status == 1, outcome.text


@pytest.mark.parametrize("identity", UNTRUSTED)
def test_login_alone_is_guarded_too(identity, gate, scripted, certificates):
    """No assertion about the certificate is there, and still nothing is sent or passes."""
    server = scripted(context=certificates.context(identity))
    outcome = gate(checklist(server.port, LOGINS["PLAIN"], certificates.ca_file))
    assert b"AUTH" not in server.received.upper()
    assert outcome.verdicts["auth.login"] != "pass", outcome.text
    case = outcome.cases["auth.login"]
    assert "certificate" in case.message + case.body, outcome.text
    assert outcome.status != 0


def test_a_target_can_ask_for_it_all_the_same(gate, scripted, certificates):
    server = scripted(context=certificates.context("foreign"))
    outcome = gate(checklist(target(server.port, send_credentials_untrusted=True), LOGINS["PLAIN"],
                             certificates.ca_file))
    assert outcome.verdicts == {"auth.login": "pass"}, outcome.text
    assert PLAIN in server.received


def test_nothing_is_sent_outside_of_tls(gate, scripted, certificates):
    server = scripted({"EHLO": [send("250-mail.example.test", "250 AUTH PLAIN LOGIN")]})
    outcome = gate(checklist(server.port, LOGINS["PLAIN"], certificates.ca_file))
    assert b"AUTH" not in server.received.upper()
    assert outcome.verdicts == {"auth.login": "error"}, outcome.text
    assert "STARTTLS" in outcome.cases["auth.login"].message
    assert outcome.status == 3


def echo_everything(conversation):
    """A server that repeats the credentials back, as they came and decoded."""
    line = conversation.line.encode()
    decoded = base64.b64decode(line.split()[-1])
    conversation.write(b"535-" + line + b"\r\n535 " + decoded.replace(b"\0", b" ") + b"\r\n")


def test_no_output_shows_the_password(gate, scripted, certificates):
    server = scripted({"tls AUTH": [echo_everything]})
    outcome = gate(checklist(server.port, LOGINS["PLAIN"], certificates.ca_file), "-v")
    assert outcome.verdicts == {"auth.login": "fail"}, outcome.text
    for output in (outcome.report, outcome.stdout.encode(), outcome.stderr.encode()):
        assert not any(form in output for form in FORMS), outcome.text
    for path in gate.directory.iterdir():
        assert not any(form in path.read_bytes() for form in FORMS), path


def test_a_password_echoed_in_another_reply_is_hidden(gate, scripted, certificates):
    server = scripted({"EHLO": [send("250-mail.example.test", f"250-X {PASSWORD}",
                                     "250 STARTTLS")]})
    outcome = gate(checklist(server.port, DIALOGUE, certificates.ca_file), "-v")
    for output in (outcome.report, outcome.stdout.encode(), outcome.stderr.encode()):
        assert PASSWORD.encode() not in output, outcome.text


def test_a_secret_comes_from_a_file(gate, scripted, certificates):
    server = scripted()
    secret = gate.directory / "secret"
    secret.write_text(PASSWORD + "\n")
    outcome = gate(checklist(server.port, LOGINS["PLAIN"], certificates.ca_file,
                             secrets={"password": {"file": str(secret)}}),
                   env={"SMTP_PASSWORD": ""})
    assert outcome.verdicts == {"auth.login": "pass"}, outcome.text


def test_the_wrong_password_must_be_rejected(gate, scripted, certificates):
    row = {"assert": "auth.rejects_wrong_password", "mechanism": "PLAIN", "username": USERNAME}
    strict, lenient = scripted(), scripted({"tls AUTH": [send("235 2.7.0 anyone may")]})
    assert gate(checklist(strict.port, [row], certificates.ca_file)).status == 0
    outcome = gate(checklist(lenient.port, [row], certificates.ca_file))
    assert outcome.verdicts == {row["assert"]: "fail"}, outcome.text
    assert outcome.status == 1
