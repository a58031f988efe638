/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "families.h"
#include "gate/checklist.h"
#include "gate/judge.h"
#include "gate/names.h"
#include "gate/plan.h"
#include "gate/probe.h"
#include "gate/suites.h"
#include "gate/tls_names.h"
#include "hellos.h"
#include "objections.h"

static const char *const versions[] = { "1.0", "1.1", "1.2", "1.3", NULL };

/* The texts of the versions sort as the versions do. */
static const char *
object_to_versions(const struct assertion *assertion)
{
	const struct argument *minimum = argument_of(assertion, "minimum");
	const struct argument *maximum = argument_of(assertion, "maximum");

	if (maximum->given && minimum->given && strcmp(maximum->text, minimum->text) < 0)
		return "the maximum is below the minimum (which is 1.2 where none is given)";
	return NULL;
}

/* Version numbers as the parameters spell them. */
static uint16_t
version_of(const struct argument *argument)
{
	int version = 0;

	name_code(tls_version_names, argument->text, &version);
	return (uint16_t)version;
}

static void
judge_handshake(
	const struct assertion *assertion, const struct evidence *evidence, struct finding *finding)
{
	const struct tls_facts *tls = &evidence->session.tls;
	const struct suite *suite = suite_by_id(tls->suite);

	(void)assertion;
	if (judge_step(evidence, STEP_HANDSHAKE, "HandshakeFailed", finding))
		finding_pass(finding, "%s with %s", version_shown(finding->arena, tls->version),
			suite != NULL ? suite->name : "an unknown suite");
}

/* The hellos that show a minimum: one that is to be accepted, as the control of the others; one
 * for all older versions, which a server answers with the newest of them that it has (RFC 5246
 * appendix E.1); and one in the form of SSLv3, which has no extensions. */
enum version_hello { HELLO_CONTROL, HELLO_SSL3, HELLO_OLDER, HELLO_COUNT };

static size_t
version_hellos(const struct assertion *assertion, const struct target *target,
	struct hello_offer offers[HELLO_COUNT])
{
	uint16_t minimum = version_of(argument_of(assertion, "minimum"));
	size_t count = minimum > TLS_VERSION_1_0 ? HELLO_COUNT : HELLO_OLDER;

	offers[HELLO_CONTROL] = hello_offer_versions(minimum, TLS_VERSION_1_3);
	offers[HELLO_SSL3] = hello_offer_versions(TLS_VERSION_SSL3, TLS_VERSION_SSL3);
	if (count > HELLO_OLDER)
		offers[HELLO_OLDER] =
			hello_offer_versions(TLS_VERSION_1_0, (uint16_t)(minimum - 1));
	for (size_t i = 0; i < count; i++)
		if (i != HELLO_SSL3)
			offers[i].server_name = target->server_name;
	return count;
}

static void
plan_version(const struct assertion *assertion, struct plan *plan)
{
	struct hello_offer offers[HELLO_COUNT];
	size_t count = version_hellos(assertion, plan->evidence->target, offers);

	for (size_t i = 0; i < count; i++)
		plan_observation(
			plan, &hello_observer, &(struct hello_record){ .offer = offers[i] });
}

/* The old versions that the server was seen to accept, with commas; NULL: none. */
static const char *
old_versions_accepted(struct arena *arena, const struct observation *const *hellos, size_t count,
	uint16_t minimum)
{
	const char *list = NULL;

	for (size_t i = HELLO_SSL3; i < count; i++) {
		const struct hello_record *hello = hellos[i]->record;
		const char *version;

		if (hellos[i]->outcome != OUTCOME_DONE || hello->answer.version >= minimum)
			continue;
		version = version_shown(arena, hello->answer.version);
		list = list == NULL ? version : arena_printf(arena, "%s, %s", list, version);
	}
	return list;
}

/* A refusal counts only when there was one, and the control shows that the same kind of hello
 * gets through. */
static bool
refusals_are_proven(const struct evidence *evidence, const struct observation *const *hellos,
	size_t count, struct finding *finding)
{
	for (size_t i = 0; i < count; i++) {
		enum outcome wanted = i == HELLO_CONTROL ? OUTCOME_DONE : OUTCOME_REFUSED;

		if (hellos[i]->outcome == wanted)
			continue;
		if (evidence->cut_short != NULL)
			finding_error(finding, CAUSE_NONE, "NotRun", "not decided: %s",
				evidence->cut_short);
		else
			finding_error(finding, CAUSE_NONE, "NoProof",
				"no proof that older versions are refused: %s %s",
				i == HELLO_CONTROL ? "the control hello was not accepted:"
						   : "a hello was neither accepted nor refused:",
				hellos[i]->text != NULL ? hellos[i]->text : "not sent");
		return false;
	}
	return true;
}

static bool
negotiated_is_within(
	const struct assertion *assertion, uint16_t negotiated, struct finding *finding)
{
	const struct argument *minimum = argument_of(assertion, "minimum");
	const struct argument *maximum = argument_of(assertion, "maximum");
	const char *shown = version_shown(finding->arena, negotiated);

	if (negotiated < version_of(minimum))
		finding_fail(finding, CAUSE_NONE, "VersionTooOld", "%s was negotiated", shown);
	else if (maximum->given && negotiated > version_of(maximum))
		finding_fail(finding, CAUSE_NONE, "VersionTooNew", "%s was negotiated", shown);
	else
		return true;
	return false;
}

