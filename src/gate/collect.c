/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A pool of threads takes jobs from one list. A job is one probe of one evidence and writes to
 * its own record only; the list and the counts are behind one lock.
 */
#include "gate/collect.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gate/clock.h"
#include "gate/interrupt.h"
#include "gate/probe.h"
#include "turn.h"

/* Enough for a handshake with RSA or post-quantum keys, and little enough for many threads. */
#define STACK_SIZE ((size_t)512 * 1024)

/* Between two looks whether a server has come up. */
#define WAIT_PAUSE_MS 250

/* Times that an observation is turned away without getting any further. */
#define FRUITLESS_MAX 12

struct job {
	struct errand *errand;
	struct observation *observation; /* NULL: the session conversation */
	struct lane *lane;               /* errands with the same address share one */
	struct door *door;               /* of the errand */
	struct dial_route *route;        /* of the errand */
	bool taken;
};

struct collector {
	const struct collect_settings *settings;
	struct errand *errands;
	size_t errand_count;
	int64_t started_ms;

	pthread_mutex_t lock;
	pthread_cond_t changed; /* a job ended */
	struct job *jobs;
	size_t job_count;
	size_t first_free; /* no job before it is free */
	size_t jobs_done;
	struct lane *lanes; /* by errand */
	struct door *doors;
	struct dial_route **routes;
	size_t *jobs_left; /* by errand */
	size_t reported;   /* errands handed to `done` */
};

static int64_t
deadline_of(const struct collector *collector, const struct errand *errand)
{
	int64_t span_ms = collector->settings->deadline_ms;

	if (span_ms == 0)
		span_ms = errand->checklist->limits.deadline_ms;
	return collector->started_ms + span_ms;
}

static struct turn
turn_of(struct collector *collector, const struct job *job)
{
	return (struct turn){ .lock = &collector->lock,
		.lane = job->lane,
		.door = job->door,
		.implicit_tls = job->errand->evidence.target->implicit_tls,
		.pace_ms = job->errand->checklist->limits.pace_ms,
		.deadline_ms = deadline_of(collector, job->errand) };
}

static struct endpoint
endpoint_of(struct turn *turn, const struct job *job)
{
	const struct errand *errand = job->errand;
	const struct target *target = errand->evidence.target;
	const struct checklist *checklist = errand->checklist;

	return (struct endpoint){
		.host = target->host,
		.address = target->address,
		.port = target->port,
		.server_name = target->server_name,
		.ehlo_name = target->ehlo_name,
		.implicit_tls = target->implicit_tls,
		.send_credentials_untrusted = target->send_credentials_untrusted,
		.connect_timeout_ms = checklist->limits.connect_timeout_ms,
		.reply_timeout_ms = checklist->limits.reply_timeout_ms,
		.deadline_ms = turn->deadline_ms,
		.trust = checklist->trust,
		.today = errand->evidence.today,
		.route = job->route,
		.await_turn = turn_await,
		.turn = turn,
	};
}

/* The step of the session that got no answer; false when none did. A refusal is an answer. */
static bool
unanswered_step(const struct evidence *evidence, enum step *step)
{
	return evidence_broken_step(evidence, evidence->last_step, step) &&
	       evidence->session.steps[*step].outcome == OUTCOME_BROKEN;
}

/* While a server is being waited for, a refused connect is no answer either. */
static bool
is_still_coming_up(const struct evidence *evidence)
{
	enum step step;

	return evidence_broken_step(evidence, evidence->last_step, &step) &&
	       (step == STEP_CONNECT || step == STEP_GREETING);
}

static bool
may_go_on(const struct endpoint *endpoint)
{
	return interrupt_signal() == 0 && clock_left_ms(endpoint->deadline_ms) > 0;
}

static void
forget_session(struct evidence *evidence)
{
	conversation_release(&evidence->session);
	conversation_init(&evidence->session);
}

static void
note_retry(struct evidence *evidence, enum step step)
{
	const char *text = evidence->session.steps[step].text;

	evidence->retries = arena_grow(&evidence->arena, evidence->retries, evidence->retry_count,
		sizeof(*evidence->retries));
	evidence->retries[evidence->retry_count++] =
		(struct retry){ .step = step, .text = arena_strdup(&evidence->arena, text) };
}

static void
probe_session_again(struct evidence *evidence, const struct endpoint *endpoint)
{
	forget_session(evidence);
	probe_session(evidence, endpoint);
}

