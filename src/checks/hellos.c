/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Hellos as the assertions ask for them, and their answers as evidence.
 */
#include "hellos.h"

#include "base/names.h"
#include "checks/arguments.h"
#include "checks/causes.h"
#include "evidence/cause.h"
#include "evidence/target.h"
#include "wire/suites.h"
#include "wire/tls_names.h"

const char *
version_shown(struct arena *arena, uint16_t version)
{
	const char *name = name_of(tls_version_names, version);

	if (name == NULL)
		return arena_printf(arena, "version 0x%04x", version);
	if (version <= TLS_VERSION_SSL3)
		return version == TLS_VERSION_SSL3 ? "SSLv3" : "SSLv2";
	return arena_printf(arena, "TLS %s", name);
}

const char *
suite_shown(struct arena *arena, uint16_t id)
{
	const struct suite *suite = suite_by_id(id);

	return suite != NULL ? suite->name : arena_printf(arena, "suite 0x%04x", id);
}

/* SSLv3 has no extensions, so a name cannot be sent in it. */
static struct hello_record
hello_question(const struct target *target, struct hello_offer offer, bool every_suite)
{
	if (offer.legacy_version > TLS_VERSION_SSL3)
		offer.server_name = target->server_name;
	return (struct hello_record){ .offer = offer, .every_suite = every_suite };
}

static struct survey_record
survey_question(const struct target *target, struct survey_record survey)
{
	for (size_t i = 0; i < SURVEY_HELLOS_MAX; i++)
		if (survey.hellos[i].offer.suites.count != 0)
			survey.hellos[i].offer.server_name = target->server_name;
	return survey;
}

void
plan_hello(struct plan *plan, struct hello_offer offer, bool every_suite)
{
	struct hello_record question = hello_question(plan->evidence->target, offer, every_suite);

	plan_observation(plan, &hello_observer, &question);
}

void
plan_control(struct plan *plan)
{
	plan_hello(plan, hello_offer_control(), false);
}

void
plan_survey(struct plan *plan, struct survey_record survey)
{
	struct survey_record question = survey_question(plan->evidence->target, survey);

	plan_observation(plan, &survey_observer, &question);
}

const struct observation *
find_hello(const struct evidence *evidence, struct hello_offer offer, bool every_suite)
{
	struct hello_record question = hello_question(evidence->target, offer, every_suite);

	return evidence_observation(evidence, &hello_observer, &question);
}

const struct observation *
find_survey(const struct evidence *evidence, struct survey_record survey)
{
	struct survey_record question = survey_question(evidence->target, survey);

	return evidence_observation(evidence, &survey_observer, &question);
}

const struct observation *
find_control(const struct evidence *evidence)
{
	return find_hello(evidence, hello_offer_control(), false);
}

const struct flight_hello *
control_answer(const struct evidence *evidence)
{
	const struct observation *control = find_control(evidence);
	const struct hello_record *hello;

	if (control == NULL || control->outcome != OUTCOME_DONE)
		return NULL;
	hello = control->record;
	return &hello->answer;
}

/* An answer of a version that does not exist says nothing. */
bool
next_hello(const struct evidence *evidence, size_t *at, struct seen_hello *seen)
{
	while (evidence_next_hello(evidence, at, seen))
		if (seen->hello->version >= TLS_VERSION_SSL3 &&
			seen->hello->version <= TLS_VERSION_1_3)
			return true;
	return false;
}

static bool
version_is_seen(const struct evidence *evidence, uint16_t version, const struct trace **trace)
{
	struct seen_hello seen;
	size_t at = 0;

	while (next_hello(evidence, &at, &seen)) {
		if (seen.hello->version != version)
			continue;
		*trace = seen.trace;
		return true;
	}
	return false;
}

const char *
versions_seen(const struct evidence *evidence,
	bool (*counts)(uint16_t version, const void *context), const void *context,
	struct finding *finding)
{
	const char *list = NULL;

	for (uint16_t version = TLS_VERSION_1_3; version >= TLS_VERSION_SSL3; version--) {
		const struct trace *trace = NULL;

		if (!counts(version, context) || !version_is_seen(evidence, version, &trace))
			continue;
		if (list == NULL)
			finding->shown_by = trace;
		list = list_with(finding->arena, list, version_shown(finding->arena, version));
	}
	return list;
}

