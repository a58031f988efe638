# SPDX-License-Identifier: GPL-3.0-or-later
"""mta_sts.policy and what goes by the policy: web servers, right and odd, over a zone of our own."""

import collections
import time

import pytest
from servers import forwarder, knot, nginx, proxies, web
from servers.certificates import Authority
from servers.forwarder import forwarder as forwarding
from servers.scripted import ScriptedServer, refusing_port, unanswering_port, wait_for_bytes

DOMAIN = "example.test"
HOST = f"mta-sts.{DOMAIN}"
AGE = 604800


def policy(*mx, mode="enforce", age=AGE, end="\n", version="STSv1"):
    lines = [f"version: {version}", f"mode: {mode}", *(f"mx: {name}" for name in mx),
             f"max_age: {age}"]
    return (end.join(lines) + end).encode()


RIGHT = policy("mx1.example.test", "mx2.example.test")
STS = '_mta-sts{below} TXT "v=STSv1; id=2026"\n'

# Domains below the first, with a policy of their own: what stands beside its record and address.
DOMAINS = {
    "implicit": "implicit A 127.0.0.1\n",
    "alias": "alias MX 10 other.alias\nother.alias CNAME mx1\n",
    "null": "null MX 0 .\n",
    "literal": "literal MX 10 mx1\nliteral MX 20 127.0.0.1\n",
    "many": "".join(f"many MX {number} mx{number}.many\nmx{number}.many A 127.0.0.1\n"
                    for number in range(20)),
    "norecord": "norecord MX 10 mx1\n",
}
SIGNED = """\
@ MX 10 mx1
@ MX 20 mx2
mx1 A 127.0.0.1
mx2 A 127.0.0.2
mta-sts A 127.0.0.1
outside A 127.0.0.1
mta-sts.away CNAME outside.unsigned
mta-sts.six AAAA ::1
mta-sts.dangling CNAME nothere
_mta-sts.dangling TXT "v=STSv1; id=1"
_mta-sts.nopolicy TXT "v=STSv1; id=1"
mta-sts.two A 127.0.0.9
mta-sts.two A 127.0.0.1
unsigned NS ns.unsigned
ns.unsigned A 127.0.0.1
bogus NS ns.bogus
ns.bogus A 127.0.0.1
bogus DS {foreign}
""".format(foreign=knot.FOREIGN_DS)
BELOW = "@ MX 10 host\nhost A 127.0.0.2\nmta-sts A 127.0.0.1\noutside A 127.0.0.1\n"


def zones():
    text = SIGNED + STS.format(below="")
    for name, records in DOMAINS.items():
        text += records + f"mta-sts.{name} A 127.0.0.1\n"
        text += "" if name == "norecord" else STS.format(below=f".{name}")
    return {DOMAIN: (text, True), f"unsigned.{DOMAIN}": (BELOW + STS.format(below=""), False),
            f"bogus.{DOMAIN}": (BELOW, True)}


class Lab:
    """The zone, and certificates of which everybody trusts those of `root`."""

    def __init__(self, served, directory):
        self.zone = served
        self.root = Authority(directory / "root", "Public root")
        self.private = Authority(directory / "private", "Private root")
        issuer = Authority(directory / "issuer", "Public issuer", self.root)
        self.identities = {
            "good": issuer.issue("good", [HOST, *(f"mta-sts.{name}.{DOMAIN}" for name in (
                *DOMAINS, "away", "unsigned", "six", "two"))]),
            "wildcard": issuer.issue("wildcard", [f"*.{DOMAIN}"]),
            "expired": issuer.issue("expired", [HOST], (-20, -1)),
            "early": issuer.issue("early", [HOST], (2, 90)),
            "wrong-name": issuer.issue("wrong-name", [DOMAIN]),
            "address-alone": issuer.issue("address-alone", ["IP:127.0.0.1"]),
            "wide": issuer.issue("wide", ["*.test"]),
            "private": self.private.issue("private", [HOST]),
            "self-signed": issuer.issue("self-signed", [HOST], self_signed=True),
            "no-intermediate": issuer.issue("no-intermediate", [HOST], send_intermediates=False),
        }

    def context(self, name="good", **attributes):
        return web.tls_context(self.identities[name], **attributes)


@pytest.fixture(scope="module", name="lab")
def fixture_lab(tmp_path_factory, shared_directory):
    assert knot.is_available()
    with knot.knot(tmp_path_factory.mktemp("knot") / "server", zones()) as served:
        yield Lab(served, shared_directory / "mta-sts")


LIMITS = {"connect_timeout": "2s", "reply_timeout": "2s", "deadline": "10s", "retries": 0}


