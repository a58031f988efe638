/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * terminal: the report for a person, target by target as they are decided, with a summary at the
 * end. Standard output may be the log of a CI job, so every line is free of what runners take
 * for a command (gate/shown.h), plain ASCII but for what servers sent, and without colour
 * unless it is asked for.
 */
#ifndef GATE_REPORT_TERMINAL_H
#define GATE_REPORT_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "report/report.h"

struct terminal {
	FILE *out;         /* verdicts and summary */
	FILE *err;         /* the progress line */
	bool colour;       /* on `out` */
	bool progress;     /* `err` is a terminal, lines can be erased there */
	bool verbose;      /* conversations too, and everything of every target */
	bool quiet;        /* neither targets nor progress, only the summary */
	unsigned width;    /* columns of `out`, 40 to 500 */
	size_t cases_left; /* that are still shown one by one */

	bool progress_shown; /* a progress line stands on `err` */
};

/* The columns of a stream: COLUMNS of the environment, within 40 and 500, else those of the terminal,
 * within 40 and 120, else 80. */
unsigned terminal_width(FILE *stream);

/* Looks at what the streams are. Colour when `out` is a terminal other than "dumb" and NO_COLOR is
 * not set; progress when `err` is one. The caller may change any of it afterwards. The streams
 * stay the caller's. */
void terminal_init(struct terminal *terminal, FILE *out, FILE *err);

/* One target: a heading, then a line for each assertion with its verdict, id and message. After a
 * thousand assertions the whole target is one line. */
void terminal_suite(struct terminal *terminal, const struct report_suite *suite);

/* Shows "[done/total] what" on `err` in place of an earlier one; nothing without `progress`. */
void terminal_progress(struct terminal *terminal, size_t done, size_t total, const char *what);

/* Erases the progress line; the other functions do so by themselves. */
void terminal_progress_end(struct terminal *terminal);

/* What did not pass, with all there is to say about it, then counts, connections and time. What
 * several targets have in common is said once, with their names; of very many different ones the
 * last are counted only. */
void terminal_summary(struct terminal *terminal, const struct report *report);

#endif
