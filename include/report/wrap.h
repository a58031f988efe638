/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * wrap: lays text out in lines of a given width.
 */
#ifndef GATE_REPORT_WRAP_H
#define GATE_REPORT_WRAP_H

#include <stddef.h>

#include "base/buf.h"

/* Narrowest column of text that is wrapped; a narrower one runs over the width instead. */
#define WRAP_COLUMNS_MIN 24

/* Appends shown text whose first line begins at column `indent` (already written); the further
 * lines get `indent` blanks in front. Lines break at blanks so that they end within `width`
 * columns; a word longer than that has a line to itself and is left whole. Newlines of the text
 * stay. There is no newline at the end. */
void wrap_add(struct buf *out, const char *shown, size_t indent, size_t width);

#endif
