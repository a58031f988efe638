/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A pool of threads takes jobs from one schedule. A job is one probe of one evidence and writes to
 * its own record only; the schedule is behind one lock, what has ended behind another. Nobody is
 * called while one is held.
 */
#include "run/collect.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/interrupt.h"
#include "evidence/names.h"
#include "evidence/target.h"
#include "job.h"
#include "net/dial.h"
#include "net/proxy.h"
#include "run/plan.h"
#include "schedule.h"
#include "x509/signature_memo.h"

/* Enough for a handshake with RSA or post-quantum keys, and little enough for many threads. */
#define STACK_SIZE ((size_t)512 * 1024)

struct collector {
	const struct collect_settings *settings;
	struct target_run *runs;
	size_t run_count;
	struct dial_route **routes;    /* by run, as are the others */
	struct observation ***orders;  /* of a run, in which its observations begin */
	struct dial_addresses **known; /* that the routes know from the start */
	size_t known_count;
	struct signature_memo *memo;

	pthread_mutex_t lock; /* of what follows */
	pthread_cond_t ready; /* a job may begin, or all have */
	struct schedule schedule;
	struct job_queue *queues;
	size_t *jobs_left; /* of the runs that belong together, by the first: that have not ended */

	pthread_mutex_t ended_lock; /* of what follows */
	struct collect_progress progress;
	size_t *complete; /* runs, in the order in which they became it; runs_done of them */
	size_t told;      /* of them, handed to `done` */
	bool telling;     /* a thread is at `done` or `progress` */
};

struct worker {
	struct collector *collector;
	struct job_queue *queue; /* of the job that it is at */
	unsigned number;
	pthread_t thread;
};

static int64_t
deadline_of(const struct collector *collector, const struct target_run *run)
{
	int64_t span_ms = collector->settings->deadline_ms;

	if (span_ms == 0)
		span_ms = run->checklist->limits.deadline_ms;
	return collector->settings->started_ms + span_ms;
}

/* Called with the lock held. */
static void
note_room(void *context)
{
	const struct worker *worker = context;
	struct collector *collector = worker->collector;

	schedule_note_room(&collector->schedule, worker->queue);
	if (schedule_is_ready(&collector->schedule))
		pthread_cond_signal(&collector->ready);
}

/* Called with the lock held. */
static bool
take_room(void *context)
{
	const struct worker *worker = context;

	return schedule_take_room(&worker->collector->schedule, worker->queue);
}

/* Called with the lock held. */
static void
give_room(void *context)
{
	const struct worker *worker = context;

	schedule_give_room(&worker->collector->schedule, worker->queue);
	note_room(context);
}

static struct job
job_of(struct worker *worker, size_t number)
{
	struct collector *collector = worker->collector;
	struct job_queue *queue = worker->queue;
	size_t index = (size_t)(queue - collector->queues);
	struct target_run *run = &collector->runs[index];
	bool is_last = queue->has_last && number == queue->jobs - 1;

	return (struct job){
		.run = run,
		.observation = number == 0 || is_last ? NULL : collector->orders[index][number - 1],
		.is_wrong_password = is_last,
		.known = is_last ? queue->server->kept : NULL,
		.route = collector->routes[index],
		.memo = collector->memo,
		.preconnect = { .fd = -1 },
		.pacing = { .lock = &collector->lock,
			.limit = &queue->server->address->limit,
			.backoff = &queue->server->backoff,
			.hopeless = &queue->hopeless,
			.is_session = number == 0,
			.hold_until_ms = number == 0 ? 0
						     : collector->settings->started_ms +
							       collector->settings->wait_ms,
			.implicit_tls = run->evidence.target->implicit_tls,
			.dialect = run->evidence.target->dialect,
			.pace_ms = run->checklist->limits.pace_ms,
			.deadline_ms = deadline_of(collector, run),
			.note_room = note_room,
			.take_room = take_room,
			.give_room = give_room,
			.context = worker },
		.wait_until_ms = collector->settings->started_ms + collector->settings->wait_ms,
	};
}

