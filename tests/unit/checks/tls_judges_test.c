/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The judges of TLS and of what comes before it, with evidence made by hand: where a verdict hangs
 * on one answer of many.
 */
#include "court_answers.h"

#include "probe/hello_probe.h"
#include "probe/session_probes.h"
#include "probe/survey.h"
#include "probe/weaknesses.h"
#include "wire/groups.h"
#include "wire/groups_primes.h"

#define ECDHE_AES 0xc02f
#define RSA_AES 0x002f
#define DHE_AES 0x009e
#define ANONYMOUS_DH 0x00a6
#define RSA_PKCS1_SHA1 0x0201
#define HANDSHAKE_FAILURE 40
#define NO_PROTOCOL 120

/* What a row does to a court in which all was refused. */
typedef void arrange_fn(struct court *court);

struct row {
	const char *sentence;
	const char *assertion;
	arrange_fn *arrange;
	const char *want;
};

static void
nothing_else(struct court *court)
{
	(void)court;
}

static void
no_session_hello(struct court *court)
{
	court->evidence.session_hello.version = 0;
}

static void
unknown_version(struct court *court)
{
	court->evidence.session_hello.version = 0x0305;
}

static void
nothing_answered(struct court *court)
{
	for (size_t i = 0; i < court->evidence.observation_count; i++)
		court->evidence.observations[i].outcome = OUTCOME_BROKEN;
}

static void
ssl3_elsewhere(struct court *court)
{
	see(court, (struct server_hello){ .version = TLS_VERSION_SSL3, .suite = RSA_AES });
}

static void
tls11_behind_tls13(struct court *court)
{
	see(court, of_today);
	see(court, (struct server_hello){ .version = TLS_VERSION_1_1, .suite = RSA_AES });
}

static void
static_rsa_session(struct court *court)
{
	court->evidence.session.tls.suite = RSA_AES;
}

static void
p384_in_the_session(struct court *court)
{
	court->evidence.session_hello.group = GROUP_SECP384R1;
}

static void
sha1_elsewhere(struct court *court)
{
	see(court, (struct server_hello){ .version = TLS_VERSION_1_2,
			   .suite = ECDHE_AES,
			   .signature = RSA_PKCS1_SHA1 });
}

static void
weak_control(struct court *court)
{
	struct observation *control = observed_by(court, &hello_observer);
	struct hello_record *record = control->record;

	control->outcome = OUTCOME_DONE;
	record->answer = (struct flight_hello){ .version = TLS_VERSION_1_2, .suite = RSA_AES };
}

static void
cbc_in_tls12(struct court *court)
{
	observed_by(court, &weak_suites_observer)->outcome = OUTCOME_DONE;
	see(court, (struct server_hello){ .version = TLS_VERSION_1_2, .suite = RSA_AES });
}

static void
cbc_in_tls10(struct court *court)
{
	observed_by(court, &weak_suites_observer)->outcome = OUTCOME_DONE;
	see(court, (struct server_hello){ .version = TLS_VERSION_1_0, .suite = RSA_AES });
}

static void
early_data_in_the_session(struct court *court)
{
	observed_by(court, &early_data_observer)->outcome = OUTCOME_DONE;
	court->evidence.session.tls.tickets.max_early_data = 1;
}

static void
another_alert(struct court *court)
{
	observed_by(court, &protocol_observer)->conversation.tls.alert = HANDSHAKE_FAILURE;
}

static void
no_protocol(struct court *court)
{
	observed_by(court, &protocol_observer)->conversation.tls.alert = NO_PROTOCOL;
}

static void
tls_never_began(struct court *court)
{
	end_at(court, STEP_HANDSHAKE, OUTCOME_BROKEN, "nothing came");
}

static void
stray_elsewhere(struct court *court)
{
	struct evidence *evidence = &court->evidence;

	evidence->observations[evidence->observation_count - 1].stray =
		(struct span){ (const uint8_t *)"250 ok", 6 };
}

