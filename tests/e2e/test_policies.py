# SPDX-License-Identifier: GPL-3.0-or-later
"""The policies that come with the program, each against servers that keep to it and that do not."""

import json
import re
import xml.etree.ElementTree as ElementTree

import pytest

import gate as gate_module
from checklists import checklist
from servers import knot
from test_certificates import spki_sha256
from test_posture import MODERN, V, context

POLICIES = sorted(path.stem for path in (gate_module.ROOT / "checks" / "policy").glob("*.json"))
MOZILLA_CURVE = "prime256v1"

SERVERS = {
    "tls-1.3": dict(minimum=V.TLSv1_3, curve=MOZILLA_CURVE),
    "intermediate": dict(ciphers="ECDHE+AESGCM:ECDHE+CHACHA20:!AESCCM", minimum=V.TLSv1_2,
                         curve=MOZILLA_CURVE),
    "intermediate-dhe": dict(ciphers="ECDHE+AESGCM:DHE+AESGCM", minimum=V.TLSv1_2,
                             curve=MOZILLA_CURVE, dh=2048, identity="rsa"),
    "gcm": dict(ciphers="ECDHE+AESGCM", minimum=V.TLSv1_2, maximum=V.TLSv1_2,
                curve=MOZILLA_CURVE),
    "cbc": dict(ciphers="ECDHE:!NULL:!aNULL:!SHA1:!CAMELLIA:!ARIA:!CHACHA20:!AESCCM8", minimum=V.TLSv1_2,
                maximum=V.TLSv1_2, curve=MOZILLA_CURVE),
    "sha-1": dict(ciphers=MODERN + ":@SECLEVEL=0", minimum=V.TLSv1_2, curve=MOZILLA_CURVE,
                  identity="rsa"),
    "static-rsa": dict(ciphers="ECDHE+AESGCM:AES256-GCM-SHA384", minimum=V.TLSv1_2,
                       curve=MOZILLA_CURVE, identity="rsa"),
    "rc4-free-old": dict(),
}

# Policy: the servers that keep to it and those that do not, with what of it fails.
CASES = {
    "mozilla-modern-6.0": (["tls-1.3"], {"intermediate": "versions", "rc4-free-old": "ciphers"}),
    "mozilla-intermediate-6.0": (["intermediate"], {
        "intermediate-dhe": "ciphers", "cbc": "ciphers", "gcm": "versions",
        "rc4-free-old": "versions"}),
    "mozilla-intermediate-5.7": (["intermediate", "intermediate-dhe"],
                                 {"static-rsa": "ciphers", "rc4-free-old": "groups"}),
    "ncsc-nl-2025-05": (["intermediate", "tls-1.3", "cbc"], {
        "intermediate-dhe": "dh-size", "static-rsa": "ciphers", "sha-1": "hashes"}),
    "bsi-tr-02102-2-2026": (["gcm", "cbc"], {
        "intermediate": "ciphers", "intermediate-dhe": "dh-size", "sha-1": "hashes"}),
    "rfc9325": (["intermediate", "gcm", "static-rsa", "intermediate-dhe"],
                {"tls-1.3": "versions", "sha-1": "hashes", "rc4-free-old": "versions"}),
    "rfc8996": (["tls-1.3", "intermediate", "static-rsa"], {"rc4-free-old": "versions"}),
    "internet-nl-mail": (["intermediate"], {"static-rsa": "ncsc-nl-2025-05.ciphers"}),
}


def _cases():
    for policy, (kept, broken) in CASES.items():
        yield from ((policy, server, None) for server in kept)
        yield from ((policy, server, what) for server, what in broken.items())


@pytest.fixture(scope="module", name="zone")
def fixture_zone(tmp_path_factory, certificates):
    """Names the host, and the keys of all its certificates."""
    records = "".join(f"_25._tcp.mail TLSA 3 1 1 {spki_sha256(certificates.identities[name]).hex()}\n"
                      for name in ("good", "rsa"))
    with knot.knot(tmp_path_factory.mktemp("knot") / "server",
                   {"example.test": ("mail A 127.0.0.1\n" + records, True)}) as served:
        yield served


