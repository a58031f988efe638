/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Record protection by wolfCrypt: AEAD in TLS 1.2 and 1.3, CBC with HMAC below TLS 1.3.
 */
#include "protection.h"

#include <string.h>
#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/aes.h>
#include <wolfssl/wolfcrypt/chacha20_poly1305.h>
#include <wolfssl/wolfcrypt/hmac.h>

#include "base/entropy.h"
#include "wire/client_hello_bytes.h"
#include "wire/suites.h"
#include "wire/tls_names.h"

#define SALT_LEN 4
#define EXPLICIT_LEN 8
#define TAG_LEN 16
#define SHORT_TAG_LEN 8 /* of CCM_8 */
#define BLOCK_LEN 16

/* Number, type, version and length (RFC 5246 section 6.2.3.3); in TLS 1.3 the header alone. */
#define AAD_MAX 13

/* One AEAD operation. */
struct sealing {
	uint8_t nonce[PROTECTION_IV_LEN];
	uint8_t aad[AAD_MAX];
	size_t aad_len;
};

static bool
has_part(const struct suite *suite, const char *part)
{
	return strstr(suite->name, part) != NULL;
}

static enum protection_cipher
cipher_of(const struct suite *suite)
{
	if (has_part(suite, "_AES_") && has_part(suite, "_GCM"))
		return PROTECTION_GCM;
	if (has_part(suite, "_AES_") && has_part(suite, "_CCM"))
		return PROTECTION_CCM;
	if (has_part(suite, "_CHACHA20_POLY1305"))
		return PROTECTION_CHACHA20;
	if (has_part(suite, "_AES_") && has_part(suite, "_CBC_SHA"))
		return PROTECTION_CBC;
	return PROTECTION_NONE;
}

static size_t
mac_len_of(const struct suite *suite)
{
	if (has_part(suite, "_SHA384"))
		return 48;
	return has_part(suite, "_SHA256") ? 32 : 20;
}

struct protection
protection_of(uint16_t version, uint16_t id)
{
	struct protection protection = { .version = version };
	const struct suite *suite = suite_by_id(id);

	if (suite == NULL)
		return protection;
	protection.cipher = cipher_of(suite);
	protection.key_len =
		has_part(suite, "_256_") || protection.cipher == PROTECTION_CHACHA20 ? 32 : 16;
	if (protection.cipher == PROTECTION_CBC)
		protection.mac_len = mac_len_of(suite);
	else
		protection.tag_len =
			(suite_classes(suite) & SUITE_CCM_8) != 0 ? SHORT_TAG_LEN : TAG_LEN;
	return protection;
}

static void
put_number(uint8_t out[8], uint64_t number)
{
	for (size_t i = 0; i < 8; i++)
		out[7 - i] = (uint8_t)(number >> 8 * i);
}

/* The IV with the record's number laid over its end (RFC 8446 section 5.3, RFC 7905 section 2), or
 * a salt with eight bytes that the record carries (RFC 5288 section 3). */
static void
make_nonce(const struct protection *own, const uint8_t explicit_part[EXPLICIT_LEN],
	uint8_t nonce[PROTECTION_IV_LEN])
{
	uint8_t number[8];

	memcpy(nonce, own->iv, PROTECTION_IV_LEN);
	if (explicit_part != NULL) {
		memcpy(nonce + SALT_LEN, explicit_part, EXPLICIT_LEN);
		return;
	}
	put_number(number, own->number);
	for (size_t i = 0; i < sizeof(number); i++)
		nonce[PROTECTION_IV_LEN - sizeof(number) + i] ^= number[i];
}

static void
put_header(uint8_t header[FLIGHT_RECORD_HEADER_LEN], uint8_t type, uint16_t version, size_t len)
{
	header[0] = type;
	header[1] = (uint8_t)(version >> 8);
	header[2] = (uint8_t)(version & 0xff);
	header[3] = (uint8_t)(len >> 8);
	header[4] = (uint8_t)(len & 0xff);
}

