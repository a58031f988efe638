# SPDX-License-Identifier: GPL-3.0-or-later
"""Targets that stand for several servers: the mail servers of a domain, all addresses of a host."""

import json
import os
import signal
import time

import pytest
from checklists import checklist
from servers import forwarder, knot
from servers.forwarder import forwarder as forwarding
from servers.certificates import Authority
from servers.postfix import Postfix, is_available

SEVENTEEN = "\n".join(f"many MX 10 h{number:02d}\nh{number:02d} A 127.0.0.1"
                      for number in range(17))
RECORDS = f"""\
@ MX 20 mx2
@ MX 10 mx1
@ MX 20 down
@ MX 30 mx3
mx1 A 127.0.0.1
mx2 A 127.0.0.2
mx3 A 127.0.0.3
down A 127.0.0.4
plain MX 10 mx1
both MX 10 two
two A 127.0.0.1
two A 127.0.0.2
six AAAA ff02::25
mixed A 127.0.0.1
mixed AAAA ff02::25
only6 MX 10 six
itself A 127.0.0.1
itself TXT "no MX here"
nothing TXT "neither MX nor address"
null MX 0 .
nullish MX 0 .
nullish MX 10 mx1
mixture MX 10 mx1
mixture MX 20 127.0.0.1
local MX 10 localhost.
named MX 10 mail
mail A 127.0.0.1
aliased MX 10 alias
alias CNAME mx1
dotted MX 10 127.0.0.1
lost MX 10 nothere
half MX 10 nothere
half MX 20 mx1
broken MX 10 o\\(d
twice MX 10 mx1
twice MX 20 MX1
public MX 10 mx1
shouting MX 10 MX1.EXAMPLE.TEST.
{SEVENTEEN}
unsigned NS ns.unsigned
ns.unsigned A 127.0.0.1
bogus NS ns.bogus
ns.bogus A 127.0.0.1
bogus DS {knot.FOREIGN_DS}
outside MX 10 mail.unsigned
offside MX 10 host.bogus
"""
UNSIGNED = "@ MX 10 mail\nmail A 127.0.0.1\n"
BOGUS = "@ MX 10 mail\nmail A 127.0.0.1\nhost A 127.0.0.1\n"
ZONES = {"example.test": (RECORDS, True), "unsigned.example.test": (UNSIGNED, False),
         "bogus.example.test": (BOGUS, True), "other.test": (UNSIGNED, True)}
ADDRESSES = ("127.0.0.1", "127.0.0.2", "127.0.0.3")
A, MX, AAAA, DS = 1, 15, 28, 43
ROWS = ["dns.mx", "dns.addresses", "dns.secure", "connection.established", "starttls.advertised"]


@pytest.fixture(scope="module", name="zone")
def fixture_zone(tmp_path_factory):
    assert knot.is_available()
    with knot.knot(tmp_path_factory.mktemp("knot") / "server", ZONES) as served:
        yield served


@pytest.fixture(scope="module", name="server")
def fixture_server(shared_directory):
    if os.geteuid() != 0 or not is_available():
        pytest.skip("Postfix and Dovecot are not there, or this is not root")
    directory = shared_directory / f"nodes-{os.getpid()}"
    root = Authority(directory / "root", "Root of the nodes")
    identity = root.issue("nodes", ["*.example.test", "*.unsigned.example.test"])
    with Postfix(directory / "postfix", identity, {"mx": {}}, addresses=ADDRESSES) as served:
        served.ca_file = root.certificate
        yield served


@pytest.fixture(name="run")
def fixture_run(gate, zone, server):
    """Runs assertions against a target, whose port is that of the server."""
    def run(target, rows=ROWS, *arguments, resolver=None, timeout="3s", **members):
        document = checklist([{"name": "t", "port": server.ports["mx"], **target}],
                             [row if isinstance(row, dict) else {"assert": row} for row in rows],
                             server.ca_file, dns={"resolver": resolver or zone.resolver,
                                                        "trust_anchor": str(zone.anchor),
                                                        "timeout": timeout}, **members)
        return gate(document, *arguments)
    return run


def verdicts(outcome, target):
    """Of the suite of that target."""
    found = [cases for name, cases in outcome.suites.items()
             if name == target or name.endswith(f" {target}")]
    assert len(found) == 1, (target, list(outcome.suites), outcome.text)
    return {row: case.verdict for row, case in found[0].items()}


