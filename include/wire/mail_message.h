/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * mail_message: header fields and body of a message (RFC 5322, RFC 2045), as they came from a mailbox.
 * What it hands out points into the message.
 */
#ifndef GATE_WIRE_MAIL_MESSAGE_H
#define GATE_WIRE_MAIL_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/span.h"

struct mail_message {
	struct span headers; /* with the line ends, without the empty line */
	struct span body;    /* what is behind the empty line; empty: there is none */
};

struct mail_message mail_message_split(struct span bytes);

/* The next field of that name: its value with folds made blanks, in the arena; *at is 0 at first. NULL
 * at the end. */
const char *mail_next_field(struct span headers, const char *name, size_t *at, struct arena *arena);

/* Appends the body without its transfer encoding (RFC 2045 section 6). False when it has one that is not
 * known, or is not written in it. */
bool mail_decode_body(const struct mail_message *message, struct buf *out);

#endif
