/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Asks for CAA records at a name and, as long as there are none, at the one above it.
 */
#include <string.h>

#include "base/text.h"
#include "probe/dns_probe.h"

static bool
climbs_same(const void *record, const void *other)
{
	const struct caa_climb *a = record, *b = other;

	return text_same(a->name, b->name);
}

/* "" at the end. */
static const char *
parent_of(const char *name)
{
	const char *dot = strchr(name, '.');

	return dot != NULL ? dot + 1 : "";
}

static void
climb(struct observation *observation, const struct endpoint *endpoint)
{
	struct caa_climb *record = observation->record;
	const struct dns_answer *answer = &record->answer;
	int64_t deadline_ms = dns_deadline_ms(endpoint);

	observation->lookup_count = 0;
	for (const char *name = record->name; name[0] != '\0'; name = parent_of(name)) {
		const struct dns_question question = {
			.name = name, .type = DNS_CAA, .answer = &record->answer
		};

		record->at = name;
		observation_ask(observation, endpoint, &question, deadline_ms);
		if (!dns_answer_is_empty(answer))
			break;
	}
	observation_conclude_lookup(observation, record->at, DNS_CAA, answer);
}

const struct observer caa_observer = {
	.name = "search for CAA records",
	.size = sizeof(struct caa_climb),
	.asks_same = climbs_same,
	.observe = climb,
};
