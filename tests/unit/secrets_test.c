/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gate/secrets.h"

struct redaction {
	const char *name;
	const char *secret;
	const char *text;
	const char *want;
};

static const struct redaction redactions[] = {
	{ "the value", "hunter2", "it is hunter2.", "it is [secret]." },
	{ "the value twice", "hunter2", "hunter2hunter2", "[secret][secret]" },
	{ "a part of the value", "hunter2", "hunter", "hunter" },
	{ "other case", "hunter2", "HUNTER2", "HUNTER2" },
	{ "base64, as AUTH LOGIN sends it", "hunter2", "aHVudGVyMg==", "[secret]" },
	{ "as JSON writes it", "a\"b\\c", "{\"p\": \"a\\\"b\\\\c\"}", "{\"p\": \"[secret]\"}" },
	{ "as text of XML", "a<b&c", "<t>a&lt;b&amp;c</t>", "<t>[secret]</t>" },
	{ "as an attribute of XML", "a\"<", "<t a=\"a&quot;&lt;\"/>", "<t a=\"[secret]\"/>" },
	{ "as shown on a terminal",
		"a\x1b"
		"b",
		"a\\x1bb", "[secret]" },
	{ "a value that overlaps itself", "aa", "aaa", "[secret]a" },
	{ "no secret in it", "hunter2", "nothing", "nothing" },
	{ "an empty text", "hunter2", "", "" },
	{ "an empty value hides nothing", "", "text", "text" },
};

static void
test_every_spelling_is_replaced(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(redactions) / sizeof(redactions[0]); i++) {
		const struct redaction *row = &redactions[i];
		struct secrets secrets = { 0 };
		struct arena arena;
		const char *got;

		arena_init(&arena);
		secrets_add(&secrets, &arena, "name", row->secret);
		got = secrets_redact(&secrets, &arena, row->text);
		if (strcmp(got, row->want) != 0)
			fail_msg("%s: got %s, want %s", row->name, got, row->want);
		if (strcmp(row->text, row->want) == 0)
			assert_ptr_equal(got, row->text);
		arena_release(&arena);
	}
}

/* RFC 4616 section 4: the message of the user tim with the password tanstaaftanstaaf. */
static void
test_the_message_of_plain_is_replaced(void **state)
{
	struct secrets secrets = { 0 };
	struct arena arena;

	(void)state;
	arena_init(&arena);
	secrets_add_plain(&secrets, &arena, "tim", "tanstaaftanstaaf");
	assert_string_equal(
		secrets_redact(&secrets, &arena, "AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm"),
		"AUTH PLAIN [secret]");
	assert_string_equal(secrets_redact(&secrets, &arena, "tim"), "tim");
	arena_release(&arena);
}

static void
test_the_longest_that_matches_is_replaced(void **state)
{
	struct secrets secrets = { 0 };
	struct arena arena;

	(void)state;
	arena_init(&arena);
	secrets_add(&secrets, &arena, "short", "pass");
	secrets_add(&secrets, &arena, "long", "password");
	secrets_add(&secrets, &arena, "middle", "passwo");
	assert_string_equal(secrets_redact(&secrets, &arena, "password passwort pass"),
		"[secret] [secret]rt [secret]");
	assert_int_equal(secrets.count, 3);
	arena_release(&arena);
}

static void
test_nothing_is_left_as_it_is(void **state)
{
	struct secrets secrets = { 0 };
	struct arena arena;

	(void)state;
	arena_init(&arena);
	assert_string_equal(secrets_redact(&secrets, &arena, "text"), "text");
	secrets_add(&secrets, &arena, "name", "x");
	assert_null(secrets_redact(&secrets, &arena, NULL));
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_spelling_is_replaced),
		cmocka_unit_test(test_the_message_of_plain_is_replaced),
		cmocka_unit_test(test_the_longest_that_matches_is_replaced),
		cmocka_unit_test(test_nothing_is_left_as_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
