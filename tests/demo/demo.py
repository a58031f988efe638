# SPDX-License-Identifier: GPL-3.0-or-later
"""A release gate at work, on this machine alone.

usage: demo.py [FAULT]

Starts a throw-away submission server on loopback, puts the shipped checklist `submission` to it and
ends with the gate's own exit status: 0 for the good server, 1 for one with a FAULT. The server
lives in this process, so that nothing can be left running.
"""

import asyncio
import logging
import os
import pathlib
import shutil
import ssl
import sys
import warnings

from aiosmtpd.smtp import SMTP, AuthResult

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from servers.certificates import Authority  # noqa: E402 (found through the line above)

GATE = pathlib.Path(os.environ.get("GATE", ROOT / "build" / "starttls-gate"))
DIRECTORY = ROOT / "build" / "demo"
REPORT = DIRECTORY / "report.xml"
HOST = "mail.example.test"
USERNAME = "gate"
PASSWORD = "correct horse"

EXPIRED = (-25, -1)


class Release:
    """How a server is set up; each argument is one thing that a release can get wrong."""

    def __init__(self, story, host=HOST, days=(-1, 90), starttls=True, old_tls=False,
                 auth_before_tls=False, password=PASSWORD):
        self.story = story
        self.host = host
        self.days = days
        self.starttls = starttls
        self.old_tls = old_tls
        self.auth_before_tls = auth_before_tls
        self.password = password


GOOD = Release("a server that is fit for release")

FAULTS = {
    "expired-certificate": Release("its certificate expired yesterday", days=EXPIRED),
    "no-starttls": Release("it lost STARTTLS", starttls=False),
    "wrong-host": Release("its certificate names another host", host="other.example.test"),
    "old-tls": Release("it still takes TLS 1.0 and 1.1", old_tls=True),
    "auth-before-tls": Release("it takes passwords before TLS", auth_before_tls=True),
    "wrong-password": Release("it does not know the password", password="something else"),
}


def tls_context(release):
    """The server's TLS set-up, with a certificate of an authority made for this run."""
    authority = Authority(DIRECTORY / "authority", "Throw-away demo CA")
    shutil.copy(authority.certificate, DIRECTORY / "ca.pem")
    identity = authority.issue("server", [release.host], release.days)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(identity.chain, identity.key)
    if release.old_tls:
        warnings.simplefilter("ignore", DeprecationWarning)  # being obsolete is the point
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
    return context


def smtp_server(release):
    """A factory for the server's end of one connection."""
    context = tls_context(release)
    expected = (USERNAME.encode(), release.password.encode())

    def authenticate(_server, _session, _envelope, _mechanism, login):
        return AuthResult(success=(login.login, login.password) == expected, handled=False)

    return lambda: SMTP(
        object(), hostname=release.host, ident="ESMTP demo", authenticator=authenticate,
        tls_context=context if release.starttls else None,
        require_starttls=not release.auth_before_tls,
        auth_require_tls=not release.auth_before_tls)


def gate_command(port):
    return [os.path.relpath(GATE), "run", "submission", "--target", f"{HOST}:{port}",
            "--address", "127.0.0.1", "--ca-file", os.path.relpath(DIRECTORY / "ca.pem"),
            "--var", f"username={USERNAME}", "--junit", os.path.relpath(REPORT)]


async def demonstrate(release):
    """Runs server and gate; returns the gate's exit status."""
    server = await asyncio.get_running_loop().create_server(smtp_server(release), "127.0.0.1", 0)
    command = gate_command(server.sockets[0].getsockname()[1])
    print(f"The release: {release.story}.\n$ SMTP_PASSWORD=... {' '.join(command)}\n", flush=True)
    gate = await asyncio.create_subprocess_exec(
        *command, env={**os.environ, "SMTP_PASSWORD": PASSWORD})
    try:
        return await gate.wait()
    finally:
        if gate.returncode is None:
            gate.kill()


def main(arguments):
    fault = arguments[0] if arguments and arguments[0] else None
    if fault is not None and fault not in FAULTS:
        print(f"demo: no fault is called '{fault}'. There are:", *FAULTS, sep="\n  ",
              file=sys.stderr)
        return 2
    if not GATE.exists():
        print(f"demo: {GATE} is not there; run make first", file=sys.stderr)
        return 2
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    shutil.rmtree(DIRECTORY, ignore_errors=True)
    DIRECTORY.mkdir(parents=True)
    try:
        status = asyncio.run(demonstrate(FAULTS[fault] if fault else GOOD))
    except KeyboardInterrupt:
        return 130
    print(f"\nThe gate ended with {status}; its report is {os.path.relpath(REPORT)}.")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
