/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * values: what several parts of a checklist may hold. Each function reports a value that is not
 * acceptable, under the key that it has in messages.
 */
#ifndef GATE_VALUES_H
#define GATE_VALUES_H

#include "loader.h"

/* The choice that equals the text, which came from `json`; NULL, with a problem, when it is none of
 * them. The choices end with NULL. */
const char *value_choice(struct loader *loader, const struct json *json, const char *key,
	const char *text, const char *const *choices);

/* The bounds of a whole number, both included, and what is said about it (NULL: nothing). */
struct number_range {
	long minimum, maximum;
	const char *note;
};

/* Stores the number, which must be whole and within the range. False, with a problem, when it is
 * not; the type is the caller's matter. */
bool value_number(struct loader *loader, const struct json *json, const char *key,
	const struct number_range *range, long *number);

#endif
