# SPDX-License-Identifier: GPL-3.0-or-later
"""Weaknesses that show in the answers to plain hellos, each on a server that has it and one that
has not; and what never counts as proof."""

import ssl

import pytest

from checklists import checklist, target
from servers.fake_tls import (DHE, EXTENDED_MASTER_SECRET, MODERN, RENEGOTIATION_INFO, SSL3, TLS10, TLS12,
                              FakeTls)
from servers.scripted import close, send

RC4_SHA, DES3_SHA, RSA_EXPORT_RC4, DHE_EXPORT_DES, AES_CBC = 0x0005, 0x000a, 0x0003, 0x0014, 0x002f
SSL2_RC4 = bytes.fromhex("010080")
DEFLATE = 1

# RFC 2409 section 6.2.
OAKLEY_2 = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF", 16)

VULNERABILITIES = ["crime", "poodle", "beast", "sweet32", "rc4", "freak", "logjam", "drown"]
FEATURES = ["compression_disabled", "secure_renegotiation", "extended_master_secret",
            "fallback_scsv"]
NAMES = [f"vulnerability.{name}" for name in VULNERABILITIES] + [f"tls.{name}" for name in FEATURES]

# One at a time, and a little time for those that are left without an answer.
LIMITS = {"connections": 1, "reply_timeout": "500ms"}


def posture(port, names=NAMES, **members):
    return checklist(target(port, **members), [{"assert": name} for name in names],
                     "/dev/null", limits=LIMITS, trust={"system": True})


def faking(**faults):
    return {"STARTTLS": [send("220 go"), FakeTls(**faults)]}


# What is wrong with the server, and the assertions that fail for it; all others pass.
WEAK_SERVERS = [
    ("has no fault", {}, []),
    ("compresses", {"compression": DEFLATE}, ["vulnerability.crime", "tls.compression_disabled"]),
    ("speaks SSLv3", {"suites": [MODERN, AES_CBC], "versions": (SSL3, TLS12)},
     ["vulnerability.poodle", "vulnerability.beast"]),
    ("takes RC4 last", {"suites": [MODERN, RC4_SHA]}, ["vulnerability.rc4"]),
    ("takes 3DES last", {"suites": [MODERN, DES3_SHA]},
     ["vulnerability.sweet32", "vulnerability.beast"]),
    ("takes RSA export", {"suites": [MODERN, RSA_EXPORT_RC4]},
     ["vulnerability.freak", "vulnerability.rc4"]),
    ("takes DHE export", {"suites": [MODERN, DHE_EXPORT_DES]},
     ["vulnerability.logjam", "vulnerability.sweet32", "vulnerability.beast"]),
    ("has a DHE prime of 768 bits", {"suites": [MODERN, DHE], "prime": 2**767 + 1},
     ["vulnerability.logjam"]),
    ("has a DHE prime of 1024 bits that others have", {"suites": [MODERN, DHE], "prime": OAKLEY_2},
     ["vulnerability.logjam"]),
    ("has a DHE prime of 1024 bits of its own", {"suites": [MODERN, DHE], "prime": 2**1023 + 1},
     []),
    ("takes all of them", {"suites": [MODERN, RC4_SHA, DES3_SHA, RSA_EXPORT_RC4, DHE_EXPORT_DES]},
     ["vulnerability.rc4", "vulnerability.sweet32", "vulnerability.freak", "vulnerability.logjam",
      "vulnerability.beast"]),
    ("takes CBC in TLS 1.0", {"suites": [MODERN, AES_CBC]}, ["vulnerability.beast"]),
    ("takes CBC from TLS 1.1 on", {"suites": [MODERN, AES_CBC], "versions": (TLS10 + 1, TLS12)},
     []),
    ("speaks SSLv2", {"ssl2": SSL2_RC4}, ["vulnerability.drown"]),
    ("speaks SSLv2 without a cipher", {"ssl2": b""}, ["vulnerability.drown"]),
    ("does not know secure renegotiation", {"extensions": [EXTENDED_MASTER_SECRET]},
     ["tls.secure_renegotiation"]),
    ("does not know the extended master secret", {"extensions": [RENEGOTIATION_INFO]},
     ["tls.extended_master_secret"]),
    ("overlooks the fallback signal",
     {"suites": [MODERN, AES_CBC], "versions": (TLS10 + 1, TLS12), "signal": False},
     ["tls.fallback_scsv"]),
    ("has TLS 1.0 alone, and no signal", {"signal": False, "versions": (TLS10, TLS10)}, []),
    ("has TLS 1.2 alone, and no signal", {"signal": False, "versions": (TLS12, TLS12)}, []),
]


@pytest.mark.parametrize("faults, failing", [row[1:] for row in WEAK_SERVERS],
                         ids=[row[0] for row in WEAK_SERVERS])
def test_a_server_that(faults, failing, gate, scripted):
    faults = {"suites": [MODERN], **faults}
    server = scripted(faking(**faults))
    outcome = gate(posture(server.port))
    assert sorted(outcome.having("fail")) == sorted(failing), outcome
    assert outcome.having("error", "skipped") == [], outcome


def real_context(certificates, minimum, maximum):
    context = certificates.context(minimum_version=minimum, maximum_version=maximum)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    return context


V10, V12, V13 = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3


