# SPDX-License-Identifier: GPL-3.0-or-later
"""Configurations of OpenSSL, Postfix, Exim and HAProxy that are met in the field, each with what
is true of it."""

import contextlib
import os
import time

import pytest

from checklists import checklist, target
from gate import HOST, ROOT
from servers import exim, haproxy
from servers.hellos import PROTOCOL_VERSION, TLS12, alert, answering, record, server_hello
from servers.openssl import openssl_server
from servers.postfix import Postfix, is_available
from servers.relay import relay
from servers.scripted import ScriptedServer, close, handshake, send

LIMITS = {"connect_timeout": "5s", "reply_timeout": "5s", "deadline": "25s"}


def row(name, /, **parameters):
    return {"id": " ".join([name, *map(str, parameters.values())]), "assert": name, **parameters}


def run(gate, certificates, where, rows, **limits):
    return gate(checklist(where, rows, certificates.ca_file, {**LIMITS, **limits}))


def implicit(port):
    return target(port, tls="implicit")


# OpenSSL's s_server: the identity, its options, the assertion and its verdict.
OPENSSL = [
    # The order of groups is the server's, and the certificate's curve is not the first of it.
    ("good", "-tls1_2 -groups P-521:P-384:X25519:P-256 -serverpref",
     row("tls.groups", includes=["x25519"]), "pass"),
    ("good", "-tls1_2 -groups P-521:P-384:X25519:P-256 -serverpref",
     row("tls.groups", includes=["secp256r1", "secp521r1"]), "pass"),
    ("good", "-tls1_2 -groups P-521:P-384:P-256 -serverpref",
     row("tls.groups", includes=["x25519"]), "fail"),
    ("p384", "-tls1_2 -groups P-256:secp224r1:P-384 -serverpref",
     row("tls.groups", excludes=["secp224r1"]), "fail"),
    ("p384", "-tls1_2 -groups P-256:secp224r1:P-384 -serverpref",
     row("tls.groups", only=["secp256r1", "secp384r1"]), "fail"),
    ("p384", "-tls1_2 -groups P-256:P-384 -serverpref",
     row("tls.groups", only=["secp256r1", "secp384r1"]), "pass"),
    ("p384", "-tls1_2 -groups P-256:X448:P-384 -serverpref",
     row("tls.groups", excludes=["x448"]), "fail"),
    ("rsa", "-tls1_2 -groups P-256:secp224r1 -serverpref",
     row("tls.groups", excludes=["secp224r1"]), "fail"),
    # TLS 1.2 with suites that are far down any list of suites.
    *((identity, f"-tls1_2 -cipher {suite}:@SECLEVEL=0", assertion, "fail")
      for identity, suite in (("good", "ECDHE-ECDSA-AES128-CCM8"),
                              ("good", "ECDHE-ECDSA-ARIA128-GCM-SHA256"),
                              ("rsa", "ARIA128-GCM-SHA256"), ("rsa", "AES128-CCM8"))
      for assertion in (row("tls.versions", refuses=["1.2"]), row("tls.version", minimum="1.3"))),
    *(("good", f"-tls1_2 -cipher {suite}:@SECLEVEL=0", row("tls.versions", accepts=["1.2"]),
       "pass")
      for suite in ("ECDHE-ECDSA-AES128-CCM8", "ECDHE-ECDSA-ARIA128-GCM-SHA256")),
    # One suite alone.
    *((identity, options, assertion, "pass")
      for identity, options in (("good", "-tls1_2 -cipher ECDHE-ECDSA-CHACHA20-POLY1305"),
                                ("good", "-tls1_2 -cipher ECDHE-ECDSA-AES128-CCM"),
                                ("good", "-tls1_3 -ciphersuites TLS_CHACHA20_POLY1305_SHA256"),
                                ("good", "-tls1_3 -ciphersuites TLS_AES_128_CCM_SHA256"),
                                ("good", "-tls1_3 -ciphersuites TLS_AES_128_CCM_8_SHA256 "
                                         "-cipher DEFAULT:@SECLEVEL=0"))
      for assertion in (row("certificate.trusted"), row("certificate.hostname"),
                        row("vulnerability.heartbleed"), row("vulnerability.ccs_injection"),
                        row("tls.compression_disabled"))),
    ("good", "-tls1_3 -record_padding 64", row("tls.handshake"), "pass"),
    ("good", "-tls1_3 -record_padding 64", row("certificate.trusted"), "pass"),
    # It rejects a client without a certificate, in TLS 1.3 behind its own Finished.
    ("good", "-tls1_3 -Verify 1 -verify_return_error", row("tls.handshake"), "fail"),
    ("good", "-tls1_2 -Verify 1 -verify_return_error", row("tls.handshake"), "fail"),
    ("p384", "-tls1_3", row("tls.signature_algorithms", includes=["ecdsa_secp384r1_sha384"]),
     "pass"),
    ("p384", "-tls1_3", row("tls.signature_algorithms", includes=["ecdsa_secp256r1_sha256"]),
     "fail"),
]


