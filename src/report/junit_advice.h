/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * junit_advice: which case of a report tells an advice (`why` and `fix`), where each is told once.
 */
#ifndef GATE_REPORT_JUNIT_ADVICE_H
#define GATE_REPORT_JUNIT_ADVICE_H

#include "report/report.h"

struct junit_advice;

/* All advice that the report's cases give. It lives in the arena. */
struct junit_advice *junit_advice_list(const struct report *report, struct arena *arena);

/* The case that has told what this one advises, by the name that it gave; NULL: nobody has, so this
 * one does, under that name, which must live as long as the list. */
const char *junit_advice_told(
	struct junit_advice *advice, const struct report_case *one, const char *name);

#endif
