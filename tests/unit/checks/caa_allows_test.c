/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * caa.allows: which set of records counts for a name, and what it says.
 */
#include "court_dns.h"

#define ALLOWS(members) ASSERT_WITH("caa.allows", "\"issuers\":[\"ca.test\"]" members)
#define NAMED ALLOWS("")
#define REQUIRED ALLOWS(",\"required\":true")
#define OF_NAMES(names) ALLOWS(",\"names\":[" names "]")
#define TWO ASSERT_WITH("caa.allows", "\"issuers\":[\"ca.test\",\"Other.test\"]")

#define HOST "mail.example.test"
#define CAA_AT(name, record)                        \
	{                                           \
		name, DNS_CAA, { record }, 0, NULL, \
	}
#define MX_OF(...)                                                \
	{                                                         \
		"example.test", DNS_MX, { __VA_ARGS__ }, 0, NULL, \
	}

static const struct dns_row rows[] = {
	{ .finding = PASSES("named by the host's own records", NAMED,
		  "ca.test may issue for mail.example.test, by the CAA records of mail.example.test"),
		.target = HOST_TARGET,
		.zone = { CAA_AT(HOST, "0 issue ca.test"), CAA_AT("test", "0 issue ;") } },
	{ .finding = PASSES(
		  "named by those of a name above", NAMED, "by the CAA records of example.test"),
		.target = HOST_TARGET,
		.zone = { CAA_AT("example.test", "0 issue ca.test") } },
	{ .finding = PASSES("named by those of the top", NAMED, "by the CAA records of test"),
		.target = HOST_TARGET,
		.zone = { CAA_AT("test", "0 issue ca.test") } },
	{ .finding = PASSES("named where an alias leads", NAMED, "mail.example.test, by"),
		.target = HOST_TARGET,
		.zone = { { HOST, DNS_CAA, { "0 issue ca.test" }, 0, "host.other.test" },
			CAA_AT("example.test", "0 issue ;") } },
	{ .finding = PASSES("an alias without records goes on with the name above it", NAMED,
		  "by the CAA records of example.test"),
		.target = HOST_TARGET,
		.zone = { { HOST, DNS_CAA, { NULL }, 0, "host.other.test" },
			CAA_AT("other.test", "0 issue ;"),
			CAA_AT("example.test", "0 issue ca.test") } },
	{ .finding = PASSES("not signed, in capitals", NAMED, "ca.test may issue"),
		.target = HOST_TARGET,
		.zone = { { HOST, DNS_CAA, { "0 ISSUE CA.test" }, UNSIGNED, NULL } } },
	{ .finding = PASSES("under conditions", NAMED, "under conditions"),
		.target = HOST_TARGET,
		.zone = { CAA_AT(HOST, "0 issue ca.test; validationmethods=dns-01") } },
	{ .finding = PASSES("no record at all", NAMED, "anybody may issue for mail.example.test"),
		.target = HOST_TARGET,
		.zone = { { NULL } } },
	{ .finding = PASSES("a set that restricts nothing", NAMED, "anybody may issue"),
		.target = HOST_TARGET,
		.zone = { CAA_AT(HOST, "0 iodef mailto:a@b.test"),
			CAA_AT("example.test", "0 issue ;") } },
	{ .finding = FAILS("no record, where one is wanted", REQUIRED, "NoCaa", CAUSE_NONE,
		  "anybody may issue for mail.example.test"),
		.target = HOST_TARGET,
		.zone = { { NULL } },
		.fix = "Publish the record: mail.example.test. CAA 0 issue \"ca.test\"" },
	{ .finding = FAILS("a set that restricts nothing, where one is wanted", REQUIRED, "NoCaa",
		  CAUSE_NONE, "no CAA record says who may"),
		.target = HOST_TARGET,
		.zone = { CAA_AT(HOST, "0 iodef mailto:a@b.test") } },
	{ .finding = FAILS("others are named", NAMED, "CaaForbids", CAUSE_NONE,
		  "ca.test may not issue for mail.example.test: others are named by the CAA records "
		  "of example.test"),
		.target = HOST_TARGET,
		.zone = { CAA_AT("example.test", "0 issue other.test") },
		.fix = "Publish the record: example.test. CAA 0 issue \"ca.test\" beside the others" },
	{ .finding = FAILS("the nearest set counts alone", NAMED, "CaaForbids", CAUSE_NONE, HOST),
		.target = HOST_TARGET,
		.zone = { CAA_AT(HOST, "0 issue other.test"),
			CAA_AT("example.test", "0 issue ca.test") } },
	{ .finding = FAILS("nobody may", NAMED, "CaaForbids", CAUSE_NONE, "nobody may, say"),
		.target = HOST_TARGET,
		.zone = { CAA_AT(HOST, "0 issue ;") } },
	{ .finding = FAILS("a critical record that nobody knows", NAMED, "CaaForbids", CAUSE_NONE,
		  "a record of a kind that nobody knows is critical"),
		.target = HOST_TARGET,
		.zone = { { HOST, DNS_CAA, { "0 issue ca.test", "128 tbs x" }, 0, NULL } } },
	{ .finding = FAILS("conditions that cannot be read", NAMED, "CaaForbids", CAUSE_NONE,
		  "conditions that cannot be met"),
		.target = HOST_TARGET,
		.zone = { CAA_AT(HOST, "0 issue ca.test other.test") } },
	{ .finding = FAILS("a record that is none", NAMED, "Malformed", CAUSE_NONE, "\\# 2 0000"),
		.target = HOST_TARGET,
		.zone = { { HOST, DNS_CAA, { "0 issue ca.test", "#0000" }, 0, NULL } } },
	{ .finding = PASSES("both authorities", TWO,
		  "ca.test may issue for mail.example.test, by the CAA records of mail.example.test; "
		  "Other.test may"),
		.target = HOST_TARGET,
		.zone = { { HOST, DNS_CAA, { "0 issue ca.test", "0 issue other.test" }, 0,
			NULL } } },
	{ .finding = FAILS("one of both", TWO, "CaaForbids", CAUSE_NONE, "Other.test may not"),
		.target = HOST_TARGET,
		.zone = { CAA_AT(HOST, "0 issue ca.test") } },
	{ .finding = PASSES("names in place of the host", OF_NAMES("\"mta-sts.example.test\""),
		  "ca.test may issue for mta-sts.example.test"),
		.target = HOST_TARGET,
		.zone = { CAA_AT("mta-sts.example.test", "0 issue ca.test"),
			CAA_AT(HOST, "0 issue ;") } },
	{ .finding = PASSES("a wildcard", OF_NAMES("\"*.example.test.\""), "for *.example.test."),
		.target = HOST_TARGET,
		.zone = { { "example.test.", DNS_CAA, { "0 issue ;", "0 issuewild ca.test" }, 0,
			NULL } } },
	{ .finding = FAILS("a wildcard that nobody may", OF_NAMES("\"*.example.test\""),
		  "CaaForbids", CAUSE_NONE, "*.example.test"),
		.target = HOST_TARGET,
		.zone = { { "example.test", DNS_CAA, { "0 issue ca.test", "0 issuewild ;" }, 0,
			NULL } },
		.fix = "example.test. CAA 0 issuewild \"ca.test\"" },
	{ .finding = PASSES("the mail servers of a domain", NAMED,
		  "ca.test may issue for mx1.example.test, by the CAA records of example.test; anybody "
		  "may issue for mx2.other.test"),
		.target = DOMAIN_TARGET,
		.zone = { MX_OF("10 mx1.example.test", "20 mx2.other.test"),
			{ "mx1.example.test", DNS_A, { "192.0.2.1" }, 0, NULL },
			{ "mx2.other.test", DNS_A, { "192.0.2.2" }, 0, NULL },
			CAA_AT("example.test", "0 issue ca.test") } },
	{ .finding = FAILS("one of them", NAMED, "CaaForbids", CAUSE_NONE, "mx2.other.test"),
		.target = DOMAIN_TARGET,
		.zone = { MX_OF("10 mx1.example.test", "20 mx2.other.test"),
			{ "mx1.example.test", DNS_A, { "192.0.2.1" }, 0, NULL },
			{ "mx2.other.test", DNS_A, { "192.0.2.2" }, 0, NULL },
			{ "mx1.example.test", DNS_CAA, { NULL }, MUTE, NULL },
			CAA_AT("other.test", "0 issue ;") } },
	{ .finding = IS_OPEN("a domain without mail servers", NAMED, "NoServer", CAUSE_MX,
		  "no name to look up: example.test does not exist"),
		.target = DOMAIN_TARGET,
		.zone = { { NULL } } },
	{ .finding = PASSES("names beside a domain without mail servers",
		  OF_NAMES("\"mta-sts.example.test\""), "anybody"),
		.target = DOMAIN_TARGET,
		.zone = { { NULL } } },
	{ .finding = IS_OPEN("no answer", NAMED, "LookUpFailed", CAUSE_NONE,
		  "the CAA records of mail.example.test"),
		.target = HOST_TARGET,
		.zone = { { HOST, DNS_CAA, { NULL }, MUTE, NULL },
			CAA_AT("example.test", "0 issue ca.test") } },
	{ .finding = IS_OPEN("no answer further up", REQUIRED, "LookUpFailed", CAUSE_NONE,
		  "the CAA records of example.test"),
		.target = HOST_TARGET,
		.zone = { { "example.test", DNS_CAA, { NULL }, MUTE, NULL } } },
	{ .finding = FAILS("what is forged lets nobody issue", NAMED, "Bogus", CAUSE_NONE,
		  "the CAA records of example.test are bogus"),
		.target = HOST_TARGET,
		.zone = { { "example.test", DNS_CAA, { "0 issue ca.test" }, FORGED, NULL },
			CAA_AT("test", "0 issue ca.test") } },
	{ .finding = IS_OPEN(
		  "a resolver that strips", NAMED, "ResolverStripsDnssec", CAUSE_NONE, "CAA"),
		.target = HOST_TARGET,
		.zone = { { HOST, DNS_CAA, { NULL }, STRIPPED, NULL } } },
	{ .finding = IS_OPEN("what was cut short", NAMED, "NotRun", CAUSE_CUT_SHORT, "deadline"),
		.target = HOST_TARGET,
		.zone = { CAA_AT(HOST, "0 issue ca.test") },
		.cut_short = DEADLINE },
};

