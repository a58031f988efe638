# SPDX-License-Identifier: GPL-3.0-or-later
"""A mailbox in memory, with the stages of scripted servers that put messages into it and read them:
SMTP, IMAP and POP3, as far as a client of one message needs them."""

import re

from .scripted import ScriptedServer, close, send
from .speeches import Imap, Pop3, imap_authenticate, pop3_auth, say

ID = "queue-1"


class FakeMailbox:
    """`messages`: UID -> bytes; `deleted`: UIDs that are marked. `copies` is how often a message that is
    taken arrives, `junk` where it does."""

    def __init__(self):
        self.messages, self.deleted, self.junk = {}, set(), {}
        self.next, self.validity, self.copies, self.to_junk = 7, 1, 1, False
        self.capabilities = ("UIDPLUS",)
        self.received = f"with ESMTPS id {ID}"
        self.taken = 0

    def add(self, message, junk=False):
        (self.junk if junk else self.messages)[self.next] = message
        self.next += 1

    # SMTP

    def take(self, conversation):
        conversation.write(b"354 go on\r\n")
        lines = []
        while (line := conversation.read_line()) != ".":
            lines.append((line[1:] if line.startswith(".") else line).encode("latin-1") + b"\r\n")
        name = re.search(rb"EHLO (\S+)", bytes(conversation.received_inside))[1].decode()
        trace = f"Received: from {name} (client [127.0.0.1])\r\n\tby mail.example.test {self.received}\r\n"
        self.taken += 1
        for _ in range(self.copies):
            self.add(trace.encode() + b"".join(lines), self.to_junk)

    def smtp(self, **stages):
        return {"tls EHLO": [send("250-mail.example.test", "250-AUTH PLAIN", "250 8BITMIME")],
                "tls MAIL": [send("250 yes")], "tls RCPT": [send("250 yes")],
                "tls DATA": [self.take, send(f"250 queued as {ID}")],
                **{name.replace("_", " "): steps for name, steps in stages.items()}}

    # IMAP

    def select(self, conversation):
        self.open = self.junk if "Junk" in conversation.line else self.messages
        conversation.run([say(
            f"* {len(self.open)} EXISTS", f"* OK [UIDVALIDITY {self.validity}] yes",
            f"* OK [UIDNEXT {self.next}] yes", "TAG OK [READ-WRITE] done")])

    def uid(self, conversation):
        words = conversation.line.split()
        getattr(self, "uid_" + words[2].lower())(conversation, words[3:])
        conversation.run([say("TAG OK done")])

    def uid_fetch(self, conversation, words):
        first, _, last = words[0].partition(":")
        for number, (uid, message) in enumerate(sorted(self.open.items()), 1):
            newest = last == "*" and number == len(self.open)
            if not (newest or uid == int(first) or (last and uid >= int(first))):
                continue
            text, section = message, b"[]<0>"
            if "HEADER.FIELDS" in conversation.line:
                text, section = message.partition(b"\r\n\r\n")[0] + b"\r\n\r\n", b"[HEADER.FIELDS (X)]"
            conversation.write(b"* %d FETCH (FLAGS (\\Seen) UID %d BODY%s {%d}\r\n%s)\r\n" % (
                number, uid, section, len(text), text))

    def uid_search(self, conversation, words):
        found = (self.deleted if words[0] == "DELETED" else
                 {uid for uid, message in self.open.items() if words[-1].encode() in message})
        conversation.run([say("* SEARCH" + "".join(f" {uid}" for uid in sorted(found)))])

    def uid_store(self, conversation, words):
        self.deleted.add(int(words[0]))

    def uid_expunge(self, conversation, words):
        self.expunge({int(words[0])} & self.deleted)

    def expunge(self, uids):
        for uid in uids:
            self.open.pop(uid, None)
        self.deleted -= uids

    def expunge_all(self, conversation):
        self.expunge(set(self.deleted))
        conversation.run([say("TAG OK done")])

    def imap(self, **stages):
        inside = [lambda c: c.run(Imap.offering(*Imap.inside, *self.capabilities))]
        return {"banner": [say("* OK ready")], "CAPABILITY": Imap.offering("STARTTLS", "LOGINDISABLED"),
                "tls CAPABILITY": inside, "tls AUTHENTICATE": [imap_authenticate],
                "tls SELECT": [self.select], "tls UID": [self.uid],
                "tls EXPUNGE": [self.expunge_all],
                "tls LIST": [say('* LIST (\\HasNoChildren \\Junk) "/" "Junk Mail"', "TAG OK done")],
                "tls LOGOUT": [say("* BYE", "TAG OK bye"), close],
                **{name.replace("_", " "): steps for name, steps in stages.items()}}

    # POP3

    def stat(self, conversation):
        self.open = dict(enumerate(sorted(self.messages), 1))
        self.gone = set()
        conversation.run([say(f"+OK {len(self.open)} 1000")])

    def retrieve(self, conversation):
        words = conversation.line.split()
        message = self.messages[self.open[int(words[1])]]
        if words[0] == "TOP":
            message = message.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        conversation.write(b"+OK\r\n" + re.sub(rb"(?m)^\.", b"..", message) + b".\r\n")

    def dele(self, conversation):
        self.gone.add(self.open[int(conversation.line.split()[1])])
        conversation.run([say("+OK")])

    def quit(self, conversation):
        for uid in getattr(self, "gone", ()):
            self.messages.pop(uid, None)
        conversation.run([say("+OK bye"), close])

    def pop3(self, **stages):
        return {"banner": [say("+OK ready")], "CAPA": Pop3.offering("STLS"),
                "tls CAPA": Pop3.offering(*Pop3.inside), "tls AUTH": [pop3_auth],
                "tls STAT": [self.stat], "tls TOP": [self.retrieve], "tls RETR": [self.retrieve],
                "tls DELE": [self.dele], "tls QUIT": [self.quit],
                **{name.replace("_", " "): steps for name, steps in stages.items()}}

    def serving(self, context, protocol, **stages):
        speech = {"imap": Imap, "pop3": Pop3}[protocol]
        return ScriptedServer(context, getattr(self, protocol)(**stages), implicit=True,
                              speech=speech)
