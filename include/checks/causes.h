/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * causes: for each cause the assertion that it belongs to, and what there is to say about it. One
 * table; whoever reports a cause takes owner, reason and advice from here.
 */
#ifndef GATE_CHECKS_CAUSES_H
#define GATE_CHECKS_CAUSES_H

#include <stdint.h>

#include "checks/arguments.h"
#include "evidence/conversation.h"
#include "evidence/evidence.h"

#define CAUSE_OWNERS_MAX 4

struct cause_row {
	uint32_t cause; /* one bit of enum cause */
	/* The assertions that are about it, by name. The first one owns it: its case is added where
	 * none of them was asked for. Another one stands in where it reports the cause and the
	 * owner was not asked for. Without an owner, whoever meets it first in the order of the
	 * rows reports it. */
	const char *owners[CAUSE_OWNERS_MAX + 1];
	/* What to say of a cause without an owner; NULL: what the owner's row says. */
	const char *why;
	const char *fix;
	/* What to do about it where the evidence tells more than the row can; NULL when it does
	 * not. The text may live in the arena. May be NULL. */
	const char *(*hint)(const struct evidence *evidence, struct arena *arena);
	/* Fills in the parameters without which the owner's row asserts nothing. May be NULL. */
	void (*prepare)(
		struct arguments *arguments, const struct evidence *evidence, struct arena *arena);
};

/* In the order in which a conversation meets them. */
extern const struct cause_row cause_rows[];
extern const size_t cause_row_count;

/* The most rows that there can be: causes are bits. */
#define CAUSE_ROWS_MAX 32

/* What there is to say of an assertion that could not be evaluated for no cause of the table. */
extern const struct cause_row undecided_row;

/* The cause for which a conversation did not get past that step. */
uint32_t cause_of_step(const struct conversation *conversation, enum step step);

/* The cause for which the other conversation did not get past a step before or at `last`: none,
 * unless the session broke at the same one (not where either was to go no further). A step at which
 * only the other one broke is no cause, since the server was seen to take it. */
uint32_t cause_shared(
	const struct evidence *evidence, const struct conversation *other, enum step last);

/* The arguments of the owner as if it had been asked for without parameters. Their texts live in
 * the arena. The row must have an owner. */
struct arguments cause_arguments(
	const struct cause_row *row, const struct evidence *evidence, struct arena *arena);

/* Whether that check is the owner of the cause. */
bool cause_is_owned(uint32_t cause, const struct check *check);

/* Whether that check is among the row's owners. */
bool cause_belongs_to(const struct cause_row *row, const struct check *check);

#endif
