/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * mta_sts.certificate: what senders that go by a policy of MTA-STS make of a mail server's certificate. They
 * know nothing of whom the checklist trusts.
 */
#include <string.h>

#include "certificate_view.h"
#include "checks/arguments.h"
#include "evidence/cause.h"
#include "evidence/target.h"
#include "families.h"

static const char *
object_to_literal(const struct arguments *arguments, const struct target *target)
{
	const char *end = target->host;

	(void)arguments;
	while (end != NULL && ((*end >= '0' && *end <= '9') || *end == '.'))
		end++;
	if (end == NULL || (*end != '\0' && strchr(target->host, ':') == NULL))
		return NULL;
	return "whose host is an address, and senders go by the name of an MX record";
}

/* The same chain, held against the public's authorities. */
static struct peer
judged_by_public(const struct evidence *evidence, const struct peer *peer, struct arena *arena)
{
	const struct peer_terms terms = { .host = evidence->target->host,
		.trust = evidence->public_roots,
		.at = evidence->today };
	struct peer judged;

	peer_judge(&judged, peer->chain, peer->chain_count, &terms, arena);
	return judged;
}

static void
tell_distrust(const struct evidence *evidence, const struct peer *judged, struct finding *finding)
{
	const char *problems = view_problems(finding->arena, &judged->path);
	uint32_t causes = peer_distrust(judged);

	if (view_is_limited(&judged->path) && judged->names_host)
		finding_error(finding, causes, "NotJudged", "the chain could not be judged: %s",
			problems);
	else if ((causes & CAUSE_PATH) != 0 && !view_is_limited(&judged->path))
		finding_fail(finding, causes, "NotPubliclyTrusted",
			"the authorities that the public trusts do not vouch for the certificate: %s",
			problems != NULL ? problems : "it could not be judged");
	else if ((causes & CAUSE_LEAF_DATES) != 0)
		finding_fail(finding, causes, "OutOfDates",
			"the certificate is out of its dates: %s", problems);
	else
		finding_fail(finding, causes, "HostnameMismatch",
			"the certificate does not name %s", evidence->target->host);
	if (problems != NULL)
		finding_observed(finding, "%s", problems);
}

static void
judge_certificate(const struct arguments *arguments, const struct evidence *evidence,
	const struct peer *peer, struct finding *finding)
{
	struct cert leaf;
	struct peer judged;

	(void)arguments;
	if (!view_leaf(peer, finding, &leaf))
		return;
	if (evidence->public_roots == NULL) {
		finding_error(finding, CAUSE_NONE, "NotJudged",
			"the authorities that the public trusts are not known");
		return;
	}
	judged = judged_by_public(evidence, peer, finding->arena);
	if (peer_distrust(&judged) == CAUSE_NONE)
		finding_pass(
			finding, "the public's authorities vouch for %s", evidence->target->host);
	else
		tell_distrust(evidence, &judged, finding);
	finding_expected(finding,
		"a certificate that names %s, has not expired, and leads to a public authority",
		evidence->target->host);
}

static const struct check checks[] = {
	{
		.name = "mta_sts.certificate",
		.summary = "senders that go by MTA-STS take the certificate",
		.why = "While a policy is in mode enforce, senders hand mail over to a server only if its "
		       "certificate names the host of the MX record, has not expired and comes from an "
		       "authority that everybody trusts. An authority of one's own, which the checklist "
		       "may trust, is none to them.",
		.fix = "Install a certificate of a public authority, with the host of the MX record among "
		       "its names and all intermediates behind it (Postfix: smtpd_tls_chain_files; an ACME "
		       "client: fullchain.pem), and reload.",
		.source = "RFC 8461 section 4.2",
		.subject = SUBJECT_SERVER,
		.step = STEP_HANDSHAKE,
		.needs = DIALECT_STARTTLS | DIALECT_RELAYS,
		.needs_public_roots = true,
		.judges_chain = true,
		.target_objection = object_to_literal,
		.judge_peer = judge_certificate,
	},
};

const struct check_family mta_sts_certificate_family = {
	.name = "mta_sts",
	.summary = "MTA-STS: the certificates of the mail servers",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
