/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * secrets: values that no output may show, and the filter that every text on its way to a
 * person or a file passes through.
 */
#ifndef GATE_SECRETS_H
#define GATE_SECRETS_H

#include <stddef.h>

#include "gate/arena.h"

struct secret {
	const char *name;
	const char *value;
	size_t len;
};

struct secrets {
	struct secret *items;
	size_t count;
	const char **forms; /* every spelling that is replaced, the longest first */
	size_t form_count;
};

/* Adds a value under its name. The spellings that are replaced too: base64 (as AUTH LOGIN sends
 * it), and the escaped forms that outputs use. Memory comes from the arena. */
void secrets_add(struct secrets *secrets, struct arena *arena, const char *name, const char *value);

/* Adds the spellings that come with a user name (the AUTH PLAIN message, RFC 4616). */
void secrets_add_plain(
	struct secrets *secrets, struct arena *arena, const char *username, const char *password);

/* The text with every secret replaced by "[secret]": the text itself when it holds none, else a
 * copy in the arena. NULL gives NULL. */
const char *secrets_redact(const struct secrets *secrets, struct arena *arena, const char *text);

#endif
