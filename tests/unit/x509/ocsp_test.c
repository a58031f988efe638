/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "x509_fixtures.h"

#include "x509/ocsp.h"

struct ocsp_case {
	const char *name;
	const char *response;
	const char *at;       /* NULL: 2026-06-01 */
	const char *problems; /* their names; "" means it is good */
	const char *text;     /* found in the first of them; or NULL */
};

static const struct ocsp_case cases[] = {
	{ "a good response of the issuer", "ocsp-good", NULL, "", NULL },
	{ "a good response of a delegate", "ocsp-delegated", NULL, "", NULL },
	{ "the last second is fresh", "ocsp-good", "2026-06-06T00:00:00Z", "", NULL },
	{ "a clock that is a little behind", "ocsp-good", "2026-05-29T23:55:00Z", "", NULL },
	{ "a response of the future", "ocsp-good", "2026-05-29T23:54:59Z", "FromFuture",
		"2026-05-30T00:00:00Z" },
	{ "a second too late it is stale", "ocsp-good", "2026-06-06T00:00:01Z", "Stale",
		"2026-06-06T00:00:00Z" },
	{ "without an end it is fresh for a day", "ocsp-endless", "2026-05-31T00:00:00Z", "",
		NULL },
	{ "and no longer", "ocsp-endless", "2026-05-31T00:00:01Z", "Stale", NULL },
	{ "a revoked certificate", "ocsp-revoked", NULL, "IsRevoked",
		"RFC 6960 section 2.2: the certificate was revoked on 2026-03-01T00:00:00Z" },
	{ "revoked and stale", "ocsp-revoked", "2026-07-01", "IsRevoked Stale", NULL },
	{ "a certificate that is not known", "ocsp-unknown", NULL, "IsUnknown", NULL },
	{ "a response about another certificate", "ocsp-of-another", NULL, "OtherCertificate",
		NULL },
	{ "a responder that another CA certified", "ocsp-by-stranger", NULL, "NoResponder", NULL },
	{ "a leaf that vouches for itself", "ocsp-by-leaf", NULL, "NoResponder", NULL },
	{ "no response yet", "ocsp-try-later", NULL, "NotSuccessful", "tryLater" },
	{ "no response at all", "leaf", NULL, "Malformed", NULL },
};

struct setting {
	struct arena arena;
	struct cert leaf;
	struct cert issuer;
};

static void
set_up(struct setting *setting)
{
	struct error error = { { 0 } };

	arena_init(&setting->arena);
	assert_true(cert_parse(
		&setting->leaf, fixture(&setting->arena, "leaf"), &setting->arena, &error));
	assert_true(cert_parse(
		&setting->issuer, fixture(&setting->arena, "ica"), &setting->arena, &error));
}

static const char *
names_of(struct arena *arena, const struct ocsp_verdict *verdict)
{
	const char *text = "";

	for (size_t i = 0; i < verdict->problem_count; i++)
		text = arena_printf(arena, "%s%s%s", text, i == 0 ? "" : " ",
			ocsp_problem_name(verdict->problems[i].kind));
	return text;
}

static void
responses_are_judged_as_listed(void **state)
{
	struct setting setting;

	(void)state;
	set_up(&setting);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct ocsp_case *test = &cases[i];
		struct ocsp_query query = { fixture(&setting.arena, test->response), &setting.leaf,
			&setting.issuer, date_at(test->at == NULL ? "2026-06-01" : test->at) };
		struct ocsp_verdict verdict = ocsp_judge(&query, &setting.arena);
		const char *got = names_of(&setting.arena, &verdict);

		if (strcmp(got, test->problems) != 0 || verdict.good != (test->problems[0] == '\0'))
			fail_msg("%s: got \"%s\", want \"%s\"", test->name, got, test->problems);
		if (test->text != NULL && strstr(verdict.problems[0].text, test->text) == NULL)
			fail_msg("%s: got %s", test->name, verdict.problems[0].text);
	}
	arena_release(&setting.arena);
}

static bool
is_good(const struct setting *setting, struct span response)
{
	struct ocsp_verdict verdict;
	struct arena arena;

	arena_init(&arena);
	verdict = ocsp_judge(&(struct ocsp_query){ response, &setting->leaf, &setting->issuer,
				     date_at("2026-06-01") },
		&arena);
	arena_release(&arena);
	return verdict.good;
}

static void
no_change_and_no_prefix_is_good(void **state)
{
	struct setting setting;
	struct span good;
	uint8_t *bytes;

	(void)state;
	set_up(&setting);
	good = fixture(&setting.arena, "ocsp-good");
	assert_true(is_good(&setting, good));
	bytes = test_malloc(good.len);
	memcpy(bytes, good.data, good.len);
	for (size_t i = 0; i < good.len; i++) {
		if (is_good(&setting, (struct span){ good.data, i }))
			fail_msg("good with %zu of %zu bytes", i, good.len);
		for (unsigned bit = 1; bit < 256; bit <<= 1) {
			bytes[i] ^= (uint8_t)bit;
			if (is_good(&setting, (struct span){ bytes, good.len }))
				fail_msg("good with bit %02x of byte %zu changed", bit, i);
			bytes[i] ^= (uint8_t)bit;
		}
	}
	test_free(bytes);
	arena_release(&setting.arena);
}

static void
the_dates_are_handed_over(void **state)
{
	struct setting setting;
	struct ocsp_facts facts;

	(void)state;
	set_up(&setting);
	assert_true(ocsp_parse(
		&facts, fixture(&setting.arena, "ocsp-good"), &setting.leaf, &setting.issuer));
	assert_int_equal(facts.status, OCSP_GOOD);
	assert_int_equal(facts.this_update, date_at("2026-05-30"));
	assert_true(facts.has_next_update);
	assert_int_equal(facts.next_update, date_at("2026-06-06"));
	arena_release(&setting.arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(responses_are_judged_as_listed),
		cmocka_unit_test(no_change_and_no_prefix_is_good),
		cmocka_unit_test(the_dates_are_handed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
