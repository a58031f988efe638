# SPDX-License-Identifier: GPL-3.0-or-later
"""The broken servers of SMTP (test_bad_servers.py) in the other protocols: none hangs the gate, none
passes, each cause is reported once."""

import time

import pytest

from checklists import DIALOGUE, checklist, target
from servers.scripted import (close, drip, endless, handshake, hang, past_tls, raw, reset, send,
                              sleep, wait_for_bytes)
from servers.speeches import SPEECHES, Ftp, Imap, Pop3, Sieve, say
from test_bad_servers import (ALERT_HANDSHAKE_FAILURE, ALERT_INTERNAL_ERROR, HOSTILE, LONGEST_RUN,
                              check_reported_once)

FAIL, ERROR = ("fail", 1), ("error", 3)


def rows_for(speech, implicit=False):
    """What is asserted of the dialogue in that protocol."""
    left = [row for row in DIALOGUE if speech is not Ftp or
            (not row["assert"].startswith("auth.") and
             row["assert"] != "starttls.not_reoffered")]
    return [row for row in left if not implicit or
            (row["assert"].split(".")[0] not in ("ehlo", "starttls") and
             row["assert"] != "auth.not_before_tls")]


def stray(speech):
    def step(conversation):
        """Says something in plaintext to the hello, and answers that behind it."""
        hello = conversation.receive_raw()
        conversation.write_raw((speech.injected + "\r\n").encode())
        conversation.start_tls(conversation.server.context, early=hello)
    return step


