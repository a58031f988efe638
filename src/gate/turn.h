/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * turn: the connections of one job, one after the other, each started when its lane and door let
 * it. The lane and the door are shared with other threads, behind the lock.
 */
#ifndef GATE_TURN_H
#define GATE_TURN_H

#include <pthread.h>

#include "door.h"
#include "gate/evidence.h"

struct turn {
	pthread_mutex_t *lock;
	struct lane *lane;
	struct door *door;
	int64_t pace_ms;
	int64_t deadline_ms;
	int64_t started_ms; /* of the last connection */
	bool implicit_tls;
};

/* Waits until a connection may start, the deadline passes or the program is interrupted. For
 * endpoint.await_turn. */
void turn_await(void *turn);

/* Takes down how the server met the last connection of an observation. Returns whether it turned
 * that away and is worth coming back to. */
bool turn_comes_back(struct turn *turn, const struct observation *observation);

/* The same for the session conversation, which is worth it only where others were served. */
bool turn_session_comes_back(struct turn *turn, const struct conversation *session);

/* Whether the server is known to be silent at that step, so that nothing more is to be asked. */
bool turn_is_silent(struct turn *turn, enum step *step);

/* Waits for so long, or until a signal arrives. */
void turn_pause_ms(int64_t ms);

#endif
