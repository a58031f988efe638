/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../src/gate/file_read.h"

/* More than is read at once. */
#define SIZE 150000

static char path[] = "/tmp/file_read_test.XXXXXX";

static int
make_file(void **state)
{
	int fd = mkstemp(path);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "wb");

	(void)state;
	if (file == NULL)
		return 1;
	for (int i = 0; i < SIZE; i++)
		fputc(i % 251, file);
	return fclose(file);
}

static int
remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

static void
test_reads_all_bytes(void **state)
{
	struct error error = { 0 };
	struct buf text;

	(void)state;
	buf_init(&text, SIZE);
	assert_true(file_read(&text, path, &error));
	assert_false(error_is_set(&error));
	assert_int_equal(text.len, SIZE);
	for (int i = 0; i < SIZE; i++)
		if ((unsigned char)text.data[i] != i % 251)
			fail_msg("byte %d: got %d", i, text.data[i]);
	buf_release(&text);
}

static void
test_refuses_what_is_too_large(void **state)
{
	struct error error = { 0 };
	struct buf text;

	(void)state;
	buf_init(&text, SIZE - 1);
	assert_false(file_read(&text, path, &error));
	assert_string_equal(error.text, "it has more than 149999 bytes");
	buf_release(&text);
}

static void
test_says_why_it_cannot_read(void **state)
{
	static const struct {
		const char *path;
		const char *want;
	} rows[] = {
		{ "/tmp/file_read_test.none", "No such file or directory" },
		{ "/tmp", "Is a directory" },
		{ "", "No such file or directory" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct error error = { 0 };
		struct buf text;

		buf_init(&text, 100);
		assert_false(file_read(&text, rows[i].path, &error));
		assert_string_equal(error.text, rows[i].want);
		buf_release(&text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_all_bytes),
		cmocka_unit_test(test_refuses_what_is_too_large),
		cmocka_unit_test(test_says_why_it_cannot_read),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}