def test_one_of_four_is_down(run):
    outcome = run({"mx": "example.test"})
    assert [name.rsplit("/", 1)[-1] for name in outcome.suites][1:] == [
        "mx1.example.test", "down.example.test", "mx2.example.test", "mx3.example.test"]
    assert verdicts(outcome, "t") == {"dns.mx": "pass", "dns.secure": "pass"}
    for host in ("mx1", "mx2", "mx3"):
        assert set(verdicts(outcome, f"t/{host}.example.test").values()) == {"pass"}
    assert verdicts(outcome, "t/down.example.test") == {
        "dns.addresses": "pass", "connection.established": "fail", "starttls.advertised": "skipped"}
    assert outcome.status == 1


def test_what_is_known_of_names_stands_in_the_report(run, zone):
    outcome = run({"mx": "plain.example.test"})
    text = outcome.report.decode()
    for name, value in {"mx.preference": "10", "mx.dnssec": "secure", "a.dnssec": "secure",
                        "aaaa.dnssec": "secure denial", "dns.resolver": zone.resolver,
                        "mx.domain": "plain.example.test", "address": "127.0.0.1"}.items():
        assert f'<property name="starttls-gate.{name}" value="{value}"/>' in text, name
    assert outcome.status == 0


# The domain, the suites beside its own, and what becomes of the rows of the domain.
DOMAINS = {
    "itself": (["itself"], {"dns.mx": "pass", "dns.secure": "pass"}, 0),
    "twice": (["mx1"], {"dns.mx": "pass", "dns.secure": "pass"}, 0),
    "shouting": (["mx1"], {"dns.mx": "pass", "dns.secure": "pass"}, 0),
    "aliased": (["alias"], {"dns.mx": "fail", "dns.secure": "pass"}, 1),
    "unsigned": (["mail.unsigned"], {"dns.mx": "pass", "dns.secure": "fail"}, 1),
    "outside": (["mail.unsigned"], {"dns.mx": "pass", "dns.secure": "fail"}, 1),
}


@pytest.mark.parametrize("domain", DOMAINS)
def test_domains_with_a_server(run, domain):
    hosts, of_domain, status = DOMAINS[domain]
    outcome = run({"mx": f"{domain}.example.test"})
    assert len(outcome.suites) == 1 + len(hosts), outcome.text
    assert verdicts(outcome, "t") == of_domain
    for host in hosts:
        assert set(verdicts(outcome, f"t/{host}.example.test").values()) == {"pass"}
    assert outcome.status == status


# Nothing to connect to: one red in the domain's name, the rest skipped for it.
NO_SERVERS = {
    "nothere": ("fail", "does not exist"),
    "null": ("fail", "takes no mail"),
    "dotted": ("fail", "leads to an address"),
    "broken": ("fail", "leads to no host name"),
    "many": ("error", "17 mail servers: no more than 16"),
    "bogus": ("fail", "are bogus"),
}


@pytest.mark.parametrize("domain", NO_SERVERS)
def test_domains_without_a_server(run, domain):
    verdict, said = NO_SERVERS[domain]
    outcome = run({"mx": f"{domain}.example.test"}, [row for row in ROWS if row != "dns.secure"])
    assert outcome.verdicts == {"dns.mx": verdict, "dns.addresses": "skipped",
                                "connection.established": "skipped",
                                "starttls.advertised": "skipped"}, outcome.text
    assert said in outcome.cases["dns.mx"].message
    assert "mail.bogus" not in outcome.text
    assert outcome.status == (1 if verdict == "fail" else 3)


@pytest.mark.parametrize("domain", NO_SERVERS)
def test_the_owner_is_added_where_nobody_asked_for_it(run, domain):
    verdict, _ = NO_SERVERS[domain]
    outcome = run({"mx": f"{domain}.example.test"}, ["starttls.advertised"])
    assert outcome.verdicts == {"dns.mx": verdict, "starttls.advertised": "skipped"}, outcome.text


@pytest.mark.parametrize("domain, host", [("nothing", "nothing"), ("lost", "nothere"),
                                          ("offside", "host.bogus")])
