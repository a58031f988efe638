# SPDX-License-Identifier: GPL-3.0-or-later
"""Mechanisms in which the password itself is not sent, over every protocol: honest servers, servers
that lie, and what must not be shown of any of it."""

import base64
import hashlib
import hmac
import json
import ssl
import time

import pytest

import gate as gate_module
from checklists import checklist, target
from servers.sasl import NO, YES, Scram, cram_md5, sasl, tls_exporter, tls_unique
from servers.scripted import PASSWORD, USERNAME, Smtp, close, hang, send
from servers.speeches import Imap, Pop3, Sieve, say

SPEECHES = [Smtp, Imap, Pop3, Sieve]
IDS = ["smtp", "imap", "pop3", "sieve"]
LIMITS = {"reply_timeout": "5s", "deadline": "20s"}


def row(name, /, **parameters):
    return {"assert": name, **parameters}


def login(mechanism, **parameters):
    return row("auth.login", **{"mechanism": mechanism, "username": USERNAME,
                                "password": "${password}", **parameters})


def wrong(mechanism, **parameters):
    return row("auth.rejects_wrong_password",
               **{"mechanism": mechanism, "username": USERNAME, **parameters})


def offering(speech, *mechanisms, initial=True):
    names = " ".join(mechanisms)
    if speech is Smtp:
        return [send("250-mail.example.test", f"250 AUTH {names}")]
    if speech is Imap:
        return Imap.offering(*(f"AUTH={name}" for name in mechanisms),
                             *(["SASL-IR"] if initial else []))
    return speech.offering(f"SASL {names}" if speech is Pop3 else f'"SASL" "{names}"')


def stages(speech, name, mechanism, initial=True, **options):
    """A server that offers one mechanism."""
    offer = offering(speech, name, initial=initial)
    login_stage = {"tls " + getattr(speech, "login", "AUTH"): [sasl(mechanism, **options)]}
    if speech is Sieve:
        return {"STARTTLS": [*Sieve.good["STARTTLS"][:2], *offer], **login_stage}
    return {"tls " + getattr(speech, "hello", "EHLO"): offer, **login_stage}


@pytest.fixture
def tried(gate, scripted, certificates):
    """Runs assertions against a server that offers one mechanism; gives outcome and server."""
    def run(speech, name, mechanism, *rows, password=PASSWORD, more=(), initial=True, context=None,
            **options):
        server = scripted({**stages(speech, name, mechanism, initial, **options), **dict(more)},
                          context, speech=speech)
        page = gate.directory / "report.json"
        outcome = gate(checklist(target(server.port, protocol=getattr(speech, "name", "smtp")),
                                 list(rows), certificates.ca_file, LIMITS),
                       "--report", f"json={page}", "-v", env={"SMTP_PASSWORD": password})
        outcome.page = page.read_text()
        return outcome, server
    return run


HONEST = {"CRAM-MD5": cram_md5, "SCRAM-SHA-1": Scram("sha1"), "SCRAM-SHA-256": Scram("sha256")}


@pytest.mark.parametrize("speech", SPEECHES, ids=IDS)
@pytest.mark.parametrize("name", HONEST)
@pytest.mark.parametrize("password, verdict", [(PASSWORD, "pass"), ("wrong", "fail")])
def test_an_honest_server(speech, name, password, verdict, tried):
    outcome, _ = tried(speech, name, HONEST[name], login(name), wrong(name), password=password)
    assert outcome.verdicts == {"auth.login": verdict,
                                "auth.rejects_wrong_password": "pass"}, outcome.text


@pytest.mark.parametrize("name", HONEST)
def test_imap_without_initial_responses(name, tried):
    outcome, server = tried(Imap, name, HONEST[name], login(name), initial=False)
    assert outcome.status == 0, outcome.text
    assert f" AUTHENTICATE {name}\r\n".encode() in server.received


