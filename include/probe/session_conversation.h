/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * session_conversation: the conversation that all assertions of the session share. It may run at
 * the same time as the observers of the same evidence: each fills a record of its own.
 */
#ifndef GATE_PROBE_SESSION_CONVERSATION_H
#define GATE_PROBE_SESSION_CONVERSATION_H

#include "evidence/evidence.h"
#include "probe/endpoint.h"

/* The session conversation: its steps up to evidence->last_step, and then the genuine attempts to
 * authenticate, in their order. A server ends the conversation's usefulness for that when it
 * accepts one or closes; the remaining attempts get conversations of their own. */
void probe_session(struct evidence *evidence, const struct endpoint *endpoint);

/* The first attempt with a made-up password that the server has a mechanism for, in a conversation of
 * its own, and behind it a login that worked before, if there is one. Servers delay who fails: there is
 * one such attempt at a server, after all else. What came of it holds for the others that ask the same;
 * the rest is spared. `known` is one that was made at the server before; NULL: none was. */
void probe_wrong_password(struct evidence *evidence, const struct endpoint *endpoint,
	const struct auth_attempt *known);

/* The certificates of a target that is a file, in place of a session conversation. */
void probe_file(struct evidence *evidence, const struct endpoint *endpoint);

#endif