static void
run_session(struct collector *collector, const struct job *job)
{
	struct errand *errand = job->errand;
	struct turn turn = turn_of(collector, job);
	struct endpoint endpoint = endpoint_of(&turn, job);
	int64_t wait_until_ms = collector->started_ms + collector->settings->wait_ms;
	struct evidence *evidence = &errand->evidence;
	enum step step;

	if (evidence->target->certificate_file != NULL) {
		probe_file(evidence, &endpoint);
		return;
	}
	probe_session(evidence, &endpoint);
	while (is_still_coming_up(evidence) && clock_left_ms(wait_until_ms) > 0 &&
		may_go_on(&endpoint)) {
		turn_pause_ms(WAIT_PAUSE_MS);
		probe_session_again(evidence, &endpoint);
	}
	/* A server that serves other connections and turned this one away is only busy. */
	while (turn_session_comes_back(&turn, &evidence->session) && may_go_on(&endpoint))
		probe_session_again(evidence, &endpoint);
	for (unsigned i = 0; i < errand->checklist->limits.retries; i++) {
		if (!unanswered_step(evidence, &step) || !may_go_on(&endpoint))
			return;
		note_retry(evidence, step);
		probe_session_again(evidence, &endpoint);
	}
}

/* A server that says nothing is not asked any further. */
static bool
is_silent(struct turn *turn, struct observation *observation)
{
	enum step step;

	if (!turn_is_silent(turn, &step))
		return false;
	observation->not_asked = true;
	if (observation->text == NULL)
		observation->text = arena_printf(&observation->arena,
			"not asked any further: %s: the server says nothing", step_name(step));
	return true;
}

/* Observes until the server no longer turns the connections away; the observation goes on where
 * it stopped. */
static void
observe(struct turn *turn, struct observation *observation, const struct endpoint *endpoint)
{
	unsigned fruitless = 0;

	while (!is_silent(turn, observation)) {
		unsigned before = observation->connections;

		observation->turned_away = false;
		observation->observer->observe(observation, endpoint);
		if (observation->connections > before + 1)
			fruitless = 0;
		if (!turn_comes_back(turn, observation) || observation->outcome != OUTCOME_BROKEN ||
			!may_go_on(endpoint) || fruitless++ == FRUITLESS_MAX)
			return;
	}
}

static void
run_observation(struct collector *collector, const struct job *job)
{
	struct observation *observation = job->observation;
	struct turn turn = turn_of(collector, job);
	struct endpoint endpoint = endpoint_of(&turn, job);
	int64_t started_ms = clock_now_ms();

	observe(&turn, observation, &endpoint);
	for (unsigned i = 0; i < job->errand->checklist->limits.retries; i++) {
		if (observation->outcome != OUTCOME_BROKEN || !may_go_on(&endpoint))
			break;
		observe(&turn, observation, &endpoint);
	}
	observation->ms = clock_now_ms() - started_ms;
}

/* Sums up an evidence that no probe writes to any more. */
static void
freeze(const struct collector *collector, struct errand *errand)
{
	struct evidence *evidence = &errand->evidence;

	evidence->ms = clock_now_ms() - collector->started_ms;
	for (size_t i = 0; i < evidence->observation_count; i++)
		evidence->connections += evidence->observations[i].connections;
	if (interrupt_signal() != 0)
		evidence->cut_short = "the run was interrupted";
	else if (clock_left_ms(deadline_of(collector, errand)) == 0)
		evidence->cut_short = "the deadline of the run has passed";
}

/* Called with the lock held. */
static void
finish_job(struct collector *collector, const struct job *job)
{
	const struct collect_settings *settings = collector->settings;
	size_t index = (size_t)(job->errand - collector->errands);

	job->lane->use--;
	job->door->use--;
	collector->jobs_done++;
	if (--collector->jobs_left[index] == 0)
		freeze(collector, job->errand);
	if (settings->progress != NULL)
		settings->progress(settings->context, collector->jobs_done, collector->job_count);
	while (collector->reported < collector->errand_count &&
		collector->jobs_left[collector->reported] == 0)
		settings->done(settings->context, collector->reported++);
	pthread_cond_broadcast(&collector->changed);
}

