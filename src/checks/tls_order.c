/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tls.cipher_order: who chooses the suite. Two hellos offer the same suites in opposite orders;
 * a server that follows the client answers them differently.
 */
#include <string.h>

#include "checks/arguments.h"
#include "evidence/cause.h"
#include "families.h"
#include "hellos.h"
#include "wire/suites.h"

static const char *const parties[] = { "server", "client", NULL };

/* The offer of all suites of a version, as tls.versions makes it. */
static struct hello_offer
plain_offer(uint16_t version)
{
	return hello_offer_versions(version, version);
}

static struct survey_hello
reversed_hello(uint16_t version)
{
	struct survey_hello hello = { .offer = plain_offer(version) };
	struct tls_codes *suites = &hello.offer.suites;

	for (size_t i = 0; i < suites->count / 2; i++) {
		uint16_t code = suites->codes[i];

		suites->codes[i] = suites->codes[suites->count - 1 - i];
		suites->codes[suites->count - 1 - i] = code;
	}
	return hello;
}

/* What the server chooses of the reversed list, and then without that: who has one suite alone
 * has no order. TLS 1.3 is asked where TLS 1.2 is not spoken. */
static struct survey_record
reversed_survey(void)
{
	return (struct survey_record){ .subject = SURVEY_SUITES,
		.most = 2,
		.hellos = { reversed_hello(TLS_VERSION_1_2), reversed_hello(TLS_VERSION_1_3) } };
}

/* Parts of the questions: a plain hello's is its version. */
#define PART_REVERSED 0

static void
ask_order(const struct arguments *arguments, struct questions *questions)
{
	const struct survey_record reversed = reversed_survey();

	(void)arguments;
	for (unsigned version = TLS_VERSION_1_2; version <= TLS_VERSION_1_3; version++) {
		const struct hello_offer offer = plain_offer((uint16_t)version);

		ask_hello(questions, version, &offer, true);
	}
	ask_survey(questions, PART_REVERSED, &reversed);
}

/* That there is no other suite to choose is a refusal, which no answer of the run may take back. */
static void
judge_alone(
	const struct server_hello *choice, const struct evidence *evidence, struct finding *finding)
{
	struct seen_hello seen;
	size_t at = 0;

	while (next_hello(evidence, &at, &seen)) {
		if (seen.hello->version != choice->version || seen.hello->suite == choice->suite)
			continue;
		finding_error(finding, CAUSE_NONE, "NoProof",
			"who chooses the suite is not known: here %s alone was accepted, elsewhere "
			"%s was chosen",
			suite_shown(finding->arena, choice->suite),
			suite_shown(finding->arena, seen.hello->suite));
		finding->shown_by = seen.trace;
		return;
	}
	finding_pass(finding, "the server accepts %s alone, so there is no order",
		suite_shown(finding->arena, choice->suite));
}

/* Compares what was chosen from both orders. */
static void
judge_choices(const char *wanted, uint16_t first, const struct survey_record *reversed,
	const struct evidence *evidence, struct finding *finding)
{
	const struct server_hello *choices = reversed->choices;
	bool has_second = reversed->choice_count == 2 && choices[1].version == choices[0].version;
	const char *found = first == choices[0].suite ? "server" : "client";

	finding_expected(finding, "the %s chooses", wanted);
	finding_observed(finding, "%s, and of the reversed list %s",
		suite_shown(finding->arena, first), suite_shown(finding->arena, choices[0].suite));
	if (first == choices[0].suite && !has_second)
		judge_alone(&choices[0], evidence, finding);
	else if (strcmp(found, wanted) == 0)
		finding_pass(finding, "the %s chooses the suite", found);
	else
		finding_fail(finding, CAUSE_NONE, "CipherOrder", "the %s chooses the suite", found);
}

static void
judge_order(
	const struct arguments *arguments, const struct evidence *evidence, struct finding *finding)
{
	const struct observation *reversed = evidence_answer(evidence, arguments, PART_REVERSED);
	const struct survey_record *survey;
	const struct observation *plain;
	const struct hello_record *hello;
	uint16_t version;

	if (!judge_answered(evidence, reversed, "who chooses the suite", finding))
		return;
	survey = reversed->record;
	version = survey->choices[0].version == TLS_VERSION_1_3 ? TLS_VERSION_1_3 : TLS_VERSION_1_2;
	plain = evidence_answer(evidence, arguments, version);
	if (!judge_answered(evidence, plain, "who chooses the suite", finding))
		return;
	hello = plain->record;
	if (survey->choice_count == 0 || plain->outcome != OUTCOME_DONE)
		finding_error(finding, CAUSE_NONE, "NoProof",
			"who chooses the suite is not known: no suite was accepted, %s",
			reversed->text);
	else
		judge_choices(argument_of(arguments, "chosen_by")->text, hello->answer.suite,
			survey, evidence, finding);
}

static const struct check checks[] = {
	{
		.name = "tls.cipher_order",
		.summary = "the cipher suite is chosen by the side that is named",
		.why = "Where weak suites have to stay, the server should choose, so that no client ends "
		       "up with less than it could have; where all are good, clients know best "
		       "which one is fast for them.",
		.fix = "Postfix: tls_preempt_cipherlist; Dovecot: ssl_prefer_server_ciphers; nginx: "
		       "ssl_prefer_server_ciphers; Exim: openssl_options = "
		       "+cipher_server_preference, or %SERVER_PRECEDENCE with GnuTLS.",
		.source = "RFC 5246 section 7.4.1.3, RFC 8446 section 4.1.1",
		.step = STEP_CONNECT,
		.ask = ask_order,
		.judge = judge_order,
		.params = {
			{
				.name = "chosen_by",
				.type = PARAM_CHOICE,
				.choices = parties,
				.required = true,
				.help = "Whose order of preference decides. A server with one suite alone "
					"passes in any case.",
				.example = "\"server\"",
			},
		},
	},
};

const struct check_family tls_order_family = {
	.name = "tls",
	.summary = "what the server would negotiate: order of preference",
	.checks = checks,
	.count = sizeof(checks) / sizeof(checks[0]),
};
