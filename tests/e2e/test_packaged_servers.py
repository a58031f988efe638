# SPDX-License-Identifier: GPL-3.0-or-later
"""The TLS posture of nginx, Dovecot and Exim (with GnuTLS), as packaged: modern and old."""

import contextlib
import pathlib

import pytest

from checklists import checklist, target
from gate import ROOT
from servers import dovecot, exim, nginx

DH_1024 = pathlib.Path(__file__).parents[1] / "servers" / "dh" / "1024.pem"
LIMITS = {"connect_timeout": "5s", "reply_timeout": "5s", "deadline": "25s"}

MODERN = "ECDHE+AESGCM:ECDHE+CHACHA20"
OLD = "ALL:@SECLEVEL=0"
GNUTLS_MODERN = ("NONE:+VERS-TLS1.3:+VERS-TLS1.2:+AEAD:+ECDHE-ECDSA:+ECDHE-RSA:+AES-256-GCM"
                 ":+AES-128-GCM:+CHACHA20-POLY1305:+GROUP-X25519:+GROUP-SECP256R1:+SIGN-ALL"
                 ":+COMP-NULL:+CTYPE-X509")
GNUTLS_OLD = "LEGACY:+VERS-TLS1.0:+VERS-TLS1.1:+3DES-CBC:+ARCFOUR-128"


def row(name, /, **parameters):
    return {"assert": name, **parameters}


POSTURE = [
    row("tls.versions", accepts=["1.2", "1.3"], refuses=["ssl2", "ssl3", "1.0", "1.1"]),
    row("tls.ciphers", refuses=["null", "anonymous", "export", "des", "3des", "rc4", "cbc"]),
    row("tls.forward_secrecy"),
    row("tls.groups", includes=["x25519", "secp256r1"]),
    row("tls.dh_size"),
    row("tls.compression_disabled"),
    row("tls.secure_renegotiation"),
    row("tls.extended_master_secret"),
    *(row(f"vulnerability.{name}") for name in (
        "poodle", "beast", "sweet32", "rc4", "freak", "heartbleed", "ccs_injection", "robot")),
    row("certificate.trusted"),
    row("certificate.hostname"),
]

STARTTLS = [
    row("starttls.advertised"),
    row("starttls.accepted"),
    row("starttls.clean_reply"),
    row("starttls.no_injection"),
    row("session.ehlo"),
]

# What fails on the old configuration of each server; the rest passes there too, or ends in ERRORS_ON_OLD.
FAILS_ON_OLD = {
    "nginx": {"tls.versions", "tls.ciphers", "tls.forward_secrecy", "tls.dh_size",
              "vulnerability.beast"},
    "dovecot": {"tls.versions", "tls.ciphers", "tls.forward_secrecy", "tls.dh_size",
                "vulnerability.beast"},
    # GnuTLS does no RSA key exchange with a certificate whose keyUsage is for signatures only.
    "exim": {"tls.versions", "tls.ciphers", "vulnerability.beast", "vulnerability.sweet32",
             "vulnerability.rc4"},
}



def _start_nginx(stack, directory, identities):
    if not nginx.is_available():
        pytest.skip("nginx is not there")
    return stack.enter_context(nginx.nginx(directory, {
        "modern": (identities["good"], {"ssl_protocols": "TLSv1.2 TLSv1.3",
                                        "ssl_ciphers": MODERN}),
        "old": (identities["rsa"], {"ssl_protocols": "TLSv1 TLSv1.1", "ssl_ciphers": OLD,
                                    "ssl_dhparam": DH_1024}),
    }))


def _start_dovecot(stack, directory, identities):
    if not dovecot.is_available():
        pytest.skip("Dovecot with IMAP is not there, or this is not root")
    configurations = {
        "modern": ("good", {"ssl_min_protocol": "TLSv1.2", "ssl_cipher_list": MODERN}),
        "old": ("rsa", {"ssl_min_protocol": "TLSv1", "ssl_cipher_list": OLD,
                        "ssl_dh": f"<{DH_1024}"}),
    }
    return {name: stack.enter_context(dovecot.dovecot(directory / name, identities[identity],
                                                      options))
            for name, (identity, options) in configurations.items()}


def _start_exim(stack, directory, identities):
    root = exim.unpacked(ROOT / "build" / "exim")
    if root is None:
        pytest.skip("Exim's package cannot be downloaded, or this is not root")
    configurations = {"modern": ("good", GNUTLS_MODERN), "old": ("rsa", GNUTLS_OLD)}
    return {name: stack.enter_context(exim.exim(root, directory / name, identities[identity],
                                                priority))
            for name, (identity, priority) in configurations.items()}


STARTERS = {"nginx": _start_nginx, "dovecot": _start_dovecot, "exim": _start_exim}


@pytest.fixture(scope="session", params=STARTERS)
def packaged(request, shared_directory, certificates):
    """A server's name and its ports, by configuration."""
    # Workers of one run have directories of their own, since `shared_directory` has.
    with contextlib.ExitStack() as stack:
        yield request.param, STARTERS[request.param](
            stack, shared_directory / request.param, certificates.identities)


def _run(gate, certificates, name, port):
    assertions = POSTURE + (STARTTLS if name == "exim" else [])
    tls = "starttls" if name == "exim" else "implicit"
    return gate(checklist(target(port, tls=tls), assertions, certificates.ca_file, LIMITS))


def test_the_modern_configuration_passes(packaged, gate, certificates):
    name, ports = packaged
    outcome = _run(gate, certificates, name, ports["modern"])
    assert set(outcome.verdicts.values()) == {"pass"}, outcome.text
    assert outcome.status == 0


def test_the_old_configuration_fails_where_it_is_old(packaged, gate, certificates):
    name, ports = packaged
    outcome = _run(gate, certificates, name, ports["old"])
    assert set(outcome.having("fail")) == FAILS_ON_OLD[name], outcome.text
    assert not outcome.having("error", "skipped"), outcome.text
    assert outcome.status == 1
