/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * shipped: the checklists that came with the program, made of the files in checks/ when it is built.
 */
#ifndef GATE_CHECKLIST_SHIPPED_H
#define GATE_CHECKLIST_SHIPPED_H

#include <stddef.h>

/* They end with a row without a name. */
struct shipped_checklist {
	const char *name; /* "submission", "policy/rfc8996" */
	const char *text;
	size_t len;
};
extern const struct shipped_checklist shipped_checklists[];

#endif
