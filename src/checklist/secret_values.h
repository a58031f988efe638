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

/* The value of a declared secret, which no output will show from now on. NULL when it cannot be
 * read, which was reported, or when the loader is lenient. Where secrets are optional, its
 * reference stands for one that is not there. */
const char *secret_value(struct loader *loader, const char *name);

/* Adds the names of all secrets. */
void secret_values_offer(const struct loader *loader, struct names_offered *offered);

#endif
