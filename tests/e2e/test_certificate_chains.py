# SPDX-License-Identifier: GPL-3.0-or-later
"""The chain arrives whole: large certificates, long chains, and what a TLS library cannot read."""

import ssl
import warnings

import pytest

import gate as gate_module
from checklists import checklist
from servers.certificates import Authority
from servers.nodes import from_nth
from servers.scripted import close, handshake, raw, send, wait_for_bytes

HOST = gate_module.HOST
ROWS = [{"assert": f"certificate.{noun}"} for noun in (
    "trusted", "hostname", "expiry", "chain", "key", "signature", "usage")]
VERSIONS = [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]
NAME_LEN = 36  # bytes that one more name adds to a certificate


class Depot:
    def __init__(self, directory):
        self.root = Authority(directory / "root", "Chain root")
        self.issuer = Authority(directory / "issuer", "Chain intermediate", self.root)
        deepest = self.root
        for depth in range(11):
            deepest = Authority(directory / f"depth-{depth}", f"Authority {depth}", deepest)
        self.deep = deepest.issue("deep", [HOST])
        self.sized = {}

    def of_size(self, size):
        if size not in self.sized:
            extra = [f"{number:06}.a-name-of-many.example.test"
                     for number in range(size // NAME_LEN + 1)]
            self.sized[size] = self.issuer.issue(f"size-{size}", [HOST, *extra])
        return self.sized[size]


@pytest.fixture(scope="module")
def depot(tmp_path_factory):
    return Depot(tmp_path_factory.mktemp("depot") / "authorities")


@pytest.fixture
def judged(gate, scripted, depot):
    def judge(identity, version, assertions=ROWS):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = context.maximum_version = version
        context.load_cert_chain(identity.chain, identity.key)
        server = scripted(context=context)
        return gate(checklist(server.port, assertions, depot.root.certificate))
    return judge


def der_len(identity):
    leaf = identity.chain.read_text().split("-----END CERTIFICATE-----")[0]
    return len(ssl.PEM_cert_to_DER_cert(leaf + "-----END CERTIFICATE-----\n"))


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("size", [2000, 4000, 10000, 18000, 40000])
def test_a_certificate_may_be_large(size, version, judged, depot):
    identity = depot.of_size(size)
    assert der_len(identity) > size
    outcome = judged(identity, version)
    assert outcome.status == 0, outcome


@pytest.mark.parametrize("version", VERSIONS)
def test_a_chain_of_twelve_arrives_whole(version, judged, depot):
    assert depot.deep.chain.read_text().count("BEGIN CERTIFICATE") == 12
    outcome = judged(depot.deep, version)
    assert outcome.status == 0, outcome
    outcome = judged(depot.deep, version, [{"assert": "certificate.chain", "maximum_length": 11}])
    assert outcome.having("fail") == ["certificate.chain"], outcome
    assert "12 certificates" in outcome.cases["certificate.chain"].message


# What the library refuses to read, and what is to be said of it all the same.
ODD = [
    ("1.2.3.4.5 = critical,ASN1:NULL", "UnknownCritical"),
    ("1.3.6.1.5.5.7.1.30 = critical,ASN1:UTF8:odd", "UnknownCritical"),
]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("extension, failure", ODD)
def test_a_certificate_that_the_library_cannot_read_is_judged(extension, failure, version, judged,
                                                              depot):
    stem = f"odd-{abs(hash(extension))}"
    identity = depot.issuer.issue(stem, [HOST], extensions=extension)
    outcome = judged(identity, version)
    assert outcome.having("fail", "error") == ["certificate.trusted"], outcome
    assert outcome.cases["certificate.trusted"].type == f"starttls-gate.{failure}"
    assert outcome.cases["certificate.hostname"].verdict == "pass"


@pytest.mark.parametrize("version", VERSIONS)
def test_what_could_be_read_only_once_is_not_judged(version, gate, scripted, depot):
    """The library gives up over the first connection, and no other shows the chain."""
    identity = depot.issuer.issue("odd-once", ["other.example.test"], extensions=ODD[0][0])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = context.maximum_version = version
    context.load_cert_chain(identity.chain, identity.key)
    server = scripted({"STARTTLS": [send("220 go"), from_nth(2, handshake(context), close)]})
    outcome = gate(checklist(server.port, ROWS, depot.root.certificate,
                             limits={"connections": 1}))
    assert outcome.having("pass", "fail") == [], outcome


@pytest.mark.parametrize("version", VERSIONS)
def test_a_password_is_never_sent_where_only_the_chain_could_be_read(version, gate, scripted,
                                                                     depot):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = context.maximum_version = version
    context.load_cert_chain(depot.deep.chain, depot.deep.key)
    server = scripted(context=context)
    login = {"assert": "auth.login", "mechanism": "PLAIN", "username": gate_module.USERNAME,
             "password": "${password}"}
    outcome = gate(checklist(server.port, [*ROWS, login], depot.root.certificate))
    assert outcome.verdicts["auth.login"] == "skipped", outcome
    assert outcome.verdicts["tls.handshake"] == "error", outcome
    assert b"AUTH" not in server.received


def test_a_chain_that_only_the_hello_saw_fails_but_never_passes(gate, scripted, depot):
    """TLS 1.0 is beneath the library, which never sees a certificate, and its signatures are over
    MD5 and SHA-1, which prove nothing."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    identity = depot.of_size(2000)
    context.load_cert_chain(identity.chain, identity.key)
    server = scripted(context=context)
    outcome = gate(checklist(server.port, [{"assert": "tls.handshake"}, *ROWS],
                             depot.root.certificate))
    assert outcome.having("pass") == [], outcome
    outcome = gate(checklist(server.port, [
        {"assert": "tls.handshake"}, *ROWS, {"assert": "certificate.stapling"}],
        depot.root.certificate))
    assert outcome.having("fail", "error") == ["tls.handshake"], outcome
    assert outcome.having("pass") == [], outcome
    assert "tls.handshake" in outcome.cases["certificate.trusted"].message


SERVER_HELLO_OF_NOBODY = bytes.fromhex("160303003a020000360303" + "77" * 32 + "00" + "1301" + "00"
                                       + "000e" + "002b00020304" + "00330004001d0000")


def test_a_flight_that_cannot_be_decrypted_is_no_chain(gate, scripted, depot):
    server = scripted({"STARTTLS": [send("220 go"), wait_for_bytes, raw(SERVER_HELLO_OF_NOBODY),
                                    raw(b"\x17\3\3\0\x40" + b"x" * 64), close]})
    rows = [*ROWS, {"assert": "certificate.transparency", "minimum": 1},
            {"assert": "certificate.stapling"}]
    outcome = gate(checklist(server.port, rows, depot.root.certificate))
    assert outcome.status == 3, outcome
    assert outcome.having("pass", "fail") == []
