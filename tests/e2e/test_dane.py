# SPDX-License-Identifier: GPL-3.0-or-later
"""dane.* over a signed zone: servers of several certificates, and what can be wrong with names."""

import contextlib
import datetime
import os
import ssl
import subprocess

import pytest

from gate import HOST
from checklists import SHORT_LIMITS
from servers import forwarder, knot
from servers.certificates import RSA_KEY, Authority, Identity, other_key
from servers.forwarder import forwarder as forwarding
from servers.openssl import openssl_server
from servers.postfix import Postfix, is_available
from servers.scripted import send
from test_dane_agreement import record

TLSA = 52
ANY_HOST = "*.example.test"

# What a server shows: the leaf and what is sent behind it.
CHAINS = {
    "good": lambda root, issuer: issuer.issue("good", [ANY_HOST]),
    "rooted": lambda root, issuer: issuer.issue("rooted", [ANY_HOST]),
    "alone": lambda root, issuer: issuer.issue("alone", [ANY_HOST], send_intermediates=False),
    "expired": lambda root, issuer: issuer.issue("expired", [ANY_HOST], (-20, -1)),
    "stranger": lambda root, issuer: issuer.issue("stranger", ["other.test"]),
    "self-signed": lambda root, issuer: issuer.issue("self", [ANY_HOST], self_signed=True),
    "rsa": lambda root, issuer: issuer.issue("rsa", [ANY_HOST], key_type=RSA_KEY),
}

# (server, records: usage, selector, matching type, of what, with which change; verdict, type)
VECTORS = {
    "ee-spki": ("good", ["3 1 1 leaf"], "pass"),
    "ee-spki-512": ("good", ["3 1 2 leaf"], "pass"),
    "ee-spki-full": ("good", ["3 1 0 leaf"], "pass"),
    "ee-cert": ("good", ["3 0 1 leaf"], "pass"),
    "ee-cert-full": ("good", ["3 0 0 leaf"], "pass"),
    "ee-other": ("good", ["3 1 1 root"], "TlsaMismatch"),
    "ee-self-signed": ("self-signed", ["3 1 1 leaf"], "pass"),
    "ee-expired": ("expired", ["3 1 1 leaf"], "pass"),
    "ee-stranger": ("stranger", ["3 1 1 leaf"], "pass"),
    "ee-two": ("good", ["3 1 1 root", "3 1 1 leaf"], "pass"),
    "ee-upper-case": ("good", ["3 1 1 leaf"], "pass"),
    "ta-issuer": ("good", ["2 1 1 issuer"], "pass"),
    "ta-issuer-cert": ("good", ["2 0 1 issuer"], "pass"),
    "ta-root-sent": ("rooted", ["2 0 1 root"], "pass"),
    "ta-root-unsent": ("good", ["2 0 1 root"], "TlsaMismatch"),
    "ta-root-full": ("good", ["2 0 0 root"], "pass"),
    "ta-root-key": ("good", ["2 1 0 root"], "pass"),
    "ta-issuer-unsent": ("alone", ["2 1 1 issuer"], "TlsaMismatch"),
    "ta-issuer-unsent-full": ("alone", ["2 0 0 issuer"], "pass"),
    "ta-issuer-unsent-key": ("alone", ["2 1 0 issuer"], "pass"),
    "ta-expired": ("expired", ["2 1 1 issuer"], "TlsaPathInvalid"),
    "ta-stranger": ("stranger", ["2 1 1 issuer"], "TlsaNameMismatch"),
    "ta-leaf": ("good", ["2 1 1 leaf"], "TlsaIsNoIssuer"),
    "ta-self-signed": ("self-signed", ["2 1 1 leaf"], "TlsaIsNoIssuer"),
    "ta-expired-ee": ("expired", ["2 1 1 issuer", "3 1 1 leaf"], "pass"),
    "agility-wrong": ("good", ["3 1 1 leaf", "3 1 2 leaf wrong"], "TlsaMismatch"),
    "agility-right": ("good", ["3 1 1 leaf wrong", "3 1 2 leaf"], "pass"),
    "agility-selector": ("good", ["3 1 1 leaf", "3 0 2 leaf wrong"], "pass"),
    "agility-short": ("good", ["3 1 1 leaf", "3 1 2 leaf short"], "pass"),
    "short": ("good", ["3 1 1 leaf short"], "NothingUsable"),
    "pkix-ee": ("good", ["1 1 1 leaf"], "NothingUsable"),
    "pkix-ta": ("good", ["0 0 1 root"], "NothingUsable"),
    "unknown-usage": ("good", ["4 1 1 leaf"], "NothingUsable"),
}
UPPER_CASE = {"ee-upper-case"}
OPENSSL_DIFFERS = {"pkix-ee", "pkix-ta"}  # which count for its clients, and not for mail servers


