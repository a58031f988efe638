# SPDX-License-Identifier: GPL-3.0-or-later
"""mta_sts.record and tls_rpt.record, over a zone of our own and odd resolvers."""

import pytest
from servers import forwarder, knot
from servers.forwarder import forwarder as forwarding

DOMAIN = "example.test"
STS, RPT = "mta_sts.record", "tls_rpt.record"
GOOD = {STS: "v=STSv1; id=20260101000000", RPT: "v=TLSRPTv1; rua=mailto:tls@example.test"}
PLACES = {STS: "_mta-sts", RPT: "_smtp._tls"}

# name of the domain -> (row, texts of its TXT records, verdict, type, words)
RECORDS = {
    "sts": (STS, [GOOD[STS]], "pass", None, ()),
    "sts-short": (STS, ["v=STSv1;id=1"], "pass", None, ()),
    "sts-end": (STS, ["v=STSv1; id=1;"], "pass", None, ()),
    "sts-fields": (STS, ["v=STSv1; x=1; id=a; id=b; y=2;"], "pass", None, ()),
    "sts-parts": (STS, ['v=STSv1; i" "d=2026'], "pass", None, ()),
    "sts-beside": (STS, ["v=spf1 -all", GOOD[STS], "v=STSv2; id=2"], "pass", None, ()),
    "sts-33": (STS, [*(f"x{number}" for number in range(32)), GOOD[STS]], "pass", None, ()),
    "sts-none": (STS, [], "fail", "NoRecord", ("_mta-sts.sts-none", GOOD[STS])),
    "sts-other": (STS, ["v=spf1 -all"], "fail", "NoRecord", ("none begins", "v=spf1 -all")),
    "sts-lower": (STS, ["v=stsv1; id=1"], "fail", "NoRecord", ()),
    "sts-late": (STS, ["id=1; v=STSv1;"], "fail", "NoRecord", ()),
    "sts-front": (STS, [" v=STSv1; id=1"], "fail", "NoRecord", ()),
    "sts-bare": (STS, ["v=STSv1"], "fail", "NoRecord", ()),
    "sts-blank": (STS, ["v=STSv1 ; id=1"], "fail", "BlankBeforeSemicolon", ()),
    "sts-two": (STS, ["v=STSv1; id=1", "v=STSv1; id=2"], "fail", "SeveralRecords",
                ("v=STSv1; id=1", "v=STSv1; id=2")),
    "sts-one-right": (STS, ["v=STSv1; id=1", "v=STSv1; id=!"], "fail", "SeveralRecords", ()),
    "sts-empty": (STS, ["v=STSv1;"], "fail", "FieldMissing", ('"id"',)),
    "sts-no-id": (STS, ["v=STSv1; x=1"], "fail", "FieldMissing", ('"id"',)),
    "sts-word": (STS, ["v=STSv1; id"], "fail", "BadField", ()),
    "sts-commas": (STS, ["v=STSv1, id=1"], "fail", "NoRecord", ()),
    "sts-dashes": (STS, ["v=STSv1; id=2026-01-01"], "fail", "BadValue", ("2026-01-01",)),
    "sts-long": (STS, ["v=STSv1; id=" + "1" * 33], "fail", "BadValue", ()),
    "sts-quoted": (STS, ['v=STSv1; id=\\"1\\"'], "fail", "BadValue", ()),
    "rpt": (RPT, [GOOD[RPT]], "pass", None, ()),
    "rpt-web": (RPT, ["v=TLSRPTv1; rua=https://example.test/report"], "pass", None, ()),
    "rpt-both": (RPT, ["v=TLSRPTv1; rua=mailto:a@x.test , https://x.test/a%2Cb"], "pass", None, ()),
    "rpt-mixed": (RPT, ["v=TLSRPTv1; rua=tel:1,mailto:a@x.test"], "pass", None, ()),
    "rpt-none": (RPT, [], "fail", "NoRecord", ("_smtp._tls.rpt-none",
                                               "rua=mailto:tls-reports@rpt-none.example.test")),
    "rpt-two": (RPT, [GOOD[RPT], "v=TLSRPTv1; rua=mailto:b@x.test"], "fail", "SeveralRecords", ()),
    "rpt-sts": (RPT, [GOOD[STS]], "fail", "NoRecord", ()),
    "rpt-no-rua": (RPT, ["v=TLSRPTv1; ruf=mailto:a@x.test"], "fail", "FieldMissing", ('"rua"',)),
    "rpt-bare": (RPT, ["v=TLSRPTv1; rua=a@x.test"], "fail", "BadValue", ("a@x.test",)),
    "rpt-bang": (RPT, ["v=TLSRPTv1; rua=mailto:a@x.test!10m"], "fail", "BadValue", ()),
    "rpt-comma": (RPT, ["v=TLSRPTv1; rua=mailto:a@x.test,"], "fail", "BadValue", ()),
    "rpt-http": (RPT, ["v=TLSRPTv1; rua=http://x.test/"], "fail", "NoReportAddress", ()),
}
HEAD = f"""\
@ MX 10 mx
mx A 127.0.0.1
_mta-sts TXT "{GOOD[STS]}"
_smtp._tls TXT "{GOOD[RPT]}"
_mta-sts.zero 0 TXT "{GOOD[STS]}"
_mta-sts.alias CNAME _mta-sts
_smtp._tls.alias CNAME _smtp._tls
_mta-sts.dangling CNAME nothere
_mta-sts.away CNAME _mta-sts.unsigned
_mta-sts.data A 127.0.0.1
_mta-sts.broken TYPE16 \\# 3 057631
unsigned NS ns.unsigned
ns.unsigned A 127.0.0.1
bogus NS ns.bogus
ns.bogus A 127.0.0.1
bogus DS {knot.FOREIGN_DS}
"""
BELOW = f'_mta-sts TXT "{GOOD[STS]}"\n_smtp._tls TXT "{GOOD[RPT]}"\n'


