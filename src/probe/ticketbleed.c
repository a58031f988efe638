/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Ticketbleed (CVE-2016-9244). A client that resumes a ticket chooses a session id, which the
 * server sends back (RFC 5077 section 3.4); some send 32 bytes back whatever its length. An id of
 * 31 bytes has them show it with a single byte of their memory.
 */
#include <string.h>

#include "gate/approach.h"
#include "gate/bare.h"
#include "gate/entropy.h"
#include "gate/session_probes.h"

#define SESSION_ID_LEN (FLIGHT_SESSION_ID_MAX - 1)

/* Longer tickets would make the hello longer than anyone expects. */
#define TICKET_MAX 4096

static bool
get_ticket(struct observation *observation, const struct endpoint *endpoint, struct buf *ticket)
{
	const struct tls_wish wish = { .maximum = TLS_VERSION_1_2, .ticket = true };
	struct ticketbleed_record *record = observation->record;
	struct endpoint wishing = *endpoint;
	struct dialog dialog;
	bool arrived;

	wishing.wish = &wish;
	arrived = approach(observation, &wishing, STEP_HANDSHAKE, &dialog);
	if (arrived) {
		const struct tls_facts *tls = &dialog.record->tls;

		record->version = tls->version;
		record->ticket =
			tls->ticket.len != 0 && buf_add(ticket, tls->ticket.data, tls->ticket.len);
		approach_conclude(observation, OUTCOME_DONE, "the server gives no tickets");
	}
	dialog_end(&dialog, false);
	return arrived && record->ticket;
}

static bool
is_leak(const struct flight_hello *answer, const struct hello_offer *offer)
{
	return answer->session_id_len > offer->session_id_len &&
	       memcmp(answer->session_id, offer->session_id, offer->session_id_len) == 0;
}

static void
resume(struct observation *observation, const struct endpoint *endpoint, struct span ticket)
{
	struct hello_offer offer = hello_offer_versions(TLS_VERSION_1_0, TLS_VERSION_1_2);
	struct ticketbleed_record *record = observation->record;
	struct bare bare;

	offer.ticket = ticket;
	offer.session_id_len = SESSION_ID_LEN;
	entropy_fill(offer.session_id, SESSION_ID_LEN);
	if (bare_begin(&bare, observation, endpoint, offer)) {
		record->leaked = is_leak(&bare.hello.flight.hello, &offer);
		bare_conclude(&bare, OUTCOME_DONE, "a session id of %d bytes came back as %zu",
			SESSION_ID_LEN, bare.hello.flight.hello.session_id_len);
	} else
		observation->outcome = OUTCOME_BROKEN;
	bare_end(&bare);
}

static void
observe_ticketbleed(struct observation *observation, const struct endpoint *endpoint)
{
	struct buf ticket;

	memset(observation->record, 0, sizeof(struct ticketbleed_record));
	buf_init(&ticket, TICKET_MAX);
	if (get_ticket(observation, endpoint, &ticket))
		resume(observation, endpoint,
			(struct span){ (const uint8_t *)ticket.data, ticket.len });
	buf_release(&ticket);
}

const struct observer ticketbleed_observer = {
	.name = "a ticket with a short session id",
	.size = sizeof(struct ticketbleed_record),
	.connections = 2,
	.observe = observe_ticketbleed,
};
