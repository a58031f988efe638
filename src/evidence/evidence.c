/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Life of an evidence, and look-ups in it that go through the session and all observations alike.
 */
#include "evidence/evidence.h"

#include <string.h>

#include "base/text.h"
#include "evidence/target.h"

void
evidence_init(struct evidence *evidence, const struct target *target, int64_t today)
{
	memset(evidence, 0, sizeof(*evidence));
	arena_init(&evidence->arena);
	conversation_init(&evidence->session, target->dialect);
	evidence->target = target;
	evidence->today = target->has_date ? target->date : today;
	evidence->now = today;
}

bool
auth_attempt_was_made(const struct auth_attempt *attempt)
{
	return attempt->conversation != NULL && attempt->offered && !attempt->withheld;
}

bool
auth_attempt_succeeded(const struct auth_attempt *attempt)
{
	return attempt->outcome == OUTCOME_DONE && attempt->meaning == REPLY_AUTHENTICATED &&
	       attempt->flaw == AUTH_FLAWLESS;
}

bool
auth_attempt_asks_same(const struct auth_attempt *one, const struct auth_attempt *other)
{
	return !one->genuine && !other->genuine && text_same(one->mechanism, other->mechanism) &&
	       strcmp(one->username, other->username) == 0;
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
		conversation_release(evidence->logins[i]);
	for (size_t i = 0; i < evidence->observation_count; i++)
		observation_release(evidence->observations[i]);
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
		const struct observation *observation = evidence->observations[i];

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
		stray = evidence->observations[i]->stray;
	return stray;
}

bool
evidence_hearing(const struct evidence *evidence, size_t index, struct hearing *hearing)
{
	*hearing = (struct hearing){ .heard = &evidence->session.heard,
		.conversation = &evidence->session };
	if (index-- == 0)
		return true;
	*hearing = (struct hearing){ .heard = &evidence->before,
		.traces = evidence->givens,
		.trace_count = evidence->given_count };
	if (index-- == 0)
		return true;
	if (index < evidence->observation_count) {
		const struct observation *observation = evidence->observations[index];

		*hearing = (struct hearing){ .heard = &observation->heard,
			.traces = observation->traces,
			.trace_count = observation->trace_count };
		return true;
	}
	index -= evidence->observation_count;
	if (index >= evidence->login_count)
		return false;
	hearing->conversation = evidence->logins[index];
	hearing->heard = &hearing->conversation->heard;
	return true;
}

const struct trace *
evidence_heard_on(const struct evidence *evidence, const struct hearing *hearing, size_t connection,
	struct arena *arena)
{
	struct trace *trace;

	if (hearing->conversation == NULL)
		return connection < hearing->trace_count ? &hearing->traces[connection] : NULL;
	if (hearing->conversation == &evidence->session)
		return NULL;
	/* Its time is told with the attempt to log in. */
	trace = arena_alloc(arena, sizeof(*trace));
	trace->transcript = hearing->conversation->transcript.data;
	return trace;
}

const struct trace *
observation_trace(const struct observation *observation)
{
	return observation->trace_count == 0 ? NULL
					     : &observation->traces[observation->trace_count - 1];
}

const struct observation *
evidence_observed(const struct evidence *evidence, const struct observer *observer)
{
	for (size_t i = 0; i < evidence->observation_count; i++)
		if (evidence->observations[i]->observer == observer)
			return evidence->observations[i];
	return NULL;
}

const struct observation *
evidence_next_answer(
	const struct evidence *evidence, const struct arguments *asker, unsigned part, size_t *at)
{
	while (*at < evidence->question_count) {
		const struct question *question = &evidence->questions[(*at)++];

		if (question->asker == asker && question->part == part)
			return question->observation;
	}
	return NULL;
}

const struct observation *
evidence_answer(const struct evidence *evidence, const struct arguments *asker, unsigned part)
{
	size_t at = 0;

	return evidence_next_answer(evidence, asker, part, &at);
}

const struct observation *
evidence_control(const struct evidence *evidence)
{
	for (size_t i = 0; i < evidence->observation_count; i++)
		if (evidence->observations[i]->is_control)
			return evidence->observations[i];
	return NULL;
}

const struct auth_attempt *
evidence_attempt(const struct evidence *evidence, const struct arguments *asker)
{
	for (size_t i = 0; i < evidence->attempt_count; i++)
		if (evidence->attempts[i].asker == asker)
			return &evidence->attempts[i];
	return NULL;
}

/* A pass over the peers of all connections, also of those that showed nothing; NULL at the end. */
static const struct peer *
peer_at(const struct evidence *evidence, size_t index)
{
	if (index-- == 0)
		return &evidence->session.peer;
	for (size_t i = 0; i < evidence->observation_count; i++) {
		const struct observation *observation = evidence->observations[i];

		if (index < observation->peer_count)
			return &observation->peers[index];
		index -= observation->peer_count;
	}
	return index < evidence->login_count ? &evidence->logins[index]->peer : NULL;
}

const struct peer *
evidence_peer(const struct evidence *evidence)
{
	const struct peer *peer;

	for (size_t i = 0; (peer = peer_at(evidence, i)) != NULL; i++)
		if (peer->chain_count != 0)
			return peer;
	return &evidence->session.peer;
}

/* Adds a peer unless another one is the same; of two that are, one that is proven stays. */
static size_t
add_peer(const struct peer *peers[], size_t count, const struct peer *peer)
{
	if (peer->chain_count == 0)
		return count;
	for (size_t i = 0; i < count; i++)
		if (peer_is_same(peers[i], peer)) {
			peers[i] = peer->proven ? peer : peers[i];
			return count;
		}
	peers[count] = peer;
	return count + 1;
}

const struct peer **
evidence_peers(const struct evidence *evidence, struct arena *arena, size_t *count)
{
	const struct peer **peers, *peer;
	size_t most = 0;

	while (peer_at(evidence, most) != NULL)
		most++;
	peers = arena_array(arena, most, sizeof(const struct peer *));
	*count = 0;
	for (size_t i = 0; (peer = peer_at(evidence, i)) != NULL; i++)
		*count = add_peer(peers, *count, peer);
	return peers;
}

bool
evidence_broken_step(const struct evidence *evidence, enum step last, enum step *broken)
{
	return conversation_broken_step(
		&evidence->session, evidence->target->implicit_tls, last, broken);
}
