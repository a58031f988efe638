/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * report_read: a report from the JSON that this program wrote of it.
 */
#ifndef GATE_REPORT_REPORT_READ_H
#define GATE_REPORT_REPORT_READ_H

#include <stdbool.h>

#include "checklist/problems.h"
#include "report/report.h"

/* Reads a file of at most REPORT_BYTES_MAX bytes. Every writer makes of the report what it would have
 * made of the one that was written, but for what JSON had to make visible of it. False, with at least
 * one problem, when the file cannot be read, is no JSON, or no report of this schema version. The
 * report must be released in either case. */
bool report_read(struct report *report, const char *path, struct problems *problems);

#endif
