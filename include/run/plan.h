/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * plan: the union of what a target's assertions need to see, each thing once. A plan is an
 * evidence whose answers are still missing.
 */
#ifndef GATE_RUN_PLAN_H
#define GATE_RUN_PLAN_H

#include "checklist/checklist.h"
#include "evidence/evidence.h"

/* Fills `evidence` with the questions of all assertions that apply to its target. */
void plan_target(const struct checklist *checklist, struct evidence *evidence);

/* How many connections the plan takes when nothing has to be repeated. */
unsigned plan_connections(const struct evidence *evidence);

/* The observations in the order in which they are best begun: those with the most questions would else
 * be the last to end, and alone. The array is in the arena. */
struct observation **plan_order(const struct evidence *evidence, struct arena *arena);

#endif
