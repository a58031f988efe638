# SPDX-License-Identifier: GPL-3.0-or-later
"""Stapled OCSP responses and timestamps of logs, served by OpenSSL in TLS 1.2 and TLS 1.3."""

import base64
import hashlib
import struct
import subprocess
import time

import pytest

import gate as gate_module
from checklists import checklist, target
from servers.certificates import Authority
from servers.openssl import openssl_server
from servers.scripted import close, refusing_port, send, wait_for_bytes

HOST = gate_module.HOST
OCSP_URL = "authorityInfoAccess = OCSP;URI:http://ocsp.example.test/"
MUST_STAPLE = "tlsfeature = status_request"
STAPLING = {"assert": "certificate.stapling"}
TRANSPARENCY = {"assert": "certificate.transparency"}
VERSIONS = ["-tls1_2", "-tls1_3"]


def timestamp(log, moment=None):
    """One SignedCertificateTimestamp (RFC 6962 section 3.2), with a signature of nobody."""
    milliseconds = int((moment or time.time() - 86400) * 1000)
    return (b"\0" + hashlib.sha256(log.encode()).digest() + struct.pack("!QH", milliseconds, 0)
            + b"\4\3" + struct.pack("!H", 70) + b"s" * 70)


def timestamp_list(*timestamps):
    body = b"".join(struct.pack("!H", len(one)) + one for one in timestamps)
    return struct.pack("!H", len(body)) + body


def embedded(*timestamps):
    """The line of openssl's configuration that puts them into a certificate."""
    return f"1.3.6.1.4.1.11129.2.4.2 = ASN1:FORMAT:HEX,OCT:{timestamp_list(*timestamps).hex()}"


class Responder:
    def __init__(self, directory):
        self.directory = directory
        self.root = Authority(directory / "root", "Status root")
        self.issuer = Authority(directory / "issuer", "Status intermediate", self.root)
        self.stranger = Authority(directory / "stranger", "Strange intermediate", self.root)
        self.plain = self.issue("plain")
        self.answerable = self.issue("answerable", OCSP_URL)
        self.other = self.issue("other", OCSP_URL)
        self.must = self.issue("must", f"{OCSP_URL}\n{MUST_STAPLE}")
        self.must_without_url = self.issue("must-without-url", MUST_STAPLE)

    def issue(self, stem, extensions=""):
        return self.issuer.issue(stem, [HOST], extensions=extensions)

    def respond(self, identity, *options, signer=None, fresh=("-ndays", "7")):
        """The issuer's answer about a certificate, as a file."""
        signer = signer or self.issuer
        path = self.directory / f"{identity.chain.stem}-{abs(hash((options, signer, fresh)))}.ocsp"
        command = ["openssl", "ocsp", "-index", self.issuer.directory / "index.txt",
                   "-issuer", self.issuer.certificate, "-CA", self.issuer.certificate,
                   "-rsigner", signer.certificate, "-rkey", signer.key,
                   "-cert", identity.chain, "-respout", path, *fresh, *options]
        subprocess.run([str(word) for word in command], check=True, capture_output=True)
        return path

    def revoke(self, identity):
        subprocess.run(["openssl", "ca", "-config", self.issuer.directory / "openssl.cnf",
                        "-cert", self.issuer.certificate, "-keyfile", self.issuer.key,
                        "-revoke", identity.chain], check=True, capture_output=True)


@pytest.fixture(scope="module")
def responder(tmp_path_factory):
    return Responder(tmp_path_factory.mktemp("status") / "authorities")


@pytest.fixture
def served(gate, responder):
    def serve(identity, assertion, *options):
        with openssl_server(identity, *options) as port:
            return gate(checklist(target(port, tls="implicit"), [assertion],
                                  responder.root.certificate))
    return serve


def type_of(outcome, assertion):
    return outcome.cases[assertion["assert"]].type


@pytest.mark.parametrize("version", VERSIONS)
def test_a_good_response_passes(version, served, responder):
    staple = responder.respond(responder.answerable)
    for row in STAPLING, {**STAPLING, "required": False}:
        outcome = served(responder.answerable, row, version, "-status_file", staple)
        assert outcome.status == 0, outcome


@pytest.mark.parametrize("version", VERSIONS)
def test_a_certificate_that_must_be_stapled_is(version, served, responder):
    staple = responder.respond(responder.must)
    assert served(responder.must, STAPLING, version, "-status_file", staple).status == 0
    for identity in responder.must, responder.must_without_url:
        outcome = served(identity, {**STAPLING, "required": False}, version)
        assert type_of(outcome, STAPLING) == "starttls-gate.MustStaple", outcome


@pytest.mark.parametrize("version", VERSIONS)
def test_nothing_stapled_fails_only_where_there_is_a_responder(version, served, responder):
    outcome = served(responder.answerable, STAPLING, version)
    assert type_of(outcome, STAPLING) == "starttls-gate.NothingStapled", outcome
    assert served(responder.answerable, {**STAPLING, "required": False}, version).status == 0
    assert served(responder.plain, STAPLING, version).status == 0


def bad_responses(responder):
    revoked = responder.issue("revoked", OCSP_URL)
    responder.revoke(revoked)
    unknown = responder.issue("unknown", OCSP_URL)
    nothing = responder.directory / "nothing.ocsp"
    nothing.write_bytes(bytes.fromhex("30030a0103"))  # tryLater (RFC 6960 section 4.2.1)
    index = responder.issuer.directory / "index.txt"
    lines = index.read_text().splitlines(keepends=True)
    index.write_text("".join(lines[:-1]))
    yield "IsRevoked", revoked, responder.respond(revoked)
    yield "IsUnknown", unknown, responder.respond(unknown)
    index.write_text("".join(lines))
    yield "OtherCertificate", responder.answerable, responder.respond(responder.other)
    yield "NoResponder", responder.answerable, responder.respond(
        responder.answerable, signer=responder.stranger)
    yield "NotSuccessful", responder.answerable, nothing


