/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/hash.h"

/* http://www.isthe.com/chongo/tech/comp/fnv/, and the finalizer's own test of 1. */
static void
values_are_those_of_the_algorithms(void **state)
{
	(void)state;
	assert_true(HASH_START == UINT64_C(0xcbf29ce484222325));
	assert_true(hash_bytes(HASH_START, "a", 1) == UINT64_C(0xaf63dc4c8601ec8c));
	assert_true(hash_bytes(HASH_START, "foobar", 6) == UINT64_C(0x85944171f73967e8));
	assert_true(hash_spread(0) == 0);
	assert_true(hash_spread(1) == UINT64_C(0xb456bcfc34c2cb2c));
}

static void
what_is_put_together_otherwise_differs(void **state)
{
	(void)state;
	assert_true(hash_text(hash_text(HASH_START, "ab"), "c") !=
		    hash_text(hash_text(HASH_START, "a"), "bc"));
	assert_true(hash_text(HASH_START, NULL) != hash_text(HASH_START, ""));
	assert_true(hash_number(HASH_START, 1) != hash_number(HASH_START, 256));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_those_of_the_algorithms),
		cmocka_unit_test(what_is_put_together_otherwise_differs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
