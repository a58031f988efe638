/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tls.ciphers and tls.forward_secrecy: evidence in, finding out.
 */
#include "court_findings.h"

#define ECDHE_AES 0xc02f
#define RSA_AES 0x002f
#define RSA_AES_256 0x0035
#define RSA_GCM 0x009c
#define RSA_RC4 0x0005
#define RSA_3DES 0x000a
#define RSA_PSK_AES 0x0094

#define CIPHERS(parameters) "{\"assert\":\"tls.ciphers\"," parameters "}"
#define REFUSES(suites) CIPHERS("\"refuses\":[" suites "]")
#define ACCEPTS(suites) CIPHERS("\"accepts\":[" suites "]")
#define ONLY(suites) CIPHERS("\"only\":[" suites "]")
#define STATIC_RSA REFUSES("\"static-rsa\"")
#define SECRECY "{\"assert\":\"tls.forward_secrecy\"}"

#define REFUSED "the unwanted suites are refused"
#define ACCEPTED "the wanted ones are accepted"
#define NAME_OF_RSA_AES "TLS_RSA_WITH_AES_128_CBC_SHA"
#define NAME_OF_RSA_AES_256 "TLS_RSA_WITH_AES_256_CBC_SHA"
#define NAME_OF_ECDHE_AES "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"

static struct server_hello
of_suite(uint16_t suite)
{
	return (struct server_hello){ .version = TLS_VERSION_1_2, .suite = suite };
}

static void
chosen_in_a_survey(struct court *court)
{
	choose(survey_up_to(court, TLS_VERSION_1_2), of_suite(RSA_AES));
}

static void
chosen_before_the_answers_stopped(struct court *court)
{
	chosen_in_a_survey(court);
	survey_up_to(court, TLS_VERSION_1_2)->outcome = OUTCOME_BROKEN;
}

static void
chosen_up_to_tls11(struct court *court)
{
	choose(survey_up_to(court, TLS_VERSION_1_1),
		(struct server_hello){ .version = TLS_VERSION_1_1, .suite = RSA_AES });
}

static void
chosen_elsewhere(struct court *court)
{
	see(court, of_suite(RSA_AES));
}

static void
chosen_in_the_session(struct court *court)
{
	court->evidence.session_hello = of_suite(RSA_AES);
}

static void
chosen_at_the_deadline(struct court *court)
{
	cut_short(court);
	chosen_elsewhere(court);
}

static void
four_chosen(struct court *court)
{
	static const uint16_t suites[] = { RSA_AES, RSA_AES_256, RSA_GCM, RSA_RC4 };

	for (size_t i = 0; i < COUNT(suites); i++)
		see(court, of_suite(suites[i]));
}

static void
five_chosen(struct court *court)
{
	four_chosen(court);
	see(court, of_suite(RSA_3DES));
}

static void
one_chosen_twice(struct court *court)
{
	see(court, of_suite(RSA_AES));
	see(court, of_suite(RSA_AES));
	see(court, of_suite(RSA_AES_256));
}

static void
one_chosen_in_two_versions(struct court *court)
{
	see(court, of_suite(RSA_AES));
	see(court, (struct server_hello){ .version = TLS_VERSION_1_0, .suite = RSA_AES });
}

static void
other_chosen(struct court *court)
{
	see(court, of_suite(ECDHE_AES));
}

static void
shared_secret_chosen(struct court *court)
{
	see(court, of_suite(RSA_PSK_AES));
}

static void
newest_survey_not_answered(struct court *court)
{
	survey_up_to(court, TLS_VERSION_1_2)->outcome = OUTCOME_BROKEN;
}

static void
oldest_survey_not_answered(struct court *court)
{
	survey_up_to(court, TLS_VERSION_1_1)->outcome = OUTCOME_BROKEN;
}

static void
oldest_survey_not_reached(struct court *court)
{
	survey_up_to(court, TLS_VERSION_1_1)->outcome = OUTCOME_NOT_REACHED;
}

