/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Two levels of lists: addresses, and at each its targets. What is found without room leaves its list
 * and comes back when one of its jobs ends, so that no job is looked at twice for nothing.
 */
#include "schedule.h"

#include <stdlib.h>
#include <string.h>

static int
compare(const void *a, const void *b)
{
	const struct job_queue *one = *(struct job_queue *const *)a;
	const struct job_queue *other = *(struct job_queue *const *)b;

	return strcmp(one->where, other->where);
}

/* Gives queues of the same address one that they share. */
static void
share_addresses(struct job_queue *queues, size_t count, struct arena *arena)
{
	struct job_queue **sorted = arena_array(arena, count, sizeof(struct job_queue *));
	struct address *addresses = arena_array(arena, count, sizeof(*addresses));

	for (size_t i = 0; i < count; i++)
		sorted[i] = &queues[i];
	qsort(sorted, count, sizeof(struct job_queue *), compare);
	for (size_t i = 0; i < count; i++)
		sorted[i]->address = i != 0 && compare(&sorted[i - 1], &sorted[i]) == 0
					     ? sorted[i - 1]->address
					     : &addresses[i];
}

static void
list_queue(struct job_queue *queue)
{
	queue->next = queue->address->first;
	queue->address->first = queue;
	queue->listed = true;
}

static void
list_address(struct schedule *schedule, struct address *address)
{
	address->next = schedule->first;
	schedule->first = address;
	address->listed = true;
}

/* What is listed last comes first. */
void
schedule_init(
	struct schedule *schedule, struct job_queue *queues, size_t count, struct arena *arena)
{
	*schedule = (struct schedule){ .first = NULL };
	share_addresses(queues, count, arena);
	for (size_t i = count; i-- > 0;) {
		list_queue(&queues[i]);
		schedule->left += queues[i].jobs;
	}
	for (size_t i = count; i-- > 0;)
		if (queues[i].address->first == &queues[i])
			list_address(schedule, queues[i].address);
}

static bool
has_room(const struct job_queue *queue)
{
	return queue->taken < queue->jobs &&
	       backoff_has_room(&queue->backoff, &queue->address->limit, queue->most);
}

bool
schedule_is_ready(struct schedule *schedule)
{
	struct address *address;

	while ((address = schedule->first) != NULL) {
		struct job_queue *queue = address->first;

		schedule->looks++;
		if (queue == NULL || address->limit.use == ADDRESS_JOBS_MAX) {
			schedule->first = address->next;
			address->listed = false;
		} else if (!has_room(queue)) {
			address->first = queue->next;
			queue->listed = false;
		} else {
			return true;
		}
	}
	return false;
}

struct job_queue *
schedule_take(struct schedule *schedule, size_t *number)
{
	struct job_queue *queue;

	if (!schedule_is_ready(schedule))
		return NULL;
	queue = schedule->first->first;
	queue->backoff.use++;
	queue->address->limit.use++;
	schedule->left--;
	*number = queue->taken++;
	return queue;
}

void
schedule_end(struct schedule *schedule, struct job_queue *queue)
{
	struct address *address = queue->address;

	queue->backoff.use--;
	address->limit.use--;
	if (!queue->listed)
		list_queue(queue);
	if (!address->listed)
		list_address(schedule, address);
}
