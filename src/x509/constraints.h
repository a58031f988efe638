/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * constraints: which names a CA may have certified (RFC 5280 section 4.2.1.10), for DNS names,
 * addresses, directory names and e-mail addresses. A form of name that is not among these is
 * refused when a constraint of that form and a name of that form meet.
 */
#ifndef GATE_X509_CONSTRAINTS_H
#define GATE_X509_CONSTRAINTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "x509/cert.h"

/* Whether a list of subtrees (content of GeneralSubtrees) can be applied: it is not empty, has
 * no minimum or maximum, DNS bases are plain host names, address bases have a contiguous mask. */
bool constraints_are_well_formed(struct span subtrees);

enum constraints_outcome {
	CONSTRAINTS_MET,
	CONSTRAINTS_VIOLATED,
	CONSTRAINTS_TOO_MANY, /* the comparisons ran out before the end */
};

/* Whether the subject and the subjectAltNames of `cert` lie where the nameConstraints of `ca`
 * allow. Each comparison takes one off *comparisons. A violation is described in `fact`.
 *
 * A wildcard dNSName stands for every name it could match: it is permitted only if all of
 * these are, and excluded if one of them is. */
enum constraints_outcome constraints_check(
	const struct cert *ca, const struct cert *cert, size_t *comparisons, struct buf *fact);

#endif
