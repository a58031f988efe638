/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whose job is next, and that finding it takes no longer when there are many.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "run/schedule.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define TARGETS_MAX 2000
#define JOBS 26

struct stage {
	struct arena arena;
	struct schedule schedule;
	struct job_queue queues[TARGETS_MAX];
};

/* So many targets, in turn at each of so many addresses, and each at a port of its own. */
static void
stage_init(struct stage *stage, size_t targets, size_t addresses, unsigned most)
{
	arena_init(&stage->arena);
	for (size_t i = 0; i < targets; i++)
		stage->queues[i] = (struct job_queue){ .where = arena_printf(&stage->arena,
							       "192.0.2.%zu", i % addresses),
			.port = (unsigned)i,
			.jobs = JOBS,
			.width = { most, most } };
	schedule_init(&stage->schedule, stage->queues, targets, &stage->arena);
}

static void
stage_release(struct stage *stage)
{
	schedule_release(&stage->schedule);
	arena_release(&stage->arena);
}

/* Takes all that may begin, and gives who took them: "0 0 1". */
static const char *
taken(struct stage *stage)
{
	const char *list = "";
	struct job_queue *queue;
	size_t number;

	while ((queue = schedule_take(&stage->schedule, &number)) != NULL)
		list = arena_printf(&stage->arena, "%s%s%zu", list, list[0] != '\0' ? " " : "",
			(size_t)(queue - stage->queues));
	return list;
}

static void
the_jobs_of_a_target_are_taken_in_their_order(void **state)
{
	struct stage stage;

	(void)state;
	stage_init(&stage, 2, 2, 1);
	for (size_t i = 0; i < (size_t)2 * JOBS; i++) {
		size_t number = SIZE_MAX;
		struct job_queue *queue = schedule_take(&stage.schedule, &number);

		assert_ptr_equal(queue, &stage.queues[i / JOBS]);
		assert_int_equal(number, i % JOBS);
		assert_int_equal(stage.schedule.left, 2 * JOBS - i - 1);
		schedule_end(&stage.schedule, queue, 0);
	}
	assert_false(schedule_is_ready(&stage.schedule));
	stage_release(&stage);
}

static void
a_target_has_so_many_jobs_at_a_time(void **state)
{
	struct stage stage;

	(void)state;
	stage_init(&stage, 3, 3, 2);
	assert_string_equal(taken(&stage), "0 0 1 1 2 2");
	schedule_end(&stage.schedule, &stage.queues[1], 0);
	assert_string_equal(taken(&stage), "1");
	stage_release(&stage);
}

static void
an_address_has_so_many_jobs_at_a_time(void **state)
{
	struct stage stage;

	(void)state;
	stage_init(&stage, TARGETS_MAX, 2, 16);
	taken(&stage);
	assert_int_equal(stage.queues[0].server->address->limit.use, ADDRESS_JOBS_MAX);
	assert_int_equal(stage.queues[1].server->address->limit.use, ADDRESS_JOBS_MAX);
	assert_int_equal(stage.queues[6].taken, 16);
	assert_int_equal(stage.queues[8].taken, 0);
	stage_release(&stage);
}

static void
a_server_that_turned_one_away_has_one_at_a_time(void **state)
{
	struct stage stage;

	(void)state;
	stage_init(&stage, 1, 1, 3);
	assert_string_equal(taken(&stage), "0 0 0");
	stage.queues[0].server->backoff.narrow = true;
	for (int i = 0; i < 2; i++) {
		schedule_end(&stage.schedule, &stage.queues[0], 0);
		assert_string_equal(taken(&stage), "");
	}
	schedule_end(&stage.schedule, &stage.queues[0], 0);
	assert_string_equal(taken(&stage), "0");
	stage_release(&stage);
}

static void
a_target_that_was_begun_goes_before_others(void **state)
{
	struct stage stage;

	(void)state;
	stage_init(&stage, 40, 1, 2);
	taken(&stage);
	assert_int_equal(stage.queues[31].taken, 2);
	assert_int_equal(stage.queues[32].taken, 0);
	schedule_end(&stage.schedule, &stage.queues[7], 0);
	assert_string_equal(taken(&stage), "7");
	stage_release(&stage);
}

