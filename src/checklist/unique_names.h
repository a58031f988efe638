/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * unique_names: names that must be unique, and finding one of many.
 */
#ifndef GATE_CHECKLIST_UNIQUE_NAMES_H
#define GATE_CHECKLIST_UNIQUE_NAMES_H

#include "loader.h"

struct unique_name {
	const char *name;
	struct place place;
	size_t order;       /* in which they came */
	const char *advice; /* what to do when it is there already */

	/* Two of different checklists may be the same if they are of different targets. */
	const struct source *source;
	const char *const *targets; /* none: all of them */
	size_t target_count;
};

/* Sorts the names and reports each that is there twice, at its second place. `what` names their
 * kind ("the id"). */
void unique_names_sort(
	struct loader *loader, struct unique_name *names, size_t count, const char *what);

/* The one of the sorted names that is this; NULL when none is. */
const struct unique_name *unique_names_find(
	const struct unique_name *names, size_t count, const char *name);

#endif
