/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/secrets.h"
#include "draw.h"

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
	{ "a value that overlaps itself, to its last byte", "aa", "aaa", "[secret]" },
	{ "base64 without padding", "hunter2", "<aHVudGVyMg>", "<[secret]>" },
	{ "base64 behind one other byte", "hunter2", "eGh1bnRlcjJ5", "eG[secret]J5" },
	{ "base64 behind two other bytes", "hunter2", "eHlodW50ZXIyeg==", "eHl[secret]eg==" },
	{ "base64 for URLs", "\xfb\xff\xfe?>~", "-__-Pz5-", "[secret]" },
	{ "hex", "hunter2", "x68756e74657232x", "x[secret]x" },
	{ "hex in capitals", "kilo!", "6B696C6F21", "[secret]" },
	{ "percent-encoding", "a b&c/d", "p=a%20b%26c%2Fd&q", "p=[secret]&q" },
	{ "percent-encoding in small letters", "a b&c/d", "a%20b%26c%2fd", "[secret]" },
	{ "percent-encoding of a form", "a b&c/d", "a+b%26c%2Fd", "[secret]" },
	{ "percent-encoding of every byte", "abc", "%61%62%63", "[secret]" },
	{ "over two lines", "hunter2", "hun\nter2.", "[secret]." },
	{ "over two lines of a reply", "hunter2", "250-hun\r\n250 ter2", "250-[secret]" },
	{ "over two lines of a transcript", "hunter2", "S: 250-hun\nS: 250 ter2\n",
		"S: 250-[secret]\n" },
	{ "over three lines with enhanced codes", "hunter2",
		"S: 535-5.7.8 hun\nS: 535-5.7.8 te\nS: 535 5.7.8 r2\n", "S: 535-5.7.8 [secret]\n" },
	{ "over two lines shown as one", "hunter2", "hun\\r\\n250 ter2", "[secret]" },
	{ "over two lines shown twice", "hunter2", "hun\\\\r\\\\n250 ter2", "[secret]" },
	{ "over two capabilities", "hunter2", "SIZE, hun, ter2, STARTTLS",
		"SIZE, [secret], STARTTLS" },
	{ "base64 over two lines", "hunter2", "aHVud\nS: 334 GVyMg==", "[secret]" },
	{ "a code that is part of the value", "a250-b", "250-a\n250-b", "250-[secret]" },
	{ "over two lines that do not belong together", "hunter2", "hun\nten", "hun\nten" },
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

/* What one match would leave of another is replaced with it. */
static void
test_secrets_that_overlap_are_replaced_as_one(void **state)
{
	struct secrets secrets = { 0 };
	struct arena arena;

	(void)state;
	arena_init(&arena);
	secrets_add(&secrets, &arena, "a", "abcd");
	secrets_add(&secrets, &arena, "b", "cdefghijk");
	secrets_add(&secrets, &arena, "c", "ijkl");
	assert_string_equal(secrets_redact(&secrets, &arena, "<abcdefghijkl>"), "<[secret]>");
	assert_string_equal(secrets_redact(&secrets, &arena, "<abcdabcd>"), "<[secret][secret]>");
	arena_release(&arena);
}

static const struct redaction cuts[] = {
	{ "cut within the value", "hunter2", "it is hunte", "it is [secret]" },
	{ "cut within the value, in quotes", "hunter2", "it is \"hunter\"", "it is \"[secret]\"" },
	{ "cut with a mark", "hunter2", "it is hunter... more", "it is [secret]... more" },
	{ "cut with a count", "hunter2", "S: hunter\n... [12 bytes omitted]\nhunter x",
		"S: [secret]\n... [12 bytes omitted]\nhunter x" },
	{ "cut within base64", "hunter2", "aHVudGV", "[secret]" },
	{ "cut behind four bytes", "hunter2", "it is hunt", "it is hunt" },
	{ "not cut", "hunter2", "the hunter is here", "the hunter is here" },
	{ "cut behind a line end within it", "hunter2", "S: 250-hun\nS: 250 ter",
		"S: 250-[secret]" },
};