def faults(s):
    """Rows as in test_bad_servers.py: what is wrong, stages, carrier, verdict and status."""
    hello, inside, go = s.hello, "tls " + s.hello, [say(s.ok)]
    yield "says nothing at all", {"banner": [hang]}, "connection.greeting", *ERROR
    yield "resets at once", {"banner": [sleep(0.1), reset]}, "connection.greeting", *ERROR
    yield "closes at once", {"banner": [close]}, "connection.greeting", *ERROR
    yield "greets in another protocol", {"banner": [send("SSH-2.0-OpenSSH_9.2")]}, \
        "connection.greeting", *ERROR
    yield "greets with a line of 10 KB", {"banner": [send("* OK " + "x" * 10240)]}, \
        "connection.greeting", *ERROR
    yield "greets with a line that never ends", \
        {"banner": [raw(b"* OK " + b"x" * 300000), hang]}, "connection.greeting", *ERROR
    yield "greets with half a line", {"banner": [raw(b"+OK rea"), close]}, \
        "connection.greeting", *ERROR
    yield "drips its greeting", {"banner": [drip(b"220-x 220 x * OK +OK slowly", 0.5)]}, \
        "connection.greeting", *ERROR
    if s.refuses:
        yield "refuses in its greeting", {"banner": [send(s.refuses), hang]}, \
            "connection.greeting", *FAIL
        yield "refuses and closes", {"banner": [send(s.refuses), close]}, \
            "connection.greeting", *FAIL
        yield "sends terminal codes in its refusal", \
            {"banner": [send(s.refuses.encode() + b" " + HOSTILE)]}, "connection.greeting", *FAIL
    if s.leaves:
        yield "leaves instead of greeting", {"banner": [send(s.leaves), close]}, \
            "connection.greeting", *ERROR
        yield "leaves when asked for capabilities", {hello: [say(s.leaves), close]}, \
            "ehlo.accepted", *ERROR
        yield "leaves on STARTTLS", {s.starttls: [say(s.leaves), close]}, \
            "starttls.accepted", *ERROR
    yield "refuses to tell its capabilities", {hello: [say(s.no)]}, "ehlo.accepted", *FAIL
    yield "closes on that", {hello: [close]}, "ehlo.accepted", *ERROR
    yield "says nothing to that", {hello: [hang]}, "ehlo.accepted", *ERROR
    yield "answers that with half a reply", {hello: [say(s.stalls), hang]}, \
        "ehlo.accepted", *ERROR
    yield "answers that with half a line", {hello: [raw(b"* CAPAB"), close]}, \
        "ehlo.accepted", *ERROR
    yield "answers that without end", {hello: [endless(s.stalls)]}, "ehlo.accepted", *ERROR
    yield "answers that with a line of 10 KB", {hello: [send("x" * 10240)]}, \
        "ehlo.accepted", *ERROR
    yield "does not offer STARTTLS", {hello: s.offering(*s.lookalike[-1:])}, \
        "starttls.advertised", *FAIL
    yield "has STARTTLS as part of a word", {hello: s.offering(*s.lookalike)}, \
        "starttls.advertised", *FAIL
    yield "refuses STARTTLS", {s.starttls: [say(s.no)]}, "starttls.accepted", *FAIL
    yield "answers STARTTLS with a challenge", {s.starttls: [say(s.goes_on), hang]}, \
        "starttls.accepted", *(ERROR if s is Sieve else FAIL)
    yield "says nothing to STARTTLS", {s.starttls: [hang]}, "starttls.accepted", *ERROR
    yield "closes on STARTTLS", {s.starttls: [close]}, "starttls.accepted", *ERROR
    good = list(SPEECHES[s.name].good[s.starttls])
    yield "sends more than the yes", \
        {s.starttls: [say(s.ok, s.injected), *good[1:]]}, "starttls.clean_reply", *FAIL
    yield "sends one byte more than the yes", \
        {s.starttls: [*go, raw(b" "), *good[1:]]}, "starttls.clean_reply", *FAIL
    yield "sends a stray line before its part of the handshake", \
        {s.starttls: [*go, stray(s), *good[2:]]}, "starttls.clean_reply", *FAIL
    yield "closes after the yes", {s.starttls: [*go, close]}, "tls.handshake", *ERROR
    yield "resets after the yes", {s.starttls: [*go, wait_for_bytes, reset]}, \
        "tls.handshake", *ERROR
    yield "is silent after the yes", {s.starttls: [*go, hang]}, "tls.handshake", *ERROR
    yield "goes on in plaintext", \
        {s.starttls: [*go, wait_for_bytes, say(s.no), hang]}, "tls.handshake", *FAIL
    yield "answers our hello with an alert", \
        {s.starttls: [*go, wait_for_bytes, past_tls(ALERT_HANDSHAKE_FAILURE), close]}, \
        "tls.handshake", *FAIL
    yield "fails inside", \
        {s.starttls: [*go, wait_for_bytes, past_tls(ALERT_INTERNAL_ERROR), close]}, \
        "tls.handshake", *FAIL

    def inside_is(*steps):
        return {s.starttls: [*go, handshake(), *steps]} if s is Sieve else {inside: list(steps)}

    yield "refuses its capabilities inside TLS", inside_is(say(s.no)), "session.ehlo", *FAIL
    yield "closes inside TLS", inside_is(close), "session.ehlo", *ERROR
    yield "says nothing inside TLS", inside_is(hang), "session.ehlo", *ERROR
    yield "sends plaintext inside TLS", \
        inside_is(past_tls(s.injected.encode() + b"\r\n"), hang), "session.ehlo", *ERROR
    yield "never ends its capabilities inside TLS", inside_is(endless(s.stalls)), \
        "session.ehlo", *ERROR
    if s is Ftp:
        return
    yield "offers STARTTLS again inside TLS", \
        inside_is(*s.offering(*s.plain[-1 if s is Sieve else 0:][:1], *s.inside)), \
        "starttls.not_reoffered", *FAIL
    yield "offers a login before TLS", {hello: s.offering(*s.exposed)}, \
        "auth.not_before_tls", *FAIL
    yield "offers no login inside TLS", inside_is(*s.offering(*s.lookalike[:1])), \
        "auth.mechanisms", *FAIL
    yield "refuses the login", {"tls " + s.login: [say(s.bad_password)]}, "auth.login", *FAIL
    yield "puts the login off", {"tls " + s.login: [say(s.later)]}, "auth.login", *ERROR
    yield "closes on the login", {"tls " + s.login: [close]}, "auth.login", *ERROR
    yield "says nothing to the login", {"tls " + s.login: [hang]}, "auth.login", *ERROR
    yield "never ends the login", {"tls " + s.login: [say(s.goes_on), say(s.goes_on), hang]}, \
        "auth.login", *ERROR


