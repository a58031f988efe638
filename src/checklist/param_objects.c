/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads the members of an object by the rows of its parameter, as those of an assertion are read by the
 * rows of its check.
 */
#include "param_objects.h"

#include <string.h>

#include "members.h"
#include "params.h"

static size_t
member_count(const struct param *param)
{
	size_t count = 0;

	while (param->members[count].name != NULL)
		count++;
	return count;
}

static bool
has_member(const struct param *param, const char *key)
{
	for (size_t i = 0; param->members[i].name != NULL; i++)
		if (strcmp(param->members[i].name, key) == 0)
			return true;
	return false;
}

static void
complain_of_unknown(struct loader *loader, const struct param *param, const struct json *child)
{
	struct names_offered offered;

	names_offered_init(&offered, child->key);
	for (size_t i = 0; param->members[i].name != NULL; i++)
		names_offered_add(&offered, param->members[i].name);
	names_offered_complain(loader, &offered, &child->key_place,
		names_offered_note(&offered, loader->arena, "it may have"),
		"unknown key \"%s\" in \"%s\"", child->key, param->name);
}

static void
load_one(struct loader *loader, const struct param *param, const struct json *json,
	struct argument *values)
{
	if (json->type != JSON_OBJECT) {
		param_complain_of_type(loader, param, json, "an object");
		return;
	}
	for (const struct json *child = json->child; child != NULL; child = child->next)
		if (!has_member(param, child->key) && strcmp(child->key, "$comment") != 0)
			complain_of_unknown(loader, param, child);
	params_load_members(loader, param->members, json,
		arena_printf(loader->arena, "\"%s\"", param->name), values);
}

void
param_object_load(struct loader *loader, const struct param *param, const struct json *json,
	struct argument *argument)
{
	struct argument *values = arena_array(loader->arena, member_count(param), sizeof(*values));

	load_one(loader, param, json, values);
	argument->members = values;
	argument->count = 1;
	argument->given = json->type == JSON_OBJECT;
}

void
param_objects_load(struct loader *loader, const struct param *param, const struct json *json,
	struct argument *argument)
{
	size_t members = member_count(param);
	struct argument *values;

	if (json->type != JSON_ARRAY) {
		param_complain_of_type(loader, param, json, "an array of objects");
		return;
	}
	if (json->count == 0 || json->count > OBJECTS_MAX) {
		loader_complain(loader, &json->place, NULL, param->help,
			json->count == 0 ? "\"%s\" is empty: it would have no effect"
					 : "\"%s\" has more than %d objects",
			param->name, OBJECTS_MAX);
		return;
	}
	values = arena_array(loader->arena, json->count * members, sizeof(*values));
	for (const struct json *one = json->child; one != NULL; one = one->next)
		load_one(loader, param, one, &values[members * argument->count++]);
	argument->members = values;
	argument->given = true;
}
