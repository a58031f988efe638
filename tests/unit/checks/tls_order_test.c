/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tls.cipher_order: evidence in, finding out.
 */
#include "court_findings.h"

#define ECDHE_AES 0xc02f
#define ECDHE_AES_256 0xc030
#define AES_128 0x1301
#define AES_256 0x1302

#define BY_SERVER "{\"assert\":\"tls.cipher_order\",\"chosen_by\":\"server\"}"
#define BY_CLIENT "{\"assert\":\"tls.cipher_order\",\"chosen_by\":\"client\"}"

static struct server_hello
of_suite(uint16_t suite)
{
	return (struct server_hello){
		.version = suite >> 8 == 0x13 ? TLS_VERSION_1_3 : TLS_VERSION_1_2, .suite = suite
	};
}

/* What was chosen of all suites in our order, of the same in the opposite order, and of the opposite
 * order without that; 0: nothing. */
static void
choices_are(struct court *court, uint16_t plain, uint16_t reversed, uint16_t second)
{
	court->evidence.session_hello = of_suite(plain);
	accept_hello(hello_up_to(court, of_suite(plain).version, true), of_suite(plain));
	choose(observed_by(court, &survey_observer), of_suite(reversed));
	if (second != 0)
		choose(observed_by(court, &survey_observer), of_suite(second));
}

static void
the_same(struct court *court)
{
	choices_are(court, ECDHE_AES, ECDHE_AES, ECDHE_AES_256);
}

static void
the_same_in_tls13(struct court *court)
{
	choices_are(court, AES_128, AES_128, AES_256);
}

static void
another(struct court *court)
{
	choices_are(court, ECDHE_AES, ECDHE_AES_256, ECDHE_AES);
}

static void
another_in_tls13(struct court *court)
{
	choices_are(court, AES_128, AES_256, AES_128);
}

static void
one_alone(struct court *court)
{
	choices_are(court, ECDHE_AES, ECDHE_AES, 0);
}

/* Without the one suite of TLS 1.2 the survey goes on to TLS 1.3. */
static void
one_alone_in_each_version(struct court *court)
{
	choices_are(court, ECDHE_AES, ECDHE_AES, AES_128);
}

static void
one_alone_but_another_elsewhere(struct court *court)
{
	one_alone(court);
	see(court, of_suite(ECDHE_AES_256));
}

static void
one_alone_but_older_ones_elsewhere(struct court *court)
{
	one_alone(court);
	see(court, (struct server_hello){ .version = TLS_VERSION_1_0, .suite = 0x002f });
}

static void
reversed_not_answered(struct court *court)
{
	the_same(court);
	observed_by(court, &survey_observer)->outcome = OUTCOME_BROKEN;
}

static void
plain_not_answered(struct court *court)
{
	the_same(court);
	hello_up_to(court, TLS_VERSION_1_2, true)->outcome = OUTCOME_BROKEN;
}

static void
plain_not_reached(struct court *court)
{
	the_same(court);
	hello_up_to(court, TLS_VERSION_1_2, true)->outcome = OUTCOME_NOT_REACHED;
}

static void
plain_refused(struct court *court)
{
	the_same(court);
	hello_up_to(court, TLS_VERSION_1_2, true)->outcome = OUTCOME_REFUSED;
}

/* The version that does not matter was not answered. */
static void
tls13_not_answered(struct court *court)
{
	the_same(court);
	hello_up_to(court, TLS_VERSION_1_3, true)->outcome = OUTCOME_BROKEN;
}

static void
plain_accepted_and_reversed_refused(struct court *court)
{
	accept_hello(hello_up_to(court, TLS_VERSION_1_2, true), of_suite(ECDHE_AES));
}

