/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The judges of connect, greeting and line endings.
 */
#include "court_session.h"

#define ESTABLISHED ASSERT("connection.established")
#define GREETING ASSERT("connection.greeting")
#define GREETING_CODE(code) ASSERT_WITH("connection.greeting", "\"code\":" code)
#define GREETING_MATCHES(pattern) ASSERT_WITH("connection.greeting", "\"matches\":\"" pattern "\"")
#define LINE_ENDINGS ASSERT("connection.line_endings")

#define NEVER_CONNECTED .step = STEP_CONNECT, .cut_short = DEADLINE

static const struct session_row connects[] = {
	{ PASSES("a connection is established", ESTABLISHED, "connected to 192.0.2.1 port 587"),
		{ 0 } },
	{ PASSES("what comes behind the connection does not matter", ESTABLISHED, "connected"),
		{ ENDS(STEP_GREETING, OUTCOME_BROKEN, STREAM_CLOSED, CLOSED) } },
	{ PASSES("a run that is cut short behind the connection has one", ESTABLISHED, "connected"),
		{ ENDS(STEP_GREETING, OUTCOME_BROKEN, STREAM_TIMEOUT, SILENT),
			.cut_short = DEADLINE } },
	{ FAILS("a refused connection fails", ESTABLISHED, "ConnectionRefused", CAUSE_CONNECT,
		  "192.0.2.1 port 587 refused"),
		{ ENDS(STEP_CONNECT, OUTCOME_REFUSED, STREAM_OK,
			"192.0.2.1 port 587 refused the connection") } },
	{ FAILS("a refusal came before the deadline that cut the run short", ESTABLISHED,
		  "ConnectionRefused", CAUSE_CONNECT, "refused"),
		{ ENDS(STEP_CONNECT, OUTCOME_REFUSED, STREAM_OK, "refused"),
			.cut_short = DEADLINE } },
	{ IS_OPEN("a name that is not there leaves it open", ESTABLISHED, "NoAnswer", CAUSE_CONNECT,
		  "the connection: no such host"),
		{ ENDS(STEP_CONNECT, OUTCOME_BROKEN, STREAM_OK, "no such host") } },
	{ IS_OPEN("a connect without an answer leaves it open", ESTABLISHED, "NoAnswer",
		  CAUSE_CONNECT, "the connection: " SILENT),
		{ ENDS(STEP_CONNECT, OUTCOME_BROKEN, STREAM_TIMEOUT, SILENT) } },
	{ IS_OPEN("a connect that is cut short leaves it open", ESTABLISHED, "NotRun",
		  CAUSE_CUT_SHORT, "not decided: " DEADLINE),
		{ ENDS(STEP_CONNECT, OUTCOME_BROKEN, STREAM_TIMEOUT, SILENT),
			.cut_short = DEADLINE } },
	{ IS_OPEN("a connect that nobody came to is not decided", ESTABLISHED, "NotRun",
		  CAUSE_CUT_SHORT, DEADLINE),
		{ NEVER_CONNECTED } },
};

