# SPDX-License-Identifier: GPL-3.0-or-later
"""Every assertion against Postfix with Dovecot's SASL: where it holds and where it does not."""

import shutil
import subprocess

import pytest

import gate as gate_module
from checklists import IMPLICIT, SUBMISSION, checklist, target

USERNAME = gate_module.USERNAME


def row(name, /, **parameters):
    return {"assert": name, **parameters}


def login(name, mechanism, /, **parameters):
    return row(name, mechanism=mechanism, username=USERNAME, **parameters)


def test_a_good_submission_server_passes(gate, postfix, certificates):
    outcome = gate(checklist(postfix.ports["submission"], SUBMISSION, certificates.ca_file))
    assert set(outcome.verdicts.values()) == {"pass"}, outcome.text
    assert len(outcome.cases) == len(SUBMISSION)
    assert outcome.status == 0


def test_a_good_smtps_server_passes(gate, postfix, certificates):
    smtps = target(postfix.ports["smtps"], tls="implicit")
    outcome = gate(checklist(smtps, IMPLICIT, certificates.ca_file))
    assert set(outcome.verdicts.values()) == {"pass"}, outcome.text
    assert outcome.status == 0


def test_a_server_of_one_version_passes(gate, postfix, certificates):
    outcome = gate(checklist(postfix.ports["tls-1.2"], SUBMISSION, certificates.ca_file))
    assert outcome.status == 0, outcome.text


# The assertion, the service where it passes, and the one where it fails.
HOLDS_AND_FAILS = [
    (row("connection.greeting", matches="^mail\\.example\\.test ESMTP"), "submission", None),
    (row("connection.greeting", matches="Exchange"), None, "submission"),
    (row("connection.greeting", code=554), None, "submission"),
    (row("ehlo.accepted"), "submission", None),
    (row("ehlo.includes", capabilities=["STARTTLS", "pipelining"]), "submission", "no-tls"),
    (row("ehlo.includes", capabilities=["PIPELINING", "X-NOT-THERE"]), None, "submission"),
    (row("ehlo.excludes", capabilities=["AUTH"]), "submission", "auth-in-clear"),
    (row("starttls.advertised"), "submission", "no-tls"),
    (row("starttls.accepted"), "submission", None),
    (row("starttls.accepted", code=250), None, "submission"),
    (row("starttls.clean_reply"), "submission", None),
    (row("starttls.not_reoffered"), "submission", None),
    (row("tls.handshake"), "submission", None),
    (row("tls.version", minimum="1.2"), "submission", "old-tls"),
    (row("tls.version", minimum="1.0"), "old-tls", None),
    (row("tls.version", minimum="1.3"), None, "tls-1.2"),
    (row("tls.version", minimum="1.3"), None, "submission"),
    (row("tls.version", maximum="1.2"), "tls-1.2", "submission"),
    (row("tls.cipher", allowed=["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384",
                                "TLS_CHACHA20_POLY1305_SHA256"]), "submission", "tls-1.2"),
    (row("certificate.trusted"), "submission", "foreign"),
    (row("certificate.trusted"), "wildcard", "self-signed"),
    (row("certificate.trusted"), None, "no-intermediate"),
    (row("certificate.trusted"), None, "client-only"),
    (row("certificate.hostname"), "submission", "wrong-host"),
    (row("certificate.hostname"), "wildcard", None),
    (row("certificate.hostname", name="other.example.test"), "wrong-host", "submission"),
    (row("certificate.expiry", days=21), "submission", "expiring"),
    (row("certificate.expiry", days=3), "expiring", "expired"),
    (row("certificate.expiry", days=0), "expiring", "expired"),
    (row("session.ehlo"), "submission", None),
    (row("session.includes", capabilities=["AUTH", "8BITMIME"]), "submission", "mx"),
    (row("session.excludes", capabilities=["AUTH"]), "mx", "submission"),
    (row("session.excludes", capabilities=["STARTTLS"]), "submission", None),
    (row("auth.mechanisms", includes=["PLAIN", "login"]), "submission", "mx"),
    (row("auth.mechanisms", excludes=["CRAM-MD5"]), "submission", None),
    (row("auth.mechanisms", excludes=["LOGIN"]), None, "submission"),
    (row("auth.mechanisms", includes=["SCRAM-SHA-256"]), None, "submission"),
    (row("auth.not_before_tls"), "submission", "auth-in-clear"),
    (login("auth.login", "PLAIN", password="${password}"), "submission", None),
    (login("auth.login", "LOGIN", password="${password}"), "submission", None),
    (login("auth.rejects_wrong_password", "PLAIN"), "submission", None),
    (login("auth.rejects_wrong_password", "LOGIN"), "submission", None),
]


def _cases(index):
    """(assertion, service, verdict) for each service that a row names."""
    return [pytest.param(assertion, service, verdict, id=f"{assertion['assert']}-"
                         + ",".join(str(v) for k, v in assertion.items() if k != "assert")
                         + f"-{service}")
            for assertion, *services in HOLDS_AND_FAILS
            for service, verdict in [(services[index], ("pass", "fail")[index])] if service]


