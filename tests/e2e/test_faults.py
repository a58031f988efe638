# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad servers behind a bad network: whatever befalls the connections, nothing that the server
fails without it is ever passed, and no run is held up.

A run is a seed, so one that fails can be made again. GATE_FAULT_SEEDS is how many there are.
"""

import contextlib
import os
import ssl
import time

import pytest

from checklists import checklist, target
from servers.fake_tls import (DHE, HANDSHAKE, HEARTBEAT_EXTENSION, MODERN, SSL3, STATIC_RSA, TLS12,
                              FakeTls, RsaIdentity, obey, take_secret)
from servers.fault_proxy import IMPLICIT_KINDS, KINDS, FaultProxy
from servers.scripted import ScriptedServer, send
from servers.speeches import Imap, Pop3, say

SEEDS = int(os.environ.get("GATE_FAULT_SEEDS", "60"))
DEADLINE = 6  # seconds
LIMITS = {"connect_timeout": "250ms", "reply_timeout": "250ms", "deadline": f"{DEADLINE}s"}
SLACK = 10  # seconds for starting and for the report, on a machine that does much else
AT_ONCE = 8


def row(name, /, **parameters):
    return {"id": " ".join([name, *map(str, parameters.values())]), "assert": name, **parameters}


OLD_TLS = [
    row("tls.version", minimum="1.2"),
    row("tls.versions", refuses=["1.0"]),
    row("tls.ciphers", refuses=["cbc"]),
    row("vulnerability.beast"),
]
STATIC = [
    row("tls.ciphers", refuses=["static-rsa"]),
    row("tls.forward_secrecy"),
]
CERTIFICATE = [
    row("certificate.expiry"),
    row("certificate.trusted"),
    row("certificate.hostname", name="elsewhere.example.test"),
]
PLAINTEXT = [
    row("starttls.required"),
    row("auth.not_before_tls"),
]
WEAK = [
    row("tls.versions", refuses=["ssl2"]),
    row("tls.versions", refuses=["ssl3"]),
    row("tls.ciphers", refuses=["rc4"]),
    row("tls.dh_size"),
    row("tls.compression_disabled"),
    row("tls.secure_renegotiation"),
    row("tls.fallback_scsv"),
    *(row(f"vulnerability.{name}") for name in (
        "crime", "poodle", "sweet32", "rc4", "freak", "logjam", "drown", "heartbleed",
        "ccs_injection", "robot")),
]

RC4, TRIPLE_DES, RSA_EXPORT, DHE_EXPORT = 0x0005, 0x000a, 0x0003, 0x0014
DEFLATE = 1
SSL2_RC4 = bytes.fromhex("010080")


def every_weakness(fake, connection):
    """Leaks on heartbeats, obeys ChangeCipherSpec, and tells of bad padding."""
    if connection.peek(1)[0] == HANDSHAKE:
        take_secret(fake, connection, answers={"start": 51, "zero": 51})
    else:
        obey(fake, connection, heartbeats="leaked", changes="obeyed")


@pytest.fixture(scope="session")
def weak_tls(shared_directory):
    directory = shared_directory / "weak-tls"
    directory.mkdir()
    return FakeTls(RsaIdentity(directory, "mail.example.test"),
                   suites=[STATIC_RSA, MODERN, RC4, TRIPLE_DES, RSA_EXPORT, DHE_EXPORT, DHE],
                   versions=(SSL3, TLS12), extensions=[HEARTBEAT_EXTENSION], compression=DEFLATE,
                   signal=False, prime=dict.fromkeys([DHE, DHE_EXPORT], 2**511 + 1),
                   ssl2=SSL2_RC4, after=every_weakness)


@contextlib.contextmanager
def a_postfix(request):
    yield request.getfixturevalue("postfix").ports["old-tls"], OLD_TLS


@contextlib.contextmanager
def an_openssl(request):
    context = request.getfixturevalue("certificates").context("expired")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("ALL:@SECLEVEL=0")
    with ScriptedServer(context, implicit=True) as server:
        yield server.port, OLD_TLS + CERTIFICATE[::2]


@contextlib.contextmanager
def an_rsa_openssl(request):
    """Where static RSA works, MAIL is taken and AUTH offered without TLS."""
    context = request.getfixturevalue("certificates").context("foreign-rsa")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("ALL:@SECLEVEL=0")
    with ScriptedServer(context, {"MAIL": [send("250 2.1.0 Ok")],
                                  "EHLO": [send("250-here", "250-AUTH PLAIN", "250 STARTTLS")],
                                  }) as server:
        yield server.port, OLD_TLS + STATIC + PLAINTEXT + CERTIFICATE[1:2]


@contextlib.contextmanager
def a_mailbox(request, speech, stages):
    """Where a login begins without TLS."""
    context = request.getfixturevalue("certificates").context("expired")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("ALL:@SECLEVEL=0")
    with ScriptedServer(context, stages, speech=speech) as server:
        yield server.port, OLD_TLS + PLAINTEXT + CERTIFICATE[::2]


def an_imap(request):
    return a_mailbox(request, Imap, {"CAPABILITY": Imap.offering("STARTTLS", "AUTH=PLAIN"),
                                     "AUTHENTICATE": [say("+ ")]})


def a_pop3(request):
    return a_mailbox(request, Pop3, {"CAPA": Pop3.offering("STLS", "USER"),
                                     "USER": [say("+OK and?")]})


@contextlib.contextmanager
def a_weak_fake(request):
    fake = request.getfixturevalue("weak_tls")
    with ScriptedServer(None, {"STARTTLS": [send("220 go"), fake]}) as server:
        yield server.port, WEAK + STATIC + OLD_TLS


SERVERS = [a_postfix, an_openssl, an_rsa_openssl, a_weak_fake, an_imap, a_pop3]
PROTOCOLS = {an_imap: "imap", a_pop3: "pop3"}


def made(server, port, rows, ca_file, **limits):
    """The checklist for that server."""
    tls = "implicit" if server is an_openssl else "starttls"
    protocol = PROTOCOLS.get(server, "smtp")
    return checklist(target(port, tls=tls, protocol=protocol), rows, ca_file, limits={**LIMITS, **limits})


@pytest.mark.parametrize("server", SERVERS)
def test_without_faults_all_of_it_fails(server, request, gate, certificates):
    with server(request) as (port, rows):
        outcome = gate(made(server, port, rows, certificates.ca_file, reply_timeout="5s",
                            deadline="25s"))
    assert outcome.having("pass", "error", "skipped") == [], outcome.text


@contextlib.contextmanager
def proxied(seed, request, gate, certificates):
    """A gate that runs against a bad server behind faults: (its proxy, the run, since when)."""
    server = SERVERS[seed % len(SERVERS)]
    kinds = IMPLICIT_KINDS if server is an_openssl else KINDS
    with server(request) as (port, rows), FaultProxy(port, seed, kinds) as proxy:
        # Unless they are given, connections become more and fewer.
        width = {} if seed % 3 == 0 else {"connections": 1 + seed % 16}
        written = gate.write(made(server, proxy.port, rows, certificates.ca_file,
                                  retries=seed % 2, **width), f"{seed}.json")
        yield proxy, gate.start(str(written)), time.monotonic()


def complaint(proxy, outcome):
    """What is wrong with the outcome, and all about it; None: nothing."""
    if outcome.status in (1, 3) and not outcome.having("pass"):
        return None
    faults = "\n".join(f"{number}: {fault}" for number, fault in enumerate(proxy.faults) if fault)
    return (f"seed {proxy.seed}: exit {outcome.status}, passed {outcome.having('pass')}\n{faults}\n"
            f"{outcome.text}")


@pytest.mark.parametrize("first", range(0, SEEDS, AT_ONCE))
def test_no_fault_makes_a_bad_server_good(first, request, gate, certificates):
    """Several at a time, since most of them do little but wait."""
    took = 0
    outcomes = []
    with contextlib.ExitStack() as stack:
        runs = [stack.enter_context(proxied(seed, request, gate, certificates))
                for seed in range(first, min(first + AT_ONCE, SEEDS))]
        for proxy, running, since in runs:
            outcomes.append((proxy, gate.wait(running)))
            took = max(took, time.monotonic() - since)
    complaints = [text for text in (complaint(*each) for each in outcomes) if text]
    assert not complaints, "\n".join(complaints)
    assert took < DEADLINE + SLACK