@pytest.mark.parametrize("identity, options, assertion, verdict", OPENSSL,
                         ids=[f"{row[0]} {row[1]}: {row[2]['id']}" for row in OPENSSL])
def test_openssl(identity, options, assertion, verdict, gate, certificates):
    with openssl_server(certificates.identities[identity], *options.split()) as port:
        outcome = run(gate, certificates, implicit(port), [assertion])
    assert outcome.verdicts == {assertion["id"]: verdict}, outcome.text


CERTIFICATES = [row("certificate.trusted"), row("certificate.hostname"), row("certificate.expiry"),
                row("certificate.key")]


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
@pytest.mark.parametrize("first, second, failing, kind", [
    ("good", "expired-rsa", "certificate.expiry", "RSA"),
    ("rsa", "expired", "certificate.expiry", "ECDSA"),
    ("expired-rsa", "good", "certificate.expiry", "RSA"),
    ("good", "foreign-rsa", "certificate.trusted", "RSA"),
    ("rsa", "wrong-host", "certificate.hostname", "ECDSA")])
def test_each_of_two_certificates_is_judged(first, second, failing, kind, version, gate,
                                            certificates):
    other = certificates.identities[second]
    options = ["-dcert", other.chain, "-dkey", other.key, "-dcert_chain", other.chain]
    with openssl_server(certificates.identities[first], version, *options) as port:
        outcome = run(gate, certificates, implicit(port), CERTIFICATES)
    assert outcome.having("fail") == [failing], outcome.text
    assert kind in outcome.cases[failing].message + outcome.cases[failing].body, outcome.text


def test_two_good_certificates_pass(gate, certificates):
    other = certificates.identities["rsa"]
    options = ["-dcert", other.chain, "-dkey", other.key, "-dcert_chain", other.chain]
    with openssl_server(certificates.identities["good"], *options) as port:
        outcome = run(gate, certificates, implicit(port), CERTIFICATES)
    assert set(outcome.verdicts.values()) == {"pass"}, outcome.text


POSTURE = [
    row("tls.handshake"),
    row("tls.versions", accepts=["1.2"], refuses=["ssl2", "ssl3", "1.0", "1.1"]),
    row("tls.ciphers", refuses=["null", "export", "des", "3des", "rc4"]),
    row("tls.compression_disabled"),
    row("tls.secure_renegotiation"),
    *(row(f"vulnerability.{name}") for name in (
        "poodle", "beast", "sweet32", "rc4", "freak", "heartbleed", "ccs_injection", "robot")),
    row("certificate.trusted"),
    row("certificate.hostname"),
    row("session.ehlo"),
]
PLAINTEXT = [row("starttls.advertised"), row("starttls.no_injection"),
             row("starttls.clean_reply")]


@pytest.fixture(scope="module")
def field_postfix(shared_directory, certificates):
    """A Postfix as administrators have set it up; see its `services`."""
    if os.geteuid() != 0 or not is_available():
        pytest.skip("Postfix and Dovecot are not there, or this is not root")
    tls12 = {"smtpd_tls_security_level": "may", "smtpd_tls_protocols": "TLSv1.2",
             "tls_preempt_cipherlist": "yes"}
    services = {
        "own-groups": {**tls12, "tls_eecdh_auto_curves": "prime256v1,X25519"},
        "anonymous": {**tls12, "smtpd_tls_exclude_ciphers": "",
                      "tls_medium_cipherlist": "aNULL:ECDHE+AESGCM:!eNULL"},
        "few-sessions": {"smtpd_tls_security_level": "may",
                         "smtpd_client_new_tls_session_rate_limit": "6"},
        "few-connections": {"smtpd_tls_security_level": "may",
                            "smtpd_client_connection_rate_limit": "6"},
        "proxied": {"smtpd_upstream_proxy_protocol": "haproxy",
                    "smtpd_upstream_proxy_timeout": "30s"},
        "postscreen": {"smtpd_tls_security_level": "may"},
    }
    settings = {"anvil_rate_time_unit": "2s", "postscreen_greet_wait": "3s",
                "postscreen_cache_map": "btree:$data_directory/postscreen_cache"}
    with Postfix(shared_directory / "field-postfix", certificates.identities["good"], services,
                 settings=settings) as server:
        yield server


