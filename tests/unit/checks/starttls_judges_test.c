/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The judges of what comes before TLS, with answers made by hand.
 */
#include "court_answers.h"
#include "reply_codes.h"

#include "probe/starttls_probes.h"

#define ANSWER(number, all)                                                                  \
	{                                                                                    \
		.reply = STATUS_OF(number), .meaning = MEANING_OF(number), .code = (number), \
		.text = (all), .codes = (all)                                                \
	}

struct state_row {
	const char *sentence;
	struct answer at_once, after_ehlo, without, with;
	const char *want;
};

static const struct state_row states[] = {
	{ "503 says that there is no transaction", ANSWER(503, "503"), ANSWER(503, "503"),
		ANSWER(503, "503"), ANSWER(550, "550"), "pass" },
	{ "503 that is said within one says nothing", ANSWER(503, "503"), ANSWER(503, "503"),
		ANSWER(503, "503"), ANSWER(503, "503"), "error" },
	{ "another answer at once shows one", ANSWER(550, "550"), ANSWER(503, "503"),
		ANSWER(503, "503"), ANSWER(550, "550"), "fail" },
	{ "another answer after EHLO shows one", ANSWER(503, "503"), ANSWER(550, "550"),
		ANSWER(503, "503"), ANSWER(550, "550"), "fail" },
	{ "4xx says nothing", ANSWER(450, "450"), ANSWER(503, "503"), ANSWER(503, "503"),
		ANSWER(550, "550"), "error" },
	{ "530 says nothing", ANSWER(503, "503"), ANSWER(530, "530"), ANSWER(503, "503"),
		ANSWER(550, "550"), "error" },
	{ "what is answered in any case says nothing", ANSWER(550, "550"), ANSWER(550, "550"),
		ANSWER(550, "550"), ANSWER(550, "550"), "error" },
	{ "the enhanced codes tell that there is none", ANSWER(550, "550 5.7.1"),
		ANSWER(550, "550 5.7.1"), ANSWER(550, "550 5.7.1"), ANSWER(550, "550 5.1.1"),
		"pass" },
	{ "the enhanced codes tell that there is one", ANSWER(550, "550 5.7.1"),
		ANSWER(550, "550 5.1.1"), ANSWER(550, "550 5.7.1"), ANSWER(550, "550 5.1.1"),
		"fail" },
};

static void
a_transaction_shows_in_the_answers_to_rcpt(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(states); i++) {
		struct state_record *record;
		struct court court;

		open_at(&court, "{\"assert\":\"starttls.forgets_state\"}", OUTCOME_DONE);
		record = observed_by(&court, &state_observer)->record;
		*record = (struct state_record){ .at_once = states[i].at_once,
			.after_ehlo = states[i].after_ehlo,
			.without = states[i].without,
			.with = states[i].with };
		expect(&court, states[i].sentence, states[i].want);
	}
}

struct required_row {
	const char *sentence;
	struct answer mail, auth, rset, inside;
	const char *want;
};

static const struct required_row requirements[] = {
	{ "530 to all is for want of TLS", ANSWER(530, "530"), ANSWER(530, "530"),
		ANSWER(530, "530"), { .reply = REPLY_NO_STATUS }, "pass" },
	{ "530 to RSET is", ANSWER(530, "530"), ANSWER(503, "503"), ANSWER(530, "530"),
		{ .reply = REPLY_NO_STATUS }, "pass" },
	{ "530 inside TLS too is for want of a login", ANSWER(530, "530"), ANSWER(503, "503"),
		ANSWER(250, "250"), ANSWER(530, "530"), "error" },
	{ "250 inside TLS shows what the 530 was for", ANSWER(530, "530"), ANSWER(503, "503"),
		ANSWER(250, "250"), ANSWER(250, "250"), "pass" },
	{ "another refusal of MAIL says nothing", ANSWER(550, "550"), ANSWER(530, "530"),
		ANSWER(530, "530"), { .reply = REPLY_NO_STATUS }, "error" },
	{ "AUTH that is put off may be taken later", ANSWER(530, "530"), ANSWER(454, "454"),
		ANSWER(530, "530"), { .reply = REPLY_NO_STATUS }, "error" },
	{ "AUTH that is taken up fails", ANSWER(530, "530"), ANSWER(334, "334"), ANSWER(530, "530"),
		{ .reply = REPLY_NO_STATUS }, "fail" },
	{ "MAIL that is taken fails", ANSWER(250, "250"), ANSWER(530, "530"), ANSWER(530, "530"),
		{ .reply = REPLY_NO_STATUS }, "fail" },
};

static void
tls_is_required_by_what_is_for_want_of_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(requirements); i++) {
		const struct required_row *row = &requirements[i];
		struct required_record *record;
		struct court court;

		open_at(&court, "{\"assert\":\"starttls.required\"}", OUTCOME_DONE);
		record = observed_by(&court, &required_observer)->record;
		*record = (struct required_record){
			.mail = row->mail, .rset = row->rset, .inside = row->inside, .auth_count = 1
		};
		record->inside.text = "inside";
		record->auth[0].answer = row->auth;
		expect(&court, row->sentence, row->want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_transaction_shows_in_the_answers_to_rcpt),
		cmocka_unit_test(tls_is_required_by_what_is_for_want_of_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
