# SPDX-License-Identifier: GPL-3.0-or-later
"""LMTP (RFC 2033): the row of a protocol that is SMTP but for its hello."""

import pytest

from checklists import checklist, target
from servers import dovecot
from servers.scripted import close, hang, send, speaking_lmtp


def row(name, /, **parameters):
    return {"assert": name, **parameters}


ROWS = ["connection.established", "connection.greeting", "connection.line_endings",
        "ehlo.accepted", "starttls.advertised", "starttls.accepted", "starttls.clean_reply",
        "starttls.no_injection", "starttls.forgets_state", "tls.handshake", "tls.version",
        "certificate.expiry", "certificate.trusted", "certificate.hostname", "session.ehlo",
        "starttls.not_reoffered"]


@pytest.fixture
def judged(gate, certificates):
    """The outcome of rows for a server that speaks LMTP on that port."""
    def judge(port, *rows, protocol="lmtp"):
        return gate(checklist(target(port, protocol=protocol), list(rows or map(row, ROWS)),
                              certificates.ca_file))
    return judge


@pytest.fixture(scope="module")
def dovecot_lmtp(shared_directory, certificates):
    if not dovecot.is_available("lmtp"):
        pytest.skip("Dovecot with LMTP is not there, or this is not root")
    with dovecot.dovecot(shared_directory / "lmtp", certificates.identities["good"],
                         {"ssl": "yes", "ssl_min_protocol": "TLSv1.2"}, "lmtp") as port:
        yield port


def test_dovecot(judged, dovecot_lmtp):
    outcome = judged(dovecot_lmtp)
    assert outcome.having("pass") == ROWS, outcome.text


def test_smtp_to_a_server_of_lmtp(judged, dovecot_lmtp):
    outcome = judged(dovecot_lmtp, row("ehlo.accepted"), row("tls.handshake"), protocol="smtp")
    assert outcome.verdicts == {"ehlo.accepted": "fail", "tls.handshake": "skipped"}, outcome.text


def test_the_hello_is_that_of_lmtp(judged, scripted):
    server = scripted(speaking_lmtp())
    outcome = judged(server.port, row("ehlo.accepted"), row("session.ehlo"))
    assert outcome.having("pass") == ["ehlo.accepted", "session.ehlo"], outcome.text
    assert b"LHLO " in server.received and b"EHLO" not in server.received, server.received


@pytest.mark.parametrize("stages, verdicts", [
    ({"LHLO": [send("500 5.5.1 no")]}, {"ehlo.accepted": "fail", "tls.handshake": "skipped"}),
    ({"LHLO": [send("421 4.3.2 bye"), close]},
     {"ehlo.accepted": "error", "tls.handshake": "skipped"}),
    ({"LHLO": [hang]}, {"ehlo.accepted": "error", "tls.handshake": "skipped"}),
    ({"LHLO": [send("220 ready")]}, {"ehlo.accepted": "error", "tls.handshake": "skipped"}),
    ({"STARTTLS": [send("454 4.7.0 not now")]},
     {"ehlo.accepted": "pass", "starttls.accepted": "fail", "tls.handshake": "skipped"}),
], ids=["refused", "leaves", "silent", "out of step", "STARTTLS put off"])
def test_a_server_that_does_not_go_along(stages, verdicts, judged, scripted):
    server = scripted(speaking_lmtp(stages))
    outcome = judged(server.port, row("ehlo.accepted"), row("tls.handshake"))
    assert outcome.verdicts == verdicts, outcome.text
