/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Calls the judge of one assertion: for the step that broke, or for each peer, of which the worst
 * counts.
 */
#include "run/judge.h"

#include <string.h>

#include "checks/steps.h"
#include "evidence/cause.h"
#include "evidence/names.h"
#include "evidence/target.h"
#include "probe/chain_probe.h"

/* What holds for the certificates that were seen need not hold for one that was not. */
static void
judge_completeness(const struct evidence *evidence, struct finding *finding)
{
	const struct observation *others = evidence_observed(evidence, &other_chains_observer);

	if (finding->verdict != VERDICT_PASS || others == NULL || others->outcome == OUTCOME_DONE)
		return;
	finding->shown_by = observation_trace(others);
	if (evidence->cut_short != NULL)
		finding_error(
			finding, CAUSE_CUT_SHORT, "NotRun", "not decided: %s", evidence->cut_short);
	else
		finding_error(finding, CAUSE_OTHER_CERTIFICATE, "NoProof",
			"whether the server has another certificate, for another kind of key, is "
			"not known: %s",
			others->text != NULL ? others->text : "not asked");
}

/* Of several peers, what is true of one need not be true of another: the worst finding stands. */
static unsigned
badness_of(const struct finding *finding)
{
	return finding->verdict == VERDICT_FAIL ? 2 : finding->verdict != VERDICT_PASS;
}

/* Whether one of the texts of a list is that, and not just the beginning of another. */
static bool
lists(const char *list, const char *text)
{
	size_t len = strlen(text);

	for (const char *at = list; (at = strstr(at, text)) != NULL; at++)
		if ((at == list || at[-1] == ' ') && (at[len] == '\0' || at[len] == ';'))
			return true;
	return false;
}

/* One certificate with several chains is named once where the same holds of them. */
static const char *
joined(struct arena *arena, const char *list, const char *who, const char *text)
{
	if (text == NULL)
		return list;
	text = arena_printf(arena, "(%s) %s", who, text);
	if (list != NULL && lists(list, text))
		return list;
	return list == NULL ? text : arena_printf(arena, "%s; %s", list, text);
}

/* Adds one peer's finding to those of others that are as bad. What has no cause counts for
 * itself, so then all of it does. */
static void
join_finding(struct finding *all, const struct finding *one, const char *who, bool is_first)
{
	const char *message = is_first ? NULL : all->message;
	const char *observed = is_first ? NULL : all->observed;

	if (is_first)
		*all = *one;
	else
		all->causes = all->causes == 0 || one->causes == 0 ? CAUSE_NONE
								   : all->causes | one->causes;
	all->message = joined(all->arena, message, who, one->message);
	all->observed = joined(all->arena, observed, who, one->observed);
	if (all->fix == NULL)
		all->fix = one->fix;
}

/* Who holds the key of a certificate holds it whatever comes along with it. */
static const struct peer *
proof_of(const struct peer *const *peers, size_t count, const struct peer *peer)
{
	for (size_t i = 0; i < count; i++)
		if (peers[i]->proven && span_equal(peers[i]->chain[0], peer->chain[0]))
			return peers[i];
	return peer;
}

static void
judge_peers(const struct evidence *evidence, const struct arguments *arguments,
	const struct peer *const *peers, size_t count, struct finding *finding)
{
	struct finding *findings = arena_array(finding->arena, count, sizeof(*findings));
	unsigned worst = 0;
	bool is_first = true;

	for (size_t i = 0; i < count; i++) {
		finding_init(&findings[i], finding->arena);
		arguments->check->judge_peer(arguments, evidence, peers[i], &findings[i]);
		judge_proof(evidence, proof_of(peers, count, peers[i]), &findings[i]);
		judge_completeness(evidence, &findings[i]);
		if (badness_of(&findings[i]) > worst)
			worst = badness_of(&findings[i]);
	}
	if (count == 1)
		*finding = findings[0];
	for (size_t i = 0; i < count && count > 1; i++) {
		if (badness_of(&findings[i]) != worst)
			continue;
		join_finding(finding, &findings[i], peer_name(peers[i], finding->arena), is_first);
		is_first = false;
	}
}

/* Writes the finding where there is nothing to ask: nobody to connect to, or no names to look up. */
static bool
judge_missing(const struct evidence *evidence, const struct check *check, struct finding *finding)
{
	const struct target *target = evidence->target;

	if (target->left_out != NULL &&
		(check->subject != SUBJECT_NAMES || check->of_each_address)) {
		finding_skip(finding, "not gated: %s", target->left_out);
		return true;
	}
	if (check->subject == SUBJECT_WHOLE || target->missing == CAUSE_NONE ||
		(check->subject == SUBJECT_NAMES && target->names != NULL))
		return false;
	if (evidence->cut_short != NULL)
		finding_error(
			finding, CAUSE_CUT_SHORT, "NotRun", "not decided: %s", evidence->cut_short);
	else
		finding_error(finding, target->missing, "NoServer", "no server to ask: %s",
			target->missing_text);
	return true;
}

/* Whether the server is left out because this machine has no route to it. */
static bool
judge_unrouted(const struct evidence *evidence, const struct check *check, struct finding *finding)
{
	const struct target *target = evidence->target;

	if (check->subject != SUBJECT_SERVER || !target->all_addresses ||
		target->ipv6 != IPV6_IF_ROUTED || !evidence->session.no_route ||
		target->address == NULL || !is_ipv6_address(target->address))
		return false;
	finding_skip(finding,
		"not gated: this machine has no route to %s (\"ipv6\": \"if_routed\")",
		target->address);
	return true;
}

/* Calls the judge of the row once everything that it takes for granted is there. */
static void
judge_row(const struct evidence *evidence, const struct arguments *arguments, struct arena *arena,
	struct finding *finding)
{
	const struct check *check = arguments->check;
	const struct peer **peers = NULL;
	size_t count = 0;
	enum step broken;

	if (check->judges_chain)
		peers = evidence_peers(evidence, arena, &count);
	if (count != 0)
		judge_peers(evidence, arguments, peers, count, finding);
	else if (check->subject == SUBJECT_SERVER &&
		 evidence_broken_step(evidence, check->step, &broken) &&
		 !(check->judges_outcome && broken == check->step))
		judge_broken_step(evidence, broken, finding);
	else if (check->judges_chain)
		check->judge_peer(arguments, evidence, evidence_peer(evidence), finding);
	else
		check->judge(arguments, evidence, finding);
}

void
judge_arguments(const struct evidence *evidence, const struct arguments *arguments,
	struct arena *arena, struct finding *finding)
{
	const struct check *check = arguments->check;

	finding_init(finding, arena);
	if (!judge_missing(evidence, check, finding) && !judge_unrouted(evidence, check, finding))
		judge_row(evidence, arguments, arena, finding);
}
