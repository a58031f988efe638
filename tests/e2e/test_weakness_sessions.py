# SPDX-License-Identifier: GPL-3.0-or-later
"""What servers do with sessions: resume them, renegotiate them, leak into them, take early data,
and name a protocol for them."""

import _ssl
import ctypes
import shutil
import socket
import ssl
import subprocess
import time

import pytest

from checklists import checklist, target
from servers.fake_tls import MODERN, FakeTls
from servers.nodes import alternating, in_turn
from servers.scripted import close, handshake, hang, past_tls, reset, send, sleep, wait_for_bytes

RESUMPTION, RENEGOTIATION = "tls.session_resumption", "tls.client_renegotiation_refused"
EARLY_DATA, ALPN = "tls.early_data_disabled", "tls.alpn"
TICKETBLEED = "vulnerability.ticketbleed"
NAMES = [RESUMPTION, RENEGOTIATION, EARLY_DATA, TICKETBLEED]

TLS12, TLS13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
ALLOW_CLIENT_RENEGOTIATION = 1 << 8  # of OpenSSL 3; Python has no name for it

SHORT_ID_LEN = 31

ANSWERED = send("250 mail.example.test")


def run(gate, certificates, where, *assertions):
    rows = [{"assert": row} if isinstance(row, str) else row for row in assertions]
    return gate(checklist(where, rows, certificates.ca_file, limits={"connections": 1}))


@pytest.mark.parametrize("version", [TLS12, TLS13], ids=["TLS 1.2", "TLS 1.3"])
@pytest.mark.parametrize("implicit", [False, True], ids=["starttls", "implicit"])
def test_a_good_server(version, implicit, gate, scripted, certificates):
    server = scripted(context=certificates.context(minimum_version=version, maximum_version=version),
                      implicit=implicit)
    where = target(server.port, tls="implicit" if implicit else "starttls")
    outcome = run(gate, certificates, where, *NAMES)
    assert outcome.status == 0, outcome


def test_a_modern_postfix(gate, postfix, certificates):
    outcome = run(gate, certificates, postfix.ports["submission"], *NAMES)
    assert outcome.status == 0, outcome
    # The session, control, ordinary hello, two for resumption, one, one, and two for a ticket.
    assert "9 connections" in outcome.stdout, outcome


@pytest.mark.parametrize("version", [TLS12, TLS13], ids=["TLS 1.2", "TLS 1.3"])
@pytest.mark.parametrize("expected, resumes, verdict", [
    ("resumed", True, "pass"), ("resumed", False, "fail"),
    ("refused", True, "fail"), ("refused", False, "pass")])
def test_resumption(version, expected, resumes, verdict, gate, scripted, certificates):
    context = certificates.context(minimum_version=version, maximum_version=version)
    contexts = [context] if resumes else None
    if not resumes:
        context.options |= ssl.OP_NO_TICKET
        context.num_tickets = 0

    def fresh(conversation):
        """Without a session cache in common there is nothing to resume."""
        one = contexts[0] if contexts else certificates.context(
            minimum_version=version, maximum_version=version, options=context.options)
        conversation.run([handshake(one)])

    server = scripted({"STARTTLS": [send("220 go"), fresh]}, context)
    outcome = run(gate, certificates, server.port, {"assert": RESUMPTION, "expected": expected})
    assert outcome.verdicts == {RESUMPTION: verdict}, outcome


def test_a_server_that_resumes_only_older_sessions(gate, scripted, certificates):
    server = scripted(context=certificates.context(num_tickets=0))
    outcome = run(gate, certificates, server.port, {"assert": RESUMPTION, "expected": "refused"})
    assert outcome.verdicts == {RESUMPTION: "fail"}, outcome


@pytest.mark.parametrize("expected", ["resumed", "refused"])
def test_some_nodes_that_resume(expected, gate, scripted, certificates):
    nodes = [handshake(certificates.context(minimum_version=TLS13)) for _ in range(2)]
    server = scripted({"STARTTLS": [send("220 go"), alternating(*nodes)]})
    outcome = run(gate, certificates, server.port, {"assert": RESUMPTION, "expected": expected})
    assert outcome.verdicts == {RESUMPTION: "fail"}, outcome