@pytest.mark.parametrize("speech", SPEECHES, ids=IDS)
@pytest.mark.parametrize("name, has_initial", [("CRAM-MD5", False), ("SCRAM-SHA-1", True)])
def test_only_who_speaks_first_has_an_initial_response(speech, name, has_initial, tried):
    _, server = tried(speech, name, HONEST[name], login(name))
    command = [line for line in server.received.splitlines() if name.encode() in line][-1]
    assert (not command.rstrip(b'"').endswith(name.encode())) == has_initial, command


@pytest.mark.parametrize("speech, carried", [(Sieve, "beside"), (Smtp, "beside"),
                                             (Sieve, "challenge")])
def test_where_the_signature_may_come(speech, carried, tried):
    outcome, _ = tried(speech, "SCRAM-SHA-256", Scram("sha256", carried=carried),
                       login("SCRAM-SHA-256"))
    assert outcome.status == 0, outcome.text


class WrongSignature(Scram):
    def signature(self, signature):
        return bytes(reversed(signature))


class ShortSignature(Scram):
    def signature(self, signature):
        return signature[:4]


def first(change):
    """A server whose first message is made from the right one."""
    class Changed(Scram):
        def server_first(self, nonce):
            return change(super().server_first(nonce))
    return Changed()


def final(message):
    class Changed(Scram):
        def final(self, signature):
            return message
    return Changed()


def ends_early(carrier):
    carrier.begin()
    return YES


def another_challenge(carrier):
    Scram()(carrier)
    carrier.ask(b"and?")
    return YES


# Sentence -> the server, the verdict, the type of the failure, words of the message.
LIES = {
    "a yes without a signature": (Scram(carried=None), "fail", "ServerUnproven", "v="),
    "a yes before the proof": (ends_early, "fail", "ServerUnproven", "v="),
    "a wrong signature": (WrongSignature(), "fail", "ServerUnproven", "does not verify"),
    "a short signature": (ShortSignature(), "fail", "ServerUnproven", "does not verify"),
    "an empty signature": (final(b"v="), "fail", "MechanismBroken", "cannot be read"),
    "no final message": (final(b"hello"), "fail", "MechanismBroken", "cannot be read"),
    "one iteration": (first(lambda text: text.replace("4096", "1")), "fail", "FewIterations",
                      "1 iterations"),
    "4095 iterations": (first(lambda text: text.replace("4096", "4095")), "fail",
                        "FewIterations", "4095 iterations"),
    "ten million iterations": (first(lambda text: text.replace("4096", "10000000")), "error",
                               "LoginUndecided", "more than 1000000"),
    "another nonce": (first(lambda text: "r=x" + text[2:]), "fail", "ServerUnproven", "nonce"),
    "nothing added to the nonce": (first(lambda text: text.replace("server,", ",")), "fail",
                                   "ServerUnproven", "nonce"),
    "a mandatory extension": (first(lambda text: "m=x," + text), "fail", "MechanismBroken",
                              "cannot be read"),
    "an optional extension": (first(lambda text: text + ",x=y"), "error", "LoginUndecided",
                              "extension"),
    "no salt": (first(lambda text: text.split(",s=")[0] + ",i=4096"), "fail", "MechanismBroken",
                "cannot be read"),
    "an error first": (first(lambda text: "e=other-error"), "fail", "LoginRefused",
                       "e=other-error"),
    "an error in the end": (final(b"e=invalid-encoding"), "fail", "LoginRefused",
                            "e=invalid-encoding"),
    "an error of its own": (final(b"e=" + PASSWORD.encode()), "fail", "LoginRefused",
                            "that RFC 5802 has not"),
    "no resources": (final(b"e=no-resources"), "error", "LoginUndecided", "e=no-resources"),
    "a first message of 5000 bytes": (first(lambda text: text.replace("server", "s" * 5000)),
                                      "error", None, ""),
}


