# SPDX-License-Identifier: GPL-3.0-or-later
"""What no library at hand negotiates, and servers that stop answering: nothing of it passes."""

import threading
import time

import pytest

from checklists import checklist
from servers import hellos
from servers.hellos import (PROTOCOL_VERSION, SSL2, SSL3, TLS10, TLS12, TLS13, alert, answering,
                            retry, server_hello, ssl2_hello)
from servers.nodes import alternating
from servers.scripted import close, handshake, hang, past_tls, send, sleep
from test_posture import SERVERS, context, row

AES_128_GCM, ECDHE_RSA, EXPORT, STATIC_RSA = 0x1301, 0xc02f, 0x0003, 0x002f
LAST_SUITE = 0xc08d  # TLS_ECDH_RSA_WITH_CAMELLIA_256_GCM_SHA384
X25519, X25519_MLKEM768 = 29, 4588
FALLBACK = 0x5600  # TLS_FALLBACK_SCSV
HEARTBEAT = 15


def speaks(version, suites, groups=()):
    """A rule: that version and these suites, chosen by the client's order."""
    def rule(hello):
        suite = next((suite for suite in hello.suites if suite in suites), None)
        if hello.version == SSL2:
            return ssl2_hello() if version == SSL2 else alert(PROTOCOL_VERSION)
        if version == TLS13:
            group = next((group for group in hello.groups if group in groups), None)
            if TLS13 not in hello.versions or suite is None or group is None:
                return alert()
            return retry(suite, group)
        if 43 in hello.extensions and version not in hello.versions or hello.version < version:
            return alert(PROTOCOL_VERSION)
        return alert() if suite is None else server_hello(version, suite)
    return rule


def either(*rules):
    """The first rule that does not answer with an alert."""
    def rule(hello):
        return next((answer for answer in (each(hello) for each in rules) if answer[0] != 21),
                    alert())
    return rule


modern = speaks(TLS13, [AES_128_GCM], [X25519])
post_quantum = speaks(TLS13, [AES_128_GCM], [X25519_MLKEM768, X25519])
tls12 = speaks(TLS12, [ECDHE_RSA])

# The rule, the assertion and its verdict.
RULES = [
    ("TLS 1.3 alone refuses SSL 2.0", modern, row("tls.versions", refuses=["ssl2"]), "pass"),
    ("SSL 2.0 beside TLS", either(speaks(SSL2, []), modern), row("tls.versions", refuses=["ssl2"]),
     "fail"),
    ("SSL 2.0 is accepted", either(speaks(SSL2, []), modern), row("tls.versions", accepts=["ssl2"]),
     "pass"),
    ("SSLv3 beside TLS", either(speaks(SSL3, [STATIC_RSA]), modern),
     row("tls.versions", refuses=["ssl3"]), "fail"),
    ("SSLv3 with a weak suite that TLS has not", either(speaks(SSL3, [EXPORT]), modern),
     row("tls.ciphers", refuses=["export"]), "fail"),
    ("an export suite", either(speaks(TLS12, [EXPORT, ECDHE_RSA]), modern),
     row("tls.ciphers", refuses=["export"]), "fail"),
    ("an export suite up to TLS 1.0", either(speaks(TLS10, [EXPORT]), modern),
     row("tls.ciphers", refuses=["export", "rc4"]), "fail"),
    ("no export suite", either(tls12, modern), row("tls.ciphers", refuses=["export"]), "pass"),
    ("RC2 and RC4 without forward secrecy", either(speaks(TLS12, [EXPORT]), modern),
     row("tls.forward_secrecy"), "fail"),
    ("a hybrid group", post_quantum, row("tls.groups", includes=["X25519MLKEM768"]), "pass"),
    ("a hybrid group and another", post_quantum, row("tls.groups", only=["X25519MLKEM768"]), "fail"),
    ("a hybrid group and no third", post_quantum,
     row("tls.groups", only=["X25519MLKEM768", "x25519"]), "pass"),
    ("no hybrid group", modern, row("tls.groups", includes=["X25519MLKEM768"]), "fail"),
    ("an answer in a version that does not exist", lambda hello: server_hello(0x0100, STATIC_RSA),
     row("tls.ciphers", refuses=["static-rsa"]), "error"),
    ("an answer to every hello in a version that does not exist",
     either(lambda hello: retry(AES_128_GCM, X25519) if hello.is_control else alert(),
            lambda hello: server_hello(0x0100, STATIC_RSA)),
     row("tls.versions", refuses=["1.0"]), "error"),
    ("a suite that no first hello has room for", either(speaks(TLS12, [LAST_SUITE]), modern),
     row("tls.versions", refuses=["1.2"]), "fail"),
    ("an alert behind a ServerHello", lambda hello: (
        retry(AES_128_GCM, X25519) if hello.is_control
        else server_hello(TLS12, ECDHE_RSA) + alert()),
     row("tls.signature_algorithms", excludes=["rsa_md5"]), "error"),
    ("a suite that was not offered to TLS 1.2", lambda hello: (
        server_hello(TLS12, EXPORT) if TLS12 in hello.versions else alert()),
     row("tls.ciphers", refuses=["null"]), "error"),
    ("plaintext before each answer", lambda hello: b"250 late\r\n" + modern(hello),
     row("tls.versions", refuses=["1.0"]), "pass"),
    ("a suite that was not offered", lambda hello: server_hello(TLS12, EXPORT),
     row("tls.ciphers", refuses=["null"]), "error"),
]


