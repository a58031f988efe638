/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * mail_login: the login that rows of the message may begin with, and what is said where it fails.
 */
#ifndef GATE_CHECKS_MAIL_LOGIN_H
#define GATE_CHECKS_MAIL_LOGIN_H

#include "checks/arguments.h"
#include "evidence/evidence.h"
#include "evidence/finding.h"
#include "probe/login.h"

/* The mechanisms that it may have; ends with NULL. */
extern const char *const mail_mechanisms[];

/* The parameters of a row with such a login. */
#define MAIL_LOGIN_PARAMS                                                                     \
	{ .name = "username",                                                                 \
		.type = PARAM_TEXT,                                                           \
		.help = "The account to log in with before that; unless given, nobody does.", \
		.example = "\"gate@example.com\"" },                                          \
		{ .name = "password",                                                         \
			.type = PARAM_SECRET,                                                 \
			.help = "Its password: a reference to an entry of secrets.",          \
			.example = "\"${password}\"" },                                       \
	{                                                                                     \
		.name = "mechanism", .type = PARAM_CHOICE, .choices = mail_mechanisms,        \
		.fallback = "\"PLAIN\"", .help = "The SASL mechanism to log in with.",        \
		.example = "\"PLAIN\""                                                        \
	}

/* The objection of such a row: a user name without a password, or the other way round. */
const char *object_to_login(const struct arguments *arguments);

/* The login that the arguments ask for. */
struct login login_of(const struct arguments *arguments);

/* Whether nothing stood in the way of what comes behind the login: it succeeded, or none was wanted, or
 * it was not come to. Otherwise the finding is an error that says why there was none. */
bool judge_logged_in(const struct evidence *evidence, const struct auth_attempt *attempt,
	struct finding *finding);

#endif
