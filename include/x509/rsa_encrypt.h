/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * rsa_encrypt: RSA encryption of a block that the caller has laid out byte by byte. It hides
 * nothing by itself, and is for probes that ask how a server takes badly padded blocks.
 */
#ifndef GATE_X509_RSA_ENCRYPT_H
#define GATE_X509_RSA_ENCRYPT_H

#include "base/buf.h"
#include "x509/public_key.h"

/* The length of the key's modulus in bytes; 0 when it is not an RSA key. */
size_t rsa_block_len(const struct public_key *key);

/* Appends the encryption of `block` (RFC 8017 section 5.1.1), which is as long as the modulus and,
 * read as a number, smaller. False when that is not so or the buffer is full. */
bool rsa_encrypt_block(const struct public_key *key, struct span block, struct buf *out);

#endif
