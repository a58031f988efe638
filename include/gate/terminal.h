/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * terminal: the report for a person, target by target as they are decided, with a summary at the
 * end. Standard output may be the log of a CI job, so every line is free of what runners take
 * for a command (gate/shown.h), plain ASCII but for what servers sent, and without colour
 * unless it is asked for.
 */
#ifndef GATE_TERMINAL_H
#define GATE_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "gate/report.h"

struct terminal {
	FILE *out;      /* verdicts and summary */
	FILE *err;      /* the progress line */
	bool colour;    /* on `out` */
	bool progress;  /* `err` is a terminal, lines can be erased there */
	bool verbose;   /* conversations too */
	unsigned width; /* columns of `out`, 40 to 120 */

	bool progress_shown; /* a progress line stands on `err` */
};

/* Looks at what the streams are. Colour when `out` is a terminal other than "dumb" and NO_COLOR is
 * not set; progress when `err` is one; the width of the terminal, or 80. The caller may change
 * any of it afterwards. The streams stay the caller's. */
void terminal_init(struct terminal *terminal, FILE *out, FILE *err);

/* One target: a heading, then a line for each assertion with its verdict, id and message. */
void terminal_suite(struct terminal *terminal, const struct report_suite *suite);

/* Shows "[done/total] what" on `err` in place of an earlier one; nothing without `progress`. */
void terminal_progress(struct terminal *terminal, size_t done, size_t total, const char *what);

/* Erases the progress line; the other functions do so by themselves. */
void terminal_progress_end(struct terminal *terminal);

/* What failed or could not be evaluated, with all there is to say about it, then counts,
 * connections and time. */
void terminal_summary(struct terminal *terminal, const struct report *report);

#endif
