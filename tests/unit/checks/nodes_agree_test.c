/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * nodes.agree: servers that are alike, that differ, and of which too little is known.
 */
#include "court_dns.h"
#include "x509_fixtures.h"

#include "probe/chain_probe.h"
#include "probe/ssl2_probe.h"

#define NODES_MAX 4

/* What a server showed, where it is not as usual: one certificate, TLS 1.2 and 1.3 with one suite each, two
 * capabilities. */
struct shown {
	const char *leaf, *other_leaf; /* fixtures */
	bool unproven;
	enum {
		COMPLETE,
		OPEN,
		LEFT
	} others;         /* the search for more certificates; LEFT: no handshake */
	bool accepts_old; /* TLS 1.0 and 1.1 */
	bool refuses_new; /* TLS 1.3 */
	bool old_is_open; /* whether it takes these is not known */
	uint16_t suite;   /* of TLS 1.2, beside the usual one */
	bool suites_are_open;
	const char *ehlo;  /* inside TLS */
	const char *heard; /* elsewhere */
	bool no_ehlo;
	const char *cut_short;
};

struct agree_row {
	struct finding_row finding;
	struct shown nodes[NODES_MAX];
};

#define ON(aspects) ASSERT_WITH("nodes.agree", "\"on\":[" aspects "]")
#define ALL ON("\"certificate\",\"key\",\"issuer\",\"versions\",\"ciphers\",\"capabilities\"")
#define CERTIFICATE ON("\"certificate\"")
#define KEY ON("\"key\"")
#define ISSUER ON("\"issuer\"")
#define VERSIONS ON("\"versions\"")
#define CIPHERS ON("\"ciphers\"")
#define CAPABILITIES ON("\"capabilities\"")
#define THREE_OF(...) .nodes = { { .leaf = NULL }, { __VA_ARGS__ }, { .leaf = NULL } }

#define EHLO_OF(lines) "250-mail.example.test\r\n" lines

