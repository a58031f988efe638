/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The members of one object of JSON (RFC 8259): those that are wanted are strings or numbers, and what
 * else there is passed over.
 */
#include "wire/oauth_error.h"

#include <string.h>

#include "base/text.h"
#include "wire/cursor.h"

/* Most nested objects and arrays that are passed over. */
#define DEPTH_MAX 16

static const char *const wanted[] = { "status", "schemes", "scope", "openid-configuration" };

static int
peek(const struct cursor *cursor)
{
	return cursor->left == 0 ? -1 : *cursor->next;
}

static void
skip_blanks(struct cursor *cursor)
{
	while (cursor->left != 0 && memchr(" \t\r\n", *cursor->next, 4) != NULL)
		cursor_u8(cursor);
}

/* Takes the character, with blanks around it. */
static bool
take(struct cursor *cursor, char c)
{
	skip_blanks(cursor);
	if (peek(cursor) != c)
		return false;
	cursor_u8(cursor);
	skip_blanks(cursor);
	return true;
}

static uint32_t
read_hex(struct cursor *cursor)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	uint32_t value = 0;

	for (int i = 0; i < 4; i++) {
		uint8_t byte = cursor_u8(cursor);
		const char *digit = byte == 0 ? NULL : strchr(digits, byte);

		if (digit == NULL)
			cursor->broken = true;
		else
			value = value * 16 + (uint32_t)(digit - digits) % 16;
	}
	return value;
}

/* Of characters beyond 16 bits the halves come apart, and are shown as bytes. */
static void
add_utf8(struct buf *out, uint32_t code)
{
	if (code < 0x80) {
		buf_add_char(out, (char)code);
		return;
	}
	if (code >= 0x800)
		buf_add_char(out, (char)(0xe0 | code >> 12));
	buf_add_char(out, (char)(code >= 0x800 ? 0x80 | (code >> 6 & 0x3f) : 0xc0 | code >> 6));
	buf_add_char(out, (char)(0x80 | (code & 0x3f)));
}

static void
take_escape(struct cursor *cursor, struct buf *out)
{
	static const char names[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	uint8_t name = cursor_u8(cursor);
	const char *found = name == 0 ? NULL : strchr(names, name);

	if (name == 'u')
		add_utf8(out, read_hex(cursor));
	else if (found != NULL)
		buf_add_char(out, meant[found - names]);
	else
		cursor->broken = true;
}

/* Takes a string off and adds what it means. */
static void
take_string(struct cursor *cursor, struct buf *out)
{
	uint8_t byte;

	if (cursor_u8(cursor) != '"')
		cursor->broken = true;
	while (!cursor->broken && (byte = cursor_u8(cursor)) != '"') {
		if (byte == '\\')
			take_escape(cursor, out);
		else if (byte < ' ')
			cursor->broken = true;
		else
			buf_add_char(out, (char)byte);
	}
}

/* A number or a word. */
static void
take_word(struct cursor *cursor, struct buf *out)
{
	size_t taken = 0;

	while (cursor->left != 0 && strchr(",]} \t\r\n", *cursor->next) == NULL) {
		buf_add_char(out, (char)cursor_u8(cursor));
		taken++;
	}
	cursor->broken = cursor->broken || taken == 0;
}

/* Passes over an object or array. */
static void
skip_nested(struct cursor *cursor)
{
	struct buf ignored;
	unsigned depth = 0;

	buf_init(&ignored, OAUTH_ERROR_MAX);
	do {
		int c = peek(cursor);

		if (c == '"') {
			take_string(cursor, &ignored);
			continue;
		}
		cursor_u8(cursor);
		depth += c == '{' || c == '[';
		depth -= c == '}' || c == ']';
	} while (!cursor->broken && depth != 0 && depth <= DEPTH_MAX);
	cursor->broken = cursor->broken || depth != 0;
	buf_release(&ignored);
}

static void
take_value(struct cursor *cursor, struct buf *out)
{
	int c = peek(cursor);

	if (c == '"')
		take_string(cursor, out);
	else if (c == '{' || c == '[')
		skip_nested(cursor);
	else
		take_word(cursor, out);
}

static bool
is_wanted(const struct buf *key)
{
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (text_same_len(key->data, key->len, wanted[i]))
			return true;
	return false;
}

static void
show(struct buf *out, const struct buf *key, const struct buf *value)
{
	if (value->len == 0 || key->len == 0 || !is_wanted(key))
		return;
	buf_addf(out, "%s%s ", out->len != 0 ? ", " : "", key->data);
	text_add_printable(out, value->data, value->len);
}

static void
take_member(struct cursor *cursor, struct buf *out)
{
	struct buf key, value;

	buf_init(&key, OAUTH_ERROR_MAX);
	buf_init(&value, OAUTH_ERROR_MAX);
	take_string(cursor, &key);
	if (!take(cursor, ':'))
		cursor->broken = true;
	take_value(cursor, &value);
	if (!cursor->broken)
		show(out, &key, &value);
	buf_release(&key);
	buf_release(&value);
}

bool
oauth_error_show(struct span json, struct buf *out)
{
	struct cursor cursor = cursor_over(json);
	struct buf shown;
	bool good;

	buf_init(&shown, (size_t)4 * OAUTH_ERROR_MAX);
	if (json.len > OAUTH_ERROR_MAX || !take(&cursor, '{'))
		cursor.broken = true;
	while (!cursor.broken && peek(&cursor) != '}') {
		take_member(&cursor, &shown);
		if (!take(&cursor, ','))
			break;
		cursor.broken = cursor.broken || peek(&cursor) != '"';
	}
	good = !cursor.broken && take(&cursor, '}') && cursor_at_end(&cursor) && shown.len != 0;
	if (good)
		buf_add(out, shown.data, shown.len);
	buf_release(&shown);
	return good;
}
