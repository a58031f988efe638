# SPDX-License-Identifier: GPL-3.0-or-later
"""inspect: what a person is shown of a server, good, bad or absent. It judges nothing."""

import base64
import json
import os
import pty
import re
import subprocess
import time

import jsonschema
import pytest

import gate as gate_module
from gate import HOST, ROOT
from servers import dovecot, nginx, proxies
from servers.hellos import alert, answering
from servers.openssl import openssl_server
from servers.scripted import (close, drip, endless, hang, raw, refusing_port, send,
                              unanswering_port)


@pytest.fixture
def look(gate, certificates):
    """Looks at a port of 127.0.0.1 that stands for HOST."""
    def run(port, *options, env=None, timeout=30):
        return gate.command("inspect", f"{HOST}:{port}", "--address", "127.0.0.1", "--ca-file",
                            certificates.ca_file, *options, env=env, timeout=timeout)
    return run


def rows(text):
    """Labels and texts, those that go on over several lines in one."""
    found = {}
    for label, content in re.findall(r"^  (\S[\w -]{0,10}\S?) +(\S.*(?:\n {14}\S.*)*)", text, re.M):
        found.setdefault(label.strip(), []).append(" ".join(content.split()))
    return found


def fits(text, width=80):
    return max(map(len, text.splitlines())) <= width


def test_postfix(look, postfix, certificates):
    outcome = look(postfix.ports["submission"])
    assert outcome.status == 0, outcome.stdout + outcome.stderr
    assert outcome.stdout.startswith(f"{HOST}:{postfix.ports['submission']}, 127.0.0.1: smtp with STARTTLS")
    for line in "  <-  220 ", "   -> EHLO ", "   -> STARTTLS\n", "   ~> EHLO ", "  <~  250":
        assert line in outcome.stdout, outcome.stdout
    seen = rows(outcome.stdout)
    assert seen["version"] == ["TLS 1.3"] and seen["suite"][0].startswith("TLS_")
    assert seen["signature"] == ["ecdsa_secp256r1_sha256"] and seen["group"] == ["X25519"]
    assert seen["trusted"] == seen["names host"] == seen["holds key"] == ["yes"]
    assert seen["names"][0] == f"DNS:{HOST}" and seen["key"] == ["P-256", "P-256"]
    assert "certificate 2 of 2" in outcome.stdout and "PLAIN" in seen["login"][0]
    assert re.search(r" UTC, \d+ days left$", seen["valid"][0])
    assert fits(outcome.stdout) and "\x1b" not in outcome.stdout and outcome.stderr == ""


def pin_of(identity):
    key = subprocess.run(["openssl", "pkey", "-in", identity.key, "-pubout", "-outform", "DER"],
                         check=True, capture_output=True).stdout
    digest = subprocess.run(["openssl", "dgst", "-sha256", "-binary"], input=key, check=True,
                            capture_output=True).stdout
    return base64.b64encode(digest).decode()


def test_the_pin_is_openssls(look, postfix, certificates):
    assert rows(look(postfix.ports["submission"]).stdout)["SPKI pin"][0] == pin_of(
        certificates.identities["good"])


@pytest.mark.parametrize("identity, label, words", [
    ("expired", "trusted", "no: .*expired"),
    ("expired", "valid", "UTC, expired 1 day ago$"),
    ("not-yet-valid", "valid", "UTC, begins in 2 days$"),
    ("wrong-host", "names host", f"no: the certificate does not name {HOST}$"),
    ("wrong-host", "trusted", "^yes$"),
    ("foreign", "trusted", "no: .*(issuer|anchor|found)"),
    ("self-signed", "trusted", "no: .*self-signed"),
    ("no-intermediate", "trusted", "no: .*"),
])
def test_certificates_that_do_not_hold_say_why(identity, label, words, look, postfix):
    outcome = look(postfix.ports[identity])
    assert outcome.status == 0, outcome.stdout
    assert re.search(words, rows(outcome.stdout)[label][0]), outcome.stdout
    assert fits(outcome.stdout)


def test_postfix_with_implicit_tls(look, postfix):
    outcome = look(postfix.ports["smtps"], "--tls", "implicit")
    assert outcome.status == 0 and "smtp with implicit TLS\n" in outcome.stdout
    assert "  <~  220 " in outcome.stdout and "  <-  " not in outcome.stdout


def test_no_starttls(look, postfix):
    outcome = look(postfix.ports["no-tls"])
    assert outcome.status == 0, outcome.stderr
    assert rows(outcome.stdout)["TLS"] == ["none was established"], outcome.stdout
    assert "STARTTLS" in str(rows(outcome.stdout)), outcome.stdout


