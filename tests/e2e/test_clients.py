# SPDX-License-Identifier: GPL-3.0-or-later
"""tls.clients: who gets in to servers of today with what settings, and who is locked out, and why."""

import json
import re
import shutil
import socket
import ssl
import struct
import subprocess
import sys

import pytest

from checklists import checklist, target
from gate import HOST, ROOT
from servers import dovecot, gnutls, nginx
from servers.certificates import RSA_KEY, Authority
from servers.fake_tls import DHE, FakeTls, RsaIdentity
from servers.hellos import (RETRY, TLS12, TLS13, Hello, alert, answering, read_message, record,
                            retry, server_hello)
from servers.nodes import alternating
from servers.openssl import openssl_server
from servers.scripted import close, handshake, hang, send

FILES = sorted((ROOT / "checks/clients").glob("*.json"))
CLIENTS = {path.stem: json.loads(path.read_text())["name"] for path in FILES}
LIMITS = {"connect_timeout": "5s", "reply_timeout": "2s", "deadline": "25s"}

TOO_OLD = {"java-7", "outlook-windows-7-tls10"}  # nothing newer than TLS 1.0
NO_TLS13 = TOO_OLD | {
    "outlook-windows-7-tls12", "outlook-windows-8.1", "outlook-windows-10-1809", "apple-mail-16",
    "android-7", "android-8", "windows-server-2012-r2", "windows-server-2016",
    "windows-server-2019"}
NO_ECDHE_RSA_GCM = {"outlook-windows-7-tls12", "outlook-windows-8.1", "windows-server-2012-r2"}
RELAYS = {name for name in CLIENTS if name.startswith(("postfix", "exim", "windows-server"))}


def row(name):
    return {"id": name, "assert": "tls.clients", "names": [CLIENTS[name]]}


EVERYBODY = [row(name) for name in CLIENTS]


def ask(gate, certificates, port, rows=None, tls="implicit", **members):
    return gate(checklist(target(port, tls=tls, **members), rows or EVERYBODY, certificates.ca_file,
                          LIMITS))


def types(outcome):
    """Those that are locked out, with the type of the failure."""
    assert outcome.having("error", "skipped") == [], outcome.text
    return {name: case.type.removeprefix("starttls-gate.")
            for name, case in outcome.cases.items() if case.verdict == "fail"}


def of(names, kind):
    return dict.fromkeys(names, kind)


VERSION, SUITE, GROUP, SIGNATURE = (
    f"NoCommon{what}" for what in ("Version", "Suite", "Group", "Signature"))

# The certificate, the settings, and who is locked out for what. At OpenSSL's own security level there
# is nothing older than TLS 1.2.
SERVERS = [
    ("rsa", "", of(TOO_OLD, VERSION)),
    ("rsa", "-tls1_3", of(NO_TLS13, VERSION)),
    ("rsa", "-cipher ECDHE+AESGCM:ECDHE+CHACHA20",
     {**of(TOO_OLD, VERSION), **of(NO_ECDHE_RSA_GCM, SUITE)}),
    ("good", "-cipher ECDHE+AESGCM:ECDHE+CHACHA20", of(TOO_OLD, VERSION)),
    ("rsa", "-groups P-384 -cipher ECDHE", {**of(TOO_OLD, VERSION), "android-7": GROUP}),
    ("rsa", "-groups X25519 -cipher ECDHE",
     {**of(TOO_OLD, VERSION),
      **of({"outlook-windows-7-tls12", "outlook-windows-8.1", "apple-mail-16", "android-7",
            "windows-server-2012-r2", "java-8"}, GROUP)}),
    ("p384", "-no_tls1_3", {**of(TOO_OLD, VERSION), "android-7": GROUP}),
    ("rsa", "-sigalgs RSA-PSS+SHA256 -cipher ECDHE",
     {**of(TOO_OLD, VERSION), **of(NO_TLS13 - TOO_OLD - {"android-8"}, SIGNATURE)}),
    ("rsa", "-cipher DHE:@SECLEVEL=0 -no_tls1_3 -dhparam {dh}",
     {**of({"android-7", "android-8", "android-14", "apple-mail-16", "thunderbird-91",
            "thunderbird-140", "outlook-windows-7-tls10"}, SUITE), "java-7": "DhSizeRefused"}),
    ("rsa", "-cipher ALL:@SECLEVEL=0 -tls1",
     of({"android-14", "java-8", "java-11", "java-17", "java-21", "python-3.11", "thunderbird-91",
         "thunderbird-140"}, VERSION)),
]


