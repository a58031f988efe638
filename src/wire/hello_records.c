/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/hello_records.h"

#include "wire/flight_record.h"
#include "wire/hello_bytes.h"

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
hello_read_heartbeat(struct span body, struct hello_heartbeat *heartbeat)
{
	struct cursor cursor = cursor_over(body);

	heartbeat->type = cursor_u8(&cursor);
	heartbeat->claimed = cursor_u16(&cursor);
	heartbeat->rest = cursor_bytes(&cursor, cursor.left);
	return !cursor.broken;
}

bool
hello_put_change_cipher_spec(struct buf *out, uint16_t version)
{
	static const uint8_t change = 1;

	return put_record(
		out, TLS_CONTENT_CHANGE_CIPHER_SPEC, version, (struct span){ &change, 1 });
}

bool
hello_put_alert(struct buf *out, uint16_t version, uint8_t level, uint8_t description)
{
	const uint8_t alert[] = { level, description };

	return put_record(out, TLS_CONTENT_ALERT, version, (struct span){ alert, sizeof(alert) });
}

bool
hello_put_fragments(struct buf *out, struct span record, size_t most)
{
	struct cursor cursor = cursor_over(record);
	struct flight_record whole;
	struct cursor body;

	if (most == 0 || flight_record_take(&cursor, &whole) != FLIGHT_RECORD_TAKEN ||
		!cursor_at_end(&cursor))
		return false;
	body = cursor_over(whole.body);
	while (body.left != 0) {
		size_t len = body.left < most ? body.left : most;

		if (!put_record(out, whole.type, whole.version, cursor_bytes(&body, len)))
			return false;
	}
	return true;
}
