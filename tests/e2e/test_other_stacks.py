# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS libraries and mail servers of the system beside OpenSSL and GnuTLS: mbedTLS, NSS, wolfSSL,
Botan and BearSSL, and chasquid with Go's, all as they come."""

import contextlib
import pathlib

import pytest

from checklists import checklist, target
from gate import ROOT
from servers import bearssl, botan, chasquid, lighttpd

LIMITS = {"connect_timeout": "5s", "reply_timeout": "3s", "deadline": "25s"}


def row(name, /, **parameters):
    return {"id": " ".join([name, *map(str, parameters.values())]), "assert": name, **parameters}


# What needs no word of SMTP.
TLS = [
    row("tls.handshake"),
    row("tls.version", minimum="1.2"),
    row("tls.versions", accepts=["1.2"], refuses=["ssl2", "ssl3", "1.0", "1.1"]),
    row("tls.ciphers", refuses=["null", "anonymous", "export", "des", "3des", "rc4"]),
    row("tls.groups", includes=["secp256r1"]),
    row("tls.groups", includes=["x25519"]),
    row("tls.groups", excludes=["sect163r2", "sect283k1"]),
    row("tls.dh_size"),
    row("tls.compression_disabled"),
    row("tls.secure_renegotiation"),
    row("tls.extended_master_secret"),
    row("tls.fallback_scsv"),
    row("tls.signature_algorithms", excludes=["rsa_md5", "rsa_pkcs1_sha1"]),
    *(row(f"vulnerability.{name}") for name in (
        "poodle", "beast", "sweet32", "rc4", "freak", "logjam", "drown", "heartbleed",
        "ccs_injection", "robot", "crime")),
    row("certificate.trusted"),
    row("certificate.hostname"),
    row("certificate.expiry"),
    row("certificate.chain"),
    row("certificate.key"),
]


def run(gate, certificates, port, tls, rows):
    return gate(checklist(target(port, tls=tls), rows, certificates.ca_file, LIMITS))


# What is not good about a library with its defaults, in some versions: NSS signed with SHA-1, and
# mbedTLS 3.6 has TLS 1.3 to fall back from and does not know the signal. Below TLS 1.3 a certificate's
# curve must be among the groups offered, and mbedTLS prefers P-256 to X25519: no client ever gets that.
FAULTS = {("nss", "rsa"): {"tls.signature_algorithms ['rsa_md5', 'rsa_pkcs1_sha1']"},
          ("mbedtls", "rsa"): {"tls.fallback_scsv"},
          ("mbedtls", "good"): {"tls.fallback_scsv", "tls.groups ['x25519']"}}


@pytest.fixture
def library_port(certificates, tmp_path):
    with contextlib.ExitStack() as stack:
        def start(library, identity):
            if not lighttpd.is_available(library):
                pytest.skip("lighttpd with that library is not there")
            try:
                return stack.enter_context(lighttpd.lighttpd(
                    tmp_path / library, library, certificates.identities[identity]))
            except RuntimeError as error:  # Debian 13's dies of an EC key with mbedTLS
                pytest.skip(f"this lighttpd does not start: {error}")
        yield start


@pytest.mark.parametrize("identity", ["good", "rsa"])
@pytest.mark.parametrize("library", ["mbedtls", "nss"])
def test_a_library_in_lighttpd(library, identity, gate, certificates, library_port):
    outcome = run(gate, certificates, library_port(library, identity), "implicit", TLS)
    assert set(outcome.having("fail")) <= FAULTS.get((library, identity), set()), outcome.text
    assert outcome.having("error", "skipped") == [], outcome.text


# With unknown groups alone it goes on with one that was not offered: neither answer is wrong.
ODD_IN_WOLFSSL = "tls.groups ['sect163r2', 'sect283k1']"


@pytest.mark.parametrize("identity", ["good", "rsa"])
def test_wolfssl_in_lighttpd(identity, gate, certificates, library_port):
    """Of a list of signature algorithms it knows the first 32."""
    rows = [each for each in TLS if each["id"] != ODD_IN_WOLFSSL]
    outcome = run(gate, certificates, library_port("wolfssl", identity), "implicit", rows)
    assert outcome.having("fail", "error", "skipped") == [], outcome.text


