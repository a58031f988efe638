# SPDX-License-Identifier: GPL-3.0-or-later
"""A message that is announced and never sent: whose mail is taken, for whom, and how large."""

import os
import pathlib

import pytest

import gate as gate_module
from checklists import checklist, target
from servers import exim
from servers.postfix import Postfix
from servers.scripted import close, hang, reset, send, speaking_lmtp

ROOT = pathlib.Path(__file__).resolve().parents[2]
FROM, TO = "gate@example.test", "box@example.test"
LOGIN = {"username": gate_module.USERNAME, "password": "${password}"}
OK = [send("250 2.1.0 yes")]
TAKES = {"tls MAIL": OK, "tls RCPT": OK}
UNOFFERED = {"tls EHLO": [send("250-mail.example.test", "250 SIZE 1000")]}


def row(name, /, **parameters):
    return {"assert": name, **parameters}


ACCEPTED = row("mail.accepted", **{"from": FROM}, to=TO)
RELAY = row("mail.relay_refused", **{"from": FROM}, to="nobody@elsewhere.test")


@pytest.fixture
def judged(gate, certificates):
    def judge(port, *rows, protocol="smtp", patience="1s"):
        return gate(checklist(target(port, protocol=protocol), list(rows), certificates.ca_file,
                              {"reply_timeout": patience}))
    return judge


def for_recipients(**answers):
    """A stage that answers RCPT by the name in front of the @."""
    def step(conversation):
        name = conversation.line.partition("<")[2].partition(">")[0].partition("@")[0]
        conversation.write(answers[name.lower()].encode() + b"\r\n")
    return [step]


@pytest.mark.parametrize("stages, verdict, type_", [
    (TAKES, "pass", None),
    ({**TAKES, "tls RCPT": [send("251 user not local, will forward")]}, "pass", None),
    ({**TAKES, "tls MAIL": [send("550 5.7.1 not you")]}, "fail", "MailRefused"),
    ({**TAKES, "tls RCPT": [send("550 5.1.1 who?")]}, "fail", "RecipientRefused"),
    ({**TAKES, "tls RCPT": [send("450 4.2.0 greylisted")]}, "error", "Undecided"),
    ({**TAKES, "tls RCPT": [send("421 4.3.2 bye"), close]}, "error", "NoProof"),
    ({**TAKES, "tls RCPT": [close]}, "error", "NoProof"),
    ({**TAKES, "tls RCPT": [reset]}, "error", "NoProof"),
    ({**TAKES, "tls RCPT": [hang]}, "error", "NoProof"),
    ({**TAKES, "tls RCPT": [send("what?")]}, "error", "NoProof"),
    ({**TAKES, "tls MAIL": [send("250 yes", "250 yes")]}, "error", "NoProof"),
    ({**TAKES, "tls RSET": [close]}, "error", "NoProof"),
    ({**TAKES, "tls RSET": [hang]}, "error", "NoProof"),
], ids=["taken", "forwards", "sender refused", "recipient refused", "greylisted", "leaves", "closes",
        "resets", "silent", "no reply", "answers twice", "closes at RSET",
        "silent at RSET"])
def test_accepted(stages, verdict, type_, judged, scripted):
    server = scripted(stages)
    outcome = judged(server.port, ACCEPTED)
    case = outcome.cases["mail.accepted"]
    assert case.verdict == verdict, outcome.text
    assert case.type == (type_ and f"starttls-gate.{type_}"), outcome.text
    assert b"DATA" not in server.received.upper()


def test_replies_that_lag_behind_are_nobodys(judged, scripted):
    """EHLO is answered twice, so that each command gets the answer to the one before."""
    server = scripted({"tls MAIL": [send("250 EHLO")], "tls RCPT": [send("250 MAIL")],
                       "tls RSET": [send("550 RCPT")], "tls QUIT": [send("250 RSET")]})
    assert judged(server.port, ACCEPTED).verdicts["mail.accepted"] == "error"


def test_lmtp(judged, scripted):
    server = scripted(speaking_lmtp(TAKES))
    outcome = judged(server.port, ACCEPTED, protocol="lmtp")
    assert outcome.verdicts == {"mail.accepted": "pass"}, outcome.text


@pytest.mark.parametrize("protocol, name, reason", [
    ("imap", "mail.accepted", "in which no mail is handed over"),
    ("pop3", "mail.relay_refused", "in which no mail is handed over"),
    ("tls", "mail.size", "in which no mail is handed over"),
    ("lmtp", "mail.relay_refused", "which delivers mail, and hands none on"),
])
def test_refused_where_it_makes_no_sense(protocol, name, reason, gate, certificates):
    rows = {"mail.accepted": ACCEPTED, "mail.relay_refused": RELAY,
            "mail.size": row("mail.size", minimum=1)}
    tls = "implicit" if protocol == "tls" else "starttls"
    outcome = gate(checklist(target(2525, protocol=protocol, tls=tls), [rows[name]],
                             certificates.ca_file))
    assert outcome.status == 2 and reason in outcome.stderr, outcome.text


