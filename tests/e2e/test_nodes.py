# SPDX-License-Identifier: GPL-3.0-or-later
"""nodes.agree: servers of one target that are alike, and such that are not."""

import contextlib
import json
import os

import pytest
from checklists import checklist
from servers import forwarder, knot
from servers.forwarder import forwarder as forwarding
from servers.nginx import is_available as is_nginx_available
from servers.nginx import nginx_nodes
from servers.postfix import Postfix, is_available
from servers.scripted import ScriptedServer, close, send

RECORDS = """\
@ MX 10 mx1
@ MX 20 mx2
@ MX 30 mx3
mx1 A 127.0.0.1
mx2 A 127.0.0.2
mx3 A 127.0.0.3
one MX 10 mx1
half MX 10 mx1
half MX 20 mx2
half MX 30 nothere
mail A 127.0.0.1
mail A 127.0.0.2
mail A 127.0.0.3
mixed A 127.0.0.1
mixed A 127.0.0.2
mixed AAAA ff02::25
null MX 0 .
"""
ADDRESSES = ("127.0.0.1", "127.0.0.2", "127.0.0.3")
ALL = ["certificate", "key", "issuer", "versions", "ciphers", "capabilities"]
TLS_ALONE = [name for name in ALL if name != "capabilities"]


@pytest.fixture(scope="module", name="zone")
def fixture_zone(tmp_path_factory):
    assert knot.is_available()
    with knot.knot(tmp_path_factory.mktemp("knot") / "server",
                   {"example.test": (RECORDS, True)}) as served:
        yield served


@pytest.fixture(name="run")
def fixture_run(gate, zone, certificates):
    """Asserts that the servers of a target agree."""
    def run(target, on, *arguments, rows=(), **members):
        document = checklist([{"name": "t", **target}],
                             [*({"assert": row} for row in rows),
                              {"assert": "nodes.agree", "on": on}], certificates.ca_file,
                             dns={"resolver": zone.resolver, "trust_anchor": str(zone.anchor)},
                             **members)
        return gate(document, *arguments)
    return run


@pytest.fixture(scope="module", name="postfix_nodes")
def fixture_postfix_nodes(shared_directory, certificates):
    if os.geteuid() != 0 or not is_available():
        pytest.skip("Postfix and Dovecot are not there, or this is not root")
    with Postfix(shared_directory / f"agree-{os.getpid()}", certificates.identities["good"],
                 {"mx": {}}, addresses=ADDRESSES) as served:
        yield served.ports["mx"]


def agreement(outcome):
    cases = [case for suite in outcome.suites.values() for name, case in suite.items()
             if name == "nodes.agree"]
    assert len(cases) == 1, outcome.text
    return cases[0]


def test_servers_with_one_configuration_agree_on_everything(run, postfix_nodes, tmp_path):
    facts = tmp_path / "report.json"
    outcome = run({"mx": "example.test", "port": postfix_nodes}, ALL, "--report", f"json={facts}",
                  rows=["dns.mx"])
    assert agreement(outcome).verdict == "pass", outcome.text
    assert outcome.status == 0
    seen = [suite["facts"] for suite in json.loads(facts.read_text())["suites"]][1:]
    assert len(seen) == 3
    for one in seen:
        assert "1.2" in one["versions"]["accepted"] and one["suites"]["accepted"]
        assert one["capabilities"]["inside_tls"]


def test_what_is_compared_is_asked_where_nothing_else_is(run, postfix_nodes):
    outcome = run({"mx": "example.test", "port": postfix_nodes}, ALL)
    assert agreement(outcome).verdict == "pass", outcome.text
    assert outcome.status == 0


def test_a_server_that_is_down_is_not_taken_for_alike(run, zone, postfix_nodes):
    outcome = run({"mx": "half.example.test", "port": postfix_nodes}, ["certificate"],
                  rows=["starttls.advertised"])
    case = agreement(outcome)
    assert case.verdict == "error", outcome.text
    assert "nothere.example.test has no address" in case.message
    assert outcome.status == 1


