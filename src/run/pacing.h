/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pacing: the connections of one job, one after the other, each started when the
 * limit of the address and the back-off of the server let it. Both are shared with other threads, behind the lock.
 */
#ifndef GATE_RUN_PACING_H
#define GATE_RUN_PACING_H

#include <pthread.h>

#include "backoff.h"
#include "evidence/evidence.h"

struct pacing {
	pthread_mutex_t *lock;
	struct address_limit *limit;
	struct backoff *backoff;
	int64_t pace_ms;
	int64_t deadline_ms;
	int64_t started_ms; /* of the last connection */
	bool implicit_tls;
};

/* Waits until a connection may start, the deadline passes or the program is interrupted. For
 * endpoint.await_start. */
void pacing_await(void *pacing);

/* Takes down how the server met the last connection of an observation. Returns whether it turned
 * that away and is worth coming back to. */
bool pacing_comes_back(struct pacing *pacing, const struct observation *observation);

/* The same for the session conversation, which is worth it only where others were served. */
bool pacing_session_comes_back(struct pacing *pacing, const struct conversation *session);

/* Whether the server is known to be silent at that step, so that nothing more is to be asked. */
bool pacing_is_silent(struct pacing *pacing, enum step *step);

/* Waits for so long, or until a signal arrives. */
void pacing_pause_ms(int64_t ms);

#endif
