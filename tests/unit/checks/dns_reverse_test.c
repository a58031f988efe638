/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dns.reverse: names of addresses, that lead back and that do not.
 */
#include "court_dns.h"

#define REVERSE ASSERT("dns.reverse")
#define REVERSE_NAMED ASSERT_WITH("dns.reverse", "\"ehlo_names\":[\"Out.Example.Test.\"]")

#define HOST "mail.example.test"
#define V4 "1.2.0.192.in-addr.arpa"
#define V6 "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"
#define A_OF(name)                               \
	{                                        \
		name, DNS_A, { "192.0.2.1" }, 0, \
	}
#define MANY                                                                                      \
	"a.test", "b.test", "c.test", "d.test", "e.test", "f.test", "g.test", "h.test", "i.test", \
		"j.test", "k.test", "l.test", "m.test", "n.test", "o.test", "p.test"

static const struct dns_row rows[] = {
	{ .finding = PASSES("a name that leads back", REVERSE,
		  "192.0.2.1 is called mail.example.test, which leads back to it"),
		.target = HOST_TARGET,
		.zone = { A_OF(HOST), { V4, DNS_PTR, { HOST }, 0, NULL } } },
	{ .finding = PASSES("another name than the host's", REVERSE, "is called out.example.test"),
		.target = HOST_TARGET,
		.zone = { A_OF(HOST), A_OF("out.example.test"),
			{ V4, DNS_PTR, { "out.example.test" }, 0, NULL } } },
	{ .finding = PASSES("a name in capitals, by an alias, not signed", REVERSE, "leads back"),
		.target = HOST_TARGET,
		.zone = { A_OF(HOST),
			{ V4, DNS_PTR, { "MAIL.example.TEST" }, UNSIGNED, "1.0-25.example" } } },
	{ .finding = PASSES("an address of IPv6", REVERSE, "2001:db8::1 is called mail"),
		.target = HOST_TARGET,
		.zone = { { HOST, DNS_AAAA, { "2001:db8::1" }, 0, NULL },
			{ V6, DNS_PTR, { HOST }, 0, NULL } } },
	{ .finding = PASSES("both, told together", REVERSE,
		  "192.0.2.1 is called mail.example.test, which leads back to it; 2001:db8::1 is"),
		.target = HOST_TARGET,
		.zone = { A_OF(HOST), { HOST, DNS_AAAA, { "2001:db8::1" }, 0, NULL },
			{ V4, DNS_PTR, { HOST }, 0, NULL }, { V6, DNS_PTR, { HOST }, 0, NULL } } },
	{ .finding = FAILS("one of two addresses has no name", REVERSE, "NoReverse", CAUSE_NONE,
		  "2001:db8::1 has no name: there is no PTR record at " V6),
		.target = HOST_TARGET,
		.zone = { A_OF(HOST), { HOST, DNS_AAAA, { "2001:db8::1" }, 0, NULL },
			{ V4, DNS_PTR, { HOST }, 0, NULL } },
		.fix = "publish: " V6
		       ". PTR mail.example.test. And see that the name has an AAAA" },
	{ .finding = FAILS("no name", REVERSE, "NoReverse", CAUSE_NONE, "no PTR record at " V4),
		.target = HOST_TARGET,
		.zone = { A_OF(HOST) },
		.fix = "publish: " V4 ". PTR mail.example.test." },
	{ .finding = FAILS("a record that leads to the root", REVERSE, "NoReverse", CAUSE_NONE,
		  "leads to no host: ."),
		.target = HOST_TARGET,
		.zone = { A_OF(HOST), { V4, DNS_PTR, { "." }, 0, NULL } } },
	{ .finding = FAILS("a record that is none", REVERSE, "NoReverse", CAUSE_NONE,
		  "leads to no host: \\# 2 0361"),
		.target = HOST_TARGET,
		.zone = { A_OF(HOST), { V4, DNS_PTR, { "#0361" }, 0, NULL } } },
	{ .finding = FAILS("a name that leads elsewhere", REVERSE, "NotConfirmed", CAUSE_NONE,
		  "192.0.2.1 is called other.test, which does not lead back to it"),
		.target = HOST_TARGET,
		.zone = { A_OF(HOST), { V4, DNS_PTR, { "other.test" }, 0, NULL },
			{ "other.test", DNS_A, { "192.0.2.2" }, 0, NULL } } },
	{ .finding = FAILS(
		  "a name that leads nowhere", REVERSE, "NotConfirmed", CAUSE_NONE, "other.test"),
		.target = HOST_TARGET,
		.zone = { A_OF(HOST), { V4, DNS_PTR, { "other.test" }, 0, NULL } } },
	{ .finding = FAILS("a name that has the address in the other family alone", REVERSE,
		  "NotConfirmed", CAUSE_NONE, "other.test"),
		.target = HOST_TARGET,
		.zone = { A_OF(HOST), { V4, DNS_PTR, { "other.test" }, 0, NULL },
			{ "other.test", DNS_AAAA, { "::ffff:192.0.2.1" }, 0, NULL } } },
	{ .finding = PASSES("two names of which one leads back", REVERSE, "mail.example.test"),
		.target = HOST_TARGET,
		.zone = { A_OF(HOST), { V4, DNS_PTR, { "other.test", HOST }, 0, NULL } } },
	{ .finding = PASSES("the other one is not known", REVERSE, "mail.example.test"),
		.target = HOST_TARGET,
		.zone = { A_OF(HOST), { V4, DNS_PTR, { "other.test", HOST }, 0, NULL },
			{ "other.test", DNS_A, { NULL }, MUTE, NULL } } },
	{ .finding = PASSES("the other family of the name is not known", REVERSE, "out.example"),
		.target = HOST_TARGET,
		.zone = { A_OF(HOST), A_OF("out.example.test"),
			{ V4, DNS_PTR, { "out.example.test" }, 0, NULL },
			{ "out.example.test", DNS_AAAA, { NULL }, MUTE, NULL } } },
	{ .finding = FAILS("the other family of a name that does not lead back is not known",
		  REVERSE, "NotConfirmed", CAUSE_NONE, "other.test"),
		.target = HOST_TARGET,
		.zone = { A_OF(HOST), { V4, DNS_PTR, { "other.test" }, 0, NULL },
			{ "other.test", DNS_AAAA, { NULL }, MUTE, NULL } } },
	{ .finding = IS_OPEN("whether the name leads back is not known", REVERSE, "LookUpFailed",
		  CAUSE_NONE, "the A records of other.test are not known: no answer"),
		.target = HOST_TARGET,
		.zone = { A_OF(HOST), { V4, DNS_PTR, { "x.test", "other.test" }, 0, NULL },
			{ "other.test", DNS_A, { NULL }, MUTE, NULL } } },
	{ .finding = FAILS("the name is forged", REVERSE, "Bogus", CAUSE_NONE,
		  "the A records of other.test are bogus"),
		.target = HOST_TARGET,
		.zone = { A_OF(HOST), { V4, DNS_PTR, { "x.test", "other.test" }, 0, NULL },
			{ "other.test", DNS_A, { "192.0.2.1" }, FORGED, NULL } } },
	{ .finding = IS_OPEN("beside one that is forged another may lead back", REVERSE,
		  "LookUpFailed", CAUSE_NONE, "x.test"),
		.target = HOST_TARGET,
		.zone = { A_OF(HOST), { V4, DNS_PTR, { "other.test", "x.test" }, 0, NULL },
			{ "other.test", DNS_A, { NULL }, FORGED, NULL },
			{ "x.test", DNS_A, { NULL }, MUTE, NULL } } },
	{ .finding = IS_OPEN("no answer for the name", REVERSE, "LookUpFailed", CAUSE_NONE,
		  "the PTR records of " V4 " are not known"),
		.target = HOST_TARGET,
		.zone = { A_OF(HOST), { V4, DNS_PTR, { NULL }, MUTE, NULL } } },
	{ .finding = IS_OPEN(
		  "a resolver that strips", REVERSE, "ResolverStripsDnssec", CAUSE_NONE, "PTR"),
		.target = HOST_TARGET,
		.zone = { A_OF(HOST), { V4, DNS_PTR, { NULL }, STRIPPED, NULL } } },
	{ .finding = FAILS("a reverse zone that is forged", REVERSE, "Bogus", CAUSE_NONE,
		  "the PTR records of " V4 " are bogus"),
		.target = HOST_TARGET,
		.zone = { A_OF(HOST), { V4, DNS_PTR, { HOST }, FORGED, NULL } } },
	{ .finding = FAILS("a fail is worse than what is not known", REVERSE, "NoReverse",
		  CAUSE_NONE, "192.0.2.2 has no name"),
		.target = HOST_TARGET,
		.zone = { { HOST, DNS_A, { "192.0.2.1", "192.0.2.2" }, 0, NULL },
			{ V4, DNS_PTR, { NULL }, MUTE, NULL } } },
	{ .finding = PASSES("the first sixteen of seventeen names are enough", REVERSE, "h.test"),
		.target = HOST_TARGET,
		.zone = { A_OF(HOST), { V4, DNS_PTR, { MANY, "q.test" }, 0, NULL },
			A_OF("h.test") } },
	{ .finding = IS_OPEN("the seventeenth name is not followed", REVERSE, "TooMany", CAUSE_NONE,
		  "192.0.2.1 has 17 names: no more than 16 are followed"),
		.target = HOST_TARGET,
		.zone = { A_OF(HOST), { V4, DNS_PTR, { MANY, "q.test" }, 0, NULL },
			A_OF("q.test") } },
	{ .finding = FAILS("sixteen names are followed to the last", REVERSE, "NotConfirmed",
		  CAUSE_NONE, "p.test"),
		.target = HOST_TARGET,
		.zone = { A_OF(HOST), { V4, DNS_PTR, { MANY }, 0, NULL } } },
	{ .finding = PASSES("the name that is given in EHLO", REVERSE_NAMED, "out.example.test"),
		.target = HOST_TARGET,
		.zone = { A_OF(HOST), A_OF("out.example.test"),
			{ V4, DNS_PTR, { HOST, "out.example.test" }, 0, NULL } } },
	{ .finding = FAILS("another one leads back", REVERSE_NAMED, "OtherReverse", CAUSE_NONE,
		  "192.0.2.1 is called mail.example.test, and not Out.Example.Test."),
		.target = HOST_TARGET,
		.zone = { A_OF(HOST), { V4, DNS_PTR, { HOST }, 0, NULL } },
		.fix = "PTR Out.Example.Test" },
	{ .finding = FAILS("only another one leads back", REVERSE_NAMED, "NotConfirmed", CAUSE_NONE,
		  "which does not lead back to it"),
		.target = HOST_TARGET,
		.zone = { A_OF(HOST), { V4, DNS_PTR, { HOST, "out.example.test" }, 0, NULL } } },
	{ .finding = IS_OPEN("a host without an address", REVERSE, "NoServer", CAUSE_ADDRESSES,
		  "mail.example.test has no address"),
		.target = HOST_TARGET,
		.zone = { { NULL } } },
	{ .finding = IS_OPEN("addresses of which one family is not known", REVERSE, "LookUpFailed",
		  CAUSE_ADDRESSES, "the AAAA records of mail.example.test are not known"),
		.target = HOST_TARGET,
		.zone = { A_OF(HOST), { HOST, DNS_AAAA, { NULL }, MUTE, NULL },
			{ V4, DNS_PTR, { HOST }, 0, NULL } } },
	{ .finding = IS_OPEN("what was cut short", REVERSE, "NotRun", CAUSE_CUT_SHORT, "deadline"),
		.target = HOST_TARGET,
		.zone = { A_OF(HOST), { V4, DNS_PTR, { HOST }, 0, NULL } },
		.cut_short = DEADLINE },
	{ .finding = PASSES("a mail server of a domain", REVERSE, "192.0.2.1 is called mx.test"),
		.target = DOMAIN_TARGET,
		.zone = { { "example.test", DNS_MX, { "10 mx.test" }, 0, NULL }, A_OF("mx.test"),
			{ V4, DNS_PTR, { "mx.test" }, 0, NULL } } },
	{ .finding = IS_OPEN("a domain without one", REVERSE, "NoServer", CAUSE_MX, "no server"),
		.target = DOMAIN_TARGET,
		.zone = { { "example.test", DNS_MX, { "0 ." }, 0, NULL } } },
};

