/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * check: what an assertion is. Each family of src/checks is one table of `struct check` rows;
 * loader, JSON Schema, list, explain and manual are made from the rows. A new assertion is one
 * row and one judge.
 */
#ifndef GATE_CHECKS_CHECK_H
#define GATE_CHECKS_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "evidence/step.h"
#include "wire/dialect.h"

struct arena;
struct arguments;
struct evidence;
struct finding;
struct peer;
struct observer;
struct questions;
struct target;

enum param_type {
	PARAM_NUMBER,   /* a JSON integer within minimum and maximum */
	PARAM_FRACTION, /* a JSON number above 0 and up to 1 */
	PARAM_BOOLEAN,  /* true or false */
	PARAM_TEXT,     /* a string, not empty */
	PARAM_REGEX,    /* a POSIX extended regular expression that compiles */
	PARAM_CHOICE,   /* one of `choices` */
	PARAM_LIST,     /* an array of at least one string, not empty, no two the same */
	PARAM_SECRET,   /* a string that consists of the reference to one secret */
	PARAM_FILE,     /* the path of a file, which is read when the checklist is */
	PARAM_LINE,     /* a string to be sent, in which secrets may be referred to */
	PARAM_EXPECT,   /* a string; what stands between two slashes is a regular expression */
	PARAM_OBJECT,   /* an object with `members` */
	PARAM_OBJECTS,  /* an array of at least one such object */
};

struct param {
	const char *name;
	enum param_type type;
	bool required;
	/* Whether it is required beside the parameters before it; NULL: `required` tells, which else tells
	 * whether it is in examples. */
	bool (*required_with)(const struct arguments *arguments);
	/* Whether it has no effect beside them; NULL: it always has. */
	bool (*useless_with)(const struct arguments *arguments);
	long minimum, maximum; /* PARAM_NUMBER */
	const char *fallback;  /* the value that stands where none is given, as JSON; NULL: none */
	const char *const
		*choices; /* PARAM_CHOICE, or what a PARAM_LIST may hold; ends with NULL */
	/* Says in a sentence or two what a choice is; may be NULL. The arena holds it. */
	const char *(*describe)(const char *choice, struct arena *arena);
	/* Tells why a text, or an item of a list, is not acceptable; NULL when it is. May be NULL. */
	const char *(*objection)(const char *text);
	const struct param *members; /* of objects; ends with a row without a name */
	uint32_t needs;              /* of a target, as in struct check, if it is given */
	const char *help;            /* a sentence */
	const char *example;         /* as JSON */
};

/* What an assertion is about. */
enum subject {
	SUBJECT_SERVER, /* over connections to it */
	SUBJECT_NAMES,  /* the server, by what the DNS says of it: no connection is needed */
	/* What the servers of a target have in common. Made once of a target, however many servers it
	 * has; no connection is needed. */
	SUBJECT_WHOLE,
};

/* The most observers that a row may name. */
#define OBSERVERS_MAX 4

/* The most parameters a row may have. */
#define PARAMS_MAX 8

struct check {
	const char *name;    /* family.noun */
	const char *summary; /* what holds when it passes, one line, no full stop */
	const char *why;     /* what goes wrong for users of the server when it does not hold */
	const char *fix;     /* what a mail administrator does about it */
	const char *source;  /* "RFC 3207 section 4", ... */

	enum subject subject;
	enum step step;      /* how far the conversation must go; of SUBJECT_SERVER */
	bool judges_outcome; /* the outcome of that step is what it judges; else it needs it done */
	uint32_t needs;      /* of a target: enum dialect_feature and target_feature; elsewhere it
			      * makes no sense */
	/* The certificates are all it needs: it is judged as soon as they were seen, whatever became
	 * of the handshake, and also of certificates that are in a file. It passes only when the
	 * server proved that it holds the key. Such a row has `judge_peer` in place of `judge`. */
	bool judges_chain;
	bool of_each_address; /* of SUBJECT_NAMES: it is about the address of a node, not its host */
	bool needs_names;     /* of SUBJECT_SERVER: it needs to know the host's addresses as well */
	/* It goes by the authorities that everybody trusts, whatever the checklist does. */
	bool needs_public_roots;
	bool asks_nodes; /* of SUBJECT_WHOLE: what it asks is asked of each server, over connections */
	bool needs_a_param; /* asserts nothing unless at least one parameter is given */
	struct param params[PARAMS_MAX + 1]; /* ends with a row without a name */
	/* Tells why parameters that are fine by themselves do not go together; NULL when they do. May
	 * be NULL. */
	const char *(*objection)(const struct arguments *arguments);

	/* Tells why it cannot be asserted, with those parameters, of that target; NULL when it can. May be
	 * NULL. */
	const char *(*target_objection)(
		const struct arguments *arguments, const struct target *target);

	/* What it needs to see beyond the conversation. Not asked of a target that is a file. */
	const struct observer *observers[OBSERVERS_MAX]; /* those that have but one question */
	bool needs_control; /* a hello that is accepted, because the proof is a refusal */
	/* Asks what hangs on the parameters; see ask.h. May be NULL. */
	void (*ask)(const struct arguments *arguments, struct questions *questions);
	/* Decides. Pure: reads the assertion and the evidence, writes the finding. */
	void (*judge)(const struct arguments *arguments, const struct evidence *evidence,
		struct finding *finding);
	/* Decides of the certificates of one peer; called for each that the server shows. */
	void (*judge_peer)(const struct arguments *arguments, const struct evidence *evidence,
		const struct peer *peer, struct finding *finding);
};

struct check_family {
	const char *name;
	const char *summary;
	const struct check *checks;
	size_t count;
};

/* All families, in the order in which a conversation meets them. */
extern const struct check_family *const check_families[];
extern const size_t check_family_count;

/* Where the row stands among all rows of all families, from 0. */
size_t check_position(const struct check *check);

/* The row of that name; NULL when there is none. */
const struct check *check_find(const char *name);

/* The row's parameter of that name; NULL when it has none. */
const struct param *check_param(const struct check *check, const char *name);

#endif