def test_servers_without_an_address(run, domain, host):
    outcome = run({"mx": f"{domain}.example.test"})
    assert verdicts(outcome, "t")["dns.mx"] == "fail"
    assert verdicts(outcome, f"t/{host}.example.test") == {
        "dns.addresses": "fail", "connection.established": "skipped",
        "starttls.advertised": "skipped"}
    assert outcome.status == 1


def test_a_server_without_an_address_leaves_the_others(run):
    outcome = run({"mx": "half.example.test"})
    assert verdicts(outcome, "t/nothere.example.test")["starttls.advertised"] == "skipped"
    assert set(verdicts(outcome, "t/mx1.example.test").values()) == {"pass"}
    assert outcome.status == 1


@pytest.mark.parametrize("domain", ["nullish", "mixture"])
def test_a_record_that_leads_to_no_server_is_not_left_out(run, domain):
    """Whatever is asked for: nobody would see that a part of the domain is not gated."""
    outcome = run({"mx": f"{domain}.example.test"}, ["starttls.advertised"])
    assert verdicts(outcome, "t") == {"dns.mx": "fail", "starttls.advertised": "skipped"}
    assert set(verdicts(outcome, "t/mx1.example.test").values()) == {"pass"}
    assert outcome.status == 1


def test_nobody_is_led_to_this_machine(run):
    outcome = run({"mx": "local.example.test"}, ["connection.established"])
    assert outcome.verdicts == {"dns.mx": "fail", "connection.established": "skipped"}


class TestLogins:
    """Whoever forges an unsigned MX record has a good certificate for the host that he names."""

    LOGIN = {"assert": "auth.login", "username": "gate", "password": "${password}"}

    def test_no_password_goes_where_unsigned_records_lead(self, run):
        outcome = run({"mx": "unsigned.example.test"}, [self.LOGIN])
        assert outcome.cases["auth.login"].verdict == "error"
        assert "are not signed" in outcome.cases["auth.login"].message
        assert outcome.status == 3

    def test_it_goes_where_signed_ones_lead(self, run):
        outcome = run({"mx": "named.example.test"}, [self.LOGIN])
        assert outcome.verdicts == {"auth.login": "pass"}, outcome.text

    def test_it_goes_where_the_user_says(self, run):
        outcome = run({"mx": "unsigned.example.test", "send_credentials_untrusted": True},
                      [self.LOGIN])
        assert outcome.verdicts == {"auth.login": "pass"}, outcome.text


def test_a_key_that_nobody_tells_is_no_fault_of_the_domain(run, zone):
    decide = only(("unsigned.example.test", DS))
    with forwarding(zone.port, decide, decide) as resolver:
        outcome = run({"mx": "unsigned.example.test"}, ["starttls.advertised"],
                      resolver=resolver.resolver)
    assert outcome.verdicts == {"dns.mx": "error", "starttls.advertised": "skipped"}, outcome.text
    assert "whether the resolver or the domain is to blame" in outcome.text


def test_what_no_anchor_stands_above_is_not_unsigned(run):
    outcome = run({"mx": "other.test"})
    assert verdicts(outcome, "t") == {"dns.mx": "pass", "dns.secure": "error"}
    assert set(verdicts(outcome, "t/mail.other.test").values()) == {"pass"}


def test_one_silent_domain_holds_no_other_up(gate, zone, server):
    def decide(query, ask_server):
        name, _ = forwarder.question_of(query)
        return [] if name == "twice.example.test" else forwarder.truth(query, ask_server)

    with forwarding(zone.port, decide, decide) as resolver:
        outcome = gate(checklist(
            [{"mx": f"{domain}.example.test", "port": server.ports["mx"]}
             for domain in ("twice", "plain")], [{"assert": "starttls.advertised"}],
            server.ca_file, limits={"deadline": "6s"},
            dns={"resolver": resolver.resolver, "trust_anchor": str(zone.anchor)}))
    assert verdicts(outcome, "plain.example.test/mx1.example.test") == {
        "starttls.advertised": "pass"}
    assert verdicts(outcome, "twice.example.test")["dns.mx"] == "error"


def test_names_are_judged_once_a_host(run):
    outcome = run({"mx": "both.example.test", "addresses": "all"}, ROWS)
    assert "dns.addresses" in verdicts(outcome, "t/two.example.test/127.0.0.1")
    assert "dns.addresses" not in verdicts(outcome, "t/two.example.test/127.0.0.2")


