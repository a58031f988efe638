/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The judges of a message that is announced, and of its size.
 */
#include "court_session.h"
#include "reply_codes.h"

#include "checks/check.h"
#include "probe/mail_probes.h"

#define ADDRESSES "\"from\":\"a@b.test\",\"to\":\"c@d.test\""
#define LOGIN "\"username\":\"gate\",\"password\":\"${password}\""
#define ACCEPTED ASSERT_WITH("mail.accepted", ADDRESSES)
#define ACCEPTED_LOGIN ASSERT_WITH("mail.accepted", ADDRESSES "," LOGIN)
#define RELAY ASSERT_WITH("mail.relay_refused", ADDRESSES)
#define RELAY_BESIDE ASSERT_WITH("mail.relay_refused", ADDRESSES ",\"control\":\"e@b.test\"")
#define SIZE ASSERT_WITH("mail.size", "\"minimum\":1000")
#define SIZE_MAIL ASSERT_WITH("mail.size", "\"minimum\":1000,\"from\":\"a@b.test\"")

#define ANSWER_AS(number, all, means)                                                            \
	{                                                                                        \
		.reply = STATUS_OF(number), .meaning = (means), .code = (number), .text = (all), \
		.codes = (all)                                                                   \
	}
#define ANSWER(number) ANSWER_AS(number, #number, MEANING_OF(number))
#define NONE                                     \
	{                                        \
		.text = "none came", .codes = "" \
	}

/* What an observation found, and how it ended. */
#define ENDED(sentence, assertion, outcome, verdict, type, causes, says)        \
	{                                                                       \
		sentence, assertion, outcome, NULL, verdict, type, causes, says \
	}

struct row {
	struct finding_row finding;
	bool offers_login;
	struct answer mail, rcpt, control;
};

static const struct row accepted[] = {
	{ PASSES("250 to both is a yes", ACCEPTED, "from <a@b.test> for <c@d.test>: \"250\""),
		false, ANSWER(250), ANSWER(250), NONE },
	{ PASSES("a recipient whose mail is handed on is taken", ACCEPTED, "\"251\""), false,
		ANSWER(250), ANSWER(251), NONE },
	{ FAILS("a sender that is refused", ACCEPTED, "MailRefused", CAUSE_NONE,
		  "refused MAIL: \"550\""),
		false, ANSWER(550), NONE, NONE },
	{ FAILS("a server that wants a login", ACCEPTED, "MailRefused", CAUSE_NONE, "\"530\""),
		true, ANSWER(530), NONE, NONE },
	{ FAILS("a recipient that is refused", ACCEPTED, "RecipientRefused", CAUSE_NONE,
		  "refused RCPT: \"554\""),
		false, ANSWER(250), ANSWER(554), NONE },
	{ IS_OPEN("a temporary no to the sender", ACCEPTED, "Undecided", CAUSE_NONE, "MAIL"), false,
		ANSWER(451), NONE, NONE },
	{ IS_OPEN("greylisting is no refusal", ACCEPTED, "Undecided", CAUSE_NONE,
		  "neither took nor refused RCPT for good: \"450\""),
		false, ANSWER(250), ANSWER(450), NONE },
	{ IS_OPEN("a yes to something else is none", ACCEPTED, "Undecided", CAUSE_NONE, "\"220\""),
		false, ANSWER(250), ANSWER(220), NONE },
	{ IS_OPEN("nor is a challenge", ACCEPTED, "Undecided", CAUSE_NONE, "\"334\""), false,
		ANSWER(334), NONE, NONE },
	{ ENDED("what was not answered is open", ACCEPTED, OUTCOME_BROKEN, VERDICT_ERROR, "NoProof",
		  CAUSE_NONE, "no proof that the mail is taken: what happened"),
		false, ANSWER(250), NONE, NONE },
	{ ENDED("replies that do not keep step prove nothing", ACCEPTED, OUTCOME_BROKEN,
		  VERDICT_ERROR, "NoProof", CAUSE_NONE, "no proof"),
		false, ANSWER(250), ANSWER(250), NONE },
	{ ENDED("what was not asked is open", ACCEPTED, OUTCOME_NOT_REACHED, VERDICT_ERROR,
		  "NoProof", CAUSE_NONE, "no proof"),
		false, NONE, NONE, NONE },
};

