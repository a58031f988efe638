# SPDX-License-Identifier: GPL-3.0-or-later
"""The logins that protocols have beside SASL: LOGIN of IMAP, USER and PASS of POP3 and FTP."""

import json

import pytest

import gate as gate_module
from checklists import checklist, target
from gate import ROOT
from servers import ftp
from servers.scripted import PASSWORD, USERNAME, close, hang, send
from servers.speeches import Ftp, Imap, Pop3, say

LOGIN = {"imap": "IMAP LOGIN", "pop3": "USER", "ftp": "USER"}
SPEECHES = [Imap, Pop3, Ftp]
IDS = ["imap", "pop3", "ftp"]


def row(name, /, **parameters):
    return {"assert": name, **parameters}


def login(protocol, **parameters):
    return row("auth.login", **{"mechanism": LOGIN[protocol], "username": USERNAME,
                                "password": "${password}", **parameters})


def wrong(protocol):
    return row("auth.rejects_wrong_password", mechanism=LOGIN[protocol], username=USERNAME)


def unquoted(text):
    return text[1:-1].replace('\\"', '"').replace("\\\\", "\\")


def imap_strings(conversation, text, unasked):
    """The strings of a command that begins with that text. Literals are waited for, unless the server
    lets them come `unasked`."""
    found = []
    while text:
        if text.startswith('"'):
            end = 1
            while text[end] != '"':
                end += 2 if text[end] == "\\" else 1
            found.append(unquoted(text[:end + 1]))
            text = text[end + 2:]
            continue
        length = text.strip("{}")
        if length.endswith("+") != unasked:
            raise ValueError
        if not unasked:
            conversation.write(b"+ go on\r\n")
        size = int(length.strip("+"))
        line = conversation.read_line()
        found.append(line[:size])
        text = line[size + 1:]
    return [one.encode("latin-1").decode() for one in found]


def accounts(username=USERNAME, password=PASSWORD, unasked=False):
    """The stages of a server that knows one account."""
    def imap(conversation):
        words = conversation.line.split(" ", 2)[2]
        right = imap_strings(conversation, words, unasked) == [username, password]
        conversation.run([say("TAG OK in" if right else "TAG NO no")])

    def name(conversation):
        conversation.name = conversation.line.split(" ", 1)[1].encode("latin-1").decode()
        ok = "+OK and?" if conversation.server.speech is Pop3 else "331 and?"
        conversation.run([say(ok)])

    def word(conversation):
        given = conversation.line.split(" ", 1)[1].encode("latin-1").decode()
        right = (conversation.name, given) == (username, password)
        pop3 = conversation.server.speech is Pop3
        conversation.run([say(("+OK in" if pop3 else "230 in") if right else
                              ("-ERR no" if pop3 else "530 no"))])
    return {"tls LOGIN": [imap], "tls USER": [name], "tls PASS": [word]}


@pytest.fixture
def judged(gate, scripted, certificates):
    def judge(speech, stages, *rows, password=PASSWORD):
        server = scripted({**accounts(), **stages}, speech=speech)
        page = gate.directory / "report.json"
        outcome = gate(checklist(target(server.port, protocol=speech.name), list(rows),
                                 certificates.ca_file), "--report", f"json={page}", "-v",
                       env={"SMTP_PASSWORD": password})
        outcome.page = page.read_text() if page.exists() else ""
        outcome.server = server
        return outcome
    return judge


@pytest.mark.parametrize("speech", SPEECHES, ids=IDS)
@pytest.mark.parametrize("password, verdict", [(PASSWORD, "pass"), ("wrong", "fail")])
def test_logins(speech, password, verdict, judged):
    outcome = judged(speech, {}, login(speech.name), wrong(speech.name), password=password)
    assert outcome.verdicts == {"auth.login": verdict,
                                "auth.rejects_wrong_password": "pass"}, outcome.text


ODD = {"quotes": 'a"b\\c', "blanks": " a  b ", "letters": "caf\u00e9 \u65e5\u672c", "a brace": "x{5+}",
       "a plus": "{3}", "long": "x" * 3000}


