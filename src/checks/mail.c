/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The mail.* family, as far as nothing is sent: whose mail is taken, for whom, and how large.
 */
#include "checks/ask.h"
#include "checks/steps.h"
#include "evidence/cause.h"
#include "evidence/finding.h"
#include "evidence/target.h"
#include "families.h"
#include "hellos.h"
#include "mail_login.h"
#include "mail_size.h"
#include "objections.h"
#include "probe/mail_probes.h"

static void
ask_accepted(const struct arguments *arguments, struct questions *questions)
{
	struct transaction_record question = { .login = login_of(arguments),
		.from = argument_of(arguments, "from")->text,
		.to = argument_of(arguments, "to")->text };

	ask(questions, 0, &transaction_observer, &question);
}

static void
ask_relay(const struct arguments *arguments, struct questions *questions)
{
	struct transaction_record question = { .from = argument_of(arguments, "from")->text,
		.to = argument_of(arguments, "to")->text,
		.control = argument_of(arguments, "control")->text };

	ask(questions, 0, &transaction_observer, &question);
}

/* The answers that somebody's question led to; NULL, with the finding written, when there are none. */
static const struct transaction_record *
answers_to(const struct arguments *arguments, const struct evidence *evidence, const char *claim,
	struct finding *finding)
{
	const struct observation *seen = evidence_answer(evidence, arguments, 0);
	const struct transaction_record *record = seen->record;

	finding_observed(finding, "%s", seen->text != NULL ? seen->text : "nothing");
	finding->shown_by = observation_trace(seen);
	if (!judge_logged_in(evidence, &record->attempt, finding))
		return NULL;
	if (seen->outcome == OUTCOME_DONE)
		return record;
	judge_no_proof(evidence, seen, claim, finding);
	return NULL;
}

/* Whether the server said yes to the command. Otherwise the finding is written: only a permanent no
 * is an answer. */
static bool
judge_answer(
	const char *command, const char *type, const struct answer *answer, struct finding *finding)
{
	if (answer->meaning == REPLY_OKAY || answer->meaning == REPLY_FORWARDS)
		return true;
	if (answer->reply == REPLY_NEGATIVE)
		finding_fail(finding, CAUSE_NONE, type, "the server refused %s: \"%s\"", command,
			answer->text);
	else
		finding_error(finding, CAUSE_NONE, "Undecided",
			"the server neither took nor refused %s for good: \"%s\"", command,
			answer->text);
	return false;
}

static void
judge_accepted(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct transaction_record *record =
		answers_to(arguments, evidence, "that the mail is taken", finding);

	finding_expected(finding, "250 to MAIL and to RCPT");
	if (record != NULL && judge_answer("MAIL", "MailRefused", &record->mail, finding) &&
		judge_answer("RCPT", "RecipientRefused", &record->rcpt, finding))
		finding_pass(finding, "the server takes mail from <%s> for <%s>: \"%s\"",
			record->from, record->to, record->rcpt.text);
}

/* A server that wants a login before anything else hands on nothing without one; that it is for want
 * of a login shows where it offers one. */
static bool
demands_login(const struct transaction_record *record, const struct answer *answer)
{
	return record->offers_login && answer->reply == REPLY_NEGATIVE &&
	       (answer->meaning == REPLY_UNPROTECTED || answer->meaning == REPLY_LOGIN_MISSING);
}

/* A server that refuses everybody's mail, or all of ours, would refuse this too: that it is for the
 * recipient shows in another one that is taken from the same sender. A server for its own users takes
 * none at all without a login. Postmaster would not do, whom servers take mail for from everybody (RFC
 * 5321 section 4.5.1). */
static bool
is_about_recipient(const struct transaction_record *record)
{
	if (record->control == NULL)
		return record->offers_login;
	return record->of_control.meaning == REPLY_OKAY ||
	       record->of_control.meaning == REPLY_FORWARDS;
}

static void
report_refusal_of_all(const struct transaction_record *record, struct finding *finding)
{
	if (record->control == NULL)
		finding_error(finding, CAUSE_NONE, "NoProof",
			"RCPT was refused (\"%s\"), but a server that refuses everything shows "
			"nothing: name a recipient that it takes mail for (\"control\")",
			record->rcpt.text);
	else
		finding_error(finding, CAUSE_NONE, "NoProof",
			"RCPT was refused, but so is <%s> (\"%s\"): a server that refuses everything "
			"shows nothing",
			record->control, record->of_control.text);
}

static void
judge_recipient(const struct transaction_record *record, struct finding *finding)
{
	const struct answer *rcpt = &record->rcpt;

	if (rcpt->reply == REPLY_POSITIVE)
		finding_fail(finding, CAUSE_NONE, "RelayOpen",
			"the server takes mail from <%s> for <%s> without a login: \"%s\"",
			record->from, record->to, rcpt->text);
	else if (rcpt->reply != REPLY_NEGATIVE)
		finding_error(finding, CAUSE_NONE, "Undecided",
			"the server neither took nor refused RCPT for good: \"%s\"", rcpt->text);
	else if (!demands_login(record, rcpt) && rcpt->meaning != REPLY_DENIED)
		finding_error(finding, CAUSE_NONE, "NoProof",
			"RCPT was refused, but not because mail for others is not taken: \"%s\"",
			rcpt->text);
	else if (!demands_login(record, rcpt) && !is_about_recipient(record))
		report_refusal_of_all(record, finding);
	else
		finding_pass(finding, "mail for <%s> is refused: \"%s\"", record->to, rcpt->text);
}

