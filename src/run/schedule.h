/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * schedule: whose job is next. Each target has a queue of jobs. Targets at one address and port share a
 * server with its back-off, servers at one address its limit, so a host is looked up before its
 * first job. Targets that have begun go before others, so that few are open at a time. Pure
 * bookkeeping: whoever shares it between threads locks it.
 */
#ifndef GATE_RUN_SCHEDULE_H
#define GATE_RUN_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>

#include "backoff.h"
#include "base/arena.h"

struct server;

/* What is first in a list's members; in one list at most. */
struct link {
	struct link *next;
	bool listed;
};

struct list {
	struct link *first, *last; /* first NULL: empty */
};

/* The jobs of a target, in their order. */
struct job_queue {
	struct link link;
	struct link last; /* in the list of those whose last job is left */

	const char *host;   /* to be looked up first; NULL: `where` is known */
	const char *where;  /* the same text is the same address */
	const char *behind; /* the host that a proxy there connects to; NULL: no proxy */
	unsigned port;
	size_t jobs;
	bool has_last; /* the last of them begins when no other at its server is left */
	struct backoff_width width; /* jobs at a time to its server */

	bool hopeless; /* its server cannot be asked anything */
	size_t taken;  /* of the jobs; the next one's number */
	struct server *server;
	struct job_queue *next; /* of the host */
};

/* A host, and the targets that name it. */
struct host {
	const char *name;
	struct job_queue *first;
	void *found; /* the caller's */
};

/* An address, and the servers there. */
struct address {
	struct link link;
	const char *where;
	struct address_limit limit;
	struct list servers; /* that may have room */
};

/* An address with a port, or a host and its port behind a proxy, and the targets there. */
struct server {
	struct link link;
	struct address *address;
	const char *behind;
	unsigned port;
	struct backoff backoff;
	struct list queues; /* that have jobs left, their last ones apart */
	size_t left;        /* of those jobs, that have not ended */
	struct list lasts;  /* queues whose last job is not taken */
	struct link ripe;   /* in the list of servers at which one of those may begin */
	bool is_last_out;   /* one of them has begun */
	void *kept;         /* the caller's */
};

struct schedule {
	struct arena *arena;
	struct list places; /* addresses that may have room */
	struct list ripe;   /* servers where last jobs may begin */
	struct host *hosts;
	size_t host_count;
	size_t hosts_taken; /* to be looked up */
	size_t left;        /* jobs that are not taken */
	size_t use;         /* jobs under way, and connections beside theirs */
	size_t most;        /* of them; 0: any number. The caller's */
	size_t looks;       /* at queues, servers and addresses so far */
	void *addresses;    /* trees by what they are known by */
	void *servers;
};

/* Schedules the jobs of the queues, of which the members up to `width` are filled in and all else is
 * zero. They stay the caller's; what else is needed lives in the arena, and until the release. */
void schedule_init(
	struct schedule *schedule, struct job_queue *queues, size_t count, struct arena *arena);
void schedule_release(struct schedule *schedule);

/* A host that nobody has looked up yet; NULL: there is none left. */
struct host *schedule_take_host(struct schedule *schedule);

/* The host is at that address: jobs of its targets may begin. */
void schedule_place(struct schedule *schedule, const struct host *host, const char *where);

/* Whether a job may begin now, or a host is left to look up. */
bool schedule_is_ready(struct schedule *schedule);

/* Takes a job; *number gets which of its queue's it is. NULL when none may begin now. */
struct job_queue *schedule_take(struct schedule *schedule, size_t *number);

/* The server of the queue may have room for one more job. */
void schedule_note_room(struct schedule *schedule, const struct job_queue *queue);

/* Takes the room for a connection beside that of a job of the queue, and gives it back (see
 * schedule_note_room). False: there is none. */
bool schedule_take_room(struct schedule *schedule, const struct job_queue *queue);
void schedule_give_room(struct schedule *schedule, const struct job_queue *queue);

/* The same of a last job: those come behind all others, and behind the hosts. One at a time begins at a
 * server. */
struct job_queue *schedule_take_last(struct schedule *schedule, size_t *number);

/* That job of the queue has ended. */
void schedule_end(struct schedule *schedule, struct job_queue *queue, size_t number);

#endif
