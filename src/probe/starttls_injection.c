/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Commands pipelined behind STARTTLS: sent in plaintext, by whoever is on the way, and run inside
 * TLS by a server that keeps its input buffer across the change (CVE-2011-0411). NOOP goes in, and
 * then the first reply inside TLS must be that to QUIT.
 */
#include <string.h>

#include "gate/starttls_probes.h"

#define QUIT_CODE 221

/* Whether the server went away: without an answer, and not because time ran out. */
static bool
is_gone(const char *text)
{
	return strstr(text, stream_status_text(STREAM_CLOSED)) != NULL ||
	       strstr(text, stream_status_text(STREAM_RESET)) != NULL;
}

/* STARTTLS and NOOP in one segment. Bytes that are answered in plaintext are thrown away: they
 * are not inside TLS. */
static bool
inject(struct observation *observation, struct dialog *dialog)
{
	struct answer answer;

	if (!approach_say(observation, dialog, "STARTTLS\r\nNOOP", &answer))
		return false;
	if (answer.code / 100 != 2) {
		approach_conclude(observation,
			answer.code / 100 == 5 ? OUTCOME_REFUSED : OUTCOME_BROKEN,
			"STARTTLS with a command behind it: %s", answer.text);
		return false;
	}
	stream_fill_arrived(&dialog->stream);
	buf_reset(&dialog->stream.unread);
	return true;
}

static bool
start_tls(struct observation *observation, struct dialog *dialog)
{
	enum outcome outcome = dialog_take(dialog, STEP_HANDSHAKE);
	const char *text = observation->conversation.steps[STEP_HANDSHAKE].text;

	if (outcome == OUTCOME_DONE)
		return true;
	approach_conclude(observation, outcome, "the handshake after the injection: %s", text);
	return false;
}

/* One try; whether the server hung up. */
static bool
try_once(struct observation *observation, const struct endpoint *endpoint)
{
	struct injection_record *record = observation->record;
	struct dialog dialog;
	bool begun = approach(observation, endpoint, STEP_EHLO, &dialog);

	memset(record, 0, sizeof(*record));
	if (begun && inject(observation, &dialog) && start_tls(observation, &dialog) &&
		approach_say(observation, &dialog, "QUIT", &record->first)) {
		record->answered = record->first.code != QUIT_CODE;
		approach_conclude(observation, OUTCOME_DONE, "the first reply inside TLS: %s",
			record->first.text);
	}
	dialog_end(&dialog, false);
	return begun && observation->outcome == OUTCOME_BROKEN && is_gone(observation->text);
}

static void
observe_injection(struct observation *observation, const struct endpoint *endpoint)
{
	if (!try_once(observation, endpoint) || !try_once(observation, endpoint))
		return;
	observation->outcome = OUTCOME_REFUSED;
}

const struct observer injection_observer = {
	.name = "a command behind STARTTLS",
	.size = sizeof(struct injection_record),
	.connections = 1,
	.observe = observe_injection,
};
