/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * terminal_lines: what the parts of the terminal's report are made of.
 */
#ifndef GATE_REPORT_TERMINAL_LINES_H
#define GATE_REPORT_TERMINAL_LINES_H

#include "base/buf.h"
#include "report/terminal.h"

/* Where the text behind a mark begins: the mark, two blanks. */
#define TEXT_COLUMN 7u

/* Writes the lines, each free of what a runner takes for a command. Everything on standard output
 * goes through here. */
void lines_put(struct terminal *terminal, struct buf *lines);

/* Appends text in a colour (ECMA-48 SGR), plain where there is none. */
void lines_add_coloured(
	const struct terminal *terminal, struct buf *lines, const char *colour, const char *text);

/* Appends "FAIL " and the like, five columns wide. */
void lines_add_mark(const struct terminal *terminal, struct buf *lines, enum verdict verdict);

/* Appends "submission on mx1.example.org:25". */
void lines_add_where(struct buf *lines, const struct report_suite *suite);

/* Appends a conversation, indented. */
void lines_add_transcript(
	const struct terminal *terminal, struct buf *lines, const char *transcript);

/* Appends "1 target", "2 targets". */
void lines_add_number_of(struct buf *lines, size_t number, const char *noun);

/* Appends "3 passed, 1 failed, 0 errors, 2 skipped" and what else there was. */
void lines_add_counts(struct buf *lines, const struct report_counts *counts);

/* What the counts come to: a failure weighs more than what could not be evaluated. */
enum verdict lines_verdict_of(const struct report_counts *counts);

#endif