@pytest.fixture(name="run")
def fixture_run(gate, lab):
    """run(assertions, ...): what is asserted of the domain."""
    def run(assertions, domain=DOMAIN, env=None, resolver=None, limits=None, trust=None,
            timeout="3s"):
        (gate.directory / "mta-sts.txt").write_bytes(RIGHT)
        document = {
            "dns": {"resolver": resolver or lab.zone.resolver,
                    "trust_anchor": str(lab.zone.anchor), "timeout": timeout},
            "trust": {"system": False, "ca_file": str(trust or lab.private.certificate)},
            "limits": {**LIMITS, **(limits or {})},
            "targets": [{"name": "target", "mx": domain}], "assertions": assertions}
        return gate(document, env={"SSL_CERT_FILE": str(lab.root.certificate), **(env or {})})
    return run


def row(name, port=None, **members):
    return {"assert": f"mta_sts.{name}", **({"port": port} if port else {}), **members}


def expect(outcome, verdict, kind=None, *words, name="mta_sts.policy"):
    case = outcome.cases[name]
    assert (case.verdict, case.type) == (verdict, kind and f"starttls-gate.{kind}"), outcome.text
    for word in words:
        assert word in case.message + case.body, outcome.text
    return case


@pytest.fixture(name="serve")
def fixture_serve(run, lab):
    """What mta_sts.policy says of a web server that takes those steps."""
    def serve(*steps, identity="good", context=None, domain=DOMAIN, **options):
        with web.web(context or lab.context(identity), steps) as server:
            outcome = run([row("policy", server.port)], domain, **options)
            outcome.server = server
            return outcome
    return serve


# -- nginx, as it comes.


def padded(length):
    return RIGHT + b"x-padding: " + b"x" * (length - len(RIGHT) - 12) + b"\n"


Site = collections.namedtuple("Site", "identity body directives verdict kind words",
                              defaults=(RIGHT, {}, "pass", None, ()))

SITES = {
    "right": Site("good"),
    "wildcard": Site("wildcard"),
    "crlf": Site("good", policy("mx1.example.test", end="\r\n")),
    "utf-8": Site("good", directives={"charset": "utf-8"}),
    "62 kB": Site("good", padded(62000)),
    "64 KiB": Site("good", padded(65536)),
    "compression offered": Site("good", directives={"gzip": "on", "gzip_min_length": "1"}),
    "one byte more": Site("good", padded(65537), {}, "fail", "PolicyTooLong",
                          ("64 KiB",)),
    "long": Site("good", padded(1000000), {}, "fail", "PolicyTooLong"),
    "expired": Site("expired", RIGHT, {}, "fail", "PolicyHostExpired", ("expired",)),
    "early": Site("early", RIGHT, {}, "fail", "PolicyHostExpired", ("not yet valid",)),
    "wrong name": Site("wrong-name", RIGHT, {}, "fail", "PolicyHostMismatch", (HOST,)),
    "address alone": Site("address-alone", RIGHT, {}, "fail", "PolicyHostMismatch"),
    "wide wildcard": Site("wide", RIGHT, {}, "fail", "PolicyHostMismatch"),
    "private": Site("private", RIGHT, {}, "fail", "PolicyHostUntrusted", ("public",)),
    "self-signed": Site("self-signed", RIGHT, {}, "fail", "PolicyHostUntrusted"),
    "no intermediate": Site("no-intermediate", RIGHT, {}, "fail", "PolicyHostUntrusted"),
    "redirect": Site("good", RIGHT, {"return": "302 https://www.example.test/policy"}, "fail",
                     "Redirect", ("302", "https://www.example.test/policy")),
    "permanent redirect": Site("good", RIGHT, {"return": "301 https://$host/policy"}, "fail",
                               "Redirect", (f"https://{HOST}/policy",)),
    "404": Site("good", None, {}, "fail", "PolicyNotServed", ("404",)),
    "503": Site("good", RIGHT, {"return": "503"}, "fail", "PolicyNotServed", ("503",)),
    "204": Site("good", RIGHT, {"return": "204"}, "fail", "PolicyNotServed", ("204",)),
    "html": Site("good", RIGHT, {"default_type": "text/html"}, "fail", "WrongType",
                 ("text/html",)),
    "no type": Site("good", RIGHT, {"default_type": '""'}, "fail", "WrongType"),
    "empty": Site("good", b"", {}, "fail", "PolicyEmpty"),
}


