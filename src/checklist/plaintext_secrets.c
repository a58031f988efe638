/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Walks the JSON for strings that stand where a secret belongs, and blanks the lines that messages
 * would show.
 */
#include "plaintext_secrets.h"

#include <string.h>

#include "base/text.h"
#include "expand.h"
#include "frame.h"
#include "members.h"
#include "reference.h"
#include "target_proxy.h"

/* Hides all strings of a value, and the lines it is on: escapes (\u0061) let a string look
 * different in its line. Nested no deeper than JSON_DEPTH_MAX. */
static void
hide_value(struct loader *loader, const char *name, const struct json *value)
{
	*ARENA_ADD(loader->arena, loader->hidden_lines, loader->hidden_line_count) = value->place;
	if (value->type == JSON_STRING)
		secrets_add(&loader->checklist->secrets, loader->arena, name, value->string);
	for (const struct json *child = value->child; child != NULL; child = child->next)
		hide_value(loader, name, child);
}

static bool
is_member_of(const struct schema_object *form, const char *key)
{
	const struct member *member = form->members;

	while (member->key != NULL && strcmp(member->key, key) != 0)
		member++;
	return member->key != NULL;
}

/* An entry of "secrets" says where the value is; whatever else it holds may be the value. */
static void
find_in_declaration(struct loader *loader, const struct json *secret)
{
	if (secret->type != JSON_OBJECT)
		hide_value(loader, secret->key, secret);
	for (const struct json *child = secret->child; child != NULL; child = child->next)
		if (secret->type == JSON_OBJECT && !is_member_of(&secret_form, child->key))
			hide_value(loader, secret->key, child);
}

/* Whether the key is the name of a secret parameter of any check, or a slip for one. The check may
 * be misspelt too, so it is not asked. */
static bool
is_secret_of(const struct param *params, const char *key)
{
	for (const struct param *param = params; param->name != NULL; param++)
		if (param->type == PARAM_SECRET &&
			(strcmp(param->name, key) == 0 || text_resembles(key, param->name)))
			return true;
	return false;
}

static bool
names_secret(const char *key)
{
	for (size_t i = 0; i < check_family_count; i++)
		for (size_t j = 0; j < check_families[i]->count; j++)
			if (is_secret_of(check_families[i]->checks[j].params, key))
				return true;
	return false;
}

/* Objects within it have the same names; nested no deeper than JSON_DEPTH_MAX. */
static void
find_in_assertion(struct loader *loader, const struct json *assertion)
{
	for (const struct json *child = assertion->child; child != NULL; child = child->next)
		if (child->key == NULL || !names_secret(child->key))
			find_in_assertion(loader, child);
		else if (child->type != JSON_STRING ||
			 reference_sole(loader->arena, child->string) == NULL)
			hide_value(loader, child->key, child);
}

static void
find_in_target(struct loader *loader, const struct json *target)
{
	for (const struct json *child = target->child; child != NULL; child = child->next) {
		const char *clear = NULL;

		if (child->key == NULL || !text_resembles(child->key, "proxy"))
			continue;
		if (child->type == JSON_STRING)
			clear = target_proxy_clear_login(loader->arena, child->string);
		if (clear == NULL)
			continue;
		hide_value(loader, "proxy", child);
		secrets_add(&loader->checklist->secrets, loader->arena, "proxy", clear);
	}
}

static void
find_in_members(struct loader *loader, const struct json *root, const char *key,
	void (*find)(struct loader *loader, const struct json *json))
{
	const struct json *member = json_member(root, key);

	for (const struct json *child = member == NULL ? NULL : member->child; child != NULL;
		child = child->next)
		find(loader, child);
}

void
clear_secrets_find(struct loader *loader)
{
	for (size_t i = 0; i < loader->source_count; i++) {
		const struct json *root = loader->sources[i]->root;
		const struct json *secrets = member_of_type(root, "secrets", JSON_OBJECT);

		if (secrets != NULL)
			find_in_members(loader, root, "secrets", find_in_declaration);
		find_in_members(loader, root, "targets", find_in_target);
		if (json_member(root, "target_defaults") != NULL)
			find_in_target(loader, json_member(root, "target_defaults"));
		find_in_members(loader, root, "assertions", find_in_assertion);
		find_in_members(loader, root, "overrides", find_in_assertion);
	}
}

static bool
line_is_hidden(const struct loader *loader, const struct place *place)
{
	for (size_t i = 0; i < loader->hidden_line_count; i++)
		if (loader->hidden_lines[i].line == place->line &&
			strcmp(loader->hidden_lines[i].file, place->file) == 0)
			return true;
	return false;
}

/* The whole line is looked at: what the frame shows of it may be cut within a secret. */
static bool
line_holds_secret(struct loader *loader, const struct place *place)
{
	for (const struct source *source = loader->newest; source != NULL; source = source->older) {
		const char *line;

		if (strcmp(source->file, place->file) != 0)
			continue;
		line = frame_line(loader->arena, source->text, source->len, place->line);
		if (secrets_redact(&loader->checklist->secrets, loader->arena, line) != line)
			return true;
	}
	return false;
}

void
problems_hide_secrets(struct loader *loader)
{
	struct arena *arena = &loader->problems->arena;
	const struct secrets *secrets = &loader->checklist->secrets;

	for (size_t i = 0; i < loader->problems->count; i++) {
		struct problem *problem = &loader->problems->items[i];

		if (problem->line_text != NULL &&
			(line_is_hidden(loader, &problem->place) ||
				line_holds_secret(loader, &problem->place)))
			problem->line_text = NULL;
		problem->message = secrets_redact(secrets, arena, problem->message);
		problem->label = secrets_redact(secrets, arena, problem->label);
		problem->note = secrets_redact(secrets, arena, problem->note);
	}
}
