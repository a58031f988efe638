/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * members: the objects of a checklist as tables of their keys. The loader checks by them and the
 * JSON Schema is written from them.
 */
#ifndef GATE_MEMBERS_H
#define GATE_MEMBERS_H

#include "loader.h"

struct member {
	const char *key;
	enum json_type type;
	bool required;
	const char *help;   /* a sentence */
	const char *schema; /* more keywords of its JSON Schema; NULL: none */
};

/* A kind of object. */
struct object_form {
	const char *name;             /* "a target": for messages */
	const char *definition;       /* its name in the schema */
	const struct member *members; /* ends with a row without a key */
};

extern const struct object_form checklist_form;
extern const struct object_form target_form;
extern const struct object_form target_defaults_form;
extern const struct object_form trust_form;
extern const struct object_form limits_form;
extern const struct object_form secret_form;
extern const struct object_form assertion_form;
extern const struct object_form waive_form;
extern const struct object_form include_form;
extern const struct object_form override_form;

/* Reports every key that the form (and the parameters of the check, unless it is NULL) does not
 * have, every value of the wrong type, and every required key that is absent. False, with a
 * problem, when the value is no object at all. */
bool members_check(struct loader *loader, const struct json *object, const struct object_form *form,
	const struct check *check);

/* The member of that name, if it has that type; NULL otherwise. A string that is one reference may
 * stand for a number. */
const struct json *member_of_type(const struct json *object, const char *key, enum json_type type);

/* Whether the value has the type, in the same sense. */
bool has_type(const struct json *json, enum json_type type);

#endif
