/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From operands to checklists that can run, or to a full account of what is wrong with them.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/interrupt.h"
#include "checklist/load.h"
#include "checklist/overlay.h"
#include "commands.h"
#include "reports.h"
#include "run/selection.h"

/* The retries of the command line go before those of a checklist. */
static void
apply_limits(struct checklist *checklist, const struct options *options)
{
	if (options->retries >= 0)
		checklist->limits.retries = (unsigned)options->retries;
}

void
problems_show(struct problems *problems)
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

bool
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

/* All targets, and of those what falls to the shard. */
static void
share_out(struct loaded *loaded, struct arena *arena)
{
	struct report_shard *shard = &loaded->shard;
	size_t count = 0;

	for (size_t i = 0; i < loaded->count; i++)
		count += loaded->checklists[i].target_count;
	loaded->targets = arena_array(arena, count, sizeof(*loaded->targets));
	for (size_t i = 0; i < loaded->count; i++)
		for (size_t j = 0; j < loaded->checklists[i].target_count; j++) {
			loaded->targets[loaded->target_count] =
				(struct run_target){ &loaded->checklists[i],
					&loaded->checklists[i].targets[j], loaded->target_count };
			loaded->target_count++;
		}
	if (shard->of == 0)
		return;
	shard->targets = count;
	shard->run = arena_printf(arena, "%016" PRIx64, selection_of(loaded->targets, count));
	loaded->target_count = shard_choose(loaded->targets, shard);
}

static void
load(struct loaded *loaded, struct options *options, enum purpose purpose)
{
	struct error error = { .text = "" };
	struct problem usage = { .message = error.text };
	struct overlay overlay;

	if (!options_overlay(options, &overlay, &error) ||
		!shard_of_options(options, &loaded->shard, &error)) {
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
		share_out(loaded, &options->arena);
		for (size_t i = 0; i < loaded->count; i++)
			warn_of_short_secrets(&loaded->checklists[i]);
		return true;
	}
	problems_show(&loaded->problems);
	reports_write_problems(options, INPUT_CHECKLIST, &loaded->problems);
	return false;
}

void
loaded_release(struct loaded *loaded)
{
	for (size_t i = 0; i < loaded->count; i++)
		checklist_release(&loaded->checklists[i]);
	problems_release(&loaded->problems);
}
