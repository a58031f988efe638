/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Signatures are verified, and hashes computed, by wolfCrypt; see also private_key.c.
 */
#include <stdlib.h>
#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/ed25519.h>
#include <wolfssl/wolfcrypt/ed448.h>
#include <wolfssl/wolfcrypt/hash.h>
#include <wolfssl/wolfcrypt/rsa.h>
#include <wolfssl/wolfcrypt/signature.h>

#include "der.h"
#include "oid.h"
#include "x509/curve_points.h"
#include "x509/public_key.h"

/* The parameters of an AlgorithmIdentifier: absent, absent or NULL, its own, or any. */
enum parameters { ABSENT, ABSENT_OR_NULL, PSS, ANY };

static const struct {
	struct oid oid;
	const char *name;
	enum signature_scheme scheme;
	enum signature_hash hash;
	enum parameters parameters;
} algorithms[] = {
	{ { 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11 } }, "sha256WithRSAEncryption",
		SCHEME_RSA_PKCS1, HASH_SHA256, ABSENT_OR_NULL },
	{ { 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 12 } }, "sha384WithRSAEncryption",
		SCHEME_RSA_PKCS1, HASH_SHA384, ABSENT_OR_NULL },
	{ { 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 13 } }, "sha512WithRSAEncryption",
		SCHEME_RSA_PKCS1, HASH_SHA512, ABSENT_OR_NULL },
	{ { 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 14 } }, "sha224WithRSAEncryption",
		SCHEME_RSA_PKCS1, HASH_SHA224, ABSENT_OR_NULL },
	{ { 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 5 } }, "sha1WithRSAEncryption",
		SCHEME_RSA_PKCS1, HASH_SHA1, ABSENT_OR_NULL },
	{ { 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 4 } }, "md5WithRSAEncryption",
		SCHEME_RSA_PKCS1, HASH_MD5, ABSENT_OR_NULL },
	{ { 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 2 } }, "md2WithRSAEncryption",
		SCHEME_RSA_PKCS1, HASH_MD2, ABSENT_OR_NULL },
	{ { 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10 } }, "RSASSA-PSS", SCHEME_RSA_PSS,
		HASH_UNKNOWN, PSS },
	{ { 8, { 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2 } }, "ecdsa-with-SHA256", SCHEME_ECDSA,
		HASH_SHA256, ABSENT },
	{ { 8, { 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3 } }, "ecdsa-with-SHA384", SCHEME_ECDSA,
		HASH_SHA384, ABSENT },
	{ { 8, { 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 4 } }, "ecdsa-with-SHA512", SCHEME_ECDSA,
		HASH_SHA512, ABSENT },
	{ { 8, { 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 1 } }, "ecdsa-with-SHA224", SCHEME_ECDSA,
		HASH_SHA224, ABSENT },
	{ { 7, { 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1 } }, "ecdsa-with-SHA1", SCHEME_ECDSA, HASH_SHA1,
		ABSENT },
	{ { 3, { 0x2b, 0x65, 0x70 } }, "Ed25519", SCHEME_ED25519, HASH_INTRINSIC, ABSENT },
	{ { 3, { 0x2b, 0x65, 0x71 } }, "Ed448", SCHEME_ED448, HASH_INTRINSIC, ABSENT },
	{ { 7, { 0x2a, 0x86, 0x48, 0xce, 0x38, 4, 3 } }, "dsa-with-sha1", SCHEME_DSA, HASH_SHA1,
		ANY },
	{ { 9, { 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 2 } }, "dsa-with-sha256", SCHEME_DSA,
		HASH_SHA256, ANY },
};

static const struct oid mgf1 = { 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 8 } };

static const struct oid_code digests[] = {
	{ { 9, { 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1 } }, HASH_SHA256 },
	{ { 9, { 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2 } }, HASH_SHA384 },
	{ { 9, { 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3 } }, HASH_SHA512 },
	{ { 0, { 0 } }, HASH_UNKNOWN },
};

/* How wolfCrypt calls a hash, its length, and the mask generation function over it. */
static const struct {
	enum wc_HashType type;
	unsigned len;
	int mgf;
} primitives[] = {
	[HASH_SHA256] = { WC_HASH_TYPE_SHA256, 32, WC_MGF1SHA256 },
	[HASH_SHA384] = { WC_HASH_TYPE_SHA384, 48, WC_MGF1SHA384 },
	[HASH_SHA512] = { WC_HASH_TYPE_SHA512, 64, WC_MGF1SHA512 },
};

static enum signature_hash
read_digest(struct cursor *outer)
{
	struct cursor identifier = der_enter(outer, DER_SEQUENCE);
	struct span oid = der_read(&identifier, DER_OID);

	if (identifier.left != 0 && der_read(&identifier, DER_NULL).len != 0)
		identifier.broken = true;
	der_leave(outer, &identifier);
	return outer->broken ? HASH_UNKNOWN : (enum signature_hash)oid_code(digests, oid);
}

