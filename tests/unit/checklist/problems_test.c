/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "checklist/problems.h"

struct framed {
	const char *name;
	const char *source;
	struct problem problem;
	const char *want;
};

static const struct framed framed[] = {
	{ "a frame with carets, label and note", "{\n  \"asert\": 1\n}\n",
		{ .place = { "a.json", 2, 3, 7 },
			.message = "unknown key \"asert\"",
			.label = "did you mean \"assert\"?",
			.note = "keys: assert, id" },
		"error: unknown key \"asert\"\n"
		"  --> a.json:2:3\n"
		"   |\n"
		" 2 |   \"asert\": 1\n"
		"   |   ^^^^^^^ did you mean \"assert\"?\n"
		"   |\n"
		"   = keys: assert, id\n" },
	{ "tabs are shown as four blanks, a CR is not shown", "{\r\n\t\"a\":\t1\r\n",
		{ .place = { "a.json", 2, 7, 1 }, .message = "m" },
		"error: m\n"
		"  --> a.json:2:7\n"
		"   |\n"
		" 2 |     \"a\":    1\n"
		"   |             ^\n" },
	{ "columns are code points", "[\"\xc3\xa9\xf0\x9f\x98\x80\", x]",
		{ .place = { "a.json", 1, 8, 1 }, .message = "m" },
		"error: m\n"
		"  --> a.json:1:8\n"
		"   |\n"
		" 1 | [\"\xc3\xa9\xf0\x9f\x98\x80\", x]\n"
		"   |        ^\n" },
	{ "controls and bad bytes are escaped, and the carets move with them", "[\"\x1b\xff\", x]",
		{ .place = { "a.json", 1, 4, 1 }, .message = "bad \xff \x1b" },
		"error: bad \\xff \\x1b\n"
		"  --> a.json:1:4\n"
		"   |\n"
		" 1 | [\"\\x1b\\xff\", x]\n"
		"   |       ^^^^\n" },
	{ "a backslash of the file is shown once", "\"\\d\" x",
		{ .place = { "a.json", 1, 2, 2 }, .message = "m" },
		"error: m\n"
		"  --> a.json:1:2\n"
		"   |\n"
		" 1 | \"\\d\" x\n"
		"   |  ^^\n" },
	{ "a place at the end of the line", "{", { .place = { "a.json", 1, 2, 1 }, .message = "m" },
		"error: m\n"
		"  --> a.json:1:2\n"
		"   |\n"
		" 1 | {\n"
		"   |  ^\n" },
	{ "the gutter is as wide as the number", "\n\n\n\n\n\n\n\n\n\n\n[1]",
		{ .place = { "a.json", 12, 2, 1 }, .message = "m", .note = "n" },
		"error: m\n"
		"   --> a.json:12:2\n"
		"    |\n"
		" 12 | [1]\n"
		"    |  ^\n"
		"    |\n"
		"    = n\n" },
	{ "a problem of the file as a whole", NULL,
		{ .place = { "a.json", 0, 0, 0 }, .message = "cannot read", .note = "n" },
		"error: cannot read\n"
		"  --> a.json\n"
		"   = n\n" },
	{ "a problem of the command line", NULL,
		{ .message = "bad --target", .label = "give HOST", .note = "n" },
		"error: bad --target\n"
		"   = give HOST\n"
		"   = n\n" },
	{ "a line that the file does not have", "{}",
		{ .place = { "a.json", 3, 1, 1 }, .message = "m" },
		"error: m\n"
		"  --> a.json:3:1\n" },
};

static void
add(struct problems *problems, const struct problem *problem, const char *source)
{
	problems_add(problems, problem, source, source == NULL ? 0 : strlen(source));
}

static void
test_formats(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(framed) / sizeof(framed[0]); i++) {
		struct problems problems;
		struct buf out;

		problems_init(&problems);
		buf_init(&out, 10000);
		add(&problems, &framed[i].problem, framed[i].source);
		problem_format(&out, &problems.items[0]);
		if (strcmp(out.data, framed[i].want) != 0)
			fail_msg("%s: got\n%s\nwant\n%s", framed[i].name, out.data, framed[i].want);
		buf_release(&out);
		problems_release(&problems);
	}
}

/* The carets of a frame stand under the mark, wherever in a line it is. */
static void
test_cuts_a_long_line_around_the_carets(void **state)
{
	(void)state;
	for (unsigned at = 0; at < 500; at++) {
		char line[501];
		struct problems problems;
		struct problem problem = { .place = { "a", 1, at + 1, 1 }, .message = "m" };

		memset(line, '-', 500);
		line[500] = '\0';
		line[at] = 'X';
		problems_init(&problems);
		add(&problems, &problem, line);
		assert_true(strlen(problems.items[0].line_text) <= 106);
		assert_int_equal(problems.items[0].line_text[problems.items[0].caret_start], 'X');
		assert_int_equal(problems.items[0].caret_width, 1);
		problems_release(&problems);
	}
}

