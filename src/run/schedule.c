/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Three levels of lists: addresses, at each its servers, at each of those its targets. What is found
 * without room leaves its list and comes back when one of its jobs ends, so that no job is looked
 * at twice for nothing.
 */
#include "schedule.h"

#include <search.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static int
compare_addresses(const void *a, const void *b)
{
	const struct address *one = a, *other = b;

	return strcmp(one->where, other->where);
}

static int
compare_servers(const void *a, const void *b)
{
	const struct server *one = a, *other = b;

	int order = compare_addresses(one->address, other->address);

	if (order != 0 || one->port != other->port)
		return order != 0 ? order : (one->port > other->port) - (one->port < other->port);
	return one->behind == NULL ? 0 : strcmp(one->behind, other->behind);
}

/* What the tree has that is equal to `wanted`, or a copy of that, which it has from now on. */
static void *
find_or_add(struct schedule *schedule, void **tree, const void *wanted, size_t size,
	int (*compare)(const void *a, const void *b))
{
	void *const *node = tfind(wanted, tree, compare);
	void *added;

	if (node != NULL)
		return *node;
	added = arena_memdup(schedule->arena, wanted, size);
	if (tsearch(added, tree, compare) == NULL)
		out_of_memory();
	return added;
}

static void
clear_tree(void **tree, int (*compare)(const void *a, const void *b))
{
	while (*tree != NULL)
		tdelete(*(void **)*tree, tree, compare);
}

static void
list_append(struct list *list, struct link *link)
{
	link->next = NULL;
	link->listed = true;
	if (list->first == NULL)
		list->first = link;
	else
		list->last->next = link;
	list->last = link;
}

static void
list_prepend(struct list *list, struct link *link)
{
	if (list->first == NULL) {
		list_append(list, link);
		return;
	}
	link->next = list->first;
	link->listed = true;
	list->first = link;
}

static void
list_drop_first(struct list *list)
{
	list->first->listed = false;
	list->first = list->first->next;
}

/* Those that begin in any order. */
static size_t
first_jobs(const struct job_queue *queue)
{
	return queue->jobs - queue->has_last;
}

static void
place_queue(struct schedule *schedule, struct job_queue *queue, const char *where)
{
	const struct address at = { .where = where };
	struct server there = { .port = queue->port, .behind = queue->behind };
	struct address *address;

	address = find_or_add(schedule, &schedule->addresses, &at, sizeof(at), compare_addresses);
	there.address = address;
	queue->server =
		find_or_add(schedule, &schedule->servers, &there, sizeof(there), compare_servers);
	list_append(&queue->server->queues, &queue->link);
	queue->server->left += first_jobs(queue);
	if (queue->has_last)
		list_append(&queue->server->lasts, &queue->last);
	if (!queue->server->link.listed)
		list_append(&address->servers, &queue->server->link);
	if (!address->link.listed)
		list_append(&schedule->places, &address->link);
}

static int
compare_hosts(const void *a, const void *b)
{
	const struct job_queue *one = *(struct job_queue *const *)a;
	const struct job_queue *other = *(struct job_queue *const *)b;
	int order = strcmp(one->host, other->host);

	return order != 0 ? order : (one > other) - (one < other);
}

static int
compare_first_targets(const void *a, const void *b)
{
	const struct host *one = a, *other = b;

	return (one->first > other->first) - (one->first < other->first);
}

/* Gives each host its targets, the hosts in the order of their first ones. */
static void
group_hosts(struct schedule *schedule, struct job_queue **named, size_t count)
{
	struct host *hosts = arena_array(schedule->arena, count, sizeof(*hosts));
	size_t found = 0;

	qsort(named, count, sizeof(*named), compare_hosts);
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || strcmp(named[i]->host, named[i - 1]->host) != 0)
			hosts[found++] = (struct host){ .name = named[i]->host, .first = named[i] };
		else
			named[i - 1]->next = named[i];
	}
	qsort(hosts, found, sizeof(*hosts), compare_first_targets);
	schedule->hosts = hosts;
	schedule->host_count = found;
}

void
schedule_init(
	struct schedule *schedule, struct job_queue *queues, size_t count, struct arena *arena)
{
	struct job_queue **named = arena_array(arena, count, sizeof(*named));
	size_t named_count = 0;

	*schedule = (struct schedule){ .arena = arena };
	for (size_t i = 0; i < count; i++) {
		schedule->left += queues[i].jobs;
		if (queues[i].host != NULL)
			named[named_count++] = &queues[i];
		else
			place_queue(schedule, &queues[i], queues[i].where);
	}
	group_hosts(schedule, named, named_count);
}

void
schedule_release(struct schedule *schedule)
{
	clear_tree(&schedule->servers, compare_servers);
	clear_tree(&schedule->addresses, compare_addresses);
}

struct host *
schedule_take_host(struct schedule *schedule)
{
	return schedule->hosts_taken == schedule->host_count
		       ? NULL
		       : &schedule->hosts[schedule->hosts_taken++];
}

