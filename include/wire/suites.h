/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * suites: the cipher suites of SSL 3.0 to TLS 1.3, their names and what kind they are. The kind
 * is read off the parts of the name (RFC 5246 appendix C, RFC 8446 appendix B.4), so the table
 * holds nothing but numbers and names. SSL 2.0 has suites of its own (ssl2.h).
 */
#ifndef GATE_WIRE_SUITES_H
#define GATE_WIRE_SUITES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/names.h"
#include "wire/tls_names.h"

struct suite {
	uint16_t id;
	const char *name;         /* IANA's, or the one it was known by */
	const char *openssl_name; /* NULL when OpenSSL has never had the suite */
};

/* More rows than the table has. */
#define SUITES_MAX 512

/* Ascending by id. */
extern const struct suite suites_table[];
extern const size_t suites_count;

/* Kinds of suites, one bit each; a suite is of several. */
enum suite_class {
	SUITE_NULL = 1 << 0,      /* no encryption */
	SUITE_ANONYMOUS = 1 << 1, /* the server is not authenticated */
	SUITE_EXPORT = 1 << 2,    /* 40 and 56 bit keys of the 1990s' export rules */
	SUITE_DES = 1 << 3,       /* single DES */
	SUITE_3DES = 1 << 4,
	SUITE_RC2 = 1 << 5,
	SUITE_IDEA = 1 << 6,
	SUITE_RC4 = 1 << 7,
	SUITE_MD5 = 1 << 8, /* the MAC is HMAC-MD5, or SSL 3.0's with MD5 */
	SUITE_CBC = 1 << 9,
	SUITE_SHA1 = 1 << 10,       /* the MAC is HMAC-SHA1, or SSL 3.0's with SHA-1 */
	SUITE_STATIC_RSA = 1 << 11, /* the premaster secret is encrypted to the certificate */
	SUITE_NO_FORWARD_SECRECY = 1 << 12,
	SUITE_NOT_AEAD = 1 << 13,
	SUITE_AEAD = 1 << 14,
	SUITE_PSK = 1 << 15,
	SUITE_TLS13 = 1 << 16,
	SUITE_64_BIT_BLOCK = 1 << 17, /* DES, 3DES, RC2, IDEA, GOST 28147, Magma (CVE-2016-2183) */
	SUITE_DHE = 1 << 18,          /* finite-field, ephemeral, anonymous included */
	SUITE_ECDHE = 1 << 19,        /* elliptic curves, ephemeral, anonymous included */
	SUITE_STATIC_DH = 1 << 20,    /* the certificate holds a DH or ECDH key */
	SUITE_SRP = 1 << 21,
	SUITE_KERBEROS = 1 << 22,
	SUITE_GOST = 1 << 23,
	SUITE_DSS = 1 << 24,
	SUITE_ECDSA = 1 << 25,
	SUITE_SHA2 = 1 << 26,  /* SHA-256, -384 or -512, as MAC or PRF */
	SUITE_CCM_8 = 1 << 27, /* an authentication tag of 8 bytes */
	SUITE_CAMELLIA = 1 << 28,
	SUITE_ARIA = 1 << 29,
	SUITE_SEED = 1 << 30,
};

/* What needs a secret shared with the server: an account there. */
#define SUITES_SHARED_SECRET (SUITE_PSK | SUITE_SRP | SUITE_KERBEROS)

/* "null", "static-rsa", "no-forward-secrecy" and the like, by enum suite_class. */
extern const struct name_code suite_class_names[];

/* How the premaster secret comes about, which decides what a ServerKeyExchange holds. */
enum suite_exchange {
	SUITE_EXCHANGE_OTHER, /* Kerberos, SRP, GOST, KEA, a password */
	SUITE_EXCHANGE_RSA,
	SUITE_EXCHANGE_STATIC_DH,
	SUITE_EXCHANGE_DHE,
	SUITE_EXCHANGE_ECDHE,
	SUITE_EXCHANGE_TLS13, /* told by key_share, not by the suite */
};

/* The suite of that number; NULL when there is none. */
const struct suite *suite_by_id(uint16_t id);

/* The suite of that IANA or OpenSSL name, without regard to case; OpenSSL's older "EDH-" and
 * newer "DHE-" are the same. NULL when there is none. */
const struct suite *suite_by_name(const char *name);

/* All bits of enum suite_class that are true of the suite, which must be a row of the table. */
uint32_t suite_classes(const struct suite *suite);

enum suite_exchange suite_exchange(const struct suite *suite);

/* Which suites: at least one of the bits of any (0: does not matter), all of all, none of none,
 * and a version (enum tls_version) between minimum and maximum that can negotiate it, by its
 * mechanics: what a later RFC forbade (export in TLS 1.1, DES in TLS 1.2) but a server could still
 * do counts as possible. */
struct suite_query {
	uint32_t any;
	uint32_t all;
	uint32_t none;
	uint16_t minimum;
	uint16_t maximum;
};

bool suite_matches(const struct suite *suite, const struct suite_query *query);

/* Adds the matching suites from row `from` of the table on that are not in the list yet, until
 * it holds `most`. Returns the row to go on from; suites_count when all were seen. So all
 * suites of a class are asked for in as few hellos as they need:
 *
 *	for (from = 0; from < suites_count;) {
 *		struct tls_codes list = { 0 };
 *		from = suites_select(&query, from, &list, TLS_CODES_MAX);
 *	}
 *
 * The list of the last round can be empty. `most` is 1 to TLS_CODES_MAX. */
size_t suites_select(
	const struct suite_query *query, size_t from, struct tls_codes *list, size_t most);

#endif
