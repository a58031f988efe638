/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * json_out: writes JSON (RFC 8259) value by value into a buffer; commas come by themselves. The
 * name of a value is NULL in an array and at the top.
 */
#ifndef GATE_REPORT_JSON_OUT_H
#define GATE_REPORT_JSON_OUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

void json_open(struct buf *out, const char *name, char bracket);
void json_close(struct buf *out, char bracket);

/* The text as shown text (gate/shown.h), newlines and tabs kept; NULL gives null. */
void json_text(struct buf *out, const char *name, const char *text);
void json_number(struct buf *out, const char *name, int64_t value);
void json_bool(struct buf *out, const char *name, bool value);

/* Puts what comes next on a line of its own, indented by two blanks a level. */
void json_line(struct buf *out, unsigned level);

/* Reads back: whether the text is one value, with white space in front or one newline behind. */
bool json_is_one_value(const struct buf *text, struct error *error);

#endif
