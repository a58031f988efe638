/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A server with several certificates: each of them is held to each assertion.
 */
#include "court_chains.h"

#include "probe/chain_probe.h"
#include "probe/probe_connection.h"

/* Plans the hello that sees the other certificate. */

struct pair {
	const char *sentence;
	const char *session, *hello; /* leaves */
	bool proven;                 /* of the hello */
	const char *assertion;
	const char *want;    /* verdict of the assertion */
	const char *says[2]; /* in its message; NULL: nothing more */
	const char *silent;  /* not in its message */
};

static const struct pair pairs[] = {
	{ "both are good", "leaf", "leaf-any", true, "certificate.expiry", "pass",
		{ "serial 1002", "serial 1004" }, NULL },
	{ "the same twice is one", "leaf", "leaf", true, "certificate.expiry", "pass",
		{ "valid for", NULL }, "serial" },
	{ "the second has expired", "leaf", "leaf-old", true, "certificate.expiry", "fail",
		{ "(ECDSA certificate, serial 1005) the certificate has expired", NULL }, "1002" },
	{ "the first has expired", "leaf-old", "leaf", true, "certificate.expiry", "fail",
		{ "(ECDSA certificate, serial 1005) the certificate has expired", NULL }, "1002" },
	{ "both have", "leaf-old", "leaf-old-client", true, "certificate.expiry", "fail",
		{ "serial 1005", "serial 1006" }, NULL },
	{ "the second names another host", "leaf", "leaf-outside", true, "certificate.hostname",
		"fail", { "serial 100a", NULL }, "1002" },
	{ "the second is for clients", "leaf", "leaf-client", true, "certificate.trusted", "fail",
		{ "serial 1003", NULL }, "1002" },
	{ "nothing proves the key of the second", "leaf", "leaf-any", false, "certificate.expiry",
		"error", { "serial 1004", "nothing proves" }, "1002" },
	{ "a fail is worse than an error", "leaf-old", "leaf-any", false, "certificate.expiry",
		"fail", { "serial 1005", NULL }, "1004" },
	{ "a weak key of the second", "leaf", "leaf-rsa1024", true, "certificate.key", "fail",
		{ "(RSA certificate, serial 1008) the key is RSA with 1024 bits", NULL }, "1002" },
};

static void
show_other_chain(struct court *court, const struct pair *pair)
{
	struct evidence *evidence = &court->evidence;
	struct span *chain = arena_array(&evidence->arena, 2, sizeof(*chain));
	struct peer_terms terms = {
		.host = "mail.example.test", .trust = stores[1], .at = evidence->today
	};
	struct observation *observation = evidence->observations[0];
	struct peer *peer = arena_alloc(&observation->arena, sizeof(*peer));

	assert_int_equal(evidence->observation_count, 1);
	chain[0] = fixture(&evidence->arena, pair->hello);
	chain[1] = fixture(&evidence->arena, "ica");
	observation->outcome = OUTCOME_DONE;
	peer_judge(peer, chain, 2, &terms, &evidence->arena);
	peer->proven = pair->proven;
	observation->peers = peer;
	observation->peer_count = 1;
}

static void
expect_words(const struct pair *pair, const struct report_case *one)
{
	for (size_t i = 0; i < 2 && pair->says[i] != NULL; i++)
		if (strstr(one->message, pair->says[i]) == NULL)
			fail_msg("%s: \"%s\" is not in \"%s\"", pair->sentence, pair->says[i],
				one->message);
	if (pair->silent != NULL && strstr(one->message, pair->silent) != NULL)
		fail_msg("%s: \"%s\" is in \"%s\"", pair->sentence, pair->silent, one->message);
}

static void
the_worst_certificate_decides(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		const struct pair *pair = &pairs[i];
		const struct report_case *one;
		struct court court;
		char assertions[200];

		snprintf(assertions, sizeof(assertions), "{\"assert\":\"%s\"}", pair->assertion);
		court_open(&court, assertions, date_at(DAY_IN_2026));
		show_chain(&court, pair->session, true);
		show_other_chain(&court, pair);
		court_judge(&court);
		one = case_of(&court, pair->assertion);
		if (strcmp(verdict_name(one->verdict), pair->want) != 0)
			fail_msg("%s: got %s: %s", pair->sentence, verdict_name(one->verdict),
				one->message);
		expect_words(pair, one);
		court_close(&court);
	}
}

/* One that has run out is a cause that others meet; one that will run out soon is none: together
 * they are not to be skipped for anything. */
