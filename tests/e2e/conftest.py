# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates and servers are made once for the whole run, the gate's directory for each test."""

import contextlib
import os
import pathlib
import shutil
import ssl
import sys
import tempfile

import pytest

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1])]

import gate as gate_module  # noqa: E402 (found through the line above)
from checklists import DIALOGUE, checklist  # noqa: E402
from servers import javascript  # noqa: E402
from servers.certificates import RSA_KEY, Authority  # noqa: E402
from servers.postfix import Postfix, is_available  # noqa: E402
from servers.scripted import ScriptedServer, send  # noqa: E402

HOST = gate_module.HOST

# The leaves that the trusted authority issues: name -> (DNS names, days of validity).
LEAVES = {
    "good": ([HOST], (-2, 80)),
    "expired": ([HOST], (-20, -1)),
    "not-yet-valid": ([HOST], (2, 90)),
    "expiring": ([HOST], (-2, 5)),
    "wrong-host": (["other.example.test"], (-2, 90)),
    "wildcard": (["*.example.test"], (-2, 90)),
}


class Certificates:
    """`ca_file` is the root that tests trust; identities come from it unless named otherwise."""

    def __init__(self, directory):
        root = Authority(directory / "root", "Test root")
        issuer = Authority(directory / "intermediate", "Test intermediate", root)
        foreign = Authority(directory / "foreign", "Foreign root")
        self.ca_file = root.certificate
        self.foreign_ca_file = foreign.certificate
        self.identities = {name: issuer.issue(name, names, days)
                           for name, (names, days) in LEAVES.items()}
        self.identities["rsa"] = issuer.issue("rsa", [HOST], key_type=RSA_KEY)
        self.identities["expired-rsa"] = issuer.issue("expired-rsa", [HOST], (-20, -1),
                                                      key_type=RSA_KEY)
        self.identities["p384"] = issuer.issue(
            "p384", [HOST], key_type=("ec", "-pkeyopt", "ec_paramgen_curve:P-384"))
        self.identities["rsa-512"] = issuer.issue("rsa-512", [HOST], key_type=("rsa:512",))
        self.identities["foreign"] = foreign.issue("foreign", [HOST])
        self.identities["foreign-rsa"] = foreign.issue("foreign-rsa", [HOST], key_type=RSA_KEY)
        self.identities["self-signed"] = issuer.issue("self-signed", [HOST], self_signed=True)
        self.identities["client-only"] = issuer.issue("client-only", [HOST], usage="clientAuth")
        self.identities["no-intermediate"] = issuer.issue("no-intermediate", [HOST],
                                                          send_intermediates=False)

    def context(self, name="good", **attributes):
        """A server's TLS context with that identity; attributes are set on it."""
        identity = self.identities[name]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(identity.chain, identity.key)
        for attribute, value in attributes.items():
            setattr(context, attribute, value)
        return context


@pytest.fixture(scope="session", autouse=True)
def binary():
    if not gate_module.BINARY.exists():
        pytest.exit(f"{gate_module.BINARY} is not there; run make first", 2)
    return gate_module.BINARY


@pytest.fixture(scope="session")
def shared_directory():
    """A directory that the users of Postfix and Dovecot can reach."""
    directory = pathlib.Path(tempfile.mkdtemp(prefix="starttls-gate-"))
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def certificates(shared_directory):
    return Certificates(shared_directory / "certificates")


def _with_identity(identity):
    return {"smtpd_tls_security_level": "encrypt",
            "smtpd_tls_chain_files": f"{identity.key},{identity.chain}"}


@pytest.fixture(scope="session")
def postfix(shared_directory, certificates):
    """Ports of one Postfix by what is special about them; see its `services`."""
    if os.geteuid() != 0 or not is_available():
        pytest.skip("Postfix and Dovecot are not there, or this is not root")
    services = {
        "submission": {"smtpd_tls_security_level": "encrypt"},
        "smtps": {"smtpd_tls_wrappermode": "yes"},
        "mx": {"smtpd_sasl_auth_enable": "no"},
        "auth-in-clear": {"smtpd_tls_auth_only": "no"},
        "no-tls": {"smtpd_tls_security_level": "none"},
        "old-tls": {"smtpd_tls_security_level": "encrypt",
                    "smtpd_tls_mandatory_protocols": ">=TLSv1"},
        "modern": {"smtpd_tls_security_level": "encrypt",
                   "smtpd_tls_mandatory_ciphers": "high",
                   "smtpd_tls_mandatory_exclude_ciphers":
                       "aNULL,kRSA,kDHE,SHA1,SHA256,SHA384,AESCCM,ARIA,CAMELLIA",
                   "tls_eecdh_auto_curves": "X25519,prime256v1,secp384r1",
                   "tls_ffdhe_auto_groups": ""},  # there since Postfix 3.8
        "tls-1.2": {"smtpd_tls_security_level": "encrypt",
                    "smtpd_tls_mandatory_protocols": "TLSv1.2"},
        **{name: _with_identity(certificates.identities[name])
           for name in ("expired", "wrong-host", "foreign", "self-signed", "no-intermediate",
                        "expiring", "not-yet-valid", "wildcard", "client-only")},
    }
    with Postfix(shared_directory / "postfix", certificates.identities["good"], services) as server:
        yield server


@pytest.fixture
def gate(tmp_path):
    return gate_module.Gate(tmp_path)


@pytest.fixture
def scripted(certificates):
    """Starts scripted servers that end with the test: scripted({stage: steps}, ...)."""
    started = []

    def start(stages=None, context=None, **options):
        server = ScriptedServer(context or certificates.context(), stages, **options)
        started.append(server.__enter__())
        return server

    yield start
    for server in started:
        server.__exit__()


@pytest.fixture
def javascript_server(certificates, tmp_path):
    """Starts servers of other TLS libraries that end with the test; gives the port:
    javascript_server(engine, mode, identity's name, ciphers=None), as in servers/javascript.py."""
    with contextlib.ExitStack() as stack:
        def start(engine, mode, identity="good", ciphers=None):
            if javascript.command(engine) is None:
                pytest.skip(f"{engine} is not there: npm could not fetch it")
            directory = tmp_path / f"{engine}-{mode}-{identity}"
            return stack.enter_context(javascript.javascript_server(
                engine, mode, directory, certificates.identities[identity], ciphers))
        yield start


# Servers whose reports have every verdict in them: name -> stages of the scripted server.
REPORTS = {
    "passed": {},
    "failed": {"EHLO": [send("250-mail.example.test", "250 PIPELINING")]},
    "error": {"banner": [send("421 no")]},
    "hostile": {"banner": [send(b"554 \0\x1b[31m ]]> \xff\xfe \xef\xbf\xbe <b>&amp; \"'")]},
    "advisory": {"tls AUTH": [send("535 5.7.8 no")]},
}


@pytest.fixture(scope="session", params=REPORTS)
def any_outcome(request, certificates, tmp_path_factory):
    """One run per entry of REPORTS, shared by the tests that look at reports."""
    severity = {"severity": "advisory"} if request.param == "advisory" else {}
    assertions = [*DIALOGUE[:-1], {**DIALOGUE[-1], **severity}]
    run = gate_module.Gate(tmp_path_factory.mktemp(request.param))
    with ScriptedServer(certificates.context(), REPORTS[request.param]) as server:
        return run(checklist(server.port, assertions, certificates.ca_file))
