/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a server agrees to beside version and suite, seen in its answers to plain hellos.
 */
#include "checks/arguments.h"
#include "evidence/cause.h"
#include "families.h"
#include "hellos.h"
#include "probe/weaknesses.h"
#include "wire/tls_names.h"

static bool
lacks_renegotiation_info(const struct server_hello *hello)
{
	return hello->lacks_renegotiation_info;
}

static bool
lacks_extended_master_secret(const struct server_hello *hello)
{
	return hello->lacks_extended_master_secret;
}

/* Passes when the ordinary hello was answered with that extension, and every other one too. */
static void
judge_extension(const struct evidence *evidence, hello_property *lacks, const char *name,
	const char *weakness, struct finding *finding)
{
	const struct flight_hello *answer = ordinary_answer(evidence, weakness, finding);
	struct seen_hello seen;
	size_t at = 0;

	finding_expected(finding, "%s in the ServerHello", name);
	while (next_hello(evidence, &at, &seen)) {
		if (!lacks(seen.hello))
			continue;
		finding_fail(finding, CAUSE_NONE, "ExtensionMissing",
			"the server does not answer %s in %s", name,
			version_shown(finding->arena, seen.hello->version));
		finding->shown_by = seen.trace;
		return;
	}
	if (answer != NULL)
		finding_pass(finding, "%s was answered with %s",
			version_shown(finding->arena, answer->version), name);
}

static void
judge_secure_renegotiation(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	(void)arguments;
	judge_extension(
		evidence, lacks_renegotiation_info, "renegotiation_info", "renegotiation", finding);
}

static void
judge_extended_master_secret(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	(void)arguments;
	judge_extension(evidence, lacks_extended_master_secret, "extended_master_secret",
		"master secret without a transcript", finding);
}

/* The first fallback to a version below the newest; NULL when none was made. */
static const struct fallback_hello *
true_fallback(const struct fallback_record *record, uint16_t newest)
{
	for (size_t i = 0; i < record->count; i++)
		if (record->hellos[i].maximum < newest)
			return &record->hellos[i];
	return NULL;
}

/* The newest version of all answers of the run; 0: there was none. */
static uint16_t
newest_version(const struct evidence *evidence)
{
	struct seen_hello seen;
	uint16_t newest = 0;
	size_t at = 0;

	while (next_hello(evidence, &at, &seen))
		if (seen.hello->version > newest)
			newest = seen.hello->version;
	return newest;
}

/* Whether the refusal may be about the version instead: one that the server has elsewhere it refuses
 * for the signal only where it says so (RFC 7507 section 3) or shows it. */
static bool
may_lack_version(const struct evidence *evidence, const struct fallback_hello *hello,
	struct finding *finding)
{
	struct seen_hello seen;
	size_t at = 0;

	while (!hello->for_signal && next_hello(evidence, &at, &seen)) {
		if (seen.hello->version > hello->maximum)
			continue;
		finding_error(finding, CAUSE_NONE, "NoProof",
			"a fallback to %s was refused, but not for being one, and %s was chosen "
			"elsewhere",
			version_shown(finding->arena, hello->maximum),
			version_shown(finding->arena, seen.hello->version));
		finding->shown_by = seen.trace;
		return true;
	}
	return false;
}

/* A hello that offers less than the newest version, and says that it is a second try, must be
 * refused: for that reason, or because there is nothing older to fall back to. */
