/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a reply says: whether it is a yes, and which capabilities it offers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gate/reply.h"

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
		reply_init(&reply, &arena);
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
	reply_init(&reply, &arena);
	reply_feed(&reply, bytes, sizeof(bytes) - 1);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if ((reply_capability(&reply, cases[i].capability) != NULL) != cases[i].offered)
			fail_msg("\"%s\": got %d", cases[i].capability, !cases[i].offered);
	reply_release(&reply);
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_a_whole_2xx_is_positive),
		cmocka_unit_test(a_capability_is_a_whole_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
