/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The starttls.* assertions that the session conversation decides alone.
 */
#include "capabilities.h"
#include "checks/steps.h"
#include "evidence/cause.h"
#include "evidence/target.h"
#include "families.h"

static void
judge_offer(const struct arguments *arguments, const struct evidence *evidence,
	const struct heard_list *list, struct finding *finding)
{
	const struct reply *ehlo = &list->list;
	const char *starttls = evidence->target->dialect->starttls;

	(void)arguments;
	if (!judge_readable(ehlo, STEP_EHLO, finding))
		return;
	if (reply_offers_tls(ehlo) || list->is_hint)
		finding_pass(finding, "%s is offered", starttls);
	else
		finding_fail(
			finding, CAUSE_STARTTLS, "StarttlsMissing", "%s is not offered", starttls);
	finding_expected(finding, "%s among the capabilities", starttls);
	finding_observed(finding, "%s", capabilities_shown(finding->arena, ehlo));
}

static void
judge_advertised(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	judge_lists(arguments, evidence, arguments->check->step, judge_offer, finding);
}

/* STARTTLS is not said where it is not seen to be offered; a line that cannot be read may offer it. */
static bool
judge_offer_known(const struct reply *ehlo, struct finding *finding)
{
	return reply_offers_tls(ehlo) || judge_readable(ehlo, STEP_EHLO, finding);
}

static void
judge_accepted(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct reply *reply = &evidence->session.starttls;
	enum outcome outcome = evidence->session.steps[STEP_STARTTLS].outcome;
	const struct dialect *dialect = evidence->target->dialect;
	const struct argument *given = argument_of(arguments, "code");
	long code = given->given ? given->number : dialect->starttls_code;
	const char *shown = reply_shown(finding->arena, reply);

	if (reply->state != REPLY_COMPLETE ||
		(outcome == OUTCOME_BROKEN && !is_wanted(reply, outcome, code))) {
		if (judge_offer_known(&evidence->session.ehlo, finding))
			judge_step(evidence, STEP_STARTTLS, "StarttlsMissing", finding);
		return;
	}
	if (is_wanted(reply, outcome, code))
		finding_pass(finding, "%s", shown);
	else
		finding_fail(finding, outcome == OUTCOME_DONE ? CAUSE_NONE : CAUSE_STARTTLS,
			"StarttlsRefused", "the server answered %s with \"%s\"", dialect->starttls,
			shown);
	if (given->given)
		finding_expected(finding, "%ld", code);
	else
		finding_expected(finding, "%s", dialect->agrees);
	finding_observed(finding, "%s", shown);
}

/* Whether the server has answered the ClientHello, if only by an alert. */
static bool
is_tls_begun(const struct conversation *session)
{
	return session->steps[STEP_HANDSHAKE].outcome == OUTCOME_DONE || session->tls.alert >= 0 ||
	       session->tls.chain_count != 0;
}

static void
judge_clean_reply(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	struct span followed = evidence_stray(evidence);
	const struct reply_line line = { .text = (const char *)followed.data, .len = followed.len };

	(void)arguments;
	finding_expected(finding, "no byte before the server's part of the handshake");
	if (followed.len == 0) {
		/* Only where TLS begins, nothing else has come before it. */
		if (is_tls_begun(&evidence->session))
			finding_pass(finding, "nothing follows the reply");
		else
			judge_step(evidence, STEP_HANDSHAKE, "HandshakeFailed", finding);
		return;
	}
	finding_fail(finding, CAUSE_NONE, "PlaintextAfterStarttls",
		"%zu byte%s of plaintext after the reply to %s", followed.len,
		followed.len == 1 ? "" : "s", evidence->target->dialect->starttls);
	finding_observed(finding, "\"%s\"", line_shown(finding->arena, &line));
}