/* RFC 4055 section 3.1. The defaults are SHA-1 throughout, so all of the three fields must be
 * there for a form that is accepted. */
static enum signature_hash
read_pss(struct cursor *outer)
{
	struct cursor fields = der_enter(outer, DER_SEQUENCE);
	struct cursor hash_field = der_enter(&fields, DER_CONTEXT_CONSTRUCTED);
	struct cursor mask_field = der_enter(&fields, DER_CONTEXT_CONSTRUCTED + 1);
	struct cursor salt_field = der_enter(&fields, DER_CONTEXT_CONSTRUCTED + 2);
	struct cursor mask = der_enter(&mask_field, DER_SEQUENCE);
	enum signature_hash hash = read_digest(&hash_field);
	bool is_mgf1 = oid_equal(&mgf1, der_read(&mask, DER_OID));
	bool is_same = read_digest(&mask) == hash;
	uint32_t salt_len = der_number(&salt_field);

	der_leave(&mask_field, &mask);
	der_leave(&fields, &hash_field);
	der_leave(&fields, &mask_field);
	der_leave(&fields, &salt_field);
	if (!cursor_at_end(&fields) || hash == HASH_UNKNOWN || !is_mgf1 || !is_same ||
		salt_len != primitives[hash].len)
		return HASH_UNKNOWN;
	return hash;
}

static bool
read_parameters(
	struct cursor *fields, enum parameters allowed, struct signature_algorithm *algorithm)
{
	switch (allowed) {
	case ABSENT:
		break;
	case ABSENT_OR_NULL:
		if (fields->left != 0 && der_read(fields, DER_NULL).len != 0)
			return false;
		break;
	case PSS:
		algorithm->hash = read_pss(fields);
		return true;
	case ANY:
		return true;
	}
	return cursor_at_end(fields);
}

bool
signature_algorithm_parse(struct signature_algorithm *algorithm, struct span identifier)
{
	struct cursor outer = cursor_over(identifier);
	struct cursor fields = der_enter(&outer, DER_SEQUENCE);

	*algorithm = (struct signature_algorithm){ .oid = der_read(&fields, DER_OID) };
	if (fields.broken || !cursor_at_end(&outer))
		return false;
	for (size_t i = 0; i < sizeof(algorithms) / sizeof(algorithms[0]); i++) {
		if (!oid_equal(&algorithms[i].oid, algorithm->oid))
			continue;
		algorithm->name = algorithms[i].name;
		algorithm->scheme = algorithms[i].scheme;
		algorithm->hash = algorithms[i].hash;
		return read_parameters(&fields, algorithms[i].parameters, algorithm);
	}
	return true;
}

bool
signature_algorithm_is_accepted(const struct signature_algorithm *algorithm)
{
	switch (algorithm->scheme) {
	case SCHEME_RSA_PKCS1:
	case SCHEME_RSA_PSS:
	case SCHEME_ECDSA:
		return algorithm->hash == HASH_SHA256 || algorithm->hash == HASH_SHA384 ||
		       algorithm->hash == HASH_SHA512;
	case SCHEME_ED25519:
	case SCHEME_ED448:
		return true;
	case SCHEME_UNKNOWN:
	case SCHEME_DSA:
		return false;
	}
	return false;
}

static bool
verify_pss(RsaKey *key, enum signature_hash hash, struct span message, struct span signature)
{
	uint8_t digest[WC_MAX_DIGEST_SIZE], plain[RSA_MAX_SIZE / 8];
	unsigned len = primitives[hash].len;

	if (signature.len > sizeof(plain) ||
		wc_Hash(primitives[hash].type, message.data, (word32)message.len, digest, len) != 0)
		return false;
	return wc_RsaPSS_VerifyCheck((uint8_t *)(uintptr_t)signature.data, (word32)signature.len,
		       plain, sizeof(plain), digest, len, primitives[hash].type,
		       primitives[hash].mgf, key) > 0;
}

/* RFC 8017 section 8: the signature is exactly as long as the modulus. */
static bool
verify_rsa(const struct public_key *key, const struct signature_algorithm *algorithm,
	struct span message, struct span signature)
{
	struct cursor outer = cursor_over(key->material);
	struct cursor numbers = der_enter(&outer, DER_SEQUENCE);
	struct span modulus = der_positive(&numbers), exponent = der_positive(&numbers);
	RsaKey rsa;
	bool good = false;

