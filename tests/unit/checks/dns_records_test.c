/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dns.srv and dns.record.
 */
#include "court_dns.h"

#define SRV ASSERT("dns.srv")
#define SRV_OF(services) ASSERT_WITH("dns.srv", "\"services\":[" services "]")
#define WANTED SRV_OF("\"submissions\"")

#define SUBMISSIONS "_submissions._tcp.example.test"
#define IMAPS "_imaps._tcp.example.test"
#define SRV_MAIL(name)                                          \
	{                                                       \
		name, DNS_SRV, { "0 1 465 mail.example.test" }, \
	}
#define A_MAIL                                                  \
	{                                                       \
		"mail.example.test", DNS_A, { "192.0.2.1" }, 0, \
	}
#define SRV_HOST(n) "0 1 465 h" #n ".test"

static const struct dns_row services[] = {
	{ .finding = PASSES("a service that leads to a host", WANTED,
		  "submissions: 0 1 465 mail.example.test"),
		.target = DOMAIN_TARGET,
		.zone = { SRV_MAIL(SUBMISSIONS), A_MAIL } },
	{ .finding = PASSES("not signed, in capitals, IPv6 alone", WANTED, "mail.example.test"),
		.target = DOMAIN_TARGET,
		.zone = { { SUBMISSIONS, DNS_SRV, { "0 1 465 MAIL.example.TEST" }, UNSIGNED, NULL },
			{ "mail.example.test", DNS_AAAA, { "2001:db8::1" }, UNSIGNED, NULL } } },
	{ .finding = PASSES("a record that is an alias itself", WANTED, "mail.example.test"),
		.target = DOMAIN_TARGET,
		.zone = { { SUBMISSIONS, DNS_SRV, { "0 1 465 mail.example.test" }, 0,
				  "_submissions._tcp.other.test" },
			A_MAIL } },
	{ .finding = FAILS(
		  "no record", WANTED, "NoService", CAUSE_NONE, SUBMISSIONS " has no SRV record"),
		.target = DOMAIN_TARGET,
		.zone = { A_MAIL },
		.fix = "Publish the record: " SUBMISSIONS ". SRV 0 1 465 HOST." },
	{ .finding = FAILS("one of two is missing", SRV_OF("\"submissions\",\"imaps\""),
		  "NoService", CAUSE_NONE, IMAPS),
		.target = DOMAIN_TARGET,
		.zone = { SRV_MAIL(SUBMISSIONS), A_MAIL },
		.fix = "SRV 0 1 993 HOST." },
	{ .finding = FAILS("a service that is not offered", WANTED, "ServiceNotOffered", CAUSE_NONE,
		  "says that the service is not offered"),
		.target = DOMAIN_TARGET,
		.zone = { { SUBMISSIONS, DNS_SRV, { "0 0 0 ." }, 0, NULL } } },
	{ .finding = FAILS("\".\" beside others", SRV, "NullBesideOthers", CAUSE_NONE, SUBMISSIONS),
		.target = DOMAIN_TARGET,
		.zone = { { SUBMISSIONS, DNS_SRV, { "0 0 0 .", "0 1 465 mail.example.test" }, 0,
				  NULL },
			A_MAIL } },
	{ .finding = FAILS("a host that is an alias", SRV, "SrvIsAlias", CAUSE_NONE,
		  "leads to an alias, mail.example.test, which stands for real.test"),
		.target = DOMAIN_TARGET,
		.zone = { SRV_MAIL(SUBMISSIONS),
			{ "mail.example.test", DNS_A, { "192.0.2.1" }, 0, "real.test" } } },
	{ .finding = FAILS("a host without an address", SRV, "SrvWithoutAddress", CAUSE_NONE,
		  "leads to mail.example.test, which has no address"),
		.target = DOMAIN_TARGET,
		.zone = { SRV_MAIL(SUBMISSIONS) } },
	{ .finding = FAILS(
		  "the second host has none", SRV, "SrvWithoutAddress", CAUSE_NONE, "other.test"),
		.target = DOMAIN_TARGET,
		.zone = { { SUBMISSIONS, DNS_SRV,
				  { "0 1 465 mail.example.test", "9 1 465 other.test" }, 0, NULL },
			A_MAIL } },
	{ .finding = FAILS("port 0", SRV, "NoPort", CAUSE_NONE, "port 0 of mail.example.test"),
		.target = DOMAIN_TARGET,
		.zone = { { SUBMISSIONS, DNS_SRV, { "0 1 0 mail.example.test" }, 0, NULL },
			A_MAIL } },
	{ .finding = FAILS("a record that is none", SRV, "Malformed", CAUSE_NONE, "\\# 3 000102"),
		.target = DOMAIN_TARGET,
		.zone = { { SUBMISSIONS, DNS_SRV, { "#000102" }, 0, NULL } } },
	{ .finding = PASSES("what there is is right", SRV,
		  "submissions: none; submission: none; imaps: 0 1 465 mail.example.test; imap: 0 0 "
		  "0 .; pop3s: none"),
		.target = DOMAIN_TARGET,
		.zone = { SRV_MAIL(IMAPS), A_MAIL,
			{ "_imap._tcp.example.test", DNS_SRV, { "0 0 0 ." }, 0, NULL } } },
	{ .finding = FAILS("nothing is offered", SRV, "NoService", CAUSE_NONE,
		  "example.test has no SRV record of a mail service"),
		.target = DOMAIN_TARGET,
		.zone = { { "_imap._tcp.example.test", DNS_SRV, { "0 0 0 ." }, 0, NULL } },
		.fix = "_imaps._tcp.example.test. SRV 0 1 993 HOST." },
	{ .finding = IS_OPEN("no answer", WANTED, "LookUpFailed", CAUSE_NONE,
		  "the SRV records of " SUBMISSIONS),
		.target = DOMAIN_TARGET,
		.zone = { { SUBMISSIONS, DNS_SRV, { NULL }, MUTE, NULL } } },
	{ .finding = IS_OPEN(
		  "no answer where it may be missing", SRV, "LookUpFailed", CAUSE_NONE, IMAPS),
		.target = DOMAIN_TARGET,
		.zone = { SRV_MAIL(SUBMISSIONS), A_MAIL,
			{ IMAPS, DNS_SRV, { NULL }, MUTE, NULL } } },
	{ .finding = FAILS("what is forged is no record", WANTED, "Bogus", CAUSE_NONE, SUBMISSIONS),
		.target = DOMAIN_TARGET,
		.zone = { { SUBMISSIONS, DNS_SRV, { "0 1 465 mail.example.test" }, FORGED, NULL },
			A_MAIL } },
	{ .finding = FAILS("a host that is forged", WANTED, "Bogus", CAUSE_NONE,
		  "the addresses of mail.example.test"),
		.target = DOMAIN_TARGET,
		.zone = { SRV_MAIL(SUBMISSIONS), A_MAIL,
			{ "mail.example.test", DNS_AAAA, { NULL }, FORGED, NULL } } },
	{ .finding = IS_OPEN("a host that is not known", WANTED, "ResolverStripsDnssec", CAUSE_NONE,
		  "mail.example.test"),
		.target = DOMAIN_TARGET,
		.zone = { SRV_MAIL(SUBMISSIONS),
			{ "mail.example.test", DNS_A, { NULL }, STRIPPED, NULL } } },
	{ .finding = IS_OPEN("seventeen hosts", WANTED, "TooMany", CAUSE_NONE, "leads to 17 hosts"),
		.target = DOMAIN_TARGET,
		.zone = { { SUBMISSIONS, DNS_SRV,
			{ SRV_HOST(1), SRV_HOST(2), SRV_HOST(3), SRV_HOST(4), SRV_HOST(5),
				SRV_HOST(6), SRV_HOST(7), SRV_HOST(8), SRV_HOST(9), SRV_HOST(10),
				SRV_HOST(11), SRV_HOST(12), SRV_HOST(13), SRV_HOST(14),
				SRV_HOST(15), SRV_HOST(16), SRV_HOST(17) },
			0, NULL } } },
	{ .finding = IS_OPEN("what was cut short", WANTED, "NotRun", CAUSE_CUT_SHORT, "deadline"),
		.target = DOMAIN_TARGET,
		.zone = { SRV_MAIL(SUBMISSIONS), A_MAIL },
		.cut_short = DEADLINE },
};

