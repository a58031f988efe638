/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads the targets of the file, then puts those of --target in their place.
 */
#include "targets.h"

#include <string.h>

#include "checklist/overlay.h"
#include "members.h"
#include "target_file.h"
#include "target_host.h"
#include "target_proxy.h"
#include "target_settings.h"
#include "unique_names.h"

static void
load_target(struct loader *loader, const struct json *json, struct target *target)
{
	*target = (struct target){ .place = json->place, .dialect = dialects };
	if (!members_check(loader, json, &target_form, NULL))
		return;
	if (json_member(json, "name") != NULL)
		target->name = target_text(loader, json, "name");
	if (json_member(json, "host") != NULL)
		target->host = target_host(loader, json, "host");
	if (target_is_file(json)) {
		target_file_load(loader, json, target);
		return;
	}
	target_file_forbid(loader, json);
	target_settings_load(loader, json, 0, target);
}

static void
load_array(struct loader *loader, const struct json *array)
{
	struct checklist *checklist = loader->checklist;

	checklist->targets = arena_array(loader->arena, array->count, sizeof(*checklist->targets));
	for (const struct json *json = array->child; json != NULL; json = json->next)
		load_target(loader, json, &checklist->targets[checklist->target_count++]);
}

static void
index_names(struct loader *loader)
{
	const struct checklist *checklist = loader->checklist;
	struct unique_name *names =
		arena_array(loader->arena, checklist->target_count + 1, sizeof(*names));
	size_t count = 0;

	for (size_t i = 0; i < checklist->target_count; i++) {
		const struct target *target = &checklist->targets[i];

		if (target->name == NULL)
			continue;
		names[count] = (struct unique_name){ .name = target->name,
			.place = target->place,
			.order = count,
			.advice = "give this target a \"name\" of its own" };
		count++;
	}
	unique_names_sort(loader, names, count, "the target name");
	loader->target_names = names;
	loader->target_name_count = count;
}

/* The element of the array at that index. */
static const struct json *
element(const struct json *array, size_t index)
{
	const struct json *json = array->child;

	while (index-- > 0)
		json = json->next;
	return json;
}

/* The number of the file's target of that name; as many as there are when there is none. */
static size_t
find_named(const struct checklist *checklist, const char *name)
{
	size_t i = 0;

	while (i < checklist->target_count &&
		(checklist->targets[i].name == NULL ||
			strcmp(checklist->targets[i].name, name) != 0))
		i++;
	return i;
}

/* A word that is close to the name of a target was meant as one, not as a host. */
static bool
looks_misspelt(struct loader *loader, const char *word)
{
	const struct checklist *checklist = loader->checklist;
	struct names_offered offered;
	bool misspelt;

	names_offered_init(&offered, word);
	for (size_t i = 0; i < checklist->target_count; i++)
		if (checklist->targets[i].name != NULL)
			names_offered_add(&offered, checklist->targets[i].name);
	misspelt = strpbrk(word, ".:") == NULL && offered.nearest != NULL;
	if (misspelt)
		names_offered_complain(loader, &offered, NULL,
			names_offered_note(&offered, loader->arena, "targets of the checklist"),
			"--target: the checklist has no target \"%s\"", word);
	else
		names_offered_release(&offered);
	return misspelt;
}

/* The target that --target HOST[:PORT] stands for. False, with a problem, when it is neither that
 * nor the name of one. */
static bool
load_elsewhere(struct loader *loader, const char *word, struct target *target)
{
	const char *host = NULL;
	struct error error = { 0 };
	unsigned port = 0;

	if (looks_misspelt(loader, word))
		return false;
	if (target_parse_endpoint(loader->arena, word, &host, &port, &error))
		target->host = host_normalise(loader->arena, host, &error);
	if (target->host == NULL || error_is_set(&error)) {
		loader_complain(loader, NULL, NULL, "give the name of a target, or HOST[:PORT]",
			"--target %s: %s", word, error.text);
		return false;
	}
	target_settings_load(loader, NULL, port, target);
	loader->target_replaced = word;
	return true;
}

static void
check_twice(struct loader *loader, const struct target *targets, size_t count)
{
	for (size_t i = 1; i < count; i++)
		for (size_t j = 0; j < i; j++)
			if (targets[i].name != NULL && targets[j].name != NULL &&
				strcmp(targets[i].name, targets[j].name) == 0)
				loader_complain(loader, NULL, NULL, NULL,
					"--target: %s is given twice", targets[i].name);
}

/* Puts those that --target gives in the place of all others. Those of the file are read again, now
 * that their references count. False when one of them is none. */
static bool
choose_targets(struct loader *loader, const struct json *array)
{
	const struct overlay *overlay = loader->overlay;
	struct checklist *checklist = loader->checklist;
	struct target *chosen = arena_array(loader->arena, overlay->target_count, sizeof(*chosen));
	size_t count = 0;

	for (size_t i = 0; i < overlay->target_count; i++) {
		size_t named = find_named(checklist, overlay->targets[i]);

		if (named < checklist->target_count)
			load_target(loader, element(array, named), &chosen[count++]);
		else if (load_elsewhere(loader, overlay->targets[i], &chosen[count]))
			count++;
	}
	check_twice(loader, chosen, count);
	checklist->targets = chosen;
	checklist->target_count = count;
	return count == overlay->target_count;
}

static void
check_defaults(struct loader *loader)
{
	for (size_t i = 0; i < loader->source_count; i++) {
		const struct json *defaults =
			member_of_type(loader->sources[i]->root, "target_defaults", JSON_OBJECT);

		if (defaults != NULL)
			members_check(loader, defaults, &target_defaults_form, NULL);
	}
}

static void
complain_of_none(struct loader *loader)
{
	const struct source *source = loader_main(loader);

	loader_complain(loader, &source->root->place, NULL,
		source->directory == NULL ? NULL : "or give it \"targets\"",
		"the checklist has no targets: say which server to check with --target "
		"HOST[:PORT]");
}

static bool
normalise_address(struct loader *loader)
{
	struct overlay *overlay = arena_memdup(loader->arena, loader->overlay, sizeof(*overlay));
	struct error error = { 0 };

	if (overlay->address == NULL)
		return true;
	overlay->address = host_normalise(loader->arena, overlay->address, &error);
	if (overlay->address == NULL)
		loader_complain(loader, NULL, NULL, NULL, "--address: %s", error.text);
	loader->overlay = overlay;
	return overlay->address != NULL;
}

static void
load_proxy(struct loader *loader)
{
	const struct json url = { .type = JSON_STRING, .string = loader->overlay->proxy };

	if (url.string != NULL)
		loader->proxy = target_proxy_load(loader, &url);
}

bool
targets_load(struct loader *loader)
{
	const struct json *array = member_of_type(loader_main(loader)->root, "targets", JSON_ARRAY);
	bool address_is_fine = normalise_address(loader);
	bool loaded = true;

	check_defaults(loader);
	load_proxy(loader);
	loader->lenient = loader->overlay->target_count != 0;
	if (array != NULL)
		load_array(loader, array);
	index_names(loader);
	loader->lenient = false;
	if (loader->overlay->target_count != 0) {
		loaded = choose_targets(loader, array);
	} else if (json_member(loader_main(loader)->root, "targets") == NULL) {
		loader->has_no_targets = loader->overlay->targets_optional;
		loaded = loader->has_no_targets;
		if (!loaded)
			complain_of_none(loader);
	}
	return loaded && address_is_fine;
}
