/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The messages of SOCKS 5.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wire/socks.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define BYTES(text) text, sizeof(text) - 1

typedef struct proxy_answer reader(struct span bytes);

struct answer_row {
	const char *sentence;
	reader *read;
	const char *bytes;
	size_t len;
	unsigned code;
};

static const struct answer_row answers[] = {
	{ "no login is needed", socks_read_method, BYTES("\x05\x00"), SOCKS_METHOD_NONE },
	{ "a login is", socks_read_method, BYTES("\x05\x02"), SOCKS_METHOD_LOGIN },
	{ "no method will do", socks_read_method, BYTES("\x05\xff"), SOCKS_METHOD_UNACCEPTABLE },
	{ "the login is right", socks_read_login, BYTES("\x01\x00"), 0 },
	{ "the login is wrong", socks_read_login, BYTES("\x01\x01"), 1 },
	{ "connected, from an IPv4 address", socks_read_reply,
		BYTES("\x05\x00\x00\x01\x7f\x00\x00\x01\x02\x4b"), SOCKS_SUCCEEDED },
	{ "connected, from an IPv6 address", socks_read_reply,
		BYTES("\x05\x00\x00\x04"
		      "0123456789abcdef"
		      "\x02\x4b"),
		SOCKS_SUCCEEDED },
	{ "connected, from a name", socks_read_reply, BYTES("\x05\x00\x00\x03\x05proxy\x02\x4b"),
		SOCKS_SUCCEEDED },
	{ "connected, from a name without a letter", socks_read_reply,
		BYTES("\x05\x00\x00\x03\x00\x02\x4b"), SOCKS_SUCCEEDED },
	{ "refused", socks_read_reply, BYTES("\x05\x05\x00\x01\x00\x00\x00\x00\x00\x00"),
		SOCKS_REFUSED },
	{ "a reply that nobody has assigned", socks_read_reply,
		BYTES("\x05\xee\x00\x01\x00\x00\x00\x00\x00\x00"), 0xee },
};

static void
expect(const struct answer_row *row, size_t len, enum proxy_answer_state state)
{
	struct proxy_answer answer = row->read((struct span){ (const uint8_t *)row->bytes, len });

	if (answer.state != state || (state == PROXY_ANSWER_WHOLE && answer.code != row->code))
		fail_msg("%s, %zu bytes: got state %d, code %u", row->sentence, len,
			(int)answer.state, answer.code);
	if (state == PROXY_ANSWER_MORE && (answer.need == 0 || len + answer.need > row->len))
		fail_msg("%s, %zu bytes: it wants %zu more", row->sentence, len, answer.need);
}

static void
an_answer_is_whole_with_its_last_byte(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(answers); i++) {
		for (size_t len = 0; len < answers[i].len; len++)
			expect(&answers[i], len, PROXY_ANSWER_MORE);
		expect(&answers[i], answers[i].len, PROXY_ANSWER_WHOLE);
	}
}

static const struct answer_row malformed[] = {
	{ "a method of SOCKS 4", socks_read_method, BYTES("\x04"), 0 },
	{ "a mail server", socks_read_method, BYTES("220 "), 0 },
	{ "a login of SOCKS 5 itself", socks_read_login, BYTES("\x05"), 0 },
	{ "a reply of SOCKS 4", socks_read_reply, BYTES("\x00\x5a"), 0 },
	{ "something where nothing may be", socks_read_reply, BYTES("\x05\x00\x01"), 0 },
	{ "an address of no kind", socks_read_reply, BYTES("\x05\x00\x00\x00"), 0 },
	{ "an address of another kind", socks_read_reply, BYTES("\x05\x00\x00\x02"), 0 },
};

static void
what_is_no_answer_is_seen_at_its_first_wrong_byte(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(malformed); i++)
		expect(&malformed[i], malformed[i].len, PROXY_ANSWER_MALFORMED);
}

static void
expect_bytes(const struct buf *got, const char *want, size_t len)
{
	assert_int_equal(got->len, len);
	assert_memory_equal(got->data, want, len);
}

static void
questions_are_those_of_the_rfcs(void **state)
{
	static const char loopback[] = "\x7f\x00\x00\x01", name[] = "a.example";
	struct buf out;

	(void)state;
	buf_init(&out, SOCKS_MESSAGE_MAX);
	socks_write_methods(&out, false);
	expect_bytes(&out, BYTES("\x05\x01\x00"));
	buf_reset(&out);
	socks_write_methods(&out, true);
	expect_bytes(&out, BYTES("\x05\x02\x00\x02"));
	buf_reset(&out);
	assert_true(socks_write_login(&out, "joe", "pass"));
	expect_bytes(&out, BYTES("\x01\x03joe\x04pass"));
	buf_reset(&out);
	assert_true(socks_write_connect(
		&out, SOCKS_IPV4, (struct span){ (const uint8_t *)loopback, 4 }, 587));
	expect_bytes(&out, BYTES("\x05\x01\x00\x01\x7f\x00\x00\x01\x02\x4b"));
	buf_reset(&out);
	assert_true(socks_write_connect(
		&out, SOCKS_DOMAIN, (struct span){ (const uint8_t *)name, 9 }, 25));
	expect_bytes(&out, BYTES("\x05\x01\x00\x03\x09"
				 "a.example\x00\x19"));
	buf_release(&out);
}

/* A length is one byte. */
static void
what_does_not_fit_is_not_written(void **state)
{
	char longest[257];
	struct span name = { (const uint8_t *)longest, 255 };
	struct buf out;

	(void)state;
	memset(longest, 'a', sizeof(longest));
	longest[256] = '\0';
	buf_init(&out, SOCKS_MESSAGE_MAX);
	assert_true(socks_write_connect(&out, SOCKS_DOMAIN, name, 25));
	name.len = 256;
	assert_false(socks_write_connect(&out, SOCKS_DOMAIN, name, 25));
	assert_false(socks_write_connect(&out, SOCKS_IPV4, name, 25));
	assert_false(socks_write_login(&out, longest, "a"));
	assert_false(socks_write_login(&out, "a", longest));
	assert_false(socks_write_login(&out, "", "a"));
	assert_false(socks_write_login(&out, "a", ""));
	buf_reset(&out);
	longest[255] = '\0';
	assert_true(socks_write_login(&out, longest, longest));
	assert_int_equal(out.len, 1 + 2 * 256);
	buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_is_whole_with_its_last_byte),
		cmocka_unit_test(what_is_no_answer_is_seen_at_its_first_wrong_byte),
		cmocka_unit_test(questions_are_those_of_the_rfcs),
		cmocka_unit_test(what_does_not_fit_is_not_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
