/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Asks x509 for the path and the name, and says of a peer why it is not trusted and what to call
 * it.
 */
#include "evidence/peer.h"

#include "base/buf.h"
#include "base/text.h"
#include "evidence/cause.h"
#include "x509/hostname.h"

/* Longest serial number that is shown whole (RFC 5280 section 4.1.2.2), in bytes. */
#define SERIAL_SHOWN_MAX 20

void
peer_judge(struct peer *peer, const struct span *chain, size_t count,
	const struct peer_terms *terms, struct arena *arena)
{
	struct path_query query = {
		.sent = chain,
		.count = count,
		.trust = terms->trust,
		.at = terms->at,
		.memo = terms->memo,
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

bool
peer_is_same(const struct peer *peer, const struct peer *other)
{
	if (peer->chain_count != other->chain_count)
		return false;
	for (size_t i = 0; i < peer->chain_count; i++)
		if (!span_equal(peer->chain[i], other->chain[i]))
			return false;
	return true;
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
		return CAUSE_PATH;
	if (!peer->names_host)
		causes |= CAUSE_HOSTNAME;
	for (size_t i = 0; i < peer->path.problem_count; i++)
		causes |= path_problem_cause(peer->path.problems[i].kind);
	if (!peer->path.trusted && (causes & (CAUSE_LEAF_DATES | CAUSE_PATH)) == 0)
		causes |= CAUSE_PATH;
	return causes;
}

const char *
peer_name(const struct peer *peer, struct arena *arena)
{
	struct error ignored = { .text = "" };
	struct cert leaf;
	const char *algorithm, *name;
	struct buf serial;

	if (!cert_parse(&leaf, peer->chain[0], arena, &ignored))
		return "a certificate that cannot be read";
	algorithm = public_key_algorithm(leaf.key.kind);
	buf_init(&serial, 2 * SERIAL_SHOWN_MAX);
	text_add_hex(&serial, leaf.serial.data, leaf.serial.len);
	name = arena_printf(arena, "%s certificate, serial %s",
		algorithm != NULL ? algorithm : public_key_name(leaf.key.kind), serial.data);
	buf_release(&serial);
	return name;
}
