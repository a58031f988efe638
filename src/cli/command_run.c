/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * run: checklists, plans, evidence, verdicts, reports.
 */
#include <stdio.h>

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/open_files.h"
#include "commands.h"
#include "report/report.h"
#include "report/terminal.h"
#include "reports.h"
#include "run/collect.h"
#include "run/judge.h"
#include "run/plan.h"

/* Connections at a time unless -j says so: waiting costs nothing, and servers are many. */
#define JOBS_DEFAULT 256

/* Files that a connection may have open, to look its host up at the most, and all else together. */
#define FILES_OF_JOB 2
#define FILES_OF_REST 24

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

	run->target_count = loaded->target_count;
	run->targets = arena_array(&run->report.arena, run->target_count, sizeof(*run->targets));
	for (size_t i = 0; i < run->target_count; i++) {
		struct target_run *target = &run->targets[i];

		target->checklist = loaded->targets[i].checklist;
		evidence_init(&target->evidence, loaded->targets[i].target, today);
		plan_target(target->checklist, &target->evidence);
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

/* As many connections at a time as are wanted, and as this process can have. */
static unsigned
jobs_of(const struct run *run, const struct options *options)
{
	size_t wanted = options->jobs != 0 ? (size_t)options->jobs : JOBS_DEFAULT;
	size_t files = open_files_most(), jobs = 0, room = 1;

	for (size_t i = 0; i < run->target_count; i++)
		jobs += 1 + run->targets[i].evidence.observation_count;
	if (files >= FILES_OF_REST + FILES_OF_JOB)
		room = (files - FILES_OF_REST) / FILES_OF_JOB;
	wanted = jobs < wanted ? jobs : wanted;
	if (wanted <= room)
		return wanted == 0 ? 1 : (unsigned)wanted;
	complain("connections at a time: %zu, not %zu, because no more than %zu files may be open "
		 "(ulimit -n)",
		room, wanted, files);
	return (unsigned)room;
}

static void
carry_out(struct run *run, const struct loaded *loaded, const struct options *options)
{
	struct report *report = &run->report;
	struct collect_settings settings = {
		.jobs = jobs_of(run, options),
		.deadline_ms = options->deadline_ms,
		.wait_ms = options->wait_ms,
		.complete = conclude,
		.done = show,
		.progress = show_progress,
		.context = run,
	};
	bool is_brief = reports_are_brief(options);
	int64_t started_ms = clock_now_ms();

	run->texts = arena_array(&report->arena, settings.jobs, sizeof(*run->texts));
	report->suites = arena_array(&report->arena, run->target_count, sizeof(*report->suites));
	report->suite_count = run->target_count;
	for (size_t i = 0; i < run->target_count; i++) {
		report->suites[i].number = loaded->targets[i].number;
		report->suites[i].is_brief = is_brief;
	}
	collect(run->targets, run->target_count, &settings);
	for (unsigned i = 0; i < settings.jobs; i++)
		arena_absorb(&report->arena, &run->texts[i]);
	report->ms = clock_now_ms() - started_ms;
	report->interrupted = interrupt_signal() != 0;
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

			if (file != last && reports_replace(options, file))
				return false;
			last = file;
		}
		for (size_t j = 0; j < checklist->target_count; j++)
			if (reports_replace(options, checklist->targets[j].certificate_file))
				return false;
		if (reports_replace(options, checklist->targets_file))
			return false;
	}
	return true;
}

static enum exit_status
run_loaded(const struct loaded *loaded, const struct options *options, bool report_on_stdout)
{
	struct run run = { .target_count = 0 };
	enum exit_status status;

	report_init(&run.report);
	reports_terminal(&run.terminal, options, report_on_stdout);
	plan_targets(&run, loaded);
	run.report.shard = loaded->shard;
	carry_out(&run, loaded, options);
	status = reports_status(&run.report, reports_write(&run.report, options));
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

	if (!reports_check(options, &report_on_stdout))
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
