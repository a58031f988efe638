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
#include "net/dns.h"
#include "net/web.h"

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
	int64_t connect_timeout_ms;  /* name look-up and connect, each */
	int64_t reply_timeout_ms;    /* one whole reply, or the handshake */
	int64_t deadline_ms;         /* the whole run */
	unsigned connections;        /* at a time to one server, to begin with */
	unsigned connections_widest; /* and to one that serves them well */
	int64_t pace_ms;             /* between the starts of two connections to one address */
	unsigned retries;            /* of an observation that could not be made */
};

struct checklist {
	struct arena arena;
	const char *name;         /* as given in the file, else the stem */
	const char *description;  /* NULL: none */
	const char *stem;         /* file name without directory and ".json" */
	const char *file;         /* path from the root of its repository, as given when it is in
			       * none; NULL for a checklist that came with the program */
	const char *includes;     /* names of the checklists it includes, with commas; NULL: none */
	const char *targets_file; /* path, as opened, of a file of targets; NULL: none */
	struct target *targets;
	size_t target_count;
	struct assertion *assertions;
	size_t assertion_count;
	struct limits limits;
	struct dns_settings dns;
	int64_t dns_timeout_ms;    /* for an answer */
	struct trust_store *trust; /* released with the checklist */
	struct web web;            /* its roots too */
	struct secrets secrets;    /* values that no output may show */

	const char **references; /* the first of the variables that it refers to, each once */
	size_t reference_count;
	bool is_incomplete; /* a part of it could not be read at all */
};

/* Of checklist_load, see load.h. */
void checklist_release(struct checklist *checklist);

/* Whether the assertion is made of that target, or of that part of one. */
bool assertion_applies(const struct assertion *assertion, const struct target *target);

/* Whether it has something to ask of it: what compares servers is asked of each, and made of their lead. */
bool assertion_asks(const struct assertion *assertion, const struct target *target);

#endif
