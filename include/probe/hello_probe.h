/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * hello_probe: single hellos, and rows of them.
 */
#ifndef GATE_PROBE_HELLO_PROBE_H
#define GATE_PROBE_HELLO_PROBE_H

#include "evidence/evidence.h"
#include "wire/client_hello.h"
#include "wire/server_hello.h"

/* One offer of our own, and what it met. OUTCOME_DONE: a ServerHello or HelloRetryRequest came.
 * OUTCOME_REFUSED: see refusal.h. */
struct hello_record {
	struct hello_offer offer; /* the question */
	bool every_suite;         /* refused only if all that its versions can negotiate are */

	struct flight_hello answer; /* when OUTCOME_DONE */
};
extern const struct observer hello_observer;

/* The same of one offer: TLS 1.0 to 1.2 with every suite, and what TLS 1.3 has no more. */
extern const struct observer ordinary_observer;

/* Which versions below one a server still takes, down to TLS 1.0: a server answers with the newest
 * of those offered that it has (RFC 5246 appendix E.1), so each answer is undercut by the next
 * hello. What was accepted is among the observation's hellos. OUTCOME_REFUSED: nothing older is
 * taken. OUTCOME_DONE: TLS 1.0 is. */
struct older_versions_record {
	uint16_t below; /* enum tls_version, above TLS 1.0 */
};
extern const struct observer older_versions_observer;

#endif