ALL = [(s, *row) for s in SPEECHES.values() for row in faults(s)]

# Faults that one protocol alone can have.
OWN = [
    (Imap, "lets everybody in", {"banner": [send("* PREAUTH welcome")]},
     "connection.greeting", *FAIL),
    (Imap, "greets with a tag", {"banner": [send("a1 OK ready")]}, "connection.greeting", *ERROR),
    (Imap, "greets with NO", {"banner": [send("* NO")]}, "connection.greeting", *ERROR),
    (Imap, "answers with another's tag", {"CAPABILITY": [say("* CAPABILITY STARTTLS", "g9 OK")]},
     "ehlo.accepted", *ERROR),
    (Imap, "says OK and lists nothing", {"CAPABILITY": [say("TAG OK")]}, "ehlo.accepted", *ERROR),
    (Imap, "lists two things", {"CAPABILITY": [say("* CAPABILITY STARTTLS LOGINDISABLED",
                                                   "* CAPABILITY IMAP4rev1", "TAG OK")]},
     "ehlo.accepted", *ERROR),
    (Imap, "answers before it is asked",
     {"banner": [send("* OK ready", "* CAPABILITY STARTTLS LOGINDISABLED", "g1 OK done")]},
     "ehlo.accepted", *ERROR),
    (Imap, "announces 4 GB", {"CAPABILITY": [say("* CAPABILITY {4294967296}"), hang]},
     "ehlo.accepted", *ERROR),
    (Imap, "announces 4 GB inside TLS",
     {"tls CAPABILITY": [say("* CAPABILITY {4294967295}"), hang]}, "session.ehlo", *ERROR),
    (Imap, "lists 1 MB", {"CAPABILITY": [raw(b"* CAPABILITY" + b" STARTTLS" * 120000), hang]},
     "ehlo.accepted", *ERROR),
    (Imap, "tells literals without end",
     {"CAPABILITY": [raw(b"* X {60000}\r\n" + b"y" * 60000 + b"\r\n"), endless("* OK x")]},
     "ehlo.accepted", *ERROR),
    (Imap, "answers STARTTLS with BAD", {"STARTTLS": [say("TAG BAD what")]},
     "starttls.accepted", *FAIL),
    (Imap, "answers STARTTLS with a literal of 4 GB", {"STARTTLS": [say("* X {9999999999}")]},
     "starttls.accepted", *ERROR),
    (Imap, "lets LOGIN in the clear", {"CAPABILITY": Imap.offering("STARTTLS")},
     "auth.not_before_tls", *FAIL),
    (Imap, "answers the login with another's tag",
     {"tls AUTHENTICATE": [say("g1 OK welcome"), hang]}, "auth.login", *ERROR),
    (Imap, "answers the login with BAD", {"tls AUTHENTICATE": [say("TAG BAD no")]},
     "auth.login", *FAIL),
    (Imap, "leaves on the login", {"tls AUTHENTICATE": [say("* BYE"), close]},
     "auth.login", *ERROR),
    (Pop3, "has an APOP stamp", {"banner": [send("+OK <1.2@mail.example.test>")]},
     "auth.not_before_tls", *FAIL),
    (Pop3, "takes USER in the clear", {"CAPA": Pop3.offering("STLS", "USER")},
     "auth.not_before_tls", *FAIL),
    (Pop3, "greets and goes on with a list", {"banner": [send("+OK", "1 100", "2 200", ".")]},
     "ehlo.accepted", *ERROR),
    (Pop3, "never ends its list", {"CAPA": [say("+OK", "STLS"), hang]}, "ehlo.accepted", *ERROR),
    (Pop3, "puts STLS off", {"STLS": [say("-ERR [SYS/TEMP] later")]}, "starttls.accepted", *FAIL),
    (Sieve, "greets without a list", {"banner": [send("OK ready")]}, "connection.greeting",
     *ERROR),
    (Sieve, "greets with a literal of 4 GB", {"banner": [send('"SASL" {4294967296}'), hang]},
     "connection.greeting", *ERROR),
    (Sieve, "lists nothing behind STARTTLS", {"STARTTLS": [say("OK"), handshake(), say("OK")]},
     "session.ehlo", *ERROR),
    (Sieve, "is mute behind STARTTLS", {"STARTTLS": [say("OK"), handshake()]},
     "session.ehlo", *ERROR),
    (Ftp, "answers AUTH TLS with 334", {"AUTH": [say("334 go"), hang]}, "starttls.accepted",
     *FAIL),
    (Ftp, "answers AUTH TLS with 220", {"AUTH": [say("220 go"), handshake()]},
     "starttls.accepted", *FAIL),
    (Ftp, "waits in its greeting and no more", {"banner": [send("120 wait"), hang]},
     "connection.greeting", *ERROR),
]


