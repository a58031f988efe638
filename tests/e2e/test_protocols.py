# SPDX-License-Identifier: GPL-3.0-or-later
"""What the protocols beside SMTP have of their own: assertions that make no sense of them, logins
before TLS, how credentials are framed, what stays secret, and TLS alone."""

import base64
import json
import pathlib
import re
import subprocess
import time

import pytest

import gate as gate_module
from checklists import checklist, target
from servers import nginx
from servers.scripted import PASSWORD, Smtp, close, endless, handshake, hang, raw, send
from servers.speeches import SPEECHES, Ftp, Imap, Pop3, Sieve, say

MEMORY_MAX = 16 * 1024  # KiB
REQUIRED = "starttls.required"


def row(name, /, **parameters):
    return {"assert": name, **parameters}


def login(**parameters):
    return row("auth.login", **{"username": gate_module.USERNAME, "password": "${password}",
                                **parameters})


@pytest.fixture
def judged(gate, certificates):
    def judge(port, protocol, *rows, **members):
        return gate(checklist(target(port, protocol=protocol, **members), list(rows),
                              certificates.ca_file))
    return judge


# What makes no sense, and words of the reason.
SENSELESS = [
    ("imap", row("starttls.forgets_state"), "no mail is handed over"),
    ("pop3", row("starttls.forgets_state"), "no mail is handed over"),
    ("sieve", row("starttls.forgets_state"), "no mail is handed over"),
    ("ftp", row("starttls.forgets_state"), "no mail is handed over"),
    ("ftp", row("starttls.not_reoffered"), "stays on offer"),
    ("ftp", row("auth.mechanisms", includes=["PLAIN"]), "SASL"),
    ("ftp", login(), "SASL"),
    ("imap", row("connection.greeting", code=220), "no codes"),
    ("pop3", row("starttls.accepted", code=220), "no codes"),
    ("sieve", row("starttls.accepted", code=220), "no codes"),
    *[("tls", one, "nothing but TLS") for one in (
        row("connection.greeting"), row("connection.line_endings"), row("session.ehlo"),
        row("session.includes", capabilities=["X"]),
        row("auth.mechanisms", includes=["PLAIN"]),
        row("auth.rejects_wrong_password", username="x"))],
    *[("tls", row(name), "first byte") for name in (
        "ehlo.accepted", "starttls.advertised", "starttls.required", "starttls.accepted",
        "auth.not_before_tls")],
]


@pytest.mark.parametrize("protocol, senseless, reason", SENSELESS,
                         ids=[f"{one[0]} {one[1]['assert']}" for one in SENSELESS])
def test_what_makes_no_sense_is_refused_with_the_reason(protocol, senseless, reason, gate,
                                                        certificates):
    tls = {"tls": "implicit"} if protocol == "tls" else {}
    path = gate.write(checklist(target(1, protocol=protocol, **tls), [senseless],
                                certificates.ca_file))
    outcome = gate.command("validate", path)
    assert outcome.status == 2, outcome.text
    assert f"{senseless['assert']} cannot be asserted" in outcome.stderr, outcome.stderr
    assert reason in outcome.stderr, outcome.stderr


def test_tls_alone_has_no_starttls(gate, certificates):
    path = gate.write(checklist(target(1, protocol="tls"), [row("tls.handshake")],
                                certificates.ca_file))
    outcome = gate.command("validate", path)
    assert outcome.status == 2 and "tls has no STARTTLS" in outcome.stderr, outcome.stderr


