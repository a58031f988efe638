/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A server with several certificates: each of them is held to each assertion.
 */
#include "court_servers.h"

#include "probe/chain_probe.h"

/* Plans the hello that sees the other certificate. */

struct pair {
	const char *sentence;
	const char *session, *hello; /* leaves */
	bool proven;                 /* of the hello */
	const char *assertion;
	const char *want;    /* verdict of the assertion */
	const char *says[2]; /* in its message; NULL: nothing more */
	const char *silent;  /* not in its message */
};

static const struct pair pairs[] = {
	{ "both are good", "leaf", "leaf-any", true, "certificate.expiry", "pass",
		{ "serial 1002", "serial 1004" }, NULL },
	{ "the same twice is one", "leaf", "leaf", true, "certificate.expiry", "pass",
		{ "valid for", NULL }, "serial" },
	{ "the second has expired", "leaf", "leaf-old", true, "certificate.expiry", "fail",
		{ "(ECDSA certificate, serial 1005) the certificate has expired", NULL }, "1002" },
	{ "the first has expired", "leaf-old", "leaf", true, "certificate.expiry", "fail",
		{ "(ECDSA certificate, serial 1005) the certificate has expired", NULL }, "1002" },
	{ "both have", "leaf-old", "leaf-old-client", true, "certificate.expiry", "fail",
		{ "serial 1005", "serial 1006" }, NULL },
	{ "the second names another host", "leaf", "leaf-outside", true, "certificate.hostname",
		"fail", { "serial 100a", NULL }, "1002" },
	{ "the second is for clients", "leaf", "leaf-client", true, "certificate.trusted", "fail",
		{ "serial 1003", NULL }, "1002" },
	{ "nothing proves the key of the second", "leaf", "leaf-any", false, "certificate.expiry",
		"error", { "serial 1004", "nothing proves" }, "1002" },
	{ "a fail is worse than an error", "leaf-old", "leaf-any", false, "certificate.expiry",
		"fail", { "serial 1005", NULL }, "1004" },
	{ "a weak key of the second", "leaf", "leaf-rsa1024", true, "certificate.key", "fail",
		{ "(RSA certificate, serial 1008) the key is RSA with 1024 bits", NULL }, "1002" },
};

static void
show_other_chain(struct court *court, const struct pair *pair)
{
	struct evidence *evidence = &court->evidence;
	struct span *chain = arena_array(&evidence->arena, 2, sizeof(*chain));
	struct peer_terms terms = {
		.host = "mail.example.test", .trust = stores[1], .at = evidence->today
	};
	struct observation *observation = &evidence->observations[0];
	struct peer *peer = arena_alloc(&observation->arena, sizeof(*peer));

	assert_int_equal(evidence->observation_count, 1);
	chain[0] = fixture(&evidence->arena, pair->hello);
	chain[1] = fixture(&evidence->arena, "ica");
	observation->outcome = OUTCOME_DONE;
	peer_judge(peer, chain, 2, &terms, &evidence->arena);
	peer->proven = pair->proven;
	observation->peers = peer;
	observation->peer_count = 1;
}

static void
expect_words(const struct pair *pair, const struct report_case *one)
{
	for (size_t i = 0; i < 2 && pair->says[i] != NULL; i++)
		if (strstr(one->message, pair->says[i]) == NULL)
			fail_msg("%s: \"%s\" is not in \"%s\"", pair->sentence, pair->says[i],
				one->message);
	if (pair->silent != NULL && strstr(one->message, pair->silent) != NULL)
		fail_msg("%s: \"%s\" is in \"%s\"", pair->sentence, pair->silent, one->message);
}

static void
the_worst_certificate_decides(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		const struct pair *pair = &pairs[i];
		const struct report_case *one;
		struct court court;
		char assertions[200];

		snprintf(assertions, sizeof(assertions), "{\"assert\":\"%s\"}", pair->assertion);
		court_open(&court, assertions, date_at(DAY_IN_2026));
		show_chain(&court, pair->session, true);
		show_other_chain(&court, pair);
		court_judge(&court);
		one = case_of(&court, pair->assertion);
		if (strcmp(verdict_name(one->verdict), pair->want) != 0)
			fail_msg("%s: got %s: %s", pair->sentence, verdict_name(one->verdict),
				one->message);
		expect_words(pair, one);
		court_close(&court);
	}
}

/* One that has run out is a cause that others meet; one that will run out soon is none: together
 * they are not to be skipped for anything. */
static void
what_has_no_cause_counts_for_itself(void **state)
{
	const struct pair pair = { .hello = "leaf-old", .proven = true };
	struct finding finding;
	struct court court;

	(void)state;
	court_open(&court, ROW("certificate.expiry"), date_at("2026-12-25"));
	show_chain(&court, "leaf", true);
	show_other_chain(&court, &pair);
	judge_arguments(&court.evidence, &court.loaded.checklist.assertions[0].arguments,
		&court.arena, &finding);
	assert_int_equal(finding.verdict, VERDICT_FAIL);
	assert_int_equal(finding.causes, CAUSE_NONE);
	assert_non_null(strstr(finding.message, "has expired"));
	assert_non_null(strstr(finding.message, "expires in 7 days"));
	court_close(&court);
}

/* As long as another one may exist, none passes; what is wrong with the one that was seen is. */
static void
a_certificate_that_may_exist_passes_nothing(void **state)
{
	struct court court;

	(void)state;
	court_open(&court, ROW("certificate.hostname") "," ROW("certificate.expiry"),
		date_at("2026-12-25"));
	show_chain(&court, "leaf", true);
	court_know_certificates(&court, OUTCOME_BROKEN);
	court_judge(&court);
	expect_cases(&court, "another one may exist",
		"certificate.hostname:error certificate.expiry:fail");
	court_close(&court);
	court_open(&court, ROW("certificate.hostname"), date_at(DAY_IN_2026));
	show_chain(&court, "leaf", true);
	court_judge(&court);
	expect_cases(&court, "there is no other", "certificate.hostname:pass");
	court_close(&court);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_worst_certificate_decides),
		cmocka_unit_test(a_certificate_that_may_exist_passes_nothing),
		cmocka_unit_test(what_has_no_cause_counts_for_itself),
	};

	return cmocka_run_group_tests(tests, fill_stores, release_stores);
}
