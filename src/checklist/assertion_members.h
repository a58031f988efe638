/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * assertion_members: what an assertion may say whatever it asserts.
 */
#ifndef GATE_CHECKLIST_ASSERTION_MEMBERS_H
#define GATE_CHECKLIST_ASSERTION_MEMBERS_H

#include "loader.h"

/* The id, the name of the check unless one is given; NULL when there is neither. */
const char *assertion_id_load(
	struct loader *loader, const struct json *json, const struct check *check);

/* Fills in title, tags, targets, severity and waiver. */
void assertion_members_load(
	struct loader *loader, const struct json *json, struct assertion *assertion);

#endif
