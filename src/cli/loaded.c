/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From operands to checklists that can run, or to a full account of what is wrong with them.
 */
#include <stdio.h>

#include "commands.h"
#include "gate/report.h"
#include "gate/text.h"

/* The retries of the command line go before those of a checklist. */
static void
apply_limits(struct checklist *checklist, const struct options *options)
{
	if (options->retries >= 0)
		checklist->limits.retries = (unsigned)options->retries;
}

static void
report_problems(const struct loaded *loaded, const struct options *options)
{
	struct error error = { .text = "" };
	struct report report;

	if (options->junit == NULL)
		return;
	report_init(&report);
	report_from_problems(&report, options->operands.items[0], &loaded->problems);
	if (!report_write(&report, report_format_find("junit"), options->junit, &error))
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

bool
loaded_init(struct loaded *loaded, struct options *options)
{
	struct error error = { .text = "" };
	struct variable *variables =
		arena_array(&options->arena, options->variables.count, sizeof(*variables));
	struct problem usage = { .message = error.text };
	struct overlay overlay;

	*loaded = (struct loaded){ .checklists = arena_array(&options->arena,
					   options->operands.count, sizeof(*loaded->checklists)) };
	problems_init(&loaded->problems);
	if (options_overlay(options, variables, &overlay, &error))
		load_all(loaded, options, &overlay);
	else
		problems_add(&loaded->problems, &usage, NULL, 0);
	if (loaded->problems.count == 0)
		return true;
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
