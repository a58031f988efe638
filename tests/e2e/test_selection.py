# SPDX-License-Identifier: GPL-3.0-or-later
"""Which assertions are made of which targets, and which of them count."""

import pytest

import gate as gate_module
from checklists import checklist, target
from servers.scripted import send

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
    assert server.conversations == []


def test_verdicts_are_told_in_text(gate, scripted, certificates):
    outcome = gate(checklist(scripted(LOST).port, ROWS, certificates.ca_file))
    for name in outcome.cases:
        assert name in outcome.stdout
    assert "target" in outcome.stdout
    assert "\x1b[" not in outcome.stdout  # no colour where there is no terminal
