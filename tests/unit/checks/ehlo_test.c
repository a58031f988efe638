/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The assertions about the reply to EHLO before TLS: which reply they are about, and what stands in
 * their way. How a reply is read is for capabilities_test.c.
 */
#include "court_session.h"

#define ACCEPTED ASSERT("ehlo.accepted")
#define INCLUDES ASSERT_WITH("ehlo.includes", "\"capabilities\":[\"SIZE\"]")
#define EXCLUDES ASSERT_WITH("ehlo.excludes", "\"capabilities\":[\"ETRN\"]")

#define WITHOUT_SIZE "250-mail\r\n250 STARTTLS\r\n"
#define WITH_ETRN "250-mail\r\n250-STARTTLS\r\n250 ETRN\r\n"
#define UNREADABLE "250-mail\r\n250-STARTTLS\r\n250 SI\tZE\r\n"

static const struct session_row accepted[] = {
	{ PASSES("an accepted EHLO passes", ACCEPTED, "STARTTLS, SIZE 1000"), { 0 } },
	{ PASSES("what comes behind EHLO does not matter", ACCEPTED, "STARTTLS"),
		{ ENDS(STEP_STARTTLS, OUTCOME_BROKEN, STREAM_TIMEOUT, SILENT) } },
	{ PASSES("a reply inside TLS that cannot be read does not matter", ACCEPTED, "STARTTLS"),
		{ .session_ehlo = UNREADABLE } },
	{ FAILS("a refused EHLO fails", ACCEPTED, "EhloRefused", CAUSE_EHLO, "with 550 no"),
		{ .ehlo = "550 no\r\n",
			ENDS(STEP_EHLO, OUTCOME_REFUSED, STREAM_OK,
				"the server answered EHLO with 550 no") } },
	{ FAILS("a refusal came before the deadline that cut the run short", ACCEPTED,
		  "EhloRefused", CAUSE_EHLO, "550"),
		{ .ehlo = "550 no\r\n",
			ENDS(STEP_EHLO, OUTCOME_REFUSED, STREAM_OK, "550"),
			.cut_short = DEADLINE } },
	{ IS_OPEN("a server that goes away leaves it open", ACCEPTED, "NoAnswer", CAUSE_EHLO,
		  "EHLO: 421"),
		{ .ehlo = "421 busy\r\n", ENDS(STEP_EHLO, OUTCOME_BROKEN, STREAM_OK, "421") } },
	{ IS_OPEN("another good code is the reply to something else", ACCEPTED, "NoAnswer",
		  CAUSE_EHLO, "EHLO with 220"),
		{ .ehlo = "220 mail\r\n",
			ENDS(STEP_EHLO, OUTCOME_BROKEN, STREAM_OK,
				"the server answered EHLO with 220") } },
	{ IS_OPEN("what was said before EHLO is no reply to it", ACCEPTED, "NoAnswer", CAUSE_EHLO,
		  "before it was asked"),
		{ ENDS(STEP_EHLO, OUTCOME_BROKEN, STREAM_OK,
			"the server spoke before it was asked") } },
	{ IS_OPEN("silence leaves it open", ACCEPTED, "NoAnswer", CAUSE_EHLO, "EHLO: " SILENT),
		{ ENDS(STEP_EHLO, OUTCOME_BROKEN, STREAM_TIMEOUT, SILENT) } },
	{ IS_OPEN("a close leaves it open", ACCEPTED, "NoAnswer", CAUSE_EHLO, "EHLO: " CLOSED),
		{ ENDS(STEP_EHLO, OUTCOME_BROKEN, STREAM_CLOSED, CLOSED) } },
	{ IS_OPEN("what is cut short is not decided", ACCEPTED, "NotRun", CAUSE_CUT_SHORT,
		  DEADLINE),
		{ ENDS(STEP_EHLO, OUTCOME_BROKEN, STREAM_TIMEOUT, SILENT),
			.cut_short = DEADLINE } },
	{ IS_OPEN("a reset before the deadline is the server's", ACCEPTED, "NoAnswer", CAUSE_EHLO,
		  "reset"),
		{ ENDS(STEP_EHLO, OUTCOME_BROKEN, STREAM_RESET, "reset"), .cut_short = DEADLINE } },
	{ IS_OPEN("a line that can be read two ways leaves it open", ACCEPTED, "Malformed",
		  CAUSE_EHLO, "no capability"),
		{ .ehlo = UNREADABLE } },
	{ IS_OPEN("without a greeting it is open", ACCEPTED, "NoAnswer", CAUSE_GREETING,
		  "the greeting: 554"),
		{ .greeting = "554 no\r\n",
			ENDS(STEP_GREETING, OUTCOME_REFUSED, STREAM_OK, "554") } },
};

