# SPDX-License-Identifier: GPL-3.0-or-later
"""What the study "Why TLS is better without STARTTLS" (Poddebniak et al., 2021) did to mail clients,
done to the gate over SMTP, IMAP and POP3: what somebody on the way says before TLS is shown and
reported, and never counts inside TLS; no password leaves."""

import base64
import threading

import pytest

from checklists import checklist, target
from servers.hellos import alert
from servers.scripted import (PASSWORD, USERNAME, Ended, Smtp, handshake, hang, send,
                              wait_for_bytes)
from servers.speeches import Imap, Pop3, Sieve, say
from test_protocol_faults import rows_for

HELLO = b"\x16\x03"  # how a ClientHello begins
SECRETS = [PASSWORD.encode(), base64.b64encode(PASSWORD.encode()),
           base64.b64encode(f"\0{USERNAME}\0{PASSWORD}".encode())]


class SmtpSpeech(Smtp):
    name = "smtp"
    hello, starttls, login = "EHLO", "STARTTLS", "AUTH"
    ok = "220 go"

    @staticmethod
    def offering(*capabilities):
        return [send("250-mail.example.test", *(f"250-{one}" for one in capabilities),
                     "250 HELP")]


SPEECHES = {"smtp": SmtpSpeech, "imap": Imap, "pop3": Pop3}


@pytest.fixture
def judged(gate, certificates, scripted):
    """The outcome of a dialogue with a server that has these stages, and the server."""
    def judge(speech, stages, rows=None):
        server = scripted(stages, speech=speech)
        outcome = gate(checklist(target(server.port, protocol=speech.name),
                                 rows or rows_for(speech), certificates.ca_file))
        return outcome, server
    return judge


def assert_nothing_secret(server, in_the_clear=False):
    sent = b"".join(bytes(c.received) for c in server.conversations) if in_the_clear \
        else server.received
    for secret in SECRETS:
        assert secret not in sent


def mute_inside(conversation):
    conversation.run([handshake(), hang])


# What follows the yes to STARTTLS in its segment: the answer to what the client asks next.
ANSWERS_AHEAD = {
    "smtp": ["250-mail.example.test", "250 AUTH PLAIN LOGIN"],
    "imap": ["* CAPABILITY IMAP4rev1 AUTH=PLAIN", "g3 OK done"],
    "pop3": ["+OK", "SASL PLAIN", "."],
}


@pytest.mark.parametrize("name", SPEECHES)
def test_an_answer_ahead_of_tls_is_none_inside(name, judged):
    speech = SPEECHES[name]
    outcome, server = judged(speech, {
        speech.starttls: [say(speech.ok, *ANSWERS_AHEAD[name]), mute_inside]})
    assert outcome.verdicts["starttls.clean_reply"] == "fail", outcome.text
    assert outcome.verdicts["session.ehlo"] == "error", outcome.text
    assert outcome.verdicts["auth.login"] == "skipped", outcome.text
    assert_nothing_secret(server)


@pytest.mark.parametrize("name", SPEECHES)
def test_an_answer_ahead_of_tls_is_thrown_away(name, judged):
    """Inside, the server offers nothing of what was said ahead."""
    speech = SPEECHES[name]
    outcome, server = judged(speech, {
        speech.starttls: [say(speech.ok, *ANSWERS_AHEAD[name]), handshake()],
        "tls " + speech.hello: speech.offering("X-NOTHING")})
    assert outcome.verdicts["starttls.clean_reply"] == "fail", outcome.text
    assert outcome.verdicts["session.ehlo"] == "pass", outcome.text
    assert outcome.verdicts["auth.mechanisms"] == "fail", outcome.text
    assert_nothing_secret(server)


UNTAGGED = ["* OK [ALERT] call 555-0100", "* CAPABILITY IMAP4rev1 AUTH=PLAIN", "* 1 EXISTS",
            "* LIST () \"/\" INBOX", "* STATUS INBOX (MESSAGES 7)", "* SEARCH 1 2",
            "* FLAGS (\\Seen)", "* 1 EXPUNGE", "* 1 FETCH (BODY[] {3}\r\nabc)",
            "* OK [REFERRAL imap://evil.example/] go there"]


@pytest.mark.parametrize("line", ["* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED",
                                  *(one for one in UNTAGGED if "CAPABILITY" not in one)])
def test_untagged_data_before_the_yes_changes_nothing(line, judged):
    outcome, _ = judged(Imap, {"STARTTLS": [say(line, "TAG OK done"), handshake()]})
    assert outcome.status == 0, outcome.text


@pytest.mark.parametrize("line", UNTAGGED + ["* BYE enough"])
def test_untagged_data_behind_the_yes_is_reported(line, judged):
    outcome, _ = judged(Imap, {"STARTTLS": [say("TAG OK done", line), handshake()]})
    assert outcome.having("fail", "error") == ["starttls.clean_reply"], outcome.text
    assert outcome.verdicts["auth.login"] == "pass", outcome.text