static void
services_are_judged_as_listed(void **state)
{
	(void)state;
	expect_dns_findings(services, COUNT(services));
}

#define RECORD(type, members) \
	ASSERT_WITH("dns.record", "\"name\":\"example.test\",\"type\":\"" type "\"" members)
#define SPF RECORD("TXT", ",\"matches\":\"^v=spf1 \"")
#define ONE_SPF RECORD("TXT", ",\"matches\":\"^v=spf1 \",\"maximum\":1")
#define SIGNED_SPF RECORD("TXT", ",\"matches\":\"^v=spf1 \",\"secure\":true")

static const struct dns_row records[] = {
	{ .finding = PASSES("a record", RECORD("TXT", ""), "1 TXT record of example.test, secure"),
		.target = HOST_TARGET,
		.zone = { { "example.test", DNS_TXT, { "anything" }, 0, NULL } } },
	{ .finding = PASSES("one of two matches", SPF, "1 TXT record of"),
		.target = HOST_TARGET,
		.zone = { { "example.test", DNS_TXT, { "other", "v=spf1 -all" }, 0, NULL } } },
	{ .finding = PASSES("a domain as well", SPF, "insecure"),
		.target = DOMAIN_TARGET,
		.zone = { { "example.test", DNS_TXT, { "v=spf1 -all" }, UNSIGNED, NULL } } },
	{ .finding = FAILS("none matches", SPF, "NoMatch", CAUSE_NONE,
		  "no TXT record of example.test matches ^v=spf1 "),
		.target = HOST_TARGET,
		.zone = { { "example.test", DNS_TXT, { "V=SPF1 -all", "xv=spf1 " }, 0, NULL } } },
	{ .finding = FAILS("nothing of the type", SPF, "NoRecord", CAUSE_NONE,
		  "example.test has no TXT record"),
		.target = HOST_TARGET,
		.zone = { { "example.test", DNS_A, { "192.0.2.1" }, 0, NULL } } },
	{ .finding = FAILS(
		  "no such name", SPF, "NoRecord", CAUSE_NONE, "example.test does not exist"),
		.target = HOST_TARGET,
		.zone = { { NULL } } },
	{ .finding = FAILS("two where there may be one", ONE_SPF, "TooManyRecords", CAUSE_NONE,
		  "2 TXT records of example.test match, where there may be no more than 1"),
		.target = HOST_TARGET,
		.zone = { { "example.test", DNS_TXT, { "v=spf1 -all", "v=spf1 +all" }, 0,
			NULL } } },
	{ .finding = PASSES("one beside others", ONE_SPF, "1 TXT record"),
		.target = HOST_TARGET,
		.zone = { { "example.test", DNS_TXT, { "other", "v=spf1 +all" }, 0, NULL } } },
	{ .finding = PASSES("one that is signed", SIGNED_SPF, "secure"),
		.target = HOST_TARGET,
		.zone = { { "example.test", DNS_TXT, { "v=spf1 +all" }, 0, NULL } } },
	{ .finding = FAILS("one that is not", SIGNED_SPF, "NotSigned", CAUSE_NONE, "not signed"),
		.target = HOST_TARGET,
		.zone = { { "example.test", DNS_TXT, { "v=spf1 +all" }, UNSIGNED, NULL } } },
	{ .finding = FAILS("what is forged does not match", SPF, "Bogus", CAUSE_NONE, "bogus"),
		.target = HOST_TARGET,
		.zone = { { "example.test", DNS_TXT, { "v=spf1 +all" }, FORGED, NULL } } },
	{ .finding = IS_OPEN(
		  "no answer", SPF, "LookUpFailed", CAUSE_NONE, "the TXT records of example.test"),
		.target = HOST_TARGET,
		.zone = { { "example.test", DNS_TXT, { NULL }, MUTE, NULL } } },
	{ .finding = IS_OPEN("a resolver that strips", SPF, "ResolverStripsDnssec", CAUSE_NONE,
		  "passes no DNSSEC"),
		.target = HOST_TARGET,
		.zone = { { "example.test", DNS_TXT, { NULL }, STRIPPED, NULL } } },
	{ .finding = PASSES("a host in lower case without a dot",
		  RECORD("MX", ",\"matches\":\"^10 mx[.]test$\""), "1 MX record"),
		.target = HOST_TARGET,
		.zone = { { "example.test", DNS_MX, { "10 MX.test" }, 0, NULL } } },
	{ .finding = PASSES(
		  "an alias", RECORD("CNAME", ",\"matches\":\"^other[.]test$\""), "1 CNAME record"),
		.target = HOST_TARGET,
		.zone = { { "example.test", DNS_CNAME, { "other.test" }, 0, NULL } } },
	{ .finding = PASSES("a record that is none", RECORD("MX", ",\"matches\":\"^.# 1 0a$\""),
		  "1 MX record"),
		.target = HOST_TARGET,
		.zone = { { "example.test", DNS_MX, { "#0a" }, 0, NULL } } },
};

static void
records_are_judged_as_listed(void **state)
{
	(void)state;
	expect_dns_findings(records, COUNT(records));
}

static void
names_that_cannot_be_asked_for_are_refused(void **state)
{
	static const char *const names[] = { "", ".", "a..b", ".a", "a b", "a?",
		"m\xc3\xbcller.test",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.test" };
	static const char *const taken[] = { "_dmarc.example.test", "a", "A.b.", "x-1._y" };

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++)
		if (check_param(check_find("dns.record"), "name")->objection(names[i]) == NULL)
			fail_msg("\"%s\" was taken", names[i]);
	for (size_t i = 0; i < COUNT(taken); i++)
		if (check_param(check_find("dns.record"), "name")->objection(taken[i]) != NULL)
			fail_msg("\"%s\" was not taken", taken[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(services_are_judged_as_listed),
		cmocka_unit_test(records_are_judged_as_listed),
		cmocka_unit_test(names_that_cannot_be_asked_for_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
