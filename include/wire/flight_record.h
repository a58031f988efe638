/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * flight_record: takes one TLS record off the front of the bytes received so far (RFC 8446
 * section 5.1).
 */
#ifndef GATE_WIRE_FLIGHT_RECORD_H
#define GATE_WIRE_FLIGHT_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/cursor.h"

#define FLIGHT_RECORD_HEADER_LEN 5

/* 2^14 bytes and what encryption may add (RFC 5246 section 6.2.3). */
#define FLIGHT_RECORD_BODY_MAX (16384 + 2048)

struct flight_record {
	uint8_t type; /* enum tls_content */
	uint16_t version;
	struct span body; /* points into the bytes */
};

enum flight_record_result {
	FLIGHT_RECORD_MORE,  /* the record is not all there */
	FLIGHT_RECORD_TAKEN, /* the cursor stands behind the record */
	FLIGHT_RECORD_ALIEN, /* type, version or length are not those of a TLS record */
};

/* What is wrong is told from the first byte that is wrong; the cursor moves only when a record
 * was taken. */
enum flight_record_result flight_record_take(struct cursor *bytes, struct flight_record *record);

/* Whether the bytes are the beginning of a record, as far as they go. */
bool flight_record_starts(struct span bytes);

/* How many bytes stand before the first that can be the beginning of a record of a server's first
 * flight (a handshake message or an alert); 0 when there is none. */
size_t flight_record_find(struct span bytes);

#endif
