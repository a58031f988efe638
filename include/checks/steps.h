/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * steps: what judges say of a step of the session conversation.
 */
#ifndef GATE_CHECKS_STEPS_H
#define GATE_CHECKS_STEPS_H

#include <stdbool.h>

#include "evidence/evidence.h"
#include "evidence/finding.h"

/* Writes the error of a step that is not done, which is what stands in the way of the assertion. */
void judge_broken_step(const struct evidence *evidence, enum step step, struct finding *finding);

/* For judges of a step's outcome: true when the step is done. Otherwise the finding is written:
 * a fail of that type when the server refused, else an error. */
bool judge_step(
	const struct evidence *evidence, enum step step, const char *type, struct finding *finding);

/* For judges of what a server showed of that peer: turns a pass into an error when nothing proves
 * that the server holds the key, since anybody can show a certificate. A fail stays a fail. */
void judge_proof(const struct evidence *evidence, const struct peer *peer, struct finding *finding);

#endif