@pytest.mark.parametrize("speech", SPEECHES, ids=IDS)
@pytest.mark.parametrize("cancelled", [NO, YES])
@pytest.mark.parametrize("lie", LIES)
def test_a_server_that_lies(lie, cancelled, speech, tried):
    """Whatever it says to an asterisk: it stays what it is."""
    server, verdict, kind, words = LIES[lie]
    started = time.monotonic()
    outcome, _ = tried(speech, "SCRAM-SHA-1", server, login("SCRAM-SHA-1"), cancelled=cancelled)
    case = outcome.cases["auth.login"]
    assert case.verdict == verdict, outcome.text
    assert words in case.message, outcome.text
    assert kind is None or case.type == "starttls-gate." + kind, outcome.text
    assert time.monotonic() - started < 5


def test_no_proof_is_given_for_few_iterations(tried):
    outcome, server = tried(Smtp, "SCRAM-SHA-1", LIES["one iteration"][0], login("SCRAM-SHA-1"))
    inside = bytes(server.conversations[-1].received_inside).split(b"\r\n")
    assert b"*" in inside, inside
    assert outcome.status == 1


def test_a_further_challenge_decides_nothing(tried):
    outcome, _ = tried(Smtp, "SCRAM-SHA-1", another_challenge, login("SCRAM-SHA-1"))
    assert outcome.verdicts == {"auth.login": "error"}, outcome.text


BREAKS = {"a close": [close], "silence": [hang], "another code": [send("250 hm")],
          "a later": [send("454 4.7.0 later")]}


@pytest.mark.parametrize("name", HONEST)
@pytest.mark.parametrize("how", BREAKS)
def test_what_decides_nothing(how, name, gate, scripted, certificates):
    server = scripted({**stages(Smtp, name, None), "tls AUTH": BREAKS[how]})
    limits = {"reply_timeout": "1s", "deadline": "10s"}
    for assertion in (login(name), wrong(name)):
        outcome = gate(checklist(server.port, [assertion], certificates.ca_file, limits))
        assert outcome.verdicts[assertion["assert"]] in ("error", "skipped"), outcome.text


@pytest.mark.parametrize("name", HONEST)
@pytest.mark.parametrize("challenge", ["334 ?", "334 a", "334 =", "334"])
def test_a_challenge_that_cannot_be_read(challenge, name, gate, scripted, certificates):
    """What comes first of all is not looked at where the client is first."""
    server = scripted({**stages(Smtp, name, None),
                       "tls AUTH": [send(challenge), lambda c: c.read_line(), send("501 no")]})
    outcome = gate(checklist(server.port, [login(name)], certificates.ca_file))
    assert outcome.cases["auth.login"].type == "starttls-gate.MechanismBroken", outcome.text


