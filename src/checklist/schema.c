/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Puts the schema together: the forms of the objects, one alternative for each check, and what
 * overrides may change.
 */
#include "checklist/schema.h"

#include "schema_node.h"

static void
add_form(cJSON *node, const struct schema_object *form)
{
	cJSON *properties, *required = NULL;

	node_add_string(node, "type", "object");
	properties = node_add_object(node, "properties");
	for (const struct member *member = form->members; member->key != NULL; member++) {
		node_add(properties, member->key, member_schema(member));
		if (!member->required)
			continue;
		if (required == NULL)
			required = node_add_array(node, "required");
		node_append_string(required, member->key);
	}
}

static void
require(cJSON *array, const char *key)
{
	cJSON *node = node_create();

	node_append_string(node_add_array(node, "required"), key);
	node_append(array, node);
}

/* One of its parameters must be there where the row says so. */
static void
add_required_params(cJSON *node, const struct check *check)
{
	cJSON *required = node_add_array(node, "required");
	cJSON *any = check->needs_a_param ? node_add_array(node, "anyOf") : NULL;

	for (const struct param *param = check->params; param->name != NULL; param++) {
		if (param->required && param->required_with == NULL)
			node_append_string(required, param->name);
		if (any != NULL)
			require(any, param->name);
	}
}

/* What holds of an assertion of this name. Keys that all assertions have are looked at elsewhere,
 * but must be named: what is not named here is not allowed. */
static cJSON *
check_schema(const struct check *check)
{
	cJSON *node = node_create(), *properties;

	node_add_string(node, "description", check->summary);
	properties = node_add_object(node, "properties");
	for (const struct param *param = check->params; param->name != NULL; param++)
		node_add(properties, param->name, param_schema(param));
	for (const struct member *member = assertion_form.members; member->key != NULL; member++)
		node_add_bool(properties, member->key, true);
	add_required_params(node, check);
	node_add_bool(node, "additionalProperties", false);
	return node;
}

static void
add_check(cJSON *names, cJSON *rules, const struct check *check)
{
	cJSON *rule = node_create(), *condition = node_add_object(rule, "if");
	cJSON *name = node_add_object(node_add_object(condition, "properties"), "assert");

	node_append_string(names, check->name);
	node_add_string(name, "const", check->name);
	node_append_string(node_add_array(condition, "required"), "assert");
	node_add(rule, "then", check_schema(check));
	node_append(rules, rule);
}

/* Which keys an assertion may have follows from its name. */
static void
add_checks(cJSON *assertion)
{
	cJSON *properties = cJSON_GetObjectItemCaseSensitive(assertion, "properties");
	cJSON *name = cJSON_GetObjectItemCaseSensitive(properties, "assert");
	cJSON *names = node_add_array(name, "enum"), *rules = node_add_array(assertion, "allOf");

	for (size_t i = 0; i < check_family_count; i++)
		for (size_t j = 0; j < check_families[i]->count; j++)
			add_check(names, rules, &check_families[i]->checks[j]);
}

/* One more schema that a value may fit, unless it is among them. */
static void
add_alternative(cJSON *schemas, cJSON *schema)
{
	const cJSON *one;

	cJSON_ArrayForEach(one, schemas)
	{
		if (cJSON_Compare(one, schema, true)) {
			cJSON_Delete(schema);
			return;
		}
	}
	node_append(schemas, schema);
}

static void
add_param_to_all(cJSON *properties, const struct param *param)
{
	cJSON *node = cJSON_GetObjectItemCaseSensitive(properties, param->name);

	if (node == NULL) {
		node = node_add_object(properties, param->name);
		node_add_array(node, "anyOf");
	}
	add_alternative(cJSON_GetObjectItemCaseSensitive(node, "anyOf"), param_schema(param));
}

/* Which assertion an override is of does not show in its own text, so it may have the parameters of
 * any; but something it must change. */
