/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * certificate.transparency and certificate.stapling. The timestamps in
 * "leaf-logged" are of the logs aa... (2026-01-01) and bb... (2026-02-01); the
 * OCSP responses are for "leaf", of 2026-05-30, and most of them good until
 * 2026-06-06.
 */
#include "court_chains.h"

#define TRANSPARENCY ROW("certificate.transparency")
#define MINIMUM(number) "{\"assert\":\"certificate.transparency\",\"minimum\":" #number "}"
#define STAPLING ROW("certificate.stapling")
#define OPTIONAL "{\"assert\":\"certificate.stapling\",\"required\":false}"

#define IN_FORCE "2026-06-01"

/* Timestamps in the certificate: both of one log; the second of a version that
 * nobody knows; a list that ends within one. */
#define ONE_LOG "leaf-logged:#bbbbbbbb>#aaaaaaaa"
#define NEWER_VERSION "leaf-logged:#003300bbbb>#003301bbbb"
#define TORN "leaf-logged:#006a0033>#006a0034"

/* A TLS feature that is none of stapling, and one that is of the second version
 * of it. */
#define MAY_STAPLE "leaf:#3003020105>#3003020106"
#define MUST_STAPLE_V2 "leaf:#3003020105>#3003020111"
#define NO_RESPONDER "leaf:#06082b06010505073001>#06082b06010505073003"

static struct chain_record *
hello_of(struct court *court)
{
	return observed_by(court, &chain_observer)->record;
}

/* Timestamps of 2026-01-01, one for each letter: the log is that letter all
 * over. */
static struct span
timestamps_of(struct court *court, const char *logs)
{
	static const char date[] = "0000019b76daa800";
	struct span list;
	struct buf all;
	size_t body;

	buf_init(&all, 1000);
	body = hello_open(&all, 2);
	for (; *logs != '\0'; logs++) {
		size_t one = hello_open(&all, 2);

		hello_put_u8(&all, 0);
		for (size_t i = 0; i < 32; i++)
			hello_put_u8(&all, (uint8_t)*logs);
		add_hex(&all, date);
		add_hex(&all, "0000"
			      "0403"
			      "000401020304");
		hello_close(&all, one, 2);
	}
	hello_close(&all, body, 2);
	list = (struct span){ arena_memdup(&court->evidence.arena, all.data, all.len), all.len };
	buf_release(&all);
	return list;
}

/* The hello was answered with the certificate of the session. */
static void
answers_with_nothing(struct court *court)
{
	hello_of(court)->peer = court->evidence.session.peer;
}

static void
answers_with_one_log(struct court *court)
{
	answers_with_nothing(court);
	hello_of(court)->timestamps = timestamps_of(court, "c");
}

static void
answers_with_two_logs(struct court *court)
{
	answers_with_nothing(court);
	hello_of(court)->timestamps = timestamps_of(court, "cd");
}

static void
answers_with_the_log_of_the_certificate(struct court *court)
{
	answers_with_nothing(court);
	hello_of(court)->timestamps = timestamps_of(court, "\xaa");
}

static void
answers_with_junk(struct court *court)
{
	answers_with_nothing(court);
	hello_of(court)->timestamps = (struct span){ (const uint8_t *)"\0\1junk", 6 };
}

static void
answers_with_another_certificate(struct court *court)
{
	judge_shown(court, &hello_of(court)->peer, "leaf-any ica", stores[1]);
	hello_of(court)->timestamps = timestamps_of(court, "cd");
}

static void
does_not_answer(struct court *court)
{
	struct observation *hello = observed_by(court, &chain_observer);

	hello->outcome = OUTCOME_BROKEN;
	hello->text = "no answer in time";
}

static void
refuses_the_hello(struct court *court)
{
	does_not_answer(court);
	observed_by(court, &chain_observer)->outcome = OUTCOME_REFUSED;
}

static void
was_not_asked(struct court *court)
{
	court->evidence.observation_count = 0;
}

static void
is_interrupted(struct court *court)
{
	does_not_answer(court);
	court->evidence.cut_short = "the run was interrupted";
}

/* The hello got as far as that step, as did the session. */
static void
breaks_alike(struct court *court, enum step step)
{
	struct conversation *hello = &observed_by(court, &chain_observer)->conversation;

	does_not_answer(court);
	breaks_behind_the_chain(court);
	for (size_t i = 0; i < STEP_COUNT; i++)
		hello->steps[i].outcome = OUTCOME_DONE;
	hello->steps[step].outcome = OUTCOME_BROKEN;
}

