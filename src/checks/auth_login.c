/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The rest of the auth.* family: what came of the attempts to log in.
 */
#include <string.h>

#include "base/text.h"
#include "capabilities.h"
#include "checks/advice.h"
#include "checks/arguments.h"
#include "checks/ask.h"
#include "checks/steps.h"
#include "evidence/cause.h"
#include "evidence/target.h"
#include "families.h"
#include "objections.h"
#include "withheld.h"

/* Those in which a no tells of the password alone: a channel binding that a server does not know gets
 * the same. The last two are no mechanisms of SASL: struct dialect_login. */
#define PASSWORD_MECHANISMS                                                                     \
	"PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256", "OAUTHBEARER", "XOAUTH2", \
		"IMAP LOGIN", "USER"

static const char *const password_mechanisms[] = { PASSWORD_MECHANISMS, NULL };

static const char *const login_mechanisms[] = { PASSWORD_MECHANISMS, "SCRAM-SHA-1-PLUS",
	"SCRAM-SHA-256-PLUS", "EXTERNAL", NULL };

static bool
is_mechanism(const struct arguments *arguments, const char *mechanism)
{
	const char *text = argument_of(arguments, "mechanism")->text;

	return text != NULL && text_same(text, mechanism);
}

static bool
needs_token(const struct arguments *arguments)
{
	return is_mechanism(arguments, "OAUTHBEARER") || is_mechanism(arguments, "XOAUTH2");
}

static bool
has_no_token(const struct arguments *arguments)
{
	return !needs_token(arguments);
}

/* The certificate of the target says who logs in (RFC 4422 appendix A). */
static bool
is_external(const struct arguments *arguments)
{
	return is_mechanism(arguments, "EXTERNAL");
}

static bool
needs_username(const struct arguments *arguments)
{
	return !is_external(arguments);
}

static bool
has_no_password(const struct arguments *arguments)
{
	return needs_token(arguments) || is_external(arguments);
}

static bool
needs_password(const struct arguments *arguments)
{
	return !has_no_password(arguments);
}

static bool
is_own_login(const struct dialect *dialect, const char *mechanism)
{
	return dialect->login.name != NULL && text_same(dialect->login.name, mechanism);
}

/* What begins that login: "AUTH PLAIN", "USER". */
static const char *
login_shown(struct arena *arena, const struct dialect *dialect, const char *mechanism)
{
	return is_own_login(dialect, mechanism)
		       ? mechanism
		       : arena_printf(arena, "%s %s", dialect->sasl.command, mechanism);
}

/* Who logs in, for messages. */
static const char *
user_shown(const struct auth_attempt *attempt)
{
	return attempt->username[0] != '\0' ? attempt->username : "the client certificate";
}

static const char *
object_to_login(const struct arguments *arguments, const struct target *target)
{
	const char *mechanism = argument_of(arguments, "mechanism")->text;
	bool is_own = mechanism != NULL &&
		      (text_same(mechanism, "USER") || text_same(mechanism, "IMAP LOGIN"));

	if (mechanism == NULL || is_own_login(target->dialect, mechanism))
		return NULL;
	if (is_external(arguments) && target->identity == NULL)
		return "which has no \"client_certificate\" to log in with";
	if (is_own)
		return "which has no login of that name: IMAP LOGIN is for IMAP, USER for POP3 and FTP";
	return (target->dialect->features & DIALECT_SASL) != 0
		       ? NULL
		       : "in which nobody logs in by SASL: give it \"mechanism\": \"USER\"";
}

static void
ask_login(const struct arguments *arguments, struct questions *questions)
{
	ask_attempt(questions,
		is_external(arguments)
			? ""
			: argument_of(arguments, needs_token(arguments) ? "token" : "password")
				  ->text);
}

static void
ask_wrong_password(const struct arguments *arguments, struct questions *questions)
{
	(void)arguments;
	ask_attempt(questions, NULL);
}

/* Why the server's certificate is not trusted for the host. */
static const char *
distrust_shown(struct arena *arena, const struct conversation *conversation, const char *host)
{
	const struct path_verdict *path = &conversation->peer.path;

	if (path->problem_count != 0)
		return arena_printf(
			arena, "the certificate is not trusted: %s", path->problems[0].text);
	if (conversation->peer.judged && !conversation->peer.names_host)
		return arena_printf(arena, "the certificate does not name %s", host);
	return "the certificate could not be judged";
}

static void
report_no_attempt(const struct evidence *evidence, struct finding *finding)
{
	if (evidence->cut_short != NULL)
		finding_error(
			finding, CAUSE_CUT_SHORT, "NotRun", "not decided: %s", evidence->cut_short);
	else
		finding_error(finding, CAUSE_NONE, "NotRun",
			"not tried: the server took no further connection");
}

