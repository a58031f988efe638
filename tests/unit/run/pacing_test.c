/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who may connect, and who waits. Waits are of some milliseconds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "run/pacing.h"

#define MOMENT_MS 60

/* A server, and two that connect to it. */
struct scene {
	pthread_mutex_t lock;
	struct address_limit limit;
	struct backoff backoff;
	bool hopeless;
	struct pacing session, observer;
	struct error error;
};

static const struct conversation silent = { .greeting.dialect = dialects,
	.ended = STREAM_TIMEOUT,
	.steps[STEP_CONNECT].outcome = OUTCOME_DONE };

static void
set_up(struct scene *scene)
{
	*scene = (struct scene){ .hopeless = false };
	pthread_mutex_init(&scene->lock, NULL);
	scene->observer = (struct pacing){ .lock = &scene->lock,
		.limit = &scene->limit,
		.backoff = &scene->backoff,
		.hopeless = &scene->hopeless,
		.deadline_ms = clock_now_ms() + MOMENT_MS };
	scene->session = scene->observer;
	scene->session.is_session = true;
}

/* Whether it connects before the deadline of a moment; without an error it may, then, in any case. */
static bool
connects_in_time(struct scene *scene, struct pacing *pacing)
{
	return pacing_await(pacing, NULL, &scene->error) && clock_left_ms(pacing->deadline_ms) > 0;
}

static void
nobody_but_the_session_asks_a_server_that_is_out_of_reach(void **state)
{
	struct scene scene;

	(void)state;
	set_up(&scene);
	assert_true(connects_in_time(&scene, &scene.observer));
	pacing_give_up(&scene.session);
	assert_false(pacing_await(&scene.observer, NULL, &scene.error));
	assert_non_null(strstr(scene.error.text, "the session came to nothing"));
	assert_true(connects_in_time(&scene, &scene.session));
}

static void
nobody_but_the_session_asks_a_silent_server(void **state)
{
	struct scene scene;

	(void)state;
	set_up(&scene);
	scene.backoff.timeouts[STEP_GREETING] = 2;
	assert_false(pacing_await(&scene.observer, NULL, &scene.error));
	assert_non_null(strstr(scene.error.text, "says nothing"));
	assert_true(connects_in_time(&scene, &scene.session));
}

static void
count_room(void *count)
{
	(*(unsigned *)count)++;
}

/* One whose hello was answered was served; the end of one that was asked something else may be the
 * answer. */
static void
each_connection_that_is_served_makes_room(void **state)
{
	const struct conversation answered = { .answered = true },
				  hung_up = { .ended = STREAM_CLOSED };
	struct scene scene;
	unsigned rooms = 0;

	(void)state;
	set_up(&scene);
	scene.observer.note_room = count_room;
	scene.observer.context = &rooms;
	assert_true(pacing_await(&scene.observer, &answered, &scene.error));
	assert_true(pacing_await(&scene.observer, &hung_up, &scene.error));
	assert_true(pacing_await(&scene.observer, &answered, &scene.error));
	assert_int_equal(rooms, 2);
	assert_int_equal(scene.backoff.served, 2);
	scene.backoff.narrow = true;
	assert_true(pacing_await(&scene.observer, &answered, &scene.error));
	assert_int_equal(rooms, 2);
}

static void
others_wait_for_a_session_that_waits_for_the_server(void **state)
{
	struct scene scene;

	(void)state;
	set_up(&scene);
	scene.observer.hold_until_ms = clock_now_ms() + 10000;
	assert_false(connects_in_time(&scene, &scene.observer));
	scene.backoff.passed = 1u << STEP_CONNECT;
	scene.observer.deadline_ms = clock_now_ms() + MOMENT_MS;
	assert_true(connects_in_time(&scene, &scene.observer));
}

/* The one that is open may tell whether the server is silent. */
static void
after_a_timeout_the_next_waits_for_one_that_is_open(void **state)
{
	struct scene scene;
	struct observation observation = { .conversation = silent };

	(void)state;
	set_up(&scene);
	scene.backoff.timeouts[STEP_GREETING] = 1;
	assert_true(connects_in_time(&scene, &scene.session));
	assert_int_equal(scene.backoff.open, 1);
	assert_false(connects_in_time(&scene, &scene.observer));
	pacing_session_comes_back(&scene.session, &silent);
	assert_int_equal(scene.backoff.open, 0);
	scene.observer.deadline_ms = clock_now_ms() + MOMENT_MS;
	assert_false(pacing_await(&scene.observer, NULL, &scene.error));
	pacing_comes_back(&scene.observer, &observation);
	assert_int_equal(scene.backoff.open, 0);
}