@pytest.fixture
def judged(gate, certificates):
    def judge(server, speech, rows=None, **members):
        return gate(checklist(target(server.port, protocol=speech.name, **members),
                              rows or rows_for(speech, members.get("tls") == "implicit"),
                              certificates.ca_file))
    return judge


@pytest.mark.parametrize("speech", SPEECHES.values(), ids=SPEECHES)
@pytest.mark.parametrize("packet", [None, 1])
@pytest.mark.parametrize("implicit", [False, True], ids=["starttls", "implicit"])
def test_a_good_server(speech, packet, implicit, judged, scripted):
    stages = {"banner": speech.offering(*speech.inside)} if speech is Sieve and implicit else {}
    if implicit:
        stages = {**stages, **{name[4:]: steps for name, steps in speech.good.items()
                               if name.startswith("tls ")}}
        if speech is Sieve:
            stages["tls CAPABILITY"] = speech.offering(*speech.inside)
    server = scripted(stages, speech=speech, packet=packet, implicit=implicit)
    outcome = judged(server, speech, tls="implicit" if implicit else "starttls")
    assert outcome.status == 0 and not outcome.having("fail", "error", "skipped"), outcome.text
    assert b"correct horse" not in outcome.report, outcome.text


@pytest.mark.parametrize("speech, stages, carrier, verdict, status",
                         [(row[0], *row[2:]) for row in ALL + OWN],
                         ids=[f"{row[0].name} {row[1]}" for row in ALL + OWN])
def test_a_server_that(speech, stages, carrier, verdict, status, judged, scripted):
    server = scripted(stages, speech=speech)
    begin = time.monotonic()
    outcome = judged(server, speech)
    assert time.monotonic() - begin < LONGEST_RUN
    check_reported_once(outcome, carrier, verdict, status)


def rewritten(speech, old, new):
    """The reply with the capabilities before TLS, with other bytes in it."""
    def step(conversation):
        written = []
        conversation.write, write = written.append, conversation.write
        conversation.run(speech.good[speech.hello])
        conversation.write = write
        conversation.write(b"".join(written).replace(old, new))
    return step


STARTS = {"imap": b"STARTTLS", "pop3": b"STLS", "sieve": b'"STARTTLS"', "ftp": b" AUTH TLS"}

# What may be odd and is clear: the bytes that are changed, by protocol.
LEGAL = [
    ("writes capabilities in lower case", lambda s: rewritten(
        s, STARTS[s.name], STARTS[s.name].lower()), SPEECHES),
    ("ends its lines with a bare LF", lambda s: rewritten(s, b"\r\n", b"\n"), SPEECHES),
    ("has more behind STARTTLS", lambda s: rewritten(
        s, STARTS[s.name], STARTS[s.name] + b" REQUIRED"), ("imap", "pop3")),
    ("announces a string", lambda s: rewritten(s, b'"STARTTLS"', b"{8}\r\nSTARTTLS"), ("sieve",)),
    ("says more of its state", lambda s: rewritten(
        s, b"* CAPA", b"* OK [ALERT] x\r\n* 2 EXISTS\r\n* X {4}\r\n\r\n\r\n\r\n* CAPA"), ("imap",)),
    ("has many capabilities", lambda s: rewritten(
        s, b"UIDL\r\n", b"".join(b"X-%d\r\n" % n for n in range(100))), ("pop3",)),
]


