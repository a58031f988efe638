/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * hello_records: records other than a hello that a probe sends in clear. Versions are those of the
 * record header (enum tls_version). The hello_put_* functions are false when the buffer has dropped
 * bytes, now or before.
 */
#ifndef GATE_WIRE_CLIENT_HELLO_RECORDS_H
#define GATE_WIRE_CLIENT_HELLO_RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "wire/cursor.h"

enum hello_heartbeat_type {
	HELLO_HEARTBEAT_REQUEST = 1,
	HELLO_HEARTBEAT_RESPONSE = 2,
};

/* Appends a heartbeat request (RFC 6520 section 4) whose payload claims to have `claimed` bytes;
 * what is there is the payload alone, without padding. RFC 6520 section 4 has a server discard a
 * request that claims more than there is; CVE-2014-0160 answers it. */
bool hello_put_heartbeat(struct buf *out, uint16_t version, uint16_t claimed, struct span payload);

/* Appends a ChangeCipherSpec (RFC 5246 section 7.1). */
bool hello_put_change_cipher_spec(struct buf *out, uint16_t version);

#endif
