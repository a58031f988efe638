# SPDX-License-Identifier: GPL-3.0-or-later
"""What a checklist makes of those that it includes, and where reports say that things are."""

import json
import xml.etree.ElementTree as ElementTree

import pytest

import gate as gate_module
from checklists import checklist, target
from servers.scripted import send

LOST = {"EHLO": [send("250-mail.example.test", "250 PIPELINING")]}  # STARTTLS is gone
TEAM = {"assertions": [{"assert": "connection.greeting", "code": 220},
                       {"assert": "starttls.advertised"}]}


@pytest.fixture
def including(gate, certificates):
    """Runs a checklist that includes team.json, or what its members say instead."""
    gate.write(TEAM, "team.json")

    def run(targets, *arguments, assertions=(), **members):
        members.setdefault("include", ["team.json"])
        content = checklist(targets, list(assertions), certificates.ca_file, **members)
        if not assertions:
            del content["assertions"]
        return gate(content, *arguments)

    return run


def two_targets(scripted):
    return [target(scripted().port, name="good"), target(scripted(LOST).port, name="bad")]


def test_an_include_is_for_the_targets_that_it_names(including, scripted):
    outcome = including(two_targets(scripted), include=[
        {"checklist": "team.json", "targets": ["good"]}],
        assertions=[{"assert": "ehlo.accepted"}])
    assert set(outcome.suites["good"]) == {"connection.greeting", "starttls.advertised",
                                           "ehlo.accepted"}, outcome.text
    assert set(outcome.suites["bad"]) == {"ehlo.accepted"}
    assert outcome.status == 0


def test_two_shipped_checklists_for_two_targets(including, scripted):
    """Their ids are the same; no target has two of one name."""
    outcome = including(two_targets(scripted), include=[
        {"checklist": "mx", "targets": ["bad"]},
        {"checklist": "submission", "targets": ["good"], "tags": ["users"]}],
        variables={"username": gate_module.USERNAME})
    assert "auth.login" in outcome.suites["good"], outcome.text
    assert "auth.login" not in outcome.suites["bad"]
    assert outcome.suites["good"]["starttls.advertised"].verdict == "pass"
    assert outcome.suites["bad"]["starttls.advertised"].verdict == "fail"


def test_an_include_gives_tags(including, scripted):
    outcome = including(scripted(LOST).port, "--tag", "team", include=[
        {"checklist": "team.json", "tags": ["team"]}],
        assertions=[{"assert": "ehlo.accepted"}])
    assert list(outcome.cases) == ["connection.greeting", "starttls.advertised"], outcome.text


@pytest.mark.parametrize("override, status, verdict", [
    ({"severity": "advisory"}, 0, "skipped"),
    ({"waive": {"until": "2999-01-01", "reason": "OPS-99"}}, 0, "skipped"),
    ({"waive": {"until": "2020-01-01", "reason": "OPS-99"}}, 1, "fail"),
    ({"title": "mail is encrypted"}, 1, "fail"),
], ids=["advisory", "waived", "waived once", "title"])
def test_an_override_of(override, status, verdict, including, scripted):
    outcome = including(scripted(LOST).port, overrides={"starttls.advertised": override})
    assert outcome.cases["starttls.advertised"].verdict == verdict, outcome.text
    assert outcome.status == status


@pytest.mark.parametrize("key", ["connection.greeting", "team.connection.greeting"])
def test_an_override_of_a_parameter(key, including, scripted):
    outcome = including(scripted().port, overrides={key: {"matches": "no such thing"}})
    assert outcome.having("fail") == ["connection.greeting"], outcome.text


def test_the_overrides_of_the_design(gate):
    """As it stands there: a policy's id has the policy's name in front."""
    path = gate.write({
        "targets": [{"name": "staging", "host": "a.example", "port": 587},
                    {"name": "other", "host": "b.example", "port": 587}],
        "include": [{"checklist": "policy/mozilla-intermediate-6.0", "targets": ["staging"],
                     "tags": ["policy"]}, "mx"],
        "overrides": {"mozilla-intermediate-6.0.ciphers":
                      {"waive": {"until": "2997-03-01", "reason": "OPS-99"}}}})
    outcome = gate.command("list", path)
    assert outcome.status == 0, outcome.text
    [line] = [line for line in outcome.stdout.splitlines() if ".ciphers " in line]
    assert "[tls, policy]" in line and "waived" in line
    assert outcome.stdout.count("tls.handshake ") == 2


