/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "x509/der.h"

enum reader { ANY, BOOLEAN, INTEGER, POSITIVE, NUMBER, BYTES, NAMED_BITS, TIME };

struct der_case {
	const char *name;
	enum reader reader;
	size_t len;
	const char *bytes;
	bool good;
	int64_t value; /* what the reader gives: a number, a date, or a length */
};

static const struct der_case cases[] = {
	{ "an empty sequence", ANY, 2, "\x30\x00", true, 0 },
	{ "a length of 127 in the short form is the rule, here with too little", ANY, 3,
		"\x04\x7f\x00", false, 0 },
	{ "the long form for a short length", ANY, 4, "\x04\x81\x01\x00", false, 0 },
	{ "a long form with a leading zero", ANY, 5, "\x04\x82\x00\x80\x00", false, 0 },
	{ "the indefinite form", ANY, 4, "\x30\x80\x00\x00", false, 0 },
	{ "a length of five bytes", ANY, 7, "\x04\x85\x01\x01\x01\x01\x01", false, 0 },
	{ "a length beyond the end", ANY, 3, "\x04\x02\x00", false, 0 },
	{ "a length of almost 4 GiB", ANY, 6, "\x04\x84\xff\xff\xff\xff", false, 0 },
	{ "a tag of several bytes", ANY, 4, "\x1f\x81\x01\x00", false, 0 },
	{ "no byte at all", ANY, 0, "", false, 0 },
	{ "a tag alone", ANY, 1, "\x30", false, 0 },
	{ "TRUE", BOOLEAN, 3, "\x01\x01\xff", true, 1 },
	{ "FALSE", BOOLEAN, 3, "\x01\x01\x00", true, 0 },
	{ "TRUE as BER has it", BOOLEAN, 3, "\x01\x01\x01", false, 0 },
	{ "a BOOLEAN of two bytes", BOOLEAN, 4, "\x01\x02\xff\xff", false, 0 },
	{ "zero", INTEGER, 3, "\x02\x01\x00", true, 1 },
	{ "an INTEGER without bytes", INTEGER, 2, "\x02\x00", false, 0 },
	{ "an INTEGER with a zero too much", INTEGER, 4, "\x02\x02\x00\x7f", false, 0 },
	{ "an INTEGER with ones too much", INTEGER, 4, "\x02\x02\xff\x80", false, 0 },
	{ "a negative INTEGER", INTEGER, 3, "\x02\x01\x80", true, 1 },
	{ "a negative INTEGER where it must be positive", POSITIVE, 3, "\x02\x01\x80", false, 0 },
	{ "a sign byte is no part of the number", POSITIVE, 4, "\x02\x02\x00\x80", true, 1 },
	{ "2^31 - 1", NUMBER, 6, "\x02\x04\x7f\xff\xff\xff", true, 2147483647 },
	{ "2^31", NUMBER, 7, "\x02\x05\x00\x80\x00\x00\x00", false, 0 },
	{ "2^40", NUMBER, 8, "\x02\x06\x01\x00\x00\x00\x00\x00", false, 0 },
	{ "whole bytes", BYTES, 4, "\x03\x02\x00\xab", true, 1 },
	{ "bytes with bits unused", BYTES, 4, "\x03\x02\x04\xa0", false, 0 },
	{ "a BIT STRING without its first byte", BYTES, 2, "\x03\x00", false, 0 },
	{ "named bits", NAMED_BITS, 4, "\x03\x02\x05\xa0", true, 0xa000 },
	{ "named bits in two bytes", NAMED_BITS, 5, "\x03\x03\x07\x00\x80", true, 0x0080 },
	{ "no named bits", NAMED_BITS, 3, "\x03\x01\x00", true, 0 },
	{ "eight bits unused", NAMED_BITS, 4, "\x03\x02\x08\x00", false, 0 },
	{ "bits unused of none", NAMED_BITS, 3, "\x03\x01\x01", false, 0 },
	{ "UTCTime of 1970", TIME, 15,
		"\x17\x0d"
		"700101000000Z",
		true, 0 },
	{ "UTCTime of 2049", TIME, 15,
		"\x17\x0d"
		"491231235959Z",
		true, 2524607999 },
	{ "UTCTime of 1950", TIME, 15,
		"\x17\x0d"
		"500101000000Z",
		true, -631152000 },
	{ "GeneralizedTime", TIME, 17,
		"\x18\x0f"
		"20500101000000Z",
		true, 2524608000 },
	{ "UTCTime without seconds", TIME, 13,
		"\x17\x0b"
		"7001010000Z",
		false, 0 },
	{ "UTCTime with an offset", TIME, 19,
		"\x17\x11"
		"700101000000+0000",
		false, 0 },
	{ "a fraction of a second", TIME, 19,
		"\x18\x11"
		"20500101000000.5Z",
		false, 0 },
	{ "a day that is not there", TIME, 15,
		"\x17\x0d"
		"260230000000Z",
		false, 0 },
	{ "a letter in a date", TIME, 15,
		"\x17\x0d"
		"26023O000000Z",
		false, 0 },
	{ "another type than a time", TIME, 15,
		"\x13\x0d"
		"700101000000Z",
		false, 0 },
};

