/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Looks words up among the names of the checklist's targets; what is none of them is a host. Names are
 * sorted, so that many targets take little longer than few.
 */
#include "target_choice.h"

#include <stdlib.h>
#include <string.h>

#include "checklist/overlay.h"
#include "target_host.h"
#include "target_names.h"
#include "target_settings.h"
#include "targets.h"
#include "unique_names.h"

/* A word that is close to the name of a target was meant as one, not as a host. */
static bool
looks_misspelt(struct loader *loader, const char *word)
{
	const struct checklist *checklist = loader->checklist;
	struct names_offered offered;

	if (strpbrk(word, ".:") != NULL)
		return false;
	names_offered_init(&offered, word);
	for (size_t i = 0; i < checklist->target_count; i++)
		if (checklist->targets[i].name != NULL)
			names_offered_add(&offered, checklist->targets[i].name);
	if (offered.nearest == NULL) {
		names_offered_release(&offered);
		return false;
	}
	names_offered_complain(loader, &offered, NULL,
		names_offered_note(&offered, loader->arena, "targets of the checklist"),
		"--target: the checklist has no target \"%s\"", word);
	return true;
}

/* The target that --target HOST[:PORT] stands for. False, with a problem, when it is neither that
 * nor the name of one. */
static bool
load_elsewhere(struct loader *loader, const char *word, struct target *target)
{
	bool is_operand = loader->overlay->targets_are_operands;
	const char *host = NULL;
	struct error error = { 0 };
	unsigned port = 0;

	if (looks_misspelt(loader, word))
		return false;
	if (target_parse_endpoint(loader->arena, word, &host, &port, &error))
		target->host = host_normalise(loader->arena, host, &error);
	if (target->host == NULL || error_is_set(&error)) {
		loader_complain(loader, NULL, NULL,
			is_operand ? NULL : "give the name of a target, or HOST[:PORT]", "%s%s: %s",
			is_operand ? "" : "--target ", word, error.text);
		return false;
	}
	target_settings_load(loader, NULL, port, target);
	loader->target_replaced = arena_printf(loader->arena, "--target %s", word);
	return true;
}

static bool
load_word(struct loader *loader, struct own_targets *own, const char *word, struct target *target)
{
	const struct unique_name *named =
		unique_names_find(loader->target_names, loader->target_name_count, word);

	if (named == NULL)
		return load_elsewhere(loader, word, target);
	own_target_load(loader, own, named->order, target);
	return true;
}

/* A target that was chosen, in its place among them. */
struct choice {
	const struct target *target;
	size_t index;
};

static int
compare_choices(const void *a, const void *b)
{
	const struct choice *one = a, *other = b;
	int order = strcmp(one->target->name, other->target->name);

	return order != 0 ? order : (one->index > other->index) - (one->index < other->index);
}

/* Words of the command line have no place. */
static void
complain_of_second(struct loader *loader, const struct choice *first, const struct choice *second)
{
	size_t words = loader->overlay->target_count;
	const struct place *place = &first->target->place;

	if (second->target->place.file == NULL && second->index >= words)
		loader_complain(
			loader, NULL, NULL, NULL, "--mx: %s is given twice", second->target->name);
	else if (second->index < words)
		loader_complain(loader, NULL, NULL, NULL, "--target: %s is given twice",
			second->target->name);
	else
		loader_complain(loader, &second->target->place,
			first->index < words ? "first given by --target"
					     : arena_printf(loader->arena, "first at %s:%u",
						       place->file, place->line),
			NULL, "%s is given twice", second->target->name);
}

static void
check_twice(struct loader *loader, const struct target *targets, size_t count)
{
	struct choice *choices = arena_array(loader->arena, count, sizeof(*choices));
	size_t named = 0, first = 0;

	for (size_t i = 0; i < count; i++)
		if (targets[i].name != NULL)
			choices[named++] = (struct choice){ &targets[i], i };
	qsort(choices, named, sizeof(*choices), compare_choices);
	for (size_t i = 1; i < named; i++) {
		if (strcmp(choices[first].target->name, choices[i].target->name) == 0)
			complain_of_second(loader, &choices[first], &choices[i]);
		else
			first = i;
	}
}

/* The lines of --targets-file. */
static void
load_lines(struct loader *loader, struct target_lines *lines)
{
	const char *path = loader->overlay->targets_file;

	*lines = (struct target_lines){ .count = 0 };
	if (path == NULL)
		return;
	target_lines_load(loader, path, NULL, lines);
	loader->target_replaced = arena_printf(loader->arena, "--targets-file %s", path);
}

/* The domain of --mx. */
static bool
load_domain(struct loader *loader, const char *word, struct target *target)
{
	*target = (struct target){ .dialect = dialects };
	if (!target_domain_take(loader, word, target))
		return false;
	target_settings_load(loader, NULL, 0, target);
	loader->target_replaced = arena_printf(loader->arena, "--mx %s", word);
	return true;
}

bool
targets_are_chosen(const struct overlay *overlay)
{
	return overlay->target_count != 0 || overlay->mx_count != 0 ||
	       overlay->targets_file != NULL;
}

bool
targets_choose(struct loader *loader, struct own_targets *own)
{
	const struct overlay *overlay = loader->overlay;
	struct checklist *checklist = loader->checklist;
	size_t problems = loader->problems->added, count = 0;
	struct target_lines lines;
	struct target *chosen;

	load_lines(loader, &lines);
	chosen = arena_array(loader->arena, overlay->target_count + lines.count + overlay->mx_count,
		sizeof(*chosen));
	for (size_t i = 0; i < overlay->target_count; i++)
		count += load_word(loader, own, overlay->targets[i], &chosen[count]);
	for (size_t i = 0; i < lines.count; i++)
		target_line_settle(loader, &lines, i, &chosen[count++]);
	for (size_t i = 0; i < overlay->mx_count; i++)
		count += load_domain(loader, overlay->mx[i], &chosen[count]);
	check_twice(loader, chosen, count);
	checklist->targets = chosen;
	checklist->target_count = count;
	return problems == loader->problems->added;
}
