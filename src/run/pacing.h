/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pacing: the connections of one job, one after the other, each started when the limit of the address
 * and the back-off of the server let it. Both are shared with other threads, behind the lock.
 */
#ifndef GATE_RUN_PACING_H
#define GATE_RUN_PACING_H

#include <pthread.h>

#include "backoff.h"
#include "base/error.h"
#include "evidence/evidence.h"

struct pacing {
	pthread_mutex_t *lock;
	struct address_limit *limit;
	struct backoff *backoff;
	int64_t pace_ms;
	int64_t deadline_ms;
	int64_t started_ms;    /* of the last connection */
	bool open;             /* it has not ended */
	bool ahead;            /* the next one has begun already */
	int64_t ahead_ms;      /* when */
	int64_t hold_until_ms; /* the session may still find the server come up; others wait for it */
	bool implicit_tls;
	const struct dialect *dialect;
	bool is_session; /* which is made in any case */
	bool *hopeless;  /* of the target: nothing can be asked of its server */

	/* Called with the lock held when the server has served a connection: there may be room for one
	 * more job. NULL: nobody minds. */
	void (*note_room)(void *context);
	/* Called with the lock held: takes the room for one more connection, if there is any, and gives
	 * it back. NULL: there never is. */
	bool (*take_room)(void *context);
	void (*give_room)(void *context);
	void *context;
};

/* `before`: the observation's last connection, which speaks for the server if it was served; NULL: none.
 * Waits until a connection may start, the deadline passes or the program is interrupted. False, with
 * the reason, when the server is known to be silent or out of reach. For endpoint.await_start. */
bool pacing_await(void *pacing, const struct conversation *before, struct error *error);

/* Whether the connection behind the one that is open may start now, beside it; then it is that which
 * pacing_await waits for. For endpoint.may_begin. */
bool pacing_may_begin(void *pacing);

/* Takes down how the server met the last connection of an observation. Returns whether it turned
 * that away and is worth coming back to. */
bool pacing_comes_back(struct pacing *pacing, const struct observation *observation);

/* The same for the session conversation, which is worth it only where others were served. */
bool pacing_session_comes_back(struct pacing *pacing, const struct conversation *session);

/* The session conversation came to nothing, and so would all others. */
void pacing_give_up(struct pacing *pacing);

/* How long to wait for what answers a hello: as long as for a reply, or less at a server that leaves
 * hellos without an answer. */
int64_t pacing_hello_timeout_ms(struct pacing *pacing, int64_t reply_timeout_ms);

/* Waits for so long, or until a signal arrives. */
void pacing_pause_ms(int64_t ms);

#endif
