/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sorts the names, so that those to be numbered stand together and a new name can be searched for.
 */
#include "numbered_names.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A name in its place among the others. */
struct entry {
	const char *whole; /* without a number */
	const char *key;
	size_t index;
};

static int
compare(const void *a, const void *b)
{
	const struct entry *one = a, *other = b;
	int order = strcmp(one->whole, other->whole);

	if (order == 0)
		order = strcmp(one->key, other->key);
	if (order == 0)
		order = one->index < other->index ? -1 : one->index > other->index;
	return order;
}

static int
compare_whole(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->whole, ((const struct entry *)b)->whole);
}

/* The name with the next number with which it is nobody else's. */
static const char *
numbered(const struct numbered_name *name, size_t *number, const struct entry *entries,
	size_t count, struct arena *arena)
{
	struct entry wanted = { .whole = NULL };

	do {
		++*number;
		wanted.whole = arena_printf(arena, "%s#%zu%s", name->head, *number, name->tail);
	} while (bsearch(&wanted, entries, count, sizeof(wanted), compare_whole) != NULL);
	return wanted.whole;
}

void
numbered_names(struct numbered_name *names, size_t count, struct arena *arena)
{
	struct entry *entries = arena_array(arena, count, sizeof(*entries));
	size_t number = 1;

	for (size_t i = 0; i < count; i++)
		entries[i] = (struct entry){
			.whole = names[i].tail[0] == '\0' ? names[i].head
							  : arena_printf(arena, "%s%s",
								    names[i].head, names[i].tail),
			.key = names[i].key,
			.index = i,
		};
	qsort(entries, count, sizeof(*entries), compare);
	for (size_t i = 0; i < count; i++) {
		struct numbered_name *name = &names[entries[i].index];
		bool is_first = i == 0 || compare_whole(&entries[i - 1], &entries[i]) != 0;

		if (is_first)
			number = 1;
		name->name = is_first ? entries[i].whole
				      : numbered(name, &number, entries, count, arena);
	}
}
