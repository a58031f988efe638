/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * schema: the JSON Schema of checklists.
 */
#ifndef GATE_SCHEMA_H
#define GATE_SCHEMA_H

#include "gate/buf.h"

/* Appends the schema (draft-07), made from the rows of the checks. */
void schema_write(struct buf *out);

#endif
