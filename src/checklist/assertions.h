/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * assertions: what a checklist says must hold.
 */
#ifndef GATE_CHECKLIST_ASSERTIONS_H
#define GATE_CHECKLIST_ASSERTIONS_H

#include "checklist/overlay.h"
#include "loader.h"

/* Fills the assertions of the checklist, as far as they are selected. The targets must have been
 * loaded. */
void assertions_load(struct loader *loader);

/* Whether the selection of the command line (--tag, --only, --skip) takes the assertion. Notes in the
 * overlay which of its words the assertion answers to. */
bool assertion_is_selected(const struct overlay *overlay, const struct assertion *assertion);

#endif
