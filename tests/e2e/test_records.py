# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows that look further names up: reverse, services, any record, CAA; over a signed zone."""

import json

import jsonschema
import pytest
from checklists import checklist
from gate import ROOT
from servers import forwarder, knot
from servers.forwarder import forwarder as forwarding

MANY = "\n".join(f"33 PTR n{number:02d}.example.test." for number in range(33))
RECORDS = f"""\
@ MX 10 mx1
@ MX 20 mx2
@ TXT "google-site-verification=x"
@ TXT "v=spf1 mx " "-all"
@ CAA 0 issue "ca.test"
@ CAA 0 iodef "mailto:postmaster@example.test"
mx1 A 192.0.2.1
mx1 AAAA 2001:db8::1
mx2 A 192.0.2.2
nameless A 192.0.2.3
strange A 192.0.2.4
outward A 192.0.2.5
crowd A 192.0.2.33
n32 A 192.0.2.33
_dmarc TXT "v=DMARC1; p=reject"
two TXT "v=spf1 -all"
two TXT "v=spf1 +all"
alias CNAME other.elsewhere
elsewhere CAA 0 issue ";"
other.elsewhere CAA 0 issue "elsewhere.test"
bare.elsewhere TXT "x"
host.alias CNAME mx1
mta-sts CNAME other.elsewhere
*.wild CAA 0 issue ";"
wild CAA 0 issue "ca.test"
wild CAA 0 issuewild "wild.test"
strict CAA 128 tbs "unknown"
closed CAA 0 issue ";"
_submissions._tcp SRV 0 1 465 MX1
_imaps._tcp SRV 0 1 993 mx1
_imaps._tcp SRV 5 1 993 mx2
_imap._tcp SRV 0 0 0 .
services MX 10 mx1
_submissions._tcp.services SRV 0 1 465 host.alias
_imaps._tcp.services SRV 0 1 993 nothere
_pop3s._tcp.services SRV 0 0 0 .
_pop3s._tcp.services SRV 0 1 995 mx1
bogus NS ns.bogus
ns.bogus A 127.0.0.1
bogus DS {knot.FOREIGN_DS}
unsigned NS ns.unsigned
ns.unsigned A 127.0.0.1
"""
BELOW = """\
@ TXT "v=spf1 -all"
host A 192.0.2.9
@ CAA 0 issue "ca.test"
other CAA 0 issue "elsewhere.test"
"""
REVERSE = f"""\
1 PTR mx1.example.test.
2 CNAME 2.others
2.others PTR MX2.Example.Test.
2.others PTR nothere.example.test.
4 PTR mx1.example.test.
5 PTR host.bogus.example.test.
{MANY}
"""
REVERSE6 = "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0 PTR mx1.example.test.\n"
ZONES = {"example.test": (RECORDS, True), "bogus.example.test": (BELOW, True),
         "unsigned.example.test": (BELOW, False), "test": ("other A 192.0.2.7\n", False),
         "2.0.192.in-addr.arpa": (REVERSE, False),
         "8.b.d.0.1.0.0.2.ip6.arpa": (REVERSE6, False)}
A, PTR, SRV, CAA = 1, 12, 33, 257


@pytest.fixture(scope="module", name="zone")
def fixture_zone(tmp_path_factory):
    assert knot.is_available()
    with knot.knot(tmp_path_factory.mktemp("knot") / "server", ZONES) as served:
        yield served


@pytest.fixture(name="run")
def fixture_run(gate, zone, certificates):
    """Runs one assertion against a target."""
    def run(target, row, *arguments, resolver=None, timeout="3s", **members):
        document = checklist([{"name": "t", "port": 25, **target}], [{"assert": row, **members}],
                             certificates.ca_file,
                             dns={"resolver": resolver or zone.resolver,
                                  "trust_anchor": str(zone.anchor), "timeout": timeout})
        return gate(document, *arguments)
    return run


def of_host(name):
    return {"host": f"{name}.example.test"}


def expect(outcome, row, verdict, said):
    assert outcome.cases[row].verdict == verdict, outcome.text
    assert said in outcome.cases[row].message + outcome.cases[row].body, outcome.text
    assert outcome.status == {"pass": 0, "fail": 1, "error": 3}[verdict]


@pytest.mark.parametrize("name, verdict, said", [
    ("mx1", "pass", ""), ("mx2", "pass", ""),
    ("nameless", "fail", "no PTR record at 3.2.0.192.in-addr.arpa"),
    ("strange", "fail", "which does not lead back"),
    ("outward", "fail", "the A records of host.bogus.example.test are bogus"),
    ("crowd", "error", "33 names")])
def test_reverse(run, name, verdict, said):
    expect(run(of_host(name), "dns.reverse"), "dns.reverse", verdict, said)


