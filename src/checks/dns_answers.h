/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dns_answers: what judges say of an answer of the DNS, whatever was asked. Bogus is the domain's fault and
 * fails; failed is nobody's, and an error.
 */
#ifndef GATE_CHECKS_DNS_ANSWERS_H
#define GATE_CHECKS_DNS_ANSWERS_H

#include "checks/arguments.h"
#include "evidence/evidence.h"
#include "evidence/finding.h"
#include "evidence/names.h"
#include "wire/dns_text.h"

/* True when the answer may be believed; it may be that there is nothing. Otherwise the finding is written, with
 * those causes. `what` is what was asked for: "the MX records of example.org". */
bool judge_answer(const struct evidence *evidence, const struct dns_answer *answer,
	const char *what, uint32_t causes, struct finding *finding);

/* "the MX records of example.org" */
const char *answer_title(struct arena *arena, uint16_t type, const char *name);

/* Writes the error that nobody can tell whether these are signed: no trust anchor stands above them. */
void error_unanchored(struct finding *finding, uint32_t causes, const char *what);

/* Whether signatures vouch for it, also for that there is nothing. */
bool is_answer_secure(const struct dns_answer *answer);

/* The data of all records with "; " between them, in the order of their text: they come in any; "none". */
const char *answer_shown(struct arena *arena, const struct dns_answer *answer, uint16_t type);

/* Whether the list has the name, which has no dot at its end; those of the list may, and ASCII case does not
 * count. */
bool lists_name(const struct argument *names, const char *name);

/* Why a text is no name that can be asked for: labels of letters, digits, hyphens and underlines. */
const char *object_to_dns_name(const char *text);

/* Adds the finding of one thing to that of those before it, `is_first`: of none. The worse stands, a fail before
 * an error and an error before a pass; those that pass are told together. */
void add_finding(struct finding *all, const struct finding *one, bool is_first);

#endif