@pytest.mark.parametrize("suite", ["ECDHE+AES128", "ECDHE+AES256"])
def test_a_server_that_renegotiates(suite, gate, scripted, certificates):
    context = certificates.context(maximum_version=TLS12)
    context.set_ciphers(suite)
    context.options |= ALLOW_CLIENT_RENEGOTIATION
    outcome = run(gate, certificates, scripted(context=context).port, RENEGOTIATION)
    assert outcome.verdicts == {RENEGOTIATION: "fail"}, outcome


def test_a_server_that_renegotiates_after_it_hung_up(gate, scripted, certificates):
    """The first connection is the session's."""
    context = certificates.context(maximum_version=TLS12)
    context.options |= ALLOW_CLIENT_RENEGOTIATION
    server = scripted({"tls EHLO": [in_turn(ANSWERED, [ANSWERED, wait_for_bytes, close],
                                            ANSWERED)]}, context)
    outcome = run(gate, certificates, server.port, RENEGOTIATION)
    assert outcome.verdicts == {RENEGOTIATION: "fail"}, outcome


def test_a_server_that_passes_a_renegotiation_over(gate, scripted, certificates):
    """It drops the hello's record and goes on: what is sent inside does not count for TLS."""
    def overlook(conversation):
        conversation.receive_raw()  # the hello
        conversation.receive_raw()  # the command
        conversation.write(b"250 2.0.0 yes\r\n")

    server = scripted({"tls EHLO": [ANSWERED, overlook, hang]},
                      certificates.context(maximum_version=TLS12))
    outcome = gate(checklist(server.port, [{"assert": RENEGOTIATION}], certificates.ca_file,
                             limits={"reply_timeout": "3s"}))
    assert outcome.verdicts == {RENEGOTIATION: "pass"}, outcome


@pytest.mark.parametrize("reaction, verdict", [
    ([wait_for_bytes, close], "pass"), ([wait_for_bytes, reset], "pass"), ([hang], "error"),
    ([wait_for_bytes, sleep(1.3), close], "error"),
    ([wait_for_bytes, past_tls(b"500 what\r\n"), hang], "error"),
    ([wait_for_bytes, past_tls(b"421 mail lost input connection\r\n"), close], "pass")],
    ids=["hangs up", "resets", "says nothing", "hangs up on the command", "speaks in plaintext",
         "takes its leave in plaintext"])
def test_a_server_that_meets_renegotiation_and(reaction, verdict, gate, scripted, certificates):
    server = scripted({"tls EHLO": [ANSWERED, *reaction]},
                      certificates.context(maximum_version=TLS12))
    outcome = run(gate, certificates, server.port, RENEGOTIATION)
    assert outcome.verdicts == {RENEGOTIATION: verdict}, outcome


@pytest.mark.parametrize("stage", ["STARTTLS", "tls EHLO"])
def test_a_server_that_closes_every_session_has_refused_nothing(stage, gate, scripted,
                                                                certificates):
    start = [send("220 go"), handshake()] if stage == "STARTTLS" else []
    server = scripted({stage: [*start, close]}, certificates.context(maximum_version=TLS12))
    outcome = run(gate, certificates, server.port, RENEGOTIATION)
    assert outcome.verdicts == {RENEGOTIATION: "error"}, outcome


def short_id(answer):
    """Answers hellos with a session id of 31 bytes by a fake, all others by a real handshake."""
    def step(conversation):
        data = conversation.receive_raw()
        if data[43] == SHORT_ID_LEN:
            answer(conversation, data)
            return
        conversation._incoming.write(data)
        conversation.start_tls(conversation.server.context)
    return [send("220 go"), step]


