/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The steps of a conversation, from the connect to EHLO inside TLS (RFC 5321, RFC 3207,
 * RFC 2595).
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "evidence/conversation.h"
#include "probe/dialog.h"
#include "probe/endpoint.h"
#include "wire/alerts.h"
#include "wire/suites.h"
#include "wire/tls_names.h"

static struct dial_request
request_of(const struct endpoint *endpoint)
{
	return (struct dial_request){
		.host = endpoint->address != NULL ? endpoint->address : endpoint->host,
		.port = endpoint->port,
		.route = endpoint->route,
		.look_up_deadline_ms = clock_earlier(
			endpoint->deadline_ms, clock_now_ms() + endpoint->connect_timeout_ms),
		.timeout_ms = endpoint->connect_timeout_ms,
		.deadline_ms = endpoint->deadline_ms,
		.preconnect = endpoint->preconnect,
	};
}

static enum outcome
take_connect(struct dialog *dialog, struct error *error)
{
	const struct endpoint *endpoint = dialog->endpoint;
	struct conversation *record = dialog->record;
	struct dial_request request;
	struct dialled dialled;
	enum outcome outcome;

	if (clock_left_ms(endpoint->deadline_ms) == 0) {
		error_set(error, "the deadline of the run has passed");
		dialog->status = STREAM_TIMEOUT;
		return OUTCOME_BROKEN;
	}
	request = request_of(endpoint);
	outcome = dial(endpoint->dialler, &request, &dialog->stream, &dialled, error);
	memcpy(record->address, dialled.address, sizeof(record->address));
	record->addresses = dialled.addresses;
	record->through = endpoint->dialler->through;
	record->fault = dialled.fault;
	record->no_route = dialled.no_route;
	record->round_trips++;
	if (dialled.timed_out)
		dialog->status = STREAM_TIMEOUT;
	if (outcome == OUTCOME_DONE)
		dialog_remark(dialog, "%s",
			conversation_connected(record, request.host, request.port, &record->arena));
	else
		dialog_remark(dialog, "%s", error->text);
	return outcome;
}

bool
endpoint_await(
	const struct endpoint *endpoint, const struct conversation *before, struct error *error)
{
	return endpoint->await_start == NULL ||
	       endpoint->await_start(endpoint->pacing, before, error);
}

void
endpoint_begin_next(const struct endpoint *endpoint)
{
	const struct preconnect *preconnect = endpoint->preconnect;
	struct dial_request request = request_of(endpoint);

	if (preconnect != NULL && preconnect->fd < 0 && !preconnect->given_up &&
		endpoint->may_begin(endpoint->pacing))
		endpoint->dialler->begin(endpoint->dialler, &request);
}

struct peer_terms
endpoint_terms(const struct endpoint *endpoint)
{
	return (struct peer_terms){
		.host = endpoint->host,
		.trust = endpoint->trust,
		.memo = endpoint->memo,
		.at = endpoint->today,
	};
}

/* A complete reply that does not agree is an answer; 421 is not, the server only goes away
 * (RFC 5321 section 3.8). */
static enum outcome
weigh_reply(const struct reply *reply, const char *what, struct error *error)
{
	const struct reply_line *last = &reply->lines[reply->count - 1];

	if (reply_is_positive(reply))
		return OUTCOME_DONE;
	error_set(error, "the server answered %s with %.*s", what, (int)last->raw_len, last->raw);
	return reply->meaning == REPLY_LEAVING ? OUTCOME_BROKEN : OUTCOME_REFUSED;
}

static enum outcome
take_greeting(struct dialog *dialog, struct error *error)
{
	struct reply *reply = &dialog->record->greeting;
	enum outcome outcome = dialog_read_reply(dialog, reply, error);

	return outcome == OUTCOME_DONE ? weigh_reply(reply, "the connection", error) : outcome;
}

static enum outcome
say_ehlo(struct dialog *dialog, struct reply *reply, struct error *error)
{
	const struct dialect *dialect = dialog->endpoint->dialect;
	const char *hello = dialect->hello;
	char command[300];
	enum outcome outcome;

	snprintf(command, sizeof(command), "%s%s%s", hello, dialect->names_client ? " " : "",
		dialect->names_client ? dialog->endpoint->ehlo_name : "");
	outcome = dialog_command(dialog, command, command, reply, error);
	if (outcome == OUTCOME_DONE)
		outcome = weigh_reply(reply, hello, error);
	/* Another good reply is one to something else (RFC 5321 section 4.3.2). */
	if (outcome == OUTCOME_DONE && reply->meaning != REPLY_OKAY) {
		error_set(error, "the server answered %s with %d", hello, reply->code);
		return OUTCOME_BROKEN;
	}
	return outcome;
}

