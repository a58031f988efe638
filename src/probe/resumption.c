/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whether a server goes on with an earlier session, from a ticket or from its cache.
 */
#include <string.h>

#include "probe/dialog.h"
#include "probe/endpoint.h"
#include "probe/probe_connection.h"
#include "probe/session_probes.h"
#include "wire/alerts.h"
#include "wire/flight.h"
#include "wire/tls_names.h"

/* The newest versions that sessions are asked of; 0 is the newest that there is. */
static const uint16_t maxima[RESUMPTION_VERSIONS] = { 0, TLS_VERSION_1_2 };

/* A session of one connection, to be freed; NULL when there is none. Something is read inside TLS
 * first, because tickets of TLS 1.3 come with it. */
static struct tls_session *
make_session(struct observation *observation, const struct endpoint *endpoint,
	struct resumption *resumption, uint16_t maximum)
{
	const struct tls_wish wish = { .ticket = true, .maximum = maximum };
	const struct conversation *seen = &observation->conversation;
	struct endpoint wishing = *endpoint;
	struct tls_session *session = NULL;
	struct probe_connection connection;
	bool arrived;

	wishing.wish = &wish;
	arrived = probe_open(&connection, observation, &wishing, STEP_SESSION_EHLO);
	resumption->version = seen->tls.version;
	if (arrived)
		session = tls_session_take(&connection.dialog.stream);
	else if (maximum != 0 && seen->steps[STEP_HANDSHAKE].outcome == OUTCOME_REFUSED &&
		 seen->tls.alert >= 0 &&
		 alert_of((uint8_t)seen->tls.alert)->meaning == ALERT_REFUSES)
		resumption->outcome = OUTCOME_REFUSED;
	else
		resumption->outcome = OUTCOME_BROKEN;
	probe_close(&connection, arrived);
	return session;
}

/* Whether the server began a new session, whatever became of it: the library loses track of some
 * handshakes that were to go on with a ticket. */
static bool
is_declined(const struct conversation *conversation)
{
	const struct tls_facts *tls = &conversation->tls;
	size_t stray = tls->plaintext.len;
	struct flight flight;
	bool declined;

	if (!tls->undigested || tls->first_bytes.len <= stray)
		return false;
	flight_init(&flight, true);
	flight_feed(&flight, tls->first_bytes.data + stray, tls->first_bytes.len - stray);
	declined = flight_begins_certificate(&flight);
	flight_release(&flight);
	return declined;
}

static bool
try_session(struct observation *observation, const struct endpoint *endpoint,
	struct resumption *resumption, const struct tls_wish *wish)
{
	struct endpoint wishing = *endpoint;
	struct probe_connection connection;
	bool arrived, declined;

	wishing.wish = wish;
	arrived = probe_open(&connection, observation, &wishing, STEP_HANDSHAKE);
	declined = !arrived && is_declined(&observation->conversation);
	if (arrived || declined)
		resumption->tries++;
	if (arrived)
		resumption->resumed += observation->conversation.tls.resumed;
	probe_close(&connection, false);
	return arrived || declined;
}

/* Tries the session until it is resumed, or often enough; `thorough`: as one resumption decides
 * there, it goes on until then too. */
static void
try_version(struct observation *observation, const struct endpoint *endpoint, size_t index)
{
	struct resumption_record *record = observation->record;
	struct resumption *resumption = &record->versions[index];
	struct tls_wish wish = { .ticket = true, .maximum = maxima[index] };
	struct tls_session *session =
		make_session(observation, endpoint, resumption, maxima[index]);

	resumption->offered = session != NULL;
	wish.resume = session;
	while (session != NULL && resumption->resumed == 0 && resumption->tries < RESUMPTION_TRIES)
		if (!try_session(observation, endpoint, resumption, &wish)) {
			resumption->outcome = OUTCOME_BROKEN;
			break;
		}
	if (resumption->outcome == OUTCOME_NOT_REACHED)
		resumption->outcome = OUTCOME_DONE;
	tls_session_free(session);
}

static bool
is_settled(const struct resumption_record *record, size_t index)
{
	const struct resumption *last = &record->versions[index];

	if (last->outcome == OUTCOME_BROKEN || last->resumed != 0)
		return true;
	return last->version <= TLS_VERSION_1_2 || !record->thorough;
}

static const char *
resumption_shown(const struct resumption *resumption, struct arena *arena)
{
	const char *version = name_of(tls_version_names, resumption->version);

	version = version != NULL ? version : "?";
	if (resumption->outcome == OUTCOME_REFUSED)
		return "TLS 1.2 is refused";
	if (!resumption->offered)
		return arena_printf(arena, "no session of TLS %s to resume", version);
	return arena_printf(arena, "a session of TLS %s was resumed in %u of %u tries", version,
		resumption->resumed, resumption->tries);
}

static void
observe_resumption(struct observation *observation, const struct endpoint *endpoint)
{
	struct resumption_record *record = observation->record;
	const char *text = NULL;

	memset(record->versions, 0, sizeof(record->versions));
	for (size_t i = 0; i < RESUMPTION_VERSIONS; i++) {
		try_version(observation, endpoint, i);
		if (record->versions[i].outcome == OUTCOME_BROKEN) {
			observation->outcome = OUTCOME_BROKEN;
			return;
		}
		text = arena_printf(&observation->arena, "%s%s%s", text != NULL ? text : "",
			text != NULL ? ", " : "",
			resumption_shown(&record->versions[i], &observation->arena));
		if (is_settled(record, i))
			break;
	}
	observation_conclude(observation, OUTCOME_DONE, "%s", text);
}

static bool
asks_same_resumption(const void *record, const void *other)
{
	const struct resumption_record *a = record, *b = other;

	return a->thorough == b->thorough;
}

const struct observer resumption_observer = {
	.name = "a session and its resumption",
	.size = sizeof(struct resumption_record),
	.connections = 2,
	.asks_same = asks_same_resumption,
	.observe = observe_resumption,
};
