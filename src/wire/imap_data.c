/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads untagged lines with a cursor; what does not fit their grammar tells nothing.
 */
#include "wire/imap_data.h"

#include <string.h>

#include "base/text.h"
#include "wire/cursor.h"
#include "wire/literal.h"

/* How deep lists within lists are followed. */
#define DEPTH_MAX 16

static struct cursor
cursor_over_line(const struct reply_line *line)
{
	return cursor_over((struct span){ (const uint8_t *)line->raw, line->raw_len });
}

static bool
next_is(const struct cursor *cursor, char c)
{
	return !cursor->broken && cursor->left != 0 && cursor->next[0] == (uint8_t)c;
}

static bool
take(struct cursor *cursor, char c)
{
	if (!next_is(cursor, c))
		return false;
	cursor_u8(cursor);
	return true;
}

/* An atom: up to a blank, a bracket or a quote. What stands in square brackets is part of it. */
static struct span
take_atom(struct cursor *cursor)
{
	struct span atom = { cursor->next, 0 };
	unsigned open = 0;

	while (!cursor->broken && cursor->left != 0) {
		char c = (char)cursor->next[0];

		if (open == 0 && strchr(" ()\"{\r\n", c) != NULL)
			break;
		open += c == '[';
		open -= c == ']' && open != 0;
		cursor_u8(cursor);
		atom.len++;
	}
	return atom;
}

static bool
is_atom(struct span atom, const char *text)
{
	return text_same_len((const char *)atom.data, atom.len, text);
}

/* A decimal number that fits, and is all of it; 0: it is none. */
static uint32_t
number_of(struct span atom)
{
	uint64_t number = 0;

	if (atom.len == 0 || atom.len > 10)
		return 0;
	for (size_t i = 0; i < atom.len; i++) {
		if (atom.data[i] < '0' || atom.data[i] > '9')
			return 0;
		number = number * 10 + (uint64_t)(atom.data[i] - '0');
	}
	return number > UINT32_MAX ? 0 : (uint32_t)number;
}

/* Whether the line begins with "* " and goes on with that word. */
static bool
is_untagged(struct cursor *cursor, const char *word)
{
	return take(cursor, '*') && take(cursor, ' ') && is_atom(take_atom(cursor), word) &&
	       (take(cursor, ' ') || cursor->left == 0);
}

bool
imap_code_number(const struct reply *reply, const char *name, uint32_t *number)
{
	*number = 0;
	for (size_t i = 0; i < reply->count; i++) {
		struct cursor cursor = cursor_over_line(&reply->lines[i]), inside;
		struct span code, word;
		uint32_t told;

		if (!is_untagged(&cursor, "OK") || !next_is(&cursor, '['))
			continue;
		code = take_atom(&cursor);
		inside = cursor_over((struct span){ code.data + 1, code.len - 1 });
		word = take_atom(&inside);
		if (!is_atom(word, name) || !take(&inside, ' '))
			continue;
		code = take_atom(&inside);
		code.len -= code.len != 0 && code.data[code.len - 1] == ']';
		told = number_of(code);
		if (told == 0 || (*number != 0 && *number != told))
			return false;
		*number = told;
	}
	return *number != 0;
}

/* A value of an item: a list, a string, or an atom. *text: what a string says; no data: it is none. */
static void
take_value(struct cursor *cursor, struct arena *arena, unsigned depth, struct span *text)
{
	struct span ignored;
	size_t len;

	*text = (struct span){ NULL, 0 };
	if (next_is(cursor, '"') || next_is(cursor, '{')) {
		text->data = (const uint8_t *)literal_string(cursor, arena, &len);
		text->len = len;
		return;
	}
	if (!take(cursor, '(')) {
		cursor->broken = cursor->broken || take_atom(cursor).len == 0;
		return;
	}
	cursor->broken = cursor->broken || depth == DEPTH_MAX;
	while (!cursor->broken && !take(cursor, ')')) {
		take_value(cursor, arena, depth + 1, &ignored);
		take(cursor, ' ');
	}
}

static bool
is_body(struct span name)
{
	return name.len >= 5 && text_same_len((const char *)name.data, 5, "BODY[");
}

static void
take_item(struct cursor *cursor, struct arena *arena, struct imap_fetched *fetched)
{
	struct span name = take_atom(cursor), text, atom;

	if (name.len == 0 || !take(cursor, ' ')) {
		cursor->broken = true;
		return;
	}
	atom.data = cursor->next;
	take_value(cursor, arena, 0, &text);
	atom.len = (size_t)(cursor->next - atom.data);
	if (is_atom(name, "UID"))
		fetched->uid = number_of(atom);
	else if (is_body(name) && fetched->body.data == NULL)
		fetched->body = text;
	take(cursor, ' ');
}

/* "* 12 FETCH (": the number is that of the message. */
static bool
begins_fetch(struct cursor *cursor)
{
	return take(cursor, '*') && take(cursor, ' ') && number_of(take_atom(cursor)) != 0 &&
	       take(cursor, ' ') && is_atom(take_atom(cursor), "FETCH") && take(cursor, ' ') &&
	       take(cursor, '(');
}

bool
imap_next_fetched(const struct reply *reply, size_t *at, struct imap_fetched *fetched)
{
	while (*at < reply->count) {
		struct cursor cursor = cursor_over_line(&reply->lines[(*at)++]);

		if (!begins_fetch(&cursor))
			continue;
		*fetched = (struct imap_fetched){ .uid = 0 };
		while (!cursor.broken && !take(&cursor, ')'))
			take_item(&cursor, reply->arena, fetched);
		if (cursor.broken || cursor.left != 0)
			*fetched = (struct imap_fetched){ .uid = 0 };
		return true;
	}
	return false;
}

bool
imap_next_found(const struct reply *reply, size_t *line, size_t *at, uint32_t *number)
{
	for (; *line < reply->count; (*line)++, *at = 0) {
		struct cursor cursor = cursor_over_line(&reply->lines[*line]);

		if (!is_untagged(&cursor, "SEARCH"))
			continue;
		for (size_t i = 0; i < *at; i++) {
			take_atom(&cursor);
			take(&cursor, ' ');
		}
		*number = number_of(take_atom(&cursor));
		(*at)++;
		if (*number != 0)
			return true;
	}
	return false;
}

static bool
has_attribute(struct cursor *cursor, const char *attribute)
{
	bool has = false;

	if (!take(cursor, '('))
		return false;
	while (!cursor->broken && !take(cursor, ')')) {
		struct span atom = take_atom(cursor);

		has = has || is_atom(atom, attribute);
		cursor->broken = cursor->broken || (atom.len == 0 && !next_is(cursor, ')'));
		take(cursor, ' ');
	}
	return has && take(cursor, ' ');
}

/* A quoted delimiter or NIL, then the name. */
const char *
imap_listed(const struct reply *reply, const char *attribute)
{
	for (size_t i = 0; i < reply->count; i++) {
		struct cursor cursor = cursor_over_line(&reply->lines[i]);
		struct span text, atom;

		if (!is_untagged(&cursor, "LIST") || !has_attribute(&cursor, attribute))
			continue;
		take_value(&cursor, reply->arena, 0, &text);
		if (!take(&cursor, ' '))
			continue;
		atom.data = cursor.next;
		take_value(&cursor, reply->arena, 0, &text);
		if (text.data == NULL)
			text = (struct span){ atom.data, (size_t)(cursor.next - atom.data) };
		if (!cursor.broken && text.len != 0)
			return arena_memdup(reply->arena, text.data, text.len);
	}
	return NULL;
}