static void
judge_missing_mechanism(const struct auth_attempt *attempt, struct finding *finding)
{
	if (judge_readable(&attempt->conversation->session_ehlo, STEP_SESSION_EHLO, finding))
		finding_fail(finding, CAUSE_AUTH, "MechanismMissing",
			"%s is not offered inside TLS",
			login_shown(finding->arena, attempt->conversation->session_ehlo.dialect,
				attempt->mechanism));
}

/* The attempt and its last reply; NULL, with the finding written, when there was none. */
static const struct auth_attempt *
answered_attempt(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct auth_attempt *attempt = evidence_attempt(evidence, arguments);

	if (attempt != NULL && attempt->spared)
		finding_error(finding, CAUSE_NONE, "NotRun",
			"not tried: the server was tried with another wrong password in this run, and "
			"one is enough to make it delay logins");
	else if (attempt == NULL || attempt->conversation == NULL)
		report_no_attempt(evidence, finding);
	else if (!attempt->offered)
		judge_missing_mechanism(attempt, finding);
	else if (attempt->withheld)
		judge_withheld(evidence, "the password",
			peer_distrust(&attempt->conversation->peer),
			distrust_shown(
				finding->arena, attempt->conversation, evidence->target->host),
			finding);
	else if (attempt->flaw != AUTH_FLAWLESS)
		return attempt;
	else if (attempt->outcome != OUTCOME_DONE && evidence->cut_short != NULL)
		report_no_attempt(evidence, finding);
	else if (attempt->outcome != OUTCOME_DONE)
		finding_error(finding, CAUSE_NONE, "NoAnswer", "%s: %s",
			login_shown(finding->arena, evidence->target->dialect, attempt->mechanism),
			attempt->text);
	else
		return attempt;
	return NULL;
}

/* What the client of the mechanism found, whatever the server said behind it. False: nothing. */
static bool
judge_flaw(const struct auth_attempt *attempt, struct finding *finding)
{
	switch (attempt->flaw) {
	case AUTH_FLAWLESS:
		return false;
	case AUTH_UNPROVEN:
	case AUTH_FALSE_PROOF:
	case AUTH_FOREIGN_NONCE:
		finding_fail(finding, CAUSE_NONE, "ServerUnproven",
			"the server did not show that it knows the password: %s",
			attempt->flaw_text);
		break;
	case AUTH_FEW_ITERATIONS:
		finding_fail(finding, CAUSE_NONE, "FewIterations", "%s", attempt->flaw_text);
		break;
	case AUTH_MALFORMED:
		finding_fail(finding, CAUSE_NONE, "MechanismBroken", "%s: %s", attempt->mechanism,
			attempt->flaw_text);
		break;
	case AUTH_DECLINED:
		if (attempt->reply == REPLY_TRANSIENT)
			finding_error(finding, CAUSE_NONE, "LoginUndecided",
				"the server did not decide: \"%s\"", attempt->flaw_text);
		else
			finding_fail(finding, CAUSE_NONE, "LoginRefused",
				"the server refused the login of %s: \"%s\"", user_shown(attempt),
				attempt->flaw_text);
		break;
	case AUTH_UNDECIDED:
		finding_error(finding, CAUSE_NONE, "LoginUndecided", "%s: %s", attempt->mechanism,
			attempt->flaw_text);
		break;
	}
	finding_observed(finding, "%s", attempt->flaw_text);
	return true;
}

static bool
is_bound(const struct auth_attempt *attempt)
{
	return text_glob("*-PLUS", attempt->mechanism);
}

/* Whether the same account got in without a binding: then the password is not what is wrong. */
static bool
gets_in_unbound(const struct evidence *evidence, const struct auth_attempt *attempt)
{
	for (size_t i = 0; i < evidence->attempt_count; i++) {
		const struct auth_attempt *other = &evidence->attempts[i];

		if (!is_bound(other) && auth_attempt_succeeded(other) && other->genuine &&
			strcmp(other->username, attempt->username) == 0 &&
			strcmp(other->password, attempt->password) == 0)
			return true;
	}
	return false;
}

/* 4yz and a further challenge leave open what the server thinks of the password. */
static void
judge_login(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct auth_attempt *attempt = answered_attempt(arguments, evidence, finding);
	const char *text;

	if (attempt == NULL)
		return;
	text = attempt->text;
	finding_observed(finding, "%s", text);
	if (judge_flaw(attempt, finding))
		;
	else if (attempt->meaning == REPLY_AUTHENTICATED)
		finding_pass(
			finding, "%s logged in with %s", user_shown(attempt), attempt->mechanism);
	else if (attempt->reply == REPLY_NEGATIVE && is_bound(attempt) &&
		 !gets_in_unbound(evidence, attempt))
		finding_error(finding, CAUSE_NONE, "LoginUndecided",
			"the server refused the login of %s: \"%s\"; the password may be wrong, or the "
			"server knows another channel binding: a login without -PLUS beside it tells",
			attempt->username, text);
	else if (attempt->reply == REPLY_NEGATIVE)
		finding_fail(finding, CAUSE_NONE, "LoginRefused",
			"the server refused the login of %s: \"%s\"", user_shown(attempt), text);
	else
		finding_error(finding, CAUSE_NONE, "LoginUndecided",
			"the server did not decide: \"%s\"", text);
	finding_why(finding, "%s", arguments->check->why);
	finding_fix(finding, "%s",
		advice_fix(arguments->check, evidence->target->dialect, finding->arena));
	finding_expected(finding, "%s", evidence->target->dialect->logged_in);
}