static void
test_what_was_cut_may_have_been_a_secret(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++) {
		const struct redaction *row = &cuts[i];
		struct secrets secrets = { 0 };
		struct arena arena;
		const char *got;

		arena_init(&arena);
		secrets_add(&secrets, &arena, "name", row->secret);
		got = secrets_redact_cut(&secrets, &arena, row->text);
		if (strcmp(got, row->want) != 0)
			fail_msg("%s: got %s, want %s", row->name, got, row->want);
		arena_release(&arena);
	}
}

/* One line of several is quoted alone. */
static void
test_pieces_of_a_secret_are_known_from_the_whole(void **state)
{
	struct secrets secrets = { 0 }, pieces = { 0 };
	struct arena arena;

	(void)state;
	arena_init(&arena);
	secrets_add(&secrets, &arena, "name", "correct horse\\battery");
	secrets_add_pieces(&pieces, &arena, &secrets,
		"S: 250-correct \nS: 250-5.7.8 horse\\\\\nS: 250 batt\nS: 250 ery\n");
	assert_string_equal(secrets_redact(&pieces, &arena, "250-correct "), "250-[secret]");
	assert_string_equal(
		secrets_redact(&pieces, &arena, "250-5.7.8 horse\\"), "250-5.7.8 [secret]");
	assert_string_equal(secrets_redact(&pieces, &arena, "250 batt"), "250 batt");
	assert_string_equal(secrets_redact(&pieces, &arena, "250 battery"), "250 battery");
	arena_release(&arena);
}

static void
test_a_secret_in_one_piece_has_no_pieces(void **state)
{
	struct secrets secrets = { 0 }, pieces = { 0 };
	struct arena arena;

	(void)state;
	arena_init(&arena);
	secrets_add(&secrets, &arena, "name", "correct horse");
	secrets_add_pieces(&pieces, &arena, &secrets, "S: 250-correct horse\nS: 250 correct\n");
	secrets_add_pieces(&pieces, &arena, &secrets, NULL);
	assert_string_equal(secrets_redact(&pieces, &arena, "correct"), "correct");
	arena_release(&arena);
}

/* Characters that no frame and no remark around them has. */
static void
draw_secret(char *secret, size_t len)
{
	static const char letters[] = "!#$&*+/<>=?@^`{|}~%GHJKQVWXZ";

	for (size_t i = 0; i < len; i++)
		secret[i] = letters[draw(sizeof(letters) - 1)];
	secret[len] = '\0';
}

static void
expect_no_part(const char *shown, const char *secret)
{
	for (size_t i = 0; i + 5 <= strlen(secret); i++) {
		char part[6];

		memcpy(part, secret + i, 5);
		part[5] = '\0';
		if (strstr(shown, part) != NULL)
			fail_msg("\"%s\" of \"%s\" is left in \"%s\"", part, secret, shown);
	}
}

/* The text is cut behind any byte of the secret, spread over lines at any byte, or both. */
static void
test_no_five_bytes_are_left_of_any_secret(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 20000; i++) {
		char secret[25], text[200] = "S: 250-";
		size_t len = 6 + draw(18), at = strlen(text),
		       cut = draw(2) ? len : draw((unsigned)len);
		struct secrets secrets = { 0 };
		struct arena arena;

		draw_secret(secret, len);
		for (size_t j = 0; j < cut; j++) {
			if (j > 0 && draw(10) == 0)
				at += (size_t)snprintf(text + at, sizeof(text) - at, "%s",
					(const char *[]){ "\n", "\nS: 250-", "\r\n250 ", ", ",
						"\nS: 535 5.7.8 " }[draw(5)]);
			if (at > 150)
				break;
			text[at++] = secret[j];
			text[at] = '\0';
		}
		arena_init(&arena);
		secrets_add(&secrets, &arena, "name", secret);
		expect_no_part(secrets_redact_cut(&secrets, &arena, text), secret);
		arena_release(&arena);
	}
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
		cmocka_unit_test(test_secrets_that_overlap_are_replaced_as_one),
		cmocka_unit_test(test_what_was_cut_may_have_been_a_secret),
		cmocka_unit_test(test_pieces_of_a_secret_are_known_from_the_whole),
		cmocka_unit_test(test_a_secret_in_one_piece_has_no_pieces),
		cmocka_unit_test(test_no_five_bytes_are_left_of_any_secret),
		cmocka_unit_test(test_nothing_is_left_as_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
