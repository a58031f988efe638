/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * MAIL, AUTH and RSET before TLS, or what else begins a login. What the server takes up is given up
 * again, by RSET and "*".
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "probe/dialog.h"
#include "probe/endpoint.h"
#include "probe/starttls_probes.h"

/* The mechanisms that clients try without being offered any. */
static const char *const usual_mechanisms[] = { "PLAIN", "LOGIN" };

bool
starttls_say_mail(struct probe_connection *connection, struct answer *answer)
{
	const char *sender;

	if (!probe_say(connection, "MAIL FROM:<>", answer))
		return false;
	if (answer->reply != REPLY_NEGATIVE || answer->meaning == REPLY_UNPROTECTED)
		return true;
	sender = arena_printf(&connection->observation->arena, "MAIL FROM:<postmaster@%s>",
		connection->endpoint->host);
	return probe_say(connection, sender, answer);
}

static void
add_mechanism(struct required_record *record, const char *name, size_t len)
{
	for (size_t i = 0; i < record->auth_count; i++)
		if (text_same_len(name, len, record->auth[i].mechanism))
			return;
	if (record->auth_count == REQUIRED_AUTH_MAX || len >= sizeof(record->auth[0].mechanism) ||
		len == 0)
		return;
	memcpy(record->auth[record->auth_count].mechanism, name, len);
	record->auth[record->auth_count++].mechanism[len] = '\0';
}

/* Those offered before TLS, whatever stands between their names, and the usual ones. */
static void
list_mechanisms(struct required_record *record, const struct reply *ehlo)
{
	for (size_t i = 0; i < sizeof(usual_mechanisms) / sizeof(usual_mechanisms[0]); i++)
		add_mechanism(record, usual_mechanisms[i], strlen(usual_mechanisms[i]));
	for (size_t i = 1; i < ehlo->count; i++) {
		const char *next = ehlo->lines[i].text;

		if (!text_same_len(next, ehlo->lines[i].len < 4 ? 0 : 4, "AUTH"))
			continue;
		for (next += 4; *next != '\0';) {
			size_t len =
				strspn(next, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
					     "0123456789-_");

			add_mechanism(record, next, len);
			next += len != 0 ? len : 1;
		}
	}
}

/* A client cancels with "*" (RFC 4954 section 4). */
static bool
try_auth(struct probe_connection *connection, const char *mechanism, struct answer *auth)
{
	struct answer cancelled;
	char command[64];

	snprintf(command, sizeof(command), "AUTH %s", mechanism);
	if (!probe_say(connection, command, auth))
		return false;
	return auth->meaning != REPLY_CHALLENGE || probe_go_on(connection, "*", &cancelled);
}

static bool
try_mechanisms(struct probe_connection *connection)
{
	struct required_record *record = connection->observation->record;

	list_mechanisms(record, &connection->dialog.record->ehlo);
	for (size_t i = 0; i < record->auth_count; i++)
		if (!try_auth(connection, record->auth[i].mechanism, &record->auth[i].answer))
			return false;
	return true;
}

/* A command that begins a login with that mechanism. */
static void
add_login(struct probe_connection *connection, const char *mechanism, size_t len)
{
	const struct dialect_sasl *sasl = &connection->endpoint->dialect->sasl;
	const char *quote = sasl->quoted ? "\"" : "";
	char command[64];
	int written = snprintf(command, sizeof(command), "%s %s%.*s%s", sasl->command, quote,
		(int)(len < 32 ? len : 32), mechanism, quote);

	add_mechanism(connection->observation->record, command, (size_t)written);
}

static void
list_trials(struct probe_connection *connection)
{
	const struct dialect *dialect = connection->endpoint->dialect;

	for (size_t i = 0; i < DIALECT_TRIALS_MAX && dialect->trials[i] != NULL; i++)
		add_mechanism(connection->observation->record, dialect->trials[i],
			strlen(dialect->trials[i]));
}

/* The usual mechanisms, and those that are offered before TLS. */
static void
list_mechanism_logins(struct probe_connection *connection)
{
	const struct conversation *seen = connection->dialog.record;
	const struct reply *lists[] = { &seen->ehlo, &seen->greeting };

	for (size_t i = 0; i < sizeof(usual_mechanisms) / sizeof(usual_mechanisms[0]); i++)
		add_login(connection, usual_mechanisms[i], strlen(usual_mechanisms[i]));
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		for (size_t j = 0; j < lists[i]->mechanism_count; j++)
			add_login(connection, lists[i]->mechanisms[j].text,
				lists[i]->mechanisms[j].len);
}

/* The protocol's own ways come last where they are refused for good alone. */
static void
list_logins(struct probe_connection *connection)
{
	const struct dialect *dialect = connection->endpoint->dialect;
	struct required_record *record = connection->observation->record;
	const char *barred = dialect->trials_barred;
	size_t others;

	if (barred == NULL)
		list_trials(connection);
	if (dialect->sasl.command != NULL)
		list_mechanism_logins(connection);
	others = record->auth_count;
	if (barred != NULL && reply_capability(&connection->dialog.record->ehlo, barred) != NULL)
		list_trials(connection);
	record->barred_count = record->auth_count - others;
}