@pytest.mark.skipif(not list(pathlib.Path("/usr/lib").glob("*/libmbedtls.so.14")),
                    reason="there is no mbedTLS 2")
def test_mbedtls_2_still_has_p_192(gate, certificates, library_port):
    rows = [row("tls.groups", excludes=["secp192r1"])]
    outcome = run(gate, certificates, library_port("mbedtls", "rsa"), "implicit", rows)
    assert outcome.having("fail") == [rows[0]["id"]], outcome.text


@pytest.mark.parametrize("identity", ["good", "rsa"])
def test_botan(identity, gate, certificates, tmp_path):
    if not botan.is_available():
        pytest.skip("Botan's command is not there")
    with botan.botan(tmp_path / "botan", certificates.identities[identity]) as port:
        outcome = run(gate, certificates, port, "implicit", TLS)
    # From 3 on it does not know the fallback signal, and has TLS 1.3 to fall back from.
    assert set(outcome.having("fail")) <= {"tls.fallback_scsv"}, outcome.text
    assert outcome.having("error", "skipped") == [], outcome.text


# What a mail server answers to as well.
SMTP = [
    row("session.ehlo"),
    row("tls.client_renegotiation_refused"),
    row("tls.early_data_disabled"),
    row("tls.session_resumption", expected="resumed"),
    row("vulnerability.ticketbleed"),
]
STARTTLS = [row(f"starttls.{name}") for name in (
    "advertised", "accepted", "clean_reply", "not_reoffered", "no_injection", "forgets_state")]


# What programs written for a Go before 1.22 take by default, and Go did not know until 1.21.
OLD_GO = {"tls.version 1.2", "tls.versions ['1.2'] ['ssl2', 'ssl3', '1.0', '1.1']",
          "tls.ciphers ['null', 'anonymous', 'export', 'des', '3des', 'rc4']",
          "tls.extended_master_secret", "vulnerability.beast", "vulnerability.sweet32",
          "tls.signature_algorithms ['rsa_md5', 'rsa_pkcs1_sha1']"}


@pytest.mark.parametrize("service, tls", [("smtp", "starttls"), ("submission", "starttls"),
                                          ("submissions", "implicit")])
def test_chasquid(service, tls, gate, certificates, tmp_path):
    """It answers RCPT without MAIL with 503, and with 421 when that goes on."""
    if not chasquid.is_available():
        pytest.skip("chasquid is not there")
    with chasquid.chasquid(tmp_path / "chasquid", certificates.identities["rsa"]) as ports:
        rows = TLS + SMTP + (STARTTLS if tls == "starttls" else [])
        outcome = run(gate, certificates, ports[service], tls, rows)
    assert set(outcome.having("fail")) <= OLD_GO, outcome.text
    assert outcome.having("error", "skipped") == [], outcome.text


# BearSSL by default: TLS 1.0 and up, 3DES, RSA with SHA-1, and it lets clients renegotiate.
BEARSSL_FAULTS = ["tls.version 1.2", "tls.versions ['1.2'] ['ssl2', 'ssl3', '1.0', '1.1']",
                  "tls.ciphers ['null', 'anonymous', 'export', 'des', '3des', 'rc4']",
                  "tls.extended_master_secret", "vulnerability.beast", "vulnerability.sweet32",
                  "tls.client_renegotiation_refused"]
RSA_SHA1 = "tls.signature_algorithms ['rsa_md5', 'rsa_pkcs1_sha1']"


@pytest.mark.parametrize("identity, more", [("good", []), ("rsa", [RSA_SHA1])])
def test_bearssl(identity, more, gate, certificates, tmp_path):
    """What is older than TLS 1.0 it refuses with an alert whose record has version 0.0."""
    program = bearssl.built(ROOT / "build" / "bearssl" / "server")
    if program is None:
        pytest.skip("BearSSL is not there")
    with bearssl.bearssl(program, tmp_path / "bearssl",
                         certificates.identities[identity]) as port:
        outcome = run(gate, certificates, port, "implicit", TLS + SMTP[:3])
    assert set(outcome.having("fail")) == {*BEARSSL_FAULTS, *more}, outcome.text
    assert outcome.having("error", "skipped") == [], outcome.text
