/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the tickets of TLS 1.3 say of early data. A server may send them whenever it likes, also
 * behind its greeting or a reply, so they are read until it has nothing more to say.
 */
#include <string.h>

#include "probe/dialog.h"
#include "probe/endpoint.h"
#include "probe/probe_connection.h"
#include "probe/session_probes.h"
#include "wire/tls_names.h"

static void
take_tickets(struct early_data_record *record, const struct tls_facts *tls)
{
	record->version = tls->version;
	record->tickets = tls->tickets.count;
	if (tls->tickets.max_early_data > record->max_size)
		record->max_size = tls->tickets.max_early_data;
}

/* Reads on behind QUIT until the server closes. */
static bool
read_to_the_end(struct dialog *dialog)
{
	bool said = dialog_in_step(dialog);
	enum stream_status status = dialog->status;

	while (said && status == STREAM_OK) {
		buf_reset(&dialog->stream.unread);
		status = stream_fill(&dialog->stream, dialog_hello_deadline(dialog));
	}
	return said;
}

static bool
make_speak(struct dialog *dialog, const char *command)
{
	return dialog_send(dialog, command, command) == STREAM_OK &&
	       stream_fill(&dialog->stream, dialog_hello_deadline(dialog)) == STREAM_OK;
}

/* A server that does not greet may answer all the same, if it is not one for mail. */
static bool
ask_silent(struct dialog *dialog)
{
	const struct step_record *greeting = &dialog->record->steps[STEP_GREETING];

	return dialog->record->steps[STEP_HANDSHAKE].outcome == OUTCOME_DONE &&
	       greeting->outcome == OUTCOME_BROKEN && greeting->status == STREAM_TIMEOUT &&
	       make_speak(dialog, dialog->endpoint->dialect->quit);
}

/* Of a server with nothing but TLS all that is known is that it says something. */
static bool
read_on(struct dialog *dialog)
{
	const struct dialect *dialect = dialog->endpoint->dialect;

	return (dialect->features & DIALECT_DIALOGUE) != 0 ? read_to_the_end(dialog)
							   : make_speak(dialog, dialect->idle);
}

static void
observe_early_data(struct observation *observation, const struct endpoint *endpoint)
{
	struct early_data_record *record = observation->record;
	const struct tls_facts *tls = &observation->conversation.tls;
	struct probe_connection connection;
	bool ended;

	memset(record, 0, sizeof(*record));
	ended = probe_open(&connection, observation, endpoint, STEP_SESSION_EHLO)
			? read_on(&connection.dialog)
			: ask_silent(&connection.dialog);
	if (ended)
		observation_conclude(observation, OUTCOME_DONE,
			"%u tickets, early data of %u bytes", tls->tickets.count,
			tls->tickets.max_early_data);
	else if (connection.dialog.record->steps[STEP_SESSION_EHLO].outcome == OUTCOME_DONE)
		observation_conclude(observation, OUTCOME_BROKEN, "no answer to QUIT");
	take_tickets(record, tls);
	probe_close(&connection, false);
}

const struct observer early_data_observer = {
	.name = "tickets of TLS 1.3",
	.size = sizeof(struct early_data_record),
	.connections = 1,
	.observe = observe_early_data,
};