@pytest.mark.parametrize("version", VERSIONS)
def test_a_response_that_is_not_good_fails_even_if_none_is_required(version, served, responder):
    for kind, identity, staple in bad_responses(responder):
        outcome = served(identity, {**STAPLING, "required": False}, version, "-status_file",
                         staple)
        assert type_of(outcome, STAPLING) == f"starttls-gate.{kind}", outcome
        assert outcome.status == 1


def serverinfo(directory, timestamps):
    """The file that has s_server send the TLS extension, in both versions (SERVERINFOV2)."""
    body = timestamp_list(*timestamps)
    context = 0x0080 | 0x0100 | 0x1000  # ClientHello, ServerHello of TLS 1.2, Certificate of 1.3
    text = base64.encodebytes(struct.pack("!IHH", context, 18, len(body)) + body).decode()
    path = directory / "timestamps.pem"
    path.write_text("-----BEGIN SERVERINFOV2 FOR TIMESTAMPS-----\n" + text
                    + "-----END SERVERINFOV2 FOR TIMESTAMPS-----\n")
    return path


TIMESTAMPS = [
    ("two logs in the certificate", ["a", "b"], [], 2, None),
    ("one log in the certificate", ["a"], [], 2, "TimestampsMissing"),
    ("none anywhere", [], [], 1, "TimestampsMissing"),
    ("two logs in the handshake", [], ["a", "b"], 2, None),
    ("one log in each", ["a"], ["b"], 2, None),
    ("the same log in each", ["a"], ["a"], 2, "TimestampsMissing"),
    ("the same log twice", ["a", "a"], [], 2, "TimestampsMissing"),
    ("three logs where four are wanted", ["a", "b"], ["c"], 4, "TimestampsMissing"),
]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("inside, beside, minimum, failure", [row[1:] for row in TIMESTAMPS],
                         ids=[row[0] for row in TIMESTAMPS])
def test_timestamps_are_counted_by_their_logs(inside, beside, minimum, failure, version, served,
                                              responder, tmp_path):
    extension = embedded(*map(timestamp, inside)) if inside else ""
    identity = responder.issue(f"logged-{abs(hash((*inside, version)))}", extension)
    options = ["-serverinfo", serverinfo(tmp_path, map(timestamp, beside))] if beside else []
    outcome = served(identity, {**TRANSPARENCY, "minimum": minimum}, version, *options)
    assert type_of(outcome, TRANSPARENCY) == (failure and f"starttls-gate.{failure}"), outcome
    assert outcome.status == (1 if failure else 0)


def test_timestamps_of_the_future_do_not_count(served, responder):
    identity = responder.issue("logged-tomorrow", embedded(
        timestamp("a"), timestamp("b", time.time() + 86400)))
    outcome = served(identity, TRANSPARENCY)
    assert type_of(outcome, TRANSPARENCY) == "starttls-gate.TimestampsMissing", outcome


def test_timestamps_that_cannot_be_read_fail(served, responder):
    identity = responder.issue(
        "logged-badly", "1.3.6.1.4.1.11129.2.4.2 = ASN1:FORMAT:HEX,OCT:0005000300")
    outcome = served(identity, TRANSPARENCY)
    assert type_of(outcome, TRANSPARENCY) == "starttls-gate.TimestampsMalformed", outcome


def test_of_a_file_the_timestamps_inside_count(gate, responder):
    for logs, status in (["a", "b"], 0), (["a"], 1):
        identity = responder.issue(f"file-{len(logs)}", embedded(*map(timestamp, logs)))
        release = {"name": "release", "host": HOST, "certificate_file": str(identity.chain)}
        outcome = gate(checklist([release], [TRANSPARENCY], responder.root.certificate))
        assert outcome.status == status, outcome


def test_of_a_file_nothing_can_be_stapled(gate, responder):
    release = {"name": "release", "host": HOST, "certificate_file": str(responder.plain.chain)}
    outcome = gate(checklist([release], [STAPLING], responder.root.certificate))
    assert outcome.status == 2, outcome
    assert "it needs a server" in outcome.stderr


def test_a_server_that_does_not_answer_is_an_error(gate, scripted, responder):
    server = scripted({"STARTTLS": [send("220 go"), wait_for_bytes, close]})
    outcome = gate(checklist(server.port, [STAPLING, TRANSPARENCY], responder.root.certificate))
    assert outcome.status == 3, outcome
    assert outcome.having("pass", "fail") == []
    with refusing_port() as port:
        outcome = gate(checklist(port, [STAPLING, TRANSPARENCY], responder.root.certificate))
    assert outcome.having("fail", "error") == ["connection.established"], outcome
    assert outcome.status == 1, outcome


SUITES = ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"]
GROUPS = ["X25519", "P-256", "P-384", "P-521", "P-384:X25519"]


@pytest.mark.parametrize("options", [
    *(["-tls1_3", "-ciphersuites", suite] for suite in SUITES),
    *(["-tls1_3", "-groups", group] for group in GROUPS),
    *(["-tls1_2", "-groups", group] for group in ("P-384", "P-521")),
    ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA"],
], ids=lambda options: " ".join(options))
def test_the_flight_is_read_with(options, served, responder):
    staple = responder.respond(responder.must)
    outcome = served(responder.must, STAPLING, *options, "-status_file", staple)
    assert outcome.status == 0, outcome
