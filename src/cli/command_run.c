/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * run: checklists, plans, evidence, verdicts, reports.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file_replace.h"
#include "base/interrupt.h"
#include "base/text.h"
#include "commands.h"
#include "report/report.h"
#include "report/terminal.h"
#include "run/collect.h"
#include "run/judge.h"
#include "run/plan.h"

/* Connections at a time unless -j says so: waiting costs nothing, and servers are many. */
#define JOBS_DEFAULT 128

struct run {
	struct target_run *targets;
	size_t target_count;
	struct report report;
	struct arena *texts; /* of the report, those that each thread made */
	struct terminal terminal;
};

static void
plan_targets(struct run *run, const struct loaded *loaded)
{
	int64_t today = clock_date();
	size_t count = 0;

	for (size_t i = 0; i < loaded->count; i++)
		count += loaded->checklists[i].target_count;
	run->targets = arena_array(&run->report.arena, count, sizeof(*run->targets));
	for (size_t i = 0; i < loaded->count; i++) {
		const struct checklist *checklist = &loaded->checklists[i];

		for (size_t j = 0; j < checklist->target_count; j++) {
			struct target_run *target = &run->targets[run->target_count++];

			target->checklist = checklist;
			evidence_init(&target->evidence, &checklist->targets[j], today);
			plan_target(checklist, &target->evidence);
		}
	}
}

/* A target is complete: judge it, and let go of its evidence. */
static void
conclude(void *context, size_t index, unsigned worker)
{
	struct run *run = context;
	struct target_run *target = &run->targets[index];
	struct report_suite *suite = &run->report.suites[index];

	suite->started = run->report.started;
	judge_target(target->checklist, &target->evidence, suite, &run->texts[worker]);
	evidence_release(&target->evidence);
}

static void
show(void *context, size_t index)
{
	struct run *run = context;

	terminal_suite(&run->terminal, &run->report.suites[index]);
}

static void
show_progress(void *context, const struct collect_progress *progress)
{
	struct run *run = context;
	char what[80];

	snprintf(what, sizeof(what), "probes, %zu of %zu targets done", progress->runs_done,
		progress->runs);
	terminal_progress(&run->terminal, progress->probes_done, progress->probes, what);
}

static void
carry_out(struct run *run, const struct options *options)
{
	struct report *report = &run->report;
	struct collect_settings settings = {
		.jobs = options->jobs != 0 ? (unsigned)options->jobs : JOBS_DEFAULT,
		.deadline_ms = options->deadline_ms,
		.wait_ms = options->wait_ms,
		.complete = conclude,
		.done = show,
		.progress = show_progress,
		.context = run,
	};
	int64_t started_ms = clock_now_ms();

	run->texts = arena_array(&report->arena, settings.jobs, sizeof(*run->texts));
	report->suites = arena_array(&report->arena, run->target_count, sizeof(*report->suites));
	report->suite_count = run->target_count;
	collect(run->targets, run->target_count, &settings);
	for (unsigned i = 0; i < settings.jobs; i++)
		arena_absorb(&report->arena, &run->texts[i]);
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

/* The path of a report: first --junit, then each --report; NULL behind the last. */
static const char *
report_path(const struct options *options, size_t index)
{
	const char *path = NULL;

	if (options->junit != NULL && index-- == 0)
		return options->junit;
	if (index < options->reports.count)
		parse_report(options->reports.items[index], &path);
	return path;
}

/* Whether a report would be written over something that is read; complains if so. */
static bool
is_input(const struct options *options, const char *input)
{
	const char *path;

	for (size_t i = 0; input != NULL && (path = report_path(options, i)) != NULL; i++)
		if (file_is_same(path, input)) {
			complain("%s: the report would be written over %s", path, input);
			return true;
		}
	return false;
}

static bool
check_report_path(const struct options *options, size_t index)
{
	const char *path = report_path(options, index);
	struct error error = { .text = "" };

	for (size_t i = 0; i < index; i++)
		if (file_is_same(report_path(options, i), path)) {
			complain("%s: two reports would be written to it", path);
			return false;
		}
	if (!file_can_replace(path, &error))
		complain("%s", error.text);
	return !error_is_set(&error);
}

/* Everything that can be known to go wrong with the reports, before anything is read. */
static bool
check_reports(const struct options *options, bool *on_stdout)
{
	const char *path = NULL;

	*on_stdout = false;
	for (size_t i = 0; i < options->reports.count; i++)
		if (parse_report(options->reports.items[i], &path) == NULL)
			return false;
	for (size_t i = 0; (path = report_path(options, i)) != NULL; i++) {
		if (!check_report_path(options, i))
			return false;
		*on_stdout |= strcmp(path, "-") == 0;
	}
	for (size_t i = 0; i < options->operands.count; i++)
		if (is_input(options, options->operands.items[i]))
			return false;
	return !is_input(options, options->ca_file) && !is_input(options, options->targets_file);
}

/* What the checklists name is known only when they are loaded. */
static bool
check_inputs(const struct options *options, const struct loaded *loaded)
{
	for (size_t i = 0; i < loaded->count; i++) {
		const struct checklist *checklist = &loaded->checklists[i];
		const char *last = NULL;

		for (size_t j = 0; j < checklist->assertion_count; j++) {
			const char *file = checklist->assertions[j].place.file;

			if (file != last && is_input(options, file))
				return false;
			last = file;
		}
		for (size_t j = 0; j < checklist->target_count; j++)
			if (is_input(options, checklist->targets[j].certificate_file))
				return false;
		if (is_input(options, checklist->targets_file))
			return false;
	}
	return true;
}

static bool
write_one(const struct report *report, const struct report_format *format, const char *path)
{
	struct error error = { .text = "" };
	size_t len;

	if (!report_write(report, format, path, &len, &error)) {
		complain("%s", error.text);
		return false;
	}
	if (format->most != 0 && len > format->most)
		complain("%s: written, but of %zu bytes: %s", path, len, format->too_many);
	return true;
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
	struct run run = { .target_count = 0 };
	enum exit_status status;

	report_init(&run.report);
	terminal_init(&run.terminal, report_on_stdout ? stderr : stdout, stderr);
	run.terminal.verbose = options->verbose;
	run.terminal.quiet = options->quiet;
	if (options->color != NULL && strcmp(options->color, "auto") != 0)
		run.terminal.colour = strcmp(options->color, "always") == 0;
	plan_targets(&run, loaded);
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
		if (options->dry_run)
			status = EXIT_PASSED;
		else if (check_inputs(options, &loaded))
			status = run_loaded(&loaded, options, report_on_stdout);
	}
	loaded_release(&loaded);
	return interrupted_or(status);
}