static enum outcome
take_ehlo(struct dialog *dialog, struct error *error)
{
	return say_ehlo(dialog, &dialog->record->ehlo, error);
}

/* STARTTLS is not sent to a server that does not offer it. Whatever came with the reply is
 * recorded and left out of the handshake: it was not protected (RFC 3207 section 6). */
static enum outcome
take_starttls(struct dialog *dialog, struct error *error)
{
	struct conversation *record = dialog->record;
	const char *starttls = dialog->endpoint->dialect->starttls;
	struct buf *unread = &dialog->stream.unread;
	enum outcome outcome;

	if (!reply_offers_tls(&record->ehlo) && !conversation_lists_nothing(record)) {
		error_set(error, "the server does not offer %s", starttls);
		return OUTCOME_REFUSED;
	}
	outcome = dialog_command(dialog, starttls, starttls, &record->starttls, error);
	if (outcome != OUTCOME_DONE)
		return outcome;
	stream_fill_arrived(&dialog->stream);
	dialog_note_stray(dialog, buf_span(unread));
	buf_reset(unread);
	return weigh_reply(&record->starttls, starttls, error);
}

static const char *
tls_summary(struct dialog *dialog)
{
	const struct tls_facts *tls = &dialog->record->tls;
	const struct suite *suite = suite_by_id(tls->suite);
	const char *version = name_of(tls_version_names, tls->version);

	return arena_printf(&dialog->record->arena, "TLS %s, %s%s%s, %zu certificate%s",
		version != NULL ? version : "?", suite != NULL ? suite->name : "unknown suite",
		tls->group != NULL ? ", " : "", tls->group != NULL ? tls->group : "",
		tls->chain_count, tls->chain_count == 1 ? "" : "s");
}

/* The judgement of the chain is a pure function of what was just seen. It is made here because
 * it guards what is sent next. */
static void
judge_peer(struct dialog *dialog)
{
	struct conversation *record = dialog->record;
	struct peer_terms terms = endpoint_terms(dialog->endpoint);

	peer_judge(
		&record->peer, record->tls.chain, record->tls.chain_count, &terms, &record->arena);
}

static enum outcome
take_handshake(struct dialog *dialog, struct error *error)
{
	struct conversation *record = dialog->record;
	const struct endpoint *endpoint = dialog->endpoint;
	struct tls_request request = { .server_name = endpoint->server_name,
		.wish = endpoint->wish,
		.identity = endpoint->identity,
		.upgraded = !endpoint->implicit_tls,
		.deadline_ms = dialog_deadline(dialog) };
	enum outcome outcome =
		tls_handshake(&dialog->stream, &request, &record->arena, &record->tls, error);

	record->round_trips += record->tls.version == TLS_VERSION_1_3 ? 1 : 2;
	dialog->status = record->tls.ended;
	dialog_note_stray(dialog, record->tls.plaintext);
	judge_peer(dialog);
	record->peer.proven = outcome == OUTCOME_DONE;
	record->answered = outcome == OUTCOME_DONE;
	dialog_remark(dialog, "%s", outcome == OUTCOME_DONE ? tls_summary(dialog) : error->text);
	return outcome;
}

/* In TLS 1.3 a server agrees only after the client is done: a handshake behind which nothing came
 * but an alert or the end has failed (RFC 8446 section 4.4.2.4), whatever we made of it. */
static bool
revise_handshake(struct dialog *dialog, const char *what)
{
	struct conversation *record = dialog->record;
	struct step_record *handshake = &record->steps[STEP_HANDSHAKE];
	const struct tls_facts *tls = &record->tls;

	if (handshake->outcome != OUTCOME_DONE || tls->heard || tls->version < TLS_VERSION_1_3)
		return false;
	handshake->outcome = tls->late_alert >= 0 ? OUTCOME_REFUSED : OUTCOME_BROKEN;
	handshake->status = dialog->status;
	if (tls->late_alert >= 0)
		handshake->text = arena_printf(&record->arena,
			"the server answered the end of the handshake with the alert %s (%d)",
			alert_of((uint8_t)tls->late_alert)->name, tls->late_alert);
	else
		handshake->text =
			arena_printf(&record->arena, "nothing came behind the handshake: %s", what);
	dialog_remark(dialog, "%s", handshake->text);
	return true;
}

