# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers that accept TLS 1.0 with everything, until they have had enough of a client, or where
one node of several is out of order: no answer is no refusal, whichever connection it comes on."""

import ssl

import pytest

from checklists import checklist, target
from servers.hellos import alert
from servers.nodes import alternating, from_nth
from servers.scripted import Ended, close, handshake, reset, send, wait_for_bytes

ASSERTIONS = [
    {"assert": "tls.version", "minimum": "1.2"},
    {"assert": "tls.ciphers", "refuses": ["static-rsa", "cbc"]},
    {"assert": "tls.forward_secrecy"},
    {"assert": "vulnerability.beast"},
]
INTERNAL_ERROR = 80
FIRST_CLOSED = range(2, 17)


def turn_away(conversation):
    """Closes without a look at what the client says, as a full table of connections does."""
    conversation.connection.close()
    raise Ended


def fail_inside(conversation):
    """Says of itself that something went wrong, in a record as old as the hello may be."""
    conversation.receive_raw()
    conversation.write_raw(alert(INTERNAL_ERROR))
    close(conversation)


FAREWELLS = {"closes": turn_away, "resets": reset, "says internal_error": fail_inside,
             "closes behind the hello": [wait_for_bytes, close]}


@pytest.fixture(scope="module")
def anything(certificates):
    """TLS 1.0 and up with every suite, RSA key exchange among them."""
    context = certificates.context("rsa", minimum_version=ssl.TLSVersion.TLSv1)
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


@pytest.fixture
def verdicts_of(gate, scripted, certificates, anything):
    """Runs the assertions against a server with that step in place of its handshake."""
    def run(tls, step, assertions, connections=1):
        if tls == "implicit":
            server = scripted(context=anything, implicit=[step])
        else:
            server = scripted({"STARTTLS": [send("220 2.0.0 go ahead"), step]}, anything)
        return gate(checklist(target(server.port, tls=tls), assertions, certificates.ca_file,
                              limits={"connections": connections}))
    return run


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_without_a_limit_all_of_it_fails(tls, verdicts_of):
    outcome = verdicts_of(tls, handshake(), ASSERTIONS)
    assert len(outcome.having("fail")) == len(ASSERTIONS), outcome.text


@pytest.mark.parametrize("first", FIRST_CLOSED)
@pytest.mark.parametrize("farewell", FAREWELLS.values(), ids=FAREWELLS)
@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_a_limit_passes_nothing(tls, farewell, first, verdicts_of):
    outcome = verdicts_of(tls, from_nth(first, handshake(), farewell), ASSERTIONS)
    assert outcome.having("pass") == [], outcome.text
    assert outcome.status in (1, 3), outcome.text


@pytest.mark.parametrize("first", FIRST_CLOSED)
@pytest.mark.parametrize("assertion", ASSERTIONS, ids=lambda each: each["assert"])
@pytest.mark.parametrize("connections", [1, 4])
@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_a_limit_passes_nothing_that_is_asked_alone(tls, connections, assertion, first,
                                                    verdicts_of):
    outcome = verdicts_of(tls, from_nth(first, handshake(), turn_away), [assertion], connections)
    assert outcome.having("pass") == [], outcome.text
    assert outcome.status in (1, 3), outcome.text


@pytest.mark.parametrize("period", [2, 3, 4])
@pytest.mark.parametrize("shift", range(4))
@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_one_node_out_of_order_passes_nothing(tls, shift, period, verdicts_of):
    """Connections go round the nodes, and one of them does not answer hellos at all."""
    nodes = [handshake()] * period
    nodes[shift % period] = [wait_for_bytes, close]
    outcome = verdicts_of(tls, alternating(*nodes), ASSERTIONS)
    assert outcome.having("pass") == [], outcome.text
    assert outcome.status in (1, 3), outcome.text
