/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hellos.h"

#include "gate/checklist.h"
#include "gate/names.h"
#include "gate/tls_names.h"

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

/* SSLv3 has no extensions, so a name cannot be sent in it. */
static struct hello_record
hello_question(const struct target *target, struct hello_offer offer)
{
	if (offer.legacy_version > TLS_VERSION_SSL3)
		offer.server_name = target->server_name;
	return (struct hello_record){ .offer = offer };
}

static struct hello_offer
control_offer(void)
{
	return hello_offer_versions(TLS_VERSION_1_2, TLS_VERSION_1_3);
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
plan_hello(struct plan *plan, struct hello_offer offer)
{
	struct hello_record question = hello_question(plan->evidence->target, offer);

	plan_observation(plan, &hello_observer, &question);
}

void
plan_control(struct plan *plan)
{
	plan_hello(plan, control_offer());
}

void
plan_survey(struct plan *plan, struct survey_record survey)
{
	struct survey_record question = survey_question(plan->evidence->target, survey);

	plan_observation(plan, &survey_observer, &question);
}

const struct observation *
find_hello(const struct evidence *evidence, struct hello_offer offer)
{
	struct hello_record question = hello_question(evidence->target, offer);

	return evidence_observation(evidence, &hello_observer, &question);
}

const struct observation *
find_survey(const struct evidence *evidence, struct survey_record survey)
{
	struct survey_record question = survey_question(evidence->target, survey);

	return evidence_observation(evidence, &survey_observer, &question);
}

const struct flight_hello *
control_answer(const struct evidence *evidence)
{
	const struct observation *control = find_hello(evidence, control_offer());
	const struct hello_record *hello;

	if (control == NULL || control->outcome != OUTCOME_DONE)
		return NULL;
	hello = control->record;
	return &hello->answer;
}

/* A survey that broke off may have seen an acceptance before. */
static bool
saw_acceptance(const struct observation *observation)
{
	const struct survey_record *survey = observation->record;

	if (observation->observer == &survey_observer)
		return survey->choice_count != 0;
	return observation->observer == &hello_observer && observation->outcome == OUTCOME_DONE;
}

static bool
any_accepted(const struct evidence *evidence)
{
	for (size_t i = 0; i < evidence->observation_count; i++)
		if (saw_acceptance(&evidence->observations[i]))
			return true;
	return false;
}

/* The step that a connection did not get past on the way to the hello. */
static uint32_t
cause_of(const struct evidence *evidence, const struct observation *observation)
{
	bool implicit_tls = evidence->target->implicit_tls;
	enum step last = conversation_before_tls(implicit_tls);
	size_t count;
	const enum step *steps = conversation_steps(implicit_tls, &count);

	for (size_t i = 0; i < count; i++) {
		if (observation->conversation.steps[steps[i]].outcome != OUTCOME_DONE)
			return 1u << steps[i];
		if (steps[i] == last)
			break;
	}
	return CAUSE_NONE;
}

static void
report_undecided(const struct evidence *evidence, const struct observation *observation,
	const char *undecided, struct finding *finding)
{
	if (evidence->cut_short != NULL)
		finding_error(
			finding, CAUSE_NONE, "NotRun", "not decided: %s", evidence->cut_short);
	else if (observation == NULL || observation->text == NULL)
		finding_error(
			finding, CAUSE_NONE, "NoProof", "%s is not known: not asked", undecided);
	else
		finding_error(finding, cause_of(evidence, observation), "NoProof",
			"%s is not known: %s", undecided, observation->text);
}

bool
judge_control(const struct evidence *evidence, struct finding *finding)
{
	if (any_accepted(evidence))
		return true;
	report_undecided(evidence, find_hello(evidence, control_offer()),
		"whether the refusals are about what was asked, because not even the control hello "
		"was accepted,",
		finding);
	return false;
}

bool
judge_answered(const struct evidence *evidence, const struct observation *observation,
	const char *undecided, struct finding *finding)
{
	if (observation != NULL &&
		(observation->outcome == OUTCOME_DONE || observation->outcome == OUTCOME_REFUSED))
		return true;
	report_undecided(evidence, observation, undecided, finding);
	return false;
}

const char *
list_with(struct arena *arena, const char *list, const char *text)
{
	return list == NULL ? text : arena_printf(arena, "%s, %s", list, text);
}
