# SPDX-License-Identifier: GPL-3.0-or-later
"""session.dialogue: steps of one's own, on each protocol that has a dialogue."""

import pytest

import gate as gate_module
from checklists import checklist, target
from servers import dovecot
from servers.scripted import close, endless, hang, raw, send, speaking_lmtp
from servers.speeches import Ftp, Imap, Pop3, Sieve, say

NOOP = {"send": "NOOP", "expect": "250"}
SECRET = {"send": "XLOGIN gate ${password}", "expect": "250"}


def steps(*rows, **members):
    return {"assert": "session.dialogue", "steps": list(rows), **members}


def step(command, expect):
    return {"send": command, "expect": expect}


@pytest.fixture
def judged(gate, certificates):
    def judge(port, *rows, protocol="smtp", patience="1s", **members):
        return gate(checklist(target(port, protocol=protocol, **members), list(rows),
                              certificates.ca_file, {"reply_timeout": patience}))
    return judge


def verdict(outcome):
    case = outcome.cases["session.dialogue"]
    return case.verdict, case.type and case.type.removeprefix("starttls-gate.")


@pytest.mark.parametrize("expect, wanted", [
    ("250", ("pass", None)),
    ("251", ("fail", "DialogueMismatch")),
    ("2.0.0 yes", ("pass", None)),
    ("/^250 2[.]0[.]0 /", ("pass", None)),
    ("/^2.0.0/", ("fail", "DialogueMismatch")),
], ids=["code", "other code", "text", "pattern", "other pattern"])
def test_what_is_expected(expect, wanted, judged, scripted):
    outcome = judged(scripted().port, steps(step("NOOP", expect)))
    assert verdict(outcome) == wanted, outcome.text


@pytest.mark.parametrize("stage, wanted", [
    ([send("500 what")], ("fail", "DialogueMismatch")),
    ([send("450 later")], ("fail", "DialogueMismatch")),
    ([send("421 bye"), close], ("error", "Undecided")),
    ([close], ("error", "NoProof")),
    ([hang], ("error", "NoProof")),
    ([raw(b"2")], ("error", "NoProof")),
    ([send("what")], ("error", "NoProof")),
    ([endless("250-more")], ("error", "NoProof")),
    ([send("250 yes", "250 yes")], ("error", "NoProof")),
], ids=["refused", "put off", "leaves", "closes", "silent", "half a reply", "no reply", "endless",
        "answers twice"])
def test_a_server_that_does_not_go_along(stage, wanted, judged, scripted):
    outcome = judged(scripted({"tls NOOP": stage}).port, steps(NOOP))
    assert verdict(outcome) == wanted, outcome.text


def test_it_ends_at_the_first_mismatch(judged, scripted):
    server = scripted()
    outcome = judged(server.port, steps(step("RSET", "250"), step("NOOP", "251"), step("HELP", "214")))
    case = outcome.cases["session.dialogue"]
    assert 'step 2 ("NOOP"): the server answered "250 2.0.0 yes", not 251' in case.message
    assert b"HELP" not in server.received


def test_a_command_goes_on(judged, scripted):
    body = "Subject: x\r\n\r\n..\r\n."
    taken = []

    def data(conversation):
        conversation.write(b"354 go on\r\n")
        while not taken or taken[-1] != ".":
            taken.append(conversation.read_line())
        conversation.write(b"250 queued\r\n")
    server = scripted({"tls DATA": [data]})
    outcome = judged(server.port, steps(step("DATA", "354"), step(body, "queued")))
    assert verdict(outcome) == ("pass", None), outcome.text
    assert taken == ["Subject: x", "", "..", "."]


def test_before_tls(judged, scripted):
    server = scripted({"NOOP": [send("250 in the clear")]})
    outcome = judged(server.port, steps(step("NOOP", "in the clear"), before_tls=True))
    assert verdict(outcome) == ("pass", None), outcome.text


@pytest.mark.parametrize("rows, members, reason", [
    ([step("NOOP", "/(/")], {}, "this is not a regular expression"),
    ([step("NOOP", "/(a)\\1/")], {}, "cannot refer back"),
    ([step("NOOP", "/" + "a" * 1001 + "/")], {}, "more than 1000 bytes"),
    ([step("NOOP", "")], {}, '"expect" is empty'),
    ([{"send": "NOOP"}], {}, '"steps" needs "expect"'),
    ([{**NOOP, "expects": "250"}], {}, 'unknown key "expects" in "steps"'),
    (["NOOP"], {}, '"steps" must be an object'),
    ([], {}, '"steps" is empty'),
    ([NOOP] * 65, {}, "more than 64"),
    ([step("NOOP\nQUIT", "250")], {}, "LF without CR"),
    ([step("NOOP\rQUIT", "250")], {}, "CR without LF"),
    ([SECRET], {"before_tls": True}, "a secret is never sent before TLS"),
    ([step("X ${pasword}", "250")], {}, 'the variable "pasword" is not defined'),
    ([step("X", "${password}")], {}, 'the secret "password" cannot be used here'),
])
def test_mistakes_of_a_checklist(rows, members, reason, gate, certificates):
    outcome = gate(checklist(2525, [steps(*rows, **members)], certificates.ca_file))
    assert outcome.status == 2 and reason in outcome.stderr, outcome.text
    assert "test.json:" in outcome.stderr


