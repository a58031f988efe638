/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From evidence to verdicts, with evidence made by hand: no connection is made.
 */
#include "court.h"

#include "wire/tls_names.h"

struct ending_row {
	const char *sentence;
	const char *assertions;
	enum step step;
	enum outcome outcome;
	const char *want;
};

#define CHAIN                                                                           \
	"{\"assert\":\"connection.established\"},{\"assert\":\"connection.greeting\"}," \
	"{\"assert\":\"tls.handshake\"}"
#define ADVISORY_FIRST                                                       \
	"{\"assert\":\"connection.established\",\"severity\":\"advisory\"}," \
	"{\"assert\":\"connection.greeting\"},{\"assert\":\"tls.handshake\"}"
#define WAIVED_FIRST                                                   \
	"{\"assert\":\"connection.established\","                      \
	"\"waive\":{\"until\":\"2027-01-01\",\"reason\":\"moving\"}}," \
	"{\"assert\":\"connection.greeting\"},{\"assert\":\"tls.handshake\"}"

static const struct ending_row endings[] = {
	{ "a refused connect is a fail of the connection", CHAIN, STEP_CONNECT, OUTCOME_REFUSED,
		"fail skipped skipped" },
	{ "a connect without answer is an error", CHAIN, STEP_CONNECT, OUTCOME_BROKEN,
		"error skipped skipped" },
	{ "what was never tried is an error", CHAIN, STEP_CONNECT, OUTCOME_NOT_REACHED,
		"error skipped skipped" },
	{ "an advisory assertion does not stand for one that counts", ADVISORY_FIRST, STEP_CONNECT,
		OUTCOME_REFUSED, "warned error skipped" },
	{ "a waived assertion does not stand for one that counts", WAIVED_FIRST, STEP_CONNECT,
		OUTCOME_REFUSED, "waived error skipped" },
	{ "a handshake that got no answer is an error", CHAIN, STEP_HANDSHAKE, OUTCOME_BROKEN,
		"pass error error" },
	{ "a handshake that was refused is a fail", CHAIN, STEP_HANDSHAKE, OUTCOME_REFUSED,
		"pass error fail" },
};

static void
broken_steps_are_reported_as_the_table_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		struct court court;

		court_open(&court, endings[i].assertions, 1795219200); /* 2026-11-21 */
		end_at(&court, endings[i].step, endings[i].outcome, "what happened");
		court_judge(&court);
		expect_verdicts(&court, endings[i].sentence, endings[i].want);
		court_close(&court);
	}
}

static void
a_waiver_that_has_run_out_counts_again(void **state)
{
	struct court court;

	(void)state;
	court_open(&court, WAIVED_FIRST, 1830297600); /* 2028-01-01 */
	end_at(&court, STEP_CONNECT, OUTCOME_REFUSED, "refused");
	court_judge(&court);
	expect_verdicts(&court, "after the waiver's date", "fail skipped skipped");
	court_close(&court);
}

static void
what_was_cut_short_is_one_error(void **state)
{
	struct court court;

	(void)state;
	court_open(&court, CHAIN, 1795219200);
	end_at(&court, STEP_CONNECT, OUTCOME_BROKEN, "the run was interrupted");
	court.evidence.cut_short = "the run was interrupted";
	court_judge(&court);
	expect_verdicts(&court, "an interrupted run", "error skipped skipped");
	assert_string_equal(court.suite.cases[0].type, "NotRun");
	court_close(&court);
}

/* The hello that tls.version counts on: control, SSLv3, older. */
enum { CONTROL, SSL3, OLDER };

static void
answer_hello(struct court *court, size_t index, enum outcome outcome, uint16_t version)
{
	struct observation *observation = court->evidence.observations[index];

	observation->outcome = outcome;
	observation->text = "what happened";
	if (outcome != OUTCOME_DONE)
		return;
	observation->hellos = arena_alloc(&observation->arena, sizeof(*observation->hellos));
	*observation->hellos = (struct server_hello){ .version = version };
	observation->hello_count = 1;
}

struct version_row {
	const char *sentence;
	enum outcome control, ssl3, older;
	uint16_t older_version;
	uint16_t negotiated;
	const char *want;
};

