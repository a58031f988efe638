/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Look-up, connect, handshake, GET: one after the other, under one deadline. The connection may go through
 * the proxy that the environment names, never through that of the mail server.
 */
#include "probe/policy_probe.h"

#include <stdarg.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "evidence/cause.h"
#include "net/dns.h"
#include "net/proxy.h"
#include "net/web.h"
#include "probe/endpoint.h"
#include "probe/probe_connection.h"
#include "wire/alerts.h"
#include "wire/tls_names.h"

#define POLICY_PATH "/.well-known/mta-sts.txt"
#define REQUEST_MAX 2048

/* Most bytes that are kept of a field of the response. */
#define FIELD_SHOWN_MAX 1024

/* One fetch while it is made. */
struct fetch {
	struct observation *observation;
	const struct endpoint *endpoint;
	struct policy_fetch *record;
	struct arena *arena; /* of the observation */
	int64_t deadline_ms;
	struct stream stream;
	struct tls_facts tls;
	struct buf transcript;
};

static void
transcribe(struct fetch *fetch, const char *who, const char *line, size_t len)
{
	buf_add_string(&fetch->transcript, who);
	text_add_printable(&fetch->transcript, line, len);
	buf_add_char(&fetch->transcript, '\n');
}

/* Ends the fetch at that stage. */
static bool stop(struct fetch *fetch, enum policy_stage stage, enum outcome outcome,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

static bool
stop(struct fetch *fetch, enum policy_stage stage, enum outcome outcome, const char *format, ...)
{
	const char *text;
	va_list args;

	va_start(args, format);
	text = arena_vprintf(fetch->arena, format, args);
	va_end(args);
	fetch->record->stage = stage;
	transcribe(fetch, "-- ", text, strlen(text));
	observation_conclude(fetch->observation, outcome, "%s", text);
	return false;
}

/* The same for a stream that ended. */
static bool
stop_unanswered(
	struct fetch *fetch, enum policy_stage stage, enum stream_status status, const char *what)
{
	fetch->record->cut = status == STREAM_TIMEOUT || status == STREAM_INTERRUPTED;
	return stop(fetch, stage, OUTCOME_BROKEN, "%s: %s", what, stream_status_text(status));
}

static bool
look_up(struct fetch *fetch)
{
	const struct endpoint *endpoint = fetch->endpoint;
	struct host_names *names = &fetch->record->names;
	const char *host = fetch->record->host;
	const struct dns_question questions[] = {
		{ .name = host, .type = DNS_A, .answer = &names->a },
		{ .name = host, .type = DNS_AAAA, .answer = &names->aaaa },
	};
	const struct dns_answer *worse;

	if (fetch->record->address != NULL)
		return true;
	names->host = host;
	dns_ask_all(endpoint->dns, questions, 2,
		clock_earlier(fetch->deadline_ms, clock_now_ms() + endpoint->dns_timeout_ms),
		fetch->arena);
	host_names_read(names, fetch->arena);
	worse = host_names_worse(names);
	if (worse->state <= DNS_BOGUS)
		return stop(fetch, POLICY_AT_NAMES,
			worse->state == DNS_BOGUS ? OUTCOME_DONE : OUTCOME_BROKEN,
			"the addresses of %s: %s", host,
			worse->reason != NULL ? worse->reason : dns_state_name(worse->state));
	return names->address_count != 0 ||
	       stop(fetch, POLICY_AT_NAMES, OUTCOME_DONE, "%s has no address", host);
}

static const struct dialler *
dialler_of(const struct fetch *fetch)
{
	const struct web *web = fetch->endpoint->web;
	const struct policy_fetch *record = fetch->record;

	if (web->proxy == NULL ||
		(web->no_proxy != NULL &&
			(no_proxy_lists(web->no_proxy, record->host) ||
				(record->address != NULL &&
					no_proxy_lists(web->no_proxy, record->address)))))
		return &socket_dialler;
	return &web->proxy->dialler;
}

/* A proxy that looks names up is told the name, others are told where the host is. */
static bool
connect_by(struct fetch *fetch, struct dial_route *route)
{
	const struct policy_fetch *record = fetch->record;
	const struct dialler *dialler = dialler_of(fetch);
	const struct dial_request request = {
		.host = record->address != NULL ? record->address : record->host,
		.port = record->port,
		.route = route,
		.look_up_deadline_ms = fetch->deadline_ms,
		.timeout_ms = fetch->endpoint->connect_timeout_ms,
		.deadline_ms = fetch->deadline_ms,
	};
	struct error error = { .text = "" };
	struct dialled dialled;
	enum outcome outcome = dial(dialler, &request, &fetch->stream, &dialled, &error);
	const char *connected;

	if (outcome == OUTCOME_DONE) {
		connected = arena_printf(fetch->arena, "connected to %s port %u%s%s",
			dialled.address[0] != '\0' ? dialled.address : request.host, request.port,
			dialler->through != NULL ? " through " : "",
			dialler->through != NULL ? dialler->through : "");
		transcribe(fetch, "-- ", connected, strlen(connected));
		return true;
	}
	fetch->record->cut = dialled.timed_out;
	return stop(fetch, POLICY_AT_CONNECT, outcome, "%s", error.text);
}

static bool
connect_to_host(struct fetch *fetch)
{
	const struct host_names *names = &fetch->record->names;
	size_t count = names->address_count < NAMES_MAX ? names->address_count : NAMES_MAX;
	struct dial_addresses *known = NULL;
	struct dial_route *route = dial_route_create();
	bool connected;

	if (fetch->record->address == NULL) {
		known = dial_addresses_of(names->addresses, count);
		dial_route_know(route, known);
	}
	connected = connect_by(fetch, route);
	fetch->observation->connections++;
	dial_route_free(route);
	dial_addresses_free(known);
	return connected;
}

static int64_t
reply_deadline(const struct fetch *fetch)
{
	return clock_earlier(
		fetch->deadline_ms, clock_now_ms() + fetch->endpoint->reply_timeout_ms);
}

static const struct trust_store *
trust_of(const struct fetch *fetch)
{
	const struct endpoint *endpoint = fetch->endpoint;

	return fetch->record->address != NULL ? endpoint->trust : endpoint->web->public_roots;
}

static void
judge_peer(struct fetch *fetch)
{
	const struct endpoint *endpoint = fetch->endpoint;
	struct policy_fetch *record = fetch->record;
	const struct peer_terms terms = {
		.host = record->host,
		.trust = trust_of(fetch),
		.memo = endpoint->memo,
		.at = endpoint->today,
	};

	peer_judge(&record->peer, fetch->tls.chain, fetch->tls.chain_count, &terms, fetch->arena);
	record->peer.proven = true;
}

/* Of a handshake that is not completed the certificate says nothing: anybody can show it. */
static bool
shake_hands(struct fetch *fetch)
{
	const struct tls_request request = { .server_name = fetch->record->host,
		.deadline_ms = reply_deadline(fetch) };
	struct error error = { .text = "" };
	enum outcome outcome;

	if (trust_of(fetch) == NULL)
		return stop(fetch, POLICY_AT_HANDSHAKE, OUTCOME_BROKEN,
			"the authorities that this machine trusts are not known");
	outcome = tls_handshake(&fetch->stream, &request, fetch->arena, &fetch->tls, &error);
	if (outcome != OUTCOME_DONE) {
		fetch->record->cut = fetch->tls.ended == STREAM_TIMEOUT ||
				     fetch->tls.ended == STREAM_INTERRUPTED;
		return stop(fetch, POLICY_AT_HANDSHAKE, outcome, "%s", error.text);
	}
	if (fetch->tls.version < TLS_VERSION_1_2)
		return stop(fetch, POLICY_AT_HANDSHAKE, OUTCOME_REFUSED,
			"the server has no version of TLS from 1.2 on (RFC 8461 section 7.2)");
	judge_peer(fetch);
	if (peer_distrust(&fetch->record->peer) != CAUSE_NONE)
		return stop(fetch, POLICY_AT_CERTIFICATE, OUTCOME_DONE,
			"the certificate is not trusted for %s", fetch->record->host);
	transcribe(
		fetch, "-- ", "the certificate is trusted", strlen("the certificate is trusted"));
	return true;
}

/* A server that has closed may have answered: what it sent is read in any case. */
static enum stream_status
ask(struct fetch *fetch, int64_t deadline_ms)
{
	const struct policy_fetch *record = fetch->record;
	enum stream_status status;
	struct buf request;

	buf_init(&request, REQUEST_MAX);
	http_write_get(&request, record->host, record->port, POLICY_PATH);
	transcribe(fetch, "C: ", request.data, strcspn(request.data, "\r"));
	status = stream_write(&fetch->stream, request.data, request.len, deadline_ms);
	buf_release(&request);
	return status == STREAM_CLOSED || status == STREAM_RESET ? STREAM_OK : status;
}

static enum stream_status
hear(struct fetch *fetch, struct http_response *response)
{
	int64_t deadline_ms = reply_deadline(fetch);
	enum stream_status status = ask(fetch, deadline_ms);
	struct buf *unread = &fetch->stream.unread;

	while (status == STREAM_OK && response->state == HTTP_READING) {
		status = stream_fill(&fetch->stream, deadline_ms);
		http_response_feed(response, buf_span(unread));
		buf_reset(unread);
	}
	return status;
}

static const char *
shown_field(struct arena *arena, const struct buf *field)
{
	const char *text;
	struct buf shown;

	buf_init(&shown, FIELD_SHOWN_MAX);
	text_add_printable(&shown, field->data, field->len);
	text = arena_strdup(arena, shown.data);
	buf_release(&shown);
	return text;
}

static void
transcribe_response(struct fetch *fetch)
{
	const struct policy_fetch *record = fetch->record;
	const char *head = arena_printf(fetch->arena, "HTTP status %u, type \"%s\", %zu byte%s",
		record->status, record->type, record->body.len, record->body.len == 1 ? "" : "s");
	const char *body = (const char *)record->body.data;

	transcribe(fetch, "S: ", head, strlen(head));
	for (size_t i = 0; i < record->body.len && fetch->transcript.dropped == 0;) {
		const char *end = memchr(body + i, '\n', record->body.len - i);
		size_t len = end == NULL ? record->body.len - i : (size_t)(end - body) - i;

		transcribe(fetch, "S: ", body + i, len);
		i += len + 1;
	}
}

static void
keep_response(struct fetch *fetch, const struct http_response *response)
{
	struct policy_fetch *record = fetch->record;

	record->state = response->state;
	record->status = response->status;
	record->type = shown_field(fetch->arena, &response->type);
	record->location = shown_field(fetch->arena, &response->location);
	record->is_text = http_response_is_type(response, "text/plain");
	record->encoded = response->encoded;
	record->long_body =
		response->body.dropped != 0 || response->left > HTTP_BODY_MAX - response->body.len;
	record->body =
		(struct span){ arena_memdup(fetch->arena, response->body.data, response->body.len),
			response->body.len };
	transcribe_response(fetch);
}

/* What an alert or an end tells that came in place of a response. */
static bool
stop_unheard(struct fetch *fetch, enum stream_status status)
{
	if (fetch->tls.late_alert > 0)
		return stop(fetch, POLICY_AT_HANDSHAKE, OUTCOME_REFUSED,
			"the server answered with the alert %s (%d)",
			alert_of((uint8_t)fetch->tls.late_alert)->name, fetch->tls.late_alert);
	return stop_unanswered(fetch, POLICY_AT_RESPONSE, status, "GET");
}

static void
get(struct fetch *fetch, struct http_response *response)
{
	enum stream_status status = hear(fetch, response);
	bool began = response->status != 0 || response->line.len != 0;

	if (response->state == HTTP_READING && (status != STREAM_CLOSED || !began)) {
		stop_unheard(fetch, status);
		return;
	}
	http_response_end(response, fetch->tls.close_notify);
	keep_response(fetch, response);
	fetch->record->stage = POLICY_AT_RESPONSE;
	observation_conclude(fetch->observation, OUTCOME_DONE, "the server answered with status %u",
		response->status);
}

static void
keep_trace(struct fetch *fetch, int64_t started_ms)
{
	struct observation *observation = fetch->observation;

	*ARENA_ADD(fetch->arena, observation->traces, observation->trace_count) =
		(struct trace){ .transcript = arena_strdup(fetch->arena, fetch->transcript.data),
			.ms = clock_now_ms() - started_ms };
}

static void
observe(struct observation *observation, const struct endpoint *endpoint)
{
	struct policy_fetch *record = observation->record;
	int64_t started_ms = clock_now_ms();
	unsigned before = observation->connections;
	struct fetch fetch = { .observation = observation,
		.endpoint = endpoint,
		.record = record,
		.arena = &observation->arena,
		.deadline_ms = clock_earlier(endpoint->deadline_ms, started_ms + POLICY_FETCH_MS) };
	struct http_response response;

	*record = (struct policy_fetch){
		.host = record->host, .address = record->address, .port = record->port
	};
	buf_init(&fetch.transcript, TRANSCRIPT_MAX);
	http_response_init(&response);
	if (look_up(&fetch) && connect_to_host(&fetch) && shake_hands(&fetch))
		get(&fetch, &response);
	stream_close(&fetch.stream);
	if (observation->connections != before)
		keep_trace(&fetch, started_ms);
	http_response_release(&response);
	buf_release(&fetch.transcript);
}

static bool
asks_same(const void *record, const void *other)
{
	const struct policy_fetch *a = record, *b = other;

	return a->port == b->port && text_same(a->host, b->host) &&
	       text_equal(a->address, b->address);
}

const struct observer policy_observer = {
	.name = "policy of MTA-STS",
	.size = sizeof(struct policy_fetch),
	.connections = 1,
	.asks_same = asks_same,
	.observe = observe,
};
