/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A message that is announced and given up. Nothing is sent: behind the recipients comes RSET, and
 * QUIT shows that each answer was one to its command.
 */
#include "base/text.h"
#include "probe/dialog.h"
#include "probe/endpoint.h"
#include "probe/mail_probes.h"

static const char *
mail_command(const struct probe_connection *connection, const struct transaction_record *record)
{
	struct arena *arena = &connection->observation->arena;
	const struct reply *ehlo = &connection->dialog.record->session_ehlo;

	if (record->size == 0 || reply_capability(ehlo, "SIZE") == NULL)
		return arena_printf(arena, "MAIL FROM:<%s>", record->from);
	return arena_printf(arena, "MAIL FROM:<%s> SIZE=%ld", record->from, record->size);
}

static bool
say_recipient(struct probe_connection *connection, const char *to, struct answer *answer)
{
	return probe_say(connection,
		arena_printf(&connection->observation->arena, "RCPT TO:<%s>", to), answer);
}

static bool
ask_recipients(struct probe_connection *connection)
{
	struct transaction_record *record = connection->observation->record;

	if (record->mail.reply != REPLY_POSITIVE || record->to == NULL)
		return true;
	if (!say_recipient(connection, record->to, &record->rcpt))
		return false;
	return record->rcpt.reply != REPLY_NEGATIVE || record->control == NULL ||
	       say_recipient(connection, record->control, &record->of_control);
}

static bool
give_up(struct probe_connection *connection)
{
	struct answer ignored;

	if (!probe_say(connection, "RSET", &ignored))
		return false;
	if (dialog_in_step(&connection->dialog))
		return true;
	observation_conclude(connection->observation, OUTCOME_BROKEN,
		"the server's replies do not keep step with the commands");
	return false;
}

static bool
announce(struct probe_connection *connection)
{
	struct transaction_record *record = connection->observation->record;

	record->offers_login = connection->dialog.record->session_ehlo.mechanism_count != 0;
	return probe_login(connection, &record->login, &record->attempt) &&
	       probe_say(connection, mail_command(connection, record), &record->mail) &&
	       ask_recipients(connection) && give_up(connection);
}

static void
conclude(struct observation *observation)
{
	const struct transaction_record *record = observation->record;
	struct arena *arena = &observation->arena;
	const char *text = arena_printf(arena, "MAIL: %s", record->mail.text);

	if (record->rcpt.reply != REPLY_NO_STATUS)
		text = arena_printf(arena, "%s; RCPT: %s", text, record->rcpt.text);
	if (record->of_control.reply != REPLY_NO_STATUS)
		text = arena_printf(arena, "%s; RCPT for <%s>: %s", text, record->control,
			record->of_control.text);
	observation_conclude(observation, OUTCOME_DONE, "%s", text);
}

static void
observe_transaction(struct observation *observation, const struct endpoint *endpoint)
{
	struct transaction_record *record = observation->record;
	struct probe_connection connection;

	*record = (struct transaction_record){ .login = record->login,
		.from = record->from,
		.to = record->to,
		.control = record->control,
		.size = record->size };
	if (probe_open(&connection, observation, endpoint, STEP_SESSION_EHLO) &&
		announce(&connection))
		conclude(observation);
	probe_close(&connection, false);
}

static bool
asks_same_transaction(const void *record, const void *other)
{
	const struct transaction_record *one = record, *two = other;

	return login_is_same(&one->login, &two->login) && one->size == two->size &&
	       text_equal(one->from, two->from) && text_equal(one->to, two->to) &&
	       text_equal(one->control, two->control);
}

const struct observer transaction_observer = {
	.name = "a message that is announced",
	.size = sizeof(struct transaction_record),
	.connections = 1,
	.asks_same = asks_same_transaction,
	.observe = observe_transaction,
};