@pytest.mark.parametrize("speech, offered, absent", [
    (Imap, ["IMAP4rev1", "AUTH", "AUTH=PLAIN", "sasl-ir"], ["AUTH=X", "STARTTLS", "SASL"]),
    (Pop3, ["UIDL", "SASL=PLAIN", "SASL", "USER"], ["STLS", "SASL=X"]),
    (Sieve, ["IMPLEMENTATION", "SASL=LOGIN"], ["STARTTLS", "PLAIN"]),
    (Ftp, ["PBSZ", "AUTH", "AUTH=TLS"], ["TLS", "AUTH=SSL"]),
    (Smtp, ["AUTH=PLAIN", "PIPELINING"], ["AUTH=X", "STARTTLS"]),
], ids=["imap", "pop3", "sieve", "ftp", "smtp"])
def test_capabilities_inside_tls(speech, offered, absent, judged, scripted):
    server = scripted(speech=speech)
    protocol = getattr(speech, "name", "smtp")
    outcome = judged(server.port, protocol, row("session.includes", capabilities=offered),
                     row("session.excludes", capabilities=absent),
                     *(row("session.includes", id=f"has {one}", capabilities=[one])
                       for one in absent),
                     *(row("session.excludes", id=f"lacks {one}", capabilities=[one])
                       for one in offered))
    assert outcome.having("pass") == ["session.includes", "session.excludes"], outcome.text
    assert len(outcome.having("fail")) == len(offered) + len(absent), outcome.text


# Logins before TLS: the stages of the server, and the verdict.
TAKES = {"imap": "+ ", "pop3": "+OK and?", "sieve": '""', "ftp": "331 and?"}
FIRST = {"imap": "AUTHENTICATE", "pop3": "USER", "sieve": "AUTHENTICATE", "ftp": "USER"}


def by_mechanism(name, line):
    """Takes up logins with that mechanism, and refuses all others."""
    def step(conversation):
        words = conversation.line.split()
        speech = conversation.server.speech
        conversation.run([say(line if name in words else speech.no)])
        if name in words:
            conversation.read_line()
            conversation.run([say(speech.no)])
    return step


def inside(speech, *steps):
    """POP3 has two commands that begin a login."""
    return {f"tls {verb}": list(steps) for verb in {FIRST[speech.name], speech.login}}


@pytest.mark.parametrize("speech", SPEECHES.values(), ids=SPEECHES)
@pytest.mark.parametrize("sentence, stages, verdict", [
    ("takes a login", lambda s: {FIRST[s.name]: [say(TAKES[s.name])]}, "fail"),
    ("lets everybody in", lambda s: {FIRST[s.name]: [say(s.ok)]}, "fail"),
    ("refuses it before TLS alone", lambda s: {FIRST[s.name]: [say(s.no)]}, "pass"),
    ("refuses it inside TLS too",
     lambda s: {FIRST[s.name]: [say(s.no)], **inside(s, say(s.no))}, "error"),
    ("closes on it", lambda s: {FIRST[s.name]: [close]}, "error"),
    ("says nothing to it", lambda s: {FIRST[s.name]: [hang]}, "error"),
    ("closes on it inside TLS", lambda s: {FIRST[s.name]: [say(s.no)], **inside(s, close)},
     "error"),
    ("answers it twice", lambda s: {FIRST[s.name]: [say(s.no, s.injected)]}, "error"),
    ("puts it off", lambda s: {FIRST[s.name]: [
        say(getattr(s, "later", "421 not now")), hang]}, "error"),
], ids=lambda value: value if isinstance(value, str) and " " in value else "")
def test_a_server_that_before_tls(speech, sentence, stages, verdict, judged, scripted):
    server = scripted(stages(speech), speech=speech)
    outcome = judged(server.port, speech.name, row(REQUIRED))
    assert outcome.verdicts[REQUIRED] == verdict, outcome.text
    assert b"PASS" not in server.received


@pytest.mark.parametrize("speech, stages, verdict", [
    (Imap, {"CAPABILITY": Imap.offering("STARTTLS", "LOGINDISABLED", "AUTH=X-OWN"),
            "AUTHENTICATE": [by_mechanism("X-OWN", "+ go on")]}, "fail"),
    (Imap, {"CAPABILITY": Imap.offering("STARTTLS"), "AUTHENTICATE": [say(Imap.no)]}, "error"),
    (Imap, {"banner": [send("* OK [CAPABILITY IMAP4rev1 AUTH=X-OWN LOGINDISABLED] hi")],
            "AUTHENTICATE": [by_mechanism("X-OWN", "+ go on")]}, "fail"),
    (Pop3, {"USER": [say(Pop3.no)], "AUTH": [by_mechanism("PLAIN", "+ ")]}, "fail"),
    (Pop3, {"USER": [say(Pop3.no)], "banner": [send("+OK <1.2@mail.example.test>")]}, "error"),
    (Sieve, {"CAPABILITY": Sieve.offering('"SASL" "X-OWN"', '"STARTTLS"'),
             "AUTHENTICATE": [by_mechanism('"X-OWN"', '""')]}, "fail"),
], ids=["imap offers another", "imap offers LOGIN", "imap greets with another",
        "pop3 takes AUTH alone", "pop3 offers APOP", "sieve offers another"])
