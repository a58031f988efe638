# SPDX-License-Identifier: GPL-3.0-or-later
"""The server's side of SASL for scripted servers of every protocol, as honest as a test wants it.

`sasl(scram(...))` is a step for the stage in which a login begins ("tls AUTH", "tls AUTHENTICATE").
A mechanism is a function that gets a `Carrier`, with which it asks for responses, and returns what it
says in the end: YES, NO, or one of them with data.
"""

import base64
import ctypes
import ctypes.util
import hashlib
import hmac
import json

from .scripted import PASSWORD, USERNAME

YES, NO = "yes", "no"
SALT = b"a salt for tests"


class Cancelled(Exception):
    """The client sent an asterisk."""


class Carrier:
    """How the protocol of a conversation carries an exchange."""

    # Protocol -> a challenge, yes, yes with data beside it, no.
    FRAMES = {
        "smtp": ("334 {}", "235 2.7.0 welcome", "235 {}", "535 5.7.8 no"),
        "imap": ("+ {}", "TAG OK welcome", "TAG OK {}", "TAG NO [AUTHENTICATIONFAILED] no"),
        "pop3": ("+ {}", "+OK welcome", "+OK {}", "-ERR [AUTH] no"),
        "sieve": ('"{}"', 'OK "welcome"', 'OK (SASL "{}") "welcome"', 'NO "no"'),
    }

    def __init__(self, conversation):
        self.conversation = conversation
        self.protocol = getattr(conversation.server.speech, "name", "smtp")
        words = conversation.line.split()[2 if self.protocol == "imap" else 1:]
        self.name, *self.first = (word.strip('"') for word in words)

    def write(self, text):
        text = text.replace("TAG ", getattr(self.conversation, "tag", "") + " ", 1)
        self.conversation.write((text + "\r\n").encode("latin-1"))

    def ask(self, challenge):
        """Puts a challenge of bytes and gives the bytes of the response."""
        self.write(self.FRAMES[self.protocol][0].format(base64.b64encode(challenge).decode()))
        line = self.conversation.read_line().strip('"')
        if line.endswith("+}"):
            line = self.conversation.read_line()
        if line == "*":
            raise Cancelled
        return base64.b64decode(line)

    def begin(self):
        """The first response of a mechanism in which the client is first."""
        if self.first:
            return b"" if self.first[0] == "=" else base64.b64decode(self.first[0])
        return self.ask(b"")

    def end(self, answer, data=None):
        frame = self.FRAMES[self.protocol][(3, 1, 2)[0 if answer == NO else 1 if data is None else 2]]
        self.write(frame.format(base64.b64encode(data or b"").decode()))

    def cancelled(self, answer=NO):
        self.write({"smtp": "501 5.7.0 cancelled", "imap": "TAG BAD cancelled",
                    "pop3": "-ERR cancelled", "sieve": 'NO "cancelled"'}[self.protocol]
                   if answer == NO else self.FRAMES[self.protocol][1])


def sasl(mechanism, cancelled=NO):
    """A step that plays the mechanism; `cancelled` is what an asterisk is answered with."""
    def step(conversation):
        carrier = Carrier(conversation)
        try:
            answer = mechanism(carrier)
        except Cancelled:
            carrier.cancelled(cancelled)
            return
        carrier.end(*(answer if isinstance(answer, tuple) else (answer,)))
    return step


def tls_unique(conversation):
    return conversation._tls.get_channel_binding("tls-unique")


def tls_exporter(conversation, label=b"EXPORTER-Channel-Binding"):
    """By the OpenSSL that Python's ssl runs on, of whose session it tells nothing itself: behind the
    head of the object and a reference there is the SSL."""
    session = ctypes.c_void_p.from_address(
        id(conversation._tls._sslobj) + object.__basicsize__ + ctypes.sizeof(ctypes.c_void_p))
    out = ctypes.create_string_buffer(32)
    library = ctypes.CDLL(ctypes.util.find_library("ssl"))
    assert library.SSL_export_keying_material(session, out, ctypes.c_size_t(32), label,
                                              ctypes.c_size_t(len(label)), None,
                                              ctypes.c_size_t(0), 0) == 1
    return out.raw


