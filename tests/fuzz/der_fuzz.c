/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Values read from any bytes lie within them, and are as long as they say.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "x509/der.h"

#define DEPTH_MAX 32

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
walk(struct span bytes, int depth)
{
	struct cursor cursor = cursor_over(bytes);

	while (!cursor.broken && cursor.left != 0) {
		const uint8_t *start = cursor.next;
		struct der_item item = der_next(&cursor);

		if (cursor.broken)
			return;
		if (item.whole.data != start || item.whole.len > bytes.len ||
			item.content.data + item.content.len != start + item.whole.len)
			abort();
		if ((item.tag & 0x20) != 0 && depth < DEPTH_MAX)
			walk(item.content, depth + 1);
	}
}

/* Each reader on the same bytes; none of them may read beyond the end. */
static void
read_everything(struct span bytes)
{
	struct cursor cursors[7];
	struct buf text;

	for (size_t i = 0; i < 7; i++)
		cursors[i] = cursor_over(bytes);
	der_boolean(&cursors[0]);
	der_number(&cursors[1]);
	der_bytes(&cursors[2]);
	der_named_bits(&cursors[3]);
	der_time(&cursors[4]);
	der_integer(&cursors[5]);
	buf_init(&text, 4096);
	der_add_oid(&text, der_read(&cursors[6], DER_OID));
	buf_release(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	walk((struct span){ data, size }, 0);
	read_everything((struct span){ data, size });
	return 0;
}
