/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a server remembers across STARTTLS. A transaction that was begun in plaintext must be
 * forgotten: RCPT then gets the same answer as without any transaction. On a connection of their
 * own both answers are had inside TLS, without a transaction and with one: where they are the same,
 * nothing can be told from them. No DATA is ever sent.
 */
#include <string.h>

#include "probe/dialog.h"
#include "probe/endpoint.h"
#include "probe/starttls_probes.h"

/* A domain that exists nowhere (RFC 2606 section 2). */
#define RCPT "RCPT TO:<nobody@gate.invalid>"

/* Who wants TLS or a login first: whoever sends mail before TLS has neither. */
static bool
demands_more(const struct answer *answer)
{
	return answer->meaning == REPLY_UNPROTECTED || answer->meaning == REPLY_LOGIN_MISSING;
}

static bool
begin_transaction(struct probe_connection *connection)
{
	struct state_record *record = connection->observation->record;

	if (!starttls_say_mail(connection, &record->mail))
		return false;
	if (record->mail.reply == REPLY_POSITIVE)
		return true;
	observation_conclude(connection->observation,
		demands_more(&record->mail) ? OUTCOME_REFUSED : OUTCOME_BROKEN,
		"MAIL before TLS: %s", record->mail.text);
	return false;
}

/* Only a permanent no to STARTTLS itself says that a transaction is in its way. */
static bool
start_tls(struct probe_connection *connection)
{
	const struct conversation *record = connection->dialog.record;

	if (probe_take(connection, STEP_STARTTLS, " within a transaction"))
		return probe_take(connection, STEP_HANDSHAKE, " within a transaction");
	if (record->steps[STEP_STARTTLS].outcome == OUTCOME_REFUSED &&
		record->starttls.status == REPLY_NEGATIVE)
		connection->observation->outcome = OUTCOME_REFUSED;
	return false;
}

/* RCPT as the first command, and behind EHLO, with which a client begins. */
static bool
ask_recipients(struct probe_connection *connection, bool at_once)
{
	struct state_record *record = connection->observation->record;

	if (at_once && !probe_say(connection, RCPT, &record->at_once))
		return false;
	return probe_take(connection, STEP_SESSION_EHLO, " after a transaction") &&
	       probe_say(connection, RCPT, &record->after_ehlo);
}

static bool
try_transaction(struct observation *observation, const struct endpoint *endpoint, bool at_once)
{
	struct probe_connection connection;
	bool answered = probe_open(&connection, observation, endpoint, STEP_EHLO) &&
			begin_transaction(&connection) && start_tls(&connection) &&
			ask_recipients(&connection, at_once);

	probe_close(&connection, false);
	return answered;
}

/* A server that goes away after it answered the first RCPT is asked again, without that one. */
static bool
ask_transaction(struct observation *observation, const struct endpoint *endpoint)
{
	const struct state_record *record = observation->record;

	if (try_transaction(observation, endpoint, true))
		return true;
	return record->at_once.reply != REPLY_NO_STATUS &&
	       record->at_once.meaning != REPLY_LEAVING &&
	       try_transaction(observation, endpoint, false);
}

/* RCPT inside TLS, first without a transaction and then with one. */
static bool
ask_control(struct observation *observation, const struct endpoint *endpoint)
{
	struct state_record *record = observation->record;
	struct probe_connection connection;
	struct answer mail;
	bool answered =
		probe_open(&connection, observation, endpoint, STEP_SESSION_EHLO) &&
		probe_say(&connection, RCPT, &record->without) &&
		starttls_say_mail(&connection, &mail) &&
		(mail.reply != REPLY_POSITIVE || probe_say(&connection, RCPT, &record->with));

	probe_close(&connection, answered);
	return answered;
}

static void
observe_state(struct observation *observation, const struct endpoint *endpoint)
{
	struct state_record *record = observation->record;

	memset(record, 0, sizeof(*record));
	if (ask_transaction(observation, endpoint) && ask_control(observation, endpoint))
		observation_conclude(observation, OUTCOME_DONE,
			"RCPT inside TLS: %s; without a transaction: %s; with one: %s",
			record->at_once.text, record->without.text,
			record->with.reply != REPLY_NO_STATUS ? record->with.text
							      : "not to be had");
}

const struct observer state_observer = {
	.name = "a transaction across STARTTLS",
	.size = sizeof(struct state_record),
	.connections = 2,
	.observe = observe_state,
};
