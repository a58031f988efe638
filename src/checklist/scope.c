/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Hands targets and tags down from each "include" to what it includes, from the last source to the
 * first.
 */
#include "scope.h"

#include <string.h>

#include "expand.h"
#include "members.h"
#include "params.h"
#include "unique_names.h"

static void
complain_of_unknown_target(struct loader *loader, const struct json *item, const char *name)
{
	struct names_offered offered;

	names_offered_init(&offered, name);
	for (size_t i = 0; i < loader->target_name_count; i++)
		names_offered_add(&offered, loader->target_names[i].name);
	names_offered_complain(loader, &offered, &item->place,
		names_offered_note(&offered, loader->arena, "targets"),
		"no target has the name \"%s\"", name);
}

const char *const *
target_names_load(struct loader *loader, const struct json *object, size_t *count)
{
	const struct json *targets = member_of_type(object, "targets", JSON_ARRAY);
	const char *const *names;

	*count = 0;
	if (targets == NULL)
		return NULL;
	names = list_load(loader, targets, "targets", NULL, count);
	for (const struct json *item = targets->child; item != NULL; item = item->next) {
		const char *name = item->type == JSON_STRING ? expand(loader, item) : NULL;

		if (name != NULL && name[0] != '\0' &&
			unique_names_find(loader->target_names, loader->target_name_count, name) ==
				NULL)
			complain_of_unknown_target(loader, item, name);
	}
	return names;
}

static const char *
object_to_tag(const char *text)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789._-";

	if (strchr("._-", text[0]) == NULL && text[strspn(text, allowed)] == '\0')
		return NULL;
	return "a tag has letters, digits, '.', '_' and '-', and begins with a letter or digit";
}

const char *const *
tags_load(struct loader *loader, const struct json *object, size_t *count)
{
	const struct json *tags = member_of_type(object, "tags", JSON_ARRAY);

	*count = 0;
	return tags == NULL ? NULL : list_load(loader, tags, "tags", object_to_tag, count);
}

static bool
has_word(const char *const *words, size_t count, const char *word)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(words[i], word) == 0)
			return true;
	return false;
}

static void
add_word(struct arena *arena, const char ***words, size_t *count, const char *word)
{
	if (has_word(*words, *count, word))
		return;
	*words = arena_grow(arena, (void *)*words, *count, sizeof(**words));
	(*words)[(*count)++] = word;
}

static void
add_tags(struct arena *arena, struct scope *scope, const char *const *tags, size_t count)
{
	for (size_t i = 0; i < count; i++)
		add_word(arena, &scope->tags, &scope->tag_count, tags[i]);
}

/* Adds what one way to a checklist gives: that of the checklist with the entry, within the entry. */
static void
widen(struct loader *loader, struct scope *scope, const struct scope *way, const struct json *entry)
{
	bool limited = member_of_type(entry, "targets", JSON_ARRAY) != NULL;
	size_t tag_count, name_count;
	const char *const *tags = tags_load(loader, entry, &tag_count);
	const char *const *names = target_names_load(loader, entry, &name_count);

	add_tags(loader->arena, scope, way->tags, way->tag_count);
	add_tags(loader->arena, scope, tags, tag_count);
	if (!limited && way->all_targets)
		scope->all_targets = true;
	if (!limited) {
		names = way->targets;
		name_count = way->target_count;
	}
	for (size_t i = 0; i < name_count; i++)
		if (way->all_targets || has_word(way->targets, way->target_count, names[i]))
			add_word(loader->arena, &scope->targets, &scope->target_count, names[i]);
}

/* What is included comes before all that include it, so from the end on every scope is complete
 * when it is handed on. */
void
scopes_load(struct loader *loader)
{
	for (size_t i = loader->source_count; i-- > 0;) {
		struct source *source = loader->sources[i];

		if (i + 1 == loader->source_count)
			source->scope.all_targets = true;
		for (size_t j = 0; j < source->inclusion_count; j++) {
			const struct inclusion *inclusion = &source->inclusions[j];

			widen(loader, &inclusion->included->scope, &source->scope,
				inclusion->entry);
		}
	}
}

static void
narrow(struct arena *arena, const struct scope *scope, struct assertion *assertion)
{
	const char **left = NULL;
	size_t count = 0;

	for (size_t i = 0; i < assertion->target_count; i++)
		if (has_word(scope->targets, scope->target_count, assertion->targets[i]))
			add_word(arena, &left, &count, assertion->targets[i]);
	assertion->targets = left;
	assertion->target_count = count;
}

static void
give_tags(struct arena *arena, const struct scope *scope, struct assertion *assertion)
{
	const char **tags = NULL;
	size_t count = 0;

	for (size_t i = 0; i < assertion->tag_count; i++)
		add_word(arena, &tags, &count, assertion->tags[i]);
	for (size_t i = 0; i < scope->tag_count; i++)
		add_word(arena, &tags, &count, scope->tags[i]);
	assertion->tags = tags;
	assertion->tag_count = count;
}

bool
scope_apply(struct loader *loader, const struct source *source, struct assertion *assertion)
{
	const struct scope *scope = &source->scope;

	if (scope->tag_count != 0)
		give_tags(loader->arena, scope, assertion);
	if (scope->all_targets)
		return true;
	if (assertion->target_count != 0) {
		narrow(loader->arena, scope, assertion);
	} else {
		assertion->targets = scope->targets;
		assertion->target_count = scope->target_count;
	}
	return assertion->target_count != 0;
}