@pytest.fixture(scope="session")
def dh_file(shared_directory):
    path = shared_directory / "dh2048.pem"
    subprocess.run(["openssl", "dhparam", "-dsaparam", "-out", path, "2048"], check=True,
                   capture_output=True)
    return path


@pytest.mark.parametrize("identity, options, locked_out", SERVERS,
                         ids=[f"{identity} {options}" for identity, options, _ in SERVERS])
def test_who_is_locked_out_of_openssl(identity, options, locked_out, gate, certificates, dh_file):
    words = options.format(dh=dh_file).split()
    with openssl_server(certificates.identities[identity], *words) as port:
        outcome = ask(gate, certificates, port)
    assert types(outcome) == locked_out, outcome.text
    for name in locked_out:
        assert f"locked out: {CLIENTS[name]} (" in outcome.cases[name].message


def python_gets_in(port):
    """With what smtplib.starttls() takes for a context."""
    context = ssl._create_stdlib_context()
    try:
        with socket.create_connection(("127.0.0.1", port), 5) as plain:
            context.wrap_socket(plain, server_hostname=HOST).close()
    except (ssl.SSLError, OSError):
        return False
    return True


def gnutls_gets_in(port):
    done = subprocess.run(["gnutls-cli", "--insecure", "--no-ca-verification", "--port", str(port),
                           "127.0.0.1"], input="", capture_output=True, text=True, check=False,
                          timeout=20)
    return "Handshake was completed" in done.stdout


# Programs of Debian 12, and whether they are what was measured.
PROGRAMS = {
    "python-3.11": (python_gets_in, sys.version_info[:2] == (3, 11)
                    and ssl.OPENSSL_VERSION_INFO[:2] == (3, 0)),
    "msmtp-gnutls": (gnutls_gets_in, shutil.which("gnutls-cli") is not None
                     and "3.7." in subprocess.run(["gnutls-cli", "--version"], check=False,
                                                  capture_output=True, text=True).stdout),
}


@pytest.mark.parametrize("identity, options", [row[:2] for row in SERVERS] + [
    ("good", "-tls1_2"), ("p384", "-tls1_3"), ("rsa", "-cipher ECDHE-RSA-AES128-SHA -no_tls1_3"),
    ("rsa", "-cipher ECDHE-RSA-CAMELLIA128-SHA256 -no_tls1_3"),
    ("good", "-groups P-521"), ("rsa", "-ciphersuites TLS_AES_128_CCM_SHA256 -tls1_3")])
@pytest.mark.parametrize("name", PROGRAMS)
def test_the_profile_and_the_program_agree(name, identity, options, gate, certificates, dh_file):
    gets_in, is_measured = PROGRAMS[name]
    if not is_measured:
        pytest.skip("another version, or not there")
    words = options.format(dh=dh_file).split()
    with openssl_server(certificates.identities[identity], *words) as port:
        outcome = ask(gate, certificates, port, [row(name)])
        wanted = "pass" if gets_in(port) else "fail"
    assert outcome.verdicts == {name: wanted}, outcome.text


@pytest.mark.skipif(not PROGRAMS["python-3.11"][1], reason="another Python or OpenSSL")
def test_the_hello_is_that_of_the_program(gate, scripted, certificates):
    sent, own = [], ssl.MemoryBIO()
    socketless = ssl._create_stdlib_context().wrap_bio(ssl.MemoryBIO(), own, server_hostname=HOST)
    with pytest.raises(ssl.SSLWantReadError):
        socketless.do_handshake()
    theirs = Hello(own.read())

    def note(hello):
        sent.append(hello)
        return alert()

    server = scripted({"STARTTLS": [send("220 go"), answering(note)]})
    gate(checklist(server.port, [row("python-3.11")], certificates.ca_file))
    [ours] = [hello for hello in sent if len(hello.suites) == len(theirs.suites)][:1]
    assert (ours.version, ours.suites, ours.groups, ours.signatures, list(ours.extensions)) == (
        theirs.version, theirs.suites, theirs.groups, theirs.signatures, list(theirs.extensions))
    for kind in 0, 10, 13, 22, 23, 35, 45:
        assert ours.extensions[kind] == theirs.extensions[kind], kind
    shares = [hello.extensions[51] for hello in (ours, theirs)]
    assert shares[0][:6] == shares[1][:6] and len(shares[0]) == len(shares[1])


