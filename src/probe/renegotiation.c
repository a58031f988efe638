/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Renegotiation that the client begins (RFC 5246 section 7.4.1.1), once.
 */
#include <string.h>

#include "gate/approach.h"
#include "gate/clock.h"
#include "gate/session_probes.h"
#include "gate/tls_names.h"

static bool
hung_up(enum stream_status status)
{
	return status == STREAM_CLOSED || status == STREAM_RESET;
}

/* A server that overlooks the hello answers this. */
static const char noop[] = "NOOP\r\n";

/* One try; whether the server hung up on the hello. */
static bool
try_once(struct observation *observation, const struct endpoint *endpoint)
{
	/* A server with TLS from the first byte greets before it listens. */
	enum step last = endpoint->implicit_tls ? STEP_GREETING : STEP_HANDSHAKE;
	const struct tls_wish wish = { .maximum = TLS_VERSION_1_2, .renegotiable = true };
	struct renegotiation_record *record = observation->record;
	enum stream_status status = STREAM_OK;
	struct endpoint wishing = *endpoint;
	struct dialog dialog;

	wishing.wish = &wish;
	if (approach(observation, &wishing, last, &dialog)) {
		int64_t deadline_ms = clock_earlier(
			endpoint->deadline_ms, clock_now_ms() + endpoint->reply_timeout_ms);

		record->version = dialog.record->tls.version;
		observation->outcome = tls_renegotiate(&dialog.stream,
			(struct span){ (const uint8_t *)noop, sizeof(noop) - 1 }, deadline_ms,
			&status);
		observation->text = observation->outcome == OUTCOME_DONE
					    ? "the hello was answered with a handshake"
				    : observation->outcome == OUTCOME_REFUSED
					    ? "the hello was answered with an alert, or passed over"
					    : stream_status_text(status);
		dialog_remark(&dialog, "renegotiation: %s", observation->text);
	}
	dialog_end(&dialog, false);
	return observation->outcome == OUTCOME_BROKEN && hung_up(status);
}

static void
observe_renegotiation(struct observation *observation, const struct endpoint *endpoint)
{
	memset(observation->record, 0, sizeof(struct renegotiation_record));
	if (try_once(observation, endpoint) && try_once(observation, endpoint))
		observation->outcome = OUTCOME_REFUSED;
}

const struct observer renegotiation_observer = {
	.name = "a renegotiation",
	.size = sizeof(struct renegotiation_record),
	.connections = 1,
	.observe = observe_renegotiation,
};
