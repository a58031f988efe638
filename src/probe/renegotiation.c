/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Renegotiation that the client begins (RFC 5246 section 7.4.1.1), once, in a session in which a
 * command was answered: so what the server does then is about the hello.
 */
#include <string.h>

#include "probe/dialog.h"
#include "probe/endpoint.h"
#include "probe/probe_connection.h"
#include "probe/session_probes.h"
#include "refusal.h"
#include "wire/tls_names.h"

static enum try_end
conclude(struct observation *observation, enum tls_renegotiation answer, enum stream_status status)
{
	switch (answer) {
	case RENEGOTIATION_ACCEPTED:
		observation_conclude(
			observation, OUTCOME_DONE, "the hello was answered with a handshake");
		return TRY_ANSWERED;
	case RENEGOTIATION_REFUSED:
		observation_conclude(observation, OUTCOME_BROKEN, "the hello was refused");
		return TRY_REFUSED;
	case RENEGOTIATION_PASSED_OVER:
		observation_conclude(observation, OUTCOME_BROKEN, "the hello was passed over");
		return TRY_REFUSED;
	case RENEGOTIATION_HUNG_UP:
		observation_conclude(observation, OUTCOME_BROKEN, "%s upon the hello",
			stream_status_text(status));
		return TRY_HUNG_UP;
	case RENEGOTIATION_UNANSWERED:
		break;
	}
	observation_conclude(observation, OUTCOME_BROKEN, "%s upon the hello",
		status == STREAM_OK ? "something that is no TLS" : stream_status_text(status));
	return TRY_NO_ANSWER;
}

static enum try_end
try_renegotiation(struct observation *observation, const struct endpoint *endpoint, void *context)
{
	const struct tls_wish wish = { .maximum = TLS_VERSION_1_2, .renegotiable = true };
	struct renegotiation_record *record = observation->record;
	enum stream_status status = STREAM_OK;
	struct endpoint wishing = *endpoint;
	enum try_end end = TRY_NO_ANSWER;
	struct probe_connection connection;
	struct dialog *dialog = &connection.dialog;

	(void)context;
	wishing.wish = &wish;
	if (probe_open(&connection, observation, &wishing, STEP_SESSION_EHLO)) {
		/* A server that overlooks the hello answers this. */
		const char *idle =
			arena_printf(&observation->arena, "%s\r\n", endpoint->dialect->idle);

		record->version = dialog->record->tls.version;
		end = conclude(observation,
			tls_renegotiate(&dialog->stream,
				(struct span){ (const uint8_t *)idle, strlen(idle) },
				dialog_hello_deadline(dialog), &status),
			status);
		dialog_remark(dialog, "renegotiation: %s", observation->text);
	}
	probe_close(&connection, false);
	return end;
}

static void
observe_renegotiation(struct observation *observation, const struct endpoint *endpoint)
{
	memset(observation->record, 0, sizeof(struct renegotiation_record));
	refusal_decide(observation, endpoint, try_renegotiation, NULL);
}

const struct observer renegotiation_observer = {
	.name = "a renegotiation",
	.size = sizeof(struct renegotiation_record),
	.connections = 1,
	.observe = observe_renegotiation,
};
