/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * scope: what the entries of "include" lay on the assertions of a checklist. An entry may limit
 * them to some targets and give them tags. A checklist that is included more than once counts once:
 * of all the targets and with all the tags that any of the ways to it gives.
 */
#ifndef GATE_CHECKLIST_SCOPE_H
#define GATE_CHECKLIST_SCOPE_H

#include "loader.h"

/* Fills in the scopes of all sources. The targets must have been loaded. */
void scopes_load(struct loader *loader);

/* Narrows the targets of an assertion of the source and adds the tags. False when there is no target
 * left that it could be made of. */
bool scope_apply(struct loader *loader, const struct source *source, struct assertion *assertion);

/* The names in the member "targets" of an object, NULL when there is none. Each must be that of a
 * target. */
const char *const *target_names_load(
	struct loader *loader, const struct json *object, size_t *count);

/* The same of the member "tags". */
const char *const *tags_load(struct loader *loader, const struct json *object, size_t *count);

#endif
