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

/* Replies that do not keep step with the commands are nobody's: then no attempt of the
 * conversation has an answer. */
static void
forget_answers(struct evidence *evidence, struct conversation *record)
{
	for (size_t i = 0; i < evidence->attempt_count; i++) {
		struct auth_attempt *attempt = &evidence->attempts[i];

		if (attempt->conversation != record || attempt->outcome != OUTCOME_DONE)
			continue;
		attempt->outcome = OUTCOME_BROKEN;
		attempt->text = "the server's replies do not keep step with the commands";
	}
}

static void
converse(struct conversation *record, struct evidence *evidence, const struct endpoint *endpoint)
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
	if (evidence->last_step == STEP_AUTH && at_command) {
		at_command = authenticate(&dialog, evidence->attempts, evidence->attempt_count);
		if ((at_command && !dialog_in_step(&dialog)) || record->unasked.len != 0)
			forget_answers(evidence, record);
		at_command = false;
	}
	dialog_end(&dialog, at_command);
}

static size_t
attempts_left(const struct evidence *evidence)
{
	size_t left = 0;

	for (size_t i = 0; i < evidence->attempt_count; i++)
		left += evidence->attempts[i].conversation == NULL;
	return left;
}

/* Each further conversation makes at least one attempt, or is the last. */
static void
converse_for_attempts(struct evidence *evidence, const struct endpoint *endpoint)
{
	size_t left = attempts_left(evidence);

	evidence->logins = arena_array(&evidence->arena, left, sizeof(*evidence->logins));
	while (left > 0) {
		struct conversation *record = &evidence->logins[evidence->login_count++];
		size_t before = left;

		conversation_init(record, endpoint->dialect);
		converse(record, evidence, endpoint);
		left = attempts_left(evidence);
		if (left == before)
			return;
	}
}

void
probe_session(struct evidence *evidence, const struct endpoint *endpoint)
{
	struct conversation *session = &evidence->session;

	converse(session, evidence, endpoint);
	evidence->session_hello = conversation_hello(session);
	if (evidence->wants_chain && chain_is_doubtful(session))
		evidence->connections += chain_read_again(session, endpoint);
	if (session->steps[STEP_SESSION_EHLO].outcome == OUTCOME_DONE)
		converse_for_attempts(evidence, endpoint);
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
