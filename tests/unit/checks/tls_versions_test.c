/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tls.versions: evidence in, finding out.
 */
#include "court_findings.h"

#include "probe/ssl2_probe.h"

#define ECDHE_AES 0xc02f
#define RSA_AES 0x002f

#define VERSIONS(parameters) "{\"assert\":\"tls.versions\"," parameters "}"
#define REFUSES(versions) VERSIONS("\"refuses\":[" versions "]")
#define ACCEPTS(versions) VERSIONS("\"accepts\":[" versions "]")
#define BOTH(accepted, refused) VERSIONS("\"accepts\":[" accepted "],\"refuses\":[" refused "]")

#define EVERY_VERSION "every version is accepted or refused as it should be"

static struct server_hello
of_version(uint16_t version)
{
	return (struct server_hello){ .version = version, .suite = RSA_AES };
}

/* What the hello for one version was answered with. */
static void
answer_with(struct court *court, uint16_t asked, uint16_t answered)
{
	accept_hello(hello_up_to(court, asked, true), of_version(answered));
}

static void
tls12_accepted(struct court *court)
{
	answer_with(court, TLS_VERSION_1_2, TLS_VERSION_1_2);
}

static void
tls12_answered_with_tls11(struct court *court)
{
	answer_with(court, TLS_VERSION_1_2, TLS_VERSION_1_1);
}

static void
tls12_answered_with_tls13(struct court *court)
{
	answer_with(court, TLS_VERSION_1_2, TLS_VERSION_1_3);
}

static void
tls12_answered_with_no_version(struct court *court)
{
	answer_with(court, TLS_VERSION_1_2, 0x0201);
}

static void
tls11_answered_with_tls10(struct court *court)
{
	answer_with(court, TLS_VERSION_1_1, TLS_VERSION_1_0);
}

static void
tls12_elsewhere(struct court *court)
{
	see(court, of_version(TLS_VERSION_1_2));
}

static void
tls11_behind_tls13(struct court *court)
{
	see(court, of_today);
	see(court, of_version(TLS_VERSION_1_1));
}

static void
tls10_in_the_session(struct court *court)
{
	court->evidence.session_hello.version = TLS_VERSION_1_0;
}

static void
ssl3_elsewhere(struct court *court)
{
	see(court, of_version(TLS_VERSION_SSL3));
}

static void
two_elsewhere(struct court *court)
{
	see(court, of_version(TLS_VERSION_1_0));
	see(court, of_version(TLS_VERSION_SSL3));
}

static void
newest_elsewhere(struct court *court)
{
	court->evidence.session_hello = of_version(TLS_VERSION_1_2);
	see(court, of_version(TLS_VERSION_1_3));
}

/* Asked for TLS 1.0, and older, a server may have SSLv3 alone. */
static void
ssl3_in_place_of_tls10(struct court *court)
{
	struct observation *older = observed_by(court, &older_versions_observer);

	older->outcome = OUTCOME_DONE;
	see_on(older, of_version(TLS_VERSION_SSL3));
}

static void
older_not_answered(struct court *court)
{
	observed_by(court, &older_versions_observer)->outcome = OUTCOME_BROKEN;
}

static void
older_not_reached(struct court *court)
{
	observed_by(court, &older_versions_observer)->outcome = OUTCOME_NOT_REACHED;
}

static void
tls12_not_answered(struct court *court)
{
	hello_up_to(court, TLS_VERSION_1_2, true)->outcome = OUTCOME_BROKEN;
}

static void
tls13_not_answered(struct court *court)
{
	no_hello_accepted(court);
	see(court, of_version(TLS_VERSION_1_2));
	hello_up_to(court, TLS_VERSION_1_3, true)->outcome = OUTCOME_BROKEN;
}

static void
tls12_not_answered_but_taken(struct court *court)
{
	tls12_not_answered(court);
	tls12_elsewhere(court);
}

static void
tls12_not_answered_and_tls10_taken(struct court *court)
{
	tls12_not_answered(court);
	see(court, of_version(TLS_VERSION_1_0));
}