static const struct agree_row rows[] = {
	{ PASSES("all alike", ALL,
		  "3 servers agree on certificate, key, issuer, versions, ciphers, capabilities"),
		THREE_OF(.leaf = NULL) },
	{ FAILS("another certificate", CERTIFICATE, "NodesDiffer", CAUSE_NONE,
		  "certificate: mx2.test differs from mx1.test and 1 more: it has ECDSA certificate"),
		THREE_OF(.leaf = "leaf-any") },
	{ FAILS("the first one is the odd one", CERTIFICATE, "NodesDiffer", CAUSE_NONE,
		  "mx1.test differs from mx2.test and 1 more"),
		.nodes = { { .leaf = "leaf-any" }, { .leaf = NULL }, { .leaf = NULL } } },
	{ FAILS("each has another one", CERTIFICATE, "NodesDiffer", CAUSE_NONE,
		  "mx2.test differs from mx1.test: "),
		.nodes = { { .leaf = NULL }, { .leaf = "leaf-any" }, { .leaf = "foreign" } } },
	{ FAILS("a further certificate", CERTIFICATE, "NodesDiffer", CAUSE_NONE,
		  "mx2.test differs from mx1.test and 1 more: it has ECDSA"),
		THREE_OF(.other_leaf = "leaf-any") },
	{ PASSES("another certificate with the same issuer", ISSUER, "agree on issuer"),
		THREE_OF(.leaf = "leaf-any") },
	{ FAILS("another issuer", ISSUER, "NodesDiffer", CAUSE_NONE, "it has CN="),
		THREE_OF(.leaf = "foreign") },
	{ FAILS("another key", KEY, "NodesDiffer", CAUSE_NONE, "SHA-256 "),
		THREE_OF(.leaf = "foreign") },
	{ IS_OPEN("a certificate without its key", CERTIFICATE, "NodeUnseen", CAUSE_NONE,
		  "certificate of mx2.test: nothing proves that it holds the key"),
		THREE_OF(.unproven = true) },
	{ IS_OPEN("whether there are more is not known", KEY, "NodeUnseen", CAUSE_NONE,
		  "key of mx2.test: what happened"),
		THREE_OF(.others = OPEN) },
	{ IS_OPEN("a handshake that broke", ALL, "NodeUnseen", CAUSE_NONE,
		  "not known of every server: mx2.test: the TLS handshake: " CLOSED),
		THREE_OF(.others = LEFT) },
	{ FAILS("the others differ all the same", CERTIFICATE, "NodesDiffer", CAUSE_NONE,
		  "mx3.test differs from mx1.test: "),
		.nodes = { { .leaf = NULL }, { .others = LEFT }, { .leaf = "leaf-any" } } },
	{ IS_OPEN("what was cut short", VERSIONS, "NodeUnseen", CAUSE_CUT_SHORT, DEADLINE),
		THREE_OF(.cut_short = DEADLINE) },
	{ FAILS("an older version", VERSIONS, "NodesDiffer", CAUSE_NONE,
		  "versions: mx2.test differs from mx1.test and 1 more: it has TLS 1.0, TLS 1.1"),
		THREE_OF(.accepts_old = true) },
	{ FAILS("a version that is missing", VERSIONS, "NodesDiffer", CAUSE_NONE,
		  "it has not TLS 1.3"),
		THREE_OF(.refuses_new = true) },
	{ IS_OPEN("a version of which nothing is known", VERSIONS, "NodeUnseen", CAUSE_NONE,
		  "versions of mx2.test: whether it accepts TLS 1.2"),
		THREE_OF(.old_is_open = true) },
	{ FAILS("another suite", CIPHERS, "NodesDiffer", CAUSE_NONE,
		  "it has TLS_RSA_WITH_AES_128_CBC_SHA"),
		THREE_OF(.suite = 0x002f) },
	{ IS_OPEN("suites of which not all are known", CIPHERS, "NodeUnseen", CAUSE_NONE,
		  "ciphers of mx2.test: what happened"),
		THREE_OF(.suites_are_open = true) },
	{ PASSES("suites are no versions", VERSIONS, "versions"), THREE_OF(.suite = 0x002f) },
	{ PASSES("capabilities in another order", CAPABILITIES, "capabilities"),
		THREE_OF(.ehlo = EHLO_OF("250-PIPELINING\r\n250 SIZE 1\r\n")) },
	{ PASSES("capabilities in other letters", CAPABILITIES, "capabilities"),
		THREE_OF(.ehlo = EHLO_OF("250-pipelining\r\n250 Size 1\r\n")) },
	{ FAILS("another capability", CAPABILITIES, "NodesDiffer", CAUSE_NONE,
		  "it has SIZE 2, and it has not SIZE 1"),
		THREE_OF(.ehlo = EHLO_OF("250-PIPELINING\r\n250 SIZE 2\r\n")) },
	{ FAILS("one server with two lists", CAPABILITIES, "NodesDiffer", CAUSE_NONE,
		  "capabilities of mx2.test: connections to it differ, and another one shows: 8BITMIME"),
		THREE_OF(.heard = EHLO_OF("250 8BITMIME\r\n")) },
	{ IS_OPEN("a line that is no capability", CAPABILITIES, "NodeUnseen", CAUSE_NONE,
		  "no capability"),
		THREE_OF(.ehlo = EHLO_OF("250-PIPELINING\r\n250-SIZE 1\r\n250 \x01\r\n")) },
	{ IS_OPEN("no answer to EHLO", CAPABILITIES, "NodeUnseen", CAUSE_NONE,
		  "capabilities of mx2.test: it left"),
		THREE_OF(.no_ehlo = true) },
	{ PASSES("no answer to EHLO, where nobody asks for it", VERSIONS, "agree on versions"),
		THREE_OF(.no_ehlo = true) },
	{ FAILS("two aspects", ON("\"certificate\",\"capabilities\""), "NodesDiffer", CAUSE_NONE,
		  "; capabilities: mx2.test differs"),
		THREE_OF(.leaf = "leaf-any", .ehlo = EHLO_OF("250 SIZE 1\r\n")) },
};

static void
show_leaf(struct evidence *node, struct peer *peer, const char *leaf, bool proven)
{
	struct span *chain = arena_alloc(&node->arena, sizeof(*chain));

	*chain = fixture(&node->arena, leaf);
	*peer = (struct peer){ .chain = chain, .chain_count = 1, .proven = proven };
}

static void
end_search(struct evidence *node, struct observation *others, const struct shown *shown)
{
	others->outcome = shown->others == COMPLETE ? OUTCOME_DONE : OUTCOME_BROKEN;
	if (shown->other_leaf == NULL)
		return;
	others->peers = arena_alloc(&node->arena, sizeof(*others->peers));
	others->peer_count = 1;
	show_leaf(node, others->peers, shown->other_leaf, true);
}

static void
end_hello(struct observation *observation, const struct shown *shown)
{
	struct hello_record *record = observation->record;
	uint16_t version = newest_offered(&record->offer);
	bool taken = version == TLS_VERSION_1_3 && !shown->refuses_new;

	observation->outcome = OUTCOME_REFUSED;
	if (taken)
		accept_hello(
			observation, (struct server_hello){ .version = version, .suite = 0x1301 });
}