static void
judge_fallback(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct observation *seen = evidence_observed(evidence, &fallback_observer);
	uint16_t newest = newest_version(evidence);
	const char *shown = version_shown(finding->arena, newest);
	const struct fallback_hello *hello = true_fallback(seen->record, newest);
	bool is_refused = hello != NULL && hello->outcome == OUTCOME_REFUSED;

	(void)arguments;
	finding_expected(finding, "a second try with less than the newest version refused");
	finding_observed(finding, "%s", seen->text != NULL ? seen->text : "nothing");
	finding->shown_by = observation_trace(seen);
	if (hello != NULL && hello->outcome == OUTCOME_DONE)
		finding_fail(finding, CAUSE_NONE, "FallbackAccepted",
			"the server has %s and accepts a fallback to %s", shown,
			version_shown(finding->arena, hello->version));
	else if (!judge_control(evidence, finding))
		return;
	else if (is_refused && may_lack_version(evidence, hello, finding))
		return;
	else if (is_refused)
		finding_pass(finding, "the server has %s and refuses a fallback from it", shown);
	else if (hello == NULL && newest <= TLS_VERSION_1_0)
		finding_pass(
			finding, "the newest version is %s, from which nothing falls back", shown);
	else
		judge_no_proof(evidence, seen, "that a needless fallback is refused", finding);
}

static const struct check checks[] = {
	{
		.name = "tls.compression_disabled",
		.summary = "the server does not agree to TLS compression",
		.why = "With compression the length of a record tells what is in it: who can put text "
		       "of their own beside a secret guesses the secret, byte by byte.",
		.fix = "Switch compression off (Postfix: tls_ssl_options = no_compression; Exim: "
		       "openssl_options = +no_compression; Dovecot: ssl_options = no_compression), or "
		       "update the TLS library: OpenSSL builds without it since 2016.",
		.source = "RFC 9325 section 3.3",
		.step = STEP_HANDSHAKE,
		.judges_outcome = true,
		.observers = { &ordinary_observer },
		.needs_control = true,
		.judge = judge_compression,
	},
	{
		.name = "tls.secure_renegotiation",
		.summary = "the server knows secure renegotiation",
		.why = "Without it a stranger can begin a session, and have that of a victim appended to "
		       "it as if both were one; clients of today refuse to connect to such a server.",
		.fix = "Update the TLS library of the server: OpenSSL has secure renegotiation since "
		       "0.9.8m (2010), GnuTLS since 2.10. In Exim with OpenSSL take "
		       "legacy_server_connect and allow_unsafe_legacy_renegotiation out of "
		       "openssl_options.",
		.source = "CVE-2009-3555, RFC 5746 section 3.6",
		.step = STEP_HANDSHAKE,
		.judges_outcome = true,
		.observers = { &ordinary_observer },
		.needs_control = true,
		.judge = judge_secure_renegotiation,
	},
	{
		.name = "tls.extended_master_secret",
		.summary = "the server knows the extended master secret",
		.why = "Without it two sessions can be made to share their keys, and what proves who the "
		       "peer is in one of them can be passed on to the other (\"triple handshake\").",
		.fix = "Update the TLS library of the server: OpenSSL has the extension since 1.1.0, "
		       "GnuTLS since 3.4, and neither needs configuration. If it is missing all the "
		       "same, a load balancer in front of the server may speak TLS in its place.",
		.source = "RFC 7627 section 5.1, RFC 9325 section 3.5",
		.step = STEP_HANDSHAKE,
		.judges_outcome = true,
		.observers = { &ordinary_observer },
		.needs_control = true,
		.judge = judge_extended_master_secret,
	},
	{
		.name = "tls.fallback_scsv",
		.summary = "a needless fallback to an older version is refused",
		.why = "Some clients try again with an older version when a handshake breaks off: who is "
		       "on the way breaks them off until the version is old enough, unless the server "
		       "recognises the second try.",
		.fix = "Update the TLS library of the server: OpenSSL refuses such fallbacks since 1.0.1j, "
		       "GnuTLS since 3.4, without configuration. Refusing TLS 1.1 and older leaves "
		       "little to fall back to.",
		.source = "RFC 7507 section 3",
		.step = STEP_HANDSHAKE,
		.judges_outcome = true,
		.observers = { &ordinary_observer, &fallback_observer },
		.needs_control = true,
		.judge = judge_fallback,
	},
};

const struct check_family tls_feature_family = {
	.name = "tls",
	.summary = "what TLS agrees to beside version and suite",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