/* Targets of one address and port, which differ in other things. */
static void
targets_of_one_server_share_its_room(void **state)
{
	struct stage stage;

	(void)state;
	arena_init(&stage.arena);
	for (size_t i = 0; i < 3; i++)
		stage.queues[i] = (struct job_queue){ .where = "192.0.2.1",
			.port = i == 2 ? 25 : 587,
			.jobs = 3,
			.width = { 2, 4 } };
	schedule_init(&stage.schedule, stage.queues, 3, &stage.arena);
	assert_string_equal(taken(&stage), "0 0 2 2");
	stage.queues[0].server->backoff.served = 1;
	schedule_end(&stage.schedule, &stage.queues[0], 0);
	assert_string_equal(taken(&stage), "0 1");
	stage_release(&stage);
}

static void
hosts_behind_a_proxy_are_servers_of_their_own(void **state)
{
	static const char *const hosts[] = { "a.example", "b.example", "a.example" };
	struct stage stage;

	(void)state;
	arena_init(&stage.arena);
	for (size_t i = 0; i < 3; i++)
		stage.queues[i] = (struct job_queue){ .where = "http://proxy.example:3128",
			.behind = hosts[i],
			.port = 587,
			.jobs = 2,
			.width = { 1, 1 } };
	schedule_init(&stage.schedule, stage.queues, 3, &stage.arena);
	assert_string_equal(taken(&stage), "0 1");
	assert_ptr_equal(stage.queues[0].server, stage.queues[2].server);
	assert_ptr_equal(stage.queues[0].server->address, stage.queues[1].server->address);
	stage_release(&stage);
}

/* Names say nothing of where a host is: "a" and "c" are at one address, "b" at another. */
static void
a_host_is_looked_up_before_its_jobs(void **state)
{
	static const char *const hosts[] = { "a", "b", "a", "c" };
	static const char *const addresses[] = { "192.0.2.1", "192.0.2.2", "192.0.2.1" };
	struct stage stage;
	struct host *host;

	(void)state;
	arena_init(&stage.arena);
	for (size_t i = 0; i < COUNT(hosts); i++)
		stage.queues[i] = (struct job_queue){
			.host = hosts[i], .port = 587, .jobs = 1, .width = { 2, 2 }
		};
	schedule_init(&stage.schedule, stage.queues, COUNT(hosts), &stage.arena);
	assert_true(schedule_is_ready(&stage.schedule));
	assert_string_equal(taken(&stage), "");
	assert_int_equal(stage.schedule.left, COUNT(hosts));
	for (size_t i = 0; i < COUNT(addresses); i++) {
		char place[16];

		host = schedule_take_host(&stage.schedule);
		assert_int_equal(host->name[0], 'a' + i);
		snprintf(place, sizeof(place), "%s", addresses[i]);
		schedule_place(&stage.schedule, host, place);
	}
	assert_null(schedule_take_host(&stage.schedule));
	assert_ptr_equal(stage.queues[0].server, stage.queues[3].server);
	assert_string_equal(taken(&stage), "0 2 1");
	schedule_end(&stage.schedule, &stage.queues[0], 0);
	assert_string_equal(taken(&stage), "3");
	assert_false(schedule_is_ready(&stage.schedule));
	stage_release(&stage);
}

/* Runs all jobs, `threads` at a time, and gives how many looks that took. */
static size_t
looks_for_all(size_t targets, size_t addresses, size_t threads)
{
	static struct stage stage;
	struct job_queue *under_way[128];
	size_t begun = 0, ended = 0, number;

	stage_init(&stage, targets, addresses, 4);
	while (ended < targets * JOBS) {
		struct job_queue *queue =
			begun - ended < threads ? schedule_take(&stage.schedule, &number) : NULL;

		if (queue != NULL)
			under_way[begun++ % COUNT(under_way)] = queue;
		else
			schedule_end(&stage.schedule, under_way[ended++ % COUNT(under_way)], 0);
	}
	assert_int_equal(begun, targets * JOBS);
	assert_int_equal(stage.schedule.left, 0);
	stage_release(&stage);
	return stage.schedule.looks;
}

