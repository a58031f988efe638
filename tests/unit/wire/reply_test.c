/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wire/reply.h"

struct case_row {
	const char *sentence;
	const char *bytes;
	enum reply_state state;
	int code;
	size_t lines;
	bool bare_lf;
};

static const struct case_row cases[] = {
	{ "one line is a reply", "220 ready\r\n", REPLY_COMPLETE, 220, 1, false },
	{ "a hyphen announces more lines", "250-a\r\n250-b\r\n250 c\r\n", REPLY_COMPLETE, 250, 3,
		false },
	{ "three digits are a reply", "250\r\n", REPLY_COMPLETE, 250, 1, false },
	{ "a code and a blank are a reply", "250 \r\n", REPLY_COMPLETE, 250, 1, false },
	{ "a bare LF ends a line and is noted", "220 ready\n", REPLY_COMPLETE, 220, 1, true },
	{ "one bare LF among lines is noted", "250-a\n250 b\r\n", REPLY_COMPLETE, 250, 2, true },
	{ "a CR inside a line is text", "250 a\rb\r\n", REPLY_COMPLETE, 250, 1, false },
	{ "an empty line is no reply", "\r\n", REPLY_MALFORMED, 0, 1, false },
	{ "text without a code is no reply", "hello\r\n", REPLY_MALFORMED, 0, 1, false },
	{ "two digits are no code", "22 x\r\n", REPLY_MALFORMED, 0, 1, false },
	{ "a code begins with 2 to 5", "150 x\r\n", REPLY_MALFORMED, 0, 1, false },
	{ "a code does not begin with 6", "650 x\r\n", REPLY_MALFORMED, 0, 1, false },
	{ "only blank or hyphen follow a code", "250xa\r\n", REPLY_MALFORMED, 250, 1, false },
	{ "codes do not change within a reply", "250-a\r\n550 b\r\n", REPLY_MALFORMED, 250, 2,
		false },
	{ "an IMAP greeting is no reply", "* OK IMAP4rev1\r\n", REPLY_MALFORMED, 0, 1, false },
};
#define CASE_COUNT (sizeof(cases) / sizeof(cases[0]))

struct reading {
	struct arena arena;
	struct reply reply;
};

static void
reading_begin(struct reading *reading)
{
	arena_init(&reading->arena);
	reply_init(&reading->reply, &dialects[0], &reading->arena);
}

static void
reading_end(struct reading *reading)
{
	reply_release(&reading->reply);
	arena_release(&reading->arena);
}

static void
replies_are_read_as_the_table_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < CASE_COUNT; i++) {
		const struct case_row *row = &cases[i];
		struct reading reading;
		size_t taken;

		reading_begin(&reading);
		taken = reply_feed(&reading.reply, row->bytes, strlen(row->bytes));
		if (reading.reply.state != row->state || reading.reply.code != row->code ||
			reading.reply.count != row->lines ||
			reading.reply.bare_lf != row->bare_lf || taken != strlen(row->bytes))
			fail_msg("%s: got state %d code %d lines %zu bare %d, want %d %d %zu %d",
				row->sentence, (int)reading.reply.state, reading.reply.code,
				reading.reply.count, reading.reply.bare_lf, (int)row->state,
				row->code, row->lines, row->bare_lf);
		reading_end(&reading);
	}
}

static void
every_prefix_of_a_reply_is_incomplete(void **state)
{
	(void)state;
	for (size_t i = 0; i < CASE_COUNT; i++) {
		size_t len = strlen(cases[i].bytes);

		for (size_t cut = 0; cut < len && cases[i].state == REPLY_COMPLETE; cut++) {
			struct reading reading;

			reading_begin(&reading);
			reply_feed(&reading.reply, cases[i].bytes, cut);
			if (reading.reply.state != REPLY_INCOMPLETE)
				fail_msg("%s: cut at %zu: got state %d, want incomplete",
					cases[i].sentence, cut, (int)reading.reply.state);
			reading_end(&reading);
		}
	}
}