static void
add_override_rules(cJSON *override)
{
	cJSON *properties = cJSON_GetObjectItemCaseSensitive(override, "properties");

	for (size_t i = 0; i < check_family_count; i++)
		for (size_t j = 0; j < check_families[i]->count; j++)
			for (const struct param *param = check_families[i]->checks[j].params;
				param->name != NULL; param++)
				add_param_to_all(properties, param);
	node_add_number(override, "minProperties", 1);
}

static cJSON *
node_append_object(cJSON *array)
{
	cJSON *node = node_create();

	node_append(array, node);
	return node;
}

/* A target that is a file has nothing that leads to a server, and the other way round. It has a host or a
 * domain. */
static void
add_target_rules(cJSON *target)
{
	cJSON *either = node_add_array(target, "oneOf");
	cJSON *rules = node_add_object(target, "dependencies");
	cJSON *unwanted = node_add_object(node_add_object(rules, "certificate_file"), "properties");

	node_append_string(node_add_array(node_append_object(either), "required"), "host");
	node_append_string(node_add_array(node_append_object(either), "required"), "mx");
	node_add_bool(node_add_object(node_add_object(rules, "mx"), "properties"),
		"certificate_file", false);
	node_append_string(node_add_array(rules, "private_key_file"), "certificate_file");
	node_append_string(node_add_array(rules, "at"), "certificate_file");
	for (const struct member *row = target_defaults_form.members; row->key != NULL; row++)
		if (row->key[0] != '$')
			node_add_bool(unwanted, row->key, false);
}

/* Fills in the names of the rows. */
static void
add_protocols(const cJSON *form)
{
	const cJSON *properties = cJSON_GetObjectItemCaseSensitive(form, "properties");
	const cJSON *protocol = cJSON_GetObjectItemCaseSensitive(properties, "protocol");
	const cJSON *either = cJSON_GetObjectItemCaseSensitive(protocol, "anyOf");
	cJSON *names = cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(either, 0), "enum");

	for (const struct dialect *row = dialects; row->name != NULL; row++)
		node_append_string(names, row->name);
}

static void
add_definitions(cJSON *schema)
{
	cJSON *definitions = node_add_object(schema, "definitions");

	/* The checklist itself is the schema; those behind it are its definitions. */
	for (size_t i = 1; schema_objects[i] != NULL; i++) {
		const struct schema_object *form = schema_objects[i];
		cJSON *node = node_add_object(definitions, form->definition);

		add_form(node, form);
		if (form == &assertion_form)
			add_checks(node);
		else
			node_add_bool(node, "additionalProperties", false);
		if (form == &target_form || form == &target_defaults_form)
			add_protocols(node);
		if (form == &target_form)
			add_target_rules(node);
		if (form == &override_form)
			add_override_rules(node);
		if (form == &secret_form) {
			cJSON *either = node_add_array(node, "oneOf");

			require(either, "env");
			require(either, "file");
		}
	}
}

/* cJSON puts a tab behind the colon of a member; within strings there is none. */
static void
add_printed(struct buf *out, const cJSON *schema)
{
	char *text = cJSON_Print(schema);

	if (text == NULL)
		out_of_memory();
	for (const char *c = text; *c != '\0'; c++)
		buf_add_char(out, *c == '\t' && c[-1] == ':' ? ' ' : *c);
	buf_add_char(out, '\n');
	cJSON_free(text);
}

void
schema_write(struct buf *out)
{
	cJSON *schema = node_create(), *any;

	node_add_string(schema, "$schema", "http://json-schema.org/draft-07/schema#");
	node_add_string(
		schema, "$id", "https://starttls-gate.example/schemas/checklist.schema.json");
	node_add_string(schema, "title", "A checklist of starttls-gate");
	add_form(schema, &checklist_form);
	node_add_bool(schema, "additionalProperties", false);
	any = node_add_array(schema, "anyOf");
	require(any, "assertions");
	require(any, "include");
	add_definitions(schema);
	add_printed(out, schema);
	cJSON_Delete(schema);
}
