/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * imap: replies in IMAP's form (RFC 9051 section 7, RFC 3501 section 7): any number of untagged lines,
 * then one with the tag of the command.
 */
#ifndef GATE_WIRE_IMAP_H
#define GATE_WIRE_IMAP_H

#include "wire/reply.h"

/* For rows of dialects. */
void imap_take_line(struct reply *reply, const char *line, size_t len);
void imap_line_status(const struct reply_line *line, struct buf *out);
int64_t imap_literal(const char *line, size_t len);
bool imap_comes_unasked(const char *bytes, size_t len);
void imap_logins(const struct reply *greeting, const struct reply *list, struct buf *out);

#endif
