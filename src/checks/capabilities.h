/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * capabilities: what the judges of EHLO replies share, before TLS and inside it.
 */
#ifndef GATE_CHECKS_CAPABILITIES_H
#define GATE_CHECKS_CAPABILITIES_H

#include "checks/arguments.h"
#include "evidence/evidence.h"
#include "evidence/finding.h"
#include "wire/reply.h"

/* A line of a reply for people, without its code. */
const char *line_shown(struct arena *arena, const struct reply_line *line);

/* The ways to log in that a list offers, with commas between them; "" when there is none. */
const char *logins_shown(struct arena *arena, const struct heard_list *list);

/* The whole last line of a reply for people. */
const char *reply_shown(struct arena *arena, const struct reply *reply);

/* Whether it is the wanted yes to a step with that outcome; where there are no codes, any yes is. */
bool is_wanted(const struct reply *reply, enum outcome outcome, long code);

/* The capabilities of an EHLO reply with commas between them. */
const char *capabilities_shown(struct arena *arena, const struct reply *ehlo);

/* Whether all lines of the EHLO reply can be capabilities; with one that cannot, what some clients
 * take out of it others do not, and the finding is an error of the step. */
bool judge_readable(const struct reply *ehlo, enum step step, struct finding *finding);

/* The list of the session conversation, of STEP_EHLO or of STEP_SESSION_EHLO. */
struct heard_list session_list(
	const struct evidence *evidence, enum step step, struct arena *arena);

/* Judges one list of capabilities. */
typedef void list_judge(const struct arguments *arguments, const struct evidence *evidence,
	const struct heard_list *list, struct finding *finding);

/* Judges the list of the session of that step: before TLS or inside it. Where that passes, all others
 * that were heard there must, on whatever connection: one server has many nodes, and clients go by
 * what they are told. */
void judge_lists(const struct arguments *arguments, const struct evidence *evidence, enum step step,
	list_judge *judge, struct finding *finding);

/* Judges of the EHLO reply that the assertion's row is about, by its step: the server accepted
 * EHLO; all of the assertion's `capabilities` are offered; none of them is. */
void judge_ehlo(const struct arguments *arguments, const struct evidence *evidence,
	struct finding *finding);
void judge_included(const struct arguments *arguments, const struct evidence *evidence,
	struct finding *finding);
void judge_excluded(const struct arguments *arguments, const struct evidence *evidence,
	struct finding *finding);

#endif
