/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The session conversation of a target, and the certificates that go with it.
 */
#include "probe/session_conversation.h"

#include <string.h>

#include "authenticate.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "evidence/target.h"
#include "probe/chain_probe.h"
#include "probe/dialog.h"
#include "probe/endpoint.h"

static enum step
last_before_auth(const struct evidence *evidence)
{
	return evidence->last_step == STEP_AUTH ? STEP_SESSION_EHLO : evidence->last_step;
}

/* Behind STARTTLS the server waits for us to speak: only its answer shows that it agreed to the
 * handshake. Where TLS comes first it speaks by itself. */
static enum step
last_to_take(const struct evidence *evidence, bool implicit_tls)
{
	enum step last = last_before_auth(evidence);

	return last == STEP_HANDSHAKE && !implicit_tls ? STEP_SESSION_EHLO : last;
}

/* Whether the server is waiting for a command when the conversation stands behind that step. */
static bool
is_at_command(const struct conversation *record, enum step last)
{
	return record->steps[last].outcome == OUTCOME_DONE &&
	       (last == STEP_GREETING || last == STEP_EHLO || last == STEP_SESSION_EHLO);
}

/* Attempts to make in one conversation, in their order. */
struct turn {
	struct auth_attempt *attempts;
	size_t count;
};

/* Replies that do not keep step with the commands are nobody's: then no attempt of the
 * conversation has an answer. */
static void
forget_answers(const struct turn *turn, const struct conversation *record)
{
	for (size_t i = 0; i < turn->count; i++) {
		struct auth_attempt *attempt = &turn->attempts[i];

		if (attempt->conversation != record || attempt->outcome != OUTCOME_DONE)
			continue;
		attempt->outcome = OUTCOME_BROKEN;
		attempt->text = "the server's replies do not keep step with the commands";
	}
}

static void
converse(struct conversation *record, struct evidence *evidence, const struct endpoint *endpoint,
	const struct turn *turn)
{
	enum step last = last_to_take(evidence, endpoint->implicit_tls);
	struct error ignored = { .text = "" };
	struct dialog dialog;
	bool at_command;

	endpoint_await(endpoint, NULL, &ignored);
	dialog_begin(&dialog, record, endpoint, last);
	evidence->connections++;
	if (last == STEP_HANDSHAKE)
		dialog_confirm(&dialog);
	at_command = is_at_command(record, last);
	if (turn->count != 0 && at_command) {
		at_command = authenticate(&dialog, turn->attempts, turn->count);
		if ((at_command && !dialog_in_step(&dialog)) || record->unasked.len != 0)
			forget_answers(turn, record);
		at_command = false;
	}
	dialog_end(&dialog, at_command);
}

/* In a conversation beside the session's. */
static void
converse_again(struct evidence *evidence, const struct endpoint *endpoint, const struct turn *turn)
{
	struct conversation *record = arena_alloc(&evidence->arena, sizeof(*record));

	*ARENA_ADD(&evidence->arena, evidence->logins, evidence->login_count) = record;
	conversation_init(record, endpoint->dialect);
	converse(record, evidence, endpoint, turn);
}

static struct turn
genuine_attempts(const struct evidence *evidence)
{
	struct turn turn = { .attempts = evidence->attempts };

	while (turn.count < evidence->attempt_count && turn.attempts[turn.count].genuine)
		turn.count++;
	return turn;
}

static size_t
attempts_left(const struct turn *turn)
{
	size_t left = 0;

	for (size_t i = 0; i < turn->count; i++)
		left += turn->attempts[i].conversation == NULL;
	return left;
}

/* Each further conversation makes at least one attempt, or is the last. */
static void
converse_for_attempts(
	struct evidence *evidence, const struct endpoint *endpoint, const struct turn *turn)
{
	size_t left = attempts_left(turn);

	while (left > 0) {
		size_t before = left;

		converse_again(evidence, endpoint, turn);
		left = attempts_left(turn);
		if (left == before)
			return;
	}
}