@pytest.mark.parametrize("capabilities", [(), ("LITERAL+",), ("LITERAL-",)])
@pytest.mark.parametrize("password", ODD)
def test_strings_of_imap(password, capabilities, judged):
    offer = Imap.offering("AUTH=PLAIN", *capabilities)
    for name in (USERNAME, "caf\u00e9"):
        stages = {"tls CAPABILITY": offer, **accounts(name, ODD[password], bool(capabilities))}
        outcome = judged(Imap, stages, login("imap", username=name), password=ODD[password])
        assert outcome.verdicts == {"auth.login": "pass"}, outcome.text


@pytest.mark.parametrize("speech", [Pop3, Ftp], ids=["pop3", "ftp"])
@pytest.mark.parametrize("password", ODD)
def test_passwords_go_as_they_are(password, speech, judged):
    outcome = judged(speech, accounts(password=ODD[password]), login(speech.name),
                     password=ODD[password])
    assert outcome.verdicts == {"auth.login": "pass"}, outcome.text


# What a login comes to: the speech, its stages, and the verdicts of the right password and of a wrong one.
ENDS = {
    "imap for now": (Imap, {"tls LOGIN": [say("TAG NO [UNAVAILABLE] later")]}, "error", "error"),
    "imap for want of TLS": (Imap, {"tls LOGIN": [say("TAG NO [PRIVACYREQUIRED] no")]}, "fail",
                             "error"),
    "imap does not know it": (Imap, {"tls LOGIN": [say("TAG BAD what")]}, "fail", "error"),
    "imap lets anybody in": (Imap, {"tls LOGIN": [say("TAG OK in")]}, "pass", "fail"),
    "imap leaves": (Imap, {"tls LOGIN": [say("* BYE enough"), close]}, "error", "error"),
    "imap hangs up": (Imap, {"tls LOGIN": [close]}, "error", "error"),
    "imap answers another": (Imap, {"tls LOGIN": [say("x1 OK in")]}, "error", "error"),
    "imap asks": (Imap, {"tls LOGIN": [say("+ what"), hang]}, "error", "error"),
    "imap does not offer it": (Imap, {"tls CAPABILITY": Imap.offering("LOGINDISABLED")}, "fail",
                               "fail"),
    "pop3 for now": (Pop3, {"tls PASS": [say("-ERR [SYS/TEMP] later")]}, "error", "error"),
    "pop3 in use": (Pop3, {"tls PASS": [say("-ERR [IN-USE] later")]}, "error", "error"),
    "pop3 refuses the name": (Pop3, {"tls USER": [say("-ERR no")]}, "fail", "error"),
    "pop3 refuses the name with a code": (Pop3, {"tls USER": [say("-ERR [AUTH] no")]}, "fail",
                                          "error"),
    "pop3 lets anybody in": (Pop3, {"tls PASS": [say("+OK in")]}, "pass", "fail"),
    "pop3 hangs up": (Pop3, {"tls PASS": [close]}, "error", "error"),
    "pop3 answers twice": (Pop3, {"tls USER": [say("+OK and?", "+OK in")]}, "error", "error"),
    "pop3 does not offer it": (Pop3, {"tls CAPA": Pop3.offering("SASL PLAIN")}, "fail", "fail"),
    "ftp for now": (Ftp, {"tls PASS": [say("430 later")]}, "error", "error"),
    "ftp refuses the name": (Ftp, {"tls USER": [say("530 no")]}, "fail", "error"),
    "ftp needs no password": (Ftp, {"tls USER": [say("230 in")]}, "pass", "fail"),
    "ftp wants an account": (Ftp, {"tls PASS": [say("332 account?")]}, "error", "error"),
    "ftp does not mind": (Ftp, {"tls PASS": [say("202 superfluous")]}, "error", "error"),
    "ftp logs in with 232": (Ftp, {"tls PASS": [say("232 in")]}, "pass", "fail"),
    "ftp does not know it": (Ftp, {"tls PASS": [say("502 what")]}, "fail", "error"),
    "ftp leaves": (Ftp, {"tls PASS": [say("421 enough"), close]}, "error", "error"),
    "ftp hangs up": (Ftp, {"tls PASS": [close]}, "error", "error"),
}


