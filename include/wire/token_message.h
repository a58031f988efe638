/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * token_message: the message of a round trip: a token by which it is known, and lines that servers on
 * the way are apt to change.
 */
#ifndef GATE_WIRE_TOKEN_MESSAGE_H
#define GATE_WIRE_TOKEN_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"

/* The header field that carries the token. */
#define TOKEN_FIELD "X-Starttls-Gate-Token"

/* What is in its body. */
#define TOKEN_MESSAGE_TYPE "text/plain; charset=utf-8"

/* Hex digits of a token of 128 bits, and the terminator. */
#define TOKEN_MAX 33

struct token_message {
	const char *token; /* one alphanumeric word */
	const char *from, *to;
	int64_t date;
	bool eight_bit; /* a line of the body is UTF-8; else all of it is ASCII */
};

/* Appends the body: lines with CR LF. */
void token_message_body(const struct token_message *message, struct buf *out);

/* Appends header, empty line and body. */
void token_message_build(const struct token_message *message, struct buf *out);

/* Appends lines with one more dot in front of those that begin with one (RFC 5321 section 4.5.2), and the
 * dot that ends them, without its line end. */
void token_message_stuff(struct span message, struct buf *out);

/* Whether the bytes of a header name that token. */
bool token_message_is(struct span headers, const char *token);

/* How a body that came back differs from the one that was sent. */
enum body_change {
	BODY_INTACT,
	BODY_BLANKS_LOST, /* only blanks at the end of lines are missing */
	BODY_CHANGED,
};

/* *line: the first that differs, from 1. */
enum body_change token_message_compare(struct span sent, struct span got, size_t *line);

#endif