static const struct finding_row refusals[] = {
	{ "unwanted suites that are refused pass", STATIC_RSA, OUTCOME_REFUSED, NULL, VERDICT_PASS,
		NULL, CAUSE_NONE, REFUSED },
	{ "what is not of the class may be accepted", STATIC_RSA, OUTCOME_REFUSED, other_chosen,
		VERDICT_PASS, NULL, CAUSE_NONE, REFUSED },
	{ "a suite with a shared secret is of no other class", REFUSES("\"cbc\""), OUTCOME_REFUSED,
		shared_secret_chosen, VERDICT_PASS, NULL, CAUSE_NONE, REFUSED },
	{ "it is of its own", REFUSES("\"psk\""), OUTCOME_REFUSED, shared_secret_chosen,
		VERDICT_FAIL, "CipherAccepted", CAUSE_NONE, "TLS_RSA_PSK_WITH_AES_128_CBC_SHA" },
	{ "one that a survey met fails", STATIC_RSA, OUTCOME_REFUSED, chosen_in_a_survey,
		VERDICT_FAIL, "CipherAccepted", CAUSE_NONE,
		"the server accepts " NAME_OF_RSA_AES " (TLS 1.2)" },
	{ "one that is kept for older versions fails", STATIC_RSA, OUTCOME_REFUSED,
		chosen_up_to_tls11, VERDICT_FAIL, "CipherAccepted", CAUSE_NONE,
		"the server accepts " NAME_OF_RSA_AES " (TLS 1.1)" },
	{ "one that was chosen elsewhere fails", STATIC_RSA, OUTCOME_REFUSED, chosen_elsewhere,
		VERDICT_FAIL, "CipherAccepted", CAUSE_NONE, NAME_OF_RSA_AES },
	{ "one of the session fails", STATIC_RSA, OUTCOME_REFUSED, chosen_in_the_session,
		VERDICT_FAIL, "CipherAccepted", CAUSE_NONE, NAME_OF_RSA_AES },
	{ "one by its name fails", REFUSES("\"AES128-SHA\""), OUTCOME_REFUSED, chosen_elsewhere,
		VERDICT_FAIL, "CipherAccepted", CAUSE_NONE, NAME_OF_RSA_AES },
	{ "one fails, though its survey has no end", STATIC_RSA, OUTCOME_REFUSED,
		chosen_before_the_answers_stopped, VERDICT_FAIL, "CipherAccepted", CAUSE_NONE,
		NAME_OF_RSA_AES },
	{ "one before the deadline fails", STATIC_RSA, OUTCOME_REFUSED, chosen_at_the_deadline,
		VERDICT_FAIL, "CipherAccepted", CAUSE_NONE, NAME_OF_RSA_AES },
	{ "four are all named", STATIC_RSA, OUTCOME_REFUSED, four_chosen, VERDICT_FAIL,
		"CipherAccepted", CAUSE_NONE, "TLS_RSA_WITH_RC4_128_SHA (TLS 1.2)" },
	{ "the fifth is counted", STATIC_RSA, OUTCOME_REFUSED, five_chosen, VERDICT_FAIL,
		"CipherAccepted", CAUSE_NONE, "TLS_RSA_WITH_RC4_128_SHA (TLS 1.2) and 1 more" },
	{ "one that is chosen twice is named once", STATIC_RSA, OUTCOME_REFUSED, one_chosen_twice,
		VERDICT_FAIL, "CipherAccepted", CAUSE_NONE,
		"accepts " NAME_OF_RSA_AES " (TLS 1.2), " NAME_OF_RSA_AES_256 " (TLS 1.2)" },
	{ "one that is chosen in two versions is named for both", STATIC_RSA, OUTCOME_REFUSED,
		one_chosen_in_two_versions, VERDICT_FAIL, "CipherAccepted", CAUSE_NONE,
		"accepts " NAME_OF_RSA_AES " (TLS 1.2), " NAME_OF_RSA_AES " (TLS 1.0)" },
	{ "suites that are not answered are not refused", STATIC_RSA, OUTCOME_BROKEN, NULL,
		VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether the unwanted suites are refused is not known: what happened" },
	{ "one survey without an end leaves it open", STATIC_RSA, OUTCOME_REFUSED,
		newest_survey_not_answered, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether the unwanted suites are refused is not known" },
	{ "so does the one for older versions", STATIC_RSA, OUTCOME_REFUSED,
		oldest_survey_not_answered, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether the unwanted suites are refused is not known" },
	{ "so does one that was not begun", STATIC_RSA, OUTCOME_REFUSED, oldest_survey_not_reached,
		VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether the unwanted suites are refused is not known" },
	{ "refusals without any acceptance prove nothing", STATIC_RSA, OUTCOME_REFUSED,
		no_hello_accepted, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"not even the control hello was accepted" },
	{ "what was not asked is not known", STATIC_RSA, OUTCOME_REFUSED, nothing_asked,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "not asked" },
	{ "a silent server is not asked", STATIC_RSA, OUTCOME_REFUSED, not_asked_any_further,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "the server says nothing" },
	{ "what the deadline cut off was not run", STATIC_RSA, OUTCOME_REFUSED, cut_short,
		VERDICT_ERROR, "NotRun", CAUSE_CUT_SHORT, "the deadline of the run has passed" },
	{ "the handshake that broke is the cause where nothing was answered", STATIC_RSA,
		OUTCOME_REFUSED, handshake_broke, VERDICT_ERROR, "NoProof", CAUSE_HANDSHAKE,
		"not asked" },
	{ "without a connection there is no answer", STATIC_RSA, OUTCOME_REFUSED, connection_broke,
		VERDICT_ERROR, "NoAnswer", CAUSE_CONNECT, "no answer in time" },
	{ "what is listed may be accepted", ONLY("\"TLS_AES_128_GCM_SHA256\",\"ecdhe\""),
		OUTCOME_REFUSED, other_chosen, VERDICT_PASS, NULL, CAUSE_NONE, REFUSED },
	{ "what is not listed may not", ONLY("\"tls13\""), OUTCOME_REFUSED, other_chosen,
		VERDICT_FAIL, "CipherAccepted", CAUSE_NONE, NAME_OF_ECDHE_AES },
	{ "what needs a shared secret need not be listed", ONLY("\"tls13\""), OUTCOME_REFUSED,
		shared_secret_chosen, VERDICT_PASS, NULL, CAUSE_NONE, REFUSED },
	{ "others that are not answered are not refused", ONLY("\"tls13\""), OUTCOME_BROKEN, NULL,
		VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether the unwanted suites are refused is not known" },
	{ "others before the deadline were not asked for", ONLY("\"tls13\""), OUTCOME_REFUSED,
		cut_short, VERDICT_ERROR, "NotRun", CAUSE_CUT_SHORT, "the deadline" },
};

static void
wanted_in_its_survey(struct court *court)
{
	choose(observed_by(court, &survey_observer), of_suite(ECDHE_AES));
}

static void
wanted_elsewhere_and_not_answered(struct court *court)
{
	observed_by(court, &survey_observer)->outcome = OUTCOME_BROKEN;
	other_chosen(court);
}

static void
wanted_and_unwanted(struct court *court)
{
	other_chosen(court);
	chosen_elsewhere(court);
}

/* The suites of TLS 1.2 are refused, the question for one of TLS 1.3 has no answer. */
static void
tls13_not_answered(struct court *court)
{
	session_of_tls12(court);
	survey_up_to(court, TLS_VERSION_1_3)->outcome = OUTCOME_BROKEN;
}

static const struct finding_row acceptances[] = {
	{ "a wanted suite that its survey met passes", ACCEPTS("\"" NAME_OF_ECDHE_AES "\""),
		OUTCOME_REFUSED, wanted_in_its_survey, VERDICT_PASS, NULL, CAUSE_NONE, ACCEPTED },
	{ "OpenSSL's name is as good", ACCEPTS("\"ECDHE-RSA-AES128-GCM-SHA256\""), OUTCOME_REFUSED,
		other_chosen, VERDICT_PASS, NULL, CAUSE_NONE, ACCEPTED },
	{ "that of the session is accepted", ACCEPTS("\"TLS_AES_128_GCM_SHA256\""), OUTCOME_REFUSED,
		NULL, VERDICT_PASS, NULL, CAUSE_NONE, ACCEPTED },
	{ "one that was chosen elsewhere needs no answer here",
		ACCEPTS("\"" NAME_OF_ECDHE_AES "\""), OUTCOME_REFUSED,
		wanted_elsewhere_and_not_answered, VERDICT_PASS, NULL, CAUSE_NONE, ACCEPTED },
	{ "of a class one suite is enough", ACCEPTS("\"ecdhe\""), OUTCOME_REFUSED, other_chosen,
		VERDICT_PASS, NULL, CAUSE_NONE, ACCEPTED },
	{ "it needs no answer here either", ACCEPTS("\"ecdhe\""), OUTCOME_REFUSED,
		wanted_elsewhere_and_not_answered, VERDICT_PASS, NULL, CAUSE_NONE, ACCEPTED },
	{ "a wanted suite that is refused fails", ACCEPTS("\"" NAME_OF_ECDHE_AES "\""),
		OUTCOME_REFUSED, NULL, VERDICT_FAIL, "CipherRefused", CAUSE_NONE,
		"the server does not accept " NAME_OF_ECDHE_AES },
	{ "another suite is none", ACCEPTS("\"" NAME_OF_ECDHE_AES "\""), OUTCOME_REFUSED,
		chosen_elsewhere, VERDICT_FAIL, "CipherRefused", CAUSE_NONE,
		"the server does not accept " NAME_OF_ECDHE_AES },
	{ "a wanted class that is refused fails", ACCEPTS("\"ecdsa\""), OUTCOME_REFUSED, NULL,
		VERDICT_FAIL, "CipherRefused", CAUSE_NONE, "the server does not accept ecdsa" },
	{ "all that are refused are named",
		ACCEPTS("\"ecdsa\",\"TLS_AES_128_GCM_SHA256\",\"AES128-SHA\""), OUTCOME_REFUSED,
		NULL, VERDICT_FAIL, "CipherRefused", CAUSE_NONE,
		"the server does not accept ecdsa, AES128-SHA" },
	{ "a wanted suite that is not answered is open", ACCEPTS("\"" NAME_OF_ECDHE_AES "\""),
		OUTCOME_BROKEN, NULL, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether " NAME_OF_ECDHE_AES " is accepted is not known: what happened" },
	{ "a wanted class that is not answered is open", ACCEPTS("\"ecdsa\""), OUTCOME_BROKEN, NULL,
		VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether ecdsa is accepted is not known: what happened" },
	{ "one refusal decides nothing before all are answered", ACCEPTS("\"ecdsa\",\"tls13\""),
		OUTCOME_REFUSED, tls13_not_answered, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether tls13 is accepted is not known" },
	{ "nothing is refused where nothing is accepted", ACCEPTS("\"ecdsa\""), OUTCOME_REFUSED,
		no_hello_accepted, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"not even the control hello was accepted" },
	{ "what was not asked for is open", ACCEPTS("\"ecdsa\""), OUTCOME_REFUSED, nothing_asked,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "not asked" },
	{ "what the deadline cut off is not refused", ACCEPTS("\"ecdsa\""), OUTCOME_REFUSED,
		cut_short, VERDICT_ERROR, "NotRun", CAUSE_CUT_SHORT, "the deadline" },
	{ "both lists pass together",
		CIPHERS("\"refuses\":[\"static-rsa\"],\"accepts\":[\"ecdhe\"]"), OUTCOME_REFUSED,
		other_chosen, VERDICT_PASS, NULL, CAUSE_NONE, REFUSED ", " ACCEPTED },
	{ "a missing suite fails beside refusals",
		CIPHERS("\"refuses\":[\"static-rsa\"],\"accepts\":[\"ecdhe\"]"), OUTCOME_REFUSED,
		NULL, VERDICT_FAIL, "CipherRefused", CAUSE_NONE, "does not accept ecdhe" },
	{ "an unwanted suite fails beside a wanted one",
		CIPHERS("\"refuses\":[\"static-rsa\"],\"accepts\":[\"ecdhe\"]"), OUTCOME_REFUSED,
		wanted_and_unwanted, VERDICT_FAIL, "CipherAccepted", CAUSE_NONE, NAME_OF_RSA_AES },
};

static void
control_accepted(struct court *court)
{
	accept_hello(hello_up_to(court, TLS_VERSION_1_3, false), of_suite(ECDHE_AES));
}

/* The record of the control alone, as if no connection had shown it. */
static void
control_with_static_rsa(struct court *court)
{
	struct hello_record *record = hello_up_to(court, TLS_VERSION_1_3, false)->record;

	hello_up_to(court, TLS_VERSION_1_3, false)->outcome = OUTCOME_DONE;
	record->answer = (struct flight_hello){ .version = TLS_VERSION_1_2, .suite = RSA_AES };
}

static void
control_of_no_name(struct court *court)
{
	accept_hello(hello_up_to(court, TLS_VERSION_1_3, false), of_suite(0x7f7f));
}

static void
control_but_static_rsa_elsewhere(struct court *court)
{
	control_accepted(court);
	chosen_elsewhere(court);
}

static void
control_but_survey_not_answered(struct court *court)
{
	control_accepted(court);
	oldest_survey_not_answered(court);
}

static void
control_not_answered(struct court *court)
{
	hello_up_to(court, TLS_VERSION_1_3, false)->outcome = OUTCOME_BROKEN;
}

static void
control_cut_off(struct court *court)
{
	hello_up_to(court, TLS_VERSION_1_3, false)->outcome = OUTCOME_NOT_REACHED;
	court->evidence.cut_short = "the deadline of the run has passed";
}

static const struct finding_row secrecies[] = {
	{ "a control with forward secrecy passes where the rest is refused", SECRECY,
		OUTCOME_REFUSED, control_accepted, VERDICT_PASS, NULL, CAUSE_NONE,
		NAME_OF_ECDHE_AES " is accepted, suites without forward secrecy are refused" },
	{ "a suite without it fails wherever it was chosen", SECRECY, OUTCOME_REFUSED,
		control_but_static_rsa_elsewhere, VERDICT_FAIL, "CipherAccepted", CAUSE_NONE,
		"the server accepts " NAME_OF_RSA_AES },
	{ "a suite without it fails in a survey", SECRECY, OUTCOME_REFUSED, chosen_in_a_survey,
		VERDICT_FAIL, "CipherAccepted", CAUSE_NONE, NAME_OF_RSA_AES },
	{ "the control itself needs to have it", SECRECY, OUTCOME_REFUSED, control_with_static_rsa,
		VERDICT_FAIL, "CipherAccepted", CAUSE_NONE, "the server chose " NAME_OF_RSA_AES },
	{ "a control that is refused shows none that has it", SECRECY, OUTCOME_REFUSED, NULL,
		VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether a suite with forward secrecy is accepted is not known: what happened" },
	{ "a control that is not answered shows none", SECRECY, OUTCOME_REFUSED,
		control_not_answered, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether a suite with forward secrecy is accepted is not known" },
	{ "a suite without a name may have it or not", SECRECY, OUTCOME_REFUSED, control_of_no_name,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "the server chose suite 0x7f7f" },
	{ "a control that the deadline cut off was not run", SECRECY, OUTCOME_REFUSED,
		control_cut_off, VERDICT_ERROR, "NotRun", CAUSE_CUT_SHORT,
		"the deadline of the run has passed" },
	{ "a survey without an end leaves it open", SECRECY, OUTCOME_REFUSED,
		control_but_survey_not_answered, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether the unwanted suites are refused is not known" },
	{ "surveys that are not answered leave it open", SECRECY, OUTCOME_BROKEN, control_accepted,
		VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether the unwanted suites are refused is not known" },
	{ "refusals without any acceptance prove nothing", SECRECY, OUTCOME_REFUSED,
		no_hello_accepted, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"not even the control hello was accepted" },
	{ "what was not asked is not known", SECRECY, OUTCOME_REFUSED, nothing_asked, VERDICT_ERROR,
		"NoProof", CAUSE_NONE, "not asked" },
	{ "a silent server is not asked", SECRECY, OUTCOME_REFUSED, not_asked_any_further,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "the server says nothing" },
	{ "what the deadline cut off was not run", SECRECY, OUTCOME_REFUSED, cut_short,
		VERDICT_ERROR, "NotRun", CAUSE_CUT_SHORT, "the deadline of the run has passed" },
};

static void
unwanted_suites_are_refused(void **state)
{
	(void)state;
	expect_findings(refusals, COUNT(refusals));
}

static void
wanted_suites_are_accepted(void **state)
{
	(void)state;
	expect_findings(acceptances, COUNT(acceptances));
}

static void
every_suite_has_forward_secrecy(void **state)
{
	(void)state;
	expect_findings(secrecies, COUNT(secrecies));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unwanted_suites_are_refused),
		cmocka_unit_test(wanted_suites_are_accepted),
		cmocka_unit_test(every_suite_has_forward_secrecy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
