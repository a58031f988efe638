/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A pool of threads takes jobs from one list. A job is one probe of one evidence and writes to
 * its own record only; the list and the counts are behind one lock.
 */
#include "run/collect.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/interrupt.h"
#include "evidence/target.h"
#include "net/proxy.h"
#include "pacing.h"
#include "probe/endpoint.h"
#include "probe/session_conversation.h"

/* Enough for a handshake with RSA or post-quantum keys, and little enough for many threads. */
#define STACK_SIZE ((size_t)512 * 1024)

/* Between two looks whether a server has come up. */
#define WAIT_PAUSE_MS 250

/* Times that an observation is turned away without getting any further. */
#define FRUITLESS_MAX 12

struct job {
	struct target_run *run;
	struct observation *observation; /* NULL: the session conversation */
	struct address_limit *limit;     /* runs with the same address share one */
	struct backoff *backoff;         /* of the run */
	struct dial_route *route;        /* of the run */
	bool taken;
};

struct collector {
	const struct collect_settings *settings;
	struct target_run *runs;
	size_t run_count;
	int64_t started_ms;

	pthread_mutex_t lock;
	pthread_cond_t changed; /* a job ended */
	struct job *jobs;
	size_t job_count;
	size_t first_free; /* no job before it is free */
	size_t jobs_done;
	struct address_limit *limits; /* by run */
	struct backoff *backoffs;
	struct dial_route **routes;
	size_t *jobs_left; /* by run */
	size_t reported;   /* runs handed to `done` */
};

static int64_t
deadline_of(const struct collector *collector, const struct target_run *run)
{
	int64_t span_ms = collector->settings->deadline_ms;

	if (span_ms == 0)
		span_ms = run->checklist->limits.deadline_ms;
	return collector->started_ms + span_ms;
}

static struct pacing
pacing_of(struct collector *collector, const struct job *job)
{
	return (struct pacing){ .lock = &collector->lock,
		.limit = job->limit,
		.backoff = job->backoff,
		.implicit_tls = job->run->evidence.target->implicit_tls,
		.pace_ms = job->run->checklist->limits.pace_ms,
		.deadline_ms = deadline_of(collector, job->run) };
}

