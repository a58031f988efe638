/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Looks at the header as soon as its first byte is there, so that what is no TLS is known at once.
 */
#include "wire/flight_record.h"

#include "wire/tls_names.h"

/* The major version of every ProtocolVersion from SSL 3.0 on. */
#define MAJOR_VERSION 3

/* BearSSL sends an alert before any version was agreed on as one of version 0.0. */
static bool
could_be_version(const uint8_t *header, size_t len)
{
	bool unversioned = header[0] == TLS_CONTENT_ALERT && header[1] == 0;

	return header[1] == MAJOR_VERSION || (unversioned && (len < 3 || header[2] == 0));
}

/* Whether the first bytes (at most a header) can still become a record. */
static bool
could_be_header(const uint8_t *header, size_t len)
{
	if (len > 0 &&
		(header[0] < TLS_CONTENT_CHANGE_CIPHER_SPEC || header[0] > TLS_CONTENT_HEARTBEAT))
		return false;
	if (len > 1 && !could_be_version(header, len))
		return false;
	return len < FLIGHT_RECORD_HEADER_LEN ||
	       (header[3] << 8 | header[4]) <= FLIGHT_RECORD_BODY_MAX;
}

bool
flight_record_starts(struct span bytes)
{
	return could_be_header(bytes.data, bytes.len);
}

enum flight_record_result
flight_record_take(struct cursor *bytes, struct flight_record *record)
{
	struct cursor ahead = *bytes;

	if (!could_be_header(bytes->next, bytes->left))
		return FLIGHT_RECORD_ALIEN;
	record->type = cursor_u8(&ahead);
	record->version = cursor_u16(&ahead);
	record->body = cursor_vector16(&ahead);
	if (ahead.broken)
		return FLIGHT_RECORD_MORE;
	*bytes = ahead;
	return FLIGHT_RECORD_TAKEN;
}

size_t
flight_record_find(struct span bytes)
{
	for (size_t i = 0; i + FLIGHT_RECORD_HEADER_LEN <= bytes.len; i++) {
		struct cursor rest = cursor_over((struct span){ bytes.data + i, bytes.len - i });
		struct flight_record record;

		if (bytes.data[i] != TLS_CONTENT_HANDSHAKE && bytes.data[i] != TLS_CONTENT_ALERT)
			continue;
		if (flight_record_take(&rest, &record) != FLIGHT_RECORD_ALIEN)
			return i;
	}
	return 0;
}
