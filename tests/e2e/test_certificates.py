# SPDX-License-Identifier: GPL-3.0-or-later
"""Each assertion of certificates over live handshakes: one server passes, another fails it."""

import pathlib
import hashlib
import base64
import ssl
import subprocess

import pytest

import gate as gate_module
from checklists import checklist
from servers import hellos
from servers.certificates import Authority
from servers.scripted import close, handshake, hang, send, wait_for_bytes

ECDSA_SHA256 = 0x0403

HOST = gate_module.HOST
AIA = "authorityInfoAccess = caIssuers;URI:http://ca.example.test/intermediate.crt"
RSA_1024, RSA_2048 = ("rsa:1024",), ("rsa:2048",)
P384 = ("ec", "-pkeyopt", "ec_paramgen_curve:P-384")


class Shop:
    """Identities by name, made when they are first asked for."""

    def __init__(self, directory):
        self.root = Authority(directory / "root", "Shop root")
        self.issuer = Authority(directory / "issuer", "Shop intermediate", self.root)
        self.ageing = Authority(directory / "ageing", "Ageing intermediate", self.root,
                                days=(-300, 5))
        self.weak = Authority(directory / "weak", "Weak intermediate", self.root, digest="sha1")
        self.made = {}
        self.recipes = {
            "good": {},
            "rsa": {"key_type": RSA_2048},
            "short": {"key_type": RSA_1024},
            "p384": {"key_type": P384},
            "ed25519": {"key_type": ("ed25519",)},
            "sha1": {"digest": "sha1"},
            "sha384": {"digest": "sha384"},
            "client": {"usage": "clientAuth"},
            "both": {"usage": "serverAuth,clientAuth"},
            "any purpose": {"usage": ""},
            "two names": {"names": [HOST, "mx.example.test"]},
            "address": {"names": [HOST, "IP:192.0.2.1"]},
            "wildcard": {"names": ["*.example.test"]},
            "expired": {"days": (-20, -1)},
            "expiring": {"days": (-2, 5)},
            "short-lived": {"days": (-2, 4)},
            "future": {"days": (1, 90)},
            "long-lived": {"days": (-1, 800)},
            "no intermediate": {"send_intermediates": False, "extensions": AIA},
        }

    def __getitem__(self, name):
        if name not in self.made:
            recipe = dict(self.recipes[name])
            names = recipe.pop("names", [HOST])
            self.made[name] = self.issuer.issue(name.replace(" ", "-"), names, **recipe)
        return self.made[name]

    def put(self, name, chain, key):
        """An identity whose chain file has the PEM texts `chain` one after the other."""
        path = self.root.directory / f"{name}.pem"
        path.write_text("".join(chain))
        self.made[name] = type(self["good"])(key, path)

    def arrange(self):
        good = self["good"]
        leaf, intermediate = pem_blocks(good.chain.read_text())
        root = self.root.certificate.read_text()
        other = self.ageing.certificate.read_text()
        self.put("with root", [leaf, intermediate, root], good.key)
        self.put("out of order", [leaf, other, intermediate], good.key)
        self.made["authority"] = type(good)(self.issuer.key, self.issuer.certificate)
        for name, issuer in ("old intermediate", self.ageing), ("weak intermediate", self.weak):
            self.made[name] = issuer.issue(name.replace(" ", "-"), [HOST])


def pem_blocks(text):
    end = "-----END CERTIFICATE-----\n"
    return [block + end for block in text.split(end)[:-1]]


def spki_sha256(identity):
    """The digest of the public key, by openssl alone."""
    key = subprocess.run(["openssl", "pkey", "-in", identity.key, "-pubout", "-outform", "DER"],
                         check=True, capture_output=True).stdout
    return hashlib.sha256(key).digest()


@pytest.fixture(scope="session")
def shop(shared_directory):
    made = Shop(shared_directory / "shop")
    made.arrange()
    return made


@pytest.fixture
def served(scripted, shop, gate):
    """Judges assertions of a server with an identity of the shop."""
    def serve(name, *assertions, **members):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.load_cert_chain(shop[name].chain, shop[name].key)
        server = scripted(context=context)
        return gate(checklist(server.port, list(assertions), shop.root.certificate, **members))
    return serve


