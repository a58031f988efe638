/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Key exchange, key schedule and records of TLS 1.3, by wolfCrypt.
 */
#include "net/tls13_keys.h"

#include <stdlib.h>
#include <string.h>
#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/curve25519.h>
#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/hash.h>
#include <wolfssl/wolfcrypt/hmac.h>

#include "base/names.h"
#include "protection.h"
#include "wire/groups.h"
#include "wire/tls_names.h"
#include "x509/curve_points.h"

#define SECRET_MAX TLS13_HASH_MAX
#define POINT_MAX 133 /* of P-521, uncompressed */
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

static const struct name_code curves[] = {
	{ "P-256", GROUP_SECP256R1 },
	{ "P-384", GROUP_SECP384R1 },
	{ "P-521", GROUP_SECP521R1 },
	{ NULL, 0 },
};
static const int curve_ids[] = { ECC_SECP256R1, ECC_SECP384R1, ECC_SECP521R1 };

struct private_share {
	bool is_x25519;
	curve25519_key x25519;
	ecc_key ecc;
	bool made;
	uint8_t point[POINT_MAX];
};

struct tls13_keys {
	WC_RNG rng;
	bool rng_made;
	struct private_share own[HELLO_SHARES_MAX];
	struct hello_share shares[HELLO_SHARES_MAX];
	size_t count;

	const struct cipher *cipher; /* once agreed */
	struct protection protection;
};

static bool
make_x25519(struct tls13_keys *keys, struct private_share *own, word32 *len)
{
	own->is_x25519 = true;
	own->made = wc_curve25519_init(&own->x25519) == 0;
	return own->made &&
	       wc_curve25519_make_key(&keys->rng, CURVE25519_KEYSIZE, &own->x25519) == 0 &&
	       wc_curve25519_export_public_ex(
		       &own->x25519, own->point, len, EC25519_LITTLE_ENDIAN) == 0;
}

static bool
make_ecc(struct tls13_keys *keys, struct private_share *own, int curve, word32 *len)
{
	own->made = wc_ecc_init(&own->ecc) == 0;
	return own->made &&
	       wc_ecc_make_key_ex(
		       &keys->rng, wc_ecc_get_curve_size_from_id(curve), &own->ecc, curve) == 0 &&
	       wc_ecc_export_x963(&own->ecc, own->point, len) == 0;
}

static bool
make_share(struct tls13_keys *keys, uint16_t group)
{
	struct private_share *own = &keys->own[keys->count];
	word32 len = sizeof(own->point);
	bool made = false;

	if (group == GROUP_X25519)
		made = make_x25519(keys, own, &len);
	for (size_t i = 0; curves[i].name != NULL; i++)
		if (curves[i].code == group)
			made = make_ecc(keys, own, curve_ids[i], &len);
	keys->shares[keys->count++] =
		(struct hello_share){ .group = group, .key = { own->point, len } };
	return made;
}

struct tls13_keys *
tls13_keys_create(const uint16_t *groups, size_t count)
{
	struct tls13_keys *keys = calloc(1, sizeof(*keys));
	bool made;

	if (keys == NULL)
		return NULL;
	keys->rng_made = made = wc_InitRng(&keys->rng) == 0;
	for (size_t i = 0; i < count && i < HELLO_SHARES_MAX; i++)
		made = made && make_share(keys, groups[i]);
	curve_points_forget();
	if (made)
		return keys;
	tls13_keys_release(keys);
	return NULL;
}

void
tls13_keys_release(struct tls13_keys *keys)
{
	if (keys == NULL)
		return;
	for (size_t i = 0; i < keys->count; i++) {
		if (!keys->own[i].made)
			continue;
		if (keys->own[i].is_x25519)
			wc_curve25519_free(&keys->own[i].x25519);
		else
			wc_ecc_free(&keys->own[i].ecc);
	}
	if (keys->rng_made)
		wc_FreeRng(&keys->rng);
	free(keys);
}

const struct hello_share *
tls13_keys_shares(const struct tls13_keys *keys)
{
	return keys->shares;
}

