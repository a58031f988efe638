/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * When connections start: nothing here waits, the times are given.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../src/gate/door.h"

#define SERVED (1u << STEP_GREETING)

static void
connections_start_at_once_without_a_pace(void **state)
{
	struct door door = { 0 };
	struct lane lane = { 0 };

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_int_equal(door_start(&door, &lane, 1000, 0), 0);
}

static void
a_pace_keeps_all_doors_of_a_lane_apart(void **state)
{
	struct door first = { 0 }, second = { 0 };
	struct lane lane = { 0 };

	(void)state;
	assert_int_equal(door_start(&first, &lane, 1000, 200), 0);
	assert_int_equal(door_start(&second, &lane, 1100, 200), 1200);
	assert_int_equal(door_start(&second, &lane, 1200, 200), 0);
}

static void
a_door_that_turns_away_is_knocked_at_one_at_a_time(void **state)
{
	struct door door = { .passed = SERVED, .use = 1 }, other = { .use = 1 };
	struct lane lane = { .use = 2 };

	(void)state;
	assert_true(door_has_room(&door, &lane, 4));
	assert_true(door_back_off(&door, DOOR_CLOSED, 1000, 1010));
	assert_false(door_has_room(&door, &lane, 4));
	assert_true(door_has_room(&other, &lane, 4));
	door.use = 0;
	assert_true(door_has_room(&door, &lane, 4));
	assert_false(door_has_room(&other, &lane, 1));
}

static void
a_lane_has_room_for_many_doors_and_an_end(void **state)
{
	struct door door = { 0 };
	struct lane lane = { .use = LANE_JOBS_MAX - 1 };

	(void)state;
	assert_true(door_has_room(&door, &lane, 1));
	lane.use++;
	assert_false(door_has_room(&door, &lane, 1));
}

static void
pauses_double_until_it_is_given_up(void **state)
{
	static const int64_t pauses[] = { 250, 500, 1000, 2000, 4000, 8000 };
	struct door door = { .passed = SERVED };
	struct lane lane = { 0 };
	int64_t now_ms = 1000;

	(void)state;
	for (size_t i = 0; i < sizeof(pauses) / sizeof(pauses[0]); i++) {
		assert_true(door_back_off(&door, DOOR_CLOSED, now_ms, now_ms));
		assert_int_equal(door_start(&door, &lane, now_ms, 0), now_ms + pauses[i]);
		now_ms += pauses[i];
		assert_int_equal(door_start(&door, &lane, now_ms, 0), 0);
	}
	assert_false(door_back_off(&door, DOOR_CLOSED, now_ms, now_ms));
	now_ms = door.next_start_ms;
	assert_int_equal(door_start(&door, &lane, now_ms, 0), 0);
	assert_int_equal(door_start(&door, &lane, now_ms, 0), 0);
}

static void
a_door_that_never_answered_is_given_up_sooner(void **state)
{
	struct door door = { 0 };

	(void)state;
	assert_true(door_back_off(&door, DOOR_CLOSED, 1000, 1000));
	assert_true(door_back_off(&door, DOOR_CLOSED, 2000, 2000));
	assert_false(door_back_off(&door, DOOR_CLOSED, 3000, 3000));
}

static void
connections_from_before_the_pause_are_no_news(void **state)
{
	struct door door = { .passed = SERVED };

	(void)state;
	assert_true(door_back_off(&door, DOOR_CLOSED, 1000, 1010));
	assert_true(door_back_off(&door, DOOR_CLOSED, 1001, 1011));
	assert_int_equal(door.pauses, 1);
	assert_int_equal(door.paused_until_ms, 1260);
}

static void
an_answer_ends_the_pauses(void **state)
{
	struct door door = { .passed = SERVED };
	struct lane lane = { 0 };

	(void)state;
	assert_true(door_back_off(&door, DOOR_CLOSED, 1000, 1000));
	assert_true(door_back_off(&door, DOOR_CLOSED, 2000, 2000));
	door_note_progress(&door, &(struct conversation){ .answered = true });
	assert_int_equal(door_start(&door, &lane, 5000, 0), 0);
	assert_int_equal(door_start(&door, &lane, 5000, 0), 0);
	assert_true(door_back_off(&door, DOOR_CLOSED, 5000, 5000));
	assert_int_equal(door.pause_ms, 250);
}

static void
a_server_that_says_that_it_is_busy_is_waited_for_longer(void **state)
{
	struct door door = { .passed = SERVED };
	int64_t now_ms = 1000;
	unsigned pauses = 0;

	(void)state;
	while (door_back_off(&door, DOOR_BUSY, now_ms, now_ms)) {
		now_ms = door.paused_until_ms;
		pauses++;
	}
	assert_int_equal(pauses, 8);
	assert_true(now_ms - 1000 > 60 * 1000);
}

