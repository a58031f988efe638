/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * probe: what fills an evidence. Each probe fills exactly one record and opens its own
 * connections; two probes of one evidence may run at the same time.
 */
#ifndef GATE_PROBE_H
#define GATE_PROBE_H

#include "gate/evidence.h"
#include "gate/flight.h"
#include "gate/hello.h"

/* The session conversation: its steps up to evidence->last_step, and then the attempts to
 * authenticate, in their order. A server ends the conversation's usefulness for that when it
 * accepts one or closes; the remaining attempts get conversations of their own. */
void probe_session(struct evidence *evidence, const struct endpoint *endpoint);

/* The certificates of a target that is a file, in place of a session conversation. */
void probe_file(struct evidence *evidence, const struct endpoint *endpoint);

/* One offer of our own, and what it met. OUTCOME_DONE: a ServerHello or HelloRetryRequest came.
 * OUTCOME_REFUSED: see refusal.h. */
struct hello_record {
	struct hello_offer offer; /* the question */
	bool every_suite;         /* refused only if all that its versions can negotiate are */

	struct flight_hello answer; /* when OUTCOME_DONE */
};
extern const struct observer hello_observer;

/* Which versions below one a server still takes, down to TLS 1.0: a server answers with the newest
 * of those offered that it has (RFC 5246 appendix E.1), so each answer is undercut by the next
 * hello. What was accepted is among the observation's hellos. OUTCOME_REFUSED: nothing older is
 * taken. OUTCOME_DONE: TLS 1.0 is. */
struct older_versions_record {
	uint16_t below; /* enum tls_version, above TLS 1.0 */
};
extern const struct observer older_versions_observer;

/* Makes the attempts that have not been made yet, in their order, until one is accepted or the
 * server stops answering (RFC 4954 section 4). The dialog stands behind EHLO inside TLS. Returns
 * whether the server is waiting for a command. */
bool authenticate(struct dialog *dialog, struct auth_attempt *attempts, size_t count);

#endif
