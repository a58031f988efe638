/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tls.clients: evidence in, finding out.
 */
#include "court_findings.h"

#include "probe/client_probe.h"
#include "wire/groups.h"
#include "x509_fixtures.h"

#define ECDHE_ECDSA 0xc02c
#define ECDHE_RSA 0xc030
#define DHE_RSA 0x009e
#define STATIC_RSA 0x002f

#define CLIENTS(names) "{\"assert\":\"tls.clients\",\"names\":[" names "]}"
#define OUTLOOK CLIENTS("\"Outlook on Windows 10 1809\"")
#define JAVA7 CLIENTS("\"Java 7u25\"")
#define JAVA11 CLIENTS("\"Java 11.0.24\"")
#define JAVA21 CLIENTS("\"Java 21.0.13\"")
#define PYTHON CLIENTS("\"Python 3.11 with OpenSSL 3.0\"")
#define POSTFIX CLIENTS("\"Postfix 3.7 with OpenSSL 3.0\"")
#define RELAY CLIENTS("\"Windows Server 2019\"")
#define TWO CLIENTS("\"Outlook on Windows 10 1809\",\"Java 7u25\"")

static const struct trace traces[] = { { "the first", 1 }, { "the second", 1 } };

static struct client_record *
record_of(struct court *court, size_t place)
{
	struct observation *made = nth_observed_by(court, &client_observer, place);

	made->traces = (struct trace *)traces;
	made->trace_count = COUNT(traces);
	return made->record;
}

/* The certificate that it shows. */
static void
shows(struct court *court, struct client_record *record, const char *name)
{
	struct span *chain = arena_array(&court->arena, 1, sizeof(*chain));

	chain[0] = fixture(&court->arena, name);
	record->chain = chain;
	record->chain_count = 1;
}

static struct client_record *
choose_of(struct court *court, size_t place, struct server_hello answer)
{
	struct client_record *record = record_of(court, place);

	nth_observed_by(court, &client_observer, place)->outcome = OUTCOME_DONE;
	record->answer = answer;
	record->shared = true;
	shows(court, record, "leaf");
	return record;
}

static const struct server_hello good = {
	.version = TLS_VERSION_1_2, .suite = ECDHE_ECDSA, .group = GROUP_X25519, .signature = 0x0403
};
static const struct server_hello good13 = {
	.version = TLS_VERSION_1_3, .suite = 0x1302, .group = GROUP_X25519, .signature = 0x0804
};

#define CHOICE(name, from, change)                    \
	static void name(struct court *court)         \
	{                                             \
		struct server_hello answer = from;    \
		struct client_record *record;         \
                                                      \
		record = choose_of(court, 0, answer); \
		change;                               \
		(void)record;                         \
	}
CHOICE(takes, good, (void)0)
CHOICE(takes13, good13, (void)0)
CHOICE(older, good, record->answer.version = TLS_VERSION_SSL3)
CHOICE(newer, good, record->answer.version = TLS_VERSION_1_3)
CHOICE(older_than_listed, good13, record->answer.version = TLS_VERSION_1_1)
CHOICE(other_suite, good, record->answer.suite = 0x0005)
CHOICE(suite_of_tls12, good13, record->answer.suite = ECDHE_ECDSA)
CHOICE(signal_for_suite, good13, record->answer.suite = TLS_SIGNAL_RENEGOTIATION)
CHOICE(other_group, good, record->answer.group = GROUP_SECP521R1)
CHOICE(no_group, good, record->answer.group = 0)
CHOICE(other_signature, good, record->answer.signature = 0x0804)
CHOICE(pkcs1_in_tls13, good13, record->answer.signature = 0x0401)
CHOICE(no_signature, good13, record->answer.signature = 0)
CHOICE(compressed, good, record->answer.compression = 1)
CHOICE(other_extension, good, tls_codes_add(&record->extensions, TLS_EXTENSION_HEARTBEAT))
CHOICE(known_extensions, good, tls_codes_add(&record->extensions, TLS_EXTENSION_RENEGOTIATION_INFO))
CHOICE(unfit_retry, good13, record->unfit = "RFC 8446 4.1.4: a second one")
CHOICE(not_shared, good13, record->shared = false)
CHOICE(could_do_more, good, record->downgrade = FLIGHT_DOWNGRADE_TO_1_2)
CHOICE(no_certificate, good, record->chain_count = 0)
CHOICE(signed_with_sha512, good, shows(court, record, "leaf-of-rsa-512"))
CHOICE(key_of_another_kind, good, record->answer.suite = ECDHE_RSA)
CHOICE(key_on_another_curve, good, shows(court, record, "keyed-p521"))
CHOICE(short_key, good13, shows(court, record, "leaf-rsa1024"))
CHOICE(signed_with_sha1, good13, shows(court, record, "leaf-sha1"))

