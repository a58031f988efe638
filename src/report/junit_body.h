/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * junit_body: what the element of a verdict says below its message.
 */
#ifndef GATE_REPORT_JUNIT_BODY_H
#define GATE_REPORT_JUNIT_BODY_H

#include "report/report.h"

/* A case of a report, and what it is called there. */
struct junit_case {
	const struct report_suite *suite;
	const struct report_case *one;
	const char *name;
	const char *classname;
};

/* Appends the lines behind the message, with a newline in front. `advised` stands for why and fix;
 * NULL: the case's own. */
void junit_add_body(struct buf *body, const struct junit_case *called, const char *advised);

#endif
