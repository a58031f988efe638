/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Three passes: which causes are borne out, who carries each, and what is skipped for it.
 */
#include "weigh.h"

#include <string.h>

#include "checks/advice.h"
#include "checks/causes.h"
#include "evidence/cause.h"
#include "evidence/target.h"
#include "run/judge.h"

/* A cause that somebody met. */
struct carried {
	bool borne_out;          /* the evidence bears it out */
	struct assertion *owner; /* as nobody asked it; NULL: it has none for this target */
	struct finding finding;  /* of the owner */
	struct weighed *carrier; /* who reports it; NULL: nobody that counts has met it */
	bool is_owned;           /* by one of those that it belongs to */
};

/* One target being judged. */
struct judging {
	const struct checklist *checklist;
	const struct evidence *evidence;
	struct arena *arena;
	struct weighed *cases; /* those asked for, then those added */
	size_t asked;
	size_t count;
	struct carried carried[CAUSE_ROWS_MAX]; /* in step with cause_rows */
};

static bool
is_bad(const struct finding *finding)
{
	return finding->verdict == VERDICT_FAIL || finding->verdict == VERDICT_ERROR;
}

static bool
counts(const struct weighed *one)
{
	return is_bad(&one->finding) && !one->assertion->advisory && !one->assertion->waived;
}

/* Observers know of steps only: one at STARTTLS is about the offer where there is none. */
static uint32_t
causes_of(const struct evidence *evidence, const struct finding *finding)
{
	uint32_t causes = is_bad(finding) ? finding->causes : CAUSE_NONE;

	if ((causes & CAUSE_STARTTLS) == 0)
		return causes;
	return (causes & ~(uint32_t)CAUSE_STARTTLS) |
	       cause_of_step(&evidence->session, STEP_STARTTLS);
}

static void
judge_all(struct judging *judging)
{
	const struct checklist *checklist = judging->checklist;

	judging->cases = arena_array(judging->arena, checklist->assertion_count + cause_row_count,
		sizeof(*judging->cases));
	for (size_t i = 0; i < checklist->assertion_count; i++) {
		const struct assertion *assertion = &checklist->assertions[i];
		struct weighed *one = &judging->cases[judging->asked];

		if (!assertion_applies(assertion, judging->evidence->target))
			continue;
		*one = (struct weighed){ .assertion = assertion, .id = assertion->id };
		judge_arguments(
			judging->evidence, &assertion->arguments, judging->arena, &one->finding);
		one->causes = causes_of(judging->evidence, &one->finding);
		judging->asked++;
	}
	judging->count = judging->asked;
}

/* Whether the check can be made of the target, or of that part of one. */
static bool
is_for(const struct check *check, const struct target *target)
{
	if (target->certificate_file != NULL)
		return check->judges_chain;
	if (check->subject == SUBJECT_NAMES
			? target->names == NULL
			: (check->subject == SUBJECT_WHOLE && target->part == TARGET_NODE))
		return false;
	return (check->needs & ~target_features(target)) == 0;
}

/* A cause is one only if its owner, asked without parameters, does not hold for it either. */
static void
try_cause(struct judging *judging, size_t index)
{
	const struct cause_row *row = &cause_rows[index];
	struct carried *carried = &judging->carried[index];
	const struct check *owner = row->owners[0] != NULL ? check_find(row->owners[0]) : NULL;

	carried->borne_out = true;
	if (owner == NULL || !is_for(owner, judging->evidence->target))
		return;
	carried->owner = arena_alloc(judging->arena, sizeof(*carried->owner));
	*carried->owner = (struct assertion){ .id = owner->name,
		.title = owner->summary,
		.arguments = cause_arguments(row, judging->evidence, judging->arena) };
	judge_arguments(
		judging->evidence, &carried->owner->arguments, judging->arena, &carried->finding);
	carried->borne_out =
		(causes_of(judging->evidence, &carried->finding) & row->cause) != CAUSE_NONE;
}

static void
try_causes(struct judging *judging)
{
	uint32_t met = CAUSE_NONE, borne_out = CAUSE_NONE;

	for (size_t i = 0; i < judging->asked; i++)
		met |= judging->cases[i].causes;
	for (size_t i = 0; i < cause_row_count; i++) {
		if ((met & cause_rows[i].cause) == 0)
			continue;
		try_cause(judging, i);
		if (judging->carried[i].borne_out)
			borne_out |= cause_rows[i].cause;
	}
	for (size_t i = 0; i < judging->asked; i++)
		judging->cases[i].causes &= borne_out;
}

/* In the order of the rows, never in that of the checklist. */
static bool
comes_before(const struct weighed *one, const struct weighed *other)
{
	size_t a = check_position(one->assertion->arguments.check);
	size_t b = check_position(other->assertion->arguments.check);

	return a != b ? a < b : strcmp(one->id, other->id) < 0;
}