def test_names_of_a_host_are_judged_too(run):
    outcome = run({"host": "two.example.test", "addresses": "all"},
                  [{"assert": "dns.addresses", "families": ["ipv6"]}, "connection.established"])
    assert verdicts(outcome, "t/127.0.0.1")["dns.addresses"] == "fail"
    assert outcome.status == 1


def test_names_of_a_host_are_judged_where_its_addresses_are_left_out(run):
    outcome = run({"mx": "only6.example.test", "addresses": "all", "ipv6": "off"},
                  [{"assert": "dns.addresses", "families": ["ipv4"]}])
    assert outcome.having("fail") == ["dns.addresses"]


def test_look_ups_that_failed_are_made_again(run, zone):
    seen = []

    def decide(query, ask_server):
        if forwarder.question_of(query) == ("plain.example.test", MX) and len(seen) < 2:
            seen.append(query)
            return []
        return forwarder.truth(query, ask_server)

    with forwarding(zone.port, decide, decide) as resolver:
        outcome = run({"mx": "plain.example.test"}, ["starttls.advertised"], "--retries", "9",
                      resolver=resolver.resolver, timeout="300ms")
    assert outcome.verdicts["starttls.advertised"] == "pass", outcome.text


def only(*spoilt, answers=forwarder.refusing(forwarder.SERVFAIL)):
    """Answers these (name, type) so, and all else with the truth."""
    def decide(query, ask_server):
        chosen = answers if forwarder.question_of(query) in spoilt else forwarder.truth
        return chosen(query, ask_server)
    return decide




@pytest.mark.parametrize("answers", [forwarder.refusing(forwarder.SERVFAIL), forwarder.silence],
                         ids=["SERVFAIL", "silence"])
def test_mx_that_nobody_tells_is_an_error(run, zone, answers):
    name = "plain.example.test"
    decide = only((name, MX), answers=answers)
    with forwarding(zone.port, decide, decide) as resolver:
        outcome = run({"mx": name}, resolver=resolver.resolver)
    assert outcome.verdicts == {"dns.mx": "error", "dns.addresses": "skipped", "dns.secure": "skipped",
                                "connection.established": "skipped",
                                "starttls.advertised": "skipped"}, outcome.text
    assert outcome.status == 3


@pytest.mark.parametrize("kind", [A, AAAA])
def test_one_family_that_nobody_tells_is_an_error(run, zone, kind):
    decide = only(("mx1.example.test", kind))
    with forwarding(zone.port, decide, decide) as resolver:
        outcome = run({"mx": "plain.example.test"}, resolver=resolver.resolver)
    assert verdicts(outcome, "t/mx1.example.test") == {
        "dns.addresses": "error", "connection.established": "skipped",
        "starttls.advertised": "skipped"}
    assert outcome.status == 3


def test_a_resolver_that_strips_signatures_is_to_blame(run, zone):
    with forwarding(zone.port, forwarder.stripping, forwarder.stripping) as resolver:
        outcome = run({"mx": "plain.example.test"}, ["starttls.advertised"],
                      resolver=resolver.resolver)
    assert outcome.verdicts == {"dns.mx": "error", "starttls.advertised": "skipped"}
    assert outcome.cases["dns.mx"].type.endswith("ResolverStripsDnssec")
    assert "--resolver" in outcome.cases["dns.mx"].body
    assert outcome.status == 3


def test_a_forger_sends_nobody_anywhere(run, zone):
    with forwarding(zone.port, forwarder.forging, forwarder.forging) as resolver:
        outcome = run({"mx": "plain.example.test"}, resolver=resolver.resolver)
    assert verdicts(outcome, "t/mx1.example.test") == {
        "dns.addresses": "fail", "connection.established": "skipped",
        "starttls.advertised": "skipped"}
    assert "127.0.0.254" not in outcome.text


def test_a_dead_resolver_holds_nobody_up(run, zone):
    with forwarding(zone.port, forwarder.silence) as resolver:
        started = time.monotonic()
        outcome = run({"mx": "plain.example.test", "addresses": "all"}, resolver=resolver.resolver,
                      timeout="500ms")
        took = time.monotonic() - started
    assert outcome.verdicts["dns.mx"] == "error"
    assert took < 2.5
    assert outcome.status == 3


