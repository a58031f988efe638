/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * problems: everything that is wrong with the input, each with its place, collected so that a
 * reader sees all of it at once.
 */
#ifndef GATE_CHECKLIST_PROBLEMS_H
#define GATE_CHECKLIST_PROBLEMS_H

#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/place.h"

/* More problems than this are counted and not kept. */
#define PROBLEMS_MAX 20

struct problem {
	struct place place;
	const char *message; /* what is wrong, one line */
	const char *label;   /* beside the carets: "did you mean ...?"; NULL: none */
	const char *note;    /* what is allowed; NULL: nothing to say */
	/* Filled by problems_add: the line of the file, made printable and cut to what fits around
	 * the carets (NULL: none), and where in it the carets go, in code points from 0. */
	const char *line_text;
	unsigned caret_start, caret_width;
};

struct problems {
	struct arena arena;
	struct problem *items; /* in the order of their places once sorted */
	size_t count;
	size_t unkept;
	size_t added; /* how often one was added, kept, unkept or known already */
};

void problems_init(struct problems *problems);
void problems_release(struct problems *problems);

/* Adds one, unless its message is there already for the same place. All strings are copied; message, label and note are made printable and, when very
 * long, cut. `source` is the text of the file that the place is in (NULL when there is none), for
 * the caret frame. */
void problems_add(struct problems *problems, const struct problem *problem, const char *source,
	size_t source_len);

/* How many there were, kept or not. */
size_t problems_total(const struct problems *problems);

/* Sorts by file (those without one first), line and column; what is at the same place stays in
 * the order in which it was added. */
void problems_sort(struct problems *problems);

/* Appends one problem as shown to a person: "error: ...", "  --> file:line:column", the line
 * with carets under it, and the note. */
void problem_format(struct buf *out, const struct problem *problem);

#endif
