/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The auth.* family: which logins are offered, inside TLS and before it.
 */
#include "capabilities.h"
#include "checks/arguments.h"
#include "checks/steps.h"
#include "evidence/cause.h"
#include "families.h"
#include "hellos.h"
#include "objections.h"
#include "plaintext_logins.h"

static const char *
object_to_mechanisms(const struct arguments *arguments)
{
	if (item_in_both(arguments, "includes", "excludes") != NULL)
		return "a mechanism is both included and excluded";
	if (argument_of(arguments, "before_tls")->truth &&
		!argument_of(arguments, "includes")->given &&
		!argument_of(arguments, "excludes")->given)
		return "\"before_tls\" says where, and \"includes\" or \"excludes\" what";
	return NULL;
}

/* The mechanisms that are offered (or not) though the list wants it otherwise; NULL: none. */
static const char *
mechanisms_amiss(
	struct arena *arena, const struct argument *list, const struct reply *ehlo, bool wanted)
{
	const char *amiss = NULL;

	for (size_t i = 0; i < list->count; i++) {
		const char *mechanism = list->items[i];

		if (reply_offers_mechanism(ehlo, mechanism) == wanted)
			continue;
		amiss = amiss == NULL ? mechanism : arena_printf(arena, "%s, %s", amiss, mechanism);
	}
	return amiss;
}

/* Whether all that somebody wanted to log in with, and that was not offered, is in the list: then
 * what is missing here is what stopped them. */
static bool
covers_attempts(const struct argument *list, const struct evidence *evidence)
{
	for (size_t i = 0; i < evidence->attempt_count; i++) {
		const struct auth_attempt *attempt = &evidence->attempts[i];

		if (attempt->conversation != NULL && !attempt->offered &&
			!argument_lists(list, attempt->mechanism))
			return false;
	}
	return true;
}

/* At which step the list came that is meant. */
static enum step
step_meant(const struct arguments *arguments)
{
	return argument_of(arguments, "before_tls")->truth ? STEP_EHLO : STEP_SESSION_EHLO;
}

/* What is missing before TLS stops nobody. */
static uint32_t
cause_of_missing(const struct reply *list, enum step step, const struct argument *includes,
	const struct evidence *evidence)
{
	return step == STEP_SESSION_EHLO &&
			       (list->mechanism_count == 0 || covers_attempts(includes, evidence))
		       ? CAUSE_AUTH
		       : CAUSE_NONE;
}

static void
judge_mechanisms_of(const struct arguments *arguments, const struct evidence *evidence,
	const struct heard_list *heard, struct finding *finding)
{
	enum step step = step_meant(arguments);
	const struct reply *list = &heard->list;
	const char *offer = logins_shown(finding->arena, heard);
	const struct argument *includes = argument_of(arguments, "includes");
	const char *missing = mechanisms_amiss(finding->arena, includes, list, true);
	const char *unwanted =
		mechanisms_amiss(finding->arena, argument_of(arguments, "excludes"), list, false);
	const char *shown = offer[0] != '\0' ? offer
					     : arena_printf(finding->arena, "%s is not offered",
						       list->dialect->sasl.keyword);

	if (unwanted == NULL && !judge_readable(list, step, finding))
		return;
	/* It may stand in a line that cannot be read. */
	if (missing != NULL && !heard->is_hint && reply_malformed_capability(list) == NULL)
		finding_fail(finding, cause_of_missing(list, step, includes, evidence),
			"MechanismMissing", "%s: missing %s", shown, missing);
	else if (unwanted != NULL)
		finding_fail(finding, CAUSE_NONE, "MechanismOffered", "offered: %s", unwanted);
	else
		finding_pass(finding, "%s", shown);
	finding_observed(finding, "%s", shown);
}

static void
judge_mechanisms(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	judge_lists(arguments, evidence, step_meant(arguments), judge_mechanisms_of, finding);
}

/* What is not offered may be taken all the same. */
static void
judge_tried_before_tls(const struct evidence *evidence, struct finding *finding)
{
	const struct observation *seen = evidence_observed(evidence, &required_observer);
	const struct answer *taken = auth_taken(seen->record), *open = auth_open(seen->record);

	finding->shown_by = observation_trace(seen);
	finding_observed(finding, "%s", seen->text != NULL ? seen->text : "nothing");
	if (taken != NULL)
		finding_fail(finding, CAUSE_LOGIN_TAKEN, "AuthBeforeTls",
			"no login is offered before TLS, but one is taken up: \"%s\"", taken->text);
	else if (seen->outcome != OUTCOME_DONE)
		judge_no_proof(evidence, seen, "that no login is taken before TLS", finding);
	else if (open != NULL)
		finding_error(finding, CAUSE_LOGIN_TAKEN, "NoProof",
			"a login before TLS was neither taken nor refused for good: \"%s\"",
			open->text);
	else
		finding_pass(finding, "no login is offered before TLS, and none is taken");
}

static void
judge_logins_of(const struct arguments *arguments, const struct evidence *evidence,
	const struct heard_list *heard, struct finding *finding)
{
	const char *offer = logins_shown(finding->arena, heard);

	(void)arguments;
	(void)evidence;
	finding_expected(
		finding, "no login is offered before TLS, and a refusal of what begins one");
	if (offer[0] == '\0') {
		if (judge_readable(&heard->list, STEP_EHLO, finding))
			finding_pass(finding, "no login is offered before TLS");
		return;
	}
	finding_fail(finding, CAUSE_LOGIN_OFFERED, "AuthBeforeTls",
		"a login is offered before TLS: %s", offer);
	finding_observed(finding, "%s", offer);
}

static void
judge_not_before_tls(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	judge_lists(arguments, evidence, STEP_EHLO, judge_logins_of, finding);
	if (finding->verdict == VERDICT_PASS)
		judge_tried_before_tls(evidence, finding);
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
		.needs = DIALECT_DIALOGUE | DIALECT_SASL,
		.needs_a_param = true,
		.judge = judge_mechanisms,
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
			{
				.name = "before_tls",
				.type = PARAM_BOOLEAN,
				.fallback = "false",
				.needs = DIALECT_STARTTLS,
				.help = "Whether that is asserted of what is offered before TLS, and not inside.",
				.example = "false",
			},
		},
		.objection = object_to_mechanisms,
	},
	{
		.name = "auth.not_before_tls",
		.summary = "no way to log in is offered before TLS, and none is taken",
		.why = "A mail program that is offered AUTH in plaintext may send the password where "
		       "everybody on the way can read it.",
		.fix = "Offer AUTH inside TLS only (Postfix: smtpd_tls_auth_only = yes; Exim: "
		       "auth_advertise_hosts = ${if def:tls_in_cipher {*}}; Dovecot: "
		       "disable_plaintext_auth = yes, from 2.4 on auth_allow_cleartext = no).",
		.source = "RFC 4954 section 4",
		.step = STEP_EHLO,
		.needs = DIALECT_STARTTLS | DIALECT_LOGIN,
		.observers = { &required_observer },
		.judge = judge_not_before_tls,
	},
};

const struct check_family auth_family = {
	.name = "auth",
	.summary = "which logins are offered",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
