/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Words of capabilities, compared.
 */
#include "keywords.h"

#include <string.h>

#include "base/text.h"

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

/* Where the keyword ends, which begins at *at. */
static size_t
keyword_end(const char *text, size_t len, size_t *at)
{
	size_t found = next_word(text, len, at);
	const char *equals = memchr(text + *at, '=', found);

	return equals != NULL ? (size_t)(equals - text) : *at + found;
}

bool
keyword_is(const struct reply_line *capability, const char *keyword)
{
	size_t at = 0, end = keyword_end(capability->text, capability->len, &at);

	return same_word(capability->text + at, end - at, keyword, strlen(keyword));
}

static size_t
first_parameter(const char *text, size_t len)
{
	size_t at = 0, end = keyword_end(text, len, &at);

	return end < len && text[end] == '=' ? end + 1 : end;
}

const char *
keyword_parameter(const struct reply_line *capability, const char *from, size_t *found)
{
	size_t at = from != NULL ? (size_t)(from - capability->text)
				 : first_parameter(capability->text, capability->len);

	*found = next_word(capability->text, capability->len, &at);
	return capability->text + at;
}

static bool
has_parameter(const struct reply_line *capability, const char *word, size_t len)
{
	size_t found;
	const char *own = keyword_parameter(capability, NULL, &found);

	for (; found != 0; own = keyword_parameter(capability, own + found, &found))
		if (same_word(own, found, word, len))
			return true;
	return false;
}

bool
keyword_offers(const struct reply_line *capability, const char *wanted)
{
	const struct reply_line line = { .text = wanted, .len = strlen(wanted) };
	size_t at = 0, own_at = 0, found;
	size_t end = keyword_end(wanted, line.len, &at);
	size_t own_end = keyword_end(capability->text, capability->len, &own_at);
	const char *word;

	if (!same_word(capability->text + own_at, own_end - own_at, wanted + at, end - at))
		return false;
	for (word = keyword_parameter(&line, NULL, &found); found != 0;
		word = keyword_parameter(&line, word + found, &found))
		if (!has_parameter(capability, word, found))
			return false;
	return true;
}

static bool
is_keyword_char(char c, const char *marks)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       (c != '\0' && strchr(marks, c) != NULL);
}

/* Blanks separate what clients of all kinds take for words; nothing else may look like one. */
bool
keyword_is_malformed(const struct reply_line *capability, const char *marks)
{
	const char *text = capability->text;
	size_t at = 0, end = keyword_end(text, capability->len, &at);

	for (size_t i = at; i < end; i++)
		if (!is_keyword_char(text[i], marks))
			return true;
	for (size_t i = 0; i < capability->len; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			return true;
	return false;
}

void
keyword_logins(const struct reply *greeting, const struct reply *list, struct buf *out)
{
	const char *keyword = list->dialect->sasl.keyword;
	size_t found;

	(void)greeting;
	for (size_t i = 0; i < list->capability_count; i++) {
		const struct reply_line *line = &list->capabilities[i];

		if (!keyword_is(line, keyword))
			continue;
		keyword_parameter(line, NULL, &found);
		if (found == 0)
			continue;
		buf_add_string(out, out->len != 0 ? ", " : "");
		buf_add(out, line->text, line->len);
	}
}