def test_the_deadline_ends_the_look_ups(run, zone):
    with forwarding(zone.port, forwarder.silence) as resolver:
        started = time.monotonic()
        outcome = run({"mx": "plain.example.test"}, ROWS, "--deadline", "1s",
                      resolver=resolver.resolver, timeout="1m")
        took = time.monotonic() - started
    assert took < 3
    assert outcome.status == 3
    assert set(outcome.verdicts.values()) <= {"error", "skipped"}


def test_an_interruption_ends_the_look_ups(gate, zone, server):
    with forwarding(zone.port, forwarder.silence) as resolver:
        running = gate.start(checklist(
            [{"name": "t", "mx": "plain.example.test"}], [{"assert": "starttls.advertised"}],
            server.ca_file, dns={"resolver": resolver.resolver, "timeout": "1m",
                                       "trust_anchor": str(zone.anchor)}))
        while not resolver.questions:
            time.sleep(0.02)
        running[0].send_signal(signal.SIGINT)
        outcome = gate.wait(running)
    assert outcome.status == 130
    assert set(outcome.verdicts.values()) <= {"error", "skipped"}
    assert "error" in outcome.verdicts.values()


def test_all_addresses_of_all_servers(run):
    outcome = run({"mx": "both.example.test", "addresses": "all"})
    for address in ("127.0.0.1", "127.0.0.2"):
        assert set(verdicts(outcome, f"t/two.example.test/{address}").values()) == {"pass"}
    assert len(outcome.suites) == 3
    assert outcome.status == 0


def test_all_addresses_of_a_host(run):
    outcome = run({"host": "two.example.test", "addresses": "all"}, ROWS[1:])
    assert [len(outcome.suites), verdicts(outcome, "t")] == [3, {"dns.secure": "pass"}]
    assert set(verdicts(outcome, "t/127.0.0.2").values()) == {"pass"}


def test_a_target_without_rows_of_its_own_has_no_suite(run):
    outcome = run({"host": "two.example.test", "addresses": "all"}, ["starttls.advertised"])
    assert len(outcome.suites) == 2


def test_a_host_without_addresses_is_not_nothing(run):
    outcome = run({"host": "nothere.example.test", "addresses": "all"}, ["starttls.advertised"])
    assert outcome.verdicts == {"dns.addresses": "fail", "starttls.advertised": "skipped"}
    assert outcome.status == 1


def test_addresses_that_are_not_gated_are_told(run):
    outcome = run({"mx": "both.example.test"})
    assert 'starttls-gate.addresses.unseen" value="1"' in outcome.report.decode()
    assert '"addresses": "all"' in outcome.stdout


class TestIpv6:
    """A multicast address is one that nobody has a route for a connection to."""

    def test_left_out(self, run):
        outcome = run({"host": "mixed.example.test", "addresses": "all", "ipv6": "off"}, ROWS[3:])
        assert set(verdicts(outcome, "t/127.0.0.1").values()) == {"pass"}
        assert set(verdicts(outcome, "t/ff02::25").values()) == {"skipped"}
        assert '"ipv6": "off"' in outcome.cases["starttls.advertised"].message
        assert outcome.status == 0

    def test_left_out_where_there_is_nothing_else(self, run):
        outcome = run({"mx": "only6.example.test", "addresses": "all", "ipv6": "off"},
                      ["starttls.advertised"])
        assert verdicts(outcome, "t/six.example.test") == {
            "dns.addresses": "error", "starttls.advertised": "skipped"}
        assert outcome.status == 3

    def test_required(self, run):
        outcome = run({"host": "mixed.example.test", "addresses": "all"}, ROWS[3:])
        assert verdicts(outcome, "t/ff02::25") == {
            "connection.established": "error", "starttls.advertised": "skipped"}
        assert "if_routed" in outcome.text
        assert outcome.status == 3

    def test_if_routed(self, run):
        outcome = run({"host": "mixed.example.test", "addresses": "all", "ipv6": "if_routed"},
                      ROWS[3:])
        assert set(verdicts(outcome, "t/ff02::25").values()) == {"skipped"}
        assert "no route" in outcome.cases["starttls.advertised"].message
        assert outcome.status == 0

    def test_if_routed_leaves_no_host_out(self, run):
        outcome = run({"mx": "only6.example.test", "addresses": "all", "ipv6": "if_routed"},
                      ["starttls.advertised"])
        assert outcome.status == 3


