# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers that are broken: none hangs the gate, none passes, each cause is reported once."""

import time

import pytest

import gate as gate_module
from checklists import DIALOGUE, IMPLICIT, checklist, target
from servers.scripted import (close, drip, endless, handshake, hang, past_tls, raw, refusing_port,
                              reset, send, sleep, unanswering_port, wait_for_bytes)

LONGEST_RUN = 8  # seconds; the checklists allow one second for a reply
ALERT_HANDSHAKE_FAILURE = bytes.fromhex("15030300020228")
ALERT_INTERNAL_ERROR = bytes.fromhex("15030300020250")
HOSTILE = b"\0 \x1b[31m ]]> \xff\xfe <b>&amp; ##[error]mine\x9b1m"

FAIL, ERROR = ("fail", 1), ("error", 3)

def stray(conversation):
    """Says something in plaintext to the hello, and answers that behind it."""
    hello = conversation.receive_raw()
    conversation.write_raw(b"250 late\r\n")
    conversation._incoming.write(hello)
    conversation.start_tls(conversation.server.context)


# What is wrong, the stages that do it, the assertion that carries it, its verdict and the status.
BAD_STAGES = [
    ("says nothing at all", {"banner": [hang]}, "connection.greeting", *ERROR),
    ("resets after the connect", {"banner": [sleep(0.1), reset]}, "connection.greeting", *ERROR),
    ("closes at once", {"banner": [close]}, "connection.greeting", *ERROR),
    ("greets with 554", {"banner": [send("554 5.3.2 not today"), hang]},
     "connection.greeting", *FAIL),
    ("greets with 554 and closes", {"banner": [send("554 5.3.2 not today"), close]},
     "connection.greeting", *FAIL),
    ("greets with 421", {"banner": [send("421 4.3.2 shutting down"), close]},
     "connection.greeting", *ERROR),
    ("drips its banner", {"banner": [drip(b"220 mail.example.test ESMTP, slowly\r\n", 0.5)]},
     "connection.greeting", *ERROR),
    ("greets without end", {"banner": [endless("220-and another thing")]},
     "connection.greeting", *ERROR),
    ("greets with a line of 10 KB", {"banner": [send("220 " + "x" * 10240)]},
     "connection.greeting", *ERROR),
    ("greets with a line that never ends", {"banner": [raw(b"220 " + b"x" * 300000), hang]},
     "connection.greeting", *ERROR),
    ("greets in another protocol", {"banner": [send("SSH-2.0-OpenSSH_9.2")]},
     "connection.greeting", *ERROR),
    ("greets with half a line", {"banner": [raw(b"220 mail.exam"), close]},
     "connection.greeting", *ERROR),
    ("changes the code within its greeting", {"banner": [send("220-mail", "554 no")]},
     "connection.greeting", *ERROR),
    ("sends terminal codes in its refusal", {"banner": [send(b"554 " + HOSTILE)]},
     "connection.greeting", *FAIL),
    ("refuses EHLO", {"EHLO": [send("502 5.5.1 what")]}, "ehlo.accepted", *FAIL),
    ("answers EHLO with 421", {"EHLO": [send("421 4.7.0 enough"), close]},
     "ehlo.accepted", *ERROR),
    ("answers EHLO with another 220", {"EHLO": [send("220-mail.example.test", "220 STARTTLS")]},
     "ehlo.accepted", *ERROR),
    ("closes on EHLO", {"EHLO": [close]}, "ehlo.accepted", *ERROR),
    ("says nothing to EHLO", {"EHLO": [hang]}, "ehlo.accepted", *ERROR),
    ("answers EHLO without end", {"EHLO": [endless("250-CAPABILITY")]}, "ehlo.accepted", *ERROR),
    ("answers EHLO with a line of 10 KB", {"EHLO": [send("250 " + "x" * 10240)]},
     "ehlo.accepted", *ERROR),
    ("answers EHLO with half a reply", {"EHLO": [send("250-mail.example.test"), hang]},
     "ehlo.accepted", *ERROR),
    ("does not offer STARTTLS", {"EHLO": [send("250-mail.example.test", "250 PIPELINING")]},
     "starttls.advertised", *FAIL),
    ("has STARTTLS only as part of a word", {"EHLO": [send("250-mail.example.test",
                                                           "250 XSTARTTLS STARTTLS")]},
     "starttls.advertised", *FAIL),
    ("answers STARTTLS with 454", {"STARTTLS": [send("454 4.7.0 TLS not available")]},
     "starttls.accepted", *FAIL),
    ("answers STARTTLS with 501", {"STARTTLS": [send("501 5.5.4 syntax")]},
     "starttls.accepted", *FAIL),
    ("answers STARTTLS with 421", {"STARTTLS": [send("421 4.7.0 enough"), close]},
     "starttls.accepted", *ERROR),
    ("says nothing to STARTTLS", {"STARTTLS": [hang]}, "starttls.accepted", *ERROR),
    ("closes on STARTTLS", {"STARTTLS": [close]}, "starttls.accepted", *ERROR),
    ("sends more than the 220", {"STARTTLS": [send("220 go", "250 injected"), handshake()]},
     "starttls.clean_reply", *FAIL),
    ("sends one byte more than the 220", {"STARTTLS": [raw(b"220 go\r\n "), handshake()]},
     "starttls.clean_reply", *FAIL),
    ("sends a stray line before its part of the handshake", {"STARTTLS": [send("220 go"), stray]},
     "starttls.clean_reply", *FAIL),
    ("closes after the 220", {"STARTTLS": [send("220 go"), close]}, "tls.handshake", *ERROR),
    ("resets after the 220", {"STARTTLS": [send("220 go"), wait_for_bytes, reset]},
     "tls.handshake", *ERROR),
    ("is silent after the 220", {"STARTTLS": [send("220 go"), hang]}, "tls.handshake", *ERROR),
    ("goes on in plaintext after the 220",
     {"STARTTLS": [send("220 go"), wait_for_bytes, send("500 5.5.2 what was that"), hang]},
     "tls.handshake", *FAIL),
    ("answers our hello with garbage",
     {"STARTTLS": [send("220 go"), wait_for_bytes, past_tls(bytes(range(200, 250)) * 8), hang]},
     "tls.handshake", *FAIL),
    ("answers our hello with an alert",
     {"STARTTLS": [send("220 go"), wait_for_bytes, past_tls(ALERT_HANDSHAKE_FAILURE), close]},
     "tls.handshake", *FAIL),
    ("fails inside, as a broken release did",
     {"STARTTLS": [send("220 go"), wait_for_bytes, past_tls(ALERT_INTERNAL_ERROR), close]},
     "tls.handshake", *FAIL),
    ("answers EHLO inside TLS with 503", {"tls EHLO": [send("503 5.5.1 again?")]},
     "session.ehlo", *FAIL),
    ("closes on EHLO inside TLS", {"tls EHLO": [close]}, "session.ehlo", *ERROR),
    ("says nothing inside TLS", {"tls EHLO": [hang]}, "session.ehlo", *ERROR),
    ("sends plaintext inside TLS", {"tls EHLO": [past_tls(b"250 mail.example.test\r\n"), hang]},
     "session.ehlo", *ERROR),
    ("answers EHLO inside TLS without end", {"tls EHLO": [endless("250-CAPABILITY")]},
     "session.ehlo", *ERROR),
    ("offers STARTTLS again inside TLS",
     {"tls EHLO": [send("250-mail.example.test", "250-STARTTLS", "250 AUTH PLAIN LOGIN")]},
     "starttls.not_reoffered", *FAIL),
    ("offers AUTH before TLS",
     {"EHLO": [send("250-mail.example.test", "250-AUTH PLAIN", "250 STARTTLS")]},
     "auth.not_before_tls", *FAIL),
    ("has no AUTH inside TLS", {"tls EHLO": [send("250 mail.example.test")]},
     "auth.mechanisms", *FAIL),
    ("has other mechanisms only",
     {"tls EHLO": [send("250-mail.example.test", "250 AUTH SCRAM-SHA-256 PLAINTEXT")]},
     "auth.mechanisms", *FAIL),
    ("refuses the login", {"tls AUTH": [send("535 5.7.8 no")]}, "auth.login", *FAIL),
    ("closes on AUTH", {"tls AUTH": [close]}, "auth.login", *ERROR),
    ("says nothing to AUTH", {"tls AUTH": [hang]}, "auth.login", *ERROR),
    ("answers AUTH with 421", {"tls AUTH": [send("421 4.7.0 enough"), close]},
     "auth.login", *ERROR),
]


