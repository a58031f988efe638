/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ask: what a row asks to be observed.
 */
#ifndef GATE_CHECKS_ASK_H
#define GATE_CHECKS_ASK_H

#include "checks/arguments.h"
#include "evidence/evidence.h"

struct plan {
	struct evidence *evidence;
};

/* Asks for an observation; the same question is asked once. `record` is a record of the observer
 * with the question filled in; it is copied. For the plan functions of checks. */
void plan_observation(struct plan *plan, const struct observer *observer, const void *record);

/* Asks for a try to authenticate with the assertion's mechanism and user name. password NULL: one
 * that nobody has. */
void plan_attempt(struct plan *plan, const struct arguments *arguments, const char *password);

#endif
