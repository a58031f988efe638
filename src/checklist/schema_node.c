/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cJSON trees without a failure: what cannot be allocated ends the program.
 */
#include "schema_node.h"

static cJSON *
present(cJSON *item)
{
	if (item == NULL)
		out_of_memory();
	return item;
}

cJSON *
node_create(void)
{
	return present(cJSON_CreateObject());
}

cJSON *
node_parse(const char *json)
{
	return present(cJSON_Parse(json));
}

cJSON *
node_add_object(cJSON *node, const char *key)
{
	return present(cJSON_AddObjectToObject(node, key));
}

cJSON *
node_add_array(cJSON *node, const char *key)
{
	return present(cJSON_AddArrayToObject(node, key));
}

void
node_add_string(cJSON *node, const char *key, const char *value)
{
	present(cJSON_AddStringToObject(node, key, value));
}

void
node_add_number(cJSON *node, const char *key, long value)
{
	present(cJSON_AddNumberToObject(node, key, (double)value));
}

void
node_add_bool(cJSON *node, const char *key, bool value)
{
	present(cJSON_AddBoolToObject(node, key, value));
}

void
node_add(cJSON *node, const char *key, cJSON *item)
{
	if (!cJSON_AddItemToObject(node, key, item))
		out_of_memory();
}

void
node_append(cJSON *array, cJSON *item)
{
	if (!cJSON_AddItemToArray(array, item))
		out_of_memory();
}

void
node_append_string(cJSON *array, const char *string)
{
	node_append(array, present(cJSON_CreateString(string)));
}
