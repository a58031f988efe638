/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * evidence: what was asked and seen of one target. The planner fills in the questions, probes
 * the answers, each probe exactly one record; from then on it is frozen and judges only read.
 */
#ifndef GATE_EVIDENCE_EVIDENCE_H
#define GATE_EVIDENCE_EVIDENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "evidence/conversation.h"

struct arguments;
struct dns_lookup;
struct endpoint;
struct target;
struct trust_store;

/* What the client of a mechanism finds in an exchange, whatever the server says in the end. */
enum auth_flaw {
	AUTH_FLAWLESS,
	AUTH_UNPROVEN,       /* a yes without the server's signature (RFC 5802 section 3) */
	AUTH_FALSE_PROOF,    /* a signature that does not verify */
	AUTH_FOREIGN_NONCE,  /* the server adds nothing to the client's nonce */
	AUTH_FEW_ITERATIONS, /* fewer than SCRAM_ITERATIONS_MIN */
	AUTH_MALFORMED,      /* a message that the mechanism does not have */
	AUTH_DECLINED,       /* the server gives the reason for its no within the mechanism */
	AUTH_UNDECIDED,      /* a limit of ours, or something that says nothing of the password */
};

/* One try to authenticate. */
struct auth_attempt {
	const struct arguments *asker; /* for which it is made */
	const char *mechanism;         /* "PLAIN", "SCRAM-SHA-256", ... */
	const char *username;          /* "": the server is not told */
	const char *password;          /* or token; "": the mechanism has none */
	bool genuine; /* a real one: only for a server judged trusted for the host */

	enum outcome outcome; /* OUTCOME_DONE: the server gave a last reply */
	bool offered;         /* the mechanism was among those offered inside TLS */
	bool presented;       /* the password was sent, or what shows that it is known */
	bool withheld;        /* not sent, because the server was not judged trusted for the host */
	bool spared; /* not made: the server was tried with another wrong password before */
	enum reply_status reply; /* the last one */
	enum reply_meaning meaning;
	const char *text; /* the last reply's text, or what happened instead; printable */
	enum auth_flaw flaw;
	const char *flaw_text;                   /* what it is, a clause; printable */
	const struct conversation *conversation; /* in which it was made */
	int64_t ms;
};

/* Whether the server was sent anything for it. */
bool auth_attempt_was_made(const struct auth_attempt *attempt);

/* Whether it ended with a yes that was proven. */
bool auth_attempt_succeeded(const struct auth_attempt *attempt);

/* Whether what came of one holds for the other: made-up passwords are all the same. */
bool auth_attempt_asks_same(const struct auth_attempt *one, const struct auth_attempt *other);

struct observation;

/* What is kept of one connection of an observation, for people to look at. */
struct trace {
	const char *transcript; /* printable, without credentials */
	int64_t ms;             /* from its beginning to its end */
};

/* A way to look at a server from outside the session conversation, over connections of its own:
 * one hello, one named weakness. What it asks and what it finds are one record, of which the
 * question comes first. */
struct observer {
	const char *name;     /* for the connection plan */
	size_t size;          /* of a record */
	unsigned connections; /* that one observation takes when nothing has to be repeated */
	/* Whether two records ask the same; NULL when there is only one question. */
	bool (*asks_same)(const void *record, const void *other);
	/* Fills the record and the observation's outcome, text, conversation and connections. May
	 * be called again for another try. */
	void (*observe)(struct observation *observation, const struct endpoint *endpoint);
	/* How many questions it puts one behind the other, at least; NULL: as many as connections. */
	unsigned (*questions)(const void *record);
};

struct observation {
	const struct observer *observer;
	void *record;

	/* OUTCOME_DONE: the record holds the answer. OUTCOME_REFUSED: the server refused in a way
	 * that proves it. OUTCOME_BROKEN: neither. */
	enum outcome outcome;
	struct arena arena;   /* of what follows, over all tries */
	const char *text;     /* what happened, one line */
	struct trace *traces; /* the connections that were made, in their order */
	size_t trace_count;
	struct server_hello *hellos; /* every answer to a hello that was seen on them */
	size_t hello_count;
	struct peer *peers; /* that it was shown, each with another chain */
	size_t peer_count;
	struct heard heard;         /* on all of them, up to a login */
	struct dns_lookup *lookups; /* that were made, in their order */
	size_t lookup_count;
	struct span stray;                /* plaintext behind STARTTLS, the first that was seen */
	struct conversation conversation; /* the last one */
	bool turned_away;                 /* the server took no more connections just then */
	bool goes_on;                     /* the connection that is open will not be the last */
	bool is_control;      /* that others were refused counts only where this was accepted */
	unsigned connections; /* made */
	int64_t ms;
};

