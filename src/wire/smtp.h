/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * smtp: replies in SMTP's form (RFC 5321 section 4.2), which LMTP has too, and the capabilities of an
 * EHLO reply (section 4.1.1.1).
 */
#ifndef GATE_WIRE_SMTP_H
#define GATE_WIRE_SMTP_H

#include "wire/reply.h"

/* For rows of dialects. */
void smtp_take_line(struct reply *reply, const char *line, size_t len);
void smtp_line_status(const struct reply_line *line, struct buf *out);
bool smtp_comes_unasked(const char *bytes, size_t len);
/* 334, or what stands behind 235 beside an enhanced code. */
const char *smtp_sasl_data(const struct reply *reply, size_t *len);
void smtp_logins(const struct reply *greeting, const struct reply *list, struct buf *out);

#endif