def test_each_way_that_is_offered_before_tls_counts(speech, stages, verdict, judged, scripted):
    server = scripted(stages, speech=speech)
    outcome = judged(server.port, speech.name, row(REQUIRED))
    carried = {REQUIRED: "skipped", "auth.not_before_tls": "fail"}  # by who is about the offer
    assert outcome.verdicts == (carried if verdict == "error" else {REQUIRED: verdict}), outcome.text


def test_a_mechanism_before_tls_that_is_called_login(judged, scripted):
    """AUTH=LOGIN is tried, and is not the command LOGIN."""
    server = scripted({"CAPABILITY": Imap.offering("STARTTLS", "LOGINDISABLED", "AUTH=LOGIN"),
                       "AUTHENTICATE": [say(Imap.no)]}, speech=Imap)
    outcome = judged(server.port, "imap", row(REQUIRED))
    assert outcome.verdicts == {REQUIRED: "pass"}, outcome.text
    assert b"AUTHENTICATE LOGIN\r\n" in server.received


def test_a_wrong_password_comes_after_a_challenge(judged, scripted):
    """-ERR to AUTH with a response may be to a command that the server does not know."""
    wrong = row("auth.rejects_wrong_password", username=gate_module.USERNAME)
    server = scripted({"tls AUTH": [say("-ERR what")]}, speech=Pop3)
    outcome = judged(server.port, "pop3", wrong)
    assert outcome.verdicts == {"auth.rejects_wrong_password": "error"}, outcome.text
    server = scripted(speech=Pop3)
    outcome = judged(server.port, "pop3", wrong)
    assert outcome.verdicts == {"auth.rejects_wrong_password": "pass"}, outcome.text
    assert b"AUTH PLAIN\r\n" in server.received


def test_for_want_of_tls_needs_no_control(judged, scripted):
    refused = [say("TAG NO [PRIVACYREQUIRED] TLS first")]
    server = scripted({"AUTHENTICATE": refused, "tls AUTHENTICATE": refused}, speech=Imap)
    outcome = judged(server.port, "imap", row(REQUIRED))
    assert outcome.verdicts == {REQUIRED: "pass"}, outcome.text


@pytest.mark.parametrize("answer, verdict", [
    ("TAG OK in", "fail"), ("+ go on", "fail"), ("TAG NO not here", "pass"), ("TAG BAD what", "pass"),
    ("TAG NO [AUTHENTICATIONFAILED] wrong", "fail"), ("TAG NO [PRIVACYREQUIRED] TLS first", "pass"),
    ("TAG NO [UNAVAILABLE] later", "error")])
def test_a_login_that_is_barred_before_tls(answer, verdict, judged, scripted):
    """LOGINDISABLED bars the command LOGIN: a name that nobody has shows whether it does."""
    server = scripted({"AUTHENTICATE": [say(Imap.no)], "LOGIN": [say(answer)],
                       "tls LOGIN": [say("TAG OK in")]}, speech=Imap)
    outcome = judged(server.port, "imap", row(REQUIRED))
    assert outcome.verdicts[REQUIRED] == verdict, outcome.text
    assert server.received.count(b"LOGIN gate.invalid x") == 1


def test_a_login_that_is_not_barred_is_not_tried(judged, scripted):
    server = scripted({"CAPABILITY": Imap.offering("STARTTLS", "AUTH=PLAIN"),
                       "AUTHENTICATE": [say(Imap.no)]}, speech=Imap)
    judged(server.port, "imap", row(REQUIRED))
    assert b"LOGIN gate" not in server.received


# How the exchange looks on the wire.
PLAIN = base64.b64encode(f"\0{gate_module.USERNAME}\0{PASSWORD}".encode())


