/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * params: the values of an assertion's parameters.
 */
#ifndef GATE_CHECKLIST_PARAMS_H
#define GATE_CHECKLIST_PARAMS_H

#include "loader.h"

/* Longest list in a checklist. */
#define LIST_ITEMS_MAX 256

/* Most objects in a list of them. */
#define OBJECTS_MAX 64

/* Longest regular expression in bytes. */
#define REGEX_BYTES_MAX 1000

/* Fills the arguments of an assertion, whose check is set, from its JSON object. `combined` is the
 * place of what makes them come together as they do. */
void params_load(struct loader *loader, struct assertion *assertion, const struct json *json,
	const struct place *combined);

/* Fills the values, which are in step with the rows, from the members of an object; what is required
 * must be there. False when it has none of them. `owner` is what needs them, for messages. */
bool params_load_members(struct loader *loader, const struct param *params,
	const struct json *object, const char *owner, struct argument *values);

/* The text of a string, expanded and not empty; NULL with a problem otherwise. */
const char *param_expand(struct loader *loader, const struct param *param, const struct json *json);

/* Complains that the value must be `wanted`. */
void param_complain_of_type(struct loader *loader, const struct param *param,
	const struct json *json, const char *wanted);

/* Whether it is a regular expression, not too long; else with a problem. */
bool regex_check(struct loader *loader, const struct json *json, const char *text);

/* Reads an array of at least one string, not empty, no two the same but for case. objection may be
 * NULL. Gives what is acceptable of it. */
const char *const *list_load(struct loader *loader, const struct json *array, const char *name,
	const char *(*objection)(const char *text), size_t *count);

#endif
