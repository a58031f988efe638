# SPDX-License-Identifier: GPL-3.0-or-later
"""A password goes only to a server that was judged trusted, and into no output at all."""

import base64
import urllib.parse

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
    assert not any(b"AUTH" in bytes(c.received_inside).upper() for c in server.conversations)
    assert not any(form in server.received for form in FORMS)
    assert outcome.status == 1, outcome.text


@pytest.mark.parametrize("identity", UNTRUSTED)
def test_login_alone_is_guarded_too(identity, gate, scripted, certificates):
    """No assertion about the certificate is there, and still nothing is sent or passes."""
    server = scripted(context=certificates.context(identity))
    outcome = gate(checklist(server.port, LOGINS["PLAIN"], certificates.ca_file))
    assert b"AUTH" not in server.received.upper()
    assert outcome.verdicts["auth.login"] == "skipped", outcome.text
    added = outcome.having("fail")
    assert len(added) == 1 and added[0].startswith(UNTRUSTED[identity]), outcome.text
    assert added[0] in outcome.cases["auth.login"].message
    assert outcome.status == 1


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
    assert outcome.verdicts == {"starttls.advertised": "fail", "auth.login": "skipped"}
    assert "STARTTLS" in outcome.cases["auth.login"].body
    assert outcome.status == 1


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


LONG = "K7#vQz!m2W x9L%pT&s"  # no part of it turns up by chance


def lines_of(text, code):
    """A reply of one line, padded so that a cut at 300 bytes takes the last byte of the text."""
    return [f"{code} 5.7.8 " + "-" * (300 - len(text) - 9) + text]


def base64_of(before, url=False):
    encode = base64.urlsafe_b64encode if url else base64.b64encode
    return encode(before + LONG.encode()).decode()


# How a server may repeat what it has learned: name -> the lines of a reply with that code.
ECHOES = {
    "at a cut": lambda code: lines_of(LONG, code),
    "without padding": lambda code: [f"{code} {base64_of(b'').rstrip('=')}"],
    "behind one byte": lambda code: [f"{code} {base64_of(b'x')}"],
    "behind two bytes": lambda code: [f"{code} {base64_of(b'xy')}"],
    "for URLs": lambda code: [f"{code} {base64_of(b'', url=True)}"],
    "in hex": lambda code: [f"{code} {LONG.encode().hex()}"],
    "in capital hex": lambda code: [f"{code} {LONG.encode().hex().upper()}"],
    "percent-encoded": lambda code: [f"{code} {urllib.parse.quote(LONG)}"],
    "over two lines": lambda code: [f"{code}-{LONG[:9]}", f"{code} {LONG[9:]}"],
    "over two lines with codes": lambda code: [f"{code}-5.7.8 {LONG[:9]}",
                                               f"{code} 5.7.8 {LONG[9:]}"],
}


def expect_nothing_of_it(outcome, directory):
    forms = [LONG, urllib.parse.quote(LONG), LONG.encode().hex(), LONG.encode().hex().upper(),
             *(base64_of(before, url)[4:-4] for before in (b"", b"x", b"xy")
               for url in (False, True))]
    outputs = [outcome.stdout, outcome.stderr, outcome.report.decode(),
               (directory / "report.json").read_text()]
    for output in outputs:
        for size, form in [(5, LONG), *((10, form) for form in forms)]:
            parts = {form[i:i + size] for i in range(len(form) - size + 1)}
            assert not [part for part in parts if part in output], outcome.text


@pytest.mark.parametrize("echo", ECHOES)
def test_no_echo_of_the_password_is_shown(echo, gate, scripted, certificates):
    server = scripted({"tls AUTH": [send(*ECHOES[echo](535))]})
    outcome = gate(checklist(server.port, LOGINS["PLAIN"], certificates.ca_file), "-v",
                   "--report", f"json={gate.directory / 'report.json'}",
                   env={"SMTP_PASSWORD": LONG})
    assert outcome.verdicts == {"auth.login": "fail"}, outcome.text
    assert "535" in outcome.cases["auth.login"].message
    expect_nothing_of_it(outcome, gate.directory)


@pytest.mark.parametrize("where", ["banner", "EHLO", "tls EHLO"])
@pytest.mark.parametrize("echo", ECHOES)
def test_no_echo_in_another_conversation_is_shown(echo, where, gate, scripted, certificates):
    """A server that knows the password from before."""
    server = scripted({where: [send(*ECHOES[echo](550))]})
    outcome = gate(checklist(server.port, DIALOGUE, certificates.ca_file), "-v",
                   "--report", f"json={gate.directory / 'report.json'}",
                   env={"SMTP_PASSWORD": LONG})
    assert outcome.status == 1, outcome.text
    expect_nothing_of_it(outcome, gate.directory)


@pytest.mark.parametrize("echo", ECHOES)
def test_no_echo_in_a_probe_is_shown(echo, gate, scripted, certificates):
    server = scripted({"MAIL": [send(*ECHOES[echo](530))], "AUTH": [send("530 5.7.0 no")]})
    rows = [{"assert": "starttls.required"}, *LOGINS["PLAIN"]]
    outcome = gate(checklist(server.port, rows, certificates.ca_file), "-v",
                   "--report", f"json={gate.directory / 'report.json'}",
                   env={"SMTP_PASSWORD": LONG})
    assert "starttls.required" in outcome.verdicts, outcome.text
    expect_nothing_of_it(outcome, gate.directory)


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
