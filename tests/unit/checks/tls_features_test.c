/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What TLS agrees to beside version and suite (compression, extensions, fallbacks): evidence in,
 * finding out.
 */
#include "court_findings.h"

#include "probe/weaknesses.h"

#define ECDHE_AES 0xc02f
#define DEFLATE 1

#define COMPRESSION "{\"assert\":\"tls.compression_disabled\"}"
#define RENEGOTIATION "{\"assert\":\"tls.secure_renegotiation\"}"
#define MASTER_SECRET "{\"assert\":\"tls.extended_master_secret\"}"
#define FALLBACK "{\"assert\":\"tls.fallback_scsv\"}"

static const struct server_hello tls12 = { .version = TLS_VERSION_1_2, .suite = ECDHE_AES };

/* The ordinary hello, for TLS 1.2 and older with compression, was answered like that. */
static void
ordinary_answer_is(struct court *court, struct server_hello hello)
{
	accept_hello(observed_by(court, &ordinary_observer), hello);
}

static void
ordinary_accepted(struct court *court)
{
	ordinary_answer_is(court, tls12);
}

static void
ordinary_in_tls10(struct court *court)
{
	ordinary_answer_is(
		court, (struct server_hello){ .version = TLS_VERSION_1_0, .suite = 0x002f });
}

static void
ordinary_compressed(struct court *court)
{
	struct server_hello hello = tls12;

	hello.compression = DEFLATE;
	ordinary_answer_is(court, hello);
}

static void
compressed_elsewhere(struct court *court)
{
	struct server_hello hello = tls12;

	hello.compression = DEFLATE;
	see(court, hello);
}

static void
ordinary_accepted_and_compressed_elsewhere(struct court *court)
{
	ordinary_accepted(court);
	compressed_elsewhere(court);
}

static void
compressed_at_the_deadline(struct court *court)
{
	cut_short(court);
	compressed_elsewhere(court);
}

static void
tls12_elsewhere(struct court *court)
{
	see(court, tls12);
}

/* What the ordinary hello tells, and does not tell, whatever is asserted of it. */
static const struct finding_row without_answer[] = {
	{ "a hello that is not answered leaves it open", NULL, OUTCOME_BROKEN, NULL, VERDICT_ERROR,
		"NoProof", CAUSE_NONE, "is not known: what happened" },
	{ "TLS 1.2 that was taken elsewhere is not refused", NULL, OUTCOME_REFUSED, tls12_elsewhere,
		VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"the question was refused, but TLS 1.2 with TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 "
		"was chosen elsewhere" },
	{ "nor is that of the session", NULL, OUTCOME_REFUSED, session_of_tls12, VERDICT_ERROR,
		"NoProof", CAUSE_NONE, "the question was refused, but TLS 1.2 with" },
	{ "refusals without any acceptance prove nothing", NULL, OUTCOME_REFUSED, no_hello_accepted,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "not even the control hello was accepted" },
	{ "what was not asked is not known", NULL, OUTCOME_REFUSED, nothing_asked, VERDICT_ERROR,
		"NoProof", CAUSE_NONE, "not asked" },
	{ "a silent server is not asked", NULL, OUTCOME_REFUSED, not_asked_any_further,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "the server says nothing" },
	{ "what the deadline cut off was not run", NULL, OUTCOME_REFUSED, cut_short, VERDICT_ERROR,
		"NotRun", CAUSE_CUT_SHORT, "the deadline of the run has passed" },
	{ "the handshake that broke is the cause where nothing was answered", NULL, OUTCOME_REFUSED,
		handshake_broke, VERDICT_ERROR, "NoProof", CAUSE_HANDSHAKE, "not asked" },
};

static const struct finding_row compressions[] = {
	{ "compression that was offered and not taken passes", COMPRESSION, OUTCOME_REFUSED,
		ordinary_accepted, VERDICT_PASS, NULL, CAUSE_NONE,
		"compression was offered and not taken" },
	{ "TLS 1.3 alone has none", COMPRESSION, OUTCOME_REFUSED, NULL, VERDICT_PASS, NULL,
		CAUSE_NONE,
		"TLS 1.2 and everything older is refused, and TLS 1.3 has no compression" },
	{ "compression that is taken fails", COMPRESSION, OUTCOME_REFUSED, ordinary_compressed,
		VERDICT_FAIL, "CompressionEnabled", CAUSE_NONE,
		"the server takes up TLS compression (method 1)" },
	{ "compression that is taken elsewhere fails", COMPRESSION, OUTCOME_REFUSED,
		ordinary_accepted_and_compressed_elsewhere, VERDICT_FAIL, "CompressionEnabled",
		CAUSE_NONE, "the server takes up TLS compression" },
	{ "it fails, though the hello for it was refused", COMPRESSION, OUTCOME_REFUSED,
		compressed_elsewhere, VERDICT_FAIL, "CompressionEnabled", CAUSE_NONE,
		"the server takes up TLS compression" },
	{ "it fails, though nothing else was answered", COMPRESSION, OUTCOME_BROKEN,
		compressed_elsewhere, VERDICT_FAIL, "CompressionEnabled", CAUSE_NONE,
		"the server takes up TLS compression" },
	{ "it fails before the deadline", COMPRESSION, OUTCOME_REFUSED, compressed_at_the_deadline,
		VERDICT_FAIL, "CompressionEnabled", CAUSE_NONE,
		"the server takes up TLS compression" },
};