static const struct finding_row rows[] = {
	{ "the same suite of both orders is the server's choice", BY_SERVER, OUTCOME_REFUSED,
		the_same, VERDICT_PASS, NULL, CAUSE_NONE, "the server chooses the suite" },
	{ "so it is in TLS 1.3", BY_SERVER, OUTCOME_REFUSED, the_same_in_tls13, VERDICT_PASS, NULL,
		CAUSE_NONE, "the server chooses the suite" },
	{ "another suite is the client's choice", BY_CLIENT, OUTCOME_REFUSED, another, VERDICT_PASS,
		NULL, CAUSE_NONE, "the client chooses the suite" },
	{ "so it is in TLS 1.3 too", BY_CLIENT, OUTCOME_REFUSED, another_in_tls13, VERDICT_PASS,
		NULL, CAUSE_NONE, "the client chooses the suite" },
	{ "the server's choice fails where the client is to choose", BY_CLIENT, OUTCOME_REFUSED,
		the_same, VERDICT_FAIL, "CipherOrder", CAUSE_NONE, "the server chooses the suite" },
	{ "the client's choice fails where the server is to choose", BY_SERVER, OUTCOME_REFUSED,
		another, VERDICT_FAIL, "CipherOrder", CAUSE_NONE, "the client chooses the suite" },
	{ "one suite alone has no order", BY_SERVER, OUTCOME_REFUSED, one_alone, VERDICT_PASS, NULL,
		CAUSE_NONE, "the server accepts TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 alone" },
	{ "nor has it for the client", BY_CLIENT, OUTCOME_REFUSED, one_alone, VERDICT_PASS, NULL,
		CAUSE_NONE, "alone, so there is no order" },
	{ "a suite of another version is no second one", BY_CLIENT, OUTCOME_REFUSED,
		one_alone_in_each_version, VERDICT_PASS, NULL, CAUSE_NONE,
		"alone, so there is no order" },
	{ "a suite of an older version is none either", BY_CLIENT, OUTCOME_REFUSED,
		one_alone_but_older_ones_elsewhere, VERDICT_PASS, NULL, CAUSE_NONE,
		"alone, so there is no order" },
	{ "one that another node takes is not alone", BY_CLIENT, OUTCOME_REFUSED,
		one_alone_but_another_elsewhere, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"elsewhere TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 was chosen" },
	{ "nor is it for the server", BY_SERVER, OUTCOME_REFUSED, one_alone_but_another_elsewhere,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "is not known: here TLS_ECDHE_RSA" },
	{ "only the version that was chosen needs an answer", BY_SERVER, OUTCOME_REFUSED,
		tls13_not_answered, VERDICT_PASS, NULL, CAUSE_NONE,
		"the server chooses the suite" },
	{ "a reversed order without an answer is open", BY_SERVER, OUTCOME_REFUSED,
		reversed_not_answered, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"who chooses the suite is not known: what happened" },
	{ "our order without an answer is open", BY_SERVER, OUTCOME_REFUSED, plain_not_answered,
		VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"who chooses the suite is not known: what happened" },
	{ "our order that was not asked is open", BY_SERVER, OUTCOME_REFUSED, plain_not_reached,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "who chooses the suite is not known" },
	{ "our order that is refused is open", BY_SERVER, OUTCOME_REFUSED, plain_refused,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "no suite was accepted" },
	{ "a reversed order that is refused is open", BY_SERVER, OUTCOME_REFUSED,
		plain_accepted_and_reversed_refused, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"no suite was accepted" },
	{ "where all is refused nobody chooses", BY_CLIENT, OUTCOME_REFUSED, no_hello_accepted,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "no suite was accepted" },
	{ "where nothing is answered nobody chooses", BY_CLIENT, OUTCOME_BROKEN, NULL,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "who chooses the suite is not known" },
	{ "what was not asked is not known", BY_SERVER, OUTCOME_REFUSED, nothing_asked,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "not asked" },
	{ "a silent server is not asked", BY_SERVER, OUTCOME_REFUSED, not_asked_any_further,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "the server says nothing" },
	{ "what the deadline cut off was not run", BY_SERVER, OUTCOME_REFUSED, cut_short,
		VERDICT_ERROR, "NotRun", CAUSE_CUT_SHORT, "the deadline of the run has passed" },
	{ "the handshake that broke is the cause where nothing was answered", BY_SERVER,
		OUTCOME_REFUSED, handshake_broke, VERDICT_ERROR, "NoProof", CAUSE_HANDSHAKE,
		"not asked" },
	{ "without a connection there is no answer", BY_SERVER, OUTCOME_REFUSED, connection_broke,
		VERDICT_ERROR, "NoAnswer", CAUSE_CONNECT, "no answer in time" },
};

static void
both_orders_tell_who_chooses(void **state)
{
	(void)state;
	expect_findings(rows, COUNT(rows));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_orders_tell_who_chooses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
