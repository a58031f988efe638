/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Key schedule and records of TLS 1.3, by wolfCrypt. The key exchange needs no computation: our key
 * share is the base point of the curve, so that the secret can be read off the share of the server.
 */
#include "net/tls13_keys.h"

#include <stdlib.h>
#include <string.h>
#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/hash.h>
#include <wolfssl/wolfcrypt/hmac.h>

#include "protection.h"
#include "wire/groups.h"
#include "wire/key_shares.h"
#include "wire/tls_names.h"

#define SECRET_MAX TLS13_HASH_MAX
#define SHARED_MAX 66 /* of P-521 */

const uint16_t tls13_suites[TLS13_SUITES_COUNT] = { 0x1301, 0x1302, 0x1303, 0x1304, 0x1305 };

/* RFC 8446 appendix B.4. */
static const struct cipher {
	uint16_t suite;
	enum wc_HashType hash;
	int hmac;
	word32 hash_len;
} ciphers[TLS13_SUITES_COUNT] = {
	{ 0x1301, WC_HASH_TYPE_SHA256, WC_SHA256, 32 },
	{ 0x1302, WC_HASH_TYPE_SHA384, WC_SHA384, 48 },
	{ 0x1303, WC_HASH_TYPE_SHA256, WC_SHA256, 32 },
	{ 0x1304, WC_HASH_TYPE_SHA256, WC_SHA256, 32 },
	{ 0x1305, WC_HASH_TYPE_SHA256, WC_SHA256, 32 },
};

struct tls13_keys {
	struct hello_share shares[HELLO_SHARES_MAX];
	size_t count;

	const struct cipher *cipher; /* once agreed */
	struct protection protection;
};

/* The curves, whose secrets are x-coordinates. */
bool
tls13_keys_can(uint16_t group)
{
	return group == GROUP_X25519 || group == GROUP_SECP256R1 || group == GROUP_SECP384R1 ||
	       group == GROUP_SECP521R1;
}

struct tls13_keys *
tls13_keys_create(const uint16_t *groups, size_t count)
{
	struct tls13_keys *keys = calloc(1, sizeof(*keys));

	if (keys == NULL)
		return NULL;
	for (; keys->count < count && keys->count < HELLO_SHARES_MAX; keys->count++)
		if (!tls13_keys_can(groups[keys->count]) ||
			!key_share_of(groups[keys->count], &keys->shares[keys->count])) {
			free(keys);
			return NULL;
		}
	return keys;
}

void
tls13_keys_release(struct tls13_keys *keys)
{
	free(keys);
}

const struct hello_share *
tls13_keys_shares(const struct tls13_keys *keys)
{
	return keys->shares;
}

/* RFC 8446 section 7.4.2: what a point of small order gives is no secret. */
static bool
is_zero(const uint8_t *bytes, size_t len)
{
	uint8_t any = 0;

	while (len-- > 0)
		any |= bytes[len];
	return any == 0;
}

/* RFC 8446 section 7.4.2: the x-coordinate. With the base point for our share, what a server makes of
 * it and of its own key is its own share. */
static bool
share_secret(
	const struct tls13_keys *keys, const struct tls13_agreement *agreement, struct span *shared)
{
	struct span theirs = agreement->share;

	for (size_t i = 0; i < keys->count; i++) {
		if (keys->shares[i].group != agreement->group)
			continue;
		if (theirs.len != keys->shares[i].key.len)
			return false;
		*shared = theirs;
		if (agreement->group != GROUP_X25519)
			*shared = (struct span){ theirs.data + 1, theirs.len / 2 };
		return !is_zero(shared->data, shared->len);
	}
	return false;
}

/* HKDF-Expand-Label (RFC 8446 section 7.1). */
static bool
expand_label(const struct cipher *cipher, const uint8_t *secret, const char *label,
	struct span context, uint8_t *out, word32 out_len)
{
	uint8_t info[2 + 1 + 32 + 1 + SECRET_MAX];
	size_t label_len = strlen("tls13 ") + strlen(label), at = 0;

	if (label_len > 32 || context.len > SECRET_MAX)
		return false;
	info[at++] = (uint8_t)(out_len >> 8);
	info[at++] = (uint8_t)(out_len & 0xff);
	info[at++] = (uint8_t)label_len;
	memcpy(info + at, "tls13 ", 6);
	memcpy(info + at + 6, label, strlen(label));
	at += label_len;
	info[at++] = (uint8_t)context.len;
	if (context.len != 0)
		memcpy(info + at, context.data, context.len);
	at += context.len;
	return wc_HKDF_Expand(
		       cipher->hmac, secret, cipher->hash_len, info, (word32)at, out, out_len) == 0;
}

