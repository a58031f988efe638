/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ssl2: the hellos of SSL 2.0, which RFC 6176 forbids and CVE-2016-0800 (DROWN) exploits. The
 * protocol has no RFC of its own; RFC 6101 appendix E and the clauses of "The SSL Protocol",
 * Hickman, 1995, are what is meant below.
 */
#ifndef GATE_WIRE_SSL2_H
#define GATE_WIRE_SSL2_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "wire/cursor.h"

#define SSL2_CHALLENGE_LEN 16

/* Appends a CLIENT-HELLO (section 5.5.1) that offers all cipher kinds. False when
 * the buffer has dropped bytes. */
bool ssl2_write_hello(const uint8_t challenge[SSL2_CHALLENGE_LEN], struct buf *out);

enum ssl2_state {
	SSL2_MORE,      /* the bytes are the beginning of an answer */
	SSL2_HELLO,     /* a SERVER-HELLO */
	SSL2_ERROR,     /* an SSL 2.0 ERROR message */
	SSL2_OTHER,     /* not SSL 2.0: a TLS alert, plain text */
	SSL2_MALFORMED, /* a message whose lengths do not add up */
};

/* A SERVER-HELLO (section 5.6.1); the spans point into the bytes that were read. */
struct ssl2_answer {
	enum ssl2_state state;
	uint16_t error; /* SSL2_ERROR: 1 is "no cipher in common" */
	uint16_t version;
	struct span certificate; /* DER, not an empty one as a rule */
	struct span ciphers;     /* three bytes each; empty is CVE-2015-3197's gap */
};

/* Reads all bytes that a server has sent so far; what follows the first message is not looked
 * at. An answer is never longer than 32769 bytes. */
struct ssl2_answer ssl2_read(struct span bytes);

#endif
