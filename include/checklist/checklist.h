/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * checklist: a checked, expanded checklist: every reference resolved, every value within its
 * range, every file read. What comes out of checklist_load can be run as it is. All of it
 * belongs to the checklist's arena.
 */
#ifndef GATE_CHECKLIST_CHECKLIST_H
#define GATE_CHECKLIST_CHECKLIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/secrets.h"
#include "checklist/problems.h"
#include "checks/arguments.h"
#include "evidence/target.h"

struct trust_store;

struct assertion {
	const char *id;    /* unique in the checklist */
	const char *title; /* the check's summary unless given */
	const char *const *tags;
	size_t tag_count;
	const char *const *targets; /* names of targets; none: all of them */
	size_t target_count;
	bool advisory;
	bool waived;             /* `until` has not passed */
	const char *waive_until; /* as written, NULL when there is no waiver */
	const char *waive_reason;
	bool where_possible; /* it is not made of targets that lack what its row needs */
	struct place place;  /* of its opening brace, of the entry of the user's "include" that
			      * leads to a checklist of the program; no file: there is none */
	struct arguments arguments;
};

struct limits {
	int64_t connect_timeout_ms; /* name look-up and connect, each */
	int64_t reply_timeout_ms;   /* one whole reply, or the handshake */
	int64_t deadline_ms;        /* the whole run */
	unsigned connections;       /* at a time to one target */
	int64_t pace_ms;            /* between the starts of two connections to one address */
	unsigned retries;           /* of an observation that could not be made */
};

struct checklist {
	struct arena arena;
	const char *name;        /* as given in the file, else the stem */
	const char *description; /* NULL: none */
	const char *stem;        /* file name without directory and ".json" */
	const char *file;        /* path from the root of its repository, as given when it is in
			       * none; NULL for a checklist that came with the program */
	const char *includes;    /* names of the checklists it includes, with commas; NULL: none */
	struct target *targets;
	size_t target_count;
	struct assertion *assertions;
	size_t assertion_count;
	struct limits limits;
	struct trust_store *trust; /* released with the checklist */
	struct secrets secrets;    /* values that no output may show */

	const char **references; /* the first of the variables that it refers to, each once */
	size_t reference_count;
	bool is_incomplete; /* a part of it could not be read at all */
};

struct variable {
	const char *name;
	const char *value;
};

/* What the command line lays over a file. Any pointer may be NULL. */
struct overlay {
	const struct variable *variables;
	size_t variable_count;
	const char *const *targets; /* in place of all targets: names of some, or HOST[:PORT] */
	size_t target_count;
	const char *address;
	const char *ca_file;
	const char *const *tags; /* only assertions with one of these tags ("!tag": without it) */
	size_t tag_count;
	const char *const *only; /* only assertions whose id or name matches one of these globs */
	size_t only_count;
	const char *const *skip; /* no assertions whose id or name matches one of these globs */
	size_t skip_count;
	int64_t today;         /* date, for waivers */
	bool secrets_optional; /* one that is not there is no problem: nothing will be sent */
	bool targets_optional; /* nor that there are no targets: then no value need be there */

	/* In step with the lists above: checklist_load sets those that something in the checklist
	 * answers to, be it selected or not. */
	bool *variables_used, *tags_used, *only_used, *skip_used;
};

/* Loads a checklist by path, or by the name of one that came with the program (a word without
 * '/' and ".json"; such a file in the working directory does not count). Every problem found is
 * added to `problems`; false when there is one. The checklist must be released in either case.
 * A selection that leaves no assertion is a problem. */
bool checklist_load(struct checklist *checklist, const char *name, const struct overlay *overlay,
	struct problems *problems);
void checklist_release(struct checklist *checklist);

/* Whether the assertion is made of that target. */
bool assertion_applies(const struct assertion *assertion, const struct target *target);

/* The checklists that came with the program, ending with a row without a name. */
struct shipped_checklist {
	const char *name; /* "submission", "policy/rfc8996" */
	const char *text;
	size_t len;
};
extern const struct shipped_checklist shipped_checklists[];

#endif