/* Sums up an evidence that no probe writes to any more. */
static void
freeze(const struct collector *collector, struct target_run *run)
{
	struct evidence *evidence = &run->evidence;

	evidence->ms = clock_now_ms() - collector->settings->started_ms;
	for (size_t i = 0; i < evidence->observation_count; i++)
		evidence->connections += evidence->observations[i]->connections;
	if (interrupt_signal() != 0)
		evidence->cut_short = "the run was interrupted";
	else if (clock_left_ms(deadline_of(collector, run)) == 0)
		evidence->cut_short = "the deadline of the run has passed";
}

/* Called with the lock held, which is given up while somebody is told. */
static void
tell_news(struct collector *collector)
{
	const struct collect_settings *settings = collector->settings;
	struct collect_progress shown = { .runs = 0 };

	for (;;) {
		bool is_complete = collector->told != collector->progress.runs_done;
		size_t next = is_complete ? collector->complete[collector->told++] : 0;

		if (!is_complete && shown.probes_done == collector->progress.probes_done)
			return;
		shown = is_complete ? shown : collector->progress;
		pthread_mutex_unlock(&collector->ended_lock);
		if (is_complete)
			settings->done(settings->context, next);
		else if (settings->progress != NULL)
			settings->progress(settings->context, &shown);
		pthread_mutex_lock(&collector->ended_lock);
	}
}

/* One thread at a time tells; the others leave their news to it and go on. So many runs, from the first
 * on, are complete. */
static void
note_end(struct collector *collector, size_t first, size_t complete)
{
	pthread_mutex_lock(&collector->ended_lock);
	collector->progress.probes_done++;
	for (size_t i = 0; i < complete; i++)
		collector->complete[collector->progress.runs_done++] = first + i;
	if (!collector->telling) {
		collector->telling = true;
		tell_news(collector);
		collector->telling = false;
	}
	pthread_mutex_unlock(&collector->ended_lock);
}

/* The first of the runs that this one belongs to. */
static size_t
first_of(const struct collector *collector, size_t index)
{
	while (collector->runs[index].together == 0)
		index--;
	return index;
}

/* Called with the lock held; returns whether it was the last of the runs that belong together. */
static bool
end_job(struct collector *collector, struct job_queue *queue, size_t number)
{
	schedule_end(&collector->schedule, queue, number);
	if (schedule_is_ready(&collector->schedule))
		pthread_cond_signal(&collector->ready);
	return --collector->jobs_left[first_of(collector, (size_t)(queue - collector->queues))] ==
	       0;
}

/* A job, or a host to look up. */
struct task {
	struct job_queue *queue; /* NULL: none */
	size_t number;           /* of its job */
	struct host *host;       /* NULL: none */
};

static bool
take_task(struct schedule *schedule, struct task *task)
{
	task->queue = schedule_take(schedule, &task->number);
	task->host = task->queue == NULL ? schedule_take_host(schedule) : NULL;
	if (task->queue == NULL && task->host == NULL)
		task->queue = schedule_take_last(schedule, &task->number);
	return task->queue != NULL || task->host != NULL;
}

/* The next task; false when all jobs have been taken. Called with the lock held. Each thread that is
 * woken wakes the next, as long as there is something to do. */
static bool
await_task(struct collector *collector, struct task *task)
{
	struct schedule *schedule = &collector->schedule;
	bool taken;

	while (!(taken = take_task(schedule, task)) && schedule->left != 0)
		pthread_cond_wait(&collector->ready, &collector->lock);
	if (taken && schedule->left == 0)
		pthread_cond_broadcast(&collector->ready);
	else if (schedule_is_ready(schedule))
		pthread_cond_signal(&collector->ready);
	return taken;
}

static void
conclude(struct worker *worker, size_t first, size_t count)
{
	struct collector *collector = worker->collector;
	const struct collect_settings *settings = collector->settings;

	for (size_t i = 0; i < count; i++)
		freeze(collector, &collector->runs[first + i]);
	settings->complete(settings->context, first, count, worker->number);
}

