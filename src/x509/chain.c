/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Walks along what was sent, and compares each issuer with the next subject.
 */
#include "x509/chain.h"

#include "dn.h"

static bool
has_problem(const struct path_verdict *verdict, enum path_problem_kind kind)
{
	for (size_t i = 0; i < verdict->problem_count; i++)
		if (verdict->problems[i].kind == kind)
			return true;
	return false;
}

static void
note_disorder(struct chain_shape *shape, size_t position)
{
	if (!shape->ordered)
		return;
	shape->ordered = false;
	shape->out_of_order = position;
}

static void
measure(struct chain_shape *shape, size_t position, const struct cert *cert,
	const struct cert *below)
{
	if (position == 0)
		return;
	if (below == NULL || !dn_equal(below->issuer, cert->subject))
		note_disorder(shape, position);
	if (!shape->has_root && cert_is_self_issued(cert)) {
		shape->has_root = true;
		shape->root = position;
	}
}

struct chain_shape
chain_measure(
	const struct path_query *query, const struct path_verdict *verdict, struct arena *arena)
{
	struct chain_shape shape = { .length = query->count, .ordered = query->count != 0 };
	const struct cert *below = NULL;

	for (size_t i = 0; i < query->count; i++) {
		struct cert *cert = arena_alloc(arena, sizeof(*cert));
		struct error error = { { 0 } };

		if (!cert_parse(cert, query->sent[i], arena, &error)) {
			shape.unreadable++;
			note_disorder(&shape, i);
			below = NULL;
			continue;
		}
		measure(&shape, i, cert, below);
		below = cert;
	}
	shape.complete = verdict->member_count != 0 && !has_problem(verdict, PATH_ISSUER_MISSING) &&
			 !has_problem(verdict, PATH_BUDGET);
	return shape;
}
