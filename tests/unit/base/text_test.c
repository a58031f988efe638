/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

struct pair {
	const char *name;
	const char *a, *b;
	size_t want;
};

static const struct pair distances[] = {
	{ "equal", "tags", "tags", 0 },
	{ "case does not count", "TAGS", "tags", 0 },
	{ "one letter more", "tagss", "tags", 1 },
	{ "one letter less", "tag", "tags", 1 },
	{ "another letter", "tugs", "tags", 1 },
	{ "two letters swapped", "tgas", "tags", 1 },
	{ "nothing in common", "abc", "xyz", 3 },
	{ "one is empty", "", "tags", 4 },
	{ "both are empty", "", "", 0 },
	{ "a swap, and a letter between, count apart", "ca", "abc", 3 },
	{ "too long to compare", "0123456789012345678901234567890123456789012345678901234567890123",
		"x", SIZE_MAX },
};

static void
test_distances(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(distances) / sizeof(distances[0]); i++) {
		const struct pair *row = &distances[i];
		size_t got = text_distance(row->a, row->b), back = text_distance(row->b, row->a);

		if (got != row->want || back != row->want)
			fail_msg("%s: got %zu and %zu, want %zu", row->name, got, back, row->want);
	}
}

static const struct pair resemblances[] = {
	{ "a slip in a long word", "assertoins", "assertions", true },
	{ "two slips in a long word", "asertion", "assertions", true },
	{ "three slips in a long word", "asertio", "assertions", false },
	{ "a slip in a short word", "tag", "tags", true },
	{ "two slips in a short word", "tg", "tags", false },
	{ "the beginning of it", "con", "connection.established", true },
	{ "two letters of its beginning", "co", "connection.established", false },
	{ "another word", "zebra", "assertions", false },
	{ "one letter", "a", "b", false },
	{ "nothing", "", "a", false },
};

static void
test_resemblances(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(resemblances) / sizeof(resemblances[0]); i++) {
		const struct pair *row = &resemblances[i];

		if (text_resembles(row->a, row->b) != (row->want != 0))
			fail_msg("%s: got %d", row->name, row->want == 0);
	}
}

static const struct pair equalities[] = {
	{ "the same", "STARTTLS", "STARTTLS", true },
	{ "but for case", "StartTLS", "STARTTLS", true },
	{ "the beginning", "START", "STARTTLS", false },
	{ "longer", "STARTTLSX", "STARTTLS", false },
	{ "nothing and something", "", "X", false },
	{ "nothing twice", "", "", true },
	{ "only ASCII has case", "\xc3\x84", "\xc3\xa4", false },
	{ "a letter is not its neighbour in the table", "[", "{", false },
};

static void
test_equality_without_case(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(equalities) / sizeof(equalities[0]); i++) {
		const struct pair *row = &equalities[i];

		if (text_same(row->a, row->b) != (row->want != 0) ||
			text_same(row->b, row->a) != (row->want != 0))
			fail_msg("%s: got %d", row->name, row->want == 0);
	}
	assert_true(text_same_len("AUTH PLAIN", 4, "auth"));
	assert_false(text_same_len("AUTH", 4, "auth plain"));
	assert_true(text_starts_with("AUTH PLAIN", "AUTH"));
	assert_false(text_starts_with("AUT", "AUTH"));
}

/* Pattern and text. */
static const struct pair globs[] = {
	{ "a literal", "tls.version", "tls.version", true },
	{ "case counts", "TLS.version", "tls.version", false },
	{ "a star at the end", "tls.*", "tls.version", true },
	{ "a star for nothing", "tls.version*", "tls.version", true },
	{ "a star at the start", "*.version", "tls.version", true },
	{ "a star alone", "*", "", true },
	{ "stars that must go back", "*a*ab", "aaaab", true },
	{ "stars in vain", "*a*ab", "aaaba", false },
	{ "one character", "tls.?ersion", "tls.version", true },
	{ "one character that is not there", "tls.version?", "tls.version", false },
	{ "only a part", "version", "tls.version", false },
	{ "nothing", "", "", true },
	{ "nothing for something", "", "a", false },
};

static void
test_globs(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(globs) / sizeof(globs[0]); i++)
		if (text_glob(globs[i].a, globs[i].b) != (globs[i].want != 0))
			fail_msg("%s: got %d", globs[i].name, globs[i].want == 0);
}

struct bytes {
	const char *name;
	const char *bytes;
	size_t want; /* length of the sequence */
	uint32_t code_point;
};

/* RFC 3629 section 4 */
static const struct bytes sequences[] = {
	{ "ASCII", "a", 1, 'a' },
	{ "two bytes", "\xc3\xa9", 2, 0xe9 },
	{ "three bytes", "\xe2\x82\xac", 3, 0x20ac },
	{ "four bytes", "\xf0\x9f\x98\x80", 4, 0x1f600 },
	{ "the largest", "\xf4\x8f\xbf\xbf", 4, 0x10ffff },
	{ "beyond the largest", "\xf4\x90\x80\x80", 0, 0 },
	{ "two bytes for ASCII", "\xc1\xa1", 0, 0 },
	{ "three bytes for two", "\xe0\x83\xa9", 0, 0 },
	{ "a surrogate", "\xed\xa0\x80", 0, 0 },
	{ "a continuation alone", "\x80", 0, 0 },
	{ "a byte that is in no sequence", "\xff", 0, 0 },
	{ "a sequence that is cut", "\xe2\x82", 0, 0 },
	{ "a sequence broken off by ASCII", "\xe2\x82x", 0, 0 },
	{ "no bytes", "", 0, 0 },
};

