/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Goes through text character by character: what is plain stays, all else is escaped, folded or
 * cut.
 */
#include "report/shown.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"

/* Room for "\n... [18446744073709551615 bytes omitted]\n". */
#define OMISSION_MAX 48

static bool
is_plain(char byte)
{
	return byte >= 0x20 && byte < 0x7f;
}

/* Printable ASCII, backslashes included, needs no work; that is nearly all text. */
static void
add_printable(struct buf *out, const char *text, size_t len)
{
	while (len > 0) {
		size_t plain = 0, other;

		while (plain < len && is_plain(text[plain]))
			plain++;
		buf_add(out, text, plain);
		for (other = plain; other < len && !is_plain(text[other]);)
			other++;
		text_add_printable(out, text + plain, other - plain);
		text += other;
		len -= other;
	}
}

void
shown_add_lines(struct buf *out, const char *text)
{
	while (*text != '\0') {
		size_t plain = strcspn(text, "\n\t");

		add_printable(out, text, plain);
		text += plain;
		if (*text != '\0')
			buf_add_char(out, *text++);
	}
}

/* Bytes of plain words with a blank between each two, which stay as they are. */
static size_t
plain_len(const char *text)
{
	size_t len = 0;

	while (is_plain(text[len]) && (text[len] != ' ' || text[len + 1] > ' '))
		len++;
	return len;
}

void
shown_add_line(struct buf *out, const char *text)
{
	static const char blanks[] = " \n\r\t";
	bool between = false;

	for (text += strspn(text, blanks); *text != '\0'; text += strspn(text, blanks)) {
		size_t words = plain_len(text);

		words += strcspn(text + words, blanks);
		if (between)
			buf_add_char(out, ' ');
		add_printable(out, text, words);
		text += words;
		between = true;
	}
}

/* Bytes of UTF-8 after the first of a character. */
static bool
continues(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

size_t
shown_columns(const char *shown, size_t len)
{
	size_t columns = 0;

	for (size_t i = 0; i < len; i++)
		columns += !continues(shown[i]);
	return columns;
}

/* Offset of the code point of that number. */
static size_t
offset_of_column(const char *shown, size_t len, size_t column)
{
	size_t i = 0;

	while (i < len && (continues(shown[i]) || column-- != 0))
		i++;
	return i;
}

void
shown_add_short(struct buf *out, const char *text, size_t columns)
{
	struct buf line;

	buf_init(&line, SIZE_MAX / 4);
	shown_add_line(&line, text);
	if (shown_columns(line.data, line.len) <= columns) {
		buf_add(out, line.data, line.len);
	} else {
		buf_add(out, line.data, offset_of_column(line.data, line.len, columns - 3));
		buf_add_string(out, "...");
	}
	buf_release(&line);
}

void
shown_cut(struct buf *shown, size_t most, char around)
{
	size_t room = most - OMISSION_MAX, head, tail;
	struct buf rest;

	if (shown->len <= most)
		return;
	for (head = room / 2; continues(shown->data[head]);)
		head--;
	for (tail = shown->len - room / 2; tail < shown->len && continues(shown->data[tail]);)
		tail++;
	buf_init(&rest, most);
	buf_add(&rest, shown->data, head);
	buf_addf(&rest, "%c... [%zu bytes omitted]%c", around, tail - head, around);
	buf_add(&rest, shown->data + tail, shown->len - tail);
	buf_reset(shown);
	buf_add(shown, rest.data, rest.len);
	buf_release(&rest);
}

void
shown_add_uncommanding(struct buf *out, const char *line, size_t len)
{
	size_t start = 0;

	while (start < len && (line[start] == ' ' || line[start] == '\t'))
		start++;
	for (size_t i = 0; i < len; i++) {
		if (i == start && line[i] == ':' && i + 1 < len && line[i + 1] == ':')
			buf_add_string(out, "\\x3a");
		else if (i > 0 && line[i] == '#' && line[i - 1] == '#')
			buf_add_string(out, "\\x23");
		else
			buf_add_char(out, line[i]);
	}
}

void
shown_add_unattaching(struct buf *out, const char *shown)
{
	const char *pair;

	while ((pair = strstr(shown, "[[")) != NULL) {
		buf_add(out, shown, (size_t)(pair - shown) + 1);
		for (shown = pair + 1; *shown == '['; shown++)
			buf_add_string(out, "\\x5b");
	}
	buf_add_string(out, shown);
}
