/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tls.signature_algorithms: with what the server signs the key exchange. TLS 1.2 tells it in the
 * ServerKeyExchange; in TLS 1.3 the signature is encrypted, but without a scheme in common there
 * is an alert instead of a ServerHello.
 */
#include <string.h>

#include "base/names.h"
#include "checks/arguments.h"
#include "evidence/cause.h"
#include "families.h"
#include "hellos.h"
#include "objections.h"
#include "wire/groups.h"
#include "wire/key_shares.h"
#include "wire/suites.h"
#include "wire/tls_names.h"

static const char *
object_to_scheme(const char *text)
{
	int scheme;

	if (name_code(tls_signature_names, text, &scheme))
		return NULL;
	return "there is no signature scheme of this name (such as rsa_pkcs1_sha1, ecdsa_sha1, "
	       "rsa_md5, rsa_pss_rsae_sha256 or ecdsa_secp256r1_sha256)";
}

static const char *
object_to_both(const struct arguments *arguments)
{
	if (item_in_both(arguments, "includes", "excludes") != NULL)
		return "a scheme cannot be both included and excluded";
	return NULL;
}

/* RFC 8446 section 4.2.3: TLS 1.3 signs with RSASSA-PSS, ECDSA on a curve with SHA-2, and what
 * came later. */
static bool
is_of_tls13(uint16_t scheme)
{
	return scheme >= 0x0704 || scheme == 0x0403 || scheme == 0x0503 || scheme == 0x0603;
}

static struct tls_codes
listed_schemes(const struct argument *list, bool tls13)
{
	struct tls_codes schemes = { .count = 0 };
	int scheme;

	for (size_t i = 0; i < list->count; i++)
		if (name_code(tls_signature_names, list->items[i], &scheme) &&
			(!tls13 || is_of_tls13((uint16_t)scheme)))
			tls_codes_add_once(&schemes, (uint16_t)scheme);
	return schemes;
}

/* Suites whose key exchange is signed, and these schemes; without a scheme it is not asked. */
static struct survey_hello
old_hello(struct tls_codes schemes)
{
	const struct suite_query signed_suites = { .any = SUITE_ECDHE | SUITE_DHE,
		.none = SUITES_SHARED_SECRET | SUITE_ANONYMOUS | SUITE_EXPORT | SUITE_NULL |
			SUITE_ARIA | SUITE_CAMELLIA,
		.minimum = TLS_VERSION_SSL3,
		.maximum = TLS_VERSION_1_2 };
	struct survey_hello hello = { .offer = hello_offer_versions(
					      TLS_VERSION_1_2, TLS_VERSION_1_2) };

	hello.offer.signatures = schemes;
	hello.offer.suites.count = 0;
	if (schemes.count != 0)
		suites_select(&signed_suites, 0, &hello.offer.suites, TLS_CODES_MAX);
	return hello;
}

static struct survey_hello
new_hello(struct tls_codes schemes)
{
	struct survey_hello hello = { .offer = hello_offer_versions(
					      TLS_VERSION_1_3, TLS_VERSION_1_3) };

	hello.offer.signatures = schemes;
	if (schemes.count == 0)
		hello.offer.suites.count = 0;
	/* With a share the server can answer with a ServerHello, where the handshake ends. */
	key_share_of(GROUP_X25519, &hello.offer.shares[0]);
	key_share_of(GROUP_SECP256R1, &hello.offer.shares[1]);
	hello.offer.share_count = 2;
	return hello;
}

/* One wanted scheme; TLS 1.3 is asked when TLS 1.2 does not sign with it. */
static struct survey_record
wanted_survey(const char *name)
{
	const char *const items[] = { name };
	const struct argument list = { .given = true, .items = items, .count = 1 };

	return (struct survey_record){ .subject = SURVEY_SIGNATURES,
		.most = 1,
		.hellos = { old_hello(listed_schemes(&list, false)),
			new_hello(listed_schemes(&list, true)) } };
}

/* Parts of the questions: excluded schemes all at once, and each included one. */
enum { PART_EXCLUDED, PART_INCLUDED };

static void
ask_signatures(const struct arguments *arguments, struct questions *questions)
{
	const struct argument *excludes = argument_of(arguments, "excludes");
	const struct argument *includes = argument_of(arguments, "includes");
	const struct survey_record old = { .subject = SURVEY_SIGNATURES,
		.hellos = { old_hello(listed_schemes(excludes, false)) } };
	const struct survey_record new = { .subject = SURVEY_SIGNATURES,
		.hellos = { new_hello(listed_schemes(excludes, true)) } };

	ask_survey(questions, PART_EXCLUDED, &old);
	ask_survey(questions, PART_EXCLUDED, &new);
	for (size_t i = 0; i < includes->count; i++) {
		const struct survey_record wanted = wanted_survey(includes->items[i]);

		ask(questions, PART_INCLUDED + (unsigned)i, &survey_observer, &wanted);
	}
}

static const char *
choices_shown(const struct observation *observation, const char *list, struct arena *arena)
{
	const struct survey_record *survey = observation->record;

	for (size_t i = 0; i < survey->choice_count; i++) {
		const char *name = name_of(tls_signature_names, survey->choices[i].signature);

		list = list_with(arena, list,
			arena_printf(arena, "%s (%s)", name != NULL ? name : "one of them",
				version_shown(arena, survey->choices[i].version)));
	}
	return list;
}