@pytest.fixture
def running(scripted, certificates):
    return lambda server: scripted(context=context(certificates, **SERVERS[server]))


def include(policy, port, certificates, **members):
    made = checklist(port, [], certificates.ca_file, include=[f"policy/{policy}"], **members)
    del made["assertions"]
    return made


@pytest.mark.parametrize("policy, server, fails", _cases())
def test_policy(policy, server, fails, gate, running, certificates, zone):
    outcome = gate(include(policy, running(server).port, certificates, dns={
        "resolver": zone.resolver, "trust_anchor": str(zone.anchor)}))
    assert outcome.having("error") == [], outcome
    if fails is None:
        assert outcome.status == 0, outcome
    else:
        name = fails if "." in fails else f"{policy}.{fails}"
        assert outcome.cases[name].verdict == "fail", outcome
        assert outcome.status == 1


def test_every_policy_is_tested():
    assert set(CASES) == set(POLICIES)


@pytest.mark.parametrize("policy", POLICIES)
def test_a_policy_says_where_it_comes_from(policy):
    text = json.loads((gate_module.ROOT / "checks" / "policy" / f"{policy}.json").read_text())
    assert text["name"] == policy and len(text["description"]) > 40
    for assertion in text["assertions"]:
        assert assertion["id"].startswith(policy + "."), assertion
        assert assertion["title"].split()[0] in ("Mozilla", "NCSC-NL", "BSI", "RFC", "Internet.nl")


def test_the_report_names_the_policy(gate, running, certificates):
    outcome = gate(include("rfc8996", running("tls-1.3").port, certificates))
    assert b'"starttls-gate.checklist.includes" value="policy/rfc8996"' in outcome.report, outcome


def test_policies_go_together(gate, running, certificates):
    made = include("rfc8996", running("intermediate").port, certificates)
    made["include"] += ["policy/rfc9325", "policy/mozilla-intermediate-6.0"]
    outcome = gate(made)
    assert outcome.status == 0, outcome


def test_a_policy_runs_by_name(gate, running, certificates):
    port = running("intermediate").port
    outcome = gate("policy/rfc9325", "--target", f"{gate_module.HOST}:{port}", "--address",
                   "127.0.0.1", "--ca-file", certificates.ca_file)
    assert outcome.status == 0, outcome


def test_the_posture_of_a_modern_postfix_takes_few_connections(gate, postfix, certificates):
    made = include("mozilla-intermediate-5.7", postfix.ports["modern"], certificates)
    made["assertions"] = [
        {"assert": "tls.version"}, {"assert": "tls.forward_secrecy"},
        {"assert": "tls.ciphers", "refuses": ["null", "anonymous", "export", "rc4", "3des"]},
        {"assert": "tls.signature_algorithms", "excludes": ["rsa_md5", "rsa_pkcs1_sha1"]}]
    outcome = gate(made)
    assert outcome.having("pass") == list(outcome.cases), outcome
    connections = int(re.search(r"(\d+) connections", outcome.stdout)[1])
    assert connections <= 30


def test_the_full_posture_of_a_modern_postfix(gate, postfix, certificates):
    """Everything there is to ask, of a server that is as it should be, in few connections."""
    outcome = gate("posture", "--target", f"{gate_module.HOST}:{postfix.ports['modern']}", "--address",
                   "127.0.0.1", "--ca-file", certificates.ca_file)
    assert {name for name, case in outcome.cases.items() if case.verdict != "pass"} == set(), outcome
    assert len(outcome.cases) > 35
    suite = ElementTree.fromstring(outcome.report).find("testsuite")
    properties = {row.get("name"): row.get("value") for row in suite.iter("property")}
    assert int(properties["starttls-gate.connections"]) <= 32