@pytest.mark.parametrize("member, reason", [
    ({"from": "no address"}, "without blanks"),
    ({"from": "a@b>"}, "angle brackets"),
    ({"from": "a@b\r\nDATA"}, "printable ASCII alone"),
    ({"to": "nobody"}, "an '@' and a domain"),
    ({"to": "@b"}, "an '@' and a domain"),
    ({"to": "a@"}, "an '@' and a domain"),
    ({"to": "a" * 250 + "@b.test"}, "254 characters"),
    ({"username": "gate"}, 'needs a "password"'),
    ({"password": "${password}"}, 'needs a "username"'),
])
def test_mistakes_of_a_checklist(member, reason, gate, certificates):
    outcome = gate(checklist(2525, [{**ACCEPTED, **member}], certificates.ca_file))
    assert outcome.status == 2 and reason in outcome.stderr, outcome.text


def test_a_login_that_cannot_be_read_is_not_missing(gate, certificates):
    row_ = {**ACCEPTED, "username": "${nobody}", "password": "${password}"}
    outcome = gate(checklist(2525, [row_], certificates.ca_file))
    assert outcome.status == 2 and 'the variable "nobody" is not defined' in outcome.stderr
    assert "needs a" not in outcome.stderr, outcome.text


def test_login_comes_first_and_shows_nowhere(judged, scripted):
    def mail(conversation):
        logged_in = any(line.startswith(b"AUTH") for line in conversation.received_inside.split(b"\n"))
        conversation.write(b"250 2.1.0 yes, correct horse\r\n" if logged_in else b"530 5.7.0 no\r\n")
    server = scripted({**TAKES, "tls MAIL": [mail],
                       "tls RCPT": [send("550 5.1.1 no, " + gate_module.PASSWORD[::-1])]})
    outcome = judged(server.port, ACCEPTED, {**ACCEPTED, **LOGIN, "id": "with"})
    assert {case.type for case in outcome.cases.values()} == {
        "starttls-gate.MailRefused", "starttls-gate.RecipientRefused"}, outcome.text
    assert gate_module.PASSWORD not in outcome.text
    assert gate_module.PASSWORD[::-1] not in outcome.text


@pytest.mark.parametrize("stages, type_", [
    ({**TAKES, "tls AUTH": [send("535 5.7.8 no")]}, "NotLoggedIn"),
    ({**TAKES, "tls AUTH": [send("454 4.7.0 later")]}, "NotLoggedIn"),
    ({**TAKES, **UNOFFERED}, "NotLoggedIn"),
    ({**TAKES, "tls AUTH": [close]}, "NoProof"),
    ({**TAKES, "tls AUTH": [hang]}, "NoProof"),
    ({**TAKES, "tls AUTH": [send("235 yes", "250 yes")]}, "NoProof"),
], ids=["refused", "put off", "not offered", "closes", "silent", "answers twice"])
def test_without_its_login_nothing_is_known(stages, type_, judged, scripted):
    server = scripted(stages)
    outcome = judged(server.port, {**ACCEPTED, **LOGIN})
    case = outcome.cases["mail.accepted"]
    assert (case.verdict, case.type) == ("error", f"starttls-gate.{type_}"), outcome.text
    assert b"MAIL" not in server.received or type_ == "NoProof"


def test_no_password_to_an_untrusted_server(judged, scripted, certificates):
    server = scripted(TAKES, certificates.context("foreign"))
    outcome = judged(server.port, {**ACCEPTED, **LOGIN})
    assert outcome.verdicts == {"mail.accepted": "skipped", "certificate.trusted": "fail"}, \
        outcome.text
    assert b"AUTH" not in server.received and b"MAIL" not in server.received


DENIED, HERE = "554 5.7.1 Relay access denied", "250 yes"


@pytest.mark.parametrize("answers, members, verdict, type_", [
    ({"nobody": DENIED, "box": HERE}, {"control": TO}, "pass", None),
    ({"nobody": "550 relay not permitted", "box": HERE}, {"control": TO}, "pass", None),
    ({"nobody": HERE}, {}, "fail", "RelayOpen"),
    ({"nobody": "450 4.7.1 later"}, {}, "error", "Undecided"),
    ({"nobody": "550 5.1.1 unknown", "box": HERE}, {"control": TO}, "error", "NoProof"),
    ({"nobody": "503 5.5.1 what?", "box": HERE}, {"control": TO}, "error", "NoProof"),
    ({"nobody": DENIED, "box": DENIED}, {"control": TO}, "error", "NoProof"),
    ({"nobody": DENIED, "postmaster": HERE}, {}, "error", "NoProof"),
], ids=["denied", "denied without a code", "open", "put off", "unknown", "not understood",
        "refuses all", "nothing beside it"])
def test_relay(answers, members, verdict, type_, judged, scripted):
    server = scripted({**TAKES, **UNOFFERED, "tls RCPT": for_recipients(**answers)})
    outcome = judged(server.port, {**RELAY, **members})
    case = outcome.cases["mail.relay_refused"]
    assert case.verdict == verdict, outcome.text
    assert case.type == (type_ and f"starttls-gate.{type_}"), outcome.text
    assert b"DATA" not in server.received.upper()