static void
what_has_no_cause_counts_for_itself(void **state)
{
	const struct pair pair = { .hello = "leaf-old", .proven = true };
	struct finding finding;
	struct court court;

	(void)state;
	court_open(&court, ROW("certificate.expiry"), date_at("2026-12-25"));
	show_chain(&court, "leaf", true);
	show_other_chain(&court, &pair);
	judge_arguments(&court.evidence, &court.loaded.checklist.assertions[0].arguments,
		&court.arena, &finding);
	assert_int_equal(finding.verdict, VERDICT_FAIL);
	assert_int_equal(finding.causes, CAUSE_NONE);
	assert_non_null(strstr(finding.message, "has expired"));
	assert_non_null(strstr(finding.message, "expires in 7 days"));
	court_close(&court);
}

/* As long as another one may exist, none passes; what is wrong with the one that was seen is. */
static void
a_certificate_that_may_exist_passes_nothing(void **state)
{
	struct court court;

	(void)state;
	court_open(&court, ROW("certificate.hostname") "," ROW("certificate.expiry"),
		date_at("2026-12-25"));
	show_chain(&court, "leaf", true);
	court_know_certificates(&court, OUTCOME_BROKEN);
	court_judge(&court);
	expect_cases(&court, "another one may exist",
		"certificate.hostname:error certificate.expiry:fail");
	court_close(&court);
	court_open(&court, ROW("certificate.hostname"), date_at(DAY_IN_2026));
	show_chain(&court, "leaf", true);
	court_judge(&court);
	expect_cases(&court, "there is no other", "certificate.hostname:pass");
	court_close(&court);
}

/* A conversation of a further attempt to authenticate, which shows that chain. */
static void
log_in_at(struct court *court, const char *words)
{
	struct evidence *evidence = &court->evidence;
	struct conversation *login = arena_alloc(&evidence->arena, sizeof(*login));

	*ARENA_ADD(&evidence->arena, evidence->logins, evidence->login_count) = login;
	conversation_init(login, &dialects[0]);
	judge_shown(court, &login->peer, words, stores[1]);
	login->peer.proven = true;
}

static void
logs_in_at_an_old_one(struct court *court)
{
	log_in_at(court, "leaf-old ica");
}

static void
shows_it_elsewhere_alone(struct court *court)
{
	present_elsewhere(court, "leaf-old ica");
	breaks_before_the_chain(court);
}

static void
shows_an_old_one_for_clients(struct court *court)
{
	present_elsewhere(court, "leaf-client ica");
}

static void
proves_neither(struct court *court)
{
	present_elsewhere(court, "leaf-any ica")->proven = false;
	proves_nothing(court);
}

static void
proves_the_first_alone_and_may_have_others(struct court *court)
{
	present_elsewhere(court, "leaf-any ica")->proven = false;
	may_have_others(court);
}

static void
proves_it_elsewhere(struct court *court)
{
	proves_nothing(court);
	present_elsewhere(court, "leaf ica");
}

static void
leaves_the_issuer_out_elsewhere(struct court *court)
{
	present_elsewhere(court, "leaf");
}

static void
leaves_the_issuer_out_without_proof(struct court *court)
{
	present_elsewhere(court, "leaf")->proven = false;
}

static void
leaves_the_issuer_out_where_it_proves(struct court *court)
{
	proves_nothing(court);
	present_elsewhere(court, "leaf");
}

/* Good ones with a serial number each, and then a bad one. */
static void
shows_another_each_time(struct court *court)
{
	for (unsigned i = 0; i < 40; i++) {
		char words[100];

		snprintf(words, sizeof(words), "leaf-any:#02021004>#020220%02x ica", i);
		present_elsewhere(court, words);
	}
	present_elsewhere(court, "leaf-old ica");
}

