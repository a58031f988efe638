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

bool
backoff_has_room(const struct backoff *backoff, const struct address_limit *limit, unsigned most)
{
	return limit->use < ADDRESS_JOBS_MAX && backoff->use < most &&
	       (!backoff->narrow || backoff->use == 0);
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
	if ((passed & SERVED) == 0)
		return;
	backoff->given_up = false;
	backoff->pauses = 0;
}

static unsigned
most_pauses(const struct backoff *backoff, enum backoff_reason away)
{
	if ((backoff->passed & SERVED) == 0)
		return PAUSES_MAX_UNANSWERED;
	return away == BACKOFF_BUSY ? PAUSES_MAX_BUSY : PAUSES_MAX;
}

/* Connections that started before the last pause was over tell nothing new. */
bool
backoff_pause(struct backoff *backoff, enum backoff_reason away, int64_t started_ms, int64_t now_ms)
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

static bool
has_passed(uint32_t passed, enum step step)
{
	return (passed >> step & 1) != 0;
}

enum backoff_reason
backoff_reason_of(const struct conversation *conversation, uint32_t passed)
{
	const struct step_record *steps = conversation->steps;
	const struct reply *greeting = &conversation->greeting, *ehlo = &conversation->ehlo;
	const struct reply *starttls = &conversation->starttls;

	if (greeting->meaning == REPLY_LEAVING || ehlo->meaning == REPLY_LEAVING ||
		starttls->meaning == REPLY_LEAVING)
		return BACKOFF_BUSY;
	if (steps[STEP_CONNECT].outcome == OUTCOME_REFUSED)
		return BACKOFF_CLOSED;
	if ((has_passed(passed, STEP_GREETING) && is_negative(greeting)) ||
		(has_passed(passed, STEP_EHLO) && is_negative(ehlo)) ||
		(has_passed(passed, STEP_STARTTLS) && starttls->status == REPLY_TRANSIENT))
		return BACKOFF_BUSY;
	return has_passed(passed, STEP_GREETING) && is_gone(&steps[STEP_GREETING]) ? BACKOFF_CLOSED
										   : BACKOFF_NONE;
}

void
backoff_note_timeout(struct backoff *backoff, const struct conversation *conversation,
	bool implicit_tls, bool session)
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
		backoff->timeouts[steps[i]]++;
	else {
		backoff->session_timed_out = true;
		backoff->session_step = steps[i];
	}
}

bool
backoff_is_silent(const struct backoff *backoff, enum step *step)
{
	*step = backoff->session_step;
	if (backoff->session_timed_out && backoff->timeouts[backoff->session_step] != 0)
		return true;
	for (unsigned i = 0; i < STEP_COUNT; i++) {
		*step = (enum step)i;
		if (backoff->timeouts[i] >= TIMEOUTS_SILENT && !has_passed(backoff->passed, *step))
			return true;
	}
	return false;
}