def test_an_address_without_a_route_is_not_taken_for_alike(run, postfix_nodes):
    target = {"host": "mixed.example.test", "addresses": "all", "port": postfix_nodes}
    outcome = run({**target, "ipv6": "if_routed"}, ["versions"], rows=["starttls.advertised"])
    case = agreement(outcome)
    assert case.verdict == "error", outcome.text
    assert "ff02::25" in case.message
    outcome = run({**target, "ipv6": "off"}, ["versions"], rows=["starttls.advertised"])
    assert agreement(outcome).verdict == "pass", outcome.text
    assert outcome.status == 0


def test_one_server_has_nobody_to_agree_with(run, postfix_nodes):
    outcome = run({"mx": "one.example.test", "port": postfix_nodes}, ALL,
                  rows=["starttls.advertised"])
    case = agreement(outcome)
    assert case.verdict == "skipped", outcome.text
    assert "mx1.example.test is the only server" in case.message
    assert outcome.status == 0


def test_no_server_is_a_matter_of_mx(run):
    outcome = run({"mx": "null.example.test"}, ALL)
    assert outcome.verdicts == {"dns.mx": "fail", "nodes.agree": "skipped"}, outcome.text


@pytest.mark.parametrize("target, on, said", [
    ({"host": "mail.example.test"}, ["certificate"], "which names one server"),
    ({"mx": "example.test", "protocol": "tls", "port": 443, "tls": "implicit"}, ["capabilities"],
     "no capabilities"),
    ({"mx": "example.test"}, ["colour"], "certificate")])
def test_what_cannot_be_compared_is_refused(run, target, on, said):
    outcome = run(target, on)
    assert outcome.status == 2
    assert said in outcome.stderr


@contextlib.contextmanager
def scripted(certificates, *stages):
    """A server at each address, with those stages, and one port for all."""
    with contextlib.ExitStack() as stack:
        first = stack.enter_context(ScriptedServer(certificates.context(), stages[0]))
        for address, others in zip(ADDRESSES[1:], stages[1:]):
            stack.enter_context(ScriptedServer(certificates.context(), others,
                                               address=(address, first.port)))
        yield first.port


def ehlo(*capabilities):
    lines = ["mail.example.test", *capabilities]
    return {"tls EHLO": [send(*(f"250-{line}" for line in lines[:-1]), f"250 {lines[-1]}")]}


HOST = {"host": "mail.example.test", "addresses": "all"}


def test_capabilities_in_another_order_are_the_same(run, certificates):
    with scripted(certificates, ehlo("SIZE 1", "PIPELINING"), ehlo("PIPELINING", "SIZE 1"),
                  ehlo("SIZE 1", "PIPELINING")) as port:
        outcome = run({**HOST, "port": port}, ["capabilities"])
    assert agreement(outcome).verdict == "pass", outcome.text


def test_the_server_that_differs_is_named(run, certificates):
    with scripted(certificates, ehlo("SIZE 1", "PIPELINING"), ehlo("SIZE 2", "PIPELINING"),
                  ehlo("SIZE 1", "PIPELINING")) as port:
        outcome = run({**HOST, "port": port}, ["capabilities"])
    case = agreement(outcome)
    assert case.verdict == "fail", outcome.text
    assert ("capabilities: 127.0.0.2 differs from 127.0.0.1 and 1 more: it has SIZE 2, and it has "
            "not SIZE 1") in case.message
    assert outcome.status == 1


def test_a_difference_is_one_whoever_else_was_not_seen(run, certificates):
    with scripted(certificates, ehlo("SIZE 1"), ehlo("SIZE 2"),
                  {"banner": [close]}) as port:
        outcome = run({**HOST, "port": port}, ["capabilities"])
    assert agreement(outcome).verdict == "fail", outcome.text


def test_a_server_that_leaves_before_tls_was_not_seen(run, certificates):
    with scripted(certificates, ehlo("SIZE 1"), ehlo("SIZE 1"),
                  {"STARTTLS": [close]}) as port:
        outcome = run({**HOST, "port": port}, ["capabilities"])
    case = agreement(outcome)
    assert case.verdict == "error", outcome.text
    assert "127.0.0.3: STARTTLS" in case.message
    assert outcome.status == 3