/* What is authenticated beside the content, up to TLS 1.2. */
static void
put_aad(const struct protection *own, uint8_t type, size_t len, uint8_t aad[AAD_MAX])
{
	put_number(aad, own->number);
	put_header(aad + 8, type, own->version, len);
}

static bool
aead_encrypt(const struct protection *own, const struct sealing *with, struct span content,
	uint8_t *sealed, uint8_t *tag)
{
	word32 len = (word32)content.len;
	bool done;
	Aes aes;

	if (own->cipher == PROTECTION_CHACHA20)
		return wc_ChaCha20Poly1305_Encrypt(own->key, with->nonce, with->aad,
			       (word32)with->aad_len, content.data, len, sealed, tag) == 0;
	if (wc_AesInit(&aes, NULL, INVALID_DEVID) != 0)
		return false;
	if (own->cipher == PROTECTION_CCM)
		done = wc_AesCcmSetKey(&aes, own->key, (word32)own->key_len) == 0 &&
		       wc_AesCcmEncrypt(&aes, sealed, content.data, len, with->nonce,
			       PROTECTION_IV_LEN, tag, (word32)own->tag_len, with->aad,
			       (word32)with->aad_len) == 0;
	else
		done = wc_AesGcmSetKey(&aes, own->key, (word32)own->key_len) == 0 &&
		       wc_AesGcmEncrypt(&aes, sealed, content.data, len, with->nonce,
			       PROTECTION_IV_LEN, tag, (word32)own->tag_len, with->aad,
			       (word32)with->aad_len) == 0;
	wc_AesFree(&aes);
	return done;
}

static bool
aead_decrypt(const struct protection *own, const struct sealing *with, struct span sealed,
	const uint8_t *tag, uint8_t *plain)
{
	word32 len = (word32)sealed.len;
	bool done;
	Aes aes;

	if (own->cipher == PROTECTION_CHACHA20)
		return wc_ChaCha20Poly1305_Decrypt(own->key, with->nonce, with->aad,
			       (word32)with->aad_len, sealed.data, len, tag, plain) == 0;
	if (wc_AesInit(&aes, NULL, INVALID_DEVID) != 0)
		return false;
	if (own->cipher == PROTECTION_CCM)
		done = wc_AesCcmSetKey(&aes, own->key, (word32)own->key_len) == 0 &&
		       wc_AesCcmDecrypt(&aes, plain, sealed.data, len, with->nonce,
			       PROTECTION_IV_LEN, tag, (word32)own->tag_len, with->aad,
			       (word32)with->aad_len) == 0;
	else
		done = wc_AesGcmSetKey(&aes, own->key, (word32)own->key_len) == 0 &&
		       wc_AesGcmDecrypt(&aes, plain, sealed.data, len, with->nonce,
			       PROTECTION_IV_LEN, tag, (word32)own->tag_len, with->aad,
			       (word32)with->aad_len) == 0;
	wc_AesFree(&aes);
	return done;
}

static bool
seal_aead(struct protection *own, uint8_t type, struct span content, struct buf *out)
{
	uint8_t sealed[FLIGHT_RECORD_BODY_MAX], tag[TAG_LEN], explicit_part[EXPLICIT_LEN];
	bool is_explicit = own->cipher != PROTECTION_CHACHA20;
	struct sealing with = { .aad_len = AAD_MAX };
	size_t len = content.len + own->tag_len + (is_explicit ? EXPLICIT_LEN : 0);

	entropy_fill(explicit_part, sizeof(explicit_part));
	make_nonce(own, is_explicit ? explicit_part : NULL, with.nonce);
	put_aad(own, type, content.len, with.aad);
	if (!aead_encrypt(own, &with, content, sealed, tag))
		return false;
	hello_put_u8(out, type);
	hello_put_u16(out, own->version);
	hello_put_u16(out, (uint16_t)len);
	if (is_explicit)
		buf_add(out, explicit_part, sizeof(explicit_part));
	buf_add(out, sealed, content.len);
	return buf_add(out, tag, own->tag_len);
}

