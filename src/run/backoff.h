/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * backoff: when the next connection to a server may start. There is one limit for all connections to
 * an address (how many, and how far apart), and a back-off for each port behind it, which may turn
 * connections away for a while. Pure bookkeeping: whoever shares them between threads locks them. Times are
 * milliseconds of the monotonic clock.
 */
#ifndef GATE_RUN_BACKOFF_H
#define GATE_RUN_BACKOFF_H

#include <stdbool.h>
#include <stdint.h>

#include "evidence/conversation.h"

/* Zeroed, it is unused. */
struct address_limit {
	unsigned use; /* jobs under way */
	int64_t next_start_ms;
};

/* Zeroed, nobody has knocked yet. */
struct backoff {
	unsigned use;          /* jobs under way */
	unsigned ahead;        /* connections begun before they are needed, beside those of jobs */
	unsigned open;         /* connections */
	unsigned served;       /* connections in a row, since one was not */
	uint32_t passed;       /* steps (1 << enum step) that a connection got past */
	bool narrow;           /* it has turned one away: one at a time from now on */
	bool given_up;         /* the pauses in a row were enough; others still try once */
	unsigned pauses;       /* in a row, with no connection served between them */
	int64_t pause_ms;      /* the last one's length */
	int64_t next_start_ms; /* no connection starts before */
	int64_t paused_until_ms; /* end of the last pause */

	/* Where connections ran out of time. */
	bool session_timed_out;
	enum step session_step;        /* of the session conversation */
	unsigned timeouts[STEP_COUNT]; /* of the others */
};

/* Most jobs under way at an address: many servers may be at one address, and those that hang must leave
 * room for the others. */
#define ADDRESS_JOBS_MAX 64

/* Jobs at a time to a server. Where there may be more than at first, as many connections as that may
 * be on their way beside them: the server has hardly taken them when those before them end. */
struct backoff_width {
	unsigned first;  /* before anything is known of it */
	unsigned widest; /* one more for each connection that it serves, up to so many */
};

/* Whether one more job may begin. */
bool backoff_has_room(const struct backoff *backoff, const struct address_limit *limit,
	const struct backoff_width *width);

/* Whether one more connection may be begun before it is needed. */
bool backoff_has_room_ahead(const struct backoff *backoff, const struct address_limit *limit,
	const struct backoff_width *width);

/* Starts a connection if one may start now. Returns 0, or the time until which to wait before
 * asking again. */
int64_t backoff_start(
	struct backoff *backoff, struct address_limit *limit, int64_t now_ms, int64_t pace_ms);

/* Whether the next connection had better wait for those that are open: one ran out of time at a step
 * that none has got past, and they may tell whether the server is silent. */
bool backoff_awaits_others(const struct backoff *backoff);

/* Takes down how far the server let a connection come; past the handshake, when a hello was
 * answered. One that hung up on a connection is as wide as it was at first. */
void backoff_note_progress(struct backoff *backoff, const struct conversation *conversation);

/* The same of a connection behind which its observation goes on: that it was served, and how far it came then,
 * tells something of the server, its end may belong to what was asked. Returns whether it was. */
bool backoff_note_served(struct backoff *backoff, const struct conversation *conversation);

/* How a server turned a connection away. */
enum backoff_reason {
	BACKOFF_NONE,   /* it did not */
	BACKOFF_CLOSED, /* refused, or closed before it said anything */
	BACKOFF_BUSY,   /* it said so: 421 (RFC 5321 section 3.8), or a limit of its own */
};

struct turned_away {
	enum backoff_reason reason;
	enum step step;
};

/* Whether the server turned the connection away. Where it has let others past, it means their rate
 * or number when it closes before the greeting, or answers with a code that it did not give before:
 * 4yz, or 5yz to the connect or EHLO. One that has turned others away, and says nothing once a
 * session has TLS, counts sessions. */
struct turned_away backoff_turned_away(
	const struct backoff *backoff, const struct conversation *conversation);

/* The server turned away a connection that started at that time. Returns whether to come back
 * after a pause; false when it has been tried often enough. */
bool backoff_pause(struct backoff *backoff, const struct turned_away *away, int64_t started_ms,
	int64_t now_ms);

/* Takes down at which step a connection ran out of time, if it did. */
void backoff_note_timeout(struct backoff *backoff, const struct conversation *conversation,
	bool implicit_tls, bool session);

/* Whether the server left a hello without an answer, whatever it said to others. */
bool backoff_swallows_hellos(const struct backoff *backoff);

/* Whether the server is known to be silent, and where: the session conversation and another
 * connection ran out of time at the same step, or two others at one that none got past. */
bool backoff_is_silent(const struct backoff *backoff, enum step *step);

#endif
