/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One function for each type of parameter, which reads, expands and checks a value; `params_load`
 * picks it by the row.
 */
#include "params.h"

#include <regex.h>
#include <string.h>

#include "base/text.h"
#include "expand.h"
#include "input_file.h"
#include "members.h"
#include "param_lines.h"
#include "param_objects.h"
#include "reference.h"
#include "secret_values.h"
#include "values.h"

void
param_complain_of_type(struct loader *loader, const struct param *param, const struct json *json,
	const char *wanted)
{
	loader_complain(loader, &json->place, NULL,
		arena_printf(loader->arena, "for example \"%s\": %s", param->name, param->example),
		"\"%s\" must be %s, not %s", param->name, wanted, json_type_name(json->type));
}

static void
load_number(struct loader *loader, const struct param *param, const struct json *json,
	struct argument *argument)
{
	const struct number_range range = { param->minimum, param->maximum, param->help };

	if (!has_type(json, JSON_NUMBER)) {
		param_complain_of_type(loader, param, json, "a number");
		return;
	}
	argument->given = value_number(loader, json, param->name, &range, &argument->number);
}

static void
load_fraction(struct loader *loader, const struct param *param, const struct json *json,
	struct argument *argument)
{
	if (!has_type(json, JSON_NUMBER)) {
		param_complain_of_type(loader, param, json, "a number");
		return;
	}
	if (!value_fraction(loader, json, param->name, &argument->fraction))
		return;
	argument->given = argument->fraction > 0 && argument->fraction <= 1;
	if (!argument->given)
		loader_complain(loader, &json->place, NULL, param->help,
			"\"%s\" must be above 0, and 1 at most", param->name);
}

static void
load_boolean(struct loader *loader, const struct param *param, const struct json *json,
	struct argument *argument)
{
	if (json->type != JSON_BOOLEAN) {
		param_complain_of_type(loader, param, json, "true or false");
		return;
	}
	argument->truth = json->boolean;
	argument->given = true;
}

const char *
param_expand(struct loader *loader, const struct param *param, const struct json *json)
{
	const char *text;

	if (json->type != JSON_STRING) {
		param_complain_of_type(loader, param, json, "a string");
		return NULL;
	}
	text = expand(loader, json);
	if (text != NULL && text[0] == '\0') {
		loader_complain(
			loader, &json->place, NULL, param->help, "\"%s\" is empty", param->name);
		return NULL;
	}
	return text;
}

static void
load_text(struct loader *loader, const struct param *param, const struct json *json,
	struct argument *argument)
{
	const char *text = param_expand(loader, param, json);
	const char *objection =
		text != NULL && param->objection != NULL ? param->objection(text) : NULL;

	if (objection != NULL)
		loader_complain(loader, &json->place, NULL, NULL, "\"%s\": %s", text, objection);
	argument->given = text != NULL && objection == NULL;
	argument->text = argument->given ? text : NULL;
}

bool
regex_check(struct loader *loader, const struct json *json, const char *text)
{
	char reason[128];
	regex_t regex;
	int code;

	if (strlen(text) > REGEX_BYTES_MAX) {
		loader_complain(loader, &json->place, NULL, NULL,
			"this regular expression has more than %d bytes", REGEX_BYTES_MAX);
		return false;
	}
	code = regcomp(&regex, text, REG_EXTENDED | REG_NOSUB);
	if (code != 0) {
		regerror(code, &regex, reason, sizeof(reason));
		loader_complain(loader, &json->place, NULL,
			"it is a POSIX extended regular expression",
			"this is not a regular expression: %s", reason);
		return false;
	}
	regfree(&regex);
	return true;
}

static void
load_regex(struct loader *loader, const struct param *param, const struct json *json,
	struct argument *argument)
{
	const char *text = param_expand(loader, param, json);

	argument->given = text != NULL && regex_check(loader, json, text);
	argument->text = argument->given ? text : NULL;
}

static void
load_choice(struct loader *loader, const struct param *param, const struct json *json,
	struct argument *argument)
{
	const char *text = param_expand(loader, param, json);

	if (text != NULL)
		argument->text = value_choice(loader, json, param->name, text, param->choices);
	argument->given = argument->text != NULL;
}

static bool
list_has(const char *const *items, size_t count, const char *item)
{
	for (size_t i = 0; i < count; i++)
		if (text_same(items[i], item))
			return true;
	return false;
}

