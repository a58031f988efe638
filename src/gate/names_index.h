/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * names_index: names that must be unique, and finding one of many.
 */
#ifndef GATE_NAMES_INDEX_H
#define GATE_NAMES_INDEX_H

#include "loader.h"

struct indexed_name {
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
void names_index_sort(
	struct loader *loader, struct indexed_name *names, size_t count, const char *what);

/* Whether the name is among the sorted ones. */
bool names_index_has(const struct indexed_name *names, size_t count, const char *name);

#endif
