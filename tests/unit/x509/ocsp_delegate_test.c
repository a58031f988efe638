/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A response signed by a delegate is worth what the delegate's own certificate is worth.
 */
#include "x509_fixtures.h"

#include "x509/ocsp.h"

struct setting {
	struct arena arena;
	struct cert leaf;
	struct cert issuer;
	struct span response;
};

static void
set_up(struct setting *setting)
{
	struct arena *arena = &setting->arena;
	struct error error = { .text = "" };

	arena_init(arena);
	assert_true(cert_parse(&setting->leaf, fixture(arena, "leaf"), arena, &error));
	assert_true(cert_parse(&setting->issuer, fixture(arena, "ica"), arena, &error));
	setting->response = fixture(arena, "ocsp-delegated");
}

static bool
is_good(const struct setting *setting, struct span response, const char *at)
{
	struct ocsp_verdict verdict;
	struct arena arena;
	bool good;

	arena_init(&arena);
	verdict = ocsp_judge(
		&(struct ocsp_query){ response, &setting->leaf, &setting->issuer, date_at(at) },
		&arena);
	good = verdict.good;
	arena_release(&arena);
	return good;
}

static void
no_changed_bit_is_good(void **state)
{
	struct setting setting;
	uint8_t *bytes;
	size_t len;

	(void)state;
	set_up(&setting);
	len = setting.response.len;
	assert_true(is_good(&setting, setting.response, "2026-06-01"));
	bytes = test_malloc(len);
	memcpy(bytes, setting.response.data, len);
	for (size_t i = 0; i < len; i++) {
		for (unsigned bit = 1; bit < 256; bit <<= 1) {
			bytes[i] ^= (uint8_t)bit;
			if (is_good(&setting, (struct span){ bytes, len }, "2026-06-01"))
				fail_msg("good with bit %02x of byte %zu changed", bit, i);
			bytes[i] ^= (uint8_t)bit;
		}
	}
	test_free(bytes);
	arena_release(&setting.arena);
}

/* Long after, both the response and its delegate are out of date, and both are told. */
static void
a_delegate_of_the_past_is_nobody(void **state)
{
	struct ocsp_verdict verdict;
	struct setting setting;
	bool told = false;

	(void)state;
	set_up(&setting);
	verdict = ocsp_judge(&(struct ocsp_query){ setting.response, &setting.leaf, &setting.issuer,
				     date_at("2038-12-01") },
		&setting.arena);
	for (size_t i = 0; i < verdict.problem_count; i++)
		told = told || verdict.problems[i].kind == OCSP_NO_RESPONDER;
	assert_true(told);
	assert_int_equal(verdict.problems[0].kind, OCSP_STALE);
	arena_release(&setting.arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_changed_bit_is_good),
		cmocka_unit_test(a_delegate_of_the_past_is_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