@pytest.mark.parametrize("speech, stages, sent", [
    (Imap, {}, b"AUTHENTICATE PLAIN " + PLAIN + b"\r\n"),
    (Imap, {"tls CAPABILITY": Imap.offering("AUTH=PLAIN")},
     b"AUTHENTICATE PLAIN\r\n" + PLAIN + b"\r\n"),
    (Pop3, {}, b"AUTH PLAIN " + PLAIN + b"\r\n"),
    (Sieve, {}, b'AUTHENTICATE "PLAIN" "' + PLAIN + b'"\r\n'),
], ids=["imap with SASL-IR", "imap without", "pop3", "sieve"])
def test_the_initial_response(speech, stages, sent, judged, scripted):
    server = scripted(stages, speech=speech)
    outcome = judged(server.port, speech.name, login())
    assert outcome.having("pass") == ["auth.login"], outcome.text
    assert sent in b"".join(bytes(c.received_inside) for c in server.conversations)


def read_announced(conversation):
    """A response in a literal: its announcement, and the bytes."""
    announced = conversation.read_line()
    conversation.run([say('OK "welcome"' if announced.endswith("+}") and
                          len(conversation.read_line()) == int(announced[1:-2]) else "NO")])


@pytest.mark.parametrize("speech, stages", [
    (Pop3, {}), (Imap, {}), (Sieve, {"tls AUTHENTICATE": [say('""'), read_announced]})])
def test_a_long_response_goes_on_a_line_of_its_own(speech, stages, judged, scripted, certificates,
                                                    gate):
    server = scripted(stages, speech=speech)
    password = "x" * 1000
    outcome = gate(checklist(target(server.port, protocol=speech.name), [login()],
                             certificates.ca_file), env={"SMTP_PASSWORD": password})
    expected = ["pass"] if speech is Sieve else ["fail"]  # the servers know another password
    assert list(outcome.verdicts.values()) == expected, outcome.text
    lines = b"".join(bytes(c.received_inside) for c in server.conversations).split(b"\r\n")
    assert any(line.endswith((b"PLAIN", b'"PLAIN"')) for line in lines), lines


@pytest.mark.parametrize("speech", [Imap, Pop3, Sieve], ids=["imap", "pop3", "sieve"])
@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
@pytest.mark.parametrize("password, verdict", [(PASSWORD, "pass"), ("wrong", "fail")])
def test_logins(speech, mechanism, password, verdict, gate, scripted, certificates):
    server = scripted(speech=speech)
    outcome = gate(checklist(target(server.port, protocol=speech.name),
                             [login(mechanism=mechanism),
                              row("auth.rejects_wrong_password", mechanism=mechanism,
                                  username=gate_module.USERNAME)],
                             certificates.ca_file), env={"SMTP_PASSWORD": password})
    assert outcome.verdicts == {"auth.login": verdict,
                                "auth.rejects_wrong_password": "pass"}, outcome.text


LISTLESS = {"pop3": Pop3, "ftp": Ftp}
UNLISTED = [row("ehlo.accepted"), row("ehlo.excludes", capabilities=["XCLIENT"]),
            row("starttls.advertised"), row("starttls.accepted"), row("starttls.clean_reply"),
            row("starttls.no_injection"), row("tls.handshake"), row("tls.version", minimum="1.2"),
            row("certificate.hostname"), row("session.ehlo")]


@pytest.mark.parametrize("name", LISTLESS)
def test_a_server_that_lists_no_capabilities(name, judged, scripted):
    """CAPA and FEAT are extensions: TLS is asked for without them, and what is offered stays
    unknown."""
    speech = LISTLESS[name]
    server = scripted({speech.hello: speech.unknown}, speech=speech)
    outcome = judged(server.port, name, *UNLISTED)
    assert outcome.having("fail") == ["ehlo.accepted"], outcome.text
    assert outcome.having("skipped") == ["ehlo.excludes", "starttls.advertised"], outcome.text
    assert not outcome.having("error"), outcome.text
    assert judged(server.port, name, *UNLISTED[3:]).status == 0
    assert judged(server.port, name, row("starttls.advertised")).status == 1


