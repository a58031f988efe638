/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is looked at where nothing is asserted, and what is told of it.
 */
#include "court_answers.h"

#include "evidence/target.h"
#include "probe/hello_probe.h"
#include "probe/ssl2_probe.h"
#include "probe/survey.h"
#include "report/target_facts.h"
#include "run/look.h"
#include "x509_fixtures.h"

static size_t
observed(const struct evidence *evidence, const struct observer *observer)
{
	size_t count = 0;

	for (size_t i = 0; i < evidence->observation_count; i++)
		count += evidence->observations[i]->observer == observer;
	return count;
}

static void
plan(struct evidence *evidence, const struct target *target, bool posture)
{
	evidence_init(evidence, target, TODAY);
	look_plan(evidence, posture);
}

static void
the_session_goes_as_far_as_it_can_without_an_account(void **state)
{
	const struct target smtp = { .dialect = dialect_find("smtp") };
	const struct target tls = { .dialect = dialect_find("tls"), .implicit_tls = true };
	struct evidence evidence;

	(void)state;
	plan(&evidence, &smtp, false);
	assert_int_equal(evidence.last_step, STEP_SESSION_EHLO);
	assert_true(evidence.wants_chain);
	assert_int_equal(evidence.observation_count, 1);
	assert_int_equal(observed(&evidence, &chain_observer), 1);
	assert_int_equal(evidence.attempt_count, 0);
	evidence_release(&evidence);
	plan(&evidence, &tls, false);
	assert_int_equal(evidence.last_step, STEP_HANDSHAKE);
	evidence_release(&evidence);
}

/* Suites twice (TLS 1.3, and what is older), and so groups and schemes. */
static void
a_posture_asks_for_all_there_is(void **state)
{
	const struct target smtp = { .dialect = dialect_find("smtp") };
	size_t by_subject[SURVEY_SIGNATURES + 1] = { 0 }, suites = 0;
	struct evidence evidence;

	(void)state;
	plan(&evidence, &smtp, true);
	for (size_t i = 0; i < evidence.observation_count; i++) {
		const struct survey_record *record = evidence.observations[i]->record;

		if (evidence.observations[i]->observer != &survey_observer)
			continue;
		by_subject[record->subject]++;
		for (size_t j = 0; record->subject == SURVEY_SUITES && j < SURVEY_HELLOS_MAX; j++)
			suites += record->hellos[j].offer.suites.count;
	}
	assert_int_equal(by_subject[SURVEY_SUITES], 2);
	assert_int_equal(by_subject[SURVEY_GROUPS], 2);
	assert_int_equal(by_subject[SURVEY_SIGNATURES], 2);
	assert_int_equal(observed(&evidence, &hello_observer), 3);
	assert_true(observed(&evidence, &older_versions_observer) != 0);
	assert_int_equal(observed(&evidence, &ssl2_observer), 1);
	assert_in_range(suites, 200, SUITES_MAX);
	evidence_release(&evidence);
}

/* The chain that another hello was shown, signed with that scheme in that version. */
static void
sign_elsewhere(struct evidence *evidence, const char *leaf, uint16_t version)
{
	struct chain_record *record = evidence->observations[0]->record;
	struct span *chain = arena_array(&evidence->arena, 1, sizeof(*chain));

	chain[0] = fixture(&evidence->arena, leaf);
	*record = (struct chain_record){ .version = version,
		.signature = 0x0403,
		.peer = { .chain = chain, .chain_count = 1 } };
}

static const char *
signature_after(const char *leaf, uint16_t version, struct arena *arena)
{
	const struct target smtp = { .host = "h", .dialect = dialect_find("smtp") };
	const struct checklist checklist = { .stem = "inspect" };
	struct evidence evidence;
	struct span *chain;
	const char *name;

	plan(&evidence, &smtp, false);
	sign_elsewhere(&evidence, leaf, version);
	chain = arena_array(&evidence.arena, 1, sizeof(*chain));
	chain[0] = fixture(&evidence.arena, "leaf");
	evidence.session.steps[STEP_HANDSHAKE].outcome = OUTCOME_DONE;
	evidence.session.tls.version = TLS_VERSION_1_3;
	evidence.session.peer = (struct peer){ .chain = chain, .chain_count = 1 };
	name = look_of(&checklist, &evidence, arena).facts->signature;
	evidence_release(&evidence);
	return name;
}

static void
the_signature_is_that_of_the_sessions_certificate(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena);
	assert_string_equal(
		signature_after("leaf", TLS_VERSION_1_3, &arena), "ecdsa_secp256r1_sha256");
	assert_null(signature_after("leaf", TLS_VERSION_1_2, &arena));
	assert_null(signature_after("leaf-any", TLS_VERSION_1_3, &arena));
	arena_release(&arena);
}

static void
what_is_in_the_way_is_told(void **state)
{
	const struct target smtp = { .host = "h", .dialect = dialect_find("smtp") };
	const struct checklist checklist = { .stem = "inspect" };
	struct evidence evidence;
	struct arena arena;
	struct look look;

	(void)state;
	arena_init(&arena);
	plan(&evidence, &smtp, false);
	evidence.session.steps[STEP_CONNECT] =
		(struct step_record){ .outcome = OUTCOME_REFUSED, .text = "nobody is there" };
	look = look_of(&checklist, &evidence, &arena);
	assert_false(look.connected);
	assert_string_equal(look.obstacle, "nobody is there");
	assert_string_equal(look.facts->steps[0].text, "nobody is there");
	evidence.session.steps[STEP_CONNECT].outcome = OUTCOME_DONE;
	look = look_of(&checklist, &evidence, &arena);
	assert_true(look.connected);
	assert_null(look.obstacle);
	assert_null(look.facts->steps[0].text);
	evidence_release(&evidence);
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_session_goes_as_far_as_it_can_without_an_account),
		cmocka_unit_test(a_posture_asks_for_all_there_is),
		cmocka_unit_test(the_signature_is_that_of_the_sessions_certificate),
		cmocka_unit_test(what_is_in_the_way_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
