# SPDX-License-Identifier: GPL-3.0-or-later
"""connection.line_endings is about every line of the run: in replies to logins, before TLS and inside
it, and on whatever connection."""

import pytest

import gate as gate_module
from checklists import checklist, target
from servers.nodes import from_nth, in_turn
from servers.scripted import Smtp, close, hang, raw, send
from servers.speeches import Imap, Pop3

NAME = "connection.line_endings"


def row(name, /, **parameters):
    return {"assert": name, **parameters}


ENDS = row(NAME)
LOGIN = row("auth.login", username=gate_module.USERNAME, password="${password}")
WRONG = row("auth.rejects_wrong_password", username=gate_module.USERNAME)
SAYS = row("session.dialogue", steps=[{"send": "VRFY x", "expect": "/./"}])
ALONE, ELSEWHERE = "lines end with LF alone: ", "lines end with LF alone on another connection: "

ROWS = [
    ("a login", Smtp, {"tls AUTH": [raw(b"235 welcome\n")]}, LOGIN, ALONE + "the reply to AUTH"),
    ("a challenge", Imap, {"tls AUTHENTICATE": [raw(b"+ \n"), hang]},
     row("auth.login", mechanism="LOGIN", username="x", password="${password}"),
     ALONE + "the reply to AUTHENTICATE"),
    ("a password", Pop3, {"tls PASS": [raw(b"+OK welcome\n")]},
     row("auth.login", mechanism="USER", username="x", password="${password}"),
     ALONE + "the reply to PASS"),
    ("a wrong password", Smtp, {"tls AUTH": [raw(b"535 no\n")]}, WRONG,
     ELSEWHERE + "the reply to AUTH"),
    ("USER before TLS", Pop3, {"USER": [raw(b"-ERR no\n")]}, row("starttls.required"),
     ELSEWHERE + "the reply to USER"),
    ("the first lines of a reply", Smtp, {"MAIL": [raw(b"530-TLS\n530 first\r\n")]},
     row("starttls.required"), ELSEWHERE + "the reply to MAIL"),
    ("a reply that is never whole", Smtp, {"MAIL": [raw(b"530-TLS\n"), close]},
     row("starttls.required"), ELSEWHERE + "the reply to MAIL"),
    ("a step of a dialogue", Smtp, {"tls VRFY": [raw(b"252 x\n")]}, SAYS,
     ELSEWHERE + "the reply to VRFY"),
    ("the greeting of another node", Smtp,
     {"banner": [in_turn(send("220 one"), raw(b"220 two\n"))]}, row("tls.version"),
     ELSEWHERE + "the greeting"),
    ("the capabilities of another node", Smtp,
     {"tls EHLO": [in_turn(send("250-x", "250 AUTH PLAIN"), raw(b"250-x\n250 AUTH PLAIN\r\n"))]},
     SAYS, ELSEWHERE + "the reply to EHLO inside TLS"),
    ("STARTTLS on the third connection", Smtp,
     {"STARTTLS": [from_nth(3, send("220 go"), raw(b"220 go\n")), *Smtp.good["STARTTLS"][1:]]},
     row("tls.version"), ELSEWHERE + "the reply to STARTTLS"),
]


@pytest.mark.parametrize("speech, stages, other, message", [one[1:] for one in ROWS],
                         ids=[one[0] for one in ROWS])
def test_a_bare_line_feed_in(speech, stages, other, message, gate, scripted, certificates):
    server = scripted(stages, speech=speech)
    protocol = getattr(speech, "name", "smtp")
    outcome = gate(checklist(target(server.port, protocol=protocol), [ENDS, other],
                             certificates.ca_file,
                             limits={"connections": 1, "reply_timeout": "1s"}))
    assert outcome.cases[NAME].verdict == "fail", outcome.text
    assert outcome.cases[NAME].message == message, outcome.text
    assert gate_module.PASSWORD not in outcome.text


@pytest.mark.parametrize("speech", [Smtp, Imap, Pop3])
def test_a_run_without_any(speech, gate, scripted, certificates):
    server = scripted(speech=speech)
    outcome = gate(checklist(target(server.port, protocol=getattr(speech, "name", "smtp")),
                             [ENDS, LOGIN, WRONG, SAYS, row("tls.version")], certificates.ca_file))
    assert outcome.cases[NAME].verdict == "pass", outcome.text
