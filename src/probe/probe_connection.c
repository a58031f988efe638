/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The connections of an observation, one after the other.
 */
#include "probe/probe_connection.h"

#include <stdarg.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "probe/dialog.h"
#include "probe/endpoint.h"

/* Most of a reply's last line that a record keeps: it is cut only once it is free of secrets. */
#define SHOWN_MAX 65536

void
observation_conclude(struct observation *observation, enum outcome outcome, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	observation->text = arena_vprintf(&observation->arena, format, args);
	va_end(args);
	observation->outcome = outcome;
}

static bool
conclude_step(struct probe_connection *connection, enum step step, const char *where)
{
	const struct step_record *record = &connection->dialog.record->steps[step];

	if (record->outcome == OUTCOME_DONE)
		return true;
	observation_conclude(connection->observation, OUTCOME_BROKEN, "%s%s: %s",
		step_name(step, connection->endpoint->dialect), where,
		record->text != NULL ? record->text : "not reached");
	return false;
}

void
observation_note_peer(struct observation *observation, const struct peer *peer, struct arena *arena)
{
	for (size_t i = 0; i < observation->peer_count; i++)
		if (peer_is_same(&observation->peers[i], peer))
			return;
	if (arena != &observation->arena)
		arena_absorb(&observation->arena, arena);
	*ARENA_ADD(&observation->arena, observation->peers, observation->peer_count) = *peer;
}

/* What the library negotiated is an answer to a hello like any other, and whose certificate it was
 * shown is a peer like any other. */
static void
note_session(struct probe_connection *connection)
{
	struct conversation *conversation = connection->dialog.record;
	const struct peer *peer = &conversation->peer;
	struct server_hello hello = conversation_hello(conversation);

	if (hello.version != 0)
		probe_note_hello(connection, hello);
	if (peer->chain_count != 0 && peer->proven)
		observation_note_peer(connection->observation, peer, &conversation->arena);
}

bool
probe_open(struct probe_connection *connection, struct observation *observation,
	const struct endpoint *endpoint, enum step last)
{
	struct conversation *conversation = &observation->conversation;
	struct error error = { .text = "" };
	enum step broken;

	*connection = (struct probe_connection){ .observation = observation,
		.endpoint = endpoint,
		.dialog = { .record = conversation, .endpoint = endpoint } };
	connection->unmade = !endpoint_await(endpoint, conversation, &error);
	if (connection->unmade) {
		observation_conclude(observation, OUTCOME_BROKEN, "%s", error.text);
		return false;
	}
	connection->started_ms = clock_now_ms();
	conversation_release(conversation);
	conversation_init(conversation, endpoint->dialect);
	dialog_begin(&connection->dialog, conversation, endpoint, last);
	observation->connections++;
	note_session(connection);
	if (conversation_broken_step(conversation, endpoint->implicit_tls, last, &broken) &&
		!(broken == STEP_EHLO && conversation_lists_nothing(conversation)))
		return conclude_step(connection, broken, "");
	if (observation->goes_on)
		endpoint_begin_next(endpoint);
	return true;
}

bool
probe_take(struct probe_connection *connection, enum step step, const char *where)
{
	dialog_take(&connection->dialog, step);
	if (step == STEP_HANDSHAKE)
		note_session(connection);
	return conclude_step(connection, step, where);
}

static const char *
last_line(const struct reply *reply, struct arena *arena)
{
	const struct reply_line *last = &reply->lines[reply->count - 1];
	const char *text;
	struct buf shown;

	buf_init(&shown, SHOWN_MAX);
	text_add_printable(&shown, last->raw, last->raw_len);
	text = arena_strdup(arena, shown.data);
	buf_release(&shown);
	return text;
}

static const char *
last_codes(const struct reply *reply, struct arena *arena)
{
	const char *text;
	struct buf shown;

	buf_init(&shown, SHOWN_MAX);
	reply_line_status(reply, &reply->lines[reply->count - 1], &shown);
	text = arena_strdup(arena, shown.data);
	buf_release(&shown);
	return text;
}

/* Behind credentials a server may repeat them: only the codes of its replies are kept. */
static const char *
shown_line(
	const struct probe_connection *connection, const struct reply *reply, struct arena *arena)
{
	return connection->dialog.reticent ? last_codes(reply, arena) : last_line(reply, arena);
}

