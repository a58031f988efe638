# SPDX-License-Identifier: GPL-3.0-or-later
"""mta_sts.certificate: what senders make of a mail server's certificate, whomever the checklist trusts."""

import pathlib

import pytest
from checklists import SHORT_LIMITS, checklist, target
from gate import HOST
from servers import knot
from servers.scripted import send

ROW = "mta_sts.certificate"
ROWS = [{"assert": ROW}, {"assert": "certificate.trusted"}]


@pytest.fixture(name="run")
def fixture_run(gate, certificates):
    """`public`: whom everybody trusts, `private`: whom the checklist does."""
    def run(port, rows=None, public=None, private=None, **members):
        document = checklist(target(port, **members), rows or [{"assert": ROW}],
                             private or certificates.ca_file)
        return gate(document, env={"SSL_CERT_FILE": str(public or certificates.ca_file)})
    return run


def expect(outcome, verdict, kind=None, name=ROW):
    case = outcome.cases[name]
    assert (case.verdict, case.type) == (verdict, kind and f"starttls-gate.{kind}"), outcome.text
    return case


@pytest.mark.parametrize("service", ["submission", "wildcard", "mx"])
def test_postfix_with_a_certificate_of_everybodys(service, run, postfix):
    expect(run(postfix.ports[service]), "pass")


@pytest.mark.parametrize("service, kind, owner", [
    ("expired", "OutOfDates", "certificate.expiry"),
    ("not-yet-valid", "OutOfDates", "certificate.expiry"),
    ("wrong-host", "HostnameMismatch", "certificate.hostname"),
    ("foreign", "NotPubliclyTrusted", "certificate.trusted"),
    ("self-signed", "NotPubliclyTrusted", "certificate.trusted"),
    ("no-intermediate", "NotPubliclyTrusted", "certificate.trusted")])
def test_postfix_whose_certificate_nobody_takes(service, kind, owner, run, postfix):
    """Where the checklist does not take it either, that is told once, as its own matter."""
    outcome = run(postfix.ports[service])
    assert outcome.verdicts == {owner: "fail", ROW: "skipped"}, outcome.text


def test_an_authority_of_ones_own_is_none_to_senders(run, postfix, certificates):
    outcome = run(postfix.ports["foreign"], ROWS, private=certificates.foreign_ca_file)
    expect(outcome, "pass", name="certificate.trusted")
    case = expect(outcome, "fail", "NotPubliclyTrusted")
    assert "authorities that the public trusts" in case.message
    assert outcome.status == 1


def test_the_public_trusts_what_the_checklist_does_not(run, postfix, certificates):
    outcome = run(postfix.ports["submission"], ROWS, private=certificates.foreign_ca_file)
    expect(outcome, "pass")
    expect(outcome, "fail", "IssuerMissing", "certificate.trusted")


def test_a_name_of_the_servers_that_is_not_the_hosts(run, scripted, certificates):
    """It is the host of the MX record that counts, not what SNI asks for."""
    server = scripted(context=certificates.context("wrong-host"))
    outcome = run(server.port, server_name="other.example.test")
    assert outcome.verdicts == {"certificate.hostname": "fail", ROW: "skipped"}, outcome.text


def test_each_certificate_is_judged(run, scripted, certificates):
    context = certificates.context("good")
    foreign = certificates.identities["foreign-rsa"]
    context.load_cert_chain(foreign.chain, foreign.key)
    both = pathlib.Path(certificates.ca_file).parent / "both.pem"
    both.write_text(pathlib.Path(certificates.ca_file).read_text() +
                    pathlib.Path(certificates.foreign_ca_file).read_text())
    outcome = run(scripted(context=context).port, ROWS, private=both)
    expect(outcome, "pass", name="certificate.trusted")
    assert "RSA certificate" in expect(outcome, "fail", "NotPubliclyTrusted").message


def test_without_starttls_it_is_told_once(run, postfix):
    outcome = run(postfix.ports["no-tls"])
    assert outcome.verdicts == {"starttls.advertised": "fail", ROW: "skipped"}, outcome.text


@pytest.mark.parametrize("stages, verdicts", [
    ({"STARTTLS": [send("454 no")]}, {"starttls.accepted": "fail", ROW: "skipped"}),
    ({"banner": []}, {"connection.greeting": "error", ROW: "skipped"})])
def test_a_server_that_comes_to_no_handshake(stages, verdicts, run, scripted):
    assert run(scripted(stages).port).verdicts == verdicts


@pytest.mark.parametrize("members, why", [
    ({"tls": "implicit"}, "TLS starts with the first byte"), ({"protocol": "lmtp"}, "LMTP"),
    ({"host": "127.0.0.1"}, "is an address"), ({"host": "::1", "address": "::1"}, "is an address")])
def test_targets_that_senders_do_not_take_mail_to(members, why, run):
    outcome = run(2525, **members)
    assert outcome.status == 2 and why in outcome.stderr, outcome.text


def test_a_certificate_that_no_server_has_yet(gate, certificates):
    """Before it is deployed, from its file."""
    def verdicts(identity, ca_file):
        chain = certificates.identities[identity].chain
        return gate({"trust": {"system": False, "ca_file": str(certificates.foreign_ca_file)},
                     "targets": [{"name": "file", "host": HOST, "certificate_file": str(chain)}],
                     "assertions": [{"assert": ROW}]}, env={"SSL_CERT_FILE": str(ca_file)}).verdicts
    assert verdicts("good", certificates.ca_file) == {ROW: "pass"}
    assert verdicts("foreign", certificates.ca_file) == {ROW: "fail"}


def test_the_mail_servers_of_a_domain_are_judged_one_by_one(gate, scripted, certificates, tmp_path):
    """Of two hosts at one address, the certificate names one."""
    zones = {"example.test": (f"@ MX 10 {HOST}.\n@ MX 20 mx2\nmail A 127.0.0.1\nmx2 A 127.0.0.1\n",
                              True)}
    server = scripted()
    with knot.knot(tmp_path / "knot", zones) as zone:
        outcome = gate({
            "dns": {"resolver": zone.resolver, "trust_anchor": str(zone.anchor)},
            "trust": {"system": False, "ca_file": str(certificates.ca_file)},
            "limits": SHORT_LIMITS,
            "targets": [{"name": "d", "mx": "example.test", "port": server.port, "tls": "starttls"}],
            "assertions": [{"assert": ROW}]}, env={"SSL_CERT_FILE": str(certificates.ca_file)})
    assert {name: {row: case.verdict for row, case in suite.items()}
            for name, suite in outcome.suites.items()} == {
        f"d/{HOST}": {ROW: "pass"},
        "d/mx2.example.test": {"certificate.hostname": "fail", ROW: "skipped"}}, outcome.text
