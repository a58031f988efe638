/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sorts names once, so that neighbours show what is taken twice and a search finds one of many.
 */
#include "unique_names.h"

#include <stdlib.h>
#include <string.h>

static int
compare_names(const void *a, const void *b)
{
	const struct unique_name *first = a, *second = b;
	int order = strcmp(first->name, second->name);

	if (order != 0 || first->order == second->order)
		return order;
	return first->order < second->order ? -1 : 1;
}

/* Whether there can be a target of both. */
static bool
may_meet(const struct unique_name *a, const struct unique_name *b)
{
	if (a->source == b->source || a->target_count == 0 || b->target_count == 0)
		return true;
	for (size_t i = 0; i < a->target_count; i++)
		for (size_t j = 0; j < b->target_count; j++)
			if (strcmp(a->targets[i], b->targets[j]) == 0)
				return true;
	return false;
}

static void
complain_of_taken(struct loader *loader, const char *what, const struct unique_name *first,
	const struct unique_name *second)
{
	loader_complain(loader, &second->place,
		arena_printf(loader->arena, "first at %s:%u", first->place.file, first->place.line),
		second->advice, "%s \"%s\" is taken already", what, second->name);
}

void
unique_names_sort(struct loader *loader, struct unique_name *names, size_t count, const char *what)
{
	if (count < 2)
		return;
	qsort(names, count, sizeof(*names), compare_names);
	for (size_t i = 1; i < count; i++) {
		for (size_t j = i; j-- > 0 && strcmp(names[j].name, names[i].name) == 0;) {
			if (!may_meet(&names[j], &names[i]))
				continue;
			complain_of_taken(loader, what, &names[j], &names[i]);
			break;
		}
	}
}

static int
compare_with_name(const void *key, const void *element)
{
	const struct unique_name *indexed = element;

	return strcmp(key, indexed->name);
}

const struct unique_name *
unique_names_find(const struct unique_name *names, size_t count, const char *name)
{
	return count == 0 ? NULL : bsearch(name, names, count, sizeof(*names), compare_with_name);
}
