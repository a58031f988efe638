/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads "${...}" from left to right; variables come from the command line, the environment, then
 * the checklist.
 */
#include "expand.h"

#include <stdlib.h>
#include <string.h>

#include "checklist/overlay.h"
#include "members.h"
#include "reference.h"

/* Longest string that replacing may make. */
#define EXPANDED_MAX 65536

const char *
variable_value(const struct loader *loader, const char *name)
{
	const struct overlay *overlay = loader->overlay;
	const char *value;

	for (size_t i = 0; i < overlay->variable_count; i++)
		if (strcmp(overlay->variables[i].name, name) == 0)
			return overlay->variables[i].value;
	value = getenv(arena_printf(loader->arena, "STARTTLS_GATE_VAR_%s", name));
	if (value != NULL)
		return value;
	for (size_t i = loader->source_count; i > 0; i--) {
		const struct json *variable = member_of_type(
			json_member(loader->sources[i - 1]->root, "variables"), name, JSON_STRING);

		if (variable != NULL)
			return variable->string;
	}
	return NULL;
}

static void
complain_of_undefined(struct loader *loader, const struct json *string, const char *name)
{
	struct names_offered offered;

	if (loader->lenient)
		return;
	names_offered_init(&offered, name);
	for (size_t i = 0; i < loader->source_count; i++) {
		const struct json *variables = json_member(loader->sources[i]->root, "variables");

		for (const struct json *one = variables == NULL ? NULL : variables->child;
			one != NULL; one = one->next)
			names_offered_add(&offered, one->key);
	}
	names_offered_complain(loader, &offered, &string->place,
		arena_printf(loader->arena,
			"give it with --var %s=VALUE, as STARTTLS_GATE_VAR_%s in the environment or "
			"in \"variables\"",
			name, name),
		"the variable \"%s\" is not defined", name);
}

static void
complain_of_secret(struct loader *loader, const struct json *string, const char *name)
{
	loader_complain(loader, &string->place, NULL,
		"what is not secret can be a variable; passwords go into parameters made for them",
		"the secret \"%s\" cannot be used here", name);
}

/* Of those that are remembered; they serve for advice only. */
#define REFERENCES_MAX 64

static void
note_reference(struct loader *loader, const char *name)
{
	struct checklist *checklist = loader->checklist;
	const struct overlay *overlay = loader->overlay;

	for (size_t i = 0; i < overlay->variable_count; i++)
		if (overlay->variables_used != NULL &&
			strcmp(overlay->variables[i].name, name) == 0)
			overlay->variables_used[i] = true;
	for (size_t i = 0; i < checklist->reference_count; i++)
		if (strcmp(checklist->references[i], name) == 0)
			return;
	if (checklist->reference_count == REFERENCES_MAX)
		return;
	*ARENA_ADD(loader->arena, checklist->references, checklist->reference_count) = name;
}

/* What stands between "${" and "}". */
static bool
add_reference(struct loader *loader, const struct json *string, const char *inside, size_t len,
	struct buf *out)
{
	const char *text = arena_memdup(loader->arena, inside, len);
	const char *colon = strstr(text, ":-");
	size_t name_len = colon == NULL ? len : (size_t)(colon - text);
	const char *name = arena_memdup(loader->arena, text, name_len);
	const char *value;

	if (!is_reference_name(name, name_len)) {
		loader_complain(loader, &string->place, NULL,
			"a reference is ${name} or ${name:-default}; write $${ for a plain ${",
			"\"${%s}\" is no reference to a variable", text);
		return false;
	}
	if (loader_declaration(loader, name) != NULL) {
		complain_of_secret(loader, string, name);
		return false;
	}
	note_reference(loader, name);
	value = variable_value(loader, name);
	if (value == NULL && colon != NULL)
		value = colon + 2;
	if (value == NULL)
		complain_of_undefined(loader, string, name);
	return value != NULL && buf_add_string(out, value);
}

/* Appends the string with its references replaced, as far as all is well. */
static bool
add_expanded(struct loader *loader, const struct json *string, struct buf *out)
{
	const char *next = string->string, *dollar, *end;
	bool whole = true;

	while ((dollar = strstr(next, "${")) != NULL) {
		if (dollar > next && dollar[-1] == '$') {
			buf_add(out, next, (size_t)(dollar - 1 - next));
			buf_add(out, dollar, 2);
			next = dollar + 2;
			continue;
		}
		buf_add(out, next, (size_t)(dollar - next));
		end = strchr(dollar, '}');
		if (end == NULL) {
			loader_complain(loader, &string->place, NULL, "write $${ for a plain ${",
				"\"${\" without a \"}\"");
			return false;
		}
		whole = add_reference(
				loader, string, dollar + 2, (size_t)(end - dollar - 2), out) &&
			whole;
		next = end + 1;
	}
	buf_add_string(out, next);
	return whole;
}

const char *
expand(struct loader *loader, const struct json *string)
{
	const char *expanded = NULL;
	struct buf out;

	if (strstr(string->string, "${") == NULL)
		return string->string;
	buf_init(&out, EXPANDED_MAX);
	if (add_expanded(loader, string, &out) && out.dropped == 0)
		expanded = arena_memdup(loader->arena, out.data, out.len);
	else if (out.dropped != 0)
		loader_complain(loader, &string->place, NULL, NULL,
			"with its references replaced, this has more than %d bytes", EXPANDED_MAX);
	buf_release(&out);
	return expanded;
}

static void
check_variable(struct loader *loader, const struct json *variable)
{
	if (!is_reference_name(variable->key, strlen(variable->key)))
		loader_complain(loader, &variable->key_place, NULL, NULL,
			"the name of a variable has letters, digits and '_', and no digit in front");
	if (variable->type != JSON_STRING)
		loader_complain(loader, &variable->place, NULL, NULL,
			"the value of a variable must be a string, not %s",
			json_type_name(variable->type));
	else if (strstr(variable->string, "${") != NULL)
		loader_complain(loader, &variable->place, NULL, NULL,
			"the value of a variable cannot refer to others");
}

void
variables_check(struct loader *loader)
{
	for (size_t i = 0; i < loader->source_count; i++) {
		const struct json *variables =
			member_of_type(loader->sources[i]->root, "variables", JSON_OBJECT);

		for (const struct json *one = variables == NULL ? NULL : variables->child;
			one != NULL; one = one->next)
			check_variable(loader, one);
	}
}
