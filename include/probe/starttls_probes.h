/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * starttls_probes: the observers of what a server makes of commands that come before TLS. None of
 * them sends mail or a password: a transaction is begun with the empty sender and given up.
 */
#ifndef GATE_PROBE_STARTTLS_PROBES_H
#define GATE_PROBE_STARTTLS_PROBES_H

#include "probe/probe_connection.h"

/* A command in one segment with STARTTLS, and QUIT inside TLS (RFC 3207 section 6,
 * CVE-2011-0411). OUTCOME_DONE: QUIT was answered. OUTCOME_REFUSED: STARTTLS got a permanent
 * refusal, the handshake an alert that refuses, or the server hung up (see refusal.h). */
struct injection_record {
	bool answered;       /* something else was answered inside TLS before QUIT */
	struct answer first; /* the first reply inside TLS that is no greeting, when OUTCOME_DONE */
};
extern const struct observer injection_observer;

/* A transaction that is begun before STARTTLS, and recipients inside TLS (RFC 3207 section 4.2);
 * on another connection what RCPT gets inside TLS without a transaction and with one.
 * OUTCOME_DONE: all was answered. OUTCOME_REFUSED: the server takes no MAIL before TLS for want of
 * TLS or of a login, or no STARTTLS within a transaction; the text tells which. */
struct state_record {
	struct answer mail;       /* to MAIL, before TLS */
	struct answer at_once;    /* to RCPT, as the first command inside TLS */
	struct answer after_ehlo; /* to RCPT, after EHLO */
	struct answer without;    /* to RCPT inside TLS where no transaction was begun */
	struct answer with; /* to RCPT behind MAIL inside TLS; none came: MAIL was not taken */
};
extern const struct observer state_observer;

/* Says MAIL with the empty sender, and where that is refused for another reason, with one of the
 * host's own. As probe_say; `answer` is the last. */
bool starttls_say_mail(struct probe_connection *connection, struct answer *answer);

/* Most mechanisms that AUTH is tried with. */
#define REQUIRED_AUTH_MAX 16

/* MAIL and AUTH before TLS, and RSET, which a server that requires TLS refuses as it does every
 * command but a few (RFC 3207 section 4). In protocols without MAIL, what begins a login
 * before TLS, and until one is taken up the same inside TLS. OUTCOME_DONE: all were answered. */
struct required_record {
	struct answer mail;
	struct answer rset;
	struct answer
		inside; /* to that, or the last of it, inside TLS; none: the others tell enough, or none came */
	struct {
		char mechanism[32];   /* without MAIL: the whole command */
		struct answer answer; /* to AUTH without anything behind the mechanism */
	} auth[REQUIRED_AUTH_MAX];
	size_t auth_count;
	size_t barred_count; /* the last of those: barred by a capability, and not begun inside TLS */
};
extern const struct observer required_observer;

#endif
