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

#include "checks/suite_set.h"

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

/* How often the surveys ask for a suite in hellos up to a version. */
static size_t
times_asked(
	const struct suite_set *set, struct suite_surveys surveys, uint16_t id, uint16_t version)
{
	struct survey_record survey;
	size_t times = 0;

	while (suite_surveys_next(&surveys, set, &survey)) {
		const struct hello_offer *offer = &survey.hellos[0].offer;
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
	const struct suite_surveys surveys = { .older = true };
	struct suite_set all;

	(void)state;
	memset(&all, true, sizeof(all));
	for (size_t i = 0; i < suites_count; i++) {
		const struct suite *suite = &suites_table[i];
		bool is_new = suite_minimum(suite) == TLS_VERSION_1_3;
		bool is_old = suite_minimum(suite) <= TLS_VERSION_1_1;

		assert_int_equal(
			times_asked(&all, surveys, suite->id, TLS_VERSION_1_3), is_new ? 1 : 0);
		assert_int_equal(times_asked(&all, surveys, suite->id, TLS_VERSION_1_2),
			suite_maximum(suite) >= TLS_VERSION_1_2 && !is_new ? 1 : 0);
		assert_int_equal(
			times_asked(&all, surveys, suite->id, TLS_VERSION_1_1), is_old ? 1 : 0);
	}
}

static void
wanted_suites_are_not_asked_for_twice(void **state)
{
	struct suite_set set = { { false } };

	(void)state;
	suite_set_add(&set, "AES128-SHA");
	assert_int_equal(
		times_asked(&set, (struct suite_surveys){ 0 }, 0x002f, TLS_VERSION_1_2), 1);
	assert_int_equal(
		times_asked(&set, (struct suite_surveys){ 0 }, 0x002f, TLS_VERSION_1_1), 0);
}

static void
weak_classes_of_all_kinds_fit_into_one_hello_a_version(void **state)
{
	static const char *const weak[] = { "null", "anonymous", "export", "des", "3des", "rc4",
		"md5" };
	struct suite_surveys surveys = { .older = true };
	struct suite_set set = { { false } };
	struct survey_record survey;
	size_t count = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(weak); i++)
		suite_set_add(&set, weak[i]);
	while (suite_surveys_next(&surveys, &set, &survey))
		count++;
	assert_int_equal(count, 3);
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
