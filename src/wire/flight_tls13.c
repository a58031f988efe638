/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Goes through the decrypted messages in the order that TLS 1.3 has them, up to the Certificate.
 */
#include "wire/flight_tls13.h"

#include "status_message.h"
#include "wire/handshake.h"
#include "wire/tls_names.h"

static void
finish(struct flight_tls13 *flight, enum flight_tls13_state state, const char *why)
{
	flight->state = state;
	flight->why = why;
}

/* RFC 8446 section 4.4.2.1. */
static void
read_status(struct flight_tls13 *flight, struct span body)
{
	struct span response;

	if (!certificate_status_read(body, &response))
		finish(flight, FLIGHT_TLS13_MALFORMED,
			"RFC 8446 4.4.2.1: the status of a certificate is not one OCSP response");
	else if (flight->certificate_count == 1)
		flight->stapled = response;
}

static void
read_extension(struct flight_tls13 *flight, uint16_t type, struct span body)
{
	if (type == TLS_EXTENSION_STATUS_REQUEST)
		read_status(flight, body);
	else if (type == TLS_EXTENSION_TIMESTAMPS && flight->certificate_count == 1)
		flight->timestamps = body;
}

static void
read_entry(struct flight_tls13 *flight, struct cursor *list)
{
	struct span der = cursor_vector24(list);
	struct cursor extensions = cursor_over(cursor_vector16(list));

	if (list->broken)
		return;
	if (flight->certificate_count == FLIGHT_CERTIFICATES_MAX) {
		finish(flight, FLIGHT_TLS13_OVER_LIMIT, "more than 32 certificates");
		return;
	}
	flight->certificates[flight->certificate_count++] = der;
	while (extensions.left != 0 && flight->state == FLIGHT_TLS13_MORE) {
		uint16_t type = cursor_u16(&extensions);
		struct span body = cursor_vector16(&extensions);

		if (extensions.broken)
			finish(flight, FLIGHT_TLS13_MALFORMED,
				"RFC 8446 4.2: an extension runs over the end of its block");
		else
			read_extension(flight, type, body);
	}
}

static void
read_certificate(struct flight_tls13 *flight, struct span body)
{
	struct cursor cursor = cursor_over(body);
	struct cursor list;

	cursor_vector8(&cursor); /* certificate_request_context */
	list = cursor_over(cursor_vector24(&cursor));
	while (list.left != 0 && flight->state == FLIGHT_TLS13_MORE)
		read_entry(flight, &list);
	if (flight->state != FLIGHT_TLS13_MORE)
		return;
	if (list.broken || !cursor_at_end(&cursor))
		finish(flight, FLIGHT_TLS13_MALFORMED,
			"RFC 8446 4.4.2: the Certificate's lengths do not add up");
	else
		finish(flight, FLIGHT_TLS13_DONE, NULL);
}

/* What comes before the Certificate is passed over: each at most once, in this order. */
static const uint8_t order[] = { TLS_HANDSHAKE_ENCRYPTED_EXTENSIONS,
	TLS_HANDSHAKE_CERTIFICATE_REQUEST, TLS_HANDSHAKE_CERTIFICATE };
#define ORDER_COUNT (sizeof(order) / sizeof(order[0]))

/* The place of a message in the order, from `from` on; ORDER_COUNT when it has none. */
static size_t
place_of(uint8_t type, size_t from)
{
	while (from < ORDER_COUNT && order[from] != type)
		from++;
	return from;
}

static void
read_messages(struct flight_tls13 *flight, struct cursor *cursor)
{
	size_t place = 0;

	while (flight->state == FLIGHT_TLS13_MORE) {
		struct cursor ahead = *cursor;
		struct handshake_message message;
		bool taken = handshake_take(&ahead, &message) == HANDSHAKE_TAKEN;

		if (!taken && cursor->left < HANDSHAKE_HEADER_LEN)
			return;
		if (message.len > FLIGHT_HANDSHAKE_MAX - HANDSHAKE_HEADER_LEN)
			finish(flight, FLIGHT_TLS13_OVER_LIMIT,
				"more than 128 KiB of handshake messages");
		place = place_of(message.type, place);
		if (message.type == TLS_HANDSHAKE_COMPRESSED_CERTIFICATE)
			finish(flight, FLIGHT_TLS13_COMPRESSED,
				"RFC 8879 4: the certificates are compressed");
		else if (place == ORDER_COUNT)
			finish(flight, FLIGHT_TLS13_MALFORMED,
				"RFC 8446 4.4.2: no Certificate where there must be one");
		if (!taken || flight->state != FLIGHT_TLS13_MORE)
			return;
		if (message.type == TLS_HANDSHAKE_CERTIFICATE)
			read_certificate(flight, message.body);
		place++;
		*cursor = ahead;
	}
}

struct flight_tls13
flight_tls13_read(struct span messages)
{
	struct flight_tls13 flight = { .state = FLIGHT_TLS13_MORE };
	struct cursor cursor = cursor_over(messages);

	read_messages(&flight, &cursor);
	if (flight.state == FLIGHT_TLS13_DONE)
		flight.read = messages.len - cursor.left;
	return flight;
}
