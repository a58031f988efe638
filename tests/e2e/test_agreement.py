# SPDX-License-Identifier: GPL-3.0-or-later
"""What the gate finds to be accepted is what other tools find, on servers of several kinds.

Where they differ, EXPLAINED says why. testssl.sh takes half a minute for each server: all servers
are put to it when GATE_SLOW is set, and else one of them.
"""

import contextlib
import functools
import json
import os
import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree

import pytest

import gate as gate_module
from checklists import checklist, target
from servers import gnutls
from servers.scripted import ScriptedServer
from test_posture import MODERN, SERVERS, V, context, row

SLOW = bool(os.environ.get("GATE_SLOW"))
SHORTLY = ["tls-1.0"]  # the servers that testssl.sh looks at without GATE_SLOW

OPENSSL = {
    **{name: SERVERS[name] for name in ("modern", "old", "tls-1.0", "tls-1.3", "null",
                                        "no-forward-secrecy", "p-384-tls-1.2", "dhe-2048")},
    "rsa": dict(ciphers="ALL:@SECLEVEL=0", identity="rsa", dh=2048),
    "server-order": dict(ciphers=MODERN, server_order=True, minimum=V.TLSv1_2),
}
GNUTLS = {
    "gnutls": "NORMAL",
    "gnutls-ssl3": "NONE:+VERS-SSL3.0:+VERS-TLS1.0:+RSA:+ECDHE-RSA:+ARCFOUR-128:+3DES-CBC:"
                   "+AES-128-CBC:+SHA1:+MD5:+COMP-NULL:+SIGN-ALL:+GROUP-ALL",
    "gnutls-tls-1.2": "NORMAL:-VERS-ALL:+VERS-TLS1.2:-GROUP-ALL:+GROUP-SECP256R1",
}
VERSIONS = ["ssl2", "ssl3", "1.0", "1.1", "1.2", "1.3"]
TABLE = (gate_module.ROOT / "src" / "wire" / "suites_table.c").read_text()
NAMES = {int(number, 16): name for number, name in re.findall(r'\{ 0x(\w{4}), "(\w+)"', TABLE)}
GROUPS = {"prime256v1": "secp256r1"}


class Found:
    """What a tool found: versions, suites by version, and groups (None: it does not tell)."""

    def __init__(self, versions, suites, groups=None, names_dhe=True, names_hybrids=True):
        self.versions, self.suites, self.groups = set(versions), suites, groups
        self.names_dhe = names_dhe  # the DHE groups of TLS 1.3 are among the groups
        self.names_hybrids = names_hybrids  # and those with ML-KEM


def by_gate(run, port, ca_file):
    """The gate's own view: versions one by one, all classes refused, no group allowed."""
    assertions = [row("tls.versions", id=version, accepts=[version]) for version in VERSIONS]
    assertions += [row("tls.ciphers", refuses=["aead", "not-aead"]),
                   row("tls.groups", only=["MLKEM512"])]
    report = run.directory / "report.json"
    outcome = run(checklist(target(port, tls="implicit"), assertions, ca_file),
                  "--report", f"json={report}")
    assert outcome.having("error", "skipped") == [], outcome
    cases = {case["id"]: case for suite in json.loads(report.read_text())["suites"]
             for case in suite["cases"]}
    versions = [version for version in VERSIONS if cases[version]["verdict"] == "pass"]
    suites = {}
    for name, version in accepted(cases["tls.ciphers"]["observed"]):
        suites.setdefault(version, set()).add(name)
    return Found(versions, suites, {name for name, _ in accepted(cases["tls.groups"]["message"])})


def accepted(text):
    """Pairs of name and version out of "... NAME (TLS 1.2), NAME (SSLv3)"."""
    return [(name, "ssl3" if version == "SSLv3" else version[4:])
            for name, version in re.findall(r"(\w+) \((TLS [\d.]+|SSLv3)\)", text or "")]


def by_sslscan(port):
    run = subprocess.run(["sslscan", "--no-failed", "--xml=-", f"127.0.0.1:{port}"],
                         capture_output=True, check=True, timeout=60)
    root = ElementTree.fromstring(run.stdout)
    versions = [("ssl" if each.get("type") == "ssl" else "") + each.get("version")
                for each in root.iter("protocol") if each.get("enabled") == "1"]
    suites = {}
    for each in root.iter("cipher"):
        version = each.get("sslversion").replace("TLSv", "").replace("SSLv", "ssl")
        suites.setdefault(version, set()).add(NAMES[int(each.get("id"), 16)])
    groups = {each.get("name").split()[0] for each in root.iter("group")}
    return Found(versions, suites, groups, names_hybrids=False)


def by_nmap(port):
    run = subprocess.run(["nmap", "-Pn", "-n", "-sT", "-p", str(port), "--script",
                          "ssl-enum-ciphers", "127.0.0.1", "-oX", "-"],
                         capture_output=True, check=True, timeout=120)
    suites = {}
    for script in ElementTree.fromstring(run.stdout).iter("script"):
        for table in script.findall("table"):
            version = table.get("key").replace("TLSv", "").replace("SSLv", "ssl")
            names = {name.text for name in table.iter("elem") if name.get("key") == "name"}
            suites[version] = {name.replace("TLS_AKE_WITH", "TLS") for name in names}
    return Found(suites, suites)


