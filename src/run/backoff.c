/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Bookkeeping of the connections to a server; no clock, no lock.
 */
#include "backoff.h"

/* The first pause after a connection was turned away; each one in a row is twice as long. */
#define FIRST_PAUSE_MS 250

/* Pauses in a row before it is given up: 16 seconds in all, or a minute, which is what servers count
 * rates by, where it says that it is busy. A server that has never served a connection is more
 * likely down than busy. */
#define PAUSES_MAX 6
#define PAUSES_MAX_BUSY 8
#define PAUSES_MAX_UNANSWERED 2

/* Connections that ran out of time at a step that none got past: enough where the session
 * conversation does not go so far. */
#define TIMEOUTS_SILENT 2

static unsigned
room_of(const struct backoff *backoff, const struct backoff_width *width)
{
	if (backoff->narrow)
		return 1;
	return backoff->served < width->widest - width->first ? width->first + backoff->served
							      : width->widest;
}

bool
backoff_has_room_ahead(const struct backoff *backoff, const struct address_limit *limit,
	const struct backoff_width *width)
{
	unsigned spare = width->widest > width->first && !backoff->narrow ? width->first : 0;

	return limit->use < ADDRESS_JOBS_MAX &&
	       backoff->use + backoff->ahead < room_of(backoff, width) + spare;
}

bool
backoff_has_room(const struct backoff *backoff, const struct address_limit *limit,
	const struct backoff_width *width)
{
	return backoff->use < room_of(backoff, width) &&
	       backoff_has_room_ahead(backoff, limit, width);
}

