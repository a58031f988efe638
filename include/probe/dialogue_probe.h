/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dialogue_probe: the observer of steps that somebody wrote down: what is sent, and what comes back.
 */
#ifndef GATE_PROBE_DIALOGUE_PROBE_H
#define GATE_PROBE_DIALOGUE_PROBE_H

#include "probe/probe_connection.h"

/* A step. Nothing in it is owned. */
struct dialogue_step {
	const char *send;   /* a line, or several with CR LF between them */
	const char *shown;  /* the same without its secrets */
	bool is_secret;     /* it has some */
	const char *expect; /* see expectation.h */
};

/* What came back. */
struct dialogue_reply {
	enum reply_meaning meaning;
	const char *codes; /* of the last line; of the first, where that has none */
	const char *text;  /* the lines, with newlines between them and without NULs */
	const char *shown; /* the last line; behind a secret its codes alone */
};

/* The steps one after the other on one connection, up to the first whose reply is not the expected one.
 * Where a reply asks for more of the same command, the next step goes on with it. OUTCOME_DONE: each
 * step that was taken got its reply. A secret goes only inside TLS to a server that was judged trusted. */
struct dialogue_record {
	/* The question. */
	const struct dialogue_step *steps;
	size_t count;
	bool before_tls;

	/* What was found. */
	struct dialogue_reply *replies;
	size_t reply_count;
	bool withheld;     /* a secret was to be sent, but the server was not judged trusted */
	uint32_t distrust; /* why: enum cause */
};
extern const struct observer dialogue_observer;

#endif