@pytest.mark.parametrize("rule, assertion, verdict", [each[1:] for each in RULES],
                         ids=[each[0] for each in RULES])
def test_a_server_with(rule, assertion, verdict, gate, scripted, certificates):
    server = scripted({"STARTTLS": [send("220 go"), answering(rule)]})
    outcome = gate(checklist(server.port, [assertion], certificates.ca_file))
    assert outcome.verdicts == {assertion["assert"]: verdict}, outcome
    assert outcome.status == {"pass": 0, "fail": 1, "error": 3}[verdict]


def closing(rule):
    """The step that closes where the rule has an alert, as a server does that does not send any."""
    def step(conversation):
        answer = rule(hellos.read_hello(conversation))
        conversation.run([close] if answer[0] == 21 else [past_tls(answer), hang])
    return step


def without_signal(rule):
    return lambda hello: alert() if FALLBACK in hello.suites else rule(hello)


both = either(modern, tls12)

# The rule of a server that closes in place of its alerts, the assertion and its verdict.
CLOSING = [
    ("no weak suite", both, row("tls.ciphers", refuses=["export", "rc4"]), "pass"),
    ("a weak suite up to TLS 1.0", either(speaks(TLS10, [EXPORT]), both),
     row("vulnerability.freak"), "fail"),
    ("a weak suite up to TLS 1.2", either(speaks(TLS12, [EXPORT]), modern),
     row("vulnerability.freak"), "fail"),
    ("no weak suite of that kind", either(speaks(TLS10, [EXPORT]), both),
     row("vulnerability.logjam"), "pass"),
    ("a suite that no first hello has room for", either(speaks(TLS12, [LAST_SUITE]), modern),
     row("tls.versions", refuses=["1.2"]), "fail"),
    ("TLS 1.3 alone", modern, row("tls.versions", refuses=["1.0", "1.1", "1.2"]), "pass"),
    ("a fallback", without_signal(both), row("tls.fallback_scsv"), "pass"),
    ("nothing to fall back to", modern, row("tls.fallback_scsv"), "pass"),
    ("no ear for the signal", both, row("tls.fallback_scsv"), "fail"),
]


@pytest.mark.parametrize("rule, assertion, verdict", [each[1:] for each in CLOSING],
                         ids=[each[0] for each in CLOSING])
def test_a_server_that_closes_has(rule, assertion, verdict, gate, scripted, certificates):
    server = scripted({"STARTTLS": [send("220 go"), closing(rule)]})
    outcome = gate(checklist(server.port, [assertion], certificates.ca_file))
    assert outcome.verdicts == {assertion["assert"]: verdict}, outcome


