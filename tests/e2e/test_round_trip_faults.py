# SPDX-License-Identifier: GPL-3.0-or-later
"""A message through servers that are scripted: what they can do wrong on the way of it, and in the
mailbox."""

import re
import time

import pytest

import gate as gate_module
from checklists import checklist, target
from servers.fake_mailbox import ID, FakeMailbox
from servers.scripted import close, endless, handshake, hang, raw, send
from servers.speeches import pop3_auth, say
from test_protocols import MEMORY_MAX, peak_memory

BOX, FROM = "gate-box", "gate@example.test"


def trip(port, protocol="imap", box=(), **members):
    mailbox = {"protocol": protocol, "host": gate_module.HOST, "address": "127.0.0.1", "port": port,
               "tls": "implicit", "username": gate_module.USERNAME, "password": "${password}"}
    return {"assert": "mail.round_trip", "from": FROM, "to": "box@example.test", "within": "2s",
            "mailbox": {**mailbox, **dict(box)}, **members}


@pytest.fixture
def world(gate, certificates, scripted):
    """A server and a mailbox, with stages of their own; gives the outcome."""
    class World:
        box = FakeMailbox()

        def __call__(self, smtp=None, protocol="imap", mailbox=None, implicit=True, members=(),
                     limits=(), **row):
            self.server = scripted(self.box.smtp(**(smtp or {})))
            speech = self.box.serving(None, protocol).speech
            self.reader = scripted(getattr(self.box, protocol)(**(mailbox or {})), speech=speech,
                                   implicit=implicit)
            tls = "implicit" if implicit else "starttls"
            assertion = trip(self.reader.port, protocol, {"tls": tls, **dict(members)}, **row)
            return gate(checklist(target(self.server.port, ehlo_name="gate.example.test"),
                                  [assertion], certificates.ca_file,
                                  {"deadline": "25s", **dict(limits)}), timeout=40)
    return World()


def found(outcome):
    case = outcome.cases["mail.round_trip"]
    return case.verdict, case.type and case.type.removeprefix("starttls-gate.")


@pytest.mark.parametrize("protocol", ["imap", "pop3"])
def test_all_is_well(protocol, world):
    outcome = world(protocol=protocol)
    assert found(outcome) == ("pass", None), outcome.text
    assert not world.box.messages and world.box.taken == 1
    assert gate_module.PASSWORD not in outcome.text


@pytest.mark.parametrize("stages, wanted", [
    ({"tls_MAIL": [send("550 5.7.1 no")]}, ("fail", "MessageRefused")),
    ({"tls_RCPT": [send("550 5.1.1 who")]}, ("fail", "MessageRefused")),
    ({"tls_RCPT": [send("552 5.2.2 full")]}, ("fail", "MailboxFull")),
    ({"tls_RCPT": [send("452 4.2.2 full")]}, ("fail", "MailboxFull")),
    ({"tls_RCPT": [send("450 4.2.0 later")]}, ("error", "Greylisted")),
    ({"tls_MAIL": [send("451 4.7.1 later")]}, ("error", "Greylisted")),
    ({"tls_RCPT": [send("421 4.3.2 bye"), close]}, ("error", "Greylisted")),
    ({"tls_DATA": [send("554 5.7.1 no")]}, ("fail", "MessageRefused")),
    ({"tls_DATA": [send("250 what?")]}, ("error", "NoProof")),
    ({"tls_MAIL": [close]}, ("error", "NoProof")),
    ({"tls_RCPT": [hang]}, ("error", "NoProof")),
    ({"tls_MAIL": [send("250 yes", "250 yes")]}, ("error", "NoProof")),
], ids=["sender", "recipient", "full", "full for now", "greylisted", "greylisted at MAIL", "leaves",
        "DATA", "no 354", "closes", "silent", "answers twice"])
def test_a_server_that_does_not_take_it(stages, wanted, world):
    outcome = world(stages)
    assert found(outcome) == wanted, outcome.text
    assert world.box.taken == 0 and b"DELETE" not in world.reader.received.upper()


def after_data(*steps):
    return lambda world: {"tls_DATA": [world.box.take, *steps]}


