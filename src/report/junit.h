/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * junit: the report as JUnit XML, in the one shape that GitHub actions, GitLab, Jenkins and their
 * like all read alike (schemas/junit.xsd): a flat list of suites, one per target; a case is
 * named by the assertion's id and carries the target in its class name; at most one of failure,
 * error and skipped; retries in Surefire's form.
 */
#ifndef GATE_REPORT_JUNIT_H
#define GATE_REPORT_JUNIT_H

#include <stdbool.h>

#include "base/error.h"
#include "report/report.h"

/* Longest text of a failure, error or skipped element in bytes. */
#define JUNIT_BODY_MAX 8704

/* Longest system-out in bytes; what is longer loses its middle. Only a case that failed or
 * could not be evaluated has one, since consumers show it for those alone. */
#define JUNIT_OUTPUT_MAX 16384

/* The most bytes of a report: GitLab drops one of 30 MB whole, without a word. One that would be
 * larger is written without system-out; if that is not enough, without the details of what was
 * skipped, which names the case that has the cause; then with each why and fix once, and elsewhere
 * the case that has them. Each suite says so in properties. No case is left out: where all this is
 * not enough, the report is larger. */
#define JUNIT_BYTES_MAX ((size_t)29500 * 1000)

/* A report without any case is written as one error case, because consumers take an empty file
 * for a success. Names that consumers would take for the same test get a number behind them. */
bool junit_format(const struct report *report, struct report_sink *sink, struct error *error);

#endif