/* The first that counts of those that met the cause, of that check or of any (NULL). */
static struct weighed *
first_to_meet(const struct judging *judging, uint32_t cause, const char *check)
{
	struct weighed *first = NULL;

	for (size_t i = 0; i < judging->asked; i++) {
		struct weighed *one = &judging->cases[i];

		if (!counts(one) || (one->causes & cause) == 0 ||
			(check != NULL &&
				strcmp(one->assertion->arguments.check->name, check) != 0))
			continue;
		if (first == NULL || comes_before(one, first))
			first = one;
	}
	return first;
}

static bool
is_asked(const struct judging *judging, const struct check *check)
{
	for (size_t i = 0; i < judging->asked; i++)
		if (judging->cases[i].assertion->arguments.check == check)
			return true;
	return false;
}

static bool
is_taken(const struct judging *judging, const char *id)
{
	for (size_t i = 0; i < judging->count; i++)
		if (strcmp(judging->cases[i].id, id) == 0)
			return true;
	return false;
}

static const char *
free_id(const struct judging *judging, const char *name)
{
	const char *id = name;

	for (unsigned i = 2; is_taken(judging, id); i++)
		id = arena_printf(judging->arena, "%s#%u", name, i);
	return id;
}

/* The case that the owner would have had; it stands where the first that met the cause does. */
static struct weighed *
add_owner(struct judging *judging, const struct carried *carried, uint32_t cause)
{
	const struct weighed *first = judging->cases;
	struct weighed *added = &judging->cases[judging->count];

	while (!counts(first) || (first->causes & cause) == 0)
		first++;
	carried->owner->place = first->assertion->place;
	*added = (struct weighed){ .assertion = carried->owner,
		.id = free_id(judging, carried->owner->id),
		.added = true,
		.finding = carried->finding,
		.causes = cause,
		.before = first };
	judging->count++;
	return added;
}

/* The owner, or one that may stand in for it; else, where the owner was asked for and says nothing
 * of it that counts, the first in the order of the rows. */
static void
find_carrier(struct judging *judging, size_t index)
{
	const struct cause_row *row = &cause_rows[index];
	struct carried *carried = &judging->carried[index];

	for (size_t i = 0; row->owners[i] != NULL && carried->carrier == NULL; i++)
		carried->carrier = first_to_meet(judging, row->cause, row->owners[i]);
	carried->is_owned = carried->carrier != NULL;
	if (carried->is_owned)
		return;
	carried->carrier = first_to_meet(judging, row->cause, NULL);
	if (carried->carrier == NULL || carried->owner == NULL ||
		is_asked(judging, carried->owner->arguments.check))
		return;
	carried->carrier = add_owner(judging, carried, row->cause);
	carried->is_owned = true;
}

/* The first row, in the order of the table, of whose cause the case is the carrier; if it carries
 * none, the first of those it met. NULL: it met none. */
static const struct cause_row *
row_of(const struct judging *judging, const struct weighed *one)
{
	const struct cause_row *met = NULL;

	for (size_t i = 0; i < cause_row_count; i++) {
		if ((one->causes & cause_rows[i].cause) == 0)
			continue;
		if (judging->carried[i].carrier == one)
			return &cause_rows[i];
		if (met == NULL)
			met = &cause_rows[i];
	}
	return met;
}

static const char *
first_of(const char *a, const char *b)
{
	return a != NULL ? a : b;
}

static const char *
fix_of(const struct judging *judging, const struct check *check)
{
	return advice_fix(check, judging->evidence->target->dialect, judging->arena);
}

/* Reason and advice of the cause; of the row itself where there is none, or where it is its own. */
static void
advise(const struct judging *judging, struct weighed *one)
{
	const struct cause_row *row = row_of(judging, one);
	const struct finding *finding = &one->finding;
	const struct check *check = one->assertion->arguments.check;
	const char *hint = NULL, *why = check->why;
	const char *fix = fix_of(judging, check);

	if (row == NULL && finding->verdict == VERDICT_ERROR) {
		why = undecided_row.why;
		fix = undecided_row.fix;
	} else if (row != NULL && row->hint != NULL) {
		hint = row->hint(judging->evidence, judging->arena);
	}
	if (row != NULL && !cause_belongs_to(row, check)) {
		const struct carried *carried = &judging->carried[row - cause_rows];
		const struct check *owner =
			carried->owner != NULL ? carried->owner->arguments.check : check;

		finding = carried->owner != NULL ? &carried->finding : finding;
		why = first_of(row->why, owner->why);
		fix = first_of(row->fix, fix_of(judging, owner));
	}
	one->why = first_of(finding->why, why);
	one->fix = first_of(finding->fix, first_of(hint, fix));
}

/* The ids of those who report the causes, each once, with commas between them; NULL when one of
 * the causes is reported by nobody, or by the case itself. */