static const struct version_row versions[] = {
	{ "refusals with a control that is accepted pass", OUTCOME_DONE, OUTCOME_REFUSED,
		OUTCOME_REFUSED, 0, TLS_VERSION_1_3, "pass" },
	{ "without an accepted control nothing is proven", OUTCOME_REFUSED, OUTCOME_REFUSED,
		OUTCOME_REFUSED, 0, 0, "error" },
	{ "a control without answer proves nothing", OUTCOME_BROKEN, OUTCOME_REFUSED,
		OUTCOME_REFUSED, 0, 0, "error" },
	{ "a hello without answer is no refusal", OUTCOME_DONE, OUTCOME_REFUSED, OUTCOME_BROKEN, 0,
		TLS_VERSION_1_3, "error" },
	{ "a session in a good version is no answer to the control", OUTCOME_BROKEN,
		OUTCOME_REFUSED, OUTCOME_REFUSED, 0, TLS_VERSION_1_2, "error" },
	{ "an SSLv3 hello without answer is no refusal", OUTCOME_DONE, OUTCOME_BROKEN,
		OUTCOME_REFUSED, 0, 0, "error" },
	{ "a hello that was never sent is no refusal", OUTCOME_DONE, OUTCOME_REFUSED,
		OUTCOME_NOT_REACHED, 0, TLS_VERSION_1_3, "error" },
	{ "an old version that is accepted fails", OUTCOME_DONE, OUTCOME_REFUSED, OUTCOME_DONE,
		TLS_VERSION_1_0, TLS_VERSION_1_3, "fail" },
	{ "one acceptance fails whatever else is missing", OUTCOME_BROKEN, OUTCOME_BROKEN,
		OUTCOME_DONE, TLS_VERSION_1_1, TLS_VERSION_1_3, "fail" },
	{ "a newer answer to an old hello is no refusal", OUTCOME_DONE, OUTCOME_REFUSED,
		OUTCOME_DONE, TLS_VERSION_1_2, TLS_VERSION_1_3, "error" },
	{ "an old negotiated version fails", OUTCOME_DONE, OUTCOME_REFUSED, OUTCOME_REFUSED, 0,
		TLS_VERSION_1_1, "fail" },
	{ "an answer of a version that does not exist is no control", OUTCOME_REFUSED,
		OUTCOME_REFUSED, OUTCOME_REFUSED, 0, 0x0305, "error" },
};

static void
old_versions_are_judged_by_proof_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
		const struct version_row *row = &versions[i];
		struct court court;

		court_open(&court,
			"{\"assert\":\"tls.version\",\"minimum\":\"1.2\",\"maximum\":\"1.3\"}",
			1795219200);
		end_at(&court, STEP_SESSION_EHLO, OUTCOME_NOT_REACHED, NULL);
		court.evidence.session_hello.version = row->negotiated;
		assert_int_equal(court.evidence.observation_count, 3);
		answer_hello(&court, CONTROL, row->control, TLS_VERSION_1_3);
		answer_hello(&court, SSL3, row->ssl3, TLS_VERSION_SSL3);
		answer_hello(&court, OLDER, row->older, row->older_version);
		court_judge(&court);
		expect_verdicts(&court, row->sentence, row->want);
		court_close(&court);
	}
}

static void
equal_questions_are_asked_once(void **state)
{
	struct court court;

	(void)state;
	court_open(&court,
		"{\"id\":\"a\",\"assert\":\"tls.version\"},{\"id\":\"b\",\"assert\":\"tls.version\"}",
		1795219200);
	assert_int_equal(court.evidence.observation_count, 3);
	assert_int_equal(plan_connections(&court.evidence), 4);
	court_close(&court);
}

