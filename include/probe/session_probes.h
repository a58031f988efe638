/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * session_probes: the observers that need a completed handshake of their own.
 *
 * Of every observation here: OUTCOME_DONE, the record holds the answer; OUTCOME_BROKEN, the
 * server did not get that far or did not answer.
 */
#ifndef GATE_PROBE_SESSION_PROBES_H
#define GATE_PROBE_SESSION_PROBES_H

#include "evidence/evidence.h"

/* Whether sessions are gone on with: of the newest version, or (`thorough`) also of TLS 1.2, each
 * tried several times, because a server may have nodes that do not know each other's sessions. */
#define RESUMPTION_VERSIONS 2
#define RESUMPTION_TRIES 3

struct resumption_record {
	bool thorough; /* the question: a single resumption is one too many */
	struct resumption {
		enum outcome outcome; /* DONE: decided. REFUSED: no such version */
		uint16_t version;     /* enum tls_version; 0: not tried */
		bool offered;         /* the server gave a session to go on with */
		unsigned tries;
		unsigned resumed; /* of the tries */
	} versions[RESUMPTION_VERSIONS];
};
extern const struct observer resumption_observer;

/* A ClientHello inside a session up to TLS 1.2 in which EHLO was answered. DONE: the server
 * renegotiates. REFUSED: an alert, or the session goes on without, or is ended (see refusal.h). */
struct renegotiation_record {
	uint16_t version; /* of the session; 0 when there was none */
};
extern const struct observer renegotiation_observer;

/* A ticket that is resumed with a session id of 31 bytes, up to TLS 1.2 (CVE-2016-9244). */
struct ticketbleed_record {
	uint16_t version; /* of the session; 0 when there was none */
	bool ticket;      /* the server gives tickets */
	bool leaked;      /* the session id came back with a byte that was not ours */
};
extern const struct observer ticketbleed_observer;

/* A handshake that offers one protocol (RFC 7301); what the server chose stands in the
 * conversation's tls facts. REFUSED: an alert. */
struct protocol_record {
	const char *protocol; /* the question; borrowed */
};
extern const struct observer protocol_observer;

/* Whether the tickets of TLS 1.3 allow early data (RFC 8446 section 4.2.10): those that came until
 * the server had answered QUIT, or closed upon it. */
struct early_data_record {
	uint16_t version;  /* of the session */
	unsigned tickets;  /* that were seen */
	uint32_t max_size; /* of early data, the largest of all tickets; 0: none allowed */
};
extern const struct observer early_data_observer;

#endif
