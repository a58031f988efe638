/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What goes along with a certificate: timestamps of transparency logs, and word of its authority
 * that it is not revoked.
 */
#include "base/clock.h"
#include "base/text.h"
#include "certificate_view.h"
#include "checks/arguments.h"
#include "checks/ask.h"
#include "checks/causes.h"
#include "checks/steps.h"
#include "evidence/cause.h"
#include "evidence/target.h"
#include "families.h"
#include "probe/chain_probe.h"
#include "x509/ocsp.h"
#include "x509/sct.h"

/* False, with the finding written, when the server could not be asked. */
static bool
was_answered(const struct evidence *evidence, const struct observation *observation,
	struct finding *finding)
{
	if (observation != NULL && observation->outcome == OUTCOME_DONE)
		return true;
	if (evidence->cut_short != NULL)
		finding_error(
			finding, CAUSE_CUT_SHORT, "NotRun", "not decided: %s", evidence->cut_short);
	else
		finding_error(finding,
			observation != NULL
				? cause_shared(evidence, &observation->conversation, STEP_HANDSHAKE)
				: CAUSE_NONE,
			"NoAnswer", "a hello that asks for it was not answered: %s",
			observation != NULL && observation->text != NULL ? observation->text
									 : "not sent");
	return false;
}

/* Adds the timestamps of a list, but for those of the future, which no client counts. */
static bool
add_timestamps(struct sct_list *all, struct span bytes, int64_t today, struct finding *finding)
{
	struct error error = { .text = "" };
	struct sct_list list;

	if (bytes.len == 0)
		return true;
	if (!sct_list_parse(&list, bytes, finding->arena, &error)) {
		finding_fail(finding, CAUSE_NONE, "TimestampsMalformed",
			"the timestamps cannot be read: %s", error.text);
		return false;
	}
	for (size_t i = 0; i < list.count; i++) {
		if (list.scts[i].version == 0 && list.scts[i].timestamp > today)
			continue;
		*ARENA_ADD(finding->arena, all->scts, all->count) = list.scts[i];
	}
	return true;
}

/* What the server sent beside that certificate; empty when it was not seen. */
static struct span
timestamps_beside(const struct observation *observation, const struct cert *leaf)
{
	const struct span none = { NULL, 0 };
	const struct chain_record *record;

	if (observation == NULL || observation->outcome != OUTCOME_DONE)
		return none;
	record = observation->record;
	return span_equal(record->peer.chain[0], leaf->der) ? record->timestamps : none;
}

/* Whether it was seen what the server sends beside that certificate; else the finding is written. Of
 * several certificates, the server chose one for the hello. */
static bool
is_beside_seen(const struct evidence *evidence, const struct observation *observation,
	const struct cert *leaf, struct finding *finding)
{
	const struct chain_record *record;

	if (!was_answered(evidence, observation, finding))
		return false;
	record = observation->record;
	if (span_equal(record->peer.chain[0], leaf->der))
		return true;
	finding_error(finding, CAUSE_NONE, "NoAnswer",
		"a hello that asks for it was answered with another certificate");
	return false;
}

/* "log ID at DATE" for each, the id in base64 as lists of logs have it. */
static const char *
timestamps_shown(struct arena *arena, const struct sct_list *all)
{
	const char *list = NULL;

	for (size_t i = 0; i < all->count; i++) {
		const struct sct *one = &all->scts[i];
		char date[CLOCK_DATE_MAX];
		struct buf id;

		if (one->version != 0)
			continue;
		buf_init(&id, 4 * SCT_LOG_ID_LEN);
		text_add_base64(&id, one->log_id.data, one->log_id.len);
		clock_format_date(date, one->timestamp);
		list = text_joined(
			arena, list, arena_printf(arena, "log %s at %s UTC", id.data, date));
		buf_release(&id);
	}
	return list != NULL ? list : "no timestamp";
}

static void
judge_transparency(const struct arguments *arguments, const struct evidence *evidence,
	const struct peer *peer, struct finding *finding)
{
	long minimum = argument_of(arguments, "minimum")->number;
	const struct observation *observation = evidence_observed(evidence, &chain_observer);
	struct sct_list all = { NULL, 0 };
	struct span beside;
	struct cert leaf;
	size_t logs;

	if (!view_leaf(peer, finding, &leaf))
		return;
	beside = timestamps_beside(observation, &leaf);
	if (!add_timestamps(&all, leaf.sct_list, evidence->today, finding) ||
		!add_timestamps(&all, beside, evidence->today, finding))
		return;
	logs = sct_list_logs(&all);
	if (logs >= (size_t)minimum)
		finding_pass(finding, "timestamps of %zu logs", logs);
	else if (evidence->target->certificate_file != NULL ||
		 is_beside_seen(evidence, observation, &leaf, finding))
		finding_fail(finding, CAUSE_NONE, "TimestampsMissing", "timestamps of %zu log%s",
			logs, logs == 1 ? "" : "s");
	finding_expected(finding, "timestamps of at least %ld logs", minimum);
	finding_observed(finding, "%s", timestamps_shown(finding->arena, &all));
}

static void
judge_nothing_stapled(
	const struct arguments *arguments, const struct cert *leaf, struct finding *finding)
{
	if (leaf->must_staple)
		finding_fail(finding, CAUSE_NONE, "MustStaple",
			"the certificate says that an OCSP response is stapled, and none is");
	else if (leaf->malformed != NULL)
		finding_fail(finding, CAUSE_PATH, "Malformed",
			"whether an OCSP response must be stapled cannot be relied on: %s",
			leaf->malformed);
	else if (leaf->ocsp_url.len == 0)
		finding_pass(finding,
			"the certificate names no OCSP responder: there is nothing to staple");
	else if (!argument_of(arguments, "required")->truth)
		finding_pass(finding, "no OCSP response is stapled, and none is required");
	else
		finding_fail(finding, CAUSE_NONE, "NothingStapled", "no OCSP response is stapled");
}

