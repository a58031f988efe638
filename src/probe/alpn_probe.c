/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A handshake that offers one application protocol.
 */
#include <string.h>

#include "probe/endpoint.h"
#include "probe/probe_connection.h"
#include "probe/session_probes.h"

static void
observe_protocol(struct observation *observation, const struct endpoint *endpoint)
{
	const struct protocol_record *record = observation->record;
	const struct tls_wish wish = { .protocol = record->protocol };
	const struct conversation *seen = &observation->conversation;
	struct endpoint wishing = *endpoint;
	struct probe_connection connection;

	wishing.wish = &wish;
	if (probe_open(&connection, observation, &wishing, STEP_HANDSHAKE))
		observation_conclude(observation, OUTCOME_DONE, "%s",
			seen->tls.protocol != NULL ? seen->tls.protocol : "no protocol chosen");
	else if (seen->steps[STEP_HANDSHAKE].outcome == OUTCOME_REFUSED && seen->tls.alert >= 0)
		observation->outcome = OUTCOME_REFUSED;
	probe_close(&connection, false);
}

static bool
asks_same_protocol(const void *record, const void *other)
{
	const struct protocol_record *a = record, *b = other;

	return strcmp(a->protocol, b->protocol) == 0;
}

const struct observer protocol_observer = {
	.name = "an application protocol",
	.size = sizeof(struct protocol_record),
	.connections = 1,
	.asks_same = asks_same_protocol,
	.observe = observe_protocol,
};
