/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/names.h"

static const struct name_code table[] = {
	{ "TLS 1.2", 0x0303 },
	{ "TLS 1.3", 0x0304 },
	{ "the same again", 0x0304 },
	{ "zero", 0 },
	{ 0 },
};

static void
test_numbers_have_names(void **state)
{
	(void)state;
	assert_string_equal(name_of(table, 0x0303), "TLS 1.2");
	assert_string_equal(name_of(table, 0x0304), "TLS 1.3");
	assert_string_equal(name_of(table, 0), "zero");
	assert_null(name_of(table, 7));
}

static void
test_names_have_numbers(void **state)
{
	int code = 7;

	(void)state;
	assert_true(name_code(table, "tls 1.2", &code));
	assert_int_equal(code, 0x0303);
	assert_true(name_code(table, "zero", &code));
	assert_int_equal(code, 0);
	code = 7;
	assert_false(name_code(table, "TLS 1.4", &code));
	assert_false(name_code(table, "", &code));
	assert_int_equal(code, 7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers_have_names),
		cmocka_unit_test(test_names_have_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