@pytest.mark.parametrize("versions, failing", [
    ((V12, V13), []), ((V13, V13), []), ((V12, V12), []),
    ((V10, V12), ["vulnerability.beast"]), ((V10, V10), ["vulnerability.beast"])],
    ids=["of today", "with TLS 1.3 alone", "with TLS 1.2 alone", "of ten years ago",
         "with TLS 1.0 alone"])
def test_an_openssl_server(versions, failing, gate, scripted, certificates):
    server = scripted(context=real_context(certificates, *versions))
    outcome = gate(posture(server.port))
    assert outcome.having("fail") == failing, outcome
    assert outcome.having("error", "skipped") == [], outcome


def test_what_tls_1_3_cannot_have_is_said_so(gate, scripted, certificates):
    server = scripted(context=real_context(certificates, V13, V13))
    outcome = gate(posture(server.port), "-v")
    assert "TLS 1.2 and everything older is refused" in outcome.stdout, outcome


def test_over_implicit_tls(gate, scripted, certificates):
    server = scripted(context=real_context(certificates, V12, V13), implicit=True)
    outcome = gate(posture(server.port, tls="implicit"))
    assert outcome.status == 0, outcome


def test_a_modern_postfix(gate, postfix):
    outcome = gate(posture(postfix.ports["submission"]))
    assert outcome.having("fail", "error", "skipped") == [], outcome.cases
    # The session, the control, the ordinary hello, SSLv3, SSLv2, two of weak suites, a fallback,
    # and DHE, whose prime is of 2048 bits: with the groups of RFC 7919 and without, until both are
    # refused.
    assert "10 connections" in outcome.stdout, outcome


def counting(after, then, otherwise):
    """Does `then` on every connection after so many of them."""
    def step(conversation):
        index = conversation.server.conversations.index(conversation)
        conversation.run(then if index >= after else otherwise)
    return step


@pytest.mark.parametrize("connections", range(8))
@pytest.mark.parametrize("ending", ["421", "hangs up"])
def test_a_server_that_has_had_enough_is_no_proof(connections, ending, gate, scripted):
    """Each connection proves what it proves; no answer is never a refusal."""
    farewell = [send("421 4.7.0 too many connections"), close] if ending == "421" else [close]
    server = scripted({**faking(suites=[MODERN]),
                       "banner": [counting(connections, farewell, [send("220 here")])]})
    outcome = gate(posture(server.port))
    assert outcome.having("fail") == [], outcome
    assert outcome.status == 3, outcome
    assert len(outcome.having("pass")) <= max(0, 2 * (connections - 1)), outcome
    if connections <= 2:
        assert outcome.having("pass") == [], outcome


@pytest.mark.parametrize("name, silent_for", [
    ("vulnerability.rc4", lambda hello: RC4_SHA in hello.suites and MODERN not in hello.suites),
    ("vulnerability.rc4", lambda hello: (hello.version == TLS12 and RC4_SHA in hello.suites
                                         and MODERN not in hello.suites)),
    ("vulnerability.poodle", lambda hello: hello.version == SSL3),
    ("tls.fallback_scsv", lambda hello: 0x5600 in hello.suites),
    ("tls.compression_disabled", lambda hello: DEFLATE in hello.compressions),
])
def test_silence_is_no_proof(name, silent_for, gate, scripted):
    server = scripted(faking(suites=[MODERN], silent_for=silent_for))
    outcome = gate(posture(server.port, [name]))
    assert outcome.verdicts == {name: "error"}, outcome
    assert outcome.cases[name].type == "starttls-gate.NoProof"


def test_silence_to_an_sslv2_hello_is_no_proof(gate, scripted):
    class Silent(FakeTls):
        def _answer_ssl2(self, connection):
            connection.hang()

    server = scripted({"STARTTLS": [send("220 go"), Silent()]})
    outcome = gate(posture(server.port, ["vulnerability.drown"]))
    assert outcome.verdicts == {"vulnerability.drown": "error"}, outcome


class Tls(FakeTls):
    """Takes an SSLv2 hello for one of TLS."""

    def _answer_ssl2(self, connection):
        self.version, self.suite = TLS12, MODERN
        answer = b"\2\0\0\x26" + TLS12.to_bytes(2, "big") + bytes(33) + MODERN.to_bytes(2, "big")
        connection.write(22, TLS12, answer + b"\0")
        connection.hang()


class Misreading(FakeTls):
    """Says that an SSLv2 hello is no message of TLS."""

    def _answer_ssl2(self, connection):
        connection.alert(TLS10, 10)
        connection.close()


@pytest.mark.parametrize("fake, verdict", [(Tls, "error"), (Misreading, "pass")],
                         ids=["a hello of TLS", "a misreading"])
def test_an_answer_of_tls_to_an_sslv2_hello(fake, verdict, gate, scripted):
    server = scripted({"STARTTLS": [send("220 go"), fake()]})
    outcome = gate(posture(server.port, ["vulnerability.drown"]))
    assert outcome.verdicts == {"vulnerability.drown": verdict}, outcome


def test_a_server_that_refuses_every_hello_proves_nothing(gate, scripted):
    server = scripted(faking(suites=[]))
    outcome = gate(posture(server.port, ["tls.handshake", *NAMES]))
    assert outcome.having("pass") == [], outcome
    assert outcome.having("fail") == ["tls.handshake"], outcome
    assert set(outcome.having("skipped")) == set(NAMES), outcome
