# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases of x509-limbo over live handshakes and from files: the same verdicts as by the library.

They are in CONFORMANCE_DIR, as for `make conformance`; without it these tests are skipped. What
is not as x509-limbo expects stands in tests/conformance/deviations.txt, with the reasons.
"""

import json
import os
import pathlib
import ssl

import pytest

from checklists import checklist
from gate import ROOT

DIRECTORY = pathlib.Path(os.environ.get("CONFORMANCE_DIR", ROOT / ".." / "shared" / "conformance"))
OF_A_THEME = 6  # cases that are served live, of each theme
# Names that are no host names, which no checklist may have: right, as these cases must not pass.
NO_HOST = {"rfc5280::san::underscore-dns"}
# Keys that nobody here can verify a signature with: the chain is read and judged, nothing is proven.
NOT_PROVEN = {"webpki::forbidden-p192-leaf"}
# Keys that no TLS client offers to verify: nothing is agreed on, and no chain is ever sent.
NOT_AGREED = {"webpki::forbidden-dsa-leaf"}
ROWS = [{"assert": "certificate.trusted"}, {"assert": "certificate.hostname"}]


def deviations():
    table = (ROOT / "tests" / "conformance" / "deviations.txt").read_text()
    return {line.split()[0] for line in table.splitlines() if line and line[0] != "#"}


def cases():
    """What has one host and no CRL."""
    path = DIRECTORY / "limbo.json"
    if not path.exists():
        return []
    return [case for case in json.loads(path.read_text())["testcases"]
            if case["validation_kind"] == "SERVER" and not case["crls"]
            and case["expected_peer_name"] and case["max_chain_depth"] is None]


CASES = cases()
DEVIATIONS = deviations()
pytestmark = pytest.mark.skipif(not CASES, reason=f"no limbo.json in {DIRECTORY}")


def by_theme():
    """The first cases of each theme that are valid or not at any time, and have a key."""
    themes = {}
    for case in CASES:
        if case["peer_certificate_key"] and not case["validation_time"]:
            themes.setdefault(case["id"].rpartition("::")[0], []).append(case)
    return [case for theme in themes.values() for case in theme[:OF_A_THEME]]


def want_pass(case):
    return (case["expected_result"] == "SUCCESS") != (case["id"] in DEVIATIONS)


def write(directory, case):
    """The trusted certificates and the chain, as files."""
    trusted, chain = directory / "trusted.pem", directory / "chain.pem"
    trusted.write_text("".join(case["trusted_certs"]))
    chain.write_text("".join([case["peer_certificate"], *case["untrusted_intermediates"]]))
    return trusted, chain


def check(case, outcome):
    if case["id"] in NO_HOST:
        assert outcome.status == 2 and "host" in outcome.stderr, outcome
        return
    assert outcome.status in (0, 1), outcome
    assert outcome.having("error") == [], outcome
    assert (outcome.status == 0) == want_pass(case), outcome


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_from_a_file(case, gate):
    trusted, chain = write(gate.directory, case)
    release = {"name": "release", "host": case["expected_peer_name"]["value"],
               "certificate_file": str(chain)}
    if case["validation_time"]:
        release["at"] = case["validation_time"].split("+")[0].split(".")[0] + "Z"
    check(case, gate(checklist([release], ROWS, trusted)))


LIVE = by_theme()


@pytest.mark.parametrize("case", LIVE, ids=[case["id"] for case in LIVE])
def test_over_a_handshake(case, gate, scripted):
    trusted, chain = write(gate.directory, case)
    key = gate.directory / "leaf.key"
    key.write_text(case["peer_certificate_key"])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    try:
        context.load_cert_chain(chain, key)
    except ssl.SSLError as error:
        pytest.skip(f"OpenSSL does not serve it: {error}")
    server = scripted(context=context)
    live = {"name": "live", "host": case["expected_peer_name"]["value"], "address": "127.0.0.1",
            "port": server.port}
    outcome = gate(checklist([live], ROWS, trusted))
    if case["id"] in NOT_AGREED:
        assert outcome.having("fail", "error") == ["tls.handshake"], outcome
        assert outcome.having("pass") == [], outcome
    elif case["id"] in NOT_PROVEN:
        assert outcome.verdicts["certificate.trusted"] == "fail", outcome
        assert outcome.status == 1 and outcome.having("pass") == [], outcome
    else:
        check(case, outcome)