@pytest.fixture(scope="module", name="sites")
def fixture_sites(lab, shared_directory):
    if not nginx.is_available():
        pytest.skip("nginx is not there")
    services = {}
    for number, (name, site) in enumerate(SITES.items()):
        root = shared_directory / "sites" / str(number)
        (root / ".well-known").mkdir(parents=True)
        if site.body is not None:
            (root / ".well-known" / "mta-sts.txt").write_bytes(site.body)
        services[name] = (lab.identities[site.identity],
                          {"root": root, "default_type": "text/plain", **site.directives})
    with nginx.nginx(shared_directory / "nginx-mta-sts", services) as ports:
        yield ports


@pytest.mark.parametrize("name", SITES)
def test_nginx(name, run, sites):
    site = SITES[name]
    outcome = run([row("policy", sites[name])])
    expect(outcome, site.verdict, site.kind, *site.words)
    if name == "right":
        assert "enforce for 604800 s: mx1.example.test" in outcome.stdout


def test_what_is_slow_ends_with_the_time_that_is_allowed(run, lab, sites):
    steps = [web.drip(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n" + RIGHT, 0.05)]
    with web.web(lab.context(), steps) as server:
        started = time.monotonic()
        outcome = run([row("policy", server.port)], limits={"reply_timeout": "1s"})
    assert time.monotonic() - started < 3
    expect(outcome, "error", "NoAnswer", "no answer within the time allowed")


# -- Web servers that do as they are told.

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
TO_END = HEAD + b"\r\n" + RIGHT
SHORT = HEAD + b"Content-Length: 1000\r\n\r\n" + RIGHT

WHOLE = {
    "of a length, and a bare close": [web.respond(200, RIGHT)],
    "to the end, which is said": [web.raw(TO_END), web.goodbye],
    "in chunks": [web.chunked(RIGHT[:20], RIGHT[20:], b"")],
    "in one chunk": [web.chunked(RIGHT, b""), web.goodbye],
    "a byte at a time": [web.drip(HEAD + b"Content-Length: %d\r\n\r\n" % len(RIGHT) + RIGHT, 0.001)],
    "behind an interim response": [
        web.raw(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"), web.respond(200, RIGHT)],
    "with parameters of the type": [web.respond(200, RIGHT, kind="Text/Plain; charset=utf-8")],
    "without a line end behind the last line": [web.respond(200, RIGHT[:-1])],
}


@pytest.mark.parametrize("version", ["TLSv1_2", "TLSv1_3"])
@pytest.mark.parametrize("name", WHOLE)
def test_responses_that_are_whole(name, version, serve, lab):
    context = lab.context(maximum_version=getattr(web.ssl.TLSVersion, version))
    expect(serve(*WHOLE[name], context=context), "pass")


ODD = {
    "to an end that nobody says": ([web.raw(TO_END)], "fail", "PolicyTruncated"),
    "short of its length": ([web.raw(SHORT)], "fail", "PolicyTruncated"),
    "short of its length, and goodbye": ([web.raw(SHORT), web.goodbye], "fail", "PolicyTruncated"),
    "without the last chunk": ([web.chunked(RIGHT), web.goodbye], "fail", "PolicyTruncated"),
    "in the middle of a head": ([web.raw(HEAD)], "fail", "PolicyTruncated"),
    "reset": ([web.raw(SHORT), web.reset], "error", "NoAnswer"),
    "closed before a word": ([], "error", "NoAnswer"),
    "goodbye before a word": ([web.goodbye], "error", "NoAnswer"),
    "silence": ([web.silence], "error", "NoAnswer"),
    "silence in the middle": ([web.raw(SHORT), web.silence], "error", "NoAnswer"),
    "another protocol": ([web.raw(b"SSH-2.0-OpenSSH\r\n")], "fail", "BadResponse"),
    "two lengths": ([web.respond(200, RIGHT, "Content-Length: 5")], "fail", "BadResponse"),
    "compressed": ([web.respond(200, RIGHT, "Content-Encoding: gzip")], "fail", "PolicyEncoded"),
    "endless head": ([web.raw(HEAD + b"X: y\r\n" * 10000)], "error", "NotJudged"),
    "in the middle of the status": ([web.raw(b"HTTP/1.1 2")], "fail", "PolicyTruncated"),
    "without a type": ([web.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")], "fail",
                       "WrongType"),
    "redirect without a place": ([web.respond(301, b"")], "fail", "Redirect"),
    "hostile place": ([web.respond(302, b"", "Location: \u00e9\u202e::error::x")], "fail",
                      "Redirect"),
    "escapes in a field": ([web.respond(302, b"", "Location: \x1b[31m")], "fail", "BadResponse"),
}


@pytest.mark.parametrize("version", ["TLSv1_2", "TLSv1_3"])
@pytest.mark.parametrize("name", ODD)
def test_responses_that_are_odd(name, version, serve, lab):
    steps, verdict, kind = ODD[name]
    context = lab.context(maximum_version=getattr(web.ssl.TLSVersion, version))
    outcome = serve(*steps, context=context, limits={"reply_timeout": "1s"})
    expect(outcome, verdict, kind)
    assert "\x1b" not in outcome.stdout


def test_one_request_with_its_name_and_no_protocol(serve, lab):
    offered = []
    context = lab.context()
    context.set_alpn_protocols(["h2", "http/1.1"])
    outcome = serve(lambda connection: offered.append(connection.selected_alpn_protocol()),
                    web.respond(302, b"", f"Location: https://{HOST}/"), context=context)
    server = outcome.server
    assert (server.connections, server.names, offered) == (1, [HOST], [None])
    assert server.requests[0].splitlines()[:2] == [
        "GET /.well-known/mta-sts.txt HTTP/1.1", f"Host: {HOST}:{server.port}"]
    assert "Connection: close" in server.requests[0]


def test_a_certificate_that_is_not_trusted_is_asked_nothing(serve):
    outcome = serve(web.respond(200, RIGHT), identity="private")
    assert outcome.server.connections == 1 and not outcome.server.requests


def test_plaintext_is_no_https(run):
    with web.web(None, [web.raw(b"HTTP/1.1 400 Bad Request\r\n\r\n")]) as server:
        expect(run([row("policy", server.port)]), "fail", "NoHttps", "not TLS")


@pytest.mark.parametrize("version", ["TLSv1_2", "TLSv1_3"])
def test_a_server_that_wants_a_certificate_of_senders(version, serve, lab):
    context = lab.context(maximum_version=getattr(web.ssl.TLSVersion, version))
    context.verify_mode = web.ssl.CERT_REQUIRED
    expect(serve(web.respond(200, RIGHT), context=context), "fail", "NoHttps", "alert")


def test_a_handshake_that_is_hung_up_on(run):
    with web.web(None, []) as server:
        expect(run([row("policy", server.port)]), "error", "NoAnswer")


def test_a_port_that_refuses(run):
    with refusing_port() as port:
        expect(run([row("policy", port)]), "fail", "PolicyHostRefuses", "refused")


def test_a_port_that_does_not_answer(run):
    with unanswering_port() as port:
        expect(run([row("policy", port)], limits={"connect_timeout": "1s"}), "error", "NoAnswer")


def test_the_deadline_of_the_run_counts(run, lab):
    with web.web(lab.context(), [web.silence]) as server:
        started = time.monotonic()
        outcome = run([row("policy", server.port)],
                      limits={"deadline": "1s", "reply_timeout": "30s"})
    assert time.monotonic() - started < 3
    expect(outcome, "error", "NotRun", "deadline")


# -- Where the policy is.

@pytest.mark.parametrize("domain, verdict, kind, words", [
    (f"away.{DOMAIN}", "pass", None, ()), (f"unsigned.{DOMAIN}", "pass", None, ()),
    (f"two.{DOMAIN}", "pass", None, ()),
    (f"nopolicy.{DOMAIN}", "fail", "NoPolicyHost", ("no such name",)),
    (f"dangling.{DOMAIN}", "fail", "NoPolicyHost", ()),
    (f"bogus.{DOMAIN}", "fail", "Bogus", ("mta-sts.bogus",)),
    (DOMAIN.upper(), "pass", None, ()), (f"{DOMAIN}.", "pass", None, ())])
def test_names_of_the_policy_host(domain, verdict, kind, words, serve):
    expect(serve(web.respond(200, RIGHT), domain=domain), verdict, kind, *words)


@pytest.mark.parametrize("answers, kind", [
    (forwarder.refusing(forwarder.SERVFAIL), "LookUpFailed"), (forwarder.silence, "LookUpFailed"),
    (forwarder.stripping, "ResolverStripsDnssec")])
def test_look_ups_that_fail(answers, kind, run, lab):
    with forwarding(lab.zone.port, answers, answers) as resolver:
        outcome = run([row("policy", 443)], resolver=resolver.resolver, timeout="1s")
    expect(outcome, "error", kind)


def test_half_of_the_addresses_is_not_all(run, lab):
    """IPv4 is answered for, IPv6 is not: senders may meet either."""
    def moody(query, ask_server):
        name, kind = forwarder.question_of(query)
        refused = name.startswith("mta-sts.") and kind == 28
        return (forwarder.refusing(forwarder.SERVFAIL) if refused else forwarder.truth)(
            query, ask_server)

    with forwarding(lab.zone.port, moody, moody) as resolver, \
            web.web(lab.context(), [web.respond(200, RIGHT)]) as server:
        outcome = run([row("policy", server.port)], resolver=resolver.resolver)
    expect(outcome, "error", "LookUpFailed", "mta-sts.example.test")


def test_an_address_of_ones_own_goes_by_whom_the_checklist_trusts(run, lab):
    with web.web(lab.context("private"), [web.respond(200, RIGHT)]) as server:
        staged = row("policy", server.port, address="127.0.0.1")
        expect(run([staged], f"nopolicy.{DOMAIN}"), "fail", "PolicyHostMismatch")
        outcome = run([staged, row("mode", server.port, address="127.0.0.1"),
                       row("covers_mx", server.port, address="127.0.0.1")])
        assert outcome.status == 0, outcome.text
        other = run([staged], trust=lab.root.certificate)
        expect(other, "fail", "PolicyHostUntrusted")


def test_a_name_of_ones_own_that_is_nowhere_is_no_fault_of_the_domain(run):
    expect(run([row("policy", 443, address="nowhere.invalid")]), "error", "NoAnswer")


def test_the_system_has_no_authorities(run, tmp_path):
    outcome = run([row("policy", 443)], env={"SSL_CERT_FILE": str(tmp_path / "none")})
    assert outcome.status == 2 and "MTA-STS" in outcome.stderr, outcome.text


# -- The proxy that the environment names.

def test_through_a_proxy_that_looks_names_up(run, lab):
    with web.web(lab.context(), [web.respond(200, RIGHT)]) as server:
        steps = [wait_for_bytes, proxies.forward(server.port, b"HTTP/1.1 200 OK\r\n\r\n")]
        with ScriptedServer(None, {"banner": steps}) as proxy:
            url = f"127.0.0.1:{proxy.port}"
            for variables in ({"https_proxy": f"http://{url}/"}, {"HTTPS_PROXY": url},
                              {"https_proxy": url, "no_proxy": "other.test, 127.0.0.1"}):
                expect(run([row("policy", 8443)], env=variables), "pass")
            assert proxy.received.count(f"CONNECT {HOST}:8443 HTTP/1.1".encode()) == 3


@pytest.mark.parametrize("listed", [HOST, f".{DOMAIN}", "a.test,TEST", "*"])
def test_hosts_that_need_no_proxy(listed, run, lab):
    with web.web(lab.context(), [web.respond(200, RIGHT)]) as server, refusing_port() as nobody:
        outcome = run([row("policy", server.port)],
                      env={"https_proxy": f"http://127.0.0.1:{nobody}", "no_proxy": listed})
    expect(outcome, "pass")


def test_a_proxy_that_is_not_there(run):
    with refusing_port() as nobody:
        outcome = run([row("policy")], env={"https_proxy": f"http://127.0.0.1:{nobody}"})
    expect(outcome, "error", "NoAnswer", "the proxy")


@pytest.mark.skipif(not proxies.has_tinyproxy(), reason="tinyproxy is not there")
@pytest.mark.parametrize("password, verdict", [("p%2Dss%2eword", "pass"), ("oth-er", "error")])
def test_a_proxy_with_a_login(password, verdict, run, lab, tmp_path):
    with web.web(lab.context("private"), [web.respond(200, RIGHT)]) as server, \
            proxies.tinyproxy(tmp_path / "proxy", "BasicAuth user p-ss.word") as port:
        outcome = run([row("policy", server.port, address="127.0.0.1")],
                      env={"https_proxy": f"http://us%65r:{password}@127.0.0.1:{port}"})
    assert outcome.cases["mta_sts.policy"].verdict == verdict, outcome.text
    assert "p-ss" not in outcome.text and password not in outcome.text


def test_a_login_that_a_web_server_repeats_is_not_shown(run, lab):
    """Whoever sees what the proxy was told can put it anywhere."""
    with web.web(lab.context(), [web.respond(200, policy("a.test", mode="p-ss.word"))]) as server:
        outcome = run([row("policy", server.port)], env={
            "https_proxy": "http://user:p%2Dss%2eword@127.0.0.1:1", "no_proxy": "*"})
    assert "mode: [secret]" in expect(outcome, "fail", "PolicyMalformed").message
    assert "p-ss" not in outcome.text


@pytest.mark.parametrize("url", ["https://127.0.0.1:3128", "127.0.0.1", "http://:1", "gopher://a:1"])
def test_a_proxy_that_cannot_be_read_is_a_problem(url, run):
    outcome = run([row("policy")], env={"https_proxy": url})
    assert outcome.status == 2 and "https_proxy" in outcome.stderr, outcome.text


def test_the_environment_does_not_matter_where_nothing_is_fetched(run):
    assert run([row("record")], env={"https_proxy": "nonsense", "SSL_CERT_FILE": "/none"}).status == 0


# -- The grammar of the policy (facts of RFC 8461 section 3.2).

FAULTS = {
    "an empty line": (RIGHT + b"\n", "PolicyMalformed", "line 6"),
    "a comment": (b"# a policy\n" + RIGHT, "PolicyMalformed", "# a policy"),
    "no colon": (b"version STSv1\n" + RIGHT, "PolicyMalformed", "version STSv1"),
    "a blank before the colon": (RIGHT.replace(b"mode:", b"mode :"), "PolicyMalformed", "mode :"),
    "another version": (policy("mx1.example.test", version="STSv2"), "PolicyMalformed", "STSv2"),
    "another mode": (policy("mx1.example.test", mode="enforced"), "PolicyMalformed", "enforced"),
    "a mode in upper case": (policy("mx1.example.test", mode="Enforce"), "PolicyMalformed",
                             "Enforce"),
    "a key in upper case": (RIGHT.replace(b"mode", b"Mode"), "PolicyMisspelt", "Mode"),
    "a key that is nearly one": (RIGHT.replace(b"mx: mx1", b"nmx: mx1"), "PolicyMisspelt", "nmx"),
    "too old an age": (policy("mx1.example.test", age=31557601), "PolicyMalformed", "31557601"),
    "an age that is no number": (policy("mx1.example.test", age="1w"), "PolicyMalformed", "1w"),
    "an age below nothing": (policy("mx1.example.test", age=-1), "PolicyMalformed", "-1"),
    "an address": (policy("192.0.2.1"), "PolicyMalformed", "192.0.2.1"),
    "an address of IPv6": (policy("[2001:db8::1]"), "PolicyMalformed", "2001:db8"),
    "a name beyond ASCII": (policy("m\u00fcller.test"), "PolicyMalformed", "line 3"),
    "a domain with a dot in front": (policy(".example.test"), "PolicyMalformed", ".example.test"),
    "a wildcard inside": (policy("mx*.example.test"), "PolicyMalformed", "mx*"),
    "a wildcard alone": (policy("*"), "PolicyMalformed", "*"),
    "two names in one line": (policy("mx1.example.test, mx2.example.test"), "PolicyMalformed",
                              "mx2"),
    "no version": (RIGHT.replace(b"version: STSv1\n", b""), "PolicyIncomplete", "version"),
    "no mode": (RIGHT.replace(b"mode: enforce\n", b""), "PolicyIncomplete", "mode"),
    "no age": (RIGHT.replace(b"max_age: 604800\n", b""), "PolicyIncomplete", "max_age"),
    "no mx": (policy(), "PolicyIncomplete", "mx"),
    "a byte order mark": (b"\xef\xbb\xbf" + RIGHT, "PolicyMalformed", "line 1"),
    "a NUL": (RIGHT.replace(b"mode: ", b"mode: \0"), "PolicyMalformed", "\\x00"),
    "ends of a line in the manner of the Mac": (RIGHT.replace(b"\n", b"\r"), "PolicyMalformed",
                                                "line 1"),
    "a page": (b"<!DOCTYPE html><title>Hello</title>\n", "PolicyMalformed", "DOCTYPE"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_faults_of_the_grammar(name, serve):
    body, kind, word = FAULTS[name]
    case = expect(serve(web.respond(200, body)), "fail", kind, word)
    lines = [line.strip() for line in case.body.splitlines()]
    at = lines.index("version: STSv1")
    assert lines[at:at + 5] == ["version: STSv1", "mode: testing", "mx: mx1.example.test",
                                "mx: mx2.example.test", "max_age: 604800"], case.body


def test_more_servers_than_are_read(serve):
    expect(serve(web.respond(200, policy(*[f"mx{number}.test" for number in range(256)]))), "pass")
    expect(serve(web.respond(200, policy(*[f"mx{number}.test" for number in range(257)]))), "error",
           "NotJudged", "256")


@pytest.mark.parametrize("body", [
    policy(mode="none"), policy("mx1.example.test", age=0), policy("mx1.example.test", age=31557600),
    RIGHT + b"mode: testing\nmax_age: 1\nversion: STSv2\n", b"x-other: \xc3\xa9\n" + RIGHT,
    RIGHT.replace(b": ", b":  \t"), RIGHT.replace(b"\n", b" \n")])
def test_policies_that_are_odd_and_right(body, serve):
    expect(serve(web.respond(200, body)), "pass")


# -- What goes by the policy.

def rows(port):
    return [row("policy", port), row("mode", port), row("covers_mx", port),
            row("matches_file", port, file="mta-sts.txt", record_id="2026")]


@pytest.mark.parametrize("body, asked, verdict, kind", [
    (RIGHT, {}, "pass", None), (RIGHT, {"mode": "testing"}, "fail", "OtherMode"),
    (policy("a.test", mode="testing"), {"mode": "testing"}, "pass", None),
    (policy("a.test", mode="testing"), {}, "fail", "OtherMode"),
    (policy(mode="none"), {"mode": "none"}, "pass", None),
    (RIGHT, {"max_age_minimum": AGE}, "pass", None),
    (RIGHT, {"max_age_minimum": AGE + 1}, "fail", "ShortMaxAge")])
def test_the_mode(body, asked, verdict, kind, run, lab):
    with web.web(lab.context(), [web.respond(200, body)]) as server:
        outcome = run([row("mode", server.port, **asked)])
    expect(outcome, verdict, kind, name="mta_sts.mode")
    if kind == "ShortMaxAge":
        assert f"max_age: {AGE + 1}" in outcome.cases["mta_sts.mode"].body


@pytest.mark.parametrize("patterns, domain, missed", [
    (["mx1.example.test", "MX2.Example.Test"], DOMAIN, None),
    (["*.example.test"], DOMAIN, None),
    (["mx1.example.test"], DOMAIN, "mx2.example.test"),
    (["example.test"], DOMAIN, "mx1.example.test, mx2.example.test"),
    (["*.test"], DOMAIN, "mx1.example.test, mx2.example.test"),
    (["*.mx1.example.test", "*.mx2.example.test"], DOMAIN, "mx1.example.test, mx2.example.test"),
    (["implicit.example.test"], f"implicit.{DOMAIN}", None),
    (["mx1.example.test"], f"implicit.{DOMAIN}", "implicit.example.test"),
    (["other.alias.example.test"], f"alias.{DOMAIN}", None),
    (["mx1.example.test"], f"alias.{DOMAIN}", "other.alias.example.test"),
    (["*.example.test"], f"literal.{DOMAIN}", "127.0.0.1"),
    (["*.many.example.test"], f"many.{DOMAIN}", None),
    (["*.example.test"], f"many.{DOMAIN}", "mx0.many.example.test"),
    (["host.unsigned.example.test"], f"unsigned.{DOMAIN}", None)])
@pytest.mark.parametrize("mode", ["enforce", "testing"])
def test_mail_servers_that_the_policy_covers(mode, patterns, domain, missed, run, lab):
    with web.web(lab.context(), [web.respond(200, policy(*patterns, mode=mode))]) as server:
        outcome = run([row("covers_mx", server.port)], domain)
    if missed is None:
        expect(outcome, "pass", name="mta_sts.covers_mx")
        return
    case = expect(outcome, "fail", "MxNotCovered", missed, name="mta_sts.covers_mx")
    assert f"mode: {mode}" in case.body and ("hand no mail" in case.body) == (mode == "enforce")
    for name in missed.split(", "):
        assert f"mx: {name}" in case.body or "127.0.0.1" in missed, case.body


def test_nobody_goes_by_the_servers_of_a_policy_of_mode_none(run, lab):
    with web.web(lab.context(), [web.respond(200, policy(mode="none"))]) as server:
        expect(run([row("covers_mx", server.port)]), "pass", None, name="mta_sts.covers_mx")


@pytest.mark.parametrize("domain, verdict", [
    (f"null.{DOMAIN}", "fail"), (f"nothere.{DOMAIN}", "fail"), (f"bogus.{DOMAIN}", "fail")])
def test_a_domain_without_mail_servers_is_a_matter_of_its_own(domain, verdict, run, lab):
    with web.web(lab.context(), [web.respond(200, RIGHT)]) as server:
        outcome = run([row("covers_mx", server.port)], domain)
    assert outcome.verdicts == {"dns.mx": verdict, "mta_sts.covers_mx": "skipped"}, outcome.text


@pytest.mark.parametrize("body, members, verdict, kind", [
    (RIGHT, {}, "pass", None), (RIGHT.replace(b"\n", b"\r\n"), {}, "pass", None),
    (RIGHT[:-1], {}, "pass", None), (RIGHT, {"record_id": "2026"}, "pass", None),
    (RIGHT, {"record_id": "2027"}, "fail", "OtherId"),
    (policy("mx1.example.test"), {}, "fail", "OtherPolicy"),
    (RIGHT + b"x-more: 1\n", {}, "fail", "OtherPolicy"),
    (policy("mx2.example.test", "mx1.example.test"), {"record_id": "2027"}, "fail", "OtherPolicy")])
def test_the_file_is_what_is_served(body, members, verdict, kind, run, lab):
    with web.web(lab.context(), [web.respond(200, body)]) as server:
        outcome = run([row("matches_file", server.port, file="mta-sts.txt", **members)])
    expect(outcome, verdict, kind, name="mta_sts.matches_file")


def test_a_file_that_is_no_policy_is_a_problem(run, gate):
    (gate.directory / "other.txt").write_text("version: STSv1\n")
    outcome = run([row("matches_file", 443, file="other.txt")])
    assert outcome.status == 2 and "it has no mode" in outcome.stderr, outcome.text


# -- Whose fault it is.

def test_a_policy_that_cannot_be_fetched_is_told_once(run):
    with refusing_port() as port:
        outcome = run(rows(port))
    assert outcome.verdicts == {
        "mta_sts.policy": "fail", "mta_sts.mode": "skipped", "mta_sts.covers_mx": "skipped",
        "mta_sts.matches_file": "skipped"}, outcome.text


@pytest.mark.parametrize("index", [1, 2, 3])
def test_the_owner_of_the_cause_is_added(index, run):
    with refusing_port() as port:
        asked = rows(port)[index]
        outcome = run([asked])
    assert outcome.verdicts == {"mta_sts.policy": "fail", asked["assert"]: "skipped"}, outcome.text


def test_a_policy_that_is_not_known_of_is_told_once(run):
    with web.web(None, []) as server:
        outcome = run(rows(server.port)[:3])
    assert outcome.verdicts == {"mta_sts.policy": "error", "mta_sts.mode": "skipped",
                                "mta_sts.covers_mx": "skipped"}, outcome.text


@pytest.mark.parametrize("index", [1, 2, 3])
def test_without_a_record_no_policy_counts(index, run, lab):
    with web.web(lab.context(), [web.respond(200, RIGHT)]) as server:
        asked = rows(server.port)[index]
        outcome = run([row("policy", server.port), asked], f"norecord.{DOMAIN}")
    assert outcome.verdicts == {"mta_sts.policy": "pass", "mta_sts.record": "fail",
                                asked["assert"]: "skipped"}, outcome.text


def test_one_fetch_serves_all_rows(run, lab):
    with web.web(lab.context(), [web.respond(200, RIGHT)]) as server:
        outcome = run(rows(server.port))
        assert (outcome.status, server.connections) == (0, 1), outcome.text


def test_two_policies_are_judged_apart(run, lab):
    with web.web(lab.context(), [web.respond(200, RIGHT)]) as server, refusing_port() as port:
        outcome = run([row("policy", server.port), row("mode", port)])
    assert outcome.verdicts == {"mta_sts.policy": "pass", "mta_sts.mode": "fail"}, outcome.text


# -- The checklist of the program.

def test_the_shipped_checklist(gate, lab, scripted, certificates, tmp_path):
    """A domain that does all of it, with one mail server; then with a policy that leaves it out."""
    public = tmp_path / "public.pem"
    public.write_text(lab.root.certificate.read_text() + certificates.ca_file.read_text())
    text = ('@ MX 10 mail\nmail A 127.0.0.1\nmta-sts A 127.0.0.1\n' + STS.format(below="") +
            '_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@example.test"\n')

    def verdicts(body, zone):
        with web.web(lab.context(), [web.respond(200, body)]) as server:
            outcome = gate({
                "dns": {"resolver": zone.resolver, "trust_anchor": str(zone.anchor)},
                "targets": [{"name": "d", "mx": DOMAIN, "port": scripted().port}],
                "limits": LIMITS, "include": ["mta-sts"],
                "overrides": {f"mta-sts.mta_sts.{name}": {"port": server.port}
                              for name in ("policy", "mode", "covers_mx")}},
                env={"SSL_CERT_FILE": str(public)})
        return outcome

    with knot.knot(tmp_path / "zone", {DOMAIN: (text, True)}) as zone:
        good = verdicts(policy("mail.example.test"), zone)
        assert (good.status, len(good.cases)) == (0, 12), good.text
        assert set(good.suites) == {"d", "d/mail.example.test"}
        bad = verdicts(policy("mx1.example.test"), zone)
        assert bad.having("fail", "error", "skipped") == ["mta_sts.covers_mx"], bad.text
