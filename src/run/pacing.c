/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Waiting for the start of a connection, and what is learnt from each connection.
 */
#include "pacing.h"

#include <time.h>

#include "base/clock.h"
#include "base/interrupt.h"

/* How long an interruption may go unseen while a connection waits. */
#define SLICE_MS 50

void
pacing_pause_ms(int64_t ms)
{
	struct timespec span = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

	nanosleep(&span, NULL);
}

void
pacing_await(void *context)
{
	struct pacing *pacing = context;

	while (interrupt_signal() == 0 && clock_left_ms(pacing->deadline_ms) > 0) {
		int64_t now_ms = clock_now_ms(), until_ms;

		pthread_mutex_lock(pacing->lock);
		until_ms = backoff_start(pacing->backoff, pacing->limit, now_ms, pacing->pace_ms);
		pthread_mutex_unlock(pacing->lock);
		pacing->started_ms = now_ms;
		if (until_ms == 0)
			return;
		pacing_pause_ms(clock_earlier(until_ms - now_ms, SLICE_MS));
	}
}

/* Called with the lock held. */
static bool
comes_back(struct pacing *pacing, const struct conversation *conversation,
	const struct turned_away *away)
{
	if (away->reason != BACKOFF_NONE)
		return backoff_pause(pacing->backoff, away, pacing->started_ms, clock_now_ms());
	backoff_note_progress(pacing->backoff, conversation);
	return false;
}

/* Where TLS comes first, a control hello that is not served shows that the server is busy. */
bool
pacing_comes_back(struct pacing *pacing, const struct observation *observation)
{
	const struct conversation *conversation = &observation->conversation;
	struct turned_away away;
	bool back;

	pthread_mutex_lock(pacing->lock);
	backoff_note_timeout(pacing->backoff, conversation, pacing->implicit_tls, false);
	away = backoff_turned_away(pacing->backoff, conversation);
	if (away.reason == BACKOFF_NONE && observation->turned_away &&
		(pacing->backoff->passed & 1u << STEP_HANDSHAKE) != 0)
		away = (struct turned_away){ BACKOFF_CLOSED, STEP_HANDSHAKE };
	back = comes_back(pacing, conversation, &away);
	pthread_mutex_unlock(pacing->lock);
	return back;
}

bool
pacing_session_comes_back(struct pacing *pacing, const struct conversation *session)
{
	struct turned_away away;
	bool back = false;

	pthread_mutex_lock(pacing->lock);
	backoff_note_timeout(pacing->backoff, session, pacing->implicit_tls, true);
	away = backoff_turned_away(pacing->backoff, session);
	if (away.reason == BACKOFF_NONE || pacing->backoff->passed != 0)
		back = comes_back(pacing, session, &away);
	pthread_mutex_unlock(pacing->lock);
	return back;
}

bool
pacing_is_silent(struct pacing *pacing, enum step *step)
{
	bool silent;

	pthread_mutex_lock(pacing->lock);
	silent = backoff_is_silent(pacing->backoff, step);
	pthread_mutex_unlock(pacing->lock);
	return silent;
}