static void
ordinary_lacks_both(struct court *court)
{
	struct server_hello hello = tls12;

	hello.lacks_renegotiation_info = true;
	hello.lacks_extended_master_secret = true;
	ordinary_answer_is(court, hello);
}

static void
ordinary_lacks_renegotiation_info(struct court *court)
{
	struct server_hello hello = tls12;

	hello.lacks_renegotiation_info = true;
	ordinary_answer_is(court, hello);
}

static void
ordinary_lacks_extended_master_secret(struct court *court)
{
	struct server_hello hello = tls12;

	hello.lacks_extended_master_secret = true;
	ordinary_answer_is(court, hello);
}

static void
lacks_both_elsewhere(struct court *court)
{
	see(court, (struct server_hello){ .version = TLS_VERSION_1_1,
			   .suite = 0x002f,
			   .lacks_renegotiation_info = true,
			   .lacks_extended_master_secret = true });
}

static void
ordinary_accepted_and_lacks_both_elsewhere(struct court *court)
{
	ordinary_accepted(court);
	lacks_both_elsewhere(court);
}

static const struct finding_row missing[] = {
	{ "an answer without the extension fails", NULL, OUTCOME_REFUSED, ordinary_lacks_both,
		VERDICT_FAIL, "ExtensionMissing", CAUSE_NONE, "in TLS 1.2" },
	{ "a node that lacks it fails", NULL, OUTCOME_REFUSED,
		ordinary_accepted_and_lacks_both_elsewhere, VERDICT_FAIL, "ExtensionMissing",
		CAUSE_NONE, "in TLS 1.1" },
	{ "it fails, though the ordinary hello was refused", NULL, OUTCOME_REFUSED,
		lacks_both_elsewhere, VERDICT_FAIL, "ExtensionMissing", CAUSE_NONE, "in TLS 1.1" },
	{ "it fails, though the ordinary hello was not answered", NULL, OUTCOME_BROKEN,
		lacks_both_elsewhere, VERDICT_FAIL, "ExtensionMissing", CAUSE_NONE, "in TLS 1.1" },
};

