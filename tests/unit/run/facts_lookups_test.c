/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is told of the questions to the DNS.
 */
#include "court_dns.h"

#include "report/target_facts.h"

/* "name type state [alias_of] (reason): record, record / ttl" of each look-up. */
static void
expect_lookups(struct dns_court *court, size_t run, const char *want)
{
	struct target_run *judged = &court->resolved.runs[run];
	struct report_suite suite = { .is_brief = false };
	struct buf got;

	judge_target(&court->loaded.checklist, &judged->evidence, &suite, &court->arena);
	buf_init(&got, 10000);
	for (size_t i = 0; i < suite.facts->lookup_count; i++) {
		const struct facts_lookup *lookup = &suite.facts->lookups[i];

		buf_addf(&got, "%s %s %s", lookup->name, lookup->type, lookup->state);
		if (lookup->alias_of != NULL)
			buf_addf(&got, " [%s]", lookup->alias_of);
		if (lookup->reason != NULL)
			buf_addf(&got, " (%s)", lookup->reason);
		for (size_t j = 0; j < lookup->records.count; j++)
			buf_addf(&got, "%s%s", j == 0 ? ": " : ", ", lookup->records.items[j]);
		buf_addf(&got, " / %zu\n", lookup->ttl);
	}
	if (strcmp(got.data, want) != 0)
		fail_msg("got\n%swant\n%s", got.data, want);
	buf_release(&got);
}

static const struct zone_row records[] = {
	{ "example.test", DNS_MX, { "20 mx2.test", "10 mx1.test" }, 0, NULL },
	{ "mx1.test", DNS_A, { "192.0.2.9", "192.0.2.1" }, UNSIGNED, "real.test" },
	{ "mx2.test", DNS_A, { "192.0.2.2" }, FORGED, NULL },
	{ "mx2.test", DNS_AAAA, { NULL }, MUTE, NULL },
	{ "test", DNS_CAA, { "0 issue ca.test" }, 0, NULL },
	{ NULL },
};

static void
a_lead_tells_what_the_domain_was_asked_for(void **state)
{
	struct dns_court court;

	(void)state;
	dns_court_open(&court, DOMAIN_TARGET,
		ASSERT("dns.mx") "," ASSERT("dns.addresses") "," ASSERT_WITH("dns.record",
			"\"name\":\"Example.test\",\"type\":\"MX\"") "," ASSERT_WITH("caa.allows",
			"\"issuers\":[\"ca.test\"],\"names\":[\"a.test\",\"b.test\"]"),
		records, NULL);
	expect_lookups(&court, 0,
		"example.test MX secure: 10 mx1.test, 20 mx2.test / 300\n"
		"mx1.test A insecure [real.test]: 192.0.2.1, 192.0.2.9 / 0\n"
		"mx1.test AAAA secure denial / 0\n"
		"mx2.test A bogus (no signatures) / 0\n"
		"mx2.test AAAA failed (no answer within the time allowed) / 0\n"
		"a.test CAA secure denial / 0\n"
		"test CAA secure: 0 issue \"ca.test\" / 300\n"
		"b.test CAA secure denial / 0\n");
	expect_lookups(&court, 1,
		"mx1.test A insecure [real.test]: 192.0.2.1, 192.0.2.9 / 0\n"
		"mx1.test AAAA secure denial / 0\n");
	dns_court_close(&court);
}

static void
a_target_without_a_question_tells_nothing(void **state)
{
	struct dns_court court;

	(void)state;
	dns_court_open(&court, HOST_TARGET, ASSERT("starttls.advertised"), records, NULL);
	assert_int_equal(zone_questions, 0);
	expect_lookups(&court, 0, "");
	dns_court_close(&court);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_lead_tells_what_the_domain_was_asked_for),
		cmocka_unit_test(a_target_without_a_question_tells_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
