/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every read goes through cursor_bytes, the one place that compares a length with what is left.
 */
#include "wire/cursor.h"

struct cursor
cursor_over(struct span span)
{
	return (struct cursor){ .next = span.data, .left = span.len };
}

struct span
cursor_bytes(struct cursor *cursor, size_t len)
{
	struct span bytes = { cursor->next, len };

	if (cursor->broken || len > cursor->left) {
		cursor->broken = true;
		cursor->left = 0;
		return (struct span){ NULL, 0 };
	}
	if (len != 0)
		cursor->next += len;
	cursor->left -= len;
	return bytes;
}

static uint32_t
read_number(struct cursor *cursor, size_t len)
{
	struct span bytes = cursor_bytes(cursor, len);
	uint32_t value = 0;

	for (size_t i = 0; i < bytes.len; i++)
		value = value << 8 | bytes.data[i];
	return value;
}

uint8_t
cursor_u8(struct cursor *cursor)
{
	return (uint8_t)read_number(cursor, 1);
}

uint16_t
cursor_u16(struct cursor *cursor)
{
	return (uint16_t)read_number(cursor, 2);
}

uint32_t
cursor_u24(struct cursor *cursor)
{
	return read_number(cursor, 3);
}

struct span
cursor_vector8(struct cursor *cursor)
{
	return cursor_bytes(cursor, read_number(cursor, 1));
}

struct span
cursor_vector16(struct cursor *cursor)
{
	return cursor_bytes(cursor, read_number(cursor, 2));
}

struct span
cursor_vector24(struct cursor *cursor)
{
	return cursor_bytes(cursor, read_number(cursor, 3));
}

bool
cursor_at_end(const struct cursor *cursor)
{
	return !cursor->broken && cursor->left == 0;
}