@pytest.mark.parametrize("stages, wanted", [
    (after_data(send("554 5.7.1 no")), ("fail", "MessageRefused")),
    (after_data(send("552 5.3.4 too large")), ("fail", "MailboxFull")),
    (after_data(send("451 4.7.1 later")), ("error", "Greylisted")),
    (after_data(close), ("error", "Unconfirmed")),
    (after_data(hang), ("error", "Unconfirmed")),
    (after_data(send("what?")), ("error", "Unconfirmed")),
    (after_data(send("250 yes, thank you")), ("error", "HopUntold")),
], ids=["refused", "too large", "put off", "closes", "silent", "no reply", "tells no id"])
def test_behind_the_message(stages, wanted, world):
    outcome = world(stages(world))
    assert found(outcome) == wanted, outcome.text
    if wanted[1] in ("Unconfirmed", "HopUntold"):
        assert not world.box.messages


def test_it_is_sent_again_and_once(world):
    answers = iter(["450 4.2.0 later", "451 4.2.0 later"])
    outcome = world({"tls_RCPT": [lambda conversation: conversation.write(
        (next(answers, "250 yes") + "\r\n").encode())]}, within="8s")
    assert found(outcome) == ("pass", None), outcome.text
    tokens = set(re.findall(rb"X-Starttls-Gate-Token: (\w+)", world.server.received))
    assert world.box.taken == 1 and len(tokens) == 1
    assert len(world.server.conversations) >= 4  # the session, and each try


@pytest.mark.parametrize("answers, limits", [
    ([], {"retries": 2}),
    (["450 4.2.0 later"], {}),
], ids=["tried again", "put off before"])
def test_what_may_be_on_its_way_is_not_sent_again(answers, limits, world):
    left = iter(answers)
    outcome = world({
        "tls_RCPT": [lambda conversation: conversation.write(
            (next(left, "250 yes") + "\r\n").encode())],
        "tls_DATA": [world.box.take, close]}, limits=limits, within="3s")
    assert found(outcome) == ("error", "Unconfirmed"), outcome.text
    assert world.box.taken == 1


@pytest.mark.parametrize("received, wanted", [
    (f"with ESMTPSA id {ID}", ("pass", None)),
    (f"with esmtps (TLS1.3) tls X\r\n\t(Exim 4.96)\r\n\tid {ID}", ("pass", None)),
    (f"with Microsoft SMTP Server (version=TLS1_2, cipher=X) id {ID}", ("pass", None)),
    (f"with ESMTP id {ID}", ("fail", "HopWithoutTls")),
    (f"with HTTP id {ID}", ("error", "HopUntold")),
    (f"id {ID}", ("error", "HopUntold")),
    (f"with ESMTPS id {ID}0", ("error", "HopUntold")),
    ("with ESMTPS id queu", ("error", "HopUntold")),
    ("with ESMTPS", ("error", "HopUntold")),
], ids=["logged in", "Exim", "Exchange", "plain", "unknown", "nothing", "other id", "part of it",
        "no id"])
def test_what_the_hop_says(received, wanted, world):
    world.box.received = received
    assert found(world()) == wanted


def test_the_topmost_hop_is_not_ours(world):
    world.box.received = (f"with ESMTP id {ID}\r\nReceived: from other.example.test by x with ESMTPS "
                          "id 2")
    assert found(world()) == ("fail", "HopWithoutTls")


@pytest.mark.parametrize("protocol", ["imap", "pop3"])
@pytest.mark.parametrize("copies, wanted", [(0, "MessageLost"), (2, "MessageDuplicated")])
def test_copies(protocol, copies, wanted, world):
    world.box.copies = copies
    outcome = world(protocol=protocol)
    assert found(outcome) == ("fail", wanted), outcome.text
    assert not world.box.messages


def test_among_the_junk(world):
    world.box.to_junk = True
    world.box.capabilities = ("UIDPLUS", "SPECIAL-USE")
    outcome = world()
    assert found(outcome) == ("fail", "InJunk"), outcome.text
    assert not world.box.junk


