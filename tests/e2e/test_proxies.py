# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers behind proxies: what the proxy does is told apart from what the server does."""

import base64
import contextlib
import threading
import time

import pytest

from checklists import IMPLICIT, SUBMISSION, checklist, target
from servers import proxies
from servers.proxies import SOCKS_OPEN, forward, socks_reply
from servers.scripted import (ScriptedServer, close, drip, hang, raw, refusing_port, reset, sleep,
                              wait_for_bytes)

USER = "joe"
PASSWORD = "open-sesame-4711"
SECRETS = {"password": {"env": "SMTP_PASSWORD"}, "proxy_password": {"env": "PROXY_PASSWORD"}}
LOGIN = f"{USER}:${{proxy_password}}@"
LIMITS = {"connect_timeout": "2s"}

# Each kind of proxy, as it comes: protocol -> (proxies without a login, with one).
AVAILABLE = {
    "socks5": (proxies.has_microsocks, proxies.has_microsocks),
    "socks5h": (proxies.has_microsocks, proxies.has_microsocks),
    "http": (proxies.has_tinyproxy, proxies.has_tinyproxy),
}


@pytest.fixture
def proxy(tmp_path):
    """Starts a packaged proxy: proxy(protocol, login=False, options=...) gives its port."""
    with contextlib.ExitStack() as stack:
        def start(protocol, login=False, **options):
            if not AVAILABLE[protocol][login]():
                pytest.skip(f"the proxy for {protocol} is not there, or this is not root")
            directory = tmp_path / f"{protocol}-{login}"
            if protocol == "http":
                lines = f"BasicAuth {USER} {PASSWORD}" if login else ""
                manager = proxies.tinyproxy(directory, options.get("options", lines))
            elif login:
                manager = proxies.microsocks(directory, "-u", USER, "-P", PASSWORD)
            elif proxies.has_danted():
                manager = proxies.danted(directory, **options)
            elif options:
                pytest.skip("Dante is not there, or this is not root")
            else:
                manager = proxies.microsocks(directory)
            return stack.enter_context(manager)
        yield start


def through(port, protocol, server_port, rows, certificates, login="", **members):
    """A checklist for the server's port, through the proxy's."""
    url = f"{protocol}://{login}127.0.0.1:{port}"
    return checklist(target(server_port, **{"proxy": url, **members}), rows, certificates.ca_file,
                     LIMITS, secrets=SECRETS)


def run(gate, document, *arguments, password=PASSWORD):
    return gate(document, *arguments, env={"PROXY_PASSWORD": password})


def expect_error(outcome, *words):
    """One error, of the connect, that says who failed; the rest is skipped and nothing passes."""
    assert outcome.having("error") == ["connection.established"], outcome.text
    assert outcome.having("pass", "fail") == [], outcome.text
    assert outcome.status == 3, outcome.text
    case = outcome.cases["connection.established"]
    for word in ("the proxy ", *words):
        assert word in case.body, outcome.text


# -- Proxies from packages, with Postfix behind them.

@pytest.mark.parametrize("protocol", AVAILABLE)
def test_a_whole_checklist_passes_through(protocol, gate, proxy, postfix, certificates):
    port = proxy(protocol)
    for service, tls, rows in [("submission", "starttls", SUBMISSION),
                               ("smtps", "implicit", IMPLICIT)]:
        outcome = run(gate, through(port, protocol, postfix.ports[service], rows, certificates,
                                    tls=tls), "-v")
        assert set(outcome.verdicts.values()) == {"pass"}, outcome.text
        assert len(outcome.cases) == len(rows)
        assert outcome.status == 0
        assert (f"connected to 127.0.0.1 port {postfix.ports[service]} through "
                f"{protocol}://127.0.0.1:{port}") in outcome.stdout