/* The first job whose lane has room; NULL when there is none now. Called with the lock held. */
static struct job *
take_job(struct collector *collector)
{
	for (size_t i = collector->first_free; i < collector->job_count; i++) {
		struct job *job = &collector->jobs[i];

		if (job->taken && i == collector->first_free)
			collector->first_free++;
		if (job->taken || !door_has_room(job->door, job->lane,
					  job->errand->checklist->limits.connections))
			continue;
		job->taken = true;
		job->lane->use++;
		job->door->use++;
		return job;
	}
	return NULL;
}

static void *
work(void *argument)
{
	struct collector *collector = argument;

	pthread_mutex_lock(&collector->lock);
	for (;;) {
		struct job *job = take_job(collector);

		if (job == NULL && collector->first_free == collector->job_count)
			break;
		if (job == NULL) {
			pthread_cond_wait(&collector->changed, &collector->lock);
			continue;
		}
		pthread_mutex_unlock(&collector->lock);
		if (job->observation != NULL)
			run_observation(collector, job);
		else
			run_session(collector, job);
		pthread_mutex_lock(&collector->lock);
		finish_job(collector, job);
	}
	pthread_mutex_unlock(&collector->lock);
	return NULL;
}

/* This thread is one of the pool; when the system has no more to give, fewer do the work. */
static void
run_pool(struct collector *collector)
{
	size_t wanted = collector->settings->jobs < collector->job_count ? collector->settings->jobs
									 : collector->job_count;
	pthread_t *threads = calloc(wanted + 1, sizeof(*threads));
	size_t started = 0;
	pthread_attr_t attributes;

	if (threads == NULL)
		out_of_memory();
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_SIZE);
	while (started + 1 < wanted &&
		pthread_create(&threads[started], &attributes, work, collector) == 0)
		started++;
	pthread_attr_destroy(&attributes);
	work(collector);
	for (size_t i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	free(threads);
}

static const char *
address_of(const struct errand *errand)
{
	const struct target *target = errand->evidence.target;

	return target->address != NULL ? target->address : target->host;
}

static struct lane *
lane_of(const struct collector *collector, size_t index)
{
	const char *address = address_of(&collector->errands[index]);

	for (size_t i = 0; i < index; i++)
		if (strcmp(address_of(&collector->errands[i]), address) == 0)
			return &collector->lanes[i];
	return &collector->lanes[index];
}

static void
add_job(struct collector *collector, size_t index, struct lane *lane,
	struct observation *observation)
{
	collector->jobs[collector->job_count++] = (struct job){
		.errand = &collector->errands[index],
		.observation = observation,
		.lane = lane,
		.door = &collector->doors[index],
		.route = collector->routes[index],
	};
	collector->jobs_left[index]++;
}

static void
list_jobs(struct collector *collector, struct arena *arena)
{
	size_t count = collector->errand_count;

	for (size_t i = 0; i < collector->errand_count; i++)
		count += collector->errands[i].evidence.observation_count;
	collector->jobs = arena_array(arena, count, sizeof(*collector->jobs));
	collector->lanes = arena_array(arena, collector->errand_count, sizeof(*collector->lanes));
	collector->doors = arena_array(arena, collector->errand_count, sizeof(*collector->doors));
	collector->routes = arena_array(arena, collector->errand_count, sizeof(*collector->routes));
	collector->jobs_left =
		arena_array(arena, collector->errand_count, sizeof(*collector->jobs_left));
	for (size_t i = 0; i < collector->errand_count; i++) {
		struct evidence *evidence = &collector->errands[i].evidence;
		struct lane *lane = lane_of(collector, i);

		collector->routes[i] = dial_route_create();
		add_job(collector, i, lane, NULL);
		for (size_t j = 0; j < evidence->observation_count; j++)
			add_job(collector, i, lane, &evidence->observations[j]);
	}
}

void
collect(struct errand *errands, size_t count, const struct collect_settings *settings)
{
	struct collector collector = { .settings = settings,
		.errands = errands,
		.errand_count = count,
		.started_ms = clock_now_ms() };
	struct arena arena;

	arena_init(&arena);
	pthread_mutex_init(&collector.lock, NULL);
	pthread_cond_init(&collector.changed, NULL);
	list_jobs(&collector, &arena);
	run_pool(&collector);
	for (size_t i = 0; i < count; i++)
		dial_route_free(collector.routes[i]);
	pthread_cond_destroy(&collector.changed);
	pthread_mutex_destroy(&collector.lock);
	arena_release(&arena);
}