class Site:
    """The servers (chain -> port), the files that records are made of, and the zone."""

    def __init__(self, root, issuer, identities):
        self.issuers = {"root": root.certificate, "issuer": issuer.certificate}
        self.identities, self.ports, self.zone = identities, {}, None

    def record(self, text, chain="good"):
        usage, selector, matching, what, *change = text.split()
        path = self.issuers.get(what) or self.identities[chain if what == "leaf" else what].chain
        return record(int(usage), int(selector), int(matching), path, *change)


def write_records(site):
    good = site.record("3 1 1 leaf")
    other = f"3 1 1 {1:064x}"
    lines = ["@ MX 10 mx1", "@ MX 20 mx2", "mx1 A 127.0.0.1", "mx2 A 127.0.0.1",
             f"_25._tcp.mx1 TLSA {good}", f"_25._tcp.mx2 TLSA {other}", "plain A 127.0.0.1"]
    for name, (chain, records, _) in VECTORS.items():
        lines.append(f"{name} A 127.0.0.1")
        lines += [f"_25._tcp.{name} TLSA {site.record(one, chain)}" for one in records]
    lines += [f"{name} A 127.0.0.1" for name in (
        "nodata", "ported", "tlsa-alias", "tlsa-outside", "tlsa-dangling", "wild", "malformed",
        "half", "many", "all", "ttl-0", "long", "both", "next", "mixed", "failing", "real",
        "bare")]
    lines += [
        '_25._tcp.nodata TXT "x"', f"_25._tcp.tlsa-target TLSA {good}",
        "_25._tcp.tlsa-alias CNAME _25._tcp.tlsa-target",
        "_25._tcp.tlsa-outside CNAME _25._tcp.host.unsigned",
        "_25._tcp.tlsa-dangling CNAME nothere",
        f"*._tcp.wild TLSA {good}", "_25._tcp.malformed TYPE52 \\# 2 0301",
        "_25._tcp.half TYPE52 \\# 2 0301", f"_25._tcp.half TLSA {good}",
        f"_25._tcp.many TLSA {good}", f"_25._tcp.all TLSA {good}",
        *(f"_25._tcp.many TLSA 3 1 1 {number:064x}" for number in range(32)),
        *(f"_25._tcp.all TLSA 3 1 1 {number:064x}" for number in range(31)),
        f"_25._tcp.ttl-0 0 TLSA {good}", f"_25._tcp.long 7200 TLSA {good}",
        f"_25._tcp.both TLSA {good}", f"_25._tcp.both TLSA {site.record('3 1 1 rsa')}",
        "sisters A 127.0.0.1", "sisters A 127.0.0.2", f"_25._tcp.sisters TLSA {good}",
        f"_25._tcp.sisters TLSA {site.record('3 1 1 rsa')}",
        f"_25._tcp.next TLSA {good}", f"_25._tcp.next TLSA {other}",
        f"_25._tcp.mixed TLSA {good}", f"_25._tcp.mixed TLSA 3 0 1 {1:064x}",
        f"_25._tcp.failing TLSA {good}",
        f"_587._tcp.ported TLSA {site.record('1 1 1 leaf')}",
        # aliases of the host
        "outside CNAME host.unsigned", f"_25._tcp.outside TLSA {good}", "inside CNAME real",
        f"_25._tcp.real TLSA {good}", f"_25._tcp.inside TLSA {other}", "own CNAME bare",
        f"_25._tcp.own TLSA {good}", "own-of-failing CNAME failing",
        f"_25._tcp.own-of-failing TLSA {good}",
        "own-of-outside CNAME tlsa-outside", f"_25._tcp.own-of-outside TLSA {good}",
        # zones below
        "unsigned NS ns.unsigned", "ns.unsigned A 127.0.0.1", "bogus NS ns.bogus",
        "ns.bogus A 127.0.0.1", f"bogus DS {knot.FOREIGN_DS}"]
    below = (f"@ MX 10 mx1.example.test.\nhost A 127.0.0.1\n_25._tcp.host TLSA {good}\n"
             "chain CNAME real.example.test.\n")
    return {"example.test": ("\n".join(lines) + "\n", True),
            "unsigned.example.test": (below, False), "bogus.example.test": (below, True)}