@pytest.mark.parametrize("line", [one for one in UNTAGGED if "CAPABILITY" not in one])
def test_untagged_data_inside_is_passed_over(line, judged):
    outcome, _ = judged(Imap, {"tls CAPABILITY": [say(line), *Imap.offering(*Imap.inside)]})
    assert outcome.status == 0, outcome.text


@pytest.mark.parametrize("name, stages", [
    ("smtp", {"EHLO": [send("502 no")]}),
    ("smtp", {"EHLO": [send("250 mail.example.test")]}),
    ("imap", {"CAPABILITY": [say("TAG BAD no")]}),
    ("imap", {"CAPABILITY": Imap.offering("AUTH=PLAIN")}),
    ("pop3", {"CAPA": [say("-ERR no")], "STLS": [say("-ERR no")]}),
    ("pop3", {"CAPA": Pop3.offering("SASL PLAIN", "USER")}),
])
def test_no_secret_where_tls_is_hidden(name, stages, judged):
    outcome, server = judged(SPEECHES[name], stages)
    assert outcome.status == 1, outcome.text
    assert outcome.verdicts["auth.login"] == "skipped", outcome.text
    assert_nothing_secret(server)


REFUSALS = {"smtp": ["454 4.7.0 later", "501 what", "354 go on", "334 go on"],
            "imap": ["TAG BAD what", "TAG NO later", "TAG NO [UNAVAILABLE] later", "+ go on",
                     "+"],
            "pop3": ["-ERR no", "-ERR [SYS/TEMP] later", "+ go on"]}


@pytest.mark.parametrize("name, line", [(name, line) for name, lines in REFUSALS.items()
                                        for line in lines])
def test_no_hello_where_starttls_is_refused(name, line, judged):
    speech = SPEECHES[name]
    outcome, server = judged(speech, {speech.starttls: [say(line), hang]})
    assert outcome.verdicts["starttls.accepted"] == "fail", outcome.text
    assert outcome.having("fail", "error") == ["starttls.accepted"], outcome.text
    assert HELLO not in server.received
    assert_nothing_secret(server)


MIXES = [[], ["STARTTLS"], ["AUTH=PLAIN"], ["LOGINDISABLED"], ["STARTTLS", "LOGINDISABLED"],
         ["STARTTLS", "AUTH=PLAIN"], ["AUTH=PLAIN", "LOGINDISABLED"],
         ["STARTTLS", "AUTH=PLAIN", "LOGINDISABLED"]]


@pytest.mark.parametrize("mix", MIXES, ids=" ".join)
@pytest.mark.parametrize("hint", [False, True], ids=["bare", "with its list"])
def test_preauth_fails_whatever_is_offered(mix, hint, judged):
    code = f"[CAPABILITY IMAP4rev1 {' '.join(mix)}] ".replace(" ]", "]") if hint else ""
    outcome, server = judged(Imap, {"banner": [send(f"* PREAUTH {code}welcome")],
                                    "CAPABILITY": Imap.offering(*mix)})
    assert outcome.having("fail", "error") == ["connection.greeting"], outcome.text
    assert outcome.verdicts["connection.greeting"] == "fail", outcome.text
    assert "PREAUTH" in outcome.cases["connection.greeting"].body
    assert_nothing_secret(server)


@pytest.mark.parametrize("stages, carrier", [
    ({"banner": [send("* BYE [REFERRAL imap://evil.example/] there")]}, "connection.greeting"),
    ({"STARTTLS": [say("TAG NO [REFERRAL imap://evil.example/] there")]}, "starttls.accepted"),
    ({"tls AUTHENTICATE": [say("TAG NO [REFERRAL imap://evil.example/] there")]}, "auth.login"),
])
def test_a_referral_is_shown_and_not_followed(stages, carrier, judged):
    outcome, server = judged(Imap, stages)
    assert outcome.having("fail", "error") == [carrier], outcome.text
    assert carrier == "auth.login" or "REFERRAL" in outcome.cases[carrier].body, outcome.text
    assert all(len(conversation.received) < 10000 for conversation in server.conversations)


def keep_input(conversation):
    """Starts TLS without dropping what was read in plaintext: CVE-2011-0411 and its kin."""
    kept = bytes(conversation._unread)
    conversation.start_tls(conversation.server.context)
    conversation._unread[:0] = kept


INJECTED = {**SPEECHES, "sieve": Sieve}
TAKERS = {
    "smtp": {"STARTTLS": [send("220 go"), keep_input]},
    "imap": {"STARTTLS": [say("TAG OK go"), keep_input]},
    "pop3": {"STLS": [say("+OK go"), keep_input]},
    "sieve": {"STARTTLS": [say("OK"), keep_input, *Sieve.offering(*Sieve.inside)]},
}
INJECTION = [{"assert": "starttls.no_injection"}]


def with_input(*steps):
    """These steps when there is a command behind STARTTLS, otherwise the usual ones."""
    def step(conversation):
        speech = conversation.server.speech
        conversation.run(steps if conversation._unread else speech.good[speech.starttls])
    return step