@pytest.mark.parametrize("protocol", AVAILABLE)
def test_many_connections_see_the_same_server(protocol, gate, proxy, postfix, certificates):
    """Hellos of our own, closes that repeat: what they show is the same with a proxy and without."""
    port, server = proxy(protocol), postfix.ports["submission"]
    document = through(port, protocol, server, [], certificates)
    del document["assertions"]
    document["include"] = ["posture"]
    document["limits"] = {}
    proxied = run(gate, document)
    del document["targets"][0]["proxy"]
    direct = run(gate, document)
    assert proxied.verdicts == direct.verdicts, proxied.text
    assert len(proxied.having("pass")) > 20 and not proxied.having("error"), proxied.text


@pytest.mark.parametrize("protocol", ["socks5h", "http"])
def test_the_proxy_looks_the_name_up(protocol, gate, proxy, postfix, certificates):
    """No address is known here then, and none is made up."""
    port, server = proxy(protocol), postfix.ports["submission"]
    outcome = run(gate, through(port, protocol, server, SUBMISSION, certificates,
                                address="localhost"), "-v")
    assert set(outcome.verdicts.values()) == {"pass"}, outcome.text
    assert f"connected to localhost port {server} through {protocol}://" in outcome.stdout
    assert b'starttls-gate.address" value=""' in outcome.report
    assert f'starttls-gate.proxy" value="{protocol}://127.0.0.1:{port}"'.encode() in outcome.report


@pytest.mark.parametrize("protocol", AVAILABLE)
def test_the_command_line_comes_before_the_checklist(protocol, gate, proxy, scripted, certificates):
    port, server = proxy(protocol), scripted()
    with refusing_port() as nobody:
        document = through(nobody, "socks5", server.port, SUBMISSION, certificates)
        outcome = run(gate, document, "--proxy", f"{protocol}://127.0.0.1:{port}")
    assert outcome.status == 0, outcome.text


@pytest.mark.parametrize("protocol", AVAILABLE)
def test_a_login_opens_the_proxy(protocol, gate, proxy, scripted, certificates):
    port, server = proxy(protocol, login=True), scripted()
    outcome = run(gate, through(port, protocol, server.port, SUBMISSION, certificates, LOGIN), "-v")
    assert set(outcome.verdicts.values()) == {"pass"}, outcome.text
    assert PASSWORD not in outcome.text


@pytest.mark.parametrize("login", ["", LOGIN], ids=["none", "wrong"])
@pytest.mark.parametrize("protocol", AVAILABLE)
def test_a_login_that_is_missing_or_wrong_is_the_proxys(protocol, login, gate, proxy, scripted,
                                                         certificates):
    port, server = proxy(protocol, login=True), scripted()
    outcome = run(gate, through(port, protocol, server.port, SUBMISSION, certificates, login),
                  "-v", password="not this one")
    expect_error(outcome, f"{protocol}://127.0.0.1:{port}", "The proxy wants a login")
    assert server.conversations == []
    for form in ("not this one", base64.b64encode(f"{USER}:not this one".encode()).decode()):
        assert form not in outcome.text


@pytest.mark.parametrize("login", ["", LOGIN], ids=["none", "login"])
@pytest.mark.parametrize("protocol", ["socks5", "socks5h"])
def test_a_refusal_over_socks_is_the_servers(protocol, login, gate, proxy, certificates):
    port = proxy(protocol, login=login != "")
    with refusing_port() as nobody:
        outcome = run(gate, through(port, protocol, nobody, SUBMISSION, certificates, login))
    assert outcome.having("fail") == ["connection.established"], outcome.text
    assert outcome.having("pass", "error") == []
    assert outcome.status == 1
    assert "SOCKS reply 5" in outcome.cases["connection.established"].message
    assert "no firewall between" in outcome.cases["connection.established"].body


def test_a_name_that_the_proxy_does_not_find_is_beyond_it(gate, proxy, certificates):
    port = proxy("socks5h")
    outcome = run(gate, through(port, "socks5h", 25, SUBMISSION, certificates,
                                address="mail.invalid"))
    expect_error(outcome, "SOCKS reply ", "it is the proxy that looks the host up")


