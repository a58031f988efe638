# SPDX-License-Identifier: GPL-3.0-or-later
"""Who fails is delayed by many servers, with all others at the same address: one wrong password a server
and run, behind everything else, and a login that works behind it."""

import base64

import pytest

import gate as gate_module
from checklists import checklist, target
from servers.scripted import PASSWORD, USERNAME, Smtp, authenticate, close, send
from servers.speeches import Ftp, Imap, Pop3, Sieve, say

RIGHT = base64.b64encode(f"\0{USERNAME}\0{PASSWORD}".encode())


def row(name, /, **parameters):
    return {"assert": name, **parameters}


LOGIN = row("auth.login", username=USERNAME, password="${password}")
WRONG = row("auth.rejects_wrong_password", username=USERNAME)
OTHERS = [row("tls.version", minimum="1.2"), row("starttls.required"),
          row("starttls.no_injection"), row("vulnerability.heartbleed")]


def attempts(server):
    """The credentials that were sent, in the order of connections: (connection, whether right)."""
    return [(number, line.endswith(RIGHT)) for number, one in enumerate(server.conversations)
            for line in bytes(one.received_inside).split(b"\r\n") if line.startswith(b"AUTH")]


@pytest.mark.parametrize("jobs", [1, 8])
@pytest.mark.parametrize("rows", [[WRONG, *OTHERS, LOGIN], [LOGIN, WRONG, *OTHERS]],
                         ids=["wrong first", "right first"])
def test_the_wrong_password_is_last(rows, jobs, gate, scripted, certificates):
    server = scripted()
    outcome = gate(checklist(server.port, rows, certificates.ca_file), "-j", jobs)
    assert outcome.verdicts["auth.rejects_wrong_password"] == "pass", outcome.text
    last = len(server.conversations) - 1
    made = attempts(server)
    assert [right for _, right in made] == [True, False, True], made
    assert made[0][0] < last and [number for number, _ in made[1:]] == [last, last], made


def test_without_a_login_nothing_is_made_good(gate, scripted, certificates):
    server = scripted()
    assert gate(checklist(server.port, [WRONG], certificates.ca_file)).status == 0
    assert attempts(server) == [(1, False)]


def test_a_refused_login_is_not_tried_again(gate, scripted, certificates):
    server = scripted()
    outcome = gate(checklist(server.port, [LOGIN, WRONG], certificates.ca_file, {"retries": 3}),
                   env={"SMTP_PASSWORD": "another"})
    assert outcome.verdicts == {"auth.login": "fail",
                                "auth.rejects_wrong_password": "pass"}, outcome.text
    assert len(attempts(server)) == 2, attempts(server)


def authenticate_or_leave(conversation):
    """Hangs up on who fails."""
    if conversation.line.encode().endswith(RIGHT):
        authenticate(conversation)
    else:
        conversation.run([send("535 5.7.8 no"), close])


def test_behind_a_close_it_is_made_good_on_another_connection(gate, scripted, certificates):
    server = scripted({"tls AUTH": [authenticate_or_leave]})
    outcome = gate(checklist(server.port, [LOGIN, WRONG], certificates.ca_file))
    assert outcome.status == 0, outcome.text
    assert attempts(server) == [(0, True), (1, False), (2, True)], attempts(server)


def test_who_lets_anybody_in_needs_nothing_made_good(gate, scripted, certificates):
    server = scripted({"tls AUTH": [send("235 2.7.0 come in")]})
    outcome = gate(checklist(server.port, [LOGIN, WRONG], certificates.ca_file))
    assert outcome.having("fail") == ["auth.rejects_wrong_password"], outcome.text
    assert attempts(server) == [(0, True), (1, False)]


@pytest.mark.parametrize("jobs", [1, 8])
def test_one_for_all_targets_of_a_server(jobs, gate, scripted, certificates):
    server = scripted()
    targets = [target(server.port, name=f"t{number}") for number in range(5)]
    outcome = gate(checklist(targets, [WRONG, LOGIN, *OTHERS[:1]], certificates.ca_file), "-j", jobs)
    assert all(cases["auth.rejects_wrong_password"].verdict == "pass"
               for cases in outcome.suites.values()), outcome.text
    made = attempts(server)
    assert [right for _, right in made] == [True] * 5 + [False, True], made
    assert made[-1][0] == len(server.conversations) - 1


def test_what_one_target_showed_holds_for_all(gate, scripted, certificates):
    server = scripted({"tls AUTH": [send("235 2.7.0 come in")]})
    targets = [target(server.port, name=name) for name in ("a", "b")]
    outcome = gate(checklist(targets, [WRONG], certificates.ca_file))
    assert [cases["auth.rejects_wrong_password"].verdict for cases in outcome.suites.values()] == \
        ["fail", "fail"], outcome.text
    assert len(attempts(server)) == 1


@pytest.mark.parametrize("second", [dict(username="other"), dict(mechanism="LOGIN")])
def test_another_wrong_password_is_not_tried(second, gate, scripted, certificates):
    server = scripted()
    rows = [WRONG, {**WRONG, **second, "id": "second"}, {**WRONG, "id": "third"}]
    outcome = gate(checklist(server.port, rows, certificates.ca_file))
    assert outcome.verdicts == {"auth.rejects_wrong_password": "pass", "second": "error",
                                "third": "pass"}, outcome.text
    assert "one is enough" in outcome.cases["second"].message
    assert len(attempts(server)) == 1


