/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a reply is held against.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "wire/expectation.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct row {
	const char *sentence, *expect, *codes, *text;
	bool met;
};

static const struct row rows[] = {
	{ "a code is that of the reply", "250", "250 2.1.0", "250 2.1.0 Ok", true },
	{ "a code alone will do", "250", "250", "250", true },
	{ "another code is another", "250", "550 5.7.1", "550 5.7.1 250 no", false },
	{ "a code is no part of another", "250", "2500", "2500", false },
	{ "OK is a code", "OK", "OK", "* 1 EXISTS\ng1 OK done", true },
	{ "OK in a text is none", "OK", "NO", "* OK still here\ng1 NO", false },
	{ "a word is in the letters of the protocol", "ok", "OK", "g1 OK", false },
	{ "BYE stands behind an asterisk", "BYE", "* BYE", "* BYE", true },
	{ "+OK and -ERR are codes", "-ERR", "-ERR [AUTH]", "-ERR [AUTH] no", true },
	{ "a plus asks for more", "+", "+", "+ go on", true },
	{ "a plus is no +OK", "+", "+OK", "+OK", false },
	{ "a text stands somewhere", "EXISTS", "OK", "* 1 EXISTS\ng1 OK", true },
	{ "a text that does not", "EXISTS", "OK", "g1 OK", false },
	{ "two digits are a text", "25", "250", "250", true },
	{ "a pattern matches in one of the lines", "/^[*] 1 EXISTS$/", "OK",
		"* 2 RECENT\n* 1 EXISTS\ng1 OK", true },
	{ "a dot is no line end", "/RECENT.*EXISTS/", "OK", "* 2 RECENT\n* 1 EXISTS", false },
	{ "a pattern that matches nowhere", "/^250-SIZE/", "250", "250 yes", false },
	{ "an empty pattern matches", "//", "250", "250", true },
	{ "a slash alone is a text", "/", "250", "250 a/b", true },
	{ "a pattern that does not compile matches nothing", "/(/", "250", "(", false },
};

static void
a_reply_is_held_against_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (expectation_met(rows[i].expect, rows[i].codes, rows[i].text) != rows[i].met)
			fail_msg("%s", rows[i].sentence);
}

/* Nested repetitions over as much as is looked at: this must not take long. */
static void
a_long_text_is_not_looked_at(void **state)
{
	char *text = malloc(EXPECTATION_TEXT_MAX + 2);

	(void)state;
	memset(text, 'x', EXPECTATION_TEXT_MAX + 1);
	text[EXPECTATION_TEXT_MAX + 1] = '\0';
	assert_false(expectation_met("/x/", "250", text));
	text[EXPECTATION_TEXT_MAX] = '\0';
	assert_true(expectation_met("/x/", "250", text));
	assert_false(expectation_met("/^(x+x+)+y$/", "250", text));
	assert_false(expectation_met("/(x*)*(x|xx)+[^x]/", "250", text));
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reply_is_held_against_it),
		cmocka_unit_test(a_long_text_is_not_looked_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
