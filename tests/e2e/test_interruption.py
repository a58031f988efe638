# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that is cut short still leaves its report, and nothing undecided in it has passed."""

import signal
import time

import pytest

from checklists import DIALOGUE, checklist, target
from servers.scripted import hang

PATIENT = {"connect_timeout": "20s", "reply_timeout": "20s", "deadline": "60s"}


def wait_for_connection(server):
    deadline = time.monotonic() + 5
    while not any(c.received for c in server.conversations):
        assert time.monotonic() < deadline, "the gate did not connect"
        time.sleep(0.01)
    time.sleep(0.2)


@pytest.mark.parametrize("number, status", [(signal.SIGINT, 130), (signal.SIGTERM, 143)],
                         ids=["SIGINT", "SIGTERM"])
def test_a_signal(number, status, gate, scripted, certificates):
    server = scripted({"STARTTLS": [hang]})
    process, report = gate.start(checklist(server.port, DIALOGUE, certificates.ca_file, PATIENT))
    wait_for_connection(server)
    process.send_signal(number)
    begin = time.monotonic()
    outcome = gate.wait((process, report))
    assert time.monotonic() - begin < 2
    assert outcome.status == status, outcome.text
    assert list(outcome.cases) == [row["assert"] for row in DIALOGUE]
    assert outcome.cases["ehlo.accepted"].verdict == "pass"
    assert outcome.cases["starttls.accepted"].verdict == "error"
    assert outcome.cases["starttls.accepted"].type == "starttls-gate.NotRun"
    assert "pass" not in {outcome.cases[row["assert"]].verdict for row in DIALOGUE[5:]}


def test_a_signal_with_several_targets(gate, scripted, certificates):
    stuck = scripted({"banner": [hang]})
    targets = [target(scripted().port, name="good"), target(stuck.port, name="stuck")]
    process, report = gate.start(checklist(targets, DIALOGUE, certificates.ca_file, PATIENT))
    time.sleep(1)
    process.send_signal(signal.SIGTERM)
    outcome = gate.wait((process, report))
    assert outcome.status == 143
    assert set(outcome.suites) == {"good", "stuck"}
    assert "pass" not in {case.verdict for name, case in outcome.suites["stuck"].items()
                          if name != "connection.established"}


def test_the_deadline_option(gate, scripted, certificates):
    server = scripted({"STARTTLS": [hang]})
    begin = time.monotonic()
    outcome = gate(checklist(server.port, DIALOGUE, certificates.ca_file, PATIENT),
                   "--deadline", "1s")
    assert time.monotonic() - begin < 3
    assert outcome.status == 3, outcome.text
    assert outcome.cases["ehlo.accepted"].verdict == "pass"
    assert outcome.cases["starttls.accepted"].verdict == "error"
    assert "pass" not in {outcome.cases[row["assert"]].verdict for row in DIALOGUE[5:]}
