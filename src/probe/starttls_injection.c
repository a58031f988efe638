/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Commands pipelined behind STARTTLS: sent in plaintext, by whoever is on the way, and run inside
 * TLS by a server that keeps its input buffer across the change (CVE-2011-0411). NOOP or the like
 * goes in, and then the first reply inside TLS must be that to QUIT, and the last. A proxy may greet
 * again. No way of ending such a session says that the command was the reason: what ends it counts as a
 * close does, which must come again while sessions without the command are served.
 */
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "probe/dialog.h"
#include "probe/endpoint.h"
#include "probe/starttls_probes.h"
#include "refusal.h"

/* How long a reply may follow that to QUIT. */
#define AFTERMATH_MS 1000

/* STARTTLS and the other in one segment. What is answered in plaintext is thrown away: it is not inside
 * TLS. */
static enum try_end
inject(struct probe_connection *connection)
{
	const struct dialect *dialect = connection->endpoint->dialect;
	const char *commands = arena_printf(
		&connection->observation->arena, "%s\r\n%s", dialect->starttls, dialect->idle);
	const struct conversation *seen = connection->dialog.record;
	struct answer answer;

	if (!reply_offers_tls(&seen->ehlo) && !conversation_lists_nothing(seen)) {
		observation_conclude(connection->observation, OUTCOME_BROKEN, "%s is not offered",
			dialect->starttls);
		return TRY_NO_ANSWER;
	}
	if (!probe_say(connection, commands, &answer))
		return try_end_of_stream(answer.status);
	if (answer.reply == REPLY_POSITIVE) {
		stream_fill_arrived(&connection->dialog.stream);
		buf_reset(&connection->dialog.stream.unread);
		return TRY_ANSWERED;
	}
	observation_conclude(connection->observation, OUTCOME_BROKEN,
		"%s with a command behind it: %s", dialect->starttls, answer.text);
	return answer.reply == REPLY_NEGATIVE ? TRY_HUNG_UP : TRY_NO_ANSWER;
}

/* Whether the server says no in plaintext: then there is no TLS inside which anything could run. */
static bool
is_refused_in_plaintext(const struct dialog *dialog)
{
	struct span first = dialog->record->tls.first_bytes;
	struct reply reply;
	bool refused;

	reply_init(&reply, dialog->endpoint->dialect, &dialog->record->arena);
	memcpy(reply.tag, dialog->tag, sizeof(reply.tag));
	reply_feed(&reply, (const char *)first.data, first.len);
	refused = reply.state == REPLY_COMPLETE && reply.status == REPLY_NEGATIVE;
	reply_release(&reply);
	return refused;
}

static enum try_end
start_tls(struct probe_connection *connection)
{
	const struct tls_facts *tls = &connection->dialog.record->tls;

	if (probe_take(connection, STEP_HANDSHAKE, " after the injection"))
		return TRY_ANSWERED;
	/* What stands behind STARTTLS may well be read as the hello. */
	if (tls->alert >= 0 && try_end_of_alert((uint8_t)tls->alert, true) == TRY_NO_ANSWER)
		return TRY_NO_ANSWER;
	if (tls->alert >= 0 || is_refused_in_plaintext(&connection->dialog))
		return TRY_HUNG_UP;
	return try_end_of_stream(refusal_end(
		tls->ended, clock_now_ms() - connection->dialog.record->steps[STEP_HANDSHAKE].ms));
}

/* A reply behind that to QUIT shows that the ones before it were not to what was asked. */
static bool
is_last(struct probe_connection *connection)
{
	struct stream *stream = &connection->dialog.stream;

	return stream->unread.len == 0 &&
	       stream_fill(stream, clock_now_ms() + AFTERMATH_MS) != STREAM_OK;
}

