/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Ticketbleed (CVE-2016-9244). A client that resumes a ticket chooses a session id, which the
 * server sends back (RFC 5077 section 3.4); some send 32 bytes back whatever its length. An id of
 * 31 bytes has them show it with a single byte of their memory.
 */
#include <string.h>

#include "base/entropy.h"
#include "probe/endpoint.h"
#include "probe/session_probes.h"
#include "raw_records.h"

#define SESSION_ID_LEN (FLIGHT_SESSION_ID_MAX - 1)

/* How often the ticket may not be taken. */
#define TRIES 3

/* Longer tickets would make the hello longer than anyone expects. */
#define TICKET_MAX 4096

static bool
get_ticket(struct observation *observation, const struct endpoint *endpoint, struct buf *ticket,
	uint16_t *suite)
{
	const struct tls_wish wish = { .maximum = TLS_VERSION_1_2, .ticket = true };
	struct ticketbleed_record *record = observation->record;
	const struct tls_facts *tls = &observation->conversation.tls;
	struct endpoint wishing = *endpoint;
	struct probe_connection connection;
	bool arrived;

	wishing.wish = &wish;
	arrived = probe_open(&connection, observation, &wishing, STEP_HANDSHAKE);
	if (arrived) {
		record->version = tls->version;
		*suite = tls->suite;
		record->ticket =
			tls->ticket.len != 0 && buf_add(ticket, tls->ticket.data, tls->ticket.len);
		observation_conclude(observation, OUTCOME_DONE, "the server gives no tickets");
	}
	probe_close(&connection, false);
	return arrived && record->ticket;
}

static bool
is_leak(const struct flight_hello *answer, const struct hello_offer *offer)
{
	return answer->session_id_len > offer->session_id_len &&
	       memcmp(answer->session_id, offer->session_id, offer->session_id_len) == 0;
}

/* Only a server that goes on with the ticket sends the id back; else the question was not put. */
static bool
is_echo(const struct flight_hello *answer, const struct hello_offer *offer)
{
	return answer->session_id_len == offer->session_id_len &&
	       memcmp(answer->session_id, offer->session_id, offer->session_id_len) == 0;
}

/* A session goes on with its own suite (RFC 5246 section 7.4.1.2): some servers choose the suite
 * before they look at the ticket. */
static void
prefer_suite(struct hello_offer *offer, uint16_t suite)
{
	struct tls_codes all = offer->suites;

	offer->suites.count = 0;
	tls_codes_add(&offer->suites, suite);
	for (size_t i = 0; i < all.count; i++)
		if (all.codes[i] != suite)
			tls_codes_add(&offer->suites, all.codes[i]);
}

/* Offers the ticket; whether the server went on with it. */
static bool
resume(struct observation *observation, const struct endpoint *endpoint, struct span ticket,
	uint16_t suite)
{
	struct hello_offer offer = hello_offer_versions(TLS_VERSION_1_0, TLS_VERSION_1_2);
	struct ticketbleed_record *record = observation->record;
	struct raw_records raw;
	bool resumed = false;

	prefer_suite(&offer, suite);
	offer.ticket = ticket;
	offer.session_id_len = SESSION_ID_LEN;
	entropy_fill(offer.session_id, SESSION_ID_LEN);
	if (raw_begin_suites(&raw, observation, endpoint, &offer) == OUTCOME_DONE) {
		const struct flight_hello *answer = &raw.hello.flight.hello;

		record->leaked = is_leak(answer, &offer);
		resumed = record->leaked || is_echo(answer, &offer);
		raw_conclude(&raw, resumed ? OUTCOME_DONE : OUTCOME_BROKEN,
			"a session id of %d bytes came back as %zu%s", SESSION_ID_LEN,
			answer->session_id_len,
			resumed ? "" : ", because the ticket was not taken");
	} else
		observation->outcome = OUTCOME_BROKEN;
	raw_end(&raw);
	return resumed;
}

/* Behind one name there may be servers that do not take each other's tickets. */
static void
observe_ticketbleed(struct observation *observation, const struct endpoint *endpoint)
{
	bool resumed = false;

	memset(observation->record, 0, sizeof(struct ticketbleed_record));
	for (unsigned i = 0; i < TRIES && !resumed; i++) {
		struct buf ticket;
		uint16_t suite = 0;

		buf_init(&ticket, TICKET_MAX);
		if (!get_ticket(observation, endpoint, &ticket, &suite))
			i = TRIES;
		else
			resumed = resume(observation, endpoint, buf_span(&ticket), suite);
		buf_release(&ticket);
	}
}

const struct observer ticketbleed_observer = {
	.name = "a ticket with a short session id",
	.size = sizeof(struct ticketbleed_record),
	.connections = 2,
	.observe = observe_ticketbleed,
};