/* One item of a list, expanded; NULL, with a problem, when it is not acceptable. */
static const char *
load_item(
	struct loader *loader, const struct json *json, const char *(*objection)(const char *text))
{
	const char *reason = NULL, *text;

	if (json->type != JSON_STRING) {
		loader_complain(loader, &json->place, NULL, NULL,
			"an item of this list must be a string, not %s",
			json_type_name(json->type));
		return NULL;
	}
	text = expand(loader, json);
	if (text == NULL)
		return NULL;
	if (text[0] == '\0')
		reason = "an item of a list cannot be empty";
	else if (objection != NULL)
		reason = objection(text);
	if (reason != NULL)
		loader_complain(loader, &json->place, NULL, NULL, "\"%s\": %s", text, reason);
	return reason == NULL ? text : NULL;
}

const char *const *
list_load(struct loader *loader, const struct json *array, const char *name,
	const char *(*objection)(const char *text), size_t *count)
{
	const char **items;

	*count = 0;
	if (array->count == 0 || array->count > LIST_ITEMS_MAX) {
		loader_complain(loader, &array->place, NULL, NULL,
			array->count == 0 ? "\"%s\" is empty: it would have no effect"
					  : "\"%s\" has more than %d items",
			name, LIST_ITEMS_MAX);
		return NULL;
	}
	items = arena_array(loader->arena, array->count, sizeof(*items));
	for (const struct json *json = array->child; json != NULL; json = json->next) {
		const char *item = load_item(loader, json, objection);

		if (item == NULL)
			continue;
		if (list_has(items, *count, item))
			loader_complain(loader, &json->place, NULL, NULL,
				"\"%s\" is in this list already", item);
		else
			items[(*count)++] = item;
	}
	return items;
}

/* Whether all items that could be read are among the choices. */
static bool
items_are_choices(struct loader *loader, const struct param *param, const struct json *array)
{
	bool all = true;

	for (const struct json *json = array->child; json != NULL; json = json->next) {
		const char *text = json->type == JSON_STRING ? expand(loader, json) : NULL;

		all = (text == NULL || value_choice(loader, json, param->name, text,
					       param->choices) != NULL) &&
		      all;
	}
	return all;
}

static void
load_list(struct loader *loader, const struct param *param, const struct json *json,
	struct argument *argument)
{
	if (json->type != JSON_ARRAY) {
		param_complain_of_type(loader, param, json, "an array of strings");
		return;
	}
	argument->items = list_load(loader, json, param->name, param->objection, &argument->count);
	argument->given = argument->count != 0 &&
			  (param->choices == NULL || items_are_choices(loader, param, json));
}

static void
load_file(struct loader *loader, const struct param *param, const struct json *json,
	struct argument *argument)
{
	const char *text = param_expand(loader, param, json);

	if (text == NULL || loader->lenient)
		return;
	argument->text = text;
	argument->given = input_file_load(loader, json, text, &argument->bytes);
}

static void
complain_of_clear_secret(struct loader *loader, const struct param *param, const struct json *json)
{
	loader_complain(loader, &json->place, NULL,
		"declare \"secrets\": { \"name\": { \"env\": \"NAME\" } } and write \"${name}\"",
		"\"%s\" must be the reference to a secret: it cannot stand in the checklist",
		param->name);
}

/* No protocol has a way to send more, and a line end would end the command. */
static bool
has_one_line(struct loader *loader, const struct json *json, const char *value)
{
	if (value == NULL || strpbrk(value, "\r\n") == NULL)
		return true;
	loader_complain(loader, &json->place, NULL, NULL,
		"the secret has a line end within it, and cannot be logged in with");
	return false;
}

static void
load_secret(struct loader *loader, const struct param *param, const struct json *json,
	struct argument *argument)
{
	const char *name;

	if (json->type != JSON_STRING) {
		param_complain_of_type(loader, param, json, "the reference to a secret");
		return;
	}
	name = reference_sole(loader->arena, json->string);
	if (name == NULL) {
		complain_of_clear_secret(loader, param, json);
		return;
	}
	argument->given = secret_refer(loader, &json->place, name, &argument->text) &&
			  has_one_line(loader, json, argument->text);
}

