/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * json_report: the whole report as one JSON document, for programs. Every member is always there
 * (null when there is nothing to say), spans are milliseconds, dates RFC 3339 in UTC. Text is
 * shown text (gate/shown.h), never cut.
 */
#ifndef GATE_REPORT_JSON_REPORT_H
#define GATE_REPORT_JSON_REPORT_H

#include <stdbool.h>

#include "base/error.h"
#include "report/report.h"

/* Of schemas/report.schema.json: one more for what an older reader cannot make sense of. What is new
 * has its row in report_read.c too. */
#define JSON_SCHEMA_VERSION 1

/* One suite after the other, each read back as a value of its own. */
bool json_report_format(const struct report *report, struct report_sink *sink, struct error *error);

#endif
