/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * When connections start: nothing here waits, the times are given.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "reply_codes.h"
#include "run/backoff.h"

#define SERVED (1u << STEP_GREETING)

static const struct turned_away hung_up = { BACKOFF_CLOSED, STEP_CONNECT };
static const struct turned_away busy = { BACKOFF_BUSY, STEP_STARTTLS };

static void
connections_start_at_once_without_a_pace(void **state)
{
	struct backoff backoff = { 0 };
	struct address_limit limit = { 0 };

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_int_equal(backoff_start(&backoff, &limit, 1000, 0), 0);
}

static void
a_pace_keeps_all_servers_of_an_address_apart(void **state)
{
	struct backoff first = { 0 }, second = { 0 };
	struct address_limit limit = { 0 };

	(void)state;
	assert_int_equal(backoff_start(&first, &limit, 1000, 200), 0);
	assert_int_equal(backoff_start(&second, &limit, 1100, 200), 1200);
	assert_int_equal(backoff_start(&second, &limit, 1200, 200), 0);
}

static void
a_server_that_turns_away_is_asked_one_at_a_time(void **state)
{
	struct backoff backoff = { .passed = SERVED, .use = 1 }, other = { .use = 1 };
	struct address_limit limit = { .use = 2 };

	(void)state;
	assert_true(backoff_has_room(&backoff, &limit, &(struct backoff_width){ 4, 4 }));
	assert_true(backoff_pause(&backoff, &hung_up, 1000, 1010));
	assert_false(backoff_has_room(&backoff, &limit, &(struct backoff_width){ 4, 4 }));
	assert_true(backoff_has_room(&other, &limit, &(struct backoff_width){ 4, 4 }));
	backoff.use = 0;
	assert_true(backoff_has_room(&backoff, &limit, &(struct backoff_width){ 4, 4 }));
	assert_false(backoff_has_room(&other, &limit, &(struct backoff_width){ 1, 1 }));
}

static void
an_address_has_room_for_many_servers_and_an_end(void **state)
{
	struct backoff backoff = { 0 };
	struct address_limit limit = { .use = ADDRESS_JOBS_MAX - 1 };

	(void)state;
	assert_true(backoff_has_room(&backoff, &limit, &(struct backoff_width){ 1, 1 }));
	limit.use++;
	assert_false(backoff_has_room(&backoff, &limit, &(struct backoff_width){ 1, 1 }));
}

/* How many may be under way at once. */
static unsigned
room(const struct backoff *backoff)
{
	static const struct backoff_width width = { 4, 6 };
	const struct address_limit limit = { 0 };
	struct backoff trial = *backoff;

	while (backoff_has_room(&trial, &limit, &width))
		trial.use++;
	return trial.use;
}

static void
each_connection_that_is_served_makes_room_for_one_more(void **state)
{
	const struct conversation served = { .answered = true },
				  hung_up_on = { .steps[STEP_GREETING].outcome = OUTCOME_DONE,
					  .ended = STREAM_RESET };
	const struct conversation late = { .ended = STREAM_TIMEOUT };
	const struct conversation refused = { .answered = true, .ended = STREAM_CLOSED };
	struct backoff backoff = { 0 };

	(void)state;
	assert_int_equal(room(&backoff), 4);
	backoff_note_progress(&backoff, &served);
	backoff_note_progress(&backoff, &late);
	assert_int_equal(room(&backoff), 5);
	backoff_note_progress(&backoff, &refused);
	backoff_note_progress(&backoff, &served);
	assert_int_equal(room(&backoff), 6);
	backoff_note_progress(&backoff, &hung_up_on);
	assert_int_equal(room(&backoff), 4);
	assert_true(backoff_pause(&backoff, &busy, 1000, 1000));
	assert_int_equal(room(&backoff), 1);
}

