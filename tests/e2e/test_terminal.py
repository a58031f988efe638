# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run shows to a person, as far as options and the environment decide it."""

import os
import pty
import re
import signal
import subprocess
import xml.etree.ElementTree as ElementTree

import pytest

import gate as gate_module
from checklists import checklist, target
from gate import finish, start
from servers.scripted import hang, send

LOST = {"EHLO": [send("250-mail.example.test", "250 PIPELINING")]}  # STARTTLS is gone
ROWS = [{"assert": "connection.greeting"}, {"assert": "starttls.advertised"}]
RED = "\x1b[1;31m"


@pytest.fixture
def failing(gate, scripted, certificates):
    """The arguments of a run of which one assertion fails."""
    return ["run", gate.write(checklist(scripted(LOST).port, ROWS, certificates.ca_file))]


@pytest.mark.parametrize("arguments, env, coloured", [
    ([], {}, False),
    (["--color", "auto"], {}, False),
    (["--color", "never"], {}, False),
    (["--color", "always"], {}, True),
    (["--color=always"], {"NO_COLOR": "1"}, True),
], ids=str)
def test_colour_where_there_is_no_terminal(arguments, env, coloured, failing, gate):
    outcome = gate.command(*failing, *arguments, env=env)
    assert (RED in outcome.stdout) == coloured, outcome.text


@pytest.mark.parametrize("arguments, env, coloured", [
    ([], {}, True),
    (["--color", "auto"], {"NO_COLOR": "1"}, False),
    (["--color", "never"], {}, False),
    (["--color", "auto"], {"TERM": "dumb"}, False),
], ids=str)
def test_colour_on_a_terminal(arguments, env, coloured, failing, certificates):
    ours, theirs = pty.openpty()
    process = gate_process(failing + arguments, {"TERM": "xterm", **env}, theirs)
    os.close(theirs)
    shown = b""
    while True:
        try:
            block = os.read(ours, 65536)
        except OSError:
            break
        if not block:
            break
        shown += block
    process.wait(20)
    os.close(ours)
    assert (RED.encode() in shown) == coloured, shown


def gate_process(arguments, env, stdout):
    return subprocess.Popen([gate_module.BINARY, *map(str, arguments)],
                            env={"PATH": os.environ["PATH"], **env}, stdout=stdout,
                            stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)


@pytest.mark.parametrize("columns", [60, 70, 150])
def test_columns(columns, failing, gate):
    outcome = gate.command("run", failing[1].name, env={"COLUMNS": str(columns)},
                           cwd=gate.directory)
    longest = max(len(line) for line in outcome.stdout.splitlines())
    assert columns - 20 < longest <= columns, outcome.stdout


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"],
                                       ["explain", "starttls.advertised"]], ids=" ".join)
def test_columns_of_help(arguments, gate):
    for columns in 60, 110:
        text = gate.command(*arguments, env={"COLUMNS": str(columns)}).stdout
        longest = max(len(line) for line in text.splitlines() if "http" not in line)
        assert columns - 20 < longest <= columns, text


@pytest.mark.parametrize("option", ["-q", "--quiet"])
def test_quiet(option, failing, gate, scripted, certificates):
    outcome = gate.command(*failing, option)
    assert outcome.stdout.startswith("FAIL   starttls.advertised, test on target\n"), outcome.text
    assert "fix" in outcome.stdout
    assert "pass   " not in outcome.stdout
    passing = gate.write(checklist(scripted().port, ROWS, certificates.ca_file))
    outcome = gate.command("run", passing, option)
    assert re.fullmatch(r"pass   2 assertions: .*\n +1 target, .*\n", outcome.stdout), outcome.text


def test_equal_failures_are_shown_once(gate, scripted, certificates):
    server = scripted(LOST)
    targets = [target(server.port, name=f"mx{i}") for i in range(1, 21)]
    outcome = gate(checklist(targets, ROWS, certificates.ca_file))
    assert outcome.stdout.count("STARTTLS among the capabilities") == 1, outcome.text
    assert "FAIL   starttls.advertised, test on 20 targets\n" in outcome.stdout
    assert re.search(r"targets +mx1, mx2, .* and 8 more", outcome.stdout.replace("\n", " "))
    assert len(outcome.having("fail")) == 1 and len(outcome.suites) == 20


def test_an_advisory_failure_is_shown_with_its_fix(gate, scripted, certificates):
    rows = [ROWS[0], {**ROWS[1], "severity": "advisory"}]
    outcome = gate(checklist(scripted(LOST).port, rows, certificates.ca_file), "--color", "always")
    assert outcome.status == 0, outcome.text
    assert "\x1b[33mwarn \x1b[0m  starttls.advertised, test on target\n" in outcome.stdout
    assert re.search(r"fix +Configure a certificate", outcome.stdout)
    assert "1 passed, 0 failed, 0 errors, 0 skipped, 1 warned" in outcome.stdout


def test_many_failures_are_few_lines(gate, certificates):
    """Ports that nobody listens on: the addresses make every message another one."""
    targets = [{**target(9, name=f"mx{i}"), "address": f"127.1.{i // 250}.{i % 250 + 1}"}
               for i in range(400)]
    path = gate.write(checklist(targets, ROWS, certificates.ca_file))
    outcome = finish(start("run", path))
    assert outcome.status == 1, outcome.text
    assert len(outcome.stdout) < 200000
    assert "1200 assertions" in outcome.stdout


def read_until(terminal, what, times=1):
    """What a terminal shows up to the text; the run is ended when the text does not come."""
    shown = b""
    while shown.count(what) < times:
        block = os.read(terminal, 65536)
        assert block, shown
        shown += block
    return shown.decode()


def test_a_target_that_hangs_holds_up_no_other(gate, scripted, certificates):
    """The others are shown while the first is asked; reports have them in their order."""
    names = ["stuck", *(f"mx{number}" for number in range(20))]
    ports = [scripted({"banner": [hang]}).port, *[scripted().port] * 20]
    targets = [target(port, name=name) for name, port in zip(names, ports)]
    limits = {"reply_timeout": "20s", "deadline": "25s"}
    path = gate.write(checklist(targets, ROWS, certificates.ca_file, limits))
    report = gate.directory / "report.xml"
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [gate_module.BINARY, "run", path, "--junit", report], stdin=subprocess.DEVNULL,
        env={"PATH": os.environ["PATH"], "TERM": "xterm"}, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    shown = read_until(ours, b"20 of 21 targets done")
    stdout = read_until(process.stdout.fileno(), b"test on mx", times=20)
    process.send_signal(signal.SIGINT)
    stdout += process.communicate(timeout=20)[0].decode()
    os.close(ours)
    assert [int(number) for number in re.findall(r"\[(\d+)/21\]", shown)][-1] == 20, shown
    headings = re.findall(r"^test on (stuck|mx\d+)$", stdout, re.MULTILINE)
    assert sorted(headings[:-1]) == sorted(names[1:]), stdout
    assert headings[-1] == "stuck", stdout
    root = ElementTree.parse(report).getroot()
    assert [suite.get("name") for suite in root] == names
