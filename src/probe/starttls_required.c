/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * MAIL and AUTH before TLS. What the server takes up is given up again at once.
 */
#include <string.h>

#include "gate/starttls_probes.h"

#define CONTINUE_CODE 334

static bool
try_mail(struct observation *observation, struct dialog *dialog, struct answer *mail)
{
	struct answer reset;

	if (!approach_say(observation, dialog, "MAIL FROM:<>", mail))
		return false;
	return mail->code / 100 != 2 || approach_say(observation, dialog, "RSET", &reset);
}

/* A client cancels with "*" (RFC 4954 section 4). */
static bool
try_auth(struct observation *observation, struct dialog *dialog, struct answer *auth)
{
	struct answer cancelled;

	if (!approach_say(observation, dialog, "AUTH PLAIN", auth))
		return false;
	return auth->code != CONTINUE_CODE || approach_say(observation, dialog, "*", &cancelled);
}

static void
observe_required(struct observation *observation, const struct endpoint *endpoint)
{
	struct required_record *record = observation->record;
	bool at_command = false;
	struct dialog dialog;

	memset(record, 0, sizeof(*record));
	if (approach(observation, endpoint, STEP_EHLO, &dialog) &&
		try_mail(observation, &dialog, &record->mail) &&
		try_auth(observation, &dialog, &record->auth)) {
		at_command = true;
		approach_conclude(observation, OUTCOME_DONE, "MAIL: %s; AUTH: %s",
			record->mail.text, record->auth.text);
	}
	dialog_end(&dialog, at_command);
}

const struct observer required_observer = {
	.name = "commands before STARTTLS",
	.size = sizeof(struct required_record),
	.connections = 1,
	.observe = observe_required,
};
