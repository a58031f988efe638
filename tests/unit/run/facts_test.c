/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is told of a target, whatever was asserted of it.
 */
#include "court_answers.h"
#include "court_findings.h"
#include "court_servers.h"

#include "probe/hello_probe.h"
#include "probe/ssl2_probe.h"
#include "probe/survey.h"
#include "report/target_facts.h"
#include "wire/groups.h"

#define RSA_AES 0x002f
#define ECDHE_AES 0xc02f

static const struct facts *
facts_seen(struct court *court)
{
	court_judge(court);
	assert_non_null(court->suite.facts);
	return court->suite.facts;
}

/* Another reply than the one that the session has. */
static void
answer_instead(struct court *court, struct reply *reply, const char *lines)
{
	reply_release(reply);
	reply_init(reply, dialects, &court->evidence.arena);
	answer(reply, lines);
}

static void
expect_list(const char *what, const struct facts_list *list, const char *want)
{
	struct buf got;

	buf_init(&got, 4000);
	for (size_t i = 0; i < list->count; i++)
		buf_addf(&got, "%s%s", i == 0 ? "" : ",", list->items[i]);
	if (strcmp(got.data, want) != 0)
		fail_msg("%s: got \"%s\", want \"%s\"", what, got.data, want);
	buf_release(&got);
}

/* "accepted, accepted in VERSION; refused". */
static void
expect_choices(const char *what, const struct facts_choices *choices, const char *want)
{
	struct buf got;

	buf_init(&got, 20000);
	for (size_t i = 0; i < choices->accepted_count; i++)
		buf_addf(&got, "%s%s%s%s", i == 0 ? "" : ",", choices->accepted[i].name,
			choices->accepted[i].version != NULL ? "@" : "",
			choices->accepted[i].version != NULL ? choices->accepted[i].version : "");
	for (size_t i = 0; i < choices->refused_count; i++)
		buf_addf(&got, "%s%s", i == 0 ? ";" : ",", choices->refused[i].name);
	if (strcmp(got.data, want) != 0)
		fail_msg("%s: got \"%s\", want \"%s\"", what, got.data, want);
	buf_release(&got);
}

static void
a_good_server_is_told_whole(void **state)
{
	const struct facts_certificate *leaf;
	const struct facts *facts;
	struct court court;

	(void)state;
	court_open(&court, ROW("session.ehlo"), date_at(DAY_IN_2026));
	is_good(&court);
	court.evidence.session.tls.group = "X25519";
	court.evidence.session.steps[STEP_HANDSHAKE].ms = 12;
	facts = facts_seen(&court);
	assert_string_equal(facts->protocol, "smtp");
	assert_string_equal(facts->host, "mail.example.test");
	assert_int_equal(facts->port, 587);
	assert_string_equal(facts->address, "192.0.2.1");
	assert_string_equal(facts->greeting, "220 mail.example.test ESMTP");
	expect_list("before TLS", &facts->capabilities, "STARTTLS");
	expect_list("inside TLS", &facts->capabilities_inside, "AUTH PLAIN CRAM-MD5");
	expect_list("mechanisms before TLS", &facts->mechanisms, "");
	expect_list("mechanisms", &facts->mechanisms_inside, "PLAIN,CRAM-MD5");
	assert_string_equal(facts->version, "1.3");
	assert_string_equal(facts->suite, "TLS_AES_128_GCM_SHA256");
	assert_string_equal(facts->group, "X25519");
	assert_null(facts->alpn);
	assert_int_equal(facts->step_count, 6);
	assert_string_equal(facts->steps[4].outcome, "done");
	assert_int_equal(facts->steps[4].ms, 12);
	assert_int_equal(facts->chain_count, 1);
	assert_true(facts->chains[0].proven && facts->chains[0].trusted);
	assert_true(facts->chains[0].names_host);
	assert_int_equal(facts->chains[0].count, 2);
	leaf = &facts->chains[0].certificates[0];
	assert_null(leaf->problem);
	assert_string_equal(leaf->serial, "1002");
	expect_list("names", &leaf->names,
		"DNS:mail.example.test,DNS:*.wild.example.test,IP:192.0.2.1,IP:2001:db8::1");
	assert_true(leaf->not_before < leaf->not_after);
	assert_string_equal(leaf->key, "P-256");
	assert_string_equal(leaf->signature, "ecdsa-with-SHA256");
	assert_int_equal(strlen(leaf->sha256), 64);
	assert_int_equal(strlen(leaf->spki_sha256), 44);
	assert_int_equal(strncmp(leaf->pem, "-----BEGIN CERTIFICATE-----\n", 28), 0);
	court_close(&court);
}

