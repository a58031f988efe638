/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The tickets of TLS 1.3, whose extensions the library keeps to itself: records are read and
 * decrypted here, with the session's keys (RFC 8446 section 5.2).
 */
#include "tls_handle.h"

#include <string.h>
#include <wolfssl/wolfcrypt/aes.h>
#include <wolfssl/wolfcrypt/chacha20_poly1305.h>

#include "gate/cursor.h"
#include "gate/flight_record.h"
#include "gate/tls_names.h"

#define IV_LEN 12
#define TAG_LEN 16
#define SUITE_CHACHA20 0x1303

struct opened {
	uint8_t type; /* enum tls_content, the inner one */
	struct span body;
};

static bool
receive_all(struct tls_handle *own, uint8_t *bytes, size_t len)
{
	while (len != 0) {
		int got = tls_handle_receive(own->session, (char *)bytes, (int)len, own);

		if (got <= 0)
			return false;
		bytes += got;
		len -= (size_t)got;
	}
	return true;
}

/* The nonce is the IV with the record's number laid over its end (RFC 8446 section 5.3). */
static void
make_nonce(const struct tls_handle *own, uint64_t number, uint8_t nonce[IV_LEN])
{
	memcpy(nonce, wolfSSL_GetServerWriteIV(own->session), IV_LEN);
	for (size_t i = 0; i < sizeof(number); i++)
		nonce[IV_LEN - 1 - i] ^= (uint8_t)(number >> 8 * i);
}

static bool
decrypt(struct tls_handle *own, const uint8_t header[FLIGHT_RECORD_HEADER_LEN], uint64_t number,
	struct span sealed, uint8_t *plain)
{
	const uint8_t *key = wolfSSL_GetServerWriteKey(own->session);
	const uint8_t *tag = sealed.data + sealed.len - TAG_LEN;
	word32 len = (word32)(sealed.len - TAG_LEN);
	uint8_t nonce[IV_LEN];
	bool good;
	Aes aes;

	make_nonce(own, number, nonce);
	if (wolfSSL_get_current_cipher_suite(own->session) == SUITE_CHACHA20)
		return wc_ChaCha20Poly1305_Decrypt(key, nonce, header, FLIGHT_RECORD_HEADER_LEN,
			       sealed.data, len, tag, plain) == 0;
	if (wc_AesInit(&aes, NULL, INVALID_DEVID) != 0)
		return false;
	good = wc_AesGcmSetKey(&aes, key, (word32)wolfSSL_GetKeySize(own->session)) == 0 &&
	       wc_AesGcmDecrypt(&aes, plain, sealed.data, len, nonce, IV_LEN, tag, TAG_LEN, header,
		       FLIGHT_RECORD_HEADER_LEN) == 0;
	wc_AesFree(&aes);
	return good;
}

/* Takes the padding and the type off the end (RFC 8446 section 5.4). */
static struct opened
strip(const uint8_t *plain, size_t len)
{
	while (len != 0 && plain[len - 1] == 0)
		len--;
	if (len == 0)
		return (struct opened){ 0, { plain, 0 } };
	return (struct opened){ plain[len - 1], { plain, len - 1 } };
}

static bool
open_record(struct tls_handle *own, uint64_t number, uint8_t sealed[FLIGHT_RECORD_BODY_MAX],
	uint8_t plain[FLIGHT_RECORD_BODY_MAX], struct opened *opened)
{
	uint8_t header[FLIGHT_RECORD_HEADER_LEN];
	size_t len;

	if (!receive_all(own, header, sizeof(header)))
		return false;
	len = (size_t)header[3] << 8 | header[4];
	if (header[0] != TLS_CONTENT_APPLICATION_DATA || len <= TAG_LEN ||
		len > FLIGHT_RECORD_BODY_MAX) {
		own->status = STREAM_FAILED;
		return false;
	}
	if (!receive_all(own, sealed, len))
		return false;
	if (!decrypt(own, header, number, (struct span){ sealed, len }, plain)) {
		own->status = STREAM_FAILED;
		return false;
	}
	*opened = strip(plain, len - TAG_LEN);
	return true;
}

/* lifetime, age_add, nonce, ticket, extensions (RFC 8446 section 4.6.1). */
static bool
read_ticket(struct span body, struct tls_tickets *tickets)
{
	struct cursor ticket = cursor_over(body);
	struct cursor extensions;

	cursor_bytes(&ticket, 8);
	cursor_vector8(&ticket);
	cursor_vector16(&ticket);
	extensions = cursor_over(cursor_vector16(&ticket));
	tickets->count += !ticket.broken;
	while (extensions.left != 0 && !extensions.broken) {
		uint16_t type = cursor_u16(&extensions);
		struct cursor content = cursor_over(cursor_vector16(&extensions));
		uint32_t size = (uint32_t)cursor_u16(&content) << 16;

		size |= cursor_u16(&content);
		if (type == TLS_EXTENSION_EARLY_DATA && !content.broken &&
			size > tickets->max_early_data)
			tickets->max_early_data = size;
	}
	return !ticket.broken && !extensions.broken;
}

/* False when a message is not whole: one that goes on in the next record was not looked at, and
 * may allow anything. */
static bool
read_messages(struct span body, struct tls_tickets *tickets)
{
	struct cursor messages = cursor_over(body);

	while (messages.left != 0 && !messages.broken) {
		uint8_t type = cursor_u8(&messages);
		struct span message = cursor_vector24(&messages);

		if (type == TLS_HANDSHAKE_NEW_SESSION_TICKET && !messages.broken &&
			!read_ticket(message, tickets))
			return false;
	}
	return !messages.broken;
}

enum stream_status
tls_read_tickets(struct stream *stream, int64_t deadline_ms, struct tls_tickets *tickets)
{
	uint8_t sealed[FLIGHT_RECORD_BODY_MAX], plain[FLIGHT_RECORD_BODY_MAX];
	struct tls_handle *own = stream->handle;
	struct opened opened;

	own->deadline_ms = deadline_ms;
	own->status = STREAM_OK;
	*tickets = (struct tls_tickets){ .count = 0 };
	for (uint64_t number = 0; open_record(own, number, sealed, plain, &opened); number++) {
		if (opened.type == TLS_CONTENT_ALERT)
			return STREAM_CLOSED;
		if (opened.type != TLS_CONTENT_HANDSHAKE)
			return STREAM_OK;
		if (!read_messages(opened.body, tickets))
			return STREAM_FAILED;
	}
	return own->status;
}
