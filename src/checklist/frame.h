/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * frame: the line of a file that a problem is in, as it can be shown with carets under it.
 */
#ifndef GATE_CHECKLIST_FRAME_H
#define GATE_CHECKLIST_FRAME_H

#include <stddef.h>

#include "base/arena.h"
#include "checklist/problems.h"

/* Fills line_text, caret_start and caret_width of a problem from the text of its file. Leaves them
 * empty when the file has no such line. */
void frame_take_line(
	struct problem *problem, struct arena *arena, const char *source, size_t source_len);

/* That line of the text as it is, without its end; NULL when there is no such line. */
const char *frame_line(struct arena *arena, const char *source, size_t source_len, unsigned line);

#endif
