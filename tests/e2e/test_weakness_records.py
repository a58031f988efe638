# SPDX-License-Identifier: GPL-3.0-or-later
"""Weaknesses that show in what a server makes of records that it should not obey."""

import functools
import itertools
import ssl
import time

import pytest

from checklists import checklist
from servers.fake_tls import (CHANGE_CIPHER_SPEC, HEARTBEAT, HEARTBEAT_EXTENSION, MODERN,
                              STATIC_RSA, FakeTls, RsaIdentity, leave, obey, take_secret)
from servers.nodes import from_nth
from servers.scripted import close, send

HEARTBLEED, CCS = "vulnerability.heartbleed", "vulnerability.ccs_injection"
HEARTBEATS = {"extensions": [HEARTBEAT_EXTENSION]}


def after(**faults):
    return {"after": functools.partial(obey, **faults)}


def run(gate, port, *names, reply_timeout="700ms", deadline="10s"):
    return gate(checklist(port, [{"assert": name} for name in names], "/dev/null",
                          limits={"reply_timeout": reply_timeout, "connections": 1,
                                  "deadline": deadline},
                          trust={"system": True}), timeout=60)


SERVERS = [
    (HEARTBLEED, "does not know heartbeats and refuses them", after(), "pass"),
    (HEARTBLEED, "does not know heartbeats and hangs up", after(until="close"), "pass"),
    (HEARTBLEED, "does not know heartbeats and says nothing", after(until="silence"), "error"),
    (HEARTBLEED, "drops them", {**HEARTBEATS, **after()}, "pass"),
    (HEARTBLEED, "drops them and hangs up", {**HEARTBEATS, **after(until="close")}, "pass"),
    (HEARTBLEED, "drops them and falls silent", {**HEARTBEATS, **after(until="silence")}, "error"),
    (HEARTBLEED, "leaks", {**HEARTBEATS, **after(heartbeats="leaked")}, "fail"),
    (HEARTBLEED, "leaks and falls silent",
     {**HEARTBEATS, **after(heartbeats="leaked", until="silence")}, "fail"),
    (HEARTBLEED, "leaks though it offers none", after(heartbeats="leaked"), "fail"),
    (HEARTBLEED, "sends one of its own", {**HEARTBEATS, "after": lambda fake, connection: (
        connection.read(), connection.write(HEARTBEAT, fake.version, b"\1\0\1x" + bytes(16)),
        connection.alert(fake.version, 10), connection.close())}, "pass"),
    (HEARTBLEED, "falls silent in its flight",
     {"silent_for": lambda hello: True}, {"tls.handshake": "error", HEARTBLEED: "skipped"}),
    (CCS, "refuses it", after(), "pass"),
    (CCS, "hangs up on it", after(until="close"), "pass"),
    (CCS, "falls silent", after(until="silence"), "error"),
    (CCS, "obeys it", after(changes="obeyed"), "fail"),
    (CCS, "obeys it and hangs up on the next", after(changes="obeyed", until="silence"), "error"),
    (CCS, "says bad_record_mac to the first", {"after": lambda fake, connection: (
        connection.read(), connection.alert(fake.version, 20), connection.close())}, "pass"),
]


@pytest.mark.parametrize("name, faults, verdict", [(row[0], *row[2:]) for row in SERVERS],
                         ids=[f"{row[0]}: {row[1]}" for row in SERVERS])
def test_a_server_that(name, faults, verdict, gate, scripted):
    server = scripted({"STARTTLS": [send("220 go"), FakeTls(**faults)]})
    outcome = run(gate, server.port, name)
    wanted = verdict if isinstance(verdict, dict) else {name: verdict}
    assert outcome.verdicts == wanted, outcome


def alerting(description):
    return lambda fake, connection: (connection.alert(fake.version, description),
                                     connection.close())


def by_number(one, two):
    """Meets one ChangeCipherSpec like this, and two, which come together, like that."""
    def meet(fake, connection):
        if connection.read()[0] != CHANGE_CIPHER_SPEC:
            connection.hang()
        (two if connection._unread else one)(fake, connection)
    return meet


@pytest.mark.parametrize("alert, verdict", [(10, "pass"), (20, "error"), (21, "error"),
                                            (50, "error"), (51, "error")])
def test_a_change_that_is_obeyed_by_node(alert, verdict, gate, scripted):
    """What one node says is of decryption, and another refuses the record."""
    fake = FakeTls(after=by_number(alerting(10), alerting(alert)))
    outcome = run(gate, scripted({"STARTTLS": [send("220 go"), fake]}).port, CCS)
    assert outcome.verdicts == {CCS: verdict}, outcome


def once(then, otherwise):
    times = itertools.count()
    return lambda fake, connection: (otherwise if next(times) else then)(fake, connection)


def on_heartbeat(step):
    def meet(fake, connection):
        (step if connection.peek(1)[0] == HEARTBEAT else leave)(fake, connection)
    return meet


def hang_up(_fake, connection):
    connection.close()


@pytest.mark.parametrize("name, faults", [
    (HEARTBLEED, {**HEARTBEATS, "after": on_heartbeat(once(hang_up, functools.partial(
        obey, heartbeats="leaked")))}),
    (CCS, {"after": by_number(once(hang_up, leave), alerting(10))})], ids=["heartbleed", "ccs"])
def test_a_weak_server_that_hangs_up_once(name, faults, gate, scripted):
    outcome = run(gate, scripted({"STARTTLS": [send("220 go"), FakeTls(**faults)]}).port, name)
    assert outcome.verdicts == {name: "fail"}, outcome


ROBOT = "vulnerability.robot"
FAULTS = ["start", "zero", "no zero", "version", None]


