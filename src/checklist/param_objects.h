/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * param_objects: parameters that are objects, or lists of them, with members of their own.
 */
#ifndef GATE_CHECKLIST_PARAM_OBJECTS_H
#define GATE_CHECKLIST_PARAM_OBJECTS_H

#include "loader.h"

/* Read a value of PARAM_OBJECT and PARAM_OBJECTS; what is wrong with it is reported. */
void param_object_load(struct loader *loader, const struct param *param, const struct json *json,
	struct argument *argument);
void param_objects_load(struct loader *loader, const struct param *param, const struct json *json,
	struct argument *argument);

#endif
