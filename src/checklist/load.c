/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From a name to a checklist that can be run, or to every problem there is: each part reads one kind
 * of thing, in this order.
 */

#include "checklist/load.h"

#include <string.h>

#include "assertions.h"
#include "checklist/overlay.h"
#include "checklist/repository.h"
#include "dns_settings.h"
#include "expand.h"
#include "limits.h"
#include "members.h"
#include "plaintext_secrets.h"
#include "secret_values.h"
#include "source.h"
#include "targets.h"
#include "trust_files.h"
#include "web_settings.h"

/* Of an included checklist, only assertions and what they refer to are taken. */
static void
check_included(struct loader *loader, const struct source *source)
{
	static const char *const keys[] = { "targets", "targets_file", "trust", "limits", "dns" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const struct json *member = json_member(source->root, keys[i]);

		if (member != NULL)
			loader_complain(loader, &member->key_place, NULL,
				"move it to the checklist that includes this one",
				"\"%s\" has no effect in an included checklist", keys[i]);
	}
}

static void
check_source(struct loader *loader, const struct source *source)
{
	const struct json *name = member_of_type(source->root, "name", JSON_STRING);

	members_check(loader, source->root, &checklist_form, NULL);
	for (const struct member *row = checklist_form.members; row->key != NULL; row++) {
		const struct json *list = member_of_type(source->root, row->key, row->type);
		bool is_list = row->type == JSON_ARRAY || strcmp(row->key, "overrides") == 0;

		if (list != NULL && is_list && list->count == 0)
			loader_complain(loader, &list->place, NULL, NULL,
				"\"%s\" is empty: leave it out, or fill it", row->key);
	}
	if (name != NULL && name->string[0] == '\0')
		loader_complain(loader, &name->place, NULL, NULL, "\"name\" is empty");
	if (source->includer != NULL)
		check_included(loader, source);
}

static void
take_names(struct loader *loader)
{
	const struct source *source = loader_main(loader);
	const struct json *name = member_of_type(source->root, "name", JSON_STRING);
	const struct json *description = member_of_type(source->root, "description", JSON_STRING);

	loader->checklist->stem = source->stem;
	loader->checklist->description = description == NULL ? NULL : description->string;
	loader->checklist->name = name == NULL ? source->stem : name->string;
	loader->checklist->file = source->reported_file;
}

/* Reports name files as they are called in the repository of the checklist; those of the program are
 * in none. */
static void
take_reported_files(struct loader *loader)
{
	const struct source *main = loader_main(loader);
	const char *root =
		main->directory == NULL ? NULL : repository_root(loader->arena, main->file);

	for (size_t i = 0; i < loader->source_count; i++) {
		struct source *source = loader->sources[i];
		const struct source *user = source;

		if (source->directory == NULL && source->entry.file == NULL)
			continue;
		if (source->directory == NULL)
			user = loader_source(loader, source->entry.file);
		if (!user->is_pipe)
			source->reported_file = repository_path(loader->arena, root, user->file);
	}
}

/* The last of the sources is the checklist itself. */
static void
take_includes(struct loader *loader)
{
	const char *list = NULL;

	for (size_t i = 0; i + 1 < loader->source_count; i++) {
		const char *name = loader->sources[i]->file;

		list = list == NULL ? name : arena_printf(loader->arena, "%s, %s", list, name);
	}
	loader->checklist->includes = list;
}

static void
load_parts(struct loader *loader)
{
	clear_secrets_find(loader);
	for (size_t i = 0; i < loader->source_count; i++)
		if (loader->sources[i]->root != NULL)
			check_source(loader, loader->sources[i]);
	take_reported_files(loader);
	take_names(loader);
	take_includes(loader);
	variables_check(loader);
	secret_values_declare(loader);
	limits_load(loader);
	dns_settings_load(loader);
	trust_files_load(loader);
	targets_load(loader);
	assertions_load(loader);
	web_settings_load(loader);
	problems_hide_secrets(loader);
}

static struct loader
begin(struct checklist *checklist, const struct overlay *overlay, struct problems *problems)
{
	*checklist = (struct checklist){ 0 };
	arena_init(&checklist->arena);
	return (struct loader){ .checklist = checklist,
		.arena = &checklist->arena,
		.overlay = overlay,
		.problems = problems };
}

bool
checklist_load(struct checklist *checklist, const char *name, const struct overlay *overlay,
	struct problems *problems)
{
	struct loader loader = begin(checklist, overlay, problems);
	size_t before = problems->added;

	if (sources_load(&loader, name))
		load_parts(&loader);
	else
		loader.is_incomplete = true;
	checklist->is_incomplete = loader.is_incomplete;
	problems_sort(problems);
	return problems->added == before;
}

bool
checklist_load_none(
	struct checklist *checklist, const struct overlay *overlay, struct problems *problems)
{
	struct loader loader = begin(checklist, overlay, problems);
	size_t before = problems->added;

	sources_take_text(&loader, "inspect", "{}");
	take_names(&loader);
	limits_load(&loader);
	dns_settings_load(&loader);
	trust_files_load(&loader);
	targets_load(&loader);
	problems_sort(problems);
	return problems->added == before;
}
