/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tls.groups and tls.dh_size: evidence in, finding out.
 */
#include "court_findings.h"

#include "wire/groups.h"
#include "wire/groups_primes.h"

#define ECDHE_AES 0xc02f
#define RSA_AES 0x002f
#define DHE_AES 0x009e
#define ANONYMOUS_DH 0x00a6

#define GROUPS(parameters) "{\"assert\":\"tls.groups\"," parameters "}"
#define EXCLUDES(groups) GROUPS("\"excludes\":[" groups "]")
#define INCLUDES(groups) GROUPS("\"includes\":[" groups "]")
#define ONLY(groups) GROUPS("\"only\":[" groups "]")
#define P384 EXCLUDES("\"secp384r1\"")

#define REFUSED "the unwanted groups are refused"
#define ACCEPTED "the wanted ones are accepted"

static struct server_hello
of_group(uint16_t group, uint16_t version)
{
	return (struct server_hello){ .version = version,
		.suite = version == TLS_VERSION_1_3 ? 0x1301 : ECDHE_AES,
		.group = group };
}

static void
p384_in_the_session(struct court *court)
{
	court->evidence.session_hello.group = GROUP_SECP384R1;
}

static void
p384_in_tls13(struct court *court)
{
	choose(survey_up_to(court, TLS_VERSION_1_3), of_group(GROUP_SECP384R1, TLS_VERSION_1_3));
}

static void
p384_in_tls12(struct court *court)
{
	choose(survey_up_to(court, TLS_VERSION_1_2), of_group(GROUP_SECP384R1, TLS_VERSION_1_2));
}

static void
p384_before_the_answers_stopped(struct court *court)
{
	p384_in_tls13(court);
	survey_up_to(court, TLS_VERSION_1_3)->outcome = OUTCOME_BROKEN;
}

static void
p384_at_the_deadline(struct court *court)
{
	cut_short(court);
	see(court, of_group(GROUP_SECP384R1, TLS_VERSION_1_2));
}

static void
p384_twice_and_p521(struct court *court)
{
	see(court, of_group(GROUP_SECP384R1, TLS_VERSION_1_3));
	see(court, of_group(GROUP_SECP384R1, TLS_VERSION_1_2));
	see(court, of_group(GROUP_SECP521R1, TLS_VERSION_1_2));
}

static void
x25519_elsewhere(struct court *court)
{
	see(court, of_group(GROUP_X25519, TLS_VERSION_1_2));
}

static void
tls13_not_answered(struct court *court)
{
	survey_up_to(court, TLS_VERSION_1_3)->outcome = OUTCOME_BROKEN;
}

static void
tls12_not_answered(struct court *court)
{
	survey_up_to(court, TLS_VERSION_1_2)->outcome = OUTCOME_BROKEN;
}

static void
tls12_not_reached(struct court *court)
{
	survey_up_to(court, TLS_VERSION_1_2)->outcome = OUTCOME_NOT_REACHED;
}