static void
breaks_both_handshakes(struct court *court)
{
	breaks_alike(court, STEP_HANDSHAKE);
}

static void
breaks_at_different_steps(struct court *court)
{
	breaks_alike(court, STEP_EHLO);
}

static void
is_a_file_without_more(struct court *court)
{
	answers_with_nothing(court);
	is_a_file(court);
}

static void
shows_an_unlogged_one_elsewhere(struct court *court)
{
	answers_with_nothing(court);
	present_elsewhere(court, "leaf-both");
}

static void
shows_a_torn_one_elsewhere(struct court *court)
{
	answers_with_nothing(court);
	present_elsewhere(court, TORN);
}

static void
answers_with_nothing_unproven(struct court *court)
{
	proves_nothing(court);
	answers_with_nothing(court);
}

static const struct chain_row logs[] = {
	{ "two logs in the certificate are enough where nothing is said", TRANSPARENCY,
		"leaf-logged", NULL, answers_with_nothing, VERDICT_PASS, NULL, CAUSE_NONE,
		"timestamps of 2 logs" },
	{ "two beside it are", TRANSPARENCY, "leaf ica", NULL, answers_with_two_logs, VERDICT_PASS,
		NULL, CAUSE_NONE, "timestamps of 2 logs" },
	{ "those inside and beside add up", MINIMUM(3), "leaf-logged", NULL, answers_with_one_log,
		VERDICT_PASS, NULL, CAUSE_NONE, "timestamps of 3 logs" },
	{ "exactly as many as asked for", MINIMUM(4), "leaf-logged", NULL, answers_with_two_logs,
		VERDICT_PASS, NULL, CAUSE_NONE, "timestamps of 4 logs" },
	{ "one fewer", MINIMUM(4), "leaf-logged", NULL, answers_with_one_log, VERDICT_FAIL,
		"TimestampsMissing", CAUSE_NONE, "timestamps of 3 logs" },
	{ "none at all", MINIMUM(1), "leaf ica", NULL, answers_with_nothing, VERDICT_FAIL,
		"TimestampsMissing", CAUSE_NONE, "timestamps of 0 logs" },
	{ "one log twice is one", TRANSPARENCY, ONE_LOG, NULL, answers_with_nothing, VERDICT_FAIL,
		"TimestampsMissing", CAUSE_NONE, "timestamps of 1 log" },
	{ "one log inside and beside is one", MINIMUM(3), "leaf-logged", NULL,
		answers_with_the_log_of_the_certificate, VERDICT_FAIL, "TimestampsMissing",
		CAUSE_NONE, "timestamps of 2 logs" },
	{ "a timestamp of another version is none", TRANSPARENCY, NEWER_VERSION, NULL,
		answers_with_nothing, VERDICT_FAIL, "TimestampsMissing", CAUSE_NONE,
		"timestamps of 1 log" },
	{ "one of this second counts", TRANSPARENCY, "leaf-logged", "2026-02-01T00:00:00Z",
		answers_with_nothing, VERDICT_PASS, NULL, CAUSE_NONE, "2 logs" },
	{ "one of the next does not", TRANSPARENCY, "leaf-logged", "2026-01-31T23:59:59Z",
		answers_with_nothing, VERDICT_FAIL, "TimestampsMissing", CAUSE_NONE,
		"timestamps of 1 log" },

	{ "a list that is torn fails", MINIMUM(1), TORN, NULL, answers_with_nothing, VERDICT_FAIL,
		"TimestampsMalformed", CAUSE_NONE, "the timestamps cannot be read: RFC 6962" },
	{ "so does one beside enough timestamps", TRANSPARENCY, "leaf-logged", NULL,
		answers_with_junk, VERDICT_FAIL, "TimestampsMalformed", CAUSE_NONE, "" },
	{ "and one where nothing else was heard", TRANSPARENCY, TORN, NULL, does_not_answer,
		VERDICT_FAIL, "TimestampsMalformed", CAUSE_NONE, "" },

	{ "enough in the certificate need no answer", TRANSPARENCY, "leaf-logged", NULL,
		does_not_answer, VERDICT_PASS, NULL, CAUSE_NONE, "2 logs" },
	{ "too few need one", TRANSPARENCY, ONE_LOG, NULL, does_not_answer, VERDICT_ERROR,
		"NoAnswer", CAUSE_NONE, "was not answered: no answer in time" },
	{ "a hello that is refused tells nothing", TRANSPARENCY, ONE_LOG, NULL, refuses_the_hello,
		VERDICT_ERROR, "NoAnswer", CAUSE_NONE, "was not answered" },
	{ "nor does one that was not sent", TRANSPARENCY, ONE_LOG, NULL, was_not_asked,
		VERDICT_ERROR, "NoAnswer", CAUSE_NONE, "not sent" },
	{ "what breaks for both is the cause", TRANSPARENCY, ONE_LOG, NULL, breaks_both_handshakes,
		VERDICT_ERROR, "NoAnswer", CAUSE_HANDSHAKE, "was not answered" },
	{ "what breaks for one is none", TRANSPARENCY, ONE_LOG, NULL, breaks_at_different_steps,
		VERDICT_ERROR, "NoAnswer", CAUSE_NONE, "was not answered" },
	{ "the run was over before", TRANSPARENCY, ONE_LOG, NULL, is_interrupted, VERDICT_ERROR,
		"NotRun", CAUSE_CUT_SHORT, "the run was interrupted" },
	{ "a file has what is in it", TRANSPARENCY, ONE_LOG, NULL, is_a_file_without_more,
		VERDICT_FAIL, "TimestampsMissing", CAUSE_NONE, "timestamps of 1 log" },

	{ "what is beside another certificate is not beside this", TRANSPARENCY, "leaf ica", NULL,
		answers_with_another_certificate, VERDICT_ERROR, "NoAnswer", CAUSE_NONE,
		"was answered with another certificate" },
	{ "enough in this need nothing beside it", TRANSPARENCY, "leaf-logged", NULL,
		answers_with_another_certificate, VERDICT_PASS, NULL, CAUSE_NONE, "2 logs" },
	{ "what is beside one that another connection shows is not known", TRANSPARENCY,
		"leaf-logged", NULL, shows_an_unlogged_one_elsewhere, VERDICT_ERROR, "NoAnswer",
		CAUSE_NONE, "(ECDSA certificate, serial 1068)" },
	{ "another connection shows a list that is torn", TRANSPARENCY, "leaf-logged", NULL,
		shows_a_torn_one_elsewhere, VERDICT_FAIL, "TimestampsMalformed", CAUSE_NONE,
		"(ECDSA certificate, serial 1067)" },

	{ "what cannot be read has no timestamps", TRANSPARENCY, UNREADABLE " ica", NULL,
		answers_with_nothing, VERDICT_FAIL, "Malformed", CAUSE_PATH, "cannot be read" },
	{ "too few need no proof", TRANSPARENCY, ONE_LOG, NULL, answers_with_nothing_unproven,
		VERDICT_FAIL, "TimestampsMissing", CAUSE_NONE, "" },
};

