/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Numbers into a buffer, and vectors whose length is written when they are closed.
 */
#include "wire/client_hello_bytes.h"

void
hello_put_u8(struct buf *out, uint8_t value)
{
	buf_add(out, &value, 1);
}

void
hello_put_u16(struct buf *out, uint16_t value)
{
	hello_put_u8(out, (uint8_t)(value >> 8));
	hello_put_u8(out, (uint8_t)(value & 0xff));
}

void
hello_put_codes(struct buf *out, const struct tls_codes *list)
{
	for (size_t i = 0; i < list->count; i++)
		hello_put_u16(out, list->codes[i]);
}

size_t
hello_open(struct buf *out, size_t width)
{
	static const uint8_t room[3];

	buf_add(out, room, width);
	return out->len;
}

void
hello_close(struct buf *out, size_t start, size_t width)
{
	size_t len = out->len - start;

	if (out->dropped != 0)
		return;
	for (size_t i = 1; i <= width; i++) {
		out->data[start - i] = (char)(uint8_t)(len & 0xff);
		len >>= 8;
	}
}
