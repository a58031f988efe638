/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * peer: the certificates of a server, and the judgement of them for one host. Pure: whoever has
 * a chain can have it judged, wherever the chain came from.
 */
#ifndef GATE_EVIDENCE_PEER_H
#define GATE_EVIDENCE_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "x509/path.h"

/* What a chain is judged against. Nothing in it is owned. */
struct peer_terms {
	const char *host; /* normalised, see hostname.h */
	const struct trust_store *trust;
	struct signature_memo *memo; /* of the run; may be NULL */
	int64_t at;                  /* date */
};

/* Zeroed: nothing was seen, and nobody is trusted. */
struct peer {
	const struct span *chain; /* DER, the leaf first */
	size_t chain_count;
	/* The server showed that it holds the leaf's key, or there is no server. */
	bool proven;
	bool judged;              /* the next two were filled */
	struct path_verdict path; /* of the chain (RFC 5280) */
	bool names_host;          /* the leaf names the host (RFC 9525) */
};

/* Judges the chain, which must outlive the peer, as must the arena and the trust store. Without
 * a certificate, nothing is judged. It is not proven yet: that is for whoever has the chain to
 * tell. */
void peer_judge(struct peer *peer, const struct span *chain, size_t count,
	const struct peer_terms *terms, struct arena *arena);

/* Whether both are the same certificates in the same order. */
bool peer_is_same(const struct peer *peer, const struct peer *other);

/* The cause (enum cause) under which a problem of the chain is reported. */
uint32_t path_problem_cause(enum path_problem_kind kind);

/* Why the certificate is not trusted for the host: a set of enum cause, none of them when it is.
 * Without a judgement, CAUSE_PATH. */
uint32_t peer_distrust(const struct peer *peer);

/* "RSA certificate, serial 0f31": to tell the peers of one server apart. The peer has a chain. */
const char *peer_name(const struct peer *peer, struct arena *arena);

#endif