static const char *
carriers_of(const struct judging *judging, const struct weighed *one)
{
	const struct weighed *named[CAUSE_ROWS_MAX];
	const char *ids = NULL;
	size_t count = 0, j;

	for (size_t i = 0; i < cause_row_count; i++) {
		const struct carried *carried = &judging->carried[i];

		if ((one->causes & cause_rows[i].cause) == 0)
			continue;
		/* What does not count is not hidden behind somebody who only stands in for it. */
		if (carried->carrier == NULL || carried->carrier == one ||
			(!carried->is_owned &&
				cause_belongs_to(&cause_rows[i], one->assertion->arguments.check)))
			return NULL;
		for (j = 0; j < count && named[j] != carried->carrier; j++)
			;
		if (j < count)
			continue;
		named[count++] = carried->carrier;
		ids = ids == NULL
			      ? carried->carrier->id
			      : arena_printf(judging->arena, "%s, %s", ids, carried->carrier->id);
	}
	return ids;
}

static void
skip(const struct judging *judging, struct weighed *one, const char *carriers)
{
	struct finding *finding = &one->finding;

	finding->observed = finding->message;
	finding->message =
		arena_printf(judging->arena, "not evaluated: needs what %s reports", carriers);
	finding->expected = NULL;
	finding->verdict = VERDICT_SKIPPED;
	finding->type = "SameCause";
	one->why = NULL;
	one->fix = NULL;
}

/* What a waiver, or the lesser severity, makes of what was found. */
static void
lessen(const struct judging *judging, struct weighed *one)
{
	const struct assertion *assertion = one->assertion;
	struct finding *finding = &one->finding;

	if (assertion->waived) {
		finding->verdict = VERDICT_WAIVED;
		finding->message = arena_printf(judging->arena, "waived until %s: %s: %s",
			assertion->waive_until, assertion->waive_reason, finding->message);
	} else {
		finding->verdict = VERDICT_WARNED;
		finding->message = arena_printf(judging->arena, "advisory: %s", finding->message);
	}
}

/* A waiver that has ended, or that nothing needs, is to be seen. */
static void
tell_waiver(const struct judging *judging, struct weighed *one)
{
	const struct assertion *assertion = one->assertion;
	bool passes = one->finding.verdict == VERDICT_PASS;

	if (assertion->waive_until == NULL || one->finding.verdict == VERDICT_WAIVED)
		return;
	if (assertion->waived && !passes)
		return;
	one->finding.message = arena_printf(judging->arena, "%s; the waiver %s %s%s: %s",
		one->finding.message, assertion->waived ? "until" : "ended on",
		assertion->waive_until, passes ? " is not needed" : "", assertion->waive_reason);
}

static void
decide(const struct judging *judging, struct weighed *one)
{
	const char *carriers;

	if (one->finding.verdict == VERDICT_SKIPPED) {
		tell_waiver(judging, one);
		return;
	}
	if (!is_bad(&one->finding)) {
		one->why = one->assertion->arguments.check->why;
		one->fix = fix_of(judging, one->assertion->arguments.check);
		tell_waiver(judging, one);
		return;
	}
	advise(judging, one);
	carriers = one->causes != CAUSE_NONE ? carriers_of(judging, one) : NULL;
	if (carriers != NULL)
		skip(judging, one, carriers);
	else if (!counts(one))
		lessen(judging, one);
	tell_waiver(judging, one);
}

const struct conversation *
weighed_conversation(const struct evidence *evidence, const struct weighed *one)
{
	const struct auth_attempt *attempt = evidence_attempt(evidence, &one->assertion->arguments);

	return attempt != NULL && attempt->conversation != NULL ? attempt->conversation
								: &evidence->session;
}

/* Those asked for in the order of the checklist, each behind those that were added for it. */
static struct weighed **
arrange(struct judging *judging)
{
	struct weighed **all =
		arena_array(judging->arena, judging->count + 1, sizeof(struct weighed *));
	size_t at = 0;

	for (size_t i = 0; i < judging->asked; i++) {
		for (size_t j = judging->asked; j < judging->count; j++)
			if (judging->cases[j].before == &judging->cases[i])
				all[at++] = &judging->cases[j];
		all[at++] = &judging->cases[i];
	}
	return all;
}

struct weighed **
weigh(const struct checklist *checklist, const struct evidence *evidence, struct arena *arena,
	size_t *count)
{
	struct judging judging = { .checklist = checklist, .evidence = evidence, .arena = arena };

	judge_all(&judging);
	try_causes(&judging);
	for (size_t i = 0; i < cause_row_count; i++)
		if (judging.carried[i].borne_out)
			find_carrier(&judging, i);
	for (size_t i = 0; i < judging.count; i++)
		decide(&judging, &judging.cases[i]);
	*count = judging.count;
	return arrange(&judging);
}
