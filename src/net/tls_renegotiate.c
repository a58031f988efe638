/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A ClientHello inside a session. The library would send one that a server must take for an
 * attack, because its renegotiation_info is empty (RFC 5746 section 3.7); so the records are
 * sealed here, with the session's keys.
 */
#include <string.h>

#include "base/clock.h"
#include "base/entropy.h"
#include "tls_handle.h"
#include "wire/client_hello.h"
#include "wire/flight_record.h"
#include "wire/tls_names.h"

#define VERIFY_DATA_MAX 64

/* How long a server may be silent until it is asked something else. */
#define SILENCE_MS 1000

/* A session whose records are written and read past the library. */
struct bypass {
	struct tls_handle *own;
	struct protection ours;
	struct buf unread;
};

/* Our Finished was number 0, each command since then one more. */
static void
take_keys(struct bypass *bypass)
{
	WOLFSSL *session = bypass->own->session;
	struct protection *ours = &bypass->ours;

	*ours = protection_of(bypass->own->facts->version, bypass->own->facts->suite);
	ours->number = 1 + bypass->own->written;
	memcpy(ours->key, wolfSSL_GetClientWriteKey(session), ours->key_len);
	memcpy(ours->iv, wolfSSL_GetClientWriteIV(session), PROTECTION_IV_LEN);
	if (ours->cipher == PROTECTION_CBC)
		memcpy(ours->mac_key, wolfSSL_GetMacSecret(session, 0), ours->mac_len);
}

static bool
send_sealed(struct bypass *bypass, uint8_t type, struct span content)
{
	struct tls_handle *own = bypass->own;
	struct buf bytes;

	own->status = STREAM_FAILED;
	buf_init(&bytes, 2 * HELLO_LEN_MAX);
	if (protection_seal(&bypass->ours, type, content, &bytes))
		own->status = own->below->write(
			own->below_handle, bytes.data, bytes.len, own->deadline_ms);
	buf_release(&bytes);
	return own->status == STREAM_OK;
}

static bool
send_hello(struct bypass *bypass)
{
	struct hello_offer offer = hello_offer_versions(bypass->ours.version, bypass->ours.version);
	uint8_t random[HELLO_RANDOM_LEN], verify_data[VERIFY_DATA_MAX];
	struct buf plain;
	bool done;

	offer.flags &= ~(uint32_t)(HELLO_RENEGOTIATION_INFO | HELLO_ENCRYPT_THEN_MAC);
	offer.verify_data.data = verify_data;
	offer.verify_data.len =
		wolfSSL_get_finished(bypass->own->session, verify_data, sizeof(verify_data));
	entropy_fill(random, sizeof(random));
	buf_init(&plain, HELLO_LEN_MAX);
	done = offer.verify_data.len != 0 && hello_write(&offer, random, &plain) &&
	       send_sealed(bypass, TLS_CONTENT_HANDSHAKE,
		       (struct span){ (const uint8_t *)plain.data + FLIGHT_RECORD_HEADER_LEN,
			       plain.len - FLIGHT_RECORD_HEADER_LEN });
	buf_release(&plain);
	return done;
}

/* 421 in clear is an end that a server gives to a session that it cannot go on with (RFC 5321
 * section 3.8). */
static bool
is_farewell(const struct buf *bytes)
{
	return bytes->len >= 3 && memcmp(bytes->data, "421", 3) == 0;
}

/* The type of the next record, which stands in clear in front of it; 0 when none came, and the
 * handle's status says why, or when what came is no record (STREAM_OK). */
static uint8_t
next_type(struct bypass *bypass)
{
	struct buf *unread = &bypass->unread;

	for (;;) {
		struct cursor bytes = cursor_over(buf_span(unread));
		enum flight_record_result result;
		struct flight_record record;
		char more[4096];
		int got;

		result = flight_record_take(&bytes, &record);
		if (result == FLIGHT_RECORD_TAKEN)
			buf_consume(unread, unread->len - bytes.left);
		if (result == FLIGHT_RECORD_TAKEN)
			return record.type;
		if (result == FLIGHT_RECORD_ALIEN && unread->len >= FLIGHT_RECORD_HEADER_LEN)
			return 0;
		got = tls_handle_receive(bypass->own->session, more, sizeof(more), bypass->own);
		if (got <= 0)
			return 0;
		buf_add(unread, more, (size_t)got);
	}
}

static enum tls_renegotiation
end_of(const struct bypass *bypass)
{
	if (bypass->own->status == STREAM_OK && is_farewell(&bypass->unread))
		return RENEGOTIATION_REFUSED;
	return bypass->own->status == STREAM_CLOSED || bypass->own->status == STREAM_RESET
		       ? RENEGOTIATION_HUNG_UP
		       : RENEGOTIATION_UNANSWERED;
}

/* Application data was on its way before the hello, so it answers nothing. */
static enum tls_renegotiation
read_answer(struct bypass *bypass)
{
	uint8_t type = TLS_CONTENT_APPLICATION_DATA;

	bypass->own->status = STREAM_OK;
	while (type == TLS_CONTENT_APPLICATION_DATA)
		type = next_type(bypass);
	if (type == TLS_CONTENT_HANDSHAKE)
		return RENEGOTIATION_ACCEPTED;
	return type == TLS_CONTENT_ALERT ? RENEGOTIATION_REFUSED : end_of(bypass);
}

/* A server that is silent may have passed the hello over: then it answers a command. The command
 * comes only now, because it has no place in the handshake of a server that renegotiates; what a
 * server ends the session with from here on says nothing. */
static enum tls_renegotiation
ask_silent(struct bypass *bypass, struct span command)
{
	uint8_t type = 0;

	if (send_sealed(bypass, TLS_CONTENT_APPLICATION_DATA, command))
		type = next_type(bypass);
	if (type == TLS_CONTENT_HANDSHAKE)
		return RENEGOTIATION_ACCEPTED;
	if (type == TLS_CONTENT_APPLICATION_DATA)
		return RENEGOTIATION_PASSED_OVER;
	return RENEGOTIATION_UNANSWERED;
}

enum tls_renegotiation
tls_renegotiate(
	struct stream *stream, struct span command, int64_t deadline_ms, enum stream_status *status)
{
	struct bypass bypass = { .own = stream->handle };
	enum tls_renegotiation answer = RENEGOTIATION_UNANSWERED;
	struct tls_handle *own = bypass.own;

	own->deadline_ms = clock_earlier(deadline_ms, clock_now_ms() + SILENCE_MS);
	buf_init(&bypass.unread, 2 * FLIGHT_RECORD_BODY_MAX);
	take_keys(&bypass);
	answer = send_hello(&bypass) ? read_answer(&bypass) : end_of(&bypass);
	own->deadline_ms = deadline_ms;
	if (own->status == STREAM_TIMEOUT)
		answer = ask_silent(&bypass, command);
	*status = own->status;
	buf_release(&bypass.unread);
	return answer;
}
