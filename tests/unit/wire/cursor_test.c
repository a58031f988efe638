/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "wire/cursor.h"

static const uint8_t bytes[] = { 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x02, 0xaa, 0xbb, 0x00, 0x01,
	0xcc, 0x00, 0x00, 0x01, 0xdd };

static void
test_reads_numbers_and_vectors_in_turn(void **state)
{
	struct cursor cursor = cursor_over((struct span){ bytes, sizeof(bytes) });
	struct span vector;

	(void)state;
	assert_int_equal(cursor_u8(&cursor), 0x01);
	assert_int_equal(cursor_u16(&cursor), 0x0203);
	assert_int_equal(cursor_u24(&cursor), 0x040506);
	vector = cursor_vector8(&cursor);
	assert_int_equal(vector.len, 2);
	assert_ptr_equal(vector.data, bytes + 7);
	vector = cursor_vector16(&cursor);
	assert_true(span_equal(vector, (struct span){ bytes + 11, 1 }));
	assert_false(cursor_at_end(&cursor));
	vector = cursor_vector24(&cursor);
	assert_true(span_equal(vector, (struct span){ bytes + 15, 1 }));
	assert_true(cursor_at_end(&cursor));
}

/* Of every shorter text the same reads break, and nothing is read behind its end. */
static void
test_breaks_at_the_end_of_every_prefix(void **state)
{
	(void)state;
	for (size_t len = 0; len < sizeof(bytes); len++) {
		uint8_t *exact = malloc(len + (len == 0));
		struct cursor cursor = cursor_over((struct span){ exact, len });

		memcpy(exact, bytes, len);
		cursor_bytes(&cursor, 6);
		cursor_vector8(&cursor);
		cursor_vector16(&cursor);
		cursor_vector24(&cursor);
		if (!cursor.broken || cursor_at_end(&cursor))
			fail_msg("%zu bytes: not broken", len);
		free(exact);
	}
}

static void
test_stays_broken(void **state)
{
	struct cursor cursor = cursor_over((struct span){ bytes, 4 });

	(void)state;
	assert_int_equal(cursor_bytes(&cursor, 5).len, 0);
	assert_true(cursor.broken);
	assert_int_equal(cursor_u8(&cursor), 0);
	assert_int_equal(cursor_vector8(&cursor).len, 0);
	assert_null(cursor_bytes(&cursor, 0).data);
	assert_false(cursor_at_end(&cursor));
}

static void
test_nothing_is_at_its_end(void **state)
{
	struct cursor cursor = cursor_over((struct span){ NULL, 0 });

	(void)state;
	assert_true(cursor_at_end(&cursor));
	assert_int_equal(cursor_bytes(&cursor, 0).len, 0);
	assert_true(cursor_at_end(&cursor));
	assert_int_equal(cursor_u8(&cursor), 0);
	assert_true(cursor.broken);
}

static void
test_spans_are_compared_by_their_bytes(void **state)
{
	static const uint8_t same[] = { 0x01, 0x02 };

	(void)state;
	assert_true(span_equal((struct span){ bytes, 2 }, (struct span){ same, 2 }));
	assert_false(span_equal((struct span){ bytes, 1 }, (struct span){ same, 2 }));
	assert_false(span_equal((struct span){ bytes + 1, 2 }, (struct span){ same, 2 }));
	assert_true(span_equal((struct span){ NULL, 0 }, (struct span){ same, 0 }));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_numbers_and_vectors_in_turn),
		cmocka_unit_test(test_breaks_at_the_end_of_every_prefix),
		cmocka_unit_test(test_stays_broken),
		cmocka_unit_test(test_nothing_is_at_its_end),
		cmocka_unit_test(test_spans_are_compared_by_their_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