static void (*const loads[])(struct loader *loader, const struct param *param,
	const struct json *json, struct argument *argument) = {
	[PARAM_NUMBER] = load_number,
	[PARAM_FRACTION] = load_fraction,
	[PARAM_BOOLEAN] = load_boolean,
	[PARAM_TEXT] = load_text,
	[PARAM_REGEX] = load_regex,
	[PARAM_CHOICE] = load_choice,
	[PARAM_LIST] = load_list,
	[PARAM_SECRET] = load_secret,
	[PARAM_FILE] = load_file,
	[PARAM_LINE] = param_line_load,
	[PARAM_EXPECT] = param_expect_load,
	[PARAM_OBJECT] = param_object_load,
	[PARAM_OBJECTS] = param_objects_load,
};

static void
load_fallback(struct loader *loader, const struct param *param, struct argument *argument)
{
	const struct json *json = json_parse(loader->arena, param->name, param->fallback,
		strlen(param->fallback), loader->problems);

	if (json != NULL)
		loads[param->type](loader, param, json, argument);
}

/* A server may echo what logging in sends, where name and password are one base64 text. */
static void
hide_plain_message(struct loader *loader, const struct param *params, const struct argument *values)
{
	const char *username = NULL;

	for (size_t i = 0; params[i].name != NULL; i++)
		if (strcmp(params[i].name, "username") == 0)
			username = values[i].text;
	for (size_t i = 0; username != NULL && params[i].name != NULL; i++)
		if (params[i].type == PARAM_SECRET && values[i].text != NULL)
			secrets_add_plain(&loader->checklist->secrets, loader->arena, username,
				values[i].text);
}

static bool
is_required(const struct param *param, const struct arguments *arguments)
{
	return param->required_with != NULL ? param->required_with(arguments) : param->required;
}

/* The members of an object that are parameters of something. */
struct params_owner {
	const char *name;
	const struct json *object;
	const struct arguments *arguments; /* of the assertion; NULL: of an object within one */
};

static void
load_param(struct loader *loader, const struct params_owner *owner, const struct param *param,
	struct argument *argument)
{
	const struct json *value = json_member(owner->object, param->name);

	if (value != NULL && param->useless_with != NULL && param->useless_with(owner->arguments))
		loader_complain(loader, &value->key_place, NULL, param->help,
			"\"%s\" has no effect here", param->name);
	else if (value != NULL)
		loads[param->type](loader, param, value, argument);
	else if (param->fallback != NULL)
		load_fallback(loader, param, argument);
	else if (is_required(param, owner->arguments))
		loader_complain(loader, &owner->object->place, NULL,
			arena_printf(loader->arena, "%s For example \"%s\": %s", param->help,
				param->name, param->example),
			"%s needs \"%s\"", owner->name, param->name);
}

/* Returns whether any of them is there. */
static bool
load_members(struct loader *loader, const struct params_owner *owner, const struct param *params,
	struct argument *values)
{
	bool any = false;

	for (size_t i = 0; params[i].name != NULL; i++) {
		any = any || json_member(owner->object, params[i].name) != NULL;
		load_param(loader, owner, &params[i], &values[i]);
	}
	hide_plain_message(loader, params, values);
	return any;
}

bool
params_load_members(struct loader *loader, const struct param *params, const struct json *object,
	const char *owner, struct argument *values)
{
	const struct params_owner within = { owner, object, NULL };

	return load_members(loader, &within, params, values);
}

/* What could not be read is no value, and not absent either. */
static bool
are_all_read(const struct assertion *assertion, const struct json *json)
{
	const struct param *params = assertion->arguments.check->params;

	for (size_t i = 0; params[i].name != NULL; i++)
		if (json_member(json, params[i].name) != NULL &&
			!assertion->arguments.values[i].given)
			return false;
	return true;
}

static void
object_to_combination(struct loader *loader, const struct assertion *assertion,
	const struct json *json, const struct place *combined)
{
	const struct check *check = assertion->arguments.check;
	const char *objection = check->objection == NULL || !are_all_read(assertion, json)
					? NULL
					: check->objection(&assertion->arguments);

	if (objection != NULL)
		loader_complain(loader, combined, NULL, NULL, "%s: %s", check->name, objection);
}

void
params_load(struct loader *loader, struct assertion *assertion, const struct json *json,
	const struct place *combined)
{
	const struct check *check = assertion->arguments.check;
	const struct params_owner owner = { check->name, json, &assertion->arguments };
	bool any = load_members(loader, &owner, check->params, assertion->arguments.values);

	if (check->needs_a_param && !any)
		loader_complain(loader, &json->place, NULL,
			arena_printf(loader->arena,
				"\"starttls-gate explain %s\" shows what it takes", check->name),
			"%s asserts nothing without a parameter", check->name);
	object_to_combination(loader, assertion, json, combined);
}
