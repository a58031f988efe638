# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS libraries that no package of the system has: OpenSSL 1.0.1 with all its faults, rustls; and
the Node.js of the system."""

import pytest

from checklists import checklist, target
from servers.relay import relay
from servers.scripted import send

LIMITS = {"connect_timeout": "5s", "reply_timeout": "5s", "deadline": "25s"}


def row(name, /, **parameters):
    return {"id": " ".join([name, *map(str, parameters.values())]), "assert": name, **parameters}


def run(gate, certificates, port, tls, rows, **limits):
    return gate(checklist(target(port, tls=tls), rows, certificates.ca_file,
                          {**LIMITS, **limits}))


# What OpenSSL 1.0.1g takes when it is asked for all of it.
OLD_FAILS = [
    *(row("tls.versions", refuses=[version]) for version in ("ssl2", "ssl3", "1.0", "1.1")),
    row("tls.version", minimum="1.2"),
    *(row("tls.ciphers", refuses=[name])
      for name in ("null", "des", "3des", "rc4", "static-rsa", "cbc")),
    row("tls.forward_secrecy"),
    row("tls.fallback_scsv"),
    row("tls.extended_master_secret"),
    *(row(f"vulnerability.{name}") for name in (
        "ccs_injection", "drown", "poodle", "beast", "sweet32", "rc4")),
]
# Suites for export need a key of 512 bits, which this server has not.
OLD_PASSES = [
    row("tls.versions", accepts=["1.2"], refuses=["1.3"]),
    row("tls.secure_renegotiation"),
    row("tls.compression_disabled"),
    row("tls.ciphers", refuses=["export"]),
    *(row(f"vulnerability.{name}") for name in ("heartbleed", "logjam", "crime", "freak")),
]
EVERYTHING = "ALL:eNULL"


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_openssl_1_0_1_is_as_bad_as_it_is(tls, gate, certificates, javascript_server):
    port = javascript_server("node_0_10", tls, "rsa", EVERYTHING)
    outcome = run(gate, certificates, port, tls, OLD_FAILS + OLD_PASSES)
    assert outcome.having("fail") == [each["id"] for each in OLD_FAILS], outcome.text
    assert outcome.having("error", "skipped") == [], outcome.text


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_a_key_for_export(tls, gate, certificates, javascript_server):
    port = javascript_server("node_0_10", tls, "rsa-512", EVERYTHING)
    rows = [row("tls.ciphers", refuses=["export"]), row("vulnerability.freak")]
    outcome = run(gate, certificates, port, tls, rows)
    assert outcome.having("fail") == [each["id"] for each in rows], outcome.text


# With RC4 the second ChangeCipherSpec is answered with alert 50 instead of a close.
@pytest.mark.parametrize("ciphers", ["AES128-GCM-SHA256", "AES256-SHA", "DES-CBC3-SHA", "RC4-SHA",
                                     "NULL-SHA", "CAMELLIA128-SHA", EVERYTHING])
@pytest.mark.parametrize("tls", ["implicit", "starttls"])
@pytest.mark.parametrize("engine, verdict", [("node_0_10", "fail"), ("node_0_10_29", "pass")])
def test_ccs_injection(engine, verdict, tls, ciphers, gate, certificates, javascript_server):
    name = "vulnerability.ccs_injection"
    port = javascript_server(engine, tls, "rsa", ciphers)
    outcome = run(gate, certificates, port, tls, [{"assert": name}], reply_timeout="2s")
    assert outcome.verdicts == {name: verdict}, outcome.text


@pytest.mark.parametrize("ciphers", ["AES128-GCM-SHA256", "RC4-SHA"])
def test_robot_finds_nothing_in_openssl(ciphers, gate, certificates, javascript_server):
    port = javascript_server("node_0_10", "starttls", "rsa", ciphers)
    outcome = run(gate, certificates, port, "starttls", [row("vulnerability.robot")],
                  reply_timeout="2s")
    assert outcome.verdicts == {"vulnerability.robot": "pass"}, outcome.text


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_certificates_are_judged_where_the_session_finds_no_suite(tls, gate, certificates,
                                                                   javascript_server):
    """It has RSA key exchange alone and closes without an alert: nothing proves the key, but what
    is wrong is wrong."""
    port = javascript_server("node_0_10", tls, "expired-rsa", "AES128-SHA")
    rows = [row("certificate.expiry"), row("certificate.hostname", name="elsewhere.example.test")]
    outcome = run(gate, certificates, port, tls, rows)
    assert set(outcome.having("fail")) >= {each["id"] for each in rows}, outcome.text
    assert outcome.status == 1, outcome.text


MODERN = [
    row("tls.handshake"),
    row("session.ehlo"),
    row("tls.versions", accepts=["1.2", "1.3"], refuses=["ssl2", "ssl3", "1.0", "1.1"]),
    row("tls.ciphers", refuses=["null", "anonymous", "export", "des", "3des", "rc4"]),
    row("tls.groups", includes=["x25519", "secp256r1"]),
    row("tls.dh_size"),
    row("tls.compression_disabled"),
    row("tls.secure_renegotiation"),
    row("tls.extended_master_secret"),
    row("tls.early_data_disabled"),
    row("tls.session_resumption", expected="resumed"),
    *(row(f"vulnerability.{name}") for name in (
        "poodle", "beast", "sweet32", "rc4", "freak", "logjam", "drown", "heartbleed",
        "ccs_injection", "robot", "ticketbleed", "crime")),
    row("certificate.trusted"),
    row("certificate.hostname"),
    row("certificate.expiry"),
]
IN_PLAINTEXT = [row("starttls.advertised"), row("starttls.no_injection"),
                row("starttls.forgets_state"), row("starttls.clean_reply"),
                row("starttls.not_reoffered")]
NODE_RENEGOTIATES = [row("tls.client_renegotiation_refused")]  # three times in ten minutes


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
@pytest.mark.parametrize("identity", ["good", "rsa"])
def test_the_node_of_the_system(identity, tls, gate, certificates, javascript_server):
    port = javascript_server("node", tls, identity)
    rows = MODERN + (IN_PLAINTEXT if tls == "starttls" else [])
    outcome = run(gate, certificates, port, tls, rows + NODE_RENEGOTIATES)
    assert outcome.having("fail") == ["tls.client_renegotiation_refused"], outcome.text
    assert outcome.having("error", "skipped") == [], outcome.text


# rustls refuses to renegotiate, and knows nothing of what came before TLS 1.2. The nonces of its tickets
# are longer than our TLS library can resume with.
UNRESUMED = "tls.session_resumption resumed"
RUSTLS = [*(each for each in MODERN if each["id"] != UNRESUMED), row("tls.forward_secrecy"), *NODE_RENEGOTIATES,
          row("tls.ciphers", refuses=["cbc", "static-rsa"])]


@pytest.mark.parametrize("identity", ["good", "rsa"])
def test_rustls(identity, gate, certificates, javascript_server):
    port = javascript_server("deno", "implicit", identity)
    outcome = run(gate, certificates, port, "implicit", RUSTLS)
    assert outcome.having("fail", "error", "skipped") == [], outcome.text


@pytest.fixture
def behind_starttls(scripted, javascript_server):
    """Deno's TLS behind a STARTTLS that it does not know itself."""
    def start(mode, **stages):
        port = javascript_server("deno", mode)
        return scripted({"STARTTLS": [send("220 2.0.0 go ahead"), relay(port)], **stages}).port
    return start