#define UNKNOWN_USER ANSWER_AS(550, "550 5.1.1", REPLY_NO_MEANING)
#define NOT_UNDERSTOOD ANSWER_AS(500, "500", REPLY_NO_MEANING)
#define WANTS_LOGIN ANSWER_AS(550, "550 5.7.0", REPLY_LOGIN_MISSING)

static const struct row relays[] = {
	{ PASSES("a recipient that is refused beside one that is taken", RELAY_BESIDE,
		  "mail for <c@d.test> is refused: \"554\""),
		false, ANSWER(250), ANSWER(554), ANSWER(250) },
	{ PASSES("likewise where the other one is handed on", RELAY_BESIDE, "\"550\""), false,
		ANSWER(250), ANSWER(550), ANSWER(251) },
	{ PASSES("a server for its own users refuses all recipients", RELAY, "\"554\""), true,
		ANSWER(250), ANSWER(554), ANSWER(554) },
	{ PASSES("a server that wants a login before MAIL", RELAY, "without a login: \"530\""),
		true, ANSWER(530), NONE, NONE },
	{ PASSES("a server that wants one at RCPT", RELAY, "\"550 5.7.0\""), true, ANSWER(250),
		WANTS_LOGIN, WANTS_LOGIN },
	{ FAILS("a recipient that is taken", RELAY, "RelayOpen", CAUSE_NONE,
		  "for <c@d.test> without a login: \"250\""),
		false, ANSWER(250), ANSWER(250), NONE },
	{ FAILS("one whose mail is handed on", RELAY, "RelayOpen", CAUSE_NONE, "\"251\""), true,
		ANSWER(250), ANSWER(251), NONE },
	{ IS_OPEN("a temporary no", RELAY, "Undecided", CAUSE_NONE, "\"451\""), true, ANSWER(250),
		ANSWER(451), NONE },
	{ IS_OPEN("a challenge", RELAY, "Undecided", CAUSE_NONE, "\"334\""), true, ANSWER(250),
		ANSWER(334), NONE },
	{ IS_OPEN("a recipient that is only not known", RELAY, "NoProof", CAUSE_NONE,
		  "not because mail for others is not taken: \"550 5.1.1\""),
		true, ANSWER(250), UNKNOWN_USER, ANSWER(250) },
	{ IS_OPEN("a command that was not understood", RELAY, "NoProof", CAUSE_NONE, "\"500\""),
		true, ANSWER(250), NOT_UNDERSTOOD, ANSWER(250) },
	{ IS_OPEN("one out of sequence", RELAY, "NoProof", CAUSE_NONE, "\"503\""), true,
		ANSWER(250), ANSWER(503), ANSWER(250) },
	{ IS_OPEN("no room", RELAY, "NoProof", CAUSE_NONE, "\"552\""), true, ANSWER(250),
		ANSWER(552), ANSWER(250) },
	{ IS_OPEN("530 where no login is offered", RELAY, "NoProof", CAUSE_NONE, "\"530\""), false,
		ANSWER(250), ANSWER(530), ANSWER(250) },
	{ IS_OPEN("a server that refuses everything", RELAY_BESIDE, "NoProof", CAUSE_NONE,
		  "RCPT was refused, but so is <e@b.test> (\"554\")"),
		false, ANSWER(250), ANSWER(554), ANSWER(554) },
	{ IS_OPEN("one where logins are offered, beside another that is refused", RELAY_BESIDE,
		  "NoProof", CAUSE_NONE, "but so is <e@b.test>"),
		true, ANSWER(250), ANSWER(554), ANSWER(554) },
	{ IS_OPEN("one with nothing beside it, where no login is offered", RELAY, "NoProof",
		  CAUSE_NONE, "name a recipient that it takes mail for"),
		false, ANSWER(250), ANSWER(554), NONE },
	{ IS_OPEN("one that puts the other recipient off", RELAY_BESIDE, "NoProof", CAUSE_NONE,
		  "(\"450\")"),
		false, ANSWER(250), ANSWER(554), ANSWER(450) },
	{ IS_OPEN("a sender that is refused", RELAY, "NoProof", CAUSE_NONE, "MAIL was not taken"),
		true, ANSWER(550), NONE, NONE },
	{ IS_OPEN("530 to MAIL where no login is offered", RELAY, "NoProof", CAUSE_NONE,
		  "MAIL was not taken"),
		false, ANSWER(530), NONE, NONE },
	{ ENDED("what was not answered is open", RELAY, OUTCOME_BROKEN, VERDICT_ERROR, "NoProof",
		  CAUSE_NONE, "no proof that mail for others is refused: what happened"),
		true, ANSWER(250), ANSWER(554), NONE },
};