def test_one_that_is_not_offered_is_none(gate, scripted, certificates):
    server = scripted()
    rows = [{**WRONG, "mechanism": "CRAM-MD5", "id": "first"}, WRONG]
    outcome = gate(checklist(server.port, rows, certificates.ca_file))
    assert outcome.verdicts["auth.rejects_wrong_password"] == "pass", outcome.text
    assert outcome.verdicts["first"] in ("fail", "skipped"), outcome.text


def test_another_port_is_another_server(gate, scripted, certificates):
    servers = [scripted(), scripted()]
    targets = [target(server.port, name=f"t{server.port}") for server in servers]
    outcome = gate(checklist(targets, [WRONG], certificates.ca_file))
    assert outcome.status == 0, outcome.text
    assert [len(attempts(server)) for server in servers] == [1, 1]


def test_the_login_that_makes_good_goes_to_a_trusted_server_alone(gate, scripted, certificates):
    server = scripted(context=certificates.context("foreign"))
    gate(checklist(server.port, [LOGIN, WRONG], certificates.ca_file))
    assert RIGHT not in server.received
    assert gate_module.PASSWORD.encode() not in server.received


def busy_at_first(conversation):
    """Turns the second connection away."""
    if conversation.server.conversations.index(conversation) == 1:
        conversation.run([send("421 4.3.2 too busy"), close])
    conversation.run([send("220 mail.example.test")])


def test_a_server_that_is_busy_is_waited_for(gate, scripted, certificates):
    server = scripted({"banner": [busy_at_first]})
    outcome = gate(checklist(server.port, [LOGIN, WRONG], certificates.ca_file))
    assert outcome.status == 0, outcome.text


TRIED = {
    "smtp": (Smtp, {"AUTH": [send("334 "), lambda c: c.read_line(), send("501 no")]}),
    "imap": (Imap, {"AUTHENTICATE": [say("+ "), lambda c: c.read_line(), say("TAG BAD no")]}),
    "pop3": (Pop3, {"USER": [say("+OK and?")]}),
    "sieve": (Sieve, {"AUTHENTICATE": [say('""'), lambda c: c.read_line(), say("NO")]}),
    "ftp": (Ftp, {"USER": [say("331 and?")]}),
}
NOT_BEFORE = row("auth.not_before_tls")


@pytest.mark.parametrize("protocol", TRIED)
def test_a_login_before_tls_is_refused_when_tried(protocol, gate, scripted, certificates):
    """Nothing is offered; what is taken all the same is the matter of starttls.required, if that was
    asked for."""
    speech, taken = TRIED[protocol]
    for stages, rows, verdicts in (
            ({}, [NOT_BEFORE], {"auth.not_before_tls": "pass"}),
            (taken, [NOT_BEFORE], {"auth.not_before_tls": "fail"}),
            (taken, [NOT_BEFORE, row("starttls.required")],
             {"starttls.required": "fail", "auth.not_before_tls": "skipped"})):
        server = scripted(stages, speech=speech)
        outcome = gate(checklist(target(server.port, protocol=protocol), rows,
                                 certificates.ca_file))
        assert outcome.verdicts == verdicts, outcome.text


def test_where_mail_is_taken_too_it_counts_for_itself(gate, scripted, certificates):
    server = scripted({"MAIL": [send("250 ok")], "AUTH": TRIED["smtp"][1]["AUTH"]})
    outcome = gate(checklist(server.port, [NOT_BEFORE], certificates.ca_file))
    assert outcome.verdicts == {"auth.not_before_tls": "fail"}, outcome.text


@pytest.mark.parametrize("steps", [[close], [send("454 4.7.0 later")], [send("421 enough"), close],
                                   [send("x")]], ids=["close", "later", "leaves", "no reply"])
def test_what_is_not_refused_is_no_proof(steps, gate, scripted, certificates):
    server = scripted({"AUTH": steps})
    outcome = gate(checklist(server.port, [NOT_BEFORE], certificates.ca_file))
    assert outcome.status == 3, outcome.text
    assert outcome.verdicts["auth.not_before_tls"] in ("error", "skipped"), outcome.text


@pytest.mark.parametrize("lists, verdict", [(dict(excludes=["NTLM"]), "fail"),
                                            (dict(excludes=["PLAIN"]), "pass"),
                                            (dict(includes=["NTLM"]), "pass"),
                                            (dict(includes=["PLAIN"]), "fail")])
def test_mechanisms_before_tls(lists, verdict, gate, scripted, certificates):
    server = scripted({"EHLO": [send("250-mail.example.test", "250-AUTH NTLM", "250 STARTTLS")]})
    outcome = gate(checklist(server.port, [row("auth.mechanisms", before_tls=True, **lists)],
                             certificates.ca_file))
    assert outcome.verdicts == {"auth.mechanisms": verdict}, outcome.text


@pytest.mark.parametrize("members, rows", [
    ({}, [row("auth.mechanisms", before_tls=True)]),
    ({"tls": "implicit"}, [row("auth.mechanisms", before_tls=True, includes=["PLAIN"])])])
def test_mechanisms_before_tls_make_no_sense(members, rows, gate, certificates):
    path = gate.write(checklist(target(587, **members), rows, certificates.ca_file))
    assert gate.command("validate", path).status == 2