static void
logs_are_enough_or_not(void **state)
{
	(void)state;
	expect_of_chains(logs, COUNT(logs));
	expect_nothing_without_proof(TRANSPARENCY, "leaf-logged", answers_with_nothing);
}

struct staple_row {
	const char *sentence;
	const char *assertion;
	const char *chain;    /* of the session, and of the hello */
	const char *response; /* stapled; NULL: none */
	const char *today;
	void (*arrange)(struct court *court);
	enum verdict verdict;
	const char *type;
	uint32_t causes;
	const char *says;
};

/* Nothing else proves that the certificate is of the server that answered. */
static void
proves_it_in_the_session_alone(struct court *court)
{
	hello_of(court)->peer.proven = false;
}

static void
proves_it_to_the_hello_alone(struct court *court)
{
	proves_nothing(court);
}

static void
proves_it_nowhere(struct court *court)
{
	proves_nothing(court);
	hello_of(court)->peer.proven = false;
}

static void
proves_another_in_the_session(struct court *court)
{
	present(court, "leaf-any ica");
	hello_of(court)->peer.proven = false;
}

static void
shows_no_certificate_in_the_session(struct court *court)
{
	shows_nothing(court);
	hello_of(court)->peer.proven = false;
}

static void
is_not_trusted_at_all(struct court *court)
{
	is_not_trusted(court);
	answers_with_nothing(court);
}

static void
breaks_the_session_alone(struct court *court)
{
	breaks_before_the_chain(court);
}