static void
mechanisms_stand_on_several_lines(void **state)
{
	struct court court;

	(void)state;
	court_open(&court, ROW("session.ehlo"), date_at(DAY_IN_2026));
	is_good(&court);
	answer_instead(&court, &court.evidence.session.session_ehlo,
		"250-a\r\n250-AUTH PLAIN\r\n250-auth=LOGIN PLAIN\r\n250-SIZE\r\n250  AUTH  X\r\n");
	expect_list("mechanisms", &facts_seen(&court)->mechanisms_inside, "PLAIN,LOGIN,X");
	court_close(&court);
}

static void
a_refused_ehlo_offers_nothing(void **state)
{
	const struct facts *facts;
	struct court court;

	(void)state;
	court_open(&court, ROW("session.ehlo"), date_at(DAY_IN_2026));
	is_good(&court);
	answer_instead(&court, &court.evidence.session.ehlo,
		"550-no\r\n550-AUTH PLAIN\r\n550 STARTTLS\r\n");
	end_at(&court, STEP_EHLO, OUTCOME_REFUSED, "no");
	facts = facts_seen(&court);
	expect_list("before TLS", &facts->capabilities, "");
	expect_list("mechanisms before TLS", &facts->mechanisms, "");
	court_close(&court);
}

static void
what_was_not_seen_is_not_told(void **state)
{
	const struct facts *facts;
	struct court court;

	(void)state;
	court_open(&court, ROW("tls.handshake"), TODAY);
	refuses_the_connection(&court);
	facts = facts_seen(&court);
	assert_null(facts->greeting);
	assert_null(facts->version);
	assert_null(facts->suite);
	assert_int_equal(facts->step_count, 1);
	assert_string_equal(facts->steps[0].outcome, "refused");
	assert_int_equal(facts->chain_count, 0);
	expect_choices("versions", &facts->versions, "");
	court_close(&court);
}

static void
what_nobody_can_read_is_shown_by_its_hash(void **state)
{
	static const uint8_t noise[] = { 0x30, 1, 2 };
	const struct facts_certificate *leaf;
	struct court court;

	(void)state;
	court_open(&court, ROW("tls.handshake"), TODAY);
	is_good(&court);
	((struct span *)court.evidence.session.peer.chain)[0] =
		(struct span){ noise, sizeof(noise) };
	leaf = &facts_seen(&court)->chains[0].certificates[0];
	assert_non_null(leaf->problem);
	assert_null(leaf->subject);
	assert_string_equal(
		leaf->pem, "-----BEGIN CERTIFICATE-----\nMAEC\n-----END CERTIFICATE-----\n");
	court_close(&court);
}

static void
a_secret_is_in_no_fact(void **state)
{
	const struct facts *facts;
	struct court court;

	(void)state;
	court_open(&court, LOGIN, date_at(DAY_IN_2026));
	is_good(&court);
	answer_instead(&court, &court.evidence.session.greeting, "220 correct horse\r\n");
	facts = facts_seen(&court);
	assert_string_equal(facts->greeting, "220 [secret]");
	court_close(&court);
}

struct choice_row {
	const char *sentence;
	const char *assertion;
	enum outcome outcome; /* of all observations */
	void (*arrange)(struct court *court);
	const char *versions;
	const char *groups;
	const char *schemes;
};

static void
no_hello(struct court *court)
{
	court->evidence.session_hello.version = 0;
}

static void
tls11_elsewhere(struct court *court)
{
	see(court, (struct server_hello){ .version = TLS_VERSION_1_1, .suite = RSA_AES });
}

/* In a version that does not exist. */
static void
answered_with_noise(struct court *court)
{
	court->evidence.session_hello.version = 0;
	see(court, (struct server_hello){ .version = 0x0505, .suite = RSA_AES });
}

static void
ssl2_taken(struct court *court)
{
	observed_by(court, &ssl2_observer)->outcome = OUTCOME_DONE;
}

static void
p256_elsewhere(struct court *court)
{
	see(court,
		(struct server_hello){
			.version = TLS_VERSION_1_2, .suite = ECDHE_AES, .group = GROUP_SECP256R1 });
}

/* The survey that asks with TLS 1.3 alone. */
static struct observation *
survey_of_tls13(struct court *court)
{
	for (size_t i = 0; i < court->evidence.observation_count; i++) {
		struct observation *observation = court->evidence.observations[i];
		const struct survey_record *survey = observation->record;

		if (observation->observer == &survey_observer &&
			survey->hellos[0].offer.versions.count == 1)
			return observation;
	}
	fail_msg("TLS 1.3 is not asked");
	return NULL;
}

static void
tls13_does_not_answer(struct court *court)
{
	survey_of_tls13(court)->outcome = OUTCOME_BROKEN;
}

