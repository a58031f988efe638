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
 * is about the names of a host is the first of its nodes'. */
static bool
is_for_part(const struct check *check, const struct target *target)
{
	bool is_whole = check->subject == SUBJECT_WHOLE;

	switch (target->part) {
	case TARGET_LEAD:
		return is_whole || target->missing != 0;
	case TARGET_NODE:
		return !is_whole && !(check->subject == SUBJECT_NAMES && target->is_repeat);
	case TARGET_WHOLE:
		break;
	}
	return true;
}

bool
assertion_applies(const struct assertion *assertion, const struct target *target)
{
	const char *entry = target->part == TARGET_WHOLE ? target->name : target->entry;

	if (!is_for_part(assertion->arguments.check, target))
		return false;
	if (assertion->where_possible &&
		(assertion->arguments.check->needs & ~target_features(target)) != 0)
		return false;
	for (size_t i = 0; i < assertion->target_count; i++)
		if (entry != NULL && strcmp(assertion->targets[i], entry) == 0)
			return true;
	return assertion->target_count == 0;
}
