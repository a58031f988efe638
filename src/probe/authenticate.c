/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * PLAIN and LOGIN (RFC 4616), as each protocol carries SASL (RFC 4954, RFC 9051 section 6.2.2, RFC
 * 5034, RFC 5804 section 2.1). What is secret never reaches the transcript.
 */
#include "authenticate.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "evidence/cause.h"
#include "probe/dialog.h"
#include "probe/endpoint.h"
#include "wire/literal.h"

/* Longest user name and password together. */
#define CREDENTIALS_MAX 8192

/* What a response of the client holds. */
enum payload {
	PAYLOAD_NONE,
	PAYLOAD_USERNAME,
	PAYLOAD_PASSWORD,
	PAYLOAD_PLAIN, /* NUL user name NUL password */
};

/* The most responses of a mechanism. */
#define RESPONSES_MAX 4

struct mechanism {
	const char *name;
	bool client_first;                     /* the first response may come with the command */
	enum payload responses[RESPONSES_MAX]; /* ends with PAYLOAD_NONE */
};

static const struct mechanism mechanisms[] = {
	{ "PLAIN", true, { PAYLOAD_PLAIN } },
	{ "LOGIN", false, { PAYLOAD_USERNAME, PAYLOAD_PASSWORD } },
};

/* What the transcript shows of them. */
static const char *const payloads_shown[] = { [PAYLOAD_USERNAME] = "[user name]",
	[PAYLOAD_PASSWORD] = "[password]",
	[PAYLOAD_PLAIN] = "[credentials]" };

/* An attempt under way. */
struct exchange {
	struct dialog *dialog;
	const struct mechanism *mechanism;
	struct auth_attempt *attempt;
	struct reply *reply; /* the last one */
	struct error *error;
};

static const struct mechanism *
mechanism_find(const char *name)
{
	for (size_t i = 0; i < sizeof(mechanisms) / sizeof(mechanisms[0]); i++)
		if (text_same(mechanisms[i].name, name))
			return &mechanisms[i];
	return NULL;
}

/* In base64, and where the protocol wants it, as a string. */
static void
add_payload(struct buf *line, const struct exchange *exchange, enum payload payload)
{
	const struct auth_attempt *attempt = exchange->attempt;
	struct buf raw, digits;

	buf_init(&raw, CREDENTIALS_MAX);
	buf_init(&digits, 2 * CREDENTIALS_MAX);
	if (payload == PAYLOAD_PLAIN)
		buf_add_char(&raw, '\0');
	if (payload == PAYLOAD_PLAIN || payload == PAYLOAD_USERNAME)
		buf_add_string(&raw, attempt->username);
	if (payload == PAYLOAD_PLAIN)
		buf_add_char(&raw, '\0');
	if (payload == PAYLOAD_PLAIN || payload == PAYLOAD_PASSWORD)
		buf_add_string(&raw, attempt->password);
	text_add_base64(&digits, raw.data, raw.len);
	if (exchange->dialog->endpoint->dialect->sasl.quoted)
		literal_add(line, digits.data, digits.len);
	else
		buf_add(line, digits.data, digits.len);
	buf_wipe(&raw);
	buf_wipe(&digits);
}

static void
await_another(struct exchange *exchange)
{
	reply_release(exchange->reply);
	reply_init(exchange->reply, exchange->dialog->endpoint->dialect,
		&exchange->dialog->record->arena);
	exchange->reply->to = REPLY_TO_AUTH;
}

static bool
goes_on(enum outcome outcome, const struct exchange *exchange)
{
	return outcome == OUTCOME_DONE && exchange->reply->meaning == REPLY_CHALLENGE;
}

static void
note_sent(struct exchange *exchange, enum payload payload)
{
	exchange->attempt->presented = exchange->attempt->presented ||
				       payload == PAYLOAD_PASSWORD || payload == PAYLOAD_PLAIN;
}

/* Where there are no codes, a no to a wrong password proves something only when the server was seen to
 * know the command before. */
static bool
shows_nothing(const struct exchange *exchange)
{
	return !exchange->attempt->genuine &&
	       (exchange->dialog->endpoint->dialect->features & DIALECT_CODES) == 0;
}

/* Whether the first response may come with the command: if the server takes one there, and the line
 * is not too long (RFC 4954 section 4, RFC 5034 section 4, RFC 4959). */
static bool
is_initial(const struct exchange *exchange, const struct buf *line)
{
	const struct dialog *dialog = exchange->dialog;
	const struct dialect_sasl *sasl = &dialog->endpoint->dialect->sasl;

	return exchange->mechanism->client_first && !shows_nothing(exchange) &&
	       (sasl->initial == NULL ||
		       reply_capability(&dialog->record->session_ehlo, sasl->initial) != NULL) &&
	       line->len + strlen("\r\n") <= sasl->command_max;
}

/* The command that begins the exchange, without a response. */
static const char *
command_of(const struct exchange *exchange)
{
	const struct dialect_sasl *sasl = &exchange->dialog->endpoint->dialect->sasl;
	const char *quote = sasl->quoted ? "\"" : "";

	return arena_printf(&exchange->dialog->record->arena, "%s %s%s%s", sasl->command, quote,
		exchange->mechanism->name, quote);
}

