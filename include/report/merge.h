/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * merge: one report of the shards of a run.
 */
#ifndef GATE_REPORT_MERGE_H
#define GATE_REPORT_MERGE_H

#include <stdbool.h>
#include <stddef.h>

#include "checklist/problems.h"
#include "report/report.h"

/* The report of a shard, and the file it was read from. */
struct report_part {
	const char *path;
	struct report report;
};

/* Puts the suites of all parts (at least one) into a report made by report_init, in the order of the
 * run; for each shard that is not there one more, of one error case that says so. False, with a
 * problem for each part that does not go with the first: of a whole run, of another run or version,
 * of the same shard. What the parts own goes over to the report. */
bool report_merge(
	struct report *merged, struct report_part *parts, size_t count, struct problems *problems);

#endif
