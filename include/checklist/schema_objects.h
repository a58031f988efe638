/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * schema_objects: the objects of a checklist as tables of their keys. The loader checks by them; the
 * JSON Schema and the manual are written from them.
 */
#ifndef GATE_CHECKLIST_SCHEMA_OBJECTS_H
#define GATE_CHECKLIST_SCHEMA_OBJECTS_H

#include <stdbool.h>

#include "checklist/json.h"

struct member {
	const char *key;
	enum json_type type;
	bool required;
	const char *help;   /* a sentence */
	const char *schema; /* more keywords of its JSON Schema; NULL: none */
};

/* A kind of object. */
struct schema_object {
	const char *name;             /* "a target": for messages */
	const char *definition;       /* its name in the schema */
	const struct member *members; /* ends with a row without a key */
};

extern const struct schema_object checklist_form;
extern const struct schema_object target_form;
extern const struct schema_object target_defaults_form;
extern const struct schema_object trust_form;
extern const struct schema_object limits_form;
extern const struct schema_object dns_form;
extern const struct schema_object secret_form;
extern const struct schema_object assertion_form;
extern const struct schema_object waive_form;
extern const struct schema_object include_form;
extern const struct schema_object override_form;

/* All of them, the checklist first; ends with NULL. */
extern const struct schema_object *const schema_objects[];

#endif
