/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a checklist names becomes surveys: which suites they ask for, and how often.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "checks/ask.h"
#include "checks/suite_set.h"
#include "evidence/target.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static size_t
size_of(const struct suite_set *set)
{
	size_t count = 0;

	for (size_t i = 0; i < suites_count; i++)
		count += set->rows[i];
	return count;
}

static bool
has(const struct suite_set *set, const char *name)
{
	return set->rows[suite_by_name(name) - suites_table];
}

static void
the_table_fits(void **state)
{
	(void)state;
	assert_true(suites_count <= SUITE_ROWS_MAX);
}

static void
a_name_is_one_suite_however_it_is_spelt(void **state)
{
	static const char *const names[] = { "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
		"ECDHE-RSA-AES128-GCM-SHA256", "ecdhe-rsa-aes128-gcm-sha256" };

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		struct suite_set set = { { false } };

		suite_set_add(&set, names[i]);
		assert_int_equal(size_of(&set), 1);
		assert_true(has(&set, names[0]));
	}
}

static void
a_class_leaves_out_what_needs_a_shared_secret(void **state)
{
	struct suite_set null = { { false } }, psk = { { false } };

	(void)state;
	suite_set_add(&null, "null");
	assert_true(has(&null, "TLS_RSA_WITH_NULL_SHA"));
	assert_true(has(&null, "TLS_SHA256_SHA256"));
	assert_false(has(&null, "TLS_PSK_WITH_NULL_SHA"));
	suite_set_add(&psk, "psk");
	assert_true(has(&psk, "TLS_PSK_WITH_NULL_SHA"));
	assert_false(has(&psk, "TLS_RSA_WITH_NULL_SHA"));
}

static void
the_others_are_what_the_list_does_not_name(void **state)
{
	static const char *const items[] = { "ecdhe", "TLS_AES_128_GCM_SHA256" };
	const struct argument list = { .given = true, .items = items, .count = COUNT(items) };
	struct suite_set others = { { false } };

	(void)state;
	suite_set_add_others(&others, &list);
	assert_false(has(&others, "TLS_AES_128_GCM_SHA256"));
	assert_true(has(&others, "TLS_AES_256_GCM_SHA384"));
	assert_false(has(&others, "ECDHE-RSA-AES128-SHA"));
	assert_true(has(&others, "AES128-SHA"));
	assert_false(has(&others, "TLS_PSK_WITH_NULL_SHA"));
}

static void
plan_for(struct evidence *evidence, const struct suite_set *set, bool older)
{
	static const struct target target = { .host = "mail.example.test", .dialect = dialects };

	evidence_init(evidence, &target, 0);
	ask_suites(&(struct questions){ .evidence = evidence }, 0, set,
		(struct suite_surveys){ .older = older });
}

/* How often the surveys ask for a suite in hellos up to a version. */
static size_t
times_asked(const struct evidence *evidence, uint16_t id, uint16_t version)
{
	size_t times = 0;

	for (size_t i = 0; i < evidence->observation_count; i++) {
		const struct survey_record *survey = evidence->observations[i]->record;
		const struct hello_offer *offer = &survey->hellos[0].offer;
		uint16_t asked = offer->versions.count != 0 ? offer->versions.codes[0]
							    : offer->legacy_version;

		assert_in_range(offer->suites.count, 1, TLS_CODES_MAX);
		if (asked == version && tls_codes_has(&offer->suites, id))
			times++;
	}
	return times;
}

static void
every_suite_is_asked_for_once_in_each_version_it_can_have(void **state)
{
	struct evidence evidence;
	struct suite_set all;

	(void)state;
	memset(&all, true, sizeof(all));
	plan_for(&evidence, &all, true);
	for (size_t i = 0; i < suites_count; i++) {
		for (uint16_t version = TLS_VERSION_1_1; version <= TLS_VERSION_1_3; version++) {
			const struct suite_query here = { .minimum = version, .maximum = version };

			assert_int_equal(times_asked(&evidence, suites_table[i].id, version),
				suite_matches(&suites_table[i], &here) ? 1 : 0);
		}
	}
	evidence_release(&evidence);
}

static void
wanted_suites_are_not_asked_for_twice(void **state)
{
	struct suite_set set = { { false } };
	struct evidence evidence;

	(void)state;
	suite_set_add(&set, "AES128-SHA");
	plan_for(&evidence, &set, false);
	assert_int_equal(times_asked(&evidence, 0x002f, TLS_VERSION_1_2), 1);
	assert_int_equal(times_asked(&evidence, 0x002f, TLS_VERSION_1_1), 0);
	evidence_release(&evidence);
}

static void
weak_classes_of_all_kinds_fit_into_one_hello_a_version(void **state)
{
	static const char *const weak[] = { "null", "anonymous", "export", "des", "3des", "rc4",
		"md5" };
	struct suite_set set = { { false } };
	struct evidence evidence;

	(void)state;
	for (size_t i = 0; i < COUNT(weak); i++)
		suite_set_add(&set, weak[i]);
	plan_for(&evidence, &set, true);
	assert_int_equal(evidence.observation_count, 3);
	evidence_release(&evidence);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_fits),
		cmocka_unit_test(a_name_is_one_suite_however_it_is_spelt),
		cmocka_unit_test(a_class_leaves_out_what_needs_a_shared_secret),
		cmocka_unit_test(the_others_are_what_the_list_does_not_name),
		cmocka_unit_test(every_suite_is_asked_for_once_in_each_version_it_can_have),
		cmocka_unit_test(wanted_suites_are_not_asked_for_twice),
		cmocka_unit_test(weak_classes_of_all_kinds_fit_into_one_hello_a_version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
