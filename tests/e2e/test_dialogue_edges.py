# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that are nearly the one that counts."""

import base64
import time

import pytest

from checklists import checklist
from gate import PASSWORD, USERNAME
from servers.scripted import close, handshake, raw, reset, send, sleep

LOGIN = {"assert": "auth.login", "mechanism": "PLAIN", "username": USERNAME,
         "password": "${password}"}
WRONG = {"assert": "auth.rejects_wrong_password", "mechanism": "PLAIN", "username": USERNAME}

# What AUTH is answered with, and the verdicts on a right and on a wrong password.
ANSWERS = [
    ([send("235 2.7.0 welcome")], "pass", "fail"),
    ([send("235-2.7.0 welcome", "235 2.7.0 again")], "pass", "fail"),
    ([send("535 5.7.8 no")], "fail", "pass"),
    ([send("535-5.7.8 no", "535 5.7.8 never")], "fail", "pass"),
    *(([send(f"{code} something else")], "fail", "error")
      for code in (500, 501, 504, 530, 534, 538, 550, 554)),
    *(([send(f"{code} something else")], "error", "error")
      for code in (200, 250, 251, 432, 450, 454)),
    ([send("421 4.7.0 bye"), close], "error", "error"),
    ([close], "error", "error"),
    ([raw(b"235-2.7.0 welcome\r\n"), close], "error", "error"),
    ([raw(b"535-5.7.8 no\r\n"), close], "error", "error"),
    ([raw(b"235 2.7.0 welc"), close], "error", "error"),
    ([raw(b"535 5.7.8 n"), close], "error", "error"),
    ([send("235-2.7.0 welcome", "535 5.7.8 no"), close], "error", "error"),
    ([send("welcome"), close], "error", "error"),
]


@pytest.mark.parametrize("number", range(len(ANSWERS)))
@pytest.mark.parametrize("assertion", [LOGIN, WRONG], ids=lambda each: each["assert"])
def test_an_answer_to_auth(assertion, number, gate, scripted, certificates):
    steps, *verdicts = ANSWERS[number]
    outcome = gate(checklist(scripted({"tls AUTH": steps}).port, [assertion],
                             certificates.ca_file))
    wanted = verdicts[0] if assertion is LOGIN else verdicts[1]
    assert outcome.verdicts == {assertion["assert"]: wanted}, outcome.text


@pytest.mark.parametrize("assertion", [LOGIN, WRONG], ids=lambda each: each["assert"])
def test_replies_that_do_not_keep_step(assertion, gate, scripted, certificates):
    """What looks like the answer to AUTH may be that to something else."""
    code = "235 2.7.0 welcome" if assertion is LOGIN else "535 5.7.8 no"
    server = scripted({"tls AUTH": [send(code)], "tls QUIT": [send("535 5.7.8 no")]})
    outcome = gate(checklist(server.port, [assertion], certificates.ca_file))
    assert outcome.verdicts == {assertion["assert"]: "error"}, outcome.text


class Memory:
    """A server that keeps a transaction begun before TLS, and shows it only before or only after
    EHLO inside."""

    def __init__(self, shown):
        self.shown = shown

    def stages(self):
        def set_to(place, value, *lines):
            def step(conversation):
                setattr(conversation, place, value)
                conversation.run([send(*lines)])
            return [step]

        def recipient(conversation):
            place = "after" if getattr(conversation, "greeted_inside", False) else "before"
            kept = getattr(conversation, "transaction", False) and place == self.shown
            conversation.run([send("550 5.1.1 no such user" if kept else "503 5.5.1 need MAIL")])

        return {"MAIL": set_to("transaction", True, "250 2.1.0 Ok"),
                "tls EHLO": set_to("greeted_inside", True, "250-here", "250 8BITMIME"),
                "tls RSET": set_to("transaction", False, "250 2.0.0 Ok"),
                "tls RCPT": [recipient]}


@pytest.mark.parametrize("shown, verdict", [("before", "fail"), ("after", "fail"),
                                            ("never", "pass")])
def test_a_transaction_that_shows(shown, verdict, gate, scripted, certificates):
    name = "starttls.forgets_state"
    outcome = gate(checklist(scripted(Memory(shown).stages()).port, [{"assert": name}],
                             certificates.ca_file))
    assert outcome.verdicts == {name: verdict}, outcome.text


ADVISORY = {**LOGIN, "severity": "advisory"}


@pytest.mark.parametrize("stages", [
    {"tls AUTH": [send("535 5.7.8 no", "235 2.7.0 yes")]},
    {"tls EHLO": [send("250-mail.example.test", "250 AUTH PLAIN"), sleep(.02), send("535 hi")],
     "tls AUTH": [sleep(.1), send("235 2.7.0 welcome")]},
    {"tls AUTH": [send("535 5.7.8 no"), send("235 2.7.0 yes")]},
], ids=["twice", "late", "two packets"])
@pytest.mark.parametrize("rows", [[WRONG], [WRONG, ADVISORY], [ADVISORY, WRONG], [WRONG, LOGIN]],
                         ids=["alone", "before", "behind", "with one that counts"])
