/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "wire/alerts.h"

/* All that refuse, and a few of the others that have been taken for it. */
static const struct {
	uint8_t description;
	enum alert_meaning meaning;
} rows[] = {
	{ 40, ALERT_REFUSES },
	{ 47, ALERT_REFUSES },
	{ 60, ALERT_REFUSES },
	{ 70, ALERT_REFUSES },
	{ 71, ALERT_REFUSES },
	{ 86, ALERT_REFUSES },
	{ 100, ALERT_OTHER },
	{ 109, ALERT_REFUSES },
	{ 120, ALERT_OTHER },
	{ 10, ALERT_MISREAD },
	{ 20, ALERT_MISREAD },
	{ 21, ALERT_MISREAD },
	{ 22, ALERT_MISREAD },
	{ 50, ALERT_MISREAD },
	{ 51, ALERT_MISREAD },
	{ 0, ALERT_GIVES_UP },
	{ 80, ALERT_GIVES_UP },
	{ 90, ALERT_GIVES_UP },
	{ 112, ALERT_OTHER },
	{ 116, ALERT_OTHER },
	{ 99, ALERT_OTHER },
	{ 255, ALERT_OTHER },
};

static void
each_alert_means_what_the_rfc_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (alert_of(rows[i].description)->meaning != rows[i].meaning)
			fail_msg("alert %u: got %d, want %d", rows[i].description,
				alert_of(rows[i].description)->meaning, rows[i].meaning);
}

static void
nothing_but_the_rows_above_refuses(void **state)
{
	unsigned refusals = 0;

	(void)state;
	for (unsigned description = 0; description < 256; description++)
		refusals += alert_of((uint8_t)description)->meaning == ALERT_REFUSES;
	assert_int_equal(refusals, 7);
}

static void
what_the_registry_does_not_have_is_of_an_unknown_kind(void **state)
{
	(void)state;
	assert_string_equal(alert_of(99)->name, "of an unknown kind");
	assert_string_equal(alert_of(80)->name, "internal_error");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_alert_means_what_the_rfc_says),
		cmocka_unit_test(nothing_but_the_rows_above_refuses),
		cmocka_unit_test(what_the_registry_does_not_have_is_of_an_unknown_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
