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

/* No compression (RFC 5246 section 6.1). */
#define COMPRESSION_NONE 0

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

const struct flight_hello *
control_answer(const struct evidence *evidence)
{
	const struct observation *control = evidence_control(evidence);
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
	judge_undecided(evidence, evidence_control(evidence),
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

const struct flight_hello *
ordinary_answer(const struct evidence *evidence, const char *weakness, struct finding *finding)
{
	const struct observation *seen = evidence_observed(evidence, &ordinary_observer);
	const struct hello_record *record = seen->record;

	finding_observed(finding, "%s", seen->text != NULL ? seen->text : "nothing");
	if (seen->outcome == OUTCOME_DONE) {
		finding->shown_by = observation_trace(seen);
		return &record->answer;
	}
	if (judge_refused(evidence, seen,
		    arena_printf(finding->arena, "whether there is %s", weakness), finding) &&
		!judge_contradiction(evidence, hello_is_before_tls13, finding))
		finding_pass(finding,
			"TLS 1.2 and everything older is refused, and TLS 1.3 has no %s", weakness);
	return NULL;
}

void
judge_compression(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct flight_hello *answer;
	struct seen_hello seen;
	size_t at = 0;

	(void)arguments;
	finding_expected(finding, "no compression, although it is offered");
	while (next_hello(evidence, &at, &seen)) {
		if (seen.hello->compression == COMPRESSION_NONE)
			continue;
		finding_fail(finding, CAUSE_NONE, "CompressionEnabled",
			"the server takes up TLS compression (method %u)", seen.hello->compression);
		finding->shown_by = seen.trace;
		return;
	}
	answer = ordinary_answer(evidence, "compression", finding);
	if (answer != NULL)
		finding_pass(finding, "compression was offered and not taken");
}
