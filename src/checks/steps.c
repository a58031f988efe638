/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What there is to say of a step that is not done.
 */
#include "checks/steps.h"

#include "checks/causes.h"
#include "evidence/cause.h"
#include "evidence/target.h"

/* What was cut short could have gone either way: nothing is said of the server. A step that was
 * refused was answered before, and what was hung up on had its end. */
static bool
is_cut_short(const struct evidence *evidence, const struct step_record *record)
{
	return evidence->cut_short != NULL && record->outcome != OUTCOME_REFUSED &&
	       record->status != STREAM_CLOSED && record->status != STREAM_RESET;
}

void
judge_broken_step(const struct evidence *evidence, enum step step, struct finding *finding)
{
	const struct step_record *record = &evidence->session.steps[step];

	if (is_cut_short(evidence, record))
		finding_error(
			finding, CAUSE_CUT_SHORT, "NotRun", "not decided: %s", evidence->cut_short);
	else
		finding_error(finding, cause_of_step(&evidence->session, step), "NoAnswer",
			"%s: %s", step_name(step, evidence->target->dialect),
			record->text != NULL ? record->text : "not reached");
}

bool
judge_step(
	const struct evidence *evidence, enum step step, const char *type, struct finding *finding)
{
	const struct step_record *record = &evidence->session.steps[step];

	if (record->outcome == OUTCOME_DONE)
		return true;
	if (record->outcome == OUTCOME_REFUSED)
		finding_fail(
			finding, cause_of_step(&evidence->session, step), type, "%s", record->text);
	else
		judge_broken_step(evidence, step, finding);
	return false;
}

void
judge_proof(const struct evidence *evidence, const struct peer *peer, struct finding *finding)
{
	enum step broken = STEP_HANDSHAKE;
	const char *text;

	if (finding->verdict != VERDICT_PASS || peer->proven)
		return;
	evidence_broken_step(evidence, STEP_HANDSHAKE, &broken);
	text = evidence->session.steps[broken].text;
	finding_error(finding, cause_of_step(&evidence->session, broken), "NotProven",
		"the server showed this certificate, but nothing proves that it holds the key: %s: "
		"%s",
		step_name(broken, evidence->target->dialect),
		text != NULL ? text : "not with this certificate");
}
