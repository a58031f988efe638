/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Parses with cJSON behind the strict scanner, and takes over both: values from one, places from
 * the other.
 */
#include "checklist/json.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "json_scan.h"

/* Both trees are walked in the order of the text; so the places of the scanner come in step. */
struct builder {
	struct arena *arena;
	const struct json_places *places;
	size_t next_place;
};

static struct place
take_place(struct builder *builder)
{
	if (builder->next_place == builder->places->count)
		return (struct place){ 0 };
	return builder->places->items[builder->next_place++];
}

static enum json_type
type_of(const cJSON *item)
{
	static const struct {
		int cjson;
		enum json_type type;
	} types[] = { { cJSON_False, JSON_BOOLEAN }, { cJSON_True, JSON_BOOLEAN },
		{ cJSON_Number, JSON_NUMBER }, { cJSON_String, JSON_STRING },
		{ cJSON_Array, JSON_ARRAY }, { cJSON_Object, JSON_OBJECT } };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if ((item->type & 0xff) == types[i].cjson)
			return types[i].type;
	return JSON_NULL;
}

/* Nested no deeper than JSON_DEPTH_MAX, as the scanner saw to. */
static struct json *
build(struct builder *builder, const cJSON *item)
{
	struct json *json = arena_alloc(builder->arena, sizeof(*json));
	const struct json **end = &json->child;

	json->type = type_of(item);
	if (item->string != NULL) {
		json->key = arena_strdup(builder->arena, item->string);
		json->key_place = take_place(builder);
	}
	json->place = take_place(builder);
	if (json->type == JSON_STRING)
		json->string = arena_strdup(builder->arena, item->valuestring);
	if (json->type == JSON_NUMBER)
		json->number = item->valuedouble;
	json->boolean = cJSON_IsTrue(item);
	for (const cJSON *child = item->child; child != NULL; child = child->next) {
		struct json *built = build(builder, child);

		*end = built;
		end = &built->next;
		json->count++;
	}
	return json;
}

static int
compare_members(const void *a, const void *b)
{
	const struct json *first = *(const struct json *const *)a;
	const struct json *second = *(const struct json *const *)b;
	int keys = strcmp(first->key, second->key);

	if (keys != 0)
		return keys;
	if (first->key_place.line != second->key_place.line)
		return first->key_place.line < second->key_place.line ? -1 : 1;
	return first->key_place.column < second->key_place.column ? -1 : 1;
}

struct text_of_file {
	const char *text;
	size_t len;
};

static void
complain_of_duplicate(struct arena *arena, const struct json *first, const struct json *second,
	struct text_of_file file, struct problems *problems)
{
	struct problem problem = { .place = second->key_place };

	problem.message =
		arena_printf(arena, "the key \"%s\" is here for the second time", second->key);
	problem.label = arena_printf(arena, "first on line %u", first->key_place.line);
	problems_add(problems, &problem, file.text, file.len);
}

static bool
keys_are_unique(struct arena *arena, const struct json *json, struct text_of_file file,
	struct problems *problems)
{
	const struct json **members;
	bool unique = true;
	size_t count = 0;

	for (const struct json *child = json->child; child != NULL; child = child->next)
		unique = keys_are_unique(arena, child, file, problems) && unique;
	if (json->type != JSON_OBJECT || json->count < 2)
		return unique;
	members = arena_array(arena, json->count, sizeof(const struct json *));
	for (const struct json *child = json->child; child != NULL; child = child->next)
		members[count++] = child;
	qsort(members, count, sizeof(const struct json *), compare_members);
	for (size_t i = 1; i < count; i++) {
		if (strcmp(members[i - 1]->key, members[i]->key) == 0) {
			complain_of_duplicate(arena, members[i - 1], members[i], file, problems);
			unique = false;
		}
	}
	return unique;
}

static void
complain_of_disagreement(const char *file, struct problems *problems)
{
	struct problem problem = { .place = { .file = file },
		.message = "the file cannot be parsed as JSON" };

	problems_add(problems, &problem, NULL, 0);
}

const struct json *
json_parse(struct arena *arena, const char *file, const char *text, size_t len,
	struct problems *problems)
{
	struct json_places places;
	struct builder builder = { .arena = arena, .places = &places };
	struct text_of_file bytes = { text, len };
	const struct json *json = NULL;
	cJSON *tree;

	if (!json_scan(arena, file, text, len, &places, problems))
		return NULL;
	tree = cJSON_ParseWithLength(text, len);
	if (tree != NULL)
		json = build(&builder, tree);
	cJSON_Delete(tree);
	if (json == NULL || builder.next_place != places.count) {
		complain_of_disagreement(file, problems);
		return NULL;
	}
	return keys_are_unique(arena, json, bytes, problems) ? json : NULL;
}

const struct json *
json_member(const struct json *object, const char *key)
{
	if (object == NULL || object->type != JSON_OBJECT)
		return NULL;
	for (const struct json *child = object->child; child != NULL; child = child->next)
		if (strcmp(child->key, key) == 0)
			return child;
	return NULL;
}

const char *
json_type_name(enum json_type type)
{
	static const char *const names[] = {
		[JSON_NULL] = "null",
		[JSON_BOOLEAN] = "true or false",
		[JSON_NUMBER] = "a number",
		[JSON_STRING] = "a string",
		[JSON_ARRAY] = "an array",
		[JSON_OBJECT] = "an object",
	};

	return names[type];
}
