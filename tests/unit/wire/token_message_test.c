/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The message of a round trip, and how one that came back differs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wire/mail_message.h"
#include "wire/token_message.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SPAN(text) ((struct span){ (const uint8_t *)(text), strlen(text) })
#define TOKEN "0123456789abcdef0123456789abcdef"

static const struct token_message message = { .token = TOKEN,
	.from = "a@b.test",
	.to = "c@d.test",
	.date = 1795701600, /* Thu, 26 Nov 2026 14:00:00 */
	.eight_bit = true };

static void
the_message_is_one(void **state)
{
	struct mail_message parts;
	struct arena arena;
	struct buf all, body;
	size_t at = 0;

	(void)state;
	arena_init(&arena);
	buf_init(&all, 10000);
	buf_init(&body, 10000);
	token_message_build(&message, &all);
	token_message_body(&message, &body);
	parts = mail_message_split(buf_span(&all));
	assert_true(span_equal(parts.body, buf_span(&body)));
	assert_true(token_message_is(parts.headers, TOKEN));
	assert_false(token_message_is(parts.headers, "f123456789abcdef0123456789abcdef"));
	assert_string_equal(mail_next_field(parts.headers, "Date", &at, &arena),
		" Thu, 26 Nov 2026 14:00:00 +0000");
	at = 0;
	assert_string_equal(
		mail_next_field(parts.headers, "Message-ID", &at, &arena), " <" TOKEN "@b.test>");
	buf_release(&all);
	buf_release(&body);
	arena_release(&arena);
}

/* RFC 5322 section 2.1.1, and what 7-bit means. */
static void
its_lines_are_as_long_as_may_be(void **state)
{
	struct token_message plain = message;
	size_t longest = 0, start = 0;
	struct buf all;

	(void)state;
	buf_init(&all, 10000);
	plain.eight_bit = false;
	token_message_build(&plain, &all);
	for (size_t i = 0; i < all.len; i++) {
		assert_true((unsigned char)all.data[i] < 0x80);
		if (all.data[i] != '\n')
			continue;
		assert_true(all.data[i - 1] == '\r');
		longest = i - 1 - start > longest ? i - 1 - start : longest;
		start = i + 1;
	}
	assert_int_equal(longest, 998);
	buf_release(&all);
}

static void
dots_are_doubled(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 100);
	token_message_stuff(SPAN(".\r\na.\r\n..x\r\n"), &out);
	assert_string_equal(out.data, "..\r\na.\r\n...x\r\n.");
	buf_release(&out);
}

struct header_row {
	const char *sentence, *headers;
	bool is;
};

static const struct header_row headers[] = {
	{ "the field", TOKEN_FIELD ": " TOKEN "\r\n", true },
	{ "in other letters", "x-starttls-gate-token: " TOKEN "\r\n", true },
	{ "folded", TOKEN_FIELD ":\r\n " TOKEN "\r\n", true },
	{ "behind others", "A: 1\r\n" TOKEN_FIELD ": " TOKEN "\r\n", true },
	{ "within another", "A: " TOKEN_FIELD ": " TOKEN "\r\n", false },
	{ "of another token", TOKEN_FIELD ": 0023456789abcdef0123456789abcdef\r\n", false },
	{ "cut", TOKEN_FIELD ": 0123456789abcdef0123456789abcde", false },
	{ "the token elsewhere", "Subject: " TOKEN "\r\n", false },
	{ "nothing", "", false },
};

static void
the_token_is_in_its_field(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(headers); i++)
		if (token_message_is(SPAN(headers[i].headers), TOKEN) != headers[i].is)
			fail_msg("%s", headers[i].sentence);
}

struct change_row {
	const char *sentence, *sent, *got;
	enum body_change change;
	size_t line;
};

static const struct change_row changes[] = {
	{ "the same", "a\r\nb\r\n", "a\r\nb\r\n", BODY_INTACT, 0 },
	{ "other line ends", "a\r\nb\r\n", "a\nb\n", BODY_INTACT, 0 },
	{ "an empty line more at the end", "a\r\n", "a\r\n\r\n", BODY_INTACT, 0 },
	{ "no end of the last line", "a\r\n", "a", BODY_INTACT, 0 },
	{ "blanks lost", "a\r\nb  \r\nc\r\n", "a\r\nb\r\nc\r\n", BODY_BLANKS_LOST, 2 },
	{ "some blanks lost", "b  \r\n", "b \r\n", BODY_CHANGED, 1 },
	{ "blanks added", "b\r\n", "b \r\n", BODY_CHANGED, 1 },
	{ "blanks lost, and more", "a \r\nb\r\n", "a\r\nc\r\n", BODY_CHANGED, 2 },
	{ "a line lost", "a\r\nb\r\n", "a\r\n", BODY_CHANGED, 2 },
	{ "a line added", "a\r\n", "a\r\nb\r\n", BODY_CHANGED, 2 },
	{ "a dot lost", "..\r\n", ".\r\n", BODY_CHANGED, 1 },
	{ "nothing came", "a\r\n", "", BODY_CHANGED, 1 },
};

static void
a_change_is_found_in_its_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(changes); i++) {
		size_t line;
		enum body_change change =
			token_message_compare(SPAN(changes[i].sent), SPAN(changes[i].got), &line);

		if (change != changes[i].change || line != changes[i].line)
			fail_msg("%s: got %d in line %zu", changes[i].sentence, (int)change, line);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_message_is_one),
		cmocka_unit_test(its_lines_are_as_long_as_may_be),
		cmocka_unit_test(dots_are_doubled),
		cmocka_unit_test(the_token_is_in_its_field),
		cmocka_unit_test(a_change_is_found_in_its_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
