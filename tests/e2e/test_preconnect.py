# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections that are begun before they are needed: a server that closes is asked in the same order
as ever, one hello behind the answer to the other, and what becomes of a client that says nothing
is no answer to what it would have said."""

import threading
import time

import pytest

from checklists import checklist, target
from servers.hellos import SSL3, Hello, server_hello
from servers.scripted import Ended, close, sleep

RSA_AES = 0x002f
ANSWER_SECONDS = 0.04
PATIENCE_SECONDS = 0.015  # with a client that says nothing


class Listener:
    """A step that closes on SSLv3, and takes down when each connection came, spoke and was answered.
    `answers_from`: the SSLv3 hello, counted from 1, from which on it is accepted."""

    def __init__(self, patience=None, answers_from=None):
        self.patience = patience
        self.answers_from = answers_from
        self.seen = []
        self.silent = 0
        self._asked = 0
        self._lock = threading.Lock()

    def _receive(self, conversation):
        patient = conversation.connection.gettimeout()
        conversation.connection.settimeout(self.patience or patient)
        try:
            data = conversation.receive_raw()
        except (TimeoutError, Ended):
            self.silent += 1
            conversation.connection.close()
            raise Ended from None
        conversation.connection.settimeout(patient)
        return data

    def __call__(self, conversation):
        entry = {"opened": time.monotonic()}
        data = self._receive(conversation)
        entry["spoke"] = time.monotonic()
        entry["kind"] = "ask" if Hello(data).version == SSL3 else "control"
        with self._lock:
            self.seen.append(entry)
            self._asked += entry["kind"] == "ask"
            accepts = self.answers_from is not None and self._asked >= self.answers_from
        if entry["kind"] == "ask":
            entry["answered"] = time.monotonic()
            if not accepts:
                close(conversation)
            conversation.write_raw(server_hello(SSL3, RSA_AES))
            raise Ended
        sleep(ANSWER_SECONDS)(conversation)
        entry["answered"] = time.monotonic()
        conversation.start_tls(conversation.server.context, data)
        entry["kind"] = "session"

    def repeated(self):
        """The hellos from the first that was closed on, but for the session's."""
        hellos = [entry for entry in self.seen if entry["kind"] != "session"]
        first = next(i for i, entry in enumerate(hellos) if entry["kind"] == "ask")
        return hellos[first:]


@pytest.fixture
def run_against(gate, scripted, certificates):
    def run(listener, connections):
        server = scripted(context=certificates.context(), implicit=[listener])
        return gate(checklist(target(server.port, tls="implicit"),
                              [{"assert": "vulnerability.poodle"}], certificates.ca_file,
                              limits={"connections": connections}))
    return run


@pytest.mark.parametrize("connections", [1, 2])
def test_each_hello_comes_behind_the_answer_to_the_one_before(connections, run_against):
    listener = Listener()
    outcome = run_against(listener, connections)
    assert outcome.verdicts == {"vulnerability.poodle": "pass"}, outcome.text
    hellos = listener.repeated()
    assert "".join(entry["kind"][0] for entry in hellos) == "accacac"
    pairs = list(zip(hellos, hellos[1:]))
    assert all(after["spoke"] >= before["answered"] for before, after in pairs)
    begun = sum(after["opened"] < before["answered"] for before, after in pairs)
    assert (begun == 0) if connections == 1 else (begun >= 2), hellos
    assert listener.silent == 0


def test_a_close_on_a_client_that_says_nothing_is_no_refusal(run_against):
    """It closes on one SSLv3 hello, takes the next, and has no patience meanwhile."""
    listener = Listener(PATIENCE_SECONDS, answers_from=2)
    outcome = run_against(listener, 2)
    assert outcome.verdicts == {"vulnerability.poodle": "fail"}, outcome.text
    assert listener.silent == 1


def test_an_impatient_server_that_refuses_is_asked_on_further_connections(run_against):
    listener = Listener(PATIENCE_SECONDS)
    outcome = run_against(listener, 2)
    assert outcome.verdicts == {"vulnerability.poodle": "pass"}, outcome.text
    assert "".join(entry["kind"][0] for entry in listener.repeated()) == "accacac"
    assert listener.silent == 1


def test_a_connection_that_was_not_needed_is_counted(run_against):
    listener = Listener(answers_from=2)
    outcome = run_against(listener, 2)
    assert outcome.verdicts == {"vulnerability.poodle": "fail"}, outcome.text
    deadline = time.monotonic() + 5
    while listener.silent == 0 and time.monotonic() < deadline:
        time.sleep(0.01)
    made = len(listener.seen) + listener.silent
    assert f"{made} connections" in outcome.text
