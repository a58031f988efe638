/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Two hex digits behind an equals sign are a byte; one at the end of a line joins it with the next.
 */
#include "quoted_printable.h"

#include <stddef.h>

/* -1: no digit. */
static int
hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* How many blanks stand at `at` in front of the end of the line, or of the text; the line end, as long
 * as it is, comes along. False: something else stands there. */
static bool
ends_line(struct span text, size_t at, size_t *blanks, size_t *end)
{
	size_t next = at;

	while (next < text.len && (text.data[next] == ' ' || text.data[next] == '\t'))
		next++;
	*blanks = next - at;
	*end = next;
	if (next < text.len && text.data[next] == '\r')
		next++;
	if (next < text.len && text.data[next] != '\n')
		return false;
	*end = next < text.len ? next + 1 : next;
	return true;
}

/* What the equals sign at *at begins. */
static bool
add_escape(struct buf *out, struct span text, size_t *at)
{
	size_t blanks, end;
	int high, low;

	if (ends_line(text, *at + 1, &blanks, &end)) {
		*at = end;
		return true;
	}
	if (*at + 2 >= text.len)
		return false;
	high = hex_digit(text.data[*at + 1]);
	low = hex_digit(text.data[*at + 2]);
	*at += 3;
	return high >= 0 && low >= 0 && buf_add_char(out, (char)(high << 4 | low));
}

/* Blanks in front of a line end were added on the way (rule 3). */
bool
quoted_printable_add(struct buf *out, struct span text)
{
	size_t at = 0, blanks, end;

	while (at < text.len) {
		if (text.data[at] == '=') {
			if (!add_escape(out, text, &at))
				return false;
		} else if ((text.data[at] == ' ' || text.data[at] == '\t') &&
			   ends_line(text, at, &blanks, &end)) {
			at += blanks;
		} else if (!buf_add_char(out, (char)text.data[at++])) {
			return false;
		}
	}
	return true;
}
