# SPDX-License-Identifier: GPL-3.0-or-later
"""What the servers from packages share: a free port, a process that ends with its context."""

import contextlib
import os
import random
import signal
import socket
import subprocess
import time

START_SECONDS = 15
STOP_SECONDS = 10


# Below those that the system gives to outgoing connections: another could take one of these in the
# time until the server listens.
PORTS = range(15000, 32000)

# Names that this process holds until it ends, one for each port it gave out: test processes that run
# beside it leave those ports alone before a server listens there.
_CLAIMS = []


def _claim(port):
    """Raises OSError if a test process was given the port before, or something listens there."""
    claim = socket.socket(socket.AF_UNIX)
    try:
        claim.bind(f"\0starttls-gate-test-port-{port}")
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        claim.close()
        raise
    _CLAIMS.append(claim)


def free_ports(count):
    """Ports of 127.0.0.1 that nobody listens at, and that no test is given again."""
    found = []
    while len(found) < count:
        port = random.choice(PORTS)
        with contextlib.suppress(OSError):
            _claim(port)
            found.append(port)
    return found


@contextlib.contextmanager
def running(command, directory, ports, env=None):
    """Runs a server in the foreground until the block ends.

    The block begins once every port takes connections. `directory` gets what the server prints;
    an error that keeps it from starting carries that text.
    """
    log = directory / "output"
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output,
                                   stderr=output, env=env, start_new_session=True)
    try:
        for port in ports:
            _wait_for(port, process, log)
        yield process
    finally:
        _stop(process)


def _wait_for(port, process, log):
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > deadline or process.poll() is not None:
                raise RuntimeError(f"no server on port {port}\n{log.read_text()}") from None
            time.sleep(0.05)


def _stop(process):
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    # Exim's children outlive their parent; the process group is the server's own.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
