/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Responses to a GET, in whatever portions they come.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wire/http_get.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define OK "HTTP/1.1 200 OK\r\n"
#define CHUNKED OK "Transfer-Encoding: chunked\r\n\r\n"

static const struct {
	const char *name;
	const char *bytes;
	enum http_state state; /* when the bytes are followed by an orderly close */
	unsigned status;
	const char *body;
	bool surplus;
} cases[] = {
	{ "a length", OK "Content-Length: 5\r\n\r\nhello", HTTP_WHOLE, 200, "hello", false },
	{ "a length of nothing", OK "Content-Length: 0\r\n\r\n", HTTP_WHOLE, 200, "", false },
	{ "the same length twice", OK "Content-Length: 1\r\ncontent-length:1\r\n\r\na", HTTP_WHOLE,
		200, "a", false },
	{ "neither length nor chunks", OK "\r\nhello", HTTP_WHOLE, 200, "hello", false },
	{ "nothing behind the head", OK "\r\n", HTTP_WHOLE, 200, "", false },
	{ "HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\nhello", HTTP_WHOLE, 200, "hello", false },
	{ "no reason", "HTTP/1.1 404 \r\nContent-Length: 1\r\n\r\nx", HTTP_WHOLE, 404, "x", false },
	{ "204", "HTTP/1.1 204 No\r\n\r\n", HTTP_WHOLE, 204, "", false },
	{ "chunks", CHUNKED "5\r\nhello\r\n6;a=b\r\n world\r\n0\r\n\r\n", HTTP_WHOLE, 200,
		"hello world", false },
	{ "chunks in hexadecimal", CHUNKED "A \r\n0123456789\r\n00\r\n\r\n", HTTP_WHOLE, 200,
		"0123456789", false },
	{ "trailers", CHUNKED "1\r\na\r\n0\r\nX: y\r\n\r\n", HTTP_WHOLE, 200, "a", false },
	{ "an empty body of chunks", CHUNKED "0\r\n\r\n", HTTP_WHOLE, 200, "", false },
	{ "100 in front", "HTTP/1.1 100 Continue\r\nContent-Length: 9\r\n\r\n" OK "\r\nhello",
		HTTP_WHOLE, 200, "hello", false },
	{ "a second response", OK "Content-Length: 1\r\n\r\na" OK, HTTP_WHOLE, 200, "a", true },
	{ "bytes behind the chunks", CHUNKED "0\r\n\r\n\r\n", HTTP_WHOLE, 200, "", true },

	{ "nothing", "", HTTP_TRUNCATED, 0, "", false },
	{ "half a head", OK "Content-Length: 5\r\n", HTTP_TRUNCATED, 200, "", false },
	{ "a body that is too short", OK "Content-Length: 6\r\n\r\nhello", HTTP_TRUNCATED, 200,
		"hello", false },
	{ "half a chunk", CHUNKED "5\r\nhel", HTTP_TRUNCATED, 200, "hel", false },
	{ "no last chunk", CHUNKED "1\r\na\r\n", HTTP_TRUNCATED, 200, "a", false },
	{ "no blank line behind the last chunk", CHUNKED "0\r\n", HTTP_TRUNCATED, 200, "", false },
	{ "only 100", "HTTP/1.1 100 Continue\r\n\r\n", HTTP_TRUNCATED, 0, "", false },

	{ "another protocol", "220 mail.example.test\r\n", HTTP_MALFORMED, 0, "", false },
	{ "HTTP/2", "HTTP/2 200\r\n", HTTP_MALFORMED, 0, "", false },
	{ "a status that is too short", "HTTP/1.1 20 OK\r\n\r\n", HTTP_MALFORMED, 0, "", false },
	{ "LF alone", "HTTP/1.1 200 OK\n\n", HTTP_MALFORMED, 0, "", false },
	{ "no field", OK "hello\r\n\r\n", HTTP_MALFORMED, 200, "", false },
	{ "a field that is gone on with", OK "A: b\r\n c\r\n\r\n", HTTP_MALFORMED, 200, "", false },
	{ "a control", OK "A: \x01\r\n\r\n", HTTP_MALFORMED, 200, "", false },
	{ "two lengths", OK "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", HTTP_MALFORMED, 200,
		"", false },
	{ "a list of lengths", OK "Content-Length: 1, 1\r\n\r\na", HTTP_MALFORMED, 200, "", false },
	{ "a length below nothing", OK "Content-Length: -1\r\n\r\na", HTTP_MALFORMED, 200, "",
		false },
	{ "an empty length", OK "Content-Length:\r\n\r\na", HTTP_MALFORMED, 200, "", false },
	{ "a length of many digits", OK "Content-Length: 9999999999999999999\r\n\r\na",
		HTTP_MALFORMED, 200, "", false },
	{ "length and chunks", OK "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na",
		HTTP_MALFORMED, 200, "", false },
	{ "another coding", OK "Transfer-Encoding: gzip, chunked\r\n\r\n", HTTP_MALFORMED, 200, "",
		false },
	{ "chunked twice", OK "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
		HTTP_MALFORMED, 200, "", false },
	{ "a size that is no number", CHUNKED "x\r\n", HTTP_MALFORMED, 200, "", false },
	{ "an empty size", CHUNKED "\r\n", HTTP_MALFORMED, 200, "", false },
	{ "a size of nine digits", CHUNKED "000000001\r\na\r\n", HTTP_MALFORMED, 200, "", false },
	{ "a chunk that does not end where it says", CHUNKED "1\r\nab\r\n", HTTP_MALFORMED, 200,
		"a", false },
	{ "a trailer that is none", CHUNKED "0\r\nhello\r\n", HTTP_MALFORMED, 200, "", false },
	{ "a length above the limit", OK "Content-Length: 65537\r\n\r\na", HTTP_LONG, 200, "",
		false },
	{ "a chunk above the limit", CHUNKED "10001\r\na", HTTP_LONG, 200, "", false },
};

