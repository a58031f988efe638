/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * secret_values: the secrets that checklists declare, read when something that will run needs
 * them.
 */
#ifndef GATE_CHECKLIST_SECRET_VALUES_H
#define GATE_CHECKLIST_SECRET_VALUES_H

#include "loader.h"

/* Fills loader->declarations and checks them. */
void secret_values_declare(struct loader *loader);

/* The value of the secret that something at that place refers to; no output will show it from now on.
 * NULL when it cannot be read, which was reported, or when the loader is lenient; where secrets are
 * optional, its reference stands for one that is not there. False, with a problem, when none of that
 * name is declared. */
bool secret_refer(
	struct loader *loader, const struct place *place, const char *name, const char **value);

#endif
