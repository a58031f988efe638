/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The one place where a close is weighed.
 */
#include "refusal.h"

#include "base/clock.h"
#include "hello_exchange.h"
#include "probe/endpoint.h"
#include "probe/probe_connection.h"
#include "wire/alerts.h"

/* Closes that make a refusal. */
#define CLOSES 3

/* A close that comes later is no answer: servers close on clients that say nothing, too. */
#define LATE_CLOSE_MS 2000

enum try_end
try_end_of_alert(uint8_t description, bool misread)
{
	switch (alert_of(description)->meaning) {
	case ALERT_REFUSES:
		return TRY_REFUSED;
	case ALERT_MISREAD:
		return misread ? TRY_REFUSED : TRY_NO_ANSWER;
	case ALERT_GIVES_UP:
		return TRY_HUNG_UP;
	case ALERT_OTHER:
		break;
	}
	return TRY_NO_ANSWER;
}

enum stream_status
refusal_end(enum stream_status status, int64_t since_ms)
{
	bool ended = status == STREAM_CLOSED || status == STREAM_RESET;

	return ended && clock_now_ms() - since_ms > LATE_CLOSE_MS ? STREAM_TIMEOUT : status;
}

enum try_end
try_end_of_stream(enum stream_status status)
{
	return status == STREAM_CLOSED || status == STREAM_RESET ? TRY_HUNG_UP : TRY_NO_ANSWER;
}

/* Makes the control hello. False when it was not accepted: then the closes were about something
 * else than the question. */
static bool
control_is_accepted(struct observation *observation, const struct endpoint *endpoint,
	const struct hello_offer *control)
{
	struct hello_exchange exchange = { .end = TRY_NO_ANSWER };
	struct hello_offer offer = *control;
	bool accepted;

	hello_exchange(observation, endpoint, &offer, false, &exchange);
	accepted = exchange.end == TRY_ANSWERED;
	observation->turned_away = exchange.end == TRY_HUNG_UP;
	if (!accepted)
		observation_conclude(observation, OUTCOME_BROKEN,
			"the server hung up, and on a control hello: %s", exchange.error.text);
	hello_exchange_release(&exchange);
	return accepted;
}

static enum outcome
outcome_of(enum try_end end)
{
	switch (end) {
	case TRY_ANSWERED:
		return OUTCOME_DONE;
	case TRY_REFUSED:
		return OUTCOME_REFUSED;
	case TRY_HUNG_UP:
	case TRY_NO_ANSWER:
		break;
	}
	return OUTCOME_BROKEN;
}

/* What comes behind the first close is known, but for the last answer: so the next connection is begun
 * while one is spoken over, which halves the time. Nothing is said on it before its turn. */
static enum outcome
repeat(struct observation *observation, const struct endpoint *endpoint,
	const struct hello_offer *control, refusal_try *ask, void *question)
{
	enum try_end end = TRY_HUNG_UP;

	for (unsigned closes = 1; end == TRY_HUNG_UP; closes++) {
		const char *text = observation->text;

		observation->goes_on = closes != CLOSES;
		/* Behind the first close once more: nodes that take turns would else keep in step with
		 * the tries, one of them closing on each and another taking each control. */
		if (!control_is_accepted(observation, endpoint, control) ||
			(closes == 1 && !control_is_accepted(observation, endpoint, control)))
			return OUTCOME_BROKEN;
		if (closes == CLOSES) {
			observation_conclude(observation, OUTCOME_REFUSED,
				"%s, three times, with accepted hellos between", text);
			return OUTCOME_REFUSED;
		}
		end = ask(observation, endpoint, question);
	}
	if (end != TRY_ANSWERED)
		observation->outcome = outcome_of(end);
	return outcome_of(end);
}

enum outcome
refusal_decide_against(struct observation *observation, const struct endpoint *endpoint,
	const struct hello_offer *control, refusal_try *ask, void *question)
{
	enum try_end end = ask(observation, endpoint, question);
	enum outcome outcome = outcome_of(end);

	if (end == TRY_HUNG_UP)
		outcome = repeat(observation, endpoint, control, ask, question);
	else if (end != TRY_ANSWERED)
		observation->outcome = outcome;
	observation->goes_on = false;
	return outcome;
}

/* Every server of today accepts the control. */
enum outcome
refusal_decide(struct observation *observation, const struct endpoint *endpoint, refusal_try *ask,
	void *question)
{
	struct hello_offer control = hello_offer_control();

	return refusal_decide_against(observation, endpoint, &control, ask, question);
}