static const struct session_row included[] = {
	{ PASSES("what is offered before TLS counts", INCLUDES, "offered: SIZE"),
		{ .session_ehlo = WITHOUT_SIZE } },
	{ PASSES("a handshake that breaks does not matter", INCLUDES, "offered: SIZE"),
		{ ENDS(STEP_HANDSHAKE, OUTCOME_BROKEN, STREAM_CLOSED, CLOSED) } },
	{ FAILS("what is offered inside TLS alone does not count", INCLUDES, "CapabilityMissing",
		  CAUSE_NONE, "not offered: SIZE"),
		{ .ehlo = WITHOUT_SIZE } },
	{ IS_OPEN("a line that can be read two ways leaves it open", INCLUDES, "Malformed",
		  CAUSE_EHLO, "no capability"),
		{ .ehlo = UNREADABLE } },
	{ IS_OPEN("a refused EHLO is another one's matter", INCLUDES, "NoAnswer", CAUSE_EHLO,
		  "EHLO: 550"),
		{ .ehlo = "550 no\r\n", ENDS(STEP_EHLO, OUTCOME_REFUSED, STREAM_OK, "550") } },
	{ IS_OPEN("what is cut short is not decided", INCLUDES, "NotRun", CAUSE_CUT_SHORT,
		  DEADLINE),
		{ ENDS(STEP_EHLO, OUTCOME_BROKEN, STREAM_TIMEOUT, SILENT),
			.cut_short = DEADLINE } },
};

static const struct session_row excluded[] = {
	{ PASSES("what is not offered before TLS passes", EXCLUDES, "not offered: ETRN"),
		{ .session_ehlo = WITH_ETRN } },
	{ FAILS("what is offered before TLS alone fails", EXCLUDES, "CapabilityOffered", CAUSE_NONE,
		  "offered: ETRN"),
		{ .ehlo = WITH_ETRN } },
	{ IS_OPEN("a line that can be read two ways leaves it open", EXCLUDES, "Malformed",
		  CAUSE_EHLO, "no capability"),
		{ .ehlo = UNREADABLE } },
	{ IS_OPEN("a close leaves it open", EXCLUDES, "NoAnswer", CAUSE_EHLO, "EHLO: " CLOSED),
		{ ENDS(STEP_EHLO, OUTCOME_BROKEN, STREAM_CLOSED, CLOSED) } },
	{ IS_OPEN("without a connection it is open", EXCLUDES, "NoAnswer", CAUSE_CONNECT,
		  "the connection: refused"),
		{ ENDS(STEP_CONNECT, OUTCOME_REFUSED, STREAM_OK, "refused") } },
};

static void
ehlo_is_accepted_before_tls(void **state)
{
	(void)state;
	expect_session_findings(accepted, COUNT(accepted));
}

static void
what_is_offered_before_tls_counts(void **state)
{
	(void)state;
	expect_session_findings(included, COUNT(included));
	expect_session_findings(excluded, COUNT(excluded));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ehlo_is_accepted_before_tls),
		cmocka_unit_test(what_is_offered_before_tls_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
