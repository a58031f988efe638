/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Plans what nobody asserts, with the questions of those who do, and makes facts of the answers.
 */
#include "run/look.h"

#include "base/names.h"
#include "checks/ask.h"
#include "evidence/target.h"
#include "facts.h"
#include "facts_text.h"
#include "probe/chain_probe.h"
#include "probe/survey.h"
#include "wire/groups.h"
#include "wire/tls_names.h"

/* Asks what the assertion asks whose parameter lists all there is. */
static void
ask_for_all(struct evidence *evidence, const char *name, const char *param,
	const char *const *items, size_t count)
{
	struct arguments *asker = arena_alloc(&evidence->arena, sizeof(*asker));
	struct argument *list;

	asker->check = check_find(name);
	list = &asker->values[check_param(asker->check, param) - asker->check->params];
	*list = (struct argument){ .given = true, .items = items, .count = count };
	ask_all(evidence, asker);
}

static void
ask_for_names(struct evidence *evidence, const char *name, const char *param,
	const struct name_code *names)
{
	const char **items = NULL;
	size_t count = 0;

	for (; names->name != NULL; names++) {
		*ARENA_ADD(&evidence->arena, items, count) = names->name;
	}
	ask_for_all(evidence, name, param, items, count);
}

void
look_plan(struct evidence *evidence, bool posture)
{
	struct questions questions = { .evidence = evidence };
	size_t count;
	const enum step *steps = conversation_steps(
		evidence->target->dialect, evidence->target->implicit_tls, &count);

	evidence->last_step = STEP_CONNECT;
	for (size_t i = 0; i < count; i++)
		if (steps[i] != STEP_AUTH)
			evidence->last_step = steps[i];
	evidence->wants_session = true;
	evidence->wants_chain = true;
	ask(&questions, 0, &chain_observer, NULL);
	if (!posture)
		return;
	ask_for_names(evidence, "tls.versions", "refuses", tls_version_names);
	ask_every_suite(&questions, 0);
	ask_for_names(evidence, "tls.groups", "excludes", group_names);
	ask_for_names(evidence, "tls.signature_algorithms", "excludes", tls_signature_names);
}

struct look
look_of(const struct checklist *checklist, const struct evidence *evidence, struct arena *arena)
{
	const struct conversation *session = &evidence->session;
	struct look look = { .connected = session->steps[STEP_CONNECT].outcome == OUTCOME_DONE };
	struct cleaner cleaner;
	struct arena scratch;

	arena_init(&scratch);
	cleaner_init(&cleaner, &checklist->secrets, evidence, arena, &scratch);
	look.facts = facts_of(evidence, &cleaner);
	look.transcript =
		cleaner_transcript(&cleaner, session->transcript.data, session->transcript.dropped);
	look.obstacle = evidence->cut_short;
	if (look.obstacle == NULL && !look.connected)
		look.obstacle = cleaner_text(&cleaner, session->steps[STEP_CONNECT].text);
	arena_release(&scratch);
	return look;
}
