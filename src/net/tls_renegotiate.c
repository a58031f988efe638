/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A ClientHello inside a session. The library would send one that a server must take for an
 * attack, because its renegotiation_info is empty (RFC 5746 section 3.7); so the records are
 * sealed here, with the session's keys (RFC 5288 section 3).
 */
#include "tls_handle.h"

#include <string.h>
#include <wolfssl/wolfcrypt/aes.h>

#include "gate/clock.h"
#include "gate/entropy.h"
#include "gate/flight_record.h"
#include "gate/hello.h"
#include "gate/hello_bytes.h"
#include "gate/tls_names.h"

#define SALT_LEN 4
#define EXPLICIT_LEN 8
#define TAG_LEN 16
#define VERIFY_DATA_MAX 64

/* How long a server may be silent until it is asked something else. */
#define SILENCE_MS 1000

/* What the tag covers beside the content (RFC 5246 section 6.2.3.3). */
#define AAD_LEN 13

static void
put_aad(uint8_t aad[AAD_LEN], uint64_t number, uint8_t type, size_t len)
{
	for (size_t i = 0; i < 8; i++)
		aad[7 - i] = (uint8_t)(number >> 8 * i);
	aad[8] = type;
	aad[9] = TLS_VERSION_1_2 >> 8;
	aad[10] = TLS_VERSION_1_2 & 0xff;
	aad[11] = (uint8_t)(len >> 8);
	aad[12] = (uint8_t)(len & 0xff);
}

/* Appends a record; `number` counts ours from the handshake's Finished on, which was 0. */
static bool
put_sealed(
	struct tls_handle *own, uint64_t number, uint8_t type, struct span content, struct buf *out)
{
	uint8_t nonce[SALT_LEN + EXPLICIT_LEN], aad[AAD_LEN], tag[TAG_LEN];
	uint8_t sealed[FLIGHT_RECORD_BODY_MAX];
	bool done;
	Aes aes;

	if (content.len > sizeof(sealed) || wc_AesInit(&aes, NULL, INVALID_DEVID) != 0)
		return false;
	memcpy(nonce, wolfSSL_GetClientWriteIV(own->session), SALT_LEN);
	entropy_fill(nonce + SALT_LEN, EXPLICIT_LEN);
	put_aad(aad, number, type, content.len);
	done = wc_AesGcmSetKey(&aes, wolfSSL_GetClientWriteKey(own->session),
		       (word32)wolfSSL_GetKeySize(own->session)) == 0 &&
	       wc_AesGcmEncrypt(&aes, sealed, content.data, (word32)content.len, nonce,
		       sizeof(nonce), tag, TAG_LEN, aad, AAD_LEN) == 0;
	wc_AesFree(&aes);
	hello_put_u8(out, type);
	hello_put_u16(out, TLS_VERSION_1_2);
	hello_put_u16(out, (uint16_t)(EXPLICIT_LEN + content.len + TAG_LEN));
	buf_add(out, nonce + SALT_LEN, EXPLICIT_LEN);
	buf_add(out, sealed, content.len);
	return buf_add(out, tag, TAG_LEN) && done && out->dropped == 0;
}

static bool
put_hello(struct tls_handle *own, struct buf *out)
{
	struct hello_offer offer = hello_offer_versions(TLS_VERSION_1_2, TLS_VERSION_1_2);
	uint8_t random[HELLO_RANDOM_LEN], verify_data[VERIFY_DATA_MAX];
	struct buf plain;
	bool done;

	offer.flags &= ~(uint32_t)HELLO_RENEGOTIATION_INFO;
	offer.verify_data.data = verify_data;
	offer.verify_data.len =
		wolfSSL_get_finished(own->session, verify_data, sizeof(verify_data));
	entropy_fill(random, sizeof(random));
	buf_init(&plain, HELLO_LEN_MAX);
	done = offer.verify_data.len != 0 && hello_write(&offer, random, &plain) &&
	       put_sealed(own, 1, TLS_CONTENT_HANDSHAKE,
		       (struct span){ (const uint8_t *)plain.data + FLIGHT_RECORD_HEADER_LEN,
			       plain.len - FLIGHT_RECORD_HEADER_LEN },
		       out);
	buf_release(&plain);
	return done;
}

/* The type of a record stands in clear in front of it, which is all that is wanted here. */
static enum outcome
read_type(struct tls_handle *own)
{
	char type = 0;

	if (tls_handle_receive(own->session, &type, 1, own) != 1)
		return OUTCOME_BROKEN;
	if (type == TLS_CONTENT_HANDSHAKE)
		return OUTCOME_DONE;
	return type == TLS_CONTENT_ALERT || type == TLS_CONTENT_APPLICATION_DATA ? OUTCOME_REFUSED
										 : OUTCOME_BROKEN;
}

static bool
send_sealed(struct tls_handle *own, const struct buf *bytes)
{
	own->status =
		own->below->write(own->below_handle, bytes->data, bytes->len, own->deadline_ms);
	return own->status == STREAM_OK;
}

/* A server that is silent may have passed the hello over: then it answers a command. The command
 * comes only now, because it has no place in the handshake of a server that renegotiates; what a
 * server ends the session with from here on says nothing. */
static enum outcome
ask_silent(struct tls_handle *own, struct span command)
{
	enum outcome outcome = OUTCOME_BROKEN;
	struct buf bytes;

	buf_init(&bytes, HELLO_LEN_MAX);
	if (put_sealed(own, 2, TLS_CONTENT_APPLICATION_DATA, command, &bytes) &&
		send_sealed(own, &bytes))
		outcome = read_type(own);
	buf_release(&bytes);
	if (outcome == OUTCOME_BROKEN)
		own->status = STREAM_TIMEOUT;
	return outcome;
}

enum outcome
tls_renegotiate(
	struct stream *stream, struct span command, int64_t deadline_ms, enum stream_status *status)
{
	struct tls_handle *own = stream->handle;
	enum outcome outcome = OUTCOME_BROKEN;
	struct buf bytes;

	own->deadline_ms = clock_earlier(deadline_ms, clock_now_ms() + SILENCE_MS);
	own->status = STREAM_FAILED;
	buf_init(&bytes, 2 * HELLO_LEN_MAX);
	if (put_hello(own, &bytes) && send_sealed(own, &bytes))
		outcome = read_type(own);
	buf_release(&bytes);
	own->deadline_ms = deadline_ms;
	if (own->status == STREAM_TIMEOUT)
		outcome = ask_silent(own, command);
	*status = own->status;
	return outcome;
}
