/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * reference: the form of references to variables and secrets: "${name}", "${name:-text}".
 */
#ifndef GATE_CHECKLIST_REFERENCE_H
#define GATE_CHECKLIST_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* The name if the whole text is "${name}"; NULL otherwise. */
const char *reference_sole(struct arena *arena, const char *text);

/* Whether the whole text is one reference, with a default or without. */
bool is_reference(const char *text);

/* Whether this can be the name of a variable or secret: letters, digits and '_', and no digit in
 * front. */
bool is_reference_name(const char *name, size_t len);

#endif