@pytest.mark.parametrize("marked, wanted", [
    (set(), ("pass", None)),
    ({3}, ("error", "MessageLeft")),
], ids=["ours alone", "another too"])
def test_without_uidplus_nobody_elses_is_expunged(marked, wanted, world):
    world.box.capabilities = ()
    world.box.messages = {3: b"Subject: other\r\n\r\nx\r\n"}
    world.box.deleted = marked
    outcome = world()
    assert found(outcome) == wanted, outcome.text
    assert 3 in world.box.messages
    if marked:
        assert re.search("the message [0-9a-f]{32} could not be deleted", outcome.text)


NO = [say("TAG NO not now")]


@pytest.mark.parametrize("stages, wanted", [
    ({"tls_SELECT": NO}, ("error", "MailboxUnreadable")),
    ({"tls_SELECT": [say("* OK [UIDVALIDITY 1] x", "TAG OK done")]}, ("error", "MailboxUnreadable")),
    ({"tls_SELECT": [say("* BYE enough"), close]}, ("error", "MailboxUnreadable")),
    ({"tls_SELECT": [hang]}, ("error", "MailboxUnreadable")),
    ({"tls_SELECT": [say("* 1 EXISTS", "g99 OK other")]}, ("error", "MailboxUnreadable")),
    ({"tls_SELECT": [endless("* 1 EXISTS")]}, ("error", "MailboxUnreadable")),
    ({"tls_SELECT": [say("* X {4294967296}")]}, ("error", "MailboxUnreadable")),
    ({"tls_SELECT": [say("* X {-1}")]}, ("error", "MailboxUnreadable")),
    ({"tls_SELECT": [say("* X {1")]}, ("error", "MailboxUnreadable")),
    ({"tls_AUTHENTICATE": [say("TAG NO [AUTHENTICATIONFAILED] no")]}, ("error", "MailboxUnreadable")),
    ({"tls_AUTHENTICATE": [hang]}, ("error", "MailboxUnreadable")),
], ids=["NO", "no UIDNEXT", "BYE", "silent", "other tag", "endless", "4 GB", "negative", "unclosed",
        "wrong password", "silent at login"])
def test_a_mailbox_that_cannot_be_read(stages, wanted, world):
    outcome = world(mailbox=stages)
    assert found(outcome) == wanted, outcome.text
    assert world.box.taken == 0


@pytest.mark.parametrize("steps", [
    NO,
    [say("* 1 FETCH (UID 7 BODY[] {4294967296}")],
    [say("* 1 FETCH (UID 7 BODY[] {300000}"), raw(b"x" * 300000), say(")", "TAG OK done")],
    [endless("* 1 FETCH (UID 7)")],
    [say("* BYE enough"), close],
    [hang],
], ids=["NO", "4 GB", "too long", "endless", "BYE", "silent"])
def test_a_message_that_cannot_be_fetched_is_not_lost(steps, world):
    outcome = world(mailbox={"tls_UID": steps})
    assert found(outcome) == ("error", "MailboxUnreadable"), outcome.text


@pytest.mark.parametrize("steps", [
    [say("* 1 FETCH (UID 7 BODY[X] NIL)", "TAG OK done")],
    [say("* 1 FETCH (BODY[X] {1}", "x)", "TAG OK done")],
    [say("* 1 FETCH (UID 7 BODY[X", "TAG OK done")],
    [say("* 1 FETCH ((((((((((((((((((((", "TAG OK done")],
    [say("* SEARCH 7", "* 7 EXISTS", "* 7 EXPUNGE", "* FLAGS (\\Seen)", "* LIST () \"/\" INBOX",
         "* STATUS INBOX (MESSAGES 1)", "TAG OK done")],
    [say("TAG OK done")],
], ids=["NIL", "no UID", "unclosed", "nested", "other data", "nothing"])
def test_what_is_not_the_message_is_not_counted(steps, world):
    """Lines that tell of a mailbox without having been asked for."""
    outcome = world(mailbox={"tls_UID": steps})
    assert found(outcome) == ("fail", "MessageLost"), outcome.text


