/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * public_key: what kind of key a SubjectPublicKeyInfo holds (RFC 3279, RFC 5480, RFC 8410), and
 * signatures made with it. The mathematics is wolfCrypt's; every encoding is checked here first.
 */
#ifndef GATE_X509_PUBLIC_KEY_H
#define GATE_X509_PUBLIC_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "wire/cursor.h"

enum key_kind {
	KEY_UNKNOWN, /* an algorithm that is not in this list */
	KEY_RSA,
	KEY_RSA_PSS, /* RSA restricted to PSS signatures (RFC 4055 section 1.2) */
	KEY_P256,
	KEY_P384,
	KEY_P521,
	KEY_ED25519,
	KEY_ED448,
	KEY_EC_OTHER,    /* another named curve */
	KEY_EC_EXPLICIT, /* curve parameters written out (forbidden by RFC 5480 section 2.1.1) */
	KEY_DSA,
	KEY_MALFORMED, /* the key itself is not encoded as its algorithm wants it */
};

struct public_key {
	enum key_kind kind;
	unsigned bits;         /* RSA: of the modulus; curves: of the field; 0 when unknown */
	struct span spki;      /* the whole SubjectPublicKeyInfo */
	struct span algorithm; /* content octets of the algorithm's OID */
	struct span material;  /* content of the BIT STRING */
};

/* Reads a SubjectPublicKeyInfo. False when not even the outer structure can be read; a bad or
 * unknown key within it is a kind. */
bool public_key_parse(struct public_key *key, struct span spki);

/* "RSA", "P-256", "EC with explicit parameters" ...; never NULL. */
const char *public_key_name(enum key_kind kind);

/* "RSA with 2048 bits", "P-256". */
const char *public_key_text(const struct public_key *key, struct arena *arena);

/* The algorithm that it signs with: "RSA", "ECDSA" or "EdDSA"; NULL: one that we do not accept. */
const char *public_key_algorithm(enum key_kind kind);

enum signature_hash {
	HASH_UNKNOWN,
	HASH_MD2,
	HASH_MD5,
	HASH_SHA1,
	HASH_SHA224,
	HASH_SHA256,
	HASH_SHA384,
	HASH_SHA512,
	HASH_INTRINSIC, /* part of the algorithm, as in Ed25519 */
};

enum signature_scheme {
	SCHEME_UNKNOWN,
	SCHEME_RSA_PKCS1,
	SCHEME_RSA_PSS,
	SCHEME_ECDSA,
	SCHEME_DSA,
	SCHEME_ED25519,
	SCHEME_ED448,
};

struct signature_algorithm {
	const char *name; /* "sha256WithRSAEncryption"; NULL when not known */
	enum signature_scheme scheme;
	enum signature_hash hash;
	struct span oid; /* content octets */
};

/* Reads an AlgorithmIdentifier with its tag and length. False when it is not DER, or when its
 * parameters are not what the algorithm allows. Of RSASSA-PSS (RFC 4055), only the forms with
 * one SHA-2 hash throughout and a salt of its length count as known. */
bool signature_algorithm_parse(struct signature_algorithm *algorithm, struct span identifier);

/* What a SignatureScheme of TLS (RFC 8446 section 4.2.3; the pairs of RFC 5246 section 7.4.1.4.1
 * have the same numbers) signs with; SCHEME_UNKNOWN for those that are not accepted. ECDSA is told
 * by its hash alone: which curve goes with it differs between TLS 1.2 and 1.3. */
struct signature_algorithm signature_algorithm_of_tls(uint16_t code);

/* Whether we take its word: RSA, ECDSA with SHA-256, -384 or -512, Ed25519 and Ed448. */
bool signature_algorithm_is_accepted(const struct signature_algorithm *algorithm);

/* Whether the key's owner signed the message. False too when key and algorithm do not belong
 * together, or when one of them is not supported. */
bool signature_verify(const struct public_key *key, const struct signature_algorithm *algorithm,
	struct span message, struct span signature);

/* The longest RSA modulus that wolfCrypt computes with as it was built, in bits. */
unsigned signature_rsa_bits_max(void);

#define SHA256_LEN 32

void sha256(uint8_t digest[SHA256_LEN], struct span bytes);

#define SHA512_LEN 64

void sha512(uint8_t digest[SHA512_LEN], struct span bytes);

/* For OCSP, which names issuers with it; never for a signature. */
#define SHA1_LEN 20

void sha1(uint8_t digest[SHA1_LEN], struct span bytes);

#endif
