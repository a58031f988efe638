# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a mechanism sends or computes from a secret, no output shows it: of a login that works, of one
that is refused, and of one whose answer repeats all that was sent."""

import base64

import pytest

from checklists import checklist, target
from servers.sasl import Bearer, Cancelled, Carrier, Scram, cram_md5, tls_exporter
from servers.scripted import Smtp
from servers.speeches import Ftp, Imap, Pop3, Sieve, say
from test_own_logins import accounts
from test_sasl import stages

SECRET = "K7#vQz!m2W-x9L%pT&s"  # no part of it turns up by chance
NAME = "gate-account-0815"


def plain(carrier):
    return "yes" if carrier.begin() == f"\0{NAME}\0{SECRET}".encode() else "no"


def login(carrier):
    return "yes" if (carrier.ask(b"Username:"), carrier.ask(b"Password:")) == \
        (NAME.encode(), SECRET.encode()) else "no"


def scram(algorithm, **members):
    return Scram(algorithm, password=SECRET, username=NAME, **members)


BOUND = {"binding": staticmethod(tls_exporter)}
MECHANISMS = {
    "PLAIN": plain, "LOGIN": login, "CRAM-MD5": cram_md5, "SCRAM-SHA-1": scram("sha1"),
    "SCRAM-SHA-256": scram("sha256"), "SCRAM-SHA-1-PLUS": scram("sha1", **BOUND),
    "SCRAM-SHA-256-PLUS": scram("sha256", **BOUND), "OAUTHBEARER": Bearer(SECRET, NAME),
    "XOAUTH2": Bearer(SECRET, NAME),
}
SPEECHES = {"smtp": Smtp, "imap": Imap, "pop3": Pop3, "sieve": Sieve}


def repeating(mechanism):
    """Lets the mechanism go on, and ends it with a no that repeats the client's lines."""
    def step(conversation):
        carrier = Carrier(conversation)
        before = len(conversation.received_inside)
        try:
            mechanism(carrier)
        except (Cancelled, ValueError):
            pass
        sent = bytes(conversation.received_inside[before:]).decode("latin-1").split("\r\n")
        text = " ".join([conversation.line, *sent]).replace('"', "").strip()
        decoded = " ".join(_decoded(word) for word in text.split())
        carrier.write({"smtp": "535-{}\r\n535 {}", "imap": "* OK {}\r\nTAG NO {}",
                       "pop3": "-ERR {} {}", "sieve": 'NO "{} {}"'}[carrier.protocol].format(
                           text, decoded))
    return step


def _decoded(word):
    try:
        return base64.b64decode(word, validate=True).decode("latin-1").translate(
            {code: " " for code in range(32)} | {34: " ", 92: " "})
    except ValueError:
        return word


def row(mechanism):
    member = "token" if "AUTH" in mechanism else "password"
    return {"assert": "auth.login", "mechanism": mechanism, "username": NAME,
            member: "${secret}"}


@pytest.fixture
def shown(gate, scripted, certificates):
    """Runs a login; gives the outcome, all outputs, and all that was sent inside TLS."""
    def run(stages, speech, assertion, secret=SECRET):
        server = scripted(stages, speech=speech)
        page = gate.directory / "report.json"
        outcome = gate(checklist(target(server.port, protocol=getattr(speech, "name", "smtp")),
                                 [assertion], certificates.ca_file,
                                 secrets={"secret": {"env": "THE_SECRET"}}),
                       "--report", f"json={page}", "-v", env={"THE_SECRET": secret})
        outputs = [outcome.stdout, outcome.stderr, outcome.report.decode(), page.read_text()]
        sent = b"\r\n".join(bytes(c.received_inside) for c in server.conversations)
        return outcome, outputs, sent.decode("latin-1")
    return run


def expect_nothing(outputs, sent, secret):
    words = {word.strip('"') for line in sent.split("\r\n") for word in line.split()}
    words = {word for word in words if len(word) > 11 and not word.startswith("[")
             and word not in MECHANISMS and word != "AUTHENTICATE"}
    parts = {secret[at:at + 6] for at in range(len(secret) - 5)}
    decoded = {part for word in words for part in _decoded(word).split(",")
               if part.startswith(("p=", "c="))}
    for output in outputs:
        for one in words - {NAME} | parts | decoded:
            assert one not in output, (one, output)


@pytest.mark.parametrize("protocol", SPEECHES)
@pytest.mark.parametrize("name", MECHANISMS)
@pytest.mark.parametrize("how", ["right", "wrong", "repeated"])
def test_no_sink_shows_it(how, name, protocol, shown):
    speech = SPEECHES[protocol]
    behind = stages(speech, name, MECHANISMS[name])
    if how == "repeated":
        behind["tls " + getattr(speech, "login", "AUTH")] = [repeating(MECHANISMS[name])]
    secret = SECRET if how != "wrong" else SECRET[::-1]
    outcome, outputs, sent = shown(behind, speech, row(name), secret)
    right = how == "right" and name != "CRAM-MD5"  # whose server knows another account
    refused = "error" if "PLUS" in name else "fail"
    assert outcome.verdicts["auth.login"] == ("pass" if right else refused), outcome.text
    assert len(sent) > 40
    expect_nothing(outputs, sent, secret)


@pytest.mark.parametrize("speech, name", [(Imap, "IMAP LOGIN"), (Pop3, "USER"), (Ftp, "USER")],
                         ids=["imap", "pop3", "ftp"])
@pytest.mark.parametrize("how", ["right", "wrong", "repeated"])
def test_no_sink_shows_it_of_own_logins(how, speech, name, shown):
    no = {"imap": "TAG NO {}", "pop3": "-ERR {}", "ftp": "530 {}"}[speech.name]
    repeat = [lambda conversation: conversation.run([say(no.format(conversation.line))])]
    behind = accounts(NAME, SECRET)
    if how == "repeated":
        behind = {**behind, "tls LOGIN": repeat, "tls PASS": repeat}
    secret = SECRET if how != "wrong" else SECRET[::-1]
    outcome, outputs, sent = shown(behind, speech, row(name), secret)
    assert outcome.verdicts["auth.login"] == ("pass" if how == "right" else "fail"), outcome.text
    assert secret in sent
    expect_nothing(outputs, sent, secret)