/* Room for one connection beside that of the job. */
static bool
take_room(void *context)
{
	unsigned *taken = context;

	return *taken == 0 && ++*taken != 0;
}

static void
give_room(void *context)
{
	(*(unsigned *)context)--;
}

static void
set_up_with_room(struct scene *scene, unsigned *taken)
{
	set_up(scene);
	*taken = 0;
	scene->observer.take_room = take_room;
	scene->observer.give_room = give_room;
	scene->observer.context = taken;
	assert_true(connects_in_time(scene, &scene->observer));
}

static void
the_next_connection_starts_beside_one_where_there_is_room(void **state)
{
	struct scene scene;
	unsigned taken;

	(void)state;
	set_up_with_room(&scene, &taken);
	assert_true(pacing_may_begin(&scene.observer));
	assert_int_equal(scene.backoff.open, 2);
	assert_false(pacing_may_begin(&scene.observer));
	assert_int_equal(scene.backoff.open, 2);
	scene.limit.next_start_ms = clock_now_ms() + 10000; /* it has started already */
	assert_true(connects_in_time(&scene, &scene.observer));
	assert_int_equal(scene.backoff.open, 1);
	assert_int_equal(taken, 0);
	taken = 1;
	scene.limit.next_start_ms = 0;
	assert_false(pacing_may_begin(&scene.observer));
	scene.observer.take_room = NULL;
	assert_false(pacing_may_begin(&scene.observer));
	assert_int_equal(scene.backoff.open, 1);
}

static void
none_starts_beside_another_before_its_time(void **state)
{
	struct scene scene;
	unsigned taken;

	(void)state;
	set_up_with_room(&scene, &taken);
	scene.limit.next_start_ms = clock_now_ms() + 10000;
	assert_false(pacing_may_begin(&scene.observer));
	assert_int_equal(taken, 0);
	scene.limit.next_start_ms = 0;
	scene.backoff.timeouts[STEP_GREETING] = 1; /* the one that is open may tell */
	assert_false(pacing_may_begin(&scene.observer));
	scene.backoff.timeouts[STEP_GREETING] = 0;
	pacing_give_up(&scene.session);
	assert_false(pacing_may_begin(&scene.observer));
	assert_int_equal(taken, 0);
	assert_int_equal(scene.backoff.open, 1);
}

static void
one_that_is_not_needed_leaves_its_room(void **state)
{
	struct observation observation = { .conversation = { .answered = true,
						   .greeting.dialect = dialects } };
	struct scene scene;
	unsigned taken;

	(void)state;
	set_up_with_room(&scene, &taken);
	assert_true(pacing_may_begin(&scene.observer));
	assert_int_equal(taken, 1);
	assert_false(pacing_comes_back(&scene.observer, &observation));
	assert_int_equal(taken, 0);
	assert_int_equal(scene.backoff.open, 0);
}

static void
hellos_are_not_awaited_long_where_one_was_swallowed(void **state)
{
	struct scene scene;

	(void)state;
	set_up(&scene);
	scene.backoff.timeouts[STEP_STARTTLS] = 1;
	assert_int_equal(pacing_hello_timeout_ms(&scene.observer, 30000), 30000);
	scene.backoff.timeouts[STEP_HANDSHAKE] = 1;
	assert_int_equal(pacing_hello_timeout_ms(&scene.observer, 30000), 3000);
	assert_int_equal(pacing_hello_timeout_ms(&scene.observer, 1000), 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_but_the_session_asks_a_server_that_is_out_of_reach),
		cmocka_unit_test(nobody_but_the_session_asks_a_silent_server),
		cmocka_unit_test(each_connection_that_is_served_makes_room),
		cmocka_unit_test(others_wait_for_a_session_that_waits_for_the_server),
		cmocka_unit_test(after_a_timeout_the_next_waits_for_one_that_is_open),
		cmocka_unit_test(the_next_connection_starts_beside_one_where_there_is_room),
		cmocka_unit_test(none_starts_beside_another_before_its_time),
		cmocka_unit_test(one_that_is_not_needed_leaves_its_room),
		cmocka_unit_test(hellos_are_not_awaited_long_where_one_was_swallowed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
