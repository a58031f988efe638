/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "turn.h"

#include <time.h>

#include "gate/clock.h"
#include "gate/interrupt.h"

/* How long an interruption may go unseen while a connection waits for its turn. */
#define SLICE_MS 50

void
turn_pause_ms(int64_t ms)
{
	struct timespec span = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

	nanosleep(&span, NULL);
}

void
turn_await(void *context)
{
	struct turn *turn = context;

	while (interrupt_signal() == 0 && clock_left_ms(turn->deadline_ms) > 0) {
		int64_t now_ms = clock_now_ms(), until_ms;

		pthread_mutex_lock(turn->lock);
		until_ms = door_start(turn->door, turn->lane, now_ms, turn->pace_ms);
		pthread_mutex_unlock(turn->lock);
		turn->started_ms = now_ms;
		if (until_ms == 0)
			return;
		turn_pause_ms(clock_earlier(until_ms - now_ms, SLICE_MS));
	}
}

bool
turn_comes_back(struct turn *turn, const struct conversation *conversation, bool known)
{
	bool away = door_turned_away(conversation);
	bool back = false;

	pthread_mutex_lock(turn->lock);
	if (away && (turn->door->answered || !known))
		back = door_back_off(turn->door, turn->started_ms, clock_now_ms());
	else if (!away && conversation->steps[STEP_CONNECT].outcome == OUTCOME_DONE)
		door_note_answer(turn->door);
	pthread_mutex_unlock(turn->lock);
	return back;
}
