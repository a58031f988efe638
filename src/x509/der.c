/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tags and lengths over a cursor; whatever is not the shortest form breaks it.
 */
#include "der.h"

#include "base/clock.h"

static void
make_broken(struct cursor *cursor)
{
	cursor->broken = true;
	cursor->left = 0;
}

/* X.690 clause 10.1: the short form below 128, else the fewest bytes. */
static size_t
read_length(struct cursor *cursor)
{
	uint8_t first = cursor_u8(cursor);
	struct span bytes;
	size_t len = 0;

	if (first < 0x80)
		return first;
	if (first == 0x80 || first > 0x84) {
		make_broken(cursor);
		return 0;
	}
	bytes = cursor_bytes(cursor, first & 0x7f);
	for (size_t i = 0; i < bytes.len; i++)
		len = len << 8 | bytes.data[i];
	if (len < 0x80 || bytes.data[0] == 0)
		make_broken(cursor);
	return len;
}

struct der_item
der_next(struct cursor *cursor)
{
	struct der_item item = { .whole = { cursor->next, 0 } };

	item.tag = cursor_u8(cursor);
	if ((item.tag & 0x1f) == 0x1f)
		make_broken(cursor);
	item.content = cursor_bytes(cursor, read_length(cursor));
	if (cursor->broken)
		return (struct der_item){ 0 };
	item.whole.len = (size_t)(cursor->next - item.whole.data);
	return item;
}

bool
der_at(const struct cursor *cursor, unsigned tag)
{
	return !cursor->broken && cursor->left != 0 && *cursor->next == tag;
}

static struct der_item
read_tagged(struct cursor *cursor, unsigned tag)
{
	if (!der_at(cursor, tag))
		make_broken(cursor);
	return der_next(cursor);
}

struct span
der_read(struct cursor *cursor, unsigned tag)
{
	return read_tagged(cursor, tag).content;
}

struct span
der_whole(struct cursor *cursor, unsigned tag)
{
	return read_tagged(cursor, tag).whole;
}

bool
der_optional(struct cursor *cursor, unsigned tag, struct span *content)
{
	if (!der_at(cursor, tag))
		return false;
	*content = der_read(cursor, tag);
	return !cursor->broken;
}

struct cursor
der_enter(struct cursor *cursor, unsigned tag)
{
	struct cursor inner = cursor_over(der_read(cursor, tag));

	inner.broken = cursor->broken;
	return inner;
}

void
der_leave(struct cursor *outer, const struct cursor *inner)
{
	if (!cursor_at_end(inner))
		make_broken(outer);
}

bool
der_boolean(struct cursor *cursor)
{
	struct span content = der_read(cursor, DER_BOOLEAN);

	if (content.len != 1 || (content.data[0] != 0x00 && content.data[0] != 0xff)) {
		make_broken(cursor);
		return false;
	}
	return content.data[0] == 0xff;
}

static bool
is_shortest_integer(struct span content)
{
	bool negative;

	if (content.len < 2)
		return content.len == 1;
	negative = (content.data[1] & 0x80) != 0;
	return content.data[0] != (negative ? 0xff : 0x00);
}

struct span
der_integer(struct cursor *cursor)
{
	struct span content = der_read(cursor, DER_INTEGER);

	if (is_shortest_integer(content))
		return content;
	make_broken(cursor);
	return (struct span){ NULL, 0 };
}

struct span
der_positive(struct cursor *cursor)
{
	struct span content = der_integer(cursor);

	if (content.len == 0 || (content.data[0] & 0x80) != 0) {
		make_broken(cursor);
		return (struct span){ NULL, 0 };
	}
	if (content.data[0] == 0 && content.len > 1)
		content = (struct span){ content.data + 1, content.len - 1 };
	return content;
}

uint32_t
der_number(struct cursor *cursor)
{
	struct span bytes = der_positive(cursor);
	uint32_t number = 0;

	if (bytes.len > 4 || (bytes.len == 4 && bytes.data[0] >= 0x80)) {
		make_broken(cursor);
		return 0;
	}
	for (size_t i = 0; i < bytes.len; i++)
		number = number << 8 | bytes.data[i];
	return number;
}

struct span
der_bytes(struct cursor *cursor)
{
	struct span content = der_read(cursor, DER_BIT_STRING);

	if (content.len == 0 || content.data[0] != 0) {
		make_broken(cursor);
		return (struct span){ NULL, 0 };
	}
	return (struct span){ content.data + 1, content.len - 1 };
}

uint16_t
der_named_bits(struct cursor *cursor)
{
	struct span content = der_read(cursor, DER_BIT_STRING);
	uint16_t bits = 0;

	if (content.len == 0 || content.data[0] > 7 || (content.len == 1 && content.data[0] != 0)) {
		make_broken(cursor);
		return 0;
	}
	if (content.len > 1)
		bits = (uint16_t)(content.data[1] << 8);
	if (content.len > 2)
		bits |= content.data[2];
	return bits;
}

/* Reads `digits` decimal digits; -1 when there are fewer. */
static int
read_digits(struct cursor *text, int digits)
{
	int value = 0;

	for (int i = 0; i < digits; i++) {
		uint8_t c = cursor_u8(text);

		if (c < '0' || c > '9')
			return -1;
		value = 10 * value + (c - '0');
	}
	return value;
}

/* RFC 5280 section 4.1.2.5.1: years from 50 on belong to the 20th century. */
static int
read_short_year(struct cursor *text)
{
	int year = read_digits(text, 2);

	return year < 0 ? year : year < 50 ? 2000 + year : 1900 + year;
}

int64_t
der_time(struct cursor *cursor)
{
	struct der_item item = der_next(cursor);
	struct cursor text = cursor_over(item.content);
	int year, month, day, hour, minute, second;
	int64_t date = 0;

	year = item.tag == DER_UTC_TIME ? read_short_year(&text) : read_digits(&text, 4);
	month = read_digits(&text, 2);
	day = read_digits(&text, 2);
	hour = read_digits(&text, 2);
	minute = read_digits(&text, 2);
	second = read_digits(&text, 2);
	if ((item.tag != DER_UTC_TIME && item.tag != DER_GENERALIZED_TIME) ||
		cursor_u8(&text) != 'Z' || !cursor_at_end(&text) ||
		!clock_from_civil(year, month, day, hour, minute, second, &date))
		make_broken(cursor);
	return date;
}

/* X.690 clause 8.19: the first two arcs share a number; arcs are base 128, big endian. Arcs of
 * more than 32 bits are not printed. */
void
der_add_oid(struct buf *out, struct span oid)
{
	uint32_t arc = 0;
	bool first = true;

	if (oid.len == 0 || (oid.data[oid.len - 1] & 0x80) != 0) {
		buf_add_string(out, "(bad OID)");
		return;
	}
	for (size_t i = 0; i < oid.len; i++) {
		if (arc > UINT32_MAX >> 7) {
			buf_add_string(out, "(bad OID)");
			return;
		}
		arc = arc << 7 | (oid.data[i] & 0x7f);
		if ((oid.data[i] & 0x80) != 0)
			continue;
		if (first)
			buf_addf(out, "%u.%u", arc < 80 ? arc / 40 : 2,
				arc < 80 ? arc % 40 : arc - 80);
		else
			buf_addf(out, ".%u", arc);
		first = false;
		arc = 0;
	}
}