/* Before the first observation has ended a connection may be turned away. */
static void
what_a_connection_got_past_is_known_when_its_observation_goes_on(void **state)
{
	const struct conversation turned_away = { .greeting.dialect = dialects,
		.steps[STEP_GREETING].outcome = OUTCOME_DONE };
	const struct conversation before = { .greeting.dialect = dialects,
		.answered = true,
		.steps[STEP_GREETING].outcome = OUTCOME_DONE };
	const struct conversation later = { .greeting = { .dialect = dialects,
						    .state = REPLY_COMPLETE,
						    .status = REPLY_TRANSIENT,
						    .count = 1 } };
	struct backoff backoff = { 0 };

	(void)state;
	assert_int_equal(backoff_turned_away(&backoff, &later).reason, BACKOFF_NONE);
	assert_false(backoff_note_served(&backoff, &turned_away));
	assert_int_equal(backoff.passed, 0);
	assert_true(backoff_note_served(&backoff, &before));
	assert_int_equal(backoff_turned_away(&backoff, &later).reason, BACKOFF_BUSY);
}

static void
pauses_double_until_it_is_given_up(void **state)
{
	static const int64_t pauses[] = { 250, 500, 1000, 2000, 4000, 8000 };
	struct backoff backoff = { .passed = SERVED };
	struct address_limit limit = { 0 };
	int64_t now_ms = 1000;

	(void)state;
	for (size_t i = 0; i < sizeof(pauses) / sizeof(pauses[0]); i++) {
		assert_true(backoff_pause(&backoff, &hung_up, now_ms, now_ms));
		assert_int_equal(backoff_start(&backoff, &limit, now_ms, 0), now_ms + pauses[i]);
		now_ms += pauses[i];
		assert_int_equal(backoff_start(&backoff, &limit, now_ms, 0), 0);
	}
	assert_false(backoff_pause(&backoff, &hung_up, now_ms, now_ms));
	now_ms = backoff.next_start_ms;
	assert_int_equal(backoff_start(&backoff, &limit, now_ms, 0), 0);
	assert_int_equal(backoff_start(&backoff, &limit, now_ms, 0), 0);
}

static void
a_server_that_never_answered_is_given_up_sooner(void **state)
{
	struct backoff backoff = { 0 };

	(void)state;
	assert_true(backoff_pause(&backoff, &hung_up, 1000, 1000));
	assert_true(backoff_pause(&backoff, &hung_up, 2000, 2000));
	assert_false(backoff_pause(&backoff, &hung_up, 3000, 3000));
}

static void
connections_from_before_the_pause_are_no_news(void **state)
{
	struct backoff backoff = { .passed = SERVED };

	(void)state;
	assert_true(backoff_pause(&backoff, &hung_up, 1000, 1010));
	assert_true(backoff_pause(&backoff, &hung_up, 1001, 1011));
	assert_int_equal(backoff.pauses, 1);
	assert_int_equal(backoff.paused_until_ms, 1260);
}

static void
an_answer_ends_the_pauses(void **state)
{
	struct backoff backoff = { .passed = SERVED };
	struct address_limit limit = { 0 };

	(void)state;
	assert_true(backoff_pause(&backoff, &hung_up, 1000, 1000));
	assert_true(backoff_pause(&backoff, &hung_up, 2000, 2000));
	backoff_note_progress(&backoff, &(struct conversation){ .answered = true });
	assert_int_equal(backoff_start(&backoff, &limit, 5000, 0), 0);
	assert_int_equal(backoff_start(&backoff, &limit, 5000, 0), 0);
	assert_true(backoff_pause(&backoff, &hung_up, 5000, 5000));
	assert_int_equal(backoff.pause_ms, 250);
}