static int64_t
read_value(enum reader reader, struct cursor *cursor)
{
	switch (reader) {
	case ANY:
		return (int64_t)der_next(cursor).content.len;
	case BOOLEAN:
		return der_boolean(cursor);
	case INTEGER:
		return (int64_t)der_integer(cursor).len;
	case POSITIVE:
		return (int64_t)der_positive(cursor).len;
	case NUMBER:
		return der_number(cursor);
	case BYTES:
		return (int64_t)der_bytes(cursor).len;
	case NAMED_BITS:
		return der_named_bits(cursor);
	case TIME:
		return der_time(cursor);
	}
	return -1;
}

static void
values_are_read_strictly(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct der_case *test = &cases[i];
		struct cursor cursor =
			cursor_over((struct span){ (const uint8_t *)test->bytes, test->len });
		int64_t value = read_value(test->reader, &cursor);

		if (cursor_at_end(&cursor) != test->good)
			fail_msg("%s: got %s", test->name, test->good ? "broken" : "read");
		if (test->good && value != test->value)
			fail_msg("%s: got %lld, want %lld", test->name, (long long)value,
				(long long)test->value);
	}
}

/* What is cut may not be read, wherever it is cut. */
static void
no_prefix_of_a_value_is_one(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (size_t len = 0; cases[i].good && len < cases[i].len; len++) {
			uint8_t *bytes = test_malloc(len + 1);
			struct cursor cursor = cursor_over((struct span){ bytes, len });

			memcpy(bytes, cases[i].bytes, len);
			read_value(cases[i].reader, &cursor);
			if (!cursor.broken)
				fail_msg("%s: %zu bytes of it were read", cases[i].name, len);
			test_free(bytes);
		}
	}
}

static void
a_long_length_is_read(void **state)
{
	uint8_t bytes[4 + 0x123] = { 0x04, 0x82, 0x01, 0x23 };
	struct cursor cursor = cursor_over((struct span){ bytes, sizeof(bytes) });

	(void)state;
	assert_int_equal(der_read(&cursor, DER_OCTET_STRING).len, 0x123);
	assert_true(cursor_at_end(&cursor));
}

static void
what_is_left_inside_breaks_the_outer_value(void **state)
{
	static const uint8_t bytes[] = { 0x30, 0x04, 0x05, 0x00, 0x05, 0x00 };
	struct cursor outer = cursor_over((struct span){ bytes, sizeof(bytes) });
	struct cursor inner = der_enter(&outer, DER_SEQUENCE);

	(void)state;
	der_read(&inner, DER_NULL);
	der_leave(&outer, &inner);
	assert_true(outer.broken);
}

static void
identifiers_are_written_with_dots(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *text;
	} oids[] = {
		{ "\x55\x1d\x11", 3, "2.5.29.17" },
		{ "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b", 9, "1.2.840.113549.1.1.11" },
		{ "\x88\x37\x03", 3, "2.999.3" },
		{ "\x2a\x86", 2, "(bad OID)" },
		{ "", 0, "(bad OID)" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(oids) / sizeof(oids[0]); i++) {
		struct buf text;

		buf_init(&text, 100);
		der_add_oid(&text, (struct span){ (const uint8_t *)oids[i].bytes, oids[i].len });
		assert_string_equal(text.data, oids[i].text);
		buf_release(&text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_read_strictly),
		cmocka_unit_test(no_prefix_of_a_value_is_one),
		cmocka_unit_test(a_long_length_is_read),
		cmocka_unit_test(what_is_left_inside_breaks_the_outer_value),
		cmocka_unit_test(identifiers_are_written_with_dots),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