def test_postfix_with_an_order_of_groups(gate, certificates, field_postfix):
    outcome = run(gate, certificates, field_postfix.ports["own-groups"],
                  [row("tls.groups", includes=["x25519", "secp256r1"]),
                   row("tls.groups", excludes=["secp384r1"])])
    assert set(outcome.verdicts.values()) == {"pass"}, outcome.text


def test_postfix_that_prefers_anonymous_suites(gate, certificates, field_postfix):
    rows = [*POSTURE, row("tls.ciphers", refuses=["anonymous"])]
    outcome = run(gate, certificates, field_postfix.ports["anonymous"], rows)
    assert outcome.having("fail") == [rows[-1]["id"]], outcome.text
    assert outcome.having("error", "skipped") == [], outcome.text


@pytest.mark.parametrize("service", ["few-sessions", "few-connections"])
def test_postfix_that_limits_its_clients(service, gate, certificates, field_postfix):
    """454 to STARTTLS, or 421 instead of a greeting; after two seconds it has forgotten."""
    outcome = run(gate, certificates, field_postfix.ports[service], POSTURE, deadline="60s")
    assert set(outcome.verdicts.values()) == {"pass"}, outcome.text


def test_postfix_behind_a_proxy(gate, certificates, field_postfix):
    """It says nothing before it has seen the header of a proxy, and that is what to tell."""
    outcome = run(gate, certificates, field_postfix.ports["proxied"],
                  [row("connection.greeting")], reply_timeout="2s")
    assert outcome.verdicts == {"connection.greeting": "error"}, outcome.text
    assert "PROXY" in outcome.text, outcome.text


def test_postscreen(gate, certificates, field_postfix):
    """It lets a client wait, and disconnects it once before it takes mail."""
    begin = time.monotonic()
    outcome = run(gate, certificates, field_postfix.ports["postscreen"], POSTURE + PLAINTEXT)
    assert set(outcome.verdicts.values()) == {"pass"}, outcome.text
    assert time.monotonic() - begin < 20


PRIORITY = "NORMAL:-VERS-TLS1.0:-VERS-TLS1.1"
EXIM_LIMIT = """
acl_smtp_connect = check_connect
begin acl
check_connect:
  {verb} ratelimit = 6 / 2s / per_conn / leaky
         message = too fast
  accept
"""


@pytest.fixture
def field_exim(shared_directory, certificates, tmp_path_factory):
    root = exim.unpacked(ROOT / "build" / "exim")
    if root is None:
        pytest.skip("Exim's package cannot be downloaded, or this is not root")
    with contextlib.ExitStack() as stack:
        def start(more=""):
            directory = shared_directory / tmp_path_factory.mktemp("exim").name
            return stack.enter_context(exim.exim(
                root, directory, certificates.identities["good"], PRIORITY, more))
        yield start


def test_exim_refuses_to_renegotiate(gate, certificates, field_exim):
    """It says so in plaintext, inside of TLS: 421 lost input connection."""
    rows = [row("tls.client_renegotiation_refused"), row("tls.handshake")]
    outcome = run(gate, certificates, field_exim(), rows)
    assert set(outcome.verdicts.values()) == {"pass"}, outcome.text


def test_exim_as_it_comes(gate, certificates, field_exim):
    outcome = run(gate, certificates, field_exim(),
                  POSTURE + PLAINTEXT + [row("starttls.forgets_state"),
                                         row("tls.client_renegotiation_refused"),
                                         row("tls.session_resumption", expected="refused"),
                                         row("tls.early_data_disabled")])
    assert set(outcome.verdicts.values()) == {"pass"}, outcome.text


@pytest.mark.parametrize("verb", ["defer", "deny"])
def test_exim_that_limits_its_clients(verb, gate, certificates, field_exim):
    """451 or 550 instead of a greeting."""
    port = field_exim(EXIM_LIMIT.format(verb=verb))
    outcome = run(gate, certificates, port, POSTURE, deadline="60s")
    assert set(outcome.verdicts.values()) == {"pass"}, outcome.text


@pytest.fixture
def field_haproxy(tmp_path):
    if not haproxy.is_available():
        pytest.skip("HAProxy is not there")
    with contextlib.ExitStack() as stack:
        yield lambda listener: stack.enter_context(
            haproxy.haproxy(tmp_path / "haproxy", {"one": listener}))["one"]


# Without a word, before the greeting.
TOO_FAST = ["stick-table type ip size 100 expire 10s store conn_rate(2s)",
            "tcp-request connection track-sc0 src",
            "tcp-request connection reject if { sc_conn_rate(0) gt 6 }"]


def test_haproxy_that_limits_its_clients(gate, certificates, postfix, field_haproxy):
    port = field_haproxy(haproxy.Listener(postfix.ports["submission"], options=TOO_FAST))
    outcome = run(gate, certificates, port, POSTURE, deadline="60s")
    assert set(outcome.verdicts.values()) == {"pass"}, outcome.text