static void
a_server_that_says_that_it_is_busy_is_waited_for_longer(void **state)
{
	struct backoff backoff = { .passed = SERVED };
	int64_t now_ms = 1000;
	unsigned pauses = 0;

	(void)state;
	while (backoff_pause(&backoff, &busy, now_ms, now_ms)) {
		now_ms = backoff.paused_until_ms;
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
		enum backoff_reason before, after;
	} rows[] = {
		{ "a refused connect", { .steps[STEP_CONNECT].outcome = OUTCOME_REFUSED },
			BACKOFF_CLOSED, BACKOFF_CLOSED },
		{ "a connect without an answer", { .steps[STEP_CONNECT].outcome = OUTCOME_BROKEN },
			BACKOFF_NONE, BACKOFF_NONE },
		{ "421 as the greeting", { .greeting = SAID(421) }, BACKOFF_BUSY, BACKOFF_BUSY },
		{ "421 to EHLO", { .ehlo = SAID(421) }, BACKOFF_BUSY, BACKOFF_BUSY },
		{ "421 to STARTTLS", { .starttls = SAID(421) }, BACKOFF_BUSY, BACKOFF_BUSY },
		{ "554 as the greeting", { .greeting = SAID(554) }, BACKOFF_NONE, BACKOFF_BUSY },
		{ "450 as the greeting", { .greeting = SAID(450) }, BACKOFF_NONE, BACKOFF_BUSY },
		{ "550 to EHLO", { .ehlo = SAID(550) }, BACKOFF_NONE, BACKOFF_BUSY },
		{ "454 to STARTTLS", { .starttls = SAID(454) }, BACKOFF_NONE, BACKOFF_BUSY },
		{ "502 to STARTTLS", { .starttls = SAID(502) }, BACKOFF_NONE, BACKOFF_NONE },
		{ "a close before the greeting",
			{ .steps[STEP_GREETING] = { .outcome = OUTCOME_BROKEN,
				  .status = STREAM_CLOSED } },
			BACKOFF_NONE, BACKOFF_CLOSED },
		{ "silence instead of a greeting",
			{ .steps[STEP_GREETING] = { .outcome = OUTCOME_BROKEN,
				  .status = STREAM_TIMEOUT } },
			BACKOFF_NONE, BACKOFF_NONE },
		{ "a good greeting", { .greeting = SAID(220) }, BACKOFF_NONE, BACKOFF_NONE },
		{ "421 to EHLO inside TLS", { .session_ehlo = SAID(421) }, BACKOFF_BUSY,
			BACKOFF_BUSY },
		{ "454 to EHLO inside TLS", { .session_ehlo = SAID(454) }, BACKOFF_NONE,
			BACKOFF_NONE },
		{ "a close instead of EHLO inside TLS",
			{ .steps[STEP_SESSION_EHLO] = { .outcome = OUTCOME_BROKEN,
				  .status = STREAM_RESET } },
			BACKOFF_NONE, BACKOFF_NONE },
	};
	const struct backoff fresh = { 0 }, known = { .passed = UINT32_MAX };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum backoff_reason before =
			backoff_turned_away(&fresh, &rows[i].conversation).reason;
		enum backoff_reason after =
			backoff_turned_away(&known, &rows[i].conversation).reason;

		if (before != rows[i].before || after != rows[i].after)
			fail_msg("%s: got %d and %d, want %d and %d", rows[i].name, before, after,
				rows[i].before, rows[i].after);
	}
}

/* Postfix closes without a word when a session was one too many. */
static void
a_server_that_turned_others_away_counts_sessions_too(void **state)
{
	const struct conversation session = {
		.steps[STEP_SESSION_EHLO] = { .outcome = OUTCOME_BROKEN, .status = STREAM_CLOSED }
	};
	struct backoff backoff = { .passed = UINT32_MAX };

	(void)state;
	assert_int_equal(backoff_turned_away(&backoff, &session).reason, BACKOFF_NONE);
	assert_true(backoff_pause(&backoff, &busy, 1000, 1000));
	assert_int_equal(backoff_turned_away(&backoff, &session).reason, BACKOFF_CLOSED);
}