static const struct staple_row staples[] = {
	{ "a good response passes", STAPLING, "leaf ica", "ocsp-good", IN_FORCE, NULL, VERDICT_PASS,
		NULL, CAUSE_NONE, "the OCSP response says good" },
	{ "so does one of a responder that the issuer named", STAPLING, "leaf ica",
		"ocsp-delegated", IN_FORCE, NULL, VERDICT_PASS, NULL, CAUSE_NONE, "good" },
	{ "trust is another question", STAPLING, "leaf ica", "ocsp-good", IN_FORCE,
		is_not_trusted_at_all, VERDICT_PASS, NULL, CAUSE_NONE, "good" },
	{ "the last second is fresh still", STAPLING, "leaf ica", "ocsp-good",
		"2026-06-06T00:00:00Z", NULL, VERDICT_PASS, NULL, CAUSE_NONE, "good" },
	{ "the one after it is stale", STAPLING, "leaf ica", "ocsp-good", "2026-06-06T00:00:01Z",
		NULL, VERDICT_FAIL, "Stale", CAUSE_NONE, "to be renewed by 2026-06-06" },
	{ "without an end it is fresh for a day", STAPLING, "leaf ica", "ocsp-endless",
		"2026-05-31T00:00:00Z", NULL, VERDICT_PASS, NULL, CAUSE_NONE, "good" },
	{ "and no longer", STAPLING, "leaf ica", "ocsp-endless", "2026-05-31T00:00:01Z", NULL,
		VERDICT_FAIL, "Stale", CAUSE_NONE, "stale" },
	{ "a clock may be ahead by minutes", STAPLING, "leaf ica", "ocsp-good",
		"2026-05-29T23:55:00Z", NULL, VERDICT_PASS, NULL, CAUSE_NONE, "good" },
	{ "five of them", STAPLING, "leaf ica", "ocsp-good", "2026-05-29T23:54:59Z", NULL,
		VERDICT_FAIL, "FromFuture", CAUSE_NONE, "of the future" },
	{ "a revoked certificate fails", STAPLING, "leaf ica", "ocsp-revoked", IN_FORCE, NULL,
		VERDICT_FAIL, "IsRevoked", CAUSE_NONE, "was revoked on 2026-03-01" },
	{ "also where no response is required", OPTIONAL, "leaf ica", "ocsp-revoked", IN_FORCE,
		NULL, VERDICT_FAIL, "IsRevoked", CAUSE_NONE, "" },
	{ "one that the responder does not know", STAPLING, "leaf ica", "ocsp-unknown", IN_FORCE,
		NULL, VERDICT_FAIL, "IsUnknown", CAUSE_NONE, "does not know the certificate" },
	{ "a response about another certificate", STAPLING, "leaf ica", "ocsp-of-another", IN_FORCE,
		NULL, VERDICT_FAIL, "OtherCertificate", CAUSE_NONE, "about another certificate" },
	{ "a responder that the issuer did not name", STAPLING, "leaf ica", "ocsp-by-stranger",
		IN_FORCE, NULL, VERDICT_FAIL, "NoResponder", CAUSE_NONE, "" },
	{ "the server for itself", STAPLING, "leaf ica", "ocsp-by-leaf", IN_FORCE, NULL,
		VERDICT_FAIL, "NoResponder", CAUSE_NONE, "" },
	{ "a responder that has no answer", STAPLING, "leaf ica", "ocsp-try-later", IN_FORCE, NULL,
		VERDICT_FAIL, "NotSuccessful", CAUSE_NONE, "tryLater" },
	{ "a response that was changed", STAPLING, "leaf ica",
		"ocsp-good:20260530000000Z>20260530000001Z", IN_FORCE, NULL, VERDICT_FAIL,
		"BadSignature", CAUSE_NONE, "does not fit" },
	{ "one that is signed with a weak hash", STAPLING, "leaf ica",
		"ocsp-good:" ECDSA_SHA256 ">" ECDSA_SHA224, IN_FORCE, NULL, VERDICT_FAIL,
		"WeakSignature", CAUSE_NONE, "not accepted" },
	{ "one that is none", STAPLING, "leaf ica", "leaf", IN_FORCE, NULL, VERDICT_FAIL,
		"Malformed", CAUSE_NONE, "cannot be read" },

	{ "who must staple does", STAPLING, "leaf ica", NULL, IN_FORCE, NULL, VERDICT_FAIL,
		"MustStaple", CAUSE_NONE, "says that an OCSP response is stapled, and none is" },
	{ "whatever is required", OPTIONAL, "leaf ica", NULL, IN_FORCE, NULL, VERDICT_FAIL,
		"MustStaple", CAUSE_NONE, "" },
	{ "in the second version too", OPTIONAL, MUST_STAPLE_V2 " ica", NULL, IN_FORCE, NULL,
		VERDICT_FAIL, "MustStaple", CAUSE_NONE, "" },
	{ "and without a responder", OPTIONAL, NO_RESPONDER " ica", NULL, IN_FORCE, NULL,
		VERDICT_FAIL, "MustStaple", CAUSE_NONE, "" },
	{ "where there is a responder, a response is required", STAPLING, MAY_STAPLE " ica", NULL,
		IN_FORCE, NULL, VERDICT_FAIL, "NothingStapled", CAUSE_NONE,
		"no OCSP response is stapled" },
	{ "unless none is", OPTIONAL, MAY_STAPLE " ica", NULL, IN_FORCE, NULL, VERDICT_PASS, NULL,
		CAUSE_NONE, "none is required" },
	{ "without a responder there is nothing to staple", STAPLING, "leaf-any ica", NULL,
		IN_FORCE, NULL, VERDICT_PASS, NULL, CAUSE_NONE, "nothing to staple" },
	{ "whether it must be stapled cannot be read", OPTIONAL, "leaf:#3003020105>#3103020105 ica",
		NULL, IN_FORCE, NULL, VERDICT_FAIL, "Malformed", CAUSE_PATH,
		"unreadable TLS feature" },
	{ "whether there is a responder cannot be read", STAPLING,
		"leaf:#3003020105>#3003020106:#04453043301d>#04453143301d ica", NULL, IN_FORCE,
		NULL, VERDICT_FAIL, "Malformed", CAUSE_PATH, "" },

	{ "a certificate that cannot be read", STAPLING, UNREADABLE " ica", "ocsp-good", IN_FORCE,
		NULL, VERDICT_FAIL, "Malformed", CAUSE_PATH, "the certificate cannot be read" },
	{ "a response by a key beyond our limits is open", STAPLING, "leaf-of-large large-root",
		"ocsp-good", IN_FORCE, NULL, VERDICT_ERROR, "BeyondLimits", CAUSE_PATH,
		"the OCSP response cannot be judged" },
	{ "one whose issuer is missing is", STAPLING, "leaf", "ocsp-good", IN_FORCE, NULL,
		VERDICT_ERROR, "NoIssuer", CAUSE_PATH, "without the issuer's certificate" },

	{ "a hello that was not answered", STAPLING, "leaf ica", "ocsp-good", IN_FORCE,
		does_not_answer, VERDICT_ERROR, "NoAnswer", CAUSE_NONE,
		"was not answered: no answer in time" },
	{ "one that was refused", OPTIONAL, "leaf ica", NULL, IN_FORCE, refuses_the_hello,
		VERDICT_ERROR, "NoAnswer", CAUSE_NONE, "was not answered" },
	{ "one that was not sent", STAPLING, "leaf ica", NULL, IN_FORCE, was_not_asked,
		VERDICT_ERROR, "NoAnswer", CAUSE_NONE, "not sent" },
	{ "a run that was over before", STAPLING, "leaf ica", NULL, IN_FORCE, is_interrupted,
		VERDICT_ERROR, "NotRun", CAUSE_CUT_SHORT, "the run was interrupted" },
	{ "what breaks for both is the cause", STAPLING, "leaf ica", NULL, IN_FORCE,
		breaks_both_handshakes, VERDICT_ERROR, "NoAnswer", CAUSE_HANDSHAKE, "" },
	{ "what breaks for one is none", STAPLING, "leaf ica", NULL, IN_FORCE,
		breaks_at_different_steps, VERDICT_ERROR, "NoAnswer", CAUSE_NONE, "" },
	{ "without STARTTLS nothing is stapled", STAPLING, "leaf ica", "ocsp-good", IN_FORCE,
		has_no_starttls, VERDICT_ERROR, "NoAnswer", CAUSE_NO_STARTTLS,
		"does not offer STARTTLS" },
	{ "nor without a connection", STAPLING, "leaf ica", "ocsp-good", IN_FORCE,
		cannot_be_reached, VERDICT_ERROR, "NoAnswer", CAUSE_CONNECT, "refused" },
	{ "the hello stands in for a session that broke", STAPLING, "leaf ica", "ocsp-good",
		IN_FORCE, breaks_the_session_alone, VERDICT_PASS, NULL, CAUSE_NONE, "good" },

	{ "the hello proves the key", STAPLING, "leaf ica", "ocsp-good", IN_FORCE,
		proves_it_to_the_hello_alone, VERDICT_PASS, NULL, CAUSE_NONE, "good" },
	{ "the session proves it", STAPLING, "leaf ica", "ocsp-good", IN_FORCE,
		proves_it_in_the_session_alone, VERDICT_PASS, NULL, CAUSE_NONE, "good" },
	{ "nothing proves it", STAPLING, "leaf ica", "ocsp-good", IN_FORCE, proves_it_nowhere,
		VERDICT_ERROR, "NotProven", CAUSE_HANDSHAKE, "nothing proves" },
	{ "the session proves another key", STAPLING, "leaf ica", "ocsp-good", IN_FORCE,
		proves_another_in_the_session, VERDICT_ERROR, "NotProven", CAUSE_HANDSHAKE,
		"nothing proves" },
	{ "the session shows none", STAPLING, "leaf ica", "ocsp-good", IN_FORCE,
		shows_no_certificate_in_the_session, VERDICT_ERROR, "NotProven", CAUSE_HANDSHAKE,
		"nothing proves" },
	{ "that nothing is required needs proof", STAPLING, "leaf-any ica", NULL, IN_FORCE,
		proves_it_nowhere, VERDICT_ERROR, "NotProven", CAUSE_HANDSHAKE, "nothing proves" },
	{ "a revoked certificate needs none", STAPLING, "leaf ica", "ocsp-revoked", IN_FORCE,
		proves_it_nowhere, VERDICT_FAIL, "IsRevoked", CAUSE_NONE, "" },
};

