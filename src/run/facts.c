/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The facts of the dialogue and of the session; certificates and choices have files of their own.
 */
#include "facts.h"

#include <string.h>

#include "base/names.h"
#include "base/text.h"
#include "evidence/target.h"
#include "probe/chain_probe.h"
#include "wire/suites.h"
#include "wire/tls_names.h"

/* Longest line that is taken over. */
#define LINE_MAX_SHOWN 65536

void
facts_list_add(struct facts_list *list, const struct cleaner *cleaner, const char *text)
{
	*ARENA_ADD(cleaner->arena, list->items, list->count) = cleaner_text(cleaner, text);
}

static const char *
printable(const struct cleaner *cleaner, const char *text, size_t len)
{
	struct buf shown;
	const char *copy;

	buf_init(&shown, LINE_MAX_SHOWN);
	text_add_printable(&shown, text, len);
	copy = arena_strdup(cleaner->scratch, shown.data);
	buf_release(&shown);
	return copy;
}

/* Most that is taken over of a greeting. */
#define GREETING_MAX_SHOWN (REPLY_LINES_MAX * REPLY_LINE_MAX)

static const char *
greeting_text(const struct reply *greeting, const struct cleaner *cleaner)
{
	const char *text;
	struct buf shown;

	if (greeting->count == 0)
		return cleaner_text(cleaner, NULL);
	buf_init(&shown, GREETING_MAX_SHOWN);
	for (size_t i = 0; i < greeting->count; i++) {
		buf_add_string(&shown, i == 0 ? "" : "\n");
		text_add_printable(&shown, greeting->lines[i].raw, greeting->lines[i].raw_len);
	}
	text = cleaner_text(cleaner, shown.data);
	buf_release(&shown);
	return text;
}

static void
add_capabilities(struct facts_list *list, const struct reply *reply, const struct cleaner *cleaner)
{
	for (size_t i = 0; i < reply->capability_count; i++)
		facts_list_add(list, cleaner,
			printable(
				cleaner, reply->capabilities[i].text, reply->capabilities[i].len));
}

static bool
has_item(const struct facts_list *list, const char *text)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i], text) == 0)
			return true;
	return false;
}

/* Each once: for old clients, servers write a line more that is spelled differently. */
static void
add_mechanisms(struct facts_list *list, const struct reply *reply, const struct cleaner *cleaner)
{
	for (size_t i = 0; i < reply->mechanism_count; i++) {
		const char *name =
			printable(cleaner, reply->mechanisms[i].text, reply->mechanisms[i].len);

		if (!has_item(list, name))
			facts_list_add(list, cleaner, name);
	}
}

/* What is offered by a reply that says yes. */
static void
add_offers(struct facts_list *capabilities, struct facts_list *mechanisms,
	const struct conversation *session, enum step step, const struct cleaner *cleaner)
{
	const struct reply *reply = step == STEP_EHLO ? &session->ehlo : &session->session_ehlo;

	if (session->steps[step].outcome != OUTCOME_DONE)
		return;
	add_capabilities(capabilities, reply, cleaner);
	add_mechanisms(mechanisms, reply, cleaner);
}

/* The library does not tell the scheme. The same certificate in the same version has signed with it,
 * where it was asked for by itself. */
static const char *
signature_of(const struct evidence *evidence, const struct cleaner *cleaner)
{
	const struct observation *made = evidence_observed(evidence, &chain_observer);
	const struct conversation *session = &evidence->session;
	const struct chain_record *seen = made != NULL ? made->record : NULL;
	const char *name;

	if (seen == NULL || seen->signature == 0 || seen->version != session->tls.version ||
		seen->peer.chain_count == 0 || session->peer.chain_count == 0 ||
		!span_equal(seen->peer.chain[0], session->peer.chain[0]))
		return NULL;
	name = name_of(tls_signature_names, seen->signature);
	return name != NULL ? name : arena_printf(cleaner->arena, "0x%04x", seen->signature);
}

static void
add_session(struct facts *facts, const struct evidence *evidence, const struct cleaner *cleaner)
{
	const struct conversation *session = &evidence->session;
	const struct suite *suite = suite_by_id(session->tls.suite);

	if (session->steps[STEP_HANDSHAKE].outcome != OUTCOME_DONE)
		return;
	facts->version = name_of(tls_version_names, session->tls.version);
	facts->suite = suite != NULL ? suite->name
				     : arena_printf(cleaner->arena, "0x%04x", session->tls.suite);
	facts->group = cleaner_text(cleaner, session->tls.group);
	facts->signature = signature_of(evidence, cleaner);
	facts->alpn = cleaner_text(cleaner, session->tls.protocol);
}

static void
add_steps(struct facts *facts, const struct evidence *evidence, const struct cleaner *cleaner)
{
	static const char *const outcomes[] = {
		[OUTCOME_DONE] = "done", [OUTCOME_REFUSED] = "refused", [OUTCOME_BROKEN] = "broken"
	};
	size_t count;
	const enum step *steps = conversation_steps(
		evidence->target->dialect, evidence->target->implicit_tls, &count);

	for (size_t i = 0; i < count; i++) {
		const struct step_record *record = &evidence->session.steps[steps[i]];

		if (record->outcome == OUTCOME_NOT_REACHED)
			continue;
		*ARENA_ADD(cleaner->arena, facts->steps, facts->step_count) =
			(struct facts_step){ .name = step_name(steps[i], evidence->target->dialect),
				.outcome = outcomes[record->outcome],
				.text = record->outcome == OUTCOME_DONE
						? NULL
						: cleaner_text(cleaner, record->text),
				.ms = record->ms };
	}
}

static void
add_connections(struct facts *facts, const struct evidence *evidence, const struct cleaner *cleaner)
{
	for (size_t i = 0; i < evidence->observation_count; i++) {
		const struct observation *observation = evidence->observations[i];

		for (size_t j = 0; j < observation->trace_count; j++)
			*ARENA_ADD(cleaner->arena, facts->connections, facts->connection_count) =
				(struct facts_connection){ .what = observation->observer->name,
					.ms = observation->traces[j].ms };
	}
}

static void
add_server(struct facts *facts, const struct evidence *evidence, const struct cleaner *cleaner)
{
	const struct conversation *session = &evidence->session;

	facts->protocol = evidence->target->dialect->name;
	facts->implicit_tls = evidence->target->implicit_tls;
	facts->port = evidence->target->port;
	if (session->address[0] != '\0')
		facts->address = arena_strdup(cleaner->arena, session->address);
	facts->addresses = session->addresses;
	facts->greeting = greeting_text(&session->greeting, cleaner);
	add_offers(&facts->capabilities, &facts->mechanisms, session, STEP_EHLO, cleaner);
	add_offers(&facts->capabilities_inside, &facts->mechanisms_inside, session,
		STEP_SESSION_EHLO, cleaner);
	add_session(facts, evidence, cleaner);
	add_steps(facts, evidence, cleaner);
	add_connections(facts, evidence, cleaner);
	facts_add_choices(facts, evidence, cleaner);
	facts_add_lookups(facts, evidence, cleaner);
}

const struct facts *
facts_of(const struct evidence *evidence, const struct cleaner *cleaner)
{
	struct facts *facts = arena_alloc(cleaner->arena, sizeof(*facts));

	facts->host = evidence->target->host;
	if (evidence->target->certificate_file == NULL)
		add_server(facts, evidence, cleaner);
	facts_add_chains(facts, evidence, cleaner);
	return facts;
}
