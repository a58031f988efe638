/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Challenges and responses in base64, as each protocol carries them (RFC 4954, RFC 9051 section 6.2.2,
 * RFC 5034, RFC 5804 section 2.1). What is secret never reaches the transcript.
 */
#include "sasl_dialog.h"

#include <string.h>

#include "base/text.h"
#include "probe/endpoint.h"
#include "sasl.h"
#include "wire/literal.h"

/* Of a line with a response in base64. */
#define LINE_MAX_LEN (2 * SASL_RESPONSE_MAX)

/* An attempt under way. */
struct exchange {
	struct dialog *dialog;
	struct auth_attempt *attempt;
	struct sasl sasl;
	struct buf response;
	bool in_hand;        /* the response is still to be sent */
	struct reply *reply; /* the last one */
	struct error *error;
};

static const struct dialect_sasl *
framing_of(const struct exchange *exchange)
{
	return &exchange->dialog->endpoint->dialect->sasl;
}

/* In base64, and where the protocol wants it, as a string. */
static void
add_response(struct buf *line, const struct exchange *exchange)
{
	struct buf digits;

	buf_init(&digits, LINE_MAX_LEN);
	text_add_base64(&digits, exchange->response.data, exchange->response.len);
	if (framing_of(exchange)->quoted)
		literal_add(line, digits.data, digits.len);
	else
		buf_add(line, digits.data, digits.len);
	buf_wipe(&digits);
}

static void
note_sent(struct exchange *exchange)
{
	exchange->in_hand = false;
	exchange->attempt->presented = exchange->attempt->presented || exchange->sasl.presents;
}

static void
await_another(struct exchange *exchange)
{
	reply_release(exchange->reply);
	reply_init(exchange->reply, exchange->dialog->endpoint->dialect,
		&exchange->dialog->record->arena);
	exchange->reply->to = REPLY_TO_AUTH;
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
	const struct dialect_sasl *sasl = framing_of(exchange);

	return exchange->in_hand && !shows_nothing(exchange) &&
	       (sasl->initial == NULL || reply_capability(&exchange->dialog->record->session_ehlo,
						 sasl->initial) != NULL) &&
	       line->len + strlen("\r\n") <= sasl->command_max;
}

/* The command that begins the exchange, without a response. */
static const char *
command_of(const struct exchange *exchange)
{
	const struct dialect_sasl *sasl = framing_of(exchange);
	const char *quote = sasl->quoted ? "\"" : "";

	return arena_printf(&exchange->dialog->record->arena, "%s %s%s%s", sasl->command, quote,
		exchange->attempt->mechanism, quote);
}

/* An empty response that comes with the command is an equals sign, but for strings (RFC 4954 section
 * 4). */
static enum outcome
begin(struct exchange *exchange)
{
	struct dialog *dialog = exchange->dialog;
	const char *command = command_of(exchange), *shown = command;
	enum outcome outcome;
	struct buf line;

	buf_init(&line, LINE_MAX_LEN);
	buf_addf(&line, "%s ", command);
	add_response(&line, exchange);
	if (exchange->response.len == 0 && !framing_of(exchange)->quoted)
		buf_add_char(&line, '=');
	await_another(exchange);
	if (is_initial(exchange, &line)) {
		shown = arena_printf(
			&dialog->record->arena, "%s %s", command, exchange->sasl.shown);
		note_sent(exchange);
	}
	outcome = dialog_command(dialog, shown != command ? line.data : command, shown,
		exchange->reply, exchange->error);
	buf_wipe(&line);
	return outcome;
}

static enum outcome
send_line(struct exchange *exchange, const char *line, const char *shown)
{
	await_another(exchange);
	return dialog_go_on(exchange->dialog, line, shown, exchange->reply, exchange->error);
}

static enum outcome
send_response(struct exchange *exchange)
{
	enum outcome outcome;
	struct buf line;

	buf_init(&line, LINE_MAX_LEN);
	add_response(&line, exchange);
	note_sent(exchange);
	outcome = send_line(exchange, line.len == 0 ? "" : line.data, exchange->sasl.shown);
	buf_wipe(&line);
	return outcome;
}

/* Whatever the server says to that, the flaw stands. */
static enum outcome
cancel(struct exchange *exchange)
{
	const char *line = framing_of(exchange)->quoted ? "\"*\"" : "*";

	return send_line(exchange, line, line);
}

/* What the reply brings; without `data` if that cannot be read. */
static struct span
data_of(const struct reply *reply, struct buf *bytes)
{
	bool readable;

	buf_reset(bytes);
	readable = reply_add_sasl_data(reply, bytes);
	return readable ? (struct span){ (const uint8_t *)(bytes->len != 0 ? bytes->data : ""),
		bytes->len }
			: (struct span){ NULL, 0 };
}

/* Makes the next response, unless one is in hand. */
static enum sasl_turn
respond(struct exchange *exchange, struct span challenge)
{
	enum sasl_turn turn;

	if (exchange->in_hand)
		return SASL_ANSWERS;
	buf_wipe(&exchange->response);
	turn = sasl_respond(&exchange->sasl, challenge, &exchange->response);
	exchange->in_hand = turn == SASL_ANSWERS;
	return turn;
}

static bool
goes_on(enum outcome outcome, const struct exchange *exchange)
{
	return outcome == OUTCOME_DONE && exchange->reply->meaning == REPLY_CHALLENGE;
}

/* Answers challenges until a reply is none, or there is nothing to say. */
static enum outcome
answer_all(struct exchange *exchange, enum outcome outcome)
{
	enum sasl_turn turn = SASL_ANSWERS;
	struct buf bytes;

	buf_init(&bytes, REPLY_LITERALS_MAX);
	while (goes_on(outcome, exchange) && turn == SASL_ANSWERS) {
		turn = respond(exchange, data_of(exchange->reply, &bytes));
		if (turn == SASL_ANSWERS)
			outcome = send_response(exchange);
		else if (turn == SASL_CANCELS)
			outcome = cancel(exchange);
	}
	if (outcome == OUTCOME_DONE && exchange->reply->meaning == REPLY_AUTHENTICATED)
		sasl_accept(&exchange->sasl, data_of(exchange->reply, &bytes));
	buf_release(&bytes);
	return outcome;
}

/* What cannot be said is not begun. */
static enum outcome
exchange_all(struct exchange *exchange)
{
	const struct sasl *sasl = &exchange->sasl;

	if (sasl->mechanism->client_first)
		respond(exchange, (struct span){ NULL, 0 });
	if (exchange->attempt->flaw != AUTH_FLAWLESS) {
		error_set(exchange->error, "%s", exchange->attempt->flaw_text);
		return OUTCOME_BROKEN;
	}
	return answer_all(exchange, begin(exchange));
}

enum outcome
sasl_dialog(struct dialog *dialog, struct auth_attempt *attempt, struct reply *reply,
	struct error *error)
{
	struct exchange exchange = {
		.dialog = dialog, .attempt = attempt, .reply = reply, .error = error
	};
	enum outcome outcome;

	buf_init(&exchange.response, SASL_RESPONSE_MAX);
	sasl_begin(&exchange.sasl, attempt, dialog);
	outcome = exchange_all(&exchange);
	sasl_end(&exchange.sasl);
	buf_wipe(&exchange.response);
	return outcome;
}
