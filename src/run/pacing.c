/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Waiting for the start of a connection, and what is learnt from each connection.
 */
#include "pacing.h"

#include <time.h>

#include "base/clock.h"
#include "base/interrupt.h"

/* For the answer to a hello, at a server that left others without one for as long as a reply may take. */
#define SWALLOWED_HELLO_MS 3000

/* How long an interruption may go unseen while a connection waits. */
#define SLICE_MS 50

void
pacing_pause_ms(int64_t ms)
{
	struct timespec span = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

	nanosleep(&span, NULL);
}

/* Called with the lock held. */
static bool
is_over(const struct pacing *pacing, struct error *error)
{
	enum step step;

	if (pacing->is_session)
		return false;
	if (backoff_is_silent(pacing->backoff, &step))
		error_set(error, "not asked any further: %s: the server says nothing",
			step_name(step, pacing->dialect));
	else if (*pacing->hopeless)
		error_set(error, "not asked any further: the session came to nothing");
	else
		return false;
	return true;
}

/* Called with the lock held. */
static void
end_connection(struct pacing *pacing)
{
	pacing->backoff->open -= pacing->open;
	pacing->open = false;
}

/* The connection that has begun already is no longer one beside another. Called with the lock held. */
static bool
end_ahead(struct pacing *pacing)
{
	bool was = pacing->ahead;

	if (was)
		pacing->give_room(pacing->context);
	pacing->ahead = false;
	return was;
}

/* The time until which to wait; 0: the connection starts. */
static int64_t
start_connection(struct pacing *pacing)
{
	int64_t now_ms = clock_now_ms(), until_ms;

	end_connection(pacing);
	if (end_ahead(pacing)) {
		pacing->started_ms = pacing->ahead_ms;
		pacing->open = true;
		return 0;
	}
	if (backoff_awaits_others(pacing->backoff) ||
		(pacing->backoff->passed == 0 && now_ms < pacing->hold_until_ms))
		return now_ms + SLICE_MS;
	until_ms = backoff_start(pacing->backoff, pacing->limit, now_ms, pacing->pace_ms);
	pacing->started_ms = now_ms;
	pacing->open = until_ms == 0;
	pacing->backoff->open += pacing->open;
	return until_ms;
}

static void
note_served(struct pacing *pacing, const struct conversation *conversation)
{
	pthread_mutex_lock(pacing->lock);
	if (backoff_note_served(pacing->backoff, conversation) && pacing->note_room != NULL)
		pacing->note_room(pacing->context);
	pthread_mutex_unlock(pacing->lock);
}

bool
pacing_await(void *context, const struct conversation *before, struct error *error)
{
	struct pacing *pacing = context;

	if (before != NULL)
		note_served(pacing, before);
	while (interrupt_signal() == 0 && clock_left_ms(pacing->deadline_ms) > 0) {
		int64_t until_ms = 0;
		bool over;

		pthread_mutex_lock(pacing->lock);
		over = is_over(pacing, error);
		if (!over)
			until_ms = start_connection(pacing);
		pthread_mutex_unlock(pacing->lock);
		if (over || until_ms == 0)
			return !over;
		pacing_pause_ms(clock_earlier(clock_left_ms(until_ms), SLICE_MS));
	}
	return true;
}

/* Called with the lock held. */
static bool
may_begin(struct pacing *pacing, int64_t now_ms)
{
	struct error ignored;

	if (pacing->ahead || pacing->take_room == NULL || is_over(pacing, &ignored) ||
		backoff_awaits_others(pacing->backoff) || !pacing->take_room(pacing->context))
		return false;
	if (backoff_start(pacing->backoff, pacing->limit, now_ms, pacing->pace_ms) == 0)
		return true;
	pacing->give_room(pacing->context);
	return false;
}

bool
pacing_may_begin(void *context)
{
	struct pacing *pacing = context;
	int64_t now_ms = clock_now_ms();
	bool begins;

	pthread_mutex_lock(pacing->lock);
	begins = may_begin(pacing, now_ms);
	if (begins) {
		pacing->ahead = true;
		pacing->ahead_ms = now_ms;
		pacing->backoff->open++;
	}
	pthread_mutex_unlock(pacing->lock);
	return begins;
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
	end_connection(pacing);
	pacing->backoff->open -= end_ahead(pacing);
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
	end_connection(pacing);
	backoff_note_timeout(pacing->backoff, session, pacing->implicit_tls, true);
	away = backoff_turned_away(pacing->backoff, session);
	if (away.reason == BACKOFF_NONE || pacing->backoff->passed != 0)
		back = comes_back(pacing, session, &away);
	pthread_mutex_unlock(pacing->lock);
	return back;
}

int64_t
pacing_hello_timeout_ms(struct pacing *pacing, int64_t reply_timeout_ms)
{
	bool swallows;

	pthread_mutex_lock(pacing->lock);
	swallows = backoff_swallows_hellos(pacing->backoff);
	pthread_mutex_unlock(pacing->lock);
	return swallows ? clock_earlier(reply_timeout_ms, SWALLOWED_HELLO_MS) : reply_timeout_ms;
}

void
pacing_give_up(struct pacing *pacing)
{
	pthread_mutex_lock(pacing->lock);
	*pacing->hopeless = true;
	pthread_mutex_unlock(pacing->lock);
}
