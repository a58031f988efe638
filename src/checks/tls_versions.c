/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tls.versions: one hello for each version, which is accepted when that very version is chosen.
 */
#include "tls_versions.h"
#include "base/names.h"
#include "checks/arguments.h"
#include "evidence/cause.h"
#include "families.h"
#include "hellos.h"
#include "objections.h"
#include "probe/ssl2_probe.h"

static const char *const versions[] = { "ssl2", "ssl3", "1.0", "1.1", "1.2", "1.3", NULL };

static const char *
object_to_both(const struct arguments *arguments)
{
	if (item_in_both(arguments, "accepts", "refuses") != NULL)
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

/* Of the versions that must be refused, all up to this one are asked for at once: from TLS 1.0 on
 * without a gap. 0: there are none. */
static uint16_t
refused_up_to(const struct argument *refuses)
{
	uint16_t version = TLS_VERSION_1_0;

	while (version <= TLS_VERSION_1_2 &&
		argument_lists(refuses, name_of(tls_version_names, version)))
		version++;
	return version == TLS_VERSION_1_0 ? 0 : (uint16_t)(version - 1);
}

static bool
is_asked_at_once(const struct argument *refuses, uint16_t version)
{
	return version >= TLS_VERSION_1_0 && version <= refused_up_to(refuses);
}

/* The part of a question is its version. */
static void
ask_version(const struct argument *refuses, uint16_t version, struct questions *questions)
{
	const struct older_versions_record older = { .below = (uint16_t)(refused_up_to(refuses) +
									 1) };
	const struct hello_offer offer = hello_offer_versions(version, version);

	if (version == TLS_VERSION_SSL2)
		ask(questions, version, &ssl2_observer, NULL);
	else if (is_asked_at_once(refuses, version))
		ask(questions, version, &older_versions_observer, &older);
	else
		ask_hello(questions, version, &offer, true);
}

void
ask_every_version(struct questions *questions)
{
	const struct argument every = { .given = true,
		.items = versions,
		.count = sizeof(versions) / sizeof(versions[0]) - 1 };

	for (size_t i = 0; i < every.count; i++)
		ask_version(&every, version_of(every.items[i]), questions);
}

static void
ask_versions(const struct arguments *arguments, struct questions *questions)
{
	const struct argument *accepts = argument_of(arguments, "accepts");
	const struct argument *refuses = argument_of(arguments, "refuses");

	for (size_t i = 0; i < accepts->count; i++)
		ask_version(refuses, version_of(accepts->items[i]), questions);
	for (size_t i = 0; i < refuses->count; i++)
		ask_version(refuses, version_of(refuses->items[i]), questions);
}

static bool
is_version(uint16_t version, const void *wanted)
{
	return version == *(const uint16_t *)wanted;
}

/* What an answer in an older version says of the one that was asked for: a server answers with the
 * newest of those offered that it has (RFC 5246 appendix E.1). */
static enum outcome
outcome_of_answer(const struct observation *asked, uint16_t version)
{
	const struct hello_record *hello = asked->record;

	if (asked->observer != &hello_observer)
		return OUTCOME_REFUSED;
	return hello->answer.version < version && hello->answer.version >= TLS_VERSION_SSL3
		       ? OUTCOME_REFUSED
		       : OUTCOME_BROKEN;
}

enum outcome
version_outcome(const struct arguments *asker, const struct evidence *evidence, uint16_t version,
	struct finding *finding)
{
	const struct observation *asked = evidence_answer(evidence, asker, version);

	if (asked == NULL)
		return OUTCOME_NOT_REACHED;
	finding->shown_by = observation_trace(asked);
	if (version == TLS_VERSION_SSL2)
		return asked->outcome;
	if (versions_seen(evidence, is_version, &version, finding) != NULL)
		return OUTCOME_DONE;
	return asked->outcome == OUTCOME_DONE ? outcome_of_answer(asked, version) : asked->outcome;
}

/* The versions of the list that met that outcome; NULL: none. The finding is shown by the last. */
static const char *
versions_with(const struct arguments *arguments, const struct evidence *evidence, const char *list,
	enum outcome outcome, struct finding *finding)
{
	const struct argument *versions_listed = argument_of(arguments, list);
	const struct trace *shown_by = finding->shown_by;
	const char *shown = NULL;

	for (size_t i = 0; i < versions_listed->count; i++) {
		uint16_t version = version_of(versions_listed->items[i]);

		if (version_outcome(arguments, evidence, version, finding) != outcome)
			continue;
		shown = list_with(finding->arena, shown, version_shown(finding->arena, version));
		shown_by = finding->shown_by;
	}
	finding->shown_by = shown_by;
	return shown;
}

static bool
all_answered(const struct arguments *arguments, const struct evidence *evidence, const char *list,
	struct finding *finding)
{
	const struct argument *versions_listed = argument_of(arguments, list);

	for (size_t i = 0; i < versions_listed->count; i++) {
		uint16_t version = version_of(versions_listed->items[i]);
		const char *undecided = arena_printf(finding->arena, "whether %s is accepted",
			version_shown(finding->arena, version));
		enum outcome outcome = version_outcome(arguments, evidence, version, finding);

		if (outcome != OUTCOME_DONE && outcome != OUTCOME_REFUSED)
			return judge_undecided(evidence,
				evidence_answer(evidence, arguments, version), undecided, finding);
	}
	return true;
}

static void
show_versions(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	struct finding ignored = *finding;
	const char *wanted = versions_with(arguments, evidence, "accepts", OUTCOME_DONE, &ignored);
	const char *unwanted =
		versions_with(arguments, evidence, "refuses", OUTCOME_DONE, &ignored);
	const char *refused =
		versions_with(arguments, evidence, "refuses", OUTCOME_REFUSED, &ignored);
	const char *accepted = wanted != NULL && unwanted != NULL
				       ? list_with(finding->arena, unwanted, wanted)
			       : wanted != NULL ? wanted
						: unwanted;

	finding_observed(finding, "accepted: %s; refused: %s", accepted != NULL ? accepted : "none",
		refused != NULL ? refused : "none");
}

static void
judge_versions(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const char *refused =
		versions_with(arguments, evidence, "accepts", OUTCOME_REFUSED, finding);
	const char *accepted = versions_with(arguments, evidence, "refuses", OUTCOME_DONE, finding);

	if (accepted != NULL)
		finding_fail(finding, CAUSE_NONE, "VersionAccepted", "the server still accepts %s",
			accepted);
	else if (all_answered(arguments, evidence, "refuses", finding) &&
		 all_answered(arguments, evidence, "accepts", finding) &&
		 judge_control(evidence, finding)) {
		if (refused != NULL)
			finding_fail(finding, CAUSE_NONE, "VersionRefused",
				"the server does not accept %s", refused);
		else
			finding_pass(
				finding, "every version is accepted or refused as it should be");
	}
	show_versions(arguments, evidence, finding);
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
		.needs_control = true,
		.ask = ask_versions,
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