/* The cause that an observation shares with the session conversation: not the handshake's, where any
 * hello was answered. One that was not made, for the server's silence, has that of the session. */
static uint32_t
cause_of(const struct evidence *evidence, const struct observation *observation)
{
	const struct conversation *conversation = &evidence->session;
	struct seen_hello seen;
	size_t at = 0;
	uint32_t cause;

	if (observation != NULL && observation->connections != 0)
		conversation = &observation->conversation;
	cause = cause_shared(evidence, conversation, STEP_HANDSHAKE);
	return cause == CAUSE_HANDSHAKE && next_hello(evidence, &at, &seen) ? CAUSE_NONE : cause;
}

/* What was not seen could have gone either way. `unknown` says what that is. */
static bool
report_unknown(const struct evidence *evidence, const struct observation *observation,
	const char *unknown, struct finding *finding)
{
	bool asked = observation != NULL && observation->text != NULL;

	if (observation != NULL)
		finding->shown_by = observation_trace(observation);
	if (evidence->cut_short != NULL)
		finding_error(
			finding, CAUSE_CUT_SHORT, "NotRun", "not decided: %s", evidence->cut_short);
	else
		finding_error(finding, cause_of(evidence, observation), "NoProof", "%s: %s",
			unknown, asked ? observation->text : "not asked");
	return false;
}

bool
judge_undecided(const struct evidence *evidence, const struct observation *observation,
	const char *undecided, struct finding *finding)
{
	return report_unknown(evidence, observation,
		arena_printf(finding->arena, "%s is not known", undecided), finding);
}

bool
judge_no_proof(const struct evidence *evidence, const struct observation *observation,
	const char *claim, struct finding *finding)
{
	return report_unknown(
		evidence, observation, arena_printf(finding->arena, "no proof %s", claim), finding);
}

bool
judge_control(const struct evidence *evidence, struct finding *finding)
{
	struct seen_hello seen;
	size_t at = 0;

	if (next_hello(evidence, &at, &seen))
		return true;
	judge_undecided(evidence, find_control(evidence),
		"whether the refusals are about what was asked, because not even the control hello "
		"was accepted,",
		finding);
	return false;
}

bool
hello_is_before_tls13(const struct server_hello *hello)
{
	return hello->version < TLS_VERSION_1_3;
}

bool
judge_contradiction(const struct evidence *evidence, hello_property *taken, struct finding *finding)
{
	struct seen_hello seen;
	size_t at = 0;

	while (next_hello(evidence, &at, &seen)) {
		if (!taken(seen.hello))
			continue;
		finding_error(finding, CAUSE_NONE, "NoProof",
			"the question was refused, but %s with %s was chosen elsewhere",
			version_shown(finding->arena, seen.hello->version),
			suite_shown(finding->arena, seen.hello->suite));
		finding->shown_by = seen.trace;
		return true;
	}
	return false;
}

bool
judge_answered(const struct evidence *evidence, const struct observation *observation,
	const char *undecided, struct finding *finding)
{
	if (observation != NULL)
		finding->shown_by = observation_trace(observation);
	if (observation != NULL &&
		(observation->outcome == OUTCOME_DONE || observation->outcome == OUTCOME_REFUSED))
		return true;
	return judge_undecided(evidence, observation, undecided, finding);
}

bool
judge_accepted_hello(const struct evidence *evidence, const struct observation *observation,
	const char *undecided, struct finding *finding)
{
	if (observation != NULL && observation->outcome == OUTCOME_DONE)
		return true;
	return judge_undecided(evidence, observation, undecided, finding);
}

bool
judge_refused(const struct evidence *evidence, const struct observation *observation,
	const char *undecided, struct finding *finding)
{
	if (!judge_answered(evidence, observation, undecided, finding))
		return false;
	if (observation->outcome == OUTCOME_REFUSED)
		return judge_control(evidence, finding);
	return judge_undecided(evidence, observation, undecided, finding);
}

const char *
list_with(struct arena *arena, const char *list, const char *text)
{
	return list == NULL ? text : arena_printf(arena, "%s, %s", list, text);
}
