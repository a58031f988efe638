/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the tickets of TLS 1.3 say of early data. They come behind the handshake and before the
 * first reply, to which QUIT moves a server that waits for a command.
 */
#include <string.h>

#include "gate/approach.h"
#include "gate/clock.h"
#include "gate/session_probes.h"
#include "gate/tls_names.h"

static void
read_tickets(struct observation *observation, struct dialog *dialog)
{
	static const char quit[] = "QUIT\r\n";
	struct early_data_record *record = observation->record;
	const struct endpoint *endpoint = dialog->endpoint;
	int64_t deadline_ms =
		clock_earlier(endpoint->deadline_ms, clock_now_ms() + endpoint->reply_timeout_ms);
	enum stream_status status =
		stream_write(&dialog->stream, quit, sizeof(quit) - 1, deadline_ms);
	struct tls_tickets tickets = { .count = 0 };

	if (status == STREAM_OK)
		status = tls_read_tickets(&dialog->stream, deadline_ms, &tickets);
	record->tickets = tickets.count;
	record->max_size = tickets.max_early_data;
	if (status == STREAM_OK)
		approach_conclude(observation, OUTCOME_DONE, "%u tickets, early data of %u bytes",
			tickets.count, tickets.max_early_data);
	else
		approach_conclude(observation, OUTCOME_BROKEN, "%s before the first reply",
			stream_status_text(status));
}

static void
observe_early_data(struct observation *observation, const struct endpoint *endpoint)
{
	const struct tls_wish wish = { .ticket = true };
	struct early_data_record *record = observation->record;
	struct endpoint wishing = *endpoint;
	struct dialog dialog;

	memset(record, 0, sizeof(*record));
	wishing.wish = &wish;
	if (approach(observation, &wishing, STEP_HANDSHAKE, &dialog)) {
		record->version = dialog.record->tls.version;
		if (record->version >= TLS_VERSION_1_3)
			read_tickets(observation, &dialog);
		else
			approach_conclude(observation, OUTCOME_DONE, "no TLS 1.3");
	}
	dialog_end(&dialog, false);
}

const struct observer early_data_observer = {
	.name = "tickets of TLS 1.3",
	.size = sizeof(struct early_data_record),
	.connections = 1,
	.observe = observe_early_data,
};
