# SPDX-License-Identifier: GPL-3.0-or-later
"""EXTERNAL: who logs in is told by the client's certificate, in the handshake."""

import ssl

import pytest

from checklists import checklist, target
from servers import dovecot
from servers.certificates import RSA_KEY, Authority
from servers.sasl import NO, YES
from servers.scripted import PASSWORD, USERNAME, Smtp
from test_sasl import IDS, SPEECHES, stages

LIMITS = {"connect_timeout": "5s", "reply_timeout": "10s", "deadline": "25s"}
KEYS = {"ec": ("ec", "-pkeyopt", "ec_paramgen_curve:P-256"), "rsa": RSA_KEY}


@pytest.fixture(scope="session")
def clients(shared_directory):
    """The authority of clients, and identities by kind of key."""
    authority = Authority(shared_directory / "clients", "Clients")
    return authority, {kind: authority.issue(kind, [USERNAME], usage="clientAuth", key_type=key)
                       for kind, key in KEYS.items()}


def external(carrier):
    """Takes the name in the certificate, and no other."""
    name = carrier.begin().decode()
    certificate = carrier.conversation._tls.getpeercert() or {"subject": ()}
    names = [value for part in certificate["subject"] for key, value in part
             if key == "commonName"]
    return YES if names == [USERNAME] and name in ("", USERNAME) else NO


def login(**parameters):
    return {"assert": "auth.login", "mechanism": "EXTERNAL", **parameters}


def shown(identity):
    return {"client_certificate": str(identity.chain), "client_key": str(identity.key)}


@pytest.fixture
def tried(gate, scripted, certificates, clients):
    def run(speech, *rows, kind="ec", maximum=ssl.TLSVersion.TLSv1_3, members=None,
            mechanism=external):
        context = certificates.context(maximum_version=maximum)
        context.verify_mode = ssl.CERT_OPTIONAL
        context.load_verify_locations(clients[0].certificate)
        server = scripted(stages(speech, "EXTERNAL", mechanism), context,
                          speech=speech)
        members = shown(clients[1][kind]) if members is None else members
        return gate(checklist(target(server.port, protocol=getattr(speech, "name", "smtp"),
                                     **members), list(rows), certificates.ca_file), "-v"), server
    return run


@pytest.mark.parametrize("speech", SPEECHES, ids=IDS)
@pytest.mark.parametrize("maximum", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize("kind", KEYS)
def test_a_certificate_logs_in(kind, maximum, speech, tried):
    for row in (login(), login(username=USERNAME)):
        outcome, _ = tried(speech, row, kind=kind, maximum=maximum)
        assert outcome.verdicts == {"auth.login": "pass"}, outcome.text


def test_nothing_to_say_is_an_equals_sign(tried):
    _, server = tried(Smtp, login())
    assert b"AUTH EXTERNAL =\r\n" in server.received


def test_another_name_is_refused(tried):
    outcome, _ = tried(Smtp, login(username="somebody"))
    assert outcome.verdicts == {"auth.login": "fail"}, outcome.text


def test_the_key_is_shown_nowhere(tried, clients):
    outcome, server = tried(Smtp, login(username="somebody"))
    lines = clients[1]["ec"].key.read_text().splitlines()[1:-1]
    assert not any(line in outcome.text or line.encode() in server.received for line in lines)


def members_of(clients, **changes):
    return {key: value for key, value in {**shown(clients[1]["ec"]), **changes}.items()
            if value is not None}


def test_without_a_certificate_it_is_refused_at_load(gate, certificates):
    path = gate.write(checklist(target(587), [login()], certificates.ca_file))
    outcome = gate.command("validate", path)
    assert outcome.status == 2 and "client_certificate" in outcome.stderr, outcome.text


# What cannot serve: changes of the members, words of the problem, and the line that it is at.
@pytest.mark.parametrize("case, words", [
    ("the other's key", "does not belong"), ("no key", "go together"),
    ("no certificate", "go together"), ("no such key", "No such file"),
    ("no such certificate", "No such file"), ("a certificate for a key", "no private key"),
    ("a key for a certificate", "no certificate")])
def test_a_pair_that_cannot_serve(case, words, gate, certificates, clients):
    ec, rsa = clients[1]["ec"], clients[1]["rsa"]
    changes = {"the other's key": {"client_key": str(rsa.key)}, "no key": {"client_key": None},
               "no certificate": {"client_certificate": None},
               "no such key": {"client_key": "nothing.pem"},
               "no such certificate": {"client_certificate": "nothing.pem"},
               "a certificate for a key": {"client_key": str(ec.chain)},
               "a key for a certificate": {"client_certificate": str(ec.key)}}[case]
    path = gate.write(checklist(target(587, **members_of(clients, **changes)), [login()],
                                certificates.ca_file))
    outcome = gate.command("run", path)
    assert outcome.status == 2 and words in outcome.stderr, outcome.text
    assert "test.json:" in outcome.stderr
    assert "PRIVATE KEY" not in outcome.text


def test_a_key_is_not_needed_to_validate(gate, certificates, clients):
    path = gate.write(checklist(target(587, **members_of(clients, client_key="nothing.pem")),
                                [login()], certificates.ca_file))
    assert gate.command("validate", path).status == 0


def test_target_defaults_have_it_too(gate, certificates, clients, tmp_path):
    text = checklist(target(587), [login()], certificates.ca_file,
                     target_defaults=shown(clients[1]["ec"]))
    assert gate.command("validate", gate.write(text)).status == 0


EXTERNAL_CONF = """\
ssl_ca = <{authority}
ssl_verify_client_cert = yes
ssl_require_crl = no
auth_ssl_username_from_cert = yes
passdb {{
  driver = static
  mechanisms = external
  args = nopassword
}}
"""


@pytest.mark.xdist_group("sasl-servers")
@pytest.mark.parametrize("listener", ["imap", "imaps", "pop3", "sieve"])
def test_dovecot(listener, shared_directory, gate, certificates, clients, tmp_path_factory):
    if not dovecot.has_mailboxes():
        pytest.skip("Dovecot is not there, or this is not root")
    with dovecot.mailboxes(shared_directory / f"external-{listener}",
                           certificates.identities["good"], USERNAME, PASSWORD, "plain external",
                           EXTERNAL_CONF.format(authority=clients[0].certificate)) as ports:
        for username, verdict in ((None, "pass"), (USERNAME, "pass"), ("somebody", "fail")):
            row = login(**({} if username is None else {"username": username}))
            outcome = gate(checklist(
                target(ports[listener], protocol=listener.rstrip("s"),
                       tls="implicit" if listener == "imaps" else "starttls",
                       address=dovecot.ADDRESS, **shown(clients[1]["ec"])),
                [row], certificates.ca_file, LIMITS))
            assert outcome.verdicts == {"auth.login": verdict}, outcome.text