@pytest.mark.parametrize("name", LISTLESS)
def test_a_server_that_lists_nothing_and_has_no_tls(name, judged, scripted):
    speech = LISTLESS[name]
    stages = {speech.hello: speech.unknown, speech.starttls: speech.unknown}
    outcome = judged(scripted(stages, speech=speech).port, name, *UNLISTED[3:])
    assert outcome.having("fail") == ["starttls.accepted"], outcome.text
    assert not outcome.having("pass", "error"), outcome.text


@pytest.mark.parametrize("name", LISTLESS)
def test_a_list_that_is_left_out_is_no_refused_one(name, judged, scripted):
    speech = LISTLESS[name]
    for stages, verdict in (({speech.hello: [hang]}, "error"), ({speech.hello: [close]}, "error"),
                            ({"tls " + speech.hello: speech.unknown}, "fail")):
        outcome = judged(scripted(stages, speech=speech).port, name, *UNLISTED[3:])
        where = "session.ehlo" if verdict == "fail" else "ehlo.accepted"
        assert outcome.having(verdict) == [where], outcome.text


SECRET = 'hunter"2\\ x'


def echoes(speech):
    """Servers that repeat what they were sent, in whatever form it came, or as it was meant."""
    quoted = SECRET.replace("\\", "\\\\").replace('"', '\\"')
    plain = base64.b64encode(f"\0{gate_module.USERNAME}\0{SECRET}".encode()).decode()
    no = {"imap": "TAG NO {}", "pop3": "-ERR {}", "sieve": "NO {}"}[speech.name]
    early = {"imap": "* OK {}", "pop3": "+OK {}", "sieve": '"X" "{}"'}[speech.name]
    for text in (SECRET, quoted, plain, f'"{quoted}"', f"[{SECRET}]", f"({SECRET})"):
        yield {"tls " + speech.login: [say(no.format(text))]}
        yield {"tls " + speech.login: [say(early.format(text), no.format(text)), hang]}
    if speech is not Pop3:
        yield {"tls " + speech.login: [
            raw(f"* X {{{len(SECRET)}}}\r\n{SECRET}\r\n".encode() if speech is Imap else
                f"NO {{{len(SECRET)}}}\r\n{SECRET}\r\n".encode()), hang]}


@pytest.mark.parametrize("speech, stages", [(speech, stages) for speech in (Imap, Pop3, Sieve)
                                            for stages in echoes(speech)])
def test_no_secret_in_any_report(speech, stages, gate, scripted, certificates):
    server = scripted(stages, speech=speech)
    page = gate.directory / "report.json"
    outcome = gate(checklist(target(server.port, protocol=speech.name), [login()],
                             certificates.ca_file), "--report", f"json={page}", "-v",
                   env={"SMTP_PASSWORD": SECRET})
    assert outcome.status in (1, 3), outcome.text
    shown = outcome.text + page.read_text()
    for form in (SECRET, json.dumps(SECRET)[1:-1], base64.b64encode(SECRET.encode()).decode(),
                 base64.b64encode(f"\0{gate_module.USERNAME}\0{SECRET}".encode()).decode(),
                 "hunter"):
        assert form not in shown, shown


def peak_memory(path):
    """The exit status, and the most memory at any time in KiB. What wait4() tells begins with the
    memory of this process."""
    process = subprocess.Popen([gate_module.BINARY, "run", path], stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               env={"SMTP_PASSWORD": PASSWORD})
    peak = 0
    while process.poll() is None:
        status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
        peak = max([peak, *(int(kib) for kib in re.findall(r"VmHWM:\s+(\d+) kB", status))])
        time.sleep(0.01)
    return process.returncode, peak