/* Both ask for SSLv3, and each for what is older than its own minimum. */
static void
each_takes_the_answers_to_its_own_questions(void **state)
{
	static const enum outcome outcomes[] = { OUTCOME_DONE, OUTCOME_REFUSED, OUTCOME_REFUSED,
		OUTCOME_DONE, OUTCOME_BROKEN };
	struct court court;

	(void)state;
	court_open(&court,
		"{\"id\":\"a\",\"assert\":\"tls.version\",\"minimum\":\"1.2\"},"
		"{\"id\":\"b\",\"assert\":\"tls.version\",\"minimum\":\"1.3\"}",
		1795219200);
	end_at(&court, STEP_SESSION_EHLO, OUTCOME_NOT_REACHED, NULL);
	assert_int_equal(court.evidence.observation_count, sizeof(outcomes) / sizeof(outcomes[0]));
	for (size_t i = 0; i < sizeof(outcomes) / sizeof(outcomes[0]); i++)
		answer_hello(&court, i, outcomes[i], TLS_VERSION_1_3);
	court_judge(&court);
	expect_verdicts(&court, "what is below 1.3 was not answered", "pass error");
	court_close(&court);
}

static void
a_conversation_goes_no_further_than_needed(void **state)
{
	struct court court;

	(void)state;
	court_open(&court, "{\"assert\":\"starttls.advertised\"}", 1795219200);
	assert_int_equal(court.evidence.last_step, STEP_EHLO);
	court_close(&court);
}

struct proof_row {
	const char *sentence;
	bool proven, trusted;
	enum outcome handshake;
	const char *assertions;
	const char *want;
	const char *type; /* of the last one; NULL: none */
};

#define TRUSTED "{\"assert\":\"certificate.trusted\"}"
#define HANDSHAKE "{\"assert\":\"tls.handshake\"}"

static const struct proof_row proofs[] = {
	{ "a chain with proof of its key passes", true, true, OUTCOME_DONE, TRUSTED, "pass", NULL },
	{ "a chain proven by a hello passes though the handshake broke", true, true, OUTCOME_BROKEN,
		TRUSTED, "pass", NULL },
	{ "a chain without proof is not judged: the handshake is to blame", false, true,
		OUTCOME_BROKEN, TRUSTED, "error skipped", "SameCause" },
	{ "a chain without proof is an error even after a handshake", false, true, OUTCOME_DONE,
		TRUSTED, "error", "NotProven" },
	{ "the handshake speaks for the proof", false, true, OUTCOME_BROKEN, HANDSHAKE "," TRUSTED,
		"error skipped", "SameCause" },
	{ "a fail without proof stays a fail", false, false, OUTCOME_BROKEN, TRUSTED, "fail",
		"IssuerMissing" },
};

static void
no_chain_passes_without_proof_of_its_key(void **state)
{
	static const struct span chain[] = { { (const uint8_t *)"leaf", 4 } };
	static const struct path_problem problem = { .kind = PATH_ISSUER_MISSING, .text = "none" };

	(void)state;
	for (size_t i = 0; i < sizeof(proofs) / sizeof(proofs[0]); i++) {
		const struct proof_row *row = &proofs[i];
		struct court court;
		struct peer *peer = &court.evidence.session.peer;
		const char *type;

		court_open(&court, row->assertions, 1795219200);
		end_at(&court, STEP_HANDSHAKE, row->handshake, "what happened");
		*peer = (struct peer){ .chain = chain, .chain_count = 1, .judged = true };
		peer->proven = row->proven;
		peer->path.trusted = row->trusted;
		peer->path.problems = (struct path_problem *)(uintptr_t)&problem;
		peer->path.problem_count = row->trusted ? 0 : 1;
		court_judge(&court);
		expect_verdicts(&court, row->sentence, row->want);
		type = court.suite.cases[court.suite.case_count - 1].type;
		if (row->type == NULL ? type != NULL : type == NULL || strcmp(type, row->type) != 0)
			fail_msg("%s: got type %s", row->sentence, type != NULL ? type : "none");
		court_close(&court);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(broken_steps_are_reported_as_the_table_says),
		cmocka_unit_test(a_waiver_that_has_run_out_counts_again),
		cmocka_unit_test(what_was_cut_short_is_one_error),
		cmocka_unit_test(old_versions_are_judged_by_proof_alone),
		cmocka_unit_test(no_chain_passes_without_proof_of_its_key),
		cmocka_unit_test(equal_questions_are_asked_once),
		cmocka_unit_test(each_takes_the_answers_to_its_own_questions),
		cmocka_unit_test(a_conversation_goes_no_further_than_needed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
