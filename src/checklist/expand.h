/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * expand: references in the strings of a checklist. "${name}" stands for a variable,
 * "${name:-text}" for the text where there is none of that name, "$${" for a plain "${".
 */
#ifndef GATE_CHECKLIST_EXPAND_H
#define GATE_CHECKLIST_EXPAND_H

#include "loader.h"

/* A string with its references replaced. NULL when one leads nowhere or to a secret: then a
 * problem was reported, unless the loader is lenient. */
const char *expand(struct loader *loader, const struct json *string);

/* The value of a variable: from --var, the environment, the file that was asked for or one that
 * it includes, in that order. NULL when there is none. */
const char *variable_value(const struct loader *loader, const char *name);

/* The name if the whole text is "${name}"; NULL otherwise. */
const char *expand_sole_reference(struct arena *arena, const char *text);

/* Whether the whole text is one reference, with a default or without. */
bool is_reference(const char *text);

/* Checks the names and values of all `variables`. */
void variables_check(struct loader *loader);

/* Whether this can be the name of a variable or secret: letters, digits and '_', and no digit in
 * front. */
bool is_reference_name(const char *name, size_t len);

#endif
