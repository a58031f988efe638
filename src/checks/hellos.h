/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * hellos: what the assertions share that are answered by hellos of our own: how they are
 * planned, and when a refusal counts.
 */
#ifndef GATE_HELLOS_H
#define GATE_HELLOS_H

#include "gate/evidence.h"
#include "gate/finding.h"
#include "gate/plan.h"
#include "gate/probe.h"
#include "gate/survey.h"

/* "TLS 1.2", "SSLv3"; the arena holds what is not a constant. */
const char *version_shown(struct arena *arena, uint16_t version);

/* Asks for one hello, with the target's server name. */
void plan_hello(struct plan *plan, struct hello_offer offer);

/* Asks for the hello that every server of today accepts, as the control of others that are to be
 * refused. It is the control of tls.version too. */
void plan_control(struct plan *plan);

/* Asks for a survey; its hellos get the target's server name. */
void plan_survey(struct plan *plan, struct survey_record survey);

/* The observation of such a hello or survey, without a server name in the question; NULL when it
 * was not planned. */
const struct observation *find_hello(const struct evidence *evidence, struct hello_offer offer);
const struct observation *find_survey(const struct evidence *evidence, struct survey_record survey);

/* The answer to the control; NULL when it was not accepted. */
const struct flight_hello *control_answer(const struct evidence *evidence);

/* Whether refusals count, because a hello to the same target was accepted in the same run: the
 * control, or any other. Otherwise the finding is an error. */
bool judge_control(const struct evidence *evidence, struct finding *finding);

/* Whether the observation was answered, by an acceptance or by a refusal. Otherwise the finding
 * is an error that says what is not decided: "whether ...". */
bool judge_answered(const struct evidence *evidence, const struct observation *observation,
	const char *undecided, struct finding *finding);

/* Adds a text to a list with commas; list may be NULL. Returns the new list. */
const char *list_with(struct arena *arena, const char *list, const char *text);

#endif