@pytest.fixture(scope="module", name="site")
def fixture_site(tmp_path_factory):
    assert knot.is_available()
    directory = tmp_path_factory.mktemp("dane")
    root = Authority(directory / "root", "DANE root")
    issuer = Authority(directory / "issuer", "DANE issuer", root)
    identities = {name: make(root, issuer) for name, make in CHAINS.items()}
    with identities["rooted"].chain.open("a") as chain:
        chain.write(root.certificate.read_text())
    site = Site(root, issuer, identities)
    with contextlib.ExitStack() as stack:
        for name, identity in identities.items():
            site.ports[name] = stack.enter_context(openssl_server(identity))
        rsa = identities["rsa"]
        site.ports["both"] = stack.enter_context(openssl_server(
            identities["good"], "-dcert", rsa.chain, "-dkey", rsa.key, "-dcert_chain", rsa.chain))
        site.zone = stack.enter_context(knot.knot(directory / "knot", write_records(site)))
        yield site


def target_of(host, port, **members):
    return {"name": host, "protocol": "tls", "tls": "implicit", "host": host, "port": port,
            **members}


def checklist_of(site, targets, rows, resolver=None, timeout="3s"):
    return {"name": "dane", "trust": {"system": False, "ca_file": str(site.issuers["root"])},
            "limits": SHORT_LIMITS, "targets": targets, "assertions": rows,
            "dns": {"resolver": resolver or site.zone.resolver,
                    "trust_anchor": str(site.zone.anchor), "timeout": timeout}}


def row(noun, **members):
    return {"assert": f"dane.{noun}", "tlsa_port": 25, **members}


@pytest.fixture(name="judge")
def fixture_judge(gate, site):
    """judge(host, rows): one target at the server of that chain, on the loopback address."""
    def judge(host, *rows, chain="good", resolver=None, timeout="3s", **members):
        name = host if "." in host else f"{host}.example.test"
        return gate(checklist_of(site, [target_of(name, site.ports[chain], **members)],
                                 list(rows) or [row("published"), row("valid")], resolver,
                                 timeout))
    return judge


def openssl_matches(site, host, chain, records):
    options = [option for one in records
               for option in ("-dane_tlsa_rrdata", site.record(one, chain))]
    done = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{site.ports[chain]}", "-CAfile",
         site.issuers["root"], "-verify_return_error", "-servername", host, "-dane_tlsa_domain",
         host, "-dane_ee_no_namechecks", *options], input=b"Q\n", capture_output=True, check=False,
        timeout=20)
    return b"Verification: OK" in done.stdout and b"DANE TLSA" in done.stdout


def test_vectors_as_openssl_judges_them(site, gate):
    targets = []
    for name, (chain, _, _) in VECTORS.items():
        host = f"{name}.example.test"
        host = host.upper() if name in UPPER_CASE else host
        targets.append(target_of(host, site.ports[chain], name=name))
    outcome = gate(checklist_of(site, targets, [row("published"), row("valid")]))
    wrong, differs = {}, set()
    for name, (chain, records, wanted) in VECTORS.items():
        cases = outcome.suites[name]
        bad = [case.type.removeprefix("starttls-gate.") for case in cases.values()
               if case.verdict == "fail"]
        if bad != ([] if wanted == "pass" else [wanted]) or any(
                case.verdict == "error" for case in cases.values()):
            wrong[name] = cases
        if openssl_matches(site, f"{name}.example.test", chain, records) != (wanted == "pass"):
            differs.add(name)
    assert not wrong, wrong
    assert differs == OPENSSL_DIFFERS


