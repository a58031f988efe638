/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dialect: what a mail protocol is to its client, as one row: its ports, its commands, how a reply is
 * read, and what the capabilities say. Nothing outside a row reads reply codes: replies have a
 * status and a meaning.
 */
#ifndef GATE_WIRE_DIALECT_H
#define GATE_WIRE_DIALECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct reply;
struct reply_line;

/* What a server can have of a protocol, and an assertion can need: bits. */
enum dialect_feature {
	DIALECT_STARTTLS = 1,   /* TLS begins behind a command */
	DIALECT_MAIL = 2,       /* MAIL and RCPT begin a transaction (RFC 5321 section 3.3) */
	DIALECT_DIALOGUE = 4,   /* it greets, and tells its capabilities */
	DIALECT_SASL = 8,       /* users log in by SASL (RFC 4422) */
	DIALECT_CODES = 16,     /* replies begin with a number */
	DIALECT_WITHDRAWS = 32, /* what starts TLS is no capability inside TLS */
	DIALECT_MAY_LIST = 64,  /* the command for capabilities is an extension itself */
	DIALECT_RELAYS = 128,   /* mail for others can be handed on to their servers */
	DIALECT_LOGIN = 256     /* users log in, by SASL or otherwise */
};

/* What kind of program speaks it: whose settings advice is about. */
enum dialect_servers {
	SERVERS_OF_MAIL,
	SERVERS_OF_MAILBOXES,
	SERVERS_OF_FILES,
	SERVERS_OF_TLS, /* any other */
};

struct dialect_port {
	unsigned number; /* 0: the end of the list */
	bool implicit_tls;
};

#define DIALECT_PORTS_MAX 4
#define DIALECT_TRIALS_MAX 4

/* How SASL is carried (RFC 4422 section 4). */
struct dialect_sasl {
	const char *command; /* before the mechanism */
	const char *keyword; /* of the capabilities that name mechanisms */
	/* The longest command with a response behind the mechanism, its CRLF included; a longer
	 * response goes on a line of its own. */
	size_t command_max;
	const char *initial; /* the capability without which none goes behind it; NULL: always */
	bool quoted;         /* mechanisms and responses are strings */
	/* The base64 that the last line of a reply to the command brings, as a challenge or beside the
	 * yes; *len 0: none. */
	const char *(*data)(const struct reply *reply, size_t *len);
};

/* The protocol's own way to log in, beside SASL. */
struct dialect_login {
	const char *name;    /* as checklists call it; NULL: there is none */
	const char *command; /* the name behind it, and unless `then` is there, the password too */
	const char *then;    /* the command for the password; NULL: none */
	const char *with;    /* the capability without which it is not on offer; NULL: always */
	const char *without; /* the capability with which it is not; NULL: none */
};

struct dialect {
	const char *name;                             /* "smtp" */
	const char *title;                            /* "SMTP", for messages */
	uint32_t features;                            /* of a server with STARTTLS */
	struct dialect_port ports[DIALECT_PORTS_MAX]; /* the first of each kind is the default */

	enum dialect_servers servers;
	bool tagged;              /* each command has a tag in front, and its reply the same */
	const char *hello;        /* asks for the capabilities */
	const char *hello_inside; /* the same inside TLS, for messages */
	bool names_client;        /* with its name behind that */
	bool greets_with_list;    /* a greeting can have the capabilities in it */
	bool lists_unasked;   /* and it always has; behind STARTTLS too they come by themselves */
	const char *starttls; /* also what the capability is called */
	const char *quit;
	const char *farewell; /* how the reply to quit begins */
	/* Changes nothing, and is answered in another way than quit; with a tag of its own. What is said
	 * to a server of which nothing is known makes it speak. */
	const char *idle;
	struct dialect_sasl sasl;
	struct dialect_login login;
	/* Begin a login beside SASL that cannot be completed. */
	const char *trials[DIALECT_TRIALS_MAX];
	/* The capability that bars those: elsewhere they would be failed logins. NULL: they are none. */
	const char *trials_barred;
	const char *untried; /* among the logins, one that cannot be begun without a failed login */

	/* What a good greeting, a yes to STARTTLS, and a yes and a no to a login are, for messages; and
	 * the numbers that the first two have where there are codes. */
	const char *greets, *agrees, *logged_in, *bad_login;
	int greeting_code, starttls_code;

	/* What a keyword consists of besides letters and digits, and where that is said. */
	const char *keyword_marks;
	const char *keyword_clause;

	/* Takes the next line of a reply, without its end, and sets the state of the reply. */
	void (*take_line)(struct reply *reply, const char *line, size_t len);
	/* The number of bytes that the end of a line announces, which then belong to the line; -1: none;
	 * -2: what is announced cannot be read. NULL: lines announce nothing. */
	int64_t (*literal)(const char *line, size_t len);
	/* Whether a server may say that at any time, and all of what arrived is such. */
	bool (*comes_unasked)(const char *bytes, size_t len);
	/* Whether a yes to the command has lines behind it that only the command announces; NULL: to
	 * none but the one for the capabilities. */
	bool (*brings_list)(const char *command, size_t len);
	/* Appends the line's codes without any of the text: "535 5.7.8". */
	void (*line_status)(const struct reply_line *line, struct buf *out);
	/* Appends the ways to log in that greeting and capabilities offer; nothing: none. */
	void (*logins)(const struct reply *greeting, const struct reply *list, struct buf *out);
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