@pytest.mark.parametrize("speech, change", [(SPEECHES[name], row[1]) for row in LEGAL
                                            for name in row[2]],
                         ids=[f"{name} {row[0]}" for row in LEGAL for name in row[2]])
def test_a_good_server_that(speech, change, judged, scripted):
    server = scripted({speech.hello: [change(speech)]}, speech=speech)
    outcome = judged(server, speech)
    assert outcome.status == 0, outcome.text
    assert outcome.having("fail", "error", "skipped") == [], outcome.text


# What some clients take for a capability and others do not.
HIDDEN = [b"X\tAUTH=PLAIN", b"X\0AUTH=PLAIN", b"AUTH:PLAIN", b"STARTTLS,", b"\x7fSASL"]


@pytest.mark.parametrize("hidden", HIDDEN, ids=repr)
@pytest.mark.parametrize("name", ["imap", "pop3", "ftp"])
def test_what_is_offered_is_not_known(name, hidden, judged, scripted):
    speech, start = SPEECHES[name], STARTS[name]
    blank = b" " if speech is Imap else b"\r\n " if speech is Ftp else b"\r\n"
    server = scripted({speech.hello: [rewritten(speech, start, start + blank + hidden)]},
                      speech=speech)
    rows = [{"assert": "starttls.advertised"},
            {"assert": "ehlo.excludes", "capabilities": ["AUTH=PLAIN"]}]
    outcome = judged(server, speech, rows)
    assert outcome.having("error") == ["ehlo.accepted"], outcome.text
    assert outcome.having("pass", "fail") == [], outcome.text


@pytest.mark.parametrize("speech", SPEECHES.values(), ids=SPEECHES)
@pytest.mark.parametrize("stage", ["banner", "hello"])
def test_a_bare_line_feed(speech, stage, judged, scripted):
    stages = {"hello": {speech.hello: [rewritten(speech, b"\r\n", b"\n")]},
              "banner": {"banner": [raw(f"{speech.greets}\n".encode())]}}[stage]
    if speech is Sieve and stage == "banner":
        stages = {"banner": [raw(b'"STARTTLS"\nOK\r\n')]}
    outcome = judged(scripted(stages, speech=speech), speech,
                     [{"assert": "connection.line_endings"}])
    assert outcome.verdicts == {"connection.line_endings": "fail"}, outcome.text
    where = "the greeting" if stage == "banner" else f"the reply to {speech.hello}"
    assert where in outcome.cases["connection.line_endings"].message, outcome.text


@pytest.mark.parametrize("speech", SPEECHES.values(), ids=SPEECHES)
def test_hostile_bytes_reach_no_output_as_they_are(speech, judged, scripted):
    greets = (speech.greets or '"X" "y"').encode()
    server = scripted({"banner": [send(greets + b" " + HOSTILE)],
                       speech.hello: [send(HOSTILE, b"::error::mine"), hang]}, speech=speech)
    outcome = judged(server, speech)
    assert outcome.status in (1, 3), outcome.text
    for text in (outcome.stdout, outcome.stderr):
        assert "\x1b" not in text and "\0" not in text and "\x9b" not in text
        assert "##[" not in text
        assert not any(line.lstrip().startswith("::") for line in text.splitlines())


@pytest.mark.parametrize("stages", [
    {"banner": [send("220 in the clear"), hang]},
    {"banner": [wait_for_bytes, past_tls(ALERT_HANDSHAKE_FAILURE), close]}])
@pytest.mark.parametrize("speech", SPEECHES.values(), ids=SPEECHES)
def test_a_server_that_wants_tls_at_once(speech, stages, judged, scripted):
    server = scripted(stages, speech=speech)
    rows = [row for row in rows_for(speech, True) if row["assert"] != "connection.greeting"]
    outcome = judged(server, speech, rows, tls="implicit")
    check_reported_once(outcome, "tls.handshake", *FAIL)
