# SPDX-License-Identifier: GPL-3.0-or-later
"""Weaknesses that show in what a server makes of records that it should not obey."""

import functools
import ssl

import pytest

from checklists import checklist
from servers.fake_tls import HEARTBEAT, HEARTBEAT_EXTENSION, FakeTls, obey
from servers.scripted import close, send

HEARTBLEED, CCS = "vulnerability.heartbleed", "vulnerability.ccs_injection"
HEARTBEATS = {"extensions": [HEARTBEAT_EXTENSION]}


def after(**faults):
    return {"after": functools.partial(obey, **faults)}


def run(gate, port, *names, reply_timeout="700ms"):
    return gate(checklist(port, [{"assert": name} for name in names], "/dev/null",
                          limits={"reply_timeout": reply_timeout, "connections": 1},
                          trust={"system": True}))


SERVERS = [
    (HEARTBLEED, "does not know heartbeats", {}, "pass"),
    (HEARTBLEED, "drops them", {**HEARTBEATS, **after()}, "pass"),
    (HEARTBLEED, "drops them and hangs up", {**HEARTBEATS, **after(until="close")}, "pass"),
    (HEARTBLEED, "drops them and falls silent", {**HEARTBEATS, **after(until="silence")}, "error"),
    (HEARTBLEED, "leaks", {**HEARTBEATS, **after(heartbeats="leaked")}, "fail"),
    (HEARTBLEED, "leaks and falls silent",
     {**HEARTBEATS, **after(heartbeats="leaked", until="silence")}, "fail"),
    (HEARTBLEED, "falls silent in its flight", {"silent_for": lambda hello: True}, "error"),
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
    assert outcome.verdicts == {name: verdict}, outcome


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
    outcome = run(gate, postfix.ports["submission"], HEARTBLEED, CCS, reply_timeout="5s")
    assert outcome.status == 0, outcome
    assert "4 connections" in outcome.stdout, outcome


@pytest.mark.parametrize("name", [HEARTBLEED, CCS])
def test_421_between_control_and_probe(name, gate, scripted):
    def banner(conversation):
        enough = len(conversation.server.conversations) > 2
        conversation.run([send("421 4.7.0 enough"), close] if enough else [send("220 here")])

    server = scripted({"banner": [banner], "STARTTLS": [send("220 go"), FakeTls()]})
    outcome = run(gate, server.port, name)
    assert outcome.verdicts == {name: "error"}, outcome
