/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * merge: reads the reports of shards and reports them as one run.
 */
#include <stdio.h>

#include "commands.h"
#include "report/merge.h"
#include "report/report_read.h"
#include "report/terminal.h"
#include "reports.h"

/* Reads all of them, so that all that is wrong is told; false when something is. */
static bool
read_parts(const struct options *options, struct report_part *parts, struct problems *problems)
{
	bool fine = true;

	for (size_t i = 0; i < options->operands.count; i++) {
		parts[i].path = options->operands.items[i];
		fine = report_read(&parts[i].report, parts[i].path, problems) && fine;
	}
	return fine;
}

static enum exit_status
tell(const struct report *report, const struct options *options, bool report_on_stdout)
{
	struct terminal terminal;
	enum exit_status status;

	reports_terminal(&terminal, options, report_on_stdout);
	for (size_t i = 0; i < report->suite_count; i++)
		terminal_suite(&terminal, &report->suites[i]);
	status = reports_status(report, reports_write(report, options));
	terminal_summary(&terminal, report);
	return status;
}

static enum exit_status
merge(const struct options *options, struct report_part *parts, bool report_on_stdout)
{
	size_t count = options->operands.count;
	enum exit_status status = EXIT_USAGE;
	struct problems problems;
	struct report merged;

	problems_init(&problems);
	report_init(&merged);
	if (read_parts(options, parts, &problems) &&
		report_merge(&merged, parts, count, &problems)) {
		status = tell(&merged, options, report_on_stdout);
	} else {
		problems_show(&problems);
		reports_write_problems(options, INPUT_REPORT, &problems);
	}
	for (size_t i = 0; i < count; i++)
		report_release(&parts[i].report);
	report_release(&merged);
	problems_release(&problems);
	return status;
}

enum exit_status
command_merge(struct options *options)
{
	struct report_part *parts =
		arena_array(&options->arena, options->operands.count, sizeof(*parts));
	bool report_on_stdout;

	if (!reports_check(options, &report_on_stdout) || !handle_signals())
		return EXIT_USAGE;
	return interrupted_or(merge(options, parts, report_on_stdout));
}