@pytest.fixture(scope="session")
def rsa(shared_directory):
    directory = shared_directory / "rsa"
    directory.mkdir()
    return RsaIdentity(directory, "mail.example.test")


def unsteady():
    """Answers that have nothing to do with the question."""
    turn = itertools.count()
    return lambda fake, connection: (
        connection.read(), connection.read(), connection.read(),
        connection.alert(fake.version, 20 + next(turn) % 3), connection.close())


PADDINGS = [
    ("has no RSA key exchange", {"suites": [MODERN]}, "pass"),
    ("tells nothing", {}, "pass"),
    ("has alerts for bad padding", {"answers": {"start": 51, "zero": 51, "no zero": 51}}, "fail"),
    ("has an alert for one fault", {"answers": {"zero": 47}}, "fail"),
    ("has an alert for a bad version", {"answers": {"version": 70}}, "fail"),
    ("hangs up on bad padding", {"answers": {"start": "close", "zero": "close"}}, "fail"),
    ("resets on bad padding", {"answers": {"start": "reset", "zero": "reset"}}, "fail"),
    ("falls silent on bad padding", {"answers": {"start": "silence"}}, "fail"),
    ("has another second alert for one fault",
     {"answers": {**dict.fromkeys(FAULTS, (20, 20)), "zero": (20, 21)}}, "fail"),
    ("has a fifth alert for one fault",
     {"answers": {**dict.fromkeys(FAULTS, 4 * (20,)), "zero": 5 * (20,)}}, "fail"),
    ("falls silent behind the alert for one fault", {"answers": {"zero": (20, "silence")}}, "fail"),
    ("does not wait for the rest", {"short_answers": {"start": 20, "zero": 20}}, "fail"),
    ("is always silent", {"answers": dict.fromkeys(FAULTS, "silence")},
     "error"),
    ("is unsteady", {"after": unsteady()}, "error"),
]


@pytest.mark.parametrize("faults, verdict", [row[1:] for row in PADDINGS],
                         ids=[row[0] for row in PADDINGS])
def test_a_server_to_a_premaster_secret(faults, verdict, gate, scripted, rsa):
    answers = {name: faults[name] for name in ("answers", "short_answers") if name in faults}
    faults = {name: value for name, value in faults.items() if name not in answers}
    fake = FakeTls(**{"identity": rsa, "suites": [STATIC_RSA],
                      "after": functools.partial(take_secret, **answers), **faults})
    server = scripted({"STARTTLS": [send("220 go"), fake]})
    outcome = run(gate, server.port, ROBOT, reply_timeout="1100ms", deadline="40s")
    assert outcome.verdicts == {ROBOT: verdict}, outcome


def test_a_server_that_is_silent_once_is_not_awaited_as_long_again(gate, scripted, rsa):
    fake = FakeTls(identity=rsa, suites=[STATIC_RSA], after=functools.partial(
        take_secret, answers=dict.fromkeys(FAULTS, "silence")))
    server = scripted({"STARTTLS": [send("220 go"), fake]})
    begin = time.monotonic()
    outcome = run(gate, server.port, ROBOT, reply_timeout="5s", deadline="40s")
    assert outcome.verdicts == {ROBOT: "error"}, outcome
    assert 5 < time.monotonic() - begin < 20


def test_a_server_that_takes_a_premaster_secret_and_then_refuses(gate, scripted, rsa):
    """The nodes behind one name differ: that one of them has no such suite passes nothing."""
    good = FakeTls(identity=rsa, suites=[MODERN, STATIC_RSA], after=take_secret)
    server = scripted({"STARTTLS": [send("220 go"), from_nth(5, good, FakeTls(suites=[MODERN]))]})
    outcome = run(gate, server.port, ROBOT, deadline="40s")
    assert outcome.verdicts == {ROBOT: "error"}, outcome


def test_openssl_with_static_rsa(gate, scripted, rsa):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(rsa.chain, rsa.key)
    context.set_ciphers("AES128-GCM-SHA256:AES128-SHA")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    outcome = run(gate, scripted(context=context).port, ROBOT, reply_timeout="2s", deadline="40s")
    assert outcome.verdicts == {ROBOT: "pass"}, outcome
    assert "same answer" in gate.command("run", gate.directory / "test.json", "-v").stdout


def test_no_more_than_one_byte_of_memory_is_asked_for(gate, scripted):
    requests = []

    def note(fake, connection):
        kind, body = connection.read()
        if kind == HEARTBEAT:
            requests.append(body)
        connection.alert(fake.version, 10)
        connection.close()

    server = scripted({"STARTTLS": [send("220 go"), FakeTls(**HEARTBEATS, after=note)]})
    run(gate, server.port, HEARTBLEED)
    body, = requests
    assert int.from_bytes(body[1:3], "big") == len(body[3:]) + 1


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_openssl(version, gate, scripted, certificates):
    server = scripted(context=certificates.context(minimum_version=version))
    outcome = run(gate, server.port, HEARTBLEED, CCS)
    assert outcome.status == 0, outcome


def test_postfix(gate, postfix):
    outcome = run(gate, postfix.ports["submission"], HEARTBLEED, CCS, ROBOT, reply_timeout="5s")
    assert outcome.status == 0, outcome
    assert "6 connections" in outcome.stdout, outcome


@pytest.mark.parametrize("name", [HEARTBLEED, CCS, ROBOT])
def test_421_between_control_and_probe(name, gate, scripted):
    def banner(conversation):
        enough = len(conversation.server.conversations) > 2
        conversation.run([send("421 4.7.0 enough"), close] if enough else [send("220 here")])

    server = scripted({"banner": [banner], "STARTTLS": [send("220 go"), FakeTls()]})
    outcome = run(gate, server.port, name)
    assert outcome.verdicts == {name: "error"}, outcome
