/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * load: from the name of a checklist to one that can be run as it is, or to every problem there is.
 */
#ifndef GATE_CHECKLIST_LOAD_H
#define GATE_CHECKLIST_LOAD_H

#include "checklist/checklist.h"
#include "checklist/overlay.h"
#include "checklist/problems.h"

/* Loads a checklist by path, or by the name of one that came with the program (a word without
 * '/' and ".json"; such a file in the working directory does not count). Every problem found is
 * added to `problems`; false when there is one. The checklist must be released in either case.
 * A selection that leaves no assertion is a problem. */
bool checklist_load(struct checklist *checklist, const char *name, const struct overlay *overlay,
	struct problems *problems);

/* The same without a file and without an assertion: the targets that the overlay names, the system's
 * authorities, and limits as they are unless somebody sets them. */
bool checklist_load_none(
	struct checklist *checklist, const struct overlay *overlay, struct problems *problems);

#endif
