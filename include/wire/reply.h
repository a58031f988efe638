/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * reply: a server's reply in SMTP's form (RFC 5321 section 4.2): lines of a three-digit code and
 * text, all but the last with a hyphen between them. Fed with bytes in any portions; what is odd
 * but clear is recorded and accepted (a bare LF as line end, a code with no text).
 */
#ifndef GATE_WIRE_REPLY_H
#define GATE_WIRE_REPLY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"

/* Longest line, without its end. RFC 5321 section 4.5.3.1.5 allows 510. */
#define REPLY_LINE_MAX 4096
/* Most lines of one reply. */
#define REPLY_LINES_MAX 200

enum reply_state {
	REPLY_INCOMPLETE,
	REPLY_COMPLETE,
	REPLY_MALFORMED, /* `problem` says why */
};

struct reply_line {
	const char *raw; /* the line with its code, without its end; may hold a NUL */
	size_t raw_len;
	const char *text; /* what follows the code and its separator */
	size_t len;
};

struct reply {
	enum reply_state state;
	int code; /* 200 to 599, once a line is complete */
	struct reply_line *lines;
	size_t count;
	bool bare_lf; /* a line ended without CR (RFC 5321 section 2.3.8 forbids it) */
	const char *problem;
	struct arena *arena; /* of the lines; not owned */
	struct buf partial;  /* the line being read */
};

/* An empty reply whose lines will live in the arena. */
void reply_init(struct reply *reply, struct arena *arena);
void reply_release(struct reply *reply);

/* Takes bytes up to the end of the reply and returns how many it took. Once the state is not
 * REPLY_INCOMPLETE it takes none. */
size_t reply_feed(struct reply *reply, const char *bytes, size_t len);

/* Whether the code's first digit is 2 (RFC 5321 section 4.2.1). */
bool reply_is_positive(const struct reply *reply);

/* The capability line of an EHLO reply (RFC 5321 section 4.1.1.1) that starts with that keyword,
 * without regard to case; NULL when the server did not offer it. The first line, the server's
 * greeting, is no capability. `keyword` may go on with parameters ("AUTH PLAIN", "SIZE 1000"):
 * each must then be among the line's. */
const struct reply_line *reply_capability(const struct reply *reply, const char *keyword);

/* Appends the line's code and, where there is one, its enhanced status code (RFC 2034 section 4),
 * without any of the text: "535 5.7.8". */
void reply_line_status(const struct reply_line *line, struct buf *out);

/* The first line behind the greeting of an EHLO reply that is no capability: a control character in
 * it, or one that no keyword has (RFC 5321 section 4.1.1.1). What stands in it could be a
 * capability to some clients and none to others. NULL: there is none. */
const struct reply_line *reply_malformed_capability(const struct reply *reply);

/* Whether `word` stands among the blank-separated words behind the line's first. */
bool reply_line_has_word(const struct reply_line *line, const char *word, size_t len);

#endif
