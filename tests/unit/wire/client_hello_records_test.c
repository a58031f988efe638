/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wire/client_hello_records.h"
#include "wire/flight_record.h"
#include "wire/tls_names.h"

static void
check_bytes(struct buf *out, const char *bytes, size_t len)
{
	assert_int_equal(out->len, len);
	assert_memory_equal(out->data, bytes, len);
	buf_release(out);
}

static void
records_are_these_bytes(void **state)
{
	const struct span none = { NULL, 0 };
	const struct span payload = { (const uint8_t *)"hi", 2 };
	struct buf out;

	(void)state;
	buf_init(&out, 100);
	assert_true(hello_put_heartbeat(&out, TLS_VERSION_1_1, 0x4000, none));
	check_bytes(&out, "\x18\3\2\0\3\1\x40\0", 8);
	assert_true(hello_put_heartbeat(&out, TLS_VERSION_1_2, 2, payload));
	check_bytes(&out, "\x18\3\3\0\5\1\0\2hi", 10);
	assert_true(hello_put_change_cipher_spec(&out, TLS_VERSION_SSL3));
	check_bytes(&out, "\x14\3\0\0\1\1", 6);
	buf_init(&out, 5);
	assert_false(hello_put_change_cipher_spec(&out, TLS_VERSION_SSL3));
	buf_release(&out);
}

static const struct record_case {
	const char *name;
	const char *bytes;
	size_t len;
	enum flight_record_result result;
} records[] = {
	{ "nothing", "", 0, FLIGHT_RECORD_MORE },
	{ "an empty record", "\x16\3\1\0\0", 5, FLIGHT_RECORD_TAKEN },
	{ "a type that does not exist", "\x19", 1, FLIGHT_RECORD_ALIEN },
	{ "a version that does not exist", "\x16\2", 2, FLIGHT_RECORD_ALIEN },
	{ "the longest record, begun", "\x16\3\1\x48\0", 5, FLIGHT_RECORD_MORE },
	{ "a record one byte too long", "\x16\3\1\x48\1", 5, FLIGHT_RECORD_ALIEN },
};

static void
records_are_told_from_their_first_bytes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
		struct cursor cursor = cursor_over(
			(struct span){ (const uint8_t *)records[i].bytes, records[i].len });
		struct flight_record record;
		enum flight_record_result got = flight_record_take(&cursor, &record);

		if (got != records[i].result)
			fail_msg("%s: got %d, want %d", records[i].name, (int)got,
				(int)records[i].result);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_are_these_bytes),
		cmocka_unit_test(records_are_told_from_their_first_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
