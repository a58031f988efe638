/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The judges of what a server makes of commands that come before TLS.
 */
#include "court_session.h"
#include "reply_codes.h"

#include "probe/starttls_probes.h"

#define NO_INJECTION ASSERT("starttls.no_injection")
#define FORGETS ASSERT("starttls.forgets_state")
#define REQUIRED ASSERT("starttls.required")

#define ANSWER(number, all)                                                                  \
	{                                                                                    \
		.reply = STATUS_OF(number), .meaning = MEANING_OF(number), .code = (number), \
		.text = (all), .codes = (all)                                                \
	}
#define NO_ANSWER                                \
	{                                        \
		.text = "none came", .codes = "" \
	}

/* What an observation found, and how it ended. */
#define ENDED(sentence, assertion, outcome, verdict, type, causes, says)        \
	{                                                                       \
		sentence, assertion, outcome, NULL, verdict, type, causes, says \
	}

/* The end of the last connection of an observation. */
static void
stop_at(struct court *court, const struct observer *observer, enum step step, enum outcome outcome)
{
	struct conversation *conversation = &observed_by(court, observer)->conversation;

	for (enum step i = STEP_CONNECT; i < step; i++)
		conversation->steps[i].outcome = OUTCOME_DONE;
	conversation->steps[step].outcome = outcome;
}

struct injection_row {
	struct session_row row;
	struct injection_record record;
};

static const struct injection_row injections[] = {
	{ { PASSES("QUIT that is answered first shows that the command was dropped", NO_INJECTION,
		    "is dropped"),
		  { 0 } },
		{ .first = ANSWER(221, "221 bye") } },
	{ { ENDED("a server that ends such a session passes", NO_INJECTION, OUTCOME_REFUSED,
		    VERDICT_PASS, NULL, CAUSE_NONE, "ends STARTTLS"),
		  { 0 } },
		{ .answered = false } },
	{ { ENDED("a refusal counts though the run was cut short behind it", NO_INJECTION,
		    OUTCOME_REFUSED, VERDICT_PASS, NULL, CAUSE_NONE, "ends STARTTLS"),
		  { .step = STEP_AUTH, .cut_short = DEADLINE } },
		{ .answered = false } },
	{ { FAILS("another answer first is that to the command", NO_INJECTION, "CommandInjected",
		    CAUSE_NONE, "run inside TLS: \"250 ok\""),
		  { 0 } },
		{ .answered = true, .first = ANSWER(250, "250 ok") } },
	{ { ENDED("no answer is no proof", NO_INJECTION, OUTCOME_BROKEN, VERDICT_ERROR, "NoProof",
		    CAUSE_NONE, "no proof that such commands are dropped: what happened"),
		  { 0 } },
		{ .first = NO_ANSWER } },
	{ { ENDED("what was not asked is no proof", NO_INJECTION, OUTCOME_NOT_REACHED,
		    VERDICT_ERROR, "NoProof", CAUSE_NONE, "no proof that"),
		  { 0 } },
		{ .first = NO_ANSWER } },
	{ { ENDED("what was cut short is not decided", NO_INJECTION, OUTCOME_BROKEN, VERDICT_ERROR,
		    "NotRun", CAUSE_CUT_SHORT, "not decided: " DEADLINE),
		  { .step = STEP_AUTH, .cut_short = DEADLINE } },
		{ .first = NO_ANSWER } },
	{ { ENDED("a session without TLS is no control of a refusal", NO_INJECTION, OUTCOME_REFUSED,
		    VERDICT_ERROR, "NoAnswer", CAUSE_HANDSHAKE, "the TLS handshake: alert"),
		  { ENDS(STEP_HANDSHAKE, OUTCOME_REFUSED, STREAM_OK, "alert") } },
		{ .answered = false } },
	{ { IS_OPEN("without STARTTLS it is open", NO_INJECTION, "NoAnswer", CAUSE_NO_STARTTLS,
		    "STARTTLS: not offered"),
		  { .ehlo = "250 mail\r\n",
			  ENDS(STEP_STARTTLS, OUTCOME_REFUSED, STREAM_OK, "not offered") } },
		{ .first = ANSWER(221, "221 bye") } },
};

