/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Modular exponentiation by wolfCrypt, without any padding.
 */
#include "x509/rsa_encrypt.h"

#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/random.h>
#include <wolfssl/wolfcrypt/rsa.h>

#include "der.h"

/* The largest modulus that is taken, in bytes. */
#define BLOCK_MAX 1024

/* RSAPublicKey (RFC 8017 appendix A.1.1). */
static void
read_numbers(const struct public_key *key, struct span *modulus, struct span *exponent)
{
	struct cursor outer = cursor_over(key->material);
	struct cursor numbers = der_enter(&outer, DER_SEQUENCE);

	*modulus = der_positive(&numbers);
	*exponent = der_positive(&numbers);
}

size_t
rsa_block_len(const struct public_key *key)
{
	struct span modulus, exponent;

	if (key->kind != KEY_RSA)
		return 0;
	read_numbers(key, &modulus, &exponent);
	return modulus.len <= BLOCK_MAX ? modulus.len : 0;
}

bool
rsa_encrypt_block(const struct public_key *key, struct span block, struct buf *out)
{
	uint8_t encrypted[BLOCK_MAX];
	word32 len = sizeof(encrypted);
	struct span modulus, exponent;
	bool done = false;
	RsaKey rsa;
	WC_RNG rng;

	if (block.len == 0 || rsa_block_len(key) != block.len || wc_InitRsaKey(&rsa, NULL) != 0)
		return false;
	read_numbers(key, &modulus, &exponent);
	if (wc_InitRng(&rng) != 0)
		goto out;
	done = wc_RsaPublicKeyDecodeRaw(modulus.data, (word32)modulus.len, exponent.data,
		       (word32)exponent.len, &rsa) == 0 &&
	       wc_RsaDirect((uint8_t *)(uintptr_t)block.data, (word32)block.len, encrypted, &len,
		       &rsa, RSA_PUBLIC_ENCRYPT, &rng) == (int)block.len &&
	       buf_add(out, encrypted, block.len);
	wc_FreeRng(&rng);
out:
	wc_FreeRsaKey(&rsa);
	return done;
}
