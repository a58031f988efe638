/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * judge: from evidence to verdicts. Pure: no clock, no socket.
 */
#ifndef GATE_JUDGE_H
#define GATE_JUDGE_H

#include <stdbool.h>

#include "gate/checklist.h"
#include "gate/evidence.h"
#include "gate/finding.h"
#include "gate/report.h"

/* Judges every assertion of the checklist that applies to the evidence's target and fills the
 * suite with a case for each, in their order; a case that stands for a cause nobody asked about
 * comes before the first that met it. No verdict depends on the order. All texts are free of the
 * checklist's secrets and belong to the arena. */
void judge_target(const struct checklist *checklist, const struct evidence *evidence,
	struct report_suite *suite, struct arena *arena);

/* What there is to find of one assertion, whatever others come to. The texts live in the arena.
 * Of several peers the worst finding stands, and says of which it is. */
void judge_assertion(const struct evidence *evidence, const struct assertion *assertion,
	struct arena *arena, struct finding *finding);

/* For judges of a step's outcome: true when the step is done. Otherwise the finding is written:
 * a fail of that type when the server refused, else an error. */
bool judge_step(
	const struct evidence *evidence, enum step step, const char *type, struct finding *finding);

/* For judges of what a server showed of that peer: turns a pass into an error when nothing proves
 * that the server holds the key, since anybody can show a certificate. A fail stays a fail. */
void judge_proof(const struct evidence *evidence, const struct peer *peer, struct finding *finding);

#endif
