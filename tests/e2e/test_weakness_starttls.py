# SPDX-License-Identifier: GPL-3.0-or-later
"""What servers make of commands before TLS: those that drop, forget and refuse them, those that do
not, and those that leave it open."""

import pytest

from checklists import checklist
from servers.scripted import Ended, close, handshake, hang, send, sleep

NAMES = ["starttls.no_injection", "starttls.forgets_state", "starttls.required"]
INJECTION, STATE, REQUIRED = NAMES

NEED_TLS = [send("530 5.7.0 Must issue a STARTTLS command first")]
BAD_SEQUENCE = [send("503 5.5.1 Error: need MAIL command")]
TAKEN = [send("250 2.1.0 Ok")]
GONE = [send("421 4.3.2 shutting down"), close]

# A server that requires TLS, and takes no RCPT without MAIL.
STRICT = {"MAIL": NEED_TLS, "AUTH": NEED_TLS, "tls RCPT": BAD_SEQUENCE}


def keep_input(conversation):
    """Starts TLS without dropping what was read in plaintext: CVE-2011-0411."""
    kept = bytes(conversation._unread)
    conversation.start_tls(conversation.server.context)
    conversation._unread[:0] = kept


def refuse_behind(reply):
    """A STARTTLS that minds the bytes behind it."""
    def step(conversation):
        if conversation._unread:
            conversation.run([send(reply), hang])
        conversation.run([send("220 go"), handshake()])
    return step


def with_input(*steps):
    """These steps when there is a command behind STARTTLS, otherwise the usual ones."""
    def step(conversation):
        conversation.run(steps if conversation._unread else [send("220 go"), handshake()])
    return step


def remembering(conversation):
    """RCPT by a server that holds on to the transaction until RSET."""
    if getattr(conversation, "transaction", False):
        conversation.write(b"550 5.1.1 no such user\r\n")
    else:
        conversation.write(b"503 5.5.1 need MAIL\r\n")


def begin(conversation):
    conversation.transaction = True
    conversation.write(b"250 2.1.0 Ok\r\n")


def end(conversation):
    conversation.transaction = False
    conversation.write(b"250 2.0.0 Ok\r\n")


