# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that may not have as many files open as it would like to."""

import os
import resource
import subprocess

import pytest

import gate as gate_module
from checklists import checklist, target
from servers.scripted import send, sleep

GREETING = {"assert": "connection.greeting"}
TARGETS = 60


@pytest.fixture
def limited(gate, scripted, certificates):
    """Runs against servers that hold a connection for a while, under a limit of files (soft, hard)."""
    servers = [scripted({"banner": [sleep(0.05), send("220 a ESMTP")]}) for _ in range(4)]
    targets = [target(servers[i % 4].port, name=f"t{i}") for i in range(TARGETS)]
    path = gate.write(checklist(targets, [GREETING], certificates.ca_file,
                                limits={"connections": TARGETS}))

    def run(limit, *arguments):
        return subprocess.run(
            [gate_module.BINARY, "run", path, *arguments], capture_output=True, text=True,
            timeout=60, env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"},  # which opens files
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, limit))
    return run


@pytest.mark.parametrize("limit, jobs, said", [
    ((40, 40), [], "8, not 60, because no more than 40"),
    ((40, 40), ["-j", "20"], "8, not 20, because no more than 40"),
    ((12, 12), ["-j", "2"], "1, not 2, because no more than 12"),
], ids=["default", "given", "hardly any"])
def test_fewer_connections_where_fewer_files_may_be_open(limit, jobs, said, limited):
    done = limited(limit, "-q", *jobs)
    assert done.returncode == 0, done.stdout
    assert done.stderr == \
        f"starttls-gate: connections at a time: {said} files may be open (ulimit -n)\n"


@pytest.mark.parametrize("limit, jobs", [((40, 400), []), ((40, 40), ["-j", "8"])],
                         ids=["soft", "few"])
def test_nothing_is_said_where_there_are_enough(limit, jobs, limited):
    """A soft limit is raised."""
    done = limited(limit, "-q", *jobs)
    assert done.returncode == 0, done.stdout
    assert done.stderr == ""


def test_a_checklist_that_cannot_be_opened_for_that(limited):
    done = limited((5, 5))
    assert done.returncode == 2, done.stderr
    assert "cannot read the checklist: Too many open files (ulimit -n allows more)" in done.stderr
