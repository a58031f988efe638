/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * client_profile: mail programs, relays and libraries as TLS clients: what each offers and what it
 * takes. The data are the files in checks/clients/, made into C when the program is built; one more
 * client is one more file.
 */
#ifndef GATE_WIRE_CLIENT_PROFILE_H
#define GATE_WIRE_CLIENT_PROFILE_H

#include "wire/client_hello.h"
#include "wire/tls_names.h"

enum client_kind {
	CLIENT_PERSON,  /* a program that somebody reads mail with */
	CLIENT_RELAY,   /* sends mail on, and verifies no certificate unless it is told to */
	CLIENT_LIBRARY, /* what programs are made with */
};

/* Lists are in the client's order. What no source tells is empty or 0. */
struct client_profile {
	const char *name;
	enum client_kind kind;
	const char *date;   /* of the source: "2019", "2022-05" or "2026-11-26" */
	const char *source; /* where the facts are from */
	const char *notes;  /* or NULL */

	uint16_t minimum, maximum; /* versions that it takes: enum tls_version */
	struct tls_codes suites;   /* signals may stand among them */
	struct tls_codes groups;
	struct tls_codes key_shares; /* those of the groups that it sends a key share of */
	struct tls_codes
		signatures; /* none: it can say nothing of them, being older than TLS 1.2 */
	struct tls_codes chain_signatures; /* of certificates; none: as above */
	struct tls_codes extensions;
	unsigned minimum_dh_bits, maximum_dh_bits; /* of the prime of DHE */
	unsigned minimum_rsa_bits;                 /* of the key of a certificate */
};

/* In the order of their files; they end with a row without a name. */
extern const struct client_profile client_profiles[];

/* Their names, in the same order; they end with NULL. */
extern const char *const client_names[];

/* NULL when there is none of that name. */
const struct client_profile *client_profile_find(const char *name);

/* Its hello, without the name of a server and with an empty session id. */
struct hello_offer client_profile_offer(const struct client_profile *profile);

#endif