static void
chooses(struct court *court, uint16_t version, uint16_t suite, unsigned bits)
{
	const struct server_hello answer = {
		.version = version, .suite = suite, .bits = bits, .signature = 0x0401
	};

	shows(court, choose_of(court, 0, answer), "leaf-rsa1024");
}

static void
dhe_2048(struct court *court)
{
	chooses(court, TLS_VERSION_1_0, 0x0033, 2048);
}

static void
dhe_1024(struct court *court)
{
	chooses(court, TLS_VERSION_1_0, 0x0033, 1024);
}

static void
dhe_512(struct court *court)
{
	chooses(court, TLS_VERSION_1_2, DHE_RSA, 512);
}

static void
dhe_unseen(struct court *court)
{
	chooses(court, TLS_VERSION_1_2, DHE_RSA, 0);
}

static void
static_rsa(struct court *court)
{
	chooses(court, TLS_VERSION_1_2, STATIC_RSA, 0);
}

/* Anonymous, without a certificate. */
static void
anonymous(struct court *court)
{
	struct server_hello answer = {
		.version = TLS_VERSION_1_2, .suite = 0xc018, .group = GROUP_X25519
	};

	choose_of(court, 0, answer)->chain_count = 0;
}

static void
obstacle(struct court *court, enum client_obstacle what, uint16_t instead)
{
	struct client_record *record = record_of(court, 0);

	record->obstacle = what;
	if (instead != 0)
		record->instead = (struct server_hello){ .version = instead, .suite = 0x1301 };
}

#define OBSTACLE(name, what, instead)           \
	static void name(struct court *court)   \
	{                                       \
		obstacle(court, what, instead); \
	}
OBSTACLE(for_version, CLIENT_OBSTACLE_VERSION, 0)
OBSTACLE(for_suite, CLIENT_OBSTACLE_SUITE, TLS_VERSION_1_2)
OBSTACLE(for_group, CLIENT_OBSTACLE_GROUP, TLS_VERSION_1_3)
OBSTACLE(for_signature, CLIENT_OBSTACLE_SIGNATURE, TLS_VERSION_1_3)
OBSTACLE(by_one_node, CLIENT_OBSTACLE_NODES, TLS_VERSION_1_3)

static void
refused_without_control(struct court *court)
{
	for_version(court);
	no_hello_accepted(court);
}

static void
second_refused(struct court *court)
{
	takes(court);
	record_of(court, 1)->obstacle = CLIENT_OBSTACLE_VERSION;
}

static void
second_unanswered(struct court *court)
{
	second_refused(court);
	nth_observed_by(court, &client_observer, 1)->outcome = OUTCOME_BROKEN;
}

static void
first_unanswered(struct court *court)
{
	second_refused(court);
	nth_observed_by(court, &client_observer, 0)->outcome = OUTCOME_BROKEN;
}