def test_replies_out_of_step_prove_nothing(rows, stages, gate, scripted, certificates):
    outcome = gate(checklist(scripted(stages).port, rows, certificates.ca_file))
    assert outcome.having("pass") == [], outcome.text
    assert outcome.status == 3, outcome.text


def by_password(right, wrong):
    def judge(conversation):
        word = base64.b64encode(f"\0{USERNAME}\0{PASSWORD}".encode()).decode()
        conversation.run(right if conversation.line.endswith(word) else wrong)
    return {"tls AUTH": [judge]}


def test_a_login_behind_shows_what_was_out_of_step(gate, scripted, certificates):
    """The one that makes good finds an answer before it has asked."""
    stages = by_password([send("235 2.7.0 welcome")], [send("535 5.7.8 no", "235 2.7.0 yes")])
    outcome = gate(checklist(scripted(stages).port, [LOGIN, WRONG], certificates.ca_file))
    assert outcome.verdicts == {"auth.login": "pass",
                                "auth.rejects_wrong_password": "error"}, outcome.text


@pytest.mark.parametrize("behind", [[close], [reset], [send("421 4.7.0 too many errors"), close]],
                         ids=["closes", "resets", "says 421"])
def test_a_server_that_goes_away_after_a_refused_login(behind, gate, scripted, certificates):
    """That says nothing of the next login, which comes on another connection."""
    stages = by_password([send("235 2.7.0 welcome")], [send("535 5.7.8 no"), *behind])
    rows = [{**LOGIN, "id": "another", "username": "another"}, LOGIN]
    outcome = gate(checklist(scripted(stages).port, rows, certificates.ca_file))
    assert outcome.verdicts == {"another": "fail", "auth.login": "pass"}, outcome.text


@pytest.mark.parametrize("steps", [
    [send("334 VXNlcm5hbWU6"), lambda conversation: conversation.read_line(), send("535 5.7.8 who?")],
    [send("535 5.7.8 no LOGIN today")],
], ids=["to the name", "at once"])
def test_a_password_that_was_not_asked_for_is_not_refused(steps, gate, scripted, certificates):
    rows = [{**WRONG, "mechanism": "LOGIN"}]
    outcome = gate(checklist(scripted({"tls AUTH": steps}).port, rows, certificates.ca_file))
    assert outcome.verdicts == {"auth.rejects_wrong_password": "error"}, outcome.text


@pytest.mark.parametrize("behind", [[close], [reset], [send("421 4.7.0 too many errors"), close]],
                         ids=["closes", "resets", "says 421"])
@pytest.mark.parametrize("rows", [[WRONG, LOGIN], [LOGIN, WRONG]], ids=["wrong first", "right first"])
def test_a_server_that_goes_away_after_a_wrong_password(rows, behind, gate, scripted, certificates):
    def judge(conversation):
        word = base64.b64encode(f"\0{USERNAME}\0{PASSWORD}".encode()).decode()
        if conversation.line.endswith(word):
            conversation.run([send("235 2.7.0 welcome")])
        else:
            conversation.run([send("535 5.7.8 no"), *behind])

    outcome = gate(checklist(scripted({"tls AUTH": [judge]}).port, rows, certificates.ca_file))
    assert set(outcome.verdicts.values()) == {"pass"}, outcome.text


@pytest.mark.parametrize("steps", [[handshake(), close], [handshake(), sleep(.3), close], [close],
                                   [reset]], ids=["at once", "later", "before TLS", "reset"])
def test_sessions_that_always_end_show_nothing_of_an_injection(steps, gate, scripted, certificates):
    server = scripted({"STARTTLS": [send("220 2.0.0 go ahead"), *steps]})
    begin = time.monotonic()
    outcome = gate(checklist(server.port, [{"assert": "starttls.no_injection"}],
                             certificates.ca_file))
    assert outcome.having("pass") == [], outcome.text
    assert outcome.status == 3, outcome.text
    assert time.monotonic() - begin < 6, outcome.text


@pytest.mark.parametrize("greeting, name", [
    (b"* OK IMAP4rev1 ready\r\n", "IMAP"), (b"+OK POP3 ready\r\n", "POP3"),
    (b"SSH-2.0-OpenSSH_9.2\r\n", "SSH")])
def test_the_greeting_of_another_protocol(greeting, name, gate, scripted, certificates):
    outcome = gate(checklist(scripted({"banner": [raw(greeting)]}).port,
                             [{"assert": "ehlo.accepted"}], certificates.ca_file))
    assert outcome.having("error") == ["connection.greeting"], outcome.text
    assert f"This port greets in {name}" in " ".join(outcome.text.split()), outcome.text