def test_the_second_hello_differs_only_in_what_was_wanted(gate, scripted, certificates):
    """RFC 8446 section 4.1.2."""
    seen = []
    cookie = struct.pack(">HHH", 44, 9, 7) + b"biscuit"

    def step(conversation):
        seen.append(read_message(conversation))
        conversation.write_raw(server_hello(
            TLS12, 0x1301, struct.pack(">HHH", 43, 2, TLS13) + struct.pack(">HHH", 51, 2, 23)
            + cookie, RETRY) + record(20, TLS12, b"\1"))
        seen.append(read_message(conversation))
        conversation.write_raw(alert())
        close(conversation)

    server = scripted({"STARTTLS": [send("220 go"), alternating(
        answering(lambda hello: retry(0x1301, 29)), step)]})
    gate(checklist(server.port, [row("java-11")], certificates.ca_file), "-j", "1")
    one, other = seen[:2]
    first, second = Hello(one), Hello(other)
    assert one[11:43] == other[11:43], "the random"
    assert first.suites == second.suites and one[43:76] == other[43:76], "the session id"
    assert second.extensions.pop(44) == b"\0\7biscuit"
    assert second.extensions[51][:6] == bytes.fromhex("004500170041")
    assert {**first.extensions, 51: b""} == {**second.extensions, 51: b""}


@pytest.fixture(scope="session")
def odd_identities(shared_directory):
    root = Authority(shared_directory / "odd-root", "Odd root")
    long_hash = Authority(shared_directory / "sha512-root", "SHA-512 root", key_type=RSA_KEY)
    return {"rsa-1024": root.issue("rsa-1024", [HOST], key_type=("rsa:1024",)),
            "ed25519": root.issue("ed25519", [HOST], key_type=("ed25519",)),
            "sha512": long_hash.issue("sha512", [HOST], key_type=RSA_KEY, digest="sha512")}


ED25519 = {name for name in CLIENTS if not name.startswith(
    ("postfix", "exim", "msmtp", "java-17", "java-21", "python"))}


@pytest.mark.parametrize("identity, options, locked_out", [
    ("rsa-1024", "-cipher ALL:@SECLEVEL=0",
     of({"apple-mail-16", "python-3.11"}, "CertificateRefused")),
    ("ed25519", "", {**of(ED25519 - TOO_OLD, SIGNATURE), **of(TOO_OLD, VERSION)}),
    ("sha512", "", {**of(TOO_OLD, VERSION), "outlook-windows-10-1809": "CertificateRefused"}),
], ids=["a short RSA key", "Ed25519", "SHA-512 in the chain"])
def test_certificates_that_clients_refuse(identity, options, locked_out, gate, certificates,
                                          odd_identities):
    with openssl_server(odd_identities[identity], *options.split()) as port:
        outcome = ask(gate, certificates, port)
    assert types(outcome) == locked_out, outcome.text


def test_two_certificates_let_windows_in(gate, certificates):
    ecdsa = certificates.identities["good"]
    with openssl_server(certificates.identities["rsa"], "-cipher", "ECDHE+AESGCM", "-dkey", ecdsa.key,
                        "-dcert", ecdsa.chain, "-dcert_chain", ecdsa.chain) as port:
        outcome = ask(gate, certificates, port)
    assert types(outcome) == of(TOO_OLD, VERSION), outcome.text


def test_postfix(gate, postfix, certificates):
    """Behind STARTTLS, with an ECDSA certificate."""
    outcome = ask(gate, certificates, postfix.ports["submission"], tls="starttls")
    assert types(outcome) == of(TOO_OLD, VERSION), outcome.text
    outcome = ask(gate, certificates, postfix.ports["smtps"], [row("postfix-3.7"), row("java-17")])
    assert types(outcome) == {}, outcome.text


