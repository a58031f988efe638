/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A list with a limit, in which what is read twice stands once, sorted by place at the end.
 */
#include "checklist/problems.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "frame.h"

/* Bytes of a message, label or note that are kept. */
#define TEXT_MAX 600

void
problems_init(struct problems *problems)
{
	*problems = (struct problems){ 0 };
	arena_init(&problems->arena);
}

void
problems_release(struct problems *problems)
{
	arena_release(&problems->arena);
	problems_init(problems);
}

static bool
same_place(const struct place *a, const struct place *b)
{
	bool same_file = a->file == NULL || b->file == NULL ? a->file == b->file
							    : strcmp(a->file, b->file) == 0;

	return same_file && a->line == b->line && a->column == b->column;
}

static const char *
printable_copy(struct arena *arena, const char *text)
{
	struct buf shown;
	size_t len;
	char *copy;

	if (text == NULL)
		return NULL;
	buf_init(&shown, TEXT_MAX);
	text_add_printable(&shown, text, strlen(text));
	len = shown.len;
	while (shown.dropped != 0 && len > 0 && (shown.data[len - 1] & 0x80) != 0)
		len--;
	copy = arena_printf(arena, "%.*s%s", (int)len, shown.data, shown.dropped != 0 ? "..." : "");
	buf_release(&shown);
	return copy;
}

/* What is read twice is reported once. */
static bool
is_known(struct problems *problems, const struct problem *problem)
{
	for (size_t i = 0; i < problems->count; i++) {
		const struct problem *kept = &problems->items[i];

		if (same_place(&kept->place, &problem->place) &&
			strcmp(kept->message, printable_copy(&problems->arena, problem->message)) ==
				0)
			return true;
	}
	return false;
}

void
problems_add(struct problems *problems, const struct problem *problem, const char *source,
	size_t source_len)
{
	struct arena *arena = &problems->arena;
	struct problem *kept;

	problems->added++;
	if (is_known(problems, problem))
		return;
	if (problems->count == PROBLEMS_MAX) {
		problems->unkept++;
		return;
	}
	kept = ARENA_ADD(arena, problems->items, problems->count);
	*kept = (struct problem){ .place = problem->place };
	if (problem->place.file != NULL)
		kept->place.file = arena_strdup(arena, problem->place.file);
	kept->message = printable_copy(arena, problem->message);
	kept->label = printable_copy(arena, problem->label);
	kept->note = printable_copy(arena, problem->note);
	if (source != NULL && problem->place.line != 0)
		frame_take_line(kept, arena, source, source_len);
}

size_t
problems_total(const struct problems *problems)
{
	return problems->count + problems->unkept;
}

static bool
place_before(const struct place *a, const struct place *b)
{
	int files = a->file == NULL || b->file == NULL ? (a->file != NULL) - (b->file != NULL)
						       : strcmp(a->file, b->file);

	if (files != 0)
		return files < 0;
	return a->line != b->line ? a->line < b->line : a->column < b->column;
}

/* By insertion: stable, and there are at most PROBLEMS_MAX of them. */
void
problems_sort(struct problems *problems)
{
	for (size_t i = 1; i < problems->count; i++) {
		struct problem moved = problems->items[i];
		size_t j = i;

		while (j > 0 && place_before(&moved.place, &problems->items[j - 1].place)) {
			problems->items[j] = problems->items[j - 1];
			j--;
		}
		problems->items[j] = moved;
	}
}
