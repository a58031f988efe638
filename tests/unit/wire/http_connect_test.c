/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * CONNECT and the head of its response.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wire/http_connect.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct proxy_answer
read_head(const char *bytes, size_t len)
{
	return http_read_head((struct span){ (const uint8_t *)bytes, len });
}

static const struct {
	const char *head;
	unsigned status;
} heads[] = {
	{ "HTTP/1.1 200 Connection established\r\n\r\n", 200 },
	{ "HTTP/1.0 200 OK\r\n\r\n", 200 },
	{ "HTTP/1.1 299 \r\n\r\n", 299 },
	{ "HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=\"a\"\r\nContent-Length: 12\r\n\r\n",
		407 },
	{ "HTTP/1.1 100 Continue\r\n\r\n", 100 },
	{ "HTTP/1.1 502 \xe2\x80\xa6\r\nX-Y_z!:\r\nA:\tb\r\n\r\n", 502 },
};

static void
a_head_is_whole_with_its_blank_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(heads); i++) {
		size_t whole = strlen(heads[i].head);
		struct proxy_answer answer;

		for (size_t len = 0; len < whole; len++) {
			answer = read_head(heads[i].head, len);
			if (answer.state != PROXY_ANSWER_MORE || answer.need == 0 ||
				len + answer.need > whole)
				fail_msg("%s: %zu bytes: state %d, %zu more", heads[i].head, len,
					(int)answer.state, answer.need);
		}
		answer = read_head(heads[i].head, whole);
		if (answer.state != PROXY_ANSWER_WHOLE || answer.code != heads[i].status)
			fail_msg("%s: state %d, %u", heads[i].head, (int)answer.state, answer.code);
	}
}

static void
what_comes_behind_the_blank_line_does_not_matter(void **state)
{
	static const char bytes[] =
		"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n220 hello\n\x16\x03";
	struct proxy_answer answer = read_head(bytes, sizeof(bytes) - 1);

	(void)state;
	assert_int_equal(answer.state, PROXY_ANSWER_WHOLE);
	assert_int_equal(answer.code, 200);
}

static const char *const malformed[] = {
	"2",
	"220 mail.example.test ESMTP\r\n",
	"\x05\x01",
	"HTTP/2.0",
	"HTTP/1.1 2x",
	"HTTP/1.1  ",
	"HTTP/1.1 200\r\n",
	"HTTP/1.1 099 \r\n",
	"HTTP/1.1 2000 OK\r\n",
	"HTTP/1.1 200 OK\n",
	"HTTP/1.1 200 OK\r\r",
	"HTTP/1.1 200 O\x01",
	"\r\n",
	"HTTP/1.1 200 OK\r\nno field\r\n",
	"HTTP/1.1 200 OK\r\n: empty\r\n",
	"HTTP/1.1 200 OK\r\nA : b\r\n",
	"HTTP/1.1 200 OK\r\nA: b\r\n gone on with\r\n",
	"HTTP/1.1 200 OK\r\nA: b\x7f",
};

static void
what_is_no_head_is_seen_at_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(malformed); i++) {
		struct proxy_answer answer = read_head(malformed[i], strlen(malformed[i]));

		if (answer.state != PROXY_ANSWER_MALFORMED)
			fail_msg("\"%s\": got state %d", malformed[i], (int)answer.state);
	}
}

static void
a_head_that_does_not_end_is_given_up(void **state)
{
	static const char line[] = "HTTP/1.1 200 OK\r\nA: ";
	char bytes[HTTP_HEAD_MAX + 1];

	(void)state;
	memset(bytes, 'b', sizeof(bytes));
	memcpy(bytes, line, sizeof(line) - 1);
	assert_int_equal(read_head(bytes, HTTP_HEAD_MAX - 1).state, PROXY_ANSWER_MORE);
	assert_int_equal(read_head(bytes, HTTP_HEAD_MAX).state, PROXY_ANSWER_MALFORMED);
	memcpy(bytes + HTTP_HEAD_MAX - 4, "\r\n\r\n", 4);
	assert_int_equal(read_head(bytes, HTTP_HEAD_MAX).state, PROXY_ANSWER_WHOLE);
	memcpy(bytes + HTTP_HEAD_MAX - 4, "b\r\n\r\n", 5);
	assert_int_equal(read_head(bytes, HTTP_HEAD_MAX + 1).state, PROXY_ANSWER_MALFORMED);
}

static void
expect_request(const char *host, const char *username, const char *want)
{
	struct buf out;

	buf_init(&out, HTTP_HEAD_MAX);
	http_write_connect(&out, host, 587, username, username == NULL ? NULL : "open sesame");
	assert_string_equal(out.data, want);
	buf_release(&out);
}

static void
a_request_names_host_and_port(void **state)
{
	(void)state;
	expect_request("mail.example.test", NULL,
		"CONNECT mail.example.test:587 HTTP/1.1\r\nHost: mail.example.test:587\r\n\r\n");
	expect_request("2001:db8::1", NULL,
		"CONNECT [2001:db8::1]:587 HTTP/1.1\r\nHost: [2001:db8::1]:587\r\n\r\n");
	/* RFC 7617 section 2 */
	expect_request("a.example", "Aladdin",
		"CONNECT a.example:587 HTTP/1.1\r\nHost: a.example:587\r\n"
		"Proxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_head_is_whole_with_its_blank_line),
		cmocka_unit_test(what_comes_behind_the_blank_line_does_not_matter),
		cmocka_unit_test(what_is_no_head_is_seen_at_once),
		cmocka_unit_test(a_head_that_does_not_end_is_given_up),
		cmocka_unit_test(a_request_names_host_and_port),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