	if (key->kind != KEY_RSA || signature.len != modulus.len || wc_InitRsaKey(&rsa, NULL) != 0)
		return false;
	if (wc_RsaPublicKeyDecodeRaw(modulus.data, (word32)modulus.len, exponent.data,
		    (word32)exponent.len, &rsa) != 0)
		goto out;
	if (algorithm->scheme == SCHEME_RSA_PSS)
		good = verify_pss(&rsa, algorithm->hash, message, signature);
	else
		good = wc_SignatureVerify(primitives[algorithm->hash].type,
			       WC_SIGNATURE_TYPE_RSA_W_ENC, message.data, (word32)message.len,
			       signature.data, (word32)signature.len, &rsa, sizeof(rsa)) == 0;
out:
	wc_FreeRsaKey(&rsa);
	return good;
}

/* RFC 3279 section 2.2.3: SEQUENCE { r, s }, and nothing else, so that no byte of it can be
 * changed without the signature turning bad. */
static bool
is_ecdsa_value(struct span signature)
{
	struct cursor outer = cursor_over(signature);
	struct cursor numbers = der_enter(&outer, DER_SEQUENCE);

	der_positive(&numbers);
	der_positive(&numbers);
	der_leave(&outer, &numbers);
	return cursor_at_end(&outer);
}

static bool
verify_ecdsa(const struct public_key *key, const struct signature_algorithm *algorithm,
	struct span message, struct span signature)
{
	int curve = key->kind == KEY_P256   ? ECC_SECP256R1
		    : key->kind == KEY_P384 ? ECC_SECP384R1
		    : key->kind == KEY_P521 ? ECC_SECP521R1
					    : ECC_CURVE_INVALID;
	ecc_key ecc;
	bool good;

	if (curve == ECC_CURVE_INVALID || !is_ecdsa_value(signature) || wc_ecc_init(&ecc) != 0)
		return false;
	curve_points_begin();
	good = wc_ecc_import_x963_ex(key->material.data, (word32)key->material.len, &ecc, curve) ==
		       0 &&
	       wc_SignatureVerify(primitives[algorithm->hash].type, WC_SIGNATURE_TYPE_ECC,
		       message.data, (word32)message.len, signature.data, (word32)signature.len,
		       &ecc, sizeof(ecc)) == 0;
	curve_points_end();
	wc_ecc_free(&ecc);
	return good;
}

static bool
verify_ed25519(const struct public_key *key, struct span message, struct span signature)
{
	ed25519_key ed;
	int good = 0;

	if (key->kind != KEY_ED25519 || wc_ed25519_init(&ed) != 0)
		return false;
	if (wc_ed25519_import_public(key->material.data, (word32)key->material.len, &ed) != 0 ||
		wc_ed25519_verify_msg(signature.data, (word32)signature.len, message.data,
			(word32)message.len, &good, &ed) != 0)
		good = 0;
	wc_ed25519_free(&ed);
	return good == 1;
}

static bool
verify_ed448(const struct public_key *key, struct span message, struct span signature)
{
	ed448_key ed;
	int good = 0;

	if (key->kind != KEY_ED448 || wc_ed448_init(&ed) != 0)
		return false;
	if (wc_ed448_import_public(key->material.data, (word32)key->material.len, &ed) != 0 ||
		wc_ed448_verify_msg(signature.data, (word32)signature.len, message.data,
			(word32)message.len, &good, &ed, NULL, 0) != 0)
		good = 0;
	wc_ed448_free(&ed);
	return good == 1;
}

bool
signature_verify(const struct public_key *key, const struct signature_algorithm *algorithm,
	struct span message, struct span signature)
{
	if (!signature_algorithm_is_accepted(algorithm) || message.len > UINT32_MAX ||
		signature.len > UINT32_MAX)
		return false;
	switch (algorithm->scheme) {
	case SCHEME_RSA_PKCS1:
	case SCHEME_RSA_PSS:
		return verify_rsa(key, algorithm, message, signature);
	case SCHEME_ECDSA:
		return verify_ecdsa(key, algorithm, message, signature);
	case SCHEME_ED25519:
		return verify_ed25519(key, message, signature);
	case SCHEME_ED448:
		return verify_ed448(key, message, signature);
	case SCHEME_UNKNOWN:
	case SCHEME_DSA:
		break;
	}
	return false;
}

unsigned
signature_rsa_bits_max(void)
{
	return RSA_MAX_SIZE;
}

void
sha256(uint8_t digest[SHA256_LEN], struct span bytes)
{
	if (wc_Sha256Hash(bytes.data, (word32)bytes.len, digest) != 0)
		abort();
}

void
sha512(uint8_t digest[SHA512_LEN], struct span bytes)
{
	if (wc_Sha512Hash(bytes.data, (word32)bytes.len, digest) != 0)
		abort();
}

void
sha1(uint8_t digest[SHA1_LEN], struct span bytes)
{
	if (wc_ShaHash(bytes.data, (word32)bytes.len, digest) != 0)
		abort();
}
