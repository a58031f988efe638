/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report/shown.h"

struct pair {
	const char *name;
	const char *input;
	const char *want;
};

static void
expect(const struct pair *pair, const struct buf *got)
{
	if (strcmp(got->data, pair->want) != 0)
		fail_msg("%s: got \"%s\", want \"%s\"", pair->name, got->data, pair->want);
}

static void
lines_become_legal_and_visible(void **state)
{
	static const struct pair pairs[] = {
		{ "plain text stays", "220 mx1 ESMTP", "220 mx1 ESMTP" },
		{ "UTF-8 stays", "h\xc3\xa9llo \xe2\x82\xac", "h\xc3\xa9llo \xe2\x82\xac" },
		{ "newlines and tabs stay", "a\n\tb\n", "a\n\tb\n" },
		{ "a backslash is not doubled", "^220 \\S+\\.$", "^220 \\S+\\.$" },
		{ "ESC is shown", "a\033[31mb", "a\\x1b[31mb" },
		{ "DEL is shown", "a\177b", "a\\x7fb" },
		{ "CR is shown", "a\r\nb", "a\\r\nb" },
		{ "a lone 0xFF is shown", "a\xff", "a\\xff" },
		{ "a cut sequence is shown", "a\xe2\x82", "a\\xe2\\x82" },
		{ "a surrogate is shown", "\xed\xa0\x80", "\\xed\\xa0\\x80" },
		{ "U+FFFE is shown", "\xef\xbf\xbe", "\\xef\\xbf\\xbe" },
		{ "U+FFFF is shown", "\xef\xbf\xbf", "\\xef\\xbf\\xbf" },
		{ "C1 controls are shown", "\xc2\x9b", "\\xc2\\x9b" },
		{ "direction overrides are shown", "\xe2\x80\xae", "\\xe2\\x80\\xae" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct buf got;

		buf_init(&got, 256);
		shown_add_lines(&got, pairs[i].input);
		expect(&pairs[i], &got);
		buf_release(&got);
	}
}

static void
a_line_is_one_line(void **state)
{
	static const struct pair pairs[] = {
		{ "nothing stays nothing", "", "" },
		{ "blanks alone are nothing", " \n\t ", "" },
		{ "runs of blanks are one blank", "  a \r\n\t b  ", "a b" },
		{ "a backslash keeps its place", "\\a \\ b\\", "\\a \\ b\\" },
		{ "a control is shown", "a\033b c", "a\\x1bb c" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct buf got;

		buf_init(&got, 256);
		shown_add_line(&got, pairs[i].input);
		expect(&pairs[i], &got);
		buf_release(&got);
	}
}

static void
a_long_line_is_cut_by_characters(void **state)
{
	static const struct pair pairs[] = {
		{ "as long as allowed", "12345678", "12345678" },
		{ "one more", "123456789", "12345..." },
		{ "eight of two bytes",
			"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9",
			"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9" },
		{ "nine of two bytes",
			"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9",
			"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9..." },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct buf got;

		buf_init(&got, 256);
		shown_add_short(&got, pairs[i].input, 8);
		expect(&pairs[i], &got);
		buf_release(&got);
	}
}

/* Text of `count` characters of three bytes, after `shift` bytes of ASCII. */
static void
fill(struct buf *text, size_t shift, size_t count)
{
	buf_init(text, 1 << 20);
	for (size_t i = 0; i < shift; i++)
		buf_add_char(text, 'a');
	for (size_t i = 0; i < count; i++)
		buf_add_string(text, "\xe2\x82\xac");
}

static void
the_middle_is_cut_between_characters(void **state)
{
	(void)state;
	for (size_t shift = 0; shift < 6; shift++) {
		struct buf text, again;
		size_t before, omitted;
		const char *mark;

		fill(&text, shift, 1000);
		before = text.len;
		shown_cut(&text, 100 + shift % 2, '\n');
		assert_true(text.len <= 100 + shift % 2);
		mark = strstr(text.data, "\n... [");
		assert_non_null(mark);
		omitted = strtoul(mark + 6, NULL, 10);
		assert_int_equal(before, text.len - strlen(strstr(text.data, "\n... [")) + omitted +
						 strlen(strstr(text.data, "omitted]\n") + 9));
		buf_init(&again, 1 << 20);
		shown_add_lines(&again, text.data);
		assert_string_equal(again.data, text.data); /* still well-formed UTF-8 */
		buf_release(&again);
		buf_release(&text);
	}
}

static void
text_that_fits_is_not_cut(void **state)
{
	struct buf text;

	(void)state;
	fill(&text, 1, 33);
	shown_cut(&text, 100, ' ');
	assert_int_equal(text.len, 100);
	assert_null(strstr(text.data, "omitted"));
	buf_release(&text);
}

static void
no_line_is_a_command(void **state)
{
	static const struct pair pairs[] = {
		{ "GitHub's old form anywhere", "220 ##[add-mask]x", "220 #\\x23[add-mask]x" },
		{ "Azure's form", "a ##vso[task.complete]", "a #\\x23vso[task.complete]" },
		{ "three of them", "###[", "#\\x23\\x23[" },
		{ "one is nothing", "a # b", "a # b" },
		{ "GitHub's form at the beginning", "::error::x", "\\x3a:error::x" },
		{ "GitHub's form after blanks", "  \t::error::x", "  \t\\x3a:error::x" },
		{ "an address inside stays", "to [2001:db8::1]:25", "to [2001:db8::1]:25" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct buf got;

		buf_init(&got, 256);
		shown_add_uncommanding(&got, pairs[i].input, strlen(pairs[i].input));
		expect(&pairs[i], &got);
		buf_release(&got);
	}
}

static void
no_output_attaches_a_file(void **state)
{
	static const struct pair pairs[] = {
		{ "an attachment", "S: [[ATTACHMENT|/etc/passwd]]",
			"S: [\\x5bATTACHMENT|/etc/passwd]]" },
		{ "three of them", "a[[[b", "a[\\x5b\\x5bb" },
		{ "two pairs", "[[[[", "[\\x5b\\x5b\\x5b" },
		{ "a single bracket is nothing", "[2001:db8::1]:25 [a] [",
			"[2001:db8::1]:25 [a] [" },
		{ "nothing", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct buf got;

		buf_init(&got, 256);
		shown_add_unattaching(&got, pairs[i].input);
		expect(&pairs[i], &got);
		buf_release(&got);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_become_legal_and_visible),
		cmocka_unit_test(a_line_is_one_line),
		cmocka_unit_test(a_long_line_is_cut_by_characters),
		cmocka_unit_test(the_middle_is_cut_between_characters),
		cmocka_unit_test(text_that_fits_is_not_cut),
		cmocka_unit_test(no_line_is_a_command),
		cmocka_unit_test(no_output_attaches_a_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
