/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cursor: reads big-endian numbers and runs of bytes from a span, never past its end. The first
 * read that does not fit makes the cursor broken: that read and all later ones give zeros, and
 * one test after the last read is enough.
 *
 * A cursor does not own the bytes; what it hands out points into them.
 */
#ifndef GATE_WIRE_CURSOR_H
#define GATE_WIRE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

struct cursor {
	const uint8_t *next;
	size_t left;
	bool broken;
};

struct cursor cursor_over(struct span span);

uint8_t cursor_u8(struct cursor *cursor);
uint16_t cursor_u16(struct cursor *cursor);
uint32_t cursor_u24(struct cursor *cursor);

/* The next len bytes; an empty span (and a broken cursor) when there are fewer. */
struct span cursor_bytes(struct cursor *cursor, size_t len);

/* A vector with its length in front, in one, two or three bytes (RFC 8446 section 3.4). */
struct span cursor_vector8(struct cursor *cursor);
struct span cursor_vector16(struct cursor *cursor);
struct span cursor_vector24(struct cursor *cursor);

/* Nothing left, and nothing went wrong. */
bool cursor_at_end(const struct cursor *cursor);

#endif
