# SPDX-License-Identifier: GPL-3.0-or-later
"""What scripted servers speak besides SMTP: for each protocol its good stages, how the verb of a
command is found, and the words that a test of all of them needs.

In IMAP "TAG " at the beginning of a line stands for the tag of the command.
"""

import base64

from .scripted import PASSWORD, USERNAME, close, handshake, send


def say(*lines):
    """Sends the lines as one write, each with CRLF and the tag where it says so."""
    def step(conversation):
        text = "".join(line.replace("TAG ", conversation.tag + " ", 1)
                       if line.startswith("TAG ") else line for line in
                       (line + "\r\n" for line in lines))
        conversation.write(text.encode("latin-1"))
    return step


def _is_right(response):
    return response.split(b"\0")[1:] == [USERNAME.encode(), PASSWORD.encode()]


def _exchange(conversation, mechanism, first, ask):
    """Whether the credentials are right; `ask` puts a challenge and reads the answer."""
    def answer(challenge):
        return base64.b64decode(ask(challenge))

    if mechanism.upper() == "PLAIN":
        return _is_right(base64.b64decode(first) if first else answer(""))
    name = answer("VXNlcm5hbWU6")
    return (name, answer("UGFzc3dvcmQ6")) == (USERNAME.encode(), PASSWORD.encode())


def _plus(conversation):
    def ask(challenge):
        conversation.write(f"+ {challenge}\r\n".encode())
        return conversation.read_line()
    return ask


def imap_authenticate(conversation):
    words = conversation.line.split() + [""]
    right = _exchange(conversation, words[2], words[3], _plus(conversation))
    conversation.run([say("TAG OK welcome" if right else
                          "TAG NO [AUTHENTICATIONFAILED] no")])


def pop3_auth(conversation):
    words = conversation.line.split() + [""]
    right = _exchange(conversation, words[1], words[2], _plus(conversation))
    conversation.run([say("+OK welcome" if right else "-ERR [AUTH] no")])


def sieve_authenticate(conversation):
    words = [word.strip('"') for word in conversation.line.split()] + [""]

    def ask(challenge):
        conversation.write(f'"{challenge}"\r\n'.encode())
        return conversation.read_line().strip('"')
    right = _exchange(conversation, words[1], words[2], ask)
    conversation.run([say('OK "welcome"' if right else 'NO "no"')])


class Imap:
    name = "imap"
    hello, starttls, login = "CAPABILITY", "STARTTLS", "AUTHENTICATE"
    unknown = [say("TAG BAD what")]
    greets, refuses, leaves = "* OK ready", None, "* BYE enough"
    ok, no, stalls = "TAG OK done", "TAG NO not here", "* OK still here"
    bad_password, later = "TAG NO no", "TAG NO [UNAVAILABLE] later"
    goes_on = "+ go on"

    @staticmethod
    def verb(conversation):
        words = conversation.line.split() + ["", ""]
        conversation.tag = words[0]
        return words[1].upper()

    @staticmethod
    def offering(*capabilities):
        return [say("* CAPABILITY " + " ".join(("IMAP4rev1",) + capabilities), "TAG OK done")]

    plain = ("STARTTLS", "LOGINDISABLED")
    inside = ("AUTH=PLAIN", "AUTH=LOGIN", "SASL-IR")
    exposed = ("STARTTLS", "LOGINDISABLED", "AUTH=PLAIN")
    lookalike = ("XSTARTTLS", "STARTTLS2", "LOGINDISABLED")
    injected = "g9 OK injected"