static void
judge_relay(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct transaction_record *record =
		answers_to(arguments, evidence, "that mail for others is refused", finding);

	finding_expected(finding, "a permanent refusal of the recipient, such as 550 or 554");
	if (record == NULL)
		return;
	if (record->mail.meaning == REPLY_OKAY)
		judge_recipient(record, finding);
	else if (demands_login(record, &record->mail))
		finding_pass(
			finding, "no mail is taken without a login: \"%s\"", record->mail.text);
	else
		finding_error(finding, CAUSE_NONE, "NoProof",
			"MAIL was not taken, so nothing is known of recipients: \"%s\"",
			record->mail.text);
}

#define FROM(what)                                                                              \
	{                                                                                       \
		.name = "from", .type = PARAM_TEXT, .required = true,                           \
		.objection = object_to_address, .help = what, .example = "\"gate@example.com\"" \
	}

static const struct check checks[] = {
	{
		.name = "mail.accepted",
		.summary = "mail from that sender for that recipient is taken inside TLS",
		.why = "A server that refuses sender or recipient takes no mail, however good its TLS is: "
		       "users cannot send, or mail for them goes back to where it came from.",
		.fix = "Read the reply. 530 and 554 without a login: give the assertion the account "
		       "(username, password), or look at who may send (Postfix: "
		       "smtpd_relay_restrictions, smtpd_recipient_restrictions; Exim: acl_smtp_rcpt). "
		       "550 5.1.1: the recipient is not known (Postfix: local_recipient_maps, "
		       "virtual_mailbox_maps). 450 and 451 are often greylisting: let this client past "
		       "it, or try again later.",
		.source = "RFC 5321 sections 3.3 and 4.3.2",
		.step = STEP_SESSION_EHLO,
		.needs = DIALECT_MAIL,
		.ask = ask_accepted,
		.judge = judge_accepted,
		.objection = object_to_login,
		.params = {
			FROM("The sender, as in MAIL. Nothing is sent."),
			{
				.name = "to",
				.type = PARAM_TEXT,
				.required = true,
				.objection = object_to_address,
				.help = "The recipient, as in RCPT.",
				.example = "\"postmaster@example.com\"",
			},
			MAIL_LOGIN_PARAMS,
		},
	},
	{
		.name = "mail.relay_refused",
		.summary = "mail for others is refused from who has not logged in",
		.why = "An open relay is found within hours and sends spam for everybody; then the server "
		       "is on every blocklist, and its own users' mail is refused everywhere.",
		.fix = "Take mail for others from authenticated users alone (Postfix: "
		       "smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, "
		       "reject_unauth_destination, and mynetworks no wider than your own hosts; Exim: "
		       "acl_smtp_rcpt, relay_to_domains and relay_from_hosts). A client that the server "
		       "trusts by its address sees an open relay: run the gate from elsewhere.",
		.source = "RFC 5321 section 7.9",
		.step = STEP_SESSION_EHLO,
		.needs = DIALECT_MAIL | DIALECT_RELAYS,
		.ask = ask_relay,
		.judge = judge_relay,
		.params = {
			FROM("The sender, as in MAIL; one that this server may well send mail for."),
			{
				.name = "to",
				.type = PARAM_TEXT,
				.required = true,
				.objection = object_to_address,
				.help = "A recipient that is none of this server's. Nothing is sent.",
				.example = "\"nobody@example.net\"",
			},
			{
				.name = "control",
				.type = PARAM_TEXT,
				.objection = object_to_address,
				.help = "A recipient that the server takes mail for without a login, to show that the "
					"refusal is about the other one. It is needed where the server offers no "
					"logins, as on port 25.",
				.example = "\"postmaster@example.com\"",
			},
		},
	},
	{
		.name = "mail.size",
		.summary = "messages of that size are taken",
		.why = "A message that is larger than the server allows goes back to its sender; a limit "
		       "that shrank with a release is noticed when somebody's attachment does not arrive.",
		.fix = "Raise the limit (Postfix: message_size_limit, and mailbox_size_limit along with "
		       "it; Exim: message_size_limit; Dovecot: submission_max_mail_size), and that of "
		       "whatever is behind it. If SIZE is not offered at all, see settings that "
		       "suppress keywords (Postfix: smtpd_discard_ehlo_keywords) and proxies.",
		.source = "RFC 1870 sections 3 to 6",
		.step = STEP_SESSION_EHLO,
		.needs = DIALECT_MAIL,
		.ask = ask_size,
		.judge = judge_size,
		.objection = object_to_size,
		.params = {
			{
				.name = "minimum",
				.type = PARAM_NUMBER,
				.required = true,
				.minimum = 1,
				.maximum = 999999999,
				.help = "The size in bytes of a message that must be taken.",
				.example = "25000000",
			},
			{
				.name = "from",
				.type = PARAM_TEXT,
				.objection = object_to_address,
				.help = "A sender, with which MAIL must be taken for a message of that size, too. "
					"Nothing is sent.",
				.example = "\"gate@example.com\"",
			},
			MAIL_LOGIN_PARAMS,
		},
	},
};

const struct check_family mail_family = {
	.name = "mail",
	.summary = "the message, as far as nothing is sent",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