TAMPERED = ["* LIST () \"/\" INBOX", "* STATUS INBOX (UIDNEXT 1)", "* SEARCH 7", "* FLAGS ()",
            "* 7 EXISTS", "* 7 EXPUNGE", "* 7 FETCH (UID 7 BODY[] {3}\r\nabc)",
            "* OK [UIDNEXT 1] x", "* OK [UIDVALIDITY 9] x"]


@pytest.mark.parametrize("injected", TAMPERED)
def test_what_comes_before_tls_is_not_counted(injected, world):
    """The mailbox tampering of the EAST study: in front of the OK to STARTTLS, and behind it."""
    world.box.copies = 0
    stage = [say(injected, "TAG OK go on"), handshake()]
    outcome = world(mailbox={"STARTTLS": stage}, implicit=False)
    assert found(outcome) == ("fail", "MessageLost"), outcome.text
    stage = [say("TAG OK go on", injected), handshake()]
    outcome = world(mailbox={"STARTTLS": stage}, implicit=False)
    assert found(outcome) == ("fail", "MessageLost"), outcome.text


@pytest.mark.parametrize("injected", ["+OK 1 1000", "+OK\r\nSubject: x\r\n.", "-ERR no"])
def test_what_comes_before_tls_is_not_counted_by_pop3(injected, world):
    world.box.copies = 0
    stage = [say("+OK go on", injected), handshake()]
    outcome = world(protocol="pop3", mailbox={"STLS": stage}, implicit=False)
    assert found(outcome) == ("fail", "MessageLost"), outcome.text


def test_a_mailbox_that_was_made_anew(world):
    def take(conversation):
        world.box.take(conversation)
        world.box.validity = 2
    outcome = world({"tls_DATA": [take, send(f"250 {ID}")]})
    assert found(outcome) == ("error", "MailboxUnreadable"), outcome.text
    assert "UIDVALIDITY has changed" in outcome.text


@pytest.mark.parametrize("protocol, stages", [
    ("imap", {"tls_EXPUNGE": NO}),
    ("pop3", {"tls_DELE": [say("-ERR no")]}),
    ("pop3", {"tls_QUIT": [close]}),
], ids=["expunge", "DELE", "QUIT"])
def test_what_cannot_be_deleted_is_named(protocol, stages, world):
    world.box.capabilities = ()
    outcome = world(protocol=protocol, mailbox=stages)
    assert found(outcome) == ("error", "MessageLeft"), outcome.text
    token = re.search(rb"X-Starttls-Gate-Token: (\w+)", world.server.received)[1].decode()
    assert token in outcome.cases["mail.round_trip"].message
    assert "\nS: \n" not in outcome.text


@pytest.mark.parametrize("stages", [
    {"tls_STAT": [say("-ERR no")]},
    {"tls_STAT": [say("+OK many")]},
    {"tls_STAT": [hang]},
    {"tls_AUTH": [say("-ERR [IN-USE] later")]},
], ids=["-ERR", "no number", "silent", "in use"])
def test_pop3_that_cannot_be_read(stages, world):
    outcome = world(protocol="pop3", mailbox=stages)
    assert found(outcome) == ("error", "MailboxUnreadable"), outcome.text
    assert world.box.taken == 0


@pytest.mark.parametrize("stages", [
    {"tls_TOP": [endless("+OK")]},
    {"tls_TOP": [say("-ERR no")]},
    {"tls_RETR": [hang]},
    {"tls_RETR": [endless("+OK " + "x" * 3000)]},
], ids=["endless TOP", "no TOP", "silent RETR", "endless RETR"])
def test_pop3_messages_that_cannot_be_read(stages, world):
    outcome = world(protocol="pop3", mailbox=stages)
    assert found(outcome) == ("error", "MailboxUnreadable"), outcome.text


def test_the_mailbox_in_use_is_tried_again(world):
    turns = iter(["-ERR [IN-USE] later"])

    def auth(conversation):
        if world.box.taken and (busy := next(turns, None)):
            conversation.write(busy.encode() + b"\r\n")
        else:
            pop3_auth(conversation)
    outcome = world(protocol="pop3", mailbox={"tls_AUTH": [auth]}, within="4s")
    assert found(outcome) == ("pass", None), outcome.text


