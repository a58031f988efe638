/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * sieve: replies in ManageSieve's form (RFC 5804 section 1.2): lines of strings, then OK, NO or BYE.
 */
#ifndef GATE_WIRE_SIEVE_H
#define GATE_WIRE_SIEVE_H

#include "wire/reply.h"

/* For rows of dialects. */
void sieve_take_line(struct reply *reply, const char *line, size_t len);
void sieve_line_status(const struct reply_line *line, struct buf *out);
/* A challenge is a string; beside the yes, data stands in the code SASL (RFC 5804 section 2.1). */
const char *sieve_sasl_data(const struct reply *reply, size_t *len);
bool sieve_comes_unasked(const char *bytes, size_t len);

#endif