#define VERSIONS(parameter) "{\"assert\":\"tls.versions\"," parameter "}"
#define RESUMPTION(expected) "{\"assert\":\"tls.session_resumption\",\"expected\":\"" expected "\"}"

static const struct row rows[] = {
	{ "an old version that is refused passes", VERSIONS("\"refuses\":[\"1.0\"]"), nothing_else,
		"pass" },
	{ "refusals without any acceptance prove nothing", VERSIONS("\"refuses\":[\"1.0\"]"),
		no_session_hello, "error" },
	{ "an answer in a version that does not exist is none", VERSIONS("\"refuses\":[\"1.0\"]"),
		unknown_version, "error" },
	{ "SSLv2 that is not answered is not refused", VERSIONS("\"refuses\":[\"ssl2\"]"),
		nothing_answered, "error" },
	{ "an unwanted version that is not answered is no refusal",
		VERSIONS("\"refuses\":[\"1.0\"]"), nothing_answered, "error" },
	{ "a wanted version that is not answered is not accepted",
		VERSIONS("\"accepts\":[\"1.2\"]"), nothing_answered, "error" },
	{ "a wanted version that is refused fails", VERSIONS("\"accepts\":[\"1.2\"]"), nothing_else,
		"fail" },
	{ "SSLv3 counts wherever it was answered", VERSIONS("\"refuses\":[\"ssl3\"]"),
		ssl3_elsewhere, "fail" },
	{ "the second answer of an observation counts", VERSIONS("\"refuses\":[\"1.1\"]"),
		tls11_behind_tls13, "fail" },
	{ "the version above the maximum is too new",
		"{\"assert\":\"tls.version\",\"minimum\":\"1.2\",\"maximum\":\"1.2\"}",
		nothing_else, "fail" },
	{ "a suite that is listed is allowed",
		"{\"assert\":\"tls.cipher\",\"allowed\":[\"TLS_AES_128_GCM_SHA256\"]}",
		nothing_else, "pass" },
	{ "a suite that is not listed is not",
		"{\"assert\":\"tls.cipher\",\"allowed\":[\"TLS_AES_128_GCM_SHA256\"]}",
		static_rsa_session, "fail" },
	{ "suites that are not answered are not refused",
		"{\"assert\":\"tls.ciphers\",\"refuses\":[\"static-rsa\"]}", nothing_answered,
		"error" },
	{ "forward secrecy needs the control to have it", "{\"assert\":\"tls.forward_secrecy\"}",
		weak_control, "fail" },
	{ "forward secrecy needs the control", "{\"assert\":\"tls.forward_secrecy\"}", nothing_else,
		"error" },
	{ "an unwanted group counts in the session too",
		"{\"assert\":\"tls.groups\",\"excludes\":[\"secp384r1\"]}", p384_in_the_session,
		"fail" },
	{ "an unwanted signature counts wherever it was made",
		"{\"assert\":\"tls.signature_algorithms\",\"excludes\":[\"rsa_pkcs1_sha1\"]}",
		sha1_elsewhere, "fail" },
	{ "CBC is no weakness of TLS 1.2", "{\"assert\":\"vulnerability.beast\"}", cbc_in_tls12,
		"pass" },
	{ "CBC is one of TLS 1.0", "{\"assert\":\"vulnerability.beast\"}", cbc_in_tls10, "fail" },
	{ "a ticket of the session counts", "{\"assert\":\"tls.early_data_disabled\"}",
		early_data_in_the_session, "fail" },
	{ "another alert says nothing of the protocol",
		"{\"assert\":\"tls.alpn\",\"refuses\":[\"h2\"]}", another_alert, "error" },
	{ "the alert for it refuses a protocol", "{\"assert\":\"tls.alpn\",\"refuses\":[\"h2\"]}",
		no_protocol, "pass" },
	{ "a reply behind which TLS never began is not clean",
		"{\"assert\":\"starttls.clean_reply\"}", tls_never_began, "error" },
	{ "plaintext counts on any connection",
		"{\"assert\":\"starttls.clean_reply\"},{\"assert\":\"tls.version\"}",
		stray_elsewhere, "fail" },
};

