/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "checklist/schema.h"

#define SCHEMA_FILE "schemas/checklist.schema.json"

static void
read_file(struct buf *out, const char *path)
{
	FILE *file = fopen(path, "rb");
	char block[4096];
	size_t got;

	if (file == NULL)
		fail_msg("%s cannot be opened: run the tests from the top of the tree", path);
	while ((got = fread(block, 1, sizeof(block), file)) > 0)
		buf_add(out, block, got);
	fclose(file);
}

static void
test_the_file_is_what_the_program_writes(void **state)
{
	struct buf kept, written;
	size_t same = 0;

	(void)state;
	buf_init(&kept, 1024 * 1024);
	buf_init(&written, 1024 * 1024);
	read_file(&kept, SCHEMA_FILE);
	schema_write(&written);
	while (same < kept.len && kept.data[same] == written.data[same])
		same++;
	if (same != written.len || same != kept.len)
		fail_msg("%s differs from byte %zu on, got\n%.200s\nwant\n%.200s\n"
			 "write it again: starttls-gate schema >%s",
			SCHEMA_FILE, same, kept.data + same, written.data + same, SCHEMA_FILE);
	buf_release(&kept);
	buf_release(&written);
}

static void
test_what_is_written_goes_behind_what_was_there(void **state)
{
	struct buf alone, behind;

	(void)state;
	buf_init(&alone, 1024 * 1024);
	buf_init(&behind, 1024 * 1024);
	schema_write(&alone);
	buf_add_string(&behind, "before");
	schema_write(&behind);
	assert_int_equal(behind.len, alone.len + strlen("before"));
	assert_string_equal(behind.data + strlen("before"), alone.data);
	buf_release(&alone);
	buf_release(&behind);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_file_is_what_the_program_writes),
		cmocka_unit_test(test_what_is_written_goes_behind_what_was_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