static const struct session_row greetings[] = {
	{ PASSES("220 greets", GREETING, "220 mail.example.test ESMTP"), { 0 } },
	{ PASSES("a greeting of several lines shows its last", GREETING, "220 second"),
		{ .greeting = "220-first\r\n220 second\r\n" } },
	{ PASSES("what comes behind the greeting does not matter", GREETING, "220"),
		{ ENDS(STEP_EHLO, OUTCOME_BROKEN, STREAM_CLOSED, CLOSED) } },
	{ PASSES("inside implicit TLS it greets the same", GREETING, "220"),
		{ .implicit_tls = true } },
	{ PASSES("another code can be wanted", GREETING_CODE("200"), "200 hello"),
		{ .greeting = "200 hello\r\n" } },
	{ PASSES("a refusal can be wanted", GREETING_CODE("554"), "554 no"),
		{ .greeting = "554 no\r\n",
			ENDS(STEP_GREETING, OUTCOME_REFUSED, STREAM_OK, "554") } },
	{ PASSES("that the server goes away can be wanted", GREETING_CODE("421"), "421 busy"),
		{ .greeting = "421 busy\r\n",
			ENDS(STEP_GREETING, OUTCOME_BROKEN, STREAM_OK, "421") } },
	{ PASSES("the last code there is can be wanted", GREETING_CODE("599"), "599 no"),
		{ .greeting = "599 no\r\n",
			ENDS(STEP_GREETING, OUTCOME_REFUSED, STREAM_OK, "599") } },
	{ FAILS("another good code than is wanted fails and stops nobody", GREETING,
		  "GreetingMismatch", CAUSE_NONE, "greets with \"250 hello\""),
		{ .greeting = "250 hello\r\n" } },
	{ FAILS("220 fails where a refusal is wanted, and stops nobody", GREETING_CODE("554"),
		  "GreetingMismatch", CAUSE_NONE, "greets with \"220 "),
		{ 0 } },
	{ FAILS("a refusal fails and is what stops the rest", GREETING, "GreetingMismatch",
		  CAUSE_GREETING, "greets with \"554 no\""),
		{ .greeting = "554 no\r\n",
			ENDS(STEP_GREETING, OUTCOME_REFUSED, STREAM_OK, "554") } },
	{ FAILS("a refusal is not the other one that is wanted", GREETING_CODE("554"),
		  "GreetingMismatch", CAUSE_GREETING, "450 later"),
		{ .greeting = "450 later\r\n",
			ENDS(STEP_GREETING, OUTCOME_REFUSED, STREAM_OK, "450") } },
	{ FAILS("a refusal came before the deadline that cut the run short", GREETING,
		  "GreetingMismatch", CAUSE_GREETING, "554 no"),
		{ .greeting = "554 no\r\n",
			ENDS(STEP_GREETING, OUTCOME_REFUSED, STREAM_OK, "554"),
			.cut_short = DEADLINE } },
	{ IS_OPEN("a server that goes away leaves it open", GREETING, "NoAnswer", CAUSE_GREETING,
		  "the greeting: the server answered the connection with 421 busy"),
		{ .greeting = "421 busy\r\n",
			ENDS(STEP_GREETING, OUTCOME_BROKEN, STREAM_OK,
				"the server answered the connection with 421 busy") } },
	{ IS_OPEN("silence leaves it open", GREETING, "NoAnswer", CAUSE_GREETING,
		  "the greeting: " SILENT),
		{ ENDS(STEP_GREETING, OUTCOME_BROKEN, STREAM_TIMEOUT, SILENT) } },
	{ IS_OPEN("a close before the greeting leaves it open", GREETING, "NoAnswer",
		  CAUSE_GREETING, "the greeting: " CLOSED),
		{ ENDS(STEP_GREETING, OUTCOME_BROKEN, STREAM_CLOSED, CLOSED) } },
	{ IS_OPEN("a close in the middle of it leaves it open", GREETING, "NoAnswer",
		  CAUSE_GREETING, "in the middle"),
		{ .greeting = "220-first\r\n220",
			ENDS(STEP_GREETING, OUTCOME_BROKEN, STREAM_CLOSED,
				CLOSED " in the middle of a reply") } },
	{ IS_OPEN("a greeting in another language leaves it open", GREETING, "NoAnswer",
		  CAUSE_GREETING, "not SMTP"),
		{ .greeting = "* OK ready\r\n",
			ENDS(STEP_GREETING, OUTCOME_BROKEN, STREAM_OK, "the reply is not SMTP") } },
	{ IS_OPEN("codes that disagree leave it open, though one is wanted", GREETING, "NoAnswer",
		  CAUSE_GREETING, "different codes"),
		{ .greeting = "220-first\r\n250 second\r\n",
			ENDS(STEP_GREETING, OUTCOME_BROKEN, STREAM_OK,
				"the lines of one reply have different codes") } },
	{ IS_OPEN("a greeting that is cut short leaves it open", GREETING, "NotRun",
		  CAUSE_CUT_SHORT, "not decided: " DEADLINE),
		{ ENDS(STEP_GREETING, OUTCOME_BROKEN, STREAM_TIMEOUT, SILENT),
			.cut_short = DEADLINE } },
	{ IS_OPEN("a close before the deadline is the server's", GREETING, "NoAnswer",
		  CAUSE_GREETING, CLOSED),
		{ ENDS(STEP_GREETING, OUTCOME_BROKEN, STREAM_CLOSED, CLOSED),
			.cut_short = DEADLINE } },
	{ IS_OPEN("without a connection it is open", GREETING, "NoAnswer", CAUSE_CONNECT,
		  "the connection: refused"),
		{ ENDS(STEP_CONNECT, OUTCOME_REFUSED, STREAM_OK, "refused") } },
	{ IS_OPEN("without implicit TLS it is open", GREETING, "NoAnswer", CAUSE_HANDSHAKE,
		  "the TLS handshake: alert"),
		{ ENDS(STEP_HANDSHAKE, OUTCOME_REFUSED, STREAM_OK, "alert"),
			.implicit_tls = true } },
};