# What stands before the carrier in the checklist and yet needs what comes later: a reply is known to
# be clean only once TLS has begun behind it.
NEEDS_MORE = ["starttls.clean_reply"]


def check_reported_once(outcome, carrier, verdict, status):
    """`carrier` alone carries the verdict; what could not be decided after it names it."""
    assert outcome.verdicts.get(carrier) == verdict, outcome.text
    assert outcome.having("fail", "error") == [carrier], outcome.text
    assert outcome.status == status, outcome.text
    for name in outcome.having("skipped"):
        assert carrier in outcome.cases[name].message, f"{name}: {outcome.cases[name].message}"
    order = list(outcome.cases)
    for name in order[:order.index(carrier)]:
        assert outcome.cases[name].verdict == "pass" or name in NEEDS_MORE, outcome.text


# Over one connection: a server that serves others and turns the session away is waited for.
DIALOGUE_ALONE = [row for row in DIALOGUE if row["assert"] != "auth.not_before_tls"]


@pytest.mark.parametrize("stages, carrier, verdict, status", [row[1:] for row in BAD_STAGES],
                         ids=[row[0] for row in BAD_STAGES])
def test_a_server_that(stages, carrier, verdict, status, gate, scripted, certificates):
    server = scripted(stages)
    begin = time.monotonic()
    rows = DIALOGUE_ALONE if carrier == "starttls.accepted" else DIALOGUE
    outcome = gate(checklist(server.port, rows, certificates.ca_file))
    assert time.monotonic() - begin < LONGEST_RUN, outcome.text
    check_reported_once(outcome, carrier, verdict, status)


