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
/* Most bytes of the literals of one reply, which are no part of the length of a line. */
#define REPLY_LITERALS_MAX 65536
#define REPLY_TAG_MAX 16

/* What a reply answers: in some protocols only that tells where it ends and what it means. */
enum reply_to {
	REPLY_TO_COMMAND, /* none of the others */
	REPLY_TO_CONNECT, /* the greeting */
	REPLY_TO_HELLO,   /* the capabilities */
	REPLY_TO_LIST,    /* a yes has lines behind it, up to one that ends them */
	REPLY_TO_AUTH,
	REPLY_TO_TRIAL, /* a whole login that must not be taken up: a bare no says nothing */
	REPLY_TO_QUIT,
};

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
	REPLY_STRAY,     /* it answers another command */
	REPLY_LOGGED_IN, /* a greeting: the client needs no login */
	REPLY_CHALLENGE, /* an exchange of AUTH goes on */
	REPLY_AUTHENTICATED,
	REPLY_BAD_CREDENTIALS,
	REPLY_BAD_SEQUENCE,
	REPLY_UNPROTECTED, /* TLS must come first, or a login */
	REPLY_LOGIN_MISSING,
	REPLY_FORWARDS, /* to RCPT: yes, and the mail is handed on */
	REPLY_DENIED,   /* it is not allowed, or there is nothing that tells why not */
	REPLY_FULL,     /* there is no room for so much, or for any more */
};

struct reply_line {
	const char *raw; /* the line with its code, without its end; may hold a NUL */
	size_t raw_len;
	const char *text; /* what follows the code and its separator */
	size_t len;
};

struct reply {
	const struct dialect *dialect;
	enum reply_to to;        /* set by who asked, like the next */
	char tag[REPLY_TAG_MAX]; /* of the command; "": it has none */
	enum reply_state state;
	enum reply_status status; /* like the next two once a line is complete */
	enum reply_meaning meaning;
	int code; /* 200 to 599; 0 in protocols without codes. To be shown and compared, not read */
	struct reply_line *lines;
	size_t count;
	struct reply_line *capabilities; /* text alone; as they came, each once or more */
	size_t capability_count;
	struct reply_line *mechanisms; /* of SASL, as the capabilities name them */
	size_t mechanism_count;
	const struct reply_line
		*contradiction; /* a line that tells other capabilities; NULL: none */
	struct reply *asides; /* lists that were not asked for: capabilities and mechanisms alone */
	size_t aside_count;
	bool bare_lf; /* a line ended without CR (RFC 5321 section 2.3.8 forbids it) */
	const char *problem;
	struct arena *arena; /* of the lines; not owned */
	struct buf partial;  /* the line being read */
	size_t lines_max;    /* REPLY_LINES_MAX, or what reply_allow said, like the next */
	size_t literals_max; /* REPLY_LITERALS_MAX */
	size_t literals;     /* bytes that lines announced so far */
	size_t literal_left; /* of them, those that are still to come for this line */
	size_t line_start;   /* in `partial`: where the line goes on behind a literal */
};

/* An empty reply whose lines will live in the arena. */
void reply_init(struct reply *reply, const struct dialect *dialect, struct arena *arena);
void reply_release(struct reply *reply);

/* Has an empty reply take other numbers of lines, and of bytes of literals, than usual. */
void reply_allow(struct reply *reply, size_t lines_max, size_t literals_max);

/* Takes bytes up to the end of the reply and returns how many it took. Once the state is not
 * REPLY_INCOMPLETE it takes none. */
size_t reply_feed(struct reply *reply, const char *bytes, size_t len);

/* Whether it is complete and says yes. */
bool reply_is_positive(const struct reply *reply);

/* The first capability that starts with that keyword, without regard to case; NULL when the server
 * did not offer it. `keyword` may go on with parameters ("AUTH PLAIN", "SIZE 1000", "AUTH=PLAIN"):
 * each must then be among the capability's. */
const struct reply_line *reply_capability(const struct reply *reply, const char *keyword);

/* Whether the capabilities offer the change to TLS. */
bool reply_offers_tls(const struct reply *reply);

/* Whether they offer that mechanism of SASL. */
bool reply_offers_mechanism(const struct reply *reply, const char *mechanism);

/* Whether they offer that mechanism, or that login of the protocol's own. */
bool reply_offers_login(const struct reply *reply, const char *mechanism);

/* Appends the bytes that a reply brings for the mechanism, out of base64: a challenge, or what comes
 * beside the yes. False when there are none that can be read: a yes may have any text behind it. */
bool reply_add_sasl_data(const struct reply *reply, struct buf *out);

/* Appends the line's codes, as far as the protocol has such, without any of the text: "535 5.7.8". */
void reply_line_status(const struct reply *reply, const struct reply_line *line, struct buf *out);

/* The first line that makes the capabilities unclear: a control character in a capability, one that
 * is no keyword (RFC 5321 section 4.1.1.1), or a second list that differs. What stands in it could be
 * a capability to some clients and none to others. NULL: there is none. */
const struct reply_line *reply_malformed_capability(const struct reply *reply);

/* For rows of dialects: keeps a line, whose text is still to be told from the rest of it; and ends the
 * reply, which is none of the protocol. */
struct reply_line *reply_keep_line(struct reply *reply, const char *raw, size_t len);
void reply_refuse(struct reply *reply, const char *problem);

/* Likewise: keeps a capability, and the mechanisms that it names. */
void reply_keep_capability(struct reply *reply, const char *text, size_t len);

/* For rows of dialects in which only a continuation brings data for SASL: what stands behind the plus. */
const char *reply_continuation(const struct reply *reply, size_t *len);

/* Likewise: ends the reply. */
void reply_complete(struct reply *reply, enum reply_status status, enum reply_meaning meaning);

/* Likewise, where replies are words: with a yes, which means what the command asked for; and with a no,
 * which means what its code tells. A no to a login without any code is one to the credentials. */
struct reply_code {
	const char *code;
	enum reply_status status;
	enum reply_meaning meaning;
};
void reply_agree(struct reply *reply);
void reply_disagree(struct reply *reply, const struct reply_code *code, bool has_none);

#endif