static void
ssl2_ends_in(struct court *court, enum outcome outcome)
{
	observed_by(court, &ssl2_observer)->outcome = outcome;
}

static void
ssl2_answered(struct court *court)
{
	ssl2_ends_in(court, OUTCOME_DONE);
}

static void
ssl2_not_answered(struct court *court)
{
	ssl2_ends_in(court, OUTCOME_BROKEN);
}

static void
ssl2_not_reached(struct court *court)
{
	ssl2_ends_in(court, OUTCOME_NOT_REACHED);
}

static void
no_version_in_the_session(struct court *court)
{
	court->evidence.session_hello.version = 0x0305;
}

static void
taken_at_the_deadline(struct court *court)
{
	cut_short(court);
	see(court, of_version(TLS_VERSION_1_0));
}

/* The library's handshake broke, and a hello of our own was answered. */
static void
handshake_broke_but_control_accepted(struct court *court)
{
	handshake_broke(court);
	accept_hello(hello_up_to(court, TLS_VERSION_1_3, false), of_today);
}

static const struct finding_row refusals[] = {
	{ "an old version that is refused passes", REFUSES("\"1.0\""), OUTCOME_REFUSED, NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, EVERY_VERSION },
	{ "all old versions that are refused pass",
		REFUSES("\"ssl2\",\"ssl3\",\"1.0\",\"1.1\",\"1.2\""), OUTCOME_REFUSED, NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, EVERY_VERSION },
	{ "what is not listed may be accepted", REFUSES("\"1.0\",\"1.1\""), OUTCOME_REFUSED,
		tls12_elsewhere, VERDICT_PASS, NULL, CAUSE_NONE, EVERY_VERSION },
	{ "an older answer refuses the version that was asked for", REFUSES("\"1.1\""),
		OUTCOME_REFUSED, tls11_answered_with_tls10, VERDICT_PASS, NULL, CAUSE_NONE,
		EVERY_VERSION },
	{ "SSLv3 in place of TLS 1.0 refuses TLS 1.0", REFUSES("\"1.0\""), OUTCOME_REFUSED,
		ssl3_in_place_of_tls10, VERDICT_PASS, NULL, CAUSE_NONE, EVERY_VERSION },
	{ "the second answer of an observation counts", REFUSES("\"1.1\""), OUTCOME_REFUSED,
		tls11_behind_tls13, VERDICT_FAIL, "VersionAccepted", CAUSE_NONE,
		"the server still accepts TLS 1.1" },
	{ "SSLv3 counts wherever it was answered", REFUSES("\"ssl3\""), OUTCOME_REFUSED,
		ssl3_elsewhere, VERDICT_FAIL, "VersionAccepted", CAUSE_NONE,
		"the server still accepts SSLv3" },
	{ "SSLv3 in place of TLS 1.0 is accepted", REFUSES("\"ssl3\",\"1.0\""), OUTCOME_REFUSED,
		ssl3_in_place_of_tls10, VERDICT_FAIL, "VersionAccepted", CAUSE_NONE,
		"the server still accepts SSLv3" },
	{ "an old session counts", REFUSES("\"1.0\""), OUTCOME_REFUSED, tls10_in_the_session,
		VERDICT_FAIL, "VersionAccepted", CAUSE_NONE, "the server still accepts TLS 1.0" },
	{ "the newest version may be unwanted too", REFUSES("\"1.3\""), OUTCOME_REFUSED,
		newest_elsewhere, VERDICT_FAIL, "VersionAccepted", CAUSE_NONE,
		"the server still accepts TLS 1.3" },
	{ "all that are accepted are named", REFUSES("\"ssl3\",\"1.0\",\"1.1\""), OUTCOME_REFUSED,
		two_elsewhere, VERDICT_FAIL, "VersionAccepted", CAUSE_NONE,
		"the server still accepts SSLv3, TLS 1.0" },
	{ "one acceptance fails, though nothing else was answered", REFUSES("\"1.0\",\"1.1\""),
		OUTCOME_BROKEN, tls11_behind_tls13, VERDICT_FAIL, "VersionAccepted", CAUSE_NONE,
		"the server still accepts TLS 1.1" },
	{ "one acceptance before the deadline fails", REFUSES("\"1.0\",\"1.1\""), OUTCOME_REFUSED,
		taken_at_the_deadline, VERDICT_FAIL, "VersionAccepted", CAUSE_NONE,
		"the server still accepts TLS 1.0" },
	{ "SSLv2 that is answered fails", REFUSES("\"ssl2\""), OUTCOME_REFUSED, ssl2_answered,
		VERDICT_FAIL, "VersionAccepted", CAUSE_NONE, "the server still accepts SSLv2" },
	{ "SSLv2 that is not answered is not refused", REFUSES("\"ssl2\""), OUTCOME_REFUSED,
		ssl2_not_answered, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether SSLv2 is accepted is not known: what happened" },
	{ "SSLv2 that was not asked for is not refused", REFUSES("\"ssl2\""), OUTCOME_REFUSED,
		ssl2_not_reached, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether SSLv2 is accepted is not known" },
	{ "a version that is not answered is not refused", REFUSES("\"1.0\",\"1.1\""),
		OUTCOME_REFUSED, older_not_answered, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether TLS 1.0 is accepted is not known: what happened" },
	{ "a version that was not asked for is not refused", REFUSES("\"1.0\",\"1.1\""),
		OUTCOME_REFUSED, older_not_reached, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether TLS 1.0 is accepted is not known" },
	{ "SSLv3 that is not answered is not refused", REFUSES("\"ssl3\""), OUTCOME_BROKEN, NULL,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "whether SSLv3 is accepted is not known" },
	{ "refusals without any acceptance prove nothing", REFUSES("\"1.0\""), OUTCOME_REFUSED,
		no_hello_accepted, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"not even the control hello was accepted" },
	{ "an acceptance of a version that does not exist is none", REFUSES("\"1.0\""),
		OUTCOME_REFUSED, no_version_in_the_session, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"not even the control hello was accepted" },
	{ "what was not asked is not known", REFUSES("\"1.0\""), OUTCOME_REFUSED, nothing_asked,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "not asked" },
	{ "a silent server is not asked", REFUSES("\"1.0\""), OUTCOME_REFUSED,
		not_asked_any_further, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"the server says nothing" },
	{ "what the deadline cut off was not run", REFUSES("\"1.0\""), OUTCOME_REFUSED, cut_short,
		VERDICT_ERROR, "NotRun", CAUSE_CUT_SHORT, "the deadline of the run has passed" },
	{ "the handshake that broke is the cause where nothing was answered", REFUSES("\"1.0\""),
		OUTCOME_REFUSED, handshake_broke, VERDICT_ERROR, "NoProof", CAUSE_HANDSHAKE,
		"not asked" },
	{ "it is not where a hello was answered", REFUSES("\"1.0\""), OUTCOME_REFUSED,
		handshake_broke_but_control_accepted, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"not asked" },
	{ "without a connection there is no answer", REFUSES("\"1.0\""), OUTCOME_REFUSED,
		connection_broke, VERDICT_ERROR, "NoAnswer", CAUSE_CONNECT, "no answer in time" },
};

static const struct finding_row acceptances[] = {
	{ "a wanted version that is accepted passes", ACCEPTS("\"1.2\""), OUTCOME_REFUSED,
		tls12_accepted, VERDICT_PASS, NULL, CAUSE_NONE, EVERY_VERSION },
	{ "that of the session is accepted", ACCEPTS("\"1.3\""), OUTCOME_REFUSED, NULL,
		VERDICT_PASS, NULL, CAUSE_NONE, EVERY_VERSION },
	{ "one that was taken elsewhere is accepted", ACCEPTS("\"1.2\""), OUTCOME_REFUSED,
		tls12_elsewhere, VERDICT_PASS, NULL, CAUSE_NONE, EVERY_VERSION },
	{ "one that was taken elsewhere needs no answer here", ACCEPTS("\"1.2\""), OUTCOME_REFUSED,
		tls12_not_answered_but_taken, VERDICT_PASS, NULL, CAUSE_NONE, EVERY_VERSION },
	{ "SSLv2 may be wanted", ACCEPTS("\"ssl2\""), OUTCOME_REFUSED, ssl2_answered, VERDICT_PASS,
		NULL, CAUSE_NONE, EVERY_VERSION },
	{ "SSLv2 that is refused is not accepted", ACCEPTS("\"ssl2\""), OUTCOME_REFUSED, NULL,
		VERDICT_FAIL, "VersionRefused", CAUSE_NONE, "the server does not accept SSLv2" },
	{ "a wanted version that is refused fails", ACCEPTS("\"1.2\",\"1.3\""), OUTCOME_REFUSED,
		NULL, VERDICT_FAIL, "VersionRefused", CAUSE_NONE,
		"the server does not accept TLS 1.2" },
	{ "all that are refused are named", ACCEPTS("\"1.1\",\"1.2\""), OUTCOME_REFUSED, NULL,
		VERDICT_FAIL, "VersionRefused", CAUSE_NONE,
		"the server does not accept TLS 1.1, TLS 1.2" },
	{ "an older answer refuses it", ACCEPTS("\"1.2\""), OUTCOME_REFUSED,
		tls12_answered_with_tls11, VERDICT_FAIL, "VersionRefused", CAUSE_NONE,
		"the server does not accept TLS 1.2" },
	{ "a newer answer says nothing of it", ACCEPTS("\"1.2\""), OUTCOME_REFUSED,
		tls12_answered_with_tls13, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether TLS 1.2 is accepted is not known" },
	{ "an answer in no version says nothing", ACCEPTS("\"1.2\""), OUTCOME_REFUSED,
		tls12_answered_with_no_version, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether TLS 1.2 is accepted is not known" },
	{ "a wanted version that is not answered is not accepted", ACCEPTS("\"1.2\""),
		OUTCOME_BROKEN, NULL, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether TLS 1.2 is accepted is not known: what happened" },
	{ "one refusal decides nothing before all are answered", ACCEPTS("\"1.1\",\"1.3\""),
		OUTCOME_REFUSED, tls13_not_answered, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether TLS 1.3 is accepted is not known" },
	{ "a wanted version is not refused where nothing is accepted", ACCEPTS("\"1.2\""),
		OUTCOME_REFUSED, no_hello_accepted, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"not even the control hello was accepted" },
	{ "what the deadline cut off is not refused", ACCEPTS("\"1.2\""), OUTCOME_REFUSED,
		cut_short, VERDICT_ERROR, "NotRun", CAUSE_CUT_SHORT, "the deadline" },
	{ "both lists pass together", BOTH("\"1.2\"", "\"1.0\",\"1.1\""), OUTCOME_REFUSED,
		tls12_accepted, VERDICT_PASS, NULL, CAUSE_NONE, EVERY_VERSION },
	{ "an unwanted version counts before a missing one", BOTH("\"1.2\"", "\"1.0\""),
		OUTCOME_REFUSED, tls10_in_the_session, VERDICT_FAIL, "VersionAccepted", CAUSE_NONE,
		"the server still accepts TLS 1.0" },
	{ "an unwanted version counts before one without an answer", BOTH("\"1.2\"", "\"1.0\""),
		OUTCOME_REFUSED, tls12_not_answered_and_tls10_taken, VERDICT_FAIL,
		"VersionAccepted", CAUSE_NONE, "the server still accepts TLS 1.0" },
	{ "a wanted one without an answer leaves both open", BOTH("\"1.2\"", "\"1.0\""),
		OUTCOME_REFUSED, tls12_not_answered, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether TLS 1.2 is accepted is not known" },
};

static void
unwanted_versions_are_refused(void **state)
{
	(void)state;
	expect_findings(refusals, COUNT(refusals));
}

static void
wanted_versions_are_accepted(void **state)
{
	(void)state;
	expect_findings(acceptances, COUNT(acceptances));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unwanted_versions_are_refused),
		cmocka_unit_test(wanted_versions_are_accepted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