@pytest.mark.skipif(not dovecot.is_available(), reason="no Dovecot, or not root")
@pytest.mark.parametrize("minimum, locked_out", [("TLSv1.2", TOO_OLD), ("TLSv1.3", NO_TLS13)])
def test_dovecot(minimum, locked_out, gate, certificates, shared_directory):
    options = {"ssl_min_protocol": minimum}
    directory = shared_directory / f"dovecot-clients-{minimum}"
    with dovecot.dovecot(directory, certificates.identities["rsa"], options) as port:
        outcome = ask(gate, certificates, port, protocol="imap")
    assert types(outcome) == of(locked_out, VERSION), outcome.text


@pytest.mark.skipif(not nginx.is_available(), reason="no nginx")
def test_nginx(gate, certificates, shared_directory):
    services = {"modern": (certificates.identities["rsa"], {"ssl_protocols": "TLSv1.3"})}
    with nginx.nginx(shared_directory / "nginx-clients", services) as ports:
        outcome = ask(gate, certificates, ports["modern"], protocol="tls")
    assert types(outcome) == of(NO_TLS13, VERSION), outcome.text


@pytest.mark.skipif(not gnutls.is_available(), reason="no gnutls-serv")
def test_gnutls(gate, certificates, gnutls_port):
    outcome = ask(gate, certificates, gnutls_port)
    assert types(outcome) == of(TOO_OLD, VERSION), outcome.text


@pytest.fixture
def gnutls_port(certificates):
    identity = certificates.identities["rsa"]
    with gnutls.GnutlsServer(identity, "NORMAL:-VERS-TLS1.0:-VERS-TLS1.1") as server:
        yield server.port


def test_several_in_one_assertion(gate, certificates):
    names = [CLIENTS[name] for name in ("java-17", "outlook-windows-8.1", "java-7")]
    rows = [{"assert": "tls.clients", "names": names}]
    with openssl_server(certificates.identities["rsa"], "-tls1_3") as port:
        case = ask(gate, certificates, port, rows).cases["tls.clients"]
    assert case.verdict == "fail"
    assert case.message == ("locked out: Outlook on Windows 8.1 (no common version), "
                            "Java 7u25 (no common version)")
    assert ("Java 7u25 (alert protocol_version (70); of more on offer the server chose TLS 1.3 with "
            "TLS_AES_128_GCM_SHA256)") in case.body
    assert "Java 17.0.12 (TLS 1.3 with" in case.body and "ClientHello of Outlook" in case.transcript


def test_the_same_client_is_asked_once(gate, certificates):
    rows = [row("java-17"), {"id": "again", "assert": "tls.clients",
                             "names": [CLIENTS["java-17"], CLIENTS["java-11"]]}]
    listed = gate.command("list", gate.write(checklist(target(25), rows, certificates.ca_file)))
    assert listed.stdout.count("the hello of a client") in (1, 2), listed
    with openssl_server(certificates.identities["rsa"]) as port:
        outcome = ask(gate, certificates, port, rows)
    assert "4 connections" in outcome.stdout, outcome  # the session, the control and two clients


# What scripted servers make of the hello of a client of TLS 1.2 alone, and of others.
def scripted_answer(rule):
    def answer(hello):
        return rule(hello) if not hello.is_control else retry(0x1301, 29)
    return [send("220 go"), answering(answer)]


ODD = [
    ("goes silent", lambda hello: None, "error", "NoProof"),
    ("answers in plaintext", lambda hello: b"500 what was that\r\n", "error", "NoProof"),
    ("sends half an alert", lambda hello: alert()[:5], "error", "NoProof"),
    ("sends half a ServerHello", lambda hello: server_hello(TLS12, 0xc02f)[:20], "error", "NoProof"),
    ("sends a ServerHello and an alert", lambda hello: server_hello(TLS12, 0xc02f) + alert(),
     "error", "NoProof"),
    ("answers in a version that there is not", lambda hello: server_hello(0x0707, 0xc02f), "error",
     "NoProof"),
    ("says that the hello is damaged", lambda hello: alert(50), "error", "NoProof"),
    ("refuses", lambda hello: alert(), "fail", VERSION),
    ("chooses NULL, which was not offered", lambda hello: server_hello(TLS12, 0x0002) + done(),
     "fail", "NotOffered"),
    ("chooses TLS 1.3, which was not offered", lambda hello: server_hello(
        TLS12, 0x1301, struct.pack(">HHH", 43, 2, TLS13)) + done(), "fail", "NotOffered"),
    ("answers an extension that was not sent", lambda hello: server_hello(
        TLS12, 0x002f, struct.pack(">HH", 35, 0)) + done(), "fail", "NotOffered"),
    ("asks for another hello, as TLS 1.3 does", lambda hello: retry(0x1301, 23), "fail", "NotOffered"),
    ("shows no certificate", lambda hello: server_hello(TLS12, 0x002f) + done(), "error",
     "NoProof"),
]