/* One acceptance is proof enough of a failure, whatever else happened. */
static void
judge_version(
	const struct assertion *assertion, const struct evidence *evidence, struct finding *finding)
{
	const struct argument *minimum = argument_of(assertion, "minimum");
	const struct observation *hellos[HELLO_COUNT];
	struct hello_offer offers[HELLO_COUNT];
	size_t count = version_hellos(assertion, evidence->target, offers);
	const char *accepted;

	for (size_t i = 0; i < count; i++)
		hellos[i] = evidence_observation(
			evidence, &hello_observer, &(struct hello_record){ .offer = offers[i] });
	accepted = old_versions_accepted(finding->arena, hellos, count, version_of(minimum));
	if (accepted != NULL)
		finding_fail(finding, CAUSE_NONE, "OldVersionAccepted",
			"the server still accepts %s", accepted);
	else if (judge_step(evidence, STEP_HANDSHAKE, "HandshakeFailed", finding) &&
		 negotiated_is_within(assertion, evidence->session.tls.version, finding) &&
		 refusals_are_proven(evidence, hellos, count, finding))
		finding_pass(finding, "%s was negotiated, older than %s is refused",
			version_shown(finding->arena, evidence->session.tls.version),
			version_shown(finding->arena, version_of(minimum)));
	finding_expected(finding, "TLS %s or newer, everything older refused", minimum->text);
	finding_observed(finding, "%s; %s",
		version_shown(finding->arena, evidence->session.tls.version),
		hellos[count - 1]->text != NULL ? hellos[count - 1]->text : "no hello was sent");
}

static void
judge_cipher(
	const struct assertion *assertion, const struct evidence *evidence, struct finding *finding)
{
	const struct argument *allowed = argument_of(assertion, "allowed");
	const struct suite *suite = suite_by_id(evidence->session.tls.suite);
	const char *name = suite != NULL ? suite->name : "an unknown suite";

	finding_fail(finding, CAUSE_NONE, "CipherNotAllowed", "%s was negotiated", name);
	for (size_t i = 0; i < allowed->count; i++)
		if (suite != NULL && suite_by_name(allowed->items[i]) == suite)
			finding_pass(finding, "%s was negotiated", name);
	finding_observed(finding, "%s", name);
}

static const struct check checks[] = {
	{
		.name = "tls.handshake",
		.summary = "the TLS handshake completes",
		.why = "Clients that require TLS cannot connect, and the others fall back to plaintext.",
		.fix = "The alert says what the server objects to: handshake_failure means no cipher "
		       "suite, group or certificate in common, protocol_version means no version in "
		       "common, internal_error often means a key that does not belong to the "
		       "certificate. See the mail log of the server for the same moment, and try the "
		       "configuration with \"openssl s_client -starttls smtp\".",
		.source = "RFC 8446 section 4",
		.step = STEP_HANDSHAKE,
		.judges_outcome = true,
		.judge = judge_handshake,
	},
	{
		.name = "tls.version",
		.summary = "the TLS version is within bounds, and everything older is refused",
		.why = "TLS 1.0 and 1.1 rest on broken hash functions and are forbidden, SSLv3 can be "
		       "decrypted; a server that still accepts them can be forced down to them.",
		.fix = "Name the lowest version (Postfix: smtpd_tls_protocols = >=TLSv1.2 and "
		       "smtpd_tls_mandatory_protocols = >=TLSv1.2; Exim: tls_require_ciphers with "
		       "GnuTLS, openssl_options = +no_tlsv1 +no_tlsv1_1 with OpenSSL; Dovecot: "
		       "ssl_min_protocol = TLSv1.2). If a version is too new for `maximum`, the server "
		       "was upgraded: adapt the checklist.",
		.source = "RFC 8996 sections 4 and 5, RFC 9325 section 3.1.1",
		.step = STEP_HANDSHAKE,
		.judges_outcome = true,
		.plan = plan_version,
		.judge = judge_version,
		.params = {
			{
				.name = "minimum",
				.type = PARAM_CHOICE,
				.choices = versions,
				.fallback = "\"1.2\"",
				.help = "The oldest TLS version that the server may accept: the agreed one "
					"is not older, and all older ones down to SSLv3 are refused.",
				.example = "\"1.2\"",
			},
			{
				.name = "maximum",
				.type = PARAM_CHOICE,
				.choices = versions,
				.help = "The newest TLS version that may be agreed upon.",
				.example = "\"1.3\"",
			},
		},
		.objection = object_to_versions,
	},
	{
		.name = "tls.cipher",
		.summary = "the cipher suite agreed upon is one of those allowed",
		.why = "The suite decides whether recorded mail can be read once the key of the server is "
		       "lost, and whether it can be changed on the way.",
		.fix = "Narrow the suites of the server down to the allowed ones (Postfix: "
		       "smtpd_tls_mandatory_ciphers = high, tls_high_cipherlist, and "
		       "tls_preempt_cipherlist = yes so that the server chooses; Dovecot: "
		       "ssl_cipher_list), or allow the one that was chosen.",
		.source = "RFC 9325 section 4.2",
		.step = STEP_HANDSHAKE,
		.judge = judge_cipher,
		.params = {
			{
				.name = "allowed",
				.type = PARAM_LIST,
				.required = true,
				.objection = object_to_cipher_suite,
				.help = "The cipher suites one of which must be agreed upon, by their IANA or "
					"OpenSSL names.",
				.example = "[\"TLS_AES_256_GCM_SHA384\", \"TLS_AES_128_GCM_SHA256\"]",
			},
		},
	},
};

const struct check_family tls_family = {
	.name = "tls",
	.summary = "the TLS handshake",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
