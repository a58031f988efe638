/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * limits: the time limits and numbers of connections of a checklist.
 */
#ifndef GATE_CHECKLIST_LIMITS_H
#define GATE_CHECKLIST_LIMITS_H

#include "loader.h"

/* Fills the limits of the checklist: what its file gives, else the defaults. */
void limits_load(struct loader *loader);

#endif
