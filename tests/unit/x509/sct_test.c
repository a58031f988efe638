/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "x509/sct.h"

/* One timestamp of a log whose id is 32 times `log`, at 2024-01-01T00:00:00.999Z, signed with
 * ECDSA and SHA-256. */
static void
add_sct(struct buf *list, uint8_t version, char log)
{
	static const char timestamp[] = "\x00\x00\x01\x8c\xc2\x51\xf7\xe7";
	char id[SCT_LOG_ID_LEN];

	memset(id, log, sizeof(id));
	buf_add(list, "\x00\x31", 2);
	buf_add_char(list, (char)version);
	buf_add(list, id, sizeof(id));
	buf_add(list, timestamp, 8);
	buf_add(list, "\x00\x00\x04\x03\x00\x02\xab\xcd", 8);
}

static struct span
finish(struct buf *list, struct buf *bytes)
{
	buf_add_char(bytes, (char)(list->len >> 8));
	buf_add_char(bytes, (char)list->len);
	buf_add(bytes, list->data, list->len);
	return (struct span){ (const uint8_t *)bytes->data, bytes->len };
}

static void
timestamps_are_read(void **state)
{
	struct error error = { { 0 } };
	struct buf inner, bytes;
	struct sct_list list;
	struct arena arena;
	struct span whole;

	(void)state;
	arena_init(&arena);
	buf_init(&inner, 1000);
	buf_init(&bytes, 1000);
	add_sct(&inner, 0, 'a');
	add_sct(&inner, 0, 'b');
	add_sct(&inner, 0, 'a');
	add_sct(&inner, 1, 'c');
	whole = finish(&inner, &bytes);
	assert_true(sct_list_parse(&list, whole, &arena, &error));
	assert_int_equal(list.count, 4);
	assert_int_equal(list.scts[0].timestamp, 1704067200);
	assert_int_equal(list.scts[0].hash, 4);
	assert_int_equal(list.scts[0].algorithm, 3);
	assert_int_equal(list.scts[0].signature.len, 2);
	assert_int_equal(list.scts[1].log_id.data[31], 'b');
	assert_int_equal(sct_list_logs(&list), 2);
	for (size_t len = 0; len < whole.len; len++) {
		struct error problem = { { 0 } };

		if (sct_list_parse(&list, (struct span){ whole.data, len }, &arena, &problem))
			fail_msg("%zu of %zu bytes were read", len, whole.len);
	}
	buf_release(&inner);
	buf_release(&bytes);
	arena_release(&arena);
}

static void
other_bytes_are_no_list(void **state)
{
	static const struct {
		const char *name;
		const char *bytes;
		size_t len;
	} cases[] = {
		{ "an empty list", "\x00\x00", 2 },
		{ "an empty timestamp", "\x00\x02\x00\x00", 4 },
		{ "a byte behind the list", "\x00\x03\x00\x01\x07\x00", 6 },
		{ "a timestamp that is too short", "\x00\x03\x00\x01\x00", 5 },
	};
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct span bytes = { (const uint8_t *)cases[i].bytes, cases[i].len };
		struct error error = { { 0 } };
		struct sct_list list;

		if (sct_list_parse(&list, bytes, &arena, &error))
			fail_msg("%s was read", cases[i].name);
	}
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(timestamps_are_read),
		cmocka_unit_test(other_bytes_are_no_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
