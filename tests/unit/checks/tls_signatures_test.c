/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tls.signature_algorithms: evidence in, finding out.
 */
#include "court_findings.h"

#define ECDHE_AES 0xc02f
#define RSA_PKCS1_SHA1 0x0201
#define RSA_PKCS1_SHA256 0x0401
#define RSA_PSS_SHA256 0x0804

#define SIGNATURES(parameters) "{\"assert\":\"tls.signature_algorithms\"," parameters "}"
#define EXCLUDES(schemes) SIGNATURES("\"excludes\":[" schemes "]")
#define INCLUDES(schemes) SIGNATURES("\"includes\":[" schemes "]")
#define SHA1 EXCLUDES("\"rsa_pkcs1_sha1\"")
#define PSS EXCLUDES("\"rsa_pss_rsae_sha256\"")
#define BOTH SIGNATURES("\"excludes\":[\"rsa_pkcs1_sha1\"],\"includes\":[\"rsa_pss_rsae_sha256\"]")

#define REFUSED "nothing is signed with the unwanted schemes"
#define USED "the wanted ones are used"

static struct server_hello
signed_with(uint16_t scheme)
{
	return (struct server_hello){
		.version = TLS_VERSION_1_2, .suite = ECDHE_AES, .signature = scheme
	};
}

/* In TLS 1.3 a survey knows the scheme where it offered one alone. */
static struct server_hello
hidden(uint16_t scheme)
{
	return (struct server_hello){
		.version = TLS_VERSION_1_3, .suite = 0x1301, .signature = scheme
	};
}

static void
sha1_in_its_survey(struct court *court)
{
	choose(survey_up_to(court, TLS_VERSION_1_2), signed_with(RSA_PKCS1_SHA1));
}

static void
sha1_before_the_answers_stopped(struct court *court)
{
	sha1_in_its_survey(court);
	survey_up_to(court, TLS_VERSION_1_2)->outcome = OUTCOME_BROKEN;
}

static void
sha1_elsewhere(struct court *court)
{
	see(court, signed_with(RSA_PKCS1_SHA1));
}

static void
sha1_at_the_deadline(struct court *court)
{
	cut_short(court);
	sha1_elsewhere(court);
}

static void
sha256_elsewhere(struct court *court)
{
	see(court, signed_with(RSA_PKCS1_SHA256));
}

static void
pss_in_tls13(struct court *court)
{
	choose(survey_up_to(court, TLS_VERSION_1_3), hidden(RSA_PSS_SHA256));
}

static void
one_of_several_in_tls13(struct court *court)
{
	choose(survey_up_to(court, TLS_VERSION_1_3), hidden(0));
}

static void
tls12_not_answered(struct court *court)
{
	survey_up_to(court, TLS_VERSION_1_2)->outcome = OUTCOME_BROKEN;
}

static void
tls13_not_answered(struct court *court)
{
	survey_up_to(court, TLS_VERSION_1_3)->outcome = OUTCOME_BROKEN;
}

static void
tls13_not_reached(struct court *court)
{
	survey_up_to(court, TLS_VERSION_1_3)->outcome = OUTCOME_NOT_REACHED;
}

