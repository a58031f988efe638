/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * detail: what a case has to say below its message, as labelled lines in a fixed order:
 * expected, observed, why, fix, at. Writers for people share it.
 */
#ifndef GATE_REPORT_DETAIL_H
#define GATE_REPORT_DETAIL_H

#include <stddef.h>

#include "report/report.h"

/* Longest value of a detail in bytes; what is longer loses its middle. */
#define DETAIL_VALUE_MAX 1100

/* Most lines of a value; what is behind them goes on in the last. */
#define DETAIL_LINES_MAX 32

enum detail {
	DETAIL_IN_FULL, /* of a message that was cut */
	DETAIL_EXPECTED,
	DETAIL_OBSERVED,
	DETAIL_WHY,
	DETAIL_FIX,
	DETAIL_AT, /* "file:line:column (id)" */
};
#define DETAIL_COUNT 6

/* Width of the label column: "expected" and two blanks. */
#define DETAIL_LABEL_COLUMNS 10

/* Longest message in code points; the whole of a longer one becomes a detail ("in full"). */
#define MESSAGE_COLUMNS 200

/* Appends the case's message as one line of at most MESSAGE_COLUMNS code points. A case without
 * a message says so by its title. */
void detail_add_message(struct buf *out, const struct report_case *one);

/* Puts the value of a detail, one line of shown text, of a fix as many as it has, into a buffer that is
 * emptied first, and gives its label; NULL when the case has nothing to say there. */
const char *detail_value(struct buf *value, const struct report_suite *suite,
	const struct report_case *one, enum detail detail);

#endif
