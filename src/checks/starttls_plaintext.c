/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a server makes of commands that come before TLS. The session conversation, in which
 * STARTTLS and the handshake went through, is the control of all of them.
 */
#include <string.h>

#include "capabilities.h"
#include "checks/arguments.h"
#include "checks/ask.h"
#include "checks/causes.h"
#include "evidence/cause.h"
#include "evidence/finding.h"
#include "evidence/target.h"
#include "families.h"
#include "hellos.h"
#include "plaintext_logins.h"
#include "probe/starttls_probes.h"

static void
judge_no_injection(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct observation *seen = evidence_observed(evidence, &injection_observer);
	const struct injection_record *record = seen->record;

	(void)arguments;
	finding_expected(finding, "%s to %s as the first reply inside TLS, or a refusal",
		evidence->target->dialect->farewell, evidence->target->dialect->quit);
	finding_observed(finding, "%s", seen->text != NULL ? seen->text : "nothing");
	finding->shown_by = observation_trace(seen);
	if (seen->outcome == OUTCOME_REFUSED)
		finding_pass(finding, "the server ends %s that has a command behind it",
			evidence->target->dialect->starttls);
	else if (seen->outcome != OUTCOME_DONE)
		judge_no_proof(evidence, seen, "that such commands are dropped", finding);
	else if (record->answered)
		finding_fail(finding, CAUSE_NONE, "CommandInjected",
			"a command sent in plaintext behind %s was run inside TLS: \"%s\"",
			evidence->target->dialect->starttls, record->first.text);
	else
		finding_pass(finding, "a command behind %s is dropped",
			evidence->target->dialect->starttls);
}

/* RFC 3207 section 4 has 530 for this, RFC 4954 section 6 also 538 for AUTH. */
static bool
demands_tls(const struct answer *answer)
{
	return answer->meaning == REPLY_UNPROTECTED;
}

/* What RCPT met tells of a transaction. */
enum state { STATE_FORGOTTEN, STATE_SURVIVED, STATE_UNKNOWN };

/* With the same enhanced status code, where there is one (RFC 3463). */
static bool
is_same_answer(const struct answer *one, const struct answer *other)
{
	return one->code == other->code && strcmp(one->codes, other->codes) == 0;
}

/* A bad sequence says that there is no transaction, unless it is said within one too. Any other answer tells
 * only where it is not the same with a transaction as without; where none is to be had inside TLS,
 * what RCPT does not get without one shows that there is one. */
static enum state
state_of(const struct answer *answer, const struct state_record *record)
{
	if (answer->meaning == REPLY_BAD_SEQUENCE && record->with.meaning != REPLY_BAD_SEQUENCE)
		return STATE_FORGOTTEN;
	if (answer->reply == REPLY_TRANSIENT || demands_tls(answer))
		return STATE_UNKNOWN;
	if (answer->code != record->without.code)
		return STATE_SURVIVED;
	if (record->with.reply == REPLY_NO_STATUS ||
		is_same_answer(&record->with, &record->without))
		return STATE_UNKNOWN;
	if (is_same_answer(answer, &record->with))
		return STATE_SURVIVED;
	return is_same_answer(answer, &record->without) ? STATE_FORGOTTEN : STATE_UNKNOWN;
}

static void
judge_state(const struct state_record *record, struct finding *finding)
{
	/* A client begins with EHLO; who does not wait for it must be refused as well. */
	enum state at_once = record->at_once.reply == REPLY_NO_STATUS
				     ? STATE_FORGOTTEN
				     : state_of(&record->at_once, record);
	enum state after_ehlo = state_of(&record->after_ehlo, record);

	if (at_once == STATE_SURVIVED || after_ehlo == STATE_SURVIVED)
		finding_fail(finding, CAUSE_NONE, "StateSurvived",
			"a transaction begun before STARTTLS goes on inside TLS: RCPT got \"%s\"",
			at_once == STATE_SURVIVED ? record->at_once.text : record->after_ehlo.text);
	else if (at_once == STATE_FORGOTTEN && after_ehlo == STATE_FORGOTTEN)
		finding_pass(
			finding, "the transaction is forgotten: \"%s\"", record->after_ehlo.text);
	else
		finding_error(finding, CAUSE_NONE, "NoProof",
			"what RCPT got inside TLS does not tell whether there is a transaction: "
			"\"%s\"",
			at_once == STATE_UNKNOWN ? record->at_once.text : record->after_ehlo.text);
}

