/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Calls the plan function of every assertion that applies, and puts the attempts to log in in
 * order.
 */
#include "run/plan.h"

#include <string.h>

#include "checks/ask.h"
#include "evidence/cause.h"
#include "evidence/target.h"

/* Genuine ones first: servers delay who fails. */
static void
order_attempts(struct evidence *evidence)
{
	size_t genuine = 0;

	for (size_t i = 0; i < evidence->attempt_count; i++) {
		struct auth_attempt attempt = evidence->attempts[i];

		if (!attempt.genuine)
			continue;
		memmove(&evidence->attempts[genuine + 1], &evidence->attempts[genuine],
			(i - genuine) * sizeof(attempt));
		evidence->attempts[genuine++] = attempt;
	}
}

/* Whether there is something to be asked for it. */
static bool
can_ask(const struct check *check, const struct target *target)
{
	if (target->certificate_file != NULL)
		return false;
	if (target->left_out != NULL && (check->subject != SUBJECT_NAMES || check->of_each_address))
		return false;
	switch (check->subject) {
	case SUBJECT_SERVER:
		return target->missing == CAUSE_NONE;
	case SUBJECT_NAMES:
		return target->names != NULL;
	case SUBJECT_WHOLE:
		break;
	}
	return !check->asks_nodes || target->missing == CAUSE_NONE;
}

void
plan_target(const struct checklist *checklist, struct evidence *evidence)
{
	const struct target *target = evidence->target;

	evidence->public_roots = checklist->web.public_roots;
	evidence->last_step = STEP_CONNECT;
	for (size_t i = 0; i < checklist->assertion_count; i++) {
		const struct assertion *assertion = &checklist->assertions[i];
		const struct check *check = assertion->arguments.check;

		if (!assertion_asks(assertion, target))
			continue;
		ask_session(evidence, check->step);
		evidence->wants_chain = evidence->wants_chain || check->judges_chain;
		if (!can_ask(check, target))
			continue;
		evidence->wants_session = evidence->wants_session ||
					  check->subject == SUBJECT_SERVER || check->asks_nodes;
		ask_all(evidence, &assertion->arguments);
	}
	order_attempts(evidence);
}

unsigned
plan_connections(const struct evidence *evidence)
{
	unsigned genuine = 0, connections = 0;

	for (size_t i = 0; i < evidence->observation_count; i++)
		connections += evidence->observations[i]->observer->connections;
	if (!evidence->wants_session)
		return connections;
	for (size_t i = 0; i < evidence->attempt_count; i++)
		genuine += evidence->attempts[i].genuine;
	return connections + (genuine > 1 ? genuine : 1) + (genuine < evidence->attempt_count);
}

static unsigned
questions_of(const struct observation *observation)
{
	const struct observer *observer = observation->observer;

	return observer->questions != NULL ? observer->questions(observation->record)
					   : observer->connections;
}

/* Few are out of place. */
struct observation **
plan_order(const struct evidence *evidence, struct arena *arena)
{
	size_t count = evidence->observation_count;
	struct observation **order = arena_array(arena, count, sizeof(*order));

	for (size_t i = 0; i < count; i++) {
		size_t at = i;

		while (at > 0 &&
			questions_of(order[at - 1]) < questions_of(evidence->observations[i])) {
			order[at] = order[at - 1];
			at--;
		}
		order[at] = evidence->observations[i];
	}
	return order;
}