def gone(conversation):
    raise Ended


@pytest.mark.parametrize("name", INJECTED)
def test_commands_behind_starttls_that_are_run(name, judged):
    outcome, _ = judged(INJECTED[name], TAKERS[name], INJECTION)
    assert outcome.verdicts == {"starttls.no_injection": "fail"}, outcome.text


@pytest.mark.parametrize("name", INJECTED)
def test_commands_behind_starttls_that_are_dropped(name, judged):
    outcome, _ = judged(INJECTED[name], {}, INJECTION)
    assert outcome.verdicts == {"starttls.no_injection": "pass"}, outcome.text


@pytest.mark.parametrize("name", INJECTED)
def test_a_server_that_hangs_up_on_them(name, judged):
    speech = INJECTED[name]
    outcome, _ = judged(speech, {speech.starttls: [with_input(gone)]}, INJECTION)
    assert outcome.verdicts == {"starttls.no_injection": "pass"}, outcome.text


def no_of(speech):
    if speech is Imap:
        return "TAG BAD what"
    return "550 what" if speech is SmtpSpeech else f"{speech.no} what"


def no_in_plaintext(speech):
    """Takes the command for the hello, and says so without TLS, as vsftpd does."""
    return [say(speech.ok), wait_for_bytes, say(no_of(speech)), gone]


def no_without_an_end(speech):
    return [*no_in_plaintext(speech)[:-1], hang]


def no_in_two_parts(speech):
    """The same, when the first part is there before the hello."""
    def first_part(conversation):
        words = f"{speech.ok}\r\n{no_of(speech)}"
        conversation.write((words.replace("TAG", conversation.tag) if speech is Imap
                            else words).encode())
    return [first_part, wait_for_bytes, say(""), gone]


@pytest.mark.parametrize("words", [no_in_plaintext, no_without_an_end, no_in_two_parts])
@pytest.mark.parametrize("name", INJECTED)
def test_a_server_that_takes_them_for_the_hello(name, words, judged):
    speech = INJECTED[name]
    outcome, _ = judged(speech, {speech.starttls: [with_input(*words(speech))]}, INJECTION)
    assert outcome.verdicts == {"starttls.no_injection": "pass"}, outcome.text


def refuse_once(speech, refusal):
    """The steps of a server that runs injected commands; one of its nodes has no TLS at all."""
    refusals = threading.Semaphore(1)

    def step(conversation):
        if conversation._unread and refusals.acquire(blocking=False):
            conversation.run(refusal)
        else:
            conversation.run(TAKERS[speech.name][speech.starttls])
    return [step]


REFUSED_ONCE = {
    "says no": lambda speech: [say(no_of(speech))],
    "says no in place of TLS": lambda speech: [say(speech.ok), wait_for_bytes,
                                               say(no_of(speech)), gone],
    "sends an alert": lambda speech: [say(speech.ok), wait_for_bytes,
                                      lambda conversation: conversation.write_raw(alert()), gone],
}


@pytest.mark.parametrize("refusal", REFUSED_ONCE.values(), ids=REFUSED_ONCE)
@pytest.mark.parametrize("name", INJECTED)
def test_one_node_that_refuses_tls_proves_nothing(name, refusal, judged):
    speech = INJECTED[name]
    stages = {**TAKERS[name], speech.starttls: refuse_once(speech, refusal(speech))}
    outcome, _ = judged(speech, stages, INJECTION)
    assert outcome.verdicts == {"starttls.no_injection": "fail"}, outcome.text


@pytest.mark.parametrize("name", INJECTED)
def test_nothing_is_injected_where_tls_is_not_offered(name, judged):
    speech = INJECTED[name]
    if speech is Sieve:
        stages = dict.fromkeys(["banner", "CAPABILITY"], Sieve.offering('"SASL" ""'))
    else:
        stages = {speech.hello: speech.offering()}
    outcome, server = judged(speech, stages, [{"assert": "starttls.advertised"}, *INJECTION,
                                              {"assert": "certificate.trusted"}])
    assert outcome.having("fail") == ["starttls.advertised"], outcome.text
    assert len(outcome.having("skipped")) == 2, outcome.text
    assert speech.starttls.encode() not in server.received


@pytest.mark.parametrize("name", INJECTED)
def test_a_server_that_falls_silent_on_them(name, judged):
    speech = INJECTED[name]
    outcome, _ = judged(speech, {speech.starttls: [with_input(say(speech.ok), hang)]}, INJECTION)
    assert outcome.verdicts == {"starttls.no_injection": "error"}, outcome.text


@pytest.mark.parametrize("name", INJECTED)
def test_a_server_that_says_nothing_inside_after_them(name, judged):
    speech = INJECTED[name]
    outcome, _ = judged(speech, {
        speech.starttls: [with_input(say(speech.ok), handshake(), hang)]}, INJECTION)
    assert outcome.verdicts == {"starttls.no_injection": "error"}, outcome.text
