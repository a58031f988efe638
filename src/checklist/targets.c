/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads the targets of the checklist, then has those of the command line put in their place.
 */
#include "targets.h"

#include <string.h>

#include "checklist/overlay.h"
#include "expand.h"
#include "members.h"
#include "source.h"
#include "target_choice.h"
#include "target_file.h"
#include "target_host.h"
#include "target_names.h"
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
	if (!target_domain_load(loader, json, target))
		return;
	if (target_is_file(json)) {
		target_file_load(loader, json, target);
		return;
	}
	target_file_forbid(loader, json);
	target_settings_load(loader, json, 0, target);
}

void
own_target_load(struct loader *loader, struct own_targets *own, size_t index, struct target *target)
{
	if (index < own->element_count)
		load_target(loader, own->elements[index], target);
	else
		target_line_settle(loader, &own->lines, index - own->element_count, target);
}

static void
take_elements(struct loader *loader, struct own_targets *own, const struct json *array)
{
	own->elements = arena_array(loader->arena, array->count, sizeof(const struct json *));
	for (const struct json *json = array->child; json != NULL; json = json->next)
		own->elements[own->element_count++] = json;
}

static void
take_lines(struct loader *loader, struct own_targets *own, const struct json *member)
{
	const char *path = expand(loader, member);

	if (path == NULL)
		return;
	if (path[0] == '\0') {
		loader_complain(loader, &member->place, NULL, NULL, "\"%s\" is empty", member->key);
		return;
	}
	path = source_path(loader, loader_source(loader, member->place.file), path);
	loader->checklist->targets_file = path;
	target_lines_load(loader, path, &member->place, &own->lines);
}

static void
load_own(struct loader *loader, struct own_targets *own)
{
	const struct json *root = loader_main(loader)->root;
	const struct json *array = member_of_type(root, "targets", JSON_ARRAY);
	const struct json *file = member_of_type(root, "targets_file", JSON_STRING);
	struct checklist *checklist = loader->checklist;
	size_t count;

	*own = (struct own_targets){ .element_count = 0 };
	if (array != NULL)
		take_elements(loader, own, array);
	if (file != NULL)
		take_lines(loader, own, file);
	count = own->element_count + own->lines.count;
	checklist->targets = arena_array(loader->arena, count, sizeof(*checklist->targets));
	for (checklist->target_count = 0; checklist->target_count < count;
		checklist->target_count++)
		own_target_load(loader, own, checklist->target_count,
			&checklist->targets[checklist->target_count]);
}

/* A line holds no name. */
static void
index_names(struct loader *loader, const struct own_targets *own)
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
			.order = i,
			.advice = i < own->element_count ? "give this target a \"name\" of its own"
							 : "take the line out" };
		count++;
	}
	unique_names_sort(loader, names, count, "the target name");
	loader->target_names = names;
	loader->target_name_count = count;
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
		source->directory == NULL ? NULL : "or give it \"targets\" or a \"targets_file\"",
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

/* Without any that the checklist has or should have read from a file. */
static bool
has_none(const struct loader *loader)
{
	const struct json *root = loader_main(loader)->root;

	return json_member(root, "targets") == NULL && json_member(root, "targets_file") == NULL;
}

bool
targets_load(struct loader *loader)
{
	const struct overlay *overlay = loader->overlay;
	bool replaced = targets_are_chosen(overlay);
	bool loaded = normalise_address(loader);
	struct own_targets own;

	check_defaults(loader);
	load_proxy(loader);
	loader->lenient = replaced;
	load_own(loader, &own);
	index_names(loader, &own);
	loader->lenient = false;
	if (replaced)
		return targets_choose(loader, &own) && loaded;
	if (has_none(loader)) {
		loader->has_no_targets = overlay->targets_optional;
		if (!loader->has_no_targets)
			complain_of_none(loader);
	}
	return loaded && (!has_none(loader) || loader->has_no_targets);
}