@pytest.mark.parametrize("suite, assertion", [
    (EXPORT, row("vulnerability.freak")), (ECDHE_RSA, row("tls.version", minimum="1.3"))],
    ids=["weak suites", "any suites"])
def test_a_close_that_does_not_come_back_is_no_refusal(suite, assertion, gate, scripted,
                                                       certificates):
    """The server closes on the first hello that it could answer, and refuses all others by alert."""
    closes = threading.Semaphore(1)

    def step(conversation):
        hello = hellos.read_hello(conversation)
        answer = either(modern, speaks(TLS12, [suite]))(hello)
        is_first = answer[0] != 21 and TLS13 not in hello.versions and closes.acquire(False)
        conversation.run([close] if is_first else [past_tls(answer), hang])

    server = scripted({"STARTTLS": [send("220 go"), step]})
    outcome = gate(checklist(server.port, [assertion], certificates.ca_file))
    assert outcome.having("fail") == [assertion["assert"]], outcome


@pytest.mark.parametrize("assertion", [
    row("tls.versions", refuses=["1.0"]), row("vulnerability.poodle"), row("vulnerability.drown")],
    ids=lambda each: each["assert"])
def test_a_close_behind_a_long_silence_is_none(assertion, gate, scripted, certificates):
    """Who says nothing is closed on in the end: that tells nothing of what was asked."""
    def step(conversation):
        answer = both(hellos.read_hello(conversation))
        conversation.run([sleep(2.3), close] if answer[0] == 21 else [past_tls(answer), hang])

    server = scripted({"STARTTLS": [send("220 go"), step]})
    outcome = gate(checklist(server.port, [assertion], certificates.ca_file,
                             limits={"reply_timeout": "8s"}))
    assert outcome.verdicts == {assertion["assert"]: "error"}, outcome


def test_a_server_that_minds_heartbeats_has_a_version_for_them(gate, scripted, certificates):
    """A filter in front of a server refuses hellos with the extension, and takes others."""
    def rule(hello):
        return alert() if HEARTBEAT in hello.extensions else both(hello)

    server = scripted({"STARTTLS": [send("220 go"), answering(rule)]})
    outcome = gate(checklist(server.port, [row("vulnerability.heartbleed")], certificates.ca_file))
    assert outcome.verdicts == {"vulnerability.heartbleed": "error"}, outcome
    server = scripted({"STARTTLS": [send("220 go"), answering(modern)]})
    outcome = gate(checklist(server.port, [row("vulnerability.heartbleed")], certificates.ca_file))
    assert outcome.verdicts == {"vulnerability.heartbleed": "pass"}, outcome


@pytest.mark.parametrize("assertion", [row("tls.fallback_scsv"), row("vulnerability.freak")],
                         ids=lambda each: each["assert"])
@pytest.mark.parametrize("turn", range(2))
def test_nodes_that_close_in_turn_pass_nothing(turn, assertion, gate, scripted, certificates):
    """One knows TLS 1.3 alone, the other overlooks the signal and takes an export suite."""
    nodes = [closing(modern), closing(either(modern, speaks(TLS12, [EXPORT]), tls12))]
    server = scripted({"STARTTLS": [send("220 go"), alternating(*nodes[turn:], *nodes[:turn])]})
    outcome = gate(checklist(server.port, [assertion], certificates.ca_file), "-j", "1")
    assert outcome.status == 1, outcome


def test_all_that_is_accepted_is_named(gate, scripted, certificates):
    accepted = [0x0001, 0x0002, 0x0004, 0x0005, 0x003b]
    server = scripted({"STARTTLS": [send("220 go"), answering(
        either(speaks(TLS12, accepted), modern))]})
    outcome = gate(checklist(server.port, [row("tls.ciphers", refuses=["null", "rc4"])],
                             certificates.ca_file))
    body = outcome.cases["tls.ciphers"].body
    for name in ("TLS_RSA_WITH_NULL_MD5", "TLS_RSA_WITH_NULL_SHA", "TLS_RSA_WITH_RC4_128_MD5",
                 "TLS_RSA_WITH_RC4_128_SHA", "TLS_RSA_WITH_NULL_SHA256"):
        assert name in body, outcome


