# SPDX-License-Identifier: GPL-3.0-or-later
"""Look-ups of net/dns (by way of look_up.c) against a zone that is signed, and odd resolvers before it."""

import collections
import contextlib
import ipaddress
import signal
import subprocess
import time

import pytest
from gate import BINARY
from servers import forwarder, knot
from servers.forwarder import forwarder as forwarding

LOOK_UP = BINARY.parent / "tests" / "e2e" / "look_up"

TYPES = {"A": 1, "CNAME": 5, "SOA": 6, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28, "TLSA": 52,
         "CAA": 257}
NONE, BAD_NAME, NOT_SET_UP, TIMED_OUT, INTERRUPTED, SERVER_ERROR, STRIPPED = range(7)

BIG = " ".join(f'"{number:03d}{"x" * 197}"' for number in range(40))
SIGNED = f"""\
@ MX 10 mail
mail A 192.0.2.1
_25._tcp.mail TLSA 3 1 1 {"ab" * 32}
_26._tcp.mail TYPE52 \\# 2 0301
_27._tcp.mail CNAME _25._tcp.mail
alias CNAME mail
outside CNAME host.unsigned
dangling CNAME nothere
broken CNAME host.bogus
big TXT {BIG}
slash CNAME 0/25
0/25 A 192.0.2.3
odd CNAME o\\(d\\;d
o\\(d\\;d A 192.0.2.4
*.wild A 192.0.2.7
unsigned NS ns.unsigned
ns.unsigned A 127.0.0.1
bogus NS ns.bogus
ns.bogus A 127.0.0.1
bogus DS {knot.FOREIGN_DS}
"""
BELOW = "host A 192.0.2.2\n@ MX 10 host\n"
ZONES = {"example.test": (SIGNED, True), "unsigned.example.test": (BELOW, False),
         "bogus.example.test": (BELOW, True), "2.0.192.in-addr.arpa": ("1 PTR mail.example.test.\n", False),
         "other.test": (BELOW, False)}

Answer = collections.namedtuple(
    "Answer", "state failure no_name canonical ttl published records ms reason")


def read(line):
    fields = line.split("\t")
    records = [bytes.fromhex(record) for record in fields[6].split(",") if record]
    return Answer(fields[0], int(fields[1]), fields[2] == "no-name", fields[3], int(fields[4]),
                  int(fields[5]), records, int(fields[7]), fields[8])


def command(resolvers, anchor, *questions, timeout=5, at_once=False):
    options = [option for resolver in resolvers for option in ("-r", resolver)]
    return [LOOK_UP, *options, *(["-a", anchor] if anchor else []), "-t", str(int(timeout * 1000)),
            *(["-j"] if at_once else []),
            *(f"{name}/{TYPES[kind]}" for name, kind in (one.split() for one in questions))]


