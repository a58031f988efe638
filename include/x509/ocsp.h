/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ocsp: what an OCSP response, as a server staples it, says of a certificate (RFC 6960), and
 * whether one may believe it.
 */
#ifndef GATE_X509_OCSP_H
#define GATE_X509_OCSP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "x509/cert.h"

/* Seconds that a responder's clock may be ahead of ours. */
#define OCSP_SKEW_S 300

/* Seconds for which a response without nextUpdate counts as fresh. */
#define OCSP_FRESH_S (24 * 60 * 60)

enum ocsp_status { OCSP_NOTHING, OCSP_GOOD, OCSP_REVOKED, OCSP_UNKNOWN };

/* What a response says of one certificate; nothing of it is to be believed unless judged. */
struct ocsp_facts {
	int response_status;     /* OCSPResponseStatus, 0 is successful */
	enum ocsp_status status; /* OCSP_NOTHING: it does not speak of that certificate */
	int64_t produced_at;     /* seconds since 1970-01-01T00:00:00Z, as all dates here */
	int64_t this_update;
	bool has_next_update;
	int64_t next_update;
	int64_t revoked_at; /* with OCSP_REVOKED */

	struct span tbs; /* what the responder signed */
	struct signature_algorithm algorithm;
	struct span signature;
	struct span responder_name; /* one of these two tells who signed */
	struct span responder_key;  /* SHA-1 of its key */
	struct span certs;          /* certificates sent along, one after the other */
};

enum ocsp_problem_kind {
	OCSP_MALFORMED,
	OCSP_NOT_SUCCESSFUL,
	OCSP_OTHER_CERTIFICATE, /* it does not speak of the certificate */
	OCSP_IS_REVOKED,
	OCSP_IS_UNKNOWN,
	OCSP_STALE,
	OCSP_FROM_FUTURE,
	OCSP_NO_RESPONDER, /* not signed by the issuer, nor by whom the issuer named for it */
	OCSP_WEAK_SIGNATURE,
	OCSP_BAD_SIGNATURE,
};

struct ocsp_problem {
	enum ocsp_problem_kind kind;
	const char *text; /* one line, "OCSP response: RFC clause: fact" */
};

struct ocsp_query {
	struct span response; /* an OCSPResponse in DER */
	const struct cert *cert;
	const struct cert *issuer;
	int64_t at;
};

/* A zeroed verdict is one of distrust. */
struct ocsp_verdict {
	bool good; /* signed, fresh, and says that the certificate is not revoked */
	struct ocsp_facts facts;
	const struct ocsp_problem *problems; /* none when good; all there are, in the arena */
	size_t problem_count;
};

/* Reads a response; false when it is none. Spans point into it. The response for a certificate
 * is the first that names it by issuer and serial number, hashed with SHA-1 or SHA-256. */
bool ocsp_parse(struct ocsp_facts *facts, struct span response, const struct cert *cert,
	const struct cert *issuer);

struct ocsp_verdict ocsp_judge(const struct ocsp_query *query, struct arena *arena);

/* "Stale", "IsRevoked" ...: the kind's name for reports. */
const char *ocsp_problem_name(enum ocsp_problem_kind kind);

#endif
