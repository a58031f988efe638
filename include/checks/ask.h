/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ask: what rows ask to be observed, each thing once. A row names its observers where they have but
 * one question; where the questions hang on parameters it asks them here, part by part, and its
 * judge takes the answers by the same parts (see evidence_answer).
 */
#ifndef GATE_CHECKS_ASK_H
#define GATE_CHECKS_ASK_H

#include "checks/arguments.h"
#include "evidence/evidence.h"
#include "probe/survey.h"
#include "wire/client_hello.h"

/* The questions of one assertion. */
struct questions {
	struct evidence *evidence;
	const struct arguments *asker;
};

/* Asks whatever the row of the asker asks. */
void ask_all(struct evidence *evidence, const struct arguments *asker);

/* Has the session go as far as that step, at least. */
void ask_session(struct evidence *evidence, enum step last);

/* Asks for an observation. `record` is one of the observer's with the question filled in; it is
 * copied. NULL: all of it is zero. */
void ask(struct questions *questions, unsigned part, const struct observer *observer,
	const void *record);

/* Asks for one hello; `every_suite`: see hello_record. */
void ask_hello(struct questions *questions, unsigned part, const struct hello_offer *offer,
	bool every_suite);

/* Asks for a survey; one whose first hello has no suites is none. */
void ask_survey(struct questions *questions, unsigned part, const struct survey_record *survey);

/* Asks, as one part, for all suites that need no account, each in one version at least. */
void ask_every_suite(struct questions *questions, unsigned part);

/* Asks for a try to authenticate with the assertion's mechanism and user name. The password, or token,
 * is "" where there is none; NULL: one that nobody has. */
void ask_attempt(struct questions *questions, const char *password);

#endif
