# SPDX-License-Identifier: GPL-3.0-or-later
"""Which assertions are made of which targets, and which of them count."""

import os
import re
import socket

import pytest

import gate as gate_module
from checklists import checklist, target
from servers.scripted import ScriptedServer, send

LOST = {"EHLO": [send("250-mail.example.test", "250 PIPELINING")]}  # STARTTLS is gone

ROWS = [
    {"assert": "connection.greeting", "tags": ["smoke"]},
    {"assert": "ehlo.accepted", "tags": ["smoke", "dialogue"]},
    {"assert": "starttls.advertised", "id": "has-starttls", "tags": ["tls"]},
]


@pytest.mark.parametrize("arguments, selected", [
    ([], ["connection.greeting", "ehlo.accepted", "has-starttls"]),
    (["--tag", "smoke"], ["connection.greeting", "ehlo.accepted"]),
    (["--tag", "dialogue", "--tag", "tls"], ["ehlo.accepted", "has-starttls"]),
    (["--tag", "!smoke"], ["has-starttls"]),
    (["--only", "has-starttls"], ["has-starttls"]),
    (["--only", "starttls.*"], ["has-starttls"]),
    (["--only", "ehlo.accepted", "--only", "connection.*"],
     ["connection.greeting", "ehlo.accepted"]),
    (["--skip", "has-starttls"], ["connection.greeting", "ehlo.accepted"]),
    (["--skip", "connection.*", "--skip", "starttls.*"], ["ehlo.accepted"]),
    (["--tag", "smoke", "--skip", "ehlo.accepted"], ["connection.greeting"]),
], ids=lambda value: " ".join(value) if isinstance(value, list) else None)
def test_selected_by(arguments, selected, gate, scripted, certificates):
    server = scripted()
    outcome = gate(checklist(server.port, ROWS, certificates.ca_file), *arguments)
    assert list(outcome.cases) == selected, outcome.text
    assert outcome.status == 0


def two_targets(scripted):
    return [target(scripted().port, name="good"), target(scripted(LOST).port, name="bad")]


def test_several_targets_are_several_suites(gate, scripted, certificates):
    outcome = gate(checklist(two_targets(scripted), ROWS, certificates.ca_file))
    assert list(outcome.suites) == ["good", "bad"], outcome.text
    assert outcome.suites["good"]["has-starttls"].verdict == "pass"
    assert outcome.suites["bad"]["has-starttls"].verdict == "fail"
    assert outcome.status == 1


def test_a_failure_beats_an_error(gate, scripted, certificates):
    targets = [*two_targets(scripted), target(scripted({"banner": [send("421 no")]}).port,
                                              name="busy")]
    outcome = gate(checklist(targets, ROWS, certificates.ca_file))
    assert outcome.suites["busy"]["connection.greeting"].verdict == "error"
    assert outcome.status == 1


def test_a_target_by_its_name(gate, scripted, certificates):
    outcome = gate(checklist(two_targets(scripted), ROWS, certificates.ca_file),
                   "--target", "good")
    assert list(outcome.suites) == ["good"]
    assert outcome.status == 0


def test_a_target_in_place_of_the_checklists(gate, scripted, certificates):
    server = scripted()
    outcome = gate(checklist(two_targets(scripted), ROWS, certificates.ca_file),
                   "--target", f"{gate_module.HOST}:{server.port}", "--address", "127.0.0.1")
    assert list(outcome.suites) == [f"{gate_module.HOST}:{server.port}"], outcome.text
    assert len(server.conversations) == 1
    assert outcome.status == 0


def test_several_targets_by_name_and_place(gate, scripted, certificates):
    other = scripted()
    outcome = gate(checklist(two_targets(scripted), ROWS, certificates.ca_file),
                   "--target", "bad", "-t", f"{gate_module.HOST}:{other.port}",
                   "--address", "127.0.0.1")
    assert list(outcome.suites) == ["bad", f"{gate_module.HOST}:{other.port}"], outcome.text
    assert outcome.suites["bad"]["has-starttls"].verdict == "fail"
    assert len(other.conversations) == 1


def test_a_target_that_nothing_is_asserted_of(gate, scripted, certificates):
    """It would be taken for checked."""
    rows = [{**row, "targets": ["good"]} for row in ROWS]
    targets = two_targets(scripted)
    outcome = gate(checklist(targets, rows, certificates.ca_file))
    assert outcome.status == 2, outcome.text
    assert 'no assertion applies to the target "bad"' in outcome.stderr
    text = (gate.directory / "test.json").read_text().split('"name": "bad"')[0]
    line = text.count("\n", 0, text.rindex("{")) + 1
    assert re.search(rf"test\.json:{line}:\d+", outcome.stderr), outcome.text


def test_a_selection_may_leave_a_target_out(gate, scripted, certificates):
    rows = [*ROWS[:2], {**ROWS[2], "targets": ["good"]}]
    outcome = gate(checklist(two_targets(scripted), rows, certificates.ca_file),
                   "--only", "has-starttls")
    assert list(outcome.suites) == ["good"], outcome.text
    assert outcome.status == 0
    outcome = gate(checklist(two_targets(scripted), rows, certificates.ca_file),
                   "--only", "has-starttls", "--target", "good", "--target", "bad")
    assert outcome.status == 2, outcome.text
    assert "--target bad" in outcome.stderr