static void
staple(struct court *court, const struct staple_row *row)
{
	struct chain_record *record;

	open_for_chain(court, row->assertion, row->chain, row->today, answers_with_nothing);
	record = hello_of(court);
	if (row->response != NULL)
		record->stapled = bytes_of_word(&court->evidence.arena, row->response);
	if (row->arrange != NULL)
		row->arrange(court);
}

static void
responses_are_good_or_not(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(staples); i++) {
		const struct staple_row *row = &staples[i];
		const struct finding_row finding = { .sentence = row->sentence,
			.verdict = row->verdict,
			.type = row->type,
			.causes = row->causes,
			.says = row->says };
		struct court court;

		staple(&court, row);
		expect_finding(&court, &finding);
		court_close(&court);
	}
}

static void
staples_one_that_is_stale_and_revoked(struct court *court)
{
	answers_with_nothing(court);
	hello_of(court)->stapled = fixture(&court->evidence.arena, "ocsp-revoked");
}

static const struct said_row said[] = {
	{ "logs and dates are shown", MINIMUM(3), "leaf-logged", NULL, answers_with_nothing,
		"timestamps of at least 3 logs",
		"log qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo= at 2026-01-01T00:00:00 "
		"UTC; log "
		"u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7s= at 2026-02-01T00:00:00 UTC",
		NULL, NULL },
	{ "where there are none, that is said", MINIMUM(1), "leaf ica", NULL, answers_with_nothing,
		"timestamps of at least 1 logs", "no timestamp", NULL, NULL },
	{ "of a response all that is wrong is shown", STAPLING, "leaf ica", "2026-06-07",
		staples_one_that_is_stale_and_revoked, "signed, fresh and says good",
		"a response of 2026-05-30T00:00:00 UTC, good until 2026-06-06T00:00:00: "
		"OCSP "
		"response: RFC 6960 section 2.2: the certificate was revoked",
		NULL, NULL },
	{ "not the first thing alone", STAPLING, "leaf ica", "2026-06-07",
		staples_one_that_is_stale_and_revoked, "good",
		"; OCSP response: RFC 6960 section "
		"4.2.2.1: stale",
		NULL, NULL },
	{ "of no response nothing is shown", STAPLING, "leaf ica", NULL, answers_with_nothing,
		"an OCSP response that is signed, fresh and says good", NULL, NULL, NULL },
};

static void
it_is_said_what_came_along(void **state)
{
	(void)state;
	expect_said(said, COUNT(said));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(logs_are_enough_or_not),
		cmocka_unit_test(responses_are_good_or_not),
		cmocka_unit_test(it_is_said_what_came_along),
	};

	return cmocka_run_group_tests(tests, fill_stores, release_stores);
}
