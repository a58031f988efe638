# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that several machines share: its shards, and the reports of all of them put together."""

import difflib
import json
import re
import xml.etree.ElementTree as ElementTree

import jsonschema
import pytest

import gate as gate_module
from checklists import DIALOGUE, checklist, target
from servers.scripted import close, send

STAGES = {
    "good": {},
    "no-starttls": {"EHLO": [send("250-mail.example.test", "250 PIPELINING")]},
    "busy": {"banner": [send("421 no")]},
    "login-refused": {"tls AUTH": [send("535 5.7.8 no")]},
    "odd": {"EHLO": [send(b"250-mail.example.test", b"250-\xff\x1b[31m \t x\r y", b"250 STARTTLS")]},
    "closes": {"STARTTLS": [close]},
    "bare-cr": {"banner": [send(b"554 \r\r no ]]> \0 <b>")]},
}


@pytest.fixture
def release(gate, scripted, certificates):
    """A checklist for servers of every kind, as a file: {name of the target: stages}."""
    def write(stages=None, **members):
        targets = [target(scripted(steps).port, name=name)
                   for name, steps in (STAGES if stages is None else stages).items()]
        rows = [*DIALOGUE, {"assert": "tls.version", "minimum": "1.2", "severity": "advisory"}]
        return gate.write(checklist(targets, rows, certificates.ca_file, **members),
                          "release.json")
    return write


@pytest.fixture
def run(gate):
    """Runs a command in the gate's directory; with `name`, all reports are written to name.*"""
    def start(*arguments, name=None, env=None):
        reports = [] if name is None else ["--junit", f"{name}.xml", "--report", f"json={name}.json"]
        return gate.command(*arguments, *reports, env=env, cwd=gate.directory)
    return start


def shards_of(run, path, count, *arguments):
    """The paths of the reports of all shards, and their statuses."""
    statuses = [run("run", path, "--shard", f"{k}/{count}", *arguments, name=f"shard-{k}").status
                for k in range(1, count + 1)]
    return [f"shard-{k}.json" for k in range(1, count + 1)], statuses


def without_times(text):
    """What differs from one run to the next of the same servers."""
    text = re.sub(r'("(?:ms|started|hostname)":|(?:time|timestamp|hostname)=)("[^"]*"|-?\d+)',
                  r"\1T", text)
    text = re.sub(r',?\{"what":"[^"]*","ms":T\}', "", text)  # a busy server is asked now and again
    text = re.sub(r'"connections":\d+|connections" value="\d+"|\d+ connections', "MADE", text)
    return re.sub(r"\b\d+(\.\d+)? m?s\b", "SPAN", text)


def targets_of(text):
    """What a terminal is told of each target, and of each finding, in no order."""
    return sorted(without_times(text).split("\n\n"))


def differences(gate, *names):
    """The lines of one report that are not those of the other, as they differ."""
    one, other = (without_times((gate.directory / name).read_text()).splitlines()
                  for name in names)
    return [line for line in difflib.unified_diff(one, other, n=0, lineterm="")]


def names_in(gate, name):
    report = json.loads((gate.directory / name).read_text())
    return [suite["target"] for suite in report["suites"]]


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_merged_shards_are_what_one_run_writes(count, gate, release, run):
    path = release()
    whole = run("run", path, name="whole")
    reports, statuses = shards_of(run, path, count)
    assert sorted(sum((names_in(gate, name) for name in reports), [])) == sorted(STAGES)
    merged = run("merge", *reports, name="merged")
    assert merged.status == whole.status == 1, merged.text
    assert 1 in statuses
    assert differences(gate, "merged.json", "whole.json") == []
    assert differences(gate, "merged.xml", "whole.xml") == []
    assert targets_of(merged.stdout) == targets_of(whole.stdout)