@pytest.mark.parametrize("command", [["list"], ["run", "--dry-run"]], ids=" ".join)
@pytest.mark.parametrize("name, port, shown", [
    ("posture", 465, "implicit TLS"), ("posture", 587, "STARTTLS"), ("posture", 25, "STARTTLS"),
    ("posture", 993, "implicit TLS"), ("posture", 4190, "STARTTLS"), ("posture", 443, "implicit TLS"),
    ("smtps", 465, "implicit TLS"), ("smtps", 587, "STARTTLS"), ("mx", 25, "STARTTLS"),
    ("policy/internet-nl-mail", 465, "implicit TLS"),
])
def test_tls_follows_the_port_of_the_command_line(name, port, shown, command, gate):
    arguments = ["--var", "username=gate"] if name == "smtps" else []
    outcome = gate.command(*command, name, "--target", f"mail.example.test:{port}", *arguments)
    assert outcome.status == 0, outcome.text
    assert f"port {port}, {shown}" in outcome.stdout
    starttls = [line for line in outcome.stdout.splitlines() if line.startswith("  starttls.")]
    assert bool(starttls) == (shown == "STARTTLS" and name != "smtps"), outcome.text


def test_what_is_about_starttls_alone_is_refused_elsewhere(gate):
    outcome = gate.command("list", "mx", "--target", "mail.example.test:465")
    assert outcome.status == 2, outcome.text
    assert "starttls.advertised cannot be asserted" in outcome.stderr


def test_the_posture_of_a_server_with_implicit_tls(gate, certificates):
    """No option says that TLS is there from the first byte: the port does."""
    if os.geteuid() != 0:
        pytest.skip("port 465 needs root")
    address = f"127.77.{os.getpid() // 250 % 250}.{os.getpid() % 250 + 1}"
    server = ScriptedServer(certificates.context(), implicit=True)
    server._listener.close()
    server._listener = socket.create_server((address, 465), backlog=128)
    with server:
        outcome = gate("posture", "--target", f"{gate_module.HOST}:465", "--address", address,
                       "--ca-file", certificates.ca_file)
    assert outcome.cases["tls.handshake"].verdict == "pass", outcome.text
    assert outcome.cases["certificate.trusted"].verdict == "pass"
    assert outcome.cases["session.ehlo"].verdict == "pass"
    assert [name for name in outcome.cases if name.startswith("starttls.")] == []


def test_assertions_for_some_targets(gate, scripted, certificates):
    rows = [*ROWS[:2], {**ROWS[2], "targets": ["good"]}]
    outcome = gate(checklist(two_targets(scripted), rows, certificates.ca_file))
    assert "has-starttls" in outcome.suites["good"]
    assert "has-starttls" not in outcome.suites["bad"]
    assert outcome.status == 0


def test_an_advisory_failure_does_not_stop_a_release(gate, scripted, certificates):
    rows = [*ROWS[:2], {**ROWS[2], "severity": "advisory"}]
    outcome = gate(checklist(scripted(LOST).port, rows, certificates.ca_file))
    assert outcome.cases["has-starttls"].verdict == "skipped", outcome.text
    assert "advisory" in outcome.cases["has-starttls"].message
    assert outcome.status == 0


@pytest.mark.parametrize("until, verdict, status", [("2999-12-31", "skipped", 0),
                                                    ("2020-01-01", "fail", 1)])
def test_a_waiver_holds_until_its_date(until, verdict, status, gate, scripted, certificates):
    rows = [*ROWS[:2], {**ROWS[2], "waive": {"until": until, "reason": "being replaced"}}]
    outcome = gate(checklist(scripted(LOST).port, rows, certificates.ca_file))
    case = outcome.cases["has-starttls"]
    assert (case.verdict, outcome.status) == (verdict, status), outcome.text
    if verdict == "skipped":
        assert "being replaced" in case.body + case.message
        assert until in case.body + case.message


def test_a_dry_run_connects_to_nobody(gate, scripted, certificates):
    server = scripted()
    outcome = gate(checklist(server.port, ROWS, certificates.ca_file), "--dry-run")
    assert outcome.status == 0, outcome.text
    assert "has-starttls" in outcome.stdout
    assert "[smoke, dialogue]" in outcome.stdout
    assert server.conversations == []


@pytest.mark.parametrize("name", ["mx", "submission", "posture", "policy/rfc9325"])
def test_list_shows_what_can_be_selected(name, gate):
    """As the hint says that a selection gives which leaves nothing."""
    refused = gate.command("run", name, "--target", "mail.example.test", "--only", "nothing")
    assert '"starttls-gate list CHECKLIST" shows ids and tags' in refused.stderr
    outcome = gate.command("list", name)
    assert outcome.status == 0, outcome.text
    [tag] = set(re.findall(r"\[(tls)\]", outcome.stdout))
    assert gate.command("list", name, "--tag", tag).status == 0


def test_verdicts_are_told_in_text(gate, scripted, certificates):
    outcome = gate(checklist(scripted(LOST).port, ROWS, certificates.ca_file))
    for name in outcome.cases:
        assert name in outcome.stdout
    assert "target" in outcome.stdout
    assert "\x1b[" not in outcome.stdout  # no colour where there is no terminal