def test_a_secret_of_two_lines_is_refused(gate, certificates):
    outcome = gate(checklist(2525, [steps(SECRET)], certificates.ca_file),
                   env={"SMTP_PASSWORD": "one\r\nQUIT"})
    assert outcome.status == 2 and "more than one line" in outcome.stderr, outcome.text
    assert "QUIT" not in outcome.stderr


@pytest.mark.parametrize("reply", ["250 gate is {}", "550 who is {}?"])
def test_secrets_show_nowhere(reply, judged, scripted):
    words = gate_module.PASSWORD[::-1]
    server = scripted({"tls XLOGIN": [send(reply.format(words))]})
    outcome = judged(server.port, steps(SECRET, step("NOOP", "999")))
    assert verdict(outcome) == ("fail", "DialogueMismatch"), outcome.text
    assert b"XLOGIN gate correct horse\r\n" in server.received
    assert gate_module.PASSWORD not in outcome.text and words not in outcome.text
    assert "XLOGIN gate [password]" in outcome.text


def test_no_secret_to_an_untrusted_server(judged, scripted, certificates):
    server = scripted({}, certificates.context("foreign"))
    outcome = judged(server.port, steps(NOOP, SECRET))
    assert outcome.verdicts == {"session.dialogue": "skipped", "certificate.trusted": "fail"}, \
        outcome.text
    assert b"XLOGIN" not in server.received


def test_what_is_not_secret_goes_to_any_server(judged, scripted, certificates):
    outcome = judged(scripted({}, certificates.context("foreign")).port, steps(NOOP))
    assert verdict(outcome) == ("pass", None), outcome.text


def test_lmtp(judged, scripted):
    outcome = judged(scripted(speaking_lmtp()).port, steps(NOOP), protocol="lmtp")
    assert verdict(outcome) == ("pass", None), outcome.text


def test_refused_where_nothing_is_said(gate, certificates):
    outcome = gate(checklist(target(443, protocol="tls", tls="implicit"), [steps(NOOP)],
                             certificates.ca_file))
    assert outcome.status == 2 and "nothing but TLS is known" in outcome.stderr
    outcome = gate(checklist(target(465, tls="implicit"), [steps(NOOP, before_tls=True)],
                             certificates.ca_file))
    assert outcome.status == 2 and "where TLS starts with the first byte" in outcome.stderr


@pytest.mark.parametrize("speech, stages, rows", [
    (Imap, {"tls NOOP": [say("* 3 EXISTS", "TAG OK done")]},
     [step("NOOP", "OK"), step("NOOP", "/^[*] 3 EXISTS$/"), step("XWHAT", "BAD")]),
    (Imap, {"tls X": [say("+ more"), lambda conversation: conversation.read_line(),
                      say("TAG OK done")]}, [step("X", "+"), step("data", "OK")]),
    (Pop3, {"tls LIST": [say("+OK", "1 100", "..", ".")], "tls RETR": [say("-ERR none")]},
     [step("LIST", "1 100"), step("RETR 1", "-ERR"), step("XWHAT", "-ERR")]),
    (Pop3, {"tls LIST": [say("+OK 1 100")], "tls UIDL": [say("+OK 1 x")]},
     [step("LIST 1", "1 100"), step("uidl 1", "1 x")]),
    (Sieve, {"tls NOOP": [say('OK (TAG "x") "done"')]},
     [step('NOOP "x"', 'TAG "x"'), step("XWHAT", "NO")]),
    (Ftp, {"tls PBSZ": [say("200 yes")]}, [step("PBSZ 0", "200"), step("XWHAT", "502")]),
], ids=["imap", "imap goes on", "pop3", "pop3 with arguments", "sieve", "ftp"])
def test_each_protocol(speech, stages, rows, judged, scripted):
    server = scripted(stages, speech=speech)
    outcome = judged(server.port, steps(*rows), protocol=speech.name)
    assert verdict(outcome) == ("pass", None), outcome.text


DOVECOT = {
    "imap": [step('LOGIN gate "${password}"', "OK"), step("SELECT INBOX", "/^[*] 0 EXISTS/"),
             step("SELECT Absent", "NO")],
    "pop3": [step("USER gate", "+OK"), step("PASS ${password}", "+OK"), step("LIST", "+OK"),
             step("RETR 1", "-ERR")],
    "sieve": [step('NOOP "x"', 'TAG "x"'), step("LISTSCRIPTS", "NO")],
    "lmtp": [step("MAIL FROM:<>", "250"), step("RCPT TO:<gate>", "/^250 2[.]1[.]5 /")],
}


@pytest.mark.parametrize("protocol", DOVECOT)
def test_dovecot(protocol, judged, shared_directory, certificates, tmp_path_factory):
    if not dovecot.has_mailboxes():
        pytest.skip("Dovecot with POP3, ManageSieve and LMTP is not there, or this is not root")
    directory = shared_directory / tmp_path_factory.mktemp("dialogue").name
    with dovecot.mailboxes(directory, certificates.identities["good"], gate_module.USERNAME,
                           gate_module.PASSWORD) as ports:
        outcome = judged(ports[protocol], steps(*DOVECOT[protocol]), protocol=protocol,
                         patience="9s")
    assert verdict(outcome) == ("pass", None), outcome.text
    assert gate_module.PASSWORD not in outcome.text
