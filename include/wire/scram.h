/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * scram: what a server says in SCRAM (RFC 5802), read before a library computes with it: what would
 * be weak, foreign or endless is found here.
 */
#ifndef GATE_WIRE_SCRAM_H
#define GATE_WIRE_SCRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

/* Fewer are too few (RFC 5802 section 5.1, RFC 7677 section 4). */
#define SCRAM_ITERATIONS_MIN 4096
/* More take too long to compute. */
#define SCRAM_ITERATIONS_MAX 1000000

/* Longest message of a server that is taken, in bytes. */
#define SCRAM_MESSAGE_MAX 4096

enum scram_fault {
	SCRAM_FINE,
	SCRAM_ERROR,           /* the server gives up: e= (section 7) */
	SCRAM_MALFORMED,       /* not the grammar of section 7, or the mandatory extension m= */
	SCRAM_FOREIGN_NONCE,   /* it does not begin with the client's, or adds nothing to it */
	SCRAM_FEW_ITERATIONS,  /* below SCRAM_ITERATIONS_MIN */
	SCRAM_MANY_ITERATIONS, /* above SCRAM_ITERATIONS_MAX */
	SCRAM_EXTENDED,        /* legal extensions behind i=, which the library does not know */
	SCRAM_LONG,            /* above SCRAM_MESSAGE_MAX */
};

/* The nonce of a client-first-message, "n,,n=user,r=NONCE"; empty: there is none. */
struct span scram_client_nonce(struct span message);

/* Reads a server-first-message: r=...,s=...,i=... . *iterations is the number as far as it was read,
 * at most SCRAM_ITERATIONS_MAX + 1. */
enum scram_fault scram_read_first(
	struct span message, struct span client_nonce, uint32_t *iterations);

/* Reads a server-final-message: SCRAM_FINE for v=, which is not verified here. */
enum scram_fault scram_read_final(struct span message);

/* The value of e= if the RFC has it ("invalid-proof"); else NULL: a value of the server's own may be
 * anything, also what it has learned. */
const char *scram_error(struct span message);

/* Whether that error says that name or password is wrong. */
bool scram_error_is_of_credentials(const char *error);

#endif