# One assertion of each kind that a good server passes by refusing something.
REFUSALS = [
    row("tls.versions", refuses=["ssl2", "ssl3", "1.0", "1.1"]),
    row("tls.ciphers", refuses=["null", "export", "rc4"]),
    row("tls.forward_secrecy"),
    row("tls.groups", excludes=["secp192r1", "sect163r2"]),
    row("tls.dh_size"),
    row("tls.signature_algorithms", excludes=["rsa_md5", "rsa_pkcs1_sha1"]),
    row("tls.cipher_order", chosen_by="client"),
]


@pytest.fixture
def good(certificates):
    return context(certificates, **SERVERS["modern"])


def check_nothing_passes(outcome):
    """No verdict rests on silence: all are errors, or skipped for the cause of one."""
    assert outcome.status == 3, outcome
    assert set(outcome.verdicts.values()) <= {"error", "skipped"}, outcome
    assert "error" in outcome.verdicts.values()


def test_the_refusals_pass_on_a_good_server(gate, scripted, certificates, good):
    outcome = gate(checklist(scripted(context=good).port, REFUSALS, certificates.ca_file))
    assert set(outcome.verdicts.values()) == {"pass"}, outcome


# What befalls a hello that is not the control.
INCONCLUSIVE = {
    "goes silent": lambda hello: None,
    "answers in plaintext": lambda hello: b"500 5.5.1 what was that\r\n",
    "sends half an alert": lambda hello: alert()[:5],
    "sends a broken ServerHello": lambda hello: server_hello(TLS12, ECDHE_RSA)[:9] + bytes(40),
}


@pytest.mark.parametrize("rule", INCONCLUSIVE.values(), ids=INCONCLUSIVE)
@pytest.mark.parametrize("assertion", REFUSALS[:6], ids=lambda each: each["assert"])
def test_a_server_that_accepts_the_control_and_then(rule, assertion, gate, scripted, certificates):
    def answer(hello):
        return retry(AES_128_GCM, X25519) if hello.is_control else rule(hello)

    server = scripted({"STARTTLS": [send("220 go"), answering(answer)]})
    outcome = gate(checklist(server.port, [assertion], certificates.ca_file,
                             limits={"reply_timeout": "300ms", "connections": 16}))
    check_nothing_passes(outcome)


@pytest.mark.parametrize("assertion", REFUSALS[:2], ids=lambda each: each["assert"])
def test_a_server_that_closes_within_its_answer(assertion, gate, scripted, certificates):
    def step(conversation):
        hello = hellos.read_hello(conversation)
        good = retry(AES_128_GCM, X25519) if hello.is_control else alert()[:5]
        conversation.run([past_tls(good), hang if hello.is_control else close])

    server = scripted({"STARTTLS": [send("220 go"), step]})
    outcome = gate(checklist(server.port, [assertion], certificates.ca_file))
    check_nothing_passes(outcome)


@pytest.mark.parametrize("rule", [lambda hello: alert(), lambda hello: None],
                         ids=["refuses every hello", "answers no hello"])
def test_a_server_that_refuses_the_control_too(rule, gate, scripted, certificates):
    server = scripted({"STARTTLS": [send("220 go"), answering(rule)]})
    outcome = gate(checklist(server.port, REFUSALS, certificates.ca_file,
                             limits={"reply_timeout": "300ms", "connections": 16}))
    check_nothing_passes(outcome)


class Turnstile:
    """Serves `most` connections and turns the others away with 421."""

    def __init__(self, most):
        self.left = most
        self.lock = threading.Lock()

    def banner(self, conversation):
        with self.lock:
            self.left -= 1
            away = self.left < 0
        send("421 4.7.0 too many connections" if away else "220 mail.example.test")(conversation)
        if away:
            close(conversation)


