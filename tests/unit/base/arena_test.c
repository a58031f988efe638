/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"

static bool
is_zeroed(const unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (bytes[i] != 0)
			return false;
	return true;
}

/* Each piece is filled with a byte of its own, and still has it when all are there. */
static void
test_pieces_are_zeroed_aligned_and_apart(void **state)
{
	unsigned char *pieces[200];
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < 200; i++) {
		size_t len = i * i % 3001;

		pieces[i] = arena_alloc(&arena, len);
		assert_int_equal((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
		assert_true(is_zeroed(pieces[i], len));
		memset(pieces[i], (int)i, len);
	}
	for (size_t i = 0; i < 200; i++)
		for (size_t j = 0; j < i * i % 3001; j++)
			if (pieces[i][j] != i)
				fail_msg("byte %zu of piece %zu was overwritten", j, i);
	arena_release(&arena);
}

static void
test_arrays_grow_and_keep_what_they_hold(void **state)
{
	unsigned *numbers = NULL;
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (unsigned i = 0; i < 1000; i++) {
		numbers = arena_grow(&arena, numbers, i, sizeof(*numbers));
		numbers[i] = i;
	}
	for (unsigned i = 0; i < 1000; i++)
		assert_int_equal(numbers[i], i);
	arena_release(&arena);
}

static void
test_copies_have_a_nul_behind_them(void **state)
{
	static const char bytes[] = { 'a', '\0', 'b' };
	struct arena arena;
	char *copy;

	(void)state;
	arena_init(&arena);
	copy = arena_memdup(&arena, bytes, 3);
	assert_memory_equal(copy, "a\0b\0", 4);
	assert_string_equal(arena_memdup(&arena, NULL, 0), "");
	assert_string_equal(arena_strdup(&arena, "text"), "text");
	assert_string_equal(arena_printf(&arena, "%s:%d", "host", 25), "host:25");
	assert_int_equal(strlen(arena_printf(&arena, "%5000d", 1)), 5000);
	arena_release(&arena);
}

static void
test_a_released_arena_can_be_used_again(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena);
	arena_release(&arena);
	arena_alloc(&arena, 10);
	arena_release(&arena);
	assert_non_null(arena_array(&arena, 3, 5));
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pieces_are_zeroed_aligned_and_apart),
		cmocka_unit_test(test_arrays_grow_and_keep_what_they_hold),
		cmocka_unit_test(test_copies_have_a_nul_behind_them),
		cmocka_unit_test(test_a_released_arena_can_be_used_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