static void
test_carets_end_with_what_is_shown(void **state)
{
	char line[501];
	struct problems problems;
	struct problem problem = { .place = { "a", 1, 3, 498 }, .message = "m" };

	(void)state;
	memset(line, 'X', 500);
	line[500] = '\0';
	problems_init(&problems);
	add(&problems, &problem, line);
	assert_int_equal(problems.items[0].caret_start, 2);
	assert_int_equal(problems.items[0].caret_width, 98);
	problems_release(&problems);
}

static void
test_sorts_by_file_line_and_column_and_keeps_the_order_of_equals(void **state)
{
	static const struct problem added[] = {
		{ .place = { "b", 1, 1, 1 }, .message = "6" },
		{ .place = { "a", 2, 1, 1 }, .message = "4" },
		{ .place = { "a", 1, 9, 1 }, .message = "2" },
		{ .place = { "a", 2, 1, 1 }, .message = "5" },
		{ .place = { "a", 1, 10, 1 }, .message = "3" },
		{ .place = { NULL, 0, 0, 0 }, .message = "1" },
	};
	struct problems problems;

	(void)state;
	problems_init(&problems);
	for (size_t i = 0; i < sizeof(added) / sizeof(added[0]); i++)
		add(&problems, &added[i], NULL);
	problems_sort(&problems);
	for (size_t i = 0; i < problems.count; i++)
		assert_int_equal(problems.items[i].message[0], '1' + (char)i);
	problems_release(&problems);
}

static void
test_counts_what_it_does_not_keep(void **state)
{
	struct problem problem = { .message = "m" };
	struct problems problems;

	(void)state;
	problems_init(&problems);
	for (unsigned i = 0; i < PROBLEMS_MAX + 7; i++) {
		problem.place.column = i;
		add(&problems, &problem, NULL);
	}
	assert_int_equal(problems.count, PROBLEMS_MAX);
	assert_int_equal(problems.unkept, 7);
	assert_int_equal(problems_total(&problems), PROBLEMS_MAX + 7);
	problems_release(&problems);
}

static void
test_keeps_one_of_those_with_the_same_place_and_message(void **state)
{
	static const struct problem added[] = {
		{ .place = { "a", 1, 1, 1 }, .message = "bad \x1b" },
		{ .place = { "a", 1, 1, 1 }, .message = "bad \x1b", .label = "second" },
		{ .place = { "a", 1, 1, 1 }, .message = "worse" },
		{ .place = { "a", 1, 2, 1 }, .message = "bad \x1b" },
		{ .place = { "a", 2, 1, 1 }, .message = "bad \x1b" },
		{ .place = { "b", 1, 1, 1 }, .message = "bad \x1b" },
		{ .place = { NULL, 1, 1, 1 }, .message = "bad \x1b" },
	};
	struct problems problems;

	(void)state;
	problems_init(&problems);
	for (size_t i = 0; i < sizeof(added) / sizeof(added[0]); i++)
		add(&problems, &added[i], NULL);
	assert_int_equal(problems_total(&problems), 6);
	assert_null(problems.items[0].label);
	problems_release(&problems);
}

static void
test_cuts_a_long_message_between_characters(void **state)
{
	char long_text[2002];
	struct problem problem = { .message = long_text };
	struct problems problems;
	const char *kept;

	(void)state;
	for (size_t i = 0; i < 2000; i += 2)
		memcpy(long_text + i, "\xc3\xa9", 2);
	memcpy(long_text + 1, "\xa9", 1);
	long_text[2000] = '\0';
	problems_init(&problems);
	add(&problems, &problem, NULL);
	kept = problems.items[0].message;
	assert_true(strlen(kept) < 700);
	assert_string_equal(kept + strlen(kept) - 3, "...");
	assert_true((kept[strlen(kept) - 4] & 0xc0) != 0xc0);
	problems_release(&problems);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_formats),
		cmocka_unit_test(test_keeps_one_of_those_with_the_same_place_and_message),
		cmocka_unit_test(test_cuts_a_long_line_around_the_carets),
		cmocka_unit_test(test_carets_end_with_what_is_shown),
		cmocka_unit_test(test_sorts_by_file_line_and_column_and_keeps_the_order_of_equals),
		cmocka_unit_test(test_counts_what_it_does_not_keep),
		cmocka_unit_test(test_cuts_a_long_message_between_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
