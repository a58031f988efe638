/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dns_answers: what judges say of an answer of the DNS, whatever was asked. Bogus is the domain's fault and
 * fails; failed is nobody's, and an error.
 */
#ifndef GATE_CHECKS_DNS_ANSWERS_H
#define GATE_CHECKS_DNS_ANSWERS_H

#include "evidence/evidence.h"
#include "evidence/finding.h"
#include "evidence/names.h"

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

#endif
