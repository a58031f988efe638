/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "checklist/json_scan.h"

struct scanned {
	struct arena arena;
	struct problems problems;
	struct json_places places;
	bool ok;
};

/* The text is copied to a block of its exact size, so that reading past it is seen. */
static void
scan(struct scanned *scanned, const char *text, size_t len)
{
	char *exact = malloc(len == 0 ? 1 : len);

	memcpy(exact, text, len);
	arena_init(&scanned->arena);
	problems_init(&scanned->problems);
	scanned->ok = json_scan(
		&scanned->arena, "f.json", exact, len, &scanned->places, &scanned->problems);
	problems_sort(&scanned->problems);
	free(exact);
}

static void
scanned_release(struct scanned *scanned)
{
	problems_release(&scanned->problems);
	arena_release(&scanned->arena);
}

struct accepted {
	const char *name;
	const char *text;
};

static const struct accepted accepted[] = {
	{ "an empty object", "{}" },
	{ "an empty array with blanks of every kind around it", " \t\r\n[ ] \r\n" },
	{ "every literal", "[true, false, null]" },
	{ "numbers in every form", "[0, -0, 10, -1.5, 1e3, 1E+3, 2.5e-7]" },
	{ "every escape", "\"\\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u00e9\"" },
	{ "a surrogate pair", "\"\\ud83d\\ude00\"" },
	{ "UTF-8 of two, three and four bytes", "\"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\"" },
	{ "DEL and U+FFFF, which RFC 8259 allows", "\"\x7f \xef\xbf\xbf\"" },
	{ "a comment sign inside a string", "{\"a\": \"// # /* \"}" },
	{ "a value that is no container", "7" },
};

static void
test_accepts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(accepted) / sizeof(accepted[0]); i++) {
		struct scanned scanned;

		scan(&scanned, accepted[i].text, strlen(accepted[i].text));
		if (!scanned.ok || scanned.problems.count != 0)
			fail_msg("%s: got \"%s\", want no problem", accepted[i].name,
				scanned.problems.count ? scanned.problems.items[0].message
						       : "false");
		scanned_release(&scanned);
	}
}

struct refused {
	const char *name;
	const char *text;
	size_t len; /* 0: up to the NUL */
	unsigned line, column, width;
	const char *message;
};