/* The next reply that is no greeting; a proxy gives one inside TLS. */
static bool
next_reply(struct probe_connection *connection, struct answer *answer)
{
	return probe_listen(connection, REPLY_TO_QUIT, answer) &&
	       (answer->meaning != REPLY_READY || probe_listen(connection, REPLY_TO_QUIT, answer));
}

/* Where a list comes before anybody asks, it is no reply to what was injected. */
static bool
take_list(struct probe_connection *connection, struct answer *answer)
{
	if (!connection->endpoint->dialect->lists_unasked)
		return true;
	return probe_listen(connection, REPLY_TO_HELLO, answer) && answer->reply == REPLY_POSITIVE;
}

static enum try_end
broken(struct probe_connection *connection, const char *text)
{
	observation_conclude(connection->observation, OUTCOME_BROKEN, "%s", text);
	return TRY_NO_ANSWER;
}

/* Whether the first reply is one to something else than QUIT: what was injected was run. */
static enum try_end
take_first(struct probe_connection *connection)
{
	struct injection_record *record = connection->observation->record;
	bool came = take_list(connection, &record->first) && next_reply(connection, &record->first);

	record->answered = record->first.meaning != REPLY_FAREWELL;
	if (!came &&
		(record->first.reply == REPLY_NO_STATUS ||
			record->first.meaning == REPLY_LEAVING) &&
		record->first.meaning != REPLY_STRAY)
		return try_end_of_stream(record->first.status);
	return TRY_ANSWERED;
}

/* Replies that come before the one to QUIT are to what was injected. */
static enum try_end
quit(struct probe_connection *connection)
{
	struct injection_record *record = connection->observation->record;
	struct dialog *dialog = &connection->dialog;
	const struct dialect *dialect = dialog->endpoint->dialect;
	enum try_end end;

	stream_fill_arrived(&dialog->stream);
	if (dialog->stream.unread.len != 0 &&
		text_starts_with(dialog->stream.unread.data, dialect->farewell))
		return broken(
			connection, arena_printf(&connection->observation->arena,
					    "%s was answered before it was sent", dialect->quit));
	dialog_send(dialog, dialect->quit, dialect->quit);
	end = take_first(connection);
	if (end != TRY_ANSWERED)
		return end;
	if (!record->answered && !is_last(connection))
		return broken(connection,
			arena_printf(&connection->observation->arena,
				"a reply came behind that to %s, so none can be told from another",
				dialect->quit));
	observation_conclude(connection->observation, OUTCOME_DONE,
		"the first reply inside TLS: %s", record->first.text);
	return TRY_ANSWERED;
}

static enum try_end
try_injection(struct observation *observation, const struct endpoint *endpoint, void *context)
{
	struct probe_connection connection;
	enum try_end end = TRY_NO_ANSWER;

	(void)context;
	memset(observation->record, 0, sizeof(struct injection_record));
	if (probe_open(&connection, observation, endpoint, STEP_EHLO)) {
		end = inject(&connection);
		if (end == TRY_ANSWERED)
			end = start_tls(&connection);
		if (end == TRY_ANSWERED)
			end = quit(&connection);
	}
	probe_close(&connection, false);
	return end;
}

/* That the server ends such a session shows something only where it serves one without. */
static void
observe_injection(struct observation *observation, const struct endpoint *endpoint)
{
	enum outcome outcome = refusal_decide(observation, endpoint, try_injection, NULL);
	struct probe_connection connection;
	const char *text = observation->text;
	bool served;

	if (outcome != OUTCOME_REFUSED)
		return;
	served = probe_open(&connection, observation, endpoint, STEP_SESSION_EHLO);
	probe_close(&connection, served);
	observation_conclude(observation, served ? OUTCOME_REFUSED : OUTCOME_BROKEN,
		served ? "%s" : "%s; and a session without it is not served either", text);
}

const struct observer injection_observer = {
	.name = "a command behind STARTTLS",
	.size = sizeof(struct injection_record),
	.connections = 1,
	.observe = observe_injection,
};