static void
one_answer_decides(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct court court;

		open_at(&court, rows[i].assertion, OUTCOME_REFUSED);
		rows[i].arrange(&court);
		expect(&court, rows[i].sentence, rows[i].want);
	}
}

static void
what_was_cut_short_was_not_run(void **state)
{
	struct court court;

	(void)state;
	open_at(&court, VERSIONS("\"refuses\":[\"1.0\"]"), OUTCOME_BROKEN);
	court.evidence.cut_short = "the deadline of the run has passed";
	court_judge(&court);
	assert_string_equal(court.suite.cases[0].type, "NotRun");
	court_close(&court);
}

struct prime_row {
	const char *sentence;
	enum outcome survey;
	struct {
		uint16_t suite;
		unsigned bits;
		bool known;
	} seen[2];
	long minimum;
	const char *want;
};

static const struct prime_row primes[] = {
	{ "a prime of the minimum is large enough", OUTCOME_DONE, { { DHE_AES, 2048, false } },
		2048, "pass" },
	{ "one bit less is too small", OUTCOME_DONE, { { DHE_AES, 2047, false } }, 2048, "fail" },
	{ "the smaller one decides, if it is the last", OUTCOME_DONE,
		{ { DHE_AES, 3072, false }, { DHE_AES, 1536, false } }, 2048, "fail" },
	{ "the smaller one decides, if it is the first", OUTCOME_DONE,
		{ { DHE_AES, 1536, false }, { DHE_AES, 3072, false } }, 2048, "fail" },
	{ "a known prime of 1024 bits is shared", OUTCOME_DONE, { { DHE_AES, 1024, true } }, 1024,
		"fail" },
	{ "of two with 1024 bits the known one decides", OUTCOME_DONE,
		{ { DHE_AES, 1024, false }, { DHE_AES, 1024, true } }, 1024, "fail" },
	{ "an own prime of 1024 bits is not", OUTCOME_DONE, { { DHE_AES, 1024, false } }, 1024,
		"pass" },
	{ "a smaller one may be behind no answer", OUTCOME_BROKEN, { { DHE_AES, 2048, false } },
		2048, "error" },
	{ "a small one fails in any case", OUTCOME_BROKEN, { { DHE_AES, 1024, false } }, 2048,
		"fail" },
	{ "suites without a certificate are another matter", OUTCOME_REFUSED,
		{ { ANONYMOUS_DH, 512, false } }, 2048, "pass" },
};

static void
the_smallest_prime_decides(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(primes); i++) {
		const struct prime_row *row = &primes[i];
		struct court court;
		char assertion[100];

		snprintf(assertion, sizeof(assertion),
			"{\"assert\":\"tls.dh_size\",\"minimum\":%ld}", row->minimum);
		open_at(&court, assertion, row->survey);
		for (size_t j = 0; j < COUNT(row->seen) && row->seen[j].bits != 0; j++)
			see(&court, (struct server_hello){ .version = TLS_VERSION_1_2,
					    .suite = row->seen[j].suite,
					    .bits = row->seen[j].bits,
					    .prime = row->seen[j].known ? group_primes : NULL });
		expect(&court, row->sentence, row->want);
	}
}

struct resumption_row {
	const char *sentence;
	const char *assertion;
	enum outcome outcome;
	struct resumption versions[RESUMPTION_VERSIONS];
	const char *want;
};

