# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers behind one name of which one is bad: what it showed on any connection counts for every
assertion, whatever that connection was made for."""

import re
import ssl

import pytest

from checklists import checklist, target
from servers.hellos import Hello, alert, answering, record, server_hello
from servers.nodes import alternating, from_nth
from servers.scripted import close, handshake, send

NO_EXTENDED_MASTER_SECRET = 1  # SSL_OP_NO_EXTENDED_MASTER_SECRET
TLS10, TLS12 = 0x0301, 0x0303
HANDSHAKE = 22
ECDHE_ECDSA = 0xc02b


@pytest.fixture
def outcome_of(gate, scripted, certificates):
    """Runs the assertions, one connection at a time, against a server with that step for TLS."""
    def run(step, *assertions):
        server = scripted(context=certificates.context(), implicit=[step])
        return gate(checklist(target(server.port, tls="implicit"), list(assertions),
                              certificates.ca_file, limits={"connections": 1}))
    return run


CERTIFICATES = [("expired", "certificate.expiry"), ("wrong-host", "certificate.hostname"),
                ("foreign", "certificate.trusted")]


@pytest.mark.parametrize("identity, name", CERTIFICATES)
@pytest.mark.parametrize("order", [lambda good, bad: alternating(good, bad),
                                   lambda good, bad: from_nth(3, good, bad)],
                         ids=["every second", "from the third on"])
def test_a_certificate_that_was_shown_counts(order, identity, name, outcome_of, certificates):
    nodes = handshake(), handshake(certificates.context(identity))
    outcome = outcome_of(order(*nodes), {"assert": name}, {"assert": "tls.early_data_disabled"})
    assert outcome.verdicts[name] == "fail", outcome.text


def canned(identity):
    """A first flight of TLS 1.2 with that chain, whatever was asked."""
    pems = re.findall("-----BEGIN.*?END CERTIFICATE-----", identity.chain.read_text(), re.DOTALL)
    chain = [ssl.PEM_cert_to_DER_cert(each) for each in pems]
    listed = b"".join(len(der).to_bytes(3, "big") + der for der in chain)
    body = len(listed).to_bytes(3, "big") + listed
    certificate = b"\x0b" + len(body).to_bytes(3, "big") + body
    done = b"\x0e\0\0\0"
    return answering(lambda _hello: server_hello(TLS12, ECDHE_ECDSA)
                     + record(HANDSHAKE, TLS12, certificate) + record(HANDSHAKE, TLS12, done))


def test_a_certificate_of_a_kind_that_was_not_wanted_counts(outcome_of, certificates):
    """The other node does not look at what the client can verify."""
    bad = canned(certificates.identities["expired"])
    outcome = outcome_of(from_nth(3, handshake(), bad), {"assert": "certificate.expiry"})
    assert outcome.verdicts == {"certificate.expiry": "fail"}, outcome.text


def test_an_extension_that_one_node_lacks(outcome_of, certificates):
    def node(options):
        context = certificates.context(maximum_version=ssl.TLSVersion.TLSv1_2)
        context.options |= options
        return handshake(context)

    rows = [{"assert": "tls.extended_master_secret"}, {"assert": "tls.version"},
            {"assert": "tls.forward_secrecy"}]
    name = rows[0]["assert"]
    outcome = outcome_of(node(0), *rows)
    assert outcome.verdicts[name] == "pass", outcome.text
    for nodes in ((node(0), node(NO_EXTENDED_MASTER_SECRET)),
                  (node(NO_EXTENDED_MASTER_SECRET), node(0))):
        outcome = outcome_of(alternating(*nodes), *rows)
        assert outcome.verdicts[name] == "fail", outcome.text


@pytest.mark.parametrize("version", [0x0300, TLS10])
def test_an_old_version_in_the_session(version, outcome_of):
    """The TLS library does not take such an answer: it is one all the same."""
    old = answering(lambda _hello: server_hello(version, 0x002f))
    rows = [{"assert": "tls.versions", "refuses": ["ssl3", "1.0"]}, {"assert": "vulnerability.beast"}]
    outcome = outcome_of(from_nth(2, old, handshake()), *rows, {"assert": "tls.handshake"})
    assert outcome.verdicts["tls.versions"] == "fail", outcome.text


@pytest.mark.parametrize("description", [100, 120])
def test_an_answer_to_what_was_not_asked_is_no_refusal(description, outcome_of):
    def step(conversation):
        data = conversation.receive_raw()
        if max(Hello(data).versions) >= TLS12:
            conversation.start_tls(conversation.server.context, data)
            conversation.run([send("220 mail.example.test ESMTP")])
        else:
            conversation.write_raw(alert(description))
            close(conversation)

    outcome = outcome_of(step, {"assert": "tls.handshake"}, {"assert": "tls.version"},
                         {"assert": "vulnerability.beast"})
    assert outcome.having("pass") == ["tls.handshake"], outcome.text


@pytest.mark.parametrize("expected, verdict", [("resumed", "pass"), ("refused", "fail")])
def test_a_session_of_another_group_is_resumed(expected, verdict, gate, scripted, certificates):
    context = certificates.context(minimum_version=ssl.TLSVersion.TLSv1_3)
    context.set_ecdh_curve("prime256v1")
    server = scripted(context=context)
    rows = [{"assert": "tls.session_resumption", "expected": expected}]
    outcome = gate(checklist(server.port, rows, certificates.ca_file))
    assert outcome.verdicts == {"tls.session_resumption": verdict}, outcome.text


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize("expected", ["resumed", "refused"])
def test_nodes_that_do_not_take_each_others_tickets(expected, version, outcome_of, certificates):
    nodes = [handshake(certificates.context(maximum_version=version)) for _ in range(2)]
    rows = [{"assert": "tls.session_resumption", "expected": expected}]
    outcome = outcome_of(alternating(*nodes), *rows)
    assert outcome.verdicts == {"tls.session_resumption": "fail"}, outcome.text


def test_a_node_that_refuses_all_has_refused_no_session(outcome_of):
    def refuse(conversation):
        conversation.receive_raw()
        conversation.write_raw(alert(40))
        close(conversation)

    rows = [{"assert": "tls.session_resumption", "expected": "refused"}]
    outcome = outcome_of(from_nth(2, handshake(), refuse), *rows)
    assert outcome.verdicts == {"tls.session_resumption": "error"}, outcome.text
