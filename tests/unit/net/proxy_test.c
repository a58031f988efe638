/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Dialling through proxies that play scripts: no socket is opened, and no name is looked up.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dialled_script.h"
#include "net/proxy.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define BYTES(text) text, sizeof(text) - 1

/* Answers of SOCKS, as exchanges with whatever was asked. */
#define ANSWER(text)                         \
	{                                    \
		script_anything, BYTES(text) \
	}
#define OPEN ANSWER("\x05\x00")
#define WANTS_LOGIN ANSWER("\x05\x02")
#define GREETING "220 mail.example.test\r\n"
#define BOUND "\x00\x01\x7f\x00\x00\x01\x02\x4b"
#define CONNECT "CONNECT 192.0.2.7:587 HTTP/1.1\r\nHost: 192.0.2.7:587\r\n\r\n"

/* What a proxy, reached or not, makes of one connection. */
struct row {
	const char *sentence;
	enum proxy_protocol protocol;
	bool login;
	struct scripted proxy;
	enum outcome outcome;
	enum dial_fault fault;
	const char *text; /* in the error; or what comes through the connection */
};

static const struct row rows[] = {
	{ "SOCKS without a login", PROXY_SOCKS5, false,
		{ .exchanges = { OPEN, ANSWER("\x05\x00" BOUND GREETING) } }, OUTCOME_DONE,
		DIAL_FAULT_NONE, GREETING },
	{ "SOCKS that looks names up", PROXY_SOCKS5H, false,
		{ .exchanges = { OPEN, ANSWER("\x05\x00\x00\x03\x05proxy\x02\x4b" GREETING) } },
		OUTCOME_DONE, DIAL_FAULT_NONE, GREETING },
	{ "a login that is not asked for is not sent", PROXY_SOCKS5, true,
		{ .exchanges = { OPEN, ANSWER("\x05\x00" BOUND GREETING) } }, OUTCOME_DONE,
		DIAL_FAULT_NONE, GREETING },
	{ "SOCKS with a login", PROXY_SOCKS5, true,
		{ .exchanges = { WANTS_LOGIN, { "\x01\x03joe\x04pass", BYTES("\x01\x00") },
			  ANSWER("\x05\x00" BOUND GREETING) } },
		OUTCOME_DONE, DIAL_FAULT_NONE, GREETING },
	{ "SOCKS with a wrong password", PROXY_SOCKS5, true,
		{ .exchanges = { WANTS_LOGIN, ANSWER("\x01\x01") } }, OUTCOME_BROKEN,
		DIAL_FAULT_PROXY_LOGIN, "it refuses the user or the password" },
	{ "SOCKS that wants a login that nobody has", PROXY_SOCKS5, false,
		{ .exchanges = { ANSWER("\x05\xff") } }, OUTCOME_BROKEN, DIAL_FAULT_PROXY_LOGIN,
		"it takes no client without a login" },
	{ "SOCKS that takes no login of ours", PROXY_SOCKS5, true,
		{ .exchanges = { ANSWER("\x05\xff") } }, OUTCOME_BROKEN, DIAL_FAULT_PROXY_LOGIN,
		"it takes no client that logs in with a password" },
	{ "a method that was not offered", PROXY_SOCKS5, false, { .exchanges = { WANTS_LOGIN } },
		OUTCOME_BROKEN, DIAL_FAULT_PROXY, "it chose method 2, which was not offered" },
	{ "only this is a refusal of the server", PROXY_SOCKS5, false,
		{ .exchanges = { OPEN, ANSWER("\x05\x05" BOUND) } }, OUTCOME_REFUSED,
		DIAL_FAULT_SERVER, "SOCKS reply 5, the server refused the connection" },
	{ "a general failure says nothing of the server", PROXY_SOCKS5, false,
		{ .exchanges = { OPEN, ANSWER("\x05\x01" BOUND) } }, OUTCOME_BROKEN,
		DIAL_FAULT_BEYOND_PROXY, "SOCKS reply 1, general failure" },
	{ "rules of the proxy", PROXY_SOCKS5, false,
		{ .exchanges = { OPEN, ANSWER("\x05\x02" BOUND) } }, OUTCOME_BROKEN,
		DIAL_FAULT_PROXY_RULES, "SOCKS reply 2" },
	{ "no way to the host", PROXY_SOCKS5, false,
		{ .exchanges = { OPEN, ANSWER("\x05\x04" BOUND) } }, OUTCOME_BROKEN,
		DIAL_FAULT_BEYOND_PROXY, "SOCKS reply 4, the host is unreachable" },
	{ "a reply that nobody has assigned", PROXY_SOCKS5, false,
		{ .exchanges = { OPEN, ANSWER("\x05\x09" BOUND) } }, OUTCOME_BROKEN,
		DIAL_FAULT_PROXY, "SOCKS reply 9, which is no reply of SOCKS" },
	{ "a proxy of SOCKS 4", PROXY_SOCKS5, false,
		{ .exchanges = { ANSWER("\x00\x5b\x00\x00\x00\x00\x00\x00") } }, OUTCOME_BROKEN,
		DIAL_FAULT_PROXY, "the SOCKS greeting: the answer is not what its protocol has" },
	{ "a close within the reply", PROXY_SOCKS5, false,
		{ .exchanges = { OPEN, ANSWER("\x05\x00\x00\x01\x7f") } }, OUTCOME_BROKEN,
		DIAL_FAULT_PROXY, "the SOCKS request: closed" },
	{ "silence to the greeting is the proxy's", PROXY_SOCKS5, false,
		{ .exchanges = { { script_anything, "", 0 } }, .end = STREAM_TIMEOUT },
		OUTCOME_BROKEN, DIAL_FAULT_PROXY, "the SOCKS greeting: no answer within" },
	{ "silence to the request may be the server's", PROXY_SOCKS5, false,
		{ .exchanges = { OPEN, { script_anything, "", 0 } }, .end = STREAM_TIMEOUT },
		OUTCOME_BROKEN, DIAL_FAULT_BEYOND_PROXY, "the SOCKS request: no answer within" },
	{ "HTTP", PROXY_HTTP, false,
		{ .exchanges = { { CONNECT, "HTTP/1.1 200 yes\r\n\r\n" GREETING, 0 } } },
		OUTCOME_DONE, DIAL_FAULT_NONE, GREETING },
	{ "HTTP with fields of a body that is none", PROXY_HTTP, false,
		{ .exchanges = { { CONNECT,
			  "HTTP/1.1 200 yes\r\nContent-Length: 5\r\n\r\n" GREETING, 0 } } },
		OUTCOME_DONE, DIAL_FAULT_NONE, GREETING },
	{ "HTTP that says first that it will say something", PROXY_HTTP, false,
		{ .exchanges = { { CONNECT,
			  "HTTP/1.1 102 wait\r\nA: b\r\n\r\nHTTP/1.1 200 yes\r\n\r\n" GREETING,
			  0 } } },
		OUTCOME_DONE, DIAL_FAULT_NONE, GREETING },
	{ "HTTP that wants a login", PROXY_HTTP, false,
		{ .exchanges = { { CONNECT, "HTTP/1.1 407 who\r\n\r\n", 0 } } }, OUTCOME_BROKEN,
		DIAL_FAULT_PROXY_LOGIN, "it answered CONNECT with 407" },
	{ "HTTP that says so like a server", PROXY_HTTP, true,
		{ .exchanges = { { script_anything, "HTTP/1.1 401 who\r\n\r\n", 0 } } },
		OUTCOME_BROKEN, DIAL_FAULT_PROXY_LOGIN, "it answered CONNECT with 401" },
	{ "HTTP with rules", PROXY_HTTP, false,
		{ .exchanges = { { CONNECT, "HTTP/1.1 403 no\r\n\r\n", 0 } } }, OUTCOME_BROKEN,
		DIAL_FAULT_PROXY_RULES, "it answered CONNECT with 403" },
	{ "HTTP that did not get there does not say why", PROXY_HTTP, false,
		{ .exchanges = { { CONNECT, "HTTP/1.1 503 refused\r\n\r\n", 0 } } }, OUTCOME_BROKEN,
		DIAL_FAULT_BEYOND_PROXY, "it answered CONNECT with 503" },
	{ "a redirection leads nowhere", PROXY_HTTP, false,
		{ .exchanges = { { CONNECT, "HTTP/1.1 302 there\r\nLocation: a\r\n\r\n", 0 } } },
		OUTCOME_BROKEN, DIAL_FAULT_PROXY, "it answered CONNECT with 302" },
	{ "a mail server is no proxy", PROXY_HTTP, false,
		{ .exchanges = { { NULL, GREETING, 0 } } }, OUTCOME_BROKEN, DIAL_FAULT_PROXY,
		"CONNECT: " },
	{ "a close instead of an answer", PROXY_HTTP, false,
		{ .exchanges = { { CONNECT, "", 0 } } }, OUTCOME_BROKEN, DIAL_FAULT_PROXY,
		"CONNECT: closed" },
	{ "a close behind half a head", PROXY_HTTP, false,
		{ .exchanges = { { CONNECT, "HTTP/1.1 200 yes\r\n", 0 } } }, OUTCOME_BROKEN,
		DIAL_FAULT_PROXY, "CONNECT: closed" },
};

