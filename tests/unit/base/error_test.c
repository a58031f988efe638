/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"

static void
test_the_first_failure_stays(void **state)
{
	struct error error = { 0 };

	(void)state;
	assert_false(error_is_set(&error));
	assert_false(error_context(&error, "nothing to say"));
	assert_false(error_is_set(&error));
	assert_false(error_set(&error, "port %d", 70000));
	assert_true(error_is_set(&error));
	assert_false(error_set(&error, "later"));
	assert_string_equal(error.text, "port 70000");
}

static void
test_context_goes_in_front(void **state)
{
	struct error error = { 0 };

	(void)state;
	error_set(&error, "fact");
	assert_false(error_context(&error, "clause %d", 3));
	error_context(&error, "where");
	assert_string_equal(error.text, "where: clause 3: fact");
}

static void
test_long_texts_are_cut(void **state)
{
	struct error error = { 0 };

	(void)state;
	error_set(&error, "%2000d", 1);
	assert_int_equal(strlen(error.text), ERROR_TEXT_MAX - 1);
	error_context(&error, "%2000d", 2);
	assert_int_equal(strlen(error.text), ERROR_TEXT_MAX - 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_first_failure_stays),
		cmocka_unit_test(test_context_goes_in_front),
		cmocka_unit_test(test_long_texts_are_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