/* *sent: how many responses went along with the command. */
static enum outcome
begin(struct exchange *exchange, size_t *sent)
{
	struct dialog *dialog = exchange->dialog;
	enum payload first = exchange->mechanism->responses[0];
	const char *command = command_of(exchange), *shown = command;
	enum outcome outcome;
	struct buf line;

	buf_init(&line, 2 * CREDENTIALS_MAX);
	buf_addf(&line, "%s ", command);
	add_payload(&line, exchange, first);
	*sent = is_initial(exchange, &line);
	if (*sent != 0) {
		shown = arena_printf(
			&dialog->record->arena, "%s %s", command, payloads_shown[first]);
		note_sent(exchange, first);
	}
	await_another(exchange);
	outcome = dialog_command(
		dialog, *sent != 0 ? line.data : command, shown, exchange->reply, exchange->error);
	buf_wipe(&line);
	return outcome;
}

static enum outcome
respond(struct exchange *exchange, enum payload payload)
{
	enum outcome outcome;
	struct buf line;

	buf_init(&line, 2 * CREDENTIALS_MAX);
	add_payload(&line, exchange, payload);
	note_sent(exchange, payload);
	await_another(exchange);
	outcome = dialog_go_on(exchange->dialog, line.data, payloads_shown[payload],
		exchange->reply, exchange->error);
	buf_wipe(&line);
	return outcome;
}

/* Answers challenges with the mechanism's responses until a reply is none. */
static enum outcome
exchange_all(struct exchange *exchange)
{
	const enum payload *responses = exchange->mechanism->responses;
	size_t sent;
	enum outcome outcome = begin(exchange, &sent);

	while (goes_on(outcome, exchange) && responses[sent] != PAYLOAD_NONE)
		outcome = respond(exchange, responses[sent++]);
	return outcome;
}

/* Only the codes: the text may repeat what was sent. */
static void
record_reply(struct auth_attempt *attempt, const struct reply *reply, struct arena *arena)
{
	struct buf shown;

	buf_init(&shown, 64);
	reply_line_status(reply, &reply->lines[reply->count - 1], &shown);
	attempt->text = arena_strdup(arena, shown.data);
	attempt->reply = reply->status;
	attempt->meaning = reply->meaning;
	buf_release(&shown);
}

static void
make_attempt(struct dialog *dialog, struct auth_attempt *attempt)
{
	struct arena *arena = &dialog->record->arena;
	struct error error = { .text = "" };
	int64_t started_ms = clock_now_ms();
	struct reply reply;
	struct exchange exchange = { dialog, mechanism_find(attempt->mechanism), attempt, &reply,
		&error };

	reply_init(&reply, dialog->endpoint->dialect, arena);
	attempt->conversation = dialog->record;
	dialog->reticent = true;
	attempt->outcome = exchange.mechanism == NULL ? OUTCOME_BROKEN : exchange_all(&exchange);
	attempt->ms = clock_now_ms() - started_ms;
	if (attempt->outcome == OUTCOME_DONE)
		record_reply(attempt, &reply, arena);
	else
		attempt->text = arena_strdup(arena, error.text);
	reply_release(&reply);
}

/* Credentials that are real go only to a server that was shown to be the right one. */
static bool
is_withheld(const struct dialog *dialog, const struct auth_attempt *attempt)
{
	return attempt->genuine && !dialog->endpoint->send_credentials_untrusted &&
	       peer_distrust(&dialog->record->peer) != CAUSE_NONE;
}

/* A server may end the conversation after a wrong password: that says nothing of the next one,
 * which is then for another conversation. */
static bool
was_ended(const struct dialog *dialog, const struct auth_attempt *attempt)
{
	if (attempt->outcome == OUTCOME_DONE)
		return attempt->meaning == REPLY_LEAVING;
	return dialog->status == STREAM_CLOSED || dialog->status == STREAM_RESET;
}

bool
authenticate(struct dialog *dialog, struct auth_attempt *attempts, size_t count)
{
	bool at_command = true, is_first = true;

	for (size_t i = 0; i < count && at_command; i++) {
		struct auth_attempt *attempt = &attempts[i];

		if (attempt->conversation != NULL)
			continue;
		attempt->offered =
			reply_offers_mechanism(&dialog->record->session_ehlo, attempt->mechanism);
		attempt->withheld = is_withheld(dialog, attempt);
		if (!attempt->offered || attempt->withheld) {
			attempt->conversation = dialog->record;
			continue;
		}
		make_attempt(dialog, attempt);
		if (!is_first && was_ended(dialog, attempt)) {
			attempt->conversation = NULL;
			return false;
		}
		is_first = false;
		/* Who leaves or goes on leaves no command to be sent; behind a login no AUTH may
		 * follow. */
		at_command = attempt->outcome == OUTCOME_DONE &&
			     attempt->meaning != REPLY_LEAVING &&
			     attempt->meaning != REPLY_CHALLENGE;
		if (attempt->meaning == REPLY_AUTHENTICATED)
			break;
	}
	return at_command;
}