static void
feed(struct http_response *response, const char *bytes, size_t len, size_t portion)
{
	http_response_init(response);
	for (size_t i = 0; i < len; i += portion)
		http_response_feed(response, (struct span){ (const uint8_t *)bytes + i,
						     len - i < portion ? len - i : portion });
}

static void
responses_are_read_as_listed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		for (size_t portion = 1; portion < 100; portion += 49) {
			struct http_response got;

			feed(&got, cases[i].bytes, strlen(cases[i].bytes), portion);
			http_response_end(&got, true);
			if (got.state != cases[i].state || got.status != cases[i].status)
				fail_msg("%s: state %d, %u", cases[i].name, (int)got.state,
					got.status);
			if (strcmp(got.body.data, cases[i].body) != 0 ||
				got.surplus != cases[i].surplus)
				fail_msg("%s: body \"%s\", surplus %d", cases[i].name,
					got.body.data, got.surplus);
			http_response_release(&got);
		}
}

static void
no_beginning_of_a_response_is_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t whole = strlen(cases[i].bytes);

		if (cases[i].state != HTTP_WHOLE || cases[i].surplus)
			continue;
		for (size_t len = 0; len < whole; len++) {
			struct http_response got;

			feed(&got, cases[i].bytes, len, 64);
			if (got.state != HTTP_READING)
				fail_msg("%s: %zu bytes: state %d", cases[i].name, len,
					(int)got.state);
			http_response_release(&got);
		}
	}
}

static void
a_close_without_a_word_is_no_end(void **state)
{
	static const char bytes[] = OK "\r\nhello";
	struct http_response got;

	(void)state;
	feed(&got, bytes, sizeof(bytes) - 1, 100);
	http_response_end(&got, false);
	assert_int_equal(got.state, HTTP_TRUNCATED);
	http_response_release(&got);
}

static void
fields_are_kept(void **state)
{
	static const char bytes[] =
		"HTTP/1.1 301 Moved\r\ncontent-TYPE: \tText/Plain; charset=utf-8 \r\n"
		"Location: https://other.test/a\r\nContent-Encoding: gzip\r\n\r\n";
	struct http_response got;

	(void)state;
	feed(&got, bytes, sizeof(bytes) - 1, 7);
	assert_string_equal(got.type.data, "Text/Plain; charset=utf-8");
	assert_true(http_response_is_type(&got, "text/plain"));
	assert_false(http_response_is_type(&got, "text/plai"));
	assert_false(http_response_is_type(&got, "text/html"));
	assert_string_equal(got.location.data, "https://other.test/a");
	assert_true(got.encoded);
	http_response_release(&got);
}

/* A head, then the same bytes over and over. */
static enum http_state
state_after(const char *head, const char *again, size_t times)
{
	struct http_response got;
	enum http_state state;

	feed(&got, head, strlen(head), 100);
	for (size_t i = 0; i < times; i++)
		http_response_feed(&got, (struct span){ (const uint8_t *)again, strlen(again) });
	http_response_end(&got, true);
	state = got.state;
	http_response_release(&got);
	return state;
}

static void
responses_have_an_end(void **state)
{
	(void)state;
	assert_int_equal(state_after(OK "\r\n", "aaaaaaaa", HTTP_BODY_MAX / 8), HTTP_WHOLE);
	assert_int_equal(state_after(OK "\r\na", "aaaaaaaa", HTTP_BODY_MAX / 8), HTTP_LONG);
	assert_int_equal(
		state_after(OK "Content-Length: 65536\r\n\r\n", "aaaaaaaa", 8192), HTTP_WHOLE);
	assert_int_equal(state_after(CHUNKED, "1\r\na\r\n", 100000), HTTP_LONG);
	assert_int_equal(state_after(CHUNKED "1;", "a", 100000), HTTP_LONG);
	assert_int_equal(state_after(CHUNKED "0\r\n", "A: b\r\n", 100000), HTTP_LONG);
	assert_int_equal(state_after(OK, "A: b\r\n", 100000), HTTP_LONG);
	assert_int_equal(state_after(OK "A: ", "b", 100000), HTTP_LONG);
	assert_int_equal(state_after("", "HTTP/1.1 100 \r\n\r\n", 100000), HTTP_LONG);
}

static void
a_request_is_for_one_response(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 1000);
	http_write_get(&out, "mta-sts.example.test", 443, "/.well-known/mta-sts.txt");
	assert_string_equal(out.data, "GET /.well-known/mta-sts.txt HTTP/1.1\r\n"
				      "Host: mta-sts.example.test\r\nAccept: text/plain\r\n"
				      "User-Agent: starttls-gate\r\nConnection: close\r\n\r\n");
	buf_reset(&out);
	http_write_get(&out, "a.test", 8443, "/");
	assert_non_null(strstr(out.data, "\r\nHost: a.test:8443\r\n"));
	buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(responses_are_read_as_listed),
		cmocka_unit_test(no_beginning_of_a_response_is_whole),
		cmocka_unit_test(a_close_without_a_word_is_no_end),
		cmocka_unit_test(fields_are_kept),
		cmocka_unit_test(responses_have_an_end),
		cmocka_unit_test(a_request_is_for_one_response),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