/* A proxy and what it is asked for. */
struct scene {
	struct proxy proxy;
	struct dialled_script script;
	size_t dialled_count;
	struct dial_request request;
	struct stream stream;
	struct dialled dialled;
	struct error error;
};

static void
scene_set(struct scene *scene, const struct row *row, const char *host, size_t connections)
{
	memset(scene, 0, sizeof(*scene));
	script_endpoint(&scene->script, &row->proxy, connections, &scene->dialled_count);
	scene->proxy = (struct proxy){ .dialler = { "socks5://proxy.example:1080", proxy_dial },
		.way = &scene->script.dialler,
		.protocol = row->protocol,
		.host = "proxy.example",
		.port = 1080,
		.username = row->login ? "joe" : NULL,
		.password = row->login ? "pass" : NULL };
	scene->request = (struct dial_request){ .host = host,
		.port = 587,
		.route = dial_route_create(),
		.look_up_deadline_ms = clock_now_ms() + 1000,
		.timeout_ms = 1000,
		.deadline_ms = clock_now_ms() + 5000 };
}

static enum outcome
scene_dial(struct scene *scene)
{
	return dial(&scene->proxy.dialler, &scene->request, &scene->stream, &scene->dialled,
		&scene->error);
}

static void
scene_clear(struct scene *scene)
{
	stream_close(&scene->stream);
	dial_route_free(scene->request.route);
}

