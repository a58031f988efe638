/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From the type of a member or parameter to the schema of its value.
 */
#include "params.h"
#include "schema_node.h"

/* A string with a reference in it may become anything. */
static const char reference[] = "{ \"pattern\": \"\\\\$\\\\{\" }";

/* A string that is one reference may stand for a number. */
static void
add_number_type(cJSON *node, const char *type)
{
	cJSON *types = node_add_array(node, "type");

	node_append_string(types, type);
	node_append_string(types, "string");
	node_add_string(node, "pattern", "^\\$\\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\\}$");
}

/* All numbers of a checklist are whole, but for fractions. */
static const char *const type_names[] = {
	[JSON_NULL] = "null",
	[JSON_BOOLEAN] = "boolean",
	[JSON_STRING] = "string",
	[JSON_ARRAY] = "array",
	[JSON_OBJECT] = "object",
};

/* Moves the members of an object, given as the text between its braces, into the node. */
static void
add_keywords(cJSON *node, const char *keywords)
{
	struct buf text;
	cJSON *parsed, *item;

	buf_init(&text, SIZE_MAX / 4);
	buf_addf(&text, "{%s}", keywords);
	parsed = node_parse(text.data);
	while ((item = cJSON_DetachItemFromArray(parsed, 0)) != NULL)
		node_add(node, item->string, item);
	cJSON_Delete(parsed);
	buf_release(&text);
}

cJSON *
member_schema(const struct member *member)
{
	cJSON *node = node_create();

	if (member->type == JSON_NUMBER)
		add_number_type(node, "integer");
	else
		node_add_string(node, "type", type_names[member->type]);
	node_add_string(node, "description", member->help);
	if (member->schema != NULL)
		add_keywords(node, member->schema);
	return node;
}

static void
add_number(cJSON *node, const struct param *param)
{
	add_number_type(node, "integer");
	node_add_number(node, "minimum", param->minimum);
	node_add_number(node, "maximum", param->maximum);
}

static void
add_fraction(cJSON *node, const struct param *param)
{
	(void)param;
	add_number_type(node, "number");
	node_add_number(node, "exclusiveMinimum", 0);
	node_add_number(node, "maximum", 1);
}

static void
add_boolean(cJSON *node, const struct param *param)
{
	(void)param;
	node_add_string(node, "type", "boolean");
}

static void
add_text(cJSON *node, const struct param *param)
{
	(void)param;
	node_add_string(node, "type", "string");
	node_add_number(node, "minLength", 1);
}

static void
add_string(cJSON *node, const struct param *param)
{
	(void)param;
	node_add_string(node, "type", "string");
}

static void
add_choice(cJSON *node, const struct param *param)
{
	cJSON *either, *choices = node_create(), *names;

	node_add_string(node, "type", "string");
	either = node_add_array(node, "anyOf");
	names = node_add_array(choices, "enum");
	for (const char *const *choice = param->choices; *choice != NULL; choice++)
		node_append_string(names, *choice);
	node_append(either, choices);
	node_append(either, node_parse(reference));
}

static void
add_list(cJSON *node, const struct param *param)
{
	cJSON *items;

	node_add_string(node, "type", "array");
	node_add_number(node, "minItems", 1);
	node_add_number(node, "maxItems", LIST_ITEMS_MAX);
	node_add_bool(node, "uniqueItems", true);
	items = node_add_object(node, "items");
	if (param->choices != NULL)
		add_choice(items, param);
	else
		add_text(items, param);
}

static void
add_secret(cJSON *node, const struct param *param)
{
	(void)param;
	node_add_string(node, "type", "string");
	node_add_string(node, "pattern", "^\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}$");
}

static void
add_object(cJSON *node, const struct param *param)
{
	cJSON *properties, *required;

	node_add_string(node, "type", "object");
	properties = node_add_object(node, "properties");
	required = node_add_array(node, "required");
	for (const struct param *member = param->members; member->name != NULL; member++) {
		node_add(properties, member->name, param_schema(member));
		if (member->required)
			node_append_string(required, member->name);
	}
	node_add_bool(properties, "$comment", true);
	node_add_bool(node, "additionalProperties", false);
}

static void
add_objects(cJSON *node, const struct param *param)
{
	node_add_string(node, "type", "array");
	node_add_number(node, "minItems", 1);
	node_add_number(node, "maxItems", OBJECTS_MAX);
	add_object(node_add_object(node, "items"), param);
}

static void (*const adders[])(cJSON *node, const struct param *param) = {
	[PARAM_NUMBER] = add_number,
	[PARAM_FRACTION] = add_fraction,
	[PARAM_BOOLEAN] = add_boolean,
	[PARAM_TEXT] = add_text,
	[PARAM_REGEX] = add_text,
	[PARAM_CHOICE] = add_choice,
	[PARAM_LIST] = add_list,
	[PARAM_SECRET] = add_secret,
	[PARAM_FILE] = add_text,
	[PARAM_LINE] = add_string,
	[PARAM_EXPECT] = add_text,
	[PARAM_OBJECT] = add_object,
	[PARAM_OBJECTS] = add_objects,
};

cJSON *
param_schema(const struct param *param)
{
	cJSON *node = node_create();

	adders[param->type](node, param);
	node_add_string(node, "description", param->help);
	node_append(node_add_array(node, "examples"), node_parse(param->example));
	if (param->fallback != NULL)
		node_add(node, "default", node_parse(param->fallback));
	return node;
}