static void
judge_forgets_state(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct observation *seen = evidence_observed(evidence, &state_observer);
	const struct state_record *record = seen->record;

	(void)arguments;
	finding_expected(finding, "RCPT inside TLS refused for want of MAIL");
	finding_observed(finding, "%s", seen->text != NULL ? seen->text : "nothing");
	finding->shown_by = observation_trace(seen);
	if (seen->outcome == OUTCOME_REFUSED)
		finding_pass(
			finding, "nothing that could survive is taken before TLS: %s", seen->text);
	else if (seen->outcome != OUTCOME_DONE)
		judge_no_proof(evidence, seen, "that the transaction is forgotten", finding);
	else
		judge_state(record, finding);
}

static bool
auth_demands_tls(const struct required_record *record)
{
	for (size_t i = 0; i + record->barred_count < record->auth_count; i++)
		if (!demands_tls(&record->auth[i].answer))
			return false;
	return true;
}

/* 530 to MAIL can also be for want of a login (RFC 4954 section 6). That it is for want of TLS shows
 * in a command that takes no login: RSET, or AUTH itself; or in MAIL inside TLS, which then gets
 * another answer. */
static bool
is_for_tls(const struct required_record *record)
{
	return auth_demands_tls(record) || demands_tls(&record->rset) ||
	       (record->inside.reply != REPLY_NO_STATUS && !demands_tls(&record->inside));
}

static void
judge_required_answers(const struct required_record *record, struct finding *finding)
{
	const struct answer *open = auth_open(record);

	if (!demands_tls(&record->mail))
		finding_error(finding, CAUSE_NONE, "NoProof",
			"MAIL before TLS was refused, but not for want of TLS: \"%s\"",
			record->mail.text);
	else if (open != NULL)
		finding_error(finding, CAUSE_LOGIN_TAKEN, "NoProof",
			"AUTH before TLS was neither taken nor refused for good: \"%s\"",
			open->text);
	else if (!is_for_tls(record))
		finding_error(finding, CAUSE_NONE, "NoProof",
			"MAIL before TLS was refused, but that may be for want of a login: \"%s\"; "
			"inside TLS: \"%s\"",
			record->mail.text, record->inside.text);
	else
		finding_pass(
			finding, "MAIL and AUTH are refused before TLS: \"%s\"", record->mail.text);
}

/* The ways to log in come with commas between them, that one last. */
static bool
lists_untried(const struct heard_list *list, const char *untried)
{
	const char *logins = (const char *)list->logins.data;
	size_t own = strlen(untried), len = list->logins.len;

	return len >= own && memcmp(logins + len - own, untried, own) == 0 &&
	       (len == own || logins[len - own - 1] == ' ');
}

/* To the session, or on any other connection. */
static bool
offers_untried(const struct evidence *evidence, struct arena *arena)
{
	const char *untried = evidence->target->dialect->untried;
	struct heard_list own = session_list(evidence, STEP_EHLO, arena);
	struct hearing hearing;

	if (untried == NULL || lists_untried(&own, untried))
		return untried != NULL;
	for (size_t i = 0; evidence_hearing(evidence, i, &hearing); i++)
		for (size_t j = 0; j < hearing.heard->count; j++)
			if (!hearing.heard->lists[j].inside &&
				lists_untried(&hearing.heard->lists[j], untried))
				return true;
	return false;
}

/* A refused login is refused for want of TLS where the answer says so, or where it is taken up inside
 * TLS. */
static void
judge_required_logins(
	const struct observation *seen, const struct evidence *evidence, struct finding *finding)
{
	const struct required_record *record = seen->record;
	const struct answer *open = auth_open(record);
	const char *text = record->auth[0].answer.text;

	if (offers_untried(evidence, finding->arena))
		finding_error(finding, CAUSE_LOGIN_OFFERED, "NoProof",
			"%s is offered before TLS: whether it is taken shows in a login alone, and "
			"none is tried there",
			evidence->target->dialect->untried);
	else if (open != NULL)
		finding_error(finding, CAUSE_LOGIN_TAKEN, "NoProof",
			"a login before TLS was neither taken nor refused for good: \"%s\"",
			open->text);
	else if (!auth_demands_tls(record) && record->inside.reply != REPLY_POSITIVE &&
		 record->inside.reply != REPLY_CONTINUE)
		finding_error(finding,
			cause_shared(evidence, &seen->conversation, STEP_SESSION_EHLO), "NoProof",
			"a login was refused before TLS, but that may be for another reason: "
			"\"%s\"; inside TLS: \"%s\"",
			text, record->inside.text);
	else
		finding_pass(finding, "logins are refused before TLS: \"%s\"", text);
}