/* The secret of the server's handshake traffic, from the exchanged one and the transcript. */
static bool
derive_secret(const struct cipher *cipher, struct span shared, struct span hash,
	uint8_t secret[SECRET_MAX])
{
	const uint8_t zeros[SECRET_MAX] = { 0 };
	uint8_t early[SECRET_MAX], salt[SECRET_MAX], handshake[SECRET_MAX], empty[SECRET_MAX];
	uint8_t ikm[SECRET_MAX] = { 0 }, exchanged[SHARED_MAX];

	memcpy(exchanged, shared.data, shared.len);
	return wc_HKDF_Extract(
		       cipher->hmac, zeros, cipher->hash_len, ikm, cipher->hash_len, early) == 0 &&
	       wc_Hash(cipher->hash, zeros, 0, empty, cipher->hash_len) == 0 &&
	       expand_label(cipher, early, "derived", (struct span){ empty, cipher->hash_len },
		       salt, cipher->hash_len) &&
	       wc_HKDF_Extract(cipher->hmac, salt, cipher->hash_len, exchanged, (word32)shared.len,
		       handshake) == 0 &&
	       expand_label(cipher, handshake, "s hs traffic", hash, secret, cipher->hash_len);
}

size_t
tls13_keys_transcript(const struct tls13_keys *keys, const struct span *parts, size_t count,
	uint8_t hash[TLS13_HASH_MAX])
{
	const struct cipher *cipher = keys->cipher;
	struct buf all;
	bool good;

	if (cipher == NULL)
		return 0;
	buf_init(&all, SIZE_MAX / 4);
	for (size_t i = 0; i < count; i++)
		buf_add(&all, parts[i].data, parts[i].len);
	good = all.len <= UINT32_MAX && wc_Hash(cipher->hash, (const byte *)all.data,
						(word32)all.len, hash, cipher->hash_len) == 0;
	buf_release(&all);
	return good ? cipher->hash_len : 0;
}

static const struct cipher *
cipher_of(uint16_t suite)
{
	for (size_t i = 0; i < TLS13_SUITES_COUNT; i++)
		if (ciphers[i].suite == suite)
			return &ciphers[i];
	return NULL;
}

bool
tls13_stand_in(uint16_t suite, struct span client_hello, struct buf *out)
{
	const struct cipher *cipher = cipher_of(suite);
	uint8_t message[4 + TLS13_HASH_MAX] = { TLS_HANDSHAKE_MESSAGE_HASH };

	if (cipher == NULL || client_hello.len > UINT32_MAX ||
		wc_Hash(cipher->hash, client_hello.data, (word32)client_hello.len, message + 4,
			cipher->hash_len) != 0)
		return false;
	message[3] = (uint8_t)cipher->hash_len;
	return buf_add(out, message, 4 + cipher->hash_len);
}

bool
tls13_keys_agree(
	struct tls13_keys *keys, const struct tls13_agreement *agreement, struct error *error)
{
	const struct span hellos[] = { agreement->client_hello, agreement->server_hello };
	uint8_t hash[SECRET_MAX], secret[SECRET_MAX];
	const struct span none = { NULL, 0 };
	const struct cipher *cipher = cipher_of(agreement->suite);
	struct span shared;

	if (cipher == NULL)
		return error_set(error, "RFC 8446 4.1.3: the server chose a suite that was not "
					"offered");
	if (!share_secret(keys, agreement, &shared))
		return error_set(error, "RFC 8446 4.2.8: the server's key share is of no use");
	keys->cipher = cipher;
	keys->protection = protection_of(TLS_VERSION_1_3, cipher->suite);
	return (tls13_keys_transcript(keys, hellos, 2, hash) != 0 &&
		       derive_secret(
			       cipher, shared, (struct span){ hash, cipher->hash_len }, secret) &&
		       expand_label(cipher, secret, "key", none, keys->protection.key,
			       (word32)keys->protection.key_len) &&
		       expand_label(cipher, secret, "iv", none, keys->protection.iv,
			       PROTECTION_IV_LEN)) ||
	       error_set(error, "the keys could not be derived");
}

bool
tls13_keys_open(struct tls13_keys *keys, const struct flight_record *record, uint8_t *type,
	struct buf *out, struct error *error)
{
	if (keys->cipher == NULL || record->body.len <= keys->protection.tag_len)
		return error_set(error, "RFC 8446 5.2: a record is too short to be encrypted");
	if (out->dropped != 0 || out->limit - out->len < record->body.len)
		return error_set(error, "more than 128 KiB of handshake messages");
	return protection_open(&keys->protection, record, type, out) ||
	       error_set(error, "RFC 8446 5.2: a record does not decrypt, or is empty");
}