static const struct finding_row choices[] = {
	{ "what was offered is taken", OUTLOOK, OUTCOME_REFUSED, takes, VERDICT_PASS, NULL,
		CAUSE_NONE,
		"Outlook on Windows 10 1809 (TLS 1.2 with TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384) "
		"gets in" },
	{ "so is TLS 1.3", JAVA11, OUTCOME_REFUSED, takes13, VERDICT_PASS, NULL, CAUSE_NONE,
		"gets in" },
	{ "static RSA signs nothing", OUTLOOK, OUTCOME_REFUSED, static_rsa, VERDICT_PASS, NULL,
		CAUSE_NONE, "gets in" },
	{ "a relay takes a server without a certificate", POSTFIX, OUTCOME_REFUSED, anonymous,
		VERDICT_PASS, NULL, CAUSE_NONE, "gets in" },
	{ "an extension that was sent is answered", OUTLOOK, OUTCOME_REFUSED, known_extensions,
		VERDICT_PASS, NULL, CAUSE_NONE, "gets in" },
	{ "DHE of 1024 bits is what the oldest can do", JAVA7, OUTCOME_REFUSED, dhe_1024,
		VERDICT_PASS, NULL, CAUSE_NONE, "gets in" },
	{ "more is too much for it", JAVA7, OUTCOME_REFUSED, dhe_2048, VERDICT_FAIL,
		"DhSizeRefused", CAUSE_NONE, "DHE with 2048 bits, and it takes no more than 1024" },
	{ "less is too little for others", OUTLOOK, OUTCOME_REFUSED, dhe_512, VERDICT_FAIL,
		"DhSizeRefused", CAUSE_NONE, "512 bits, and it takes no fewer than 1024" },
	{ "a prime that was not seen leaves it open", OUTLOOK, OUTCOME_REFUSED, dhe_unseen,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "the prime of DHE was not seen" },
	{ "a version that a hello cannot exclude is none in common", OUTLOOK, OUTCOME_REFUSED,
		older, VERDICT_FAIL, "NoCommonVersion", CAUSE_NONE,
		"locked out: Outlook on Windows 10 1809 (the server chose SSLv3, which it does not "
		"take)" },
	{ "a newer one was not offered", OUTLOOK, OUTCOME_REFUSED, newer, VERDICT_FAIL,
		"NotOffered", CAUSE_NONE, "the server chose TLS 1.3, which it did not offer" },
	{ "nor one that is not in the list", JAVA11, OUTCOME_REFUSED, older_than_listed,
		VERDICT_FAIL, "NotOffered", CAUSE_NONE, "the server chose TLS 1.1" },
	{ "nor another suite", OUTLOOK, OUTCOME_REFUSED, other_suite, VERDICT_FAIL, "NotOffered",
		CAUSE_NONE, "the server chose TLS_RSA_WITH_RC4_128_SHA, which it did not offer" },
	{ "nor one of another version", JAVA11, OUTCOME_REFUSED, suite_of_tls12, VERDICT_FAIL,
		"NotOffered", CAUSE_NONE, "_GCM_SHA384 in TLS 1.3" },
	{ "a signal among the suites is no suite", JAVA11, OUTCOME_REFUSED, signal_for_suite,
		VERDICT_FAIL, "NotOffered", CAUSE_NONE, "suite 0x00ff, which it did not offer" },
	{ "nor another group", OUTLOOK, OUTCOME_REFUSED, other_group, VERDICT_FAIL, "NotOffered",
		CAUSE_NONE, "the group secp521r1, which it did not offer" },
	{ "a group that was not told leaves it open", OUTLOOK, OUTCOME_REFUSED, no_group,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "did not tell the group" },
	{ "nor another signature", OUTLOOK, OUTCOME_REFUSED, other_signature, VERDICT_FAIL,
		"NotOffered", CAUSE_NONE,
		"signs with rsa_pss_rsae_sha256, which it did not offer" },
	{ "TLS 1.3 has no PKCS 1", JAVA11, OUTCOME_REFUSED, pkcs1_in_tls13, VERDICT_FAIL,
		"NotOffered", CAUSE_NONE, "rsa_pkcs1_sha256, which it did not offer for TLS 1.3" },
	{ "a signature that was not seen leaves it open", JAVA11, OUTCOME_REFUSED, no_signature,
		VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether Java 11.0.24 gets in is not known: the signature of the server was not "
		"seen" },
	{ "nor compression", OUTLOOK, OUTCOME_REFUSED, compressed, VERDICT_FAIL, "NotOffered",
		CAUSE_NONE, "chose compression" },
	{ "nor another extension", OUTLOOK, OUTCOME_REFUSED, other_extension, VERDICT_FAIL,
		"NotOffered", CAUSE_NONE, "answers an extension that it did not send (15)" },
	{ "nor may it want another hello for nothing", JAVA11, OUTCOME_REFUSED, unfit_retry,
		VERDICT_FAIL, "NotOffered", CAUSE_NONE, "RFC 8446 4.1.4: a second one" },
	{ "nor may it choose a group without its share", JAVA11, OUTCOME_REFUSED, not_shared,
		VERDICT_FAIL, "NotOffered", CAUSE_NONE,
		"the group x25519, which it sent no key share of" },
	{ "a client with TLS 1.3 takes nothing less from who has it", JAVA11, OUTCOME_REFUSED,
		could_do_more, VERDICT_FAIL, "DowngradeSignalled", CAUSE_NONE,
		"chose TLS 1.2, and says that it could do more" },
	{ "one with TLS 1.2 does", OUTLOOK, OUTCOME_REFUSED, could_do_more, VERDICT_PASS, NULL,
		CAUSE_NONE, "gets in" },
	{ "a certificate that was not seen leaves it open", OUTLOOK, OUTCOME_REFUSED,
		no_certificate, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"no certificate that can be read was seen" },
	{ "a key that is too short for it is refused", PYTHON, OUTCOME_REFUSED, short_key,
		VERDICT_FAIL, "CertificateRefused", CAUSE_NONE,
		"RSA with 1024 bits, and it takes no fewer than 2048" },
	{ "a relay takes it", POSTFIX, OUTCOME_REFUSED, short_key, VERDICT_PASS, NULL, CAUSE_NONE,
		"gets in" },
	{ "so is a certificate signed with what it does not have", PYTHON, OUTCOME_REFUSED,
		signed_with_sha1, VERDICT_FAIL, "CertificateRefused", CAUSE_NONE,
		"certificate 1 is signed with sha1WithRSAEncryption, which it does not take" },
	{ "SHA-512 too", OUTLOOK, OUTCOME_REFUSED, signed_with_sha512, VERDICT_FAIL,
		"CertificateRefused", CAUSE_NONE,
		"sha512WithRSAEncryption, which it does not take" },
	{ "a key is on a curve that was offered", OUTLOOK, OUTCOME_REFUSED, key_on_another_curve,
		VERDICT_FAIL, "CertificateRefused", CAUSE_NONE,
		"the key of the certificate (P-521) is on a curve that it does not offer" },
	{ "a key goes with the suite", OUTLOOK, OUTCOME_REFUSED, key_of_another_kind, VERDICT_FAIL,
		"NotOffered", CAUSE_NONE, "does not go with" },
	{ "others have lists of their own for certificates", JAVA21, OUTCOME_REFUSED,
		signed_with_sha1, VERDICT_PASS, NULL, CAUSE_NONE, "gets in" },
	{ "a relay does not look at it", RELAY, OUTCOME_REFUSED, signed_with_sha512, VERDICT_PASS,
		NULL, CAUSE_NONE, "gets in" },
};

