# SPDX-License-Identifier: GPL-3.0-or-later
"""A process that holds a secret can be neither dumped nor looked into."""

import json
import os
import pathlib
import pwd
import subprocess
import time

import pytest

import gate as gate_module
from checklists import checklist, target
from servers.scripted import USERNAME, hang

LOGIN = {"assert": "auth.login", "username": USERNAME, "password": "${password}"}
LIMITS = {"reply_timeout": "20s", "deadline": "20s"}


@pytest.fixture
def running(scripted, certificates, shared_directory):
    """Starts the gate as another user, and waits until it talks to a server that never answers."""
    if os.geteuid() != 0:
        pytest.skip("only root can start it as another user")
    started = []

    def start(name, rows, **members):
        server = scripted({"banner": [hang]})
        path = shared_directory / f"{name}.json"
        path.write_text(json.dumps(checklist(target(server.port, **members), rows,
                                             certificates.ca_file, LIMITS)))
        process = subprocess.Popen([gate_module.BINARY, "run", path], user="nobody", cwd="/",
                                   env={"SMTP_PASSWORD": gate_module.PASSWORD},
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        started.append(process)
        until = time.monotonic() + 10
        while not server.conversations:
            assert process.poll() is None and time.monotonic() < until
            time.sleep(0.01)
        return pathlib.Path("/proc", str(process.pid))

    yield start
    for process in started:
        process.kill()
        process.wait()


def owner(process):
    """Of its memory: the user's, unless nobody may look at it."""
    return (process / "environ").stat().st_uid


def core_limit(process):
    line, = (line for line in (process / "limits").read_text().splitlines()
             if line.startswith("Max core file size"))
    return line.split()[4:6]


def test_with_a_secret(running):
    process = running("core-with", [LOGIN])
    assert owner(process) == 0
    assert core_limit(process) == ["0", "0"]


def test_without_a_secret(running):
    process = running("core-without", [{"assert": "connection.greeting"}])
    assert owner(process) == pwd.getpwnam("nobody").pw_uid


def test_with_a_key(running, certificates, shared_directory):
    identity = certificates.identities["good"]
    copies = {}
    for member, path in (("client_certificate", identity.chain), ("client_key", identity.key)):
        copies[member] = shared_directory / f"core-{member}.pem"
        copies[member].write_bytes(path.read_bytes())
        copies[member].chmod(0o644)
    process = running("core-key", [{"assert": "connection.greeting"}],
                      **{member: str(path) for member, path in copies.items()})
    assert owner(process) == 0
