/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Connections that a proxy makes for us.
 */
#include "net/proxy.h"

#include <arpa/inet.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "route.h"
#include "wire/http_connect.h"
#include "wire/socks.h"

#define REQUEST_MAX 16384

const char *const proxy_protocol_names[] = {
	[PROXY_SOCKS5] = "socks5",
	[PROXY_SOCKS5H] = "socks5h",
	[PROXY_HTTP] = "http",
	NULL,
};

/* What is said to the proxy for one connection. */
struct negotiation {
	const struct proxy *proxy;
	const struct dial_request *request;
	const struct resolved_address *to; /* NULL: the proxy looks the host up */
	struct stream *stream;
	int64_t deadline_ms; /* of all of it */
	struct dialled *dialled;
	struct error *error;
};

static enum outcome fail(struct negotiation *negotiation, enum dial_fault fault, const char *format,
	...) __attribute__((format(printf, 3, 4)));

static enum outcome
fail(struct negotiation *negotiation, enum dial_fault fault, const char *format, ...)
{
	char text[ERROR_TEXT_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	negotiation->dialled->fault = fault;
	error_set(
		negotiation->error, "the proxy %s: %s", negotiation->proxy->dialler.through, text);
	return OUTCOME_BROKEN;
}

/* One thing that the proxy is asked. */
struct question {
	const char *name;
	struct proxy_answer (*read)(struct span bytes);
	enum dial_fault unanswered; /* whose fault it is when time runs out */
};

static const struct question methods = { "the SOCKS greeting", socks_read_method,
	DIAL_FAULT_PROXY };
static const struct question login = { "the SOCKS login", socks_read_login, DIAL_FAULT_PROXY };
/* While the proxy connects, it may be the server that does not answer. */
static const struct question request = { "the SOCKS request", socks_read_reply,
	DIAL_FAULT_BEYOND_PROXY };
static const struct question tunnel = { "CONNECT", http_read_head, DIAL_FAULT_BEYOND_PROXY };

static enum outcome
fail_to_answer(
	struct negotiation *negotiation, const struct question *question, enum stream_status status)
{
	static const char *const ends[] = {
		[STREAM_OK] = "the answer is not what its protocol has",
		[STREAM_CLOSED] = "closed",
		[STREAM_RESET] = "reset",
		[STREAM_TIMEOUT] = "no answer within the time allowed",
		[STREAM_INTERRUPTED] = "the run was interrupted",
		[STREAM_FAILED] = "the connection failed",
	};

	negotiation->dialled->timed_out = status == STREAM_TIMEOUT;
	return fail(negotiation, status == STREAM_TIMEOUT ? question->unanswered : DIAL_FAULT_PROXY,
		"%s: %s", question->name, ends[status]);
}

/* Reads one answer, and not a byte behind it: that is the server's. */
static enum outcome
hear(struct negotiation *negotiation, const struct question *question, unsigned *code)
{
	struct buf *unread = &negotiation->stream->unread;
	struct proxy_answer answer = question->read((struct span){ NULL, 0 });
	enum stream_status status = STREAM_OK;

	while (status == STREAM_OK && answer.state == PROXY_ANSWER_MORE) {
		status = stream_fill_most(
			negotiation->stream, answer.need, negotiation->deadline_ms);
		answer = question->read(buf_span(unread));
	}
	buf_reset(unread);
	*code = answer.code;
	return answer.state == PROXY_ANSWER_WHOLE ? OUTCOME_DONE
						  : fail_to_answer(negotiation, question, status);
}

/* Sends what `bytes` has, which may be a password. */
static enum outcome
ask(struct negotiation *negotiation, const struct question *question, struct buf *bytes,
	unsigned *code)
{
	enum stream_status status = stream_write(
		negotiation->stream, bytes->data, bytes->len, negotiation->deadline_ms);

	buf_wipe(bytes);
	return status == STREAM_OK ? hear(negotiation, question, code)
				   : fail_to_answer(negotiation, question, status);
}

static enum outcome
log_in(struct negotiation *negotiation)
{
	const struct proxy *proxy = negotiation->proxy;
	enum outcome outcome;
	unsigned failure = 0;
	struct buf bytes;

	buf_init(&bytes, SOCKS_MESSAGE_MAX);
	if (!socks_write_login(&bytes, proxy->username, proxy->password)) {
		buf_wipe(&bytes);
		return fail(negotiation, DIAL_FAULT_PROXY_LOGIN,
			"user name and password have 1 to 255 bytes each");
	}
	outcome = ask(negotiation, &login, &bytes, &failure);
	if (outcome == OUTCOME_DONE && failure != 0)
		return fail(
			negotiation, DIAL_FAULT_PROXY_LOGIN, "it refuses the user or the password");
	return outcome;
}

/* Agrees on a method, and logs in where it says so. */
static enum outcome
enter(struct negotiation *negotiation)
{
	bool has_login = negotiation->proxy->username != NULL;
	enum outcome outcome;
	unsigned method = 0;
	struct buf bytes;

	buf_init(&bytes, SOCKS_MESSAGE_MAX);
	socks_write_methods(&bytes, has_login);
	outcome = ask(negotiation, &methods, &bytes, &method);
	if (outcome != OUTCOME_DONE || method == SOCKS_METHOD_NONE)
		return outcome;
	if (method == SOCKS_METHOD_LOGIN && has_login)
		return log_in(negotiation);
	if (method == SOCKS_METHOD_UNACCEPTABLE)
		return fail(negotiation, DIAL_FAULT_PROXY_LOGIN, "it takes no client %s",
			has_login ? "that logs in with a password" : "without a login");
	return fail(
		negotiation, DIAL_FAULT_PROXY, "it chose method %u, which was not offered", method);
}

static bool
write_request(const struct negotiation *negotiation, struct buf *bytes)
{
	const struct dial_request *wanted = negotiation->request;
	const void *address = negotiation->to == NULL ? NULL : &negotiation->to->address;
	const struct sockaddr_in *ipv4 = address;
	const struct sockaddr_in6 *ipv6 = address;

	if (address == NULL)
		return socks_write_connect(bytes, SOCKS_DOMAIN,
			(struct span){ (const uint8_t *)wanted->host, strlen(wanted->host) },
			wanted->port);
	if (negotiation->to->address.ss_family == AF_INET6)
		return socks_write_connect(bytes, SOCKS_IPV6,
			(struct span){ ipv6->sin6_addr.s6_addr, sizeof(ipv6->sin6_addr) },
			wanted->port);
	return socks_write_connect(bytes, SOCKS_IPV4,
		(struct span){ (const uint8_t *)&ipv4->sin_addr, sizeof(ipv4->sin_addr) },
		wanted->port);
}

/* A reply that nobody has assigned is the last one. */
static const struct reply_row {
	unsigned code;
	enum dial_fault fault;
	const char *text;
} replies[] = {
	{ SOCKS_FAILURE, DIAL_FAULT_BEYOND_PROXY, "general failure" },
	{ SOCKS_NOT_ALLOWED, DIAL_FAULT_PROXY_RULES, "its rules do not allow the connection" },
	{ SOCKS_NETWORK_UNREACHABLE, DIAL_FAULT_BEYOND_PROXY, "the network is unreachable" },
	{ SOCKS_HOST_UNREACHABLE, DIAL_FAULT_BEYOND_PROXY, "the host is unreachable" },
	{ SOCKS_REFUSED, DIAL_FAULT_SERVER, "the server refused the connection" },
	{ SOCKS_EXPIRED, DIAL_FAULT_BEYOND_PROXY, "the time to live has expired" },
	{ SOCKS_NO_COMMAND, DIAL_FAULT_PROXY_RULES, "it has no command CONNECT" },
	{ SOCKS_NO_ADDRESS_TYPE, DIAL_FAULT_PROXY_RULES, "it does not take such an address" },
	{ UINT_MAX, DIAL_FAULT_PROXY, "which is no reply of SOCKS" },
};

static enum outcome
connect_by_socks(struct negotiation *negotiation)
{
	const struct reply_row *row = replies;
	enum outcome outcome = enter(negotiation);
	unsigned code = 0;
	struct buf bytes;

	if (outcome != OUTCOME_DONE)
		return outcome;
	buf_init(&bytes, SOCKS_MESSAGE_MAX);
	if (!write_request(negotiation, &bytes)) {
		buf_wipe(&bytes);
		return fail(
			negotiation, DIAL_FAULT_NAME, "the name of the server is too long for it");
	}
	outcome = ask(negotiation, &request, &bytes, &code);
	if (outcome != OUTCOME_DONE || code == SOCKS_SUCCEEDED)
		return outcome;
	while (row->code != code && row->code != UINT_MAX)
		row++;
	fail(negotiation, row->fault, "SOCKS reply %u, %s", code, row->text);
	return code == SOCKS_REFUSED ? OUTCOME_REFUSED : OUTCOME_BROKEN;
}

/* Statuses of 5xx are the proxy's own as well as what it makes of a server that refused. 401 is
 * what Tinyproxy says of a wrong password. */
static enum dial_fault
fault_of_status(unsigned status)
{
	if (status == 407 || status == 401)
		return DIAL_FAULT_PROXY_LOGIN;
	if (status / 100 == 4)
		return DIAL_FAULT_PROXY_RULES;
	return status / 100 == 5 ? DIAL_FAULT_BEYOND_PROXY : DIAL_FAULT_PROXY;
}

/* Responses of 1xx come before the one that counts (RFC 9110 section 15.2). */
static enum outcome
connect_by_http(struct negotiation *negotiation)
{
	const struct proxy *proxy = negotiation->proxy;
	enum outcome outcome;
	unsigned status = 0;
	struct buf bytes;

	buf_init(&bytes, REQUEST_MAX);
	http_write_connect(&bytes, negotiation->request->host, negotiation->request->port,
		proxy->username, proxy->password);
	outcome = ask(negotiation, &tunnel, &bytes, &status);
	while (outcome == OUTCOME_DONE && status / 100 == 1)
		outcome = hear(negotiation, &tunnel, &status);
	if (outcome == OUTCOME_DONE && status / 100 != 2)
		return fail(negotiation, fault_of_status(status), "it answered CONNECT with %u",
			status);
	return outcome;
}

static enum outcome (*const connects[])(struct negotiation *negotiation) = {
	[PROXY_SOCKS5] = connect_by_socks,
	[PROXY_SOCKS5H] = connect_by_socks,
	[PROXY_HTTP] = connect_by_http,
};

/* Whatever keeps us from the proxy is the proxy's, but for our own limits. */
static bool
reach(struct negotiation *negotiation)
{
	const struct proxy *proxy = negotiation->proxy;
	struct dial_request way = { .host = proxy->host,
		.port = proxy->port,
		.route = negotiation->request->route->to_proxy,
		.look_up_deadline_ms = negotiation->deadline_ms,
		.timeout_ms = negotiation->request->timeout_ms,
		.deadline_ms = negotiation->deadline_ms };
	struct error error = { .text = "" };
	struct dialled dialled;

	if (dial(proxy->way, &way, negotiation->stream, &dialled, &error) == OUTCOME_DONE)
		return true;
	negotiation->dialled->timed_out = dialled.timed_out;
	fail(negotiation, dialled.fault == DIAL_FAULT_FILES ? DIAL_FAULT_FILES : DIAL_FAULT_PROXY,
		"%s", error.text);
	return false;
}

static enum outcome
connect_through(const struct dialler *self, const struct dial_request *wanted,
	const struct resolved_address *to, struct stream *stream, struct dialled *dialled,
	struct error *error)
{
	struct negotiation negotiation = { .proxy = (const struct proxy *)self,
		.request = wanted,
		.to = to,
		.stream = stream,
		.deadline_ms =
			clock_earlier(wanted->deadline_ms, clock_now_ms() + wanted->timeout_ms),
		.dialled = dialled,
		.error = error };
	enum outcome outcome;

	if (!reach(&negotiation))
		return OUTCOME_BROKEN;
	outcome = connects[negotiation.proxy->protocol](&negotiation);
	if (outcome != OUTCOME_DONE)
		stream_close(stream);
	return outcome;
}

static bool
is_address(const char *host)
{
	uint8_t bytes[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, host, bytes) == 1 || inet_pton(AF_INET6, host, bytes) == 1;
}

enum outcome
proxy_dial(const struct dialler *self, const struct dial_request *wanted, struct stream *stream,
	struct dialled *dialled, struct error *error)
{
	const struct proxy *proxy = (const struct proxy *)self;

	if (proxy->protocol == PROXY_SOCKS5 || is_address(wanted->host))
		return route_dial(self, wanted, connect_through, stream, dialled, error);
	return connect_through(self, wanted, NULL, stream, dialled, error);
}
