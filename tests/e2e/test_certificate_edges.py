# SPDX-License-Identifier: GPL-3.0-or-later
"""Assertions about certificates at the very edge of what they allow."""

import ssl

import pytest

from checklists import checklist
from gate import HOST
from servers.certificates import Authority

# The identity is RSA with 2048 bits, and leaf and intermediate are sent.
EDGES = [
    ("certificate.key", {"rsa_minimum": 2048}, "pass"),
    ("certificate.key", {"rsa_minimum": 2049}, "fail"),
    ("certificate.chain", {"maximum_length": 2}, "pass"),
    ("certificate.chain", {"maximum_length": 1}, "fail"),
    ("certificate.expiry", {"days": 89}, "pass"),
    ("certificate.expiry", {"days": 91}, "fail"),
    ("certificate.lifetime", {"maximum_days": 93}, "pass"),
    ("certificate.lifetime", {"maximum_days": 92}, "fail"),
]


@pytest.mark.parametrize("name, parameters, verdict", EDGES)
def test_the_edge(name, parameters, verdict, gate, scripted, certificates):
    server = scripted(context=certificates.context("rsa"))
    outcome = gate(checklist(server.port, [{"assert": name, **parameters}], certificates.ca_file))
    assert outcome.verdicts == {name: verdict}, outcome.text


def test_names_beside_an_unreadable_extension_are_not_relied_on(gate, scripted, tmp_path):
    authority = Authority(tmp_path / "root", "Edge root")
    identity = authority.issue("odd", [HOST], extensions="certificatePolicies = DER:30:00")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(identity.chain, identity.key)
    rows = [{"assert": "certificate.san", "includes": [HOST]}]
    outcome = gate(checklist(scripted(context=context).port, rows, authority.certificate))
    assert outcome.verdicts == {"certificate.trusted": "fail", "certificate.san": "skipped"}
    assert outcome.cases["certificate.trusted"].type == "starttls-gate.Malformed"
