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
	size_t count;             /* of the items, or of the objects */
	/* PARAM_OBJECT, PARAM_OBJECTS: the values of the members of one object after the other, in step
	 * with the members of the parameter. */
	const struct argument *members;
	const char *shown; /* PARAM_LINE: the text with the names of its secrets in place of them */
	bool is_secret;    /* PARAM_LINE: it has some */
};

struct arguments {
	const struct check *check;
	struct argument values[PARAMS_MAX]; /* in step with check->params */
};

/* The value of the parameter of that name, which the row must have. */
const struct argument *argument_of(const struct arguments *arguments, const char *name);

/* The value of that member of the object, or of the index-th of several. */
const struct argument *argument_member(
	const struct arguments *arguments, const char *name, size_t index, const char *member);

/* Whether the item is in the list, without regard to ASCII case. */
bool argument_lists(const struct argument *argument, const char *item);

#endif