def done():
    return record(22, TLS12, b"\x0e\0\0\0")


@pytest.mark.parametrize("rule, verdict, kind", [each[1:] for each in ODD],
                         ids=[each[0] for each in ODD])
def test_a_server_that(rule, verdict, kind, gate, scripted, certificates):
    server = scripted({"STARTTLS": scripted_answer(rule)})
    outcome = gate(checklist(server.port, [row("windows-server-2016")], certificates.ca_file,
                             {"reply_timeout": "400ms", "connections": 16}))
    case = outcome.cases["windows-server-2016"]
    assert (case.verdict, case.type) == (verdict, f"starttls-gate.{kind}"), outcome.text
    assert outcome.status == {"fail": 1, "error": 3}[verdict]


def test_a_server_that_refuses_everything_proves_nothing(gate, scripted, certificates):
    server = scripted({"STARTTLS": [send("220 go"), answering(lambda hello: alert())]})
    outcome = gate(checklist(server.port, [row("java-7")], certificates.ca_file))
    assert outcome.cases["java-7"].verdict == "error", outcome.text


@pytest.mark.parametrize("step, verdict", [(close, "error"), (hang, "error")],
                         ids=["close", "hang"])
def test_nothing_follows_from_a_server_that_goes_away(step, verdict, gate, scripted, certificates):
    server = scripted({"STARTTLS": [send("220 go"), step]})
    outcome = gate(checklist(server.port, [row("java-17")], certificates.ca_file,
                             {"reply_timeout": "400ms"}))
    assert outcome.cases["java-17"].verdict == verdict, outcome.text


@pytest.mark.parametrize("nodes", [(True, False), (False, True)], ids=["good first", "bad first"])
def test_nodes_that_differ_never_pass_unseen(nodes, gate, scripted, certificates):
    """One takes all, the other refuses all but the control. In either order a refusal is a lock-out,
    and an acceptance takes it back for nobody."""
    good = handshake(certificates.context("rsa"))
    bad = answering(lambda hello: retry(0x1301, 29) if hello.is_control else alert())
    server = scripted({"STARTTLS": [send("220 go"), alternating(*(
        good if each else bad for each in nodes))]})
    outcome = gate(checklist(server.port, [row(name) for name in ("windows-server-2016", "android-8")],
                             certificates.ca_file), "-j", "1")
    failed = outcome.having("fail")
    assert failed, outcome.text
    assert all(outcome.cases[name].type == "starttls-gate.NodesDiffer" for name in failed), outcome.text


def test_a_group_that_cannot_be_computed_with(gate, scripted, certificates):
    """What a server with X25519MLKEM768 signs with is seen in an answer without that group."""
    share = struct.pack(">HHHH", 51, 1124, 4588, 1120) + bytes(1119) + b"\1"
    hybrid = server_hello(TLS12, 0x1301, struct.pack(">HHH", 43, 2, TLS13) + share)
    seen = []

    def step(conversation):
        data = b""
        while len(data) < 5 or len(data) < 5 + int.from_bytes(data[3:5], "big"):
            data += conversation.receive_raw()
        hello = Hello(data)
        seen.append(hello.groups)
        if 4588 in hello.groups:
            conversation.write_raw(hybrid)
            hang(conversation)
        conversation.start_tls(certificates.context("rsa"), data)

    server = scripted({"STARTTLS": [send("220 go"), step]})
    outcome = gate(checklist(server.port, [row("thunderbird-140")], certificates.ca_file))
    assert outcome.verdicts == {"thunderbird-140": "pass"}, outcome.text
    assert [29, 23, 24, 25] in seen, seen


