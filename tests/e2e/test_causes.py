# SPDX-License-Identifier: GPL-3.0-or-later
"""One true cause for every red: reported once, by its owner, in any order, with its own advice."""

import itertools
import json
import random
import socket

import pytest

import gate as gate_module
from checklists import DIALOGUE, IMPLICIT, SUBMISSION, checklist, target
from servers.scripted import close, hang, raw, refusing_port, send, wait_for_bytes

LOST = {"EHLO": [send("250-mail.example.test", "250 PIPELINING")]}  # STARTTLS is gone
TRUSTED, ADVERTISED = {"assert": "certificate.trusted"}, {"assert": "starttls.advertised"}
LOGIN = DIALOGUE[-1]


@pytest.mark.parametrize("rows", itertools.permutations([TRUSTED, ADVERTISED, LOGIN]),
                         ids=lambda rows: " ".join(row["assert"] for row in rows))
def test_the_owner_reports_in_any_order(rows, gate, scripted, certificates):
    outcome = gate(checklist(scripted(LOST).port, list(rows), certificates.ca_file))
    assert outcome.verdicts == {"starttls.advertised": "fail", "certificate.trusted": "skipped",
                                "auth.login": "skipped"}, outcome.text
    assert "STARTTLS is not offered" in outcome.cases["starttls.advertised"].message
    assert "intermediates" not in outcome.cases["starttls.advertised"].body
    assert outcome.status == 1


def test_an_owner_that_nobody_asked_for_is_added(gate, scripted, certificates):
    report = gate.directory / "report.json"
    outcome = gate(checklist(scripted(LOST).port, [TRUSTED], certificates.ca_file),
                   "--report", f"json={report}")
    assert outcome.verdicts == {"starttls.advertised": "fail", "certificate.trusted": "skipped"}
    assert "starttls.advertised" in outcome.cases["certificate.trusted"].message
    assert outcome.status == 1
    cases = json.loads(report.read_text())["suites"][0]["cases"]
    assert [(case["id"], case["added"]) for case in cases] == [
        ("starttls.advertised", True), ("certificate.trusted", False)]


def test_an_included_policy_reports_the_same(gate, scripted, certificates):
    """An include comes before the assertions of the checklist itself."""
    gate.write({"assertions": [TRUSTED]}, "policy.json")
    outcome = gate(checklist(scripted(LOST).port, [ADVERTISED], certificates.ca_file,
                             include=["./policy.json"]))
    assert outcome.verdicts == {"certificate.trusted": "skipped", "starttls.advertised": "fail"}
    assert outcome.status == 1


FAULTS = {
    "no STARTTLS": LOST,
    "454 to STARTTLS": {"STARTTLS": [send("454 4.7.0 not now")]},
    "554 in the greeting": {"banner": [send("554 5.3.2 no"), close]},
    "closes on EHLO": {"EHLO": [close]},
    "an alert in the handshake": {"STARTTLS": [send("220 go"), wait_for_bytes, raw(
        bytes.fromhex("15030300020228")), close]},
    "closes on EHLO inside TLS": {"tls EHLO": [close]},
    "offers no AUTH": {"tls EHLO": [send("250-mail.example.test", "250 SIZE")]},
    "nothing": {},
}


@pytest.mark.parametrize("identity", ["good", "expired", "not-yet-valid", "foreign", "wrong-host"])
@pytest.mark.parametrize("fault", FAULTS)
def test_the_order_decides_nothing(fault, identity, gate, scripted, certificates):
    rows = [row for row in SUBMISSION if row["assert"] != "tls.version"]
    seen = set()
    generator = random.Random(f"{fault} {identity}")
    for _ in range(3):
        server = scripted(FAULTS[fault], context=certificates.context(identity))
        outcome = gate(checklist(server.port, rows, certificates.ca_file))
        seen.add((outcome.status, *sorted((name, case.verdict, case.type)
                                          for name, case in outcome.cases.items())))
        generator.shuffle(rows)
    assert len(seen) == 1, seen
    assert (outcome.status == 0) == (fault == "nothing" and identity == "good")


@pytest.mark.parametrize("identity, owner", [
    ("expired", "certificate.expiry"), ("not-yet-valid", "certificate.expiry"),
    ("foreign", "certificate.trusted"), ("wrong-host", "certificate.hostname")])
