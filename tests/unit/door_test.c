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
	struct door door = { .answered = true, .use = 1 }, other = { 0 };
	struct lane lane = { .use = 1 };

	(void)state;
	assert_true(door_has_room(&door, &lane, 4));
	assert_true(door_back_off(&door, 1000, 1010));
	assert_false(door_has_room(&door, &lane, 4));
	assert_true(door_has_room(&other, &lane, 4));
	door.use = 0;
	assert_true(door_has_room(&door, &lane, 4));
	assert_false(door_has_room(&other, &lane, 1));
}

static void
pauses_double_until_it_is_given_up(void **state)
{
	static const int64_t pauses[] = { 250, 500, 1000, 2000, 4000, 8000 };
	struct door door = { .answered = true };
	struct lane lane = { 0 };
	int64_t now_ms = 1000;

	(void)state;
	for (size_t i = 0; i < sizeof(pauses) / sizeof(pauses[0]); i++) {
		assert_true(door_back_off(&door, now_ms, now_ms));
		assert_int_equal(door_start(&door, &lane, now_ms, 0), now_ms + pauses[i]);
		now_ms += pauses[i];
		assert_int_equal(door_start(&door, &lane, now_ms, 0), 0);
	}
	assert_false(door_back_off(&door, now_ms, now_ms));
	now_ms = door.next_start_ms;
	assert_int_equal(door_start(&door, &lane, now_ms, 0), 0);
	assert_int_equal(door_start(&door, &lane, now_ms, 0), 0);
}

static void
a_door_that_never_answered_is_given_up_sooner(void **state)
{
	struct door door = { 0 };

	(void)state;
	assert_true(door_back_off(&door, 1000, 1000));
	assert_true(door_back_off(&door, 2000, 2000));
	assert_false(door_back_off(&door, 3000, 3000));
}

static void
connections_from_before_the_pause_are_no_news(void **state)
{
	struct door door = { .answered = true };

	(void)state;
	assert_true(door_back_off(&door, 1000, 1010));
	assert_true(door_back_off(&door, 1001, 1011));
	assert_int_equal(door.pauses, 1);
	assert_int_equal(door.paused_until_ms, 1260);
}

static void
an_answer_ends_the_pauses(void **state)
{
	struct door door = { .answered = true };
	struct lane lane = { 0 };

	(void)state;
	assert_true(door_back_off(&door, 1000, 1000));
	assert_true(door_back_off(&door, 2000, 2000));
	door_note_answer(&door);
	assert_int_equal(door_start(&door, &lane, 5000, 0), 0);
	assert_int_equal(door_start(&door, &lane, 5000, 0), 0);
	assert_true(door_back_off(&door, 5000, 5000));
	assert_int_equal(door.pause_ms, 250);
}

static void
what_counts_as_turned_away(void **state)
{
	struct conversation refused = { .steps[STEP_CONNECT].outcome = OUTCOME_REFUSED };
	struct conversation silent = { .steps[STEP_CONNECT].outcome = OUTCOME_BROKEN };
	struct conversation closing = { .ehlo.code = 421 };
	struct conversation denied = { .greeting.code = 554 };

	(void)state;
	assert_true(door_turned_away(&refused));
	assert_true(door_turned_away(&closing));
	assert_false(door_turned_away(&silent));
	assert_false(door_turned_away(&denied));
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
		cmocka_unit_test(what_counts_as_turned_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
