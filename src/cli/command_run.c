/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * run: checklists, plans, evidence, verdicts, reports.
 */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "gate/clock.h"
#include "gate/collect.h"
#include "gate/interrupt.h"
#include "gate/judge.h"
#include "gate/plan.h"
#include "gate/report.h"
#include "gate/terminal.h"
#include "gate/text.h"

/* Connections at a time unless -j says so: waiting costs nothing, and servers are many. */
#define JOBS_DEFAULT 128

struct run {
	struct errand *errands;
	size_t errand_count;
	struct report report;
	struct terminal terminal;
};

static void
plan_errands(struct run *run, const struct loaded *loaded)
{
	int64_t today = clock_date();
	size_t count = 0;

	for (size_t i = 0; i < loaded->count; i++)
		count += loaded->checklists[i].target_count;
	run->errands = arena_array(&run->report.arena, count, sizeof(*run->errands));
	for (size_t i = 0; i < loaded->count; i++) {
		const struct checklist *checklist = &loaded->checklists[i];

		for (size_t j = 0; j < checklist->target_count; j++) {
			struct errand *errand = &run->errands[run->errand_count++];

			errand->checklist = checklist;
			evidence_init(&errand->evidence, &checklist->targets[j], today);
			plan_target(checklist, &errand->evidence);
		}
	}
}

/* A target is complete: judge it, show it, and let go of its evidence. */
static void
conclude(void *context, size_t index)
{
	struct run *run = context;
	struct errand *errand = &run->errands[index];
	struct report_suite *suite = &run->report.suites[index];

	suite->started = run->report.started;
	judge_target(errand->checklist, &errand->evidence, suite, &run->report.arena);
	terminal_suite(&run->terminal, suite);
	evidence_release(&errand->evidence);
}

static void
show_progress(void *context, size_t done, size_t total)
{
	struct run *run = context;

	terminal_progress(&run->terminal, done, total, "probes");
}

static void
carry_out(struct run *run, const struct options *options)
{
	struct report *report = &run->report;
	struct collect_settings settings = {
		.jobs = options->jobs != 0 ? (unsigned)options->jobs : JOBS_DEFAULT,
		.deadline_ms = options->deadline_ms,
		.wait_ms = options->wait_ms,
		.done = conclude,
		.progress = show_progress,
		.context = run,
	};
	int64_t started_ms = clock_now_ms();

	report->suites = arena_array(&report->arena, run->errand_count, sizeof(*report->suites));
	report->suite_count = run->errand_count;
	collect(run->errands, run->errand_count, &settings);
	report->ms = clock_now_ms() - started_ms;
	report->interrupted = interrupt_signal() != 0;
}

/* "FORMAT=FILE" into its parts; complains and gives NULL when there is no such format. */
static const struct report_format *
parse_report(const char *text, const char **path)
{
	const char *equals = strchr(text, '=');
	const struct report_format *row = report_formats;

	if (equals != NULL && equals[1] != '\0') {
		*path = equals + 1;
		for (; row->name != NULL; row++)
			if (text_same_len(text, (size_t)(equals - text), row->name))
				return row;
	}
	complain("--report takes FORMAT=FILE, not '%s'; formats:", text);
	for (row = report_formats; row->name != NULL; row++)
		fprintf(stderr, "  %-8s %s\n", row->name, row->summary);
	return NULL;
}

static bool
check_reports(const struct options *options, bool *on_stdout)
{
	const char *path = NULL;

	*on_stdout = options->junit != NULL && strcmp(options->junit, "-") == 0;
	for (size_t i = 0; i < options->reports.count; i++) {
		if (parse_report(options->reports.items[i], &path) == NULL)
			return false;
		if (strcmp(path, "-") == 0 && *on_stdout) {
			complain("only one report can go to standard output");
			return false;
		}
		*on_stdout |= strcmp(path, "-") == 0;
	}
	return true;
}

static bool
write_one(const struct report *report, const struct report_format *format, const char *path)
{
	struct error error = { .text = "" };

	if (report_write(report, format, path, &error))
		return true;
	complain("%s", error.text);
	return false;
}

static bool
write_reports(const struct report *report, const struct options *options)
{
	bool written = true;
	const char *path = NULL;

	if (options->junit != NULL)
		written = write_one(report, report_format_find("junit"), options->junit);
	for (size_t i = 0; i < options->reports.count; i++) {
		const struct report_format *format = parse_report(options->reports.items[i], &path);

		written = write_one(report, format, path) && written;
	}
	return written;
}

static enum exit_status
status_of(const struct report *report, bool written)
{
	struct report_counts counts = report_counts(report);

	if (!written)
		return EXIT_UNWRITTEN;
	if (counts.by_verdict[VERDICT_FAIL] != 0)
		return EXIT_FAILED;
	/* Nothing decided is nothing shown: a run without verdicts is no pass. */
	if (counts.by_verdict[VERDICT_ERROR] != 0 || counts.total == 0)
		return EXIT_UNDECIDED;
	return EXIT_PASSED;
}

static enum exit_status
run_loaded(const struct loaded *loaded, const struct options *options, bool report_on_stdout)
{
	struct run run = { .errand_count = 0 };
	enum exit_status status;

	report_init(&run.report);
	terminal_init(&run.terminal, report_on_stdout ? stderr : stdout, stderr);
	run.terminal.verbose = options->verbose;
	run.terminal.quiet = options->quiet;
	if (options->color != NULL && strcmp(options->color, "auto") != 0)
		run.terminal.colour = strcmp(options->color, "always") == 0;
	plan_errands(&run, loaded);
	carry_out(&run, options);
	status = status_of(&run.report, write_reports(&run.report, options));
	terminal_summary(&run.terminal, &run.report);
	report_release(&run.report);
	return status;
}

enum exit_status
command_run(struct options *options)
{
	enum exit_status status = EXIT_USAGE;
	bool report_on_stdout;
	struct loaded loaded;

	if (!check_reports(options, &report_on_stdout))
		return EXIT_USAGE;
	if (loaded_init(&loaded, options, PURPOSE_RUN)) {
		if (options->dry_run)
			show_plan(stdout, &loaded);
		status = options->dry_run ? EXIT_PASSED
					  : run_loaded(&loaded, options, report_on_stdout);
	}
	loaded_release(&loaded);
	return interrupted_or(status);
}
