/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Bookkeeping of the connections to a server; no clock, no lock.
 */
#include "door.h"

/* The first pause after a connection was turned away; each one in a row is twice as long. */
#define FIRST_PAUSE_MS 250

/* Pauses in a row before it is given up: 16 seconds in all, or a minute, which is what servers count
 * rates by, where it says that it is busy. A server that has never served a connection is more
 * likely down than busy. */
#define PAUSES_MAX 6
#define PAUSES_MAX_BUSY 8
#define PAUSES_MAX_UNANSWERED 2

#define CODE_CLOSING 421

/* Connections that ran out of time at a step that none got past: enough where the session
 * conversation does not go so far. */
#define TIMEOUTS_SILENT 2

bool
door_has_room(const struct door *door, const struct lane *lane, unsigned most)
{
	return lane->use < LANE_JOBS_MAX && door->use < most && (!door->narrow || door->use == 0);
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

#define SERVED (1u << STEP_GREETING | 1u << STEP_HANDSHAKE)

static uint32_t
passed_by(const struct conversation *conversation)
{
	uint32_t passed = conversation->answered ? 1u << STEP_HANDSHAKE : 0;

	for (unsigned i = 0; i < STEP_COUNT; i++)
		if (conversation->steps[i].outcome == OUTCOME_DONE)
			passed |= 1u << i;
	return passed;
}

void
door_note_progress(struct door *door, const struct conversation *conversation)
{
	uint32_t passed = passed_by(conversation);

	door->passed |= passed;
	if ((passed & SERVED) == 0)
		return;
	door->given_up = false;
	door->pauses = 0;
}

static unsigned
most_pauses(const struct door *door, enum door_away away)
{
	if ((door->passed & SERVED) == 0)
		return PAUSES_MAX_UNANSWERED;
	return away == DOOR_BUSY ? PAUSES_MAX_BUSY : PAUSES_MAX;
}

/* Connections that started before the last pause was over tell nothing new. */
bool
door_back_off(struct door *door, enum door_away away, int64_t started_ms, int64_t now_ms)
{
	door->narrow = true;
	if (started_ms < door->paused_until_ms)
		return !door->given_up;
	door->given_up = door->pauses >= most_pauses(door, away);
	if (door->given_up)
		return false;
	door->pause_ms = door->pauses == 0 ? FIRST_PAUSE_MS : 2 * door->pause_ms;
	door->pauses++;
	door->paused_until_ms = now_ms + door->pause_ms;
	if (door->next_start_ms < door->paused_until_ms)
		door->next_start_ms = door->paused_until_ms;
	return true;
}

static bool
is_gone(const struct step_record *step)
{
	return step->outcome == OUTCOME_BROKEN &&
	       (step->status == STREAM_CLOSED || step->status == STREAM_RESET);
}

static bool
is_negative(int code)
{
	return code / 100 == 4 || code / 100 == 5;
}

static bool
has_passed(uint32_t passed, enum step step)
{
	return (passed >> step & 1) != 0;
}

enum door_away
door_turned_away(const struct conversation *conversation, uint32_t passed)
{
	const struct step_record *steps = conversation->steps;
	int greeting = conversation->greeting.code, ehlo = conversation->ehlo.code;
	int starttls = conversation->starttls.code;

	if (greeting == CODE_CLOSING || ehlo == CODE_CLOSING || starttls == CODE_CLOSING)
		return DOOR_BUSY;
	if (steps[STEP_CONNECT].outcome == OUTCOME_REFUSED)
		return DOOR_CLOSED;
	if ((has_passed(passed, STEP_GREETING) && is_negative(greeting)) ||
		(has_passed(passed, STEP_EHLO) && is_negative(ehlo)) ||
		(has_passed(passed, STEP_STARTTLS) && starttls / 100 == 4))
		return DOOR_BUSY;
	return has_passed(passed, STEP_GREETING) && is_gone(&steps[STEP_GREETING]) ? DOOR_CLOSED
										   : DOOR_OPEN;
}

void
door_note_timeout(
	struct door *door, const struct conversation *conversation, bool implicit_tls, bool session)
{
	size_t count, i = 0;
	const enum step *steps = conversation_steps(implicit_tls, &count);

	if (conversation->ended != STREAM_TIMEOUT)
		return;
	while (i < count && conversation->steps[steps[i]].outcome == OUTCOME_DONE)
		i++;
	if (i == count)
		return;
	if (!session)
		door->timeouts[steps[i]]++;
	else {
		door->session_timed_out = true;
		door->session_step = steps[i];
	}
}

bool
door_is_silent(const struct door *door, enum step *step)
{
	*step = door->session_step;
	if (door->session_timed_out && door->timeouts[door->session_step] != 0)
		return true;
	for (unsigned i = 0; i < STEP_COUNT; i++) {
		*step = (enum step)i;
		if (door->timeouts[i] >= TIMEOUTS_SILENT && !has_passed(door->passed, *step))
			return true;
	}
	return false;
}
