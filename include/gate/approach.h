/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * approach: the dialogue part of an observation that says something of its own to the server.
 */
#ifndef GATE_APPROACH_H
#define GATE_APPROACH_H

#include "gate/evidence.h"

/* A reply as a record keeps it. */
struct answer {
	int code;         /* 0: none came */
	const char *text; /* its last line, printable; or what happened instead */
};

/* Opens one more connection of the observation, in its conversation, and takes the steps up to
 * and with `last`. False when one broke: then the observation is OUTCOME_BROKEN and its text says
 * why. End the dialog in either case. */
bool approach(struct observation *observation, const struct endpoint *endpoint, enum step last,
	struct dialog *dialog);

/* Sends one command and keeps the reply; the texts belong to the conversation. False when no
 * reply came, or 421, with which a server goes away (RFC 5321 section 3.8): then the observation
 * is OUTCOME_BROKEN and its text says why. */
bool approach_say(struct observation *observation, struct dialog *dialog, const char *command,
	struct answer *answer);

/* Ends the observation with that outcome and text. */
void approach_conclude(struct observation *observation, enum outcome outcome, const char *format,
	...) __attribute__((format(printf, 3, 4)));

#endif
