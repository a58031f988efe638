/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * members: holds the objects of a checklist to the tables of their keys.
 */
#ifndef GATE_CHECKLIST_MEMBERS_H
#define GATE_CHECKLIST_MEMBERS_H

#include "checklist/schema_objects.h"
#include "loader.h"

/* Reports every key that the form (and the parameters of the check, unless it is NULL) does not
 * have, every value of the wrong type, and every required key that is absent. False, with a
 * problem, when the value is no object at all. */
bool members_check(struct loader *loader, const struct json *object,
	const struct schema_object *form, const struct check *check);

/* The member of that name, if it has that type; NULL otherwise. A string that is one reference may
 * stand for a number. */
const struct json *member_of_type(const struct json *object, const char *key, enum json_type type);

/* Whether the value has the type, in the same sense. */
bool has_type(const struct json *json, enum json_type type);

#endif