PASS = None
# The assertion, the identity that is served, and the type of the failure.
CASES = [
    ("certificate.trusted", {}, "good", PASS),
    ("certificate.trusted", {}, "no intermediate", "IssuerMissing"),
    ("certificate.hostname", {"name": "mx.example.test"}, "two names", PASS),
    ("certificate.hostname", {"name": "mx.example.test"}, "good", "HostnameMismatch"),
    ("certificate.expiry", {}, "good", PASS),
    ("certificate.expiry", {}, "expiring", "CertificateExpiresSoon"),
    ("certificate.expiry", {"days": 3}, "expiring", PASS),
    ("certificate.expiry", {"days": 0}, "expired", "CertificateExpired"),
    ("certificate.expiry", {"fraction": 0.5}, "short-lived", PASS),
    ("certificate.expiry", {"fraction": 0.8}, "short-lived", "CertificateExpiresSoon"),
    ("certificate.expiry", {"fraction": 0.5, "days": 21}, "short-lived", "CertificateExpiresSoon"),
    ("certificate.expiry", {}, "old intermediate", "IntermediateExpiresSoon"),
    ("certificate.expiry", {"chain": False}, "old intermediate", PASS),
    ("certificate.not_before", {}, "good", PASS),
    ("certificate.not_before", {}, "expired", PASS),
    ("certificate.not_before", {}, "future", "CertificateNotYetValid"),
    ("certificate.lifetime", {"maximum_days": 93}, "good", PASS),
    ("certificate.lifetime", {"maximum_days": 398}, "long-lived", "LifetimeTooLong"),
    ("certificate.chain", {}, "good", PASS),
    ("certificate.chain", {}, "no intermediate", "ChainIncomplete"),
    ("certificate.chain", {"complete": False}, "no intermediate", PASS),
    ("certificate.chain", {}, "with root", "ChainHasRoot"),
    ("certificate.chain", {"without_root": False}, "with root", PASS),
    ("certificate.chain", {}, "out of order", "ChainOutOfOrder"),
    ("certificate.chain", {"ordered": False}, "out of order", PASS),
    ("certificate.chain", {"maximum_length": 2}, "good", PASS),
    ("certificate.chain", {"maximum_length": 2, "without_root": False}, "with root",
     "ChainTooLong"),
    ("certificate.key", {}, "rsa", PASS),
    ("certificate.key", {}, "good", PASS),
    ("certificate.key", {}, "ed25519", PASS),
    ("certificate.key", {}, "short", "KeyTooShort"),
    ("certificate.key", {"rsa_minimum": 3072}, "rsa", "KeyTooShort"),
    ("certificate.key", {"rsa_minimum": 3072}, "p384", PASS),
    ("certificate.key", {"curves": ["P-384"]}, "p384", PASS),
    ("certificate.key", {"curves": ["P-384"]}, "good", "CurveNotAllowed"),
    ("certificate.key", {"curves": ["P-384"]}, "rsa", PASS),
    ("certificate.key", {"algorithms": ["RSA"]}, "rsa", PASS),
    ("certificate.key", {"algorithms": ["RSA"]}, "good", "KeyAlgorithmNotAllowed"),
    ("certificate.signature", {}, "good", PASS),
    ("certificate.signature", {}, "sha1", "SignatureTooWeak"),
    ("certificate.signature", {}, "weak intermediate", "SignatureTooWeak"),
    ("certificate.signature", {"minimum": "sha384"}, "good", "SignatureTooWeak"),
    ("certificate.usage", {}, "good", PASS),
    ("certificate.usage", {}, "client", "PurposeMissing"),
    ("certificate.usage", {}, "any purpose", PASS),
    ("certificate.usage", {"excludes": ["clientAuth"]}, "both", "PurposeUnwanted"),
    ("certificate.usage", {"excludes": ["clientAuth"]}, "any purpose", "PurposeUnwanted"),
    ("certificate.usage", {"excludes": ["clientAuth"]}, "good", PASS),
    ("certificate.usage", {"includes": ["serverAuth", "clientAuth"]}, "both", PASS),
    ("certificate.usage", {"includes": ["clientAuth"]}, "good", "PurposeMissing"),
    ("certificate.usage", {"key_usage": ["keyEncipherment"]}, "good", "KeyUsageMissing"),
    ("certificate.usage", {}, "authority", "CertificateIsCa"),
    ("certificate.san", {"includes": ["MX.example.test"]}, "two names", PASS),
    ("certificate.san", {"includes": ["mx.example.test"]}, "good", "NameMissing"),
    ("certificate.san", {"includes": ["mx.example.test"]}, "wildcard", PASS),
    ("certificate.san", {"includes": ["*.example.test"]}, "wildcard", PASS),
    ("certificate.san", {"includes": ["*.example.test"]}, "good", "NameMissing"),
    ("certificate.san", {"only": [HOST, "mx.example.test"]}, "two names", PASS),
    ("certificate.san", {"only": [HOST]}, "two names", "NameUnwanted"),
    ("certificate.san", {"only": [HOST]}, "address", "NameUnwanted"),
    ("certificate.san", {"only": [HOST, "192.0.2.1"]}, "address", PASS),
    ("certificate.issuer", {"matches": "^CN=Shop intermediate$"}, "good", PASS),
    ("certificate.issuer", {"matches": "O=Let's Encrypt"}, "good", "IssuerUnexpected"),
]


@pytest.mark.parametrize("name, members, identity, failure", CASES,
                         ids=[f"{c[0]} {c[1]} of '{c[2]}'" for c in CASES])
def test_of_a_served_certificate(name, members, identity, failure, served):
    outcome = served(identity, {"assert": name, **members})
    case = outcome.cases[name]
    assert case.verdict == ("fail" if failure else "pass"), outcome
    assert case.type == (failure and f"starttls-gate.{failure}"), outcome
    assert outcome.status == (1 if failure else 0)