def test_http_does_not_tell_a_refusal_from_its_own_trouble(gate, proxy, certificates):
    port = proxy("http")
    with refusing_port() as nobody:
        outcome = run(gate, through(port, "http", nobody, SUBMISSION, certificates))
    expect_error(outcome, "it answered CONNECT with 500", "did not get through to the server")


def test_rules_of_a_proxy_are_not_the_servers(gate, proxy, scripted, certificates):
    server = scripted()
    port = proxy("socks5", rules="socks block { from: 0.0.0.0/0 to: 0.0.0.0/0 }")
    outcome = run(gate, through(port, "socks5", server.port, SUBMISSION, certificates))
    expect_error(outcome, "SOCKS reply 2", "in the rules of the proxy")
    port = proxy("http", options="ConnectPort 443")
    outcome = run(gate, through(port, "http", server.port, SUBMISSION, certificates))
    expect_error(outcome, "it answered CONNECT with 403", "in the rules of the proxy")
    assert server.conversations == []


@pytest.mark.parametrize("protocol", AVAILABLE)
def test_a_proxy_that_is_not_there_says_nothing_of_the_server(protocol, gate, scripted,
                                                               certificates):
    server = scripted()
    with refusing_port() as nobody:
        outcome = run(gate, through(nobody, protocol, server.port, SUBMISSION, certificates))
        expect_error(outcome, f"the proxy {protocol}://127.0.0.1:{nobody}",
                     "The proxy is what failed")


def test_a_proxy_without_an_address_says_nothing_of_the_server(gate, scripted, certificates):
    document = through(0, "socks5", scripted().port, SUBMISSION, certificates,
                       proxy="socks5://proxy.invalid:1080")
    expect_error(run(gate, document), "looking up proxy.invalid", "The proxy is what failed")


# -- Proxies that do as they are told; PORT stands for the server's.

SOCKS = [wait_for_bytes, raw(SOCKS_OPEN), wait_for_bytes]
HTTP = [wait_for_bytes]
ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
ODD_HEAD = b"HTTP/1.0 299 \r\nContent-Length: 17\r\nTransfer-Encoding: chunked\r\n\r\n"
INTERIM = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: a\r\n\r\n"

PASSES = {
    "socks5 in two parts": ("socks5", lambda port: [
        wait_for_bytes, raw(b"\x05"), sleep(0.05), raw(b"\x00"), wait_for_bytes,
        raw(socks_reply(0)[:5]), sleep(0.05), forward(port, socks_reply(0)[5:])]),
    "socks5 with the greeting": ("socks5", lambda port: [
        *SOCKS, forward(port, socks_reply(0), together=True)]),
    "socks5 with a name": ("socks5", lambda port: [
        *SOCKS, forward(port, socks_reply(0, b"\x03\x0bmail.x.test"), together=True)]),
    "socks5 with a name without letters": ("socks5", lambda port: [
        *SOCKS, forward(port, socks_reply(0, b"\x03\x00"), together=True)]),
    "socks5 with IPv6": ("socks5h", lambda port: [
        *SOCKS, forward(port, socks_reply(0, b"\x04" + bytes(16)), together=True)]),
    "http with the greeting": ("http", lambda port: [
        *HTTP, forward(port, ESTABLISHED, together=True)]),
    "http a byte at a time": ("http", lambda port: [
        *HTTP, drip(ESTABLISHED[:-1], 0.002), forward(port, ESTABLISHED[-1:], together=True)]),
    "http with fields of a body": ("http", lambda port: [
        *HTTP, forward(port, ODD_HEAD, together=True)]),
    "http with responses before it": ("http", lambda port: [
        *HTTP, forward(port, INTERIM + ESTABLISHED, together=True)]),
}


