/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From operands to checklists that can run, or to a full account of what is wrong with them.
 */
#include <stdio.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/text.h"
#include "checklist/load.h"
#include "checklist/overlay.h"
#include "checklist/repository.h"
#include "checklist/shipped.h"
#include "commands.h"
#include "report/report.h"

/* The retries of the command line go before those of a checklist. */
static void
apply_limits(struct checklist *checklist, const struct options *options)
{
	if (options->retries >= 0)
		checklist->limits.retries = (unsigned)options->retries;
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

static void
report_problems(const struct loaded *loaded, const struct options *options)
{
	struct error error = { .text = "" };
	struct report report;
	size_t len;

	if (options->junit == NULL)
		return;
	report_init(&report);
	report_from_problems(&report, options->operands.items[0], &loaded->problems);
	relocate(&report, &loaded->problems.items[0]);
	if (!report_write(&report, report_format_find("junit"), options->junit, &len, &error))
		complain("%s", error.text);
	report_release(&report);
}

static void
show_problems(struct problems *problems)
{
	struct buf text;

	problems_sort(problems);
	buf_init(&text, 1 << 20);
	for (size_t i = 0; i < problems->count; i++)
		problem_format(&text, &problems->items[i]);
	if (problems->unkept != 0)
		buf_addf(&text, "... and %zu more\n", problems->unkept);
	fputs(text.data, stderr);
	buf_release(&text);
}

static void
load_all(struct loaded *loaded, const struct options *options, const struct overlay *overlay)
{
	for (size_t i = 0; i < options->operands.count; i++) {
		struct checklist *checklist = &loaded->checklists[loaded->count++];

		checklist_load(checklist, options->operands.items[i], overlay, &loaded->problems);
		apply_limits(checklist, options);
	}
}

/* Fewer bytes are found by guessing, and stand in many a text that has nothing to do with them. */
#define SECRET_BYTES_MIN 6

static void
warn_of_short_secrets(const struct checklist *checklist)
{
	for (size_t i = 0; i < checklist->secrets.count; i++) {
		const struct secret *secret = &checklist->secrets.items[i];

		if (secret->len < SECRET_BYTES_MIN)
			complain(
				"warning: the secret \"%s\" has fewer than %d bytes: it is easy to "
				"guess, and hiding it takes other text out of the reports",
				secret->name, SECRET_BYTES_MIN);
	}
}

static bool
handle_signals(void)
{
	if (interrupt_fd() >= 0 || interrupt_init())
		return true;
	complain("signals cannot be handled");
	return false;
}

enum exit_status
interrupted_or(enum exit_status status)
{
	int number = interrupt_signal();

	return number != 0 ? (enum exit_status)(128 + number) : status;
}

static void
load(struct loaded *loaded, struct options *options, enum purpose purpose)
{
	struct error error = { .text = "" };
	struct problem usage = { .message = error.text };
	struct overlay overlay;

	if (!options_overlay(options, &overlay, &error)) {
		problems_add(&loaded->problems, &usage, NULL, 0);
		return;
	}
	overlay.secrets_optional = purpose != PURPOSE_RUN;
	overlay.targets_optional = purpose == PURPOSE_LIST;
	load_all(loaded, options, &overlay);
	complain_of_unused(loaded, &options->arena, &overlay);
}

bool
loaded_init(struct loaded *loaded, struct options *options, enum purpose purpose)
{
	*loaded = (struct loaded){ .checklists = arena_array(&options->arena,
					   options->operands.count, sizeof(*loaded->checklists)) };
	problems_init(&loaded->problems);
	if (!handle_signals())
		return false;
	load(loaded, options, purpose);
	if (loaded->problems.count == 0) {
		for (size_t i = 0; i < loaded->count; i++)
			warn_of_short_secrets(&loaded->checklists[i]);
		return true;
	}
	show_problems(&loaded->problems);
	report_problems(loaded, options);
	return false;
}

void
loaded_release(struct loaded *loaded)
{
	for (size_t i = 0; i < loaded->count; i++)
		checklist_release(&loaded->checklists[i]);
	problems_release(&loaded->problems);
}
