/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tls.handshake, tls.version and tls.cipher: evidence in, finding out.
 */
#include "court_findings.h"

#define ECDHE_AES 0xc02f
#define RSA_AES 0x002f
#define NO_SUITE 0x7f7f

#define HANDSHAKE "{\"assert\":\"tls.handshake\"}"
#define CIPHER(allowed) "{\"assert\":\"tls.cipher\",\"allowed\":[" allowed "]}"
#define VERSION "{\"assert\":\"tls.version\"}"
#define MINIMUM(minimum) "{\"assert\":\"tls.version\",\"minimum\":\"" minimum "\"}"
#define MAXIMUM(maximum) \
	"{\"assert\":\"tls.version\",\"minimum\":\"1.2\",\"maximum\":\"" maximum "\"}"

static void
handshake_refused(struct court *court)
{
	end_at(court, STEP_HANDSHAKE, OUTCOME_REFUSED, "alert handshake_failure (40)");
	no_hello_accepted(court);
}

static void
handshake_not_reached(struct court *court)
{
	end_at(court, STEP_HANDSHAKE, OUTCOME_NOT_REACHED, NULL);
}

static void
greeting_broke(struct court *court)
{
	end_at(court, STEP_GREETING, OUTCOME_BROKEN, "no answer in time");
}

static void
handshake_cut_short(struct court *court)
{
	handshake_broke(court);
	court->evidence.cut_short = "the deadline of the run has passed";
}

static void
refused_before_the_deadline(struct court *court)
{
	handshake_refused(court);
	court->evidence.cut_short = "the deadline of the run has passed";
}

static void
closed_before_the_deadline(struct court *court)
{
	handshake_cut_short(court);
	court->evidence.session.steps[STEP_HANDSHAKE].status = STREAM_CLOSED;
}

static void
unknown_suite(struct court *court)
{
	court->evidence.session.tls.suite = NO_SUITE;
}

static const struct finding_row handshakes[] = {
	{ "a handshake that was made passes with what was agreed", HANDSHAKE, OUTCOME_DONE, NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, "TLS 1.3 with TLS_AES_128_GCM_SHA256" },
	{ "a suite without a name is no fault of the handshake", HANDSHAKE, OUTCOME_DONE,
		unknown_suite, VERDICT_PASS, NULL, CAUSE_NONE, "TLS 1.3 with an unknown suite" },
	{ "a handshake that is refused fails", HANDSHAKE, OUTCOME_DONE, handshake_refused,
		VERDICT_FAIL, "HandshakeFailed", CAUSE_HANDSHAKE, "alert handshake_failure (40)" },
	{ "one that breaks off has no answer", HANDSHAKE, OUTCOME_DONE, handshake_broke,
		VERDICT_ERROR, "NoAnswer", CAUSE_HANDSHAKE, "the server closed the connection" },
	{ "one that was not reached has none", HANDSHAKE, OUTCOME_DONE, handshake_not_reached,
		VERDICT_ERROR, "NoAnswer", CAUSE_HANDSHAKE, "not reached" },
	{ "a greeting that does not come stands in the way", HANDSHAKE, OUTCOME_DONE,
		greeting_broke, VERDICT_ERROR, "NoAnswer", CAUSE_GREETING, "no answer in time" },
	{ "a handshake that the deadline ended was not run", HANDSHAKE, OUTCOME_DONE,
		handshake_cut_short, VERDICT_ERROR, "NotRun", CAUSE_CUT_SHORT, "the deadline" },
	{ "one that was refused before the deadline fails", HANDSHAKE, OUTCOME_DONE,
		refused_before_the_deadline, VERDICT_FAIL, "HandshakeFailed", CAUSE_HANDSHAKE,
		"alert handshake_failure" },
	{ "one that was closed before the deadline broke", HANDSHAKE, OUTCOME_DONE,
		closed_before_the_deadline, VERDICT_ERROR, "NoAnswer", CAUSE_HANDSHAKE,
		"closed the connection" },
};

/* The hello that asks for the minimum or newer, as the control of the others. */
static void
wanted_accepted(struct court *court)
{
	accept_hello(hello_up_to(court, TLS_VERSION_1_3, false), of_today);
}

static void
wanted_of_tls12(struct court *court)
{
	session_of_tls12(court);
	accept_hello(hello_up_to(court, TLS_VERSION_1_3, false),
		(struct server_hello){ .version = TLS_VERSION_1_2, .suite = ECDHE_AES });
}