def test_rustls_behind_starttls(gate, certificates, behind_starttls):
    refused = [send("530 5.7.0 Must issue a STARTTLS command first")]
    port = behind_starttls("inside", MAIL=refused)
    outcome = run(gate, certificates, port, "starttls", RUSTLS + IN_PLAINTEXT)
    assert outcome.having("fail", "error", "skipped") == [], outcome.text


@pytest.mark.parametrize("name", ["session.ehlo", "tls.handshake"])
def test_rustls_has_what_each_needs_alone(name, gate, certificates, javascript_server):
    port = javascript_server("deno", "implicit")
    outcome = run(gate, certificates, port, "implicit", [row(name)])
    assert outcome.status == 0, outcome.text


@pytest.mark.parametrize("expected", ["resumed", "refused"])
def test_what_is_not_known_of_rustls(expected, gate, certificates, javascript_server):
    port = javascript_server("deno", "implicit")
    rows = [row("tls.session_resumption", expected=expected)]
    outcome = run(gate, certificates, port, "implicit", rows)
    assert outcome.having("error") == [rows[0]["id"]], outcome.text


def test_an_untrusted_rustls_is_told_so(gate, certificates, javascript_server):
    port = javascript_server("deno", "implicit", "foreign")
    outcome = run(gate, certificates, port, "implicit", [row("certificate.trusted")])
    assert outcome.having("fail") == ["certificate.trusted"], outcome.text
    assert outcome.status == 1, outcome.text
