/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One ClientHello of our own, answered or not.
 */
#include "gate/asking.h"
#include "gate/probe.h"

static void
observe_hello(struct observation *observation, const struct endpoint *endpoint)
{
	struct hello_record *record = observation->record;
	struct asking asked;

	asking_hello(observation, endpoint, &record->offer, false, &asked);
	record->answer = asked.flight.hello;
	record->alert = asked.flight.alert;
	observation->outcome = asked.outcome;
	observation->text =
		asked.outcome == OUTCOME_DONE
			? asking_answer_shown(&record->answer, &observation->conversation.arena)
			: arena_strdup(&observation->conversation.arena, asked.error.text);
	asking_release(&asked);
}

static bool
asks_same_hello(const void *record, const void *other)
{
	const struct hello_record *a = record, *b = other;

	return hello_offer_equal(&a->offer, &b->offer);
}

const struct observer hello_observer = {
	.name = "a hello",
	.size = sizeof(struct hello_record),
	.connections = 1,
	.asks_same = asks_same_hello,
	.observe = observe_hello,
};