def _bytes_xor(one, other):
    return bytes(a ^ b for a, b in zip(one, other))


def _attributes(message):
    return dict(part.split("=", 1) for part in message.split(","))


class Scram:
    """SCRAM as in RFC 5802. What a lying server does otherwise is a member of its own class:

    `carried`: where the signature goes: "challenge", "beside" the yes, or None.
    """

    iterations = 4096
    carried = "challenge"
    binding = None  # gives the channel binding of a conversation, with -PLUS

    def __init__(self, algorithm="sha1", password=PASSWORD, username=USERNAME, **members):
        self.algorithm, self.password, self.username = algorithm, password, username
        for name, value in members.items():
            setattr(self, name, value)

    def hmac(self, key, text):
        return hmac.new(key, text, self.algorithm).digest()

    def server_first(self, nonce):
        return f"r={nonce}server,s={base64.b64encode(SALT).decode()},i={self.iterations}"

    def signature(self, signature):
        return signature

    def final(self, signature):
        return b"v=" + base64.b64encode(signature)

    def __call__(self, carrier):
        first = carrier.begin().decode()
        header, bare = first[:first.index(",,") + 2], first[first.index(",,") + 2:]
        server_first = self.server_first(_attributes(bare)["r"])
        final = carrier.ask(server_first.encode()).decode()
        without_proof, proof = final.rsplit(",p=", 1)
        salted = hashlib.pbkdf2_hmac(self.algorithm, self.password.encode(), SALT,
                                     self.iterations)
        message = ",".join((bare, server_first, without_proof)).encode()
        client_key = self.hmac(salted, b"Client Key")
        stored = hashlib.new(self.algorithm, client_key).digest()
        claimed = _bytes_xor(base64.b64decode(proof), self.hmac(stored, message))
        bound = header.encode() + (self.binding(carrier.conversation) if self.binding else b"")
        right = (hashlib.new(self.algorithm, claimed).digest() == stored
                 and _attributes(bare)["n"] == self.username
                 and (not self.binding) == (not header.startswith("p="))
                 and base64.b64decode(_attributes(without_proof)["c"]) == bound)
        if not right:
            return NO
        data = self.final(self.signature(self.hmac(self.hmac(salted, b"Server Key"), message)))
        if self.carried == "challenge":
            carrier.ask(data)
            return YES
        return (YES, data) if self.carried == "beside" else YES


def cram_md5(carrier):
    challenge = b"<1896.697170952@mail.example.test>"
    name, digest = carrier.ask(challenge).decode().rsplit(" ", 1)
    right = hmac.new(PASSWORD.encode(), challenge, "md5").hexdigest()
    return YES if (name, digest) == (USERNAME, right) else NO


class Bearer:
    """OAUTHBEARER or XOAUTH2. Another token, or any with `always`, gets the error, as JSON unless it is
    bytes; `heard` has the answers to it, and `ends` what is said behind it."""

    error = {"status": "invalid_token", "scope": "mail"}
    always = False
    ends = NO

    def __init__(self, token, username=USERNAME, **members):
        self.token, self.username, self.heard, self.messages = token, username, [], []
        for name, value in members.items():
            setattr(self, name, value)

    def __call__(self, carrier):
        message = carrier.begin().decode()
        self.messages.append(message)
        name = self.username.replace("=", "=3D").replace(",", "=2C")
        wanted = {"XOAUTH2": f"user={self.username}\x01auth=Bearer {self.token}\x01\x01",
                  "OAUTHBEARER": f"n,a={name},\x01host=mail.example.test\x01"
                                 f"port={carrier.conversation.server.port}\x01"
                                 f"auth=Bearer {self.token}\x01\x01"}[carrier.name]
        if message == wanted and not self.always:
            return YES
        error = self.error if isinstance(self.error, bytes) else json.dumps(self.error).encode()
        self.heard.append(carrier.ask(error))
        return self.ends