def test_the_order_of_the_reports_makes_no_difference(gate, release, run):
    reports, _ = shards_of(run, release(), 3)
    run("merge", *reports, name="merged")
    run("merge", *reversed(reports), name="backwards")
    for ending in "json", "xml":
        assert differences(gate, f"merged.{ending}", f"backwards.{ending}") == []


@pytest.mark.parametrize("stages, status", [
    ({"a": {}, "b": {}}, 0),
    ({"a": {}, "b": STAGES["busy"]}, 3),
    ({"a": STAGES["no-starttls"], "b": STAGES["busy"]}, 1),
], ids=["passed", "undecided", "failed"])
def test_the_status_is_that_of_one_run(stages, status, release, run):
    path = release(stages)
    reports, statuses = shards_of(run, path, 2)
    assert run("merge", *reports).status == status == run("run", path).status
    assert (max(statuses) == 0) == (status == 0)


def test_reports_of_shards_say_so(gate, release, run):
    done = run("run", release(), "--shard", "2/3", name="shard")
    assert "shard 2 of 3: 2 of 7 targets" in done.stdout, done.text
    report = json.loads((gate.directory / "shard.json").read_text())
    assert {key: report["shard"][key] for key in ("number", "of", "targets")} == {
        "number": 2, "of": 3, "targets": 7}
    assert len(report["suites"]) == 2
    root = ElementTree.parse(gate.directory / "shard.xml").getroot()
    for suite in root:
        values = {row.get("name"): row.get("value") for row in suite.iter("property")}
        assert values["starttls-gate.shard"] == "2 of 3"


def test_reports_fit_their_schema(gate, release, run):
    schema = json.loads((gate_module.ROOT / "schemas/report.schema.json").read_text())
    path = release()
    run("run", path, name="whole")
    reports, _ = shards_of(run, path, 2)
    run("merge", *reports, name="merged")
    run("merge", *reports[:1], name="part")
    for name in "whole.json", "merged.json", "part.json", *reports:
        jsonschema.Draft7Validator(schema).validate(
            json.loads((gate.directory / name).read_text()))


def test_a_shard_that_is_missing_is_told_of(gate, release, run):
    reports, _ = shards_of(run, release({"a": {}, "b": {}, "c": {}}), 3)
    done = run("merge", *reports[::2], name="merged")
    assert done.status == 3, done.text
    said = " ".join(done.stdout.split())
    assert "there is no report of shard 2 of 3, so 1 target is not decided" in said
    root = ElementTree.parse(gate.directory / "merged.xml").getroot()
    assert [case.find("error").get("type") for case in root.iter("testcase")
            if case.find("error") is not None] == ["starttls-gate.ShardMissing"]
    assert len(root) == 3


def test_a_failure_counts_more_than_a_missing_shard(release, run):
    reports, _ = shards_of(run, release({name: STAGES["no-starttls"] for name in "abcd"}), 2)
    done = run("merge", reports[1])
    assert done.status == 1 and "no report of shard 1 of 2" in " ".join(done.stdout.split())


def test_the_same_shard_twice(release, run):
    reports, _ = shards_of(run, release({"a": {}, "b": {}}), 2)
    done = run("merge", *reports, reports[0], name="merged")
    assert done.status == 2 and "shard 1 of 2 is in shard-1.json already" in done.stderr


def test_reports_that_do_not_belong_together(gate, release, run, certificates):
    stages = {"a": {}, "b": {}}
    path = release(stages)
    run("run", path, "--shard", "1/2", name="first")
    run("run", path, "--shard", "2/3", name="of-three")
    run("run", path, "--shard", "2/2", "--only", "connection.*", name="selected")
    run("run", path, "--shard", "2/2", "--target", "a", "--target", "localhost:1", name="elsewhere")
    run("run", path, name="whole")
    (gate.directory / "other").mkdir()
    content = json.loads(path.read_text())
    content["assertions"][0]["title"] = "another"
    other = gate.write(content, "other/release.json")
    run("run", other, "--shard", "2/2", name="other")
    for name, said in {"of-three": "this is one of 3 shards, and first.json one of 2",
                       "selected": "of another run than first.json",
                       "elsewhere": "of another run than first.json",
                       "other": "of another run than first.json",
                       "whole": "the report of a whole run"}.items():
        done = run("merge", "first.json", f"{name}.json", name="merged")
        assert done.status == 2, done.text
        assert said in done.stderr and f"--> {name}.json" in done.stderr, done.text
        [case] = ElementTree.parse(gate.directory / "merged.xml").iter("testcase")
        assert case.find("error").get("type") == "starttls-gate.ReportInvalid"
        (gate.directory / "merged.xml").unlink()


