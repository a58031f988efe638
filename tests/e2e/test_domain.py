# SPDX-License-Identifier: GPL-3.0-or-later
"""The shipped checklist of a domain, held against one that is in order and what becomes wrong in it."""

import os

import pytest
from checklists import SHORT_LIMITS
from servers import knot
from servers.certificates import Authority
from servers.postfix import Postfix, is_available
from test_certificates import spki_sha256

RECORDS = """\
@ MX 10 mx1
@ MX 20 mx2
mx1 A 127.0.0.1
mx2 A 127.0.0.2
_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@example.test"
@ CAA 0 issue "letsencrypt.org"
"""
# Addresses of loopback are nobody's on the net.
OVERRIDES = {"domain.dns.addresses": {"public": False}}


@pytest.fixture(scope="module", name="lab")
def fixture_lab(shared_directory, tmp_path_factory):
    """A domain of two servers on one Postfix, and the same without DANE."""
    if os.geteuid() != 0 or not is_available():
        pytest.skip("Postfix and Dovecot are not there, or this is not root")
    directory = shared_directory / f"domain-{os.getpid()}"
    root = Authority(directory / "root", "Root of the domain")
    identity = root.issue("domain", ["*.example.test", "*.bare.test"])
    key = spki_sha256(identity).hex()
    tlsa = "".join(f"_25._tcp.{host} TLSA 3 1 1 {key}\n_25._tcp.{host} TLSA 3 1 1 {'ab' * 32}\n"
                   for host in ("mx1", "mx2"))
    zones = {"example.test": (RECORDS + tlsa, True), "bare.test": (RECORDS, False)}
    services = {"mx": {"smtpd_sasl_auth_enable": "no", "smtpd_tls_mandatory_protocols": ">=TLSv1.2",
                       "smtpd_tls_protocols": ">=TLSv1.2"}}
    with (Postfix(directory / "postfix", identity, services,
                  addresses=("127.0.0.1", "127.0.0.2")) as server,
          knot.knot(tmp_path_factory.mktemp("knot") / "server", zones) as zone):
        server.ca_file, server.zone = root.certificate, zone
        yield server


@pytest.fixture(name="run")
def fixture_run(gate, lab):
    def run(domain, *arguments):
        return gate({
            "include": ["domain"], "overrides": OVERRIDES, "limits": SHORT_LIMITS,
            "trust": {"system": False, "ca_file": str(lab.ca_file)},
            "dns": {"resolver": lab.zone.resolver, "trust_anchor": str(lab.zone.anchor)},
            "targets": [{"mx": domain, "port": lab.ports["mx"]}]}, *arguments,
            env={"SSL_CERT_FILE": str(lab.ca_file)})
    return run


def test_a_domain_that_is_in_order(run):
    outcome = run("example.test", "--skip", "mta_sts.*")
    assert outcome.having("fail", "error") == [], outcome.text
    assert list(outcome.suites) == ["example.test", "example.test/mx1.example.test",
                                    "example.test/mx2.example.test"]
    # Of names of loopback nobody is asked.
    assert set(outcome.having("skipped")) <= {"dns.reverse"}, outcome.text
    assert outcome.status == 0


def test_a_domain_without_a_policy(run):
    outcome = run("example.test")
    red = {(suite, name) for suite, cases in outcome.suites.items()
           for name, case in cases.items() if case.verdict in ("fail", "error")}
    assert red == {("example.test", "mta_sts.record")}, outcome.text
    assert outcome.status == 1


def test_a_domain_that_nobody_signs(run):
    outcome = run("bare.test", "--skip", "mta_sts.*")
    red = {(suite, name) for suite, cases in outcome.suites.items()
           for name, case in cases.items() if case.verdict in ("fail", "error")}
    assert red == {("bare.test", "dns.secure"), ("bare.test/mx1.bare.test", "dane.published"),
                   ("bare.test/mx2.bare.test", "dane.published")}, outcome.text
