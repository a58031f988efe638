# SPDX-License-Identifier: GPL-3.0-or-later
"""Anybody can show a certificate: without proof that the server holds its key, nothing passes."""

import pathlib
import ssl

import pytest

import gate as gate_module
from checklists import checklist, target
from servers.certificates import EC_KEY, RSA_KEY, Authority, Identity, other_key
from servers.fake_tls import FakeTls, RsaIdentity
from servers.openssl import openssl_server
from servers.nodes import from_nth
from servers.scripted import close, handshake, send

HOST = gate_module.HOST
DH_PARAMETERS = pathlib.Path(__file__).parents[1] / "servers" / "dh" / "2048.pem"
ROWS = [{"assert": f"certificate.{noun}"} for noun in (
    "trusted", "hostname", "expiry", "chain", "key", "signature", "usage")]
STAPLING = {"assert": "certificate.stapling"}
TLS12, TLS13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
P384_KEY = ("ec", "-pkeyopt", "ec_paramgen_curve:P-384")
P521_KEY = ("ec", "-pkeyopt", "ec_paramgen_curve:P-521")
KEYS = {"rsa": RSA_KEY, "p256": EC_KEY, "p384": P384_KEY, "p521": P521_KEY,
        "ed25519": ("ed25519",), "ed448": ("ed448",)}


@pytest.fixture(scope="module")
def deep(tmp_path_factory):
    """The root, and an issuer with so many above it that the library cannot take a chain."""
    directory = tmp_path_factory.mktemp("proof")
    root = deepest = Authority(directory / "root", "Proof root")
    for depth in range(10):
        deepest = Authority(directory / f"depth-{depth}", f"Authority {depth}", deepest)
    return root, deepest


@pytest.fixture
def judged(gate, scripted, deep):
    def judge(identity, version, ciphers=None, rows=ROWS):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = context.maximum_version = version
        context.load_dh_params(DH_PARAMETERS)
        if ciphers:
            context.set_ciphers(ciphers)
        context.load_cert_chain(identity.chain, identity.key)
        server = scripted(context=context)
        return gate(checklist(server.port, rows, deep[0].certificate))
    return judge


def the_wrong_key(identity, tmp_path):
    return Identity(other_key(identity.key, tmp_path / "other.key"), identity.chain)


WRONG = [("p256", TLS13, None), ("p256", TLS12, "ECDHE"), ("rsa", TLS13, None),
         ("rsa", TLS12, "ECDHE"), ("rsa", TLS12, "DHE")]


@pytest.mark.parametrize("kind, version, ciphers", WRONG)
@pytest.mark.parametrize("chain", ["short", "deep"])
def test_a_certificate_without_its_key_never_passes(chain, kind, version, ciphers, judged, deep,
                                                    tmp_path):
    issuer = deep[0] if chain == "short" else deep[1]
    identity = issuer.issue(f"wrong-{chain}-{kind}-{version}-{ciphers}", [HOST],
                            key_type=KEYS[kind])
    outcome = judged(the_wrong_key(identity, tmp_path), version, ciphers)
    assert outcome.status == 3, outcome
    assert outcome.having("pass") == [], outcome
    assert outcome.having("error") == ["tls.handshake"], outcome
    assert "nothing proves that it holds the key" in outcome.cases["certificate.trusted"].body


@pytest.mark.parametrize("version", [TLS12, TLS13])
def test_stapling_alone_never_passes_without_the_key(version, judged, deep, tmp_path):
    identity = deep[0].issue(f"stapling-{version}", [HOST])
    outcome = judged(identity, version, rows=[STAPLING])
    assert outcome.status == 0, outcome
    outcome = judged(the_wrong_key(identity, tmp_path), version, rows=[STAPLING])
    assert outcome.status == 3, outcome
    assert outcome.verdicts == {"tls.handshake": "error", "certificate.stapling": "skipped"}
    assert "nothing proves that it holds the key" in outcome.cases["certificate.stapling"].body


@pytest.mark.parametrize("version", [TLS12, TLS13])
def test_a_fail_stays_a_fail_and_the_handshake_speaks_for_the_rest(version, judged, deep, tmp_path):
    identity = deep[0].issue(f"fail-{version}", ["elsewhere.example.test"])
    outcome = judged(the_wrong_key(identity, tmp_path), version,
                     rows=[{"assert": "tls.handshake"}, *ROWS])
    assert outcome.having("fail") == ["certificate.hostname"], outcome
    assert outcome.having("error") == ["tls.handshake"], outcome
    assert outcome.having("pass") == [], outcome
    assert "tls.handshake" in outcome.cases["certificate.trusted"].message