static void
a_command_behind_starttls_is_not_run(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(injections); i++) {
		const struct finding_row *finding = &injections[i].row.finding;
		struct injection_record *record;
		struct court court;

		open_at(&court, finding->assertion, finding->outcome);
		hold_session(&court, &injections[i].row.said);
		record = observed_by(&court, &injection_observer)->record;
		*record = injections[i].record;
		expect_finding(&court, finding);
		court_close(&court);
	}
}

struct state_row {
	struct finding_row finding;
	struct state_record record;
};

#define RCPT(at_once_is, after_ehlo_is, without_is, with_is)                               \
	{                                                                                  \
		.at_once = at_once_is, .after_ehlo = after_ehlo_is, .without = without_is, \
		.with = with_is                                                            \
	}
#define C250 ANSWER(250, "250")
#define C450 ANSWER(450, "450")
#define C454 ANSWER(454, "454")
#define C503 ANSWER(503, "503")
#define C530 ANSWER(530, "530")
#define C538 ANSWER(538, "538")
#define C550 ANSWER(550, "550")
#define C551 ANSWER(551, "551")
#define DENIED ANSWER(550, "550 5.7.1")
#define UNKNOWN_USER ANSWER(550, "550 5.1.1")
#define OTHER_550 ANSWER(550, "550 5.4.4")

static const struct state_row states[] = {
	{ PASSES("503 says that there is no transaction", FORGETS, "forgotten: \"503\""),
		RCPT(C503, C503, C503, C550) },
	{ PASSES("503 says so where no transaction is to be had inside TLS", FORGETS, "forgotten"),
		RCPT(C503, C503, C503, NO_ANSWER) },
	{ PASSES("503 says so where RCPT gets something else without one", FORGETS, "forgotten"),
		RCPT(C503, C503, C550, C250) },
	{ PASSES("who was asked behind EHLO alone has forgotten", FORGETS, "forgotten"),
		RCPT(NO_ANSWER, C503, C503, C550) },
	{ PASSES("the enhanced codes tell that there is none", FORGETS, "forgotten: \"550 5.7.1\""),
		RCPT(DENIED, DENIED, DENIED, UNKNOWN_USER) },
	{ FAILS("another answer at once shows one", FORGETS, "StateSurvived", CAUSE_NONE,
		  "RCPT got \"550\""),
		RCPT(C550, C503, C503, C550) },
	{ FAILS("another answer after EHLO shows one", FORGETS, "StateSurvived", CAUSE_NONE,
		  "RCPT got \"550\""),
		RCPT(C503, C550, C503, C550) },
	{ FAILS("a recipient that is taken shows one", FORGETS, "StateSurvived", CAUSE_NONE,
		  "RCPT got \"250\""),
		RCPT(C250, C503, C503, C250) },
	{ FAILS("what RCPT does not get without one shows one, though none is to be had", FORGETS,
		  "StateSurvived", CAUSE_NONE, "RCPT got \"551\""),
		RCPT(C503, C551, C503, NO_ANSWER) },
	{ FAILS("one shows, though the other answer tells nothing", FORGETS, "StateSurvived",
		  CAUSE_NONE, "RCPT got \"250\""),
		RCPT(C450, C250, C503, C250) },
	{ FAILS("the enhanced codes tell that there is one", FORGETS, "StateSurvived", CAUSE_NONE,
		  "RCPT got \"550 5.1.1\""),
		RCPT(DENIED, UNKNOWN_USER, DENIED, UNKNOWN_USER) },
	{ IS_OPEN("503 that is said within one says nothing", FORGETS, "NoProof", CAUSE_NONE,
		  "does not tell whether there is a transaction: \"503\""),
		RCPT(C503, C503, C503, C503) },
	{ IS_OPEN("4xx at once says nothing", FORGETS, "NoProof", CAUSE_NONE, "\"450\""),
		RCPT(C450, C503, C503, C550) },
	{ IS_OPEN("4xx after EHLO says nothing", FORGETS, "NoProof", CAUSE_NONE, "\"450\""),
		RCPT(C503, C450, C503, C550) },
	{ IS_OPEN("530 says nothing", FORGETS, "NoProof", CAUSE_NONE, "\"530\""),
		RCPT(C503, C530, C503, C550) },
	{ IS_OPEN("538 says nothing", FORGETS, "NoProof", CAUSE_NONE, "\"538\""),
		RCPT(C503, C538, C503, C550) },
	{ IS_OPEN("what is answered in any case says nothing", FORGETS, "NoProof", CAUSE_NONE,
		  "\"550\""),
		RCPT(C550, C550, C550, C550) },
	{ IS_OPEN("the answer without one says nothing where none is to be had", FORGETS, "NoProof",
		  CAUSE_NONE, "\"550\""),
		RCPT(C550, C550, C550, NO_ANSWER) },
	{ IS_OPEN("codes like neither say nothing", FORGETS, "NoProof", CAUSE_NONE,
		  "\"550 5.4.4\""),
		RCPT(DENIED, OTHER_550, DENIED, UNKNOWN_USER) },
	{ ENDED("who takes no MAIL before TLS has nothing to forget", FORGETS, OUTCOME_REFUSED,
		  VERDICT_PASS, NULL, CAUSE_NONE, "is taken before TLS: what happened"),
		RCPT(NO_ANSWER, NO_ANSWER, NO_ANSWER, NO_ANSWER) },
	{ ENDED("a connection that broke is no proof", FORGETS, OUTCOME_BROKEN, VERDICT_ERROR,
		  "NoProof", CAUSE_NONE, "no proof that the transaction is forgotten: what"),
		RCPT(C503, NO_ANSWER, NO_ANSWER, NO_ANSWER) },
	{ ENDED("what was not asked is no proof", FORGETS, OUTCOME_NOT_REACHED, VERDICT_ERROR,
		  "NoProof", CAUSE_NONE, "no proof that the transaction is forgotten"),
		RCPT(NO_ANSWER, NO_ANSWER, NO_ANSWER, NO_ANSWER) },
};

