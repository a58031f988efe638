/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * received: what a server wrote of the hop by which a message came to it (RFC 5321 section 4.4, RFC
 * 3848, RFC 6531 section 4.3).
 */
#ifndef GATE_WIRE_RECEIVED_H
#define GATE_WIRE_RECEIVED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

/* How it came, by the word behind "with". */
enum received_with {
	RECEIVED_PLAIN,   /* ESMTP, ESMTPA and the like: without TLS */
	RECEIVED_TLS,     /* ESMTPS, ESMTPSA, LMTPS and the like */
	RECEIVED_UNKNOWN, /* any other word, or none */
};

/* The texts live in an arena; "" where something is missing. */
struct received {
	const char *from;     /* what stands between "from" and "by", comments included */
	const char *protocol; /* the word behind "with" */
	const char *id;
	enum received_with with;
	uint16_t tls_version; /* enum tls_version; 0: not written */
};

/* Reads the value of a Received field, unfolded. */
struct received received_read(const char *value, struct arena *arena);

/* Whether it came from a client of that name in EHLO. */
bool received_is_from(const struct received *received, const char *ehlo_name);

#endif
