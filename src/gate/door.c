/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "door.h"

/* The first pause after a connection was turned away; each one in a row is twice as long. */
#define FIRST_PAUSE_MS 250

/* Pauses in a row before it is given up: 16 seconds in all. A server that has never served a
 * connection is more likely down than busy. */
#define PAUSES_MAX 6
#define PAUSES_MAX_UNANSWERED 2

#define CODE_CLOSING 421

bool
door_has_room(const struct door *door, const struct lane *lane, unsigned most)
{
	return lane->use < most && (!door->narrow || door->use == 0);
}

/* While the server has not served any since the last pause, only one goes ahead to see. */
int64_t
door_start(struct door *door, struct lane *lane, int64_t now_ms, int64_t pace_ms)
{
	int64_t earliest_ms = lane->next_start_ms > door->next_start_ms ? lane->next_start_ms
									: door->next_start_ms;

	if (now_ms < earliest_ms)
		return earliest_ms;
	lane->next_start_ms = now_ms + pace_ms;
	if (door->pauses != 0 && !door->given_up)
		door->next_start_ms = now_ms + door->pause_ms;
	return 0;
}

void
door_note_answer(struct door *door)
{
	door->answered = true;
	door->given_up = false;
	door->pauses = 0;
}

/* Connections that started before the last pause was over tell nothing new. */
bool
door_back_off(struct door *door, int64_t started_ms, int64_t now_ms)
{
	unsigned most = door->answered ? PAUSES_MAX : PAUSES_MAX_UNANSWERED;

	door->narrow = true;
	if (started_ms < door->paused_until_ms)
		return !door->given_up;
	door->given_up = door->pauses >= most;
	if (door->given_up)
		return false;
	door->pause_ms = door->pauses == 0 ? FIRST_PAUSE_MS : 2 * door->pause_ms;
	door->pauses++;
	door->paused_until_ms = now_ms + door->pause_ms;
	if (door->next_start_ms < door->paused_until_ms)
		door->next_start_ms = door->paused_until_ms;
	return true;
}

bool
door_turned_away(const struct conversation *conversation)
{
	return conversation->steps[STEP_CONNECT].outcome == OUTCOME_REFUSED ||
	       conversation->greeting.code == CODE_CLOSING ||
	       conversation->ehlo.code == CODE_CLOSING ||
	       conversation->starttls.code == CODE_CLOSING;
}