class Pop3:
    name = "pop3"
    hello, starttls, login = "CAPA", "STLS", "AUTH"
    unknown = [say("-ERR what")]
    greets, refuses, leaves = "+OK ready", "-ERR not today", None
    ok, no, stalls = "+OK done", "-ERR not here", "X-STILL-HERE"
    bad_password, later = "-ERR no", "-ERR [SYS/TEMP] later"
    goes_on = "+ go on"

    @staticmethod
    def verb(conversation):
        return (conversation.line.upper().split() or [""])[0]

    @staticmethod
    def offering(*capabilities):
        return [say("+OK", "UIDL", *capabilities, ".")]

    plain = ("STLS", "SASL")
    inside = ("SASL PLAIN LOGIN", "USER")
    exposed = ("STLS", "SASL PLAIN")
    lookalike = ("XSTLS", "STLS2")
    injected = "+OK injected"


class Sieve:
    name = "sieve"
    hello, starttls, login = "CAPABILITY", "STARTTLS", "AUTHENTICATE"
    unknown = [say("NO what")]
    greets, refuses, leaves = None, "NO not today", "BYE enough"
    ok, no, stalls = "OK", 'NO "not here"', '"X" "still here"'
    bad_password, later = 'NO "no"', 'NO (TRYLATER) "later"'
    goes_on = '"Z28="'
    verb = Pop3.verb

    @staticmethod
    def offering(*capabilities):
        return [say('"IMPLEMENTATION" "test"', *capabilities, "OK")]

    plain = ('"SASL" ""', '"STARTTLS"')
    inside = ('"SASL" "PLAIN LOGIN"',)
    exposed = ('"SASL" "PLAIN"', '"STARTTLS"')
    lookalike = ('"SASL" ""', '"XSTARTTLS"')
    injected = "OK injected"


class Ftp:
    name = "ftp"
    hello, starttls, login = "FEAT", "AUTH", "USER"
    unknown = [say("502 what")]
    greets, refuses, leaves = "220 ready", "530 not today", "421 enough"
    ok, no, stalls = "234 go", "534 not here", " STILL HERE"
    goes_on = "331 go on"
    verb = Pop3.verb

    @staticmethod
    def offering(*capabilities):
        return [say("211-Features:", *capabilities, "211 End")]

    plain = inside = (" AUTH TLS", " PBSZ", " PROT")
    lookalike = (" AUTH SSL", " XAUTH TLS")
    injected = "200 injected"


def _stages(speech, more):
    return {speech.hello: speech.offering(*speech.plain),
            speech.starttls: [say(speech.ok), handshake()],
            "tls " + speech.hello: speech.offering(*speech.inside), **more}


Imap.good = _stages(Imap, {
    "banner": [send(Imap.greets)],
    "tls AUTHENTICATE": [imap_authenticate],
    "LOGOUT": [say("* BYE bye", "TAG OK done"), close],
    "tls LOGOUT": [say("* BYE bye", "TAG OK done"), close],
    "NOOP": [say("TAG OK done")], "tls NOOP": [say("TAG OK done")]})
Pop3.good = _stages(Pop3, {
    "banner": [send(Pop3.greets)],
    "tls AUTH": [pop3_auth],
    "tls USER": [say("+OK and?")], "USER": [say("-ERR TLS first")], "AUTH": [say("-ERR TLS first")],
    "QUIT": [say("+OK bye"), close], "tls QUIT": [say("+OK bye"), close]})
Sieve.good = _stages(Sieve, {
    "banner": Sieve.offering(*Sieve.plain),
    "STARTTLS": [say("OK"), handshake(), *Sieve.offering(*Sieve.inside)],
    "tls AUTHENTICATE": [sieve_authenticate],
    "LOGOUT": [say("OK bye"), close], "tls LOGOUT": [say("OK bye"), close]})
Ftp.good = _stages(Ftp, {
    "banner": [send(Ftp.greets)],
    "USER": [say("530 TLS first")], "tls USER": [say("331 and?")],
    "NOOP": [say("200 yes")], "tls NOOP": [say("200 yes")],
    "QUIT": [say("221 bye"), close], "tls QUIT": [say("221 bye"), close]})

SPEECHES = {speech.name: speech for speech in (Imap, Pop3, Sieve, Ftp)}
