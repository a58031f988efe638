/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who waits for whom while many targets are probed. The targets are files, asked by an observer
 * that takes as long as a test wants; no socket is opened.
 */
#include "x509_fixtures.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "base/clock.h"
#include "evidence/target.h"
#include "run/collect.h"

#define TARGETS 40
#define OBSERVATIONS 3
#define PROBES (TARGETS * (1 + OBSERVATIONS))

/* After so long, what a test waits for is not going to happen. */
#define PATIENCE_MS 5000

struct scene {
	struct checklist checklist;
	struct target target;
	struct target_run runs[TARGETS];
	pthread_t main_thread;
	bool first_waits;   /* the first target answers when all others have been told */
	bool telling_waits; /* whoever is told of a probe waits for all of them */

	atomic_size_t begun, completed, told, progress;
	atomic_bool complete[TARGETS], told_of[TARGETS];
	atomic_int telling;
	atomic_bool overlapped, disordered, elsewhere, waited_in_vain;
};

static struct scene *scene; /* observers have no context */

struct asked_of {
	size_t run;
	size_t number;
};

static void
pause_a_little(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
}

static void
await(atomic_size_t *count, size_t wanted)
{
	int64_t deadline_ms = clock_now_ms() + PATIENCE_MS;

	while (atomic_load(count) < wanted && clock_left_ms(deadline_ms) > 0)
		pause_a_little();
	if (atomic_load(count) < wanted)
		scene->waited_in_vain = true;
}

static void
observe(struct observation *observation, const struct endpoint *endpoint)
{
	const struct asked_of *question = observation->record;

	(void)endpoint;
	scene->begun++;
	if (!pthread_equal(pthread_self(), scene->main_thread))
		scene->elsewhere = true;
	if (scene->first_waits && question->run == 0)
		await(&scene->told, TARGETS - 1);
	observation->outcome = OUTCOME_DONE;
	observation->connections = 1;
}

static bool
is_same(const void *one, const void *other)
{
	return memcmp(one, other, sizeof(struct asked_of)) == 0;
}

static const struct observer observer = { .name = "test",
	.size = sizeof(struct asked_of),
	.connections = 1,
	.asks_same = is_same,
	.observe = observe };

static void
on_complete(void *context, size_t index, size_t count, unsigned worker)
{
	(void)context;
	(void)count;
	(void)worker;
	if (scene->runs[index].evidence.connections != OBSERVATIONS || scene->complete[index])
		scene->disordered = true;
	scene->complete[index] = true;
	scene->completed++;
	evidence_release(&scene->runs[index].evidence);
}

static void
begin_telling(void)
{
	if (scene->telling++ != 0)
		scene->overlapped = true;
	pause_a_little();
}

static void
on_done(void *context, size_t index)
{
	(void)context;
	begin_telling();
	if (scene->told_of[index] || !scene->complete[index])
		scene->disordered = true;
	scene->told_of[index] = true;
	scene->told++;
	scene->telling--;
}

static void
on_progress(void *context, const struct collect_progress *progress)
{
	(void)context;
	begin_telling();
	if (progress->probes_done <= scene->progress || progress->probes != PROBES ||
		progress->runs != TARGETS)
		scene->disordered = true;
	scene->progress = progress->probes_done;
	if (scene->telling_waits)
		await(&scene->begun, TARGETS * OBSERVATIONS);
	scene->telling--;
}

static void
plan_run(struct arena *arena, size_t index)
{
	struct target_run *run = &scene->runs[index];

	run->checklist = &scene->checklist;
	run->target = &scene->target;
	run->together = 1;
	evidence_init(&run->evidence, &scene->target, 0);
	run->evidence.observations =
		arena_array(arena, OBSERVATIONS, sizeof(*run->evidence.observations));
	run->evidence.observation_count = OBSERVATIONS;
	for (size_t i = 0; i < OBSERVATIONS; i++) {
		struct observation *one = arena_alloc(arena, sizeof(*one));
		const struct asked_of question = { index, i };

		run->evidence.observations[i] = one;
		one->observer = &observer;
		one->record = arena_memdup(&run->evidence.arena, &question, sizeof(question));
		conversation_init(&one->conversation, dialects);
	}
}

/* Collects from all targets, and checks what is true of every run. */
static void
play(struct scene *played, unsigned jobs)
{
	const struct collect_settings settings = {
		.jobs = jobs,
		.started_ms = clock_now_ms(),
		.complete = on_complete,
		.done = on_done,
		.progress = on_progress,
	};
	struct span chain;
	struct arena arena;

	scene = played;
	arena_init(&arena);
	chain = fixture(&arena, "leaf");
	scene->main_thread = pthread_self();
	scene->checklist.limits = (struct limits){ .connections = 4, .deadline_ms = 60000 };
	scene->checklist.trust = trust_store_create();
	scene->target = (struct target){ .name = "release",
		.host = "mail.example.test",
		.certificate_file = "chain.pem",
		.chain = &chain,
		.chain_count = 1 };
	for (size_t i = 0; i < TARGETS; i++)
		plan_run(&arena, i);
	collect(scene->runs, TARGETS, &settings);
	assert_int_equal(scene->begun, TARGETS * OBSERVATIONS);
	assert_int_equal(scene->completed, TARGETS);
	assert_int_equal(scene->told, TARGETS);
	assert_int_equal(scene->progress, PROBES);
	assert_false(scene->overlapped);
	assert_false(scene->disordered);
	assert_false(scene->waited_in_vain);
	trust_store_release(scene->checklist.trust);
	arena_release(&arena);
}

static void
a_target_that_hangs_holds_up_no_other(void **state)
{
	struct scene played = { .first_waits = true };

	(void)state;
	play(&played, 8);
}

static void
whoever_is_told_of_a_probe_holds_up_none(void **state)
{
	struct scene played = { .telling_waits = true };

	(void)state;
	play(&played, 2);
}

static void
one_job_at_a_time_needs_no_thread(void **state)
{
	struct scene played = { .first_waits = false };

	(void)state;
	play(&played, 1);
	assert_false(played.elsewhere);
}

static void
more_threads_than_jobs_do_no_harm(void **state)
{
	struct scene played = { .first_waits = false };

	(void)state;
	play(&played, 2 * PROBES);
	assert_true(played.elsewhere);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_target_that_hangs_holds_up_no_other),
		cmocka_unit_test(whoever_is_told_of_a_probe_holds_up_none),
		cmocka_unit_test(one_job_at_a_time_needs_no_thread),
		cmocka_unit_test(more_threads_than_jobs_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
