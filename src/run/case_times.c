/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Hands out the time of each step, attempt and observation once, to the case that it decided.
 */
#include "case_times.h"

#include "checks/causes.h"
#include "evidence/target.h"

/* What times are filled in from, and into. */
struct timing {
	const struct evidence *evidence;
	struct weighed *const *weighed; /* in step with the cases */
	struct report_case *cases;
	size_t count;
};

/* Whether the session conversation decided the case, at that step. */
static bool
is_decided_at(const struct timing *timing, const struct weighed *one, enum step step)
{
	return one->assertion->arguments.check->step == step && one->finding.shown_by == NULL &&
	       one->finding.verdict != VERDICT_SKIPPED &&
	       evidence_attempt(timing->evidence, &one->assertion->arguments) == NULL;
}

/* Who the time of a step is told with: its owner, else the first in the order of the rows. */
static struct report_case *
case_of_step(const struct timing *timing, enum step step)
{
	size_t best = timing->count, best_position = SIZE_MAX;

	for (size_t i = 0; i < timing->count; i++) {
		const struct weighed *one = timing->weighed[i];
		size_t position = cause_is_owned(1u << step, one->assertion->arguments.check)
					  ? 0
					  : 1 + check_position(one->assertion->arguments.check);

		if (!is_decided_at(timing, one, step) || position >= best_position)
			continue;
		best = i;
		best_position = position;
	}
	return best == timing->count ? NULL : &timing->cases[best];
}

/* A step that no case was decided at is part of what the next one took. Returns what is left. */
static int64_t
fill_step_times(const struct timing *timing)
{
	const struct evidence *evidence = timing->evidence;
	int64_t pending = 0;
	size_t count;
	const enum step *steps = conversation_steps(
		evidence->target->dialect, evidence->target->implicit_tls, &count);

	for (size_t i = 0; i < count; i++) {
		struct report_case *entry = case_of_step(timing, steps[i]);

		pending += evidence->session.steps[steps[i]].ms;
		if (entry == NULL)
			continue;
		entry->ms = pending;
		pending = 0;
	}
	return pending;
}

static int64_t
ms_of_steps(const struct conversation *conversation)
{
	int64_t sum = 0;

	for (size_t i = 0; i < STEP_COUNT; i++)
		sum += conversation->steps[i].ms;
	return sum;
}

/* Whether both were decided over the same connection, beside the session conversation. */
static bool
is_same_connection(
	const struct evidence *evidence, const struct weighed *one, const struct weighed *other)
{
	if (one->finding.shown_by != NULL || other->finding.shown_by != NULL)
		return one->finding.shown_by == other->finding.shown_by;
	return evidence_attempt(evidence, &other->assertion->arguments) != NULL &&
	       weighed_conversation(evidence, one) == weighed_conversation(evidence, other);
}

static bool
is_told_before(const struct timing *timing, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (timing->weighed[i]->finding.verdict != VERDICT_SKIPPED &&
			is_same_connection(
				timing->evidence, timing->weighed[index], timing->weighed[i]))
			return true;
	return false;
}

/* The attempt itself, and its connection unless that is the session's. */
static int64_t
ms_of_attempt(const struct timing *timing, const struct auth_attempt *attempt, size_t index)
{
	if (attempt->conversation == &timing->evidence->session || is_told_before(timing, index))
		return attempt->ms;
	return attempt->ms + ms_of_steps(attempt->conversation);
}

void
case_times(const struct evidence *evidence, struct weighed *const *weighed,
	struct report_case *cases, size_t count)
{
	const struct timing timing = { evidence, weighed, cases, count };
	int64_t pending = fill_step_times(&timing);

	for (size_t i = 0; i < count; i++) {
		const struct trace *trace = weighed[i]->finding.shown_by;
		const struct auth_attempt *attempt =
			evidence_attempt(evidence, &weighed[i]->assertion->arguments);

		if (weighed[i]->finding.verdict == VERDICT_SKIPPED)
			continue;
		if (trace != NULL) {
			cases[i].ms = is_told_before(&timing, i) ? 0 : trace->ms;
		} else if (attempt != NULL && attempt->conversation != NULL) {
			cases[i].ms = ms_of_attempt(&timing, attempt, i);
			if (attempt->conversation == &evidence->session) {
				cases[i].ms += pending;
				pending = 0;
			}
		}
	}
}
