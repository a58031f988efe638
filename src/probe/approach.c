/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gate/approach.h"

#include <stdarg.h>
#include <string.h>

#include "gate/text.h"

/* Most of a reply's last line that a record keeps. */
#define SHOWN_MAX 300

void
approach_conclude(struct observation *observation, enum outcome outcome, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	observation->text = arena_vprintf(&observation->conversation.arena, format, args);
	va_end(args);
	observation->outcome = outcome;
}

bool
approach(struct observation *observation, const struct endpoint *endpoint, enum step last,
	struct dialog *dialog)
{
	const struct step_record *steps = observation->conversation.steps;
	size_t count, i = 0;
	const enum step *order = conversation_steps(endpoint->implicit_tls, &count);

	conversation_release(&observation->conversation);
	conversation_init(&observation->conversation);
	dialog_begin(dialog, &observation->conversation, endpoint, last);
	observation->connections++;
	while (order[i] != last && steps[order[i]].outcome == OUTCOME_DONE)
		i++;
	if (steps[order[i]].outcome == OUTCOME_DONE)
		return true;
	approach_conclude(observation, OUTCOME_BROKEN, "%s: %s", step_name(order[i]),
		steps[order[i]].text != NULL ? steps[order[i]].text : "not reached");
	return false;
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

bool
approach_say(struct observation *observation, struct dialog *dialog, const char *command,
	struct answer *answer)
{
	struct arena *arena = &observation->conversation.arena;
	struct error error = { .text = "" };
	struct reply reply;
	bool answered;

	reply_init(&reply, arena);
	answered = dialog_command(dialog, command, command, &reply, &error) == OUTCOME_DONE;
	*answer = (struct answer){ .code = answered ? reply.code : 0,
		.text = answered ? last_line(&reply, arena) : arena_strdup(arena, error.text) };
	reply_release(&reply);
	if (answered && answer->code != 421)
		return true;
	approach_conclude(observation, OUTCOME_BROKEN, "%.*s: %s", (int)strcspn(command, "\r\n"),
		command, answer->text);
	return false;
}