static void
hold_answers(struct court *court, const struct row *row)
{
	struct transaction_record *record = observed_by(court, &transaction_observer)->record;

	record->offers_login = row->offers_login;
	record->mail = row->mail;
	record->rcpt = row->rcpt;
	record->of_control = row->control;
}

static void
expect_rows(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct court court;

		open_at(&court, rows[i].finding.assertion, rows[i].finding.outcome);
		hold_answers(&court, &rows[i]);
		expect_finding(&court, &rows[i].finding);
		court_close(&court);
	}
}

static void
mail_is_accepted_by_two_answers(void **state)
{
	(void)state;
	expect_rows(accepted, COUNT(accepted));
}

static void
relaying_is_refused_where_another_recipient_is_not(void **state)
{
	(void)state;
	expect_rows(relays, COUNT(relays));
}

struct login_row {
	struct finding_row finding;
	struct auth_attempt attempt;
};

static const struct login_row logins[] = {
	{ PASSES("a login that succeeded stands in no way", ACCEPTED_LOGIN, "\"250\""),
		{ .offered = true, .outcome = OUTCOME_DONE, .meaning = REPLY_AUTHENTICATED } },
	{ ENDED("a mechanism that is not offered", ACCEPTED_LOGIN, OUTCOME_BROKEN, VERDICT_ERROR,
		  "NotLoggedIn", CAUSE_NONE, "AUTH PLAIN is not offered inside TLS"),
		{ .offered = false } },
	{ ENDED("a login that is refused", ACCEPTED_LOGIN, OUTCOME_BROKEN, VERDICT_ERROR,
		  "NotLoggedIn", CAUSE_NONE,
		  "gate was not logged in: the server answered AUTH PLAIN"),
		{ .offered = true,
			.outcome = OUTCOME_DONE,
			.meaning = REPLY_BAD_CREDENTIALS,
			.text = "535 5.7.8" } },
	{ ENDED("a password that was withheld", ACCEPTED_LOGIN, OUTCOME_BROKEN, VERDICT_ERROR,
		  "CredentialsWithheld", CAUSE_PATH, "not trusted for mail.example.test"),
		{ .offered = true, .withheld = true } },
	{ ENDED("a login without an answer", ACCEPTED_LOGIN, OUTCOME_BROKEN, VERDICT_ERROR,
		  "NoProof", CAUSE_NONE, "what happened"),
		{ .offered = true, .outcome = OUTCOME_BROKEN, .text = "closed" } },
};

static void
what_comes_behind_a_login_needs_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(logins); i++) {
		const struct finding_row *finding = &logins[i].finding;
		struct row row = { .mail = ANSWER(250), .rcpt = ANSWER(250) };
		struct transaction_record *record;
		struct court court;

		open_at(&court, finding->assertion, finding->outcome);
		hold_answers(&court, &row);
		record = observed_by(&court, &transaction_observer)->record;
		record->attempt = logins[i].attempt;
		record->attempt.mechanism = "PLAIN";
		record->attempt.username = "gate";
		record->attempt.conversation =
			&observed_by(&court, &transaction_observer)->conversation;
		expect_finding(&court, finding);
		court_close(&court);
	}
}

#define EHLO(lines)                                                      \
	{                                                                \
		.session_ehlo = "250-mail.example.test\r\n" lines "\r\n" \
	}