def zone_text():
    return HEAD + "".join(f'{PLACES[row]}.{name} TXT "{text}"\n'
                          for name, (row, texts, *_) in RECORDS.items() for text in texts)


@pytest.fixture(scope="module", name="zone")
def fixture_zone(tmp_path_factory):
    assert knot.is_available()
    zones = {DOMAIN: (zone_text(), True), f"unsigned.{DOMAIN}": (BELOW, False),
             f"bogus.{DOMAIN}": (BELOW, True)}
    with knot.knot(tmp_path_factory.mktemp("knot") / "server", zones) as served:
        yield served


@pytest.fixture(name="run")
def fixture_run(gate, zone, certificates):
    def run(rows, domain, resolver=None, timeout="3s", limits=None):
        return gate({
            "dns": {"resolver": resolver or zone.resolver, "trust_anchor": str(zone.anchor),
                    "timeout": timeout},
            "trust": {"system": False, "ca_file": str(certificates.ca_file)},
            "limits": {"retries": 0, **(limits or {})},
            "targets": [{"name": "target", "mx": domain}], "assertions": rows})
    return run


def expect(outcome, name, verdict, kind, *words):
    case = outcome.cases[name]
    assert (case.verdict, case.type) == (verdict, kind and f"starttls-gate.{kind}"), outcome.text
    for word in words:
        assert word in case.message + case.body, outcome.text


@pytest.mark.parametrize("name", RECORDS)
def test_records(name, run):
    row, _, verdict, kind, words = RECORDS[name]
    expect(run([{"assert": row}], f"{name}.{DOMAIN}"), row, verdict, kind, *words)


@pytest.mark.parametrize("row", [STS, RPT])
@pytest.mark.parametrize("name, verdict, kind", [
    ("", "pass", None), ("unsigned.", "pass", None), ("alias.", "pass", None),
    ("bogus.", "fail", "Bogus"), ("nothere.", "fail", "NoRecord")])
def test_states_of_the_answer(row, name, verdict, kind, run):
    expect(run([{"assert": row}], name + DOMAIN), row, verdict, kind)