void
schedule_place(struct schedule *schedule, const struct host *host, const char *where)
{
	where = arena_strdup(schedule->arena, where);
	for (struct job_queue *queue = host->first; queue != NULL; queue = queue->next)
		place_queue(schedule, queue, where);
}

static struct job_queue *
first_queue(const struct server *server)
{
	return (struct job_queue *)server->queues.first;
}

static bool
has_room(const struct server *server)
{
	return first_queue(server) != NULL &&
	       backoff_has_room(
		       &server->backoff, &server->address->limit, &first_queue(server)->width);
}

static bool
is_full(const struct schedule *schedule)
{
	return schedule->most != 0 && schedule->use >= schedule->most;
}

/* `use` is the server's, of jobs or of what is beside them. */
static void
occupy(struct schedule *schedule, struct server *server, unsigned *use)
{
	schedule->use++;
	server->address->limit.use++;
	++*use;
}

static void
vacate(struct schedule *schedule, struct server *server, unsigned *use)
{
	schedule->use--;
	server->address->limit.use--;
	--*use;
}

/* The server whose first target may begin a job; NULL: none may. */
static struct server *
find_room(struct schedule *schedule)
{
	struct address *address;

	if (is_full(schedule))
		return NULL;
	while ((address = (struct address *)schedule->places.first) != NULL) {
		struct server *server = (struct server *)address->servers.first;

		schedule->looks++;
		if (server == NULL || address->limit.use == ADDRESS_JOBS_MAX)
			list_drop_first(&schedule->places);
		else if (!has_room(server))
			list_drop_first(&address->servers);
		else
			return server;
	}
	return NULL;
}

struct job_queue *
schedule_take(struct schedule *schedule, size_t *number)
{
	struct server *server = find_room(schedule);
	struct job_queue *queue;

	if (server == NULL)
		return NULL;
	queue = first_queue(server);
	occupy(schedule, server, &server->backoff.use);
	schedule->left--;
	*number = queue->taken++;
	if (queue->taken == first_jobs(queue))
		list_drop_first(&server->queues);
	return queue;
}

static struct server *
server_of_ripe(struct link *ripe)
{
	return (struct server *)((char *)ripe - offsetof(struct server, ripe));
}

static struct job_queue *
queue_of_last(struct link *last)
{
	return (struct job_queue *)((char *)last - offsetof(struct job_queue, last));
}

static bool
is_ripe(const struct server *server)
{
	return server->left == 0 && !server->is_last_out && server->lasts.first != NULL;
}

/* A server where a last job may begin; NULL: there is none. A target may have come to one since. */
static struct server *
find_ripe(struct schedule *schedule)
{
	if (is_full(schedule))
		return NULL;
	while (schedule->ripe.first != NULL && !is_ripe(server_of_ripe(schedule->ripe.first)))
		list_drop_first(&schedule->ripe);
	return schedule->ripe.first == NULL ? NULL : server_of_ripe(schedule->ripe.first);
}

struct job_queue *
schedule_take_last(struct schedule *schedule, size_t *number)
{
	struct server *server = find_ripe(schedule);
	struct job_queue *queue;

	if (server == NULL)
		return NULL;
	queue = queue_of_last(server->lasts.first);
	list_drop_first(&server->lasts);
	list_drop_first(&schedule->ripe);
	server->is_last_out = true;
	occupy(schedule, server, &server->backoff.use);
	schedule->left--;
	queue->taken = queue->jobs;
	*number = queue->jobs - 1;
	return queue;
}

/* What has begun goes before what has not. */
void
schedule_note_room(struct schedule *schedule, const struct job_queue *queue)
{
	struct server *server = queue->server;
	struct address *address = server->address;

	if (!server->link.listed)
		list_prepend(&address->servers, &server->link);
	if (!address->link.listed)
		list_prepend(&schedule->places, &address->link);
}

bool
schedule_take_room(struct schedule *schedule, const struct job_queue *queue)
{
	struct server *server = queue->server;

	if (is_full(schedule) ||
		!backoff_has_room_ahead(&server->backoff, &server->address->limit, &queue->width))
		return false;
	occupy(schedule, server, &server->backoff.ahead);
	return true;
}

void
schedule_give_room(struct schedule *schedule, const struct job_queue *queue)
{
	vacate(schedule, queue->server, &queue->server->backoff.ahead);
	schedule_note_room(schedule, queue);
}

void
schedule_end(struct schedule *schedule, struct job_queue *queue, size_t number)
{
	struct server *server = queue->server;

	vacate(schedule, server, &server->backoff.use);
	if (number < first_jobs(queue))
		server->left--;
	else
		server->is_last_out = false;
	if (is_ripe(server) && !server->ripe.listed)
		list_append(&schedule->ripe, &server->ripe);
	schedule_note_room(schedule, queue);
}

bool
schedule_is_ready(struct schedule *schedule)
{
	return schedule->hosts_taken != schedule->host_count || find_room(schedule) != NULL ||
	       find_ripe(schedule) != NULL;
}