static void
a_transaction_shows_in_the_answers_to_rcpt(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(states); i++) {
		struct state_record *record;
		struct court court;

		open_at(&court, states[i].finding.assertion, states[i].finding.outcome);
		record = observed_by(&court, &state_observer)->record;
		*record = states[i].record;
		expect_finding(&court, &states[i].finding);
		court_close(&court);
	}
}

static const struct session_row states_without_a_session[] = {
	{ ENDED("what was cut short is not decided", FORGETS, OUTCOME_BROKEN, VERDICT_ERROR,
		  "NotRun", CAUSE_CUT_SHORT, "not decided: " DEADLINE),
		{ .step = STEP_AUTH, .cut_short = DEADLINE } },
	{ ENDED("who takes no MAIL is not known to start TLS", FORGETS, OUTCOME_REFUSED,
		  VERDICT_ERROR, "NoAnswer", CAUSE_HANDSHAKE, "the TLS handshake: " CLOSED),
		{ ENDS(STEP_HANDSHAKE, OUTCOME_BROKEN, STREAM_CLOSED, CLOSED) } },
	{ ENDED("without STARTTLS it is open", FORGETS, OUTCOME_REFUSED, VERDICT_ERROR, "NoAnswer",
		  CAUSE_STARTTLS, "STARTTLS: 454"),
		{ .starttls = "454 not now\r\n",
			ENDS(STEP_STARTTLS, OUTCOME_REFUSED, STREAM_OK, "454") } },
};

static void
a_session_is_the_control_of_what_is_forgotten(void **state)
{
	(void)state;
	expect_session_findings(states_without_a_session, COUNT(states_without_a_session));
}

struct required_row {
	struct finding_row finding;
	struct answer mail, auth[2], rset, inside;
};

