/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Collects records into handshake messages as bytes come in, and stops at the first that ends the
 * flight.
 */
#include "wire/flight.h"

#include "flight_messages.h"
#include "wire/flight_record.h"
#include "wire/handshake.h"

#define RECORD_HEADER_LEN 5
#define ALERT_WARNING 1
#define ALERT_CLOSE_NOTIFY 0

static const char too_long[] = "more than 128 KiB of handshake messages";

void
flight_init(struct flight *flight, bool whole)
{
	*flight = (struct flight){ .whole = whole };
	buf_init(&flight->alien, FLIGHT_ALIEN_MAX);
	buf_init(&flight->bytes, FLIGHT_BYTES_MAX);
	buf_init(&flight->handshake, FLIGHT_HANDSHAKE_MAX);
}

void
flight_release(struct flight *flight)
{
	buf_release(&flight->alien);
	buf_release(&flight->bytes);
	buf_release(&flight->handshake);
}

bool
flight_begins_certificate(const struct flight *flight)
{
	const struct buf *handshake = &flight->handshake, *bytes = &flight->bytes;

	if (!flight->hello.seen || flight->certificate_count != 0)
		return flight->hello.seen;
	if (handshake->len > flight->handshake_read)
		return (uint8_t)handshake->data[flight->handshake_read] ==
		       TLS_HANDSHAKE_CERTIFICATE;
	return bytes->len > RECORD_HEADER_LEN && (uint8_t)bytes->data[0] == TLS_CONTENT_HANDSHAKE &&
	       (uint8_t)bytes->data[RECORD_HEADER_LEN] == TLS_HANDSHAKE_CERTIFICATE;
}

struct span
flight_span(const struct flight *flight, struct flight_range range)
{
	return (struct span){ (const uint8_t *)flight->handshake.data + range.at, range.len };
}

struct flight_range
flight_range_of(const struct flight *flight, struct span span)
{
	const uint8_t *start = (const uint8_t *)flight->handshake.data;

	if (span.len == 0)
		return (struct flight_range){ 0, 0 };
	return (struct flight_range){ (size_t)(span.data - start), span.len };
}

static void
finish(struct flight *flight, enum flight_state state, const char *why)
{
	flight->state = state;
	flight->why = why;
}

/* RFC 5246 section 7.2: a warning does not end the connection, except close_notify. Servers send
 * unrecognized_name as a warning and go on. */
static void
take_alert(struct flight *flight, uint8_t level, uint8_t description)
{
	struct flight_alert alert = { .seen = true, .level = level, .description = description };

	if (level == ALERT_WARNING && description != ALERT_CLOSE_NOTIFY) {
		flight->warning = alert;
		return;
	}
	flight->alert = alert;
	finish(flight, FLIGHT_ALERT, NULL);
}

/* Even the two bytes of an alert can come in two records. */
static void
read_alert(struct flight *flight, struct span body)
{
	for (size_t i = 0; i < body.len && flight->state == FLIGHT_MORE; i++) {
		if (flight->alert_half)
			take_alert(flight, flight->alert_level, body.data[i]);
		flight->alert_level = body.data[i];
		flight->alert_half = !flight->alert_half;
	}
}

/* Takes the next message that is complete; false when there is none. */
static bool
next_message(struct flight *flight)
{
	struct span rest =
		flight_span(flight, (struct flight_range){ flight->handshake_read,
					    flight->handshake.len - flight->handshake_read });
	struct cursor cursor = cursor_over(rest);
	struct handshake_message message;
	bool taken = handshake_take(&cursor, &message) == HANDSHAKE_TAKEN;

	if (message.len > FLIGHT_HANDSHAKE_MAX - flight->handshake_read - HANDSHAKE_HEADER_LEN) {
		finish(flight, FLIGHT_OVER_LIMIT, too_long);
		return false;
	}
	if (!taken)
		return false;
	flight->handshake_read += message.whole.len;
	flight_read_message(flight, message.type, message.body);
	return true;
}

static void
read_handshake(struct flight *flight, struct span body)
{
	bool fits = buf_add(&flight->handshake, body.data, body.len);
	bool more = true;

	while (more && flight->state == FLIGHT_MORE)
		more = next_message(flight);
	if (!fits && flight->state == FLIGHT_MORE)
		finish(flight, FLIGHT_OVER_LIMIT, too_long);
}

/* RFC 5246 section 7.3, figure 2: in a resumed session the server changes ciphers at once. */
static void
read_cipher_change(struct flight *flight, struct span body)
{
	(void)body;
	if (flight->after_retry && !flight->hello.seen)
		return;
	if (!flight->hello.seen || flight->certificate_count != 0) {
		finish(flight, FLIGHT_MALFORMED,
			"RFC 5246 7.1: ChangeCipherSpec before the keys are agreed on");
		return;
	}
	flight->resumed = true;
	finish(flight, FLIGHT_HELLO, NULL);
}

static void
read_record(struct flight *flight, const struct flight_record *record)
{
	switch (record->type) {
	case TLS_CONTENT_ALERT:
		read_alert(flight, record->body);
		return;
	case TLS_CONTENT_HANDSHAKE:
		read_handshake(flight, record->body);
		return;
	case TLS_CONTENT_CHANGE_CIPHER_SPEC:
		read_cipher_change(flight, record->body);
		return;
	}
	finish(flight, FLIGHT_MALFORMED,
		"RFC 5246 6.2.1: a record that has no place in the flight");
}

static void
read_alien(struct flight *flight, bool first)
{
	if (!first) {
		finish(flight, FLIGHT_MALFORMED,
			"RFC 5246 6.2.1: no record header behind a record");
		return;
	}
	buf_add(&flight->alien, flight->bytes.data, flight->bytes.len);
	finish(flight, FLIGHT_NOT_TLS, NULL);
}

static void
read_records(struct flight *flight)
{
	bool first = flight->bytes_seen == flight->bytes.len;
	struct span all = buf_span(&flight->bytes);
	struct cursor cursor = cursor_over(all);

	while (flight->state == FLIGHT_MORE) {
		struct flight_record record;
		enum flight_record_result result = flight_record_take(&cursor, &record);

		if (result == FLIGHT_RECORD_MORE)
			break;
		if (result == FLIGHT_RECORD_ALIEN)
			read_alien(flight, first && cursor.left == all.len);
		else
			read_record(flight, &record);
	}
	buf_consume(&flight->bytes, all.len - cursor.left);
}

enum flight_state
flight_feed(struct flight *flight, const void *data, size_t len)
{
	if (flight->state == FLIGHT_NOT_TLS)
		buf_add(&flight->alien, data, len);
	if (flight->state != FLIGHT_MORE)
		return flight->state;
	if (len > FLIGHT_BYTES_MAX - flight->bytes_seen) {
		finish(flight, FLIGHT_OVER_LIMIT, "more than 1 MiB of records");
		return flight->state;
	}
	flight->bytes_seen += len;
	buf_add(&flight->bytes, data, len);
	read_records(flight);
	return flight->state;
}
