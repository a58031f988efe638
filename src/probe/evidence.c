/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gate/evidence.h"

#include <string.h>

#include "gate/chain_probe.h"
#include "gate/checklist.h"

void
evidence_init(struct evidence *evidence, const struct target *target, int64_t today)
{
	memset(evidence, 0, sizeof(*evidence));
	arena_init(&evidence->arena);
	conversation_init(&evidence->session);
	evidence->target = target;
	evidence->today = target->has_date ? target->date : today;
	evidence->now = today;
}

static void
observation_release(struct observation *observation)
{
	conversation_release(&observation->conversation);
	arena_release(&observation->arena);
}

void
evidence_release(struct evidence *evidence)
{
	for (size_t i = 0; i < evidence->login_count; i++)
		conversation_release(&evidence->logins[i]);
	for (size_t i = 0; i < evidence->observation_count; i++)
		observation_release(&evidence->observations[i]);
	conversation_release(&evidence->session);
	arena_release(&evidence->arena);
}

/* A pass over the hellos of all observations, behind that of the session. */
bool
evidence_next_hello(const struct evidence *evidence, size_t *at, struct seen_hello *seen)
{
	size_t index = (*at)++;

	*seen = (struct seen_hello){ .hello = &evidence->session_hello };
	if (evidence->session_hello.version != 0 && index-- == 0)
		return true;
	for (size_t i = 0; i < evidence->observation_count; i++) {
		const struct observation *observation = &evidence->observations[i];

		if (index < observation->hello_count) {
			seen->hello = &observation->hellos[index];
			seen->trace = seen->hello->connection < observation->trace_count
					      ? &observation->traces[seen->hello->connection]
					      : NULL;
			return true;
		}
		index -= observation->hello_count;
	}
	return false;
}

struct span
evidence_stray(const struct evidence *evidence)
{
	struct span stray = evidence->session.after_starttls;

	for (size_t i = 0; i < evidence->observation_count && stray.len == 0; i++)
		stray = evidence->observations[i].stray;
	return stray;
}

const struct trace *
observation_trace(const struct observation *observation)
{
	return observation->trace_count == 0 ? NULL
					     : &observation->traces[observation->trace_count - 1];
}

const struct observation *
evidence_observation(
	const struct evidence *evidence, const struct observer *observer, const void *record)
{
	for (size_t i = 0; i < evidence->observation_count; i++) {
		const struct observation *observation = &evidence->observations[i];

		if (observation->observer == observer &&
			(observer->asks_same == NULL ||
				observer->asks_same(observation->record, record)))
			return observation;
	}
	return NULL;
}

const struct auth_attempt *
evidence_attempt(const struct evidence *evidence, const struct assertion *assertion)
{
	for (size_t i = 0; i < evidence->attempt_count; i++)
		if (evidence->attempts[i].assertion == assertion)
			return &evidence->attempts[i];
	return NULL;
}

/* What a hello of our own saw; NULL when it was not asked, or not answered. */
static const struct peer *
peer_of_hello(const struct evidence *evidence)
{
	const struct observation *observation =
		evidence_observation(evidence, &chain_observer, &(struct chain_record){ 0 });

	if (observation == NULL || observation->outcome != OUTCOME_DONE)
		return NULL;
	return &((const struct chain_record *)observation->record)->peer;
}

const struct peer *
evidence_peer(const struct evidence *evidence)
{
	const struct peer *peer = peer_of_hello(evidence);

	if (evidence->session.peer.chain_count != 0 || peer == NULL)
		return &evidence->session.peer;
	return peer;
}

/* Adds a peer whose leaf none of the others has. */
static size_t
add_peer(const struct peer *peers[], size_t count, size_t most, const struct peer *peer)
{
	if (peer == NULL || peer->chain_count == 0 || count == most)
		return count;
	for (size_t i = 0; i < count; i++)
		if (span_equal(peers[i]->chain[0], peer->chain[0]))
			return count;
	peers[count] = peer;
	return count + 1;
}

const struct observation *
evidence_other_chains(const struct evidence *evidence)
{
	return evidence_observation(evidence, &other_chains_observer, NULL);
}

size_t
evidence_peers(const struct evidence *evidence, const struct peer *peers[], size_t most)
{
	const struct observation *others = evidence_other_chains(evidence);
	const struct other_chains_record *record = others != NULL ? others->record : NULL;
	size_t count = add_peer(peers, 0, most, evidence_peer(evidence));

	count = add_peer(peers, count, most, peer_of_hello(evidence));
	for (size_t i = 0; record != NULL && i < record->count; i++)
		count = add_peer(peers, count, most, &record->peers[i]);
	for (size_t i = 0; i < evidence->login_count; i++)
		count = add_peer(peers, count, most, &evidence->logins[i].peer);
	for (size_t i = 0; i < evidence->observation_count; i++)
		for (size_t j = 0; j < evidence->observations[i].peer_count; j++)
			count = add_peer(peers, count, most, &evidence->observations[i].peers[j]);
	return count;
}

bool
evidence_broken_step(const struct evidence *evidence, enum step last, enum step *broken)
{
	size_t count;
	const enum step *steps = conversation_steps(evidence->target->implicit_tls, &count);

	for (size_t i = 0; i < count; i++) {
		if (evidence->session.steps[steps[i]].outcome != OUTCOME_DONE) {
			*broken = steps[i];
			return true;
		}
		if (steps[i] == last)
			return false;
	}
	return false;
}