/* An observation that could not be made, and was made again. */
struct retry {
	enum step step;
	const char *text;
};

/* Who asked what: the same question of several is one observation. */
struct question {
	const struct arguments *asker;
	unsigned part; /* of the asker's questions, as it counts them */
	const struct observation *observation;
};

struct evidence {
	struct arena arena;
	const struct target *target;
	int64_t today; /* date at which everything is judged */
	int64_t now;   /* date of the run: another one where the target has a date of its own */
	/* The authorities that everybody trusts; NULL: not known. */
	const struct trust_store *public_roots;

	/* Of a target that stands for several servers: the evidence of each, for its lead and for each of
	 * them. It is judged when all of it is complete. */
	const struct evidence *const *nodes;
	size_t node_count;
	bool wants_session;  /* an assertion needs a connection to the server */
	enum step last_step; /* how far the session conversation is to go */
	struct conversation session;
	struct server_hello session_hello; /* version 0: none came */
	bool wants_chain;                  /* an assertion is about the certificates */
	struct retry *retries;             /* of the session conversation */
	size_t retry_count;
	struct heard before;  /* on connections that the session was given up on */
	struct trace *givens; /* which are these, as far as they showed something */
	size_t given_count;
	struct auth_attempt *attempts; /* the genuine ones first */
	size_t attempt_count;
	struct conversation **logins; /* conversations made for further attempts */
	size_t login_count;
	struct observation **observations; /* the same question is asked once */
	size_t observation_count;
	struct question *questions;
	size_t question_count;

	const char *cut_short; /* why observations were left out (interrupted, deadline); or NULL */
	unsigned connections;  /* made in all */
	int64_t ms;            /* from the first connection to the last answer */
};

/* `today` counts unless the target has a date of its own. */
void evidence_init(struct evidence *evidence, const struct target *target, int64_t today);
void evidence_release(struct evidence *evidence);

/* A ServerHello of the evidence, with the connection that shows it; trace NULL: the session's. */
struct seen_hello {
	const struct server_hello *hello;
	const struct trace *trace;
};

/* Goes through every ServerHello that was seen in the run, whatever was asked: one server has many
 * nodes, and what one of them takes counts. *at is 0 at first. False at the end. */
bool evidence_next_hello(const struct evidence *evidence, size_t *at, struct seen_hello *seen);

/* Plaintext that came behind a STARTTLS, on any connection; empty when there was none. */
struct span evidence_stray(const struct evidence *evidence);

/* What was heard on some connections: those of one record. */
struct hearing {
	const struct heard *heard;
	const struct trace *traces; /* of the connections, by their numbers */
	size_t trace_count;
	const struct conversation
		*conversation; /* it was all heard on that one; NULL: see traces */
};

/* One after the other, the session conversation first; false at the end. */
bool evidence_hearing(const struct evidence *evidence, size_t index, struct hearing *hearing);

/* The connection of that number, NULL if it is the session conversation; in the arena where there is no
 * trace of it. */
const struct trace *evidence_heard_on(const struct evidence *evidence,
	const struct hearing *hearing, size_t connection, struct arena *arena);

/* The last connection of an observation; NULL when none was made. */
const struct trace *observation_trace(const struct observation *observation);

/* The first observation by that observer; NULL when it was not planned. */
const struct observation *evidence_observed(
	const struct evidence *evidence, const struct observer *observer);

/* The observation that a part of what somebody asked led to: the first, or one after the other (*at
 * is 0 at first; NULL at the end). NULL: that was not asked. */
const struct observation *evidence_answer(
	const struct evidence *evidence, const struct arguments *asker, unsigned part);
const struct observation *evidence_next_answer(
	const struct evidence *evidence, const struct arguments *asker, unsigned part, size_t *at);

/* The observation of the control hello; NULL when it was not planned. */
const struct observation *evidence_control(const struct evidence *evidence);

/* The attempt made for that asker; NULL when none was planned. */
const struct auth_attempt *evidence_attempt(
	const struct evidence *evidence, const struct arguments *asker);

/* The certificates of the target; none, when they were not seen. */
const struct peer *evidence_peer(const struct evidence *evidence);

/* All peers that the target showed, each with another chain: the one above comes first. The array is
 * in the arena; *count is 0 when no certificate was seen. */
const struct peer **evidence_peers(
	const struct evidence *evidence, struct arena *arena, size_t *count);

/* The same of the session conversation: see conversation_broken_step. */
bool evidence_broken_step(const struct evidence *evidence, enum step last, enum step *broken);

#endif