static void
names_are_judged_as_listed(void **state)
{
	(void)state;
	expect_dns_findings(rows, COUNT(rows));
}

/* With all addresses each node is about its own. */
static void
a_node_is_about_its_own_address(void **state)
{
	static const struct zone_row records[] = { { HOST, DNS_A, { "192.0.2.1", "192.0.2.2" }, 0,
							   NULL },
		{ V4, DNS_PTR, { HOST }, 0, NULL }, { NULL } };
	static const char target[] =
		"{\"name\":\"t\",\"host\":\"mail.example.test\",\"addresses\":\"all\"}";
	struct dns_court court;
	struct finding got;

	(void)state;
	dns_court_open(&court, target, REVERSE, records, NULL);
	assert_int_equal(court.resolved.count, 2);
	for (size_t i = 0; i < 2; i++) {
		judge_arguments(&court.resolved.runs[i].evidence,
			&court.loaded.checklist.assertions[0].arguments, &court.arena, &got);
		assert_int_equal(got.verdict, i == 0 ? VERDICT_PASS : VERDICT_FAIL);
	}
	assert_non_null(strstr(got.message, "192.0.2.2"));
	assert_null(strstr(got.message, "192.0.2.1 "));
	dns_court_close(&court);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_judged_as_listed),
		cmocka_unit_test(a_node_is_about_its_own_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