static const struct refused refused[] = {
	{ "an empty file", "", 0, 1, 1, 1, "the end of the file where a value should be" },
	{ "a file of blanks", " \n ", 0, 2, 2, 1, "the end of the file where a value should be" },
	{ "a byte order mark", "\xef\xbb\xbf{}", 0, 1, 1, 1,
		"the file begins with a byte order mark" },
	{ "a trailing comma in an object, at the comma", "{\"a\": 1,\n}", 0, 1, 8, 1,
		"a comma after the last item of an object" },
	{ "a trailing comma in an array", "[1, ]", 0, 1, 3, 1,
		"a comma after the last item of an array" },
	{ "two commas", "[1,,2]", 0, 1, 4, 1, "nothing between two commas" },
	{ "a comma in front", "[,1]", 0, 1, 2, 1, "',' where a value should be" },
	{ "a missing comma", "{\"a\": 1\n \"b\": 2}", 0, 2, 2, 1, "missing ',' before this" },
	{ "a missing colon", "{\"a\" 1}", 0, 1, 6, 1, "missing ':' after a key" },
	{ "an equals sign for a colon", "{\"a\" = 1}", 0, 1, 6, 1, "missing ':' after a key" },
	{ "a key without a value", "{\"a\"}", 0, 1, 5, 1,
		"'}' where the ':' after a key should be" },
	{ "a key without quotes", "{name: 1}", 0, 1, 2, 4,
		"a key must be a string in double quotes" },
	{ "a number as a key", "{1: 2}", 0, 1, 2, 1, "'1' where a key in double quotes should be" },
	{ "a key in single quotes", "{'a': 1}", 0, 1, 2, 3, "strings take double quotes" },
	{ "a string in single quotes", "['a']", 0, 1, 2, 3, "strings take double quotes" },
	{ "a line comment", "{ // why\n}", 0, 1, 3, 1, "JSON has no comments" },
	{ "a block comment", "{ /* why\n */ }", 0, 1, 3, 1, "JSON has no comments" },
	{ "a block comment that is not closed", "{ /*", 0, 1, 3, 1, "JSON has no comments" },
	{ "a shell comment", "# why\n{}", 0, 1, 1, 1, "JSON has no comments" },
	{ "a leading zero", "[01]", 0, 1, 2, 2, "a number takes no leading zero" },
	{ "a leading zero after a minus", "[-01]", 0, 1, 2, 3, "a number takes no leading zero" },
	{ "a plus sign", "[+1]", 0, 1, 2, 2, "a number takes no plus sign" },
	{ "no digit before the dot", "[.5]", 0, 1, 2, 2, "a number begins with a digit" },
	{ "no digit after the dot", "[1.]", 0, 1, 2, 2,
		"this is not a number; a text must be in double quotes" },
	{ "no digit after the e", "[1e+]", 0, 1, 2, 3,
		"this is not a number; a text must be in double quotes" },
	{ "a minus alone", "[-]", 0, 1, 2, 1, "a number begins with a digit" },
	{ "a hexadecimal number", "[0x1f]", 0, 1, 2, 4,
		"this is not a number; a text must be in double quotes" },
	{ "a span without quotes", "[10s]", 0, 1, 2, 3,
		"this is not a number; a text must be in double quotes" },
	{ "a very long number", "[11111111111111111111111111111111111111111]", 0, 1, 2, 41,
		"this number is too long" },
	{ "NaN", "[NaN]", 0, 1, 2, 3, "this is not a JSON value; a text must be in double quotes" },
	{ "minus infinity", "[-Infinity]", 0, 1, 2, 9, "a number begins with a digit" },
	{ "a literal in capitals", "[True]", 0, 1, 2, 4, "this is not a JSON value" },
	{ "a lone high surrogate", "\"\\ud800\"", 0, 1, 2, 6,
		"half of a surrogate pair stands alone and is no character" },
	{ "a lone low surrogate", "\"\\udc00\"", 0, 1, 2, 6,
		"half of a surrogate pair stands alone and is no character" },
	{ "a high surrogate before something else", "\"\\ud800\\u0041\"", 0, 1, 2, 6,
		"half of a surrogate pair stands alone and is no character" },
	{ "an escaped NUL", "\"a\\u0000\"", 0, 1, 3, 6, "a string cannot hold a NUL" },
	{ "an escape with three digits", "\"\\u12 \"", 0, 1, 2, 2,
		"\\\\u takes four hexadecimal digits" },
	{ "an escape that JSON has not", "\"\\d\"", 0, 1, 2, 2, "JSON has no such escape" },
	{ "a raw tab in a string", "\"a\tb\"", 0, 1, 3, 1, "a tab in a string is written \\\\t" },
	{ "a raw NUL in a string", "\"a\0b\"", 5, 1, 3, 1, "control character 0x00 in a string" },
	{ "a raw NUL outside", "{}\0", 3, 1, 3, 1,
		"control character 0x00 after the end of the value: a file holds one value" },
	{ "an overlong form", "\"\xc0\xaf\"", 0, 1, 2, 1, "byte 0xc0 is not UTF-8" },
	{ "a surrogate as UTF-8", "\"\xed\xa0\x80\"", 0, 1, 2, 1, "byte 0xed is not UTF-8" },
	{ "a byte that is not UTF-8 outside a string", "[\xff]", 0, 1, 2, 1,
		"a byte that is not UTF-8 where a value should be" },
	{ "a string over the end of its line", "[\"a\n\"]", 0, 1, 2, 1,
		"this string is not closed on its line" },
	{ "a string over the end of the file", "[\"a\\", 0, 1, 4, 2, "JSON has no such escape" },
	{ "an object that is not closed", "{\"a\":\n 1", 0, 2, 3, 1,
		"the end of the file where ',' or '}' of the object opened on line 1 should be" },
	{ "the wrong bracket", "{\"a\": 1]", 0, 1, 8, 1,
		"']' where ',' or '}' of the object opened on line 1 should be" },
	{ "a second value", "{} {}", 0, 1, 4, 1,
		"'{' after the end of the value: a file holds one value" },
	{ "columns are code points", "[\"\xc3\xa9\xf0\x9f\x98\x80\", x]", 0, 1, 8, 1,
		"this is not a JSON value; a text must be in double quotes" },
};

