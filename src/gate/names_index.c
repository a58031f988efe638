/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "names_index.h"

#include <stdlib.h>
#include <string.h>

static int
compare_names(const void *a, const void *b)
{
	const struct indexed_name *first = a, *second = b;
	int order = strcmp(first->name, second->name);

	if (order != 0 || first->order == second->order)
		return order;
	return first->order < second->order ? -1 : 1;
}

void
names_index_sort(struct loader *loader, struct indexed_name *names, size_t count, const char *what,
	const char *advice)
{
	if (count < 2)
		return;
	qsort(names, count, sizeof(*names), compare_names);
	for (size_t i = 1; i < count; i++)
		if (strcmp(names[i - 1].name, names[i].name) == 0)
			loader_complain(loader, &names[i].place,
				arena_printf(loader->arena, "first at %s:%u",
					names[i - 1].place.file, names[i - 1].place.line),
				advice, "%s \"%s\" is taken already", what, names[i].name);
}

static int
compare_with_name(const void *key, const void *element)
{
	const struct indexed_name *indexed = element;

	return strcmp(key, indexed->name);
}

bool
names_index_has(const struct indexed_name *names, size_t count, const char *name)
{
	return count != 0 && bsearch(name, names, count, sizeof(*names), compare_with_name) != NULL;
}
