/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * reply: a server's reply, in the form of its protocol (see dialect.h). Fed with bytes in any
 * portions; what is odd but clear is recorded and accepted (a bare LF as line end, a code with no
 * text).
 */
#ifndef GATE_WIRE_REPLY_H
#define GATE_WIRE_REPLY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "wire/dialect.h"

/* Longest line, without its end. RFC 5321 section 4.5.3.1.5 allows 510. */
#define REPLY_LINE_MAX 4096
/* Most lines of one reply. */
#define REPLY_LINES_MAX 200

enum reply_state {
	REPLY_INCOMPLETE,
	REPLY_COMPLETE,
	REPLY_MALFORMED, /* `problem` says why */
};

enum reply_status {
	REPLY_NO_STATUS, /* no line is complete yet */
	REPLY_POSITIVE,
	REPLY_CONTINUE, /* the server waits for more of the same command */
	REPLY_TRANSIENT,
	REPLY_NEGATIVE,
};

/* What a reply says, where the protocol has a code of its own for it. */
enum reply_meaning {
	REPLY_NO_MEANING,
	REPLY_OKAY,      /* the command was carried out */
	REPLY_READY,     /* a greeting, or TLS may begin */
	REPLY_FAREWELL,  /* to QUIT */
	REPLY_LEAVING,   /* the server goes away, whatever it was asked */
	REPLY_CHALLENGE, /* an exchange of AUTH goes on */
	REPLY_AUTHENTICATED,
	REPLY_BAD_CREDENTIALS,
	REPLY_BAD_SEQUENCE,
	REPLY_UNPROTECTED, /* TLS must come first, or a login */
	REPLY_LOGIN_MISSING,
};

struct reply_line {
	const char *raw; /* the line with its code, without its end; may hold a NUL */
	size_t raw_len;
	const char *text; /* what follows the code and its separator */
	size_t len;
};

struct reply {
	const struct dialect *dialect;
	bool is_list; /* set by who asked for capabilities: in some protocols such a reply ends otherwise */
	enum reply_state state;
	enum reply_status status; /* like the next two once a line is complete */
	enum reply_meaning meaning;
	int code; /* 200 to 599; 0 in protocols without codes. To be shown and compared, not read */
	struct reply_line *lines;
	size_t count;
	bool bare_lf; /* a line ended without CR (RFC 5321 section 2.3.8 forbids it) */
	const char *problem;
	struct arena *arena; /* of the lines; not owned */
	struct buf partial;  /* the line being read */
};

/* An empty reply whose lines will live in the arena. */
void reply_init(struct reply *reply, const struct dialect *dialect, struct arena *arena);
void reply_release(struct reply *reply);

/* Takes bytes up to the end of the reply and returns how many it took. Once the state is not
 * REPLY_INCOMPLETE it takes none. */
size_t reply_feed(struct reply *reply, const char *bytes, size_t len);

/* Whether it is complete and says yes. */
bool reply_is_positive(const struct reply *reply);

/* The capability line of an EHLO reply (RFC 5321 section 4.1.1.1) that starts with that keyword,
 * without regard to case; NULL when the server did not offer it. The first line, the server's
 * greeting, is no capability. `keyword` may go on with parameters ("AUTH PLAIN", "SIZE 1000"):
 * each must then be among the line's. */
const struct reply_line *reply_capability(const struct reply *reply, const char *keyword);

/* Whether the capabilities offer the change to TLS. */
bool reply_offers_tls(const struct reply *reply);

/* Appends the line's code and, where there is one, its enhanced status code (RFC 2034 section 4),
 * without any of the text: "535 5.7.8". */
void reply_line_status(const struct reply_line *line, struct buf *out);

/* The first line behind the greeting of an EHLO reply that is no capability: a control character in
 * it, or one that no keyword has (RFC 5321 section 4.1.1.1). What stands in it could be a
 * capability to some clients and none to others. NULL: there is none. */
const struct reply_line *reply_malformed_capability(const struct reply *reply);

/* For rows of dialects: keeps a line, whose text is still to be told from the rest of it; and ends the
 * reply, which is none of the protocol. */
struct reply_line *reply_keep_line(struct reply *reply, const char *raw, size_t len);
void reply_refuse(struct reply *reply, const char *problem);

#endif