def test_an_unknown_client_is_a_problem_of_the_checklist(gate, certificates):
    rows = [{"assert": "tls.clients", "names": ["Outlook on Windows 8", "Java 17.0.12"]}]
    outcome = gate.command("validate", gate.write(checklist(target(25), rows, certificates.ca_file)))
    assert outcome.status == 2
    assert '"names" cannot be "Outlook on Windows 8"' in outcome.stderr
    assert "Outlook on Windows 8.1" in outcome.stderr
    assert re.search(r"--> .*test\.json:\d+:\d+\n", outcome.stderr), outcome.stderr


def test_explain_tells_of_every_client(gate):
    text = gate.command("explain", "tls.clients").stdout
    flat = " ".join(text.split())
    for path in FILES:
        client = json.loads(path.read_text())
        assert f'"{client["name"]}"' in flat
        assert f"as of {client['date']}: {client['source']}." in flat
        for version in client["versions"]:
            assert version.replace("ssl3", "SSLv3") in flat
    assert "NoCommonSuite" in text and "CertificateRefused" in text


# What has to be wrong with a file for the build to end.
GOOD = json.loads((ROOT / "checks/clients/java-11.json").read_text())
WRONG = {
    "no JSON": "{",
    "two objects": json.dumps(GOOD) * 2,
    "an escape": json.dumps({**GOOD, "notes": 'a "quote"'}),
    "an unknown member": {**GOOD, "ciphers": ["1301"]},
    "no suites": {key: value for key, value in GOOD.items() if key != "suites"},
    "no source": {key: value for key, value in GOOD.items() if key != "source"},
    "no date": {**GOOD, "date": "yesterday"},
    "a suite that is no number": {**GOOD, "suites": ["TLS_AES_128_GCM_SHA256"]},
    "a suite twice": {**GOOD, "suites": ["1301", "1301"]},
    "an empty list": {**GOOD, "suites": []},
    "a version that there is not": {**GOOD, "versions": ["1.2", "1.4"]},
    "versions the wrong way round": {**GOOD, "versions": ["1.3", "1.2"]},
    "another kind": {**GOOD, "kind": "browser"},
    "a share of what is not offered": {**GOOD, "key_shares": ["11ec"]},
    "groups without their extension": {**GOOD, "extensions": [
        each for each in GOOD["extensions"] if each != "000a"]},
    "TLS 1.3 without its extension": {**GOOD, "extensions": [
        each for each in GOOD["extensions"] if each != "002b"]},
    "a number with a sign": json.dumps({**GOOD, "minimum_dh_bits": -1}),
    "a member twice": json.dumps(GOOD)[:-1] + ', "kind": "mua"}',
}


def profiles(*paths):
    return subprocess.run(["awk", "-f", ROOT / "src/wire/client_profiles.awk", *paths],
                          capture_output=True, text=True, check=False)


@pytest.mark.parametrize("content", WRONG.values(), ids=WRONG)
def test_a_file_that_is_wrong_ends_the_build(content, tmp_path):
    path = tmp_path / "client.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    done = profiles(path, FILES[0])
    assert done.returncode == 1 and done.stderr.startswith(f"{path}: "), done


def test_a_name_that_is_taken_ends_the_build(tmp_path):
    path = tmp_path / "client.json"
    path.write_text(json.dumps(GOOD))
    assert profiles(path).returncode == 0
    done = profiles(FILES[0], path, ROOT / "checks/clients/java-11.json")
    assert done.returncode == 1 and "another client has the name" in done.stderr, done


def test_what_is_signed_falsely_lets_nobody_in(gate, scripted, certificates, tmp_path):
    """The parameters of DHE bear a signature that is none of the key's."""
    fake = FakeTls(RsaIdentity(tmp_path, "mail.example.test"), suites=[DHE], prime=2**2047 + 1,
                   versions=(TLS12, TLS12))
    server = scripted({"STARTTLS": [send("220 go"), fake]})
    outcome = ask(gate, certificates, server.port,
                  [{"assert": "tls.clients", "names": ["Windows Server 2016"]}], tls="starttls")
    assert outcome.verdicts == {"tls.clients": "error"}, outcome.text
    assert "does not verify" in outcome.cases["tls.clients"].message, outcome.text