static const char *
ocsp_shown(struct arena *arena, const struct ocsp_facts *facts)
{
	char from[CLOCK_DATE_MAX], until[CLOCK_DATE_MAX] = "";

	clock_format_date(from, facts->this_update);
	if (facts->has_next_update)
		clock_format_date(until, facts->next_update);
	return arena_printf(
		arena, "of %s UTC%s%s", from, until[0] != '\0' ? ", good until " : "", until);
}

static void
judge_stapled(const struct ocsp_query *query, struct finding *finding)
{
	struct ocsp_verdict verdict = ocsp_judge(query, finding->arena);
	const char *list = NULL;

	for (size_t i = 0; i < verdict.problem_count; i++)
		list = text_joined(finding->arena, list, verdict.problems[i].text);
	if (verdict.good)
		finding_pass(finding, "the OCSP response says good");
	else if (verdict.problem_count != 0)
		finding_fail(finding, CAUSE_NONE, ocsp_problem_name(verdict.problems[0].kind), "%s",
			verdict.problems[0].text);
	finding_observed(finding, "a response %s%s%s", ocsp_shown(finding->arena, &verdict.facts),
		list != NULL ? ": " : "", list != NULL ? list : "");
}

/* A key of the path that we cannot compute with; NULL when there is none. */
static const struct path_problem *
limit_of(const struct peer *peer)
{
	for (size_t i = 0; i < peer->path.problem_count; i++)
		if (peer->path.problems[i].kind == PATH_LIMIT)
			return &peer->path.problems[i];
	return NULL;
}

/* Where the hello proves nothing, the session may have. */
static const struct peer *
proof_of(const struct evidence *evidence, const struct peer *seen)
{
	const struct peer *session = &evidence->session.peer;

	if (session->chain_count != 0 && span_equal(session->chain[0], seen->chain[0]))
		return seen->proven ? seen : session;
	return seen;
}

static void
judge_stapling(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct observation *observation = evidence_observed(evidence, &chain_observer);
	const struct chain_record *record;
	struct error error = { .text = "" };
	struct cert leaf;

	if (!was_answered(evidence, observation, finding))
		return;
	record = observation->record;
	if (!cert_parse(&leaf, record->peer.chain[0], finding->arena, &error))
		finding_fail(finding, CAUSE_PATH, "Malformed", "the certificate cannot be read: %s",
			error.text);
	else if (record->stapled.len == 0)
		judge_nothing_stapled(arguments, &leaf, finding);
	else if (limit_of(&record->peer) != NULL)
		finding_error(finding, CAUSE_PATH, path_problem_name(PATH_LIMIT),
			"the OCSP response cannot be judged: %s", limit_of(&record->peer)->text);
	else if (record->peer.path.member_count < 2)
		finding_error(finding, CAUSE_PATH, "NoIssuer",
			"the OCSP response cannot be judged without the issuer's certificate");
	else
		judge_stapled(&(struct ocsp_query){ .response = record->stapled,
				      .cert = &leaf,
				      .issuer = record->peer.path.members[1].cert,
				      .at = evidence->today },
			finding);
	judge_proof(evidence, proof_of(evidence, &record->peer), finding);
	finding_expected(finding, "an OCSP response that is signed, fresh and says good");
}

static const struct check checks[] = {
	{
		.name = "certificate.transparency",
		.summary = "the certificate is in enough transparency logs",
		.why = "Certificates that were issued behind the owner's back come to light in public "
		       "logs only; clients that look refuse a certificate without their timestamps.",
		.fix = "Have the certificate issued by a public authority that embeds the timestamps, as "
		       "all of them do today. Certificates of an authority of your own have none: leave "
		       "the assertion out for them.",
		.source = "RFC 6962 section 3.3",
		.step = STEP_HANDSHAKE,
		.judges_chain = true,
		.observers = { &chain_observer },
		.judge_peer = judge_transparency,
		.params = {
			{
				.name = "minimum",
				.type = PARAM_NUMBER,
				.minimum = 1,
				.maximum = 20,
				.fallback = "2",
				.help = "From how many different logs there must be a timestamp, in the "
					"certificate or beside it in the handshake. The signatures of the logs "
					"are not verified.",
				.example = "3",
			},
		},
	},
	{
		.name = "certificate.stapling",
		.summary = "the server staples word that the certificate is not revoked",
		.why = "Without a stapled OCSP response clients must ask the authority or do without; a "
		       "certificate that says it must be stapled is refused without one, and a stale or "
		       "revoked one by any client that looks.",
		.fix = "Let the server fetch and staple OCSP responses (Exim: tls_ocsp_file; Postfix and "
		       "Dovecot cannot: do not request must-staple for them, or put a proxy in front "
		       "that can), and renew them before they run out. A revoked certificate is "
		       "replaced, with a new key.",
		.source = "RFC 6066 section 8, RFC 6960 section 3.2, RFC 7633",
		.step = STEP_HANDSHAKE,
		.judges_outcome = true,
		.observers = { &chain_observer },
		.judge = judge_stapling,
		.params = {
			{
				.name = "required",
				.type = PARAM_BOOLEAN,
				.fallback = "true",
				.help = "Whether a response must be there if the certificate names an OCSP "
					"responder; one that is there must be good in any case.",
				.example = "false",
			},
		},
	},
};

const struct check_family certificate_status_family = {
	.name = "certificate",
	.summary = "what goes along with the certificate",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
