/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads what a server of TLS 1.3 sends behind the handshake, in the library's place. The library
 * keeps the extensions of tickets to itself, and gives a session up whose tickets have nonces of
 * more than 8 bytes (RFC 8446 section 4.6.1 allows 255, and rustls sends 32).
 */
#include <string.h>

#include "tls_handle.h"
#include "wire/cursor.h"
#include "wire/handshake.h"
#include "wire/tls_names.h"

#define TICKET_FIXED_LEN 8 /* lifetime and age_add */

/* lifetime, age_add, nonce, ticket, extensions (RFC 8446 section 4.6.1). */
static bool
take_ticket(struct span body, struct tls_tickets *tickets)
{
	struct cursor ticket = cursor_over(body);
	struct cursor extensions;

	cursor_bytes(&ticket, TICKET_FIXED_LEN);
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

/* Takes the messages that are whole. Only a ticket may come here without being asked for, and
 * KeyUpdate, whose new keys cannot be had: the session cannot be read any further then. */
static bool
take_messages(struct tls_handle *own)
{
	struct buf *messages = &own->messages;

	for (;;) {
		struct cursor all = cursor_over(buf_span(messages));
		struct handshake_message message;

		if (handshake_take(&all, &message) != HANDSHAKE_TAKEN)
			return messages->dropped == 0;
		if (message.type != TLS_HANDSHAKE_NEW_SESSION_TICKET ||
			!take_ticket(message.body, &own->facts->tickets))
			return false;
		buf_consume(messages, message.whole.len);
	}
}

/* An alert ends the session, whatever its level says (RFC 8446 section 6). */
static enum stream_status
take_alert(struct tls_handle *own, struct span body)
{
	if (body.len == 2 && body.data[1] != 0)
		own->facts->late_alert = body.data[1];
	return STREAM_CLOSED;
}

static enum stream_status
take_content(struct tls_handle *own, uint8_t type, struct buf *content)
{
	struct span body = buf_span(content);

	switch (type) {
	case TLS_CONTENT_ALERT:
		own->facts->close_notify = body.len == 2 && body.data[1] == 0;
		return take_alert(own, body);
	case TLS_CONTENT_HANDSHAKE:
		own->facts->heard = true;
		buf_add(&own->messages, body.data, body.len);
		return take_messages(own) ? STREAM_OK : STREAM_FAILED;
	case TLS_CONTENT_APPLICATION_DATA:
		own->facts->heard = true;
		return buf_add(&own->plain, body.data, body.len) ? STREAM_OK : STREAM_FAILED;
	}
	return STREAM_FAILED;
}

static enum stream_status
take_record(struct tls_handle *own, const struct flight_record *record)
{
	enum stream_status status = STREAM_FAILED;
	struct buf content;
	uint8_t type;

	/* RFC 8446 section 5: a ChangeCipherSpec means nothing; an alert may come in clear. */
	if (record->type == TLS_CONTENT_CHANGE_CIPHER_SPEC)
		return STREAM_OK;
	if (record->type == TLS_CONTENT_ALERT)
		return take_alert(own, record->body);
	buf_init(&content, FLIGHT_RECORD_BODY_MAX);
	if (record->type == TLS_CONTENT_APPLICATION_DATA &&
		protection_open(&own->theirs, record, &type, &content))
		status = take_content(own, type, &content);
	buf_release(&content);
	return status;
}

/* Takes one record if it is all there, or else waits for more of it. */
static enum stream_status
read_record(struct tls_handle *own)
{
	struct buf *sealed = &own->sealed;
	struct cursor bytes = cursor_over(buf_span(sealed));
	enum stream_status status = STREAM_FAILED;
	struct flight_record record;
	char more[4096];
	int got;

	switch (flight_record_take(&bytes, &record)) {
	case FLIGHT_RECORD_TAKEN:
		status = take_record(own, &record);
		buf_consume(sealed, sealed->len - bytes.left);
		return status;
	case FLIGHT_RECORD_ALIEN:
		return STREAM_FAILED;
	case FLIGHT_RECORD_MORE:
		break;
	}
	got = tls_handle_receive(own->session, more, sizeof(more), own);
	if (got <= 0)
		return own->status != STREAM_OK ? own->status : STREAM_FAILED;
	return buf_add(sealed, more, (size_t)got) ? STREAM_OK : STREAM_FAILED;
}

enum stream_status
tls_reader_read(struct tls_handle *own, void *bytes, size_t room, size_t *got)
{
	enum stream_status status = STREAM_OK;

	while (own->plain.len == 0 && status == STREAM_OK)
		status = read_record(own);
	if (own->plain.len == 0)
		return status;
	*got = own->plain.len < room ? own->plain.len : room;
	memcpy(bytes, own->plain.data, *got);
	buf_consume(&own->plain, *got);
	return STREAM_OK;
}

enum stream_status
tls_await(struct stream *stream, int64_t deadline_ms)
{
	struct tls_handle *own = stream->handle;
	enum stream_status status = STREAM_OK;

	own->deadline_ms = deadline_ms;
	own->status = STREAM_OK;
	while (own->theirs.cipher != PROTECTION_NONE && !own->facts->heard && status == STREAM_OK)
		status = read_record(own);
	return status;
}

void
tls_reader_begin(struct tls_handle *own, uint16_t suite)
{
	struct protection theirs = protection_of(TLS_VERSION_1_3, suite);

	memcpy(theirs.key, wolfSSL_GetServerWriteKey(own->session), theirs.key_len);
	memcpy(theirs.iv, wolfSSL_GetServerWriteIV(own->session), PROTECTION_IV_LEN);
	own->theirs = theirs;
}