@pytest.mark.parametrize("session_id, verdict", [
    (lambda hello: hello.session_id, "pass"),
    (lambda hello: b"", "error"),
    (lambda hello: bytes(31), "error"),
    (lambda hello: bytes(32), "error"),
    (lambda hello: hello.session_id + b"S", "fail")],
    ids=["sends the id back", "sends none back", "has a short id of its own",
         "has an id of its own", "leaks"])
def test_session_ids(session_id, verdict, gate, scripted, certificates):
    fake = FakeTls(suites=[MODERN], session_id=session_id)
    server = scripted({"STARTTLS": short_id(fake)}, certificates.context(maximum_version=TLS12))
    outcome = run(gate, certificates, server.port, TICKETBLEED)
    assert outcome.verdicts == {TICKETBLEED: verdict}, outcome


@pytest.mark.parametrize("answer", [
    lambda conversation, data: hang(conversation), lambda conversation, data: close(conversation)],
    ids=["silence", "a close"])
def test_a_ticket_that_meets_no_answer_is_no_proof(answer, gate, scripted, certificates):
    server = scripted({"STARTTLS": short_id(answer)}, certificates.context(maximum_version=TLS12))
    outcome = run(gate, certificates, server.port, TICKETBLEED)
    assert outcome.verdicts == {TICKETBLEED: "error"}, outcome


def test_a_server_without_tickets_has_no_ids_to_leak(gate, scripted, certificates):
    context = certificates.context(maximum_version=TLS12)
    context.options |= ssl.OP_NO_TICKET
    outcome = run(gate, certificates, scripted(context=context).port, TICKETBLEED)
    assert outcome.verdicts == {TICKETBLEED: "pass"}, outcome


