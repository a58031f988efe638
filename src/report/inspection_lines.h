/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * inspection_lines: what the parts of an inspection are made of, and those that have a source of their own.
 */
#ifndef GATE_REPORT_INSPECTION_LINES_H
#define GATE_REPORT_INSPECTION_LINES_H

#include "report/inspection.h"

enum inspection_colour {
	COLOUR_PLAIN,
	COLOUR_BOLD,
	COLOUR_GOOD,
	COLOUR_BAD,
};

/* A heading on a line of its own, with an empty one before it. */
void inspection_add_heading(
	struct buf *out, const struct inspection_style *style, const char *text);

/* "  label     text"; nothing when text is NULL. */
void inspection_add_row(struct buf *out, const struct inspection_style *style, const char *label,
	enum inspection_colour colour, const char *text);

/* The chains, with what is wrong with them. */
void inspection_add_chains(
	struct buf *out, const struct facts *facts, const struct inspection_style *style);

/* Versions, suites, groups and signature schemes by strength, as far as more is known of them than the
 * session shows. */
void inspection_add_posture(
	struct buf *out, const struct facts *facts, const struct inspection_style *style);

#endif