/* Whether any question of the run was answered with a scheme of the list. */
static bool
is_seen(const struct tls_codes *schemes, const struct evidence *evidence, struct seen_hello *seen)
{
	size_t at = 0;

	while (next_hello(evidence, &at, seen))
		if (tls_codes_has(schemes, seen->hello->signature))
			return true;
	return false;
}

static bool
uses_seen_scheme(
	const struct argument *excludes, const struct evidence *evidence, struct finding *finding)
{
	struct tls_codes unwanted = listed_schemes(excludes, false);
	struct seen_hello seen;

	if (!is_seen(&unwanted, evidence, &seen))
		return false;
	finding_fail(finding, CAUSE_NONE, "SignatureAccepted", "the server signs with %s (%s)",
		name_of(tls_signature_names, seen.hello->signature),
		version_shown(finding->arena, seen.hello->version));
	finding->shown_by = seen.trace;
	return true;
}

static bool
judge_excludes(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct observation *made;
	const char *used = NULL;
	size_t at = 0;

	while ((made = evidence_next_answer(evidence, arguments, PART_EXCLUDED, &at)) != NULL) {
		used = choices_shown(made, used, finding->arena);
		if (used != NULL && finding->shown_by == NULL)
			finding->shown_by = observation_trace(made);
	}
	if (used != NULL) {
		finding_fail(
			finding, CAUSE_NONE, "SignatureAccepted", "the server signs with %s", used);
		return false;
	}
	if (uses_seen_scheme(argument_of(arguments, "excludes"), evidence, finding))
		return false;
	at = 0;
	while ((made = evidence_next_answer(evidence, arguments, PART_EXCLUDED, &at)) != NULL)
		if (!judge_answered(
			    evidence, made, "whether the unwanted signatures are refused", finding))
			return false;
	return judge_control(evidence, finding);
}

/* Whether the survey of the scheme met it, or any other question of the run. */
static bool
signs_with(const struct evidence *evidence, const struct observation *made, const char *name)
{
	const struct argument list = { .given = true, .items = &name, .count = 1 };
	struct tls_codes scheme = listed_schemes(&list, false);
	const struct survey_record *survey = made == NULL ? NULL : made->record;
	struct seen_hello seen;

	return (survey != NULL && survey->choice_count != 0) || is_seen(&scheme, evidence, &seen);
}

static bool
judge_includes(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct argument *includes = argument_of(arguments, "includes");
	const char *missed = NULL;

	for (size_t i = 0; i < includes->count; i++) {
		const struct observation *made =
			evidence_answer(evidence, arguments, PART_INCLUDED + (unsigned)i);

		if (signs_with(evidence, made, includes->items[i]))
			continue;
		if (!judge_answered(evidence, made,
			    arena_printf(finding->arena, "whether the server signs with %s",
				    includes->items[i]),
			    finding))
			return false;
		missed = list_with(finding->arena, missed, includes->items[i]);
	}
	if (missed != NULL && judge_control(evidence, finding))
		finding_fail(finding, CAUSE_NONE, "SignatureRefused",
			"the server does not sign with %s", missed);
	return missed == NULL;
}

static void
judge_signatures(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct argument *excludes = argument_of(arguments, "excludes");
	const struct argument *includes = argument_of(arguments, "includes");

	if ((!excludes->given || judge_excludes(arguments, evidence, finding)) &&
		judge_includes(arguments, evidence, finding))
		finding_pass(finding, "%s%s%s",
			excludes->given ? "nothing is signed with the unwanted schemes" : "",
			excludes->given && includes->given ? ", " : "",
			includes->given ? "the wanted ones are used" : "");
}

static const struct check checks[] = {
	{
		.name = "tls.signature_algorithms",
		.summary = "the server signs key exchanges with wanted schemes, and with no unwanted ones",
		.why = "A signature over MD5 or SHA-1 can be forged by finding a collision, which lets "
		       "an attacker in the middle answer for the server.",
		.fix = "Name the schemes (OpenSSL: SignatureAlgorithms in openssl.cnf, or a security "
		       "level of 2; GnuTLS: -SIGN-RSA-SHA1:-SIGN-ECDSA-SHA1 in the priorities), and "
		       "see that the key of the certificate fits the wanted ones.",
		.source = "RFC 9155 sections 2 to 4, RFC 8446 section 4.2.3",
		.step = STEP_CONNECT,
		.needs_a_param = true,
		.objection = object_to_both,
		.needs_control = true,
		.ask = ask_signatures,
		.judge = judge_signatures,
		.params = {
			{
				.name = "excludes",
				.type = PARAM_LIST,
				.objection = object_to_scheme,
				.help = "Schemes that the server must not sign with, even if a client wants "
					"nothing else.",
				.example = "[\"rsa_md5\", \"rsa_pkcs1_sha1\", \"ecdsa_sha1\"]",
			},
			{
				.name = "includes",
				.type = PARAM_LIST,
				.objection = object_to_scheme,
				.help = "Schemes that the server must be able to sign with.",
				.example = "[\"ecdsa_secp256r1_sha256\"]",
			},
		},
	},
};

const struct check_family tls_signatures_family = {
	.name = "tls",
	.summary = "what the server would negotiate: signatures",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
