/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * arguments: the values that an assertion gives to the parameters of its row.
 */
#ifndef GATE_CHECKS_ARGUMENTS_H
#define GATE_CHECKS_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"
#include "checks/check.h"

/* A value for one parameter of a check: what the checklist gave, or the row's fallback. */
struct argument {
	bool given;               /* false: neither was there, all else is zero */
	long number;              /* PARAM_NUMBER */
	double fraction;          /* PARAM_FRACTION */
	bool truth;               /* PARAM_BOOLEAN */
	const char *text;         /* of all strings; PARAM_FILE: the path */
	struct span bytes;        /* PARAM_FILE: the content */
	const char *const *items; /* PARAM_LIST */
	size_t count;
};

struct arguments {
	const struct check *check;
	struct argument values[PARAMS_MAX]; /* in step with check->params */
};

/* The value of the parameter of that name, which the row must have. */
const struct argument *argument_of(const struct arguments *arguments, const char *name);

/* Whether the item is in the list, without regard to ASCII case. */
bool argument_lists(const struct argument *argument, const char *item);

#endif