@pytest.mark.parametrize("domain, verdict, kind", [
    (f"zero.{DOMAIN}", "pass", None), (f"away.{DOMAIN}", "pass", None),
    (f"dangling.{DOMAIN}", "fail", "NoRecord"), (f"data.{DOMAIN}", "fail", "NoRecord"),
    (f"broken.{DOMAIN}", "fail", "NoRecord"), (DOMAIN.upper(), "pass", None),
    (f"{DOMAIN}.", "pass", None)])
def test_answers_that_are_odd(domain, verdict, kind, run):
    expect(run([{"assert": STS}], domain), STS, verdict, kind)


def test_what_is_to_be_published_can_be_copied(run):
    outcome = run([{"assert": STS}], f"sts-none.{DOMAIN}")
    lines = [line.strip() for line in outcome.cases[STS].body.splitlines()]
    assert f'_mta-sts.sts-none.{DOMAIN}. TXT "v=STSv1; id=20260101000000"' in lines, outcome.text


@pytest.mark.parametrize("row", [STS, RPT])
@pytest.mark.parametrize("answers, kind", [
    (forwarder.refusing(forwarder.SERVFAIL), "LookUpFailed"), (forwarder.silence, "LookUpFailed"),
    (forwarder.garbage, "LookUpFailed"), (forwarder.stripping, "ResolverStripsDnssec")])
def test_look_ups_that_fail(row, answers, kind, run, zone):
    with forwarding(zone.port, answers, answers) as resolver:
        outcome = run([{"assert": row}], DOMAIN, resolver.resolver, "1s")
    expect(outcome, row, "error", kind)


def test_the_deadline_of_the_run(run, zone):
    with forwarding(zone.port, forwarder.silence) as resolver:
        outcome = run([{"assert": STS}], DOMAIN, resolver.resolver, "20s", {"deadline": "1s"})
    expect(outcome, STS, "error", "NotRun")


@pytest.mark.parametrize("wanted, verdict, kind", [
    ("20260101000000", "pass", None), ("20260101000001", "fail", "OtherId"),
    ("2026010100000", "fail", "OtherId")])
def test_the_id_that_is_wanted(wanted, verdict, kind, run):
    outcome = run([{"assert": STS, "record_id": wanted}], DOMAIN)
    expect(outcome, STS, verdict, kind, *([f'"v=STSv1; id={wanted}"'] if kind else []))


@pytest.mark.parametrize("wanted", ["", "a-b", "1" * 33, "1;x=2", "1 "])
def test_what_is_no_id(wanted, run):
    assert run([{"assert": STS, "record_id": wanted}], DOMAIN).status == 2


@pytest.mark.parametrize("wanted, name, verdict, kind", [
    (["mailto:tls@example.test"], "", "pass", None),
    (["mailto:a@x.test", "https://x.test/a%2Cb"], "rpt-both.", "pass", None),
    (["mailto:TLS@example.test"], "", "fail", "OtherReportAddress"),
    (["mailto:a@x.test", "mailto:b@x.test"], "rpt-both.", "fail", "OtherReportAddress")])
def test_where_reports_are_wanted(wanted, name, verdict, kind, run):
    outcome = run([{"assert": RPT, "rua": wanted}], name + DOMAIN)
    expect(outcome, RPT, verdict, kind, *([f"rua={','.join(wanted)}"] if kind else []))


@pytest.mark.parametrize("wanted", ["a@x.test", "http://x.test", "mailto:a@x.test,mailto:b@x.test",
                                    "mailto:a@x.test!1", "mailto:"])
def test_what_is_no_place_for_reports(wanted, run):
    assert run([{"assert": RPT, "rua": [wanted]}], DOMAIN).status == 2


def test_a_host_has_no_such_records(gate):
    outcome = gate({"targets": [{"host": "mail.example.test"}], "assertions": [{"assert": STS}]})
    assert outcome.status == 2 and "names a host, and no domain" in outcome.stderr, outcome.text