@pytest.mark.parametrize("name", PASSES)
def test_a_proxy_with_manners_of_its_own_passes(name, gate, scripted, certificates):
    protocol, steps = PASSES[name]
    server = scripted()
    proxy = scripted({"banner": steps(server.port)})
    outcome = run(gate, through(proxy.port, protocol, server.port, SUBMISSION, certificates))
    assert set(outcome.verdicts.values()) == {"pass"}, outcome.text
    assert len(outcome.cases) == len(SUBMISSION)


def test_tls_from_the_first_byte_through_a_proxy(gate, certificates):
    """What the server says unasked is not lost either where TLS should begin."""
    with ScriptedServer(certificates.context()) as plain:
        with ScriptedServer(certificates.context(), {"banner": [
                *HTTP, forward(plain.port, ESTABLISHED, together=True)]}) as proxy:
            outcome = run(gate, through(proxy.port, "http", plain.port, IMPLICIT, certificates,
                                        tls="implicit"))
    assert outcome.having("fail", "error") == ["tls.handshake"], outcome.text
    assert "this port speaks STARTTLS" in outcome.cases["tls.handshake"].body, outcome.text


# What the proxy does -> what the error says, and the advice.
FAILED = "The proxy is what failed"
BEYOND = "did not get through to the server"
ERRORS = {
    "socks5 closes at once": ("socks5", [close], "the SOCKS greeting: closed", FAILED),
    "socks5 resets": ("socks5", [wait_for_bytes, reset], "the SOCKS greeting: ", FAILED),
    "socks5 hangs": ("socks5", [hang], "the SOCKS greeting: no answer within", FAILED),
    "socks5 of version 4": ("socks5", [wait_for_bytes, raw(b"\x00\x5a" + bytes(6)), hang],
                            "not what its protocol has", FAILED),
    "socks5 of version 4 later": ("socks5", [*SOCKS, raw(b"\x04\x00\x00\x01" + bytes(6)), hang],
                                  "not what its protocol has", FAILED),
    "socks5 takes no method": ("socks5", [wait_for_bytes, raw(b"\x05\xff"), hang],
                               "it takes no client without a login", "The proxy wants a login"),
    "socks5 wants GSSAPI": ("socks5", [wait_for_bytes, raw(b"\x05\x01"), hang],
                            "it chose method 1", FAILED),
    "socks5 closes in the reply": ("socks5", [*SOCKS, raw(socks_reply(0)[:7]), close],
                                   "the SOCKS request: closed", FAILED),
    "socks5 hangs in the reply": ("socks5", [*SOCKS, raw(socks_reply(0)[:7]), hang],
                                  "the SOCKS request: no answer within", BEYOND),
    "socks5 address of no kind": ("socks5", [*SOCKS, raw(socks_reply(0, b"\x02")), hang],
                                  "not what its protocol has", FAILED),
    "socks5 general failure": ("socks5", [*SOCKS, raw(socks_reply(1)), close],
                               "SOCKS reply 1, general failure", BEYOND),
    "socks5 no network": ("socks5h", [*SOCKS, raw(socks_reply(3)), close],
                          "SOCKS reply 3", BEYOND),
    "socks5 no host": ("socks5h", [*SOCKS, raw(socks_reply(4, b"\x03\x01a")), close],
                       "SOCKS reply 4", BEYOND),
    "socks5 too far": ("socks5", [*SOCKS, raw(socks_reply(6)), close], "SOCKS reply 6", BEYOND),
    "socks5 rules": ("socks5", [*SOCKS, raw(socks_reply(2)), close], "SOCKS reply 2",
                     "in the rules of the proxy"),
    "socks5 no command": ("socks5", [*SOCKS, raw(socks_reply(7)), close], "SOCKS reply 7",
                          "in the rules of the proxy"),
    "socks5 no such address": ("socks5", [*SOCKS, raw(socks_reply(8)), close], "SOCKS reply 8",
                               "in the rules of the proxy"),
    "socks5 reply of nobody": ("socks5", [*SOCKS, raw(socks_reply(91)), close],
                               "SOCKS reply 91", FAILED),
    "socks5 is a mail server": ("socks5", [raw(b"220 mail.example.test ESMTP\r\n"), hang],
                                "not what its protocol has", FAILED),
    "http closes at once": ("http", [close], "CONNECT: closed", FAILED),
    "http hangs": ("http", [hang], "CONNECT: no answer within", BEYOND),
    "http closes in the head": ("http", [*HTTP, raw(ESTABLISHED[:-1]), close],
                                "CONNECT: closed", FAILED),
    "http hangs in the head": ("http", [*HTTP, raw(ESTABLISHED[:-1]), hang],
                               "CONNECT: no answer within", BEYOND),
    "http is a mail server": ("http", [raw(b"220 mail.example.test ESMTP\r\n"), hang],
                              "not what its protocol has", FAILED),
    "http is socks": ("http", [wait_for_bytes, raw(SOCKS_OPEN), hang],
                      "not what its protocol has", FAILED),
    "http without CR": ("http", [*HTTP, raw(ESTABLISHED.replace(b"\r", b"")), hang],
                        "not what its protocol has", FAILED),
    "http head without an end": ("http", [*HTTP, raw(ESTABLISHED[:-2] + b"A: b\r\n" * 3000), hang],
                                 "not what its protocol has", FAILED),
    "http drips": ("http", [*HTTP, drip(ESTABLISHED, 0.2), hang],
                   "CONNECT: no answer within", BEYOND),
    "http redirects": ("http", [*HTTP, raw(b"HTTP/1.1 301 a\r\nLocation: b\r\n\r\n"), close],
                       "it answered CONNECT with 301", FAILED),
    "http wants a login": ("http", [*HTTP, raw(b"HTTP/1.1 407 a\r\n\r\n"), close],
                           "it answered CONNECT with 407", "The proxy wants a login"),
    "http forbids": ("http", [*HTTP, raw(b"HTTP/1.1 405 a\r\n\r\n"), close],
                     "it answered CONNECT with 405", "in the rules of the proxy"),
    "http 502": ("http", [*HTTP, raw(b"HTTP/1.1 502 refused\r\n\r\n"), close],
                 "it answered CONNECT with 502", BEYOND),
    "http 504": ("http", [*HTTP, raw(b"HTTP/1.1 504 a\r\n\r\n"), close],
                 "it answered CONNECT with 504", BEYOND),
}


