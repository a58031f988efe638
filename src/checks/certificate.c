/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * certificate.trusted and certificate.hostname: the verdict on the path, and the names of the leaf.
 */
#include "certificate_view.h"
#include "checks/arguments.h"
#include "checks/steps.h"
#include "evidence/cause.h"
#include "evidence/target.h"
#include "families.h"
#include "objections.h"
#include "x509/hostname.h"

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

/* What is expired, or beyond our limits, is told of first only where nothing else is wrong: the
 * dates are another assertion's, and a limit says nothing of the chain. */
static unsigned
rank_of(const struct path_problem *problem)
{
	if (problem->kind == PATH_LIMIT)
		return 2;
	return path_problem_cause(problem->kind) != CAUSE_PATH;
}

static const struct path_problem *
first_problem(const struct path_verdict *path)
{
	const struct path_problem *first = path->problems;

	for (size_t i = 1; i < path->problem_count; i++)
		if (rank_of(&path->problems[i]) < rank_of(first))
			first = &path->problems[i];
	return first;
}

static void
judge_trusted(const struct arguments *arguments, const struct evidence *evidence,
	const struct peer *peer, struct finding *finding)
{
	const struct path_verdict *path = &peer->path;
	uint32_t causes = peer_distrust(peer) & ~(uint32_t)CAUSE_HOSTNAME;
	const struct path_problem *first = first_problem(path);

	(void)arguments;
	if (peer->chain_count == 0) {
		finding_error(finding, CAUSE_PATH, "NoCertificate", "no certificate was seen");
	} else if (!peer->judged || (!path->trusted && path->problem_count == 0)) {
		finding_error(finding, causes, "NotJudged", "the chain could not be judged");
	} else if (path->trusted) {
		finding_pass(finding, "%s", path_shown(finding->arena, path));
	} else {
		if (first->kind == PATH_LIMIT)
			finding_error(
				finding, causes, path_problem_name(first->kind), "%s", first->text);
		else
			finding_fail(
				finding, causes, path_problem_name(first->kind), "%s", first->text);
		finding_observed(finding, "%s", view_problems(finding->arena, path));
		if (first->hint != NULL)
			finding_fix(finding, "%s", fix_of_problem(finding->arena, first, evidence));
	}
	finding_expected(finding, "a chain that leads to a trust anchor");
}

static void
judge_hostname(const struct arguments *arguments, const struct evidence *evidence,
	const struct peer *peer, struct finding *finding)
{
	const struct argument *name = argument_of(arguments, "name");
	const char *host = name->given ? name->text : evidence->target->host;
	char normal[HOSTNAME_MAX];
	struct error error = { .text = "" };
	struct buf names;
	struct cert leaf;

	if (!view_leaf(peer, finding, &leaf))
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
		.judges_chain = true,
		.judge_peer = judge_trusted,
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
		.judges_chain = true,
		.judge_peer = judge_hostname,
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
};

const struct check_family certificate_family = {
	.name = "certificate",
	.summary = "the certificate that the server presents",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
