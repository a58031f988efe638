/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * plan: the union of what a target's assertions need to see, each thing once. A plan is an
 * evidence whose answers are still missing.
 */
#ifndef GATE_PLAN_H
#define GATE_PLAN_H

#include "gate/checklist.h"
#include "gate/evidence.h"

struct plan {
	struct evidence *evidence;
};

/* Fills `evidence` with the questions of all assertions that apply to its target. */
void plan_target(const struct checklist *checklist, struct evidence *evidence);

/* Asks for an observation; the same question is asked once. `record` is a record of the observer
 * with the question filled in; it is copied. For the plan functions of checks. */
void plan_observation(struct plan *plan, const struct observer *observer, const void *record);

/* Asks for a try to authenticate with the assertion's mechanism and user name. password NULL: one
 * that nobody has. */
void plan_attempt(struct plan *plan, const struct assertion *assertion, const char *password);

/* How many connections the plan takes when nothing has to be repeated. */
unsigned plan_connections(const struct evidence *evidence);

#endif