/* While the server has not served any since the last pause, only one goes ahead to see. */
int64_t
backoff_start(struct backoff *backoff, struct address_limit *limit, int64_t now_ms, int64_t pace_ms)
{
	int64_t earliest_ms = limit->next_start_ms > backoff->next_start_ms
				      ? limit->next_start_ms
				      : backoff->next_start_ms;

	if (now_ms < earliest_ms)
		return earliest_ms;
	limit->next_start_ms = now_ms + pace_ms;
	if (backoff->pauses != 0 && !backoff->given_up)
		backoff->next_start_ms = now_ms + backoff->pause_ms;
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
backoff_note_progress(struct backoff *backoff, const struct conversation *conversation)
{
	uint32_t passed = passed_by(conversation);

	backoff->passed |= passed;
	if (!conversation->answered &&
		(conversation->ended == STREAM_CLOSED || conversation->ended == STREAM_RESET))
		backoff->served = 0;
	else if ((passed & SERVED) != 0)
		backoff->served++;
	if ((passed & SERVED) == 0)
		return;
	backoff->given_up = false;
	backoff->pauses = 0;
}

bool
backoff_note_served(struct backoff *backoff, const struct conversation *conversation)
{
	bool served = !backoff->narrow && conversation->answered;

	if (conversation->answered)
		backoff->passed |= passed_by(conversation);
	backoff->served += served;
	return served;
}

static bool
has_passed(const struct backoff *backoff, enum step step)
{
	return (backoff->passed >> step & 1) != 0;
}

static unsigned
most_pauses(const struct backoff *backoff, const struct turned_away *away)
{
	if ((backoff->passed & SERVED) == 0 ||
		(away->step == STEP_GREETING && !has_passed(backoff, STEP_GREETING)))
		return PAUSES_MAX_UNANSWERED;
	return away->reason == BACKOFF_BUSY ? PAUSES_MAX_BUSY : PAUSES_MAX;
}

/* Connections that started before the last pause was over tell nothing new. */
bool
backoff_pause(
	struct backoff *backoff, const struct turned_away *away, int64_t started_ms, int64_t now_ms)
{
	backoff->narrow = true;
	if (started_ms < backoff->paused_until_ms)
		return !backoff->given_up;
	backoff->given_up = backoff->pauses >= most_pauses(backoff, away);
	if (backoff->given_up)
		return false;
	backoff->pause_ms = backoff->pauses == 0 ? FIRST_PAUSE_MS : 2 * backoff->pause_ms;
	backoff->pauses++;
	backoff->paused_until_ms = now_ms + backoff->pause_ms;
	if (backoff->next_start_ms < backoff->paused_until_ms)
		backoff->next_start_ms = backoff->paused_until_ms;
	return true;
}

static bool
is_gone(const struct step_record *step)
{
	return step->outcome == OUTCOME_BROKEN &&
	       (step->status == STREAM_CLOSED || step->status == STREAM_RESET);
}

static bool
is_negative(const struct reply *reply)
{
	return reply->status == REPLY_TRANSIENT || reply->status == REPLY_NEGATIVE;
}

/* A reply that ends the connection, to whatever step. */
static const struct reply *
reply_to(const struct conversation *conversation, enum step step)
{
	switch (step) {
	case STEP_GREETING:
		return &conversation->greeting;
	case STEP_EHLO:
		return &conversation->ehlo;
	case STEP_STARTTLS:
		return &conversation->starttls;
	case STEP_SESSION_EHLO:
		return &conversation->session_ehlo;
	case STEP_CONNECT:
	case STEP_HANDSHAKE:
	case STEP_AUTH:
		break;
	}
	return NULL;
}

static bool
is_busy(const struct backoff *backoff, const struct conversation *conversation, enum step step)
{
	const struct reply *reply = reply_to(conversation, step);

	if (reply == NULL || reply->meaning == REPLY_LEAVING)
		return reply != NULL;
	if (!has_passed(backoff, step) || step == STEP_SESSION_EHLO)
		return false;
	return step == STEP_STARTTLS ? reply->status == REPLY_TRANSIENT : is_negative(reply);
}

static bool
is_closed(const struct backoff *backoff, const struct conversation *conversation, enum step step)
{
	const struct step_record *ended = &conversation->steps[step];

	if (step == STEP_CONNECT)
		return ended->outcome == OUTCOME_REFUSED;
	if (step == STEP_GREETING)
		return has_passed(backoff, step) && is_gone(ended);
	return step == STEP_SESSION_EHLO && backoff->narrow && is_gone(ended);
}

struct turned_away
backoff_turned_away(const struct backoff *backoff, const struct conversation *conversation)
{
	struct turned_away away = { BACKOFF_NONE, STEP_CONNECT };

	for (unsigned i = 0; i < STEP_COUNT && away.reason == BACKOFF_NONE; i++) {
		away.step = (enum step)i;
		if (is_busy(backoff, conversation, away.step))
			away.reason = BACKOFF_BUSY;
		else if (is_closed(backoff, conversation, away.step))
			away.reason = BACKOFF_CLOSED;
	}
	return away;
}

void
backoff_note_timeout(struct backoff *backoff, const struct conversation *conversation,
	bool implicit_tls, bool session)
{
	size_t count, i = 0;
	const enum step *steps =
		conversation_steps(conversation->greeting.dialect, implicit_tls, &count);

	if (session)
		backoff->session_timed_out = false;
	if (conversation->ended != STREAM_TIMEOUT)
		return;
	while (i < count && conversation->steps[steps[i]].outcome == OUTCOME_DONE)
		i++;
	if (i == count)
		return;
	if (!session)
		backoff->timeouts[steps[i]]++;
	else {
		backoff->session_timed_out = true;
		backoff->session_step = steps[i];
	}
}

bool
backoff_awaits_others(const struct backoff *backoff)
{
	if (backoff->open == 0)
		return false;
	for (unsigned i = 0; i < STEP_COUNT; i++)
		if (backoff->timeouts[i] != 0 && !has_passed(backoff, (enum step)i))
			return true;
	return backoff->session_timed_out && !has_passed(backoff, backoff->session_step);
}

bool
backoff_swallows_hellos(const struct backoff *backoff)
{
	return backoff->timeouts[STEP_HANDSHAKE] != 0;
}

bool
backoff_is_silent(const struct backoff *backoff, enum step *step)
{
	*step = backoff->session_step;
	if (backoff->session_timed_out && backoff->timeouts[backoff->session_step] != 0)
		return true;
	for (unsigned i = 0; i < STEP_COUNT; i++) {
		*step = (enum step)i;
		if (backoff->timeouts[i] >= TIMEOUTS_SILENT && !has_passed(backoff, *step))
			return true;
	}
	return false;
}
