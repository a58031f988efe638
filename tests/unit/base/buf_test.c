/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"

static void
test_holds_what_was_added(void **state)
{
	struct buf buf;

	(void)state;
	buf_init(&buf, 1000);
	assert_string_equal(buf.data, "");
	assert_true(buf_add(&buf, "a\0b", 3));
	assert_true(buf_add_string(&buf, "cd"));
	assert_true(buf_add_char(&buf, 'e'));
	assert_true(buf_addf(&buf, "%d-%s", 12, "f"));
	assert_int_equal(buf.len, 10);
	assert_memory_equal(buf.data, "a\0bcde12-f", 11);
	buf_release(&buf);
	assert_int_equal(buf.len, 0);
	assert_string_equal(buf.data, "");
}

static void
test_counts_what_is_beyond_its_limit(void **state)
{
	struct buf buf;

	(void)state;
	buf_init(&buf, 5);
	assert_true(buf_add_string(&buf, "12345"));
	assert_int_equal(buf.dropped, 0);
	assert_false(buf_add_string(&buf, "67"));
	assert_false(buf_addf(&buf, "%s", "890"));
	assert_true(buf_add(&buf, NULL, 0));
	assert_string_equal(buf.data, "12345");
	assert_int_equal(buf.len, 5);
	assert_int_equal(buf.dropped, 5);
	buf_reset(&buf);
	assert_int_equal(buf.dropped, 0);
	assert_false(buf_add_string(&buf, "abcdefg"));
	assert_string_equal(buf.data, "abcde");
	assert_int_equal(buf.dropped, 2);
	buf_release(&buf);
}

static void
test_a_limit_of_nothing_takes_nothing(void **state)
{
	struct buf buf;

	(void)state;
	buf_init(&buf, 0);
	assert_false(buf_add_char(&buf, 'x'));
	assert_string_equal(buf.data, "");
	assert_int_equal(buf.dropped, 1);
	buf_reset(&buf);
	buf_consume(&buf, 1);
	assert_string_equal(buf.data, "");
	buf_release(&buf);
}

static void
test_formats_texts_of_any_length(void **state)
{
	struct buf buf;

	(void)state;
	buf_init(&buf, 100000);
	for (int len = 250; len < 260; len++) {
		buf_reset(&buf);
		assert_true(buf_addf(&buf, "%*d", len, 7));
		assert_int_equal(buf.len, len);
		assert_int_equal(buf.data[len - 1], '7');
	}
	buf_release(&buf);
}

static void
test_consumes_from_the_front(void **state)
{
	struct buf buf;

	(void)state;
	buf_init(&buf, 100);
	buf_add_string(&buf, "250 OK\r\nmore");
	buf_consume(&buf, 8);
	assert_string_equal(buf.data, "more");
	buf_consume(&buf, 0);
	assert_string_equal(buf.data, "more");
	buf_consume(&buf, 100);
	assert_string_equal(buf.data, "");
	assert_int_equal(buf.len, 0);
	buf_release(&buf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_holds_what_was_added),
		cmocka_unit_test(test_counts_what_is_beyond_its_limit),
		cmocka_unit_test(test_a_limit_of_nothing_takes_nothing),
		cmocka_unit_test(test_formats_texts_of_any_length),
		cmocka_unit_test(test_consumes_from_the_front),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
