/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Key exchange, key schedule and records of TLS 1.3, by wolfCrypt.
 */
#include "net/tls13_keys.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/curve25519.h>
#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/hash.h>
#include <wolfssl/wolfcrypt/hmac.h>

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

/* A key pair. What is read with it is no secret, and nothing is ever sent with it: it is made when it
 * is first wanted, and then serves all connections. */
struct key_pair {
	uint16_t group;
	int curve; /* ECC_CURVE_INVALID: X25519 */
	bool made;
	uint8_t secret[SHARED_MAX], point[POINT_MAX];
	word32 secret_len, point_len;
};

static pthread_mutex_t pairs_lock = PTHREAD_MUTEX_INITIALIZER; /* of making them */
static struct key_pair pairs[] = {
	{ .group = GROUP_X25519, .curve = ECC_CURVE_INVALID },
	{ .group = GROUP_SECP256R1, .curve = ECC_SECP256R1 },
	{ .group = GROUP_SECP384R1, .curve = ECC_SECP384R1 },
	{ .group = GROUP_SECP521R1, .curve = ECC_SECP521R1 },
};

struct tls13_keys {
	const struct key_pair *own[HELLO_SHARES_MAX];
	struct hello_share shares[HELLO_SHARES_MAX];
	size_t count;

	const struct cipher *cipher; /* once agreed */
	struct protection protection;
};

static bool
make_x25519(struct key_pair *pair, WC_RNG *rng)
{
	curve25519_key key;
	bool good;

	if (wc_curve25519_init(&key) != 0)
		return false;
	good = wc_curve25519_make_key(rng, CURVE25519_KEYSIZE, &key) == 0 &&
	       wc_curve25519_export_private_raw_ex(
		       &key, pair->secret, &pair->secret_len, EC25519_LITTLE_ENDIAN) == 0 &&
	       wc_curve25519_export_public_ex(
		       &key, pair->point, &pair->point_len, EC25519_LITTLE_ENDIAN) == 0;
	wc_curve25519_free(&key);
	return good;
}

static bool
make_ecc(struct key_pair *pair, WC_RNG *rng)
{
	ecc_key key;
	bool good;

	if (wc_ecc_init(&key) != 0)
		return false;
	good = wc_ecc_make_key_ex(
		       rng, wc_ecc_get_curve_size_from_id(pair->curve), &key, pair->curve) == 0 &&
	       wc_ecc_export_private_only(&key, pair->secret, &pair->secret_len) == 0 &&
	       wc_ecc_export_x963(&key, pair->point, &pair->point_len) == 0;
	wc_ecc_free(&key);
	curve_points_forget();
	return good;
}

static bool
make_pair(struct key_pair *pair)
{
	WC_RNG rng;
	bool good;

	if (wc_InitRng(&rng) != 0)
		return false;
	pair->secret_len = sizeof(pair->secret);
	pair->point_len = sizeof(pair->point);
	good = pair->curve == ECC_CURVE_INVALID ? make_x25519(pair, &rng) : make_ecc(pair, &rng);
	wc_FreeRng(&rng);
	return good;
}

/* NULL: there is none of that group, or the library could not make it. */
static const struct key_pair *
pair_of(uint16_t group)
{
	const struct key_pair *found = NULL;

	pthread_mutex_lock(&pairs_lock);
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		if (pairs[i].group != group)
			continue;
		pairs[i].made = pairs[i].made || make_pair(&pairs[i]);
		found = pairs[i].made ? &pairs[i] : NULL;
	}
	pthread_mutex_unlock(&pairs_lock);
	return found;
}

struct tls13_keys *
tls13_keys_create(const uint16_t *groups, size_t count)
{
	struct tls13_keys *keys = calloc(1, sizeof(*keys));

	if (keys == NULL)
		return NULL;
	for (; keys->count < count && keys->count < HELLO_SHARES_MAX; keys->count++) {
		const struct key_pair *pair = pair_of(groups[keys->count]);

		if (pair == NULL) {
			free(keys);
			return NULL;
		}
		keys->own[keys->count] = pair;
		keys->shares[keys->count] = (struct hello_share){ .group = pair->group,
			.key = { pair->point, pair->point_len } };
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

static bool
share_x25519(const struct key_pair *pair, struct span theirs, uint8_t *shared, word32 *len)
{
	curve25519_key own, peer;
	bool good;

	if (wc_curve25519_init(&own) != 0)
		return false;
	if (wc_curve25519_init(&peer) != 0) {
		wc_curve25519_free(&own);
		return false;
	}
	good = wc_curve25519_import_private_ex(
		       pair->secret, pair->secret_len, &own, EC25519_LITTLE_ENDIAN) == 0 &&
	       wc_curve25519_import_public_ex(
		       theirs.data, (word32)theirs.len, &peer, EC25519_LITTLE_ENDIAN) == 0 &&
	       wc_curve25519_shared_secret_ex(&own, &peer, shared, len, EC25519_LITTLE_ENDIAN) == 0;
	wc_curve25519_free(&peer);
	wc_curve25519_free(&own);
	return good;
}

static bool
share_points(const struct key_pair *pair, struct span theirs, ecc_key *own, ecc_key *peer,
	uint8_t *shared, word32 *len)
{
	WC_RNG rng;
	bool good;

	if (wc_InitRng(&rng) != 0)
		return false;
	good = wc_ecc_import_private_key_ex(pair->secret, pair->secret_len, pair->point,
		       pair->point_len, own, pair->curve) == 0 &&
	       wc_ecc_import_x963_ex(theirs.data, (word32)theirs.len, peer, pair->curve) == 0 &&
	       wc_ecc_set_rng(own, &rng) == 0 && wc_ecc_shared_secret(own, peer, shared, len) == 0;
	wc_FreeRng(&rng);
	return good;
}

static bool
share_ecc(const struct key_pair *pair, struct span theirs, uint8_t *shared, word32 *len)
{
	ecc_key own, peer;
	bool good = false;

	if (wc_ecc_init(&own) != 0)
		return false;
	if (wc_ecc_init(&peer) == 0) {
		good = share_points(pair, theirs, &own, &peer, shared, len);
		wc_ecc_free(&peer);
	}
	wc_ecc_free(&own);
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
share_secret(const struct tls13_keys *keys, const struct tls13_agreement *agreement,
	uint8_t *shared, word32 *len)
{
	for (size_t i = 0; i < keys->count; i++) {
		const struct key_pair *own = keys->own[i];

		if (own->group != agreement->group)
			continue;
		return (own->curve == ECC_CURVE_INVALID
				       ? share_x25519(own, agreement->share, shared, len)
				       : share_ecc(own, agreement->share, shared, len)) &&
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
