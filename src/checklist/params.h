/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * params: the values of an assertion's parameters.
 */
#ifndef GATE_CHECKLIST_PARAMS_H
#define GATE_CHECKLIST_PARAMS_H

#include "loader.h"

/* Longest list in a checklist. */
#define LIST_ITEMS_MAX 256

/* Longest regular expression in bytes. */
#define REGEX_BYTES_MAX 1000

/* Fills the arguments of an assertion, whose check is set, from its JSON object. `combined` is the
 * place of what makes them come together as they do. */
void params_load(struct loader *loader, struct assertion *assertion, const struct json *json,
	const struct place *combined);

/* Reads an array of at least one string, not empty, no two the same but for case. objection may be
 * NULL. Gives what is acceptable of it. */
const char *const *list_load(struct loader *loader, const struct json *array, const char *name,
	const char *(*objection)(const char *text), size_t *count);

#endif