# Hosts, and what is said of them: (verdict, type) of dane.published and of dane.valid.
GOOD, SKIPPED = ("pass", None), ("skipped", "SameCause")
NAMES = {
    "nodata": (("fail", "NoTlsa"), SKIPPED),
    "plain": (("fail", "NoTlsa"), SKIPPED),
    "ported": (("fail", "NoTlsa"), SKIPPED),
    "tlsa-alias": (GOOD, GOOD),
    "tlsa-outside": (("fail", "TlsaNotSigned"), SKIPPED),
    "tlsa-dangling": (("fail", "NoTlsa"), SKIPPED),
    "wild": (GOOD, GOOD),
    "malformed": (("fail", "NothingUsable"), SKIPPED),
    "half": (GOOD, GOOD),
    "many": (("error", "TooMany"), SKIPPED),
    "all": (GOOD, GOOD),
    "ttl-0": (GOOD, GOOD),
    "outside": (GOOD, GOOD),
    "own": (GOOD, GOOD),
    "own-of-outside": (GOOD, GOOD),
    "inside": (GOOD, ("error", "OtherServerName")),
    "host.unsigned.example.test": (("fail", "HostNotSigned"), SKIPPED),
    "chain.unsigned.example.test": (("fail", "HostNotSigned"), SKIPPED),
    "nothere.example.test": (SKIPPED, SKIPPED),
    "host.bogus.example.test": (SKIPPED, SKIPPED),
}


@pytest.mark.parametrize("host", NAMES)
def test_names(host, judge):
    outcome = judge(host)
    got = [(case.verdict, case.type and case.type.removeprefix("starttls-gate."))
           for case in (outcome.cases["dane.published"], outcome.cases["dane.valid"])]
    assert tuple(got) == NAMES[host], outcome.text
    if NAMES[host][0] == SKIPPED:
        assert outcome.cases["dns.addresses"].verdict == "fail", outcome.text


def test_the_line_to_publish_is_that_of_the_certificate_seen(site, judge):
    outcome = judge("plain")
    line = f"_25._tcp.plain.example.test. IN TLSA {site.record('3 1 1 leaf')}"
    assert line in outcome.cases["dane.published"].body, outcome.text


def test_an_alias_is_judged_by_the_name_where_it_ends(judge):
    outcome = judge("inside", server_name="real.example.test")
    assert outcome.status == 0, outcome.text


def test_a_server_that_is_not_in_the_dns_yet(judge):
    outcome = judge("tlsa-target", address="127.0.0.1")
    assert outcome.status == 0, outcome.text
    outcome = judge("tlsa-target")
    assert outcome.cases["dns.addresses"].verdict == "fail", outcome.text
    assert not outcome.having("pass"), outcome.text


def test_records_of_the_port_itself(judge, site):
    rows = [{"assert": "dane.published"}, {"assert": "dane.valid"}]
    outcome = judge("ee-spki", *rows)
    assert outcome.cases["dane.published"].type == "starttls-gate.NoTlsa", outcome.text
    assert f"_{site.ports['good']}._tcp." in outcome.cases["dane.published"].message


def test_usage_1_at_another_port_is_not_judged(judge):
    outcome = judge("ported", row("published", tlsa_port=587), row("valid", tlsa_port=587))
    assert outcome.status == 3, outcome.text
    assert outcome.cases["dane.published"].type == "starttls-gate.PkixUsage"
    assert outcome.cases["dane.valid"].verdict == "skipped"


@pytest.mark.parametrize("chain, host, verdict", [
    ("both", "both", "pass"), ("both", "ee-spki", "fail"), ("good", "both", "pass")])
def test_each_kind_of_key_needs_a_record(chain, host, verdict, judge):
    outcome = judge(host, row("valid"), chain=chain)
    assert outcome.verdicts == {"dane.valid": verdict}, outcome.text
    if verdict == "fail":
        assert outcome.cases["dane.valid"].message.startswith("(RSA certificate"), outcome.text


@pytest.mark.parametrize("chain, host, sigalgs, matches", [
    ("both", "both", "ECDSA+SHA256", True), ("both", "both", "rsa_pss_rsae_sha256", True),
    ("both", "ee-spki", "ECDSA+SHA256", True),
    ("both", "ee-spki", "rsa_pss_rsae_sha256", False)])
