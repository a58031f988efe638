/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Compares the keys of an object with a table of members: unknown, missing, of another type.
 */
#include "members.h"

#include <string.h>

#include "reference.h"

static const struct member *
find_member(const struct schema_object *form, const char *key)
{
	for (const struct member *member = form->members; member->key != NULL; member++)
		if (strcmp(member->key, key) == 0)
			return member;
	return NULL;
}

/* Gives back the known key that the unknown one looks like; NULL when there is none. */
static const char *
complain_of_unknown_key(struct loader *loader, const struct json *child,
	const struct schema_object *form, const struct check *check)
{
	struct names_offered offered;

	names_offered_init(&offered, child->key);
	for (const struct member *member = form->members; member->key != NULL; member++)
		names_offered_add(&offered, member->key);
	for (const struct param *param = check == NULL ? NULL : check->params;
		param != NULL && param->name != NULL; param++)
		names_offered_add(&offered, param->name);
	names_offered_complain(loader, &offered, &child->key_place,
		names_offered_note(&offered, loader->arena, "it may have"),
		"unknown key \"%s\" in %s%s%s", child->key, form->name, check == NULL ? "" : " of ",
		check == NULL ? "" : check->name);
	return offered.nearest;
}

static void
complain_of_missing_keys(struct loader *loader, const struct json *object,
	const struct schema_object *form, const char *misspelt)
{
	for (const struct member *member = form->members; member->key != NULL; member++) {
		if (!member->required || json_member(object, member->key) != NULL)
			continue;
		if (misspelt != NULL && strcmp(misspelt, member->key) == 0)
			continue;
		loader_complain(loader, &object->place, NULL, member->help, "%s needs \"%s\"",
			form->name, member->key);
	}
}

bool
members_check(struct loader *loader, const struct json *object, const struct schema_object *form,
	const struct check *check)
{
	const char *misspelt = NULL;

	if (object->type != JSON_OBJECT) {
		loader_complain(loader, &object->place, NULL, NULL, "%s must be an object, not %s",
			form->name, json_type_name(object->type));
		return false;
	}
	for (const struct json *child = object->child; child != NULL; child = child->next) {
		const struct member *member = find_member(form, child->key);

		if (member == NULL && (check == NULL || check_param(check, child->key) == NULL))
			misspelt = complain_of_unknown_key(loader, child, form, check);
		else if (member != NULL && !has_type(child, member->type))
			loader_complain(loader, &child->place, NULL, member->help,
				"\"%s\" must be %s, not %s", child->key,
				json_type_name(member->type), json_type_name(child->type));
	}
	complain_of_missing_keys(loader, object, form, misspelt);
	return true;
}

bool
has_type(const struct json *json, enum json_type type)
{
	return json->type == type ||
	       (type == JSON_NUMBER && json->type == JSON_STRING && is_reference(json->string));
}

const struct json *
member_of_type(const struct json *object, const char *key, enum json_type type)
{
	const struct json *member = json_member(object, key);

	return member != NULL && has_type(member, type) ? member : NULL;
}