static void
end_older(struct observation *observation, const struct shown *shown)
{
	uint16_t last = shown->accepts_old ? TLS_VERSION_1_0 : TLS_VERSION_1_2;

	observation->outcome = shown->accepts_old   ? OUTCOME_DONE
			       : shown->old_is_open ? OUTCOME_BROKEN
						    : OUTCOME_REFUSED;
	for (uint16_t version = TLS_VERSION_1_2; version >= last && !shown->old_is_open; version--)
		see_on(observation, (struct server_hello){ .version = version, .suite = 0xc02f });
}

static void
end_survey(struct observation *observation, const struct shown *shown)
{
	struct survey_record *record = observation->record;

	if (newest_offered(&record->hellos[0].offer) == TLS_VERSION_1_3) {
		choose(observation,
			(struct server_hello){ .version = TLS_VERSION_1_3, .suite = 0x1301 });
		return;
	}
	choose(observation, (struct server_hello){ .version = TLS_VERSION_1_2, .suite = 0xc02f });
	if (shown->suite != 0)
		choose(observation,
			(struct server_hello){ .version = TLS_VERSION_1_2, .suite = shown->suite });
	if (shown->suites_are_open)
		observation->outcome = OUTCOME_BROKEN;
}

static void
end_observations(struct evidence *node, const struct shown *shown)
{
	for (size_t i = 0; i < node->observation_count; i++) {
		struct observation *observation = node->observations[i];

		observation->text = "what happened";
		if (observation->observer == &other_chains_observer)
			end_search(node, observation, shown);
		else if (observation->observer == &hello_observer)
			end_hello(observation, shown);
		else if (observation->observer == &older_versions_observer)
			end_older(observation, shown);
		else if (observation->observer == &survey_observer)
			end_survey(observation, shown);
		else if (observation->observer == &ssl2_observer)
			observation->outcome = OUTCOME_REFUSED;
	}
}

static void
end_steps(struct evidence *node, const struct shown *shown)
{
	struct step_record *steps = node->session.steps;
	static const enum step order[] = { STEP_CONNECT, STEP_GREETING, STEP_EHLO, STEP_STARTTLS };

	for (size_t i = 0; i < COUNT(order); i++)
		steps[order[i]].outcome = OUTCOME_DONE;
	if (shown->others == LEFT) {
		steps[STEP_HANDSHAKE] =
			(struct step_record){ .outcome = OUTCOME_BROKEN, .text = CLOSED };
		return;
	}
	steps[STEP_HANDSHAKE].outcome = OUTCOME_DONE;
	node->session_hello = (struct server_hello){ .version = TLS_VERSION_1_3, .suite = 0x1301 };
	if (shown->refuses_new || shown->old_is_open)
		node->session_hello.version = 0;
	steps[STEP_SESSION_EHLO] =
		(struct step_record){ .outcome = shown->no_ehlo ? OUTCOME_BROKEN : OUTCOME_DONE,
			.text = "it left" };
}

static void
show(struct evidence *node, const struct shown *shown)
{
	struct conversation *session = &node->session;
	struct reply *elsewhere = arena_alloc(&node->arena, sizeof(*elsewhere));

	node->cut_short = shown->cut_short;
	answer(&session->ehlo, "250-mail.example.test\r\n250 STARTTLS\r\n");
	end_steps(node, shown);
	end_observations(node, shown);
	if (shown->others != LEFT)
		show_leaf(node, &session->peer, shown->leaf != NULL ? shown->leaf : "leaf",
			!shown->unproven);
	session->session_ehlo.to = REPLY_TO_HELLO;
	if (!shown->no_ehlo)
		answer(&session->session_ehlo, shown->ehlo != NULL ? shown->ehlo
								   : EHLO_OF("250-SIZE 1\r\n250 "
									     "PIPELINING\r\n"));
	if (shown->heard == NULL)
		return;
	reply_init(elsewhere, node->target->dialect, &node->arena);
	elsewhere->to = REPLY_TO_HELLO;
	answer(elsewhere, shown->heard);
	heard_lists(&session->heard, elsewhere, &session->greeting, true, &node->arena);
	reply_release(elsewhere);
}

static const struct zone_row records[] = {
	{ "example.test", DNS_MX, { "10 mx1.test", "20 mx2.test", "30 mx3.test" }, 0, NULL },
	{ "mx1.test", DNS_A, { "192.0.2.1" }, 0, NULL },
	{ "mx2.test", DNS_A, { "192.0.2.2" }, 0, NULL },
	{ "mx3.test", DNS_A, { "192.0.2.3" }, 0, NULL },
	{ NULL },
};