static void
bytes_one_by_one_give_the_same_reply(void **state)
{
	(void)state;
	for (size_t i = 0; i < CASE_COUNT; i++) {
		size_t len = strlen(cases[i].bytes);
		struct reading reading;

		reading_begin(&reading);
		for (size_t at = 0; at < len; at++)
			reply_feed(&reading.reply, cases[i].bytes + at, 1);
		if (reading.reply.state != cases[i].state || reading.reply.code != cases[i].code)
			fail_msg("%s: got state %d code %d", cases[i].sentence,
				(int)reading.reply.state, reading.reply.code);
		reading_end(&reading);
	}
}

static void
what_follows_a_reply_is_left_alone(void **state)
{
	static const char bytes[] = "220 go\r\n250 injected\r\n";
	struct reading reading;

	(void)state;
	reading_begin(&reading);
	assert_int_equal(reply_feed(&reading.reply, bytes, sizeof(bytes) - 1), 8);
	assert_int_equal(reply_feed(&reading.reply, bytes + 8, sizeof(bytes) - 9), 0);
	assert_int_equal(reading.reply.count, 1);
	reading_end(&reading);
}

static void
a_line_beyond_the_limit_is_refused(void **state)
{
	struct reading reading;

	(void)state;
	reading_begin(&reading);
	reply_feed(&reading.reply, "220 ", 4);
	for (size_t i = 4; i < REPLY_LINE_MAX; i++)
		reply_feed(&reading.reply, "x", 1);
	assert_int_equal(reading.reply.state, REPLY_INCOMPLETE);
	reply_feed(&reading.reply, "x", 1); /* where the CR could stand */
	reply_feed(&reading.reply, "x", 1);
	assert_int_equal(reading.reply.state, REPLY_MALFORMED);
	reading_end(&reading);
}

static void
a_reply_that_never_ends_is_refused(void **state)
{
	struct reading reading;
	size_t lines = 0;

	(void)state;
	reading_begin(&reading);
	while (lines < 1000 && reading.reply.state == REPLY_INCOMPLETE) {
		reply_feed(&reading.reply, "250-X\r\n", 7);
		lines++;
	}
	assert_int_equal(reading.reply.state, REPLY_MALFORMED);
	assert_int_equal(lines, REPLY_LINES_MAX);
	reading_end(&reading);
}

struct capability_row {
	const char *sentence;
	const char *keyword;
	bool offered;
};

static const struct capability_row capabilities[] = {
	{ "a keyword is found", "STARTTLS", true },
	{ "case does not matter", "starttls", true },
	{ "the first line is a greeting, no capability", "mail.example.test", false },
	{ "a part of a keyword is another keyword", "START", false },
	{ "a keyword with a parameter is found", "AUTH PLAIN", true },
	{ "the order of parameters does not matter", "AUTH LOGIN PLAIN", true },
	{ "a parameter that is not there is missed", "AUTH CRAM-MD5", false },
	{ "a part of a parameter is another parameter", "AUTH PLAI", false },
	{ "an equals sign ends the keyword", "XAUTH", true },
	{ "what is not there is not found", "CHUNKING", false },
};

static void
capabilities_are_found_as_the_table_says(void **state)
{
	static const char bytes[] = "250-mail.example.test at your service\r\n250-PIPELINING\r\n"
				    "250-AUTH PLAIN LOGIN\r\n250-XAUTH=PLAIN\r\n250 starttls\r\n";
	struct reading reading;

	(void)state;
	reading_begin(&reading);
	reply_feed(&reading.reply, bytes, sizeof(bytes) - 1);
	for (size_t i = 0; i < sizeof(capabilities) / sizeof(capabilities[0]); i++)
		if ((reply_capability(&reading.reply, capabilities[i].keyword) != NULL) !=
			capabilities[i].offered)
			fail_msg("%s: got the opposite", capabilities[i].sentence);
	reading_end(&reading);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(replies_are_read_as_the_table_says),
		cmocka_unit_test(every_prefix_of_a_reply_is_incomplete),
		cmocka_unit_test(bytes_one_by_one_give_the_same_reply),
		cmocka_unit_test(what_follows_a_reply_is_left_alone),
		cmocka_unit_test(a_line_beyond_the_limit_is_refused),
		cmocka_unit_test(a_reply_that_never_ends_is_refused),
		cmocka_unit_test(capabilities_are_found_as_the_table_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