def look_up(resolvers, anchor, *questions, **options):
    done = subprocess.run(command(resolvers, anchor, *questions, **options), check=True,
                          capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    return [read(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module", name="zone")
def fixture_zone(tmp_path_factory):
    if not LOOK_UP.exists():
        pytest.exit(f"{LOOK_UP} is not there; run make e2e-programs", 2)
    assert knot.is_available()
    with knot.knot(tmp_path_factory.mktemp("knot") / "server", ZONES) as served:
        yield served


def ask(zone, question, **options):
    return look_up([zone.resolver], zone.anchor, question, **options)[0]


def address(text):
    return ipaddress.ip_address(text).packed


def test_records_that_are_signed(zone):
    answer = ask(zone, "mail.example.test A")
    assert (answer.state, answer.records) == ("secure", [address("192.0.2.1")])
    assert (answer.canonical, answer.published, answer.reason) == ("mail.example.test", 300, "")
    assert 290 <= answer.ttl <= 300


@pytest.mark.parametrize("question, no_name", [
    ("mail.example.test AAAA", False), ("nothere.example.test A", True),
    ("dangling.example.test A", True)])
def test_a_denial_that_is_signed(zone, question, no_name):
    answer = ask(zone, question)
    assert (answer.state, answer.no_name, answer.records) == ("secure denial", no_name, [])


@pytest.mark.parametrize("question, records, canonical", [
    ("host.unsigned.example.test A", [address("192.0.2.2")], "host.unsigned.example.test"),
    ("host.unsigned.example.test AAAA", [], "host.unsigned.example.test"),
    ("nothere.unsigned.example.test A", [], "nothere.unsigned.example.test"),
    ("outside.example.test A", [address("192.0.2.2")], "host.unsigned.example.test"),
    ("host.other.test A", [address("192.0.2.2")], "host.other.test")])
def test_what_is_not_signed(zone, question, records, canonical):
    answer = ask(zone, question)
    assert (answer.state, answer.records) == ("insecure", records)
    assert (answer.canonical, answer.published) == (canonical, 0)
    assert answer.no_name == question.startswith("nothere")


def test_an_alias_out_of_the_signed_zone_is_itself_signed(zone):
    answer = ask(zone, "outside.example.test CNAME")
    assert (answer.state, len(answer.records)) == ("secure", 1)


@pytest.mark.parametrize("question, canonical", [
    ("alias.example.test A", "mail.example.test"), ("ALIAS.example.TEST. A", "mail.example.test"),
    ("_27._tcp.mail.example.test TLSA", "_25._tcp.mail.example.test"),
    ("a.wild.example.test A", "a.wild.example.test"), ("slash.example.test A", "0?25.example.test"),
    ("odd.example.test A", "o?d?d.example.test")])
def test_aliases_and_wildcards(zone, question, canonical):
    answer = ask(zone, question)
    assert (answer.state, len(answer.records)) == ("secure", 1)
    assert answer.canonical == canonical


@pytest.mark.parametrize("question", [
    "host.bogus.example.test A", "bogus.example.test MX", "host.bogus.example.test AAAA",
    "nothere.bogus.example.test A", "broken.example.test A"])
def test_what_is_bogus_gives_no_data(zone, question):
    answer = ask(zone, question)
    assert (answer.state, answer.failure, answer.records) == ("bogus", NONE, [])
    assert (answer.canonical, answer.ttl) == ("", 0)
    assert answer.reason


def test_records_that_are_none_come_as_they_are(zone):
    answer = ask(zone, "_26._tcp.mail.example.test TLSA")
    assert (answer.state, answer.records) == ("secure", [b"\3\1"])


def test_what_is_too_long_for_a_packet(zone):
    answer = ask(zone, "big.example.test TXT")
    assert answer.state == "secure"
    assert len(answer.records[0]) == 40 * 201


def test_reverse_names_of_addresses_that_are_kept_for_documents(zone):
    answer = ask(zone, "1.2.0.192.in-addr.arpa PTR")
    assert (answer.state, len(answer.records)) == ("insecure", 1)


@pytest.mark.parametrize("name", ["0?25.example.test", "a..test", "." * 3, "x" * 64 + ".test", "m\u00fcller.test",
                                  ".".join(["x" * 60] * 5)])
def test_what_is_no_name_is_not_sent(zone, name):
    with forwarding(zone.port, forwarder.truth) as resolver:
        answer = look_up([resolver.resolver], zone.anchor, f"{name} A")[0]
        assert (answer.state, answer.failure) == ("failed", BAD_NAME)
        assert not resolver.questions


def test_the_cache_is_one_for_all(zone):
    with forwarding(zone.port, forwarder.truth) as resolver:
        look_up([resolver.resolver], zone.anchor, *["mail.example.test A"] * 20)
        assert resolver.questions.count(("mail.example.test", TYPES["A"])) == 1


def test_many_threads_at_once(zone):
    questions = ["mail.example.test A", "host.unsigned.example.test A", "nothere.example.test A",
                 "host.bogus.example.test A", "big.example.test TXT"] * 40
    answers = look_up([zone.resolver], zone.anchor, *questions, at_once=True)
    states = ["secure", "insecure", "secure denial", "bogus", "secure"] * 40
    assert [answer.state for answer in answers] == states
    assert {tuple(answer.records) for answer in answers[0::5]} == {(address("192.0.2.1"),)}


# What a resolver does, and what is known of mail.example.test then.


@pytest.mark.parametrize("answers", [
    forwarder.truth, forwarder.twice, forwarder.early, forwarder.truncating, forwarder.late(0.3)],
    ids=["truth", "twice", "early", "truncating", "late"])
def test_resolvers_that_do_no_harm(zone, answers):
    with forwarding(zone.port, answers) as resolver:
        answer = look_up([resolver.resolver], zone.anchor, "mail.example.test A", timeout=10)[0]
    assert (answer.state, answer.records) == ("secure", [address("192.0.2.1")])


@pytest.mark.parametrize("answers, tcp", [
    (forwarder.refusing(forwarder.SERVFAIL), None), (forwarder.refusing(forwarder.REFUSED), None),
    (forwarder.garbage, forwarder.garbage), (forwarder.cutting, forwarder.cutting),
    (forwarder.truncating, forwarder.silence), (forwarder.truncating, forwarder.truncating)],
    ids=["SERVFAIL", "REFUSED", "garbage", "cutting", "silent over TCP", "truncating over TCP"])
def test_resolvers_that_give_nothing(zone, answers, tcp):
    with forwarding(zone.port, answers, tcp or answers) as resolver:
        answer = look_up([resolver.resolver], zone.anchor, "mail.example.test A", timeout=2)[0]
    assert answer.state == "failed"
    assert answer.failure in (SERVER_ERROR, TIMED_OUT)
    assert answer.ms < 2500
    assert answer.reason


def test_a_resolver_that_says_so_is_told_from_one_that_is_silent(zone):
    with forwarding(zone.port, forwarder.refusing(forwarder.SERVFAIL)) as resolver:
        answer = look_up([resolver.resolver], zone.anchor, "mail.example.test A", timeout=10)[0]
    assert answer.failure == SERVER_ERROR
    assert "SERVFAIL" in answer.reason


def test_silence_ends_with_the_deadline(zone):
    with forwarding(zone.port, forwarder.silence) as resolver:
        answers = look_up([resolver.resolver], zone.anchor,
                          *[f"n{number}.example.test A" for number in range(20)], timeout=1,
                          at_once=True)
    assert {(answer.state, answer.failure) for answer in answers} == {("failed", TIMED_OUT)}
    assert max(answer.ms for answer in answers) < 1500


def test_an_answer_behind_the_deadline_does_no_harm(zone):
    with forwarding(zone.port, forwarder.late(0.6)) as resolver:
        answers = look_up([resolver.resolver], zone.anchor, *["mail.example.test A"] * 12,
                          timeout=0.25)
    assert answers[0].failure == TIMED_OUT
    assert answers[-1].records == [address("192.0.2.1")]


def test_an_answer_behind_the_deadline_is_not_that_of_the_next_question(zone):
    def late_or_never(query, ask_server):
        name, _ = forwarder.question_of(query)
        if "silent" in name:
            return []
        return (forwarder.late(0.6) if name.startswith("mail") else forwarder.truth)(
            query, ask_server)

    with forwarding(zone.port, late_or_never) as resolver:
        answers = look_up([resolver.resolver], zone.anchor, "mail.example.test A",
                          *[f"silent{number}.example.test A" for number in range(12)], timeout=0.25)
    assert {(answer.failure, len(answer.records)) for answer in answers} == {(TIMED_OUT, 0)}


def test_a_port_that_nobody_listens_at(zone):
    with forwarding(zone.port, forwarder.truth) as resolver:
        dead = resolver.resolver
    answer = look_up([dead], zone.anchor, "mail.example.test A", timeout=2)[0]
    assert (answer.state, answer.records) == ("failed", [])


def test_one_of_two_resolvers_is_enough(zone):
    with forwarding(zone.port, forwarder.silence) as resolver:
        answer = look_up([resolver.resolver, zone.resolver], zone.anchor, "mail.example.test A",
                         timeout=10)[0]
    assert answer.state == "secure"


@pytest.mark.parametrize("question", ["mail.example.test A", "host.unsigned.example.test A",
                                      "nothere.example.test A"])
def test_a_resolver_without_dnssec_is_to_blame_not_the_domain(zone, question):
    with forwarding(zone.port, forwarder.stripping, forwarder.stripping) as resolver:
        answer = look_up([resolver.resolver], zone.anchor, question)[0]
    assert (answer.state, answer.failure, answer.records) == ("failed", STRIPPED, [])
    assert "example.test, a zone of the trust anchor" in answer.reason


def test_forged_data_is_bogus_and_not_handed_out(zone):
    with forwarding(zone.port, forwarder.forging, forwarder.forging) as resolver:
        answer = look_up([resolver.resolver], zone.anchor, "mail.example.test A")[0]
    assert (answer.state, answer.records) == ("bogus", [])


def test_signatures_that_do_not_verify(zone):
    def of_one_name(query, ask_server):
        name, _ = forwarder.question_of(query)
        answers = forwarder.spoiling if name == "mail.example.test" else forwarder.truth
        return answers(query, ask_server)

    with forwarding(zone.port, of_one_name, of_one_name) as resolver:
        one, other = look_up([resolver.resolver], zone.anchor, "mail.example.test A",
                             "alias.example.test CNAME")
    assert (one.state, one.records, other.state) == ("bogus", [], "secure")
    assert "signature" in one.reason


def test_signatures_of_which_none_verifies_are_not_the_domain(zone):
    with forwarding(zone.port, forwarder.spoiling, forwarder.spoiling) as resolver:
        answer = look_up([resolver.resolver], zone.anchor, "mail.example.test A")[0]
    assert (answer.state, answer.failure, answer.records) == ("failed", STRIPPED, [])
    assert "clock" in answer.reason and "signature" in answer.reason


def test_a_canary_that_nobody_answers_leaves_it_open(zone):
    def moody(query, ask_server):
        if forwarder.question_of(query) == ("example.test", TYPES["SOA"]):
            return []
        return forwarder.forging(query, ask_server)

    with forwarding(zone.port, moody, moody) as resolver:
        answer = look_up([resolver.resolver], zone.anchor, "mail.example.test A", timeout=3)[0]
    assert (answer.state, answer.failure, answer.records) == ("failed", TIMED_OUT, [])
    assert "whether the resolver or the domain is to blame" in answer.reason


def test_an_anchor_of_another_key(zone, tmp_path):
    anchor = tmp_path / "anchor"
    anchor.write_text(f"example.test. IN DS {knot.FOREIGN_DS}\n")
    answer = look_up([zone.resolver], anchor, "mail.example.test A")[0]
    assert (answer.state, answer.failure) == ("failed", STRIPPED)


@pytest.mark.parametrize("text", [
    "; a comment\n\n{ds} ; behind it\n", "\r\n{ds}\r\n", "other.invalid. DS " + knot.FOREIGN_DS +
    "\n{ds}", "{ds}\nexample.test. 3600 IN DS " + knot.FOREIGN_DS + "\n"])
def test_anchors_are_read_line_by_line(zone, tmp_path, text):
    anchor = tmp_path / "anchor"
    anchor.write_text(text.format(ds=zone.anchor.read_text().strip()))
    assert look_up([zone.resolver], anchor, "mail.example.test A")[0].state == "secure"


@pytest.mark.parametrize("text, said", [
    ("", "no trust anchor in it"), ("; nothing\n", "no trust anchor in it"),
    ("hello\n", "line 1: RFC 4034"), ("\n. IN A 192.0.2.1\n", "line 2: RFC 4034"),
    (". IN DNSKEY ( 257 3 8\n AwEAAQ== )\n", "line 1: RFC 4034"),
    (" IN DS 1 8 2 ab\n", "line 1: RFC 4034"), (". IN DS 1 8\n", "line 1: RFC 4034")])
def test_anchors_that_cannot_be_read(zone, tmp_path, text, said):
    anchor = tmp_path / "anchor"
    anchor.write_text(text)
    answer = look_up([zone.resolver], anchor, "mail.example.test A")[0]
    assert (answer.state, answer.failure) == ("failed", NOT_SET_UP)
    assert said in answer.reason and str(anchor) in answer.reason


@pytest.mark.parametrize("text", [". IN DS 1 8 2 zz\n", ". IN DS 1 8 2 abc\n"])
def test_anchors_that_libunbound_does_not_take(zone, tmp_path, text):
    anchor = tmp_path / "anchor"
    anchor.write_text(text)
    answers = look_up([zone.resolver], anchor, *["mail.example.test A"] * 2)
    assert {(answer.state, answer.failure) for answer in answers} == {("failed", NOT_SET_UP)}


@pytest.mark.parametrize("anchor_of", [
    "example.test. IN DS 12345 16 2 " + "ab" * 32, "example.test. IN DS 12345 13 3 " + "ab" * 32,
    ". IN DS 12345 250 2 " + "ab" * 32, "example.test. IN DNSKEY 257 3 16 AwEAAQ==",
    "example.test. IN DNSKEY 257 3 13 !"])
def test_an_anchor_of_no_use_does_not_make_zones_unsigned(zone, tmp_path, anchor_of):
    anchor = tmp_path / "anchor"
    anchor.write_text(anchor_of + "\n")
    answer = look_up([zone.resolver], anchor, "mail.example.test A")[0]
    assert (answer.state, answer.records) == ("failed", [])
    assert answer.failure in (STRIPPED, SERVER_ERROR)


def test_an_anchor_that_is_not_there(zone, tmp_path):
    answer = look_up([zone.resolver], tmp_path / "anchor", "mail.example.test A")[0]
    assert (answer.state, answer.failure) == ("failed", NOT_SET_UP)
    assert str(tmp_path / "anchor") in answer.reason


@pytest.mark.parametrize("resolver", ["localhost", "192.0.2.1:53", "", "::1@"])
def test_resolvers_that_are_no_addresses(zone, resolver):
    answer = look_up([resolver], zone.anchor, "mail.example.test A", timeout=2)[0]
    assert (answer.state, answer.failure) == ("failed", NOT_SET_UP)


def test_an_interruption_ends_the_wait(zone):
    with forwarding(zone.port, forwarder.silence) as resolver:
        waiting = subprocess.Popen(
            command([resolver.resolver], zone.anchor, "a.example.test A", "b.example.test A",
                    timeout=30, at_once=True), stdout=subprocess.PIPE, text=True)
        with contextlib.closing(waiting.stdout):
            while not resolver.questions:
                time.sleep(0.02)
            waiting.send_signal(signal.SIGINT)
            lines = waiting.stdout.read().splitlines()
        assert waiting.wait(10) == 0
    assert {read(line).failure for line in lines} == {INTERRUPTED}
    assert max(read(line).ms for line in lines) < 10000
