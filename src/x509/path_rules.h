/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * path_rules: what a certificate must be by itself to have its place in a path, and what the
 * certificates of a path must be together (RFC 5280 section 6.1). Used by `path` only.
 */
#ifndef GATE_X509_PATH_RULES_H
#define GATE_X509_PATH_RULES_H

#include "x509/path.h"

enum path_role {
	ROLE_LEAF = 1,
	ROLE_INTERMEDIATE = 2,
	ROLE_ANCHOR = 4,
	ROLE_TRUSTED_LEAF = 8, /* a leaf that is itself an anchor */
};

/* A certificate in its place. */
struct path_place {
	const struct cert *cert;
	enum path_role role;
	int position;
};

/* Problems as they are found. Without an arena they are only counted, so that a search can
 * weigh many paths and describe one. */
struct path_findings {
	struct arena *arena; /* or NULL */
	struct path_problem *problems;
	size_t count;
	unsigned weight; /* the more, the worse */
};

/* Notes a problem; its text becomes "where: RFC 5280 section <clause>: <fact>", without a clause
 * (NULL) "where: <fact>". */
void findings_add(struct path_findings *findings, enum path_problem_kind kind,
	const struct path_place *place, const char *clause, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/* Gives the latest problem a hint; does nothing while problems are only counted. */
void findings_hint(struct path_findings *findings, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* What is wrong with one certificate. */
void path_check_place(const struct path_place *place, int64_t at, struct path_findings *findings);

/* What is wrong with a path as a whole, leaf first: pathLenConstraint, nameConstraints and
 * policies. Each comparison of a name takes one off *comparisons. */
void path_check_whole(const struct path_place *places, size_t count, size_t *comparisons,
	struct path_findings *findings);

/* Whether explicit policies that a CA asks for are there (RFC 5280 section 6.1.3 to 6.1.5, with
 * any policy acceptable at the start). Policy mappings are not followed: below one, no policy
 * is valid. */
bool path_policies_hold(const struct path_place *places, size_t count);

/* Whether we take a signature made with that key: RSA of 2048 bits up to what wolfCrypt computes,
 * P-256, P-384, P-521, Ed25519, Ed448. */
bool path_key_is_accepted(const struct public_key *key);

#endif