@pytest.fixture(scope="module")
def mailboxes(shared_directory, certificates):
    if not dovecot.has_mailboxes() or os.geteuid() != 0:
        pytest.skip("no Dovecot with mailboxes, or not root")
    with dovecot.mailboxes(shared_directory / "dovecot-inspect", certificates.identities["good"],
                           gate_module.USERNAME, gate_module.PASSWORD) as ports:
        yield ports


@pytest.mark.parametrize("service, protocol, arrows", [
    ("imap", "imap", ["  <-  * OK", "   -> ", "STARTTLS", "  <~  "]),
    ("pop3", "pop3", ["  <-  +OK", "   -> CAPA", "   -> STLS", "  <~  "]),
])
def test_dovecot(service, protocol, arrows, look, mailboxes):
    outcome = look(mailboxes[service], "--protocol", protocol)
    assert outcome.status == 0, outcome.stdout + outcome.stderr
    for arrow in arrows:
        assert arrow in outcome.stdout, outcome.stdout
    assert rows(outcome.stdout)["trusted"] == ["yes"]


@pytest.mark.skipif(not nginx.is_available(), reason="no nginx")
def test_nginx(look, certificates, shared_directory):
    services = {"web": (certificates.identities["rsa"], {"ssl_protocols": "TLSv1.2"})}
    with nginx.nginx(shared_directory / "nginx-inspect", services) as ports:
        outcome = look(ports["web"], "--protocol", "tls")
    seen = rows(outcome.stdout)
    assert outcome.status == 0 and seen["version"] == ["TLS 1.2"], outcome.stdout
    assert seen["key"][0] == "RSA with 2048 bits" and seen["signature"][0].startswith("rsa_")


def test_posture(look, postfix):
    outcome = look(postfix.ports["submission"], "--posture", timeout=60)
    text = outcome.stdout
    assert outcome.status == 0 and fits(text), text
    versions, suites, groups, signatures = (
        text.split(f"\n{part}\n")[1].split("\n\n")[0]
        for part in ("versions", "suites", "groups", "signatures"))
    assert re.findall(r"strong +(.*)", versions) == ["TLS 1.3", "TLS 1.2"]
    assert "refused     SSLv2, SSLv3, TLS 1.0, TLS 1.1" in versions
    assert "strong      TLS_AES_256_GCM_SHA384 (TLS 1.3)" in suites and "weak        TLS_" in suites
    assert "strong      x25519 (TLS 1.3)" in groups and "refused" in groups
    assert "ecdsa_secp256r1_sha256 (TLS 1.2)" in signatures
    for part in suites, groups, signatures:
        order = [line.split()[0] for line in part.splitlines()]
        assert order == sorted(order, key=["hybrid", "strong", "weak", "broken", "refused"].index)


def test_openssl_and_inspect_agree(look, certificates):
    """The summary that `openssl s_client -brief` has."""
    with openssl_server(certificates.identities["rsa"]) as port:
        seen = rows(look(port, "--protocol", "tls").stdout)
        brief = subprocess.run(["openssl", "s_client", "-brief", "-connect", f"127.0.0.1:{port}"],
                               input="", capture_output=True, text=True, check=False).stderr
    assert "Protocol version: TLSv1.3" in brief and seen["version"] == ["TLS 1.3"]
    assert f"Ciphersuite: {seen['suite'][0]}" in brief
    assert re.search("Signature type: (RSA-PSS|rsa_pss_rsae_sha256)", brief), brief
    assert seen["signature"] == ["rsa_pss_rsae_sha256"] and seen["group"] == ["X25519"]


def test_json_is_that_of_the_report(look, postfix):
    schema = json.loads((ROOT / "schemas/report.schema.json").read_text())
    outcome = look(postfix.ports["submission"], "--json")
    assert outcome.status == 0 and outcome.stdout.count("\n") == 1
    facts = json.loads(outcome.stdout)
    jsonschema.validate(facts, {**schema, "$ref": "#/definitions/facts"})
    assert facts["session"]["signature"] == "ecdsa_secp256r1_sha256"
    assert facts["chains"][0]["trusted"] is True and facts["host"] == HOST


def test_json_of_nobody(look):
    with refusing_port() as port:
        outcome = look(port, "--json")
    facts = json.loads(outcome.stdout)
    assert outcome.status == 3 and facts["chains"] == [] and facts["steps"][0]["outcome"] == "refused"
    assert "refused the connection" in facts["steps"][0]["text"]


def test_pem_is_the_chain(look, postfix, certificates):
    outcome = look(postfix.ports["submission"], "--pem")
    assert outcome.status == 0 and outcome.stderr == ""
    assert outcome.stdout == certificates.identities["good"].chain.read_text()


