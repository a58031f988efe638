/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Hellos for the certificates, one after the other as long as the next may fare better.
 */
#include "probe/chain_probe.h"

#include <string.h>

#include "base/clock.h"
#include "chain_question.h"
#include "chain_reading.h"
#include "hello_exchange.h"
#include "net/tls13_keys.h"
#include "possession.h"
#include "probe/dialog.h"
#include "probe/endpoint.h"
#include "wire/alerts.h"
#include "wire/flight_tls13.h"
#include "wire/groups.h"
#include "wire/handshake.h"
#include "wire/suites.h"
#include "x509/cert.h"

/* Hellos, of which the next is tried when the server does not like the one before. A hello offers
 * no group without its share, so that no server has to ask for another. */
static const struct chain_attempt attempts[] = {
	{ TLS_VERSION_1_0, TLS_VERSION_1_3, { GROUP_X25519, GROUP_SECP256R1 } },
	{ TLS_VERSION_1_0, TLS_VERSION_1_2, { 0 } },
	{ TLS_VERSION_1_3, TLS_VERSION_1_3, { GROUP_SECP384R1, GROUP_SECP521R1 } },
};

enum try_end
chain_try(struct observation *observation, const struct endpoint *endpoint, void *context)
{
	struct chain_question *question = context;
	enum try_end end = TRY_NO_ANSWER;
	bool again = true;

	for (size_t i = 0; again && i < sizeof(attempts) / sizeof(attempts[0]); i++) {
		struct chain_reading reading = { .observation = observation,
			.record = question->record,
			.without = question->without,
			.alone = question->alone };
		bool retry;

		chain_reading_make(&reading, &attempts[i], endpoint);
		retry = reading.asked.flight.state == FLIGHT_RETRY;
		question->at_once = reading.taken && i == 0;
		end = reading.taken                       ? TRY_ANSWERED
		      : reading.refused                   ? TRY_REFUSED
		      : reading.asked.end == TRY_ANSWERED ? TRY_NO_ANSWER
							  : reading.asked.end;
		again = retry ||
			(!question->is_common && (end == TRY_REFUSED || end == TRY_HUNG_UP));
		chain_reading_release(&reading);
	}
	return end;
}

static void
observe_chain(struct observation *observation, const struct endpoint *endpoint)
{
	struct chain_question question = { .record = observation->record };

	/* That no certificate was to be had proves nothing. */
	observation->outcome = OUTCOME_BROKEN;
	if (chain_try(observation, endpoint, &question) != TRY_ANSWERED)
		return;
	observation->outcome = OUTCOME_DONE;
	observation_note_peer(observation, &question.record->peer, &observation->arena);
}

static bool
asks_same_chain(const void *record, const void *other)
{
	(void)record;
	(void)other;
	return true;
}

const struct observer chain_observer = {
	.name = "a hello for the certificates",
	.size = sizeof(struct chain_record),
	.connections = 1,
	.asks_same = asks_same_chain,
	.observe = observe_chain,
};

bool
chain_is_doubtful(const struct conversation *session)
{
	const struct step_record *handshake = &session->steps[STEP_HANDSHAKE];

	if (session->tls.undigested || (session->peer.chain_count != 0 && !session->peer.proven))
		return true;
	/* The library has not all suites and groups: what it cannot have may be had. */
	return handshake->outcome == OUTCOME_REFUSED ||
	       (handshake->outcome == OUTCOME_BROKEN &&
		       (handshake->status == STREAM_CLOSED || handshake->status == STREAM_RESET));
}

/* An observation that is over when its function ends. */
static void
begin_passing(
	struct observation *observation, struct chain_record *record, const struct dialect *dialect)
{
	*observation = (struct observation){ .observer = &chain_observer, .record = record };
	arena_init(&observation->arena);
	conversation_init(&observation->conversation, dialect);
}

static void
end_passing(struct observation *observation)
{
	conversation_release(&observation->conversation);
	arena_release(&observation->arena);
}

unsigned
chain_read_again(struct conversation *session, const struct endpoint *endpoint)
{
	struct dialog dialog = { .record = session, .endpoint = endpoint };
	struct chain_record record = { .version = 0 };
	struct observation observation;
	unsigned connections;

	begin_passing(&observation, &record, endpoint->dialect);
	observe_chain(&observation, endpoint);
	dialog_remark(&dialog, "over another connection: %s", observation.text);
	if (session->tls.undigested)
		session->peer = (struct peer){ .chain_count = 0 };
	if (observation.outcome == OUTCOME_DONE)
		session->peer = record.peer;
	heard_add(&session->heard, &observation.heard, 0, &session->arena);
	arena_absorb(&session->arena, &observation.arena);
	connections = observation.connections;
	end_passing(&observation);
	return connections;
}
