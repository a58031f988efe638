/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "report/wrap.h"

struct wrapped {
	const char *name;
	const char *text;
	size_t indent;
	size_t width;
	const char *want;
};

static const struct wrapped cases[] = {
	{ "nothing is nothing", "", 4, 40, "" },
	{ "a short line stays", "one two", 4, 40, "one two" },
	{ "a line as wide as the room stays", "aaaaaaaaaa bbbbbbbbbb ccc", 5, 30,
		"aaaaaaaaaa bbbbbbbbbb ccc" },
	{ "one column more breaks at the last blank", "aaaaaaaaaa bbbbbbbbbb cccc", 5, 30,
		"aaaaaaaaaa bbbbbbbbbb\n     cccc" },
	{ "characters count, not bytes",
		"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9 bbbbbbbbbb ccc",
		5, 30,
		"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9 bbbbbbbbbb ccc" },
	{ "a word wider than the room stays whole", "a 0123456789012345678901234567890 b", 0, 24,
		"a\n0123456789012345678901234567890\nb" },
	{ "a single wide word stays whole", "0123456789012345678901234567890", 0, 24,
		"0123456789012345678901234567890" },
	{ "newlines stay and are indented", "one\n  two\n", 2, 40, "one\n    two\n  " },
	{ "a column too narrow gets the least room", "aaaaaaaaaa bbbbbbbbbb cc dd", 70, 80,
		"aaaaaaaaaa bbbbbbbbbb cc\n"
		"                                                                      dd" },
};

static void
text_breaks_at_blanks(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf got;

		buf_init(&got, 1024);
		wrap_add(&got, cases[i].text, cases[i].indent, cases[i].width);
		if (strcmp(got.data, cases[i].want) != 0)
			fail_msg("%s: got \"%s\", want \"%s\"", cases[i].name, got.data,
				cases[i].want);
		buf_release(&got);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_breaks_at_blanks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
