/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The assertions about the reply to EHLO inside TLS: which reply they are about, and what stands in
 * their way. How a reply is read is for capabilities_test.c.
 */
#include "court_session.h"

#define EHLO ASSERT("session.ehlo")
#define INCLUDES ASSERT_WITH("session.includes", "\"capabilities\":[\"SIZE\"]")
#define EXCLUDES ASSERT_WITH("session.excludes", "\"capabilities\":[\"VRFY\"]")

#define WITHOUT_SIZE "250-mail\r\n250 STARTTLS\r\n"
#define WITH_VRFY "250-mail\r\n250-STARTTLS\r\n250 VRFY\r\n"
#define UNREADABLE "250-mail\r\n250-STARTTLS\r\n250 SI\tZE\r\n"

static const struct session_row accepted[] = {
	{ PASSES("an accepted EHLO passes", EHLO, "AUTH PLAIN LOGIN, SIZE 1000"), { 0 } },
	{ PASSES("an accepted EHLO passes inside implicit TLS", EHLO, "AUTH PLAIN LOGIN"),
		{ .implicit_tls = true } },
	{ PASSES("a reply before TLS that cannot be read does not matter", EHLO, "AUTH"),
		{ .ehlo = UNREADABLE } },
	{ PASSES("a run that is cut short behind it has one", EHLO, "AUTH"),
		{ .step = STEP_AUTH, .cut_short = DEADLINE } },
	{ FAILS("a refused EHLO fails", EHLO, "EhloRefused", CAUSE_SESSION_EHLO, "503 again"),
		{ .session_ehlo = "503 again\r\n",
			ENDS(STEP_SESSION_EHLO, OUTCOME_REFUSED, STREAM_OK,
				"the server answered EHLO with 503 again") } },
	{ IS_OPEN("a server that goes away leaves it open", EHLO, "NoAnswer", CAUSE_SESSION_EHLO,
		  "EHLO inside TLS: 421"),
		{ .session_ehlo = "421 busy\r\n",
			ENDS(STEP_SESSION_EHLO, OUTCOME_BROKEN, STREAM_OK, "421") } },
	{ IS_OPEN("silence leaves it open", EHLO, "NoAnswer", CAUSE_SESSION_EHLO,
		  "EHLO inside TLS: " SILENT),
		{ ENDS(STEP_SESSION_EHLO, OUTCOME_BROKEN, STREAM_TIMEOUT, SILENT) } },
	{ IS_OPEN("a close leaves it open", EHLO, "NoAnswer", CAUSE_SESSION_EHLO, CLOSED),
		{ ENDS(STEP_SESSION_EHLO, OUTCOME_BROKEN, STREAM_CLOSED, CLOSED) } },
	{ IS_OPEN("a close before the deadline is the server's", EHLO, "NoAnswer",
		  CAUSE_SESSION_EHLO, CLOSED),
		{ ENDS(STEP_SESSION_EHLO, OUTCOME_BROKEN, STREAM_CLOSED, CLOSED),
			.cut_short = DEADLINE } },
	{ IS_OPEN("what is cut short is not decided", EHLO, "NotRun", CAUSE_CUT_SHORT, DEADLINE),
		{ ENDS(STEP_SESSION_EHLO, OUTCOME_BROKEN, STREAM_TIMEOUT, SILENT),
			.cut_short = DEADLINE } },
	{ IS_OPEN("a line that can be read two ways leaves it open", EHLO, "Malformed",
		  CAUSE_SESSION_EHLO, "no capability"),
		{ .session_ehlo = UNREADABLE } },
	{ IS_OPEN("without TLS it is open", EHLO, "NoAnswer", CAUSE_HANDSHAKE,
		  "the TLS handshake: alert"),
		{ ENDS(STEP_HANDSHAKE, OUTCOME_REFUSED, STREAM_OK, "alert") } },
	{ IS_OPEN("without STARTTLS it is open", EHLO, "NoAnswer", CAUSE_NO_STARTTLS,
		  "STARTTLS: not offered"),
		{ .ehlo = "250 mail\r\n",
			ENDS(STEP_STARTTLS, OUTCOME_REFUSED, STREAM_OK, "not offered") } },
	{ IS_OPEN("without a greeting inside implicit TLS it is open", EHLO, "NoAnswer",
		  CAUSE_GREETING, "the greeting: " SILENT),
		{ ENDS(STEP_GREETING, OUTCOME_BROKEN, STREAM_TIMEOUT, SILENT),
			.implicit_tls = true } },
};

static const struct session_row included[] = {
	{ PASSES("what is offered inside TLS counts", INCLUDES, "offered: SIZE"),
		{ .ehlo = WITHOUT_SIZE } },
	{ FAILS("what is offered before TLS alone does not count", INCLUDES, "CapabilityMissing",
		  CAUSE_NONE, "not offered: SIZE"),
		{ .session_ehlo = WITHOUT_SIZE } },
	{ IS_OPEN("a line that can be read two ways leaves it open", INCLUDES, "Malformed",
		  CAUSE_SESSION_EHLO, "no capability"),
		{ .session_ehlo = UNREADABLE } },
	{ IS_OPEN("a refused EHLO is another one's matter", INCLUDES, "NoAnswer",
		  CAUSE_SESSION_EHLO, "EHLO inside TLS: 503"),
		{ .session_ehlo = "503 again\r\n",
			ENDS(STEP_SESSION_EHLO, OUTCOME_REFUSED, STREAM_OK, "503") } },
	{ IS_OPEN("without TLS it is open", INCLUDES, "NoAnswer", CAUSE_HANDSHAKE, CLOSED),
		{ ENDS(STEP_HANDSHAKE, OUTCOME_BROKEN, STREAM_CLOSED, CLOSED) } },
};

static const struct session_row excluded[] = {
	{ PASSES("what is not offered inside TLS passes", EXCLUDES, "not offered: VRFY"),
		{ .ehlo = WITH_VRFY } },
	{ FAILS("what is offered inside TLS alone fails", EXCLUDES, "CapabilityOffered", CAUSE_NONE,
		  "offered: VRFY"),
		{ .session_ehlo = WITH_VRFY } },
	{ IS_OPEN("a line that can be read two ways leaves it open", EXCLUDES, "Malformed",
		  CAUSE_SESSION_EHLO, "no capability"),
		{ .session_ehlo = UNREADABLE } },
	{ IS_OPEN("what is cut short is not decided", EXCLUDES, "NotRun", CAUSE_CUT_SHORT,
		  DEADLINE),
		{ ENDS(STEP_HANDSHAKE, OUTCOME_BROKEN, STREAM_INTERRUPTED, "interrupted"),
			.cut_short = DEADLINE } },
};

static void
ehlo_is_accepted_inside_tls(void **state)
{
	(void)state;
	expect_session_findings(accepted, COUNT(accepted));
}

static void
what_is_offered_inside_tls_counts(void **state)
{
	(void)state;
	expect_session_findings(included, COUNT(included));
	expect_session_findings(excluded, COUNT(excluded));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ehlo_is_accepted_inside_tls),
		cmocka_unit_test(what_is_offered_inside_tls_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
