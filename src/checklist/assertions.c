/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads assertions file by file: finds the check, applies overrides and scope, then hands members
 * and parameters on.
 */
#include "assertions.h"

#include <string.h>

#include "assertion_members.h"
#include "assertion_targets.h"
#include "members.h"
#include "overrides.h"
#include "params.h"
#include "scope.h"
#include "unique_names.h"

/* What is known while the assertions are read. */
struct reading {
	struct loader *loader;
	struct unique_name *ids; /* of all that a target is left for, selected or not */
	size_t id_count;
	struct owned_id *owned; /* those too that no target is left for */
	size_t owned_count;
	struct assertion *kept;
	size_t kept_count;
	struct coverage coverage;
};

static void
complain_of_unknown(struct loader *loader, const struct json *name)
{
	struct names_offered offered;

	names_offered_init(&offered, name->string);
	for (size_t i = 0; i < check_family_count; i++)
		for (size_t j = 0; j < check_families[i]->count; j++)
			names_offered_add(&offered, check_families[i]->checks[j].name);
	names_offered_complain(loader, &offered, &name->place,
		"\"starttls-gate list\" shows all assertions", "unknown assertion \"%s\"",
		name->string);
}

static const struct check *
find_check(struct loader *loader, const struct json *json)
{
	const struct json *name = member_of_type(json, "assert", JSON_STRING);
	const struct check *check = name == NULL ? NULL : check_find(name->string);

	if (name != NULL && check == NULL)
		complain_of_unknown(loader, name);
	return check;
}

/* Where reports say that it is. */
static struct place
reported_place(const struct source *source, const struct json *json)
{
	struct place place = source->directory != NULL ? json->place : source->entry;

	if (source->reported_file == NULL)
		return (struct place){ 0 };
	place.file = source->reported_file;
	return place;
}

/* What to do about an id that is taken already. */
static const char *
advice_on_id(const struct source *source)
{
	if (source->directory == NULL)
		return "limit the entries of \"include\" to different \"targets\"";
	if (source->inclusion_count == 0)
		return "give this assertion an \"id\" of its own";
	return "give this assertion an \"id\" of its own, or change the included one in "
	       "\"overrides\"";
}

static void
index_id(struct reading *reading, const struct source *source, const struct json *json,
	const struct assertion *assertion)
{
	const struct json *id = json_member(json, "id");
	size_t order = reading->id_count++;

	reading->ids[order] = (struct unique_name){
		.name = assertion->id,
		.place = id != NULL ? id->place : json_member(json, "assert")->place,
		.order = order,
		.advice = advice_on_id(source),
		.source = source,
		.targets = assertion->targets,
		.target_count = assertion->target_count,
	};
	if (source->entry.file != NULL)
		reading->ids[order].place = source->entry;
}

/* A checklist of the program that leaves open how TLS starts is for both ways. */
static bool
is_where_possible(const struct source *source, const struct check *check)
{
	return source->directory == NULL && check->needs != 0 &&
	       json_member(json_member(source->root, "target_defaults"), "tls") == NULL;
}

/* All of it but id and parameters. False when no target is left that it could be made of. */
static bool
load_members(struct reading *reading, const struct source *source, const struct json *json,
	struct assertion *assertion)
{
	bool is_of_some;

	assertion->place = reported_place(source, json);
	assertion_members_load(reading->loader, json, assertion);
	is_of_some = scope_apply(reading->loader, source, assertion);
	if (assertion->arguments.check != NULL)
		assertion->where_possible = is_where_possible(source, assertion->arguments.check);
	if (assertion->id == NULL)
		return is_of_some;
	reading->owned[reading->owned_count++] = (struct owned_id){ assertion->id, source };
	if (is_of_some)
		index_id(reading, source, json, assertion);
	return is_of_some;
}

