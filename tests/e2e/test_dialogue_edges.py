# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that are nearly the one that counts."""

import pytest

from checklists import checklist
from gate import USERNAME
from servers.scripted import close, raw, send

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
