/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Errors of OAuth servers, shown.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wire/oauth_error.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	const char *sentence, *json;
	const char *shown; /* NULL: nothing */
} rows[] = {
	{ "the example of the RFC",
		"{\"status\":\"invalid_token\",\"scope\":\"example_scope\","
		"\"openid-configuration\":\"https://example.com/.well-known/x\"}",
		"status invalid_token, scope example_scope, openid-configuration "
		"https://example.com/.well-known/x" },
	{ "blanks anywhere", " {\r\n\"status\" : \"400\" ,\t\"schemes\" : \"bearer\" } ",
		"status 400, schemes bearer" },
	{ "a number", "{\"status\":401}", "status 401" },
	{ "other members are passed over",
		"{\"a\":{\"status\":[\"}\",{}]},\"b\":[1,{\"x\":\"]\"}],\"c\":null,\"status\":\"x\"}",
		"status x" },
	{ "escapes", "{\"scope\":\"a\\\"b\\\\c\\/\\u0041\\u00e9\\u20ac\"}",
		"scope a\"b\\\\c/A\xc3\xa9\xe2\x82\xac" },
	{ "an escaped name", "{\"st\\u0061tus\":\"x\"}", "status x" },
	{ "control characters", "{\"scope\":\"a\\nb\\u001b\\u0000c\"}", "scope a\\nb\\x1b\\x00c" },
	{ "another case is another member", "{\"error\":\"x\",\"status2\":\"y\"}", NULL },
	{ "an empty object", "{}", NULL },
	{ "an empty value", "{\"status\":\"\"}", NULL },
	{ "nothing", "", NULL },
	{ "no object", "[\"status\"]", NULL },
	{ "a text", "invalid_token", NULL },
	{ "something behind it", "{\"status\":\"x\"}x", NULL },
	{ "a comma in the end", "{\"status\":\"x\",}", NULL },
	{ "no comma between", "{\"status\":\"x\" \"scope\":\"y\"}", NULL },
	{ "no colon", "{\"status\" \"x\"}", NULL },
	{ "no value", "{\"status\":}", NULL },
	{ "an escape that is none", "{\"status\":\"\\x\"}", NULL },
	{ "half an escape", "{\"status\":\"\\u00\"}", NULL },
	{ "a line end in a string", "{\"status\":\"a\nb\"}", NULL },
	{ "too deep",
		"{\"a\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]],\"status\":1}",
		NULL },
	{ "brackets that are not closed", "{\"a\":[[,\"status\":1}", NULL },
};

static void
what_the_rfc_has_is_shown(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct span json = { (const uint8_t *)rows[i].json, strlen(rows[i].json) };
		struct buf shown;

		buf_init(&shown, 1000);
		if (oauth_error_show(json, &shown) != (rows[i].shown != NULL))
			fail_msg("%s: got \"%s\"", rows[i].sentence,
				shown.len == 0 ? "" : shown.data);
		if (rows[i].shown != NULL && strcmp(shown.data, rows[i].shown) != 0)
			fail_msg("%s: got \"%s\"", rows[i].sentence, shown.data);
		buf_release(&shown);
	}
}

static void
no_beginning_is_shown(void **state)
{
	(void)state;
	for (size_t len = 0; len < strlen(rows[0].json); len++) {
		struct buf shown;

		buf_init(&shown, 1000);
		assert_false(oauth_error_show(
			(struct span){ (const uint8_t *)rows[0].json, len }, &shown));
		assert_int_equal(shown.len, 0);
		buf_release(&shown);
	}
}

static void
a_long_one_is_not_read(void **state)
{
	static char text[OAUTH_ERROR_MAX + 2];
	struct span json = { (const uint8_t *)text, OAUTH_ERROR_MAX };
	struct buf shown;

	(void)state;
	memset(text, ' ', sizeof(text));
	memcpy(text, "{\"status\":1}", 12);
	buf_init(&shown, 1000);
	assert_true(oauth_error_show(json, &shown));
	json.len++;
	assert_false(oauth_error_show(json, &shown));
	buf_release(&shown);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_rfc_has_is_shown),
		cmocka_unit_test(no_beginning_is_shown),
		cmocka_unit_test(a_long_one_is_not_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