static void
wanted_of_tls11(struct court *court)
{
	accept_hello(hello_up_to(court, TLS_VERSION_1_3, false),
		(struct server_hello){ .version = TLS_VERSION_1_1, .suite = RSA_AES });
}

/* With nothing else that was accepted. */
static void
wanted_of_no_version(struct court *court)
{
	no_hello_accepted(court);
	accept_hello(hello_up_to(court, TLS_VERSION_1_3, false),
		(struct server_hello){ .version = 0x0305, .suite = RSA_AES });
}

static void
tls12_elsewhere(struct court *court)
{
	wanted_accepted(court);
	see(court, (struct server_hello){ .version = TLS_VERSION_1_2, .suite = ECDHE_AES });
}

static void
tls11_elsewhere(struct court *court)
{
	wanted_accepted(court);
	see(court, of_today);
	see(court, (struct server_hello){ .version = TLS_VERSION_1_1, .suite = RSA_AES });
}

static void
tls10_in_the_session(struct court *court)
{
	wanted_accepted(court);
	court->evidence.session_hello.version = TLS_VERSION_1_0;
}

static void
ssl3_and_tls11_elsewhere(struct court *court)
{
	wanted_accepted(court);
	see_on(hello_up_to(court, TLS_VERSION_SSL3, false),
		(struct server_hello){ .version = TLS_VERSION_SSL3, .suite = RSA_AES });
	see(court, (struct server_hello){ .version = TLS_VERSION_1_1, .suite = RSA_AES });
}

static void
version_that_does_not_exist(struct court *court)
{
	wanted_accepted(court);
	see(court, (struct server_hello){ .version = 0x0201, .suite = RSA_AES });
	see(court, (struct server_hello){ .version = 0x0305, .suite = RSA_AES });
}

static void
old_at_the_deadline(struct court *court)
{
	cut_short(court);
	see(court, (struct server_hello){ .version = TLS_VERSION_1_0, .suite = RSA_AES });
}

static void
ssl3_not_answered(struct court *court)
{
	wanted_accepted(court);
	hello_up_to(court, TLS_VERSION_SSL3, false)->outcome = OUTCOME_BROKEN;
}

static void
ssl3_answered_with_tls12(struct court *court)
{
	wanted_accepted(court);
	accept_hello(hello_up_to(court, TLS_VERSION_SSL3, false),
		(struct server_hello){ .version = TLS_VERSION_1_2, .suite = ECDHE_AES });
}

static void
older_end_in(struct court *court, enum outcome outcome)
{
	wanted_accepted(court);
	observed_by(court, &older_versions_observer)->outcome = outcome;
}

static void
older_not_answered(struct court *court)
{
	older_end_in(court, OUTCOME_BROKEN);
}

static void
older_not_reached(struct court *court)
{
	older_end_in(court, OUTCOME_NOT_REACHED);
}

static void
older_answered_with_nothing_known(struct court *court)
{
	older_end_in(court, OUTCOME_DONE);
}

static void
wanted_but_handshake_refused(struct court *court)
{
	handshake_refused(court);
	wanted_accepted(court);
}

static void
wanted_but_handshake_broke(struct court *court)
{
	wanted_accepted(court);
	end_at(court, STEP_HANDSHAKE, OUTCOME_BROKEN, "the server closed the connection");
}