@pytest.mark.parametrize("overrides, says", [
    ({"starttls.advertized": {"title": "t"}}, 'did you mean "starttls.advertised"'),
    ({"connection.greeting": {"cod": 220}}, 'did you mean "code"'),
    ({"connection.greeting": {"code": "220"}}, "must be a number"),
    ({"connection.greeting": {"targets": ["target"]}}, 'unknown key "targets"'),
    ({"ehlo.accepted": {"title": "t"}}, "is an assertion of this file"),
], ids=["no such id", "no such parameter", "wrong type", "targets", "its own"])
def test_a_wrong_override(overrides, says, including, gate):
    outcome = including(25, overrides=overrides, assertions=[{"assert": "ehlo.accepted"}])
    assert outcome.status == 2, outcome.text
    assert says in outcome.stderr
    text = (gate.directory / "test.json").read_text().splitlines()
    [key] = overrides
    first = next(i for i, line in enumerate(text, 1) if f'"{key}": {{' in line)
    [line] = {int(line.split(":")[-2]) for line in outcome.stderr.splitlines() if "-->" in line}
    assert first <= line <= first + 2, outcome.text


def places(outcome):
    """The pairs (file, line) of all cases."""
    root = ElementTree.fromstring(outcome.report)
    return {case.get("name"): (case.get("file"), case.get("line"))
            for case in root.iter("testcase")}


@pytest.fixture
def repository(tmp_path, scripted, certificates):
    """A repository with a checklist in checks/ that includes one of its own and one shipped."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "checks").mkdir()
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "team.json").write_text(json.dumps(TEAM, indent=1))
    content = checklist(scripted().port, [{"assert": "ehlo.accepted"}], certificates.ca_file,
                        include=["../shared/team.json", "policy/rfc8996"])
    (tmp_path / "checks" / "release.json").write_text(json.dumps(content, indent=1))
    return tmp_path


def line_of(path, text):
    [line] = [str(i) for i, line in enumerate(path.read_text().splitlines(), 1) if text in line]
    return line


@pytest.mark.parametrize("directory", ["", "checks", "shared", "elsewhere"])
def test_places_begin_at_the_root_of_the_repository(directory, repository, gate):
    path = repository / "checks" / "release.json"
    (repository / directory).mkdir(exist_ok=True)
    given = {"": "checks/release.json", "checks": "release.json",
             "shared": "../checks/release.json", "elsewhere": path}[directory]
    done = gate.command("run", given, "--junit", repository / "report.xml",
                        cwd=repository / directory)
    outcome = gate_module.Outcome(
        gate_module.subprocess.CompletedProcess([], done.status, b"", b""),
        repository / "report.xml")
    found = places(outcome)
    assert found["ehlo.accepted"][0] == "checks/release.json"
    assert found["connection.greeting"] == ("shared/team.json", "3")
    assert found["rfc8996.versions"] == ("checks/release.json", line_of(path, "policy/rfc8996"))


def test_a_worktree_is_a_repository(repository, gate):
    (repository / ".git").rmdir()
    (repository / ".git").write_text("gitdir: /elsewhere\n")
    report = repository / "report.xml"
    gate.command("run", repository / "checks" / "release.json", "--junit", report)
    assert 'file="checks/release.json"' in report.read_text()


def test_a_shipped_checklist_alone_is_in_no_file(gate, scripted, certificates):
    server = scripted()
    outcome = gate("mx", "--target", f"{gate_module.HOST}:{server.port}", "--address", "127.0.0.1",
                   "--ca-file", certificates.ca_file)
    assert set(places(outcome).values()) == {(None, None)}, outcome.text
    assert "file=" not in outcome.report.decode()
    assert "mx" in outcome.stdout


def test_what_is_wrong_is_told_by_the_same_names(repository, gate):
    path = repository / "checks" / "release.json"
    path.write_text(path.read_text().replace('"smtp"', '"smpt"'))
    report = repository / "report.xml"
    done = gate.command("run", "release.json", "--junit", report, cwd=repository / "checks")
    assert " --> release.json:" in done.stderr
    assert 'file="checks/release.json"' in report.read_text()


def test_what_is_wrong_with_a_shipped_checklist_is_in_no_file(gate):
    outcome = gate("submission", "--target", gate_module.HOST)
    assert outcome.status == 2
    assert " --> submission:" in outcome.stderr
    assert "file=" not in outcome.report.decode()