static const struct required_row requirements[] = {
	{ PASSES("530 to all is for want of TLS", REQUIRED, "refused before TLS: \"530\""), C530,
		{ C530, C530 }, C530, NO_ANSWER },
	{ PASSES("538 is for want of encryption", REQUIRED, "refused before TLS: \"538\""), C538,
		{ C538, C530 }, C503, NO_ANSWER },
	{ PASSES("530 to RSET is for want of TLS", REQUIRED, "\"530\""), C530, { C503, C503 }, C530,
		NO_ANSWER },
	{ PASSES("530 to AUTH is for want of TLS", REQUIRED, "\"530\""), C530, { C530, C538 }, C250,
		C530 },
	{ PASSES("250 inside TLS shows what the 530 was for", REQUIRED, "\"530\""), C530,
		{ C503, C503 }, C250, C250 },
	{ PASSES("another refusal inside TLS shows it too", REQUIRED, "\"530\""), C530,
		{ C503, C503 }, C250, C550 },
	{ FAILS("MAIL that is taken fails", REQUIRED, "MailInPlaintext", CAUSE_NONE,
		  "takes MAIL before TLS: \"250\""),
		C250, { C530, C530 }, C530, NO_ANSWER },
	{ FAILS("AUTH that is taken up fails", REQUIRED, "AuthInPlaintext", CAUSE_LOGIN_TAKEN,
		  "takes AUTH before TLS: \"334\""),
		C530, { ANSWER(334, "334"), C530 }, C530, NO_ANSWER },
	{ FAILS("one mechanism that is taken up is enough", REQUIRED, "AuthInPlaintext",
		  CAUSE_LOGIN_TAKEN, "\"334\""),
		C530, { C530, ANSWER(334, "334") }, C530, NO_ANSWER },
	{ FAILS("AUTH that is done without a word fails", REQUIRED, "AuthInPlaintext",
		  CAUSE_LOGIN_TAKEN, "\"235\""),
		C530, { ANSWER(235, "235"), C530 }, C530, NO_ANSWER },
	{ FAILS("MAIL that is taken comes before AUTH", REQUIRED, "MailInPlaintext", CAUSE_NONE,
		  "\"250\""),
		C250, { ANSWER(334, "334"), C530 }, C530, NO_ANSWER },
	{ IS_OPEN("530 inside TLS too is for want of a login", REQUIRED, "NoProof", CAUSE_NONE,
		  "for want of a login: \"530\"; inside TLS: \"530\""),
		C530, { C503, C503 }, C250, C530 },
	{ IS_OPEN("what MAIL gets inside TLS has to be known", REQUIRED, "NoProof", CAUSE_NONE,
		  "for want of a login: \"530\"; inside TLS: \"none came\""),
		C530, { C503, C503 }, C250, NO_ANSWER },
	{ IS_OPEN("530 to one mechanism of two is not enough", REQUIRED, "NoProof", CAUSE_NONE,
		  "for want of a login"),
		C530, { C530, C503 }, C250, C530 },
	{ IS_OPEN("another refusal of MAIL says nothing", REQUIRED, "NoProof", CAUSE_NONE,
		  "not for want of TLS: \"550\""),
		C550, { C530, C530 }, C530, NO_ANSWER },
	{ IS_OPEN("MAIL that is put off may be taken later", REQUIRED, "NoProof", CAUSE_NONE,
		  "not for want of TLS: \"450\""),
		C450, { C530, C530 }, C530, NO_ANSWER },
	{ IS_OPEN("AUTH that is put off may be taken later", REQUIRED, "NoProof", CAUSE_LOGIN_TAKEN,
		  "neither taken nor refused for good: \"454\""),
		C530, { C530, C454 }, C530, NO_ANSWER },
	{ ENDED("MAIL that was taken fails, though the rest was not answered", REQUIRED,
		  OUTCOME_BROKEN, VERDICT_FAIL, "MailInPlaintext", CAUSE_NONE, "\"250\""),
		C250, { NO_ANSWER, NO_ANSWER }, NO_ANSWER, NO_ANSWER },
	{ ENDED("AUTH that was taken fails, though the rest was not answered", REQUIRED,
		  OUTCOME_BROKEN, VERDICT_FAIL, "AuthInPlaintext", CAUSE_LOGIN_TAKEN, "\"334\""),
		C530, { ANSWER(334, "334"), NO_ANSWER }, NO_ANSWER, NO_ANSWER },
	{ ENDED("answers that are not all there are no proof", REQUIRED, OUTCOME_BROKEN,
		  VERDICT_ERROR, "NoProof", CAUSE_NONE, "no proof that TLS is required: what"),
		C530, { C530, C530 }, NO_ANSWER, NO_ANSWER },
	{ ENDED("what was not asked is no proof", REQUIRED, OUTCOME_NOT_REACHED, VERDICT_ERROR,
		  "NoProof", CAUSE_NONE, "no proof that TLS is required"),
		NO_ANSWER, { NO_ANSWER, NO_ANSWER }, NO_ANSWER, NO_ANSWER },
};