def test_openssl_sees_one_kind_of_key_at_a_time(chain, host, sigalgs, matches, site):
    records = ["3 1 1 leaf", "3 1 1 rsa"] if host == "both" else ["3 1 1 leaf"]
    options = [option for one in records for option in ("-dane_tlsa_rrdata", site.record(one))]
    done = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{site.ports[chain]}", "-CAfile",
         site.issuers["root"], "-dane_tlsa_domain", f"{host}.example.test",
         "-dane_ee_no_namechecks", "-sigalgs", sigalgs, *options], input=b"Q\n",
        capture_output=True, check=False, timeout=20)
    assert (b"Verification: OK" in done.stdout) == matches, done.stdout


@pytest.mark.parametrize("chain, types, verdict", [
    ("both", ["rsa", "ecdsa"], "pass"), ("good", ["ecdsa"], "pass"), ("good", ["rsa"], "fail"),
    ("rsa", ["ecdsa"], "fail")])
def test_kinds_of_keys_that_must_be_there(chain, types, verdict, judge):
    outcome = judge("both", row("valid", key_types=types), chain=chain)
    assert outcome.verdicts == {"dane.valid": verdict}, outcome.text


@pytest.mark.parametrize("host, complete, rollover", [
    ("ee-spki", "pass", "fail"), ("next", "pass", "pass"), ("mixed", "fail", "fail"),
    ("both", "pass", "pass"), ("ta-issuer", "pass", "fail")])
def test_sets_of_records(host, complete, rollover, judge):
    outcome = judge(host, row("complete"), row("rollover"))
    assert outcome.verdicts == {"dane.complete": complete, "dane.rollover": rollover}, outcome.text


def test_the_key_of_the_other_certificate_is_not_the_next(judge):
    outcome = judge("both", row("rollover"), chain="both")
    assert outcome.cases["dane.rollover"].type == "starttls-gate.NoRollover", outcome.text


def test_the_key_of_another_server_is_not_the_next(site, judge):
    """Each of two addresses has one of the two keys that are published, and nobody has a third."""
    with openssl_server(site.identities["rsa"], address="127.0.0.2", port=site.ports["good"]):
        outcome = judge("sisters", row("valid"), row("rollover"), addresses="all")
    for cases in outcome.suites.values():
        assert {name: case.verdict for name, case in cases.items()} == {
            "dane.valid": "pass", "dane.rollover": "fail"}, outcome.text


@pytest.mark.parametrize("members, verdict", [
    ({"usages": ["dane-ee"]}, "pass"), ({"usages": ["dane-ta"]}, "fail"),
    ({"ttl_maximum": 300}, "pass"), ({"ttl_maximum": 299}, "fail")])
def test_what_must_be_published(members, verdict, judge):
    outcome = judge("ee-spki", row("published", **members))
    assert outcome.verdicts == {"dane.published": verdict}, outcome.text


@pytest.mark.parametrize("host, maximum, verdict", [
    ("ttl-0", 0, "pass"), ("long", 3600, "fail"), ("long", 7200, "pass")])
def test_the_ttl_is_that_of_the_zone(host, maximum, verdict, judge):
    outcome = judge(host, row("published", ttl_maximum=maximum))
    assert outcome.verdicts == {"dane.published": verdict}, outcome.text