static bool
share_x25519(struct private_share *own, struct span theirs, uint8_t *shared, word32 *len)
{
	curve25519_key peer;
	bool good;

	if (wc_curve25519_init(&peer) != 0)
		return false;
	good = wc_curve25519_import_public_ex(
		       theirs.data, (word32)theirs.len, &peer, EC25519_LITTLE_ENDIAN) == 0 &&
	       wc_curve25519_shared_secret_ex(
		       &own->x25519, &peer, shared, len, EC25519_LITTLE_ENDIAN) == 0;
	wc_curve25519_free(&peer);
	return good;
}

static bool
share_ecc(struct tls13_keys *keys, struct private_share *own, struct span theirs, uint8_t *shared,
	word32 *len)
{
	ecc_key peer;
	bool good;

	if (wc_ecc_init(&peer) != 0)
		return false;
	good = wc_ecc_import_x963_ex(theirs.data, (word32)theirs.len, &peer, own->ecc.dp->id) ==
		       0 &&
	       wc_ecc_set_rng(&own->ecc, &keys->rng) == 0 &&
	       wc_ecc_shared_secret(&own->ecc, &peer, shared, len) == 0;
	wc_ecc_free(&peer);
	curve_points_forget();
	return good;
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

static bool
share_secret(struct tls13_keys *keys, const struct tls13_agreement *agreement, uint8_t *shared,
	word32 *len)
{
	for (size_t i = 0; i < keys->count; i++) {
		struct private_share *own = &keys->own[i];

		if (keys->shares[i].group != agreement->group)
			continue;
		return (own->is_x25519 ? share_x25519(own, agreement->share, shared, len)
				       : share_ecc(keys, own, agreement->share, shared, len)) &&
		       !is_zero(shared, *len);
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
derive_secret(const struct cipher *cipher, const uint8_t *shared, word32 shared_len,
	struct span hash, uint8_t secret[SECRET_MAX])
{
	const uint8_t zeros[SECRET_MAX] = { 0 };
	uint8_t early[SECRET_MAX], salt[SECRET_MAX], handshake[SECRET_MAX], empty[SECRET_MAX];
	uint8_t ikm[SECRET_MAX] = { 0 }, exchanged[SHARED_MAX];

	memcpy(exchanged, shared, shared_len);
	return wc_HKDF_Extract(
		       cipher->hmac, zeros, cipher->hash_len, ikm, cipher->hash_len, early) == 0 &&
	       wc_Hash(cipher->hash, zeros, 0, empty, cipher->hash_len) == 0 &&
	       expand_label(cipher, early, "derived", (struct span){ empty, cipher->hash_len },
		       salt, cipher->hash_len) &&
	       wc_HKDF_Extract(cipher->hmac, salt, cipher->hash_len, exchanged, shared_len,
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

bool
tls13_keys_agree(
	struct tls13_keys *keys, const struct tls13_agreement *agreement, struct error *error)
{
	const struct span hellos[] = { agreement->client_hello, agreement->server_hello };
	uint8_t shared[SHARED_MAX], hash[SECRET_MAX], secret[SECRET_MAX];
	const struct span none = { NULL, 0 };
	const struct cipher *cipher = NULL;
	word32 len = sizeof(shared);

	for (size_t i = 0; i < TLS13_SUITES_COUNT; i++)
		if (ciphers[i].suite == agreement->suite)
			cipher = &ciphers[i];
	if (cipher == NULL)
		return error_set(error, "RFC 8446 4.1.3: the server chose a suite that was not "
					"offered");
	if (!share_secret(keys, agreement, shared, &len))
		return error_set(error, "RFC 8446 4.2.8: the server's key share is of no use");
	keys->cipher = cipher;
	keys->protection = protection_of(TLS_VERSION_1_3, cipher->suite);
	return (tls13_keys_transcript(keys, hellos, 2, hash) != 0 &&
		       derive_secret(cipher, shared, len, (struct span){ hash, cipher->hash_len },
			       secret) &&
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
