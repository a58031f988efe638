/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * target_choice: the targets that --target, --mx and --targets-file put in the place of the checklist's.
 */
#ifndef GATE_CHECKLIST_TARGET_CHOICE_H
#define GATE_CHECKLIST_TARGET_CHOICE_H

#include "target_lines.h"

/* The targets that the checklist has itself, in the order of checklist->targets. */
struct own_targets {
	const struct json **elements; /* of "targets" */
	size_t element_count;
	struct target_lines lines; /* of "targets_file", behind them */
};

/* Fills in the target of that index. */
void own_target_load(
	struct loader *loader, struct own_targets *own, size_t index, struct target *target);

/* Whether the command line names any. */
bool targets_are_chosen(const struct overlay *overlay);

/* Puts those of the command line in the place of all others: first each --target, then the lines of
 * --targets-file, then each --mx. Those of the checklist are read again, now that their references count. False,
 * with a problem, when a word is no target; one that is there twice is a problem too. */
bool targets_choose(struct loader *loader, struct own_targets *own);

#endif