# What says that a made-up password is wrong, and what does not.
WRONG = {
    "invalid-proof": (final(b"e=invalid-proof"), "error"),  # the right password is another matter
    "a yes": (ends_early, "fail"),
    "few iterations": (LIES["one iteration"][0], "error"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_password(case, tried):
    server, verdict = WRONG[case]
    if case == "invalid-proof":
        class Explains(Scram):
            def __call__(self, carrier):
                assert Scram.__call__(self, carrier) == NO
                carrier.ask(b"e=invalid-proof")
                return NO
        server, verdict = Explains(), "pass"
    outcome, _ = tried(Smtp, "SCRAM-SHA-1", server, wrong("SCRAM-SHA-1"))
    assert outcome.verdicts == {"auth.rejects_wrong_password": verdict}, outcome.text


@pytest.mark.parametrize("password", ["a\tb", "smile \U0001f600" + chr(0x378), "\u200e\u05d0a"])
@pytest.mark.parametrize("name", ["SCRAM-SHA-1"])
def test_what_cannot_be_prepared_is_not_sent(name, password, tried):
    outcome, server = tried(Smtp, name, HONEST[name], login(name), password=password)
    if outcome.verdicts == {"auth.login": "fail"}:
        pytest.skip("this library sends it")
    assert outcome.verdicts == {"auth.login": "error"}, outcome.text
    assert "RFC 4013" in outcome.cases["auth.login"].message
    assert b"AUTH" not in bytes(server.conversations[-1].received_inside)


def test_strings_are_prepared(tried):
    """The letter and its accent apart (NFD), as some keyboards send it."""
    outcome, _ = tried(Smtp, "SCRAM-SHA-256", Scram("sha256", password="caf\u00e9"),
                       login("SCRAM-SHA-256"), password="cafe\u0301")
    assert outcome.status == 0, outcome.text


class Echo(Scram):
    """Repeats all that it was sent, in the messages where a text may stand."""

    def __call__(self, carrier):
        sent = [carrier.begin()]
        sent.append(carrier.ask(self.server_first(_nonce(sent[0])).encode()))
        text = base64.b64encode(sent[1]).decode() + " " + sent[1].decode()
        carrier.write({"smtp": "535 " + text, "imap": "TAG NO " + text, "pop3": "-ERR " + text,
                       "sieve": 'NO "' + text + '"'}[carrier.protocol])
        raise ValueError  # ends the conversation


def _nonce(message):
    return message.decode().split(",r=")[1]


def echo_digest(carrier):
    sent = carrier.ask(b"<1.2@mail.example.test>")
    text = sent.decode() + " " + base64.b64encode(sent).decode()
    carrier.write({"smtp": "535 " + text, "imap": "TAG NO " + text, "pop3": "-ERR " + text,
                   "sieve": 'NO "' + text + '"'}[carrier.protocol])
    raise ValueError


@pytest.mark.parametrize("speech", SPEECHES, ids=IDS)
@pytest.mark.parametrize("name, server", [("SCRAM-SHA-1", Echo()), ("CRAM-MD5", echo_digest)])
def test_nothing_derived_is_shown(name, server, speech, tried):
    outcome, scripted_server = tried(speech, name, server, login(name))
    digest = hmac.new(PASSWORD.encode(), b"<1.2@mail.example.test>", hashlib.md5).hexdigest()
    inside = [line.strip(b'"').decode("latin-1")
              for line in scripted_server.received.splitlines()]
    shown = outcome.text + outcome.page
    assert outcome.verdicts == {"auth.login": "fail"}, outcome.text
    assert digest not in shown and ",p=" not in shown
    for line in inside:
        words = line.split() or [""]
        if len(words[-1]) > 16 and not line.startswith(("EHLO", "LHLO")):
            assert words[-1].strip('"') not in shown, words[-1]
    assert json.loads(outcome.page)


VERSIONS = {"1.3": (ssl.TLSVersion.TLSv1_3, tls_exporter), "1.2": (ssl.TLSVersion.TLSv1_2, tls_unique)}


@pytest.fixture
def bound(tried, certificates):
    """The same over one version of TLS; `binding` is what the server takes for the right one."""
    def run(version, speech, *rows, algorithm="sha1", binding=None, offer="SCRAM-SHA-1-PLUS",
            context=None, **options):
        maximum, right = VERSIONS[version]
        context = context or certificates.context(maximum_version=maximum)
        server = Scram(algorithm, binding=staticmethod(binding or right))
        return tried(speech, offer, server, *rows, context=context, **options)[0]
    return run


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("speech", SPEECHES, ids=IDS)
@pytest.mark.parametrize("name, algorithm", [("SCRAM-SHA-1-PLUS", "sha1"),
                                             ("SCRAM-SHA-256-PLUS", "sha256")])
def test_a_login_is_bound_to_its_connection(name, algorithm, speech, version, bound):
    outcome = bound(version, speech, login(name), algorithm=algorithm, offer=name)
    assert outcome.verdicts == {"auth.login": "pass"}, outcome.text


def stranger(conversation):
    """What somebody between the two ends would know."""
    return bytes(32)


@pytest.mark.parametrize("version", VERSIONS)
def test_another_binding_leaves_it_open(version, bound):
    outcome = bound(version, Smtp, login("SCRAM-SHA-1-PLUS"), binding=stranger)
    assert outcome.verdicts == {"auth.login": "error"}, outcome.text
    assert "channel binding" in outcome.cases["auth.login"].message


def by_name(**mechanisms):
    def play(carrier):
        return mechanisms[carrier.name.replace("-", "_")](carrier)
    return play


@pytest.mark.parametrize("password, verdicts", [
    (PASSWORD, {"plain": "pass", "bound": "fail"}), ("wrong", {"plain": "fail", "bound": "error"})])
def test_a_plain_login_tells_what_is_wrong(password, verdicts, tried):
    offer = {"tls EHLO": [send("250-mail.example.test", "250 AUTH SCRAM-SHA-1 SCRAM-SHA-1-PLUS")]}
    server = by_name(SCRAM_SHA_1=Scram(), SCRAM_SHA_1_PLUS=Scram(binding=staticmethod(stranger)))
    outcome, _ = tried(Smtp, "", server, login("SCRAM-SHA-1", id="plain"),
                       login("SCRAM-SHA-1-PLUS", id="bound"), password=password, more=offer)
    assert outcome.verdicts == verdicts, outcome.text


def test_without_an_offer_there_is_no_other_way(tried):
    outcome, server = tried(Smtp, "SCRAM-SHA-1", Scram(), login("SCRAM-SHA-1-PLUS"))
    assert outcome.verdicts == {"auth.mechanisms": "fail", "auth.login": "skipped"}, outcome.text
    assert "missing SCRAM-SHA-1-PLUS" in outcome.cases["auth.mechanisms"].message
    assert b"AUTH SCRAM" not in server.received


def test_without_extended_master_secret_nothing_is_bound(bound, certificates):
    context = certificates.context(maximum_version=ssl.TLSVersion.TLSv1_2)
    context.options |= 1  # SSL_OP_NO_EXTENDED_MASTER_SECRET
    outcome = bound("1.2", Smtp, login("SCRAM-SHA-1-PLUS"), context=context)
    assert outcome.verdicts == {"auth.login": "error"}, outcome.text
    assert "extended_master_secret" in outcome.cases["auth.login"].message, outcome.text


MAIL = {"MAIL": [send("250 2.1.0 ok")], "RCPT": [send("250 2.1.5 ok")], "RSET": [send("250 ok")]}


@pytest.mark.parametrize("carried, verdict", [("challenge", "pass"), (None, "error")])
def test_mail_behind_a_yes_needs_its_proof(carried, verdict, tried):
    """Who let everybody in is not known to be the server that knows the password."""
    accepted = row("mail.accepted", **{"from": "gate@example.test", "to": "a@example.net",
                                       "username": USERNAME, "password": "${password}",
                                       "mechanism": "SCRAM-SHA-256"})
    more = {f"tls {verb}": steps for verb, steps in MAIL.items()}
    outcome, server = tried(Smtp, "SCRAM-SHA-256", Scram("sha256", carried=carried), accepted,
                            more=more)
    assert outcome.verdicts == {"mail.accepted": verdict}, outcome.text
    assert (b"RCPT TO" in server.received) == (verdict == "pass")


@pytest.mark.parametrize("name", ["CRAM-MD5", "LOGIN", "PLAIN"])
def test_a_hasty_yes_lets_nobody_in(name, gate, scripted, certificates):
    """Nothing was told of the password: somebody answers yes to everything."""
    server = scripted({"tls EHLO": offering(Smtp, name), "tls AUTH": [send("235 2.7.0 welcome")]})
    long = {"username": "u" * 500} if name == "PLAIN" else {}  # no room beside the command
    outcome = gate(checklist(target(server.port), [login(name, **long)], certificates.ca_file, LIMITS))
    assert outcome.verdicts == {"auth.login": "fail"}, outcome.text
    assert outcome.cases["auth.login"].type == "starttls-gate.MechanismBroken"
