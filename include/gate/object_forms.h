/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * object_forms: the objects of a checklist as tables of their keys. The loader checks by them; the
 * JSON Schema and the manual are written from them.
 */
#ifndef GATE_OBJECT_FORMS_H
#define GATE_OBJECT_FORMS_H

#include <stdbool.h>

#include "gate/json.h"

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

/* All of them, the checklist first; ends with NULL. */
extern const struct object_form *const object_forms[];

#endif
