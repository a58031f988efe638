/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * schema_node: parts of a JSON Schema as cJSON trees. No function gives NULL: running out of memory
 * ends the process.
 */
#ifndef GATE_CHECKLIST_SCHEMA_NODE_H
#define GATE_CHECKLIST_SCHEMA_NODE_H

#include <cjson/cJSON.h>

#include "checks/check.h"
#include "members.h"

/* An object without members; the caller owns it. */
cJSON *node_create(void);

/* What a JSON text stands for; the caller owns it. */
cJSON *node_parse(const char *json);

/* Each adds a member to the object, and the first two give it back. */
cJSON *node_add_object(cJSON *node, const char *key);
cJSON *node_add_array(cJSON *node, const char *key);
void node_add_string(cJSON *node, const char *key, const char *value);
void node_add_number(cJSON *node, const char *key, long value);
void node_add_bool(cJSON *node, const char *key, bool value);

/* Each adds to the object or array, which owns the item from then on. */
void node_add(cJSON *node, const char *key, cJSON *item);
void node_append(cJSON *array, cJSON *item);
void node_append_string(cJSON *array, const char *string);

/* The schema of a member of a form, or of a parameter of a check; the caller owns it. */
cJSON *member_schema(const struct member *member);
cJSON *param_schema(const struct param *param);

#endif