def test_a_pinned_key_passes_in_hex_and_in_base64(served, shop):
    digest = spki_sha256(shop["good"])
    spellings = [digest.hex(), digest.hex(":").upper(), base64.b64encode(digest).decode()]
    for spelling in spellings:
        pin = {"assert": "certificate.pin", "spki_sha256": ["00" * 32, spelling]}
        assert served("good", pin).status == 0, spelling
        assert served("rsa", pin).having("fail") == ["certificate.pin"], spelling


def test_only_the_certificate_of_the_file_matches_it(served, shop):
    row = {"assert": "certificate.matches_file", "file": str(shop["good"].chain)}
    assert served("good", row).status == 0
    outcome = served("rsa", row)
    assert outcome.having("fail") == ["certificate.matches_file"], outcome
    assert "SHA-256" in outcome.cases["certificate.matches_file"].body


@pytest.mark.parametrize("content, complaint", [
    (None, "cannot be read: No such file"), ("no PEM", "holds no certificate in PEM form")])
def test_a_file_that_cannot_be_compared_is_a_problem_of_the_checklist(content, complaint, gate,
                                                                     shop):
    if content:
        (gate.directory / "released.pem").write_text(content)
    row = {"assert": "certificate.matches_file", "file": "released.pem"}
    outcome = gate(checklist(25, [row], shop.root.certificate))
    assert outcome.status == 2, outcome
    assert complaint in outcome.stderr


def test_a_missing_intermediate_is_named_with_its_address(served):
    outcome = served("no intermediate", {"assert": "certificate.trusted"})
    body = outcome.cases["certificate.trusted"].body
    assert "CN=Shop intermediate" in body, body
    assert "http://ca.example.test/intermediate.crt" in body, body
    assert "smtpd_tls_chain_files" in body, body


ALL = [{"assert": "certificate.pin", "spki_sha256": ["00" * 32]},
       {"assert": "certificate.issuer", "matches": "."},
       {"assert": "certificate.lifetime", "maximum_days": 100},
       {"assert": "certificate.san", "only": [HOST]},
       *({"assert": f"certificate.{noun}"} for noun in (
           "trusted", "hostname", "expiry", "not_before", "chain", "key", "signature", "usage"))]


def test_without_a_chain_nothing_passes(gate, scripted, shop):
    server = scripted({"STARTTLS": [send("220 go"), wait_for_bytes, close]})
    rows = [*ALL, {"assert": "certificate.matches_file", "file": str(shop["good"].chain)}]
    outcome = gate(checklist(server.port, rows, shop.root.certificate))
    assert outcome.status == 3, outcome
    assert outcome.having("pass", "fail") == []


def test_a_chain_is_judged_though_the_handshake_breaks_behind_it(gate, scripted, shop):
    """The server insists on a certificate of the client, after it has sent its own."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(shop["good"].chain, shop["good"].key)
    context.load_verify_locations(shop.root.certificate)
    context.verify_mode = ssl.CERT_REQUIRED
    server = scripted({"STARTTLS": [send("220 go"), handshake(context)]})
    outcome = gate(checklist(server.port, [{"assert": "tls.handshake"}, *ALL[1:]],
                             shop.root.certificate))
    assert outcome.having("fail", "error") == ["tls.handshake"], outcome
    assert len(outcome.having("pass")) == len(ALL) - 1, outcome


def test_another_kind_that_gets_no_answer_may_be_bad(gate, scripted, certificates):
    """Without ECDSA among the schemes the server falls silent."""
    def silent_for_rsa(conversation):
        data = conversation.receive_raw()
        if ECDSA_SHA256 not in hellos.Hello(data).signatures:
            hang(conversation)
        conversation._incoming.write(data)
        conversation.start_tls(conversation.server.context)

    server = scripted({"STARTTLS": [send("220 go"), silent_for_rsa]})
    outcome = gate(checklist(server.port, [{"assert": "certificate.hostname"}],
                             certificates.ca_file))
    assert outcome.verdicts == {"certificate.hostname": "error"}, outcome.text
    assert "another certificate" in outcome.cases["certificate.hostname"].message


def test_authorities_can_be_a_directory(gate, scripted, certificates, tmp_path):
    """Every PEM file of it counts; what else lies there does not matter."""
    authorities = tmp_path / "authorities"
    authorities.mkdir()
    (authorities / "README").write_text("nothing to see\n")
    rows = [{"assert": "tls.handshake"}, {"assert": "certificate.trusted"}]
    made = checklist(scripted().port, rows, certificates.ca_file)
    made["trust"] = {"system": False, "ca_path": str(authorities)}
    assert gate(made).status == 2
    (authorities / "foreign.pem").write_bytes(
        pathlib.Path(certificates.foreign_ca_file).read_bytes())
    assert gate(made).cases["certificate.trusted"].verdict == "fail"
    (authorities / "root.pem").write_bytes(pathlib.Path(certificates.ca_file).read_bytes())
    assert gate(made).status == 0