@pytest.mark.parametrize("stages, type_", [
    ({}, "NotRun"), ({"tls_RCPT": [send("450 4.2.0 later")]}, "Greylisted"),
], ids=["lost", "greylisted"])
def test_the_run_ends_first(stages, type_, world):
    world.box.copies = 0
    started = time.monotonic()
    outcome = world(stages, within="60s", limits={"deadline": "4s"})
    assert found(outcome) == ("error", type_), outcome.text
    assert time.monotonic() - started < 8


@pytest.mark.parametrize("members, reason", [
    ({"mailbox": "imap"}, '"mailbox" must be an object'),
    ({"mailbox": {"protocol": "imap"}}, '"mailbox" needs "host"'),
    ({"within": "60"}, "no span of time"),
    ({"within": "100ms"}, "of a second or more"),
], ids=["no object", "no host", "no unit", "too short"])
def test_mistakes_of_a_checklist(members, reason, gate, certificates):
    outcome = gate(checklist(2525, [{**trip(993), **members}], certificates.ca_file))
    assert outcome.status == 2 and reason in outcome.stderr, outcome.text


@pytest.mark.parametrize("members, reason", [
    ({"protocol": "smtp"}, "one of: imap, pop3"),
    ({"port": 70000}, "65535"),
    ({"hots": "x"}, 'unknown key "hots" in "mailbox"'),
    ({"password": "in the clear"}, "must be the reference to a secret"),
], ids=["protocol", "port", "unknown", "password"])
def test_mistakes_of_a_mailbox(members, reason, gate, certificates):
    outcome = gate(checklist(2525, [trip(993, box=members)], certificates.ca_file))
    assert outcome.status == 2 and reason in outcome.stderr, outcome.text
    assert "in the clear" not in outcome.stderr


@pytest.mark.skipif("san-" in str(gate_module.BINARY), reason="sanitizers take memory of their own")
@pytest.mark.parametrize("protocol, stages", [
    ("imap", {"tls_UID": [raw(b"* 1 FETCH (BODY[] {4294967295}\r\n"), endless("x" * 1000)]}),
    ("imap", {"tls_UID": [endless("* 1 FETCH (UID 7 BODY[] {65000}\r\n" + "y" * 65000 + ")")]}),
    ("imap", {"tls_UID": [endless("* 1 FETCH (UID 7 BODY[] \"" + "y" * 4000 + "\")")]}),
    ("pop3", {"tls_TOP": [say("+OK"), endless("X" * 4000)]}),
    ("pop3", {"tls_RETR": [say("+OK"), endless("X" * 4000)]}),
    ("pop3", {"tls_STAT": [say("+OK 4000000 1")], "tls_TOP": [say("+OK", *["X" * 4000] * 900, ".")]}),
], ids=["4 GB", "literals", "strings", "TOP", "RETR", "many"])
def test_what_is_too_much_takes_no_memory(protocol, stages, gate, scripted, certificates):
    box = FakeMailbox()
    server = scripted(box.smtp())
    speech = box.serving(None, protocol).speech
    reader = scripted(getattr(box, protocol)(**stages), speech=speech, implicit=True)
    path = gate.write(checklist(target(server.port), [trip(reader.port, protocol)],
                                certificates.ca_file, {"deadline": "20s"}))
    status, memory = peak_memory(path)
    assert status in (1, 3)
    assert memory < MEMORY_MAX, f"{memory} KiB"


@pytest.mark.parametrize("protocol, name", [("imap", "tls_EXPUNGE"), ("pop3", "tls_DELE")])
def test_what_was_deleted_though_nobody_said_so(protocol, name, world):
    """The server closes in place of the answer; another look shows that the message is gone."""
    def take_away(conversation):
        world.box.messages.clear()
        close(conversation)
    world.box.capabilities = ()
    outcome = world(protocol=protocol, mailbox={name: [take_away]})
    assert found(outcome) == ("pass", None), outcome.text