/* The stream has all that the server says, and nothing of what the proxy said. */
static void
expect_through(struct scene *scene, const char *sentence, const char *want)
{
	if (scene->stream.unread.len != 0)
		fail_msg("%s: %zu bytes were read ahead", sentence, scene->stream.unread.len);
	assert_int_equal(stream_fill(&scene->stream, clock_now_ms() + 1000), STREAM_OK);
	if (strcmp(scene->stream.unread.data, want) != 0)
		fail_msg("%s: got \"%s\"", sentence, scene->stream.unread.data);
}

static void
expect_row(const struct row *row, size_t portion)
{
	struct row portioned = *row;
	struct scene scene;
	enum outcome outcome;

	portioned.proxy.portion = portion;
	scene_set(&scene, &portioned, "192.0.2.7", 1);
	outcome = scene_dial(&scene);
	if (outcome != row->outcome || scene.dialled.fault != row->fault)
		fail_msg("%s: got outcome %d, fault %d, \"%s\"", row->sentence, (int)outcome,
			(int)scene.dialled.fault, scene.error.text);
	if (outcome == OUTCOME_DONE && portion == 0)
		expect_through(&scene, row->sentence, row->text);
	if (outcome != OUTCOME_DONE && strstr(scene.error.text, row->text) == NULL)
		fail_msg("%s: got \"%s\"", row->sentence, scene.error.text);
	if (outcome != OUTCOME_DONE && strstr(scene.error.text, "the proxy socks5://proxy") == NULL)
		fail_msg("%s: it does not say who: \"%s\"", row->sentence, scene.error.text);
	assert_int_equal(stream_is_open(&scene.stream), outcome == OUTCOME_DONE);
	assert_string_equal(scene.dialled.address, "192.0.2.7");
	scene_clear(&scene);
}

