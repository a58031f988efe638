/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * schedule: whose job is next. Each target has a queue of jobs; those at one address share its limit.
 * Targets that have begun go before others, so that few are open at a time. Pure bookkeeping:
 * whoever shares it between threads locks it.
 */
#ifndef GATE_RUN_SCHEDULE_H
#define GATE_RUN_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>

#include "backoff.h"
#include "base/arena.h"

struct address;

/* The jobs of a target, in their order. */
struct job_queue {
	const char *where; /* its address or host: the same text is the same address */
	size_t jobs;
	unsigned most; /* at a time */

	size_t taken; /* of the jobs; the next one's number */
	struct backoff backoff;
	struct address *address;
	struct job_queue *next; /* of those at the address that may have room */
	bool listed;
};

/* The targets at one address. */
struct address {
	struct address_limit limit;
	struct job_queue *first; /* that may have room */
	struct address *next;
	bool listed;
};

struct schedule {
	struct address *first; /* that may have room */
	size_t left;           /* jobs that are not taken */
	size_t looks;          /* at queues and addresses so far */
};

/* Schedules the jobs of the queues, of which `where`, `jobs` and `most` are filled in and all else
 * is zero. They stay the caller's; what else is needed lives in the arena. */
void schedule_init(
	struct schedule *schedule, struct job_queue *queues, size_t count, struct arena *arena);

/* Whether a job may begin now. */
bool schedule_is_ready(struct schedule *schedule);

/* Takes a job; *number gets which of its queue's it is. NULL when none may begin now. */
struct job_queue *schedule_take(struct schedule *schedule, size_t *number);

/* A job of the queue has ended. */
void schedule_end(struct schedule *schedule, struct job_queue *queue);

#endif