void
probe_session(struct evidence *evidence, const struct endpoint *endpoint)
{
	struct conversation *session = &evidence->session;
	struct turn turn = genuine_attempts(evidence);

	converse(session, evidence, endpoint, &turn);
	evidence->session_hello = conversation_hello(session);
	if (evidence->wants_chain && chain_is_doubtful(session))
		evidence->connections += chain_read_again(session, endpoint);
	if (session->steps[STEP_SESSION_EHLO].outcome == OUTCOME_DONE)
		converse_for_attempts(evidence, endpoint, &turn);
}

/* A login that worked before; without a conversation where there is none. */
static struct auth_attempt
working_login(const struct evidence *evidence)
{
	struct turn genuine = genuine_attempts(evidence);

	for (size_t i = 0; i < genuine.count; i++) {
		const struct auth_attempt *attempt = &genuine.attempts[i];

		if (auth_attempt_succeeded(attempt))
			return (struct auth_attempt){ .mechanism = attempt->mechanism,
				.username = attempt->username,
				.password = attempt->password,
				.genuine = true };
	}
	return (struct auth_attempt){ .mechanism = NULL };
}

/* A login that works tells the server that all is well: those that delay who fails let the next one
 * in at once. */
static void
try_and_make_good(
	struct evidence *evidence, const struct endpoint *endpoint, struct auth_attempt *wrong)
{
	struct auth_attempt both[] = { *wrong, working_login(evidence) };
	struct turn turn = { both, both[1].mechanism != NULL ? 2 : 1 };

	converse_again(evidence, endpoint, &turn);
	*wrong = both[0];
	if (turn.count == 2 && both[1].conversation == NULL && wrong->conversation != NULL &&
		wrong->meaning != REPLY_AUTHENTICATED)
		converse_again(evidence, endpoint, &(struct turn){ &both[1], 1 });
}

/* What came of one attempt holds for another that asks the same. */
static void
take_answer(struct auth_attempt *attempt, const struct auth_attempt *known,
	const struct conversation *conversation, struct arena *arena)
{
	attempt->spared = !auth_attempt_asks_same(attempt, known);
	if (attempt->spared)
		return;
	attempt->outcome = known->outcome;
	attempt->offered = known->offered;
	attempt->presented = known->presented;
	attempt->reply = known->reply;
	attempt->meaning = known->meaning;
	attempt->text = known->text == NULL ? NULL : arena_strdup(arena, known->text);
	attempt->flaw = known->flaw;
	attempt->flaw_text =
		known->flaw_text == NULL ? NULL : arena_strdup(arena, known->flaw_text);
	attempt->conversation = conversation;
}

void
probe_wrong_password(struct evidence *evidence, const struct endpoint *endpoint,
	const struct auth_attempt *known)
{
	size_t genuine = genuine_attempts(evidence).count;
	struct auth_attempt *wrong = &evidence->attempts[genuine];
	size_t count = evidence->attempt_count - genuine;
	const struct conversation *conversation = &evidence->session;

	if (evidence->session.steps[STEP_SESSION_EHLO].outcome != OUTCOME_DONE)
		return;
	for (size_t i = 0; i < count; i++) {
		if (known != NULL) {
			take_answer(&wrong[i], known, conversation, &evidence->arena);
			continue;
		}
		try_and_make_good(evidence, endpoint, &wrong[i]);
		if (!auth_attempt_was_made(&wrong[i]))
			continue;
		known = &wrong[i];
		conversation = known->conversation;
	}
}

void
probe_file(struct evidence *evidence, const struct endpoint *endpoint)
{
	const struct target *target = evidence->target;
	struct peer_terms terms = endpoint_terms(endpoint);

	peer_judge(&evidence->session.peer, target->chain, target->chain_count, &terms,
		&evidence->arena);
	evidence->session.peer.proven = true;
}
