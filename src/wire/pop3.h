/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pop3: replies in POP3's form (RFC 1939 section 3): one line, or a list that only the command tells,
 * up to a line with a dot.
 */
#ifndef GATE_WIRE_POP3_H
#define GATE_WIRE_POP3_H

#include "wire/reply.h"

/* For rows of dialects. */
void pop3_take_line(struct reply *reply, const char *line, size_t len);
void pop3_line_status(const struct reply_line *line, struct buf *out);
bool pop3_comes_unasked(const char *bytes, size_t len);
bool pop3_brings_list(const char *command, size_t len);
void pop3_logins(const struct reply *greeting, const struct reply *list, struct buf *out);

#endif