static void
signs_in_tls13(struct court *court)
{
	choose(survey_of_tls13(court), of_today);
}

#define REFUSES(list) "{\"assert\":\"tls.versions\",\"refuses\":[" list "]}"
#define EXCLUDES "{\"assert\":\"tls.groups\",\"excludes\":[\"secp256r1\",\"x25519\"]}"
#define UNSIGNED                                                                          \
	"{\"assert\":\"tls.signature_algorithms\",\"excludes\":[\"rsa_pss_rsae_sha256\"," \
	"\"rsa_pss_rsae_sha384\"]}"

static const struct choice_row rows[] = {
	{ "versions that are refused", REFUSES("\"1.0\",\"1.1\""), OUTCOME_REFUSED, NULL,
		"1.3;1.0,1.1", "", "" },
	{ "an old version alone", REFUSES("\"ssl3\""), OUTCOME_REFUSED, NULL, "1.3;ssl3", "", "" },
	{ "SSLv2", REFUSES("\"ssl2\""), OUTCOME_REFUSED, NULL, "1.3;ssl2", "", "" },
	{ "SSLv2 that is taken", REFUSES("\"ssl2\""), OUTCOME_REFUSED, ssl2_taken, "1.3,ssl2", "",
		"" },
	{ "no answer refuses nothing", REFUSES("\"1.0\",\"1.1\""), OUTCOME_BROKEN, NULL, "1.3", "",
		"" },
	{ "refusals without any acceptance are none", REFUSES("\"1.0\""), OUTCOME_REFUSED, no_hello,
		"", "", "" },
	{ "an answer in no version accepts nothing", REFUSES("\"1.0\""), OUTCOME_REFUSED,
		answered_with_noise, "", "", "" },
	{ "what another connection took is not refused", REFUSES("\"1.0\",\"1.1\""),
		OUTCOME_REFUSED, tls11_elsewhere, "1.3,1.1;1.0", "", "" },
	{ "groups that are refused", EXCLUDES, OUTCOME_REFUSED, NULL, "1.3", ";secp256r1,x25519",
		"" },
	{ "a group that another connection took", EXCLUDES, OUTCOME_REFUSED, p256_elsewhere,
		"1.3,1.2", "secp256r1@1.2;x25519", "" },
	{ "a survey without its end refuses nothing", EXCLUDES, OUTCOME_BROKEN, p256_elsewhere,
		"1.3,1.2", "secp256r1@1.2", "" },
	{ "a group that TLS 1.3 left open", EXCLUDES, OUTCOME_REFUSED, tls13_does_not_answer, "1.3",
		"", "" },
	{ "schemes that are refused", UNSIGNED, OUTCOME_REFUSED, NULL, "1.3", "",
		";rsa_pss_rsae_sha256,rsa_pss_rsae_sha384" },
	{ "one of the schemes, hidden by TLS 1.3", UNSIGNED, OUTCOME_REFUSED, signs_in_tls13, "1.3",
		"", "" },
	{ "schemes that TLS 1.3 left open", UNSIGNED, OUTCOME_REFUSED, tls13_does_not_answer, "1.3",
		"", "" },
};

static void
what_was_asked_is_taken_or_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct facts *facts;
		struct court court;

		open_at(&court, rows[i].assertion, rows[i].outcome);
		if (rows[i].arrange != NULL)
			rows[i].arrange(&court);
		facts = facts_seen(&court);
		expect_choices(rows[i].sentence, &facts->versions, rows[i].versions);
		expect_choices(rows[i].sentence, &facts->groups, rows[i].groups);
		expect_choices(rows[i].sentence, &facts->schemes, rows[i].schemes);
		court_close(&court);
	}
}

static void
who_took_one_of_a_class_has_not_refused_the_others(void **state)
{
	struct court court;

	(void)state;
	open_at(&court, "{\"assert\":\"tls.ciphers\",\"accepts\":[\"tls13\"]}", OUTCOME_DONE);
	expect_choices("suites", &facts_seen(&court)->suites, "TLS_AES_128_GCM_SHA256@1.3");
	court_close(&court);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_server_is_told_whole),
		cmocka_unit_test(mechanisms_stand_on_several_lines),
		cmocka_unit_test(a_refused_ehlo_offers_nothing),
		cmocka_unit_test(what_was_not_seen_is_not_told),
		cmocka_unit_test(what_nobody_can_read_is_shown_by_its_hash),
		cmocka_unit_test(a_secret_is_in_no_fact),
		cmocka_unit_test(what_was_asked_is_taken_or_refused),
		cmocka_unit_test(who_took_one_of_a_class_has_not_refused_the_others),
	};

	return cmocka_run_group_tests(tests, fill_stores, release_stores);
}