/* A host without an address is where no other is. */
static void
look_up(struct collector *collector, struct host *host)
{
	const struct target_run *run = &collector->runs[host->first - collector->queues];
	char address[DIAL_ADDRESS_MAX];

	host->found = dial_look_up(
		host->name, clock_earlier(deadline_of(collector, run),
				    clock_now_ms() + run->checklist->limits.connect_timeout_ms));
	for (struct job_queue *queue = host->first; queue != NULL; queue = queue->next)
		dial_route_know(collector->routes[queue - collector->queues], host->found);
	pthread_mutex_lock(&collector->lock);
	schedule_place(&collector->schedule, host,
		dial_addresses_first(host->found, address) ? address : host->name);
	if (schedule_is_ready(&collector->schedule))
		pthread_cond_signal(&collector->ready);
	pthread_mutex_unlock(&collector->lock);
}

/* Called with the lock held: what was tried at the server, for the targets that are there too. */
static void
keep_attempt(struct collector *collector, struct server *server, const struct evidence *evidence)
{
	struct arena *arena = collector->schedule.arena;
	struct auth_attempt *kept;

	for (size_t i = 0; i < evidence->attempt_count && server->kept == NULL; i++) {
		const struct auth_attempt *attempt = &evidence->attempts[i];

		if (attempt->genuine || !auth_attempt_was_made(attempt))
			continue;
		server->kept = kept = arena_memdup(arena, attempt, sizeof(*attempt));
		kept->password = NULL;
		kept->mechanism = arena_strdup(arena, attempt->mechanism);
		kept->username = arena_strdup(arena, attempt->username);
		kept->text = attempt->text != NULL ? arena_strdup(arena, attempt->text) : NULL;
		kept->flaw_text =
			attempt->flaw_text != NULL ? arena_strdup(arena, attempt->flaw_text) : NULL;
	}
}

static void
run_job(struct worker *worker, const struct task *task)
{
	struct collector *collector = worker->collector;
	size_t first = first_of(collector, (size_t)(task->queue - collector->queues));
	size_t complete = 0;
	struct job job;

	worker->queue = task->queue;
	job = job_of(worker, task->number);
	job_run(&job);
	pthread_mutex_lock(&collector->lock);
	if (job.is_wrong_password)
		keep_attempt(collector, task->queue->server, &job.run->evidence);
	if (end_job(collector, task->queue, task->number))
		complete = collector->runs[first].together;
	pthread_mutex_unlock(&collector->lock);
	if (complete != 0)
		conclude(worker, first, complete);
	note_end(collector, first, complete);
}

static void *
work(void *argument)
{
	struct worker *worker = argument;
	struct collector *collector = worker->collector;
	struct task task;

	pthread_mutex_lock(&collector->lock);
	while (await_task(collector, &task)) {
		pthread_mutex_unlock(&collector->lock);
		if (task.host != NULL)
			look_up(collector, task.host);
		else
			run_job(worker, &task);
		pthread_mutex_lock(&collector->lock);
	}
	pthread_mutex_unlock(&collector->lock);
	return NULL;
}

/* This thread is one of the pool; when the system has no more to give, fewer do the work. */
static void
run_pool(struct collector *collector)
{
	size_t jobs = collector->progress.probes;
	size_t wanted = collector->settings->jobs < jobs ? collector->settings->jobs : jobs;
	struct worker *workers = calloc(wanted + 1, sizeof(*workers));
	size_t started = 1;
	pthread_attr_t attributes;

	if (workers == NULL)
		out_of_memory();
	for (size_t i = 0; i <= wanted; i++)
		workers[i] = (struct worker){ .collector = collector, .number = (unsigned)i };
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_SIZE);
	while (started < wanted &&
		pthread_create(&workers[started].thread, &attributes, work, &workers[started]) == 0)
		started++;
	pthread_attr_destroy(&attributes);
	work(&workers[0]);
	for (size_t i = 1; i < started; i++)
		pthread_join(workers[i].thread, NULL);
	free(workers);
}

