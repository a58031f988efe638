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
#include "run/resolve.h"

/* Connections at a time unless -j says so: waiting costs nothing, and servers are many. */
#define JOBS_DEFAULT 256

/* Files that a connection may have open, to look its host up at the most, and all else together. */
#define FILES_OF_JOB 2
#define FILES_OF_REST 24

struct run {
	int64_t started_ms;
	struct resolved resolved;
	struct report report;
	struct arena *texts; /* of the report, those that each thread made */
	struct terminal terminal;
};

static void
plan_targets(struct run *run)
{
	int64_t today = clock_date();

	for (size_t i = 0; i < run->resolved.count; i++) {
		struct target_run *target = &run->resolved.runs[i];

		evidence_init(&target->evidence, target->target, today);
		plan_target(target->checklist, &target->evidence);
	}
}

/* Runs that belong together know of each other's nodes. */
static void
join_nodes(struct target_run *runs, size_t count, struct arena *arena)
{
	const struct evidence **nodes = arena_array(arena, count, sizeof(*nodes));
	size_t node_count = 0;

	for (size_t i = 0; i < count; i++)
		if (runs[i].target->part == TARGET_NODE)
			nodes[node_count++] = &runs[i].evidence;
	for (size_t i = 0; i < count; i++) {
		runs[i].evidence.nodes = nodes;
		runs[i].evidence.node_count = node_count;
	}
}

/* They are complete: judge them, and let go of their evidence. */
static void
conclude(void *context, size_t first, size_t count, unsigned worker)
{
	struct run *run = context;
	struct target_run *runs = &run->resolved.runs[first];

	join_nodes(runs, count, &run->texts[worker]);
	for (size_t i = 0; i < count; i++) {
		struct report_suite *suite = &run->report.suites[first + i];

		suite->started = run->report.started;
		judge_target(runs[i].checklist, &runs[i].evidence, suite, &run->texts[worker]);
	}
	for (size_t i = 0; i < count; i++)
		evidence_release(&runs[i].evidence);
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

	for (size_t i = 0; i < run->resolved.count; i++)
		jobs += 1 + run->resolved.runs[i].evidence.observation_count;
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
carry_out(struct run *run, const struct options *options)
{
	struct report *report = &run->report;
	struct collect_settings settings = {
		.jobs = jobs_of(run, options),
		.deadline_ms = options->deadline_ms,
		.wait_ms = options->wait_ms,
		.started_ms = run->started_ms,
		.complete = conclude,
		.done = show,
		.progress = show_progress,
		.context = run,
	};
	bool is_brief = reports_are_brief(options);
	run->texts = arena_array(&report->arena, settings.jobs, sizeof(*run->texts));
	report->suites = arena_array(&report->arena, run->resolved.count, sizeof(*report->suites));
	report->suite_count = run->resolved.count;
	for (size_t i = 0; i < run->resolved.count; i++) {
		report->suites[i].number = run->resolved.runs[i].number;
		report->suites[i].siblings = run->resolved.runs[i].siblings;
		report->suites[i].is_brief = is_brief;
	}
	collect(run->resolved.runs, run->resolved.count, &settings);
	for (unsigned i = 0; i < settings.jobs; i++)
		arena_absorb(&report->arena, &run->texts[i]);
	report->ms = clock_now_ms() - run->started_ms;
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

/* By which all names must have been looked up: half of the time of the run is left for the servers, whose
 * names are known even if some others are not. */
static int64_t
deadline_of(const struct loaded *loaded, const struct options *options, int64_t started_ms)
{
	int64_t span_ms = options->deadline_ms;

	for (size_t i = 0; options->deadline_ms == 0 && i < loaded->count; i++)
		if (loaded->checklists[i].limits.deadline_ms > span_ms)
			span_ms = loaded->checklists[i].limits.deadline_ms;
	return started_ms + span_ms / 2;
}

static enum exit_status
run_loaded(const struct loaded *loaded, const struct options *options, bool report_on_stdout)
{
	struct run run = { .started_ms = clock_now_ms() };
	enum exit_status status;

	report_init(&run.report);
	reports_terminal(&run.terminal, options, report_on_stdout);
	resolve(&run.resolved, loaded->targets, loaded->target_count,
		deadline_of(loaded, options, run.started_ms), &run.report.arena);
	plan_targets(&run);
	run.report.shard = loaded->shard;
	carry_out(&run, options);
	status = reports_status(&run.report, reports_write(&run.report, options));
	terminal_summary(&run.terminal, &run.report);
	resolved_release(&run.resolved);
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
