# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers behind one name whose lists of capabilities differ: what any connection of the run was
told counts for every assertion about capabilities."""

import pytest

import gate as gate_module
from checklists import checklist, target
from servers.nodes import alternating, from_nth, in_turn
from servers.scripted import HOST, Smtp, close, handshake, send
from servers.speeches import Imap, Pop3, Sieve, say

DIFFER = "connections differ, and another one shows: "


class Lmtp:
    """Like SMTP but for the hello (RFC 2033)."""
    name, hello, starttls, unknown, verb = ("lmtp", "LHLO", "STARTTLS", Smtp.unknown, Smtp.verb)
    plain, inside, exposed = ("STARTTLS",), ("AUTH PLAIN LOGIN",), ("STARTTLS", "AUTH PLAIN")

    @staticmethod
    def offering(*capabilities):
        words = (HOST, "PIPELINING", *capabilities)
        return [send(*(f"250-{word}" for word in words[:-1]), f"250 {words[-1]}")]


class Esmtp(Lmtp):
    name, hello = "smtp", "EHLO"


for each in (Lmtp, Esmtp):
    each.good = {**Smtp.good, each.hello: each.offering(*each.plain),
                 "tls " + each.hello: each.offering(*each.inside)}

SPEECHES = {speech.name: speech for speech in (Esmtp, Lmtp, Imap, Pop3, Sieve)}
EXPOSED = {"smtp": "AUTH PLAIN", "lmtp": "AUTH PLAIN", "imap": "AUTH=PLAIN", "pop3": "SASL PLAIN",
           "sieve": "SASL PLAIN"}


def row(name, /, **parameters):
    return {"assert": name, **parameters}


VERSION = row("tls.version")
WRONG = row("auth.rejects_wrong_password", username=gate_module.USERNAME)
INJECTION = row("starttls.no_injection")
REQUIRED = row("starttls.required")
DIALOGUE = row("session.dialogue", steps=[{"send": "X", "expect": "/./"}])


@pytest.fixture
def judged(gate, certificates):
    """Runs the assertions, one connection at a time."""
    def judge(server, *rows, **members):
        return gate(checklist(target(server.port, protocol=server.speech.name, **members),
                              list(rows), certificates.ca_file, limits={"connections": 1}))
    return judge


def told(speech, choose, before, inside=None):
    """The stages of nodes that say `before` and `inside`, or what is usual."""
    inside = inside or speech.inside
    stages = {speech.hello: [choose(speech.offering(*speech.plain), speech.offering(*before))]}
    if speech is Sieve:
        nodes = [[say("OK"), handshake(), *Sieve.offering(*words)]
                 for words in (speech.inside, inside)]
        return {**stages, "STARTTLS": [choose(*nodes)]}
    return {**stages, "tls " + speech.hello: [
        choose(speech.offering(*speech.inside), speech.offering(*inside))]}


@pytest.mark.parametrize("speech", SPEECHES.values(), ids=SPEECHES)
@pytest.mark.parametrize("choose", [alternating, in_turn, lambda *both: from_nth(3, *both)],
                         ids=["every second", "all but the first", "from the third on"])
def test_a_login_that_another_node_offers_before_tls(choose, speech, judged, scripted):
    server = scripted(told(speech, choose, speech.exposed), speech=speech)
    outcome = judged(server, row("auth.not_before_tls"), VERSION)
    case = outcome.cases["auth.not_before_tls"]
    assert case.verdict == "fail", outcome.text
    assert case.message.startswith(
        f"{DIFFER}a login is offered before TLS: {EXPOSED[speech.name]}"), outcome.text
    assert "PLAIN" in case.transcript.split("-- TLS")[0], case.transcript


@pytest.mark.parametrize("speech", SPEECHES.values(), ids=SPEECHES)
@pytest.mark.parametrize("asked", [VERSION, REQUIRED, INJECTION, WRONG],
                         ids=lambda one: one["assert"])
def test_whatever_the_connection_was_made_for(asked, speech, judged, scripted):
    server = scripted(told(speech, in_turn, speech.exposed), speech=speech)
    outcome = judged(server, row("auth.not_before_tls"), asked)
    assert outcome.verdicts["auth.not_before_tls"] == "fail", outcome.text


def test_what_another_node_offers_shows_in_a_login_alone(judged, scripted):
    """LOGIN is not tried before TLS: where a node offers it, nobody knows whether it is taken."""
    nodes = Imap.offering(*Imap.plain), Imap.offering("STARTTLS")
    server = scripted({"CAPABILITY": [in_turn(*nodes)], "AUTHENTICATE": [say(Imap.no)]}, speech=Imap)
    outcome = judged(server, REQUIRED)
    assert outcome.verdicts == {REQUIRED["assert"]: "skipped", "auth.not_before_tls": "fail"}, \
        outcome.text


@pytest.mark.parametrize("speech", SPEECHES.values(), ids=SPEECHES)
def test_nodes_that_agree_pass(speech, judged, scripted):
    server = scripted(told(speech, alternating, speech.plain), speech=speech)
    outcome = judged(server, row("auth.not_before_tls"), row("starttls.advertised"),
                     row("starttls.not_reoffered"), row("auth.mechanisms", includes=["PLAIN"]),
                     VERSION, WRONG)
    assert not outcome.having("fail", "error", "skipped"), outcome.text


@pytest.mark.parametrize("speech", SPEECHES.values(), ids=SPEECHES)
def test_a_node_without_starttls(speech, judged, scripted):
    lacking = tuple(word for word in speech.plain if speech.starttls not in word)
    server = scripted(told(speech, in_turn, lacking or ("X",)), speech=speech)
    word = speech.starttls
    outcome = judged(server, row("starttls.advertised"), row("ehlo.includes", capabilities=[word]),
                     row("ehlo.excludes", capabilities=["X-OTHER"]), VERSION)
    for name in ("starttls.advertised", "ehlo.includes"):
        assert outcome.verdicts[name] == "fail", outcome.text
        assert DIFFER in outcome.cases[name].message, outcome.text
    assert outcome.verdicts["ehlo.excludes"] == "pass", outcome.text


@pytest.mark.parametrize("speech", SPEECHES.values(), ids=SPEECHES)
def test_what_another_node_offers_inside_tls(speech, judged, scripted):
    """The connection for the wrong password is the second that comes there."""
    words = [word for word in speech.plain if speech.starttls in word]
    server = scripted(told(speech, in_turn, speech.plain, (*speech.inside, *words)), speech=speech)
    outcome = judged(server, row("starttls.not_reoffered"), WRONG,
                     row("session.excludes", capabilities=[speech.starttls]),
                     row("session.includes", capabilities=[EXPOSED[speech.name].replace(" ", "=")]))
    assert outcome.having("fail") == ["starttls.not_reoffered", "session.excludes"], outcome.text
    assert DIFFER in outcome.cases["session.excludes"].message, outcome.text


@pytest.mark.parametrize("speech", SPEECHES.values(), ids=SPEECHES)
def test_a_node_with_other_mechanisms(speech, judged, scripted):
    other = tuple(word.replace("PLAIN", "CRAM-MD5") for word in speech.inside)
    server = scripted(told(speech, in_turn, speech.plain, other), speech=speech)
    offered = EXPOSED[speech.name].replace(" ", "=")
    outcome = judged(server, row("auth.mechanisms", includes=["PLAIN"]),
                     row("auth.mechanisms", id="weak", excludes=["CRAM-MD5"]),
                     row("session.includes", capabilities=[offered]), DIALOGUE)
    assert set(outcome.having("fail")) == {"auth.mechanisms", "weak", "session.includes"}, \
        outcome.text


@pytest.mark.parametrize("speech", [Esmtp, Lmtp, Pop3], ids=lambda speech: speech.name)
@pytest.mark.parametrize("steps", ["closes", "refuses", "leaves"])
def test_a_list_that_was_not_heard_is_no_fail(steps, speech, judged, scripted):
    refusal = "-ERR no" if speech is Pop3 else "550 no"
    node = {"closes": [close], "refuses": [say(refusal)],
            "leaves": [say("-ERR no" if speech is Pop3 else "421 no"), close]}[steps]
    server = scripted({speech.hello: [in_turn(speech.offering(*speech.plain), node)]},
                      speech=speech)
    rows = [row("starttls.advertised"), row("ehlo.includes", capabilities=[speech.starttls]),
            row("ehlo.excludes", capabilities=["X-OTHER"])]
    outcome = judged(server, *rows, VERSION)
    assert not outcome.having("fail"), outcome.text
    assert all(outcome.verdicts[each["assert"]] == "pass" for each in rows), outcome.text


def test_a_session_that_was_given_up_on_counts(gate, certificates, scripted):
    """It broke behind its list, and the next one went to a better node."""
    lists = in_turn(Esmtp.offering(*Esmtp.exposed), Esmtp.offering("STARTTLS"))
    server = scripted({"EHLO": [lists],
                       "STARTTLS": [in_turn([close], [send("220 go"), handshake()])]},
                      speech=Esmtp)
    outcome = gate(checklist(server.port, [row("auth.not_before_tls"), row("tls.handshake")],
                             certificates.ca_file, limits={"retries": 1}))
    assert outcome.having("fail", "error") == ["auth.not_before_tls"], outcome.text
    assert outcome.verdicts["tls.handshake"] == "pass", outcome.text
    assert DIFFER in outcome.cases["auth.not_before_tls"].message


def test_what_is_said_behind_a_login_is_another_list(judged, scripted):
    """IMAP servers tell their capabilities anew with the yes to a login."""
    welcome = [say("* CAPABILITY IMAP4rev1 IDLE", "TAG OK [CAPABILITY IMAP4rev1 IDLE] welcome")]
    server = scripted({"tls AUTHENTICATE": welcome, "tls LOGIN": welcome}, speech=Imap)
    login = {"username": gate_module.USERNAME, "password": "${password}"}
    outcome = judged(server, row("auth.login", **login), row("auth.mechanisms", includes=["PLAIN"]),
                     row("session.includes", capabilities=["SASL-IR"]),
                     row("session.dialogue", steps=[
                         {"send": "LOGIN guest guest", "expect": "OK"}]))
    assert not outcome.having("fail", "error", "skipped"), outcome.text


# What an IMAP server tells beside the list that was asked for: stages, the assertion that they
# break, and its message behind what says that the lists differ.
WEAK = row("auth.mechanisms", excludes=["CRAM-MD5"])
ASIDES = [
    ("in the yes to CAPABILITY", {"CAPABILITY": [
        say("* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED",
            "TAG OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED AUTH=PLAIN] done")]},
     "auth.not_before_tls", "a login is offered before TLS: AUTH=PLAIN"),
    ("in a status before it", {"CAPABILITY": [
        say("* OK [CAPABILITY IMAP4rev1 STARTTLS] hello",
            "* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED", "TAG OK done")]},
     "auth.not_before_tls", "a login is offered before TLS: LOGIN"),
    ("in the yes to STARTTLS", {"STARTTLS": [
        say("TAG OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED AUTH=X] go"), handshake()]},
     "auth.not_before_tls", "a login is offered before TLS: AUTH=X"),
    ("before the yes to STARTTLS", {"STARTTLS": [
        say("* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED AUTH=X", "TAG OK go"), handshake()]},
     "auth.not_before_tls", "a login is offered before TLS: AUTH=X"),
    ("with a no to STARTTLS", {"STARTTLS": [
        say("* CAPABILITY IMAP4rev1 LOGINDISABLED", "TAG NO not now")]},
     "starttls.advertised", "STARTTLS is not offered"),
    ("inside TLS in the yes to CAPABILITY", {"tls CAPABILITY": [
        say("* CAPABILITY IMAP4rev1 AUTH=PLAIN",
            "TAG OK [CAPABILITY IMAP4rev1 AUTH=PLAIN STARTTLS] done")]},
     "starttls.not_reoffered", "STARTTLS is offered again inside TLS"),
    ("right behind the handshake", {"STARTTLS": [
        say("TAG OK go"), handshake(), say("* OK [CAPABILITY IMAP4rev1 AUTH=CRAM-MD5] hello")]},
     "auth.mechanisms", "offered: CRAM-MD5"),
    ("inside TLS and in no bracket", {"STARTTLS": [
        say("TAG OK go"), handshake(), say("* OK CAPABILITY IMAP4rev1 AUTH=CRAM-MD5")]}, None, None),
    ("twice, and the same", {"CAPABILITY": [
        say("* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED",
            "TAG OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] done")]}, None, None),
]
TOLD = [row("auth.not_before_tls"), row("starttls.advertised"), row("starttls.not_reoffered"), WEAK]


@pytest.mark.parametrize("stages, broken, message", [one[1:] for one in ASIDES],
                         ids=[one[0] for one in ASIDES])
def test_imap_capabilities_that_come(stages, broken, message, judged, scripted):
    outcome = judged(scripted(stages, speech=Imap), *TOLD)
    if broken is None:
        assert not outcome.having("fail", "error"), outcome.text
        return
    assert outcome.verdicts[broken] == "fail", outcome.text
    assert outcome.cases[broken].message.startswith(
        "the server tells its capabilities twice, and differently: " + message), outcome.text


@pytest.mark.parametrize("stages, broken", [
    ({"STARTTLS": [in_turn([say("TAG OK go"), handshake()],
                           [say("TAG OK [CAPABILITY IMAP4rev1 STARTTLS] go"), handshake()])]},
     "auth.not_before_tls"),
    ({"AUTHENTICATE": [say("* CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN", Imap.no)]},
     "auth.not_before_tls"),
], ids=["in the yes to STARTTLS", "with the no to a login"])
def test_imap_capabilities_on_other_connections(stages, broken, judged, scripted):
    outcome = judged(scripted(stages, speech=Imap), row(broken), REQUIRED, VERSION)
    assert outcome.verdicts[broken] == "fail", outcome.text
    assert outcome.cases[broken].message.startswith(DIFFER), outcome.text