static void
judge_withdrawn(const struct arguments *arguments, const struct evidence *evidence,
	const struct heard_list *list, struct finding *finding)
{
	const struct reply *ehlo = &list->list;

	(void)arguments;
	(void)evidence;
	if (reply_offers_tls(ehlo))
		finding_fail(finding, CAUSE_NONE, "StarttlsReoffered",
			"%s is offered again inside TLS", ehlo->dialect->starttls);
	else if (judge_readable(ehlo, STEP_SESSION_EHLO, finding))
		finding_pass(finding, "%s is gone inside TLS", ehlo->dialect->starttls);
	finding_observed(finding, "%s", capabilities_shown(finding->arena, ehlo));
}

static void
judge_not_reoffered(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	judge_lists(arguments, evidence, arguments->check->step, judge_withdrawn, finding);
}

static const struct check checks[] = {
	{
		.name = "starttls.advertised",
		.summary = "the change to TLS is offered",
		.why = "Clients that are not offered STARTTLS either send mail and passwords in plaintext "
		       "or do not send at all.",
		.fix = "Configure a certificate and key that the server can read and switch TLS on "
		       "(Postfix: smtpd_tls_chain_files with smtpd_tls_security_level = may, or encrypt "
		       "for submission; Exim: tls_advertise_hosts = *). Servers stop offering STARTTLS "
		       "when a file cannot be loaded: see the mail log. If the server offers it when "
		       "asked on its own machine, a firewall on the way removes it.",
		.source = "RFC 3207 section 2",
		.step = STEP_EHLO,
		.needs = DIALECT_STARTTLS,
		.judge = judge_advertised,
	},
	{
		.name = "starttls.accepted",
		.summary = "STARTTLS gets the expected reply",
		.why = "A server that offers STARTTLS and then refuses it leaves clients with plaintext or "
		       "with undelivered mail.",
		.fix = "454 says that TLS is not available at the moment: see the mail log for a "
		       "certificate or key that cannot be loaded, or an exhausted random source or "
		       "process limit. 501 or 502 says that the command was not understood: look for a "
		       "proxy in front of the server.",
		.source = "RFC 3207 section 4",
		.step = STEP_STARTTLS,
		.judges_outcome = true,
		.needs = DIALECT_STARTTLS,
		.judge = judge_accepted,
		.params = {
			{
				.name = "code",
				.type = PARAM_NUMBER,
				.minimum = 200,
				.maximum = 599,
				.needs = DIALECT_CODES,
				.help = "The reply code that STARTTLS must get: 220 unless given, of FTP "
					"234.",
				.example = "220",
			},
		},
	},
	{
		.name = "starttls.clean_reply",
		.summary = "no byte follows the reply to STARTTLS before the TLS handshake",
		.why = "Bytes behind the reply are not protected by TLS, yet a client that keeps them in "
		       "its buffer takes them for part of the encrypted session: so an attacker on the "
		       "way can put replies of their own into it.",
		.fix = "Update the server, and look for a proxy or filter in front of it that adds "
		       "bytes or answers ahead of the client: nothing may be sent between the end of "
		       "the 220 reply and the handshake.",
		.source = "RFC 3207 sections 4 and 4.2",
		.step = STEP_HANDSHAKE,
		.judges_outcome = true,
		.needs = DIALECT_STARTTLS,
		.judge = judge_clean_reply,
	},
	{
		.name = "starttls.not_reoffered",
		.summary = "STARTTLS is gone from the capabilities inside TLS",
		.why = "A server that offers STARTTLS inside TLS does not know that TLS is active: it may "
		       "have kept what was said in plaintext before, or something in front of it ends "
		       "TLS and passes plaintext on.",
		.fix = "Let the mail server itself speak TLS, or tell it that the connection is already "
		       "protected; if nothing stands in front of it, update it.",
		.source = "RFC 3207 section 4.2",
		.step = STEP_SESSION_EHLO,
		.needs = DIALECT_STARTTLS | DIALECT_WITHDRAWS,
		.judge = judge_not_reoffered,
	},
};

const struct check_family starttls_family = {
	.name = "starttls",
	.summary = "the change from plaintext to TLS",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
