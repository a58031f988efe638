/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wire/ssl2.h"

static void
the_client_hello_is_these_bytes(void **state)
{
	static const uint8_t challenge[SSL2_CHALLENGE_LEN] = "challenge";
	static const uint8_t head[] = { 0x80, 58, 1, 0, 2, 0, 33, 0, 0, 0, 16, 1, 0, 0x80 };
	struct buf out;

	(void)state;
	buf_init(&out, 1000);
	assert_true(ssl2_write_hello(challenge, &out));
	assert_int_equal(out.len, 60);
	assert_memory_equal(out.data, head, sizeof(head));
	assert_memory_equal(out.data + 44, challenge, SSL2_CHALLENGE_LEN);
	buf_release(&out);
	buf_init(&out, 59);
	assert_false(ssl2_write_hello(challenge, &out));
	buf_release(&out);
}

#define SERVER_HELLO "\x80\x12\4\0\1\0\2\0\2\0\3\0\2\x30\0\2\0\x80zz"

static const struct answer_case {
	const char *name;
	const char *bytes;
	size_t len;
	enum ssl2_state state;
	size_t ciphers; /* bytes */
	uint16_t error;
} answers[] = {
	{ "a SERVER-HELLO with one cipher", SERVER_HELLO, 20, SSL2_HELLO, 3, 0 },
	{ "bytes behind it do not matter", SERVER_HELLO "x", 21, SSL2_HELLO, 3, 0 },
	{ "a SERVER-HELLO without ciphers", "\x80\x0b\4\0\1\0\2\0\0\0\0\0\0", 13, SSL2_HELLO, 0,
		0 },
	{ "no cipher in common", "\x80\3\0\0\1", 5, SSL2_ERROR, 0, 1 },
	{ "an error that is too long", "\x80\4\0\0\1\0", 6, SSL2_MALFORMED, 0, 0 },
	{ "lengths beyond the message", "\x80\x0b\4\0\1\0\2\0\0\0\3\0\0", 13, SSL2_MALFORMED, 0,
		0 },
	{ "half a cipher kind", "\x80\x0d\4\0\1\0\2\0\0\0\2\0\0ab", 15, SSL2_MALFORMED, 0, 0 },
	{ "a TLS alert", "\x15\3\1\0\2\2\50", 7, SSL2_OTHER, 0, 0 },
	{ "plain text", "454 no", 6, SSL2_OTHER, 0, 0 },
	{ "plain text with its high bit set", "\xc3\xa4\xc3\xa4", 4, SSL2_OTHER, 0, 0 },
	{ "a message without content", "\x80\0", 2, SSL2_MALFORMED, 0, 0 },
};

static void
answers_are_told_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		const struct answer_case *row = &answers[i];
		struct ssl2_answer got =
			ssl2_read((struct span){ (const uint8_t *)row->bytes, row->len });

		if (got.state != row->state || got.ciphers.len != row->ciphers ||
			got.error != row->error)
			fail_msg("%s: got state %d, %zu bytes of ciphers, error %u; want %d, %zu, "
				 "%u",
				row->name, (int)got.state, got.ciphers.len, got.error,
				(int)row->state, row->ciphers, row->error);
	}
}

static void
every_prefix_of_a_hello_needs_more(void **state)
{
	(void)state;
	for (size_t len = 0; len < 20; len++) {
		struct ssl2_answer got =
			ssl2_read((struct span){ (const uint8_t *)SERVER_HELLO, len });

		if (got.state != SSL2_MORE)
			fail_msg("got state %d after %zu bytes", (int)got.state, len);
	}
}

static void
details_of_a_hello_are_kept(void **state)
{
	struct ssl2_answer got = ssl2_read((struct span){ (const uint8_t *)SERVER_HELLO, 20 });

	(void)state;
	assert_int_equal(got.version, 2);
	assert_int_equal(got.certificate.len, 2);
	assert_int_equal(got.certificate.data[0], 0x30);
	assert_memory_equal(got.ciphers.data, "\2\0\x80", 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_client_hello_is_these_bytes),
		cmocka_unit_test(answers_are_told_apart),
		cmocka_unit_test(every_prefix_of_a_hello_needs_more),
		cmocka_unit_test(details_of_a_hello_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
