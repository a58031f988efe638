/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * junit_names: how the cases of a JUnit report are called, so that none is taken for another.
 */
#ifndef GATE_REPORT_JUNIT_NAMES_H
#define GATE_REPORT_JUNIT_NAMES_H

#include "numbered_names.h"
#include "report/report.h"

/* The names of a suite's cases, and the class names of a report's suites, in their order. They live
 * in the arena. */
const struct numbered_name *junit_case_names(const struct report_suite *suite, struct arena *arena);
const struct numbered_name *junit_class_names(const struct report *report, struct arena *arena);

#endif
