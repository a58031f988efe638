# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo shows a release that passes, and each fault stopped by the one assertion about it."""

import os
import subprocess
import sys

import pytest

import gate as gate_module

# All of them write to the same directory.
pytestmark = pytest.mark.xdist_group("demo")

DEMO = gate_module.ROOT / "tests" / "demo" / "demo.py"
REPORT = gate_module.ROOT / "build" / "demo" / "report.xml"

CARRIERS = {
    "expired-certificate": "certificate.expiry",
    "no-starttls": "starttls.advertised",
    "wrong-host": "certificate.hostname",
    "old-tls": "tls.version",
    "auth-before-tls": "auth.not_before_tls",
    "wrong-password": "auth.login",
}


def demonstrate(*arguments):
    return subprocess.run([sys.executable, DEMO, *arguments], capture_output=True, timeout=60,
                          env={**os.environ, "GATE": str(gate_module.BINARY)})


def test_the_good_release_passes():
    outcome = gate_module.Outcome(demonstrate(), REPORT)
    assert outcome.status == 0, outcome.text
    assert set(outcome.verdicts.values()) == {"pass"}, outcome.text


@pytest.mark.parametrize("fault", CARRIERS)
def test_fault(fault):
    outcome = gate_module.Outcome(demonstrate(fault), REPORT)
    assert outcome.having("fail", "error") == [CARRIERS[fault]], outcome.text
    assert outcome.status == 1


def test_an_unknown_fault_lists_the_known_ones():
    run = demonstrate("no-such-fault")
    assert run.returncode == 2
    assert all(fault in run.stderr.decode() for fault in CARRIERS)
