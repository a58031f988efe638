/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * look: what there is to see of a server where nothing is asserted of it, for people.
 */
#ifndef GATE_RUN_LOOK_H
#define GATE_RUN_LOOK_H

#include <stdbool.h>

#include "checklist/checklist.h"
#include "evidence/evidence.h"

struct facts;

/* Plans the session as far as it goes without an account, and a hello for the signature; `posture`: also
 * for all versions, suites, groups and signature schemes. */
void look_plan(struct evidence *evidence, bool posture);

/* What was seen, free of the checklist's secrets, in the arena. */
struct look {
	const struct facts *facts;
	const char *transcript; /* of the session; NULL: nothing happened */
	bool connected;
	const char *obstacle; /* why it is not connected, or not all was looked at; or NULL */
};
struct look look_of(
	const struct checklist *checklist, const struct evidence *evidence, struct arena *arena);

#endif