def test_options_in_another_order_are_the_same_run(gate, release, run):
    path = release({name: {} for name in "abcde"})
    names = [word for name in "abcde" for word in ("--target", name)]
    backwards = [word for name in "edcba" for word in ("--target", name)]
    run("run", path, *names, "--shard", "1/2", "--skip", "auth.*", name="one")
    run("run", path, "--skip", "auth.*", "--shard", "2/2", *backwards, name="two")
    done = run("merge", "one.json", "two.json", name="merged")
    assert done.status == 0, done.text
    assert sorted(names_in(gate, "merged.json")) == list("abcde")


def edited(gate, change):
    report = json.loads((gate.directory / "shard-1.json").read_text())
    change(report)
    (gate.directory / "bad.json").write_text(json.dumps(report, indent=1))


def drop_suite(report):
    report["suites"].pop()


EDITS = {
    "another schema": (lambda report: report.update(schema_version=2),
                       "schema version 2, and this program reads 1"),
    "another program": (lambda report: report.update(generator="x"), "no JSON report of starttls"),
    "a suite too few": (drop_suite, "not suites of as many targets"),
    "a verdict that is none": (lambda report: report["suites"][0]["cases"][0].update(verdict="ok"),
                               '"verdict" cannot be "ok"'),
    "a case without its id": (lambda report: report["suites"][0]["cases"][0].pop("id"),
                              'a case needs "id"'),
    "an unknown member": (lambda report: report["suites"][0].update(more=1),
                          'unknown member "more" in a suite'),
    "a number of another type": (lambda report: report["suites"][0].update(ms="1"),
                                 '"ms" must be a number, not a string'),
    "a shard beyond": (lambda report: report["shard"].update(number=3), "from 1 to"),
    "a shard of none": (lambda report: report["shard"].update(of=0), "from 1 to"),
    "facts of another type": (lambda report: report["suites"][0]["facts"].update(chains=[1]),
                              "a chain must be an object, not a number"),
}


@pytest.mark.parametrize("name", EDITS)
def test_a_report_that_was_changed_is_refused(name, gate, release, run):
    change, said = EDITS[name]
    shards_of(run, release({"a": {}, "b": {}}), 2)
    edited(gate, change)
    done = run("merge", "bad.json", "shard-2.json", name="merged")
    assert done.status == 2, done.text
    assert said in done.stderr
    assert re.search(r"--> bad\.json:\d+:\d+", done.stderr), done.text
    assert (gate.directory / "merged.xml").exists()


