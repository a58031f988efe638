/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Puts the targets in an order that hangs on their names alone, and cuts it into equal parts.
 */
#include "run/shard.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

struct ranked {
	uint64_t hash;
	const struct run_target *target;
};

static int
compare_texts(const char *a, const char *b)
{
	return strcmp(a == NULL ? "" : a, b == NULL ? "" : b);
}

/* Targets of one name are told apart by their checklists. */
static int
compare(const void *a, const void *b)
{
	const struct ranked *first = a, *second = b;
	const struct run_target *one = first->target, *other = second->target;
	int order = (first->hash > second->hash) - (first->hash < second->hash);

	if (order == 0)
		order = strcmp(one->target->name, other->target->name);
	if (order == 0)
		order = compare_texts(one->checklist->stem, other->checklist->stem);
	if (order == 0)
		order = compare_texts(one->checklist->file, other->checklist->file);
	if (order == 0)
		order = (one->number > other->number) - (one->number < other->number);
	return order;
}

static int
compare_numbers(const void *a, const void *b)
{
	const struct run_target *one = a, *other = b;

	return (one->number > other->number) - (one->number < other->number);
}

size_t
shard_choose(struct run_target *targets, const struct report_shard *shard)
{
	struct report_shard before = *shard;
	size_t first = 0, size = shard_size(shard);
	struct run_target *chosen;
	struct ranked *ranked;
	struct arena arena;

	arena_init(&arena);
	ranked = arena_array(&arena, shard->targets, sizeof(*ranked));
	chosen = arena_array(&arena, size, sizeof(*chosen));
	for (size_t i = 0; i < shard->targets; i++)
		ranked[i] = (struct ranked){
			hash_spread(hash_text(HASH_START, targets[i].target->name)), &targets[i]
		};
	qsort(ranked, shard->targets, sizeof(*ranked), compare);
	while (--before.number != 0)
		first += shard_size(&before);
	for (size_t i = 0; i < size; i++)
		chosen[i] = *ranked[first + i].target;
	qsort(chosen, size, sizeof(*chosen), compare_numbers);
	memcpy(targets, chosen, size * sizeof(*chosen));
	arena_release(&arena);
	return size;
}
