/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A whole report in memory, for the tests of the writers.
 */
#ifndef REPORT_BYTES_H
#define REPORT_BYTES_H

#include "base/buf.h"
#include "report/report.h"

/* A sink that refuses what goes beyond the limit of its buffer. */
static inline bool
take_bytes(void *context, const void *bytes, size_t len, struct error *error)
{
	return buf_add(context, bytes, len) || error_set(error, "there is no room");
}

/* Appends the report in that format. */
static inline bool
report_bytes(const struct report *report, const struct report_format *format, struct buf *out,
	struct error *error)
{
	struct report_sink sink = { take_bytes, out };

	return format->format(report, &sink, error);
}

#endif