def test_pem_of_nothing(look, postfix):
    outcome = look(postfix.ports["no-tls"], "--pem")
    assert outcome.status == 3 and outcome.stdout == "" and "no certificate" in outcome.stderr


def test_a_closed_port(look):
    with refusing_port() as port:
        outcome = look(port)
    assert outcome.status == 3 and outcome.stdout == ""
    assert re.fullmatch(r"starttls-gate: no connection: 127\.0\.0\.1 port \d+ refused the "
                        r"connection\n", outcome.stderr)


def test_a_port_where_nobody_answers(look):
    with unanswering_port() as port:
        started = time.monotonic()
        outcome = look(port, "--timeout", "500ms")
    assert outcome.status == 3 and "no connection: " in outcome.stderr
    assert time.monotonic() - started < 5


def test_a_name_that_is_none(gate):
    outcome = gate.command("inspect", "nosuch.invalid", "--timeout", "1s")
    assert outcome.status == 3 and "no connection: looking up nosuch.invalid" in outcome.stderr


GARBAGE = bytes(range(1, 256)).replace(b"\n", b"").replace(b"\r", b"") * 3 + b"\r\n"

# What a server may do instead, and what is shown of it; all of them were connected to.
ODD = {
    "silence": ({"banner": [hang]}, "no answer"),
    "a close": ({"banner": [close]}, "closed"),
    "garbage": ({"banner": [raw(GARBAGE), hang]}, "greeting"),
    "escapes": ({"banner": [raw(b"220 \x1b]0;owned\x07\x1b[31m\x9b2J ::error::x ##[error]x\r\n")]},
                r"\x1b]0;owned\x07"),
    "a line without an end": ({"banner": [raw(b"220 " + b"a" * 100000)]}, "greeting"),
    "a greeting by drops": ({"banner": [drip(b"220 mail.example.test ESMTP\r\n" * 2, 0.001)]}, "220"),
    "endless lines": ({"banner": [endless("220-more")]}, "greeting"),
    "454 to STARTTLS": ({"STARTTLS": [send("454 4.7.0 TLS not available")]}, "454 4.7.0"),
    "a close behind STARTTLS": ({"STARTTLS": [send("220 go"), close]}, "closed"),
    "an alert": ({"STARTTLS": [send("220 go"), answering(lambda hello: alert())]},
                 "handshake_failure"),
    "plaintext instead of TLS": ({"STARTTLS": [send("220 go", "250 oops"), hang]}, "none was established"),
}


@pytest.mark.parametrize("stages, words", ODD.values(), ids=ODD)
def test_odd_servers_are_shown_as_they_are(stages, words, look, scripted):
    outcome = look(scripted(stages).port, "--timeout", "500ms", "--protocol", "smtp")
    assert outcome.status == 0, outcome.stdout + outcome.stderr
    assert words in outcome.stdout, outcome.stdout
    assert "none was established" in outcome.stdout or "version" in rows(outcome.stdout)
    assert fits(outcome.stdout), [line for line in outcome.stdout.splitlines() if len(line) > 80]
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", outcome.stdout)
    assert not re.search(r"^\s*::|##", outcome.stdout, re.M)


def test_a_server_that_is_not_what_its_port_says(look, scripted):
    """Said to speak TLS at once, it greets."""
    outcome = look(scripted({}).port, "--protocol", "tls", "--timeout", "1s")
    assert outcome.status == 0 and rows(outcome.stdout)["TLS"] == ["none was established"]


def test_protocol_and_tls_follow_the_port(gate):
    for port, words in ((25, "smtp, STARTTLS"), (465, "smtp, implicit"), (993, "imap, implicit"),
                        (143, "imap, STARTTLS"), (4190, "sieve, STARTTLS"), (443, "tls, implicit"),
                        (21, "ftp, STARTTLS"), (24, "lmtp, STARTTLS")):
        outcome = gate.command("inspect", f"localhost:{port}", "--address", "127.0.0.99", "--json")
        facts = json.loads(outcome.stdout)
        assert words == f"{facts['protocol']}, {facts['tls'].replace('starttls', 'STARTTLS')}"
        assert facts["port"] == port
    for options, port in (([], 587), (["--protocol", "imap"], 143),
                          (["--protocol", "imap", "--tls", "implicit"], 993)):
        outcome = gate.command("inspect", "localhost", "--address", "127.0.0.99", "--json", *options)
        assert json.loads(outcome.stdout)["port"] == port


def test_an_ipv6_address(gate):
    outcome = gate.command("inspect", "[::1]:25", "--timeout", "1s")
    assert outcome.status in (0, 3)
    assert "[::1]:25" in outcome.stdout or "::1 port 25" in outcome.stderr, outcome


