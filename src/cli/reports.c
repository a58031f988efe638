/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Places of reports are checked before anything is read, and the reports written when all is known.
 */
#include "reports.h"

#include <string.h>

#include "base/file_replace.h"
#include "base/text.h"
#include "checklist/repository.h"
#include "checklist/shipped.h"
#include "commands.h"

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

bool
reports_replace(const struct options *options, const char *input)
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

bool
reports_check(const struct options *options, bool *on_stdout)
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
		if (reports_replace(options, options->operands.items[i]))
			return false;
	return !reports_replace(options, options->ca_file) &&
	       !reports_replace(options, options->targets_file);
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

bool
reports_are_brief(const struct options *options)
{
	const char *path = NULL;
	bool brief = !options->verbose;

	for (size_t i = 0; i < options->reports.count; i++)
		brief = brief && parse_report(options->reports.items[i], &path)->is_brief;
	return brief;
}

bool
reports_write(const struct report *report, const struct options *options)
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

enum exit_status
reports_status(const struct report *report, bool written)
{
	struct report_counts counts = report_counts(report);

	if (!written)
		return EXIT_UNWRITTEN;
	if (counts.by_verdict[VERDICT_FAIL] != 0)
		return EXIT_FAILED;
	/* Nothing decided is nothing shown: a run without verdicts is no pass, and a shard neither. */
	if (counts.by_verdict[VERDICT_ERROR] != 0 || report->interrupted ||
		counts.by_verdict[VERDICT_SKIPPED] == counts.total)
		return EXIT_UNDECIDED;
	return EXIT_PASSED;
}

static bool
is_shipped(const char *name)
{
	for (const struct shipped_checklist *row = shipped_checklists; row->name != NULL; row++)
		if (strcmp(row->name, name) == 0)
			return true;
	return false;
}

/* A person is shown the file as it was given; who annotates the repository wants it as it is called
 * there, and nothing of what is not in it. */
static void
relocate(struct report *report, const struct problem *problem)
{
	const char *file = problem->place.file;
	struct place *place = &report->suites[0].cases[0].place;

	if (file == NULL)
		return;
	if (is_shipped(file))
		*place = (struct place){ 0 };
	else
		place->file = repository_path(
			&report->arena, repository_root(&report->arena, file), file);
	report->suites[0].file = place->file;
}

void
reports_write_problems(
	const struct options *options, enum report_input input, const struct problems *problems)
{
	struct error error = { .text = "" };
	struct report report;
	size_t len;

	if (options->junit == NULL)
		return;
	report_init(&report);
	report_from_problems(&report, input, options->operands.items[0], problems);
	relocate(&report, &problems->items[0]);
	if (!report_write(&report, report_format_find("junit"), options->junit, &len, &error))
		complain("%s", error.text);
	report_release(&report);
}

void
reports_terminal(struct terminal *terminal, const struct options *options, bool report_on_stdout)
{
	terminal_init(terminal, report_on_stdout ? stderr : stdout, stderr);
	terminal->verbose = options->verbose;
	terminal->quiet = options->quiet;
	if (options->color != NULL && strcmp(options->color, "auto") != 0)
		terminal->colour = strcmp(options->color, "always") == 0;
}