static void
judge_required(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct observation *seen = evidence_observed(evidence, &required_observer);
	const struct required_record *record = seen->record;
	const struct answer *taken = auth_taken(record);
	bool takes_mail = (evidence->target->dialect->features & DIALECT_MAIL) != 0;

	(void)arguments;
	finding_expected(finding, "%s",
		takes_mail ? "530 to MAIL, and 530 or another permanent refusal to AUTH"
			   : "a refusal of what begins a login");
	finding_observed(finding, "%s", seen->text != NULL ? seen->text : "nothing");
	finding->shown_by = observation_trace(seen);
	if (record->mail.reply == REPLY_POSITIVE)
		finding_fail(finding, CAUSE_NONE, "MailInPlaintext",
			"the server takes MAIL before TLS: \"%s\"", record->mail.text);
	else if (taken != NULL)
		finding_fail(finding, CAUSE_LOGIN_TAKEN, "AuthInPlaintext",
			"the server takes %s before TLS: \"%s\"", takes_mail ? "AUTH" : "a login",
			taken->text);
	else if (seen->outcome != OUTCOME_DONE)
		judge_no_proof(evidence, seen, "that TLS is required", finding);
	else if (takes_mail)
		judge_required_answers(record, finding);
	else
		judge_required_logins(seen, evidence, finding);
}

static const struct check checks[] = {
	{
		.name = "starttls.no_injection",
		.summary = "a command sent in plaintext behind STARTTLS is not run inside TLS",
		.why = "Who is on the way appends commands to STARTTLS, and the server runs them as if the "
		       "client had sent them inside TLS: so mail and passwords of a victim end up in a "
		       "message of the attacker's.",
		.fix = "Update the server: Postfix drops such commands since 2.8.3, Exim never kept them. "
		       "If the server is up to date, a proxy in front of it (a spam filter, a load "
		       "balancer) reads ahead: update that, or let connections through to the server.",
		.source = "CVE-2011-0411, RFC 3207 section 6",
		.step = STEP_HANDSHAKE,
		.needs = DIALECT_STARTTLS,
		.observers = { &injection_observer },
		.judge = judge_no_injection,
	},
	{
		.name = "starttls.forgets_state",
		.summary = "a transaction begun before STARTTLS does not go on inside TLS",
		.why = "Who is on the way can begin a transaction in plaintext; if the server keeps it, the "
		       "client that then starts TLS goes on with the sender that the attacker chose.",
		.fix = "Update the server, and look for a proxy in front of it that starts TLS and keeps "
		       "one conversation with the server behind it: after STARTTLS both must start anew.",
		.source = "RFC 3207 section 4.2",
		.step = STEP_HANDSHAKE,
		.needs = DIALECT_STARTTLS | DIALECT_MAIL,
		.observers = { &state_observer },
		.judge = judge_forgets_state,
	},
	{
		.name = "starttls.required",
		.summary = "mail and logins are refused before TLS",
		.why = "A server that also works without TLS lets clients send passwords and mail in "
		       "plaintext, and they do as soon as somebody on the way removes STARTTLS from the "
		       "EHLO reply.",
		.fix = "Require TLS on ports where users log in (Postfix: smtpd_tls_security_level = "
		       "encrypt for submission; Exim: auth_advertise_hosts and an ACL that demands "
		       "encrypted = *; Dovecot: ssl = required). On port 25 of a public MX mail must be "
		       "taken without TLS: leave this assertion out there.",
		.source = "RFC 3207 section 4, RFC 8314 section 3",
		.step = STEP_EHLO,
		.needs = DIALECT_STARTTLS,
		.observers = { &required_observer },
		.judge = judge_required,
	},
};

const struct check_family starttls_plaintext_family = {
	.name = "starttls",
	.summary = "what is said before TLS",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
