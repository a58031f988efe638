/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * chain: the shape of what a server sent, apart from whether it is trusted (RFC 5246 section
 * 7.4.2, RFC 8446 section 4.4.2).
 */
#ifndef GATE_X509_CHAIN_H
#define GATE_X509_CHAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "x509/path.h"

struct chain_shape {
	size_t length;       /* certificates sent */
	size_t unreadable;   /* of these, how many are no certificate */
	bool complete;       /* no certificate is missing between the leaf and a root */
	bool ordered;        /* each one was issued by the one behind it, going by their names */
	size_t out_of_order; /* the first position that breaks the order; 0 when none does */
	bool has_root;       /* a self-issued certificate is among them, the leaf aside */
	size_t root;         /* its position; 0 when there is none */
};

/* Measures the chain that `verdict` judged; what is needed meanwhile lives in the arena. */
struct chain_shape chain_measure(
	const struct path_query *query, const struct path_verdict *verdict, struct arena *arena);

#endif