@pytest.mark.parametrize("assertion, service, verdict", _cases(0) + _cases(1))
def test_assertion(assertion, service, verdict, gate, postfix, certificates):
    outcome = gate(checklist(postfix.ports[service], [assertion], certificates.ca_file))
    assert outcome.verdicts == {assertion["assert"]: verdict}, outcome.text
    assert outcome.status == (0 if verdict == "pass" else 1)


def test_a_server_without_auth_fails_for_what_it_does_not_offer(gate, postfix, certificates):
    assertion = login("auth.login", "PLAIN", password="${password}")
    outcome = gate(checklist(postfix.ports["mx"], [assertion], certificates.ca_file))
    assert outcome.verdicts == {"auth.mechanisms": "fail", "auth.login": "skipped"}, outcome.text
    assert "PLAIN" in outcome.cases["auth.mechanisms"].message
    assert outcome.status == 1


def test_a_wrong_password_fails(gate, postfix, certificates):
    assertion = login("auth.login", "PLAIN", password="${password}")
    outcome = gate(checklist(postfix.ports["submission"], [assertion], certificates.ca_file),
                   env={"SMTP_PASSWORD": "something else"})
    assert outcome.verdicts == {"auth.login": "fail"}, outcome.text
    assert outcome.status == 1


def test_a_failure_says_what_was_expected_and_what_was_seen(gate, postfix, certificates):
    outcome = gate(checklist(postfix.ports["wrong-host"], [row("certificate.hostname")],
                             certificates.ca_file))
    case = outcome.cases["certificate.hostname"]
    assert "other.example.test" in case.body
    assert gate_module.HOST in case.body
    for word in ("expected", "observed", "why", "fix", "test.json:"):
        assert word in case.body, case.body


def test_one_session_serves_all_session_assertions(gate, postfix, certificates):
    session = [each for each in SUBMISSION if each["assert"] != "tls.version"]
    before = postfix.connections("submission")
    outcome = gate(checklist(postfix.ports["submission"], session, certificates.ca_file))
    assert outcome.status == 0
    # And questions for certificates that the session has not shown, and for logins before TLS.
    assert postfix.connections("submission") - before == 4


def test_tls_version_adds_a_few_short_connections(gate, postfix, certificates):
    document = checklist(postfix.ports["submission"], SUBMISSION, certificates.ca_file)
    before = postfix.connections("submission")
    gate(document)
    assert 0 < postfix.connections("submission") - before <= 7


class TestShippedChecklists:
    """By name, from a directory that has none of them."""

    def run(self, gate, certificates, name, port, *arguments):
        return gate(name, "--target", f"{gate_module.HOST}:{port}", "--address", "127.0.0.1",
                    "--ca-file", certificates.ca_file, *arguments)

    def test_submission(self, gate, postfix, certificates):
        outcome = self.run(gate, certificates, "submission", postfix.ports["submission"],
                           "--var", f"username={USERNAME}")
        assert outcome.status == 0, outcome.text
        assert set(outcome.verdicts.values()) == {"pass"}, outcome.text

    def test_smtps(self, gate, postfix, certificates):
        outcome = self.run(gate, certificates, "smtps", postfix.ports["smtps"],
                           "--var", f"username={USERNAME}")
        assert outcome.status == 0, outcome.text

    def test_mx(self, gate, postfix, certificates):
        outcome = self.run(gate, certificates, "mx", postfix.ports["mx"])
        assert outcome.status == 0, outcome.text

    @pytest.mark.parametrize("service, carrier", [
        ("no-tls", "starttls.advertised"),
        ("old-tls", "tls.version"),
        ("auth-in-clear", "auth.not_before_tls"),
        ("foreign", "certificate.trusted"),
        ("self-signed", "certificate.trusted"),
        ("wrong-host", "certificate.hostname"),
        ("expired", "certificate.expiry"),
        ("expiring", "certificate.expiry"),
    ])
    def test_submission_stops(self, service, carrier, gate, postfix, certificates):
        outcome = self.run(gate, certificates, "submission", postfix.ports[service],
                           "--var", f"username={USERNAME}")
        failed = outcome.having("fail", "error")
        assert [outcome.cases[name].verdict for name in failed] == ["fail"], outcome.text
        assert failed == [carrier], outcome.text
        assert outcome.status == 1


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not there")
def test_the_old_server_is_as_old_as_this_test_believes(postfix):
    def takes(service):
        command = ["openssl", "s_client", "-tls1", "-cipher", "DEFAULT@SECLEVEL=0", "-starttls",
                   "smtp", "-connect", f"127.0.0.1:{postfix.ports[service]}"]
        run = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=20)
        return run.returncode == 0

    assert takes("old-tls")
    assert not takes("submission")