static const struct finding_row refusals[] = {
	{ "unwanted groups that are refused pass", P384, OUTCOME_REFUSED, NULL, VERDICT_PASS, NULL,
		CAUSE_NONE, REFUSED },
	{ "another group may be accepted", P384, OUTCOME_REFUSED, x25519_elsewhere, VERDICT_PASS,
		NULL, CAUSE_NONE, REFUSED },
	{ "a group that only old versions have is asked for there", EXCLUDES("\"secp192r1\""),
		OUTCOME_REFUSED, NULL, VERDICT_PASS, NULL, CAUSE_NONE, REFUSED },
	{ "a group that only TLS 1.3 has is asked for there", EXCLUDES("\"ffdhe2048\""),
		OUTCOME_REFUSED, NULL, VERDICT_PASS, NULL, CAUSE_NONE, REFUSED },
	{ "one that TLS 1.3 takes fails", P384, OUTCOME_REFUSED, p384_in_tls13, VERDICT_FAIL,
		"GroupAccepted", CAUSE_NONE, "the server accepts secp384r1 (TLS 1.3)" },
	{ "one that TLS 1.2 takes fails", P384, OUTCOME_REFUSED, p384_in_tls12, VERDICT_FAIL,
		"GroupAccepted", CAUSE_NONE, "the server accepts secp384r1 (TLS 1.2)" },
	{ "one of the session fails", P384, OUTCOME_REFUSED, p384_in_the_session, VERDICT_FAIL,
		"GroupAccepted", CAUSE_NONE, "the server accepts secp384r1 (TLS 1.3)" },
	{ "NIST's name is as good", EXCLUDES("\"P-384\""), OUTCOME_REFUSED, p384_in_the_session,
		VERDICT_FAIL, "GroupAccepted", CAUSE_NONE, "the server accepts secp384r1" },
	{ "one fails, though its survey has no end", P384, OUTCOME_REFUSED,
		p384_before_the_answers_stopped, VERDICT_FAIL, "GroupAccepted", CAUSE_NONE,
		"secp384r1 (TLS 1.3)" },
	{ "one fails, though nothing else was answered", P384, OUTCOME_BROKEN, p384_in_the_session,
		VERDICT_FAIL, "GroupAccepted", CAUSE_NONE, "secp384r1 (TLS 1.3)" },
	{ "one before the deadline fails", P384, OUTCOME_REFUSED, p384_at_the_deadline,
		VERDICT_FAIL, "GroupAccepted", CAUSE_NONE, "secp384r1 (TLS 1.2)" },
	{ "each group is named once", EXCLUDES("\"secp384r1\",\"secp521r1\""), OUTCOME_REFUSED,
		p384_twice_and_p521, VERDICT_FAIL, "GroupAccepted", CAUSE_NONE,
		"accepts secp384r1 (TLS 1.3), secp521r1 (TLS 1.2)" },
	{ "groups that are not answered are not refused", P384, OUTCOME_BROKEN, NULL, VERDICT_ERROR,
		"NoProof", CAUSE_NONE,
		"whether the unwanted groups are refused is not known: what happened" },
	{ "TLS 1.3 without an answer leaves it open", P384, OUTCOME_REFUSED, tls13_not_answered,
		VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether the unwanted groups are refused is not known" },
	{ "TLS 1.2 without an answer leaves it open", P384, OUTCOME_REFUSED, tls12_not_answered,
		VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether the unwanted groups are refused is not known" },
	{ "TLS 1.2 that was not asked leaves it open", P384, OUTCOME_REFUSED, tls12_not_reached,
		VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether the unwanted groups are refused is not known" },
	{ "refusals without any acceptance prove nothing", P384, OUTCOME_REFUSED, no_hello_accepted,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "not even the control hello was accepted" },
	{ "what was not asked is not known", P384, OUTCOME_REFUSED, nothing_asked, VERDICT_ERROR,
		"NoProof", CAUSE_NONE, "not asked" },
	{ "a silent server is not asked", P384, OUTCOME_REFUSED, not_asked_any_further,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "the server says nothing" },
	{ "what the deadline cut off was not run", P384, OUTCOME_REFUSED, cut_short, VERDICT_ERROR,
		"NotRun", CAUSE_CUT_SHORT, "the deadline of the run has passed" },
	{ "the handshake that broke is the cause where nothing was answered", P384, OUTCOME_REFUSED,
		handshake_broke, VERDICT_ERROR, "NoProof", CAUSE_HANDSHAKE, "not asked" },
	{ "without a connection there is no answer", P384, OUTCOME_REFUSED, connection_broke,
		VERDICT_ERROR, "NoAnswer", CAUSE_CONNECT, "no answer in time" },
	{ "what is listed may be accepted", ONLY("\"x25519\""), OUTCOME_REFUSED, x25519_elsewhere,
		VERDICT_PASS, NULL, CAUSE_NONE, REFUSED },
	{ "what is not listed may not", ONLY("\"secp256r1\""), OUTCOME_REFUSED, x25519_elsewhere,
		VERDICT_FAIL, "GroupAccepted", CAUSE_NONE, "the server accepts x25519 (TLS 1.2)" },
	{ "what is excluded may not, though it is listed",
		GROUPS("\"only\":[\"x25519\"],\"excludes\":[\"x25519\"]"), OUTCOME_REFUSED,
		x25519_elsewhere, VERDICT_FAIL, "GroupAccepted", CAUSE_NONE, "accepts x25519" },
	{ "others that are not answered are not refused", ONLY("\"x25519\""), OUTCOME_REFUSED,
		tls12_not_answered, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether the unwanted groups are refused is not known" },
};

static void
x25519_chosen(struct court *court)
{
	choose(observed_by(court, &survey_observer), of_group(GROUP_X25519, TLS_VERSION_1_3));
}

static void
x25519_elsewhere_and_not_answered(struct court *court)
{
	observed_by(court, &survey_observer)->outcome = OUTCOME_BROKEN;
	x25519_elsewhere(court);
}

static void
x25519_and_p384(struct court *court)
{
	x25519_elsewhere(court);
	p384_in_the_session(court);
}

static const struct finding_row acceptances[] = {
	{ "a wanted group that its survey met passes", INCLUDES("\"x25519\""), OUTCOME_REFUSED,
		x25519_chosen, VERDICT_PASS, NULL, CAUSE_NONE, ACCEPTED },
	{ "that of the session is accepted", INCLUDES("\"P-384\""), OUTCOME_REFUSED,
		p384_in_the_session, VERDICT_PASS, NULL, CAUSE_NONE, ACCEPTED },
	{ "one that was chosen elsewhere needs no answer here", INCLUDES("\"x25519\""),
		OUTCOME_REFUSED, x25519_elsewhere_and_not_answered, VERDICT_PASS, NULL, CAUSE_NONE,
		ACCEPTED },
	{ "a wanted group that is refused fails", INCLUDES("\"x25519\",\"secp384r1\""),
		OUTCOME_REFUSED, x25519_chosen, VERDICT_FAIL, "GroupRefused", CAUSE_NONE,
		"the server does not accept secp384r1" },
	{ "all that are refused are named", INCLUDES("\"x25519\",\"secp384r1\""), OUTCOME_REFUSED,
		NULL, VERDICT_FAIL, "GroupRefused", CAUSE_NONE,
		"the server does not accept x25519, secp384r1" },
	{ "a wanted group that is not answered is open", INCLUDES("\"x25519\""), OUTCOME_BROKEN,
		NULL, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"whether x25519 is accepted is not known: what happened" },
	{ "one of two that is not answered leaves both open", INCLUDES("\"x25519\",\"secp384r1\""),
		OUTCOME_REFUSED, x25519_elsewhere_and_not_answered, VERDICT_ERROR, "NoProof",
		CAUSE_NONE, "whether secp384r1 is accepted is not known" },
	{ "nothing is refused where nothing is accepted", INCLUDES("\"x25519\""), OUTCOME_REFUSED,
		no_hello_accepted, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"not even the control hello was accepted" },
	{ "what was not asked for is open", INCLUDES("\"x25519\""), OUTCOME_REFUSED, nothing_asked,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "not asked" },
	{ "what the deadline cut off is not refused", INCLUDES("\"x25519\""), OUTCOME_REFUSED,
		cut_short, VERDICT_ERROR, "NotRun", CAUSE_CUT_SHORT, "the deadline" },
	{ "both lists pass together",
		GROUPS("\"excludes\":[\"secp384r1\"],\"includes\":[\"x25519\"]"), OUTCOME_REFUSED,
		x25519_elsewhere, VERDICT_PASS, NULL, CAUSE_NONE, REFUSED ", " ACCEPTED },
	{ "an unwanted group fails beside a wanted one",
		GROUPS("\"excludes\":[\"secp384r1\"],\"includes\":[\"x25519\"]"), OUTCOME_REFUSED,
		x25519_and_p384, VERDICT_FAIL, "GroupAccepted", CAUSE_NONE, "secp384r1" },
	{ "a missing group fails beside refusals",
		GROUPS("\"excludes\":[\"secp384r1\"],\"includes\":[\"x25519\"]"), OUTCOME_REFUSED,
		NULL, VERDICT_FAIL, "GroupRefused", CAUSE_NONE, "does not accept x25519" },
};

/* How the survey of DHE ended, and what the run showed. */
struct prime_row {
	const char *sentence;
	enum outcome survey;
	struct {
		uint16_t suite;
		unsigned bits;
		bool known;
	} seen[2];
	long minimum;
	enum verdict verdict;
	const char *type, *says;
};

static const struct prime_row primes[] = {
	{ "a prime of the minimum is large enough", OUTCOME_DONE, { { DHE_AES, 2048, false } },
		2048, VERDICT_PASS, NULL, "no DHE prime has less than 2048 bits" },
	{ "one bit less is too small", OUTCOME_DONE, { { DHE_AES, 2047, false } }, 2048,
		VERDICT_FAIL, "DhTooSmall", "has 2047 bits" },
	{ "the smaller one decides, if it is the last", OUTCOME_DONE,
		{ { DHE_AES, 3072, false }, { DHE_AES, 1536, false } }, 2048, VERDICT_FAIL,
		"DhTooSmall", "has 1536 bits" },
	{ "the smaller one decides, if it is the first", OUTCOME_DONE,
		{ { DHE_AES, 1536, false }, { DHE_AES, 3072, false } }, 2048, VERDICT_FAIL,
		"DhTooSmall", "has 1536 bits" },
	{ "a small prime that is known is named", OUTCOME_DONE, { { DHE_AES, 1024, true } }, 2048,
		VERDICT_FAIL, "DhTooSmall", "has 1024 bits and is one that many servers share" },
	{ "a known prime of 1024 bits is shared", OUTCOME_DONE, { { DHE_AES, 1024, true } }, 1024,
		VERDICT_FAIL, "DhPrimeShared", "one that many servers share" },
	{ "a known prime of 1025 bits is out of reach", OUTCOME_DONE, { { DHE_AES, 1025, true } },
		1024, VERDICT_PASS, NULL, "no DHE prime has less than 1025 bits" },
	{ "of two with 1024 bits the known one decides", OUTCOME_DONE,
		{ { DHE_AES, 1024, false }, { DHE_AES, 1024, true } }, 1024, VERDICT_FAIL,
		"DhPrimeShared", "one that many servers share" },
	{ "if it is the first too", OUTCOME_DONE,
		{ { DHE_AES, 1024, true }, { DHE_AES, 1024, false } }, 1024, VERDICT_FAIL,
		"DhPrimeShared", "one that many servers share" },
	{ "an own prime of 1024 bits is not", OUTCOME_DONE, { { DHE_AES, 1024, false } }, 1024,
		VERDICT_PASS, NULL, "no DHE prime has less than 1024 bits" },
	{ "a smaller one may be behind no answer", OUTCOME_BROKEN, { { DHE_AES, 2048, false } },
		2048, VERDICT_ERROR, "NoProof", "the size of the DHE prime is not known" },
	{ "a small one fails in any case", OUTCOME_BROKEN, { { DHE_AES, 1024, false } }, 2048,
		VERDICT_FAIL, "DhTooSmall", "has 1024 bits" },
	{ "a small one that was seen elsewhere is refused by no survey", OUTCOME_REFUSED,
		{ { DHE_AES, 1024, false } }, 2048, VERDICT_FAIL, "DhTooSmall", "has 1024 bits" },
	{ "a large one that was seen elsewhere is large enough", OUTCOME_REFUSED,
		{ { DHE_AES, 2048, false } }, 2048, VERDICT_PASS, NULL,
		"no DHE prime has less than 2048 bits" },
	{ "suites without a certificate are another matter", OUTCOME_REFUSED,
		{ { ANONYMOUS_DH, 512, false } }, 2048, VERDICT_PASS, NULL,
		"no DHE suite is accepted" },
	{ "what is no Diffie-Hellman has no prime", OUTCOME_REFUSED, { { RSA_AES, 512, false } },
		2048, VERDICT_PASS, NULL, "no DHE suite is accepted" },
	{ "DHE that is refused has no prime", OUTCOME_REFUSED, { { 0 } }, 2048, VERDICT_PASS, NULL,
		"no DHE suite is accepted, so there is no prime to be small" },
	{ "DHE that is taken without a prime is open", OUTCOME_DONE, { { 0 } }, 2048, VERDICT_ERROR,
		"NoProof", "a DHE suite was accepted, but no prime was seen" },
};

static void
the_smallest_prime_decides(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(primes); i++) {
		const struct prime_row *row = &primes[i];
		char assertion[100];
		struct finding_row want = { row->sentence, assertion, row->survey, NULL,
			row->verdict, row->type, CAUSE_NONE, row->says };
		struct court court;

		snprintf(assertion, sizeof(assertion),
			"{\"assert\":\"tls.dh_size\",\"minimum\":%ld}", row->minimum);
		open_at(&court, assertion, row->survey);
		for (size_t j = 0; j < COUNT(row->seen) && row->seen[j].bits != 0; j++)
			see(&court, (struct server_hello){ .version = TLS_VERSION_1_2,
					    .suite = row->seen[j].suite,
					    .bits = row->seen[j].bits,
					    .prime = row->seen[j].known ? group_primes : NULL });
		expect_finding(&court, &want);
		court_close(&court);
	}
}

#define DH_SIZE "{\"assert\":\"tls.dh_size\"}"

static struct server_hello
of_prime(unsigned bits)
{
	return (struct server_hello){ .version = TLS_VERSION_1_2, .suite = DHE_AES, .bits = bits };
}

static void
suite_without_its_prime(struct court *court)
{
	choose(observed_by(court, &survey_observer), of_prime(0));
	see(court, of_prime(4096));
}

/* A hello that is read no further than its answer shows no prime. */
static void
prime_that_was_not_read_elsewhere(struct court *court)
{
	choose(observed_by(court, &survey_observer), of_prime(4096));
	see(court, of_prime(0));
}

static const struct finding_row sizes[] = {
	{ "a prime of the survey stands for what was not read elsewhere", DH_SIZE, OUTCOME_REFUSED,
		prime_that_was_not_read_elsewhere, VERDICT_PASS, NULL, CAUSE_NONE,
		"no DHE prime has less than 4096 bits" },
	{ "a prime that was seen elsewhere stands for none of the survey", DH_SIZE, OUTCOME_REFUSED,
		suite_without_its_prime, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"a DHE suite was accepted, but no prime was seen" },
	{ "DHE that is not answered is not refused", DH_SIZE, OUTCOME_BROKEN, NULL, VERDICT_ERROR,
		"NoProof", CAUSE_NONE, "the size of the DHE prime is not known: what happened" },
	{ "a refusal without any acceptance proves nothing", DH_SIZE, OUTCOME_REFUSED,
		no_hello_accepted, VERDICT_ERROR, "NoProof", CAUSE_NONE,
		"not even the control hello was accepted" },
	{ "what was not asked is not known", DH_SIZE, OUTCOME_REFUSED, nothing_asked, VERDICT_ERROR,
		"NoProof", CAUSE_NONE, "not asked" },
	{ "a silent server is not asked", DH_SIZE, OUTCOME_REFUSED, not_asked_any_further,
		VERDICT_ERROR, "NoProof", CAUSE_NONE, "the server says nothing" },
	{ "what the deadline cut off was not run", DH_SIZE, OUTCOME_REFUSED, cut_short,
		VERDICT_ERROR, "NotRun", CAUSE_CUT_SHORT, "the deadline of the run has passed" },
	{ "the handshake that broke is the cause where nothing was answered", DH_SIZE,
		OUTCOME_REFUSED, handshake_broke, VERDICT_ERROR, "NoProof", CAUSE_HANDSHAKE,
		"not asked" },
};

static void
a_prime_that_was_not_seen_is_open(void **state)
{
	(void)state;
	expect_findings(sizes, COUNT(sizes));
}

static void
unwanted_groups_are_refused(void **state)
{
	(void)state;
	expect_findings(refusals, COUNT(refusals));
}

static void
wanted_groups_are_accepted(void **state)
{
	(void)state;
	expect_findings(acceptances, COUNT(acceptances));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unwanted_groups_are_refused),
		cmocka_unit_test(wanted_groups_are_accepted),
		cmocka_unit_test(the_smallest_prime_decides),
		cmocka_unit_test(a_prime_that_was_not_seen_is_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
