/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Asks once, and says what came in a line.
 */
#include "probe/dns_probe.h"

#include "base/clock.h"
#include "base/text.h"
#include "probe/endpoint.h"
#include "probe/probe_connection.h"

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
	const struct dns_answer *answer = &lookup->answer;

	dns_ask(endpoint->dns, lookup->name, lookup->type,
		clock_earlier(endpoint->deadline_ms, clock_now_ms() + endpoint->dns_timeout_ms),
		&observation->arena, &lookup->answer);
	observation_conclude(observation,
		answer->state == DNS_FAILED ? OUTCOME_BROKEN : OUTCOME_DONE, "%s of %s: %s",
		dns_type_name(lookup->type), lookup->name,
		answer->reason != NULL ? answer->reason : dns_state_name(answer->state));
}

const struct observer dns_lookup_observer = {
	.name = "DNS look-up",
	.size = sizeof(struct dns_lookup),
	.asks_same = asks_same,
	.observe = observe,
};
