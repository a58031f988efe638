/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tlsa: whether a certificate chain is the one that TLSA records name (DANE: RFC 6698, RFC 7671), as
 * mail servers look at them (RFC 7672): usages 0 and 1 say nothing there (section 3.1.3).
 *
 * Pure: where the records come from, and whether DNSSEC vouches for them, is for others to judge.
 */
#ifndef GATE_X509_TLSA_H
#define GATE_X509_TLSA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "wire/dns_rdata.h"
#include "x509/path.h"

enum tlsa_usage {
	TLSA_PKIX_TA = 0,
	TLSA_PKIX_EE = 1,
	TLSA_DANE_TA = 2,
	TLSA_DANE_EE = 3,
};

enum tlsa_selector {
	TLSA_CERT = 0,
	TLSA_SPKI = 1,
};

enum tlsa_matching {
	TLSA_FULL = 0,
	TLSA_SHA256 = 1,
	TLSA_SHA512 = 2,
};

/* Records beyond this many are not judged. */
#define TLSA_RECORDS_MAX 32

/* What became of one record. The unusable ones come first: senders leave them out. */
enum tlsa_outcome {
	TLSA_UNUSABLE_USAGE,    /* not 2 or 3 */
	TLSA_UNUSABLE_SELECTOR, /* not 0 or 1 */
	TLSA_UNUSABLE_MATCHING, /* not 0, 1 or 2 */
	TLSA_UNUSABLE_LENGTH,   /* a digest of another length than its type has */
	TLSA_UNUSABLE_DATA,     /* type 0: no certificate, or no key, can be read in it */
	TLSA_PASSED_OVER,       /* a stronger digest stands beside it (RFC 7671 section 9) */
	TLSA_NO_MATCH,          /* nothing in the chain is what it names */
	TLSA_IS_LEAF,           /* usage 2 that names the leaf, which is no issuer */
	TLSA_BAD_PATH,          /* usage 2: the issuer is there, the path to it has faults */
	TLSA_BAD_NAME,          /* usage 2: the path is good, the leaf names none of the names */
	TLSA_UNDECIDED, /* a limit of ours, or what was given: neither a match nor none; the path's
			 * problems, if any */
	TLSA_MATCH,
};

/* A record that senders take into account, be it passed over for a stronger one or not. */
bool tlsa_is_usable(enum tlsa_outcome outcome);

/* "UnusableUsage", "NoMatch" ...: for reports. */
const char *tlsa_outcome_name(enum tlsa_outcome outcome);

struct tlsa_finding {
	enum tlsa_outcome outcome;
	/* What it names is there (usage 3: the leaf; usage 2: an issuer), whatever becomes of it; of
	 * an unusable record never. */
	bool fits;
	int position; /* of that certificate in the chain, 0 is the leaf; -1: of none that was sent */
	/* Of TLSA_BAD_PATH and TLSA_UNDECIDED; of a match, that an issuer which is no root is not valid by
	 * its dates, which senders do not look at. */
	const struct path_problem *problems;
	size_t problem_count;
};

/* What makes a set of records one that all senders understand alike: see tlsa_verdict. */
enum tlsa_completeness {
	TLSA_NOTHING_USABLE,
	TLSA_NO_MATCH_IN_GROUP,    /* usage and selector of the record have no match */
	TLSA_NO_MATCH_OF_TYPE,     /* they have one, but none with its matching type */
	TLSA_UNEVEN_DIGESTS,       /* its type of digest names fewer objects than the other one */
	TLSA_COMPLETENESS_UNKNOWN, /* the record is undecided, and nothing else is wrong */
	TLSA_COMPLETE,
};

struct tlsa_query {
	const struct tlsa_record *records;
	size_t count;
	const struct span *chain; /* DER, as the server sent them: the first is the leaf */
	size_t chain_count;
	/* Without a chain: the SubjectPublicKeyInfo that a leaf is going to have. What names more than that
	 * is undecided. */
	struct span key;
	/* Reference identifiers of usage 2 (RFC 7672 section 3.2.2), each as hostname_normalise gives it:
	 * base domain, host and, where the MX records are secure, the domain itself. */
	const char *const *names;
	size_t name_count;
	int64_t at;                  /* date */
	struct signature_memo *memo; /* may be NULL */
};

/* A zeroed verdict is one without usable records. */
struct tlsa_verdict {
	bool matches;   /* a sender authenticates the server (RFC 7671 section 5) */
	bool undecided; /* nothing matches, and a record could not be judged */
	size_t usable;  /* distinct ones, also passed over; 0: senders do not authenticate */
	struct tlsa_finding *findings; /* one for each record, in their order */
	size_t count;
	/* Whether each usage and selector that is published has a match now, with each of the matching
	 * types published for it, and each object all of its digests (RFC 7671 sections 8.4 and 9):
	 * else it hangs on the sender what he sees. Usable records only. */
	enum tlsa_completeness completeness;
	size_t incomplete; /* the record that it is about; 0 when complete */
};

/* Judges the records for one chain. Everything handed out lives in the arena. Duplicates of a record
 * have the same finding. Usage 3 asks neither for names nor for dates (RFC 7671 section 5.1); usage 2
 * asks for a path, as of path.h, to an issuer that was sent or stands in the record as a whole
 * (2 0 0; 2 1 0 for a key). */
struct tlsa_verdict tlsa_judge(const struct tlsa_query *query, struct arena *arena);

/* How the next key can be deployed without a gap (RFC 7671 section 8.1). */
struct tlsa_rollover {
	bool next;   /* beside a record that matches, one of its usage and selector does not yet */
	bool issuer; /* a record of usage 3 and one of usage 2 match both */
};

/* Looks at distinct records which senders take into account and do not pass over. A server with
 * several certificates, as for RSA and ECDSA, has one verdict for each, all of the same records:
 * what matches one of them is not the next. */
struct tlsa_rollover tlsa_rollover(
	const struct tlsa_record *records, const struct tlsa_verdict *verdicts, size_t count);

/* The record to publish for a leaf: 3 1 1 (RFC 7671 section 5.1). Its data lives in the arena. False
 * when the certificate cannot be read. */
bool tlsa_for_leaf(struct tlsa_record *record, struct span leaf, struct arena *arena);

/* Appends "3 1 1 8cb0fc6c..." as it stands in a zone (RFC 6698 section 2.2). */
void tlsa_add_text(struct buf *out, const struct tlsa_record *record);

#endif