static void
twice_the_targets_are_twice_the_looks(void **state)
{
	static const struct {
		const char *name;
		size_t one_in, threads; /* targets at an address */
	} rows[] = {
		{ "all at one address", 0, 128 },
		{ "each at its own address", 1, 128 },
		{ "ten at an address", 10, 128 },
		{ "one job at a time", 1, 1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t looks[2];

		for (size_t j = 0; j < 2; j++) {
			size_t targets = TARGETS_MAX / 2 * (j + 1);

			looks[j] = looks_for_all(targets,
				rows[i].one_in == 0 ? 1 : targets / rows[i].one_in,
				rows[i].threads);
		}
		if (looks[1] > 2 * looks[0] + 100 || looks[1] > (size_t)4 * TARGETS_MAX * JOBS)
			fail_msg("%s: %zu looks for %d targets, %zu for %d", rows[i].name, looks[0],
				TARGETS_MAX / 2, looks[1], TARGETS_MAX);
	}
}

/* Two targets at one server and one at another, each with a last job. */
static void
stage_init_lasts(struct stage *stage)
{
	arena_init(&stage->arena);
	for (size_t i = 0; i < 3; i++)
		stage->queues[i] = (struct job_queue){ .where = "192.0.2.1",
			.port = i < 2 ? 25 : 26,
			.jobs = 3,
			.has_last = true,
			.width = { 8, 8 } };
	schedule_init(&stage->schedule, stage->queues, 3, &stage->arena);
}

static void
end_first_jobs(struct stage *stage, size_t queue)
{
	for (size_t i = 0; i < 2; i++)
		schedule_end(&stage->schedule, &stage->queues[queue], i);
}

static void
expect_last(struct stage *stage, const struct job_queue *wanted)
{
	size_t number = SIZE_MAX;

	assert_ptr_equal(schedule_take_last(&stage->schedule, &number), wanted);
	if (wanted != NULL)
		assert_int_equal(number, 2);
}

static void
last_jobs_come_behind_all_others_at_the_server(void **state)
{
	struct stage stage;

	(void)state;
	stage_init_lasts(&stage);
	assert_string_equal(taken(&stage), "0 0 1 1 2 2");
	expect_last(&stage, NULL);
	assert_false(schedule_is_ready(&stage.schedule));
	end_first_jobs(&stage, 0);
	schedule_end(&stage.schedule, &stage.queues[1], 0);
	expect_last(&stage, NULL);
	end_first_jobs(&stage, 2);
	assert_true(schedule_is_ready(&stage.schedule));
	expect_last(&stage, &stage.queues[2]);
	expect_last(&stage, NULL);
	schedule_end(&stage.schedule, &stage.queues[1], 1);
	expect_last(&stage, &stage.queues[0]);
	expect_last(&stage, NULL);
	assert_int_equal(stage.schedule.left, 1);
	schedule_end(&stage.schedule, &stage.queues[0], 2);
	assert_true(schedule_is_ready(&stage.schedule));
	expect_last(&stage, &stage.queues[1]);
	schedule_end(&stage.schedule, &stage.queues[1], 2);
	assert_int_equal(stage.schedule.left, 0);
	assert_false(schedule_is_ready(&stage.schedule));
	stage_release(&stage);
}

/* A host that is looked up late can be at a server whose others are done. */
static void
a_target_that_comes_to_a_server_holds_its_last_jobs_up(void **state)
{
	static const char *const hosts[] = { "a", "b", "c" };
	struct stage stage;
	size_t number;

	(void)state;
	arena_init(&stage.arena);
	for (size_t i = 0; i < COUNT(hosts); i++)
		stage.queues[i] = (struct job_queue){
			.host = hosts[i], .port = 25, .jobs = 2, .has_last = true, .width = { 8, 8 }
		};
	schedule_init(&stage.schedule, stage.queues, COUNT(hosts), &stage.arena);
	schedule_place(&stage.schedule, schedule_take_host(&stage.schedule), "192.0.2.1");
	assert_non_null(schedule_take(&stage.schedule, &number));
	schedule_end(&stage.schedule, &stage.queues[0], 0);
	schedule_place(&stage.schedule, schedule_take_host(&stage.schedule), "192.0.2.1");
	assert_null(schedule_take_last(&stage.schedule, &number));
	assert_ptr_equal(schedule_take(&stage.schedule, &number), &stage.queues[1]);
	schedule_end(&stage.schedule, &stage.queues[1], 0);
	assert_ptr_equal(schedule_take_last(&stage.schedule, &number), &stage.queues[0]);
	schedule_place(&stage.schedule, schedule_take_host(&stage.schedule), "192.0.2.1");
	assert_ptr_equal(schedule_take(&stage.schedule, &number), &stage.queues[2]);
	schedule_end(&stage.schedule, &stage.queues[2], 0);
	assert_null(schedule_take_last(&stage.schedule, &number));
	schedule_end(&stage.schedule, &stage.queues[0], 1);
	assert_ptr_equal(schedule_take_last(&stage.schedule, &number), &stage.queues[1]);
	stage_release(&stage);
}

static void
connections_beside_those_of_jobs_take_the_room_of_jobs(void **state)
{
	struct stage stage;
	size_t number;

	(void)state;
	stage_init(&stage, 2, 2, 3);
	assert_ptr_equal(schedule_take(&stage.schedule, &number), &stage.queues[0]);
	assert_true(schedule_take_room(&stage.schedule, &stage.queues[0]));
	assert_string_equal(taken(&stage), "0 1 1 1");
	assert_false(schedule_take_room(&stage.schedule, &stage.queues[0]));
	schedule_give_room(&stage.schedule, &stage.queues[0]);
	assert_string_equal(taken(&stage), "0");
	stage_release(&stage);
}

static void
no_more_are_under_way_than_may_be_in_all(void **state)
{
	struct stage stage;
	size_t number;

	(void)state;
	stage_init(&stage, 2, 2, 3);
	stage.schedule.most = 3;
	assert_ptr_equal(schedule_take(&stage.schedule, &number), &stage.queues[0]);
	assert_true(schedule_take_room(&stage.schedule, &stage.queues[0]));
	assert_string_equal(taken(&stage), "0");
	assert_false(schedule_take_room(&stage.schedule, &stage.queues[0]));
	assert_false(schedule_is_ready(&stage.schedule));
	schedule_give_room(&stage.schedule, &stage.queues[0]);
	assert_true(schedule_is_ready(&stage.schedule));
	assert_string_equal(taken(&stage), "0");
	stage_release(&stage);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_jobs_of_a_target_are_taken_in_their_order),
		cmocka_unit_test(a_target_has_so_many_jobs_at_a_time),
		cmocka_unit_test(an_address_has_so_many_jobs_at_a_time),
		cmocka_unit_test(a_server_that_turned_one_away_has_one_at_a_time),
		cmocka_unit_test(a_target_that_was_begun_goes_before_others),
		cmocka_unit_test(targets_of_one_server_share_its_room),
		cmocka_unit_test(hosts_behind_a_proxy_are_servers_of_their_own),
		cmocka_unit_test(a_host_is_looked_up_before_its_jobs),
		cmocka_unit_test(last_jobs_come_behind_all_others_at_the_server),
		cmocka_unit_test(a_target_that_comes_to_a_server_holds_its_last_jobs_up),
		cmocka_unit_test(twice_the_targets_are_twice_the_looks),
		cmocka_unit_test(connections_beside_those_of_jobs_take_the_room_of_jobs),
		cmocka_unit_test(no_more_are_under_way_than_may_be_in_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
