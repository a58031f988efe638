/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * groups_primes: primes of finite-field Diffie-Hellman that many servers share. Breaking one
 * breaks all of its servers ("Imperfect Forward Secrecy", CCS 2015, section 3), which matters
 * at 1024 bits and below.
 */
#ifndef GATE_WIRE_GROUPS_PRIMES_H
#define GATE_WIRE_GROUPS_PRIMES_H

#include <stdbool.h>
#include <stddef.h>

#include "wire/cursor.h"

struct group_prime {
	const char *name;   /* "ffdhe2048", "nginx 1024-bit" */
	const char *source; /* the RFC, or the software that shipped it */

	/* A safe prime made from the digits of pi or e, so that no trap door is hidden in it. */
	bool standard;
	const char *hex; /* upper case, without leading zeros */
};

extern const struct group_prime group_primes[];
extern const size_t group_primes_count;

/* The known prime with that value (big-endian, leading zeros do not matter); NULL when it is
 * none of the table. All bits are compared. */
const struct group_prime *group_prime_find(struct span number);

#endif