def test_a_stray_line_is_seen_on_the_only_connection(gate, scripted, certificates):
    server = scripted({"STARTTLS": [send("220 go"), stray]})
    outcome = gate(checklist(server.port, [{"assert": "starttls.clean_reply"}],
                             certificates.ca_file))
    assert outcome.verdicts == {"starttls.clean_reply": "fail"}, outcome.text


BAD_IMPLICIT = [
    ("speaks in the clear on the TLS port", {"banner": [send("220 mail.example.test ESMTP"), hang]},
     "tls.handshake", *FAIL),
    ("is silent on the TLS port", {"banner": [hang]}, "tls.handshake", *ERROR),
    ("answers the TLS port's hello with an alert",
     {"banner": [wait_for_bytes, past_tls(ALERT_HANDSHAKE_FAILURE), close]},
     "tls.handshake", *FAIL),
]


@pytest.mark.parametrize("stages, carrier, verdict, status", [row[1:] for row in BAD_IMPLICIT],
                         ids=[row[0] for row in BAD_IMPLICIT])
def test_a_server_that_wants_tls_at_once_and(stages, carrier, verdict, status, gate, scripted,
                                             certificates):
    server = scripted(stages)
    assertions = [row for row in IMPLICIT
                  if row["assert"] not in ("tls.version", "connection.greeting")]
    outcome = gate(checklist(target(server.port, tls="implicit"), assertions, certificates.ca_file))
    check_reported_once(outcome, carrier, verdict, status)


def test_a_refused_connect_fails(gate, certificates):
    with refusing_port() as port:
        outcome = gate(checklist(port, DIALOGUE, certificates.ca_file))
    check_reported_once(outcome, "connection.established", "fail", 1)


def test_a_connect_without_answer_is_an_error(gate, certificates):
    with unanswering_port() as port:
        outcome = gate(checklist(port, DIALOGUE, certificates.ca_file))
    check_reported_once(outcome, "connection.established", "error", 3)


def test_an_unroutable_address_is_an_error(gate, certificates):
    unroutable = target(25, address="255.255.255.255")
    outcome = gate(checklist(unroutable, DIALOGUE, certificates.ca_file))
    check_reported_once(outcome, "connection.established", "error", 3)


def test_a_name_that_does_not_resolve_is_an_error(gate, certificates):
    unresolvable = target(25, host="no-such-host.invalid")
    del unresolvable["address"]
    begin = time.monotonic()
    outcome = gate(checklist(unresolvable, DIALOGUE, certificates.ca_file))
    assert time.monotonic() - begin < LONGEST_RUN
    check_reported_once(outcome, "connection.established", "error", 3)