@pytest.mark.parametrize("version", [TLS12, TLS13])
def test_what_the_library_gave_up_on_is_not_judged(version, gate, scripted, deep, tmp_path):
    """Only another connection could show the certificates, and there is none."""
    identity = the_wrong_key(deep[0].issue(f"alone-{version}", ["elsewhere.example.test"]), tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = context.maximum_version = version
    context.load_cert_chain(identity.chain, identity.key)
    server = scripted({"STARTTLS": [send("220 go"), from_nth(2, handshake(context), close)]})
    outcome = gate(checklist(server.port, [{"assert": "certificate.hostname"}],
                             deep[0].certificate,
                             limits={"connections": 1, "deadline": "3s"}))
    assert outcome.having("pass", "fail") == [], outcome


@pytest.mark.parametrize("kind, way", [
    *((kind, way) for kind in KEYS for way in ((TLS13, None), (TLS12, "ECDHE"))),
    ("rsa", (TLS12, "DHE"))])
def test_each_kind_of_key_proves_itself_to_the_hello(kind, way, judged, deep):
    version, ciphers = way
    identity = deep[1].issue(f"good-{kind}-{version}-{ciphers}", [HOST], key_type=KEYS[kind])
    outcome = judged(identity, version, ciphers)
    assert outcome.status == 0, outcome


@pytest.mark.parametrize("suite", [
    "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"])
def test_the_key_is_proven_with_each_hash_of_a_transcript(suite, gate, deep):
    identity = deep[1].issue(f"hash-{suite}", [HOST])
    with openssl_server(identity, "-tls1_3", "-ciphersuites", suite) as port:
        outcome = gate(checklist(target(port, tls="implicit"),
                                 [{"assert": "certificate.trusted"}], deep[0].certificate))
    assert outcome.status == 0, outcome


@pytest.mark.parametrize("right", [True, False])
def test_a_server_that_wants_a_certificate_proves_its_own(right, gate, scripted, deep, tmp_path):
    identity = deep[0].issue(f"mutual-{right}", [HOST])
    if not right:
        identity = the_wrong_key(identity, tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = TLS12
    context.load_cert_chain(identity.chain, identity.key)
    context.load_verify_locations(deep[1].certificate)  # not its own root, lest it sends that
    context.verify_mode = ssl.CERT_REQUIRED
    server = scripted(context=context)
    outcome = gate(checklist(server.port, [{"assert": "tls.handshake"}, *ROWS],
                             deep[0].certificate))
    assert outcome.having("fail", "error") == ["tls.handshake"], outcome
    assert len(outcome.having("pass")) == (len(ROWS) if right else 0), outcome


class Impostor(FakeTls):
    """Shows a certificate, and leaves before it would have to sign."""

    def _flight(self, hello):
        return super()._flight(hello)[:-len(b"\x0e\0\0\0")]


def test_a_server_that_leaves_behind_its_certificate_proves_nothing(gate, scripted, tmp_path):
    identity = RsaIdentity(tmp_path, HOST)
    server = scripted({"STARTTLS": [send("220 go"), Impostor(
        identity, after=lambda _fake, connection: connection.close())]})
    outcome = gate(checklist(server.port, [{"assert": "certificate.hostname"}], identity.chain))
    assert outcome.status == 3, outcome
    assert outcome.verdicts == {"tls.handshake": "error", "certificate.hostname": "skipped"}
    case = outcome.cases["certificate.hostname"]
    assert "nothing proves that it holds the key" in case.body, case.body
    assert "during the handshake" in case.body, case.body


def test_static_rsa_proves_nothing_to_the_hello(judged, deep):
    """Nothing is signed, and the library offers no such suite: only the hello sees the chain."""
    identity = deep[0].issue("static", [HOST], key_type=RSA_KEY)
    outcome = judged(identity, TLS12, "kRSA", rows=[*ROWS, STAPLING])
    assert outcome.status == 1, outcome
    assert outcome.having("fail", "error") == ["tls.handshake"], outcome
    assert outcome.having("pass") == [], outcome
    assert "nothing proves that it holds the key" in outcome.cases["certificate.trusted"].body
