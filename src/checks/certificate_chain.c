/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * certificate.chain: whether what was sent is complete, in order, short enough and without a root.
 */
#include "certificate_view.h"
#include "checks/arguments.h"
#include "evidence/cause.h"
#include "families.h"
#include "x509/chain.h"

/* What is being found out: each fault adds to the list, the first one names the finding. */
struct faults {
	const struct evidence *evidence;
	struct arena *arena;
	const char *type;
	const char *list;
	uint32_t causes;
	size_t count;
};

static void
add_fault(struct faults *faults, uint32_t causes, const char *type, const char *text)
{
	if (faults->count++ == 0)
		faults->type = type;
	faults->causes = faults->count == 1 ? causes : CAUSE_NONE;
	faults->list = text_joined(faults->arena, faults->list, text);
}

/* What the path says of the certificate that is missing, if it does. */
static const struct path_problem *
missing_issuer(const struct peer *peer)
{
	for (size_t i = 0; i < peer->path.problem_count; i++)
		if (peer->path.problems[i].kind == PATH_ISSUER_MISSING)
			return &peer->path.problems[i];
	return NULL;
}

static void
find_incomplete(struct faults *faults, const struct peer *peer, struct finding *finding)
{
	const struct path_problem *missing = missing_issuer(peer);

	add_fault(faults, CAUSE_PATH, "ChainIncomplete",
		missing != NULL ? missing->text : "no chain could be built from what was sent");
	if (missing != NULL && missing->hint != NULL)
		finding_fix(
			finding, "%s", fix_of_problem(finding->arena, missing, faults->evidence));
}

static void
find_faults(const struct arguments *arguments, const struct peer *peer,
	const struct chain_shape *shape, struct faults *faults, struct finding *finding)
{
	const struct argument *maximum = argument_of(arguments, "maximum_length");

	if (shape->unreadable != 0)
		add_fault(faults, CAUSE_NONE, "CertificateUnreadable",
			arena_printf(faults->arena, "%zu of the certificates cannot be read",
				shape->unreadable));
	if (argument_of(arguments, "complete")->truth && !shape->complete)
		find_incomplete(faults, peer, finding);
	if (argument_of(arguments, "ordered")->truth && !shape->ordered)
		add_fault(faults, CAUSE_NONE, "ChainOutOfOrder",
			arena_printf(faults->arena,
				"certificate %zu is not the issuer of the one before it",
				shape->out_of_order));
	if (argument_of(arguments, "without_root")->truth && shape->has_root)
		add_fault(faults, CAUSE_NONE, "ChainHasRoot",
			arena_printf(faults->arena, "certificate %zu is a root", shape->root));
	if (maximum->given && shape->length > (size_t)maximum->number)
		add_fault(faults, CAUSE_NONE, "ChainTooLong",
			arena_printf(faults->arena, "%zu certificates were sent", shape->length));
}

/* "0: mail.example.test, 1: Staging CA": what was sent, in its order. */
static const char *
sent_shown(struct arena *arena, const struct peer *peer)
{
	const char *list = NULL;

	for (size_t i = 0; i < peer->chain_count; i++) {
		struct error ignored = { .text = "" };
		struct cert cert;
		const char *name = cert_parse(&cert, peer->chain[i], arena, &ignored)
					   ? cert_name_text(arena, cert.subject)
					   : "unreadable";

		list = text_joined(arena, list, arena_printf(arena, "%zu: %s", i, name));
	}
	return list;
}

static void
judge_chain(const struct arguments *arguments, const struct evidence *evidence,
	const struct peer *peer, struct finding *finding)
{
	struct path_query query = view_query(evidence, peer);
	struct chain_shape shape = chain_measure(&query, &peer->path, finding->arena);
	struct faults faults = { .arena = finding->arena, .evidence = evidence };

	find_faults(arguments, peer, &shape, &faults, finding);
	if (shape.length == 0)
		finding_error(finding, CAUSE_PATH, "NoCertificate", "no certificate was seen");
	else if (faults.count != 0)
		finding_fail(finding, faults.causes, faults.type, "%s", faults.list);
	else
		finding_pass(
			finding, "%zu certificate%s", shape.length, shape.length == 1 ? "" : "s");
	finding_expected(finding, "the certificate, then each issuer of the one before");
	if (shape.length != 0)
		finding_observed(finding, "%s", sent_shown(finding->arena, peer));
}

static const struct check checks[] = {
	{
		.name = "certificate.chain",
		.summary = "the server sends the certificate and all intermediates, in order",
		.why = "A client that does not happen to know a missing intermediate cannot verify the "
		       "server, and some clients take the certificates only in their order; a root in "
		       "the chain is a kilobyte in each handshake for nothing.",
		.fix = "Give the server one file with the certificate first, then each intermediate, each "
		       "followed by its issuer, and no root (Postfix: smtpd_tls_chain_files with the key "
		       "in front; ACME clients write it as fullchain.pem; Dovecot: ssl_cert).",
		.source = "RFC 8446 section 4.4.2",
		.step = STEP_HANDSHAKE,
		.judges_chain = true,
		.judge_peer = judge_chain,
		.params = {
			{
				.name = "complete",
				.type = PARAM_BOOLEAN,
				.fallback = "true",
				.help = "Whether no intermediate may be missing between the certificate and "
					"a root.",
				.example = "true",
			},
			{
				.name = "ordered",
				.type = PARAM_BOOLEAN,
				.fallback = "true",
				.help = "Whether each certificate must be that of the issuer of the one "
					"before it.",
				.example = "false",
			},
			{
				.name = "without_root",
				.type = PARAM_BOOLEAN,
				.fallback = "true",
				.help = "Whether no root may be sent along.",
				.example = "false",
			},
			{
				.name = "maximum_length",
				.type = PARAM_NUMBER,
				.minimum = 1,
				.maximum = 32,
				.help = "The most certificates that may be sent, the server's own among them.",
				.example = "3",
			},
		},
	},
};

const struct check_family certificate_chain_family = {
	.name = "certificate",
	.summary = "the shape of what the server sends",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