static void
what_the_proxy_says_decides(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		expect_row(&rows[i], 0);
}

static void
an_answer_is_the_same_in_any_portions(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		for (size_t portion = 1; portion < 12; portion++)
			expect_row(&rows[i], portion);
}

static void
a_proxy_that_is_not_there_is_not_the_server(void **state)
{
	static const struct row row = { .protocol = PROXY_SOCKS5 };
	struct scene scene;

	(void)state;
	scene_set(&scene, &row, "192.0.2.7", 0);
	assert_int_equal(scene_dial(&scene), OUTCOME_BROKEN);
	assert_int_equal(scene.dialled.fault, DIAL_FAULT_PROXY);
	assert_string_equal(scene.error.text, "the proxy socks5://proxy.example:1080: "
					      "proxy.example port 1080 refused the connection");
	scene_clear(&scene);
}

static void
a_limit_of_our_own_is_not_the_proxys(void **state)
{
	static const struct row row = { .protocol = PROXY_SOCKS5,
		.proxy = { .fault = DIAL_FAULT_FILES } };
	struct scene scene;

	(void)state;
	scene_set(&scene, &row, "192.0.2.7", 1);
	assert_int_equal(scene_dial(&scene), OUTCOME_BROKEN);
	assert_int_equal(scene.dialled.fault, DIAL_FAULT_FILES);
	scene_clear(&scene);
}

/* With socks5h and http the name goes to the proxy as it is; nobody here knows its address. */
static void
a_name_that_the_proxy_looks_up_is_not_looked_up_here(void **state)
{
	static const struct row named[] = {
		{ .protocol = PROXY_SOCKS5H,
			.proxy = { .exchanges = { OPEN, ANSWER("\x05\x00" BOUND) } } },
		{ .protocol = PROXY_HTTP,
			.proxy = { .exchanges = { { "CONNECT mail.invalid:587 HTTP/1.1\r\n"
						    "Host: mail.invalid:587\r\n\r\n",
					   "HTTP/1.1 200 yes\r\n\r\n", 0 } } } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(named); i++) {
		struct scene scene;

		scene_set(&scene, &named[i], "mail.invalid", 1);
		if (scene_dial(&scene) != OUTCOME_DONE)
			fail_msg("%zu: %s", i, scene.error.text);
		assert_string_equal(scene.dialled.address, "");
		assert_int_equal(scene.dialled.addresses, 0);
		scene_clear(&scene);
	}
}

static void
a_name_too_long_for_one_byte_is_not_cut(void **state)
{
	static const struct row row = { .protocol = PROXY_SOCKS5H,
		.proxy = { .exchanges = { OPEN } } };
	char name[300];
	struct scene scene;

	(void)state;
	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	scene_set(&scene, &row, name, 1);
	assert_int_equal(scene_dial(&scene), OUTCOME_BROKEN);
	assert_int_equal(scene.dialled.fault, DIAL_FAULT_NAME);
	scene_clear(&scene);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_proxy_says_decides),
		cmocka_unit_test(an_answer_is_the_same_in_any_portions),
		cmocka_unit_test(a_proxy_that_is_not_there_is_not_the_server),
		cmocka_unit_test(a_limit_of_our_own_is_not_the_proxys),
		cmocka_unit_test(a_name_that_the_proxy_looks_up_is_not_looked_up_here),
		cmocka_unit_test(a_name_too_long_for_one_byte_is_not_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