@pytest.mark.skipif("san-" in str(gate_module.BINARY), reason="sanitizers take memory of their own")
@pytest.mark.parametrize("speech, stages", [
    (Imap, {"CAPABILITY": [raw(b"* X {4294967295}\r\n"), endless("x" * 1000)]}),
    (Imap, {"CAPABILITY": [endless("* OK still here")]}),
    (Imap, {"CAPABILITY": [raw(b"* CAPABILITY " + b"X " * 500000 + b"\r\n"), hang]}),
    (Imap, {"CAPABILITY": [endless("* X {65000}\r\n" + "y" * 65000)]}),
    (Imap, {"tls CAPABILITY": [endless("* CAPABILITY " + "X " * 2000)]}),
    (Pop3, {"CAPA": [say("+OK"), endless("X" * 4000)]}),
    (Sieve, {"banner": [endless('"X" "' + "y" * 4000 + '"')]}),
    (Sieve, {"banner": [raw(b"{4294967295}\r\n"), endless("x" * 1000)]}),
    (Ftp, {"FEAT": [say("211-"), endless(" X" * 2000)]}),
])
def test_what_is_too_much_is_an_error_and_takes_no_memory(speech, stages, gate, scripted,
                                                          certificates):
    server = scripted(stages, speech=speech)
    path = gate.write(checklist(target(server.port, protocol=speech.name), [row("session.ehlo")],
                                certificates.ca_file))
    status, memory = peak_memory(path)
    assert status == 3
    assert memory < MEMORY_MAX, f"{memory} KiB"


TLS_ROWS = [row("connection.established"), row("tls.handshake"), row("tls.version", minimum="1.2"),
            row("certificate.expiry", days=7), row("certificate.trusted"),
            row("certificate.hostname"), row("vulnerability.heartbleed")]


def test_tls_alone(judged, certificates, tmp_path):
    if not nginx.is_available():
        pytest.skip("nginx is not there")
    with nginx.nginx(tmp_path / "nginx", {
            "web": (certificates.identities["good"], {}),
            "tls-1.3": (certificates.identities["good"], {"ssl_protocols": "TLSv1.3"}),
            "no-tickets": (certificates.identities["good"], {"ssl_session_tickets": "off",
                                                             "ssl_protocols": "TLSv1.3"}),
            "expired": (certificates.identities["expired"], {})}) as ports:
        good = judged(ports["web"], "tls", *TLS_ROWS, row("tls.session_resumption"),
                      row("tls.client_renegotiation_refused"), row("tls.early_data_disabled"),
                      tls="implicit")
        modern = judged(ports["tls-1.3"], "tls", *TLS_ROWS, row("tls.session_resumption"),
                        row("tls.early_data_disabled"), tls="implicit")
        silent = judged(ports["no-tickets"], "tls", *TLS_ROWS, tls="implicit")
        expired = judged(ports["expired"], "tls", *TLS_ROWS, tls="implicit")
    assert good.status == 0, good.text
    assert modern.status == 0, modern.text
    assert silent.status == 0, silent.text
    assert expired.having("fail") == ["certificate.expiry"], expired.text


@pytest.mark.parametrize("sentence, steps, verdict", [
    ("closes behind the handshake", [handshake(), close], "pass"),
    ("says nothing", [handshake(), hang], "pass"),
    ("greets in the clear", [send("220 mail.example.test")], "fail"),
    ("says nothing at all", [hang], "error"),
    ("closes at once", [close], "error"),
])
def test_tls_alone_of_a_server_that(sentence, steps, verdict, judged, scripted):
    """Python's TLS sends tickets: that it agrees to the handshake shows in them."""
    server = scripted(implicit=steps)
    outcome = judged(server.port, "tls", row("tls.handshake"), tls="implicit")
    assert outcome.verdicts == {"tls.handshake": verdict}, outcome.text


def answer_a_line(conversation):
    conversation.read_line()
    conversation.run([send("HTTP/1.1 400 Bad Request")])


@pytest.mark.parametrize("tickets, behind, verdict", [
    (0, hang, "error"), (0, close, "error"), (0, answer_a_line, "pass"), (2, hang, "pass")])
def test_tls_alone_without_a_word(tickets, behind, verdict, judged, scripted, certificates):
    """A server that never says anything behind the handshake may as well have refused it."""
    server = scripted(implicit=[
        handshake(certificates.context(num_tickets=tickets)), behind, hang])
    outcome = judged(server.port, "tls", row("tls.handshake"), tls="implicit")
    assert outcome.verdicts == {"tls.handshake": verdict}, outcome.text