def test_reverse_of_what_has_no_address_is_a_matter_of_that(run):
    outcome = run(of_host("nothere"), "dns.reverse")
    assert outcome.verdicts == {"dns.addresses": "fail", "dns.reverse": "skipped"}, outcome.text
    outcome = run({"mx": "nothere.example.test"}, "dns.reverse")
    assert outcome.verdicts == {"dns.mx": "fail", "dns.reverse": "skipped"}, outcome.text


def test_reverse_of_all_servers(run):
    outcome = run({"mx": "example.test", "addresses": "all"}, "dns.reverse",
                  ehlo_names=["mx1.example.test"])
    assert [(name.split()[-1], cases["dns.reverse"].verdict)
            for name, cases in outcome.suites.items()] == [
        ("t/mx1.example.test/192.0.2.1", "pass"), ("t/mx1.example.test/2001:db8::1", "pass"),
        ("t/mx2.example.test/192.0.2.2", "fail")], outcome.text
    assert "is called mx2.example.test" in outcome.text


def spoil(*kinds, answers=forwarder.refusing(forwarder.SERVFAIL), name=None):
    """Answers questions of these types so, and all else with the truth."""
    def decide(query, ask_server):
        asked, kind = forwarder.question_of(query)
        spoilt = kind in kinds and name in (None, asked)
        return (answers if spoilt else forwarder.truth)(query, ask_server)
    return decide


ROWS = {"dns.reverse": ({}, PTR), "caa.allows": ({"issuers": ["ca.test"]}, CAA),
        "dns.record": ({"name": "_dmarc.example.test", "type": "TXT"}, 16)}


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("answers", [forwarder.refusing(forwarder.SERVFAIL), forwarder.silence],
                         ids=["SERVFAIL", "silence"])
def test_what_nobody_tells_is_an_error(run, zone, row, answers):
    members, kind = ROWS[row]
    decide = spoil(kind, answers=answers)
    with forwarding(zone.port, decide, decide) as resolver:
        outcome = run(of_host("mx1"), row, resolver=resolver.resolver, timeout="1s", **members)
    expect(outcome, row, "error", "are not known")


@pytest.mark.parametrize("row", [row for row in ROWS if row != "dns.reverse"])
def test_a_resolver_that_strips_is_to_blame(run, zone, row):
    with forwarding(zone.port, forwarder.stripping, forwarder.stripping) as resolver:
        outcome = run(of_host("mx1"), row, resolver=resolver.resolver, **ROWS[row][0])
    expect(outcome, row, "error", "--resolver")
    assert outcome.cases[row].type.endswith("ResolverStripsDnssec")


def test_an_answer_that_hangs_holds_nobody_longer_than_it_may(run, zone):
    decide = spoil(A, answers=forwarder.silence, name="host.bogus.example.test")
    with forwarding(zone.port, decide, decide) as resolver:
        outcome = run(of_host("outward"), "dns.reverse", resolver=resolver.resolver, timeout="1s")
    expect(outcome, "dns.reverse", "error", "no answer within the time allowed")


DOMAIN = {"mx": "example.test"}


@pytest.mark.parametrize("target, services, verdict, said", [
    (DOMAIN, ["submissions", "imaps"], "pass", ""), (DOMAIN, None, "pass", ""),
    (DOMAIN, ["submissions", "imap"], "fail", "says that the service is not offered"),
    (DOMAIN, ["pop3s"], "fail", "_pop3s._tcp.example.test. SRV 0 1 995 HOST."),
    ({"mx": "services.example.test"}, ["submissions"], "fail", "stands for mx1.example.test"),
    ({"mx": "services.example.test"}, ["imaps"], "fail", "nothere.example.test, which has no address"),
    ({"mx": "services.example.test"}, ["pop3s"], "fail", "other records beside that"),
    ({"mx": "unsigned.example.test"}, None, "fail", "no SRV record of a mail service"),
    ({"mx": "bogus.example.test"}, ["imaps"], "fail", "are bogus")])
def test_services(run, target, services, verdict, said):
    members = {"services": services} if services else {}
    expect(run(target, "dns.srv", **members), "dns.srv", verdict, said)


def test_services_are_those_of_a_domain(run):
    outcome = run(of_host("mx1"), "dns.srv")
    assert outcome.status == 2
    assert "names a host, and no domain" in outcome.stderr


def test_a_host_of_a_service_that_nobody_tells_is_an_error(run, zone):
    decide = spoil(A, name="mx2.example.test")
    with forwarding(zone.port, decide, decide) as resolver:
        outcome = run({"mx": "services.example.test"}, "dns.srv", resolver=resolver.resolver,
                      services=["pop3s"])
        assert outcome.verdicts == {"dns.srv": "fail"}
        outcome = run(DOMAIN, "dns.srv", resolver=resolver.resolver, services=["imaps"])
    assert outcome.cases["dns.srv"].verdict == "error", outcome.text


