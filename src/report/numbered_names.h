/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * numbered_names: names that consumers of a report tell apart. Of several that read the same, all
 * but the first get a number. Which one is the first does not depend on the order they are in, as
 * long as something else tells them apart.
 */
#ifndef GATE_REPORT_NUMBERED_NAMES_H
#define GATE_REPORT_NUMBERED_NAMES_H

#include <stddef.h>

#include "base/arena.h"

struct numbered_name {
	const char *head; /* a number goes between the two: "head#2tail" */
	const char *tail;
	const char *key;  /* what it is the name of; the least of all is the first */
	const char *name; /* the result */
};

/* Fills in the names, which live in the arena or are those given. */
void numbered_names(struct numbered_name *names, size_t count, struct arena *arena);

#endif