static void
sets_are_judged_as_listed(void **state)
{
	(void)state;
	expect_dns_findings(rows, COUNT(rows));
}

static void
nothing_is_asked_above_the_first_set(void **state)
{
	static const struct zone_row records[] = { CAA_AT("example.test", "0 issue ca.test"),
		{ NULL } };
	const struct observation *asked;
	struct dns_court court;

	(void)state;
	dns_court_open(&court, HOST_TARGET, NAMED, records, NULL);
	asked = court.resolved.runs[0].evidence.observations[0];
	assert_int_equal(asked->lookup_count, 2);
	assert_string_equal(asked->lookups[0].name, HOST);
	assert_string_equal(asked->lookups[1].name, "example.test");
	assert_int_equal(zone_questions, 2);
	dns_court_close(&court);
}

static void
an_address_has_no_name_to_climb_from(void **state)
{
	static const char text[] =
		"{\"trust\":{\"system\":false},\"targets\":[{\"host\":\"192.0.2.1\"}],"
		"\"assertions\":[" NAMED "]}";
	struct loaded loaded;

	(void)state;
	load_text(&loaded, text, NULL);
	expect_problems(&loaded, "an address",
		"1:74 caa.allows cannot be asserted of target \"192.0.2.1:587\", whose host is an "
		"address: give it the \"names\" that certificates are for\n");
	loaded_release(&loaded);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sets_are_judged_as_listed),
		cmocka_unit_test(nothing_is_asked_above_the_first_set),
		cmocka_unit_test(an_address_has_no_name_to_climb_from),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