@pytest.mark.parametrize("name, members, verdict, said", [
    ("example.test", {"matches": "^v=spf1 mx -all$", "maximum": 1, "secure": True}, "pass", ""),
    ("EXAMPLE.Test.", {"matches": "^v=spf1"}, "pass", ""),
    ("example.test", {"matches": "^v=spf2"}, "fail", "no TXT record of example.test matches"),
    ("two.example.test", {"matches": "^v=spf1", "maximum": 1}, "fail", "2 TXT records"),
    ("_dmarc.example.test", {}, "pass", ""),
    ("x._domainkey.example.test", {}, "fail", "does not exist"),
    ("unsigned.example.test", {}, "pass", ""),
    ("unsigned.example.test", {"secure": True}, "fail", "not signed"),
    ("bogus.example.test", {}, "fail", "are bogus"),
    ("alias.example.test", {"type": "CNAME", "matches": "^other[.]elsewhere[.]example[.]test$"},
     "pass", ""),
    ("mx1.example.test", {"type": "AAAA", "matches": "^2001:db8::1$"}, "pass", "")])
def test_records(run, name, members, verdict, said):
    members = {"type": "TXT", **members, "name": name}
    expect(run(of_host("mx1"), "dns.record", **members), "dns.record", verdict, said)


@pytest.mark.parametrize("names, issuer, verdict, said", [
    (["mx1.example.test"], "ca.test", "pass", ""), (["a.b.mx1.example.test"], "CA.TEST", "pass", ""),
    (["mx1.example.test"], "other.test", "fail", "others are named by the CAA records of example.test"),
    (["alias.example.test"], "elsewhere.test", "pass", ""),
    (["mta-sts.example.test"], "ca.test", "fail", "CAA records of mta-sts.example.test"),
    (["bare.elsewhere.example.test"], "ca.test", "fail", "nobody may"),
    (["*.wild.example.test"], "wild.test", "pass", ""),
    (["*.wild.example.test"], "ca.test", "fail", "CAA 0 issuewild"),
    (["strict.example.test"], "ca.test", "fail", "is critical"),
    (["host.unsigned.example.test"], "ca.test", "pass", ""),
    (["host.bogus.example.test"], "ca.test", "fail", "are bogus"),
    (["mx1.example.test", "closed.example.test"], "ca.test", "fail", "closed.example.test"),
    (["other.test"], "ca.test", "pass", "")])
def test_authorities(run, names, issuer, verdict, said):
    outcome = run(of_host("mx1"), "caa.allows", names=names, issuers=[issuer])
    expect(outcome, "caa.allows", verdict, said)


def test_authorities_of_all_mail_servers(run):
    expect(run(DOMAIN, "caa.allows", issuers=["ca.test"], required=True), "caa.allows", "pass", "")
    outcome = run({"mx": "nothere.example.test"}, "caa.allows", issuers=["ca.test"])
    assert outcome.verdicts == {"dns.mx": "fail", "caa.allows": "skipped"}, outcome.text


def test_where_there_must_be_a_record(run):
    outcome = run({"host": "other.test"}, "caa.allows", issuers=["ca.test"], required=True)
    expect(outcome, "caa.allows", "fail", 'other.test. CAA 0 issue "ca.test"')


def test_a_climb_ends_at_the_first_set(run, zone):
    with forwarding(zone.port, forwarder.truth) as resolver:
        outcome = run(of_host("mx1"), "caa.allows", issuers=["ca.test"], resolver=resolver.resolver)
    assert outcome.status == 0
    assert [name for name, kind in resolver.questions if kind == CAA] == [
        "mx1.example.test", "example.test"]


def test_what_was_looked_up_stands_in_the_report_and_in_what_is_merged(run, gate, tmp_path):
    part, merged = tmp_path / "part.json", tmp_path / "merged.json"
    outcome = run(DOMAIN, "dns.srv", "--report", f"json={part}", "--shard", "1/1")
    assert outcome.status == 0
    report = json.loads(part.read_text())
    jsonschema.validate(report, json.loads((ROOT / "schemas/report.schema.json").read_text()))
    lookups = report["suites"][0]["facts"]["lookups"]
    by_question = {(one["name"], one["type"]): one for one in lookups}
    assert len(by_question) == len(lookups)
    assert by_question["example.test", "MX"] == {
        "name": "example.test", "type": "MX", "state": "secure", "reason": None, "alias_of": None,
        "records": ["10 mx1.example.test", "20 mx2.example.test"], "ttl": 300}
    assert by_question["_imap._tcp.example.test", "SRV"]["records"] == ["0 0 0 ."]
    assert by_question["mx2.example.test", "AAAA"]["state"] == "secure denial"
    gate.command("merge", part, "--report", f"json={merged}")
    assert json.loads(merged.read_text())["suites"][0]["facts"]["lookups"] == lookups
