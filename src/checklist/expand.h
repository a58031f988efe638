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

/* Checks the names and values of all `variables`. */
void variables_check(struct loader *loader);

#endif
