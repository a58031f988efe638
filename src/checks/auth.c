/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "families.h"
#include "gate/checklist.h"
#include "objections.h"

static const char *const login_mechanisms[] = { "PLAIN", "LOGIN", NULL };

static const char *
object_to_mechanisms(const struct assertion *assertion)
{
	if (item_in_both(assertion, "includes", "excludes") != NULL)
		return "a mechanism is both included and excluded";
	return NULL;
}

static const struct check checks[] = {
	{
		.name = "auth.mechanisms",
		.summary = "the server offers the wanted ways to log in, and no unwanted ones",
		.why = "Without a mechanism in common a mail program cannot log in; weak ones such as "
		       "CRAM-MD5 and NTLM make the server keep passwords in a form that can be stolen "
		       "and used.",
		.fix = "Set the mechanisms where logins are checked (Dovecot: auth_mechanisms; Cyrus "
		       "SASL: mech_list). If AUTH is missing altogether, the server does not reach that "
		       "service (Postfix: smtpd_sasl_type, smtpd_sasl_path, smtpd_sasl_auth_enable).",
		.source = "RFC 4954 section 3",
		.step = STEP_SESSION_EHLO,
		.needs_a_param = true,
		.params = {
			{
				.name = "includes",
				.type = PARAM_LIST,
				.objection = object_to_mechanism,
				.help = "The mechanisms that must all be offered inside TLS.",
				.example = "[\"PLAIN\"]",
			},
			{
				.name = "excludes",
				.type = PARAM_LIST,
				.objection = object_to_mechanism,
				.help = "The mechanisms none of which may be offered inside TLS.",
				.example = "[\"CRAM-MD5\", \"NTLM\"]",
			},
		},
		.objection = object_to_mechanisms,
	},
	{
		.name = "auth.not_before_tls",
		.summary = "AUTH is not offered before TLS",
		.why = "A mail program that is offered AUTH in plaintext may send the password where "
		       "everybody on the way can read it.",
		.fix = "Offer AUTH inside TLS only (Postfix: smtpd_tls_auth_only = yes; Exim: "
		       "auth_advertise_hosts = ${if def:tls_in_cipher {*}}; Dovecot: "
		       "disable_plaintext_auth = yes, from 2.4 on auth_allow_cleartext = no).",
		.source = "RFC 4954 section 4",
		.step = STEP_EHLO,
		.starttls_only = true,
	},
	{
		.name = "auth.login",
		.summary = "a user can log in",
		.why = "If this account cannot log in, users probably cannot either: they can send no "
		       "mail.",
		.fix = "535 says that name or password is wrong: try the account where passwords are kept "
		       "(Dovecot: doveadm auth test). 454 says that this service is not reachable: see "
		       "the mail log for the connection to it (Postfix: smtpd_sasl_path).",
		.source = "RFC 4954 section 4, RFC 4616 section 2",
		.step = STEP_AUTH,
		.judges_outcome = true,
		.params = {
			{
				.name = "mechanism",
				.type = PARAM_CHOICE,
				.choices = login_mechanisms,
				.fallback = "\"PLAIN\"",
				.help = "The SASL mechanism to log in with.",
				.example = "\"PLAIN\"",
			},
			{
				.name = "username",
				.type = PARAM_TEXT,
				.required = true,
				.help = "The account to log in with: one that is there for this check only.",
				.example = "\"gate@example.com\"",
			},
			{
				.name = "password",
				.type = PARAM_SECRET,
				.required = true,
				.help = "Its password: a reference to an entry of secrets.",
				.example = "\"${password}\"",
			},
		},
	},
	{
		.name = "auth.rejects_wrong_password",
		.summary = "a wrong password is refused",
		.why = "A server that accepts any password relays mail for everybody; it happens when a "
		       "test backend or a permissive rule is deployed by mistake.",
		.fix = "Check which password database is in use (Dovecot: passdb; no static one, no "
		       "nopassword), and that the service that checks passwords is the one you mean.",
		.source = "RFC 4954 sections 4 and 6",
		.step = STEP_AUTH,
		.judges_outcome = true,
		.params = {
			{
				.name = "mechanism",
				.type = PARAM_CHOICE,
				.choices = login_mechanisms,
				.fallback = "\"PLAIN\"",
				.help = "The SASL mechanism to try.",
				.example = "\"PLAIN\"",
			},
			{
				.name = "username",
				.type = PARAM_TEXT,
				.required = true,
				.help = "The account to try, with a password made up for the occasion.",
				.example = "\"gate@example.com\"",
			},
		},
	},
};

const struct check_family auth_family = {
	.name = "auth",
	.summary = "logging in",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
