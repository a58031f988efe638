/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tls.handshake, tls.version and tls.cipher: the session, and hellos for versions on either side of
 * the limits.
 */
#include <string.h>

#include "base/names.h"
#include "checks/arguments.h"
#include "checks/ask.h"
#include "checks/steps.h"
#include "evidence/cause.h"
#include "families.h"
#include "hellos.h"
#include "objections.h"
#include "probe/hello_probe.h"
#include "wire/suites.h"
#include "wire/tls_names.h"

static const char *const versions[] = { "1.0", "1.1", "1.2", "1.3", NULL };

/* The texts of the versions sort as the versions do. */
static const char *
object_to_versions(const struct arguments *arguments)
{
	const struct argument *minimum = argument_of(arguments, "minimum");
	const struct argument *maximum = argument_of(arguments, "maximum");

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
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct tls_facts *tls = &evidence->session.tls;
	const struct suite *suite = suite_by_id(tls->suite);

	(void)arguments;
	if (judge_step(evidence, STEP_HANDSHAKE, "HandshakeFailed", finding))
		finding_pass(finding, "%s with %s", version_shown(finding->arena, tls->version),
			suite != NULL ? suite->name : "an unknown suite");
}

/* What shows a minimum: a hello that is to be accepted, as the control of the others; one in the form
 * of SSLv3, which has no extensions; and hellos for all older versions. */
enum { PART_WANTED, PART_SSL3, PART_OLDER };

static void
ask_version(const struct arguments *arguments, struct questions *questions)
{
	uint16_t minimum = version_of(argument_of(arguments, "minimum"));
	const struct hello_offer wanted = hello_offer_versions(minimum, TLS_VERSION_1_3);
	const struct hello_offer ssl3 = hello_offer_versions(TLS_VERSION_SSL3, TLS_VERSION_SSL3);
	const struct older_versions_record older = { .below = minimum };

	ask_hello(questions, PART_WANTED, &wanted, false);
	ask_hello(questions, PART_SSL3, &ssl3, false);
	if (minimum > TLS_VERSION_1_0)
		ask(questions, PART_OLDER, &older_versions_observer, &older);
}

static bool
is_below(uint16_t version, const void *bound)
{
	return version < *(const uint16_t *)bound;
}

static bool
is_above(uint16_t version, const void *bound)
{
	return version > *(const uint16_t *)bound;
}

/* No answer of the run may be newer than that, whatever was offered. */
static bool
none_is_newer(
	const struct argument *maximum, const struct evidence *evidence, struct finding *finding)
{
	const char *newer;
	uint16_t bound;

	if (!maximum->given)
		return true;
	bound = version_of(maximum);
	newer = versions_seen(evidence, is_above, &bound, finding);
	if (newer != NULL)
		finding_fail(finding, CAUSE_NONE, "VersionTooNew", "%s was negotiated", newer);
	return newer == NULL;
}

/* A refusal counts only when there was one, and the control shows that the same kind of hello
 * gets through. */
static bool
older_are_refused(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct observation *older = evidence_answer(evidence, arguments, PART_OLDER);

	return judge_accepted_hello(evidence, evidence_answer(evidence, arguments, PART_WANTED),
		       "whether the refusals are about the version, because not even the control "
		       "hello was accepted,",
		       finding) &&
	       judge_refused(evidence, evidence_answer(evidence, arguments, PART_SSL3),
		       "whether SSLv3 is refused", finding) &&
	       (older == NULL || judge_refused(evidence, older,
					 "whether older versions are refused", finding));
}

/* One acceptance is proof enough of a failure, whatever else happened. */
static void
judge_version(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct argument *minimum = argument_of(arguments, "minimum");
	uint16_t bound = version_of(minimum);
	const char *negotiated = version_shown(finding->arena, evidence->session.tls.version);
	const char *accepted = versions_seen(evidence, is_below, &bound, finding);

	finding_expected(finding, "TLS %s or newer, everything older refused", minimum->text);
	if (accepted != NULL)
		finding_fail(finding, CAUSE_NONE, "OldVersionAccepted",
			"the server still accepts %s", accepted);
	else if (none_is_newer(argument_of(arguments, "maximum"), evidence, finding) &&
		 judge_step(evidence, STEP_HANDSHAKE, "HandshakeFailed", finding) &&
		 older_are_refused(arguments, evidence, finding))
		finding_pass(finding, "%s was negotiated, older than %s is refused", negotiated,
			version_shown(finding->arena, bound));
	if (accepted != NULL)
		finding_observed(finding, "%s in the session; accepted: %s", negotiated, accepted);
	else
		finding_observed(finding, "%s", negotiated);
}

static void
judge_cipher(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct argument *allowed = argument_of(arguments, "allowed");
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
		.ask = ask_version,
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
