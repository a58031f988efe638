/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Heartbeats and ChangeCipherSpecs, written byte by byte behind a record header.
 */
#include "wire/client_hello_records.h"

#include "wire/client_hello_bytes.h"
#include "wire/flight_record.h"

static bool
put_record(struct buf *out, uint8_t type, uint16_t version, struct span body)
{
	size_t start;

	hello_put_u8(out, type);
	hello_put_u16(out, version);
	start = hello_open(out, 2);
	buf_add(out, body.data, body.len);
	hello_close(out, start, 2);
	return out->dropped == 0;
}

bool
hello_put_heartbeat(struct buf *out, uint16_t version, uint16_t claimed, struct span payload)
{
	struct buf body;
	bool done;

	buf_init(&body, FLIGHT_RECORD_BODY_MAX);
	hello_put_u8(&body, HELLO_HEARTBEAT_REQUEST);
	hello_put_u16(&body, claimed);
	buf_add(&body, payload.data, payload.len);
	done = body.dropped == 0 &&
	       put_record(out, TLS_CONTENT_HEARTBEAT, version, buf_span(&body));
	buf_release(&body);
	return done;
}

bool
hello_put_change_cipher_spec(struct buf *out, uint16_t version)
{
	static const uint8_t change = 1;

	return put_record(
		out, TLS_CONTENT_CHANGE_CIPHER_SPEC, version, (struct span){ &change, 1 });
}
