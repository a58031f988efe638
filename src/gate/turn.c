/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Waiting for a turn, and what is learnt from each connection.
 */
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

/* Called with the lock held. */
static bool
comes_back(struct turn *turn, const struct conversation *conversation, enum door_away away)
{
	if (away != DOOR_OPEN)
		return door_back_off(turn->door, away, turn->started_ms, clock_now_ms());
	door_note_progress(turn->door, conversation);
	return false;
}

/* Where TLS comes first, a control hello that is not served shows that the server is busy. */
bool
turn_comes_back(struct turn *turn, const struct observation *observation)
{
	const struct conversation *conversation = &observation->conversation;
	enum door_away away;
	bool back;

	pthread_mutex_lock(turn->lock);
	door_note_timeout(turn->door, conversation, turn->implicit_tls, false);
	away = door_turned_away(conversation, turn->door->passed);
	if (away == DOOR_OPEN && observation->turned_away &&
		(turn->door->passed & 1u << STEP_HANDSHAKE) != 0)
		away = DOOR_CLOSED;
	back = comes_back(turn, conversation, away);
	pthread_mutex_unlock(turn->lock);
	return back;
}

bool
turn_session_comes_back(struct turn *turn, const struct conversation *session)
{
	enum door_away away;
	bool back = false;

	pthread_mutex_lock(turn->lock);
	door_note_timeout(turn->door, session, turn->implicit_tls, true);
	away = door_turned_away(session, turn->door->passed);
	if (away == DOOR_OPEN || turn->door->passed != 0)
		back = comes_back(turn, session, away);
	pthread_mutex_unlock(turn->lock);
	return back;
}

bool
turn_is_silent(struct turn *turn, enum step *step)
{
	bool silent;

	pthread_mutex_lock(turn->lock);
	silent = door_is_silent(turn->door, step);
	pthread_mutex_unlock(turn->lock);
	return silent;
}
