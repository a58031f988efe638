# SPDX-License-Identifier: GPL-3.0-or-later
"""OAUTHBEARER and XOAUTH2: a token that is taken, and the reasons of servers that do not take it."""

import base64
import json
import urllib.parse

import pytest

from checklists import checklist, target
from servers.sasl import YES, Bearer
from servers.scripted import USERNAME, Smtp, close, hang, send
from test_sasl import IDS, SPEECHES, stages

TOKEN = "ya29.K7#vQz!m2W-x9L%pT&s"
SHORT, LONG = TOKEN, TOKEN + "x" * 3000
MECHANISMS = ["OAUTHBEARER", "XOAUTH2"]


def login(mechanism, **parameters):
    return {"assert": "auth.login", "mechanism": mechanism, "username": USERNAME,
            "token": "${token}", **parameters}


def wrong(mechanism):
    return {"assert": "auth.rejects_wrong_password", "mechanism": mechanism, "username": USERNAME}


@pytest.fixture
def tried(gate, scripted, certificates):
    def run(speech, name, mechanism, *rows, token=TOKEN, more=(), **options):
        server = scripted({**stages(speech, name, mechanism, **options), **dict(more)},
                          speech=speech)
        page = gate.directory / "report.json"
        outcome = gate(checklist(target(server.port, protocol=getattr(speech, "name", "smtp")),
                                 list(rows), certificates.ca_file,
                                 secrets={"token": {"env": "TOKEN"}}),
                       "--report", f"json={page}", "-v", env={"TOKEN": token})
        outcome.page = page.read_text()
        return outcome, server
    return run


@pytest.mark.parametrize("speech", SPEECHES, ids=IDS)
@pytest.mark.parametrize("name", MECHANISMS)
@pytest.mark.parametrize("token", [SHORT, LONG], ids=["short", "long"])
def test_a_token(token, name, speech, tried):
    outcome, _ = tried(speech, name, Bearer(token), login(name), wrong(name), token=token)
    assert outcome.verdicts == {"auth.login": "pass",
                                "auth.rejects_wrong_password": "pass"}, outcome.text


def test_a_name_with_commas(tried):
    outcome, _ = tried(Smtp, "OAUTHBEARER", Bearer(TOKEN, username="a=b,c"),
                       login("OAUTHBEARER", username="a=b,c"))
    assert outcome.status == 0, outcome.text


@pytest.mark.parametrize("length, verdict", [(8000, "pass"), (9000, "error")])
def test_a_token_that_is_too_long_is_not_cut(length, verdict, tried):
    token = "t" * length
    server = Bearer(token)
    outcome, _ = tried(Smtp, "XOAUTH2", server, login("XOAUTH2"), token=token)
    assert outcome.verdicts == {"auth.login": verdict}, outcome.text


# What a server gives as the reason, and what is shown of it.
REASONS = {
    "the RFC's": ({"status": "invalid_token", "scope": "mail"},
                  "status invalid_token, scope mail"),
    "Google's": ({"status": "400", "schemes": "Bearer", "scope": "https://mail.google.com/"},
                 "status 400, schemes Bearer, scope https://mail.google.com/"),
    "escaped": ({"status": "a\x1b[31m\n<b>"}, "status a\\x1b[31m\\n&lt;b>"),
    "nothing known": ({"x": "y"}, "cannot be read"),
    "no JSON": (b"invalid_token", "cannot be read"),
    "nothing": (b"", "cannot be read"),
    "bytes": (b"\xff\x00\x01", "cannot be read"),
}


@pytest.mark.parametrize("speech", SPEECHES, ids=IDS)
@pytest.mark.parametrize("name", MECHANISMS)
@pytest.mark.parametrize("reason", REASONS)
def test_the_reason_is_shown(reason, name, speech, tried):
    error, shown = REASONS[reason]
    server = Bearer("another", error=error)
    outcome, _ = tried(speech, name, server, login(name))
    assert outcome.verdicts == {"auth.login": "fail"}, outcome.text
    assert shown.replace("&lt;", "<") in outcome.cases["auth.login"].message, outcome.text
    assert server.heard == [b"\x01" if name == "OAUTHBEARER" else b""]


@pytest.mark.parametrize("name", MECHANISMS)
def test_a_yes_behind_a_reason_is_none(name, tried):
    outcome, _ = tried(Smtp, name, Bearer(TOKEN, always=True, ends=YES), login(name))
    assert outcome.verdicts == {"auth.login": "fail"}, outcome.text
    outcome, _ = tried(Smtp, name, Bearer(TOKEN, ends=YES), wrong(name))
    assert outcome.verdicts == {"auth.rejects_wrong_password": "fail"}, outcome.text


@pytest.mark.parametrize("name", MECHANISMS)
@pytest.mark.parametrize("steps", [[close], [hang], [send("454 4.7.0 later")], [send("250 hm")]],
                         ids=["close", "silence", "later", "another code"])
def test_what_decides_nothing(steps, name, tried):
    outcome, _ = tried(Smtp, name, None, login(name), more={"tls AUTH": steps})
    assert outcome.verdicts["auth.login"] == "error", outcome.text


def test_a_reason_for_now(tried):
    def later(carrier):
        carrier.begin()
        carrier.ask(b'{"status":"temporarily_unavailable"}')
        carrier.write("454 4.7.0 later")
        raise ValueError
    outcome, _ = tried(Smtp, "XOAUTH2", later, wrong("XOAUTH2"))
    assert outcome.verdicts == {"auth.rejects_wrong_password": "error"}, outcome.text
    outcome, _ = tried(Smtp, "XOAUTH2", later, login("XOAUTH2"))
    assert outcome.verdicts == {"auth.login": "error"}, outcome.text


def echoes(token):
    """The forms in which a server may repeat it."""
    return [token, base64.b64encode(token.encode()).decode(), token.encode().hex(),
            urllib.parse.quote(token), "".join(f"\\u{ord(c):04x}" for c in token)]


@pytest.mark.parametrize("speech", SPEECHES, ids=IDS)
@pytest.mark.parametrize("name", MECHANISMS)
@pytest.mark.parametrize("form", range(5))
def test_nothing_of_a_token_is_shown(form, name, speech, tried):
    text = echoes(TOKEN)[form]
    error = ('{"status":"' + text + '","scope":"' + text + '"}').encode()
    outcome, _ = tried(speech, name, Bearer("another", error=error), login(name))
    assert outcome.verdicts == {"auth.login": "fail"}, outcome.text
    for shown in (outcome.stdout, outcome.stderr, outcome.report.decode(), outcome.page):
        for one in (*echoes(TOKEN), json.dumps(TOKEN)[1:-1]):
            assert one not in shown, shown
            assert one[:10] not in shown, shown


@pytest.mark.parametrize("row, words", [
    (login("PLAIN"), "no effect"), ({**login("XOAUTH2"), "password": "${token}"}, "no effect"),
    ({key: value for key, value in login("XOAUTH2").items() if key != "token"}, 'needs "token"'),
    ({**login("XOAUTH2"), "token": "in clear"}, "cannot stand"),
])
def test_what_does_not_go_together_is_refused(row, words, gate, certificates):
    path = gate.write(checklist(target(587), [row], certificates.ca_file,
                                secrets={"token": {"env": "TOKEN"}}))
    outcome = gate.command("validate", path)
    assert outcome.status == 2 and words in outcome.stderr, outcome.text
    assert "in clear" not in outcome.text