SERVERS = [
    (INJECTION, "drops the command", {}, "pass"),
    (INJECTION, "runs the command inside TLS", {"STARTTLS": [send("220 go"), keep_input]}, "fail"),
    (INJECTION, "answers STARTTLS with 501", {"STARTTLS": [refuse_behind("501 5.5.4 no")]},
     "pass"),
    (INJECTION, "answers STARTTLS with 454", {"STARTTLS": [refuse_behind("454 4.7.0 no")]},
     "error"),
    (INJECTION, "answers STARTTLS with 421", {"STARTTLS": [with_input(*GONE)]}, "error"),
    (INJECTION, "hangs up on the command", {"STARTTLS": [with_input(send("220 go"), close)]},
     "pass"),
    (INJECTION, "hangs up at once", {"STARTTLS": [with_input(close)]}, "pass"),
    (INJECTION, "falls silent", {"STARTTLS": [with_input(send("220 go"), hang)]}, "error"),
    (INJECTION, "falls silent inside TLS",
     {"STARTTLS": [with_input(send("220 go"), handshake(), hang)]}, "error"),
    (INJECTION, "answers in plaintext",
     {"STARTTLS": [with_input(send("220 go", "250 2.0.0 Ok"), handshake())]}, "pass"),
    (INJECTION, "has 221 in the reply to the command",
     {"STARTTLS": [send("220 go"), keep_input], "tls NOOP": [send("250 2.0.0 221 of them")]},
     "fail"),
    (INJECTION, "goes on behind the reply to QUIT",
     {"tls QUIT": [send("221 2.0.0 bye"), sleep(0.2), send("250 2.0.0 Ok"), hang]}, "error"),
    (STATE, "takes no MAIL before TLS", {}, "pass"),
    (STATE, "forgets", {"MAIL": TAKEN}, "pass"),
    (STATE, "remembers until RSET",
     {"MAIL": [begin], "tls RCPT": [remembering], "tls RSET": [end]}, "fail"),
    (STATE, "takes the recipient", {"MAIL": [begin], "tls RSET": [end], "tls RCPT": [
        lambda conversation: conversation.run(
            TAKEN if getattr(conversation, "transaction", False) else BAD_SEQUENCE)]}, "fail"),
    (STATE, "takes every recipient", {"MAIL": TAKEN, "tls RCPT": TAKEN}, "error"),
    (STATE, "says 451 to MAIL", {"MAIL": [send("451 4.7.1 greylisted")]}, "error"),
    (STATE, "says 421 to MAIL", {"MAIL": GONE}, "error"),
    (STATE, "says 421 to RCPT", {"MAIL": TAKEN, "tls RCPT": GONE}, "error"),
    (STATE, "falls silent on RCPT", {"MAIL": TAKEN, "tls RCPT": [hang]}, "error"),
    (REQUIRED, "requires TLS", {}, "pass"),
    (REQUIRED, "takes MAIL", {"MAIL": TAKEN}, "fail"),
    (REQUIRED, "takes AUTH", {"AUTH": [send("334 ")], "*": [send("501 5.7.0 cancelled")]}, "fail"),
    (REQUIRED, "refuses AUTH with 538", {"AUTH": [send("538 5.7.11 encryption required")]},
     "pass"),
    (REQUIRED, "refuses AUTH with 503", {"AUTH": [send("503 5.5.1 not enabled")]}, "pass"),
    (REQUIRED, "refuses AUTH for now", {"AUTH": [send("454 4.7.0 not now")]}, "error"),
    (REQUIRED, "refuses MAIL for another reason", {"MAIL": [send("550 5.7.1 not you")]}, "error"),
    (REQUIRED, "says 421 to MAIL", {"MAIL": GONE}, "error"),
    (REQUIRED, "does not keep step", {"QUIT": NEED_TLS}, "error"),
    (REQUIRED, "falls silent on AUTH", {"AUTH": [hang]}, "error"),
]


@pytest.mark.parametrize("name, stages, verdict", [(row[0], *row[2:]) for row in SERVERS],
                         ids=[f"{row[0]}: {row[1]}" for row in SERVERS])
def test_a_server_that(name, stages, verdict, gate, scripted, certificates):
    server = scripted({**STRICT, **stages})
    outcome = gate(checklist(server.port, [{"assert": "tls.handshake"}, {"assert": name}],
                             certificates.ca_file, limits={"reply_timeout": "700ms"}))
    assert outcome.verdicts == {"tls.handshake": "pass", name: verdict}, outcome
    assert b"DATA" not in server.received


def test_a_submission_postfix(gate, postfix, certificates):
    outcome = gate(checklist(postfix.ports["submission"], [{"assert": name} for name in NAMES],
                             certificates.ca_file))
    assert outcome.status == 0, outcome


def test_a_public_mx(gate, postfix, certificates):
    """It takes mail without TLS, and so it may."""
    outcome = gate(checklist(postfix.ports["mx"], [{"assert": name} for name in NAMES],
                             certificates.ca_file))
    assert outcome.verdicts == {INJECTION: "pass", STATE: "pass", REQUIRED: "fail"}, outcome


def test_one_that_dies_between_control_and_probe(gate, scripted, certificates):
    def die(conversation):
        if len(conversation.server.conversations) > 1:
            raise Ended
    server = scripted({**STRICT, "banner": [die, send("220 here")]})
    outcome = gate(checklist(server.port, [{"assert": name} for name in NAMES],
                             certificates.ca_file, limits={"connections": 1}))
    assert outcome.status == 3, outcome
    assert set(outcome.verdicts.values()) <= {"error", "skipped"}, outcome
