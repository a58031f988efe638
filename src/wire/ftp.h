/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ftp: replies in FTP's form (RFC 959 section 4.2): a code, and where a hyphen follows it any lines up
 * to one that begins with the code and a blank.
 */
#ifndef GATE_WIRE_FTP_H
#define GATE_WIRE_FTP_H

#include "wire/reply.h"

/* For rows of dialects. */
void ftp_take_line(struct reply *reply, const char *line, size_t len);
void ftp_line_status(const struct reply_line *line, struct buf *out);

#endif
