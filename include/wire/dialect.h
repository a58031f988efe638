/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dialect: what a mail protocol is to its client, as one row: its ports, its commands, how a reply is
 * read, and how a capability is looked up. Nothing outside a row reads reply codes: replies have a
 * status and a meaning.
 */
#ifndef GATE_WIRE_DIALECT_H
#define GATE_WIRE_DIALECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct reply;
struct reply_line;

/* What a server can have of a protocol, and an assertion can need: bits. */
enum dialect_feature {
	DIALECT_STARTTLS = 1, /* TLS begins behind a command */
	DIALECT_MAIL = 2,     /* MAIL and RCPT begin a transaction (RFC 5321 section 3.3) */
};

struct dialect_port {
	unsigned number; /* 0: the end of the list */
	bool implicit_tls;
};

#define DIALECT_PORTS_MAX 4

struct dialect {
	const char *name;                             /* "smtp" */
	const char *title;                            /* "SMTP", for messages */
	uint32_t features;                            /* of a server with STARTTLS */
	struct dialect_port ports[DIALECT_PORTS_MAX]; /* the first of each kind is the default */

	const char *hello; /* asks for the capabilities */
	bool names_client; /* with its name behind that */
	const char *starttls;
	const char *quit;
	const char *farewell; /* how the reply to quit begins */
	const char *leaving;  /* how one begins that may come at any time: the server goes away */

	/* Takes the next line of a reply, without its end, and sets the state of the reply. */
	void (*take_line)(struct reply *reply, const char *line, size_t len);
	/* See reply_capability and reply_malformed_capability. */
	const struct reply_line *(*capability)(const struct reply *reply, const char *keyword);
	const struct reply_line *(*malformed_capability)(const struct reply *reply);
};

/* All rows, ending with one without a name. */
extern const struct dialect dialects[];

/* The row of that name; NULL when there is none. */
const struct dialect *dialect_find(const char *name);

/* The row that has the port among its own; NULL when none has. *implicit_tls: how TLS begins there. */
const struct dialect *dialect_of_port(unsigned port, bool *implicit_tls);

/* The default port; 0 when the protocol has none of that kind. */
unsigned dialect_port(const struct dialect *dialect, bool implicit_tls);

#endif
