# SPDX-License-Identifier: GPL-3.0-or-later
"""A forwarding proxy that does one connection in three a mischief.

Which connections, and what, follows from a seed and the number of the connection, so that a run can
be made again. Of what a network and a busy server do, it does one thing a connection:

    close   accept, and end it without a byte
    421     accept, and say 421 instead of the server's greeting
    454     answer STARTTLS with 454
    hello   forward all up to the first TLS record of the client, and end it there
    cut     end it behind so many bytes of one direction
    reset   the same, with a reset
    stall   the same, without an end: nothing moves any more
    flip    turn one bit over

Those with bytes count them in one direction, and apart before TLS and from the client's first TLS
record on.
"""

import collections
import contextlib
import random
import select
import socket
import struct
import threading

IMPLICIT_KINDS = ("close", "hello", "cut", "reset", "stall", "flip")
KINDS = (*IMPLICIT_KINDS, "421", "454")
ONE_IN = 3
# How far into a phase a fault may be: within a line or a record's header, a hello, a flight.
REACH = {"dialogue": (40, 250), "tls": (12, 120, 700)}

Fault = collections.namedtuple("Fault", "kind sender phase offset bit")


def decide(seed, number, kinds=KINDS):
    """What befalls that connection; None: nothing."""
    dice = random.Random(f"{seed}/{number}")
    if dice.randrange(ONE_IN):
        return None
    phase = dice.choice(["dialogue", "tls", "tls"]) if "421" in kinds else "tls"
    return Fault(dice.choice(kinds), dice.choice(["client", "server"]), phase,
                 dice.randrange(dice.choice(REACH[phase])), dice.randrange(8))


def starts_tls(data):
    """Whether these bytes begin a record of TLS, or a hello of SSL 2.0."""
    return data[:2] == b"\x16\x03" or (data[0] & 0x80 and data[2:3] == b"\x01")


class _Over(Exception):
    """The connection has ended."""


class _Link:
    """One client connection with its connection to the server, and the fault of it."""

    def __init__(self, client, server, fault):
        self.sockets = {"client": client, "server": server}
        self.fault = fault
        self.phase = "dialogue"
        self.stalled = False
        self.seen = collections.Counter()  # bytes by (sender, phase)

    def _is(self, kind):
        return self.fault is not None and self.fault.kind == kind

    def run(self):
        """Forwards both ways until one side ends it, or the fault does."""
        names = {self.sockets[name]: name for name in self.sockets}
        with contextlib.suppress(_Over):
            while True:
                for readable in select.select(list(names), [], [])[0]:
                    self._take(names[readable], readable.recv(65536))

    def _take(self, sender, data):
        if not data:
            self._end_of(sender)
        elif not self.stalled:
            self._mind_phase(sender, data)
            self._forward(sender, data)

    def _end_of(self, sender):
        if self.stalled and sender == "server":
            self.sockets["client"].recv(1)  # until the client has had enough
        raise _Over

    def _mind_phase(self, sender, data):
        if sender == "client" and self.phase == "dialogue" and starts_tls(data):
            self.phase = "tls"
            if self._is("hello"):
                raise _Over

    def _forward(self, sender, data):
        receiver = self.sockets["server" if sender == "client" else "client"]
        begin = self.seen[sender, self.phase]
        self.seen[sender, self.phase] += len(data)
        if sender == "client" and self._is("454") and data.upper().startswith(b"STARTTLS"):
            self.sockets["client"].sendall(b"454 4.7.0 TLS not available\r\n")
        elif self._is_due(sender, begin, len(data)):
            self._strike(receiver, data, self.fault.offset - begin)
        else:
            receiver.sendall(data)

    def _is_due(self, sender, begin, size):
        return (self.fault is not None and self.fault.kind in ("cut", "reset", "stall", "flip")
                and (self.fault.sender, self.fault.phase) == (sender, self.phase)
                and begin <= self.fault.offset < begin + size)

    def _strike(self, receiver, data, at):
        if self.fault.kind == "flip":
            data = data[:at] + bytes([data[at] ^ 1 << self.fault.bit]) + data[at + 1:]
            receiver.sendall(data)
            return
        receiver.sendall(data[:at])
        self.stalled = self.fault.kind == "stall"
        if self.fault.kind == "reset":
            self.sockets["client"].setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                              struct.pack("ii", 1, 0))
        if not self.stalled:
            raise _Over


class FaultProxy:
    """Forwards 127.0.0.1:`port` to 127.0.0.1:`target`; `kinds` are those of this module.

    Use it as a context manager; each connection has a thread of its own. `faults` is what befell
    the connections so far, in their order.
    """

    def __init__(self, target, seed, kinds=KINDS):
        self.target = target
        self.seed = seed
        self.kinds = kinds
        self.faults = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self._listener.getsockname()[1]
        self._clients = []

    def _connection(self, client, fault):
        kind = fault.kind if fault else None
        with client, contextlib.suppress(OSError):
            if kind == "421":
                client.sendall(b"421 4.3.2 too many connections\r\n")
            if kind in ("421", "close"):
                return
            with socket.create_connection(("127.0.0.1", self.target)) as server:
                _Link(client, server, fault).run()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self.faults.append(decide(self.seed, len(self.faults), self.kinds))
                self._clients.append(client)
                threading.Thread(target=self._connection, args=(client, self.faults[-1]),
                                 daemon=True).start()

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        for each in (self._listener, *self._clients):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._listener.close()
