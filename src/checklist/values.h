/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * values: what several parts of a checklist may hold. Each function reports a value that is not
 * acceptable, under the key that it has in messages.
 */
#ifndef GATE_CHECKLIST_VALUES_H
#define GATE_CHECKLIST_VALUES_H

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

/* The number that the JSON, which has_type JSON_NUMBER, gives itself or refers to. False, with a
 * problem, when the reference leads nowhere or to what is no number. */
bool value_fraction(
	struct loader *loader, const struct json *json, const char *key, double *number);

/* The same of a number that must be whole and within the range; else that is the problem. */
bool value_number(struct loader *loader, const struct json *json, const char *key,
	const struct number_range *range, long *number);

#endif
