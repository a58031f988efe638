/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The certificates of a server, by the kind of their keys.
 */
#include "chain_question.h"
#include "probe/endpoint.h"
#include "probe/probe_connection.h"

static uint32_t
signing_of_key(enum key_kind kind)
{
	switch (kind) {
	case KEY_RSA:
	case KEY_RSA_PSS:
		return SIGNING_RSA;
	case KEY_P256:
	case KEY_P384:
	case KEY_P521:
	case KEY_EC_OTHER:
	case KEY_EC_EXPLICIT:
		return SIGNING_ECDSA;
	case KEY_ED25519:
	case KEY_ED448:
		return SIGNING_EDDSA;
	case KEY_UNKNOWN:
	case KEY_DSA:
	case KEY_MALFORMED:
		break;
	}
	return 0;
}

/* The low byte tells up to 0x0603, lists above. */
uint32_t
signing_of_scheme(uint16_t scheme)
{
	if (scheme == 0x0807 || scheme == 0x0808)
		return SIGNING_EDDSA;
	if (scheme >> 8 == 0x08)
		return scheme < 0x081a ? SIGNING_RSA : SIGNING_ECDSA;
	if ((scheme & 0xff) == 1)
		return SIGNING_RSA;
	return (scheme & 0xff) == 3 ? SIGNING_ECDSA : 0;
}

uint32_t
signings_of_suite(const struct suite *suite)
{
	uint32_t classes = suite_classes(suite);

	if ((classes & SUITE_TLS13) != 0)
		return UINT32_MAX;
	if ((classes & SUITE_ECDSA) != 0)
		return SIGNING_ECDSA | SIGNING_EDDSA;
	return (classes & (SUITE_ANONYMOUS | SUITE_DSS)) != 0 ? 0 : SIGNING_RSA;
}

/* 0: another kind of key, or it cannot be read. */
static uint32_t
signing_of_leaf(const struct peer *peer, struct arena *arena)
{
	struct error ignored = { .text = "" };
	struct cert leaf;

	if (peer->chain_count == 0 || !cert_parse(&leaf, peer->chain[0], arena, &ignored))
		return 0;
	return signing_of_key(leaf.key.kind);
}

/* A refusal of the first hello is about the kind of key only where that hello is known to have all
 * else that the server wants. Each chain that comes takes its kind out of the next question; a kind
 * that comes although it was not wanted is the last that the server has. */
static bool
ask_kinds(struct observation *observation, const struct endpoint *endpoint)
{
	struct other_chains_record *record = observation->record;

	while (record->count < CHAIN_KINDS) {
		struct chain_record chain = { .version = 0 };
		struct chain_question question = { .record = &chain,
			.without = record->seen,
			.alone = true,
			.is_common = record->is_common };
		enum outcome outcome = refusal_decide(observation, endpoint, chain_try, &question);
		uint32_t kind;

		if (outcome != OUTCOME_DONE)
			return outcome == OUTCOME_REFUSED && record->count != 0;
		kind = signing_of_leaf(&chain.peer, &observation->arena);
		/* Also one that was not wanted: another node may have another of that kind. */
		observation_note_peer(observation, &chain.peer, &observation->arena);
		record->count++;
		if (kind == 0 || (kind & record->seen) != 0)
			return true;
		record->seen |= kind;
		record->is_common = question.at_once;
	}
	return true;
}

static void
observe_other_chains(struct observation *observation, const struct endpoint *endpoint)
{
	const struct other_chains_record *record = observation->record;

	if (ask_kinds(observation, endpoint))
		observation_conclude(observation, OUTCOME_DONE, "%zu kind%s of certificate%s",
			record->count, record->count == 1 ? "" : "s",
			record->count == 1 ? "" : "s");
	else
		observation->outcome = OUTCOME_BROKEN;
}

const struct observer other_chains_observer = {
	.name = "hellos for certificates of each kind",
	.size = sizeof(struct other_chains_record),
	.connections = 2,
	.observe = observe_other_chains,
};