def test_a_machine_without_authorities(gate, certificates):
    with openssl_server(certificates.identities["good"]) as port:
        outcome = gate.command("inspect", f"{HOST}:{port}", "--address", "127.0.0.1", "--protocol",
                               "tls", env={"SSL_CERT_FILE": "/nonexistent"})
    assert outcome.status == 0 and "no list of authorities was found" in outcome.stderr, outcome
    assert rows(outcome.stdout)["trusted"][0].startswith("no: ")


def test_another_server_name(look, certificates):
    other = certificates.identities["wrong-host"]
    with openssl_server(certificates.identities["good"], "-servername", "other.example.test",
                        "-cert2", other.chain, "-key2", other.key) as port:
        seen = rows(look(port, "--protocol", "tls", "--servername", "other.example.test").stdout)
        plain = rows(look(port, "--protocol", "tls").stdout)
    assert seen["names"][0] == "DNS:other.example.test" and plain["names"][0] == f"DNS:{HOST}"
    assert seen["names host"][0].startswith("no: ") and plain["names host"] == ["yes"]


@pytest.mark.parametrize("words, message", [
    ([], "nothing named"),
    (["one", "two"], "'two' is one too many"),
    (["host:0"], '"0" is not a port'),
    (["[::1"], "an IPv6 address is written"),
    (["host", "--protocol", "nntp"], "--protocol takes smtp|"),
    (["host", "--tls", "maybe"], "--tls takes starttls|implicit"),
    (["host:25", "--protocol", "tls", "--tls", "starttls"], "tls has no STARTTLS"),
    (["host", "--servername", "a b"], "RFC 1123"),
    (["host", "--json", "--pem"], "contradict"),
    (["host", "--ca-file", "/nonexistent"], "/nonexistent"),
    (["host", "--junit", "x.xml"], "unknown option --junit"),
    (["host", "--timeout", "soon"], "--timeout takes a span"),
    (["host", "--address", "a b"], "--address"),
    (["host", "--proxy", "ftp://x:1"], "proxy"),
])
def test_a_wrong_command_line(words, message, gate):
    outcome = gate.command("inspect", *words)
    assert outcome.status == 2 and outcome.stdout == "" and message in outcome.stderr, outcome.stderr


def on_a_terminal(command, env):
    """What is written to a terminal."""
    leader, follower = pty.openpty()
    done = subprocess.run(command, stdout=follower, stderr=subprocess.DEVNULL, check=False,
                          env={"PATH": os.environ["PATH"], "TERM": "xterm", **env})
    os.close(follower)
    seen = b""
    while True:
        try:
            data = os.read(leader, 65536)
        except OSError:
            break
        seen += data
        if not data:
            break
    os.close(leader)
    return done.returncode, seen.decode()


def test_colour_is_for_terminals(certificates, gate, look):
    with openssl_server(certificates.identities["good"]) as port:
        words = [gate_module.BINARY, "inspect", f"{HOST}:{port}", "--address", "127.0.0.1",
                 "--protocol", "tls"]
        assert "\x1b[1msession\x1b[0m" in on_a_terminal(words, {})[1]
        assert "\x1b" not in on_a_terminal(words, {"NO_COLOR": "1"})[1]
        assert "\x1b" not in on_a_terminal([*words, "--color", "never"], {})[1]
        assert "\x1b[1m" in look(port, "--protocol", "tls", "--color", "always").stdout


def test_columns(look, certificates):
    with openssl_server(certificates.identities["good"]) as port:
        for columns in (40, 60, 132):
            outcome = look(port, "--protocol", "tls", env={"COLUMNS": str(columns)})
            assert fits(outcome.stdout, columns), outcome.stdout


@pytest.mark.skipif(not proxies.has_microsocks(), reason="no microsocks")
def test_through_a_proxy(look, certificates, tmp_path):
    with openssl_server(certificates.identities["good"]) as port, \
            proxies.microsocks(tmp_path / "proxy") as proxy:
        outcome = look(port, "--protocol", "tls", "--proxy", f"socks5://127.0.0.1:{proxy}")
    assert outcome.status == 0 and "through socks5://" in outcome.stdout, outcome.stdout


def test_it_ends_with_its_reader(certificates):
    """A closed pipe is no crash."""
    with openssl_server(certificates.identities["good"]) as port:
        process = subprocess.Popen([gate_module.BINARY, "inspect", f"{HOST}:{port}", "--address",
                                    "127.0.0.1", "--protocol", "tls"], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        process.stdout.close()
        assert process.wait(20) in (0, 4)