static struct endpoint
endpoint_of(struct pacing *pacing, const struct job *job)
{
	const struct target_run *run = job->run;
	const struct target *target = run->evidence.target;
	const struct checklist *checklist = run->checklist;

	return (struct endpoint){
		.dialler = target->proxy != NULL ? &target->proxy->dialler : &socket_dialler,
		.host = target->host,
		.address = target->address,
		.port = target->port,
		.server_name = target->server_name,
		.dialect = target->dialect,
		.ehlo_name = target->ehlo_name,
		.implicit_tls = target->implicit_tls,
		.send_credentials_untrusted = target->send_credentials_untrusted,
		.connect_timeout_ms = checklist->limits.connect_timeout_ms,
		.reply_timeout_ms = checklist->limits.reply_timeout_ms,
		.deadline_ms = pacing->deadline_ms,
		.trust = checklist->trust,
		.today = run->evidence.today,
		.route = job->route,
		.await_start = pacing_await,
		.pacing = pacing,
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
	conversation_init(&evidence->session, evidence->target->dialect);
}

static void
note_retry(struct evidence *evidence, enum step step)
{
	const char *text = evidence->session.steps[step].text;

	*ARENA_ADD(&evidence->arena, evidence->retries, evidence->retry_count) =
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
	struct target_run *run = job->run;
	struct pacing pacing = pacing_of(collector, job);
	struct endpoint endpoint = endpoint_of(&pacing, job);
	int64_t wait_until_ms = collector->started_ms + collector->settings->wait_ms;
	struct evidence *evidence = &run->evidence;
	enum step step;

	if (evidence->target->certificate_file != NULL) {
		probe_file(evidence, &endpoint);
		return;
	}
	probe_session(evidence, &endpoint);
	while (is_still_coming_up(evidence) && clock_left_ms(wait_until_ms) > 0 &&
		may_go_on(&endpoint)) {
		pacing_pause_ms(WAIT_PAUSE_MS);
		probe_session_again(evidence, &endpoint);
	}
	/* A server that serves other connections and turned this one away is only busy. */
	while (pacing_session_comes_back(&pacing, &evidence->session) && may_go_on(&endpoint))
		probe_session_again(evidence, &endpoint);
	for (unsigned i = 0; i < run->checklist->limits.retries; i++) {
		if (!unanswered_step(evidence, &step) || !may_go_on(&endpoint))
			return;
		note_retry(evidence, step);
		probe_session_again(evidence, &endpoint);
	}
}

/* A server that says nothing is not asked any further. */
static bool
is_silent(struct pacing *pacing, struct observation *observation)
{
	enum step step;

	if (!pacing_is_silent(pacing, &step))
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
observe(struct pacing *pacing, struct observation *observation, const struct endpoint *endpoint)
{
	unsigned fruitless = 0;

	while (!is_silent(pacing, observation)) {
		unsigned before = observation->connections;

		observation->turned_away = false;
		observation->observer->observe(observation, endpoint);
		if (observation->connections > before + 1)
			fruitless = 0;
		if (!pacing_comes_back(pacing, observation) ||
			observation->outcome != OUTCOME_BROKEN || !may_go_on(endpoint) ||
			fruitless++ == FRUITLESS_MAX)
			return;
	}
}

static void
run_observation(struct collector *collector, const struct job *job)
{
	struct observation *observation = job->observation;
	struct pacing pacing = pacing_of(collector, job);
	struct endpoint endpoint = endpoint_of(&pacing, job);
	int64_t started_ms = clock_now_ms();

	observe(&pacing, observation, &endpoint);
	for (unsigned i = 0; i < job->run->checklist->limits.retries; i++) {
		if (observation->outcome != OUTCOME_BROKEN || !may_go_on(&endpoint))
			break;
		observe(&pacing, observation, &endpoint);
	}
	observation->ms = clock_now_ms() - started_ms;
}

/* Sums up an evidence that no probe writes to any more. */
static void
freeze(const struct collector *collector, struct target_run *run)
{
	struct evidence *evidence = &run->evidence;

	evidence->ms = clock_now_ms() - collector->started_ms;
	for (size_t i = 0; i < evidence->observation_count; i++)
		evidence->connections += evidence->observations[i].connections;
	if (interrupt_signal() != 0)
		evidence->cut_short = "the run was interrupted";
	else if (clock_left_ms(deadline_of(collector, run)) == 0)
		evidence->cut_short = "the deadline of the run has passed";
}

/* Called with the lock held. */
static void
finish_job(struct collector *collector, const struct job *job)
{
	const struct collect_settings *settings = collector->settings;
	size_t index = (size_t)(job->run - collector->runs);

	job->limit->use--;
	job->backoff->use--;
	collector->jobs_done++;
	if (--collector->jobs_left[index] == 0)
		freeze(collector, job->run);
	if (settings->progress != NULL)
		settings->progress(settings->context, collector->jobs_done, collector->job_count);
	while (collector->reported < collector->run_count &&
		collector->jobs_left[collector->reported] == 0)
		settings->done(settings->context, collector->reported++);
	pthread_cond_broadcast(&collector->changed);
}

/* The first job whose limits have room; NULL when there is none now. Called with the lock held. */
static struct job *
take_job(struct collector *collector)
{
	for (size_t i = collector->first_free; i < collector->job_count; i++) {
		struct job *job = &collector->jobs[i];

		if (job->taken && i == collector->first_free)
			collector->first_free++;
		if (job->taken || !backoff_has_room(job->backoff, job->limit,
					  job->run->checklist->limits.connections))
			continue;
		job->taken = true;
		job->limit->use++;
		job->backoff->use++;
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

/* Where the connections of a run go. */
static const char *
address_of(const struct target_run *run)
{
	const struct target *target = run->evidence.target;

	if (target->proxy != NULL)
		return target->proxy->dialler.through;
	return target->address != NULL ? target->address : target->host;
}

static struct address_limit *
limit_of(const struct collector *collector, size_t index)
{
	const char *address = address_of(&collector->runs[index]);

	for (size_t i = 0; i < index; i++)
		if (strcmp(address_of(&collector->runs[i]), address) == 0)
			return &collector->limits[i];
	return &collector->limits[index];
}

static void
add_job(struct collector *collector, size_t index, struct address_limit *limit,
	struct observation *observation)
{
	collector->jobs[collector->job_count++] = (struct job){
		.run = &collector->runs[index],
		.observation = observation,
		.limit = limit,
		.backoff = &collector->backoffs[index],
		.route = collector->routes[index],
	};
	collector->jobs_left[index]++;
}

static void
list_jobs(struct collector *collector, struct arena *arena)
{
	size_t count = collector->run_count;

	for (size_t i = 0; i < collector->run_count; i++)
		count += collector->runs[i].evidence.observation_count;
	collector->jobs = arena_array(arena, count, sizeof(*collector->jobs));
	collector->limits = arena_array(arena, collector->run_count, sizeof(*collector->limits));
	collector->backoffs =
		arena_array(arena, collector->run_count, sizeof(*collector->backoffs));
	collector->routes = arena_array(arena, collector->run_count, sizeof(*collector->routes));
	collector->jobs_left =
		arena_array(arena, collector->run_count, sizeof(*collector->jobs_left));
	for (size_t i = 0; i < collector->run_count; i++) {
		struct evidence *evidence = &collector->runs[i].evidence;
		struct address_limit *limit = limit_of(collector, i);

		collector->routes[i] = dial_route_create();
		add_job(collector, i, limit, NULL);
		for (size_t j = 0; j < evidence->observation_count; j++)
			add_job(collector, i, limit, &evidence->observations[j]);
	}
}

void
collect(struct target_run *runs, size_t count, const struct collect_settings *settings)
{
	struct collector collector = {
		.settings = settings, .runs = runs, .run_count = count, .started_ms = clock_now_ms()
	};
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