/* Keeps the reply, or what happened instead of one. */
static bool
take_reply(struct probe_connection *connection, enum outcome outcome, struct reply *reply,
	const struct error *error, struct answer *answer)
{
	struct arena *arena = &connection->observation->arena;
	bool answered = outcome == OUTCOME_DONE;
	bool stray = !answered && reply->meaning == REPLY_STRAY;

	*answer = (struct answer){ .reply = answered ? reply->status : REPLY_NO_STATUS,
		.meaning = answered || stray ? reply->meaning : REPLY_NO_MEANING,
		.code = answered ? reply->code : 0,
		.status = connection->dialog.status,
		.text = answered || stray ? shown_line(connection, reply, arena)
					  : arena_strdup(arena, error->text),
		.codes = answered ? last_codes(reply, arena) : "" };
	reply_release(reply);
	return answered && answer->meaning != REPLY_LEAVING;
}

static bool
say(struct probe_connection *connection, enum reply_to to, bool goes_on, const char *line,
	struct answer *answer)
{
	struct dialog *dialog = &connection->dialog;
	struct error error = { .text = "" };
	struct reply reply;
	enum outcome outcome;

	reply_init(&reply, connection->endpoint->dialect, &connection->observation->arena);
	reply.to = to;
	outcome = goes_on ? dialog_go_on(dialog, line, line, &reply, &error)
			  : dialog_command(dialog, line, line, &reply, &error);
	if (take_reply(connection, outcome, &reply, &error, answer))
		return true;
	observation_conclude(connection->observation, OUTCOME_BROKEN, "%.*s: %s",
		(int)strcspn(line, "\r\n"), line, answer->text);
	return false;
}

bool
probe_say(struct probe_connection *connection, const char *command, struct answer *answer)
{
	return say(connection, REPLY_TO_COMMAND, false, command, answer);
}

bool
probe_begin_login(struct probe_connection *connection, const char *command, struct answer *answer)
{
	return say(connection, REPLY_TO_AUTH, false, command, answer);
}

bool
probe_try_login(struct probe_connection *connection, const char *command, struct answer *answer)
{
	return say(connection, REPLY_TO_TRIAL, false, command, answer);
}

bool
probe_go_on(struct probe_connection *connection, const char *line, struct answer *answer)
{
	return say(connection, REPLY_TO_AUTH, true, line, answer);
}

bool
probe_listen(struct probe_connection *connection, enum reply_to to, struct answer *answer)
{
	struct error error = { .text = "" };
	struct reply reply;
	enum outcome outcome;

	reply_init(&reply, connection->endpoint->dialect, &connection->observation->arena);
	reply.to = to;
	outcome = dialog_read_reply(&connection->dialog, &reply, &error);
	if (take_reply(connection, outcome, &reply, &error, answer))
		return true;
	observation_conclude(
		connection->observation, OUTCOME_BROKEN, "a further reply: %s", answer->text);
	return false;
}

void
probe_note_hello(struct probe_connection *connection, struct server_hello hello)
{
	struct observation *observation = connection->observation;

	hello.connection = observation->trace_count;
	*ARENA_ADD(&observation->arena, observation->hellos, observation->hello_count) = hello;
}

static const char *
kept_transcript(struct arena *arena, const struct buf *transcript)
{
	if (transcript->dropped == 0)
		return arena_strdup(arena, transcript->data);
	return arena_printf(
		arena, "%s\n... [%zu bytes omitted]", transcript->data, transcript->dropped);
}

static void
keep_trace(struct probe_connection *connection)
{
	struct observation *observation = connection->observation;
	const struct conversation *conversation = &observation->conversation;
	struct arena *arena = &observation->arena;

	*ARENA_ADD(arena, observation->traces, observation->trace_count) =
		(struct trace){ .transcript = kept_transcript(arena, &conversation->transcript),
			.ms = clock_now_ms() - connection->started_ms };
	heard_add(&observation->heard, &conversation->heard, observation->trace_count - 1, arena);
	if (observation->stray.len == 0 && conversation->after_starttls.len != 0)
		observation->stray =
			(struct span){ arena_memdup(arena, conversation->after_starttls.data,
					       conversation->after_starttls.len),
				conversation->after_starttls.len };
}

void
probe_close(struct probe_connection *connection, bool at_command)
{
	if (connection->unmade)
		return;
	dialog_end(&connection->dialog, at_command);
	keep_trace(connection);
}