static void
test_utf8_sequences(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++) {
		const struct bytes *row = &sequences[i];
		size_t len = strlen(row->bytes);
		char *exact = malloc(len + 1);
		uint32_t code_point = 0;
		size_t got;

		memcpy(exact, row->bytes, len);
		got = text_utf8_next(exact, len, &code_point);
		if (got != row->want || code_point != row->code_point)
			fail_msg("%s: got %zu bytes, U+%04X", row->name, got, (unsigned)code_point);
		free(exact);
	}
}

struct shown {
	const char *name;
	const char *bytes;
	const char *want;
};

static const struct shown shown[] = {
	{ "printable text", "250 OK \xc3\xa9", "250 OK \xc3\xa9" },
	{ "controls with names", "\r\n\t\\", "\\r\\n\\t\\\\" },
	{ "an escape sequence", "\x1b[31m", "\\x1b[31m" },
	{ "delete", "\x7f", "\\x7f" },
	{ "a C1 control", "\xc2\x9b", "\\xc2\\x9b" },
	{ "a bad byte among good ones",
		"a\xff"
		"b",
		"a\\xff"
		"b" },
	{ "a direction override", "\xe2\x80\xae", "\\xe2\\x80\\xae" },
	{ "a byte order mark", "\xef\xbb\xbf", "\\xef\\xbb\\xbf" },
	{ "a noncharacter", "\xef\xbf\xbf", "\\xef\\xbf\\xbf" },
	{ "nothing", "", "" },
};

static void
test_text_is_made_printable(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 1000);
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
		buf_reset(&out);
		text_add_printable(&out, shown[i].bytes, strlen(shown[i].bytes));
		if (strcmp(out.data, shown[i].want) != 0)
			fail_msg("%s: got %s, want %s", shown[i].name, out.data, shown[i].want);
	}
	buf_reset(&out);
	text_add_printable(&out, "a\0b", 3);
	assert_string_equal(out.data, "a\\x00b");
	buf_release(&out);
}

struct number {
	const char *text;
	bool fine;
	long want;
};

static const struct number numbers[] = {
	{ "0", true, 0 },
	{ "587", true, 587 },
	{ "999999999", true, 999999999 },
	{ "1000000000", false, 0 },
	{ "01", false, 0 },
	{ "+1", false, 0 },
	{ "-1", false, 0 },
	{ " 1", false, 0 },
	{ "1 ", false, 0 },
	{ "1x", false, 0 },
	{ "", false, 0 },
};

static void
test_numbers(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		long got = 0;
		bool fine = text_parse_number(numbers[i].text, &got);

		if (fine != numbers[i].fine || (fine && got != numbers[i].want))
			fail_msg("\"%s\": got %d, %ld", numbers[i].text, fine, got);
	}
}

/* RFC 4648 section 10 */
static const struct shown base64[] = {
	{ "none", "", "" },
	{ "one", "f", "Zg==" },
	{ "two", "fo", "Zm8=" },
	{ "three", "foo", "Zm9v" },
	{ "four", "foob", "Zm9vYg==" },
	{ "five", "fooba", "Zm9vYmE=" },
	{ "six", "foobar", "Zm9vYmFy" },
	{ "the last two digits", "\xfb\xff", "+/8=" },
};

static void
test_base64_both_ways(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 1000);
	for (size_t i = 0; i < sizeof(base64) / sizeof(base64[0]); i++) {
		buf_reset(&out);
		text_add_base64(&out, base64[i].bytes, strlen(base64[i].bytes));
		if (strcmp(out.data, base64[i].want) != 0)
			fail_msg("%s: got %s, want %s", base64[i].name, out.data, base64[i].want);
		buf_reset(&out);
		assert_true(text_add_unbase64(&out, base64[i].want, strlen(base64[i].want)));
		if (strcmp(out.data, base64[i].bytes) != 0)
			fail_msg("%s: got %s back", base64[i].name, out.data);
	}
	buf_release(&out);
}

static void
test_what_is_not_base64_is_refused(void **state)
{
	static const char *const texts[] = { "Z", "Zg",
		"Zg=", "Zg===", "====", "Z===", "Zg==Zg==", "Zm9-", "Zm9v!", "=Zm9" };
	struct buf out;

	(void)state;
	buf_init(&out, 1000);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (text_add_unbase64(&out, texts[i], strlen(texts[i])))
			fail_msg("%s: was taken", texts[i]);
	buf_reset(&out);
	assert_true(text_add_unbase64(&out, " Zm\r\n9v\t", 8));
	assert_string_equal(out.data, "foo");
	buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_distances),
		cmocka_unit_test(test_resemblances),
		cmocka_unit_test(test_equality_without_case),
		cmocka_unit_test(test_globs),
		cmocka_unit_test(test_utf8_sequences),
		cmocka_unit_test(test_text_is_made_printable),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_base64_both_ways),
		cmocka_unit_test(test_what_is_not_base64_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
