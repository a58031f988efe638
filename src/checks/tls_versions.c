/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tls.versions: one hello for each version, which is accepted when that very version is chosen.
 */
#include "families.h"
#include "gate/checklist.h"
#include "gate/names.h"
#include "gate/ssl2_probe.h"
#include "hellos.h"
#include "objections.h"

static const char *const versions[] = { "ssl2", "ssl3", "1.0", "1.1", "1.2", "1.3", NULL };

static const char *
object_to_both(const struct assertion *assertion)
{
	if (item_in_both(assertion, "accepts", "refuses") != NULL)
		return "a version cannot be both accepted and refused";
	return NULL;
}

static uint16_t
version_of(const char *name)
{
	int version = 0;

	name_code(tls_version_names, name, &version);
	return (uint16_t)version;
}

static void
plan_list(const struct argument *list, struct plan *plan)
{
	for (size_t i = 0; i < list->count; i++) {
		uint16_t version = version_of(list->items[i]);

		if (version == TLS_VERSION_SSL2)
			plan_observation(plan, &ssl2_observer, &(struct ssl2_record){ 0 });
		else
			plan_hello(plan, hello_offer_versions(version, version));
	}
}

static void
plan_versions(const struct assertion *assertion, struct plan *plan)
{
	plan_list(argument_of(assertion, "accepts"), plan);
	plan_list(argument_of(assertion, "refuses"), plan);
	if (argument_of(assertion, "refuses")->given)
		plan_control(plan);
}

static const struct observation *
find_version(const struct evidence *evidence, uint16_t version)
{
	if (version == TLS_VERSION_SSL2)
		return evidence_observation(evidence, &ssl2_observer, &(struct ssl2_record){ 0 });
	return find_hello(evidence, hello_offer_versions(version, version));
}

/* A server that answers with an older version does not have the one asked for (RFC 5246 appendix
 * E.1), and so does one that refuses. */
static enum outcome
outcome_of(const struct observation *observation, uint16_t version)
{
	const struct hello_record *hello;

	if (observation == NULL)
		return OUTCOME_NOT_REACHED;
	if (observation->outcome != OUTCOME_DONE || version == TLS_VERSION_SSL2)
		return observation->outcome;
	hello = observation->record;
	if (hello->answer.version > version || hello->answer.version < TLS_VERSION_SSL3)
		return OUTCOME_BROKEN;
	return hello->answer.version == version ? OUTCOME_DONE : OUTCOME_REFUSED;
}

/* The versions of the list that met that outcome; NULL: none. */
static const char *
versions_with(const struct evidence *evidence, const struct argument *list, enum outcome outcome,
	struct arena *arena)
{
	const char *shown = NULL;

	for (size_t i = 0; i < list->count; i++) {
		uint16_t version = version_of(list->items[i]);

		if (outcome_of(find_version(evidence, version), version) == outcome)
			shown = list_with(arena, shown, version_shown(arena, version));
	}
	return shown;
}

static bool
all_answered(const struct evidence *evidence, const struct argument *list, struct finding *finding)
{
	for (size_t i = 0; i < list->count; i++) {
		uint16_t version = version_of(list->items[i]);
		const char *undecided = arena_printf(finding->arena, "whether %s is accepted",
			version_shown(finding->arena, version));

		if (!judge_answered(evidence, find_version(evidence, version), undecided, finding))
			return false;
	}
	return true;
}

static void
show_versions(
	const struct assertion *assertion, const struct evidence *evidence, struct finding *finding)
{
	const struct argument *accepts = argument_of(assertion, "accepts");
	const struct argument *refuses = argument_of(assertion, "refuses");
	struct arena *arena = finding->arena;
	const char *wanted = versions_with(evidence, accepts, OUTCOME_DONE, arena);
	const char *unwanted = versions_with(evidence, refuses, OUTCOME_DONE, arena);
	const char *accepted = wanted != NULL && unwanted != NULL
				       ? list_with(arena, unwanted, wanted)
			       : wanted != NULL ? wanted
						: unwanted;
	const char *refused = versions_with(evidence, refuses, OUTCOME_REFUSED, arena);

	finding_observed(finding, "accepted: %s; refused: %s", accepted != NULL ? accepted : "none",
		refused != NULL ? refused : "none");
}

static void
judge_versions(
	const struct assertion *assertion, const struct evidence *evidence, struct finding *finding)
{
	const struct argument *accepts = argument_of(assertion, "accepts");
	const struct argument *refuses = argument_of(assertion, "refuses");
	const char *accepted = versions_with(evidence, refuses, OUTCOME_DONE, finding->arena);
	const char *refused = versions_with(evidence, accepts, OUTCOME_REFUSED, finding->arena);

	if (accepted != NULL)
		finding_fail(finding, CAUSE_NONE, "VersionAccepted", "the server still accepts %s",
			accepted);
	else if (refused != NULL)
		finding_fail(finding, CAUSE_NONE, "VersionRefused", "the server does not accept %s",
			refused);
	else if (all_answered(evidence, refuses, finding) &&
		 all_answered(evidence, accepts, finding) &&
		 (!refuses->given || judge_control(evidence, finding)))
		finding_pass(finding, "every version is accepted or refused as it should be");
	show_versions(assertion, evidence, finding);
}

static const struct check checks[] = {
	{
		.name = "tls.versions",
		.summary = "the listed TLS versions are accepted, and the others listed are refused",
		.why = "A version that is still accepted can be forced upon two peers that would have "
		       "agreed on a better one; a version that is missing shuts clients out.",
		.fix = "Name the versions (Postfix: smtpd_tls_protocols and "
		       "smtpd_tls_mandatory_protocols = >=TLSv1.2; Dovecot: ssl_min_protocol; Exim: "
		       "openssl_options or tls_require_ciphers; nginx: ssl_protocols), and see that "
		       "the system's crypto policy allows the ones that are missing.",
		.source = "RFC 8996 sections 4 and 5, RFC 7568, RFC 6176, RFC 9325 section 3.1.1",
		.step = STEP_CONNECT,
		.needs_a_param = true,
		.objection = object_to_both,
		.plan = plan_versions,
		.judge = judge_versions,
		.params = {
			{
				.name = "accepts",
				.type = PARAM_LIST,
				.choices = versions,
				.help = "Versions that the server must accept.",
				.example = "[\"1.2\", \"1.3\"]",
			},
			{
				.name = "refuses",
				.type = PARAM_LIST,
				.choices = versions,
				.help = "Versions that the server must refuse.",
				.example = "[\"ssl2\", \"ssl3\", \"1.0\", \"1.1\"]",
			},
		},
	},
};

const struct check_family tls_versions_family = {
	.name = "tls",
	.summary = "what the server would negotiate: versions",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