/* Whether it is one of those that will be made. */
static bool
is_wanted(struct reading *reading, const struct source *source, const struct json *json,
	const struct assertion *assertion)
{
	struct loader *loader = reading->loader;
	bool selected = assertion->arguments.check == NULL ||
			assertion_is_selected(loader->overlay, assertion);

	coverage_add(&reading->coverage, loader->checklist, assertion, selected);
	if (assertion->arguments.check == NULL || !selected)
		return false;
	assertion_targets_check(loader, source, assertion, json);
	return assertion_has_target(loader->checklist, assertion);
}

static void
load_assertion(struct reading *reading, const struct source *source, const struct json *json)
{
	struct loader *loader = reading->loader;
	struct assertion *assertion = &reading->kept[reading->kept_count];
	const struct place *combined = &json->place;
	bool wanted;

	*assertion = (struct assertion){ 0 };
	if (json->type == JSON_OBJECT)
		assertion->arguments.check = find_check(loader, json);
	if (assertion->arguments.check != NULL ||
		member_of_type(json, "assert", JSON_STRING) == NULL)
		members_check(loader, json, &assertion_form, assertion->arguments.check);
	assertion->id = assertion_id_load(loader, json, assertion->arguments.check);
	if (assertion->id != NULL)
		json = overrides_apply(
			loader, source, json, assertion->id, assertion->arguments.check, &combined);
	wanted = load_members(reading, source, json, assertion) &&
		 is_wanted(reading, source, json, assertion);
	if (assertion->arguments.check == NULL)
		return;
	loader->lenient = !wanted || loader->has_no_targets;
	params_load(loader, assertion, json, combined);
	loader->lenient = false;
	if (wanted)
		assertion_values_check(loader, source, assertion, json);
	reading->kept_count += wanted;
}

static const struct json *
array_of(const struct source *source)
{
	return member_of_type(source->root, "assertions", JSON_ARRAY);
}

static void
complain_of_none(struct loader *loader, size_t total)
{
	const struct source *source = loader_main(loader);

	/* An empty list is reported as such, and so is what could not be included. */
	if (loader->is_incomplete)
		return;
	if (total == 0 && json_member(source->root, "assertions") == NULL)
		loader_complain(loader, &source->root->place, NULL,
			"give it \"assertions\" or \"include\"", "the checklist asserts nothing");
	else if (problems_total(loader->problems) == 0)
		loader_complain(loader, NULL, NULL,
			"\"starttls-gate list CHECKLIST\" shows ids and tags",
			"the selection leaves none of the %zu assertions of %s", total,
			source->file);
}

/* All of them, file by file. */
static void
load_all(struct reading *reading)
{
	struct loader *loader = reading->loader;

	for (size_t i = 0; i < loader->source_count; i++) {
		const struct json *array = array_of(loader->sources[i]);

		for (const struct json *json = array == NULL ? NULL : array->child; json != NULL;
			json = json->next)
			load_assertion(reading, loader->sources[i], json);
	}
}

static size_t
count_all(const struct loader *loader)
{
	size_t total = 0;

	for (size_t i = 0; i < loader->source_count; i++)
		total += array_of(loader->sources[i]) == NULL ? 0
							      : array_of(loader->sources[i])->count;
	return total;
}

void
assertions_load(struct loader *loader)
{
	struct reading reading = { .loader = loader };
	size_t total = count_all(loader);

	reading.ids = arena_array(loader->arena, total + 1, sizeof(*reading.ids));
	reading.owned = arena_array(loader->arena, total + 1, sizeof(*reading.owned));
	reading.kept = arena_array(loader->arena, total + 1, sizeof(*reading.kept));
	coverage_init(&reading.coverage, loader);
	scopes_load(loader);
	overrides_find(loader);
	load_all(&reading);
	overrides_check_used(loader, reading.owned, reading.owned_count);
	unique_names_sort(loader, reading.ids, reading.id_count, "the id");
	loader->checklist->assertions = reading.kept;
	loader->checklist->assertion_count = reading.kept_count;
	if (reading.kept_count == 0)
		complain_of_none(loader, total);
	else
		coverage_check(&reading.coverage, loader);
}
