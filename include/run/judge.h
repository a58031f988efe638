/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * judge: from evidence to verdicts. Pure: no clock, no socket.
 */
#ifndef GATE_RUN_JUDGE_H
#define GATE_RUN_JUDGE_H

#include <stdbool.h>

#include "checklist/checklist.h"
#include "evidence/evidence.h"
#include "evidence/finding.h"
#include "report/report.h"

/* Judges every assertion of the checklist that applies to the evidence's target and fills the
 * suite with a case for each, in their order; a case that stands for a cause nobody asked about
 * comes before the first that met it. No verdict depends on the order. A
 * brief suite gets no more than that. All texts are free of the
 * checklist's secrets and belong to the arena. */
void judge_target(const struct checklist *checklist, const struct evidence *evidence,
	struct report_suite *suite, struct arena *arena);

/* What there is to find of one assertion, whatever others come to. The texts live in the arena.
 * Of several peers the worst finding stands, and says of which it is. */
void judge_arguments(const struct evidence *evidence, const struct arguments *arguments,
	struct arena *arena, struct finding *finding);

#endif