static const struct chain_row nodes[] = {
	{ "a further login shows another certificate", ROW("certificate.expiry"), "leaf ica", NULL,
		logs_in_at_an_old_one, VERDICT_FAIL, "CertificateExpired", CAUSE_LEAF_DATES,
		"(ECDSA certificate, serial 1005) the certificate has expired" },
	{ "the only certificate came by another connection", ROW("certificate.expiry"), "leaf ica",
		NULL, shows_it_elsewhere_alone, VERDICT_FAIL, "CertificateExpired",
		CAUSE_LEAF_DATES, "the certificate has expired" },
	{ "the causes of all add up", ROW("certificate.trusted"), "leaf-old ica", NULL,
		shows_an_old_one_for_clients, VERDICT_FAIL, "LeafExpired",
		CAUSE_LEAF_DATES | CAUSE_PATH, "serial 1003" },
	{ "nothing proves either", ROW("certificate.expiry"), "leaf ica", NULL, proves_neither,
		VERDICT_ERROR, "NotProven", CAUSE_HANDSHAKE, "serial 1004" },
	{ "what is not known and what is not proven add up", ROW("certificate.expiry"), "leaf ica",
		NULL, proves_the_first_alone_and_may_have_others, VERDICT_ERROR, "NoProof",
		CAUSE_OTHER_CERTIFICATE | CAUSE_HANDSHAKE, "serial 1004" },
	{ "what another connection proves is proven", ROW("certificate.expiry"), "leaf ica", NULL,
		proves_it_elsewhere, VERDICT_PASS, NULL, CAUSE_NONE, "valid for" },
	{ "the same certificate without its issuer is another chain", ROW("certificate.chain"),
		"leaf ica", NULL, leaves_the_issuer_out_elsewhere, VERDICT_FAIL, "ChainIncomplete",
		CAUSE_PATH, "CN=Test CA 1" },
	{ "nor is it trusted", ROW("certificate.trusted"), "leaf ica", NULL,
		leaves_the_issuer_out_elsewhere, VERDICT_FAIL, "IssuerMissing", CAUSE_PATH,
		"CN=Test CA 1" },
	{ "its key is proven with either", ROW("certificate.key"), "leaf ica", NULL,
		leaves_the_issuer_out_without_proof, VERDICT_PASS, NULL, CAUSE_NONE, "P-256" },
	{ "whichever comes first", ROW("certificate.key"), "leaf ica", NULL,
		leaves_the_issuer_out_where_it_proves, VERDICT_PASS, NULL, CAUSE_NONE, "P-256" },
	{ "of however many, the worst stands", ROW("certificate.expiry"), "leaf ica", NULL,
		shows_another_each_time, VERDICT_FAIL, "CertificateExpired", CAUSE_LEAF_DATES,
		"(ECDSA certificate, serial 1005) the certificate has expired" },
};

static void
the_worst_node_decides(void **state)
{
	(void)state;
	expect_of_chains(nodes, COUNT(nodes));
}

static const struct said_row said[] = {
	{ "only the worst are observed", ROW("certificate.hostname"), "leaf ica", NULL,
		shows_it_elsewhere_alone, "mail.example.test among its names",
		"DNS:mail.example.test", NULL, NULL },
	{ "of both, what was seen is told apart", ROW("certificate.key"), "leaf ica", NULL,
		leaves_the_issuer_out_elsewhere, "RSA with at least", "P-256", NULL, NULL },
	{ "advice is that of the first", ROW("certificate.trusted"), "leaf-old ica", NULL,
		shows_an_old_one_for_clients, "anchor", "(ECDSA certificate, serial 1005)", NULL,
		"renew the certificate" },
};

static void
what_was_seen_is_told_apart(void **state)
{
	(void)state;
	expect_said(said, COUNT(said));
}

static void
an_observation_notes_each_chain_once(void **state)
{
	struct observation observation = { .peer_count = 0 };
	struct court court;
	struct peer peer;

	(void)state;
	open_at(&court, ROW("certificate.key"), OUTCOME_DONE);
	arena_init(&observation.arena);
	for (size_t i = 0; i < 2; i++) {
		judge_shown(&court, &peer, "leaf ica", stores[1]);
		observation_note_peer(&observation, &peer, &observation.arena);
		judge_shown(&court, &peer, "leaf", stores[1]);
		observation_note_peer(&observation, &peer, &observation.arena);
		judge_shown(&court, &peer, "leaf foreign", stores[1]);
		observation_note_peer(&observation, &peer, &observation.arena);
	}
	assert_int_equal(observation.peer_count, 3);
	arena_release(&observation.arena);
	court_close(&court);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_worst_certificate_decides),
		cmocka_unit_test(a_certificate_that_may_exist_passes_nothing),
		cmocka_unit_test(what_has_no_cause_counts_for_itself),
		cmocka_unit_test(the_worst_node_decides),
		cmocka_unit_test(what_was_seen_is_told_apart),
		cmocka_unit_test(an_observation_notes_each_chain_once),
	};

	return cmocka_run_group_tests(tests, fill_stores, release_stores);
}