@pytest.fixture(name="nodes_of_nginx")
def fixture_nodes_of_nginx(tmp_path):
    if not is_nginx_available():
        pytest.skip("nginx is not there")
    return lambda nodes: nginx_nodes(tmp_path / "nginx", nodes)


TLS_TARGET = {**HOST, "protocol": "tls", "tls": "implicit"}
NEW = {"ssl_protocols": "TLSv1.2 TLSv1.3"}


def test_certificates_that_differ(run, certificates, nodes_of_nginx):
    good, other = (certificates.identities[name] for name in ("good", "expiring"))
    with nodes_of_nginx({"127.0.0.1": (good, NEW), "127.0.0.2": (good, NEW),
                         "127.0.0.3": (other, NEW)}) as port:
        outcome = run({**TLS_TARGET, "port": port}, TLS_ALONE)
        case = agreement(outcome)
        assert case.verdict == "fail", outcome.text
        assert "certificate: 127.0.0.3 differs from 127.0.0.1 and 1 more" in case.message
        assert "issuer:" not in case.message and "versions:" not in case.message
        assert agreement(run({**TLS_TARGET, "port": port},
                             ["issuer", "versions", "ciphers"])).verdict == "pass"


def test_a_further_certificate_that_one_server_alone_has(run, certificates, nodes_of_nginx):
    good, rsa = certificates.identities["good"], certificates.identities["rsa"]
    both = {**NEW, f"ssl_certificate {rsa.chain};\n    ssl_certificate_key": str(rsa.key)}
    with nodes_of_nginx({"127.0.0.1": (good, NEW), "127.0.0.2": (good, both),
                         "127.0.0.3": (good, NEW)}) as port:
        outcome = run({**TLS_TARGET, "port": port}, ["certificate", "key"])
    case = agreement(outcome)
    assert case.verdict == "fail", outcome.text
    assert "127.0.0.2 differs from 127.0.0.1 and 1 more: it has RSA certificate" in case.message


def test_versions_and_suites_that_differ(run, certificates, nodes_of_nginx):
    good = certificates.identities["good"]
    fewer = {"ssl_protocols": "TLSv1.2",
             "ssl_ciphers": "ECDHE-ECDSA-AES128-GCM-SHA256"}
    with nodes_of_nginx({"127.0.0.1": (good, NEW), "127.0.0.2": (good, NEW),
                         "127.0.0.3": (good, fewer)}) as port:
        outcome = run({**TLS_TARGET, "port": port}, TLS_ALONE)
    case = agreement(outcome)
    assert case.verdict == "fail", outcome.text
    assert ("versions: 127.0.0.3 differs from 127.0.0.1 and 1 more: it has not TLS 1.3" in
            case.body), outcome.text
    assert "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" in case.body
    assert "certificate: " not in case.message


@pytest.mark.parametrize("target, said", [
    ({"mx": "example.test"},
     "t (mail servers of example.test port 25, STARTTLS TLS; taken from its MX records when it is run)"),
    ({"mx": "example.test", "addresses": "all"},
     "t (all addresses of the mail servers of example.test port 25, STARTTLS TLS; taken from its MX "
     "records when it is run)"),
    ({**HOST, "port": 465},
     "t (all addresses of mail.example.test port 465, implicit TLS; taken from its A and AAAA records "
     "when it is run)")])
@pytest.mark.parametrize("command", [["list"], ["run", "--dry-run"]], ids=["list", "dry run"])
def test_what_will_be_taken_apart_is_told_without_a_look_up(gate, zone, certificates, command,
                                                            target, said):
    with forwarding(zone.port, forwarder.truth) as resolver:
        path = gate.write(checklist(
            [{"name": "t", **target}], [{"assert": "certificate.trusted"},
                                        {"assert": "nodes.agree", "on": ["certificate"]}],
            certificates.ca_file,
            dns={"resolver": resolver.resolver, "trust_anchor": str(zone.anchor)}))
        outcome = gate.command(*command, path)
        assert outcome.status == 0, outcome.text
        assert not resolver.questions
    assert said in outcome.stdout
    assert "connections: 3 to each of them, at most 4 at a time" in outcome.stdout