@pytest.mark.parametrize("name", ERRORS)
def test_what_a_proxy_does_wrong_is_an_error_that_names_it(name, gate, scripted, certificates):
    protocol, steps, text, advice = ERRORS[name]
    server = scripted()
    proxy = scripted({"banner": steps})
    outcome = run(gate, through(proxy.port, protocol, server.port, SUBMISSION, certificates))
    expect_error(outcome, f"{protocol}://127.0.0.1:{proxy.port}", text, advice)
    assert server.conversations == []


def test_a_proxy_that_repeats_the_password_gives_nothing_away(gate, scripted, certificates):
    """As a greeting, say: what comes through the proxy is quoted."""
    def echo(conversation):
        conversation.write_raw(ESTABLISHED + b"554 " +
                               bytes(conversation.received).replace(b"\r\n", b" ") + b"\r\n")

    proxy = scripted({"banner": [wait_for_bytes, echo, hang]})
    outcome = run(gate, through(proxy.port, "http", 25, SUBMISSION, certificates, LOGIN), "-v")
    sent = base64.b64encode(f"{USER}:{PASSWORD}".encode())
    assert sent in proxy.received
    assert outcome.having("fail") == ["connection.greeting"], outcome.text
    for form in (PASSWORD, sent.decode()):
        assert form not in outcome.text


