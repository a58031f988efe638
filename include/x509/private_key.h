/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * private_key: whether a private key belongs to a certificate. Nothing of the key is handed out,
 * written into an error, or left in memory.
 */
#ifndef GATE_X509_PRIVATE_KEY_H
#define GATE_X509_PRIVATE_KEY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "x509/public_key.h"

/* Largest file of a key that is read, in bytes. */
#define PRIVATE_KEY_MAX (64 * 1024)

enum private_key_outcome {
	PRIVATE_KEY_UNREADABLE, /* the error says why */
	PRIVATE_KEY_MATCHES,
	PRIVATE_KEY_DIFFERS,
};

/* Signs with the first private key of a PEM text (PKCS #8, RFC 5958; PKCS #1; SEC 1, RFC 5915)
 * and verifies that with the public key. Keys with a password cannot be read. RSA, P-256, P-384,
 * P-521 and Ed25519. */
enum private_key_outcome private_key_compare(
	const char *pem, size_t len, const struct public_key *key, struct error *error);

#endif