static void
expect_agreement(const struct agree_row *row)
{
	struct dns_court court;
	struct finding got;

	dns_court_open(&court, DOMAIN_TARGET, row->finding.assertion, records, NULL);
	assert_int_equal(court.resolved.count, 4);
	for (size_t i = 1; i < court.resolved.count; i++)
		show(&court.resolved.runs[i].evidence, &row->nodes[i - 1]);
	judge_arguments(&court.resolved.runs[0].evidence,
		&court.loaded.checklist.assertions[0].arguments, &court.arena, &got);
	expect_found(&got, &row->finding);
	dns_court_close(&court);
}

static void
servers_are_compared_as_listed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		expect_agreement(&rows[i]);
}

static void
nothing_is_asked_of_the_lead(void **state)
{
	struct dns_court court;

	(void)state;
	dns_court_open(&court, DOMAIN_TARGET, ALL, records, NULL);
	assert_int_equal(court.resolved.runs[0].target->part, TARGET_LEAD);
	assert_int_equal(court.resolved.runs[0].evidence.observation_count, 0);
	assert_false(court.resolved.runs[0].evidence.wants_session);
	for (size_t i = 1; i < 4; i++) {
		assert_true(court.resolved.runs[i].evidence.wants_session);
		assert_true(court.resolved.runs[i].evidence.wants_chain);
		assert_int_equal(court.resolved.runs[i].evidence.last_step, STEP_SESSION_EHLO);
		assert_true(court.resolved.runs[i].evidence.observation_count > 4);
	}
	dns_court_close(&court);
	dns_court_open(&court, DOMAIN_TARGET, VERSIONS, records, NULL);
	assert_int_equal(court.resolved.runs[1].evidence.last_step, STEP_HANDSHAKE);
	assert_false(court.resolved.runs[1].evidence.wants_chain);
	dns_court_close(&court);
}

/* One run alone: the lead that has nobody, or the only server's. */
static void
expect_without_others(const struct zone_row *zone_rows, const char *target, enum verdict verdict,
	uint32_t causes, const char *says)
{
	const struct finding_row want = { .sentence = says,
		.verdict = verdict,
		.type = verdict == VERDICT_SKIPPED ? "NotGated"
			: verdict == VERDICT_PASS  ? NULL
			: causes == CAUSE_MX       ? "NoServer"
						   : "NodeUnseen",
		.causes = causes,
		.says = says };
	static const struct shown usual = { .leaf = NULL };
	struct dns_court court;
	struct finding got;

	dns_court_open(&court, target, VERSIONS, zone_rows, NULL);
	for (size_t i = 1; i < court.resolved.count; i++)
		if (court.resolved.runs[i].evidence.wants_session)
			show(&court.resolved.runs[i].evidence, &usual);
	judge_arguments(&court.resolved.runs[0].evidence,
		&court.loaded.checklist.assertions[0].arguments, &court.arena, &got);
	expect_found(&got, &want);
	dns_court_close(&court);
}

static void
who_has_nobody_to_agree_with(void **state)
{
	static const struct zone_row one[] = { { "example.test", DNS_MX, { "10 mx1.test" }, 0,
						       NULL },
		{ "mx1.test", DNS_A, { "192.0.2.1" }, 0, NULL }, { NULL } };
	static const struct zone_row none[] = { { "example.test", DNS_MX, { "0 ." }, 0, NULL },
		{ NULL } };
	static const struct zone_row half[] = { { "example.test", DNS_MX,
							{ "10 mx1.test", "20 mx2.test" }, 0, NULL },
		{ "mx1.test", DNS_A, { "192.0.2.1" }, 0, NULL }, { NULL } };
	static const struct zone_row mixed[] = { { "mail.example.test", DNS_A,
							 { "192.0.2.1", "192.0.2.2" }, 0, NULL },
		{ "mail.example.test", DNS_AAAA, { "2001:db8::1" }, 0, NULL }, { NULL } };
	static const char all[] = "{\"name\":\"t\",\"host\":\"mail.example.test\","
				  "\"addresses\":\"all\",\"ipv6\":\"off\"}";

	(void)state;
	expect_without_others(one, DOMAIN_TARGET, VERDICT_SKIPPED, CAUSE_NONE,
		"nothing to compare: mx1.test is the only server");
	expect_without_others(
		none, DOMAIN_TARGET, VERDICT_ERROR, CAUSE_MX, "no servers to compare");
	expect_without_others(half, DOMAIN_TARGET, VERDICT_ERROR, CAUSE_NONE,
		"mx2.test: mx2.test has no address");
	expect_without_others(
		mixed, all, VERDICT_PASS, CAUSE_NONE, "2 servers agree on versions; left out: 1");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(servers_are_compared_as_listed),
		cmocka_unit_test(nothing_is_asked_of_the_lead),
		cmocka_unit_test(who_has_nobody_to_agree_with),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
