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
	size_t order; /* in which they came */
};

/* Sorts the names and reports each that is there twice, at its second place. `what` names their
 * kind ("the id"), advice what to do about it. */
void names_index_sort(struct loader *loader, struct indexed_name *names, size_t count,
	const char *what, const char *advice);

/* Whether the name is among the sorted ones. */
bool names_index_has(const struct indexed_name *names, size_t count, const char *name);

#endif
