/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Asks once, and says what came in a line.
 */
#include "probe/dns_probe.h"

#include "base/clock.h"
#include "base/text.h"
#include "probe/endpoint.h"
#include "probe/probe_connection.h"

int64_t
dns_deadline_ms(const struct endpoint *endpoint)
{
	return clock_earlier(endpoint->deadline_ms, clock_now_ms() + endpoint->dns_timeout_ms);
}

static void
keep(struct observation *observation, const struct dns_question *question)
{
	struct arena *arena = &observation->arena;

	*ARENA_ADD(arena, observation->lookups, observation->lookup_count) =
		(struct dns_lookup){ .name = arena_strdup(arena, question->name),
			.type = question->type,
			.answer = *question->answer };
}

void
observation_ask(struct observation *observation, const struct endpoint *endpoint,
	const struct dns_question *question, int64_t deadline_ms)
{
	dns_ask(endpoint->dns, question->name, question->type, deadline_ms, &observation->arena,
		question->answer);
	keep(observation, question);
}

void
observation_ask_all(struct observation *observation, const struct endpoint *endpoint,
	const struct dns_question *questions, size_t count, int64_t deadline_ms)
{
	dns_ask_all(endpoint->dns, questions, count, deadline_ms, &observation->arena);
	for (size_t i = 0; i < count; i++)
		keep(observation, &questions[i]);
}

void
observation_conclude_lookup(struct observation *observation, const char *name, uint16_t type,
	const struct dns_answer *answer)
{
	observation_conclude(observation,
		answer->state == DNS_FAILED ? OUTCOME_BROKEN : OUTCOME_DONE, "%s of %s: %s",
		dns_type_name(type), name,
		answer->reason != NULL ? answer->reason : dns_state_name(answer->state));
}

static bool
asks_same(const void *record, const void *other)
{
	const struct dns_lookup *a = record, *b = other;

	return a->type == b->type && text_same(a->name, b->name);
}

static void
observe(struct observation *observation, const struct endpoint *endpoint)
{
	struct dns_lookup *lookup = observation->record;
	const struct dns_question question = {
		.name = lookup->name, .type = lookup->type, .answer = &lookup->answer
	};

	observation->lookup_count = 0;
	observation_ask(observation, endpoint, &question, dns_deadline_ms(endpoint));
	observation_conclude_lookup(observation, lookup->name, lookup->type, &lookup->answer);
}

const struct observer dns_lookup_observer = {
	.name = "DNS look-up",
	.size = sizeof(struct dns_lookup),
	.asks_same = asks_same,
	.observe = observe,
};
