/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Goes through the answer section; names are passed over, so that no pointer is ever followed.
 */
#include "wire/dns_message.h"

#include "wire/cursor.h"
#include "wire/dns_rdata.h"

#define POINTER 0xc0
#define LABELS_MAX 128

static uint32_t
read_u32(struct cursor *cursor)
{
	uint32_t high = cursor_u16(cursor);

	return high << 16 | cursor_u16(cursor);
}

/* A name ends with the root or with a pointer (RFC 1035 section 4.1.4). */
static void
skip_name(struct cursor *cursor)
{
	for (size_t labels = 0; !cursor->broken && labels < LABELS_MAX; labels++) {
		uint8_t len = cursor_u8(cursor);

		if (len >= POINTER)
			cursor_u8(cursor);
		if (len == 0 || len >= POINTER)
			return;
		cursor_bytes(cursor, len);
	}
	cursor->broken = true;
}

/* RRSIG: type covered, algorithm, labels, original TTL (RFC 4034 section 3.1). */
static bool
covers(struct span rdata, uint16_t type, uint32_t *ttl)
{
	struct cursor cursor = cursor_over(rdata);
	uint16_t covered = cursor_u16(&cursor);

	cursor_bytes(&cursor, 2);
	*ttl = read_u32(&cursor);
	return !cursor.broken && covered == type;
}

bool
dns_original_ttl(uint32_t *ttl, struct span message, uint16_t type)
{
	struct cursor cursor = cursor_over(message);
	uint16_t questions, answers;
	bool found = false;

	cursor_bytes(&cursor, 4);
	questions = cursor_u16(&cursor);
	answers = cursor_u16(&cursor);
	cursor_bytes(&cursor, 4);
	for (uint16_t i = 0; i < questions && !cursor.broken; i++) {
		skip_name(&cursor);
		cursor_bytes(&cursor, 4);
	}
	for (uint16_t i = 0; i < answers && !cursor.broken; i++) {
		uint16_t record;
		struct span rdata;
		uint32_t original;

		skip_name(&cursor);
		record = cursor_u16(&cursor);
		cursor_bytes(&cursor, 6);
		rdata = cursor_vector16(&cursor);
		if (record != DNS_RRSIG || !covers(rdata, type, &original))
			continue;
		if (!found || original < *ttl)
			*ttl = original;
		found = true;
	}
	return found && !cursor.broken;
}