static void
tls_is_required_by_what_is_for_want_of_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(requirements); i++) {
		const struct required_row *row = &requirements[i];
		struct required_record *record;
		struct court court;

		open_at(&court, row->finding.assertion, row->finding.outcome);
		record = observed_by(&court, &required_observer)->record;
		*record = (struct required_record){
			.mail = row->mail, .rset = row->rset, .inside = row->inside, .auth_count = 2
		};
		for (size_t j = 0; j < record->auth_count; j++)
			record->auth[j].answer = row->auth[j];
		expect_finding(&court, &row->finding);
		court_close(&court);
	}
}

static void
mail_was_taken(struct court *court)
{
	struct required_record *record = observed_by(court, &required_observer)->record;

	record->mail = (struct answer)C250;
}

static void
broke_at_ehlo(struct court *court)
{
	stop_at(court, &required_observer, STEP_EHLO, OUTCOME_BROKEN);
}

static void
broke_behind_ehlo(struct court *court)
{
	stop_at(court, &required_observer, STEP_STARTTLS, OUTCOME_NOT_REACHED);
}

static void
was_not_made(struct court *court)
{
	observed_by(court, &required_observer)->connections = 0;
}

#define BROKEN(sentence, arrange, verdict, type, causes, says)                           \
	{                                                                                \
		sentence, REQUIRED, OUTCOME_BROKEN, arrange, verdict, type, causes, says \
	}

static const struct session_row sessions_beside_requirements[] = {
	{ BROKEN("MAIL that was taken fails where the session has no TLS", mail_was_taken,
		  VERDICT_FAIL, "MailInPlaintext", CAUSE_NONE, "\"250\""),
		{ .ehlo = "250 mail\r\n",
			ENDS(STEP_STARTTLS, OUTCOME_REFUSED, STREAM_OK, "not offered") } },
	{ BROKEN("what broke at a step that the session took has no cause", broke_at_ehlo,
		  VERDICT_ERROR, "NoProof", CAUSE_NONE, "no proof"),
		{ ENDS(STEP_STARTTLS, OUTCOME_BROKEN, STREAM_TIMEOUT, SILENT) } },
	{ BROKEN("what was not made has the session's cause", was_not_made, VERDICT_ERROR,
		  "NoProof", CAUSE_STARTTLS, "no proof"),
		{ ENDS(STEP_STARTTLS, OUTCOME_BROKEN, STREAM_TIMEOUT, SILENT) } },
	{ BROKEN("what broke behind EHLO is not for want of STARTTLS", broke_behind_ehlo,
		  VERDICT_ERROR, "NoProof", CAUSE_NONE, "no proof"),
		{ .ehlo = "250 mail\r\n",
			ENDS(STEP_STARTTLS, OUTCOME_REFUSED, STREAM_OK, "not offered") } },
	{ BROKEN("what was cut short is not decided", NULL, VERDICT_ERROR, "NotRun",
		  CAUSE_CUT_SHORT, "not decided: " DEADLINE),
		{ ENDS(STEP_STARTTLS, OUTCOME_BROKEN, STREAM_TIMEOUT, SILENT),
			.cut_short = DEADLINE } },
	{ BROKEN("without EHLO it is open", NULL, VERDICT_ERROR, "NoAnswer", CAUSE_EHLO,
		  "EHLO: 550"),
		{ .ehlo = "550 no\r\n", ENDS(STEP_EHLO, OUTCOME_REFUSED, STREAM_OK, "550") } },
};

static void
a_requirement_shares_the_cause_of_the_session(void **state)
{
	(void)state;
	expect_session_findings(sessions_beside_requirements, COUNT(sessions_beside_requirements));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_command_behind_starttls_is_not_run),
		cmocka_unit_test(a_transaction_shows_in_the_answers_to_rcpt),
		cmocka_unit_test(a_session_is_the_control_of_what_is_forgotten),
		cmocka_unit_test(tls_is_required_by_what_is_for_want_of_it),
		cmocka_unit_test(a_requirement_shares_the_cause_of_the_session),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