@pytest.fixture
def gnutls(certificates, free_port):
    """Starts gnutls-serv with options, which echoes what it is sent."""
    if shutil.which("gnutls-serv") is None:
        pytest.skip("gnutls-serv is not there")
    identity = certificates.identities["good"]
    started = []

    def start(*options):
        started.append(subprocess.Popen(
            ["gnutls-serv", "--echo", "-p", str(free_port), "--x509certfile", identity.chain,
             "--x509keyfile", identity.key, *options],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", free_port), 1).close()
                return free_port
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("gnutls-serv does not listen")

    yield start
    for process in started:
        process.terminate()
        process.wait()


@pytest.fixture
def free_port():
    with socket.create_server(("127.0.0.1", 0)) as holder:
        return holder.getsockname()[1]


@pytest.mark.parametrize("options, verdict", [(["--earlydata"], "fail"), ([], "pass")],
                         ids=["taken", "not taken"])
@pytest.mark.parametrize("suite", ["AES-128-GCM", "AES-256-GCM", "CHACHA20-POLY1305"])
def test_early_data(options, verdict, suite, gate, gnutls, certificates):
    port = gnutls(*options, "--priority", f"NORMAL:-CIPHER-ALL:+{suite}")
    outcome = run(gate, certificates, target(port, tls="implicit"), EARLY_DATA)
    assert outcome.verdicts == {EARLY_DATA: verdict}, outcome


def test_silence_behind_the_handshake_says_nothing_of_early_data(gate, scripted, certificates):
    server = scripted({"STARTTLS": [send("220 go"), handshake(), hang]})
    outcome = run(gate, certificates, server.port, EARLY_DATA)
    assert outcome.verdicts == {EARLY_DATA: "error"}, outcome


def test_silence_to_quit_says_nothing_of_early_data(gate, scripted, certificates):
    outcome = run(gate, certificates, scripted({"tls QUIT": [hang]}).port, EARLY_DATA)
    assert outcome.verdicts == {EARLY_DATA: "error"}, outcome


class Libssl:
    """What OpenSSL can do and Python has no name for; the pointers stand where CPython has them."""

    library = ctypes.CDLL(_ssl.__file__)

    @staticmethod
    def _pointer(thing, fields_before):
        at = id(thing) + object.__basicsize__ + fields_before * ctypes.sizeof(ctypes.c_void_p)
        return ctypes.c_void_p.from_address(at)

    @classmethod
    def allow_early_data(cls, context):
        cls.library.SSL_CTX_set_max_early_data(cls._pointer(context, 0), 16384)

    @classmethod
    def give_ticket(cls, conversation):
        session = cls._pointer(conversation._tls._sslobj, 1)
        assert cls.library.SSL_new_session_ticket(session) == 1
        assert cls.library.SSL_do_handshake(session) == 1
        conversation._flush()


@pytest.mark.parametrize("allowed, verdict", [(True, "fail"), (False, "pass")])
def test_a_late_ticket_counts(allowed, verdict, gate, scripted, certificates):
    """It comes behind the last reply."""
    context = certificates.context(num_tickets=0)
    if allowed:
        Libssl.allow_early_data(context)
    server = scripted({"tls QUIT": [send("221 2.0.0 bye"), sleep(0.3), Libssl.give_ticket, close]},
                      context)
    outcome = run(gate, certificates, server.port, EARLY_DATA)
    assert outcome.verdicts == {EARLY_DATA: verdict}, outcome


def choosing(certificates, *protocols):
    context = certificates.context()
    context.set_alpn_protocols(protocols)
    return context


@pytest.mark.parametrize("parameters, verdict", [
    ({"selects": "smtp"}, "pass"), ({"selects": "imap"}, "fail"),
    ({"refuses": ["http/1.1"]}, "fail"), ({"selects": "smtp", "refuses": ["imap"]}, "fail")])
def test_alpn_of_a_server_that_overlooks_others(parameters, verdict, gate, scripted, certificates):
    """OpenSSL as Python has it goes on without a protocol when there is none in common."""
    server = scripted(context=choosing(certificates, "smtp"))
    outcome = run(gate, certificates, server.port, {"assert": ALPN, **parameters})
    assert outcome.verdicts == {ALPN: verdict}, outcome


def test_alpn_of_a_server_that_refuses_others(gate, gnutls, certificates):
    port = gnutls("--alpn", "imap", "--alpn-fatal")
    rows = [{"id": "both", "assert": ALPN, "selects": "imap", "refuses": ["http/1.1", "h2"]},
            {"id": "wrong", "assert": ALPN, "refuses": ["imap"]},
            {"id": "missing", "assert": ALPN, "selects": "smtp"}]
    outcome = run(gate, certificates, target(port, tls="implicit"), *rows)
    assert outcome.verdicts == {"both": "pass", "wrong": "fail", "missing": "fail"}, outcome


def test_alpn_and_silence(gate, scripted, certificates):
    def only_once(conversation):
        later = len(conversation.server.conversations) > 1
        conversation.run([hang] if later else [handshake()])

    server = scripted({"STARTTLS": [send("220 go"), only_once]})
    outcome = run(gate, certificates, server.port, {"assert": ALPN, "refuses": ["http/1.1"]})
    assert outcome.verdicts == {ALPN: "error"}, outcome


@pytest.mark.parametrize("name", NAMES)
def test_421_after_the_session_is_no_proof(name, gate, scripted, certificates):
    def banner(conversation):
        later = len(conversation.server.conversations) > 1
        conversation.run([send("421 4.7.0 enough"), close] if later else [send("220 here")])

    outcome = run(gate, certificates, scripted({"banner": [banner]}).port, name)
    assert outcome.verdicts == {name: "error"}, outcome


@pytest.mark.parametrize("implicit", [False, True], ids=["behind STARTTLS", "with implicit TLS"])
def test_no_ticket_until_the_server_closes_is_none(implicit, gate, scripted, certificates):
    """A greeting can come before the tickets; the end cannot."""
    server = scripted(context=certificates.context(num_tickets=0), implicit=implicit)
    made = target(server.port, tls="implicit" if implicit else "starttls")
    outcome = run(gate, certificates, made, EARLY_DATA)
    assert outcome.verdicts == {EARLY_DATA: "pass"}, outcome