static const struct finding_row refusals[] = {
	{ "no version in common", OUTLOOK, OUTCOME_REFUSED, for_version, VERDICT_FAIL,
		"NoCommonVersion", CAUSE_NONE,
		"locked out: Outlook on Windows 10 1809 (no common version)" },
	{ "no suite in common", OUTLOOK, OUTCOME_REFUSED, for_suite, VERDICT_FAIL, "NoCommonSuite",
		CAUSE_NONE, "Outlook on Windows 10 1809 (no common suite)" },
	{ "no group in common", JAVA11, OUTCOME_REFUSED, for_group, VERDICT_FAIL, "NoCommonGroup",
		CAUSE_NONE, "no common group" },
	{ "no signature in common", JAVA11, OUTCOME_REFUSED, for_signature, VERDICT_FAIL,
		"NoCommonSignature", CAUSE_NONE, "no common signature" },
	{ "it is not known what is missing", JAVA11, OUTCOME_REFUSED, NULL, VERDICT_FAIL,
		"ClientRefused", CAUSE_NONE, "Java 11.0.24 (its hello is refused)" },
	{ "one node of two refuses", JAVA11, OUTCOME_REFUSED, by_one_node, VERDICT_FAIL,
		"NodesDiffer", CAUSE_NONE, "one connection refused it, the next one took" },
	{ "a refusal without any acceptance proves nothing", OUTLOOK, OUTCOME_REFUSED,
		refused_without_control, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"not even the control hello was accepted" },
	{ "no answer leaves it open", OUTLOOK, OUTCOME_BROKEN, NULL, VERDICT_ERROR, "NoProof",
		CAUSE_NONE,
		"whether Outlook on Windows 10 1809 gets in is not known: what happened" },
	{ "so does the deadline", OUTLOOK, OUTCOME_REFUSED, cut_short, VERDICT_ERROR, "NotRun",
		CAUSE_CUT_SHORT, "the deadline of the run has passed" },
	{ "one of two is locked out", TWO, OUTCOME_REFUSED, second_refused, VERDICT_FAIL,
		"NoCommonVersion", CAUSE_NONE, "locked out: Java 7u25 (no common version)" },
	{ "one of two is not known to get in", TWO, OUTCOME_REFUSED, second_unanswered,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "whether Java 7u25 gets in is not known" },
	{ "who is locked out counts more than who is not known to get in", TWO, OUTCOME_REFUSED,
		first_unanswered, VERDICT_FAIL, "NoCommonVersion", CAUSE_NONE,
		"locked out: Java 7u25" },
};

static void
clients_take_what_they_offered(void **state)
{
	(void)state;
	expect_findings(choices, COUNT(choices));
}

static void
what_was_seen_of_each_is_told(void **state)
{
	struct finding got;
	struct court court;

	(void)state;
	open_at(&court, TWO, OUTCOME_REFUSED);
	takes(&court);
	record_of(&court, 1)->obstacle = CLIENT_OBSTACLE_SUITE;
	record_of(&court, 1)->instead =
		(struct server_hello){ .version = TLS_VERSION_1_0, .suite = ECDHE_RSA };
	judge_arguments(&court.evidence, &court.loaded.checklist.assertions[0].arguments,
		&court.arena, &got);
	assert_string_equal(got.observed,
		"Java 7u25 (what happened; of more on offer the server chose TLS 1.0 with "
		"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384), Outlook on Windows 10 1809 (TLS 1.2 with "
		"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384)");
	assert_ptr_equal(got.shown_by, &traces[0]);
	court_close(&court);
}

static void
clients_are_locked_out_for_a_reason(void **state)
{
	(void)state;
	expect_findings(refusals, COUNT(refusals));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clients_take_what_they_offered),
		cmocka_unit_test(what_was_seen_of_each_is_told),
		cmocka_unit_test(clients_are_locked_out_for_a_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
