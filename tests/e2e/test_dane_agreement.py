# SPDX-License-Identifier: GPL-3.0-or-later
"""TLSA records held against chains (by way of match_tlsa.c) agree with openssl s_client."""

import hashlib
import itertools
import pathlib
import subprocess

import pytest
from gate import BINARY, HOST
from servers.certificates import Authority
from servers.packaged import free_ports, running

MATCH_TLSA = BINARY.parent / "tests" / "e2e" / "match_tlsa"


def der_of(path):
    return subprocess.run(["openssl", "x509", "-in", path, "-outform", "DER"], check=True,
                          capture_output=True).stdout


def key_of(path):
    key = subprocess.run(["openssl", "x509", "-in", path, "-noout", "-pubkey"], check=True,
                         capture_output=True).stdout
    return subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=key, check=True,
                          capture_output=True).stdout


def record(usage, selector, matching, path, change=None):
    """`change`: "wrong" (a bit), "short" (a byte less)."""
    data = (der_of, key_of)[selector](path)
    data = {0: lambda: data, 1: hashlib.sha256(data).digest,
            2: hashlib.sha512(data).digest}[matching]()
    if change == "wrong":
        data = data[:7] + bytes([data[7] ^ 1]) + data[8:]
    return f"{usage} {selector} {matching} {(data[:-1] if change == 'short' else data).hex()}"


class Chain:
    """A chain as it is sent, in one file, with the certificates that records are made of."""

    def __init__(self, directory, identity, *others):
        directory.mkdir()
        self.directory, self.key, self.leaf = directory, identity.key, directory / "leaf.pem"
        self.leaf.write_bytes(subprocess.run(["openssl", "x509", "-in", identity.chain], check=True,
                                             capture_output=True).stdout)
        issuers = "".join(pathlib.Path(path).read_text() for path in others)
        self.chain, self.issuers = directory / "chain.pem", directory / "issuers.pem"
        self.chain.write_text(self.leaf.read_text() + issuers)
        self.issuers.write_text(issuers)

    def served(self, port):
        """s_server sends what it is told, in that order."""
        issuers = ["-cert_chain", self.issuers] if self.issuers.stat().st_size else []
        return running(["openssl", "s_server", "-quiet", "-accept", f"127.0.0.1:{port}", "-key",
                        self.key, "-cert", self.leaf, *issuers], self.directory, [port])


@pytest.fixture(scope="module", name="authorities")
def fixture_authorities(tmp_path_factory):
    directory = tmp_path_factory.mktemp("dane")
    root = Authority(directory / "root", "DANE root")
    intermediate = Authority(directory / "intermediate", "DANE intermediate", root)
    expired = Authority(directory / "old", "DANE intermediate that was", root, (-30, -1))
    foreign = Authority(directory / "foreign", "DANE foreigner")
    return directory, root, intermediate, expired, foreign


CHAINS = {
    "with the intermediate": lambda root, intermediate, old, foreign: (
        intermediate.issue("leaf", [HOST]), intermediate.certificate),
    "with the root": lambda root, intermediate, old, foreign: (
        intermediate.issue("leaf", [HOST]), intermediate.certificate, root.certificate),
    "in another order": lambda root, intermediate, old, foreign: (
        intermediate.issue("leaf", [HOST]), root.certificate, intermediate.certificate),
    "the leaf alone": lambda root, intermediate, old, foreign: (
        intermediate.issue("leaf", [HOST]),),
    "with a stranger": lambda root, intermediate, old, foreign: (
        intermediate.issue("leaf", [HOST]), intermediate.certificate, foreign.certificate),
    "an expired leaf": lambda root, intermediate, old, foreign: (
        intermediate.issue("old", [HOST], (-20, -1)), intermediate.certificate),
    "another name": lambda root, intermediate, old, foreign: (
        intermediate.issue("other", ["other.example.test"]), intermediate.certificate),
    "an expired intermediate": lambda root, intermediate, old, foreign: (
        old.issue("leaf", [HOST]), old.certificate, root.certificate),
    "self-signed": lambda root, intermediate, old, foreign: (
        intermediate.issue("self", [HOST], self_signed=True),),
    "by the root": lambda root, intermediate, old, foreign: (root.issue("leaf", [HOST]),),
}


def s_client_matches(port, records):
    options = [option for one in records for option in ("-dane_tlsa_rrdata", one)]
    done = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-no-CAfile", "-no-CApath",
         "-no-CAstore", "-verify_return_error", "-servername", HOST, "-dane_tlsa_domain", HOST,
         "-dane_ee_no_namechecks", *options], input=b"Q\n", capture_output=True, check=False, timeout=20)
    return b"Verification: OK" in done.stdout and b"DANE TLSA" in done.stdout


def match(chain, records):
    done = subprocess.run([MATCH_TLSA, chain.chain, HOST, *records], capture_output=True, text=True,
                          check=True)
    return done.stdout.split()


def records_of(chain, root, intermediate, old, foreign):
    """All of one record, and pairs whose digests differ in strength."""
    named = [chain.leaf, root.certificate]
    sent = chain.chain.read_text()
    named += [one.certificate for one in (old, foreign) if one.certificate.read_text() in sent]
    named += [] if old.certificate in named else [intermediate.certificate]
    for usage, selector, matching, path in itertools.product((2, 3), (0, 1), (0, 1), named):
        yield [record(usage, selector, matching, path)]
    first = record(3, 1, 1, chain.leaf)
    for usage, selector, matching, change in [
            (3, 1, 2, "wrong"), (3, 0, 2, "wrong"), (3, 1, 2, "short"), (3, 1, 0, "short"),
            (2, 1, 2, "wrong"), (3, 1, 1, "wrong")]:
        yield [first, record(usage, selector, matching, chain.leaf, change)]
    yield [record(3, 1, 2, chain.leaf)]
    yield [record(3, 1, 1, chain.leaf, "short")]


@pytest.mark.parametrize("name", CHAINS)
def test_records_match_as_openssl_has_it(authorities, name):
    if not MATCH_TLSA.exists():
        pytest.exit(f"{MATCH_TLSA} is not there; run make e2e-programs", 2)
    directory, *issuers = authorities
    chain = Chain(directory / name.replace(" ", "-"), *CHAINS[name](*issuers))
    differences, matched = [], 0
    port, = free_ports(1)
    with chain.served(port):
        for records in records_of(chain, *issuers):
            ours, theirs = match(chain, records), s_client_matches(port, records)
            matched += theirs
            if (ours[0] == "match") != theirs:
                differences.append((ours, theirs, [one[:20] for one in records]))
    assert not differences
    assert matched >= 10


def test_usage_1_is_what_openssl_takes_and_mail_servers_do_not(authorities):
    directory, root, intermediate, _, _ = authorities
    chain = Chain(directory / "usage-1", intermediate.issue("leaf", [HOST]),
                  intermediate.certificate)
    assert match(chain, [record(1, 1, 1, chain.leaf), record(0, 0, 1, root.certificate)]) == [
        "none", "UnusableUsage", "UnusableUsage"]