/* How long a server that may have nothing to say is waited for before it is made to speak. */
#define SILENCE_MS 1000

static bool
is_mute(const struct endpoint *endpoint)
{
	return (endpoint->dialect->features & DIALECT_DIALOGUE) == 0;
}

static enum stream_status
await_words(struct dialog *dialog)
{
	const char *idle = dialog->endpoint->dialect->idle;
	enum stream_status status = STREAM_TIMEOUT;

	if (is_mute(dialog->endpoint))
		status = tls_await(&dialog->stream,
			clock_earlier(dialog_deadline(dialog), clock_now_ms() + SILENCE_MS));
	if (status != STREAM_TIMEOUT)
		return status;
	if (is_mute(dialog->endpoint))
		dialog_send(dialog, idle, idle);
	return tls_await(&dialog->stream, dialog_deadline(dialog));
}

void
dialog_confirm(struct dialog *dialog)
{
	if (dialog->record->steps[STEP_HANDSHAKE].outcome != OUTCOME_DONE)
		return;
	dialog->status = await_words(dialog);
	if (dialog->status != STREAM_OK)
		revise_handshake(dialog, stream_status_text(dialog->status));
}

/* Inside TLS all starts anew (RFC 3207 section 4.2): what was learnt before does not count. */
static enum outcome
take_session_ehlo(struct dialog *dialog, struct error *error)
{
	const struct endpoint *endpoint = dialog->endpoint;
	struct reply *reply = &dialog->record->session_ehlo;

	if (endpoint->dialect->lists_unasked && !endpoint->implicit_tls) {
		enum outcome outcome = dialog_read_reply(dialog, reply, error);

		return outcome == OUTCOME_DONE ? weigh_reply(reply, "the handshake", error)
					       : outcome;
	}
	return say_ehlo(dialog, &dialog->record->session_ehlo, error);
}

static enum outcome (*const takers[STEP_COUNT])(struct dialog *, struct error *) = {
	[STEP_CONNECT] = take_connect,
	[STEP_GREETING] = take_greeting,
	[STEP_EHLO] = take_ehlo,
	[STEP_STARTTLS] = take_starttls,
	[STEP_HANDSHAKE] = take_handshake,
	[STEP_SESSION_EHLO] = take_session_ehlo,
};

enum outcome
dialog_take(struct dialog *dialog, enum step step)
{
	struct step_record *record = &dialog->record->steps[step];
	struct error error = { .text = "" };
	int64_t started_ms = clock_now_ms();

	dialog->status = STREAM_OK;
	record->outcome = takers[step](dialog, &error);
	record->ms = clock_now_ms() - started_ms;
	record->status = dialog->status;
	if (record->outcome == OUTCOME_DONE)
		return OUTCOME_DONE;
	record->text = arena_strdup(&dialog->record->arena, error.text);
	if (record->outcome == OUTCOME_BROKEN && revise_handshake(dialog, error.text))
		*record = (struct step_record){ .outcome = OUTCOME_NOT_REACHED };
	return record->outcome;
}

/* The library takes tickets while it reads. */
static void
listen_to_mute(struct dialog *dialog)
{
	const struct endpoint *endpoint = dialog->endpoint;

	dialog_confirm(dialog);
	if (endpoint->wish == NULL || !endpoint->wish->ticket || dialog->status != STREAM_OK)
		return;
	dialog_send(dialog, endpoint->dialect->idle, endpoint->dialect->idle);
	stream_fill(&dialog->stream, dialog_hello_deadline(dialog));
}

void
dialog_begin(struct dialog *dialog, struct conversation *record, const struct endpoint *endpoint,
	enum step last)
{
	size_t count;
	const enum step *steps =
		conversation_steps(endpoint->dialect, endpoint->implicit_tls, &count);

	*dialog = (struct dialog){ .record = record, .endpoint = endpoint };
	for (size_t i = 0; i < count; i++) {
		bool done = dialog_take(dialog, steps[i]) == OUTCOME_DONE ||
			    (steps[i] == STEP_EHLO && conversation_lists_nothing(record));

		if (!done || steps[i] == last)
			return;
	}
	if (is_mute(endpoint))
		listen_to_mute(dialog);
}
