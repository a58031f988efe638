/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Merges the members of overrides into the JSON of the assertions that they name, before those are
 * read.
 */
#include "overrides.h"

#include <string.h>

#include "members.h"

/* An entry of "overrides". */
struct override {
	const struct json *json; /* its key is an id */
	const struct source *source;
	const struct json *applied_to; /* the assertion; NULL: none so far */
	const struct source *applied_in;
};

void
overrides_find(struct loader *loader)
{
	for (size_t i = 0; i < loader->source_count; i++) {
		const struct source *source = loader->sources[i];
		const struct json *overrides =
			member_of_type(source->root, "overrides", JSON_OBJECT);

		for (const struct json *one = overrides == NULL ? NULL : overrides->child;
			one != NULL; one = one->next) {
			*ARENA_ADD(loader->arena, loader->overrides, loader->override_count) =
				(struct override){ .json = one, .source = source };
		}
	}
}

/* Whether the first checklist includes the second, itself or by others. */
static bool
includes(const struct source *includer, const struct source *source)
{
	for (size_t i = 0; i < includer->inclusion_count; i++)
		if (includer->inclusions[i].included == source ||
			includes(includer->inclusions[i].included, source))
			return true;
	return false;
}

/* "tls.version", or "mx.tls.version" of the checklist mx. */
static bool
means(const char *key, const struct source *source, const char *id)
{
	size_t stem = strlen(source->stem);

	return strcmp(key, id) == 0 || (strncmp(key, source->stem, stem) == 0 && key[stem] == '.' &&
					       strcmp(key + stem + 1, id) == 0);
}

/* Checklists for different targets may have the same id. */
static void
complain_of_second(
	struct loader *loader, const struct override *override, const struct source *source)
{
	const char *key = override->json->key;
	const char *first = override->applied_in->stem;

	loader_complain(loader, &override->json->key_place, NULL,
		arena_printf(loader->arena, "write \"%s.%s\" or \"%s.%s\"", first, key,
			source->stem, key),
		"\"%s\" is an assertion of %s and of %s", key, first, source->stem);
}

/* Whether another override of the same file changed the assertion before this one. */
static bool
is_repeated(
	const struct loader *loader, const struct override *override, const struct json *assertion)
{
	for (const struct override *other = loader->overrides; other != override; other++)
		if (other->source == override->source && other->applied_to == assertion)
			return true;
	return false;
}

/* Whether the override is one of this assertion, and the only one of its file. */
static bool
take(struct loader *loader, struct override *override, const struct source *source,
	const struct json *assertion, const char *id)
{
	if (!means(override->json->key, source, id) || !includes(override->source, source))
		return false;
	if (override->applied_to != NULL) {
		complain_of_second(loader, override, source);
		return false;
	}
	if (is_repeated(loader, override, assertion)) {
		loader_complain(loader, &override->json->key_place, NULL,
			"put all that is changed into one of them",
			"the assertion \"%s\" is overridden twice", id);
	}
	override->applied_to = assertion;
	override->applied_in = source;
	return true;
}

static void
append(struct loader *loader, struct json *object, struct json ***end, const struct json *member)
{
	struct json *copy = arena_memdup(loader->arena, member, sizeof(*member));

	copy->next = NULL;
	**end = copy;
	*end = (struct json **)&copy->next;
	object->count++;
}

/* The members of both objects; where both have one, that of the second. */
static const struct json *
merge(struct loader *loader, const struct json *below, const struct json *above)
{
	struct json *merged = arena_memdup(loader->arena, below, sizeof(*below));
	struct json *first = NULL, **end = &first;

	merged->count = 0;
	for (const struct json *member = below->child; member != NULL; member = member->next)
		if (json_member(above, member->key) == NULL)
			append(loader, merged, &end, member);
	for (const struct json *member = above->child; member != NULL; member = member->next)
		append(loader, merged, &end, member);
	merged->child = first;
	return merged;
}

static bool
changes_nothing(const struct json *override)
{
	return override->count == (json_member(override, "$comment") != NULL);
}

static bool
changes_parameter(const struct json *override, const struct check *check)
{
	for (const struct json *member = override->child; member != NULL; member = member->next)
		if (check_param(check, member->key) != NULL)
			return true;
	return false;
}

const struct json *
overrides_apply(struct loader *loader, const struct source *source, const struct json *assertion,
	const char *id, const struct check *check, const struct place **place)
{
	const struct json *left = assertion;

	for (size_t i = 0; i < loader->override_count; i++) {
		struct override *override = &loader->overrides[i];
		const struct json *json = override->json;

		if (!take(loader, override, source, assertion, id) || check == NULL ||
			!members_check(loader, json, &override_form, check))
			continue;
		if (changes_nothing(json))
			loader_complain(loader, &json->place, NULL, NULL,
				"the override of \"%s\" changes nothing", id);
		if (changes_parameter(json, check))
			*place = &json->place;
		left = merge(loader, left, json);
	}
	return left;
}

/* Whether the file has the assertion itself. */
static bool
is_own(const struct override *override, const struct owned_id *ids, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (ids[i].source == override->source &&
			means(override->json->key, ids[i].source, ids[i].id))
			return true;
	return false;
}

static void
complain_of_unknown(struct loader *loader, const struct override *override,
	const struct owned_id *ids, size_t count)
{
	struct names_offered offered;

	names_offered_init(&offered, override->json->key);
	for (size_t i = 0; i < count; i++)
		if (includes(override->source, ids[i].source))
			names_offered_add(&offered, ids[i].id);
	names_offered_complain(loader, &offered, &override->json->key_place,
		names_offered_note(&offered, loader->arena, "what is included has"),
		"no assertion that is included has the id \"%s\"", override->json->key);
}

void
overrides_check_used(struct loader *loader, const struct owned_id *ids, size_t count)
{
	for (size_t i = 0; i < loader->override_count; i++) {
		const struct override *override = &loader->overrides[i];

		if (override->applied_to != NULL)
			continue;
		if (is_own(override, ids, count))
			loader_complain(loader, &override->json->key_place, NULL,
				"change it where it stands",
				"\"%s\" is an assertion of this file, not of one that it includes",
				override->json->key);
		else if (!loader->is_incomplete)
			complain_of_unknown(loader, override, ids, count);
	}
}