def test_a_plain_target_asks_nobody(gate, server):
    document = checklist([{"host": "mail.example.test", "address": "127.0.0.1",
                           "port": server.ports["mx"]}], [{"assert": "starttls.advertised"}],
                         server.ca_file, dns={"resolver": "192.0.2.53"})
    assert gate(document).status == 0


def test_a_plain_target_whose_names_are_asserted(run):
    outcome = run({"host": "mx1.example.test"}, ["dns.addresses", "starttls.advertised"])
    assert outcome.verdicts == {"dns.addresses": "pass", "starttls.advertised": "pass"}
    outcome = run({"host": "nothere.example.test", "address": "127.0.0.1"},
                  ["dns.addresses", "starttls.advertised"])
    assert outcome.verdicts == {"dns.addresses": "fail", "starttls.advertised": "pass"}


def test_names_alone_need_no_connection(run):
    outcome = run({"mx": "example.test"}, ["dns.mx", "dns.addresses"])
    assert outcome.status == 0
    assert 'name="starttls-gate.connections" value="0"' in outcome.report.decode()


def test_a_run_that_shows_nothing_is_no_pass(run):
    outcome = run({"mx": "plain.example.test"}, [{"assert": "nodes.agree", "on": ["key"]}])
    assert outcome.verdicts == {"nodes.agree": "skipped"}
    assert outcome.status == 3


def test_a_staging_server_stands_for_all(run):
    outcome = run({"mx": "example.test", "address": "127.0.0.2"}, ["dns.mx", "starttls.advertised"])
    assert len(outcome.suites) == 5
    assert outcome.status == 0


def test_assertions_name_the_target(run):
    outcome = run({"mx": "both.example.test"},
                  [{"assert": "starttls.advertised", "targets": ["t"]}, "dns.mx"])
    assert outcome.verdicts == {"starttls.advertised": "pass", "dns.mx": "pass"}


class TestCommandLine:
    def run(self, gate, zone, *arguments, name="mx"):
        return gate(name, "--mx", "plain.example.test", "--resolver", zone.resolver, *arguments)

    def test_a_shipped_checklist(self, gate, zone):
        """The anchor of the tests cannot be given there: the root's does not vouch for the zone."""
        outcome = self.run(gate, zone)
        assert outcome.status == 3
        assert outcome.verdicts["dns.mx"] == "error"

    def test_the_same_domain_twice(self, gate, zone):
        outcome = self.run(gate, zone, "--mx", "plain.example.test")
        assert outcome.status == 2
        assert "given twice" in outcome.stderr

    @pytest.mark.parametrize("resolver", ["localhost", "192.0.2.1:53", "192.0.2.1@0", "1.2.3.4,"])
    def test_resolvers_that_are_none(self, gate, resolver):
        outcome = gate("mx", "--mx", "example.test", "--resolver", resolver)
        assert outcome.status == 2
        assert "no address of a resolver" in outcome.stderr

    def test_domains_that_are_none(self, gate):
        outcome = gate("mx", "--mx", "192.0.2.1")
        assert outcome.status == 2
        assert "an address, and no domain" in outcome.stderr


def test_parts_of_a_run_are_put_together(gate, zone, server):
    document = checklist([{"name": domain, "mx": f"{domain}.example.test",
                           "port": server.ports["mx"]} for domain in ("both", "half", "plain")],
                         [{"assert": row} for row in ROWS], server.ca_file,
                         dns={"resolver": zone.resolver, "trust_anchor": str(zone.anchor)})
    path = gate.write(document, "parts.json")
    reports = []
    for number in (1, 2):
        report = gate.directory / f"part-{number}.json"
        gate.command("run", path, "--shard", f"{number}/2", "-o", f"json={report}")
        reports.append(report)
    merged = gate.command("merge", *reports, "-o", f"json={gate.directory / 'merged.json'}")
    assert merged.status == 1
    suites = json.loads((gate.directory / "merged.json").read_text())["suites"]
    assert [suite["target"] for suite in suites] == [
        "both", "both/two.example.test", "half", "half/nothere.example.test",
        "half/mx1.example.test", "plain", "plain/mx1.example.test"]
    part = json.loads(reports[1].read_text())
    part["suites"] = part["suites"][:-1]
    reports[1].write_text(json.dumps(part))
    cut = gate.command("merge", *reports)
    assert cut.status == 2
    assert "not as many suites as it says" in cut.stderr