static const struct finding_row refusals[] = {
	{ "unwanted schemes that are refused pass", SHA1, OUTCOME_REFUSED, NULL, VERDICT_PASS, NULL,
		CAUSE_NONE, REFUSED },
	{ "unwanted schemes of both versions that are refused pass", PSS, OUTCOME_REFUSED, NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, REFUSED },
	{ "another scheme may be used", SHA1, OUTCOME_REFUSED, sha256_elsewhere, VERDICT_PASS, NULL,
		CAUSE_NONE, REFUSED },
	{ "one that its survey met fails", SHA1, OUTCOME_REFUSED, sha1_in_its_survey, VERDICT_FAIL,
		"SignatureAccepted", CAUSE_NONE, "the server signs with rsa_pkcs1_sha1 (TLS 1.2)" },
	{ "one fails, though its survey has no end", SHA1, OUTCOME_REFUSED,
		sha1_before_the_answers_stopped, VERDICT_FAIL, "SignatureAccepted", CAUSE_NONE,
		"the server signs with rsa_pkcs1_sha1 (TLS 1.2)" },
	{ "one that was used elsewhere fails", SHA1, OUTCOME_REFUSED, sha1_elsewhere, VERDICT_FAIL,
		"SignatureAccepted", CAUSE_NONE, "the server signs with rsa_pkcs1_sha1 (TLS 1.2)" },
	{ "it fails, though nothing else was answered", SHA1, OUTCOME_BROKEN, sha1_elsewhere,
		VERDICT_FAIL, "SignatureAccepted", CAUSE_NONE, "rsa_pkcs1_sha1 (TLS 1.2)" },
	{ "one before the deadline fails", SHA1, OUTCOME_REFUSED, sha1_at_the_deadline,
		VERDICT_FAIL, "SignatureAccepted", CAUSE_NONE, "rsa_pkcs1_sha1 (TLS 1.2)" },
	{ "one that TLS 1.3 uses fails", PSS, OUTCOME_REFUSED, pss_in_tls13, VERDICT_FAIL,
		"SignatureAccepted", CAUSE_NONE,
		"the server signs with rsa_pss_rsae_sha256 (TLS 1.3)" },
	{ "of several that TLS 1.3 was offered one is enough",
		EXCLUDES("\"rsa_pss_rsae_sha256\",\"ed25519\""), OUTCOME_REFUSED,
		one_of_several_in_tls13, VERDICT_FAIL, "SignatureAccepted", CAUSE_NONE,
		"the server signs with one of them (TLS 1.3)" },
	{ "schemes that are not answered are not refused", SHA1, OUTCOME_BROKEN, NULL,
		VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether the unwanted signatures are refused is not known: what happened" },
	{ "TLS 1.2 without an answer leaves it open", PSS, OUTCOME_REFUSED, tls12_not_answered,
		VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether the unwanted signatures are refused is not known" },
	{ "TLS 1.3 without an answer leaves it open", PSS, OUTCOME_REFUSED, tls13_not_answered,
		VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether the unwanted signatures are refused is not known" },
	{ "TLS 1.3 that was not asked leaves it open", PSS, OUTCOME_REFUSED, tls13_not_reached,
		VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether the unwanted signatures are refused is not known" },
	{ "refusals without any acceptance prove nothing", SHA1, OUTCOME_REFUSED, no_hello_accepted,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "not even the control hello was accepted" },
	{ "what was not asked is not known", SHA1, OUTCOME_REFUSED, nothing_asked, VERDICT_ERROR,
		"NoProof", CAUSE_NONE, "not asked" },
	{ "a silent server is not asked", SHA1, OUTCOME_REFUSED, not_asked_any_further,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "the server says nothing" },
	{ "what the deadline cut off was not run", SHA1, OUTCOME_REFUSED, cut_short, VERDICT_ERROR,
		"NotRun", CAUSE_CUT_SHORT, "the deadline of the run has passed" },
	{ "the handshake that broke is the cause where nothing was answered", SHA1, OUTCOME_REFUSED,
		handshake_broke, VERDICT_ERROR, "NoProof", CAUSE_HANDSHAKE, "not asked" },
	{ "without a connection there is no answer", SHA1, OUTCOME_REFUSED, connection_broke,
		VERDICT_ERROR, "NoAnswer", CAUSE_CONNECT, "no answer in time" },
};

/* What the survey of one wanted scheme met. */
static void
first_wanted_chosen(struct court *court)
{
	choose(nth_observed_by(court, &survey_observer, 0), signed_with(RSA_PSS_SHA256));
}

static void
chosen_before_the_answers_stopped(struct court *court)
{
	first_wanted_chosen(court);
	nth_observed_by(court, &survey_observer, 0)->outcome = OUTCOME_BROKEN;
}

static void
second_wanted_not_answered(struct court *court)
{
	nth_observed_by(court, &survey_observer, 1)->outcome = OUTCOME_BROKEN;
}

static void
last_survey_chosen(struct court *court)
{
	choose(nth_observed_by(court, &survey_observer, 1), hidden(RSA_PSS_SHA256));
}

static void
sha256_elsewhere_and_not_answered(struct court *court)
{
	nth_observed_by(court, &survey_observer, 0)->outcome = OUTCOME_BROKEN;
	sha256_elsewhere(court);
}

static void
wanted_and_unwanted(struct court *court)
{
	last_survey_chosen(court);
	sha1_elsewhere(court);
}

static const struct finding_row acceptances[] = {
	{ "a wanted scheme that its survey met passes", INCLUDES("\"rsa_pss_rsae_sha256\""),
		OUTCOME_REFUSED, first_wanted_chosen, VERDICT_PASS, NULL, CAUSE_NONE, USED },
	{ "it passes, though its survey has no end", INCLUDES("\"rsa_pss_rsae_sha256\""),
		OUTCOME_REFUSED, chosen_before_the_answers_stopped, VERDICT_PASS, NULL, CAUSE_NONE,
		USED },
	{ "one that was used elsewhere is refused by no survey", INCLUDES("\"rsa_pkcs1_sha256\""),
		OUTCOME_REFUSED, sha256_elsewhere, VERDICT_PASS, NULL, CAUSE_NONE, USED },
	{ "one that was used elsewhere needs no answer here", INCLUDES("\"rsa_pkcs1_sha256\""),
		OUTCOME_REFUSED, sha256_elsewhere_and_not_answered, VERDICT_PASS, NULL, CAUSE_NONE,
		USED },
	{ "a wanted scheme that is refused fails", INCLUDES("\"rsa_pss_rsae_sha256\",\"ed25519\""),
		OUTCOME_REFUSED, first_wanted_chosen, VERDICT_FAIL, "SignatureRefused", CAUSE_NONE,
		"the server does not sign with ed25519" },
	{ "all that are refused are named", INCLUDES("\"rsa_pss_rsae_sha256\",\"ed25519\""),
		OUTCOME_REFUSED, NULL, VERDICT_FAIL, "SignatureRefused", CAUSE_NONE,
		"the server does not sign with rsa_pss_rsae_sha256, ed25519" },
	{ "another scheme is none", INCLUDES("\"rsa_pss_rsae_sha256\""), OUTCOME_REFUSED,
		sha256_elsewhere, VERDICT_FAIL, "SignatureRefused", CAUSE_NONE,
		"the server does not sign with rsa_pss_rsae_sha256" },
	{ "a wanted scheme that is not answered is open", INCLUDES("\"ed25519\""), OUTCOME_BROKEN,
		NULL, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether the server signs with ed25519 is not known: what happened" },
	{ "one refusal decides nothing before all are answered",
		INCLUDES("\"rsa_pss_rsae_sha256\",\"ed25519\""), OUTCOME_REFUSED,
		second_wanted_not_answered, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether the server signs with ed25519 is not known" },
	{ "nothing is refused where nothing is accepted", INCLUDES("\"ed25519\""), OUTCOME_REFUSED,
		no_hello_accepted, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"not even the control hello was accepted" },
	{ "what was not asked for is open", INCLUDES("\"ed25519\""), OUTCOME_REFUSED, nothing_asked,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "not asked" },
	{ "what the deadline cut off is not refused", INCLUDES("\"ed25519\""), OUTCOME_REFUSED,
		cut_short, VERDICT_ERROR, "NotRun", CAUSE_CUT_SHORT, "the deadline" },
	{ "both lists pass together", BOTH, OUTCOME_REFUSED, last_survey_chosen, VERDICT_PASS, NULL,
		CAUSE_NONE, REFUSED ", " USED },
	{ "an unwanted scheme fails beside a wanted one", BOTH, OUTCOME_REFUSED,
		wanted_and_unwanted, VERDICT_FAIL, "SignatureAccepted", CAUSE_NONE,
		"rsa_pkcs1_sha1" },
	{ "a missing scheme fails beside refusals", BOTH, OUTCOME_REFUSED, NULL, VERDICT_FAIL,
		"SignatureRefused", CAUSE_NONE, "does not sign with rsa_pss_rsae_sha256" },
};

static void
unwanted_schemes_are_refused(void **state)
{
	(void)state;
	expect_findings(refusals, COUNT(refusals));
}

static void
wanted_schemes_are_used(void **state)
{
	(void)state;
	expect_findings(acceptances, COUNT(acceptances));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unwanted_schemes_are_refused),
		cmocka_unit_test(wanted_schemes_are_used),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