def test_a_password_held_back_is_a_matter_of_the_certificate(identity, owner, gate, scripted,
                                                            certificates):
    server = scripted(context=certificates.context(identity))
    outcome = gate(checklist(server.port, [LOGIN], certificates.ca_file))
    assert outcome.verdicts == {owner: "fail", "auth.login": "skipped"}, outcome.text
    assert "535 " not in outcome.cases["auth.login"].body
    assert outcome.status == 1


def test_a_name_that_does_not_exist_is_a_matter_of_the_connection(gate, certificates):
    nowhere = {"name": "nowhere", "host": "no-such-host.invalid", "port": 587}
    outcome = gate(checklist([nowhere], SUBMISSION, certificates.ca_file))
    red = outcome.having("fail", "error")
    assert red == ["connection.established"], outcome.text
    assert "how the name of the host is spelt" in outcome.cases[red[0]].body
    assert "smtpd_tls_protocols" not in outcome.report.decode()


def test_a_refused_connect_is_one_fail(gate, certificates):
    with refusing_port() as port:
        outcome = gate(checklist(port, [{"assert": "tls.version"}, LOGIN], certificates.ca_file))
    assert outcome.verdicts == {"connection.established": "fail", "tls.version": "skipped",
                                "auth.login": "skipped"}, outcome.text
    assert outcome.status == 1


def test_a_port_for_starttls_says_so(gate, scripted, certificates):
    server = scripted()
    outcome = gate(checklist(target(server.port, tls="implicit"), IMPLICIT, certificates.ca_file))
    red = outcome.having("fail", "error")
    assert red == ["tls.handshake"], outcome.text
    assert "this port speaks STARTTLS" in outcome.cases["tls.handshake"].body


def test_a_port_of_imap_says_so(gate, scripted, certificates):
    server = scripted({"banner": [send("* OK [CAPABILITY IMAP4rev1 STARTTLS] ready"), hang]})
    outcome = gate(checklist(target(server.port, tls="implicit"), IMPLICIT, certificates.ca_file))
    assert "this port speaks STARTTLS" in outcome.cases["tls.handshake"].body, outcome.text


def test_a_port_for_tls_from_the_first_byte_says_so(gate, scripted, certificates):
    server = scripted(implicit=True)
    outcome = gate(checklist(server.port, DIALOGUE, certificates.ca_file))
    red = outcome.having("fail", "error")
    assert red == ["connection.greeting"], outcome.text
    assert '"tls": "implicit"' in outcome.cases["connection.greeting"].body
    assert "PROXY" in outcome.cases["connection.greeting"].body


@pytest.mark.parametrize("stage, owner", [("banner", "connection.greeting"),
                                          ("EHLO", "ehlo.accepted")])
def test_a_record_of_tls_in_place_of_a_reply_says_so(stage, owner, gate, scripted, certificates):
    server = scripted({stage: [raw(bytes.fromhex("15030100020246")), close]})
    outcome = gate(checklist(server.port, DIALOGUE, certificates.ca_file))
    assert outcome.having("fail", "error") == [owner], outcome.text
    assert "record of TLS" in outcome.cases[owner].body, outcome.text


def test_what_the_deadline_cut_is_one_error_per_target(gate, scripted, certificates):
    targets = [target(scripted({"banner": [hang]}).port, name=name) for name in ("a", "b")]
    limits = {"reply_timeout": "20s", "deadline": "1s"}
    outcome = gate(checklist(targets, SUBMISSION, certificates.ca_file, limits))
    for suite in outcome.suites.values():
        errors = [name for name, case in suite.items() if case.verdict == "error"]
        assert len(errors) == 1, outcome.text
        assert suite[errors[0]].type == "starttls-gate.NotRun"
        assert "deadline" in suite[errors[0]].body
        assert {case.verdict for case in suite.values()} <= {"error", "skipped", "pass"}
    assert outcome.status == 3


