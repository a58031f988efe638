/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * assertion_targets: which assertions are made of which targets.
 */
#ifndef GATE_CHECKLIST_ASSERTION_TARGETS_H
#define GATE_CHECKLIST_ASSERTION_TARGETS_H

#include "loader.h"

/* Whether there is a target that it is made of. Where targets are missing that was reported, and
 * the rest is checked all the same. */
bool assertion_has_target(const struct checklist *checklist, const struct assertion *assertion);

/* Reports a target that the assertion, whose JSON is given, makes no sense of, and targets that
 * --target put in the place of those that it lists. */
void assertion_targets_check(struct loader *loader, const struct source *source,
	const struct assertion *assertion, const struct json *json);

/* The same once its parameters are read, for what hangs on their values. */
void assertion_values_check(struct loader *loader, const struct source *source,
	const struct assertion *assertion, const struct json *json);

/* What is known of the targets once all assertions are read. */
struct coverage {
	bool *asserted; /* in step with the targets: an assertion is made of it */
	bool *selected; /* and one that is selected */
};

void coverage_init(struct coverage *coverage, struct loader *loader);
void coverage_add(struct coverage *coverage, const struct checklist *checklist,
	const struct assertion *assertion, bool selected);

/* Reports each target that nothing is asserted of. Of those that only the selection leaves without
 * an assertion, the ones that --target names are reported, the others leave the checklist. */
void coverage_check(const struct coverage *coverage, struct loader *loader);

#endif
