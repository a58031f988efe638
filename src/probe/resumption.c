/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whether a server goes on with an earlier session, from a ticket or from its cache.
 */
#include <string.h>

#include "gate/approach.h"
#include "gate/session_probes.h"

/* A session of one connection, to be freed; NULL, and the observation concluded, when there is
 * none. Something is read inside TLS first, because tickets of TLS 1.3 come with it. */
static struct tls_session *
make_session(struct observation *observation, const struct endpoint *endpoint)
{
	const struct tls_wish wish = { .ticket = true };
	struct resumption_record *record = observation->record;
	struct endpoint wishing = *endpoint;
	struct tls_session *session = NULL;
	struct dialog dialog;
	bool arrived;

	wishing.wish = &wish;
	arrived = approach(observation, &wishing, STEP_SESSION_EHLO, &dialog);
	if (arrived) {
		record->version = dialog.record->tls.version;
		session = tls_session_take(&dialog.stream);
		if (session == NULL)
			approach_conclude(observation, OUTCOME_BROKEN, "no session to resume");
	}
	dialog_end(&dialog, arrived);
	return session;
}

static void
observe_resumption(struct observation *observation, const struct endpoint *endpoint)
{
	struct resumption_record *record = observation->record;
	struct endpoint wishing = *endpoint;
	struct tls_wish wish = { .ticket = true };
	struct tls_session *session;
	struct dialog dialog;

	memset(record, 0, sizeof(*record));
	session = make_session(observation, endpoint);
	if (session == NULL)
		return;
	wish.resume = session;
	wishing.wish = &wish;
	if (approach(observation, &wishing, STEP_HANDSHAKE, &dialog)) {
		record->resumed = dialog.record->tls.resumed;
		approach_conclude(observation, OUTCOME_DONE, "%s",
			record->resumed ? "the session was resumed"
					: "a handshake in full, although a session was offered");
	}
	dialog_end(&dialog, false);
	tls_session_free(session);
}

const struct observer resumption_observer = {
	.name = "a session and its resumption",
	.size = sizeof(struct resumption_record),
	.connections = 2,
	.observe = observe_resumption,
};
