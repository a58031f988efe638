/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * target_names: targets that stand for several servers, which the DNS names when the checklist is run.
 */
#ifndef GATE_CHECKLIST_TARGET_NAMES_H
#define GATE_CHECKLIST_TARGET_NAMES_H

#include "loader.h"

/* Fills in the domain of a target that names one, from its JSON. False, with a problem, when it names
 * none and no host, or when it names both. */
bool target_domain_load(struct loader *loader, const struct json *json, struct target *target);

/* Fills in the domain that --mx gives. False, with a problem, when it is none. */
bool target_domain_take(struct loader *loader, const char *word, struct target *target);

/* Holds what a target says of all its addresses against the rest of it, which is loaded. */
void target_names_check(
	struct loader *loader, const struct json *json, const struct target *target);

#endif
