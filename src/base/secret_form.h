/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * secret_form: one spelling of a secret.
 */
#ifndef GATE_BASE_SECRET_FORM_H
#define GATE_BASE_SECRET_FORM_H

#include <stddef.h>

#include "base/secrets.h"

/* From so many bytes on, a part of a secret is worth hiding. Forms that say little of what they
 * stand for would hide what is no secret if they were any shorter. */
#define SECRET_PART_MIN 5

struct secret_form {
	const char *text;
	size_t len;
	struct secret_form *next; /* with the same first byte, and not longer */
};

/* Adds a spelling, unless it is there already. */
void secret_form_add(struct secrets *secrets, struct arena *arena, const char *text, size_t len);

#endif
