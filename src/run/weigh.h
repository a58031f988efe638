/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * weigh: from what was found of each assertion to the verdicts of a target. Each cause is reported
 * once, by the assertion that it belongs to; severity and waivers decide what counts. Nothing here
 * depends on the order of the assertions.
 */
#ifndef GATE_RUN_WEIGH_H
#define GATE_RUN_WEIGH_H

#include <stddef.h>

#include "checklist/checklist.h"
#include "evidence/evidence.h"
#include "evidence/finding.h"

/* One case of a target, with its verdict in the finding. */
struct weighed {
	const struct assertion *assertion;
	const char *id; /* of an added case another than the assertion's, where that is taken */
	bool added;     /* nobody asked for it: it stands for a cause that others met */
	struct finding finding;
	uint32_t causes; /* those of the finding that the evidence bears out */
	const char *why; /* of the cause; NULL for what was skipped, as is `fix` */
	const char *fix;
	const struct weighed *before; /* of an added case: the first that met the cause */
};

/* The conversation that shows a case which no connection of its own does: that of its attempt to
 * authenticate, else the session's. */
const struct conversation *weighed_conversation(
	const struct evidence *evidence, const struct weighed *one);

/* All cases, in the order of the checklist; *count tells how many. They live in the arena. */
struct weighed **weigh(const struct checklist *checklist, const struct evidence *evidence,
	struct arena *arena, size_t *count);

#endif
