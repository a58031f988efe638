# SPDX-License-Identifier: GPL-3.0-or-later
"""Every mechanism that the packaged servers have: Dovecot over IMAP, POP3 and ManageSieve, and for
Postfix; Cyrus with channel binding."""

import contextlib
import http.server
import json
import os
import threading

import pytest

import gate as gate_module
from checklists import checklist, target
from gate import ROOT
from servers import cyrus, dovecot
from servers.postfix import Postfix, is_available

USERNAME, PASSWORD = gate_module.USERNAME, gate_module.PASSWORD
LIMITS = {"connect_timeout": "5s", "reply_timeout": "10s", "deadline": "25s"}
MECHANISMS = ("PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256")
OWN = {"imap": "IMAP LOGIN", "pop3": "USER"}
PROTOCOLS = {"imap": "imap", "pop3": "pop3", "sieve": "sieve", "submission": "smtp"}


def login(mechanism, **parameters):
    return {"assert": "auth.login", "mechanism": mechanism, "username": USERNAME,
            "password": "${password}", **parameters}


def wrong(mechanism):
    return {"assert": "auth.rejects_wrong_password", "mechanism": mechanism, "username": USERNAME}


TOKEN = "a token that is taken"


class Introspection(http.server.BaseHTTPRequestHandler):
    """Says of one token that it is active (RFC 7662)."""

    def do_GET(self):
        taken = self.headers.get("Authorization", "").removeprefix("Bearer ") == TOKEN
        body = json.dumps({"active": taken, "username": USERNAME} if taken else
                          {"active": False}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def introspection():
    """Gives the port."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Introspection) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@pytest.fixture(scope="module")
def token_ports(shared_directory, certificates):
    """A Dovecot that takes tokens and passwords."""
    if not dovecot.has_mailboxes():
        pytest.skip("Dovecot is not there, or this is not root")
    settings = shared_directory / "oauth2.conf"
    with introspection() as port:
        settings.write_text(f"introspection_url = http://127.0.0.1:{port}/\n"
                            "introspection_mode = auth\nusername_attribute = username\n"
                            "active_attribute = active\nactive_value = true\n")
        passdb = (f"passdb {{\n  driver = oauth2\n  mechanisms = oauthbearer xoauth2\n"
                  f"  args = {settings}\n}}")
        with dovecot.mailboxes(shared_directory / "token-mailboxes",
                               certificates.identities["good"], USERNAME, PASSWORD,
                               "plain oauthbearer xoauth2", passdb) as ports:
            yield ports


@pytest.mark.xdist_group("sasl-servers")
@pytest.mark.parametrize("listener", ["imap", "pop3", "sieve"])
@pytest.mark.parametrize("mechanism", ["OAUTHBEARER", "XOAUTH2"])
@pytest.mark.parametrize("token, verdict", [(TOKEN, "pass"), ("one that is not", "fail")],
                         ids=["right", "wrong"])
def test_tokens(token, verdict, mechanism, listener, token_ports, gate, certificates):
    row = {"assert": "auth.login", "mechanism": mechanism, "username": USERNAME,
           "token": "${token}"}
    outcome = gate(checklist(target(token_ports[listener], protocol=PROTOCOLS[listener],
                                    address=dovecot.ADDRESS), [row, wrong(mechanism)],
                             certificates.ca_file, LIMITS, secrets={"token": {"env": "TOKEN"}}),
                   "-v", env={"TOKEN": token})
    assert outcome.verdicts == {"auth.login": verdict,
                                "auth.rejects_wrong_password": "pass"}, outcome.text
    assert token not in outcome.text
    if verdict == "fail":
        assert ("status invalid_token" if mechanism == "OAUTHBEARER" else
                "status 401") in outcome.cases["auth.login"].message, outcome.text


@pytest.fixture(scope="module")
def ports(shared_directory, certificates):
    """Dovecot's by LISTENERS, and "submission", each with all MECHANISMS."""
    if os.geteuid() != 0 or not is_available() or not dovecot.has_mailboxes():
        pytest.skip("Postfix and Dovecot are not there, or this is not root")
    names = " ".join(MECHANISMS).lower()
    identity = certificates.identities["good"]
    with dovecot.mailboxes(shared_directory / "sasl-mailboxes", identity, USERNAME, PASSWORD,
                           names) as found:
        with Postfix(shared_directory / "sasl-postfix", identity,
                     {"submission": {"smtpd_tls_security_level": "encrypt"}},
                     mechanisms=names) as postfix:
            yield {**found, **postfix.ports}


@pytest.fixture
def judged(gate, certificates, ports):
    def judge(listener, *rows, password=PASSWORD):
        address = "127.0.0.1" if listener == "submission" else dovecot.ADDRESS
        return gate(checklist(target(ports[listener], protocol=PROTOCOLS[listener],
                                     address=address), list(rows), certificates.ca_file, LIMITS),
                    "-v", env={"SMTP_PASSWORD": password})
    return judge


@pytest.mark.xdist_group("sasl-servers")
@pytest.mark.parametrize("password, verdict", [(PASSWORD, "pass"), ("another", "error")])
@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"])
def test_mail_behind_each_mechanism(mechanism, password, verdict, judged):
    accepted = {"assert": "mail.accepted", "from": "gate@example.test", "to": "user@example.net",
                "username": USERNAME, "password": "${password}", "mechanism": mechanism}
    outcome = judged("submission", accepted, password=password)
    assert outcome.verdicts == {"mail.accepted": verdict}, outcome.text


@pytest.mark.xdist_group("sasl-servers")
@pytest.mark.parametrize("listener", PROTOCOLS)
@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_each_mechanism(mechanism, listener, judged):
    outcome = judged(listener, login(mechanism), wrong(mechanism))
    assert outcome.verdicts == {"auth.login": "pass",
                                "auth.rejects_wrong_password": "pass"}, outcome.text
    outcome = judged(listener, login(mechanism), password="another one")
    assert outcome.verdicts == {"auth.login": "fail"}, outcome.text
    assert outcome.cases["auth.login"].type == "starttls-gate.LoginRefused"


@pytest.mark.xdist_group("sasl-servers")
@pytest.mark.parametrize("listener", PROTOCOLS)
def test_all_mechanisms_in_one_run(listener, judged):
    outcome = judged(listener, *(login(name, id=name) for name in MECHANISMS))
    assert outcome.having("pass") == list(MECHANISMS), outcome.text


CYRUS = {"imap": "imap", "imaps": "imap", "pop3": "pop3", "sieve": "sieve"}
BOUND = ("SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS")


@pytest.fixture(scope="module", params=["1.2", "1.3"])
def cyrus_ports(request, shared_directory, certificates):
    """The version of TLS, and name -> port."""
    root = cyrus.root_of(ROOT / "build" / "cyrus")
    if root is None:
        pytest.skip("Cyrus cannot be had, or this is not root")
    with cyrus.cyrus(root, shared_directory / f"cyrus-{request.param}",
                     certificates.identities["good"], USERNAME, PASSWORD,
                     " ".join((*MECHANISMS, *BOUND)),
                     "tls_versions: tls" + request.param.replace(".", "_")) as ports:
        yield request.param, ports


@pytest.mark.xdist_group("cyrus")
@pytest.mark.parametrize("listener", CYRUS)
def test_cyrus(listener, cyrus_ports, gate, certificates):
    """In TLS 1.3 it takes tls-unique, which RFC 9266 has not: the login beside it tells."""
    version, ports = cyrus_ports
    names = (*MECHANISMS[2:], *BOUND)
    outcome = gate(checklist(target(ports[listener], protocol=CYRUS[listener],
                                    tls="implicit" if listener == "imaps" else "starttls"),
                             [login(name, id=name) for name in names], certificates.ca_file,
                             LIMITS))
    unbound = set(BOUND) if version == "1.3" else set()
    assert set(outcome.having("fail")) == unbound, outcome.text
    assert set(outcome.having("pass")) == set(names) - unbound, outcome.text


@pytest.mark.xdist_group("cyrus")
def test_cyrus_with_a_binding_alone(cyrus_ports, gate, certificates):
    version, ports = cyrus_ports
    outcome = gate(checklist(target(ports["imap"], protocol="imap"), [login(BOUND[0])],
                             certificates.ca_file, LIMITS))
    assert outcome.verdicts == {"auth.login": "pass" if version == "1.2" else "error"}, outcome.text


@pytest.mark.xdist_group("sasl-servers")
@pytest.mark.parametrize("listener", OWN)
def test_the_protocols_own_login(listener, judged):
    outcome = judged(listener, login(OWN[listener]), wrong(OWN[listener]))
    assert outcome.verdicts == {"auth.login": "pass",
                                "auth.rejects_wrong_password": "pass"}, outcome.text
    outcome = judged(listener, login(OWN[listener]), password="another one")
    assert outcome.verdicts == {"auth.login": "fail"}, outcome.text
