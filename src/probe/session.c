/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "gate/chain_probe.h"
#include "gate/checklist.h"
#include "gate/clock.h"
#include "gate/interrupt.h"
#include "gate/probe.h"

static enum step
last_before_auth(const struct evidence *evidence)
{
	return evidence->last_step == STEP_AUTH ? STEP_SESSION_EHLO : evidence->last_step;
}

/* Whether the server is waiting for a command when the conversation stands behind that step. */
static bool
is_at_command(const struct conversation *record, enum step last)
{
	return record->steps[last].outcome == OUTCOME_DONE &&
	       (last == STEP_GREETING || last == STEP_EHLO || last == STEP_SESSION_EHLO);
}

static void
converse(struct conversation *record, struct evidence *evidence, const struct endpoint *endpoint)
{
	enum step last = last_before_auth(evidence);
	struct dialog dialog;
	bool at_command;

	dialog_begin(&dialog, record, endpoint, last);
	evidence->connections++;
	at_command = is_at_command(record, last);
	if (evidence->last_step == STEP_AUTH && at_command)
		at_command = authenticate(&dialog, evidence->attempts, evidence->attempt_count);
	dialog_end(&dialog, at_command);
}

static size_t
attempts_left(const struct evidence *evidence)
{
	size_t left = 0;

	for (size_t i = 0; i < evidence->attempt_count; i++)
		left += evidence->attempts[i].conversation == NULL;
	return left;
}

/* Each further conversation makes at least one attempt, or is the last. */
static void
converse_for_attempts(struct evidence *evidence, const struct endpoint *endpoint)
{
	size_t left = attempts_left(evidence);

	evidence->logins = arena_array(&evidence->arena, left, sizeof(*evidence->logins));
	while (left > 0) {
		struct conversation *record = &evidence->logins[evidence->login_count++];
		size_t before = left;

		conversation_init(record);
		converse(record, evidence, endpoint);
		left = attempts_left(evidence);
		if (left == before)
			return;
	}
}

void
probe_session(struct evidence *evidence, const struct endpoint *endpoint)
{
	converse(&evidence->session, evidence, endpoint);
	if (chain_is_doubtful(&evidence->session))
		evidence->connections += chain_read_again(&evidence->session, endpoint);
	if (evidence->session.steps[STEP_SESSION_EHLO].outcome == OUTCOME_DONE)
		converse_for_attempts(evidence, endpoint);
}

void
probe_file(struct evidence *evidence, const struct endpoint *endpoint)
{
	const struct target *target = evidence->target;
	struct peer_terms terms = endpoint_terms(endpoint);

	peer_judge(&evidence->session.peer, target->chain, target->chain_count, &terms,
		&evidence->arena);
	evidence->session.peer.proven = true;
}
