/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/reply.h"

#include <string.h>

#include "base/text.h"

void
reply_init(struct reply *reply, struct arena *arena)
{
	*reply = (struct reply){ .arena = arena };
	buf_init(&reply->partial, REPLY_LINE_MAX + 1); /* one more, for the CR */
}

void
reply_release(struct reply *reply)
{
	buf_release(&reply->partial);
}

static void
reply_refuse(struct reply *reply, const char *problem)
{
	reply->state = REPLY_MALFORMED;
	reply->problem = problem;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Reply-code = %x32-35 %x30-35 %x30-39 (RFC 5321 section 4.2); a second digit above 5 is seen in
 * the wild and clear enough. 0: there is none. */
static int
read_code(const char *line, size_t len)
{
	if (len < 3 || line[0] < '2' || line[0] > '5' || !is_digit(line[1]) || !is_digit(line[2]))
		return 0;
	return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
}

static void
keep_line(struct reply *reply, const char *raw, size_t len)
{
	struct reply_line *line;

	reply->lines = arena_grow(reply->arena, reply->lines, reply->count, sizeof(*reply->lines));
	line = &reply->lines[reply->count++];
	line->raw = arena_memdup(reply->arena, raw, len);
	line->raw_len = len;
	line->text = line->raw + (len > 3 ? 4 : len);
	line->len = len > 3 ? len - 4 : 0;
}

static void
end_line(struct reply *reply)
{
	const char *line = reply->partial.data;
	size_t len = reply->partial.len;
	int code;

	if (len > 0 && line[len - 1] == '\r')
		len--;
	else
		reply->bare_lf = true;
	code = read_code(line, len);
	keep_line(reply, line, len);
	if (code == 0)
		reply_refuse(reply, "a line does not start with a reply code");
	else if (len > 3 && line[3] != ' ' && line[3] != '-')
		reply_refuse(reply, "neither a blank nor a hyphen follows a reply code");
	else if (reply->count > 1 && code != reply->code)
		reply_refuse(reply, "the lines of one reply have different codes");
	else if (len <= 3 || line[3] == ' ')
		reply->state = REPLY_COMPLETE;
	else if (reply->count == REPLY_LINES_MAX)
		reply_refuse(reply, "the reply does not end within 200 lines");
	if (code != 0 && reply->count == 1)
		reply->code = code;
	buf_reset(&reply->partial);
}

size_t
reply_feed(struct reply *reply, const char *bytes, size_t len)
{
	size_t taken = 0;

	while (taken < len && reply->state == REPLY_INCOMPLETE) {
		char byte = bytes[taken++];

		if (byte == '\n')
			end_line(reply);
		else if (!buf_add_char(&reply->partial, byte))
			reply_refuse(reply, "a line is longer than 4096 bytes");
	}
	return taken;
}

bool
reply_is_positive(const struct reply *reply)
{
	return reply->state == REPLY_COMPLETE && reply->code / 100 == 2;
}

/* The next blank-separated word at or behind *at; its length, 0 at the end. */
static size_t
next_word(const char *text, size_t len, size_t *at)
{
	size_t end;

	while (*at < len && text[*at] == ' ')
		(*at)++;
	for (end = *at; end < len && text[end] != ' '; end++)
		;
	return end - *at;
}

static bool
same_word(const char *a, size_t a_len, const char *b, size_t b_len)
{
	if (a_len != b_len)
		return false;
	for (size_t i = 0; i < a_len; i++) {
		char pair[2][2] = { { a[i], '\0' }, { b[i], '\0' } };

		if (a[i] != b[i] && !text_same(pair[0], pair[1]))
			return false;
	}
	return true;
}

/* Where the words behind the keyword begin. Some servers write "AUTH=PLAIN LOGIN": the equals sign
 * ends the keyword as a blank would, and PLAIN is a word like the others. */
static size_t
keyword_end(const struct reply_line *line, size_t *at)
{
	size_t found = next_word(line->text, line->len, at);
	const char *equals = memchr(line->text + *at, '=', found);

	return equals != NULL ? (size_t)(equals - line->text) : *at + found;
}

static bool
line_has_keyword(const struct reply_line *line, const char *word, size_t len)
{
	size_t at = 0, end = keyword_end(line, &at);

	return same_word(line->text + at, end - at, word, len);
}

bool
reply_line_has_word(const struct reply_line *line, const char *word, size_t len)
{
	size_t at = 0, end = keyword_end(line, &at), found;

	if (end < line->len && line->text[end] == '=')
		end++;
	for (at = end; (found = next_word(line->text, line->len, &at)) != 0; at += found)
		if (same_word(line->text + at, found, word, len))
			return true;
	return false;
}

static bool
line_offers(const struct reply_line *line, const char *capability)
{
	size_t len = strlen(capability), at = 0;
	size_t found = next_word(capability, len, &at);

	if (!line_has_keyword(line, capability + at, found))
		return false;
	for (at += found; (found = next_word(capability, len, &at)) != 0; at += found)
		if (!reply_line_has_word(line, capability + at, found))
			return false;
	return true;
}

const struct reply_line *
reply_capability(const struct reply *reply, const char *keyword)
{
	for (size_t i = 1; i < reply->count; i++)
		if (line_offers(&reply->lines[i], keyword))
			return &reply->lines[i];
	return NULL;
}

static bool
is_keyword_char(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' ||
	       c == '_' || c == '.';
}

/* Blanks separate what clients of all kinds take for words; nothing else may look like one. */
static bool
is_malformed(const struct reply_line *line)
{
	size_t at = 0, end = keyword_end(line, &at);

	for (size_t i = at; i < end; i++)
		if (!is_keyword_char(line->text[i]))
			return true;
	for (size_t i = 0; i < line->len; i++)
		if ((unsigned char)line->text[i] < ' ' || line->text[i] == 0x7f)
			return true;
	return false;
}

const struct reply_line *
reply_malformed_capability(const struct reply *reply)
{
	for (size_t i = 1; i < reply->count; i++)
		if (is_malformed(&reply->lines[i]))
			return &reply->lines[i];
	return NULL;
}

/* The length of "5.7.8" at the beginning of the text (RFC 3463 section 2); 0: no such code. */
static size_t
enhanced_len(const char *text, size_t len)
{
	size_t at = 0;

	if (len < 2 || (text[0] != '2' && text[0] != '4' && text[0] != '5') || text[1] != '.')
		return 0;
	for (unsigned part = 0; part < 3; part++) {
		size_t start = at;

		while (at < len && at - start < 3 && is_digit(text[at]))
			at++;
		if (at == start || (part < 2 && (at == len || text[at] != '.')))
			return 0;
		at += part < 2;
	}
	return at == len || text[at] == ' ' ? at : 0;
}

void
reply_line_status(const struct reply_line *line, struct buf *out)
{
	size_t len = enhanced_len(line->text, line->len);

	buf_add(out, line->raw, line->raw_len < 3 ? line->raw_len : 3);
	if (len == 0)
		return;
	buf_add_char(out, ' ');
	buf_add(out, line->text, len);
}
