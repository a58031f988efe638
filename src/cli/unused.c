/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Words of the command line that nothing in any checklist answers to: most are misspelt, and a run
 * without what they stand for is not the one that was asked for.
 */
#include <string.h>

#include "base/text.h"
#include "checklist/overlay.h"
#include "commands.h"

static const char see_list[] = "\"starttls-gate list CHECKLIST\" shows ids and tags";

/* The words of one option. */
struct words {
	const char *option;
	const char *const *items;
	const bool *used;
	size_t count;
	const char *fact;
};

static void
complain_of_words(struct loaded *loaded, struct arena *arena, const struct words *words)
{
	for (size_t i = 0; i < words->count; i++) {
		struct problem problem = { .note = see_list };

		if (words->used[i])
			continue;
		problem.message = arena_printf(
			arena, "--%s %s: %s", words->option, words->items[i], words->fact);
		problems_add(&loaded->problems, &problem, NULL, 0);
	}
}

/* The variable of a checklist that the name looks like; NULL when there is none. */
static const char *
similar_variable(const struct loaded *loaded, const char *name)
{
	for (size_t i = 0; i < loaded->count; i++)
		for (size_t j = 0; j < loaded->checklists[i].reference_count; j++)
			if (text_resembles(name, loaded->checklists[i].references[j]))
				return loaded->checklists[i].references[j];
	return NULL;
}

static void
complain_of_variables(struct loaded *loaded, struct arena *arena, const struct overlay *overlay)
{
	for (size_t i = 0; i < overlay->variable_count; i++) {
		const char *name = overlay->variables[i].name;
		const char *similar = similar_variable(loaded, name);
		struct problem problem = { 0 };

		if (overlay->variables_used[i])
			continue;
		if (similar != NULL)
			problem.label = arena_printf(arena, "did you mean \"%s\"?", similar);
		problem.message =
			arena_printf(arena, "--var %s: nothing refers to this variable", name);
		problems_add(&loaded->problems, &problem, NULL, 0);
	}
}

/* What could not be understood might have answered. */
static bool
all_is_understood(const struct loaded *loaded)
{
	for (size_t i = 0; i < loaded->count; i++)
		if (loaded->checklists[i].is_incomplete)
			return false;
	for (size_t i = 0; i < loaded->problems.count; i++)
		if (loaded->problems.items[i].place.file != NULL)
			return false;
	return true;
}

void
complain_of_unused(struct loaded *loaded, struct arena *arena, const struct overlay *overlay)
{
	const struct words options[] = {
		{ "tag", overlay->tags, overlay->tags_used, overlay->tag_count,
			"no assertion has this tag" },
		{ "only", overlay->only, overlay->only_used, overlay->only_count,
			"no assertion has such an id or name" },
		{ "skip", overlay->skip, overlay->skip_used, overlay->skip_count,
			"no assertion has such an id or name" },
	};

	if (!all_is_understood(loaded))
		return;
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		complain_of_words(loaded, arena, &options[i]);
	complain_of_variables(loaded, arena, overlay);
}
