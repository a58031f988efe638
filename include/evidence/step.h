/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * step: the steps of a conversation with a mail server.
 */
#ifndef GATE_EVIDENCE_STEP_H
#define GATE_EVIDENCE_STEP_H

/* Over STARTTLS the steps come in this order; with implicit TLS the handshake comes right after
 * the connect, and STEP_EHLO and STEP_STARTTLS do not exist. */
enum step {
	STEP_CONNECT,
	STEP_GREETING,
	STEP_EHLO,
	STEP_STARTTLS,
	STEP_HANDSHAKE,
	STEP_SESSION_EHLO,
	STEP_AUTH,
};
#define STEP_COUNT 7

struct dialect;

/* "the connection", "EHLO inside TLS", ...: for messages, in the words of the protocol. */
const char *step_name(enum step step, const struct dialect *dialect);

#endif