def test_the_deadline_holds_over_the_whole_exchange(gate, scripted, certificates):
    """Each reply comes in time, all of them together do not."""
    slow = {stage: [sleep(0.7), send(f"250-{gate_module.HOST}", "250 STARTTLS")]
            for stage in ("EHLO", "tls EHLO")}
    server = scripted({**slow, "banner": [sleep(0.7), send("220 mail.example.test")]})
    begin = time.monotonic()
    outcome = gate(checklist(server.port, DIALOGUE, certificates.ca_file,
                             limits={"deadline": "1800ms", "reply_timeout": "1s"}))
    assert time.monotonic() - begin < 4
    assert outcome.status == 3, outcome.text
    assert outcome.having("fail") == []
    assert "session.ehlo" in outcome.having("error", "skipped")


def test_a_reply_may_take_its_time(gate, scripted, certificates):
    server = scripted({"banner": [sleep(0.6), send("220 mail.example.test")],
                       "EHLO": [sleep(0.6), send("250-mail.example.test", "250 STARTTLS")]})
    outcome = gate(checklist(server.port, DIALOGUE, certificates.ca_file))
    assert outcome.status == 0, outcome.text


@pytest.mark.parametrize("stage", ["banner", "EHLO", "tls EHLO"])
def test_hostile_bytes_reach_no_output_as_they_are(stage, gate, scripted, certificates):
    code = b"220" if stage == "banner" else b"250"
    lines = [code + b"-" + HOSTILE, code + b"-::error::mine", code + b" STARTTLS"]
    server = scripted({stage: [send(*lines)]})
    outcome = gate(checklist(server.port, DIALOGUE, certificates.ca_file), "-v")
    assert outcome.status in (0, 1, 3), outcome.text  # a report that is not XML would have raised
    for text in (outcome.stdout, outcome.stderr):
        assert "\x1b" not in text and "\0" not in text and "\x9b" not in text
        assert "##[" not in text
        assert not any(line.lstrip().startswith("::") for line in text.splitlines())


def test_hostile_bytes_in_the_verdict_line_are_made_visible(gate, scripted, certificates):
    server = scripted({"banner": [send(b"554 " + HOSTILE)]})
    outcome = gate(checklist(server.port, DIALOGUE, certificates.ca_file))
    case = outcome.cases["connection.greeting"]
    assert "\\x1b" in case.body + case.transcript, outcome.text
    assert "\x1b" not in outcome.stdout and "##[" not in outcome.stdout


ODD_BUT_LEGAL = [
    ("greets in several lines",
     {"banner": [send("220-mail.example.test", "220-no spam", "220 please")]}, {}),
    ("splits its EHLO reply over packets",
     {"EHLO": [raw(b"250-mail.exam"), sleep(0.1), raw(b"ple.test\r"), sleep(0.1),
               raw(b"\n250-PIPE"), sleep(0.1), raw(b"LINING\r\n250 STARTTLS\r\n")]}, {}),
    ("sends one byte a packet", {}, {"packet": 1}),
    ("writes capabilities in lower case",
     {"EHLO": [send("250-mail.example.test", "250 starttls")],
      "tls EHLO": [send("250-mail.example.test", "250 auth plain login")]}, {}),
    ("replies with three digits only",
     {"banner": [send("220")], "STARTTLS": [send("220"), handshake()]}, {}),
    ("ends its lines with a bare LF",
     {"banner": [raw(b"220 mail.example.test\n")],
      "EHLO": [raw(b"250-mail.example.test\n250 STARTTLS\n")]}, {}),
    ("has a parameter behind STARTTLS",
     {"EHLO": [send("250-mail.example.test", "250 STARTTLS REQUIRED")]}, {}),
    ("has many capabilities",
     {"EHLO": [send("250-mail.example.test", *(f"250-X-{n}" for n in range(50)), "250 STARTTLS")]},
     {}),
]


@pytest.mark.parametrize("stages, options", [row[1:] for row in ODD_BUT_LEGAL],
                         ids=[row[0] for row in ODD_BUT_LEGAL])
def test_a_good_server_that(stages, options, gate, scripted, certificates):
    server = scripted(stages, **options)
    outcome = gate(checklist(server.port, DIALOGUE, certificates.ca_file))
    assert outcome.status == 0, outcome.text
    assert outcome.having("fail", "error", "skipped") == [], outcome.text
