# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the gate as a pipeline would, and reads what it left behind."""

import collections
import json
import os
import pathlib
import subprocess
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("GATE", ROOT / "build" / "starttls-gate")).resolve()
HOST = "mail.example.test"
USERNAME = "gate"
PASSWORD = "correct horse"
TIMEOUT = 30  # seconds after which a run counts as hanging



def shipped_checklists():
    """Their files; what is in clients/ are profiles."""
    return sorted(path for path in (ROOT / "checks").rglob("*.json") if path.parent.name != "clients")


VERDICTS = {"failure": "fail", "error": "error", "skipped": "skipped"}

Case = collections.namedtuple("Case", "verdict message body transcript type")


class Outcome:
    """What one run of the gate gave.

    `suites` maps a target's name to its cases (id -> Case); `cases` holds those of all targets.
    Both are empty when no report was written, and then `report` is None.
    """

    def __init__(self, process, report):
        self.status = process.returncode
        self.stdout = process.stdout.decode("utf-8", "replace")
        self.stderr = process.stderr.decode("utf-8", "replace")
        self.path = report
        self.report = report.read_bytes() if report and report.exists() else None
        self.suites = {}
        if self.report is not None:
            self._read(ElementTree.fromstring(self.report))

    def _read(self, root):
        for suite in root.iter("testsuite"):
            self.suites[suite.get("name")] = {
                case.get("name"): _case(case) for case in suite.iter("testcase")}

    @property
    def cases(self):
        return {name: case for suite in self.suites.values() for name, case in suite.items()}

    @property
    def verdicts(self):
        return {name: case.verdict for name, case in self.cases.items()}

    def having(self, *verdicts):
        """The ids of the cases with one of these verdicts."""
        return [name for name, case in self.cases.items() if case.verdict in verdicts]

    @property
    def text(self):
        """All of it, for the message of a test that fails."""
        report = self.report.decode() if self.report else "(no report)"
        return f"exit {self.status}\n{self.stdout}\n{self.stderr}\n{report}"


def _case(element):
    transcript = element.findtext("system-out") or ""
    for tag, verdict in VERDICTS.items():
        child = element.find(tag)
        if child is not None:
            return Case(verdict, child.get("message"), child.text or "", transcript,
                        child.get("type"))
    return Case("pass", "", "", transcript, None)


def start(*arguments, env=None, cwd=None):
    """The gate as a running process, with an environment of its own."""
    environment = {"PATH": os.environ["PATH"], "SMTP_PASSWORD": PASSWORD,
                   "RES_OPTIONS": "timeout:1 attempts:1", **(env or {})}
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"):
        if name in os.environ:
            environment.setdefault(name, os.environ[name])
    return subprocess.Popen([BINARY, *map(str, arguments)], env=environment, cwd=cwd,
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE)


def finish(process, report=None, timeout=TIMEOUT):
    """Waits for a started gate; one that hangs is killed and fails the test."""
    try:
        stdout, stderr = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        stdout, stderr = process.communicate()
        raise AssertionError(f"the gate hangs: {stdout.decode()}\n{stderr.decode()}") from None
    done = subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)
    return Outcome(done, report)


class Gate:
    """The gate with a directory of its own for checklists and reports."""

    def __init__(self, directory):
        self.directory = directory
        self.runs = 0

    def write(self, checklist, name="test.json"):
        path = self.directory / name
        text = checklist if isinstance(checklist, (str, bytes)) else json.dumps(checklist, indent=2)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def command(self, *arguments, env=None, cwd=None, timeout=TIMEOUT):
        """Any command, without a report."""
        return finish(start(*arguments, env=env, cwd=cwd), timeout=timeout)

    def start(self, checklist, *arguments, env=None):
        """`run` in the background; give the pair to `wait`."""
        self.runs += 1
        report = self.directory / f"report-{self.runs}.xml"
        source = checklist if isinstance(checklist, str) else self.write(checklist)
        return start("run", source, "--junit", report, *arguments, env=env), report

    def wait(self, running, timeout=TIMEOUT):
        return finish(*running, timeout=timeout)

    def __call__(self, checklist, *arguments, env=None, timeout=TIMEOUT):
        """`run` with a report. A string is a checklist's name, anything else its content."""
        return self.wait(self.start(checklist, *arguments, env=env), timeout)
