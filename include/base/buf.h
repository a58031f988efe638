/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * buf: bytes that grow up to a limit named by whoever made the buffer. What goes beyond the
 * limit is counted and dropped, never stored. The bytes always have a NUL behind them, so
 * `data` is a string as long as the content has no NUL of its own.
 *
 * Invariants: data[len] == '\0'; len <= limit.
 */
#ifndef GATE_BASE_BUF_H
#define GATE_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"

struct buf {
	char *data;
	size_t len;
	size_t capacity;
	size_t limit;
	size_t dropped; /* bytes that the limit kept out */
};

void buf_init(struct buf *buf, size_t limit);
void buf_release(struct buf *buf);

/* Overwrites bytes with zeros in a way that a compiler may not leave out. */
void wipe(void *bytes, size_t len);

/* Overwrites the content before it releases it. */
void buf_wipe(struct buf *buf);

/* Empties the buffer and keeps its memory. */
void buf_reset(struct buf *buf);

/* Adds bytes; false when the limit cut them. */
bool buf_add(struct buf *buf, const void *data, size_t len);
bool buf_add_string(struct buf *buf, const char *string);
bool buf_add_char(struct buf *buf, char c);
bool buf_addf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Removes the first len bytes (at most all of them). */
void buf_consume(struct buf *buf, size_t len);

/* The bytes, until the next change. */
struct span buf_span(const struct buf *buf);

#endif