/* What is taken up with a challenge is given up with "*", and the rest by going away. */
static bool
try_login(struct probe_connection *connection, const char *command, struct answer *answer)
{
	const struct dialect_sasl *sasl = &connection->endpoint->dialect->sasl;
	struct answer cancelled;

	return probe_begin_login(connection, command, answer) &&
	       (answer->meaning != REPLY_CHALLENGE || sasl->command == NULL ||
		       probe_go_on(connection, sasl->quoted ? "\"*\"" : "*", &cancelled));
}

static bool
is_taken(const struct answer *answer)
{
	return answer->reply == REPLY_POSITIVE || answer->reply == REPLY_CONTINUE;
}

/* One that is barred is a whole command. */
static bool
try_before_tls(struct probe_connection *connection, size_t index)
{
	struct required_record *record = connection->observation->record;
	const char *command = record->auth[index].mechanism;

	return index + record->barred_count < record->auth_count
		       ? try_login(connection, command, &record->auth[index].answer)
		       : probe_try_login(connection, command, &record->auth[index].answer);
}

/* Behind a login that is taken up no other can be tried. */
static bool
try_logins(struct probe_connection *connection)
{
	struct required_record *record = connection->observation->record;

	list_logins(connection);
	for (size_t i = 0; i < record->auth_count; i++) {
		if (!try_before_tls(connection, i))
			return false;
		if (is_taken(&record->auth[i].answer)) {
			record->auth_count = i + 1;
			record->barred_count = 0;
			break;
		}
	}
	return true;
}

/* Until one is taken up. */
static bool
try_logins_inside(struct probe_connection *connection)
{
	struct required_record *record = connection->observation->record;

	size_t count = record->auth_count - record->barred_count;

	for (size_t i = 0; i < count && !is_taken(&record->inside); i++)
		if (!try_login(connection, record->auth[i].mechanism, &record->inside))
			return false;
	return true;
}

static const char *
answers_shown(const struct required_record *record, const char *login, struct arena *arena)
{
	const char *text = record->mail.text == NULL
				   ? NULL
				   : arena_printf(arena, "MAIL: %s", record->mail.text);

	for (size_t i = 0; i < record->auth_count; i++)
		text = arena_printf(arena, "%s%s%s%s: %s", text == NULL ? "" : text,
			text == NULL ? "" : "; ", login, record->auth[i].mechanism,
			record->auth[i].answer.text);
	return text;
}

static bool
takes_mail(const struct endpoint *endpoint)
{
	return (endpoint->dialect->features & DIALECT_MAIL) != 0;
}

/* On the connection in plaintext; whether all was answered, and to what was asked. */
static bool
ask_before_tls(struct observation *observation, const struct endpoint *endpoint)
{
	struct required_record *record = observation->record;
	struct probe_connection connection;
	bool answered = probe_open(&connection, observation, endpoint, STEP_EHLO);

	if (answered && takes_mail(endpoint))
		answered = starttls_say_mail(&connection, &record->mail) &&
			   try_mechanisms(&connection) &&
			   probe_say(&connection, "RSET", &record->rset);
	else if (answered)
		answered = try_logins(&connection);

	if (answered && !dialog_in_step(&connection.dialog)) {
		observation_conclude(observation, OUTCOME_BROKEN,
			"the replies do not keep step with the commands");
		answered = false;
	}
	probe_close(&connection, false);
	return answered;
}

static void
ask_inside_tls(struct observation *observation, const struct endpoint *endpoint)
{
	struct required_record *record = observation->record;
	struct probe_connection connection;
	bool answered = probe_open(&connection, observation, endpoint, STEP_SESSION_EHLO);

	if (answered && takes_mail(endpoint))
		answered = starttls_say_mail(&connection, &record->inside);
	else if (answered)
		answered = try_logins_inside(&connection);
	probe_close(&connection, answered && record->inside.reply != REPLY_CONTINUE);
}

/* The same is said by a server that wants a login; and a login that is never taken up is not refused
 * for want of TLS. */
static bool
needs_control(const struct required_record *record, const struct endpoint *endpoint)
{
	if (!takes_mail(endpoint))
		return record->auth[0].answer.reply == REPLY_NEGATIVE;
	return record->mail.meaning == REPLY_UNPROTECTED &&
	       record->rset.meaning != REPLY_UNPROTECTED;
}

static void
observe_required(struct observation *observation, const struct endpoint *endpoint)
{
	struct required_record *record = observation->record;

	memset(record, 0, sizeof(*record));
	record->inside.text = "not asked";
	if (!ask_before_tls(observation, endpoint))
		return;
	if (needs_control(record, endpoint))
		ask_inside_tls(observation, endpoint);
	observation_conclude(observation, OUTCOME_DONE, "%s",
		answers_shown(record, takes_mail(endpoint) ? "AUTH " : "", &observation->arena));
}

const struct observer required_observer = {
	.name = "commands before STARTTLS",
	.size = sizeof(struct required_record),
	.connections = 1,
	.observe = observe_required,
};
