/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Lengths in braces, and strings in quotes.
 */
#include "wire/literal.h"

#include <stdbool.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/span.h"

/* No more digits: a length beyond that is beyond every limit (and beyond 32 bits). */
#define DIGITS_MAX 9

/* Longest quoted string (RFC 5804 section 4). */
#define QUOTED_MAX 1024

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Where the last "{" stands; len: nowhere. */
static size_t
last_brace(const char *line, size_t len)
{
	for (size_t at = len; at > 0; at--)
		if (line[at - 1] == '{')
			return at - 1;
	return len;
}

/* What stands between the braces, or behind one that is not closed. A text may well end with a brace;
 * a length is meant only where a number begins. */
static int64_t
length_of(const char *text, size_t len, bool closed)
{
	int64_t length = 0;
	size_t digits = 0;

	while (digits < len && is_digit(text[digits]))
		digits++;
	if (digits == 0)
		return len != 0 && (text[0] == '-' || text[0] == '+') ? -2 : -1;
	if (digits + (digits < len && text[digits] == '+') != len)
		return -1;
	if (!closed || digits > DIGITS_MAX)
		return -2;
	for (size_t i = 0; i < digits; i++)
		length = length * 10 + (text[i] - '0');
	return length;
}

int64_t
literal_announced(const char *line, size_t len)
{
	size_t brace = last_brace(line, len);
	bool closed = len != 0 && line[len - 1] == '}';

	if (brace == len)
		return -1;
	return length_of(line + brace + 1, len - brace - 1 - closed, closed);
}

static const char *
quoted_string(struct cursor *cursor, struct arena *arena, size_t *len)
{
	struct buf text;
	const char *copy;
	char c;

	buf_init(&text, cursor->left);
	while (!cursor->broken && (c = (char)cursor_u8(cursor)) != '"')
		buf_add_char(&text, c == '\\' ? (char)cursor_u8(cursor) : c);
	copy = arena_memdup(arena, text.data, text.len);
	*len = text.len;
	buf_release(&text);
	return copy;
}

static const char *
literal_bytes(struct cursor *cursor, struct arena *arena, size_t *len)
{
	size_t size = 0;
	struct span bytes;
	char c;

	while (!cursor->broken && is_digit(c = (char)cursor_u8(cursor)) && size <= cursor->left)
		size = size * 10 + (size_t)(c - '0');
	while (!cursor->broken && cursor_u8(cursor) != '\n')
		;
	bytes = cursor_bytes(cursor, size);
	*len = bytes.len;
	return arena_memdup(arena, bytes.data, bytes.len);
}

const char *
literal_string(struct cursor *cursor, struct arena *arena, size_t *len)
{
	switch (cursor_u8(cursor)) {
	case '"':
		return quoted_string(cursor, arena, len);
	case '{':
		return literal_bytes(cursor, arena, len);
	}
	cursor->broken = true;
	*len = 0;
	return "";
}

static bool
can_be_quoted(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)bytes[i] < ' ' || (unsigned char)bytes[i] >= 0x7f)
			return false;
	return len <= QUOTED_MAX;
}

void
literal_add(struct buf *out, const char *bytes, size_t len)
{
	if (!can_be_quoted(bytes, len)) {
		buf_addf(out, "{%zu+}\r\n", len);
		buf_add(out, bytes, len);
		return;
	}
	buf_add_char(out, '"');
	for (size_t i = 0; i < len; i++) {
		if (bytes[i] == '"' || bytes[i] == '\\')
			buf_add_char(out, '\\');
		buf_add_char(out, bytes[i]);
	}
	buf_add_char(out, '"');
}
