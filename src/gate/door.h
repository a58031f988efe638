/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * door: when the next connection to a server may start. A lane is all connections to one address:
 * how many, and how far apart. A door is one port behind it, which may turn connections away for
 * a while. Pure bookkeeping: whoever shares them between threads locks them. Times are
 * milliseconds of the monotonic clock.
 */
#ifndef GATE_DOOR_H
#define GATE_DOOR_H

#include <stdbool.h>
#include <stdint.h>

#include "gate/conversation.h"

/* Zeroed, it is unused. */
struct lane {
	unsigned use; /* jobs under way */
	int64_t next_start_ms;
};

/* Zeroed, nobody has knocked yet. */
struct door {
	unsigned use;
	bool answered;           /* the server has served a connection */
	bool narrow;             /* it has turned one away: one at a time from now on */
	bool given_up;           /* the pauses in a row were enough; others still try once */
	unsigned pauses;         /* in a row, with no connection served between them */
	int64_t pause_ms;        /* the last one's length */
	int64_t next_start_ms;   /* no connection starts before */
	int64_t paused_until_ms; /* end of the last pause */
};

/* Whether one more job may begin when so many are allowed at a time in the lane. */
bool door_has_room(const struct door *door, const struct lane *lane, unsigned most);

/* Starts a connection if one may start now. Returns 0, or the time until which to wait before
 * asking again. */
int64_t door_start(struct door *door, struct lane *lane, int64_t now_ms, int64_t pace_ms);

/* The server served a connection. */
void door_note_answer(struct door *door);

/* The server turned away a connection that started at that time. Returns whether to come back
 * after a pause; false when it has been tried often enough. */
bool door_back_off(struct door *door, int64_t started_ms, int64_t now_ms);

/* Whether the server turned the connection away: refused the connect, or answered 421 (RFC 5321
 * section 3.8). */
bool door_turned_away(const struct conversation *conversation);

#endif
