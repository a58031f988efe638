/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * suite_set: cipher suites as checklists name them, and the surveys that ask a server for them.
 */
#ifndef GATE_CHECKS_SUITE_SET_H
#define GATE_CHECKS_SUITE_SET_H

#include <stdbool.h>
#include <stddef.h>

#include "checks/arguments.h"
#include "hellos.h"
#include "wire/suites.h"

/* The most rows of suites_table. */
#define SUITE_ROWS_MAX 512

/* A zeroed set is empty. */
struct suite_set {
	bool rows[SUITE_ROWS_MAX]; /* in step with suites_table */
};

/* Adds a suite by name, or all suites of a class. A class leaves out what needs a secret shared
 * with the server (PSK, SRP, Kerberos), unless it is the class of such. */
void suite_set_add(struct suite_set *set, const char *name);

/* Adds what a stranger could negotiate and the list does not name. */
void suite_set_add_others(struct suite_set *set, const struct argument *list);

/* How a set is asked for. `older`: up to TLS 1.1 the suites are asked for once more, since a server
 * may keep some for that. */
struct suite_surveys {
	bool older;
	size_t most;       /* of the surveys */
	size_t pass, from; /* the next survey; 0 is the first */
};

/* Asks for all surveys of the set, as one part. */
void ask_suites(struct questions *questions, unsigned part, const struct suite_set *set,
	struct suite_surveys surveys);

/* The suites of a set that were chosen in the run, whatever was asked. */
struct suites_accepted {
	size_t count;              /* how many, in how many versions */
	const char *names;         /* all of them, with commas; NULL: none */
	const char *few;           /* the first of them, for a message; NULL: none */
	const struct trace *trace; /* of the first; NULL: the session */
};
struct suites_accepted suites_accepted(
	const struct evidence *evidence, const struct suite_set *set, struct arena *arena);

/* Whether any answer of the run has the suite. */
bool suite_was_chosen(const struct evidence *evidence, const struct suite *suite);

#endif
