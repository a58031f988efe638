/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a server remembers across STARTTLS. A transaction that was begun in plaintext must be
 * forgotten: RCPT then gets the same answer as without any transaction. No DATA is ever sent.
 */
#include <string.h>

#include "gate/starttls_probes.h"

#define MAIL "MAIL FROM:<>"

/* A domain that exists nowhere (RFC 2606 section 2). */
#define RCPT "RCPT TO:<nobody@gate.invalid>"

static bool
begin_transaction(struct observation *observation, struct dialog *dialog)
{
	struct state_record *record = observation->record;

	if (!approach_say(observation, dialog, MAIL, &record->mail))
		return false;
	if (record->mail.code / 100 == 2)
		return true;
	approach_conclude(observation,
		record->mail.code / 100 == 5 ? OUTCOME_REFUSED : OUTCOME_BROKEN,
		"MAIL before TLS: %s", record->mail.text);
	return false;
}

static bool
start_tls(struct observation *observation, struct dialog *dialog)
{
	static const enum step steps[] = { STEP_STARTTLS, STEP_HANDSHAKE };

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		enum outcome outcome = dialog_take(dialog, steps[i]);
		const struct conversation *record = dialog->record;

		if (outcome == OUTCOME_DONE)
			continue;
		/* Only a permanent no to STARTTLS itself says that a transaction is in its way. */
		approach_conclude(observation,
			outcome == OUTCOME_REFUSED && record->starttls.code / 100 == 5
				? OUTCOME_REFUSED
				: OUTCOME_BROKEN,
			"%s within a transaction: %s", step_name(steps[i]),
			record->steps[steps[i]].text);
		return false;
	}
	return true;
}

static bool
ask_recipients(struct observation *observation, struct dialog *dialog)
{
	struct state_record *record = observation->record;
	struct answer reset;

	if (!approach_say(observation, dialog, RCPT, &record->at_once))
		return false;
	if (dialog_take(dialog, STEP_SESSION_EHLO) != OUTCOME_DONE) {
		approach_conclude(observation, OUTCOME_BROKEN, "EHLO after a transaction: %s",
			dialog->record->steps[STEP_SESSION_EHLO].text);
		return false;
	}
	return approach_say(observation, dialog, RCPT, &record->after_ehlo) &&
	       approach_say(observation, dialog, "RSET", &reset) &&
	       approach_say(observation, dialog, RCPT, &record->after_rset);
}

static void
observe_state(struct observation *observation, const struct endpoint *endpoint)
{
	struct state_record *record = observation->record;
	bool at_command = false;
	struct dialog dialog;

	memset(record, 0, sizeof(*record));
	if (approach(observation, endpoint, STEP_EHLO, &dialog) &&
		begin_transaction(observation, &dialog) && start_tls(observation, &dialog) &&
		ask_recipients(observation, &dialog)) {
		at_command = true;
		approach_conclude(
			observation, OUTCOME_DONE, "RCPT inside TLS: %s", record->at_once.text);
	}
	dialog_end(&dialog, at_command);
}

const struct observer state_observer = {
	.name = "a transaction across STARTTLS",
	.size = sizeof(struct state_record),
	.connections = 1,
	.observe = observe_state,
};
