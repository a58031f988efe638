# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers that accept TLS 1.0 with everything, until they have had enough of a client, or where
one node of several is out of order: no answer is no refusal, whichever connection it comes on."""

import ssl

import pytest

from checklists import checklist, target
from servers.hellos import alert
from servers.nodes import alternating, from_nth
from servers.scripted import Ended, Smtp, close, handshake, reset, wait_for_bytes
from servers.speeches import Imap, Pop3, say

ASSERTIONS = [
    {"assert": "tls.version", "minimum": "1.2"},
    {"assert": "tls.ciphers", "refuses": ["static-rsa", "cbc"]},
    {"assert": "tls.forward_secrecy"},
    {"assert": "vulnerability.beast"},
]
INTERNAL_ERROR = 80


class SmtpSpeech(Smtp):
    name, starttls, ok = "smtp", "STARTTLS", "220 2.0.0 go ahead"


LISTENERS = {"implicit": None, "smtp": SmtpSpeech, "imap": Imap, "pop3": Pop3}
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
def passed_by(gate, scripted, certificates, anything):
    """Runs the assertions against one server for each of the steps, all at the same time: some
    wait for a server to recover. Gives the outcomes that pass anything, with the step's name."""
    def serve(speech, step):
        if speech is None:
            return scripted(context=anything, implicit=[step])
        return scripted({speech.starttls: [say(speech.ok), step]}, anything, speech=speech)

    def run(listener, steps, assertions, connections=1):
        speech, running = LISTENERS[listener], {}
        described = {"tls": "implicit"} if speech is None else {"protocol": speech.name}
        for name, step in steps.items():
            made = checklist(target(serve(speech, step).port, **described), assertions,
                             certificates.ca_file, limits={"connections": connections})
            running[name] = gate.start(str(gate.write(made, f"{name}.json")))
        outcomes = {name: gate.wait(each) for name, each in running.items()}
        return {name: outcome.text for name, outcome in outcomes.items()
                if outcome.having("pass") or outcome.status not in (1, 3)}
    return run


def limits(farewell):
    return {f"from connection {first} on": from_nth(first, handshake(), farewell)
            for first in FIRST_CLOSED}


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_without_a_limit_all_of_it_fails(tls, gate, scripted, certificates, anything):
    server = scripted(context=anything, implicit=tls == "implicit")
    outcome = gate(checklist(target(server.port, tls=tls), ASSERTIONS, certificates.ca_file))
    assert len(outcome.having("fail")) == len(ASSERTIONS), outcome.text


@pytest.mark.parametrize("farewell", FAREWELLS.values(), ids=FAREWELLS)
@pytest.mark.parametrize("listener", LISTENERS)
def test_a_limit_passes_nothing(listener, farewell, passed_by):
    assert passed_by(listener, limits(farewell), ASSERTIONS) == {}


@pytest.mark.parametrize("assertion", ASSERTIONS, ids=lambda each: each["assert"])
@pytest.mark.parametrize("connections", [1, 4])
@pytest.mark.parametrize("listener", ["implicit", "smtp"])
def test_a_limit_passes_nothing_that_is_asked_alone(listener, connections, assertion, passed_by):
    assert passed_by(listener, limits(turn_away), [assertion], connections) == {}


@pytest.mark.parametrize("listener", LISTENERS)
def test_one_node_out_of_order_passes_nothing(listener, passed_by):
    """Connections go round the nodes, and one of them does not answer hellos at all."""
    steps = {}
    for period in (2, 3, 4):
        for silent in range(period):
            nodes = [handshake()] * period
            nodes[silent] = [wait_for_bytes, close]
            steps[f"node {silent} of {period}"] = alternating(*nodes)
    assert passed_by(listener, steps, ASSERTIONS) == {}
