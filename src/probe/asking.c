/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gate/asking.h"

#include <string.h>

#include "gate/clock.h"
#include "gate/entropy.h"
#include "gate/flight_record.h"
#include "gate/names.h"
#include "gate/suites.h"
#include "gate/text.h"
#include "gate/tls_names.h"

static enum stream_status
send_hello(struct dialog *dialog, const struct hello_offer *offer, uint8_t random[HELLO_RANDOM_LEN],
	int64_t deadline_ms)
{
	enum stream_status status = STREAM_FAILED;
	struct buf bytes;

	entropy_fill(random, HELLO_RANDOM_LEN);
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
note_alert(struct asking *asked)
{
	uint8_t description = asked->flight.alert.description;
	const char *name = name_of(tls_alert_names, description);

	/* close_notify (RFC 8446 section 6.1) is a polite way to hang up, and no refusal yet. */
	asked->hung_up = description == 0;
	asked->outcome = asked->hung_up ? OUTCOME_BROKEN : OUTCOME_REFUSED;
	error_set(&asked->error, "alert %s (%u)", name != NULL ? name : "of an unknown kind",
		description);
}

static void
note_alien(struct asking *asked)
{
	struct buf shown;

	buf_init(&shown, 120);
	text_add_printable(&shown, asked->flight.alien.data, asked->flight.alien.len);
	error_set(&asked->error, "the answer is not TLS: \"%s\"", shown.data);
	buf_release(&shown);
}

void
asking_weigh(struct asking *asked, enum stream_status status)
{
	asked->outcome = OUTCOME_BROKEN;
	switch (asked->flight.state) {
	case FLIGHT_HELLO:
	case FLIGHT_RETRY:
		asked->outcome = OUTCOME_DONE;
		break;
	case FLIGHT_ALERT:
		note_alert(asked);
		break;
	case FLIGHT_NOT_TLS:
		note_alien(asked);
		break;
	case FLIGHT_MALFORMED:
	case FLIGHT_OVER_LIMIT:
		error_set(&asked->error, "the answer is malformed: %s", asked->flight.why);
		break;
	case FLIGHT_MORE:
		asked->hung_up = status == STREAM_CLOSED || status == STREAM_RESET;
		error_set(&asked->error, "%s", stream_status_text(status));
		break;
	}
}

void
asking_exchange(struct dialog *dialog, const struct hello_offer *offer, struct asking *asked)
{
	int64_t deadline_ms = clock_earlier(
		dialog->endpoint->deadline_ms, clock_now_ms() + dialog->endpoint->reply_timeout_ms);
	enum stream_status status = send_hello(dialog, offer, asked->random, deadline_ms);

	if (status == STREAM_OK)
		status = read_flight(dialog, &asked->flight, deadline_ms);
	asking_weigh(asked, status);
}

static void
describe_approach(const struct dialog *dialog, enum step last, struct asking *asked)
{
	const struct step_record *steps = dialog->record->steps;
	size_t count;
	const enum step *order = conversation_steps(dialog->endpoint->implicit_tls, &count);
	size_t i = 0;

	while (order[i] != last && steps[order[i]].outcome == OUTCOME_DONE)
		i++;
	asked->outcome = OUTCOME_BROKEN;
	error_set(&asked->error, "before the hello: %s",
		steps[order[i]].text != NULL ? steps[order[i]].text : "not reached");
}

bool
asking_approach(struct observation *observation, const struct endpoint *endpoint,
	struct dialog *dialog, struct asking *asked)
{
	enum step last = conversation_before_tls(endpoint->implicit_tls);

	conversation_release(&observation->conversation);
	conversation_init(&observation->conversation);
	dialog_begin(dialog, &observation->conversation, endpoint, last);
	observation->connections++;
	if (observation->conversation.steps[last].outcome == OUTCOME_DONE)
		return true;
	describe_approach(dialog, last, asked);
	return false;
}

static void
ask_once(struct observation *observation, const struct endpoint *endpoint,
	const struct hello_offer *offer, bool whole, struct asking *asked)
{
	struct dialog dialog;

	memset(asked, 0, sizeof(*asked));
	flight_init(&asked->flight, whole);
	if (asking_approach(observation, endpoint, &dialog, asked))
		asking_exchange(&dialog, offer, asked);
	if (asked->outcome != OUTCOME_DONE)
		dialog_remark(&dialog, "%s", asked->error.text);
	dialog_end(&dialog, false);
}

void
asking_hello(struct observation *observation, const struct endpoint *endpoint,
	const struct hello_offer *offer, bool whole, struct asking *asked)
{
	ask_once(observation, endpoint, offer, whole, asked);
	if (!asked->hung_up)
		return;
	asking_release(asked);
	ask_once(observation, endpoint, offer, whole, asked);
	if (asked->hung_up) {
		asked->outcome = OUTCOME_REFUSED;
		error_context(&asked->error, "twice, right after the hello");
	}
}

void
asking_release(struct asking *asked)
{
	flight_release(&asked->flight);
}

const char *
asking_answer_shown(const struct flight_hello *answer, struct arena *arena)
{
	const char *version = name_of(tls_version_names, answer->version);
	const struct suite *suite = suite_by_id(answer->suite);

	return arena_printf(arena, "the server chose %s%s with %s",
		answer->version > TLS_VERSION_SSL3 ? "TLS " : "",
		version != NULL ? version : "an unknown version",
		suite != NULL ? suite->name : "an unknown suite");
}
