/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * heard: what the replies on some connections showed, whatever they were asked: each list of
 * capabilities that differs, once, and whether a line ended without CR.
 */
#ifndef GATE_EVIDENCE_HEARD_H
#define GATE_EVIDENCE_HEARD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/span.h"
#include "wire/reply.h"

/* Most lists that are kept of one record. */
#define HEARD_LISTS_MAX 8

/* A list of capabilities that a client may go by. */
struct heard_list {
	struct reply list;  /* its capabilities and mechanisms alone */
	struct span logins; /* the ways to log in that it offers with its greeting, as they came */
	bool inside;        /* TLS */
	bool is_hint;       /* of a greeting: what is not in it may be offered all the same */
	bool is_rest;       /* stands for those that there was no room for; they are not known */
	size_t connection;  /* of the record, from 0 */
};

struct heard {
	struct heard_list *lists;
	size_t count;
	const char *bare_lf; /* the first reply with a line that LF alone ended; NULL: none */
	size_t bare_lf_connection;
};

/* Takes down what a complete reply tells of capabilities: its own list, and others that came along.
 * `greeting` is that of the connection. All but the texts is copied into the arena. */
void heard_lists(struct heard *heard, const struct reply *reply, const struct reply *greeting,
	bool inside, struct arena *arena);

/* Adds what one connection showed, and the record does not have yet, with all its texts. Whether there
 * was such. */
bool heard_add(
	struct heard *heard, const struct heard *one, size_t connection, struct arena *arena);

#endif
