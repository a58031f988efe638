/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gate/peer.h"

#include "gate/hostname.h"
#include "gate/step.h"

void
peer_judge(struct peer *peer, const struct span *chain, size_t count,
	const struct peer_terms *terms, struct arena *arena)
{
	struct path_query query = {
		.sent = chain, .count = count, .trust = terms->trust, .at = terms->at
	};
	struct error ignored = { .text = "" };
	struct cert leaf;

	*peer = (struct peer){ .chain = chain, .chain_count = count };
	if (count == 0)
		return;
	peer->path = path_judge(&query, arena);
	peer->names_host = cert_parse(&leaf, chain[0], arena, &ignored) &&
			   hostname_matches(terms->host, &leaf);
	peer->judged = true;
}

uint32_t
path_problem_cause(enum path_problem_kind kind)
{
	return kind == PATH_LEAF_EXPIRED || kind == PATH_LEAF_NOT_YET_VALID ? CAUSE_LEAF_DATES
									    : CAUSE_PATH;
}

uint32_t
peer_distrust(const struct peer *peer)
{
	uint32_t causes = CAUSE_NONE;

	if (!peer->judged)
		return CAUSE_HANDSHAKE;
	if (!peer->names_host)
		causes |= CAUSE_HOSTNAME;
	for (size_t i = 0; i < peer->path.problem_count; i++)
		causes |= path_problem_cause(peer->path.problems[i].kind);
	if (!peer->path.trusted && (causes & (CAUSE_LEAF_DATES | CAUSE_PATH)) == 0)
		causes |= CAUSE_PATH;
	return causes;
}
