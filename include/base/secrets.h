/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * secrets: values that no output may show, and the filter that every text on its way to a
 * person or a file passes through: whole texts, before anything is cut from them.
 */
#ifndef GATE_BASE_SECRETS_H
#define GATE_BASE_SECRETS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"

struct secret {
	const char *name;
	const char *value;
	size_t len;
};

struct secret_form;

struct secrets {
	struct secret *items;
	size_t count;
	/* Every spelling that is replaced, by its first byte; of each, the longest first. */
	struct secret_form *forms[UCHAR_MAX + 1];
};

/* Adds a value under its name. The spellings that are replaced too: base64 (as AUTH LOGIN sends
 * it, without padding, for URLs, and in the middle of something longer), hex, percent-encoding,
 * and the escaped forms that outputs use. Memory comes from the arena. */
void secrets_add(struct secrets *secrets, struct arena *arena, const char *name, const char *value);

/* Adds the spellings that come with a user name (the AUTH PLAIN message, RFC 4616). */
void secrets_add_plain(
	struct secrets *secrets, struct arena *arena, const char *username, const char *password);

/* The text with every secret replaced by "[secret]": the text itself when it holds none, else a
 * copy in the arena. A secret may go on behind a line end, with the beginning of another reply
 * line in between. NULL gives NULL. */
const char *secrets_redact(const struct secrets *secrets, struct arena *arena, const char *text);

/* The same for a text of which somebody may have cut the end, or that shows with "..." where it was
 * cut: what could have been the beginning of a secret there is replaced too, from five bytes on. */
const char *secrets_redact_cut(
	const struct secrets *secrets, struct arena *arena, const char *text);

/* Adds to `pieces` the parts of each secret that the text spreads over several lines, from five bytes
 * on: for texts that show one of those lines alone. */
void secrets_add_pieces(struct secrets *pieces, struct arena *arena, const struct secrets *secrets,
	const char *text);

#endif