def moment(seconds):
    now = datetime.datetime.now(datetime.timezone.utc)
    return (now + datetime.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize("chain, seconds, verdict", [
    ("good", None, "pass"), ("rsa", None, "fail"), ("good", -700, "pass"), ("good", -500, "fail"),
    ("good", 1000, "fail")])
def test_a_certificate_before_it_is_deployed(chain, seconds, verdict, site, judge):
    since = {} if seconds is None else {"published_since": moment(seconds)}
    outcome = judge("ee-spki", row("covers_file", file=str(site.identities[chain].chain), **since))
    assert outcome.verdicts == {"dane.covers_file": verdict}, outcome.text


@pytest.mark.parametrize("host, verdict", [
    ("ee-spki", "pass"), ("ee-other", "fail"), ("ee-cert", "error"), ("plain", "skipped")])
def test_a_key_before_there_is_a_certificate(host, verdict, site, judge, tmp_path):
    key = tmp_path / "public.pem"
    subprocess.run(["openssl", "x509", "-noout", "-pubkey", "-in", site.identities["good"].chain,
                    "-out", key], check=True)
    outcome = judge(host, row("covers_file", file=str(key)))
    assert outcome.cases["dane.covers_file"].verdict == verdict, outcome.text


def test_a_file_without_certificate_or_key(site, judge):
    outcome = judge("ee-spki", row("covers_file", file=str(site.identities["good"].key)))
    assert outcome.status == 2, outcome.text
    assert "neither certificates nor a public key" in outcome.stderr


def test_no_connection_is_made_for_what_the_dns_tells(site, gate, scripted):
    server = scripted()
    rows = [row("published"), row("covers_file", file=str(site.identities["good"].chain))]
    outcome = gate(checklist_of(site, [target_of("ee-spki.example.test", server.port)], rows))
    assert outcome.status == 0, outcome.text
    assert server.conversations == []


def only_tlsa(answers):
    """Does so with questions for TLSA alone."""
    def answer(query, ask):
        _, kind = forwarder.question_of(query)
        return (answers if kind == TLSA else forwarder.truth)(query, ask)
    return answer


@pytest.mark.parametrize("answers, verdict, kind", [
    (forwarder.refusing(forwarder.SERVFAIL), "error", "LookUpFailed"),
    (forwarder.refusing(forwarder.REFUSED), "error", "LookUpFailed"),
    (forwarder.silence, "error", "LookUpFailed"), (forwarder.spoiling, "fail", "Bogus")],
    ids=["SERVFAIL", "REFUSED", "silence", "bogus"])
def test_tlsa_alone_does_not_work(answers, verdict, kind, site, judge):
    with forwarding(site.zone.port, only_tlsa(answers), only_tlsa(answers)) as resolver:
        outcome = judge("ee-spki", resolver=resolver.resolver, timeout="2s")
    case = outcome.cases["dane.published"]
    assert (case.verdict, case.type) == (verdict, f"starttls-gate.{kind}"), outcome.text
    assert outcome.cases["dane.valid"].verdict == "skipped"
    if kind == "LookUpFailed":
        assert "The addresses of the host were answered, this was not" in case.body, outcome.text


def test_what_fails_at_the_end_of_an_alias_is_not_looked_for_at_its_begin(site, judge):
    def failing(query, ask):
        name, kind = forwarder.question_of(query)
        answers = (forwarder.refusing(forwarder.SERVFAIL)
                   if kind == TLSA and name == "_25._tcp.failing.example.test" else forwarder.truth)
        return answers(query, ask)

    with forwarding(site.zone.port, failing, failing) as resolver:
        outcome = judge("own-of-failing", resolver=resolver.resolver, timeout="2s")
        assert ("_25._tcp.own-of-failing.example.test", TLSA) not in resolver.questions
    assert outcome.cases["dane.published"].type == "starttls-gate.LookUpFailed", outcome.text
    assert not outcome.having("pass")


def test_a_resolver_without_dnssec_is_an_error(site, judge):
    with forwarding(site.zone.port, forwarder.stripping, forwarder.stripping) as resolver:
        outcome = judge("ee-spki", resolver=resolver.resolver)
    assert outcome.status == 3, outcome.text
    assert not outcome.having("pass", "fail")


def test_a_domain_and_its_servers(site, gate):
    target = {"name": "mail", "mx": "example.test", "protocol": "tls", "tls": "implicit",
              "port": site.ports["good"]}
    outcome = gate(checklist_of(site, [target], [row("published"), row("valid")]))
    verdicts = {name: {case: one.verdict for case, one in cases.items()}
                for name, cases in outcome.suites.items()}
    assert verdicts["mail/mx1.example.test"] == {"dane.published": "pass", "dane.valid": "pass"}
    assert verdicts["mail/mx2.example.test"] == {"dane.published": "pass", "dane.valid": "fail"}


@pytest.mark.parametrize("rows", [[row("published"), row("valid")], [row("valid")]])
def test_a_domain_whose_mx_records_are_not_signed(rows, site, gate):
    target = {"name": "mail", "mx": "unsigned.example.test", "protocol": "tls", "tls": "implicit",
              "port": site.ports["good"]}
    outcome = gate(checklist_of(site, [target], rows))
    cases = outcome.suites["mail/mx1.example.test"]
    assert cases["dane.published"].type == "starttls-gate.MxNotSigned", outcome.text
    assert "unsigned.example.test" in cases["dane.published"].message
    assert cases["dane.valid"].verdict == "skipped"


def test_a_server_without_starttls(site, gate, scripted):
    server = scripted({"EHLO": [send("250-mail.example.test", "250 PIPELINING")]})
    target = {"name": "target", "protocol": "smtp", "tls": "starttls",
              "host": "ee-spki.example.test", "port": server.port}
    rows = [row("published"), row("valid"), row("complete")]
    outcome = gate(checklist_of(site, [target], rows))
    assert outcome.verdicts == {"dane.published": "pass", "starttls.advertised": "fail",
                                "dane.valid": "skipped", "dane.complete": "skipped"}, outcome.text


def test_a_server_that_nobody_reaches(site, gate, scripted):
    server = scripted()
    server.__exit__()
    outcome = gate(checklist_of(site, [target_of("ee-spki.example.test", server.port)],
                                [row("published"), row("valid")]))
    assert outcome.cases["dane.published"].verdict == "pass", outcome.text
    assert outcome.cases["connection.established"].verdict in ("fail", "error"), outcome.text
    assert outcome.cases["dane.valid"].verdict == "skipped", outcome.text


@pytest.mark.parametrize("right", [True, False])
def test_a_handshake_that_breaks_after_the_certificate(right, site, gate, scripted, tmp_path):
    """The server wants a certificate; whether it has its own key was seen before."""
    identity = site.identities["good"]
    if not right:
        identity = Identity(other_key(identity.key, tmp_path / "other.key"), identity.chain)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(identity.chain, identity.key)
    context.load_verify_locations(site.identities["self-signed"].chain)
    context.verify_mode = ssl.CERT_REQUIRED
    server = scripted(context=context)
    target = {"name": "target", "protocol": "smtp", "tls": "starttls",
              "host": "ee-spki.example.test", "port": server.port}
    rows = [{"assert": "tls.handshake"}, row("valid")]
    outcome = gate(checklist_of(site, [target], rows))
    assert outcome.cases["tls.handshake"].verdict == ("fail" if right else "error"), outcome.text
    assert outcome.cases["dane.valid"].verdict == ("pass" if right else "skipped"), outcome.text


@pytest.mark.parametrize("noun", ["valid", "complete", "rollover", "published", "covers_file"])
def test_a_file_and_an_address_have_no_records(noun, site, gate):
    chain = str(site.identities["good"].chain)
    members = {"file": chain} if noun == "covers_file" else {}
    for target in ({"name": "target", "host": HOST, "certificate_file": chain},
                   target_of("127.0.0.1", site.ports["good"])):
        outcome = gate(checklist_of(site, [target], [row(noun, **members)]))
        assert outcome.status == 2, outcome.text


@pytest.fixture(scope="module", name="postfix_of_two")
def fixture_postfix_of_two(site, shared_directory):
    """A Postfix with a certificate of each kind: the usual MX."""
    if os.geteuid() != 0 or not is_available():
        pytest.skip("Postfix and Dovecot are not there, or this is not root")
    directory = shared_directory / "dane"
    directory.mkdir()
    files = []
    for name in ("good", "rsa"):
        for path in (site.identities[name].key, site.identities[name].chain):
            files.append(directory / f"{name}-{path.name}")
            files[-1].write_bytes(path.read_bytes())
    services = {"mx": {"smtpd_tls_chain_files": ",".join(map(str, files))}}
    identity = Identity(files[0], files[1])
    with Postfix(shared_directory / "dane-postfix", identity, services) as server:
        yield server.ports["mx"]


@pytest.mark.parametrize("host, status", [("both", 0), ("ee-spki", 1)])
def test_the_shipped_checklist_of_a_postfix(host, status, postfix_of_two, site, gate):
    text = {"include": ["dane"], "name": "mine", "limits": SHORT_LIMITS,
            "dns": {"resolver": site.zone.resolver, "trust_anchor": str(site.zone.anchor),
                    "timeout": "3s"},
            "targets": [{"name": "mx", "host": f"{host}.example.test", "port": postfix_of_two}]}
    outcome = gate(text)
    assert outcome.status == status, outcome.text
    assert outcome.having("fail") == ([] if status == 0 else ["dane.valid"]), outcome.text