static const struct finding_row versions[] = {
	{ "what is older and refused passes", VERSION, OUTCOME_REFUSED, wanted_accepted,
		VERDICT_PASS, NULL, CAUSE_NONE,
		"TLS 1.3 was negotiated, older than TLS 1.2 is refused" },
	{ "the minimum itself may be accepted", VERSION, OUTCOME_REFUSED, tls12_elsewhere,
		VERDICT_PASS, NULL, CAUSE_NONE, "older than TLS 1.2 is refused" },
	{ "below TLS 1.0 there is SSLv3 alone to refuse", MINIMUM("1.0"), OUTCOME_REFUSED,
		wanted_accepted, VERDICT_PASS, NULL, CAUSE_NONE, "older than TLS 1.0 is refused" },
	{ "a version that does not exist is not accepted", VERSION, OUTCOME_REFUSED,
		version_that_does_not_exist, VERDICT_PASS, NULL, CAUSE_NONE, "is refused" },
	{ "the version below the minimum fails, wherever it was chosen", MINIMUM("1.3"),
		OUTCOME_REFUSED, tls12_elsewhere, VERDICT_FAIL, "OldVersionAccepted", CAUSE_NONE,
		"the server still accepts TLS 1.2" },
	{ "the second answer of an observation counts", VERSION, OUTCOME_REFUSED, tls11_elsewhere,
		VERDICT_FAIL, "OldVersionAccepted", CAUSE_NONE, "accepts TLS 1.1" },
	{ "an old session counts", VERSION, OUTCOME_REFUSED, tls10_in_the_session, VERDICT_FAIL,
		"OldVersionAccepted", CAUSE_NONE, "accepts TLS 1.0" },
	{ "the hello for the minimum may be answered with less", VERSION, OUTCOME_REFUSED,
		wanted_of_tls11, VERDICT_FAIL, "OldVersionAccepted", CAUSE_NONE,
		"accepts TLS 1.1" },
	{ "all old versions are named, the newest first", VERSION, OUTCOME_REFUSED,
		ssl3_and_tls11_elsewhere, VERDICT_FAIL, "OldVersionAccepted", CAUSE_NONE,
		"accepts TLS 1.1, SSLv3" },
	{ "one acceptance fails, though nothing else was answered", VERSION, OUTCOME_BROKEN,
		tls11_elsewhere, VERDICT_FAIL, "OldVersionAccepted", CAUSE_NONE,
		"accepts TLS 1.1" },
	{ "one acceptance before the deadline fails", VERSION, OUTCOME_REFUSED, old_at_the_deadline,
		VERDICT_FAIL, "OldVersionAccepted", CAUSE_NONE, "accepts TLS 1.0" },
	{ "the maximum itself may be negotiated", MAXIMUM("1.3"), OUTCOME_REFUSED, wanted_accepted,
		VERDICT_PASS, NULL, CAUSE_NONE, "TLS 1.3 was negotiated" },
	{ "a maximum that nothing exceeds passes", MAXIMUM("1.2"), OUTCOME_REFUSED, wanted_of_tls12,
		VERDICT_PASS, NULL, CAUSE_NONE, "TLS 1.2 was negotiated" },
	{ "the version above the maximum is too new", MAXIMUM("1.2"), OUTCOME_REFUSED, NULL,
		VERDICT_FAIL, "VersionTooNew", CAUSE_NONE, "TLS 1.3 was negotiated" },
	{ "it is too new, though nothing else was answered", MAXIMUM("1.2"), OUTCOME_BROKEN, NULL,
		VERDICT_FAIL, "VersionTooNew", CAUSE_NONE, "TLS 1.3 was negotiated" },
	{ "too old counts before too new", MAXIMUM("1.2"), OUTCOME_REFUSED, tls11_elsewhere,
		VERDICT_FAIL, "OldVersionAccepted", CAUSE_NONE, "accepts TLS 1.1" },
	{ "a handshake that is refused has no version", VERSION, OUTCOME_REFUSED,
		wanted_but_handshake_refused, VERDICT_FAIL, "HandshakeFailed", CAUSE_HANDSHAKE,
		"alert handshake_failure" },
	{ "a handshake that breaks off has none", VERSION, OUTCOME_REFUSED,
		wanted_but_handshake_broke, VERDICT_ERROR, "NoAnswer", CAUSE_HANDSHAKE,
		"closed the connection" },
	{ "a connection that is not made has none", VERSION, OUTCOME_REFUSED, connection_broke,
		VERDICT_ERROR, "NoAnswer", CAUSE_CONNECT, "no answer in time" },
	{ "refusals without the control prove nothing", VERSION, OUTCOME_REFUSED, NULL,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "not even the control hello was accepted" },
	{ "a control in a version that does not exist is none", VERSION, OUTCOME_REFUSED,
		wanted_of_no_version, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"not even the control hello was accepted" },
	{ "a control that is not answered is none", VERSION, OUTCOME_BROKEN, NULL, VERDICT_ERROR,
		"NoProof", CAUSE_NONE, "control hello was accepted, is not known: what happened" },
	{ "SSLv3 that is not answered is not refused", VERSION, OUTCOME_REFUSED, ssl3_not_answered,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "whether SSLv3 is refused is not known" },
	{ "SSLv3 that is answered with another version is neither", VERSION, OUTCOME_REFUSED,
		ssl3_answered_with_tls12, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether SSLv3 is refused is not known" },
	{ "older versions that are not answered are not refused", VERSION, OUTCOME_REFUSED,
		older_not_answered, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether older versions are refused is not known: what happened" },
	{ "older versions that were not asked for are not refused", VERSION, OUTCOME_REFUSED,
		older_not_reached, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether older versions are refused is not known" },
	{ "an answer to older versions is no refusal", VERSION, OUTCOME_REFUSED,
		older_answered_with_nothing_known, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether older versions are refused is not known" },
	{ "what was not asked is not known", VERSION, OUTCOME_REFUSED, nothing_asked, VERDICT_ERROR,
		"NoProof", CAUSE_NONE, "not asked" },
	{ "a silent server is not asked", VERSION, OUTCOME_REFUSED, not_asked_any_further,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "the server says nothing" },
	{ "what the deadline cut off was not run", VERSION, OUTCOME_REFUSED, cut_short,
		VERDICT_ERROR, "NotRun", CAUSE_CUT_SHORT, "the deadline of the run has passed" },
};

static void
static_rsa_session(struct court *court)
{
	court->evidence.session.tls.version = TLS_VERSION_1_2;
	court->evidence.session.tls.suite = RSA_AES;
}

static const struct finding_row ciphers[] = {
	{ "a suite that is listed is allowed", CIPHER("\"TLS_AES_128_GCM_SHA256\""),
		OUTCOME_REFUSED, NULL, VERDICT_PASS, NULL, CAUSE_NONE,
		"TLS_AES_128_GCM_SHA256 was negotiated" },
	{ "it need not be the first of the list",
		CIPHER("\"TLS_AES_256_GCM_SHA384\",\"TLS_AES_128_GCM_SHA256\""), OUTCOME_REFUSED,
		NULL, VERDICT_PASS, NULL, CAUSE_NONE, "TLS_AES_128_GCM_SHA256 was negotiated" },
	{ "nor the last", CIPHER("\"TLS_AES_128_GCM_SHA256\",\"TLS_AES_256_GCM_SHA384\""),
		OUTCOME_REFUSED, NULL, VERDICT_PASS, NULL, CAUSE_NONE,
		"TLS_AES_128_GCM_SHA256 was negotiated" },
	{ "OpenSSL's name is as good", CIPHER("\"AES128-SHA\""), OUTCOME_REFUSED,
		static_rsa_session, VERDICT_PASS, NULL, CAUSE_NONE,
		"TLS_RSA_WITH_AES_128_CBC_SHA was negotiated" },
	{ "a suite that is not listed fails", CIPHER("\"TLS_AES_128_GCM_SHA256\""), OUTCOME_REFUSED,
		static_rsa_session, VERDICT_FAIL, "CipherNotAllowed", CAUSE_NONE,
		"TLS_RSA_WITH_AES_128_CBC_SHA was negotiated" },
	{ "a suite without a name is not listed", CIPHER("\"TLS_AES_128_GCM_SHA256\""),
		OUTCOME_REFUSED, unknown_suite, VERDICT_FAIL, "CipherNotAllowed", CAUSE_NONE,
		"an unknown suite was negotiated" },
	{ "without a handshake there is no suite", CIPHER("\"TLS_AES_128_GCM_SHA256\""),
		OUTCOME_REFUSED, handshake_broke, VERDICT_ERROR, "NoAnswer", CAUSE_HANDSHAKE,
		"the server closed the connection" },
	{ "a handshake that the deadline ended agreed on none",
		CIPHER("\"TLS_AES_128_GCM_SHA256\""), OUTCOME_REFUSED, handshake_cut_short,
		VERDICT_ERROR, "NotRun", CAUSE_CUT_SHORT, "the deadline" },
};

static void
a_handshake_is_made_or_not(void **state)
{
	(void)state;
	expect_findings(handshakes, COUNT(handshakes));
}

static void
versions_keep_within_their_bounds(void **state)
{
	(void)state;
	expect_findings(versions, COUNT(versions));
}

static void
the_suite_of_the_session_is_listed(void **state)
{
	(void)state;
	expect_findings(ciphers, COUNT(ciphers));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_handshake_is_made_or_not),
		cmocka_unit_test(versions_keep_within_their_bounds),
		cmocka_unit_test(the_suite_of_the_session_is_listed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