@pytest.mark.parametrize("end", ENDS)
def test_how_logins_end(end, judged):
    speech, stages, right, made_up = ENDS[end]
    outcome = judged(speech, stages, login(speech.name))
    assert outcome.verdicts.get("auth.login") == right, outcome.text
    outcome = judged(speech, stages, wrong(speech.name))
    assert outcome.verdicts.get("auth.rejects_wrong_password") == made_up, outcome.text


SECRET = 'hunter"2\\ x'


@pytest.mark.parametrize("speech", SPEECHES, ids=IDS)
def test_nothing_of_it_is_shown(speech, judged):
    no = {"imap": "TAG NO {}", "pop3": "-ERR {}", "ftp": "530 {}"}[speech.name]

    def echo(conversation):
        conversation.run([say(no.format(conversation.line))])
    outcome = judged(speech, {"tls LOGIN": [echo], "tls PASS": [echo]}, login(speech.name),
                     password=SECRET)
    assert outcome.verdicts == {"auth.login": "fail"}, outcome.text
    assert b"hunter" in outcome.server.received
    for form in (SECRET, json.dumps(SECRET)[1:-1], "hunter"):
        assert form not in outcome.text + outcome.page, outcome.text


@pytest.mark.parametrize("protocol, mechanism", [("smtp", "USER"), ("imap", "USER"),
                                                 ("pop3", "IMAP LOGIN"), ("sieve", "IMAP LOGIN"),
                                                 ("ftp", "PLAIN"), ("ftp", "IMAP LOGIN")])
def test_a_login_of_another_protocol_is_refused(protocol, mechanism, gate, certificates):
    rows = [row("auth.login", mechanism=mechanism, username="x", password="${password}")]
    path = gate.write(checklist(target(1, protocol=protocol), rows, certificates.ca_file))
    outcome = gate.command("validate", path)
    assert outcome.status == 2 and "auth.login cannot be asserted" in outcome.stderr, outcome.text


@pytest.mark.parametrize("member, value", [("username", "a\nb"), ("username", "a\rb")])
def test_a_name_with_a_line_end_is_refused(member, value, gate, certificates):
    rows = [login("imap", **{member: value})]
    path = gate.write(checklist(target(1, protocol="imap"), rows, certificates.ca_file))
    outcome = gate.command("validate", path)
    assert outcome.status == 2 and "line ends" in outcome.stderr, outcome.text


def test_a_password_with_a_line_end_is_refused(gate, certificates):
    path = gate.write(checklist(target(1, protocol="imap"), [login("imap")], certificates.ca_file))
    outcome = gate.command("run", path, env={"SMTP_PASSWORD": "hunter\nNOOP"})
    assert outcome.status == 2 and "line end" in outcome.stderr, outcome.text
    assert "hunter" not in outcome.text


def test_ftp_as_packaged(gate, certificates, shared_directory):
    root = ftp.proftpd_root(ROOT / "build" / "proftpd")
    if root is None:
        pytest.skip("ProFTPD cannot be had, or this is not root")
    with ftp.proftpd(root, shared_directory / "proftpd-logins", certificates.identities["rsa"],
                     account=(USERNAME, PASSWORD)) as port:
        for password, verdict in ((gate_module.PASSWORD, "pass"), ("wrong", "fail")):
            outcome = gate(checklist(target(port, protocol="ftp"), [login("ftp"), wrong("ftp")],
                                     certificates.ca_file, {"reply_timeout": "10s"}),
                           env={"SMTP_PASSWORD": password})
            assert outcome.verdicts == {"auth.login": verdict,
                                        "auth.rejects_wrong_password": "pass"}, outcome.text


def test_vsftpd_refuses_a_wrong_password(gate, certificates, shared_directory):
    if not ftp.has_vsftpd():
        pytest.skip("vsftpd is not there, or this is not root")
    with ftp.vsftpd(shared_directory / "vsftpd-logins", certificates.identities["rsa"]) as port:
        outcome = gate(checklist(target(port, protocol="ftp"), [wrong("ftp")], certificates.ca_file,
                                 {"reply_timeout": "10s"}))
        assert outcome.verdicts == {"auth.rejects_wrong_password": "pass"}, outcome.text
