/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * MAIL, RCPT and DATA (RFC 5321 section 4.1.1). 450 and 451 are what greylisting says: addresses and token
 * stay the same, so that the server knows the message again.
 */
#include "round_trip_send.h"

#include <string.h>

#include "base/clock.h"
#include "base/interrupt.h"
#include "probe/dialog.h"
#include "probe/endpoint.h"

/* Between the first tries; twice as long each time. */
#define PAUSE_MS 5000
/* A shorter time is not waited for another try. */
#define PAUSE_LEAST_MS 500

#define MESSAGE_MAX ((size_t)16 * 1024)

/* What an answer says of the message. A server that has no room says so for now, and means that the
 * message did not arrive. */
static enum round_trip_end
end_of(const struct answer *answer)
{
	if (answer->meaning == REPLY_FULL || answer->reply == REPLY_NEGATIVE)
		return ROUND_TRIP_REFUSED;
	return answer->reply == REPLY_TRANSIENT ? ROUND_TRIP_PUT_OFF : ROUND_TRIP_NOT_SENT;
}

/* Says a command; false where that is the end of the try. */
static bool
say(struct probe_connection *connection, const char *name, const char *line,
	enum reply_status wanted)
{
	struct round_trip_record *record = connection->observation->record;

	record->command = name;
	record->end = ROUND_TRIP_NOT_SENT;
	if (!probe_say(connection, line, &record->answer)) {
		if (record->answer.meaning == REPLY_LEAVING)
			record->end = ROUND_TRIP_PUT_OFF;
		return false;
	}
	if (record->answer.reply == wanted)
		return true;
	record->end = end_of(&record->answer);
	if (record->end == ROUND_TRIP_NOT_SENT)
		observation_conclude(connection->observation, OUTCOME_BROKEN, "%s: %s", name,
			record->answer.text);
	return false;
}

static bool
announce(struct probe_connection *connection)
{
	struct round_trip_record *record = connection->observation->record;
	const struct conversation *conversation = connection->dialog.record;
	struct arena *arena = &connection->observation->arena;

	record->tls_version = conversation->tls.version;
	record->ehlo_name = connection->endpoint->ehlo_name;
	record->eight_bit = reply_capability(&conversation->session_ehlo, "8BITMIME") != NULL;
	return say(connection, "MAIL",
		       arena_printf(arena, "MAIL FROM:<%s>%s", record->from,
			       record->eight_bit ? " BODY=8BITMIME" : ""),
		       REPLY_POSITIVE) &&
	       say(connection, "RCPT", arena_printf(arena, "RCPT TO:<%s>", record->to),
		       REPLY_POSITIVE) &&
	       say(connection, "DATA", "DATA", REPLY_CONTINUE);
}

/* The text as it is sent; the body is kept to be compared with what comes back. */
static void
write_message(struct observation *observation, struct buf *out)
{
	struct round_trip_record *record = observation->record;
	struct token_message message = { .token = record->token,
		.from = record->from,
		.to = record->to,
		.date = clock_date(),
		.eight_bit = record->eight_bit };
	struct buf text;

	buf_init(&text, MESSAGE_MAX);
	token_message_body(&message, &text);
	record->sent_body =
		(struct span){ arena_memdup(&observation->arena, text.data, text.len), text.len };
	buf_reset(&text);
	token_message_build(&message, &text);
	token_message_stuff(buf_span(&text), out);
	buf_release(&text);
}

/* All lines of the reply: in LMTP too there is one, for the one recipient (RFC 2033 section 4.2). */
static const char *
joined(const struct reply *reply, struct arena *arena)
{
	const char *text;
	struct buf lines;

	buf_init(&lines, REPLY_LINES_MAX * REPLY_LINE_MAX);
	for (size_t i = 0; i < reply->count; i++) {
		buf_add(&lines, reply->lines[i].text, reply->lines[i].len);
		buf_add_char(&lines, ' ');
	}
	text = arena_strdup(arena, lines.data);
	buf_release(&lines);
	return text;
}

