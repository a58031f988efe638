/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What untagged lines of IMAP tell of a mailbox.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wire/imap_data.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void
read_reply(struct reply *reply, struct arena *arena, const char *lines)
{
	arena_init(arena);
	reply_init(reply, dialect_find("imap"), arena);
	memcpy(reply->tag, "g1", 3);
	reply_feed(reply, lines, strlen(lines));
	reply_feed(reply, "g1 OK done\r\n", 12);
	assert_int_equal(reply->state, REPLY_COMPLETE);
}

static void
end_reply(struct reply *reply, struct arena *arena)
{
	reply_release(reply);
	arena_release(arena);
}

struct code_row {
	const char *sentence, *lines;
	uint32_t number; /* 0: none */
};

static const struct code_row codes[] = {
	{ "a number", "* OK [UIDNEXT 12] next\r\n", 12 },
	{ "in other letters", "* ok [uidnext 12] next\r\n", 12 },
	{ "without a text", "* OK [UIDNEXT 12]\r\n", 12 },
	{ "among others", "* 3 EXISTS\r\n* OK [UIDVALIDITY 9] x\r\n* OK [UIDNEXT 12] x\r\n", 12 },
	{ "the same twice", "* OK [UIDNEXT 12] x\r\n* OK [UIDNEXT 12] x\r\n", 12 },
	{ "two that differ", "* OK [UIDNEXT 12] x\r\n* OK [UIDNEXT 13] x\r\n", 0 },
	{ "the largest", "* OK [UIDNEXT 4294967295] x\r\n", 4294967295u },
	{ "one too large", "* OK [UIDNEXT 4294967308] x\r\n", 0 },
	{ "no number", "* OK [UIDNEXT x] x\r\n", 0 },
	{ "nothing", "* OK [UIDNEXT ] x\r\n", 0 },
	{ "unclosed", "* OK [UIDNEXT 12\r\n", 12 },
	{ "not in an OK", "* NO [UIDNEXT 12] x\r\n", 0 },
	{ "not in brackets", "* OK UIDNEXT 12\r\n", 0 },
	{ "a longer name", "* OK [UIDNEXTS 12] x\r\n", 0 },
	{ "none at all", "", 0 },
};

static void
codes_have_numbers(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(codes); i++) {
		struct arena arena;
		struct reply reply;
		uint32_t got;

		read_reply(&reply, &arena, codes[i].lines);
		if (imap_code_number(&reply, "UIDNEXT", &got) != (codes[i].number != 0) ||
			(codes[i].number != 0 && got != codes[i].number))
			fail_msg("%s: got %u", codes[i].sentence, (unsigned)got);
		end_reply(&reply, &arena);
	}
}

struct fetch_row {
	const char *sentence, *lines;
	bool is_fetch;
	uint32_t uid;
	const char *body; /* NULL: none */
};

static const struct fetch_row fetches[] = {
	{ "a literal", "* 1 FETCH (UID 7 BODY[] {5}\r\na\r\nbc)\r\n", true, 7, "a\r\nbc" },
	{ "a literal before the UID", "* 1 FETCH (BODY[] {2}\r\nab UID 7)\r\n", true, 7, "ab" },
	{ "a quoted string", "* 1 FETCH (BODY[HEADER.FIELDS (X Y)] \"a\\\"b\" UID 7)\r\n", true, 7,
		"a\"b" },
	{ "a part of it", "* 1 FETCH (UID 7 BODY[]<0> {2}\r\nab)\r\n", true, 7, "ab" },
	{ "other items", "* 1 FETCH (FLAGS (\\Seen (x)) RFC822.SIZE 5 UID 7 BODY[] {1}\r\nx)\r\n",
		true, 7, "x" },
	{ "in other letters", "* 1 fetch (uid 7 body[] {1}\r\nx)\r\n", true, 7, "x" },
	{ "an empty one", "* 1 FETCH (UID 7 BODY[] {0}\r\n)\r\n", true, 7, "" },
	{ "NIL", "* 1 FETCH (UID 7 BODY[] NIL)\r\n", true, 7, NULL },
	{ "no UID", "* 1 FETCH (BODY[] {1}\r\nx)\r\n", true, 0, "x" },
	{ "a UID that is too large", "* 1 FETCH (UID 4294967303 BODY[] {1}\r\nx)\r\n", true, 0,
		"x" },
	{ "a line in the literal that looks like one",
		"* 1 FETCH (UID 7 BODY[] {28}\r\n* 2 FETCH (UID 8 BODY[] NIL))\r\n", true, 7,
		"* 2 FETCH (UID 8 BODY[] NIL)" },
	{ "unclosed", "* 1 FETCH (UID 7 BODY[] {1}\r\nx\r\n", true, 0, NULL },
	{ "something behind it", "* 1 FETCH (UID 7) x\r\n", true, 0, NULL },
	{ "a bracket that is not closed", "* 1 FETCH (UID 7 BODY[ {1}\r\nx)\r\n", true, 0, NULL },
	{ "a quote that is not closed", "* 1 FETCH (UID 7 BODY[] \"x)\r\n", true, 0, NULL },
	{ "too deep", "* 1 FETCH (X ((((((((((((((((((((x)))))))))))))))))))) UID 7)\r\n", true, 0,
		NULL },
	{ "no number of a message", "* x FETCH (UID 7)\r\n", false, 0, NULL },
	{ "no list", "* 1 FETCH UID 7\r\n", false, 0, NULL },
	{ "another line", "* 1 EXISTS\r\n", false, 0, NULL },
};

