/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is left of a checklist once it is loaded.
 */
#include "checklist/checklist.h"

#include <string.h>

#include "x509/trust.h"

void
checklist_release(struct checklist *checklist)
{
	if (checklist->trust != NULL)
		trust_store_release(checklist->trust);
	trust_store_release(checklist->web.public_roots);
	arena_wipe(&checklist->arena);
	*checklist = (struct checklist){ 0 };
}

/* What the nodes have in common is the lead's, all else theirs, unless there is none, or one is missing. What
 * is about the names of a host is the first of its nodes'. An assertion that could not be read has no row. */
static bool
is_for_part(const struct check *check, const struct target *target)
{
	switch (target->part) {
	case TARGET_LEAD:
		return check->subject == SUBJECT_WHOLE || target->missing != 0;
	case TARGET_NODE:
		return check->subject == SUBJECT_SERVER ||
		       (check->subject == SUBJECT_NAMES &&
			       (check->of_each_address || !target->is_repeat));
	case TARGET_WHOLE:
		break;
	}
	return true;
}

/* By the target, of which this may be a part. */
static bool
is_chosen(const struct assertion *assertion, const struct target *target)
{
	const char *entry = target->part == TARGET_WHOLE ? target->name : target->entry;

	if (assertion->where_possible &&
		(assertion->arguments.check->needs & ~target_features(target)) != 0)
		return false;
	for (size_t i = 0; i < assertion->target_count; i++)
		if (entry != NULL && strcmp(assertion->targets[i], entry) == 0)
			return true;
	return assertion->target_count == 0;
}

bool
assertion_applies(const struct assertion *assertion, const struct target *target)
{
	return is_for_part(assertion->arguments.check, target) && is_chosen(assertion, target);
}

bool
assertion_asks(const struct assertion *assertion, const struct target *target)
{
	const struct check *check = assertion->arguments.check;
	bool is_for = check->asks_nodes ? target->part != TARGET_LEAD : is_for_part(check, target);

	return is_for && is_chosen(assertion, target);
}
