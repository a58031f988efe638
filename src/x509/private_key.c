/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Signs a text with the key by wolfCrypt, and verifies it with the certificate's.
 */
#include "x509/private_key.h"

#include <stdlib.h>
#include <string.h>
#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/asn_public.h>
#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/ed25519.h>
#include <wolfssl/wolfcrypt/random.h>
#include <wolfssl/wolfcrypt/rsa.h>
#include <wolfssl/wolfcrypt/signature.h>

#include "base/arena.h"
#include "base/buf.h"

/* What is signed; a key of a mail server never signs such a text elsewhere. */
static const uint8_t message[] = "starttls-gate: does this key belong to the certificate?";

#define SIGNATURE_MAX 1024

/* A private key in its traditional DER, and what was signed with it. */
struct signer {
	uint8_t der[PRIVATE_KEY_MAX];
	word32 der_len;
	WC_RNG rng;
	uint8_t signature[SIGNATURE_MAX];
	word32 signature_len;
};

static bool
sign_with_rsa(struct signer *signer)
{
	word32 index = 0;
	RsaKey key;
	bool good;

	if (wc_InitRsaKey(&key, NULL) != 0)
		return false;
	good = wc_RsaPrivateKeyDecode(signer->der, &index, &key, signer->der_len) == 0 &&
	       wc_RsaSetRNG(&key, &signer->rng) == 0 &&
	       wc_SignatureGenerate(WC_HASH_TYPE_SHA256, WC_SIGNATURE_TYPE_RSA_W_ENC, message,
		       sizeof(message), signer->signature, &signer->signature_len, &key,
		       sizeof(key), &signer->rng) == 0;
	wc_FreeRsaKey(&key);
	return good;
}

static bool
sign_with_ec(struct signer *signer)
{
	word32 index = 0;
	ecc_key key;
	bool good;

	if (wc_ecc_init(&key) != 0)
		return false;
	good = wc_EccPrivateKeyDecode(signer->der, &index, &key, signer->der_len) == 0 &&
	       wc_SignatureGenerate(WC_HASH_TYPE_SHA256, WC_SIGNATURE_TYPE_ECC, message,
		       sizeof(message), signer->signature, &signer->signature_len, &key,
		       sizeof(key), &signer->rng) == 0;
	wc_ecc_free(&key);
	return good;
}

static bool
sign_with_ed25519(struct signer *signer)
{
	uint8_t public_key[ED25519_PUB_KEY_SIZE];
	word32 index = 0;
	ed25519_key key;
	bool good;

	if (wc_ed25519_init(&key) != 0)
		return false;
	good = wc_Ed25519PrivateKeyDecode(signer->der, &index, &key, signer->der_len) == 0 &&
	       wc_ed25519_make_public(&key, public_key, sizeof(public_key)) == 0 &&
	       wc_ed25519_import_public(public_key, sizeof(public_key), &key) == 0 &&
	       wc_ed25519_sign_msg(message, sizeof(message), signer->signature,
		       &signer->signature_len, &key) == 0;
	wc_ed25519_free(&key);
	return good;
}

static const struct kind {
	bool (*sign)(struct signer *signer);
	struct signature_algorithm algorithm;
} kinds[] = {
	{ sign_with_rsa, { .scheme = SCHEME_RSA_PKCS1, .hash = HASH_SHA256 } },
	{ sign_with_ec, { .scheme = SCHEME_ECDSA, .hash = HASH_SHA256 } },
	{ sign_with_ed25519, { .scheme = SCHEME_ED25519, .hash = HASH_INTRINSIC } },
};

/* The first of the kinds that the key can be read as. A signature too long for its key, or of
 * another kind, does not verify. */
static enum private_key_outcome
compare(struct signer *signer, const struct public_key *key, struct error *error)
{
	struct span text = { message, sizeof(message) };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct span signature = { signer->signature, 0 };

		signer->signature_len = sizeof(signer->signature);
		if (!kinds[i].sign(signer))
			continue;
		signature.len = signer->signature_len;
		return signature_verify(key, &kinds[i].algorithm, text, signature)
			       ? PRIVATE_KEY_MATCHES
			       : PRIVATE_KEY_DIFFERS;
	}
	error_set(error, "no private key that can be read, of RSA, P-256, P-384, P-521 or Ed25519");
	return PRIVATE_KEY_UNREADABLE;
}

/* The password that is not given; without this, one would be asked for on the terminal. */
static bool
is_encrypted(const char *pem, size_t len)
{
	static const char *const marks[] = { "BEGIN ENCRYPTED PRIVATE KEY",
		"Proc-Type: 4,ENCRYPTED" };

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		for (size_t at = 0; at + strlen(marks[i]) <= len; at++)
			if (memcmp(pem + at, marks[i], strlen(marks[i])) == 0)
				return true;
	return false;
}

static enum private_key_outcome
load_and_compare(struct signer *signer, const char *pem, size_t len, const struct public_key *key,
	struct error *error)
{
	enum private_key_outcome outcome;
	int der_len = wc_KeyPemToDer(
		(const uint8_t *)pem, (int)len, signer->der, (int)sizeof(signer->der), NULL);

	if (der_len <= 0) {
		error_set(error, "RFC 7468 section 10: no private key in PEM");
		return PRIVATE_KEY_UNREADABLE;
	}
	signer->der_len = (word32)der_len;
	if (wc_InitRng(&signer->rng) != 0) {
		error_set(error, "no random numbers");
		return PRIVATE_KEY_UNREADABLE;
	}
	outcome = compare(signer, key, error);
	wc_FreeRng(&signer->rng);
	return outcome;
}

enum private_key_outcome
private_key_compare(const char *pem, size_t len, const struct public_key *key, struct error *error)
{
	enum private_key_outcome outcome;
	struct signer *signer;

	if (len > PRIVATE_KEY_MAX || is_encrypted(pem, len)) {
		error_set(error, "private key %s",
			len > PRIVATE_KEY_MAX ? "of more than 64 KiB" : "with a password");
		return PRIVATE_KEY_UNREADABLE;
	}
	signer = calloc(1, sizeof(*signer));
	if (signer == NULL)
		out_of_memory();
	outcome = load_and_compare(signer, pem, len, key, error);
	wipe(signer, sizeof(*signer));
	free(signer);
	return outcome;
}
