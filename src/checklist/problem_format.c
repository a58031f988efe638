/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A problem as people see it: message, arrow to the place, the line with carets, notes.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "checklist/problems.h"

static void
add_repeated(struct buf *out, char c, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		buf_add_char(out, c);
}

static void
add_arrow(struct buf *out, const struct place *place, unsigned gutter)
{
	add_repeated(out, ' ', gutter);
	buf_add_string(out, " --> ");
	text_add_printable(out, place->file, strlen(place->file));
	if (place->line != 0)
		buf_addf(out, ":%u:%u", place->line, place->column);
	buf_add_char(out, '\n');
}

static void
add_bar(struct buf *out, unsigned gutter)
{
	add_repeated(out, ' ', gutter);
	buf_add_string(out, "  |");
}

static void
add_frame(struct buf *out, const struct problem *problem, unsigned gutter)
{
	add_bar(out, gutter);
	buf_addf(out, "\n %u | %s\n", problem->place.line, problem->line_text);
	add_bar(out, gutter);
	add_repeated(out, ' ', problem->caret_start + 1);
	add_repeated(out, '^', problem->caret_width);
	if (problem->label != NULL)
		buf_addf(out, " %s", problem->label);
	buf_add_char(out, '\n');
	if (problem->note != NULL) {
		add_bar(out, gutter);
		buf_add_char(out, '\n');
	}
}

void
problem_format(struct buf *out, const struct problem *problem)
{
	char number[16];
	unsigned gutter = (unsigned)snprintf(number, sizeof(number), "%u", problem->place.line);

	buf_addf(out, "error: %s\n", problem->message);
	if (problem->place.file != NULL)
		add_arrow(out, &problem->place, gutter);
	if (problem->line_text != NULL) {
		add_frame(out, problem, gutter);
	} else if (problem->label != NULL) {
		add_repeated(out, ' ', gutter);
		buf_addf(out, "  = %s\n", problem->label);
	}
	if (problem->note != NULL) {
		add_repeated(out, ' ', gutter);
		buf_addf(out, "  = %s\n", problem->note);
	}
}
