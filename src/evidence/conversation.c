/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the record of a conversation tells of it.
 */
#include "evidence/conversation.h"

#include <string.h>

#include "wire/flight.h"
#include "wire/groups.h"

static const enum step starttls_steps[] = { STEP_CONNECT, STEP_GREETING, STEP_EHLO, STEP_STARTTLS,
	STEP_HANDSHAKE, STEP_SESSION_EHLO };
static const enum step implicit_steps[] = { STEP_CONNECT, STEP_HANDSHAKE, STEP_GREETING,
	STEP_SESSION_EHLO };

static const enum step mute_steps[] = { STEP_CONNECT, STEP_HANDSHAKE };

const enum step *
conversation_steps(const struct dialect *dialect, bool implicit_tls, size_t *count)
{
	if ((dialect->features & DIALECT_DIALOGUE) == 0) {
		*count = sizeof(mute_steps) / sizeof(mute_steps[0]);
		return mute_steps;
	}
	*count = implicit_tls ? sizeof(implicit_steps) / sizeof(implicit_steps[0])
			      : sizeof(starttls_steps) / sizeof(starttls_steps[0]);
	return implicit_tls ? implicit_steps : starttls_steps;
}

bool
conversation_lists_nothing(const struct conversation *record)
{
	return (record->greeting.dialect->features & DIALECT_MAY_LIST) != 0 &&
	       record->steps[STEP_EHLO].outcome == OUTCOME_REFUSED;
}

bool
conversation_broken_step(
	const struct conversation *record, bool implicit_tls, enum step last, enum step *broken)
{
	size_t count;
	const enum step *steps = conversation_steps(record->greeting.dialect, implicit_tls, &count);

	for (size_t i = 0; i < count; i++) {
		*broken = steps[i];
		if (steps[i] == STEP_EHLO && last != STEP_EHLO &&
			conversation_lists_nothing(record))
			continue;
		if (record->steps[steps[i]].outcome != OUTCOME_DONE)
			return true;
		if (steps[i] == last)
			break;
	}
	return false;
}

const char *
conversation_connected(
	const struct conversation *record, const char *host, unsigned port, struct arena *arena)
{
	return arena_printf(arena, "connected to %s port %u%s%s",
		record->address[0] != '\0' ? record->address : host, port,
		record->through != NULL ? " through " : "",
		record->through != NULL ? record->through : "");
}

/* The ServerHello among the first bytes; version 0: there is none. */
static struct server_hello
first_hello(const struct tls_facts *tls)
{
	struct server_hello hello = { .version = 0 };
	size_t stray = tls->plaintext.len;
	struct flight flight;

	if (tls->first_bytes.len <= stray)
		return hello;
	flight_init(&flight, false);
	if (flight_feed(&flight, tls->first_bytes.data + stray, tls->first_bytes.len - stray) ==
		FLIGHT_HELLO) {
		hello.version = flight.hello.version;
		hello.suite = flight.hello.suite;
		hello.compression = flight.hello.compression;
	}
	flight_release(&flight);
	return hello;
}

struct server_hello
conversation_hello(const struct conversation *record)
{
	const struct tls_facts *tls = &record->tls;
	struct server_hello hello = { .version = tls->version, .suite = tls->suite };

	/* What the library says of a handshake that got no answer is its own wish; what it does not
	 * take may well have been one. */
	if (tls->chain_count == 0 && record->steps[STEP_HANDSHAKE].outcome != OUTCOME_DONE)
		return first_hello(tls);
	if (tls->group != NULL)
		group_by_name(tls->group, &hello.group);
	return hello;
}

enum step
conversation_before_tls(bool implicit_tls)
{
	return implicit_tls ? STEP_CONNECT : STEP_STARTTLS;
}

void
conversation_init(struct conversation *record, const struct dialect *dialect)
{
	memset(record, 0, sizeof(*record));
	arena_init(&record->arena);
	buf_init(&record->transcript, TRANSCRIPT_MAX);
	reply_init(&record->greeting, dialect, &record->arena);
	reply_init(&record->ehlo, dialect, &record->arena);
	reply_init(&record->starttls, dialect, &record->arena);
	reply_init(&record->session_ehlo, dialect, &record->arena);
	record->greeting.to = REPLY_TO_CONNECT;
	record->ehlo.to = record->session_ehlo.to = REPLY_TO_HELLO;
}

void
conversation_release(struct conversation *record)
{
	reply_release(&record->greeting);
	reply_release(&record->ehlo);
	reply_release(&record->starttls);
	reply_release(&record->session_ehlo);
	buf_release(&record->transcript);
	arena_release(&record->arena);
}
