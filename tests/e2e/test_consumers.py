# SPDX-License-Identifier: GPL-3.0-or-later
"""What pipelines read JUnit reports with sees in ours what we put there."""

import json
import os
import shutil
import subprocess

import pytest

import gate as gate_module

CONSUMERS = gate_module.ROOT / "tests" / "consumers"
NODE_MODULES = gate_module.ROOT / "build" / "consumers" / "node_modules"

needs_node = pytest.mark.skipif(
    not (NODE_MODULES.exists() and shutil.which("node")),
    reason="node or the readers of tests/consumers/package.json are not there")


def has_gitlabs_libraries():
    command = ["ruby", "-e", "require 'active_support/all'; require 'nokogiri'"]
    return shutil.which("ruby") and subprocess.run(command, capture_output=True).returncode == 0


def output_of(*command):
    run = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=60,
                         env={**os.environ, "NODE_PATH": str(NODE_MODULES)})
    assert run.returncode == 0, run.stderr
    return run.stdout


def counts_of(outcome):
    return {plural: len(outcome.having(verdict)) for plural, verdict in
            [("passed", "pass"), ("failed", "fail"), ("errors", "error"), ("skipped", "skipped")]}


def check_cases(seen, outcome):
    """Same names, same verdicts, and the body in full wherever there is one."""
    assert {case["name"]: case["verdict"] for case in seen} == outcome.verdicts
    for case in seen:
        ours = outcome.cases[case["name"]]
        assert case["text"].split() == ours.body.split()
        assert case.get("message", ours.message) == ours.message


@pytest.mark.skipif(not has_gitlabs_libraries(), reason="no ruby with ActiveSupport and Nokogiri")
def test_gitlab(any_outcome):
    check_cases(json.loads(output_of("ruby", CONSUMERS / "gitlab.rb", any_outcome.path)),
                any_outcome)


@needs_node
@pytest.mark.parametrize("reader", ["xml2js", "xml-js", "junit2json"])
def test_library(reader, any_outcome):
    seen = json.loads(output_of("node", CONSUMERS / "read.cjs", reader, any_outcome.path))
    check_cases(seen, any_outcome)


@needs_node
def test_test_results_parser(any_outcome):
    seen = json.loads(output_of("node", CONSUMERS / "read.cjs", "test-results-parser",
                                any_outcome.path))
    assert seen == counts_of(any_outcome)


@needs_node
def test_xunit_viewer(any_outcome, tmp_path):
    text = output_of(NODE_MODULES / ".bin" / "xunit-viewer", "-r", any_outcome.path, "-c", "-C",
                     "false", "-n", "-o", tmp_path / "report.html")
    assert not any(line.lstrip().startswith("?") for line in text.splitlines()), text
    assert [name for name in any_outcome.cases if name not in text] == []


@needs_node
def test_reports_of_two_jobs_merge(any_outcome, tmp_path):
    merged, other = tmp_path / "merged.xml", tmp_path / "other.xml"
    shutil.copy(any_outcome.path, other)
    output_of(NODE_MODULES / ".bin" / "jrm", merged, any_outcome.path, other)
    assert merged.read_text().count("<testcase") == 2 * len(any_outcome.cases)


def test_junitparser(any_outcome):
    junitparser = pytest.importorskip("junitparser")
    report = junitparser.JUnitXml.fromfile(str(any_outcome.path))
    ours = counts_of(any_outcome)
    assert report.tests == len(any_outcome.cases)
    assert (report.failures, report.errors, report.skipped) == (
        ours["failed"], ours["errors"], ours["skipped"])
    assert [case.name for suite in report for case in suite] == list(any_outcome.cases)
