/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * mail_probes: the observer of what a server makes of a message that is announced inside TLS, and is
 * never sent.
 */
#ifndef GATE_PROBE_MAIL_PROBES_H
#define GATE_PROBE_MAIL_PROBES_H

#include "probe/login.h"
#include "probe/probe_connection.h"

/* MAIL and RCPT, then RSET and QUIT (RFC 5321 section 3.3). OUTCOME_DONE: each command that was sent
 * got an answer of its own. */
struct transaction_record {
	/* The question; borrowed. */
	struct login login; /* before MAIL */
	const char *from;   /* the addresses, without brackets */
	const char *to;     /* NULL: no recipient is named */
	const char
		*control; /* another recipient, where the first is refused for good; NULL: none */
	long size;        /* in bytes, told with MAIL where SIZE is offered (RFC 1870); 0: none */

	/* What was found. */
	struct auth_attempt attempt; /* to log in */
	bool offers_login;           /* inside TLS */
	struct answer mail, rcpt;    /* no status: not sent, or not answered */
	struct answer of_control;    /* to RCPT with that */
};
extern const struct observer transaction_observer;

#endif
