/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Questions of rows, each once.
 */
#include "checks/ask.h"

#include <string.h>

#include "base/entropy.h"
#include "base/text.h"

void
plan_observation(struct plan *plan, const struct observer *observer, const void *record)
{
	struct evidence *evidence = plan->evidence;
	struct observation *observation;

	if (evidence_observation(evidence, observer, record) != NULL)
		return;
	evidence->observations = arena_grow(&evidence->arena, evidence->observations,
		evidence->observation_count, sizeof(*observation));
	observation = &evidence->observations[evidence->observation_count++];
	memset(observation, 0, sizeof(*observation));
	observation->observer = observer;
	observation->record = arena_memdup(&evidence->arena, record, observer->size);
	arena_init(&observation->arena);
	conversation_init(&observation->conversation);
}

/* A password that no server can know: it has only just been drawn. */
static const char *
draw_password(struct arena *arena)
{
	unsigned char drawn[18];
	struct buf text;
	const char *password;

	entropy_fill(drawn, sizeof(drawn));
	buf_init(&text, 64);
	text_add_base64(&text, drawn, sizeof(drawn));
	password = arena_strdup(arena, text.data);
	buf_release(&text);
	return password;
}

void
plan_attempt(struct plan *plan, const struct arguments *arguments, const char *password)
{
	struct evidence *evidence = plan->evidence;
	struct auth_attempt *attempt;

	evidence->attempts = arena_grow(
		&evidence->arena, evidence->attempts, evidence->attempt_count, sizeof(*attempt));
	attempt = &evidence->attempts[evidence->attempt_count++];
	*attempt = (struct auth_attempt){
		.asker = arguments,
		.mechanism = argument_of(arguments, "mechanism")->text,
		.username = argument_of(arguments, "username")->text,
		.password = password != NULL ? password : draw_password(&evidence->arena),
		.genuine = password != NULL,
	};
}
