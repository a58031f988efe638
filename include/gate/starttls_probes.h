/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * starttls_probes: the observers of what a server makes of commands that come before TLS. None of
 * them sends mail or a password: a transaction is begun with the empty sender and given up.
 */
#ifndef GATE_STARTTLS_PROBES_H
#define GATE_STARTTLS_PROBES_H

#include "gate/approach.h"

/* A command in one segment with STARTTLS, and QUIT inside TLS (RFC 3207 section 6,
 * CVE-2011-0411). OUTCOME_DONE: QUIT was answered. OUTCOME_REFUSED: STARTTLS got a permanent
 * refusal, the handshake an alert, or the server hung up, which it did twice. */
struct injection_record {
	bool answered;       /* QUIT was not the first command that was answered inside TLS */
	struct answer first; /* the first reply inside TLS, when OUTCOME_DONE */
};
extern const struct observer injection_observer;

/* A transaction that is begun before STARTTLS, and recipients inside TLS (RFC 3207 section 4.2).
 * OUTCOME_DONE: all was answered. OUTCOME_REFUSED: the server takes no MAIL before TLS, or no
 * STARTTLS within a transaction; `mail` and the text tell which. */
struct state_record {
	struct answer mail;       /* to MAIL, before TLS */
	struct answer at_once;    /* to RCPT, as the first command inside TLS */
	struct answer after_ehlo; /* to RCPT, after EHLO */
	struct answer after_rset; /* to RCPT, when there is no transaction in any case */
};
extern const struct observer state_observer;

/* MAIL and AUTH before TLS. OUTCOME_DONE: both were answered. */
struct required_record {
	struct answer mail;
	struct answer auth; /* to AUTH PLAIN without anything behind it */
};
extern const struct observer required_observer;

#endif
