# SPDX-License-Identifier: GPL-3.0-or-later
"""A next hop of LMTP between a mail server and its mailboxes, that does to messages what a test tells
it: it holds them back, loses them, doubles them or writes them anew."""

import smtplib
import socketserver
import threading
import time


class _Session(socketserver.StreamRequestHandler):
    def say(self, *lines):
        self.wfile.write("".join(line + "\r\n" for line in lines).encode())

    def handle(self):
        self.say("220 hop.example.test LMTP")
        for line in iter(self.rfile.readline, b""):
            words = line.decode("latin-1").split()
            verb = words[0].upper() if words else ""
            if verb == "LHLO":
                self.say("250-hop.example.test", *self.server.hop.capabilities, "250 PIPELINING")
            elif verb == "MAIL":
                self.sender, self.recipients = _path(line), []
                self.say("250 2.1.0 yes")
            elif verb == "RCPT":
                self.recipients.append(_path(line))
                self.say("250 2.1.5 yes")
            elif verb == "DATA":
                self.say("354 go on")
                self.server.hop.take(self.sender, self.recipients, self._read_message())
                self.say(*["250 2.0.0 taken"] * len(self.recipients))
            elif verb == "QUIT":
                self.say("221 2.0.0 bye")
                return
            else:
                self.say("250 2.0.0 yes")

    def _read_message(self):
        lines = []
        for line in iter(self.rfile.readline, b".\r\n"):
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)


def _path(line):
    return line.decode("latin-1").partition("<")[2].partition(">")[0]


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = allow_reuse_address = True


class NextHop:
    """Hands each message on to the LMTP server at that port of loopback. `rewrite` is a function of its
    bytes, `delay` in seconds, `copies` how often it is handed on; `capabilities` are lines of the hello."""

    def __init__(self, port):
        self.onward = port
        self.reset()
        self._server = _Server(("127.0.0.1", 0), _Session)
        self._server.hop = self
        self.port = self._server.server_address[1]

    def reset(self):
        self.rewrite, self.delay, self.copies = bytes, 0, 1
        self.capabilities = ["250-8BITMIME"]

    def take(self, sender, recipients, message):
        copies, delay, message = self.copies, self.delay, self.rewrite(message)
        threading.Thread(target=self._hand_on, args=(sender, recipients, message, copies, delay),
                         daemon=True).start()

    def _hand_on(self, sender, recipients, message, copies, delay):
        time.sleep(delay)
        for _ in range(copies):
            with smtplib.LMTP("127.0.0.1", self.onward) as client:
                client.sendmail(sender, recipients, message)

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