@pytest.mark.parametrize("stages, verdict", [
    ({"tls MAIL": [send("530 5.7.0 log in first")]}, "pass"),
    ({"tls MAIL": [send("530 5.7.0 log in first")], **UNOFFERED}, "error"),
    ({"tls MAIL": [send("550 5.7.1 not you")]}, "error"),
    ({"tls MAIL": [send("421 4.7.0 bye"), close]}, "error"),
    ({"tls MAIL": OK, "tls RCPT": [send("554 5.7.1 all are refused")]}, "pass"),
], ids=["wants a login", "wants what it does not offer", "sender refused", "leaves",
        "for its own users"])
def test_relay_without_a_recipient(stages, verdict, judged, scripted):
    server = scripted(stages)
    assert judged(server.port, RELAY).verdicts["mail.relay_refused"] == verdict


@pytest.mark.parametrize("stages, members, verdict", [
    ({}, {}, "pass"),
    ({"tls MAIL": [send("552 5.3.4 too large")]}, {"from": FROM}, "fail"),
    ({"tls MAIL": [send("452 4.3.1 no room")]}, {"from": FROM}, "error"),
    ({"tls MAIL": OK}, {"from": FROM}, "pass"),
    ({"tls MAIL": [hang]}, {"from": FROM}, "error"),
], ids=["told", "refused", "no room", "taken", "silent"])
def test_size(stages, members, verdict, judged, scripted):
    server = scripted({**UNOFFERED, **stages})
    outcome = judged(server.port, row("mail.size", minimum=1000, **members))
    assert outcome.verdicts == {"mail.size": verdict}, outcome.text
    assert (b"MAIL FROM:<gate@example.test> SIZE=1000\r\n" in server.received) == bool(members)


def test_a_keyword_has_no_equals_sign(judged, scripted):
    """AUTH alone was ever written so (RFC 1870 section 3 has a blank)."""
    server = scripted({"tls EHLO": [send("250-mail.example.test", "250 SIZE=30000000")]})
    outcome = judged(server.port, row("mail.size", minimum=1000))
    assert not outcome.having("pass"), outcome.text


@pytest.fixture(scope="module")
def mx(shared_directory, certificates):
    """A Postfix that takes mail for example.test, relays from one listener, and knows small messages."""
    services = {"mx": {"smtpd_relay_restrictions": "reject_unauth_destination"},
                "open": {"mynetworks": "127.0.0.0/8", "smtpd_relay_restrictions":
                         "permit_mynetworks,reject_unauth_destination"},
                "small": {"message_size_limit": "10000"},
                "refuses": {"smtpd_client_restrictions": "reject",
                            "smtpd_sasl_auth_enable": "no"}}
    settings = {"mydestination": "example.test", "local_recipient_maps": "",
                "smtpd_tls_security_level": "encrypt"}
    with Postfix(shared_directory / "mail-mx", certificates.identities["good"], services,
                 settings=settings) as server:
        yield server


@pytest.fixture(autouse=True)
def _needs_postfix(request):
    if "mx" in request.fixturenames:
        request.getfixturevalue("postfix")  # skips where there is none


def test_postfix(mx, judged):
    rows = [ACCEPTED, RELAY, row("mail.size", minimum=1000000, **{"from": FROM})]
    outcome = judged(mx.ports["mx"], *rows, patience="9s")
    assert outcome.having("pass") == ["mail.accepted", "mail.relay_refused", "mail.size"], \
        outcome.text
    outcome = judged(mx.ports["open"], *rows, patience="9s")
    assert outcome.verdicts["mail.relay_refused"] == "fail", outcome.text
    outcome = judged(mx.ports["small"], *rows, patience="9s")
    assert outcome.verdicts["mail.size"] == "fail", outcome.text


def test_a_postfix_that_refuses_this_client(mx, judged):
    outcome = judged(mx.ports["refuses"], RELAY, {**RELAY, "id": "control", "control": TO},
                     patience="9s")
    assert set(outcome.verdicts.values()) == {"error"}, outcome.text


def test_postfix_for_its_users(postfix, judged):
    port = postfix.ports["submission"]
    outcome = judged(port, {**ACCEPTED, **LOGIN}, {**ACCEPTED, "id": "without"}, RELAY,
                     patience="9s")
    assert outcome.verdicts == {"mail.accepted": "pass", "without": "fail",
                                "mail.relay_refused": "pass"}, outcome.text


def test_exim(shared_directory, certificates, judged):
    root = exim.unpacked(ROOT / "build" / "exim") if os.geteuid() == 0 else None
    if root is None:
        pytest.skip("Exim cannot be had, or this is not root")
    local = "${if eq{$domain}{elsewhere.test}{deny}{accept}}"
    with exim.exim(root, shared_directory / "mail-exim", certificates.identities["good"], "NORMAL",
                   recipients=local) as port:
        outcome = judged(port, ACCEPTED, {**RELAY, "control": TO}, row("mail.size", minimum=1000000), patience="9s")
    assert outcome.having("pass") == ["mail.accepted", "mail.relay_refused", "mail.size"], \
        outcome.text
