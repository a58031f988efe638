/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * SMTP AUTH with PLAIN and LOGIN (RFC 4954, RFC 4616). What is secret never reaches the
 * transcript.
 */
#include "authenticate.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "evidence/cause.h"
#include "probe/dialog.h"
#include "probe/endpoint.h"

/* Longest user name and password together. */
#define CREDENTIALS_MAX 8192

/* Longest command line, its CRLF included: a longer initial response goes on a line of its own (RFC
 * 4954 section 4, RFC 5321 section 4.5.3.1.4). */
#define COMMAND_MAX 512

/* What a command carries in base64. */
enum payload {
	PAYLOAD_NONE,
	PAYLOAD_USERNAME,
	PAYLOAD_PASSWORD,
	PAYLOAD_PLAIN, /* NUL user name NUL password */
};

/* One command of an exchange. All but the last must be answered with a challenge. A payload that makes the
 * command too long comes behind it, on a line of its own. */
struct sasl_message {
	const char *command;
	enum payload payload;
	const char *shown;
	const char *shown_alone; /* of the payload on a line of its own */
};

struct mechanism {
	const char *name;
	struct sasl_message messages[4]; /* ends with one that is all zeros */
};

static const struct mechanism mechanisms[] = {
	{ "PLAIN",
		{ { "AUTH PLAIN", PAYLOAD_PLAIN, "AUTH PLAIN [credentials]", "[credentials]" } } },
	{ "LOGIN", { { "AUTH LOGIN", PAYLOAD_NONE, "AUTH LOGIN", NULL },
			   { NULL, PAYLOAD_USERNAME, NULL, "[user name]" },
			   { NULL, PAYLOAD_PASSWORD, NULL, "[password]" } } },
};

static const struct mechanism *
mechanism_find(const char *name)
{
	for (size_t i = 0; i < sizeof(mechanisms) / sizeof(mechanisms[0]); i++)
		if (text_same(mechanisms[i].name, name))
			return &mechanisms[i];
	return NULL;
}

static void
add_payload(struct buf *line, enum payload payload, const struct auth_attempt *attempt)
{
	struct buf raw;

	buf_init(&raw, CREDENTIALS_MAX);
	if (payload == PAYLOAD_PLAIN)
		buf_add_char(&raw, '\0');
	if (payload == PAYLOAD_PLAIN || payload == PAYLOAD_USERNAME)
		buf_add_string(&raw, attempt->username);
	if (payload == PAYLOAD_PLAIN)
		buf_add_char(&raw, '\0');
	if (payload == PAYLOAD_PLAIN || payload == PAYLOAD_PASSWORD)
		buf_add_string(&raw, attempt->password);
	text_add_base64(line, raw.data, raw.len);
	buf_wipe(&raw);
}

/* Sends one line and reads the reply; what is secret has been in it from now on. */
static enum outcome
send_line(struct dialog *dialog, const char *line, const char *shown, struct reply *reply,
	struct error *error)
{
	reply_release(reply);
	reply_init(reply, dialog->endpoint->dialect, &dialog->record->arena);
	return dialog_command(dialog, line, shown, reply, error);
}

static bool
goes_on(enum outcome outcome, const struct reply *reply)
{
	return outcome == OUTCOME_DONE && reply->meaning == REPLY_CHALLENGE;
}

static bool
fits(const char *command, const struct buf *payload)
{
	return strlen(command) + strlen(" ") + payload->len + strlen("\r\n") <= COMMAND_MAX;
}

/* The command, and its payload behind it or on the next line; *sent: the payload was sent. */
static enum outcome
send_message(struct dialog *dialog, const struct sasl_message *message, const struct buf *payload,
	bool *sent, struct reply *reply, struct error *error)
{
	bool together = message->command != NULL && fits(message->command, payload);
	enum outcome outcome;
	struct buf line;

	if (message->command != NULL && !together) {
		outcome = send_line(dialog, message->command, message->command, reply, error);
		if (!goes_on(outcome, reply))
			return outcome;
	}
	buf_init(&line, 2 * CREDENTIALS_MAX);
	if (together)
		buf_addf(&line, "%s%s", message->command, payload->len != 0 ? " " : "");
	buf_add(&line, payload->data, payload->len);
	*sent = true;
	outcome = send_line(
		dialog, line.data, together ? message->shown : message->shown_alone, reply, error);
	buf_wipe(&line);
	return outcome;
}

static enum outcome
take_message(struct dialog *dialog, const struct sasl_message *message,
	struct auth_attempt *attempt, struct reply *reply, struct error *error)
{
	enum outcome outcome;
	struct buf payload;
	bool sent = false;

	buf_init(&payload, 2 * CREDENTIALS_MAX);
	if (message->payload != PAYLOAD_NONE)
		add_payload(&payload, message->payload, attempt);
	outcome = send_message(dialog, message, &payload, &sent, reply, error);
	if (message->payload == PAYLOAD_PASSWORD || message->payload == PAYLOAD_PLAIN)
		attempt->presented = sent;
	buf_wipe(&payload);
	return outcome;
}

/* Goes through the mechanism's messages until a reply is no challenge. */
static enum outcome
exchange(struct dialog *dialog, const struct mechanism *mechanism, struct auth_attempt *attempt,
	struct reply *reply, struct error *error)
{
	enum outcome outcome = OUTCOME_BROKEN;

	for (const struct sasl_message *message = mechanism->messages;
		message->command != NULL || message->payload != PAYLOAD_NONE; message++) {
		outcome = take_message(dialog, message, attempt, reply, error);
		if (!goes_on(outcome, reply))
			return outcome;
	}
	return outcome;
}

/* Only the codes: the text may repeat what was sent. */
static void
record_reply(struct auth_attempt *attempt, const struct reply *reply, struct arena *arena)
{
	struct buf shown;

	buf_init(&shown, 64);
	reply_line_status(&reply->lines[reply->count - 1], &shown);
	attempt->text = arena_strdup(arena, shown.data);
	attempt->reply = reply->status;
	attempt->meaning = reply->meaning;
	buf_release(&shown);
}

static void
make_attempt(struct dialog *dialog, struct auth_attempt *attempt)
{
	struct arena *arena = &dialog->record->arena;
	const struct mechanism *mechanism = mechanism_find(attempt->mechanism);
	struct error error = { .text = "" };
	int64_t started_ms = clock_now_ms();
	struct reply reply;

	reply_init(&reply, dialog->endpoint->dialect, arena);
	attempt->conversation = dialog->record;
	dialog->reticent = true;
	attempt->outcome = mechanism == NULL ? OUTCOME_BROKEN
					     : exchange(dialog, mechanism, attempt, &reply, &error);
	attempt->ms = clock_now_ms() - started_ms;
	if (attempt->outcome == OUTCOME_DONE)
		record_reply(attempt, &reply, arena);
	else
		attempt->text = arena_strdup(arena, error.text);
	reply_release(&reply);
}

static bool
is_offered(const struct conversation *record, const char *mechanism)
{
	char capability[64];

	snprintf(capability, sizeof(capability), "AUTH %s", mechanism);
	return reply_capability(&record->session_ehlo, capability) != NULL;
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
		attempt->offered = is_offered(dialog->record, attempt->mechanism);
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