static void
test_refuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		const struct refused *want = &refused[i];
		const struct problem *got;
		struct scanned scanned;

		scan(&scanned, want->text, want->len != 0 ? want->len : strlen(want->text));
		if (scanned.ok || scanned.problems.count == 0)
			fail_msg("%s: got no problem, want \"%s\"", want->name, want->message);
		got = &scanned.problems.items[0];
		if (strcmp(got->message, want->message) != 0)
			fail_msg("%s: got \"%s\", want \"%s\"", want->name, got->message,
				want->message);
		if (got->place.line != want->line || got->place.column != want->column ||
			got->place.width != want->width)
			fail_msg("%s: got %u:%u+%u, want %u:%u+%u", want->name, got->place.line,
				got->place.column, got->place.width, want->line, want->column,
				want->width);
		scanned_release(&scanned);
	}
}

static void
test_reports_several_slips_at_once(void **state)
{
	static const char text[] = "{\n  'a': 01,\n  \"b\" 2,\n  \"c\": True\n  \"d\": [1,],\n}\n";
	static const unsigned lines[] = { 2, 3, 4, 5 };
	struct scanned scanned;

	(void)state;
	scan(&scanned, text, strlen(text));
	assert_false(scanned.ok);
	assert_int_equal(scanned.problems.count, 4);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(scanned.problems.items[i].place.line, lines[i]);
	scanned_release(&scanned);
}

static void
test_refuses_what_is_nested_too_deep(void **state)
{
	char text[4 * JSON_DEPTH_MAX];
	struct scanned scanned;

	(void)state;
	for (size_t depth = JSON_DEPTH_MAX; depth <= JSON_DEPTH_MAX + 1; depth++) {
		memset(text, '[', depth);
		memset(text + depth, ']', depth);
		scan(&scanned, text, 2 * depth);
		assert_int_equal(scanned.ok, depth == JSON_DEPTH_MAX);
		scanned_release(&scanned);
	}
}

static void
test_gives_all_places_in_order(void **state)
{
	static const char text[] = "{ \"a\": [10,\n\"x\"], \"b\": {} }";
	static const struct place want[] = {
		{ NULL, 1, 1, 1 },  /* { */
		{ NULL, 1, 3, 3 },  /* "a" */
		{ NULL, 1, 8, 1 },  /* [ */
		{ NULL, 1, 9, 2 },  /* 10 */
		{ NULL, 2, 1, 3 },  /* "x" */
		{ NULL, 2, 7, 3 },  /* "b" */
		{ NULL, 2, 12, 1 }, /* { */
	};
	struct scanned scanned;

	(void)state;
	scan(&scanned, text, strlen(text));
	assert_true(scanned.ok);
	assert_int_equal(scanned.places.count, sizeof(want) / sizeof(want[0]));
	for (size_t i = 0; i < scanned.places.count; i++) {
		const struct place *got = &scanned.places.items[i];

		assert_string_equal(got->file, "f.json");
		if (got->line != want[i].line || got->column != want[i].column ||
			got->width != want[i].width)
			fail_msg("place %zu: got %u:%u+%u, want %u:%u+%u", i, got->line,
				got->column, got->width, want[i].line, want[i].column,
				want[i].width);
	}
	scanned_release(&scanned);
}

static void
test_refuses_every_prefix_of_a_value(void **state)
{
	static const char text[] = "{\"name\": \"\\u00e9\xc3\xa9\", \"list\": [-1.5e3, true, {}]}";

	(void)state;
	for (size_t len = 0; len < strlen(text); len++) {
		struct scanned scanned;

		scan(&scanned, text, len);
		if (scanned.ok || scanned.problems.count == 0)
			fail_msg("the first %zu bytes: got no problem, want one", len);
		scanned_release(&scanned);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accepts),
		cmocka_unit_test(test_refuses),
		cmocka_unit_test(test_reports_several_slips_at_once),
		cmocka_unit_test(test_refuses_what_is_nested_too_deep),
		cmocka_unit_test(test_gives_all_places_in_order),
		cmocka_unit_test(test_refuses_every_prefix_of_a_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