@pytest.mark.parametrize("served", [0, 1, 2])
def test_421_after_some_connections_proves_nothing(served, gate, scripted, certificates, good):
    server = scripted({"banner": [Turnstile(served).banner]}, context=good)
    outcome = gate(checklist(server.port, REFUSALS, certificates.ca_file,
                             limits={"connections": 1, "deadline": "3s"}))
    check_nothing_passes(outcome)


def test_a_server_that_dies_between_control_and_probe(gate, scripted, certificates):
    served = []

    def answer(hello):
        served.append(hello)
        server.stop_listening()
        return retry(AES_128_GCM, X25519)

    server = scripted({"STARTTLS": [send("220 go"), answering(answer)]})
    control_first = [row("tls.versions", accepts=["1.3"]), *REFUSALS[1:3]]
    outcome = gate(checklist(server.port, control_first, certificates.ca_file,
                             limits={"connections": 1, "deadline": "2s"}))
    assert served, outcome
    assert outcome.status == 3, outcome
    assert outcome.verdicts["tls.ciphers"] == "error", outcome
    assert "pass" not in [outcome.verdicts[each["assert"]] for each in REFUSALS[1:3]]


class Limited:
    """Turns away whoever comes when more than `most` connections came in the last second."""

    def __init__(self, most):
        self.most = most
        self.times = []
        self.away = 0
        self.lock = threading.Lock()

    def banner(self, conversation):
        with self.lock:
            now = time.monotonic()
            self.times = [each for each in self.times if now - each < 1]
            away = len(self.times) >= self.most
            self.away += away
            if not away:
                self.times.append(now)
        send("421 4.7.0 slow down" if away else "220 mail.example.test")(conversation)
        if away:
            close(conversation)


def test_a_server_that_limits_the_rate_is_come_back_to(gate, scripted, certificates, good):
    limiter = Limited(6)
    server = scripted({"banner": [limiter.banner]}, context=good)
    outcome = gate(checklist(server.port, REFUSALS, certificates.ca_file,
                             limits={"deadline": "25s"}))
    assert limiter.away > 0, "the server never turned one away"
    assert set(outcome.verdicts.values()) == {"pass"}, outcome


def test_a_survey_goes_on_where_it_was_turned_away(gate, scripted, certificates):
    limiter = Limited(4)
    accepted = [0x0001, 0x0002, 0x0004, 0x0005, 0x003b]
    server = scripted({"banner": [limiter.banner], "STARTTLS": [send("220 go"), answering(
        either(speaks(TLS12, accepted), modern))]})
    outcome = gate(checklist(server.port, [row("tls.ciphers", refuses=["null", "rc4"])],
                             certificates.ca_file, limits={"deadline": "25s"}))
    assert limiter.away > 0, "the server never turned one away"
    assert outcome.verdicts == {"tls.ciphers": "fail"}, outcome
    for name in ("NULL_MD5", "NULL_SHA", "RC4_128_MD5", "RC4_128_SHA", "NULL_SHA256"):
        assert name in outcome.cases["tls.ciphers"].body, outcome


def test_the_pace_holds_between_connections(gate, scripted, certificates, good):
    starts = []
    server = scripted({"banner": [lambda conversation: starts.append(time.monotonic()),
                                  send("220 mail.example.test")]}, context=good)
    outcome = gate(checklist(server.port, [row("tls.versions", refuses=["1.0", "1.1", "ssl3"])],
                             certificates.ca_file, limits={"pace": "200ms"}))
    assert outcome.status == 0, outcome
    assert len(starts) >= 4
    assert min(b - a for a, b in zip(starts, starts[1:])) > 0.15, starts


def test_without_a_pace_connections_do_not_wait(gate, scripted, certificates, good):
    begin = time.monotonic()
    outcome = gate(checklist(scripted(context=good).port, REFUSALS, certificates.ca_file))
    assert outcome.status == 0, outcome
    assert time.monotonic() - begin < 2
