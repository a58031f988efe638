/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One real attempt to authenticate.
 */
#include "probe/login.h"

#include "authenticate.h"
#include "base/text.h"

bool
login_is_same(const struct login *login, const struct login *other)
{
	if (login->username == NULL && other->username == NULL)
		return true;
	return text_equal(login->mechanism, other->mechanism) &&
	       text_equal(login->username, other->username) &&
	       text_equal(login->password, other->password);
}

/* Why it did not succeed. */
static const char *
reason_of(const struct auth_attempt *attempt)
{
	if (attempt->withheld)
		return "the password was not sent: the certificate is not trusted";
	if (attempt->flaw != AUTH_FLAWLESS)
		return attempt->flaw_text;
	return attempt->offered ? attempt->text : "not offered inside TLS";
}

bool
probe_login(struct probe_connection *connection, const struct login *login,
	struct auth_attempt *attempt)
{
	if (login->username == NULL)
		return true;
	*attempt = (struct auth_attempt){ .mechanism = login->mechanism,
		.username = login->username,
		.password = login->password,
		.genuine = true };
	authenticate(&connection->dialog, attempt, 1);
	if (auth_attempt_succeeded(attempt))
		return true;
	observation_conclude(connection->observation, OUTCOME_BROKEN, "%s %s: %s",
		connection->endpoint->dialect->sasl.command, login->mechanism, reason_of(attempt));
	return false;
}
