/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What replies bring for a mechanism, in each protocol.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wire/reply.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	const char *sentence, *protocol, *bytes;
	const char *data; /* NULL: none that can be read */
} rows[] = {
	{ "334", "smtp", "334 aGk=\r\n", "hi" },
	{ "334 without a text", "smtp", "334 \r\n", "" },
	{ "334 without a blank", "smtp", "334\r\n", "" },
	{ "334 with words", "smtp", "334 go on\r\n", NULL },
	{ "the last of two lines", "smtp", "334-eHh4\r\n334 aGk=\r\n", "hi" },
	{ "235 with data", "smtp", "235 dj1hYg==\r\n", "v=ab" },
	{ "235 with a code in front", "smtp", "235 2.7.0 dj1hYg==\r\n", "v=ab" },
	{ "235 with a code alone", "smtp", "235 2.7.0\r\n", "" },
	{ "235 with words", "smtp", "235 2.7.0 Authentication successful\r\n", NULL },
	{ "LMTP is the same", "lmtp", "334 aGk=\r\n", "hi" },
	{ "a plus", "imap", "+ aGk=\r\n", "hi" },
	{ "a plus alone", "imap", "+\r\n", "" },
	{ "a plus behind what is untagged", "imap", "* OK [ALERT] beware\r\n+ aGk=\r\n", "hi" },
	{ "a yes brings nothing", "imap", "g1 OK aGk=\r\n", "" },
	{ "nor does it in POP3", "pop3", "+OK aGk=\r\n", "" },
	{ "a plus in POP3", "pop3", "+ aGk=\r\n", "hi" },
	{ "a string", "sieve", "\"aGk=\"\r\n", "hi" },
	{ "an empty string", "sieve", "\"\"\r\n", "" },
	{ "a literal", "sieve", "{4}\r\naGk=\r\n", "hi" },
	{ "a yes with data", "sieve", "OK (SASL \"dj1hYg==\") \"done\"\r\n", "v=ab" },
	{ "data in a literal", "sieve", "OK (SASL {8}\r\ndj1hYg==) \"done\"\r\n", "v=ab" },
	{ "a yes alone", "sieve", "OK\r\n", "" },
	{ "another code", "sieve", "OK (TAG \"aGk=\")\r\n", "" },
	{ "a code without a string", "sieve", "OK (SASL )\r\n", "" },
	{ "FTP has no SASL", "ftp", "331 aGk=\r\n", "" },
};

static void
a_reply_brings_what_its_protocol_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena arena;
		struct reply reply;
		struct buf data;
		bool found;

		arena_init(&arena);
		buf_init(&data, 100);
		reply_init(&reply, dialect_find(rows[i].protocol), &arena);
		reply.to = REPLY_TO_AUTH;
		memcpy(reply.tag, "g1", 3);
		reply_feed(&reply, rows[i].bytes, strlen(rows[i].bytes));
		assert_int_equal(reply.state, REPLY_COMPLETE);
		found = reply_add_sasl_data(&reply, &data);
		if (found != (rows[i].data != NULL) ||
			(found && (data.len != strlen(rows[i].data) ||
					  (data.len != 0 &&
						  memcmp(data.data, rows[i].data, data.len) != 0))))
			fail_msg("%s: %s: got \"%s\"", rows[i].protocol, rows[i].sentence,
				found ? data.data : "none");
		buf_release(&data);
		reply_release(&reply);
		arena_release(&arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reply_brings_what_its_protocol_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
