# SPDX-License-Identifier: GPL-3.0-or-later
"""Proxies on loopback: Dante, MicroSocks and Tinyproxy from packages, and what a scripted one says.

MicroSocks is the one that asks for a login over SOCKS: Dante knows the users of the system alone.
"""

import contextlib
import os
import select
import shutil
import socket
import struct

from .packaged import free_ports, running
from .scripted import Ended

DANTED_CONF = """\
logoutput: stderr
internal: 127.0.0.1 port = {port}
external: lo
clientmethod: none
socksmethod: none
user.privileged: root
user.unprivileged: nobody
client pass {{ from: 127.0.0.0/8 to: 0.0.0.0/0 }}
{rules}
"""

DANTED_RULES = "socks pass { from: 127.0.0.0/8 to: 0.0.0.0/0 }"

TINYPROXY_CONF = """\
Port {port}
Listen 127.0.0.1
Timeout 600
MaxClients 100
Allow 127.0.0.1
{options}
"""


def has_danted():
    return shutil.which("danted") is not None and os.geteuid() == 0


def has_microsocks():
    return shutil.which("microsocks") is not None


def has_tinyproxy():
    return shutil.which("tinyproxy") is not None


@contextlib.contextmanager
def danted(directory, rules=DANTED_RULES):
    """A SOCKS proxy with rules, and without a login. Gives the port."""
    directory.mkdir(parents=True)
    port, = free_ports(1)
    configuration = directory / "danted.conf"
    configuration.write_text(DANTED_CONF.format(port=port, rules=rules))
    with running(["danted", "-f", configuration], directory, [port]):
        yield port


@contextlib.contextmanager
def microsocks(directory, *options):
    """A SOCKS proxy that lets everyone go everywhere. Gives the port."""
    directory.mkdir(parents=True)
    port, = free_ports(1)
    with running(["microsocks", "-i", "127.0.0.1", "-p", str(port), *options], directory, [port]):
        yield port


@contextlib.contextmanager
def tinyproxy(directory, options=""):
    """An HTTP proxy; `options` are more lines of its configuration. Gives the port."""
    directory.mkdir(parents=True)
    port, = free_ports(1)
    configuration = directory / "tinyproxy.conf"
    configuration.write_text(TINYPROXY_CONF.format(port=port, options=options))
    with running(["tinyproxy", "-d", "-c", configuration], directory, [port]):
        yield port


# What a scripted proxy says over SOCKS, without a login.
SOCKS_OPEN = b"\x05\x00"


def socks_reply(code, address=b"\x01\x7f\x00\x00\x01"):
    return b"\x05" + bytes([code]) + b"\x00" + address + struct.pack(">H", 1080)


def forward(port, answer, together=False):
    """A step of a scripted server: answers, and is connected to that port from then on.

    `together`: the server's first bytes come in one segment with the answer.
    """
    def step(conversation):
        client = conversation.connection
        with socket.create_connection(("127.0.0.1", port)) as server:
            first = server.recv(65536) if together else b""
            conversation.write_raw(answer + first)
            while True:
                for readable in select.select([client, server], [], [], 30)[0]:
                    data = readable.recv(65536)
                    if not data:
                        raise Ended
                    (server if readable is client else client).sendall(data)
    return step
