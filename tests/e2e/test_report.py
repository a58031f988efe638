# SPDX-License-Identifier: GPL-3.0-or-later
"""The JUnit report: its shape, and that whatever reads such reports can read it."""

import json
import os
import re
import shutil
import ssl
import subprocess
import xml.etree.ElementTree as ElementTree

import pytest

import gate as gate_module
from checklists import DIALOGUE, SUBMISSION, checklist, target
from servers.scripted import send

SCHEMA = gate_module.ROOT / "schemas" / "junit.xsd"


def root_of(outcome):
    return ElementTree.fromstring(outcome.report)


@pytest.mark.skipif(not shutil.which("xmllint"), reason="xmllint is not there")
@pytest.mark.skipif(not SCHEMA.exists(), reason="schemas/junit.xsd is not there")
def test_it_is_valid_by_our_schema(any_outcome):
    run = subprocess.run(["xmllint", "--noout", "--schema", SCHEMA, any_outcome.path],
                         capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


def test_the_counts_are_those_of_the_cases(any_outcome):
    def counted(element):
        return {"tests": len(list(element.iter("testcase"))),
                "failures": len(list(element.iter("failure"))),
                "errors": len(list(element.iter("error"))),
                "skipped": len(list(element.iter("skipped")))}

    for element in (root_of(any_outcome), *root_of(any_outcome).iter("testsuite")):
        assert {key: int(element.get(key)) for key in counted(element)} == counted(element)


def test_suites_are_flat_and_named(any_outcome):
    root = root_of(any_outcome)
    assert root.tag == "testsuites"
    assert all(child.tag == "testsuite" and child.get("name") for child in root)
    assert root.findall(".//testsuite/testsuite") == []


def test_cases_have_name_class_time_and_place(any_outcome):
    for case in root_of(any_outcome).iter("testcase"):
        assert case.get("name")
        assert case.get("classname") == "test.target"
        assert re.fullmatch(r"\d+\.\d{3}", case.get("time"))
        assert case.get("file").endswith("test.json")
        assert int(case.get("line")) > 0


def test_the_line_is_that_of_the_assertion(any_outcome):
    lines = (any_outcome.path.parent / "test.json").read_text().splitlines()
    for case in root_of(any_outcome).iter("testcase"):
        line = int(case.get("line"))
        assert "{" in lines[line - 1]
        assert case.get("name") in lines[line - 1] + lines[line]


def test_no_case_has_two_verdicts_or_two_outputs(any_outcome):
    for case in root_of(any_outcome).iter("testcase"):
        tags = [child.tag for child in case]
        assert sum(tag in ("failure", "error", "skipped") for tag in tags) <= 1
        assert tags.count("system-out") <= 1
        assert "system-err" not in tags


def test_verdicts_have_message_type_and_body(any_outcome):
    for case in root_of(any_outcome).iter("testcase"):
        for verdict in case:
            if verdict.tag not in ("failure", "error", "skipped"):
                continue
            message = verdict.get("message")
            assert message and "\n" not in message and len(message) <= 200
            assert verdict.text.lstrip().startswith(message)
            if verdict.tag != "skipped":
                assert re.fullmatch(r"starttls-gate\.[A-Z][A-Za-z]+", verdict.get("type"))


def test_timestamps_are_utc_without_zone(any_outcome):
    for element in (root_of(any_outcome), *root_of(any_outcome).iter("testsuite")):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", element.get("timestamp"))


def test_the_carrier_has_the_transcript(any_outcome):
    for name in any_outcome.having("fail", "error"):
        assert re.search(r"^S: ", any_outcome.cases[name].transcript, re.M), any_outcome.text


def test_the_transcript_shows_both_sides_and_tls(gate, scripted, certificates):
    server = scripted({"tls AUTH": [send("535 5.7.8 not you")]})
    outcome = gate(checklist(server.port, DIALOGUE, certificates.ca_file))
    transcript = outcome.cases["auth.login"].transcript
    for line in ("S: 220 mail.example.test ESMTP", "C: STARTTLS", "S: 535 5.7.8"):
        assert line in transcript, transcript
    assert "not you" not in transcript
    assert "TLSv1.3" in transcript or "TLS 1.3" in transcript


def test_names_with_dots_do_not_split_the_class(gate, scripted, certificates):
    server = scripted()
    outcome = gate(checklist(target(server.port, name="mail.example.test:25"), DIALOGUE[:1],
                             certificates.ca_file))
    case = next(root_of(outcome).iter("testcase"))
    assert case.get("classname") == "test.mail-example-test:25"


def test_a_locale_with_decimal_comma_changes_nothing(gate, scripted, certificates):
    outcome = gate(checklist(scripted().port, DIALOGUE, certificates.ca_file),
                   env={"LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"})
    assert all("," not in case.get("time") for case in root_of(outcome).iter("testcase"))


def test_an_old_report_is_replaced_whole(gate, scripted, certificates):
    running, report = gate.start(checklist(scripted().port, SUBMISSION, certificates.ca_file))
    outcome = gate.wait((running, report))
    first = outcome.report
    report.write_bytes(first * 10)
    again = gate.command("run", gate.directory / "test.json", "--junit", report)
    assert again.status == 0
    assert len(report.read_bytes()) < len(first) * 2
    leftovers = {path.name for path in gate.directory.iterdir()} - {"test.json", report.name}
    assert leftovers == set()


def test_a_reader_that_goes_away_does_not_cost_the_report(scripted, certificates, tmp_path):
    """With the output piped into something that ends at once, the report is written all the same."""
    (tmp_path / "gate.json").write_text(
        json.dumps(checklist(scripted().port, DIALOGUE, certificates.ca_file)))
    subprocess.run(f"'{gate_module.BINARY}' run gate.json --junit report.xml | true", shell=True,
                   cwd=tmp_path, timeout=20, check=True,
                   env={**os.environ, "SMTP_PASSWORD": "x"})
    assert len(list(ElementTree.parse(tmp_path / "report.xml").iter("testcase"))) == len(DIALOGUE)


def test_output_that_cannot_be_written_is_no_success():
    with open("/dev/full", "w") as full:
        done = subprocess.run([gate_module.BINARY, "list"], stdout=full, timeout=20,
                              stderr=subprocess.PIPE, text=True)
    assert done.returncode == 4
    assert "standard output" in done.stderr


def test_without_standard_streams_nothing_else_gets_their_output(scripted, certificates, tmp_path):
    """Their numbers would go to whatever is opened first, such as the pipe that interrupts the run."""
    (tmp_path / "gate.json").write_text(
        json.dumps(checklist(scripted().port, DIALOGUE, certificates.ca_file)))
    done = subprocess.run(f"exec '{gate_module.BINARY}' run gate.json --junit report.xml <&- >&- 2>&-",
                          shell=True, cwd=tmp_path, timeout=20,
                          env={**os.environ, "SMTP_PASSWORD": gate_module.PASSWORD})
    assert done.returncode == 4
    assert len(list(ElementTree.parse(tmp_path / "report.xml").iter("testcase"))) == len(DIALOGUE)


def test_the_facts_of_a_target(gate, postfix, certificates, tmp_path):
    """They are there whatever was asserted, and as far as it was asked for."""
    report = tmp_path / "report.json"
    rows = [{"assert": "tls.versions", "refuses": ["1.0", "1.1"]},
            {"assert": "auth.login", "username": gate_module.USERNAME, "password": "${password}"}]
    outcome = gate(checklist(postfix.ports["modern"], rows, certificates.ca_file),
                   "--report", f"json={report}")
    assert outcome.having("pass") == ["tls.versions", "auth.login"], outcome.text
    text = report.read_text()
    assert gate_module.PASSWORD not in text
    facts = json.loads(text)["suites"][0]["facts"]
    assert facts["protocol"] == "smtp" and facts["address"] == "127.0.0.1"
    assert "STARTTLS" in facts["capabilities"]["before_tls"]
    assert "STARTTLS" not in facts["capabilities"]["inside_tls"]
    assert "PLAIN" in facts["mechanisms"]["inside_tls"] and not facts["mechanisms"]["before_tls"]
    assert facts["session"]["version"] == "1.3" and "1.3" in facts["versions"]["accepted"]
    assert facts["versions"]["refused"] == ["1.0", "1.1"]
    assert [step["outcome"] for step in facts["steps"]] == ["done"] * 6
    leaf = facts["chains"][0]["certificates"][0]
    pem = subprocess.run(["openssl", "x509", "-noout", "-fingerprint", "-sha256"],
                         input=leaf["pem"], capture_output=True, text=True, check=True).stdout
    assert pem.split("=")[1].strip().replace(":", "").lower() == leaf["sha256"]
    assert facts["chains"][0]["trusted"] and facts["chains"][0]["proven"]


@pytest.mark.parametrize("schemes,accepted", [
    (["rsa_pss_rsae_sha256"], [{"name": "rsa_pss_rsae_sha256", "version": "1.3"}]),
    (["rsa_pss_rsae_sha256", "rsa_pss_rsae_sha384"], []),
], ids=["alone", "hidden"])
def test_a_scheme_of_tls13_is_not_among_the_refused_ones(schemes, accepted, gate, scripted,
                                                         certificates, tmp_path):
    """TLS 1.2 refuses them all, and TLS 1.3 encrypts which of them it signs with."""
    report = tmp_path / "report.json"
    context = certificates.context("rsa", minimum_version=ssl.TLSVersion.TLSv1_3)
    rows = [{"assert": "tls.signature_algorithms", "excludes": schemes}]
    outcome = gate(checklist(scripted(context=context).port, rows, certificates.ca_file),
                   "--report", f"json={report}")
    assert outcome.having("fail") == ["tls.signature_algorithms"], outcome.text
    facts = json.loads(report.read_text())["suites"][0]["facts"]
    assert facts["schemes"] == {"accepted": accepted, "refused": []}


def test_cases_too_many_for_gitlab_are_all_written_and_it_is_said(gate, certificates):
    """Long names alone make the report too large; nothing that is left out can help."""
    targets = [target(1, name=f"{number}-{'n' * 200}") for number in range(200)]
    rows = [{"assert": "connection.greeting", "id": f"{number}-{'i' * 200}"}
            for number in range(300)]
    outcome = gate(checklist(targets, rows, certificates.ca_file))
    cases = [*root_of(outcome).iter("testcase")]
    assert len(cases) == 200 * 301, "with the owner of the cause"
    values = {prop.get("name"): prop.get("value") for prop in root_of(outcome).iter("property")}
    assert values["starttls-gate.size"] == "too large for GitLab (30 MB)"
    assert f"{outcome.path}: written, but of {len(outcome.report)} bytes" in outcome.stderr
    assert outcome.status == 1