def test_haproxy_that_ends_tls(gate, certificates, scripted, tmp_path, field_haproxy):
    backend = scripted().port
    bind = haproxy.terminating(tmp_path / "haproxy", certificates.identities["good"])
    port = field_haproxy(haproxy.Listener(backend, bind))
    outcome = run(gate, certificates, implicit(port),
                  POSTURE + [row("tls.client_renegotiation_refused"),
                             row("tls.session_resumption", expected="resumed"),
                             row("tls.early_data_disabled")])
    assert set(outcome.verdicts.values()) == {"pass"}, outcome.text


def test_haproxy_in_front_of_a_proxied_server_passes(gate, certificates, field_postfix,
                                                     field_haproxy):
    port = field_haproxy(haproxy.Listener(field_postfix.ports["proxied"], server="send-proxy"))
    outcome = run(gate, certificates, port, [row("connection.greeting"), row("tls.handshake")])
    assert set(outcome.verdicts.values()) == {"pass"}, outcome.text


@pytest.mark.parametrize("greets", [True, False])
def test_a_proxy_that_greets_again_injects_nothing(greets, gate, certificates, scripted,
                                                   javascript_server):
    """Behind its own STARTTLS it hands on to a port with implicit TLS, greeting and all."""
    inside = javascript_server("node", "implicit" if greets else "inside")
    port = scripted({"STARTTLS": [send("220 2.0.0 go ahead"), relay(inside)]}).port
    outcome = run(gate, certificates, port, [row("starttls.no_injection")])
    assert outcome.verdicts == {"starttls.no_injection": "pass"}, outcome.text


ECDHE_ECDSA = 0xc02b


def bearssl(hello):
    """Takes TLS 1.2, and refuses what is older before it has settled on a version: 0.0."""
    if TLS12 in hello.versions and ECDHE_ECDSA in hello.suites:
        return server_hello(TLS12, ECDHE_ECDSA)
    return record(21, 0, bytes([2, PROTOCOL_VERSION]))


def test_an_alert_of_version_0_is_an_alert(gate, certificates, scripted):
    rows = [row("tls.versions", refuses=["ssl3", "1.0", "1.1"]), row("vulnerability.poodle"),
            row("vulnerability.beast")]
    server = scripted(implicit=[answering(bearssl)])
    outcome = run(gate, certificates, implicit(server.port), rows)
    assert set(outcome.verdicts.values()) == {"pass"}, outcome.text


def test_no_group_is_refused_where_every_hello_is(gate, certificates, scripted):
    rows = [row("tls.groups", includes=["x25519"]), row("tls.groups", excludes=["secp192r1"]),
            row("tls.groups", only=["secp256r1"])]
    server = scripted(implicit=[answering(lambda hello: alert())])
    outcome = run(gate, certificates, implicit(server.port), rows)
    assert outcome.having("pass", "fail") == [], outcome.text
    assert outcome.status == 3, outcome.text


# Defences, as servers with a bucket of connections show them; and a server without any.
FAREWELLS = {
    "421": [send("421 4.7.0 too many connections"), close],
    "450": [send("450 4.7.1 try again later"), close],
    "451": [send("451 4.3.2 please slow down"), close],
    "550": [send("550 5.7.1 rate limit exceeded"), close],
    "closes": [close],
}
PER_SECOND = 5


class Bucket:
    """Step by step, on its way to the greeting or the handshake: so many a second."""

    def __init__(self, then, otherwise):
        self.then, self.otherwise = then, otherwise
        self.taken = []

    def __call__(self, conversation):
        now = time.monotonic()
        self.taken = [moment for moment in self.taken if now - moment < 1]
        full = len(self.taken) >= PER_SECOND
        if not full:
            self.taken.append(now)
        conversation.run(self.otherwise if full else self.then)


@pytest.mark.parametrize("farewell", FAREWELLS.values(), ids=FAREWELLS)
def test_a_server_that_slows_clients_down_is_waited_for(farewell, gate, certificates, scripted):
    server = scripted({"banner": [Bucket([send(f"220 {HOST} ESMTP")], farewell)]})
    outcome = run(gate, certificates, server.port, POSTURE, deadline="60s")
    assert set(outcome.verdicts.values()) == {"pass"}, outcome.text


def test_a_server_that_slows_tls_down_is_waited_for(gate, certificates):
    context = certificates.context()
    step = Bucket([send("220 go"), handshake(context)], [send("454 4.7.0 try again later")])
    with ScriptedServer(context, {"STARTTLS": [step]}) as server:
        outcome = run(gate, certificates, server.port, POSTURE, deadline="60s")
    assert set(outcome.verdicts.values()) == {"pass"}, outcome.text