/* Only 535 says that the credentials are wrong (RFC 4954 section 6); other refusals may be for
 * reasons that would stop the right password too. */
static void
judge_wrong_password(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct auth_attempt *attempt = answered_attempt(arguments, evidence, finding);
	const char *text;

	if (attempt == NULL)
		return;
	text = attempt->text;
	if (attempt->meaning == REPLY_AUTHENTICATED)
		finding_fail(finding, CAUSE_NONE, "WrongPasswordAccepted",
			"the server let %s in with a made-up password", attempt->username);
	else if (attempt->flaw != AUTH_FLAWLESS && attempt->flaw != AUTH_DECLINED)
		finding_error(finding, CAUSE_NONE, "LoginUndecided",
			"the exchange did not come to its end: %s", attempt->flaw_text);
	else if (attempt->meaning == REPLY_BAD_CREDENTIALS && !attempt->presented)
		finding_error(finding, CAUSE_NONE, "LoginUndecided",
			"the server refused before it was told a password: \"%s\"", text);
	else if (attempt->meaning == REPLY_BAD_CREDENTIALS)
		finding_pass(finding, "%s", text);
	else
		finding_error(finding, CAUSE_NONE, "LoginUndecided",
			"the answer does not say that the password is wrong: \"%s\"", text);
	finding_expected(finding, "%s", evidence->target->dialect->bad_login);
	finding_observed(finding, "%s", text);
}

static const struct check checks[] = {
	{
		.name = "auth.login",
		.summary = "a user can log in",
		.why = "If this account cannot log in, users probably cannot either: they can send or "
		       "read no mail.",
		.fix = "535 says that name or password is wrong: try the account where passwords are kept "
		       "(Dovecot: doveadm auth test). 454 says that this service is not reachable: see "
		       "the mail log for the connection to it (Postfix: smtpd_sasl_path).",
		.source = "RFC 4954 section 4, RFC 4616 section 2, RFC 5802 section 3",
		.step = STEP_AUTH,
		.judges_outcome = true,
		.needs = DIALECT_DIALOGUE | DIALECT_LOGIN,
		.target_objection = object_to_login,
		.ask = ask_login,
		.judge = judge_login,
		.params = {
			{
				.name = "mechanism",
				.type = PARAM_CHOICE,
				.choices = login_mechanisms,
				.fallback = "\"PLAIN\"",
				.help = "The SASL mechanism to log in with. Those that end in -PLUS bind the "
					"login to its TLS connection: tls-exporter in TLS 1.3, tls-unique in 1.2. "
					"IMAP LOGIN is the command of IMAP, USER stands for USER and PASS of "
					"POP3 and FTP.",
				.example = "\"PLAIN\"",
			},
			{
				.name = "username",
				.type = PARAM_TEXT,
				.required = true,
				.required_with = needs_username,
				.objection = object_to_username,
				.help = "The account to log in with: one that is there for this check only. With "
					"EXTERNAL it may be left out: the certificate tells.",
				.example = "\"gate@example.com\"",
			},
			{
				.name = "password",
				.type = PARAM_SECRET,
				.required = true,
				.required_with = needs_password,
				.useless_with = has_no_password,
				.help = "Its password: a reference to an entry of secrets. OAUTHBEARER and "
					"XOAUTH2 have a token instead, EXTERNAL the target's client_certificate.",
				.example = "\"${password}\"",
			},
			{
				.name = "token",
				.type = PARAM_SECRET,
				.required_with = needs_token,
				.useless_with = has_no_token,
				.help = "The token of OAUTHBEARER or XOAUTH2: a reference to an entry of "
					"secrets.",
				.example = "\"${token}\"",
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
		.needs = DIALECT_DIALOGUE | DIALECT_LOGIN,
		.target_objection = object_to_login,
		.ask = ask_wrong_password,
		.judge = judge_wrong_password,
		.params = {
			{
				.name = "mechanism",
				.type = PARAM_CHOICE,
				.choices = password_mechanisms,
				.fallback = "\"PLAIN\"",
				.help = "The SASL mechanism to try, or IMAP LOGIN or USER.",
				.example = "\"PLAIN\"",
			},
			{
				.name = "username",
				.type = PARAM_TEXT,
				.required = true,
				.objection = object_to_username,
				.help = "The account to try, with a password made up for the occasion.",
				.example = "\"gate@example.com\"",
			},
		},
	},
};

const struct check_family auth_login_family = {
	.name = "auth",
	.summary = "logging in",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
