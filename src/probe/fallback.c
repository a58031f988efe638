/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Hellos with TLS_FALLBACK_SCSV, which says "this is a second try, at a version lower than I
 * can" (RFC 7507). A server that could do better refuses it.
 */
#include <string.h>

#include "hello_exchange.h"
#include "probe/endpoint.h"
#include "probe/weaknesses.h"
#include "wire/alerts.h"

/* One offer, of which further suites are put as long as they are refused. */
struct fallback_question {
	struct hello_offer offer;
	struct fallback_hello *hello;
	bool hung_up; /* the last try */
};

static enum try_end
try_fallback(struct observation *observation, const struct endpoint *endpoint, void *context)
{
	struct fallback_question *question = context;
	struct fallback_hello *hello = question->hello;
	struct hello_exchange exchange;
	const struct flight *flight = &exchange.flight;
	enum try_end end;

	hello_exchange(observation, endpoint, &question->offer, false, &exchange);
	end = exchange.end;
	question->hung_up = end == TRY_HUNG_UP;
	hello->version = flight->hello.version;
	hello->for_signal =
		hello->for_signal ||
		(flight->alert.seen && flight->alert.description == ALERT_INAPPROPRIATE_FALLBACK);
	hello_exchange_release(&exchange);
	return end;
}

/* How often closes must decide it: no other answer of a run can contradict them. */
#define ROUNDS 2

/* Whether a close is about the signal tells the same hello without it. Where that is not accepted
 * either, the version is not there, and any other hello will do. */
static enum outcome
decide(struct observation *observation, const struct endpoint *endpoint,
	struct fallback_question *question)
{
	struct hello_offer without = question->offer;
	enum outcome outcome = OUTCOME_REFUSED;

	without.flags &= ~(unsigned)HELLO_FALLBACK_SIGNAL;
	question->hung_up = true;
	for (unsigned i = 0; i < ROUNDS && question->hung_up && outcome == OUTCOME_REFUSED; i++)
		outcome = refusal_decide_against(
			observation, endpoint, &without, try_fallback, question);
	if (question->hung_up && outcome == OUTCOME_REFUSED)
		question->hello->for_signal = true;
	if (question->hung_up && outcome == OUTCOME_BROKEN)
		outcome = refusal_decide(observation, endpoint, try_fallback, question);
	return outcome;
}

/* Offers all versions up to that one. Returns whether there is something to ask further down. */
static bool
ask_fallback(struct observation *observation, const struct endpoint *endpoint, uint16_t maximum)
{
	struct fallback_record *record = observation->record;
	struct fallback_question question = { .offer = hello_offer_versions(
						      TLS_VERSION_1_0, maximum),
		.hello = &record->hellos[record->count++] };

	/* Room for the signal among the suites. */
	if (question.offer.suites.count == TLS_CODES_MAX)
		question.offer.suites.count--;
	question.offer.flags |= HELLO_FALLBACK_SIGNAL;
	question.hello->maximum = maximum;
	question.hello->outcome = decide(observation, endpoint, &question);
	/* A server that means the signal means it with whatever suites. */
	if (question.hello->outcome == OUTCOME_REFUSED && !question.hello->for_signal)
		question.hello->outcome = hello_decide_all_suites(
			observation, endpoint, &question.offer, try_fallback, &question);
	return question.hello->outcome == OUTCOME_DONE && question.hello->version > TLS_VERSION_1_0;
}

/* A server that accepts has not shown yet that it overlooks the signal: it may be unable to do
 * better. So what it chose is the next to be undercut. */
static void
observe_fallback(struct observation *observation, const struct endpoint *endpoint)
{
	struct fallback_record *record = observation->record;
	uint16_t maximum = TLS_VERSION_1_2;

	memset(record, 0, sizeof(*record));
	while (ask_fallback(observation, endpoint, maximum) && record->count < FALLBACK_HELLOS_MAX)
		maximum = (uint16_t)(record->hellos[record->count - 1].version - 1);
	if (observation->outcome == OUTCOME_REFUSED)
		observation->outcome = OUTCOME_DONE;
}

/* What is one connection where the signal is understood are two rounds where it is closed on. */
static unsigned
count_rounds(const void *record)
{
	(void)record;
	return ROUNDS;
}

const struct observer fallback_observer = {
	.name = "a fallback",
	.size = sizeof(struct fallback_record),
	.connections = 1,
	.questions = count_rounds,
	.observe = observe_fallback,
};