def by_testssl(port, directory):
    report = directory / "testssl.json"
    subprocess.run(["testssl", "--jsonfile", report, "--quiet", "--warnings", "off", "--color",
                    "0", "-p", "-f", "-E", f"127.0.0.1:{port}"],
                   capture_output=True, timeout=300, check=False)
    facts = {each["id"]: each["finding"] for each in json.loads(report.read_text())}
    ids = dict(zip(("SSLv2", "SSLv3", "TLS1", "TLS1_1", "TLS1_2", "TLS1_3"), VERSIONS))
    versions = [version for name, version in ids.items() if facts[name].startswith("offered")]
    suites = {}
    for name in facts:
        match = re.fullmatch(r"cipher-(ssl3|tls1(?:_\d)?)_x(\w+)", name)
        if match:
            version = ids.get(match[1].upper(), "ssl3")
            suites.setdefault(version, set()).add(NAMES[int(match[2], 16)])
    groups = {GROUPS.get(name, name) for key, value in facts.items() if key.endswith("curves")
              for name in value.split()}
    return Found(versions, suites, groups, names_dhe=False, names_hybrids=False)


@contextlib.contextmanager
def serving(name, certificates):
    if name in OPENSSL:
        with ScriptedServer(context(certificates, **OPENSSL[name]), implicit=True) as server:
            yield server.port
    elif gnutls.is_available():
        with gnutls.GnutlsServer(certificates.identities["rsa"], GNUTLS[name]) as server:
            yield server.port
    else:
        pytest.skip("gnutls-serv is not there")


def older(suites):
    """The suites below TLS 1.2, whatever the version: the gate asks for them in one hello."""
    return set().union(*(names for version, names in suites.items() if version < "1.2"
                         or version.startswith("ssl")))


def lower(names):
    return {name.lower() for name in names}


CERTIFICATE_CURVE = ("it offers one group at a time: without the curve of the certificate, an ECDSA "
                     "server below TLS 1.3 refuses (RFC 8422 section 5.1)")
NO_NULL = "the hellos with which testssl.sh looks for versions have no NULL suites"
ONE_GROUP = "the hello with which sslscan looks for versions does not offer secp256r1"

# Where a tool and the gate differ and why: (tool, server): {what: (reason, theirs, ours)}, the
# last two being what only the one of them finds.
EXPLAINED = {
    ("sslscan", "tls-1.0"): {
        "groups": (CERTIFICATE_CURVE, [], ["secp384r1", "secp521r1", "x25519", "x448"])},
    ("testssl", "tls-1.0"): {
        "groups": (CERTIFICATE_CURVE, [], ["secp384r1", "secp521r1", "x25519", "x448"])},
    ("testssl", "null"): {
        "versions": (NO_NULL, [], ["1.0", "1.1"]),
        "older": (NO_NULL, [], ["TLS_ECDHE_ECDSA_WITH_NULL_SHA", "TLS_ECDH_anon_WITH_NULL_SHA"]),
        "groups": (CERTIFICATE_CURVE, [], ["secp384r1", "secp521r1", "x25519", "x448"])},
    ("sslscan", "null"): {
        "groups": (CERTIFICATE_CURVE, [], ["secp384r1", "secp521r1", "x25519", "x448"])},
    ("sslscan", "gnutls-tls-1.2"): {
        "versions": (ONE_GROUP, [], ["1.2"]),
        "1.2": (ONE_GROUP, [], [
            "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"]),
        "groups": (ONE_GROUP, [], ["secp256r1"])},
}


def explained_of(tool, server):
    """What EXPLAINED has of these, but for what later versions of testssl.sh do better."""
    rows = EXPLAINED.get((tool, server), {})
    if tool == "testssl" and not re.search(r"\b3\.0\.", _testssl_version()):
        rows = {what: row for what, row in rows.items() if row[0] != CERTIFICATE_CURVE}
    return {what: (theirs, ours) for what, (_, theirs, ours) in rows.items()}


@functools.lru_cache(maxsize=None)
def _testssl_version():
    text = subprocess.run(["testssl", "--version"], capture_output=True, text=True,
                          check=False).stdout
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def differences(theirs, ours):
    rows = {"versions": (theirs.versions, ours.versions),
            "1.3": (theirs.suites.get("1.3", set()), ours.suites.get("1.3", set())),
            "1.2": (theirs.suites.get("1.2", set()), ours.suites.get("1.2", set())),
            "older": (older(theirs.suites), older(ours.suites))}
    if theirs.groups is not None:
        rows["groups"] = (lower(theirs.groups), {
            name for name in lower(ours.groups)
            if (theirs.names_dhe or "ffdhe" not in name)
            and (theirs.names_hybrids or "mlkem" not in name)})
    return {what: (sorted(their - our), sorted(our - their))
            for what, (their, our) in rows.items() if their != our}


TOOLS = {"sslscan": by_sslscan, "nmap": by_nmap, "testssl": by_testssl}


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("server", [*OPENSSL, *GNUTLS])
def test_agreement(tool, server, gate, certificates, tmp_path):
    if not shutil.which(tool):
        pytest.skip(f"{tool} is not there")
    if tool == "testssl" and server not in SHORTLY and not SLOW:
        pytest.skip("GATE_SLOW is not set")
    with serving(server, certificates) as port:
        ours = by_gate(gate, port, certificates.ca_file)
        theirs = TOOLS[tool](port, *([tmp_path] if tool == "testssl" else []))
    assert differences(theirs, ours) == explained_of(tool, server)
