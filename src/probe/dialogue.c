/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A dialogue as it was written down. What a reply answers is taken from the command, since in some
 * protocols only that tells where the reply ends.
 */
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "evidence/cause.h"
#include "probe/dialog.h"
#include "probe/dialogue_probe.h"
#include "probe/endpoint.h"
#include "wire/expectation.h"

/* Most of a reply that is kept. */
#define KEPT_MAX ((size_t)1 << 20)

/* Whether the first word of the line is that of the command. */
static bool
begins_with_word(const char *line, const char *command)
{
	size_t word = command == NULL ? 0 : strcspn(command, " ");

	return word != 0 && strncasecmp(line, command, word) == 0 &&
	       (line[word] == '\0' || line[word] == ' ' || line[word] == '\r');
}

static enum reply_to
answered_by(const struct dialect *dialect, const char *line)
{
	if (begins_with_word(line, dialect->quit))
		return REPLY_TO_QUIT;
	if (begins_with_word(line, dialect->hello))
		return REPLY_TO_HELLO;
	if (begins_with_word(line, dialect->sasl.command))
		return REPLY_TO_AUTH;
	if (dialect->brings_list != NULL && dialect->brings_list(line, strcspn(line, "\r\n")))
		return REPLY_TO_LIST;
	return REPLY_TO_COMMAND;
}

static const char *
joined_lines(const struct reply *reply, struct arena *arena)
{
	struct buf text;
	const char *kept;

	buf_init(&text, KEPT_MAX);
	for (size_t i = 0; i < reply->count; i++) {
		buf_add_string(&text, i == 0 ? "" : "\n");
		buf_add(&text, reply->lines[i].raw, reply->lines[i].raw_len);
	}
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] == '\0')
			text.data[i] = '?';
	kept = arena_strdup(arena, text.data);
	buf_release(&text);
	return kept;
}

/* They stand in the last line, or in a reply that is a list in the first. */
static const char *
codes_of(const struct reply *reply, struct arena *arena)
{
	const char *codes;
	struct buf shown;

	buf_init(&shown, REPLY_LINE_MAX);
	reply_line_status(reply, &reply->lines[reply->count - 1], &shown);
	if (shown.len == 0)
		reply_line_status(reply, &reply->lines[0], &shown);
	codes = arena_strdup(arena, shown.data);
	buf_release(&shown);
	return codes;
}

static const char *
shown_line(const struct reply *reply, struct arena *arena)
{
	const struct reply_line *last = &reply->lines[reply->count - 1];
	const char *line;
	struct buf shown;

	buf_init(&shown, KEPT_MAX);
	text_add_printable(&shown, last->raw, last->raw_len);
	line = arena_strdup(arena, shown.data);
	buf_release(&shown);
	return line;
}

static const struct dialogue_reply *
keep_reply(struct probe_connection *connection, const struct reply *reply)
{
	struct dialogue_record *record = connection->observation->record;
	struct arena *arena = &connection->observation->arena;
	struct dialogue_reply *kept = ARENA_ADD(arena, record->replies, record->reply_count);

	*kept = (struct dialogue_reply){ .meaning = reply->meaning,
		.codes = codes_of(reply, arena),
		.text = joined_lines(reply, arena) };
	kept->shown = connection->dialog.reticent ? kept->codes : shown_line(reply, arena);
	return kept;
}

static bool
is_withheld(struct probe_connection *connection, const struct dialogue_step *step)
{
	struct dialogue_record *record = connection->observation->record;

	if (!step->is_secret || connection->endpoint->send_credentials_untrusted)
		return false;
	record->distrust = peer_distrust(&connection->dialog.record->peer);
	record->withheld = record->before_tls || record->distrust != CAUSE_NONE ||
			   connection->endpoint->host_doubt != NULL;
	if (record->withheld)
		observation_conclude(connection->observation, OUTCOME_BROKEN,
			"a secret was not sent: the server is not trusted");
	return record->withheld;
}

/* Takes one step; *to and *goes_on are those of the one before, and become its own. */
static bool
take_step(struct probe_connection *connection, const struct dialogue_step *step, enum reply_to *to,
	bool *goes_on)
{
	struct dialog *dialog = &connection->dialog;
	struct error error = { .text = "" };
	const struct dialogue_reply *kept;
	struct reply reply;
	enum outcome outcome;

	if (is_withheld(connection, step))
		return false;
	dialog->unlisted = true;
	dialog->reticent = dialog->reticent || step->is_secret;
	reply_init(&reply, connection->endpoint->dialect, &dialog->record->arena);
	*to = *goes_on ? *to : answered_by(reply.dialect, step->send);
	reply.to = *to;
	outcome = *goes_on ? dialog_go_on(dialog, step->send, step->shown, &reply, &error)
			   : dialog_command(dialog, step->send, step->shown, &reply, &error);
	reply_release(&reply);
	if (outcome != OUTCOME_DONE) {
		observation_conclude(connection->observation, OUTCOME_BROKEN, "%.*s: %s",
			(int)strcspn(step->shown, "\r\n"), step->shown, error.text);
		return false;
	}
	kept = keep_reply(connection, &reply);
	*goes_on = reply.status == REPLY_CONTINUE;
	return expectation_met(step->expect, kept->codes, kept->text);
}

/* Whether what came last was one to its command, as far as that can be asked. */
static bool
is_in_step(struct probe_connection *connection, bool goes_on)
{
	const struct dialogue_record *record = connection->observation->record;
	enum reply_meaning last = record->replies[record->reply_count - 1].meaning;

	if (goes_on || last == REPLY_FAREWELL || last == REPLY_LEAVING ||
		dialog_in_step(&connection->dialog))
		return true;
	observation_conclude(connection->observation, OUTCOME_BROKEN,
		"the server's replies do not keep step with the steps");
	return false;
}

static void
take_steps(struct probe_connection *connection)
{
	struct dialogue_record *record = connection->observation->record;
	enum reply_to to = REPLY_TO_COMMAND;
	bool goes_on = false;
	size_t taken = 0;

	while (taken < record->count && take_step(connection, &record->steps[taken], &to, &goes_on))
		taken++;
	/* Without a reply to its last step it was concluded there. */
	if (taken < record->count && record->reply_count == taken)
		return;
	if (is_in_step(connection, goes_on))
		observation_conclude(connection->observation, OUTCOME_DONE, "%s",
			record->replies[record->reply_count - 1].shown);
}

static void
observe_dialogue(struct observation *observation, const struct endpoint *endpoint)
{
	struct dialogue_record *record = observation->record;
	struct probe_connection connection;

	*record = (struct dialogue_record){
		.steps = record->steps, .count = record->count, .before_tls = record->before_tls
	};
	if (probe_open(&connection, observation, endpoint,
		    record->before_tls ? STEP_EHLO : STEP_SESSION_EHLO))
		take_steps(&connection);
	probe_close(&connection, false);
}

static bool
asks_same_dialogue(const void *record, const void *other)
{
	const struct dialogue_record *one = record, *two = other;

	return one->steps == two->steps;
}

const struct observer dialogue_observer = {
	.name = "a dialogue",
	.size = sizeof(struct dialogue_record),
	.connections = 1,
	.asks_same = asks_same_dialogue,
	.observe = observe_dialogue,
};