/* With TLS first, handshakes are served by a server that has no greeting for anyone. */
static void
a_greeting_that_nobody_got_is_not_waited_for_long(void **state)
{
	const struct turned_away away = { BACKOFF_BUSY, STEP_GREETING };
	struct backoff backoff = { .passed = 1u << STEP_CONNECT | 1u << STEP_HANDSHAKE };

	(void)state;
	assert_true(backoff_pause(&backoff, &away, 1000, 1000));
	assert_true(backoff_pause(&backoff, &away, 2000, 2000));
	assert_false(backoff_pause(&backoff, &away, 3000, 3000));
}

/* What a server says at a step that it has let nobody past is no matter of how many there are. */
static void
what_was_never_had_is_not_waited_for(void **state)
{
	const struct conversation refuses = { .starttls = SAID(454),
		.steps = { [STEP_GREETING] = { .outcome = OUTCOME_DONE },
			[STEP_EHLO] = { .outcome = OUTCOME_DONE } } };
	struct conversation takes = refuses;
	struct backoff backoff = { 0 };

	(void)state;
	backoff_note_progress(&backoff, &refuses);
	assert_int_equal(backoff_turned_away(&backoff, &refuses).reason, BACKOFF_NONE);
	takes.steps[STEP_STARTTLS].outcome = OUTCOME_DONE;
	backoff_note_progress(&backoff, &takes);
	assert_int_equal(backoff_turned_away(&backoff, &refuses).reason, BACKOFF_BUSY);
}

static void
a_server_is_silent_where_the_session_and_another_ran_out_of_time(void **state)
{
	struct conversation early = { .greeting.dialect = dialects,
		.ended = STREAM_TIMEOUT,
		.steps[STEP_CONNECT].outcome = OUTCOME_DONE };
	struct conversation late = early;
	struct backoff backoff = { 0 };
	enum step step;

	(void)state;
	late.steps[STEP_GREETING].outcome = OUTCOME_DONE;
	backoff_note_timeout(&backoff, &early, false, true);
	assert_false(backoff_is_silent(&backoff, &step));
	backoff_note_timeout(&backoff, &late, false, false);
	assert_false(backoff_is_silent(&backoff, &step));
	backoff_note_timeout(&backoff, &early, false, false);
	assert_true(backoff_is_silent(&backoff, &step));
	assert_int_equal(step, STEP_GREETING);
}

static void
what_closes_is_not_silent(void **state)
{
	struct conversation closed = { .greeting.dialect = dialects,
		.ended = STREAM_CLOSED,
		.steps[STEP_CONNECT].outcome = OUTCOME_DONE };
	struct backoff backoff = { 0 };
	enum step step;

	(void)state;
	backoff_note_timeout(&backoff, &closed, false, true);
	backoff_note_timeout(&backoff, &closed, false, false);
	assert_false(backoff_is_silent(&backoff, &step));
}

static void
a_server_is_silent_where_two_ran_out_of_time_and_none_got_past(void **state)
{
	const struct conversation silent = { .greeting.dialect = dialects,
		.ended = STREAM_TIMEOUT,
		.steps[STEP_CONNECT].outcome = OUTCOME_DONE };
	const struct conversation answered = { .steps[STEP_GREETING].outcome = OUTCOME_DONE };
	struct backoff backoff = { 0 };
	enum step step;

	(void)state;
	backoff_note_timeout(&backoff, &silent, false, false);
	assert_false(backoff_is_silent(&backoff, &step));
	backoff_note_timeout(&backoff, &silent, false, false);
	assert_true(backoff_is_silent(&backoff, &step));
	assert_int_equal(step, STEP_GREETING);
	backoff_note_progress(&backoff, &answered);
	assert_false(backoff_is_silent(&backoff, &step));
}