static const struct session_row patterns[] = {
	{ PASSES("a pattern matches somewhere", GREETING_MATCHES("ESMTP"), "220 mail"), { 0 } },
	{ PASSES("the code is no part of the text", GREETING_MATCHES("^mail\\\\.example"), "220"),
		{ 0 } },
	{ PASSES("a later line can match", GREETING_MATCHES("second"), "220 third"),
		{ .greeting = "220-first\r\n220-second\r\n220 third\r\n" } },
	{ PASSES("lines have a beginning and an end each", GREETING_MATCHES("^second$"), "220"),
		{ .greeting = "220-first\r\n220-second\r\n220 third\r\n" } },
	{ PASSES("a pattern can go over lines", GREETING_MATCHES("first\\nsecond"), "220 second"),
		{ .greeting = "220-first\r\n220 second\r\n" } },
	{ PASSES("the pattern is matched in the code that is wanted",
		  ASSERT_WITH("connection.greeting", "\"code\":554,\"matches\":\"^no\""), "554 no"),
		{ .greeting = "554 no\r\n",
			ENDS(STEP_GREETING, OUTCOME_REFUSED, STREAM_OK, "554") } },
	{ FAILS("a pattern that is nowhere fails", GREETING_MATCHES("Exchange"), "GreetingMismatch",
		  CAUSE_NONE, "\"220 mail.example.test ESMTP\" does not match"),
		{ 0 } },
	{ FAILS("the code does not match", GREETING_MATCHES("220"), "GreetingMismatch", CAUSE_NONE,
		  "does not match"),
		{ 0 } },
	{ FAILS("case matters", GREETING_MATCHES("esmtp"), "GreetingMismatch", CAUSE_NONE,
		  "does not match"),
		{ 0 } },
	{ FAILS("a greeting without text matches nothing", GREETING_MATCHES("."),
		  "GreetingMismatch", CAUSE_NONE, "\"220\" does not match"),
		{ .greeting = "220\r\n" } },
	{ FAILS("a text that matches does not make up for the code", GREETING_MATCHES("busy"),
		  "GreetingMismatch", CAUSE_GREETING, "greets with"),
		{ .greeting = "554 busy\r\n",
			ENDS(STEP_GREETING, OUTCOME_REFUSED, STREAM_OK, "554") } },
};

static const struct session_row line_endings[] = {
	{ PASSES("CR LF ends all lines", LINE_ENDINGS, "all lines end with CR LF"), { 0 } },
	{ PASSES("CR LF ends all lines inside implicit TLS", LINE_ENDINGS, "all lines"),
		{ .implicit_tls = true } },
	{ FAILS("LF alone behind the greeting", LINE_ENDINGS, "BareLineFeed", CAUSE_NONE,
		  "alone: the greeting"),
		{ .greeting = "220 mail\n" } },
	{ FAILS("LF alone within a reply", LINE_ENDINGS, "BareLineFeed", CAUSE_NONE,
		  "alone: the reply to EHLO"),
		{ .ehlo = "250-mail\n250 STARTTLS\r\n" } },
	{ FAILS("LF alone behind the reply to STARTTLS", LINE_ENDINGS, "BareLineFeed", CAUSE_NONE,
		  "alone: the reply to STARTTLS"),
		{ .starttls = "220 go\n" } },
	{ FAILS("LF alone inside TLS", LINE_ENDINGS, "BareLineFeed", CAUSE_NONE,
		  "alone: the reply to EHLO inside TLS"),
		{ .session_ehlo = "250 mail\n" } },
	{ FAILS("all replies are named", LINE_ENDINGS, "BareLineFeed", CAUSE_NONE,
		  "the greeting, the reply to STARTTLS, the reply to EHLO inside TLS"),
		{ .greeting = "220 mail\n",
			.starttls = "220 go\n",
			.session_ehlo = "250 mail\n" } },
	{ IS_OPEN("what has not come yet may end otherwise", LINE_ENDINGS, "NoAnswer",
		  CAUSE_STARTTLS, "STARTTLS: 454"),
		{ .starttls = "454 not now\r\n",
			ENDS(STEP_STARTTLS, OUTCOME_REFUSED, STREAM_OK, "454"),
			.ehlo = "250-mail\r\n250 STARTTLS\r\n" } },
	{ IS_OPEN("what is cut short may end otherwise", LINE_ENDINGS, "NotRun", CAUSE_CUT_SHORT,
		  DEADLINE),
		{ ENDS(STEP_SESSION_EHLO, OUTCOME_BROKEN, STREAM_TIMEOUT, SILENT),
			.cut_short = DEADLINE } },
};