static int
hash_of(size_t mac_len)
{
	if (mac_len == 48)
		return WC_SHA384;
	return mac_len == 32 ? WC_SHA256 : WC_SHA;
}

static bool
make_mac(const struct protection *own, uint8_t type, struct span content, uint8_t *mac)
{
	uint8_t aad[AAD_MAX];
	Hmac hmac;
	bool done;

	put_aad(own, type, content.len, aad);
	if (wc_HmacInit(&hmac, NULL, INVALID_DEVID) != 0)
		return false;
	done = wc_HmacSetKey(&hmac, hash_of(own->mac_len), own->mac_key, (word32)own->mac_len) ==
		       0 &&
	       wc_HmacUpdate(&hmac, aad, sizeof(aad)) == 0 &&
	       wc_HmacUpdate(&hmac, content.data, (word32)content.len) == 0 &&
	       wc_HmacFinal(&hmac, mac) == 0;
	wc_HmacFree(&hmac);
	return done;
}

/* Content, MAC and padding behind an IV of their own (RFC 5246 section 6.2.3.2). */
static bool
seal_cbc(struct protection *own, uint8_t type, struct span content, struct buf *out)
{
	uint8_t plain[FLIGHT_RECORD_BODY_MAX], sealed[FLIGHT_RECORD_BODY_MAX], iv[BLOCK_LEN];
	size_t len = content.len + own->mac_len;
	size_t padding = BLOCK_LEN - len % BLOCK_LEN;
	bool done;
	Aes aes;

	memcpy(plain, content.data, content.len);
	if (!make_mac(own, type, content, plain + content.len))
		return false;
	memset(plain + len, (int)(padding - 1), padding);
	len += padding;
	entropy_fill(iv, sizeof(iv));
	if (wc_AesInit(&aes, NULL, INVALID_DEVID) != 0)
		return false;
	done = wc_AesSetKey(&aes, own->key, (word32)own->key_len, iv, AES_ENCRYPTION) == 0 &&
	       wc_AesCbcEncrypt(&aes, sealed, plain, (word32)len) == 0;
	wc_AesFree(&aes);
	hello_put_u8(out, type);
	hello_put_u16(out, own->version);
	hello_put_u16(out, (uint16_t)(sizeof(iv) + len));
	buf_add(out, iv, sizeof(iv));
	return buf_add(out, sealed, len) && done;
}

bool
protection_seal(struct protection *own, uint8_t type, struct span content, struct buf *out)
{
	/* Room for a MAC and padding behind the longest content. */
	size_t most = FLIGHT_RECORD_BODY_MAX - 2 * PROTECTION_MAC_MAX;
	bool sealed = own->cipher != PROTECTION_NONE && content.len <= most &&
		      (own->cipher == PROTECTION_CBC ? seal_cbc(own, type, content, out)
						     : seal_aead(own, type, content, out));

	own->number++;
	return sealed && out->dropped == 0;
}

bool
protection_open(
	struct protection *own, const struct flight_record *record, uint8_t *type, struct buf *out)
{
	struct sealing with = { .aad_len = FLIGHT_RECORD_HEADER_LEN };
	uint8_t plain[FLIGHT_RECORD_BODY_MAX];
	size_t len = record->body.len;

	if (own->cipher == PROTECTION_NONE || own->cipher == PROTECTION_CBC || len <= own->tag_len)
		return false;
	put_header(with.aad, record->type, record->version, len);
	make_nonce(own, NULL, with.nonce);
	len -= own->tag_len;
	if (!aead_decrypt(own, &with, (struct span){ record->body.data, len },
		    record->body.data + len, plain))
		return false;
	own->number++;
	/* The type stands behind the content, and padding behind that (RFC 8446 section 5.4). */
	while (len > 0 && plain[len - 1] == 0)
		len--;
	if (len == 0)
		return false;
	*type = plain[len - 1];
	return buf_add(out, plain, len - 1);
}