static void
where_one_ran_out_of_time_the_next_waits_for_those_that_are_open(void **state)
{
	const struct conversation silent = { .greeting.dialect = dialects,
		.ended = STREAM_TIMEOUT,
		.steps[STEP_CONNECT].outcome = OUTCOME_DONE };
	const struct conversation answered = { .steps[STEP_GREETING].outcome = OUTCOME_DONE };
	struct backoff backoff = { .open = 1 };

	(void)state;
	assert_false(backoff_awaits_others(&backoff));
	for (int session = 0; session < 2; session++) {
		struct backoff one = backoff;

		backoff_note_timeout(&one, &silent, false, session != 0);
		assert_true(backoff_awaits_others(&one));
		one.open = 0;
		assert_false(backoff_awaits_others(&one));
		one.open = 1;
		backoff_note_progress(&one, &answered);
		assert_false(backoff_awaits_others(&one));
	}
}

/* As many connections as a server gets at first may be on their way beside those of its jobs, unless
 * somebody has said how many it gets, or it has turned one away. */
static void
what_is_on_its_way_has_some_room_of_its_own(void **state)
{
	static const struct {
		unsigned first, widest, use, ahead, served;
		bool narrow, job, more;
	} rows[] = {
		{ 4, 16, 4, 0, 0, false, false, true },
		{ 4, 16, 4, 4, 0, false, false, false },
		{ 4, 16, 3, 4, 0, false, true, true },
		{ 4, 16, 3, 5, 0, false, false, false },
		{ 4, 16, 16, 3, 99, false, false, true },
		{ 4, 16, 16, 4, 99, false, false, false },
		{ 4, 16, 15, 5, 99, false, false, false },
		{ 4, 4, 3, 0, 0, false, true, true },
		{ 4, 4, 3, 1, 0, false, false, false },
		{ 4, 4, 4, 0, 0, false, false, false },
		{ 1, 1, 1, 0, 0, false, false, false },
		{ 4, 16, 1, 0, 99, true, false, false },
		{ 4, 16, 0, 0, 99, true, true, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct backoff_width width = { rows[i].first, rows[i].widest };
		const struct address_limit limit = { .use = rows[i].use + rows[i].ahead };
		const struct backoff backoff = { .use = rows[i].use,
			.ahead = rows[i].ahead,
			.served = rows[i].served,
			.narrow = rows[i].narrow };

		if (backoff_has_room(&backoff, &limit, &width) != rows[i].job ||
			backoff_has_room_ahead(&backoff, &limit, &width) != rows[i].more)
			fail_msg("row %zu", i);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(connections_start_at_once_without_a_pace),
		cmocka_unit_test(a_pace_keeps_all_servers_of_an_address_apart),
		cmocka_unit_test(a_server_that_turns_away_is_asked_one_at_a_time),
		cmocka_unit_test(what_a_connection_got_past_is_known_when_its_observation_goes_on),
		cmocka_unit_test(pauses_double_until_it_is_given_up),
		cmocka_unit_test(a_server_that_never_answered_is_given_up_sooner),
		cmocka_unit_test(connections_from_before_the_pause_are_no_news),
		cmocka_unit_test(an_answer_ends_the_pauses),
		cmocka_unit_test(each_connection_that_is_served_makes_room_for_one_more),
		cmocka_unit_test(an_address_has_room_for_many_servers_and_an_end),
		cmocka_unit_test(a_server_that_says_that_it_is_busy_is_waited_for_longer),
		cmocka_unit_test(what_counts_as_turned_away),
		cmocka_unit_test(a_server_that_turned_others_away_counts_sessions_too),
		cmocka_unit_test(a_greeting_that_nobody_got_is_not_waited_for_long),
		cmocka_unit_test(what_was_never_had_is_not_waited_for),
		cmocka_unit_test(a_server_is_silent_where_the_session_and_another_ran_out_of_time),
		cmocka_unit_test(a_server_is_silent_where_two_ran_out_of_time_and_none_got_past),
		cmocka_unit_test(what_closes_is_not_silent),
		cmocka_unit_test(where_one_ran_out_of_time_the_next_waits_for_those_that_are_open),
		cmocka_unit_test(what_is_on_its_way_has_some_room_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
