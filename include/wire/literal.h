/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * literal: strings that are announced by their length at the end of a line, and the quoted ones (RFC
 * 9051 section 4.3, RFC 5804 section 4). For rows of dialects.
 */
#ifndef GATE_WIRE_LITERAL_H
#define GATE_WIRE_LITERAL_H

#include <stddef.h>
#include <stdint.h>

#include "wire/cursor.h"

/* The length that the line's end announces, as "{5}" or "{5+}"; -1: none; -2: something that looks
 * like one. */
int64_t literal_announced(const char *line, size_t len);

/* Takes a string, quoted or literal, off the cursor into memory of the arena, with a NUL behind it;
 * the cursor is broken where there is none. */
struct arena;
const char *literal_string(struct cursor *cursor, struct arena *arena, size_t *len);

/* Appends the bytes as a string: quoted, or as a literal where that is too long or too odd. */
struct buf;
void literal_add(struct buf *out, const char *bytes, size_t len);

#endif
