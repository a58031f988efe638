/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * path: whether what a peer sent leads to a trust anchor (RFC 5280 section 6), for a TLS server
 * certificate. Certificates may have been sent in any order, with others among them; paths are
 * tried until one is without fault. Otherwise everything that is wrong with the best of them is
 * told at once. Host names are not looked at (see `hostname`), nor is revocation.
 *
 * Pure: no clock, no file, no network. Any number of threads may judge over one trust store, if
 * the program has initialised wolfSSL before it starts them.
 */
#ifndef GATE_X509_PATH_H
#define GATE_X509_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "x509/cert.h"
#include "x509/signature_memo.h"
#include "x509/trust.h"

/* Certificates in a path, leaf and anchor included. */
#define PATH_CERTS_MAX 16

/* Signatures that one judgement may look at. */
#define PATH_SIGNATURES_MAX 64

enum path_problem_kind {
	PATH_MALFORMED, /* cannot be read, or only in part */
	PATH_VERSION,   /* not version 3 */
	PATH_UNKNOWN_CRITICAL,
	PATH_LEAF_EXPIRED,
	PATH_LEAF_NOT_YET_VALID,
	PATH_CA_EXPIRED, /* an intermediate or the anchor */
	PATH_CA_NOT_YET_VALID,
	PATH_WEAK_KEY, /* too short, or of a kind that is not accepted */
	PATH_EXPLICIT_CURVE,
	PATH_WEAK_SIGNATURE, /* an algorithm that is not accepted */
	PATH_BAD_SIGNATURE,
	PATH_ISSUER_MISSING,   /* neither sent nor an anchor: the chain is incomplete */
	PATH_SELF_SIGNED_LEAF, /* the leaf signed itself and is no anchor */
	PATH_UNTRUSTED_ROOT,   /* the chain ends in a root that is no anchor */
	PATH_NOT_A_CA,         /* basicConstraints */
	PATH_LENGTH,           /* pathLenConstraint */
	PATH_KEY_USAGE,
	PATH_EXTENDED_KEY_USAGE,
	PATH_NAME_CONSTRAINTS,
	PATH_POLICY,
	PATH_PROFILE, /* serial number, empty names, criticality where the RFC says MUST */
	PATH_BUDGET,  /* the search was given up */
	PATH_LIMIT,   /* a key that we cannot compute with: nothing is said of the chain */
};

struct path_problem {
	enum path_problem_kind kind;
	int position;     /* in the chain as sent, 0 is the leaf; -1 is the anchor */
	const char *text; /* one line, "where: RFC clause: fact", printable */
	const char *hint; /* what to do about it; or NULL */
};

struct path_member {
	const struct cert *cert;
	int position; /* as above */
};

struct path_query {
	const struct span *sent; /* DER, as the peer sent them: the first is the leaf */
	size_t count;
	const struct trust_store *trust;
	int64_t at;                  /* seconds since 1970-01-01T00:00:00Z */
	struct signature_memo *memo; /* NULL: each signature is computed */
};

/* A zeroed verdict is one of distrust. */
struct path_verdict {
	bool trusted;
	const struct path_problem *problems; /* none when trusted */
	size_t problem_count;
	const struct path_member
		*members; /* the path taken, leaf first; the anchor last, if found */
	size_t member_count;
	size_t signatures; /* looked at on the way */
	size_t computed;   /* of those, the ones that the memo did not know */
};

/* Judges; everything handed out lives in the arena, and points into the DER that was sent and
 * into the trust store. A leaf that is itself an anchor, byte for byte, is a path of one. */
struct path_verdict path_judge(const struct path_query *query, struct arena *arena);

/* "LeafExpired", "IssuerMissing" ...: the kind's name for reports. */
const char *path_problem_name(enum path_problem_kind kind);

#endif
