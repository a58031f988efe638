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
	arena_wipe(&checklist->arena);
	*checklist = (struct checklist){ 0 };
}

bool
assertion_applies(const struct assertion *assertion, const struct target *target)
{
	if (assertion->where_possible &&
		(assertion->arguments.check->needs & ~target_features(target)) != 0)
		return false;
	for (size_t i = 0; i < assertion->target_count; i++)
		if (target->name != NULL && strcmp(assertion->targets[i], target->name) == 0)
			return true;
	return assertion->target_count == 0;
}