def test_a_report_that_is_cut_off_is_refused(gate, release, run):
    shards_of(run, release({"a": {}, "b": {}}), 2)
    text = (gate.directory / "shard-1.json").read_bytes()
    for length in range(0, len(text) - 2, len(text) // 40):
        (gate.directory / "bad.json").write_bytes(text[:length])
        done = run("merge", "bad.json", "shard-2.json")
        assert done.status == 2, done.text
        assert re.search(r"--> bad\.json:\d+:\d+", done.stderr), done.text


def test_a_report_that_is_not_there(run):
    done = run("merge", "none.json", name="merged")
    assert done.status == 2
    assert "the report cannot be read: No such file" in done.stderr


def test_a_report_is_not_written_over_one_that_is_read(gate, release, run):
    shards_of(run, release({"a": {}, "b": {}}), 2)
    before = (gate.directory / "shard-1.json").read_bytes()
    done = run("merge", "shard-1.json", "shard-2.json", "--report", "json=shard-1.json")
    assert done.status == 2 and "written over" in done.stderr
    assert (gate.directory / "shard-1.json").read_bytes() == before


@pytest.mark.parametrize("value", ["0/3", "4/3", "1/0", "1", "/", "1/", "/2", "-1/2", "1/2/3", "a/b",
                                   "1 /2", "01/2", "", "AUTO", "1/1000000", "99999999999999999/2"])
@pytest.mark.parametrize("command", ["run", "list", "validate"])
def test_a_shard_that_is_none(value, command, release, run):
    path = release({"a": {}})
    done = run(command, path, "--shard", value)
    assert done.status == 2
    assert f"--shard takes K/N, K from 1 to N and N up to 100000, as in 2/3, or auto, not '{value}'" \
        in done.stderr


@pytest.mark.parametrize("environment, said", [
    ({}, "CI_NODE_INDEX and CI_NODE_TOTAL are not set"),
    ({"CI_NODE_TOTAL": "1"}, "and CI_NODE_INDEX is not set"),
    ({"CI_NODE_INDEX": "1", "CI_NODE_TOTAL": ""}, "and CI_NODE_TOTAL is not set"),
    ({"CI_NODE_INDEX": "0", "CI_NODE_TOTAL": "3"}, "CI_NODE_INDEX is '0'"),
    ({"CI_NODE_INDEX": "4", "CI_NODE_TOTAL": "3"}, "must be from 1 to CI_NODE_TOTAL"),
])
def test_an_environment_without_a_shard(environment, said, gate, release, run):
    done = run("run", release({"a": {}}), "--shard", "auto", "--junit", "auto.xml", env=environment)
    assert done.status == 2 and said in done.stderr, done.text
    assert (gate.directory / "auto.xml").exists()


def test_the_shard_of_the_environment(release, run):
    """Which is not read unless somebody says so."""
    environment = {"CI_NODE_INDEX": "2", "CI_NODE_TOTAL": "3"}
    path = release({name: {} for name in "abcde"})
    assert run("list", path, "--shard", "auto", env=environment).stdout == \
        run("list", path, "--shard", "2/3").stdout
    assert run("list", path, env=environment).stdout == run("list", path).stdout


def test_list_and_validate_show_the_shard(release, run):
    path = release({name: {} for name in "abcde"})
    shown = [run("list", path, "--shard", f"{k}/2").stdout for k in (1, 2)]
    assert shown[0].startswith("shard 1 of 2: 2 of 5 targets\n")
    assert shown[1].startswith("shard 2 of 2: 3 of 5 targets\n")
    names = re.findall(r"^release on (\w+) \(", "".join(shown), re.M)
    assert sorted(names) == list("abcde")
    assert "shard 1 of 2: 2 of 5 targets" in run("validate", path, "--shard", "1/2").stdout
    assert run("run", path, "--dry-run", "--shard", "1/2").stdout == shown[0]


def test_a_shard_without_a_target_is_no_pass_and_is_reported(gate, release, run):
    """It proves nothing; put together with the others it takes nothing away either."""
    path = release({"a": {}, "b": {}})
    reports, statuses = shards_of(run, path, 3)
    empty = statuses.index(3)
    assert sorted(statuses) == [0, 0, 3]
    done = run("run", path, "--shard", f"{empty + 1}/3", name="empty")
    assert f"shard {empty + 1} of 3: 0 of 2 targets" in done.stdout
    assert "at most" in done.stdout, done.text
    [case] = ElementTree.parse(gate.directory / "empty.xml").iter("testcase")
    assert "has no target" in case.find("error").get("message")
    assert run("merge", *reports).status == 0
    missing = run("merge", *[name for i, name in enumerate(reports) if i != empty])
    assert missing.status == 3, missing.text