static void
take_answer(struct probe_connection *connection, const struct reply *reply)
{
	struct observation *observation = connection->observation;
	struct round_trip_record *record = observation->record;
	struct buf codes;

	buf_init(&codes, REPLY_LINE_MAX);
	reply_line_status(reply, &reply->lines[reply->count - 1], &codes);
	record->answer = (struct answer){ .reply = reply->status,
		.meaning = reply->meaning,
		.code = reply->code,
		.codes = arena_strdup(&observation->arena, codes.data) };
	record->answer.text = record->answer.codes;
	buf_release(&codes);
	record->queued = joined(reply, &observation->arena);
	record->end =
		reply->status == REPLY_POSITIVE ? ROUND_TRIP_ACCEPTED : end_of(&record->answer);
	if (record->end == ROUND_TRIP_NOT_SENT)
		record->end = ROUND_TRIP_UNCONFIRMED;
}

/* From here on nobody knows, unless the server says, whether it has the message. */
static void
hand_over(struct probe_connection *connection)
{
	struct observation *observation = connection->observation;
	struct round_trip_record *record = observation->record;
	struct error error = { .text = "" };
	struct reply reply;
	struct buf text;

	buf_init(&text, MESSAGE_MAX);
	write_message(observation, &text);
	record->command = "the message";
	record->end = ROUND_TRIP_UNCONFIRMED;
	reply_init(&reply, connection->endpoint->dialect, &observation->arena);
	if (dialog_go_on(&connection->dialog, text.data,
		    arena_printf(&observation->arena, "[the message %s]", record->token), &reply,
		    &error) == OUTCOME_DONE)
		take_answer(connection, &reply);
	else
		observation_conclude(observation, OUTCOME_BROKEN,
			"whether the message was taken is not known: %s", error.text);
	reply_release(&reply);
	buf_release(&text);
}

static void
try_once(struct observation *observation, const struct endpoint *endpoint)
{
	struct round_trip_record *record = observation->record;
	struct probe_connection connection;

	record->end = ROUND_TRIP_NOT_SENT;
	record->tries++;
	if (probe_open(&connection, observation, endpoint, STEP_SESSION_EHLO) &&
		probe_login(&connection, &record->login, &record->attempt) && announce(&connection))
		hand_over(&connection);
	record->sent_trace = observation->trace_count;
	probe_close(&connection, record->end == ROUND_TRIP_ACCEPTED);
}

/* The next try comes in time, or not at all. */
static int64_t
pause_before(unsigned tries, int64_t left_ms)
{
	int64_t pause_ms = tries < 8 ? (int64_t)PAUSE_MS << (tries - 1) : left_ms;

	return pause_ms < left_ms / 2 ? pause_ms : left_ms / 2;
}

/* What a later try meets in place of an answer leaves what the first one got. */
void
round_trip_send(
	struct observation *observation, const struct endpoint *endpoint, int64_t deadline_ms)
{
	struct round_trip_record *record = observation->record;
	int64_t started_ms = clock_now_ms(), pause_ms;
	struct answer put_off = { .text = NULL };
	const char *command = NULL;

	for (;;) {
		try_once(observation, endpoint);
		if (record->end == ROUND_TRIP_PUT_OFF) {
			put_off = record->answer;
			command = record->command;
			record->put_off_ms = clock_now_ms() - started_ms;
		}
		if (record->end > ROUND_TRIP_PUT_OFF || record->end == ROUND_TRIP_REFUSED ||
			put_off.text == NULL)
			return;
		pause_ms = pause_before(record->tries, clock_left_ms(deadline_ms));
		if (pause_ms < PAUSE_LEAST_MS || !interrupt_pause(pause_ms))
			break;
	}
	record->end = ROUND_TRIP_PUT_OFF;
	record->answer = put_off;
	record->command = command;
}
