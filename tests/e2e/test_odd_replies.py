# SPDX-License-Identifier: GPL-3.0-or-later
"""Replies whose lines one client reads otherwise than the next."""

import pytest

from checklists import checklist
from gate import USERNAME
from servers.scripted import raw, send

BEFORE = [
    {"assert": "starttls.advertised"},
    {"assert": "auth.not_before_tls"},
    {"assert": "ehlo.includes", "capabilities": ["PIPELINING"]},
    {"assert": "ehlo.excludes", "capabilities": ["AUTH"]},
]
INSIDE = [
    {"assert": "starttls.not_reoffered"},
    {"assert": "session.includes", "capabilities": ["PIPELINING"]},
    {"assert": "session.excludes", "capabilities": ["STARTTLS"]},
    {"assert": "auth.mechanisms", "includes": ["PLAIN"]},
]
LOGIN = {"assert": "auth.login", "mechanism": "PLAIN", "username": USERNAME,
         "password": "${password}"}
HIDDEN = ["AUTH\tPLAIN", "AUTH\0PLAIN", "AUTH\vPLAIN", "AUTH:PLAIN", "STARTTLS\r", "STARTTLS,",
          "\x7fAUTH PLAIN"]


def ehlo(line, *more):
    lines = ["mail.example.test", "PIPELINING", *more, line]
    last = len(lines) - 1
    return raw("".join(f"250{'-' if i < last else ' '}{each}\r\n"
                       for i, each in enumerate(lines)).encode())


@pytest.mark.parametrize("line", HIDDEN, ids=repr)
def test_what_is_offered_before_tls_is_not_known(line, gate, scripted, certificates):
    server = scripted({"EHLO": [ehlo(line, "STARTTLS")]})
    outcome = gate(checklist(server.port, BEFORE, certificates.ca_file))
    assert outcome.having("error") == ["ehlo.accepted"], outcome.text
    assert outcome.having("pass", "fail") == [], outcome.text


@pytest.mark.parametrize("line", HIDDEN, ids=repr)
def test_what_is_offered_inside_tls_is_not_known(line, gate, scripted, certificates):
    server = scripted({"tls EHLO": [ehlo(line)]})
    outcome = gate(checklist(server.port, INSIDE, certificates.ca_file))
    assert outcome.having("error") == ["session.ehlo"], outcome.text
    assert outcome.having("pass", "fail") == [], outcome.text


def test_a_login_is_not_refused_where_the_offer_is_not_known(gate, scripted, certificates):
    server = scripted({"tls EHLO": [ehlo("AUTH\tPLAIN")]})
    outcome = gate(checklist(server.port, [LOGIN], certificates.ca_file))
    assert outcome.having("error") == ["session.ehlo"], outcome.text


def test_a_hidden_starttls_is_not_known_to_be_missing(gate, scripted, certificates):
    server = scripted({"EHLO": [ehlo("STARTTLS:")]})
    outcome = gate(checklist(server.port, [{"assert": "tls.handshake"}], certificates.ca_file))
    assert outcome.verdicts == {"ehlo.accepted": "error", "tls.handshake": "skipped"}, outcome.text


@pytest.mark.parametrize("line, mechanisms", [
    ("AUTH=CRAM-MD5", ["CRAM-MD5"]),
    ("AUTH=CRAM-MD5 LOGIN", ["CRAM-MD5", "LOGIN"]),
    ("auth PLAIN LOGIN", ["PLAIN", "LOGIN"]),
])
def test_the_old_form_of_auth(line, mechanisms, gate, scripted, certificates):
    rows = [{"assert": "auth.mechanisms", "includes": mechanisms}]
    outcome = gate(checklist(scripted({"tls EHLO": [ehlo(line)]}).port, rows, certificates.ca_file))
    assert outcome.having("pass") == ["auth.mechanisms"], outcome.text
    rows = [{"assert": "auth.mechanisms", "excludes": mechanisms[:1]}]
    outcome = gate(checklist(scripted({"tls EHLO": [ehlo(line)]}).port, rows, certificates.ca_file))
    assert outcome.having("fail") == ["auth.mechanisms"], outcome.text


WHERE = {
    "the greeting": {"banner": [raw(b"220 mail.example.test ESMTP\n")]},
    "the reply to EHLO": {"EHLO": [raw(b"250-mail.example.test\n250 STARTTLS\r\n")]},
    "the reply to EHLO inside TLS": {"tls EHLO": [raw(b"250-mail.example.test\r\n250 HELP\n")]},
}


@pytest.mark.parametrize("stages", WHERE.values(), ids=WHERE)
def test_a_bare_line_feed(stages, gate, scripted, certificates):
    rows = [{"assert": "connection.line_endings"}, {"assert": "session.ehlo"}]
    outcome = gate(checklist(scripted(stages).port, rows, certificates.ca_file))
    assert outcome.verdicts == {"connection.line_endings": "fail", "session.ehlo": "pass"}
    [where] = [name for name in WHERE if WHERE[name] is stages]
    assert where in outcome.cases["connection.line_endings"].message, outcome.text


def test_line_endings_as_they_should_be(gate, scripted, postfix, certificates):
    rows = [{"assert": "connection.line_endings"}]
    outcome = gate(checklist(scripted().port, rows, certificates.ca_file))
    assert outcome.having("pass") == ["connection.line_endings"], outcome.text
    outcome = gate(checklist(postfix.ports["submission"], rows, certificates.ca_file))
    assert outcome.having("pass") == ["connection.line_endings"], outcome.text
    broken = scripted({"EHLO": [send("503 5.5.1 no")]})
    outcome = gate(checklist(broken.port, rows, certificates.ca_file))
    assert outcome.having("pass") == [], outcome.text
