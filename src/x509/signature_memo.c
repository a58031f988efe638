/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A table of digests, each in the one place that its first bytes name. The lock is held while a
 * digest is compared or put down, never while a signature is computed.
 */
#include "x509/signature_memo.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/sha256.h>

/* A power of two of at most 65536. */
#define SLOTS 1024

struct slot {
	bool taken;
	uint8_t digest[SHA256_LEN];
};

struct signature_memo {
	pthread_mutex_t lock; /* of what follows */
	struct slot slots[SLOTS];
};

struct signature_memo *
signature_memo_create(void)
{
	struct signature_memo *memo = calloc(1, sizeof(*memo));

	if (memo == NULL)
		out_of_memory();
	pthread_mutex_init(&memo->lock, NULL);
	return memo;
}

void
signature_memo_release(struct signature_memo *memo)
{
	if (memo == NULL)
		return;
	pthread_mutex_destroy(&memo->lock);
	free(memo);
}

static bool
digest_number(wc_Sha256 *sha, uint64_t number)
{
	uint8_t bytes[8];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(number >> (56 - 8 * i));
	return wc_Sha256Update(sha, bytes, sizeof(bytes)) == 0;
}

/* With its length before it, no byte of one part can pass for one of the next. */
static bool
digest_part(wc_Sha256 *sha, struct span part)
{
	return part.len <= UINT32_MAX && digest_number(sha, part.len) &&
	       (part.len == 0 || wc_Sha256Update(sha, part.data, (word32)part.len) == 0);
}

/* All that signature_verify looks at. False when the library cannot hash it. */
static bool
digest_of(uint8_t digest[SHA256_LEN], const struct public_key *key,
	const struct signature_algorithm *algorithm, struct span message, struct span signature)
{
	wc_Sha256 sha;
	bool good;

	if (wc_InitSha256(&sha) != 0)
		return false;
	good = digest_number(&sha, algorithm->scheme) && digest_number(&sha, algorithm->hash) &&
	       digest_number(&sha, key->kind) && digest_part(&sha, key->material) &&
	       digest_part(&sha, message) && digest_part(&sha, signature) &&
	       wc_Sha256Final(&sha, digest) == 0;
	wc_Sha256Free(&sha);
	return good;
}

static struct slot *
slot_of(struct signature_memo *memo, const uint8_t digest[SHA256_LEN])
{
	return &memo->slots[((size_t)digest[0] << 8 | digest[1]) % SLOTS];
}

static bool
is_known(struct signature_memo *memo, const uint8_t digest[SHA256_LEN])
{
	const struct slot *slot = slot_of(memo, digest);
	bool known;

	pthread_mutex_lock(&memo->lock);
	known = slot->taken && memcmp(slot->digest, digest, SHA256_LEN) == 0;
	pthread_mutex_unlock(&memo->lock);
	return known;
}

static void
keep(struct signature_memo *memo, const uint8_t digest[SHA256_LEN])
{
	struct slot *slot = slot_of(memo, digest);

	pthread_mutex_lock(&memo->lock);
	slot->taken = true;
	memcpy(slot->digest, digest, SHA256_LEN);
	pthread_mutex_unlock(&memo->lock);
}

bool
signature_memo_verify(struct signature_memo *memo, const struct public_key *key,
	const struct signature_algorithm *algorithm, struct span message, struct span signature,
	size_t *computed)
{
	uint8_t digest[SHA256_LEN];
	bool hashed = memo != NULL && digest_of(digest, key, algorithm, message, signature);

	if (hashed && is_known(memo, digest))
		return true;
	++*computed;
	if (!signature_verify(key, algorithm, message, signature))
		return false;
	if (hashed)
		keep(memo, digest);
	return true;
}