def test_a_proxy_has_the_limit_of_an_address(gate, scripted, certificates):
    """Many servers are behind it, and it may not take a hundred connections at a time."""
    lock, now, most = threading.Lock(), [0], [0]

    def serve(conversation):
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.3)
        with lock:
            now[0] -= 1

    proxy = scripted({"banner": [wait_for_bytes, serve, close]})
    targets = [target(25, name=f"t{i}", address=f"192.0.2.{i}",
                      proxy=f"http://127.0.0.1:{proxy.port}") for i in range(1, 101)]
    outcome = run(gate, checklist(targets, [{"assert": "connection.established"}],
                                  certificates.ca_file))
    assert outcome.status == 3, outcome.text
    assert len(proxy.conversations) == len(targets)
    assert 32 < most[0] <= 64


# -- What may stand in a checklist.

WRONG = [
    ("socks4://p.example:1080", "there is no such protocol of a proxy"),
    ("p.example:1080", "there is no such protocol of a proxy"),
    ("socks5://p.example", "its port is missing"),
    ("socks5://p.example:0", '"0" is not a port'),
    ("socks5://p.example:1080/", '"1080/" is not a port'),
    ("socks5://:1080", "the host is missing"),
    ("http://a b:3128", "neither an address nor a host name"),
    ("http://joe@p.example:3128", "a login has a user and a password"),
    ("http://sesame@p.example:3128", "a login has a user and a password"),
    ("http://joe%3Asesame@p.example:3128", "a login has a user and a password"),
    ("http://:${proxy_password}@p.example:3128", "a login has a user and a password"),
    ("http://joe:${nobody}@p.example:3128", 'no secret "nobody" is declared'),
    ("http://joe:${host}@p.example:3128", '"host" is a variable'),
    ("http://joe:sesame@p.example:3128", "must be the reference to a secret"),
    ("http://joe:${host}sesame@p.example:3128", "must be the reference to a secret"),
    ("${url}", "must be the reference to a secret"),
    ("${proxy_password}", 'the secret "proxy_password" cannot be used here'),
]


@pytest.mark.parametrize("url,message", WRONG)
@pytest.mark.parametrize("where", ["target", "defaults", "command line"])
def test_a_wrong_url_is_a_problem_where_it_stands(where, url, message, gate):
    variables = {"host": "a.example", "url": "http://joe:sesame@p.example:3128"}
    document = {"secrets": SECRETS, "variables": variables,
                "targets": [{"host": "a.example"}], "assertions": [{"assert": "tls.handshake"}]}
    arguments = []
    if where == "target":
        document["targets"][0]["proxy"] = url
    elif where == "defaults":
        document["target_defaults"] = {"proxy": url}
    else:
        arguments = ["--proxy", url]
    outcome = gate.command("validate", gate.write(document), *arguments)
    assert outcome.status == 2, outcome.text
    assert message in outcome.stderr, outcome.text
    assert "sesame" not in outcome.text
    assert ("test.json:" in outcome.stderr) == (where != "command line"), outcome.text


def test_a_proxy_is_no_way_to_a_file(gate):
    document = {"targets": [{"host": "a.example", "certificate_file": "a.pem",
                             "proxy": "http://p.example:3128"}],
                "assertions": [{"assert": "certificate.trusted"}]}
    outcome = gate.command("validate", gate.write(document))
    assert '"proxy" has no effect beside "certificate_file"' in outcome.stderr


def test_the_plan_shows_the_way_without_the_login(gate):
    document = {"secrets": SECRETS, "assertions": [{"assert": "tls.handshake"}],
                "targets": [{"host": "a.example",
                             "proxy": "socks5h://joe:${proxy_password}@[2001:DB8::1]:1080"}]}
    outcome = gate.command("list", gate.write(document))
    assert "(a.example port 587 through socks5h://[2001:db8::1]:1080, STARTTLS" in outcome.stdout
    assert "joe" not in outcome.stdout


def test_the_environment_says_nothing_of_proxies(gate, scripted, certificates):
    with refusing_port() as nobody:
        url = f"http://127.0.0.1:{nobody}"
        outcome = gate(checklist(scripted().port, SUBMISSION, certificates.ca_file),
                       env={"ALL_PROXY": url, "all_proxy": url, "http_proxy": url,
                            "https_proxy": url})
    assert outcome.status == 0, outcome.text