/* What a conversation shows, and how it counts before and after the server has served one. */
static void
what_counts_as_turned_away(void **state)
{
	const struct {
		const char *name;
		struct conversation conversation;
		enum door_away before, after;
	} rows[] = {
		{ "a refused connect", { .steps[STEP_CONNECT].outcome = OUTCOME_REFUSED },
			DOOR_CLOSED, DOOR_CLOSED },
		{ "a connect without an answer", { .steps[STEP_CONNECT].outcome = OUTCOME_BROKEN },
			DOOR_OPEN, DOOR_OPEN },
		{ "421 as the greeting", { .greeting.code = 421 }, DOOR_BUSY, DOOR_BUSY },
		{ "421 to EHLO", { .ehlo.code = 421 }, DOOR_BUSY, DOOR_BUSY },
		{ "421 to STARTTLS", { .starttls.code = 421 }, DOOR_BUSY, DOOR_BUSY },
		{ "554 as the greeting", { .greeting.code = 554 }, DOOR_OPEN, DOOR_BUSY },
		{ "450 as the greeting", { .greeting.code = 450 }, DOOR_OPEN, DOOR_BUSY },
		{ "550 to EHLO", { .ehlo.code = 550 }, DOOR_OPEN, DOOR_BUSY },
		{ "454 to STARTTLS", { .starttls.code = 454 }, DOOR_OPEN, DOOR_BUSY },
		{ "502 to STARTTLS", { .starttls.code = 502 }, DOOR_OPEN, DOOR_OPEN },
		{ "a close before the greeting",
			{ .steps[STEP_GREETING] = { .outcome = OUTCOME_BROKEN,
				  .status = STREAM_CLOSED } },
			DOOR_OPEN, DOOR_CLOSED },
		{ "silence instead of a greeting",
			{ .steps[STEP_GREETING] = { .outcome = OUTCOME_BROKEN,
				  .status = STREAM_TIMEOUT } },
			DOOR_OPEN, DOOR_OPEN },
		{ "a good greeting", { .greeting.code = 220 }, DOOR_OPEN, DOOR_OPEN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum door_away before = door_turned_away(&rows[i].conversation, 0);
		enum door_away after = door_turned_away(&rows[i].conversation, UINT32_MAX);

		if (before != rows[i].before || after != rows[i].after)
			fail_msg("%s: got %d and %d, want %d and %d", rows[i].name, before, after,
				rows[i].before, rows[i].after);
	}
}

/* What a server says at a step that it has let nobody past is no matter of how many there are. */
static void
what_was_never_had_is_not_waited_for(void **state)
{
	const struct conversation refuses = { .starttls.code = 454,
		.steps = { [STEP_GREETING] = { .outcome = OUTCOME_DONE },
			[STEP_EHLO] = { .outcome = OUTCOME_DONE } } };
	struct conversation takes = refuses;
	struct door door = { 0 };

	(void)state;
	door_note_progress(&door, &refuses);
	assert_int_equal(door_turned_away(&refuses, door.passed), DOOR_OPEN);
	takes.steps[STEP_STARTTLS].outcome = OUTCOME_DONE;
	door_note_progress(&door, &takes);
	assert_int_equal(door_turned_away(&refuses, door.passed), DOOR_BUSY);
}

static void
a_server_is_silent_where_the_session_and_another_ran_out_of_time(void **state)
{
	struct conversation early = { .ended = STREAM_TIMEOUT,
		.steps[STEP_CONNECT].outcome = OUTCOME_DONE };
	struct conversation late = early;
	struct door door = { 0 };
	enum step step;

	(void)state;
	late.steps[STEP_GREETING].outcome = OUTCOME_DONE;
	door_note_timeout(&door, &early, false, true);
	assert_false(door_is_silent(&door, &step));
	door_note_timeout(&door, &late, false, false);
	assert_false(door_is_silent(&door, &step));
	door_note_timeout(&door, &early, false, false);
	assert_true(door_is_silent(&door, &step));
	assert_int_equal(step, STEP_GREETING);
}

static void
what_closes_is_not_silent(void **state)
{
	struct conversation closed = { .ended = STREAM_CLOSED,
		.steps[STEP_CONNECT].outcome = OUTCOME_DONE };
	struct door door = { 0 };
	enum step step;

	(void)state;
	door_note_timeout(&door, &closed, false, true);
	door_note_timeout(&door, &closed, false, false);
	assert_false(door_is_silent(&door, &step));
}

static void
a_server_is_silent_where_two_ran_out_of_time_and_none_got_past(void **state)
{
	const struct conversation silent = { .ended = STREAM_TIMEOUT,
		.steps[STEP_CONNECT].outcome = OUTCOME_DONE };
	const struct conversation answered = { .steps[STEP_GREETING].outcome = OUTCOME_DONE };
	struct door door = { 0 };
	enum step step;

	(void)state;
	door_note_timeout(&door, &silent, false, false);
	assert_false(door_is_silent(&door, &step));
	door_note_timeout(&door, &silent, false, false);
	assert_true(door_is_silent(&door, &step));
	assert_int_equal(step, STEP_GREETING);
	door_note_progress(&door, &answered);
	assert_false(door_is_silent(&door, &step));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(connections_start_at_once_without_a_pace),
		cmocka_unit_test(a_pace_keeps_all_doors_of_a_lane_apart),
		cmocka_unit_test(a_door_that_turns_away_is_knocked_at_one_at_a_time),
		cmocka_unit_test(pauses_double_until_it_is_given_up),
		cmocka_unit_test(a_door_that_never_answered_is_given_up_sooner),
		cmocka_unit_test(connections_from_before_the_pause_are_no_news),
		cmocka_unit_test(an_answer_ends_the_pauses),
		cmocka_unit_test(a_lane_has_room_for_many_doors_and_an_end),
		cmocka_unit_test(a_server_that_says_that_it_is_busy_is_waited_for_longer),
		cmocka_unit_test(what_counts_as_turned_away),
		cmocka_unit_test(what_was_never_had_is_not_waited_for),
		cmocka_unit_test(a_server_is_silent_where_the_session_and_another_ran_out_of_time),
		cmocka_unit_test(a_server_is_silent_where_two_ran_out_of_time_and_none_got_past),
		cmocka_unit_test(what_closes_is_not_silent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