static const struct finding_row extensions[] = {
	{ "an answer with renegotiation_info passes", RENEGOTIATION, OUTCOME_REFUSED,
		ordinary_accepted, VERDICT_PASS, NULL, CAUSE_NONE,
		"TLS 1.2 was answered with renegotiation_info" },
	{ "it passes in an old version too", RENEGOTIATION, OUTCOME_REFUSED, ordinary_in_tls10,
		VERDICT_PASS, NULL, CAUSE_NONE, "TLS 1.0 was answered with renegotiation_info" },
	{ "the other extension is another matter", RENEGOTIATION, OUTCOME_REFUSED,
		ordinary_lacks_extended_master_secret, VERDICT_PASS, NULL, CAUSE_NONE,
		"TLS 1.2 was answered with renegotiation_info" },
	{ "TLS 1.3 alone has no renegotiation", RENEGOTIATION, OUTCOME_REFUSED, NULL, VERDICT_PASS,
		NULL, CAUSE_NONE, "TLS 1.3 has no renegotiation" },
	{ "renegotiation_info is named where it lacks", RENEGOTIATION, OUTCOME_REFUSED,
		ordinary_lacks_renegotiation_info, VERDICT_FAIL, "ExtensionMissing", CAUSE_NONE,
		"the server does not answer renegotiation_info in TLS 1.2" },
	{ "renegotiation without an answer is open", RENEGOTIATION, OUTCOME_BROKEN, NULL,
		VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether there is renegotiation is not known" },
	{ "an answer with extended_master_secret passes", MASTER_SECRET, OUTCOME_REFUSED,
		ordinary_accepted, VERDICT_PASS, NULL, CAUSE_NONE,
		"TLS 1.2 was answered with extended_master_secret" },
	{ "renegotiation_info is another matter", MASTER_SECRET, OUTCOME_REFUSED,
		ordinary_lacks_renegotiation_info, VERDICT_PASS, NULL, CAUSE_NONE,
		"TLS 1.2 was answered with extended_master_secret" },
	{ "TLS 1.3 alone has a transcript in its secrets", MASTER_SECRET, OUTCOME_REFUSED, NULL,
		VERDICT_PASS, NULL, CAUSE_NONE,
		"TLS 1.3 has no master secret without a transcript" },
	{ "extended_master_secret is named where it lacks", MASTER_SECRET, OUTCOME_REFUSED,
		ordinary_lacks_extended_master_secret, VERDICT_FAIL, "ExtensionMissing", CAUSE_NONE,
		"the server does not answer extended_master_secret in TLS 1.2" },
};

/* One more hello that says it is a second try, up to that version. */
static void
fall_back(struct court *court, uint16_t maximum, enum outcome outcome, uint16_t version)
{
	struct observation *seen = observed_by(court, &fallback_observer);
	struct fallback_record *record = seen->record;

	seen->outcome = outcome == OUTCOME_BROKEN ? OUTCOME_BROKEN : OUTCOME_DONE;
	record->hellos[record->count++] = (struct fallback_hello){
		.maximum = maximum, .outcome = outcome, .version = version
	};
	if (version != 0)
		see_on(seen, (struct server_hello){ .version = version, .suite = 0x002f });
}

static void
tls12_refused(struct court *court)
{
	fall_back(court, TLS_VERSION_1_2, OUTCOME_REFUSED, 0);
}

static void
tls12_refused_as_such(struct court *court)
{
	tls12_refused(court);
	see(court, (struct server_hello){ .version = TLS_VERSION_1_2, .suite = 0xc02f });
}

static void
tls12_refused_for_the_signal(struct court *court)
{
	struct fallback_record *record = observed_by(court, &fallback_observer)->record;

	tls12_refused_as_such(court);
	record->hellos[0].for_signal = true;
}

static void
tls12_taken(struct court *court)
{
	fall_back(court, TLS_VERSION_1_2, OUTCOME_DONE, TLS_VERSION_1_2);
	fall_back(court, TLS_VERSION_1_1, OUTCOME_REFUSED, 0);
}

/* No session of TLS 1.3, so that TLS 1.2 is the newest. */
static void
tls11_refused(struct court *court)
{
	session_of_tls12(court);
	tls12_taken(court);
}

static void
tls11_taken(struct court *court)
{
	session_of_tls12(court);
	fall_back(court, TLS_VERSION_1_2, OUTCOME_DONE, TLS_VERSION_1_2);
	fall_back(court, TLS_VERSION_1_1, OUTCOME_DONE, TLS_VERSION_1_1);
}

static void
tls11_not_answered(struct court *court)
{
	session_of_tls12(court);
	fall_back(court, TLS_VERSION_1_2, OUTCOME_DONE, TLS_VERSION_1_2);
	fall_back(court, TLS_VERSION_1_1, OUTCOME_BROKEN, 0);
}

/* Who is asked the last time has TLS 1.2 at most, another node has TLS 1.3. */
static void
tls12_taken_and_tls13_elsewhere(struct court *court)
{
	session_of_tls12(court);
	tls12_taken(court);
	see(court, of_today);
}

static void
tls10_is_the_newest(struct court *court)
{
	no_hello_accepted(court);
	fall_back(court, TLS_VERSION_1_2, OUTCOME_DONE, TLS_VERSION_1_0);
}

static void
tls11_is_the_newest(struct court *court)
{
	no_hello_accepted(court);
	fall_back(court, TLS_VERSION_1_2, OUTCOME_DONE, TLS_VERSION_1_1);
	fall_back(court, TLS_VERSION_1_0, OUTCOME_DONE, TLS_VERSION_1_0);
}

/* It refuses the signal, though it has nothing newer. */
static void
newest_refused(struct court *court)
{
	session_of_tls12(court);
	tls12_refused(court);
}

static void
no_fallback_answered(struct court *court)
{
	fall_back(court, TLS_VERSION_1_2, OUTCOME_BROKEN, 0);
}

static void
refused_without_control(struct court *court)
{
	no_hello_accepted(court);
	tls12_refused(court);
}

static void
taken_at_the_deadline(struct court *court)
{
	cut_short(court);
	tls12_taken(court);
}

static const struct finding_row fallbacks[] = {
	{ "a fallback from TLS 1.3 that is refused passes", FALLBACK, OUTCOME_REFUSED,
		tls12_refused, VERDICT_PASS, NULL, CAUSE_NONE,
		"the server has TLS 1.3 and refuses a fallback from it" },
	{ "a version that another node has may be missing here", FALLBACK, OUTCOME_REFUSED,
		tls12_refused_as_such, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"refused, but not for being one, and TLS 1.2 was chosen elsewhere" },
	{ "who says that it is for the fallback has it", FALLBACK, OUTCOME_REFUSED,
		tls12_refused_for_the_signal, VERDICT_PASS, NULL, CAUSE_NONE,
		"the server has TLS 1.3 and refuses a fallback from it" },
	{ "one from TLS 1.2 that is refused passes", FALLBACK, OUTCOME_REFUSED, tls11_refused,
		VERDICT_PASS, NULL, CAUSE_NONE,
		"the server has TLS 1.2 and refuses a fallback from it" },
	{ "TLS 1.0 has nothing to fall back to", FALLBACK, OUTCOME_REFUSED, tls10_is_the_newest,
		VERDICT_PASS, NULL, CAUSE_NONE,
		"the newest version is TLS 1.0, from which nothing falls back" },
	{ "one from TLS 1.3 that is accepted fails", FALLBACK, OUTCOME_REFUSED, tls12_taken,
		VERDICT_FAIL, "FallbackAccepted", CAUSE_NONE,
		"the server has TLS 1.3 and accepts a fallback to TLS 1.2" },
	{ "one from TLS 1.2 that is accepted fails", FALLBACK, OUTCOME_REFUSED, tls11_taken,
		VERDICT_FAIL, "FallbackAccepted", CAUSE_NONE,
		"the server has TLS 1.2 and accepts a fallback to TLS 1.1" },
	{ "one from TLS 1.1 that is accepted fails", FALLBACK, OUTCOME_REFUSED, tls11_is_the_newest,
		VERDICT_FAIL, "FallbackAccepted", CAUSE_NONE,
		"the server has TLS 1.1 and accepts a fallback to TLS 1.0" },
	{ "the newest version of all nodes counts", FALLBACK, OUTCOME_REFUSED,
		tls12_taken_and_tls13_elsewhere, VERDICT_FAIL, "FallbackAccepted", CAUSE_NONE,
		"the server has TLS 1.3 and accepts a fallback to TLS 1.2" },
	{ "one that was accepted before the deadline fails", FALLBACK, OUTCOME_REFUSED,
		taken_at_the_deadline, VERDICT_FAIL, "FallbackAccepted", CAUSE_NONE,
		"accepts a fallback to TLS 1.2" },
	{ "one that is not answered is not refused", FALLBACK, OUTCOME_REFUSED, tls11_not_answered,
		VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"no proof that a needless fallback is refused: what happened" },
	{ "the first that is not answered is not refused", FALLBACK, OUTCOME_REFUSED,
		no_fallback_answered, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"no proof that a needless fallback is refused: what happened" },
	{ "a refusal of the newest version is none of a fallback", FALLBACK, OUTCOME_REFUSED,
		newest_refused, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"no proof that a needless fallback is refused" },
	{ "a record without a hello proves nothing", FALLBACK, OUTCOME_DONE, NULL, VERDICT_ERROR,
		"NoProof", CAUSE_NONE, "no proof that a needless fallback is refused" },
	{ "a refusal without any acceptance proves nothing", FALLBACK, OUTCOME_REFUSED,
		refused_without_control, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"not even the control hello was accepted" },
	{ "what was not asked is not known", FALLBACK, OUTCOME_REFUSED, nothing_asked,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "not asked" },
	{ "a silent server is not asked", FALLBACK, OUTCOME_REFUSED, not_asked_any_further,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "the server says nothing" },
	{ "what the deadline cut off was not run", FALLBACK, OUTCOME_REFUSED, cut_short,
		VERDICT_ERROR, "NotRun", CAUSE_CUT_SHORT, "the deadline of the run has passed" },
	{ "the handshake that broke is the cause where nothing was answered", FALLBACK,
		OUTCOME_REFUSED, handshake_broke, VERDICT_ERROR, "NoProof", CAUSE_HANDSHAKE,
		"not asked" },
};

static void
compression_is_not_taken(void **state)
{
	(void)state;
	expect_findings(compressions, COUNT(compressions));
	expect_findings_of(COMPRESSION, without_answer, COUNT(without_answer));
}

static void
extensions_are_answered(void **state)
{
	static const char *const assertions[] = { RENEGOTIATION, MASTER_SECRET };

	(void)state;
	expect_findings(extensions, COUNT(extensions));
	for (size_t i = 0; i < COUNT(assertions); i++) {
		expect_findings_of(assertions[i], missing, COUNT(missing));
		expect_findings_of(assertions[i], without_answer, COUNT(without_answer));
	}
}

static void
needless_fallbacks_are_refused(void **state)
{
	(void)state;
	expect_findings(fallbacks, COUNT(fallbacks));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compression_is_not_taken),
		cmocka_unit_test(extensions_are_answered),
		cmocka_unit_test(needless_fallbacks_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
