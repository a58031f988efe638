/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One ClientHello of our own: sent where the handshake would begin, and answered or not. What
 * counts as a refusal is narrow: a fatal alert, or a close right after the hello that happens
 * again on a second connection. All else is no answer.
 */
#include <string.h>

#include "gate/clock.h"
#include "gate/entropy.h"
#include "gate/flight_record.h"
#include "gate/names.h"
#include "gate/probe.h"
#include "gate/suites.h"
#include "gate/text.h"
#include "gate/tls_names.h"

/* One try: what came of it, and whether the server hung up on the hello. */
struct hello_try {
	enum outcome outcome;
	bool hung_up;
	struct error error;
};

static enum stream_status
send_hello(struct dialog *dialog, const struct hello_offer *offer, int64_t deadline_ms)
{
	uint8_t random[HELLO_RANDOM_LEN];
	enum stream_status status = STREAM_FAILED;
	struct buf bytes;

	entropy_fill(random, sizeof(random));
	buf_init(&bytes, HELLO_LEN_MAX);
	if (hello_write(offer, random, &bytes))
		status = stream_write(&dialog->stream, bytes.data, bytes.len, deadline_ms);
	buf_release(&bytes);
	dialog->record->round_trips++;
	return status;
}

static enum stream_status
read_flight(struct dialog *dialog, struct flight *flight, int64_t deadline_ms)
{
	struct buf *unread = &dialog->stream.unread;
	enum stream_status status = stream_fill(&dialog->stream, deadline_ms);

	/* Plaintext that was on its way before the hello is no answer to it. */
	buf_consume(unread,
		flight_record_find((struct span){ (const uint8_t *)unread->data, unread->len }));
	for (;;) {
		flight_feed(flight, unread->data, unread->len);
		buf_reset(unread);
		if (flight->state != FLIGHT_MORE || status != STREAM_OK)
			return status;
		status = stream_fill(&dialog->stream, deadline_ms);
	}
}

static void
note_alert(struct hello_record *record, const struct flight *flight, struct hello_try *made)
{
	const char *name = name_of(tls_alert_names, flight->alert.description);

	record->alert = flight->alert;
	/* close_notify (RFC 8446 section 6.1) is a polite way to hang up, and no refusal yet. */
	made->hung_up = flight->alert.description == 0;
	made->outcome = made->hung_up ? OUTCOME_BROKEN : OUTCOME_REFUSED;
	error_set(&made->error, "alert %s (%u)", name != NULL ? name : "of an unknown kind",
		flight->alert.description);
}

static void
note_alien(const struct flight *flight, struct hello_try *made)
{
	struct buf shown;

	buf_init(&shown, 120);
	text_add_printable(&shown, flight->alien.data, flight->alien.len);
	error_set(&made->error, "the answer is not TLS: \"%s\"", shown.data);
	buf_release(&shown);
}

static void
weigh_flight(struct hello_record *record, const struct flight *flight, enum stream_status status,
	struct hello_try *made)
{
	made->outcome = OUTCOME_BROKEN;
	switch (flight->state) {
	case FLIGHT_HELLO:
	case FLIGHT_RETRY:
		record->answer = flight->hello;
		made->outcome = OUTCOME_DONE;
		break;
	case FLIGHT_ALERT:
		note_alert(record, flight, made);
		break;
	case FLIGHT_NOT_TLS:
		note_alien(flight, made);
		break;
	case FLIGHT_MALFORMED:
	case FLIGHT_OVER_LIMIT:
		error_set(&made->error, "the answer is malformed: %s", flight->why);
		break;
	case FLIGHT_MORE:
		made->hung_up = status == STREAM_CLOSED || status == STREAM_RESET;
		error_set(&made->error, "%s", stream_status_text(status));
		break;
	}
}

static void
ask(struct hello_record *record, struct dialog *dialog, struct hello_try *made)
{
	int64_t deadline_ms = clock_earlier(
		dialog->endpoint->deadline_ms, clock_now_ms() + dialog->endpoint->reply_timeout_ms);
	enum stream_status status = send_hello(dialog, &record->offer, deadline_ms);
	struct flight flight;

	flight_init(&flight, false);
	if (status == STREAM_OK)
		status = read_flight(dialog, &flight, deadline_ms);
	weigh_flight(record, &flight, status, made);
	flight_release(&flight);
}

static void
describe_approach(const struct dialog *dialog, enum step last, struct hello_try *made)
{
	const struct step_record *steps = dialog->record->steps;
	size_t count;
	const enum step *order = conversation_steps(dialog->endpoint->implicit_tls, &count);
	size_t i = 0;

	while (order[i] != last && steps[order[i]].outcome == OUTCOME_DONE)
		i++;
	made->outcome = OUTCOME_BROKEN;
	error_set(&made->error, "before the hello: %s",
		steps[order[i]].text != NULL ? steps[order[i]].text : "not reached");
}

static void
try_once(struct observation *observation, const struct endpoint *endpoint, struct hello_try *made)
{
	enum step last = conversation_before_tls(endpoint->implicit_tls);
	struct dialog dialog;

	memset(made, 0, sizeof(*made));
	conversation_release(&observation->conversation);
	conversation_init(&observation->conversation);
	dialog_begin(&dialog, &observation->conversation, endpoint, last);
	observation->connections++;
	if (observation->conversation.steps[last].outcome == OUTCOME_DONE)
		ask(observation->record, &dialog, made);
	else
		describe_approach(&dialog, last, made);
	if (made->outcome != OUTCOME_DONE)
		dialog_remark(&dialog, "%s", made->error.text);
	dialog_end(&dialog, false);
}

static const char *
describe_answer(const struct hello_record *record, struct arena *arena)
{
	const char *version = name_of(tls_version_names, record->answer.version);
	const struct suite *suite = suite_by_id(record->answer.suite);

	return arena_printf(arena, "the server chose %s%s with %s",
		record->answer.version > TLS_VERSION_SSL3 ? "TLS " : "",
		version != NULL ? version : "an unknown version",
		suite != NULL ? suite->name : "an unknown suite");
}

static void
observe_hello(struct observation *observation, const struct endpoint *endpoint)
{
	struct arena *arena = &observation->conversation.arena;
	struct hello_try made;

	try_once(observation, endpoint, &made);
	if (made.hung_up) {
		try_once(observation, endpoint, &made);
		if (made.hung_up) {
			made.outcome = OUTCOME_REFUSED;
			error_context(&made.error, "twice, right after the hello");
		}
	}
	observation->outcome = made.outcome;
	observation->text = made.outcome == OUTCOME_DONE
				    ? describe_answer(observation->record, arena)
				    : arena_strdup(arena, made.error.text);
}

static bool
asks_same_hello(const void *record, const void *other)
{
	const struct hello_record *a = record, *b = other;

	return hello_offer_equal(&a->offer, &b->offer);
}

const struct observer hello_observer = {
	.name = "a hello",
	.size = sizeof(struct hello_record),
	.connections = 1,
	.asks_same = asks_same_hello,
	.observe = observe_hello,
};