def test_advice_and_waivers_hide_no_cause(gate, scripted, certificates):
    server = scripted(context=certificates.context("expired"))
    rows = [{"assert": "certificate.expiry",
             "waive": {"until": "2999-12-31", "reason": "OPS-99"}}, TRUSTED]
    outcome = gate(checklist(server.port, rows, certificates.ca_file))
    assert outcome.verdicts == {"certificate.expiry": "skipped", "certificate.trusted": "fail"}
    waived = outcome.cases["certificate.expiry"]
    assert waived.type == "starttls-gate.CertificateExpired"
    assert waived.message.startswith("waived until 2999-12-31: OPS-99: the certificate has expired")
    assert "  fix " in waived.body
    assert outcome.status == 1
    outcome = gate(checklist(scripted(context=certificates.context("expired")).port, rows[:1],
                             certificates.ca_file))
    assert outcome.status == 0


@pytest.mark.parametrize("until, said, status", [
    ("2999-12-31", "not needed", 0), ("2020-01-01", "the waiver ended on 2020-01-01", 0)])
def test_a_waiver_that_nothing_needs_says_so(until, said, status, gate, scripted, certificates):
    row = {"assert": "connection.greeting", "waive": {"until": until, "reason": "OPS-99"}}
    report = gate.directory / "report.json"
    outcome = gate(checklist(scripted().port, [row], certificates.ca_file),
                   "--report", f"json={report}")
    case = json.loads(report.read_text())["suites"][0]["cases"][0]
    assert case["verdict"] == "pass" and said in case["message"], case
    assert "OPS-99" in outcome.report.decode() and until in outcome.report.decode()
    assert outcome.status == status


def test_a_waiver_that_has_ended_is_told_in_every_report(gate, scripted, certificates):
    row = {**ADVERTISED, "waive": {"until": "2020-01-01", "reason": "OPS-99"}}
    report = gate.directory / "report.json"
    outcome = gate(checklist(scripted(LOST).port, [row], certificates.ca_file),
                   "--report", f"json={report}")
    assert outcome.status == 1
    for text in (outcome.cases["starttls.advertised"].message, report.read_text(), outcome.stdout):
        words = " ".join(text.split())
        assert "ended on 2020-01-01" in words and "OPS-99" in words, text


def test_a_body_says_on_which_server_it_was(gate, scripted, certificates):
    server = scripted(LOST)
    row = {**ADVERTISED, "title": "mail is encrypted"}
    outcome = gate(checklist(server.port, [row], certificates.ca_file))
    body = outcome.cases["starttls.advertised"].body
    assert f"  on        target, {gate_module.HOST}:{server.port}, 127.0.0.1\n" in body, body
    assert "  title     mail is encrypted\n" in body, body


def test_the_times_of_the_cases_are_those_of_their_steps(gate, scripted, certificates):
    server = scripted({"EHLO": [lambda conversation: conversation.server.stopping.wait(0.3),
                                send("250-mail.example.test", "250 STARTTLS")]})
    report = gate.directory / "report.json"
    gate(checklist(server.port, DIALOGUE, certificates.ca_file), "--report", f"json={report}")
    times = {case["id"]: case["ms"]
             for case in json.loads(report.read_text())["suites"][0]["cases"]}
    assert times["ehlo.accepted"] >= 300
    assert times["starttls.advertised"] == 0
    assert sum(times.values()) < 2 * 300 + 1000
    assert times["connection.greeting"] < 300


def test_two_failures_over_one_connection_show_it_once(gate, scripted, certificates):
    server = scripted(context=certificates.context("wrong-host"))
    rows = [{"assert": "certificate.hostname"},
            {"assert": "session.includes", "capabilities": ["NO-SUCH"]}]
    outcome = gate(checklist(server.port, rows, certificates.ca_file))
    transcripts = [outcome.cases[row["assert"]].transcript for row in rows]
    assert "S: 220" in transcripts[0]
    assert "certificate.hostname" in transcripts[1] and "S: " not in transcripts[1]


def test_targets_that_differ_in_a_dot_are_two_classes(gate, scripted, certificates):
    targets = [target(scripted().port, name=name) for name in ("mx.a", "mx-a")]
    outcome = gate(checklist(targets, DIALOGUE[:1], certificates.ca_file))
    assert outcome.report.count(b'classname="test.mx-a"') == 1
    assert outcome.report.count(b'classname="test#2.mx-a"') == 1


def test_ports_that_are_not_there_do_not_hang(gate, certificates):
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        outcome = gate(checklist(unheard.getsockname()[1], DIALOGUE, certificates.ca_file))
    assert outcome.having("fail", "error") == ["connection.established"], outcome.text