static void
messages_are_fetched(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(fetches); i++) {
		const struct fetch_row *row = &fetches[i];
		struct imap_fetched got = { .uid = 0 };
		struct arena arena;
		struct reply reply;
		size_t at = 0;

		read_reply(&reply, &arena, row->lines);
		if (imap_next_fetched(&reply, &at, &got) != row->is_fetch || got.uid != row->uid ||
			(got.body.data != NULL) != (row->body != NULL) ||
			(row->body != NULL &&
				(got.body.len != strlen(row->body) ||
					memcmp(got.body.data, row->body, got.body.len) != 0)))
			fail_msg("%s: got %u, \"%.*s\"", row->sentence, (unsigned)got.uid,
				(int)got.body.len, (const char *)got.body.data);
		assert_false(imap_next_fetched(&reply, &at, &got));
		end_reply(&reply, &arena);
	}
}

static void
searches_have_numbers(void **state)
{
	static const char lines[] = "* 1 EXISTS\r\n* SEARCH 3 5\r\n* SEARCH\r\n* SEARCH 9 x 10\r\n";
	static const uint32_t want[] = { 3, 5, 9 };
	size_t line = 0, at = 0, count = 0;
	struct arena arena;
	struct reply reply;
	uint32_t number;

	(void)state;
	read_reply(&reply, &arena, lines);
	while (imap_next_found(&reply, &line, &at, &number)) {
		assert_true(count < COUNT(want));
		assert_int_equal(number, want[count++]);
	}
	assert_int_equal(count, COUNT(want));
	end_reply(&reply, &arena);
}

struct list_row {
	const char *sentence, *lines, *name; /* NULL: none */
};

static const struct list_row lists[] = {
	{ "an atom", "* LIST (\\HasNoChildren \\Junk) \"/\" Spam\r\n", "Spam" },
	{ "a quoted name", "* LIST (\\Junk) \".\" \"Junk Mail\"\r\n", "Junk Mail" },
	{ "a literal", "* LIST (\\Junk) NIL {4}\r\nSp m\r\n", "Sp m" },
	{ "in other letters", "* list (\\junk) \"/\" Spam\r\n", "Spam" },
	{ "behind others", "* LIST () \"/\" A\r\n* LIST (\\Junk) \"/\" B\r\n", "B" },
	{ "another attribute", "* LIST (\\Trash) \"/\" Trash\r\n", NULL },
	{ "no name", "* LIST (\\Junk) \"/\"\r\n", NULL },
	{ "unclosed", "* LIST (\\Junk \"/\" X\r\n", NULL },
};

static void
mailboxes_are_known_by_their_attributes(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(lists); i++) {
		struct arena arena;
		struct reply reply;
		const char *got;

		read_reply(&reply, &arena, lists[i].lines);
		got = imap_listed(&reply, "\\Junk");
		if ((got == NULL) != (lists[i].name == NULL) ||
			(got != NULL && strcmp(got, lists[i].name) != 0))
			fail_msg("%s: got %s", lists[i].sentence, got != NULL ? got : "none");
		end_reply(&reply, &arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_have_numbers),
		cmocka_unit_test(messages_are_fetched),
		cmocka_unit_test(searches_have_numbers),
		cmocka_unit_test(mailboxes_are_known_by_their_attributes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