static bool
tries_wrong_password(const struct evidence *evidence)
{
	return evidence->attempt_count != 0 &&
	       !evidence->attempts[evidence->attempt_count - 1].genuine;
}

/* The address that the names of a host lead to first; NULL: it is left to the system's resolver. */
static const char *
known_address(const struct target *target)
{
	if (target->address != NULL || target->names == NULL || target->names->address_count == 0)
		return NULL;
	return target->names->addresses[0];
}

/* The jobs of a run, and where its connections go: of a proxy, a file, what is known and what makes no
 * connection no address is looked up. */
static struct job_queue
queue_of(const struct target_run *run)
{
	const struct target *target = run->evidence.target;
	const struct limits *limits = &run->checklist->limits;
	const char *host = target->address != NULL ? target->address : target->host;
	struct job_queue queue = { .port = target->port,
		.has_last = tries_wrong_password(&run->evidence),
		.jobs = 1 + run->evidence.observation_count + tries_wrong_password(&run->evidence),
		.width = { limits->connections, limits->connections_widest } };

	if (target->certificate_file != NULL)
		queue.where = target->certificate_file;
	else if (!run->evidence.wants_session)
		queue.where = target->name;
	else if (target->proxy != NULL)
		queue.where = target->proxy->dialler.through;
	else if (known_address(target) != NULL)
		queue.where = known_address(target);
	else
		queue.host = host;
	if (target->proxy != NULL)
		queue.behind = host;
	return queue;
}

static void
know_addresses(struct collector *collector, size_t index, struct arena *arena)
{
	const struct host_names *names = collector->runs[index].target->names;
	struct dial_addresses *known = dial_addresses_of(names->addresses, names->address_count);

	*ARENA_ADD(arena, collector->known, collector->known_count) = known;
	dial_route_know(collector->routes[index], known);
}

static void
plan_jobs(struct collector *collector, struct arena *arena)
{
	size_t count = collector->run_count;

	collector->routes = arena_array(arena, count, sizeof(struct dial_route *));
	collector->orders = arena_array(arena, count, sizeof(struct observation **));
	collector->queues = arena_array(arena, count, sizeof(*collector->queues));
	collector->jobs_left = arena_array(arena, count, sizeof(*collector->jobs_left));
	collector->complete = arena_array(arena, count, sizeof(*collector->complete));
	for (size_t i = 0; i < count; i++) {
		collector->routes[i] = dial_route_create();
		collector->orders[i] = plan_order(&collector->runs[i].evidence, arena);
		collector->queues[i] = queue_of(&collector->runs[i]);
		collector->jobs_left[first_of(collector, i)] += collector->queues[i].jobs;
		if (known_address(collector->runs[i].target) != NULL)
			know_addresses(collector, i, arena);
	}
	schedule_init(&collector->schedule, collector->queues, count, arena);
	collector->schedule.most = collector->settings->jobs;
	collector->progress =
		(struct collect_progress){ .probes = collector->schedule.left, .runs = count };
}

void
collect(struct target_run *runs, size_t count, const struct collect_settings *settings)
{
	struct collector collector = { .settings = settings, .runs = runs, .run_count = count };
	struct arena arena;

	arena_init(&arena);
	pthread_mutex_init(&collector.lock, NULL);
	pthread_mutex_init(&collector.ended_lock, NULL);
	pthread_cond_init(&collector.ready, NULL);
	collector.memo = signature_memo_create();
	plan_jobs(&collector, &arena);
	run_pool(&collector);
	signature_memo_release(collector.memo);
	for (size_t i = 0; i < count; i++)
		dial_route_free(collector.routes[i]);
	for (size_t i = 0; i < collector.known_count; i++)
		dial_addresses_free(collector.known[i]);
	for (size_t i = 0; i < collector.schedule.host_count; i++)
		dial_addresses_free(collector.schedule.hosts[i].found);
	schedule_release(&collector.schedule);
	pthread_cond_destroy(&collector.ready);
	pthread_mutex_destroy(&collector.ended_lock);
	pthread_mutex_destroy(&collector.lock);
	arena_release(&arena);
}
