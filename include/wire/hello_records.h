/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * hello_records: records other than a hello that a probe sends in clear, and a hello cut into
 * small records. Versions are those of the record header (enum tls_version). The hello_put_*
 * functions are false when the buffer has dropped bytes, now or before.
 */
#ifndef GATE_WIRE_HELLO_RECORDS_H
#define GATE_WIRE_HELLO_RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "wire/cursor.h"

enum hello_heartbeat_type {
	HELLO_HEARTBEAT_REQUEST = 1,
	HELLO_HEARTBEAT_RESPONSE = 2,
};

struct hello_heartbeat {
	uint8_t type;     /* enum hello_heartbeat_type */
	uint16_t claimed; /* what the message says that the payload's length is */
	struct span rest; /* payload and padding, as much as there is */
};

/* Appends a heartbeat request (RFC 6520 section 4) whose payload claims to have `claimed` bytes;
 * what is there is the payload alone, without padding. RFC 6520 section 4 has a server discard a
 * request that claims more than there is; CVE-2014-0160 answers it. */
bool hello_put_heartbeat(struct buf *out, uint16_t version, uint16_t claimed, struct span payload);

/* Reads the content of a heartbeat record; false when it is shorter than its header. */
bool hello_read_heartbeat(struct span body, struct hello_heartbeat *heartbeat);

/* Appends a ChangeCipherSpec (RFC 5246 section 7.1). */
bool hello_put_change_cipher_spec(struct buf *out, uint16_t version);

/* Appends an alert of level 1 (warning) or 2 (fatal), as a farewell. */
bool hello_put_alert(struct buf *out, uint16_t version, uint8_t level, uint8_t description);

/* Appends the content of one complete record as several of at most `most` bytes each, with the
 * same type and version. False also when `record` is not one record or `most` is 0. */
bool hello_put_fragments(struct buf *out, struct span record, size_t most);

#endif
