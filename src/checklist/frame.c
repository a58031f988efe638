/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Cuts the line of a problem out of its file, to a window of code points that are made printable.
 */
#include "frame.h"

#include <string.h>

#include "base/text.h"

/* Code points of a line that are shown, and how many of them stand before the carets when the
 * line is cut. */
#define SHOWN_MAX 100
#define SHOWN_BEFORE 40

static const char tab_shown[] = "    ";
static const char cut_mark[] = "...";

/* A line made printable; start and end are where the place begins and ends in it. */
struct shown_line {
	struct buf text;
	size_t len; /* in code points */
	size_t start, end;
};

struct line_span {
	const char *text;
	size_t len;
};

static struct line_span
find_line(const char *source, size_t source_len, unsigned line)
{
	struct line_span found = { NULL, 0 };
	const char *next = source, *end = source + source_len, *newline;

	for (unsigned i = 1; i < line && next != NULL; i++) {
		next = memchr(next, '\n', (size_t)(end - next));
		next = next == NULL ? NULL : next + 1;
	}
	if (next == NULL)
		return found;
	newline = memchr(next, '\n', (size_t)(end - next));
	found.text = next;
	found.len = (size_t)((newline == NULL ? end : newline) - next);
	if (found.len > 0 && next[found.len - 1] == '\r')
		found.len--;
	return found;
}

static size_t
count_code_points(const char *text, size_t len)
{
	size_t count = 0;

	for (size_t i = 0; i < len; i++)
		count += (text[i] & 0xc0) != 0x80;
	return count;
}

/* A column is one code point, or one byte that belongs to none, as json_scan counts them. */
static void
show_line(struct shown_line *shown, const struct line_span *line, const struct place *place)
{
	size_t used, before, column = 1;
	uint32_t code;

	for (size_t at = 0; at < line->len; at += used, column++) {
		if (column == place->column)
			shown->start = shown->len;
		if (column == (size_t)place->column + place->width)
			shown->end = shown->len;
		used = text_utf8_next(line->text + at, line->len - at, &code);
		used = used == 0 ? 1 : used;
		before = shown->text.len;
		if (line->text[at] == '\t')
			buf_add_string(&shown->text, tab_shown);
		else if (line->text[at] == '\\')
			buf_add_char(&shown->text, '\\');
		else
			text_add_printable(&shown->text, line->text + at, used);
		shown->len +=
			count_code_points(shown->text.data + before, shown->text.len - before);
	}
	if (place->column >= column)
		shown->start = shown->len;
	if ((size_t)place->column + place->width >= column)
		shown->end = shown->len;
}

static const char *
skip_code_points(const char *text, size_t count)
{
	while (*text != '\0' && count > 0) {
		text++;
		if ((*text & 0xc0) != 0x80)
			count--;
	}
	return text;
}

/* Cuts a long line to a window that begins a little before the carets. */
static void
cut_line(struct problem *problem, struct arena *arena, const struct shown_line *shown)
{
	size_t first = shown->start > SHOWN_BEFORE ? shown->start - SHOWN_BEFORE : 0;
	const char *from, *to;
	bool more_after;

	if (shown->len - first < SHOWN_MAX)
		first = shown->len - SHOWN_MAX;
	from = skip_code_points(shown->text.data, first);
	to = skip_code_points(from, SHOWN_MAX);
	more_after = *to != '\0';
	problem->line_text = arena_printf(arena, "%s%.*s%s", first > 0 ? cut_mark : "",
		(int)(to - from), from, more_after ? cut_mark : "");
	problem->caret_start =
		(unsigned)(shown->start - first + (first > 0 ? strlen(cut_mark) : 0));
	if (shown->end > first + SHOWN_MAX)
		problem->caret_width = (unsigned)(first + SHOWN_MAX - shown->start);
}

void
frame_take_line(struct problem *problem, struct arena *arena, const char *source, size_t source_len)
{
	struct line_span line = find_line(source, source_len, problem->place.line);
	struct shown_line shown = { .len = 0 };

	if (line.text == NULL)
		return;
	buf_init(&shown.text, SIZE_MAX / 4);
	show_line(&shown, &line, &problem->place);
	problem->caret_start = (unsigned)shown.start;
	problem->caret_width = (unsigned)(shown.end > shown.start ? shown.end - shown.start : 1);
	if (shown.len > SHOWN_MAX)
		cut_line(problem, arena, &shown);
	else
		problem->line_text = arena_strdup(arena, shown.text.data);
	if (problem->caret_width == 0)
		problem->caret_width = 1;
	buf_release(&shown.text);
}

const char *
frame_line(struct arena *arena, const char *source, size_t source_len, unsigned line)
{
	struct line_span found = find_line(source, source_len, line);

	return found.text == NULL ? NULL : arena_memdup(arena, found.text, found.len);
}