/* Where a bare LF was heard besides, and what is to be said of it. */
static const struct {
	const char *session, *given_up, *observed, *login;
	const char *says, *transcript; /* NULL: it is the session's */
} others[] = {
	{ "the reply to AUTH", NULL, NULL, NULL, "lines end with LF alone: the reply to AUTH",
		NULL },
	{ "the reply to AUTH", NULL, "the greeting", NULL,
		"lines end with LF alone: the reply to AUTH", NULL },
	{ NULL, "the greeting", NULL, NULL,
		"lines end with LF alone on another connection: the greeting", "given up" },
	{ NULL, NULL, "the reply to MAIL", NULL,
		"lines end with LF alone on another connection: the reply to MAIL", "the second" },
	{ NULL, NULL, NULL, "the reply to AUTH",
		"lines end with LF alone on another connection: the reply to AUTH", "the login" },
};

static void
every_line_of_the_run_ends_with_cr_lf(void **state)
{
	static const struct session_said in_order = { .greeting = NULL };
	struct trace traces[] = { { .transcript = "given up" }, { .transcript = "the second" } };

	(void)state;
	for (size_t i = 0; i < COUNT(others); i++) {
		struct court court;
		struct evidence *evidence = &court.evidence;
		struct heard heard = { .bare_lf = others[i].observed };
		struct observation *observation;
		struct conversation *login;
		struct finding got;

		open_at(&court, LINE_ENDINGS "," ASSERT("starttls.required"), OUTCOME_DONE);
		hold_session(&court, &in_order);
		evidence->session.heard.bare_lf = others[i].session;
		evidence->before.bare_lf = others[i].given_up;
		evidence->givens = traces;
		evidence->given_count = 1;
		observation = evidence->observations[0];
		observation->traces = traces;
		observation->trace_count = COUNT(traces);
		heard_add(&observation->heard, &heard, 1, &observation->arena);
		login = arena_alloc(&court.arena, sizeof(*login));
		conversation_init(login, evidence->target->dialect);
		buf_add_string(&login->transcript, "the login");
		login->heard.bare_lf = others[i].login;
		*ARENA_ADD(&evidence->arena, evidence->logins, evidence->login_count) = login;

		judge_arguments(evidence, &court.loaded.checklist.assertions[0].arguments,
			&court.arena, &got);
		assert_int_equal(got.verdict, VERDICT_FAIL);
		assert_string_equal(got.type, "BareLineFeed");
		assert_string_equal(got.message, others[i].says);
		if (others[i].transcript == NULL)
			assert_null(got.shown_by);
		else
			assert_string_equal(got.shown_by->transcript, others[i].transcript);
		court_close(&court);
	}
}

static void
only_a_refusal_fails_a_connection(void **state)
{
	(void)state;
	expect_session_findings(connects, COUNT(connects));
}

static void
a_greeting_has_the_code_that_is_wanted(void **state)
{
	(void)state;
	expect_session_findings(greetings, COUNT(greetings));
}

static void
a_greeting_matches_as_a_whole(void **state)
{
	(void)state;
	expect_session_findings(patterns, COUNT(patterns));
}

static void
every_line_of_every_reply_ends_with_cr_lf(void **state)
{
	(void)state;
	expect_session_findings(line_endings, COUNT(line_endings));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_a_refusal_fails_a_connection),
		cmocka_unit_test(a_greeting_has_the_code_that_is_wanted),
		cmocka_unit_test(a_greeting_matches_as_a_whole),
		cmocka_unit_test(every_line_of_every_reply_ends_with_cr_lf),
		cmocka_unit_test(every_line_of_the_run_ends_with_cr_lf),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
