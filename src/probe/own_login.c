/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * LOGIN of IMAP (RFC 9051 section 6.2.3), USER and PASS of POP3 (RFC 1939 section 7) and FTP (RFC 959
 * section 4.1.1). What is secret never reaches the transcript.
 */
#include "own_login.h"

#include <string.h>

#include "base/text.h"
#include "probe/endpoint.h"
#include "wire/literal.h"

/* Of a command with its credentials. */
#define COMMAND_MAX 16384

/* Longest literal that LITERAL- lets a client send without waiting (RFC 7888 section 5). */
#define LITERAL_UNASKED_MAX 4096

/* An attempt under way. */
struct exchange {
	struct dialog *dialog;
	struct auth_attempt *attempt;
	struct reply *reply; /* the last one */
	struct error *error;
};

static void
await_another(struct exchange *exchange, enum reply_to to)
{
	reply_release(exchange->reply);
	reply_init(exchange->reply, exchange->dialog->endpoint->dialect,
		&exchange->dialog->record->arena);
	exchange->reply->to = to;
}

/* Sends "COMMAND argument". */
static enum outcome
say(struct exchange *exchange, const char *command, const char *argument, const char *shown)
{
	struct arena *arena = &exchange->dialog->record->arena;
	enum outcome outcome;
	struct buf line;

	buf_init(&line, COMMAND_MAX);
	buf_addf(&line, "%s %s", command, argument);
	outcome = dialog_command(exchange->dialog, line.data,
		arena_printf(arena, "%s %s", command, shown), exchange->reply, exchange->error);
	buf_wipe(&line);
	return outcome;
}

/* Whether a name was taken, and a password is asked for. */
static bool
asks_password(const struct reply *reply)
{
	return reply->meaning == REPLY_OKAY || reply->meaning == REPLY_CHALLENGE;
}

static enum outcome
say_name_and_password(struct exchange *exchange, const struct dialect_login *login)
{
	enum outcome outcome;

	await_another(exchange, REPLY_TO_COMMAND);
	outcome = say(exchange, login->command, exchange->attempt->username, "[user name]");
	if (outcome != OUTCOME_DONE || !asks_password(exchange->reply))
		return outcome;
	await_another(exchange, REPLY_TO_AUTH);
	exchange->attempt->presented = true;
	return say(exchange, login->then, exchange->attempt->password, "[password]");
}

/* Whether each literal of the command may be sent without waiting. */
static bool
takes_literals(const struct exchange *exchange)
{
	const struct reply *list = &exchange->dialog->record->session_ehlo;
	const struct auth_attempt *attempt = exchange->attempt;

	return reply_capability(list, "LITERAL+") != NULL ||
	       (reply_capability(list, "LITERAL-") != NULL &&
		       strlen(attempt->username) <= LITERAL_UNASKED_MAX &&
		       strlen(attempt->password) <= LITERAL_UNASKED_MAX);
}

/* Cuts what is left of the command behind its next literal's length, and takes the plus out of that: the
 * server is waited for. Credentials have no line ends of their own. */
static char *
cut_line(char *line)
{
	char *end = strstr(line, "+}\r\n");

	if (end == NULL)
		return NULL;
	memcpy(end, "}", 2);
	return end + strlen("+}\r\n");
}

/* The command up to its first literal; and the rest, each time that the server asks for it. */
static enum outcome
send_in_parts(struct exchange *exchange, char *command, bool waits)
{
	char *rest = waits ? cut_line(command) : NULL;
	enum outcome outcome;

	exchange->attempt->presented = rest == NULL;
	await_another(exchange, REPLY_TO_AUTH);
	outcome = dialog_command(
		exchange->dialog, command, "LOGIN [credentials]", exchange->reply, exchange->error);
	while (rest != NULL && outcome == OUTCOME_DONE &&
		exchange->reply->meaning == REPLY_CHALLENGE) {
		char *line = rest;

		rest = cut_line(line);
		exchange->attempt->presented = rest == NULL;
		await_another(exchange, REPLY_TO_AUTH);
		outcome = dialog_go_on(
			exchange->dialog, line, "[credentials]", exchange->reply, exchange->error);
	}
	return outcome;
}

/* Name and password are strings: quoted, or literals where that cannot be (RFC 9051 section 4.3). */
static enum outcome
say_both(struct exchange *exchange, const struct dialect_login *login)
{
	const struct auth_attempt *attempt = exchange->attempt;
	enum outcome outcome;
	struct buf command;

	buf_init(&command, COMMAND_MAX);
	buf_addf(&command, "%s ", login->command);
	literal_add(&command, attempt->username, strlen(attempt->username));
	buf_add_char(&command, ' ');
	literal_add(&command, attempt->password, strlen(attempt->password));
	outcome = send_in_parts(exchange, command.data, !takes_literals(exchange));
	buf_wipe(&command);
	return outcome;
}

enum outcome
own_login(struct dialog *dialog, struct auth_attempt *attempt, struct reply *reply,
	struct error *error)
{
	const struct dialect_login *login = &dialog->endpoint->dialect->login;
	struct exchange exchange = { dialog, attempt, reply, error };

	return login->then != NULL ? say_name_and_password(&exchange, login)
				   : say_both(&exchange, login);
}
