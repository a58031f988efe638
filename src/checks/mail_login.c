/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The login of the rows of the message.
 */
#include "mail_login.h"

#include "evidence/cause.h"
#include "evidence/target.h"
#include "withheld.h"

const char *const mail_mechanisms[] = { "PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1",
	"SCRAM-SHA-256", NULL };

const char *
object_to_login(const struct arguments *arguments)
{
	bool has_name = argument_of(arguments, "username")->given;
	bool has_password = argument_of(arguments, "password")->given;

	if (has_name == has_password)
		return NULL;
	return has_name ? "a \"username\" needs a \"password\""
			: "a \"password\" needs a \"username\"";
}

struct login
login_of(const struct arguments *arguments)
{
	return (struct login){ .mechanism = argument_of(arguments, "mechanism")->text,
		.username = argument_of(arguments, "username")->text,
		.password = argument_of(arguments, "password")->text };
}

static bool
report_withheld(const struct evidence *evidence, const struct auth_attempt *attempt,
	struct finding *finding)
{
	judge_withheld(evidence, "the password", peer_distrust(&attempt->conversation->peer),
		arena_printf(finding->arena, "the certificate is not trusted for %s",
			evidence->target->host),
		finding);
	return false;
}

bool
judge_logged_in(const struct evidence *evidence, const struct auth_attempt *attempt,
	struct finding *finding)
{
	const char *command = evidence->target->dialect->sasl.command;

	if (attempt->conversation == NULL || auth_attempt_succeeded(attempt))
		return true;
	if (attempt->withheld)
		return report_withheld(evidence, attempt, finding);
	if (attempt->offered && attempt->outcome != OUTCOME_DONE)
		return true;
	if (attempt->flaw != AUTH_FLAWLESS)
		finding_error(finding, CAUSE_NONE, "NotLoggedIn", "%s was not logged in: %s %s: %s",
			attempt->username, command, attempt->mechanism, attempt->flaw_text);
	else if (!attempt->offered)
		finding_error(finding, CAUSE_NONE, "NotLoggedIn",
			"nobody was logged in: %s %s is not offered inside TLS", command,
			attempt->mechanism);
	else
		finding_error(finding, CAUSE_NONE, "NotLoggedIn",
			"%s was not logged in: the server answered %s %s with \"%s\"",
			attempt->username, command, attempt->mechanism, attempt->text);
	return false;
}