static const struct session_row sizes[] = {
	{ PASSES("a limit that is the minimum", SIZE, "up to 1000 bytes"), EHLO("250 SIZE 1000") },
	{ PASSES("0 is no limit", SIZE, "no limit"), EHLO("250 SIZE 0") },
	{ PASSES("the keyword in other letters", SIZE, "2000"), EHLO("250 size 2000") },
	{ PASSES("the same twice", SIZE, "2000"), EHLO("250-SIZE 2000\r\n250 SIZE 2000") },
	{ PASSES("twenty digits", SIZE, "18446744073709551615"),
		EHLO("250 SIZE 99999999999999999999") },
	{ FAILS("a limit below it", SIZE, "SizeTooSmall", CAUSE_NONE, "above 999 bytes"),
		EHLO("250 SIZE 999") },
	{ FAILS("no offer", SIZE, "SizeMissing", CAUSE_NONE, "not offered"), EHLO("250 8BITMIME") },
	{ FAILS("a keyword that only begins so", SIZE, "SizeMissing", CAUSE_NONE, "not offered"),
		EHLO("250 SIZES 2000") },
	{ IS_OPEN("no number", SIZE, "SizeUntold", CAUSE_NONE, "tells no number"),
		EHLO("250 SIZE") },
	{ IS_OPEN("words", SIZE, "SizeUnclear", CAUSE_NONE, "is no number: SIZE large"),
		EHLO("250 SIZE large") },
	{ IS_OPEN("a negative number", SIZE, "SizeUnclear", CAUSE_NONE, "no number"),
		EHLO("250 SIZE -1") },
	{ IS_OPEN("two numbers", SIZE, "SizeUnclear", CAUSE_NONE, "no number"),
		EHLO("250 SIZE 1000 2000") },
	{ IS_OPEN("twenty-one digits", SIZE, "SizeUnclear", CAUSE_NONE, "no number"),
		EHLO("250 SIZE 100000000000000000000") },
	{ IS_OPEN("two that differ", SIZE, "SizeUnclear", CAUSE_NONE, "two ways"),
		EHLO("250-SIZE 2000\r\n250 SIZE 500") },
	{ IS_OPEN("one with a number and one without", SIZE, "SizeUnclear", CAUSE_NONE, "two ways"),
		EHLO("250-SIZE 0\r\n250 SIZE") },
	{ IS_OPEN("a readable one and one that is not", SIZE, "SizeUnclear", CAUSE_NONE,
		  "no number"),
		EHLO("250-SIZE x\r\n250 SIZE 2000") },
	{ IS_OPEN("it may stand in a line that cannot be read", SIZE, "Malformed",
		  CAUSE_SESSION_EHLO, "no capability"),
		EHLO("250 SI\tZE 2000") },
	{ IS_OPEN("no answer to EHLO", SIZE, "NoAnswer", CAUSE_SESSION_EHLO, "EHLO inside TLS"),
		{ ENDS(STEP_SESSION_EHLO, OUTCOME_BROKEN, STREAM_CLOSED, CLOSED) } },
};

static void
the_size_is_that_of_the_capability(void **state)
{
	(void)state;
	expect_session_findings(sizes, COUNT(sizes));
}

struct announced_row {
	struct session_row row;
	struct answer mail;
};

static const struct announced_row announced[] = {
	{ { PASSES("MAIL is taken with that size", SIZE_MAIL, "SIZE=1000 is taken"), { 0 } },
		ANSWER(250) },
	{ { PASSES("MAIL tells what a number did not", SIZE_MAIL, "is taken"), EHLO("250 SIZE") },
		ANSWER(250) },
	{ { FAILS("MAIL is refused for its size", SIZE_MAIL, "SizeRefused", CAUSE_NONE,
		    "refused MAIL with SIZE=1000: \"552\""),
		  { 0 } },
		ANSWER(552) },
	{ { FAILS("what is told is too small whatever MAIL gets", SIZE_MAIL, "SizeTooSmall",
		    CAUSE_NONE, "above 10 bytes"),
		  EHLO("250 SIZE 10") },
		ANSWER(250) },
	{ { IS_OPEN("there is no room just now", SIZE_MAIL, "Undecided", CAUSE_NONE, "\"452\""),
		  { 0 } },
		ANSWER(452) },
	{ { IS_OPEN("MAIL is refused for want of a login", SIZE_MAIL, "Undecided", CAUSE_NONE,
		    "\"530\""),
		  { 0 } },
		ANSWER(530) },
	{ { ENDED("MAIL got no answer", SIZE_MAIL, OUTCOME_BROKEN, VERDICT_ERROR, "NoProof",
		    CAUSE_NONE, "no proof that MAIL with that size is taken"),
		  { 0 } },
		NONE },
};

static void
mail_with_a_size_decides_behind_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(announced); i++) {
		const struct finding_row *finding = &announced[i].row.finding;
		struct court court;

		open_at(&court, finding->assertion, finding->outcome);
		hold_session(&court, &announced[i].row.said);
		((struct transaction_record *)observed_by(&court, &transaction_observer)->record)
			->mail = announced[i].mail;
		expect_finding(&court, finding);
		court_close(&court);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mail_is_accepted_by_two_answers),
		cmocka_unit_test(relaying_is_refused_where_another_recipient_is_not),
		cmocka_unit_test(what_comes_behind_a_login_needs_it),
		cmocka_unit_test(the_size_is_that_of_the_capability),
		cmocka_unit_test(mail_with_a_size_decides_behind_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
