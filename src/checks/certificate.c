/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "families.h"
#include "gate/clock.h"
#include "gate/hostname.h"
#include "gate/judge.h"
#include "objections.h"

#define DAY_SECONDS (24 * 60 * 60)

/* The leaf; false, with the finding written, when there is none that can be read. */
static bool
read_leaf(const struct evidence *evidence, struct finding *finding, struct cert *leaf)
{
	const struct tls_facts *tls = &evidence->session.tls;
	struct error error = { .text = "" };

	if (tls->chain_count == 0)
		finding_error(finding, CAUSE_PATH, "NoCertificate", "no certificate was seen");
	else if (!cert_parse(leaf, tls->chain[0], finding->arena, &error))
		finding_fail(finding, CAUSE_PATH, "Malformed", "the certificate cannot be read: %s",
			error.text);
	else
		return true;
	return false;
}

/* "mail.example.test <- Staging CA <- Root CA" */
static const char *
path_shown(struct arena *arena, const struct path_verdict *path)
{
	const char *text = NULL;

	for (size_t i = 0; i < path->member_count; i++) {
		const char *name = cert_name_text(arena, path->members[i].cert->subject);

		text = text == NULL ? name : arena_printf(arena, "%s <- %s", text, name);
	}
	return text != NULL ? text : "no path";
}

static const char *
problems_shown(struct arena *arena, const struct path_verdict *path)
{
	const char *text = NULL;

	for (size_t i = 0; i < path->problem_count; i++)
		text = text == NULL ? path->problems[i].text
				    : arena_printf(arena, "%s; %s", text, path->problems[i].text);
	return text;
}

static void
judge_trusted(
	const struct assertion *assertion, const struct evidence *evidence, struct finding *finding)
{
	const struct path_verdict *path = &evidence->session.path;
	uint32_t causes = conversation_distrust(&evidence->session) & ~(uint32_t)CAUSE_HOSTNAME;
	const struct path_problem *first = path->problems;

	(void)assertion;
	if (!evidence->session.peer_judged || (!path->trusted && path->problem_count == 0)) {
		finding_error(finding, causes, "NotJudged", "the chain could not be judged");
	} else if (path->trusted) {
		finding_pass(finding, "%s", path_shown(finding->arena, path));
	} else {
		finding_fail(finding, causes, path_problem_name(first->kind), "%s", first->text);
		finding_observed(finding, "%s", problems_shown(finding->arena, path));
		if (first->hint != NULL)
			finding_fix(finding, "%s", first->hint);
	}
	finding_expected(finding, "a chain that leads to a trust anchor");
}

static void
judge_hostname(
	const struct assertion *assertion, const struct evidence *evidence, struct finding *finding)
{
	const struct argument *name = argument_of(assertion, "name");
	const char *host = name->given ? name->text : evidence->target->host;
	char normal[HOSTNAME_MAX];
	struct error error = { .text = "" };
	struct buf names;
	struct cert leaf;

	if (!read_leaf(evidence, finding, &leaf))
		return;
	buf_init(&names, 1000);
	cert_add_names(&names, &leaf);
	if (hostname_normalise(host, normal, &error) && hostname_matches(normal, &leaf))
		finding_pass(finding, "the certificate names %s", host);
	else
		finding_fail(finding, name->given ? CAUSE_NONE : CAUSE_HOSTNAME, "HostnameMismatch",
			"the certificate does not name %s", host);
	finding_expected(finding, "%s among its names", host);
	finding_observed(finding, "%s", names.data);
	buf_release(&names);
}

static void
judge_expiry(
	const struct assertion *assertion, const struct evidence *evidence, struct finding *finding)
{
	long days = argument_of(assertion, "days")->number;
	char date[CLOCK_DATE_MAX];
	struct cert leaf;
	int64_t left;

	if (!read_leaf(evidence, finding, &leaf))
		return;
	clock_format_date(date, leaf.not_after);
	left = leaf.not_after - evidence->today;
	if (left < 0)
		finding_fail(finding, CAUSE_LEAF_DATES, "CertificateExpired",
			"the certificate has expired at %s UTC", date);
	else if (left < days * (int64_t)DAY_SECONDS)
		finding_fail(finding, CAUSE_NONE, "CertificateExpiresSoon",
			"the certificate expires in %ld days, at %s UTC",
			(long)(left / DAY_SECONDS), date);
	else
		finding_pass(finding, "the certificate is valid for %ld more days, until %s UTC",
			(long)(left / DAY_SECONDS), date);
	finding_expected(finding, "at least %ld more days", days);
	finding_observed(finding, "notAfter %s UTC", date);
}

static const struct check checks[] = {
	{
		.name = "certificate.trusted",
		.summary = "the certificate leads to a trusted authority",
		.why = "Clients that verify certificates refuse the connection; the others cannot tell "
		       "this server from an impostor.",
		.fix = "Have the server send the certificate followed by all intermediates, without the "
		       "root (Postfix: smtpd_tls_chain_files with the full chain, such as "
		       "fullchain.pem of an ACME client). If the authority is your own, name its "
		       "certificate in trust.ca_file or with --ca-file.",
		.source = "RFC 5280 section 6",
		.step = STEP_HANDSHAKE,
		.judge = judge_trusted,
	},
	{
		.name = "certificate.hostname",
		.summary = "the certificate names the host",
		.why = "Clients that verify certificates compare them with the name they connect to; a "
		       "certificate for another name is refused, or is the sign of an impostor.",
		.fix = "Have a certificate issued whose subjectAltName holds this name (the common name "
		       "does not count), and check that the server chooses it for this server name: "
		       "with several certificates, SNI decides (Postfix: tls_server_sni_maps).",
		.source = "RFC 9525 section 6",
		.step = STEP_HANDSHAKE,
		.judge = judge_hostname,
		.params = {
			{
				.name = "name",
				.type = PARAM_TEXT,
				.objection = object_to_host,
				.help = "The name that the certificate must carry, if it is not the host of "
					"the target.",
				.example = "\"mx.example.com\"",
			},
		},
	},
	{
		.name = "certificate.expiry",
		.summary = "the certificate is valid now and for the days to come",
		.why = "On the day a certificate expires, clients that verify stop delivering; the time "
		       "left is the time to repair a renewal that does not work.",
		.fix = "Renew the certificate and have the server load it: renewal often works while the "
		       "reload of the mail server is forgotten (ACME clients run it as a deploy hook). "
		       "If the certificate on disk is newer than the one seen here, reload the server.",
		.source = "RFC 5280 section 4.1.2.5",
		.step = STEP_HANDSHAKE,
		.judge = judge_expiry,
		.params = {
			{
				.name = "days",
				.type = PARAM_NUMBER,
				.minimum = 0,
				.maximum = 3650,
				.fallback = "14",
				.help = "For how many more days the certificate must be valid.",
				.example = "21",
			},
		},
	},
};

const struct check_family certificate_family = {
	.name = "certificate",
	.summary = "the certificate that the server presents",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
