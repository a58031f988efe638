/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * schema: the JSON Schema (draft-07) of checklists, for editors and for tools that write them.
 */
#ifndef GATE_CHECKLIST_SCHEMA_H
#define GATE_CHECKLIST_SCHEMA_H

#include "base/buf.h"

/* Appends the schema with a newline behind it, made from the assertion rows and from the key
 * tables of the loader. What the schema refuses the loader refuses too; the loader refuses more
 * (host names, dates that do not exist, undefined variables, ids that are there twice). */
void schema_write(struct buf *out);

#endif