static const struct resumption_row resumptions[] = {
	{ "the first try resumes", RESUMPTION("resumed"), OUTCOME_DONE,
		{ { .version = TLS_VERSION_1_3, .tries = 1, .resumed = 1 } }, "pass" },
	{ "some nodes do not", RESUMPTION("resumed"), OUTCOME_DONE,
		{ { .version = TLS_VERSION_1_3, .tries = 3, .resumed = 1 } }, "fail" },
	{ "none does", RESUMPTION("resumed"), OUTCOME_DONE,
		{ { .version = TLS_VERSION_1_3, .tries = 3 } }, "fail" },
	{ "it was not to be had", RESUMPTION("resumed"), OUTCOME_BROKEN, { { .tries = 0 } },
		"error" },
	{ "none is to resume, and none does", RESUMPTION("refused"), OUTCOME_DONE,
		{ { .version = TLS_VERSION_1_3, .tries = 3 } }, "pass" },
	{ "the older version does", RESUMPTION("refused"), OUTCOME_DONE,
		{ { .version = TLS_VERSION_1_3, .tries = 3 },
			{ .version = TLS_VERSION_1_2, .tries = 1, .resumed = 1 } },
		"fail" },
	{ "one was resumed before the answers stopped", RESUMPTION("refused"), OUTCOME_BROKEN,
		{ { .version = TLS_VERSION_1_3, .tries = 3, .resumed = 1 } }, "fail" },
	{ "whether one is resumed is not known", RESUMPTION("refused"), OUTCOME_BROKEN,
		{ { .version = TLS_VERSION_1_3, .tries = 3 } }, "error" },
};

static void
resumption_is_judged_by_all_tries(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(resumptions); i++) {
		const struct resumption_row *row = &resumptions[i];
		struct resumption_record *record;
		struct court court;

		open_at(&court, row->assertion, row->outcome);
		record = observed_by(&court, &resumption_observer)->record;
		memcpy(record->versions, row->versions, sizeof(record->versions));
		expect(&court, row->sentence, row->want);
	}
}

/* A node that refuses says nothing of one that was seen to accept. */
static void
a_refusal_is_taken_back_by_what_was_chosen_elsewhere(void **state)
{
	static const struct server_hello tls12 = { .version = TLS_VERSION_1_2, .suite = 0xc02b };
	static const struct server_hello static_rsa = { .version = TLS_VERSION_1_2,
		.suite = 0x002f };
	static const struct {
		const char *assertion;
		enum outcome outcome;
		const struct server_hello *seen;
		const char *want;
	} refusals[] = {
		{ "vulnerability.heartbleed", OUTCOME_REFUSED, &of_today, "pass" },
		{ "vulnerability.heartbleed", OUTCOME_BROKEN, &of_today, "error" },
		{ "vulnerability.heartbleed", OUTCOME_REFUSED, &tls12, "error" },
		{ "vulnerability.ccs_injection", OUTCOME_REFUSED, &of_today, "pass" },
		{ "vulnerability.ccs_injection", OUTCOME_BROKEN, &of_today, "error" },
		{ "vulnerability.ccs_injection", OUTCOME_REFUSED, &tls12, "error" },
		{ "tls.compression_disabled", OUTCOME_REFUSED, &of_today, "pass" },
		{ "tls.compression_disabled", OUTCOME_BROKEN, &of_today, "error" },
		{ "tls.compression_disabled", OUTCOME_REFUSED, &tls12, "error" },
		{ "vulnerability.ticketbleed", OUTCOME_REFUSED, &of_today, "pass" },
		{ "vulnerability.ticketbleed", OUTCOME_REFUSED, &tls12, "error" },
		{ "vulnerability.robot", OUTCOME_REFUSED, &tls12, "pass" },
		{ "vulnerability.robot", OUTCOME_BROKEN, &tls12, "error" },
		{ "vulnerability.robot", OUTCOME_REFUSED, &static_rsa, "error" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(refusals); i++) {
		char assertion[100];
		struct court court;

		snprintf(
			assertion, sizeof(assertion), "{\"assert\":\"%s\"}", refusals[i].assertion);
		open_at(&court, assertion, refusals[i].outcome);
		see(&court, *refusals[i].seen);
		expect(&court, refusals[i].assertion, refusals[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_answer_decides),
		cmocka_unit_test(what_was_cut_short_was_not_run),
		cmocka_unit_test(the_smallest_prime_decides),
		cmocka_unit_test(resumption_is_judged_by_all_tries),
		cmocka_unit_test(a_refusal_is_taken_back_by_what_was_chosen_elsewhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
