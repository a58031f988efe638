# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with the place of a report is said before anything is connected to."""

import os
import subprocess
import threading

import pytest

import gate as gate_module
from checklists import checklist

GREETING = {"assert": "connection.greeting"}


@pytest.fixture
def refused(gate, scripted, certificates):
    """Runs a checklist with these arguments, in the gate's directory, and looks that nothing was
    done: gives what was said."""
    def run(*arguments, name="test.json"):
        server = scripted()
        path = gate.write(checklist(server.port, [GREETING], certificates.ca_file), name)
        before = path.read_bytes()
        outcome = gate.command("run", path, *arguments, cwd=gate.directory, timeout=10)
        assert outcome.status == 2, outcome.text
        assert server.conversations == [], outcome.text
        assert path.read_bytes() == before
        return outcome.stderr
    return run


def test_two_reports_to_one_file(refused):
    said = refused("--junit", "report.xml", "--report", "json=./report.xml")
    assert "report.xml" in said and "two reports" in said


def test_two_reports_to_one_file_by_a_link(refused, gate):
    (gate.directory / "link.xml").symlink_to("report.xml")
    assert "two reports" in refused("--report", "json=link.xml", "--report", "junit=report.xml")


def test_two_reports_to_standard_output(refused):
    assert "two reports" in refused("--junit", "-", "--report", "json=/dev/stdout")


@pytest.mark.parametrize("spelling", ["test.json", "./test.json", "link.json", "hard.json"])
def test_a_report_over_the_checklist(spelling, refused, gate):
    path = gate.write("{}", "test.json")
    (gate.directory / "link.json").symlink_to("test.json")
    os.link(path, gate.directory / "hard.json")
    assert "written over" in refused("--junit", spelling)


def test_a_report_over_a_checklist_that_is_wrong(gate):
    path = gate.write('{"assertions": 5}')
    outcome = gate.command("run", path, "--junit", path)
    assert outcome.status == 2
    assert path.read_text() == '{"assertions": 5}'


def test_a_report_over_an_included_checklist(gate, scripted, certificates):
    server = scripted()
    part = gate.write({"assertions": [GREETING]}, "part.json")
    content = part.read_bytes()
    whole = gate.write({**checklist(server.port, [{"assert": "ehlo.accepted"}],
                                    certificates.ca_file), "include": ["./part.json"]})
    outcome = gate.command("run", whole, "--junit", part)
    assert outcome.status == 2, outcome.text
    assert "part.json" in outcome.stderr
    assert part.read_bytes() == content
    assert server.conversations == []


def test_a_directory_that_is_not_there(refused):
    assert "no/report.xml" in refused("--report", "json=no/report.xml")


def test_a_directory_in_place_of_a_file(refused, gate):
    (gate.directory / "reports").mkdir()
    assert "Is a directory" in refused("--junit", "reports")


def test_a_pipe_that_nobody_reads(refused, gate):
    os.mkfifo(gate.directory / "pipe")
    assert "not a regular file" in refused("--junit", "pipe")


def test_a_pipe_that_the_shell_has_opened(gate, scripted, certificates):
    path = gate.write(checklist(scripted().port, [GREETING], certificates.ca_file))
    reader, writer = os.pipe()
    read = []
    thread = threading.Thread(target=lambda: read.append(os.fdopen(reader, "rb").read()))
    thread.start()
    done = subprocess.run([gate_module.BINARY, "run", path, "--junit", f"/dev/fd/{writer}"],
                          pass_fds=[writer], capture_output=True, timeout=20)
    os.close(writer)
    thread.join(10)
    assert done.returncode == 0, done.stderr
    assert b"<testcase" in read[0]


def test_devices_and_standard_output_are_places(gate, scripted, certificates):
    path = gate.write(checklist(scripted().port, [GREETING], certificates.ca_file))
    outcome = gate.command("run", path, "--junit", "/dev/null", "--report", "json=/dev/null",
                           "--report", "junit=-")
    assert outcome.status == 0, outcome.text
    assert "<testcase" in outcome.stdout


@pytest.mark.parametrize("name", ["junit", "json"])
def test_a_device_that_is_full(name, gate, scripted, certificates):
    path = gate.write(checklist(scripted().port, [GREETING], certificates.ca_file))
    outcome = gate.command("run", path, "--report", f"{name}=/dev/full")
    assert outcome.status == 4, outcome.text
    assert outcome.stderr == "starttls-gate: /dev/full: cannot write: No space left on device\n"
