/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * case_times: how long what decided each case took. Every span is told once, so that the cases of
 * a suite add up to its connections.
 */
#ifndef GATE_RUN_CASE_TIMES_H
#define GATE_RUN_CASE_TIMES_H

#include "report/report.h"
#include "weigh.h"

/* Fills in `ms` of the cases, which are in step with the weighed ones. A step of the session is
 * told with the case that owns it, or else with the first, in the order of the rows, that it
 * decided; one that decided none is part of the next. What was skipped took no time. */
void case_times(const struct evidence *evidence, struct weighed *const *weighed,
	struct report_case *cases, size_t count);

#endif
