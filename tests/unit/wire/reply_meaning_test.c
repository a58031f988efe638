/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a reply says: whether it is a yes, and which capabilities it offers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "wire/reply.h"

static const struct {
	const char *bytes;
	bool positive;
} replies[] = {
	{ "200 yes\r\n", true },
	{ "250 yes\r\n", true },
	{ "299 yes\r\n", true },
	{ "300 and then\r\n", false },
	{ "334 and then\r\n", false },
	{ "421 no\r\n", false },
	{ "550 no\r\n", false },
	{ "250-not yet\r\n", false },
	{ "250-a\r\n251 b\r\n", false },
	{ "250x\r\n", false },
	{ "", false },
};

static void
only_a_whole_2xx_is_positive(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(replies) / sizeof(replies[0]); i++) {
		struct arena arena;
		struct reply reply;

		arena_init(&arena);
		reply_init(&reply, &dialects[0], &arena);
		reply_feed(&reply, replies[i].bytes, strlen(replies[i].bytes));
		if (reply_is_positive(&reply) != replies[i].positive)
			fail_msg("\"%s\": got %d", replies[i].bytes, !replies[i].positive);
		reply_release(&reply);
		arena_release(&arena);
	}
}

static void
a_capability_is_a_whole_word(void **state)
{
	static const char bytes[] = "250-mail.example.test STARTTLS\r\n250-AUTHX PLAIN\r\n"
				    "250-SIZE 1000\r\n250 AUTH PLAINX CRAM-MD5\r\n";
	static const struct {
		const char *capability;
		bool offered;
	} cases[] = {
		{ "AUTH", true }, { "auth cram-md5", true }, { "AUTH PLAIN", false },
		{ "AUTHX", true }, { "AUTHX PLAIN", true }, { "AUT", false }, { "SIZE 100", false },
		{ "SIZE 1000", true }, { "SIZE 10000", false },
		{ "STARTTLS", false }, /* said of the host */
	};
	struct arena arena;
	struct reply reply;

	(void)state;
	arena_init(&arena);
	reply_init(&reply, &dialects[0], &arena);
	reply_feed(&reply, bytes, sizeof(bytes) - 1);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if ((reply_capability(&reply, cases[i].capability) != NULL) != cases[i].offered)
			fail_msg("\"%s\": got %d", cases[i].capability, !cases[i].offered);
	reply_release(&reply);
	arena_release(&arena);
}

static void
the_status_of_a_line_is_its_codes(void **state)
{
	static const struct {
		const char *bytes, *status;
	} lines[] = {
		{ "535 5.7.8 your password is hunter2\r\n", "535 5.7.8" },
		{ "535-5.7.8 more\r\n", "535 5.7.8" },
		{ "535 hunter2\r\n", "535" },
		{ "535 5.7.8hunter2\r\n", "535" },
		{ "535 5.1234.8 x\r\n", "535" },
		{ "535 1.2.3 x\r\n", "535" },
		{ "535 55.7.8 x\r\n", "535" },
		{ "221 2.0.0\r\n", "221 2.0.0" },
		{ "221\r\n", "221" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct arena arena;
		struct reply reply;
		struct buf status;

		arena_init(&arena);
		buf_init(&status, 100);
		reply_init(&reply, &dialects[0], &arena);
		reply_feed(&reply, lines[i].bytes, strlen(lines[i].bytes));
		reply_line_status(&reply, &reply.lines[0], &status);
		assert_string_equal(status.data, lines[i].status);
		reply_release(&reply);
		buf_release(&status);
		arena_release(&arena);
	}
}

static void
what_some_clients_read_otherwise_is_malformed(void **state)
{
	static const struct {
		const char *line;
		bool malformed;
	} lines[] = {
		{ "AUTH PLAIN LOGIN", false },
		{ "AUTH=PLAIN", false },
		{ "SIZE 52428800", false },
		{ "X-EXPS=LOGIN", false },
		{ "XCLIENT NAME ADDR", false },
		{ "AUTH\tPLAIN", true },
		{ "AUTH\vPLAIN", true },
		{ "AUTH:PLAIN", true },
		{ "AUTH PLAIN\tLOGIN", true },
		{ "STARTTLS,", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct arena arena;
		struct reply reply;
		char bytes[100];
		int len = snprintf(bytes, sizeof(bytes), "250-a\tb:c\r\n250 %s\r\n", lines[i].line);

		arena_init(&arena);
		reply_init(&reply, &dialects[0], &arena);
		reply_feed(&reply, bytes, (size_t)len);
		if ((reply_malformed_capability(&reply) != NULL) != lines[i].malformed)
			fail_msg("\"%s\": got %d", lines[i].line, !lines[i].malformed);
		reply_release(&reply);
		arena_release(&arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_a_whole_2xx_is_positive),
		cmocka_unit_test(a_capability_is_a_whole_word),
		cmocka_unit_test(the_status_of_a_line_is_its_codes),
		cmocka_unit_test(what_some_clients_read_otherwise_is_malformed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
