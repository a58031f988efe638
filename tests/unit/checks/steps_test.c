/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is said of a step that is not done, and of a certificate that nothing proves.
 */
#include "court_session.h"

#include "court_servers.h"

#define SESSION ASSERT("session.ehlo")
#define HANDSHAKE ASSERT("tls.handshake")
#define HOSTNAME ASSERT("certificate.hostname")

#define BREAKS(at, why, what)                       \
	{                                           \
		ENDS(at, OUTCOME_BROKEN, why, what) \
	}
#define BREAKS_AT_THE_DEADLINE(at, how, why, what)              \
	{                                                       \
		ENDS(at, how, why, what), .cut_short = DEADLINE \
	}

/* What stands in the way of an assertion about EHLO inside TLS. */
static const struct session_row broken_steps[] = {
	{ IS_OPEN("a connect that broke stands in the way", SESSION, "NoAnswer", CAUSE_CONNECT,
		  "the connection: " SILENT),
		BREAKS(STEP_CONNECT, STREAM_TIMEOUT, SILENT) },
	{ IS_OPEN("a greeting that broke does", SESSION, "NoAnswer", CAUSE_GREETING,
		  "the greeting: " CLOSED),
		BREAKS(STEP_GREETING, STREAM_CLOSED, CLOSED) },
	{ IS_OPEN("EHLO that broke does", SESSION, "NoAnswer", CAUSE_EHLO, "EHLO: " CLOSED),
		BREAKS(STEP_EHLO, STREAM_CLOSED, CLOSED) },
	{ IS_OPEN("STARTTLS that is offered and not answered does", SESSION, "NoAnswer",
		  CAUSE_STARTTLS, "STARTTLS: " SILENT),
		BREAKS(STEP_STARTTLS, STREAM_TIMEOUT, SILENT) },
	{ IS_OPEN("STARTTLS that is not offered does", SESSION, "NoAnswer", CAUSE_NO_STARTTLS,
		  "STARTTLS: not offered"),
		{ .ehlo = "250 mail\r\n",
			ENDS(STEP_STARTTLS, OUTCOME_REFUSED, STREAM_OK, "not offered") } },
	{ IS_OPEN("a line that may offer STARTTLS does", SESSION, "NoAnswer", CAUSE_EHLO,
		  "STARTTLS: not offered"),
		{ .ehlo = "250-mail\r\n250 START\tTLS\r\n",
			ENDS(STEP_STARTTLS, OUTCOME_REFUSED, STREAM_OK, "not offered") } },
	{ IS_OPEN("a handshake that broke does", SESSION, "NoAnswer", CAUSE_HANDSHAKE,
		  "the TLS handshake: " CLOSED),
		BREAKS(STEP_HANDSHAKE, STREAM_CLOSED, CLOSED) },
	{ IS_OPEN("with implicit TLS the handshake comes before the greeting", SESSION, "NoAnswer",
		  CAUSE_HANDSHAKE, "the TLS handshake: not reached"),
		{ ENDS(STEP_HANDSHAKE, OUTCOME_BROKEN, STREAM_OK, NULL), .implicit_tls = true } },
	{ IS_OPEN("EHLO inside TLS that broke does", SESSION, "NoAnswer", CAUSE_SESSION_EHLO,
		  "EHLO inside TLS: " CLOSED),
		BREAKS(STEP_SESSION_EHLO, STREAM_CLOSED, CLOSED) },
	{ IS_OPEN("a refusal of another step is an error", SESSION, "NoAnswer", CAUSE_HANDSHAKE,
		  "the TLS handshake: alert"),
		{ ENDS(STEP_HANDSHAKE, OUTCOME_REFUSED, STREAM_OK, "alert") } },
	{ FAILS("a refusal of the step that is judged is a fail", HANDSHAKE, "HandshakeFailed",
		  CAUSE_HANDSHAKE, "alert"),
		{ ENDS(STEP_HANDSHAKE, OUTCOME_REFUSED, STREAM_OK, "alert") } },
	{ IS_OPEN("a step that is judged and broke is an error", HANDSHAKE, "NoAnswer",
		  CAUSE_HANDSHAKE, "the TLS handshake: " SILENT),
		BREAKS(STEP_HANDSHAKE, STREAM_TIMEOUT, SILENT) },
};

static const struct session_row cut_short_rows[] = {
	{ IS_OPEN("silence up to the deadline says nothing of the server", HANDSHAKE, "NotRun",
		  CAUSE_CUT_SHORT, "not decided: " DEADLINE),
		BREAKS_AT_THE_DEADLINE(STEP_HANDSHAKE, OUTCOME_BROKEN, STREAM_TIMEOUT, SILENT) },
	{ IS_OPEN("an interrupt says nothing of the server", HANDSHAKE, "NotRun", CAUSE_CUT_SHORT,
		  "not decided: " DEADLINE),
		BREAKS_AT_THE_DEADLINE(STEP_HANDSHAKE, OUTCOME_BROKEN, STREAM_INTERRUPTED, "^C") },
	{ IS_OPEN("a local failure says nothing of the server", HANDSHAKE, "NotRun",
		  CAUSE_CUT_SHORT, "not decided: " DEADLINE),
		BREAKS_AT_THE_DEADLINE(STEP_HANDSHAKE, OUTCOME_BROKEN, STREAM_FAILED, "failed") },
	{ IS_OPEN("a step that was not reached was cut short", HANDSHAKE, "NotRun", CAUSE_CUT_SHORT,
		  "not decided: " DEADLINE),
		{ .step = STEP_HANDSHAKE, .cut_short = DEADLINE } },
	{ IS_OPEN("a step in the way that was cut short says nothing", SESSION, "NotRun",
		  CAUSE_CUT_SHORT, "not decided: " DEADLINE),
		BREAKS_AT_THE_DEADLINE(STEP_EHLO, OUTCOME_BROKEN, STREAM_TIMEOUT, SILENT) },
	{ IS_OPEN("a close was the server's", HANDSHAKE, "NoAnswer", CAUSE_HANDSHAKE,
		  "the TLS handshake: " CLOSED),
		BREAKS_AT_THE_DEADLINE(STEP_HANDSHAKE, OUTCOME_BROKEN, STREAM_CLOSED, CLOSED) },
	{ IS_OPEN("a reset was the server's", HANDSHAKE, "NoAnswer", CAUSE_HANDSHAKE,
		  "the TLS handshake: reset"),
		BREAKS_AT_THE_DEADLINE(STEP_HANDSHAKE, OUTCOME_BROKEN, STREAM_RESET, "reset") },
	{ FAILS("a refusal was the server's", HANDSHAKE, "HandshakeFailed", CAUSE_HANDSHAKE,
		  "alert"),
		BREAKS_AT_THE_DEADLINE(STEP_HANDSHAKE, OUTCOME_REFUSED, STREAM_OK, "alert") },
	{ IS_OPEN("a refusal in the way was the server's", SESSION, "NoAnswer", CAUSE_HANDSHAKE,
		  "the TLS handshake: alert"),
		BREAKS_AT_THE_DEADLINE(STEP_HANDSHAKE, OUTCOME_REFUSED, STREAM_OK, "alert") },
};

/* Without a proof, and whatever became of the handshake. */
static void
shows(struct court *court, const char *leaf)
{
	struct conversation *session = &court->evidence.session;
	struct step_record steps[STEP_COUNT];

	memcpy(steps, session->steps, sizeof(steps));
	show_chain(court, leaf, true);
	memcpy(session->steps, steps, sizeof(steps));
	session->peer.proven = false;
}

static void
proves_the_leaf(struct court *court)
{
	shows(court, "leaf");
	court->evidence.session.peer.proven = true;
}

static void
shows_the_leaf(struct court *court)
{
	shows(court, "leaf");
}

static void
shows_another_name(struct court *court)
{
	shows(court, "leaf-outside");
}

#define SHOWS(sentence, arrange, verdict, type, causes, says)                          \
	{                                                                              \
		sentence, HOSTNAME, OUTCOME_DONE, arrange, verdict, type, causes, says \
	}

/* certificate.hostname stands for all assertions about certificates. */
static const struct session_row proofs[] = {
	{ SHOWS("a certificate of a session is proven", proves_the_leaf, VERDICT_PASS, NULL,
		  CAUSE_NONE, ""),
		{ 0 } },
	{ SHOWS("proof can come without a handshake", proves_the_leaf, VERDICT_PASS, NULL,
		  CAUSE_NONE, ""),
		BREAKS(STEP_HANDSHAKE, STREAM_CLOSED, CLOSED) },
	{ SHOWS("a certificate that anybody can show passes nothing", shows_the_leaf, VERDICT_ERROR,
		  "NotProven", CAUSE_HANDSHAKE,
		  "nothing proves that it holds the key: the TLS handshake: " CLOSED),
		BREAKS(STEP_HANDSHAKE, STREAM_CLOSED, CLOSED) },
	{ SHOWS("the step that broke before the handshake is named", shows_the_leaf, VERDICT_ERROR,
		  "NotProven", CAUSE_STARTTLS, "holds the key: STARTTLS: " SILENT),
		BREAKS(STEP_STARTTLS, STREAM_TIMEOUT, SILENT) },
	{ SHOWS("a session with another certificate proves nothing of this one", shows_the_leaf,
		  VERDICT_ERROR, "NotProven", CAUSE_HANDSHAKE,
		  "the TLS handshake: not with this certificate"),
		{ 0 } },
	{ SHOWS("a fail needs no proof", shows_another_name, VERDICT_FAIL, "HostnameMismatch",
		  CAUSE_HOSTNAME, ""),
		BREAKS(STEP_HANDSHAKE, STREAM_CLOSED, CLOSED) },
};

static void
the_first_step_that_is_not_done_stands_in_the_way(void **state)
{
	(void)state;
	expect_session_findings(broken_steps, COUNT(broken_steps));
}

static void
what_is_cut_short_says_nothing_of_the_server(void **state)
{
	(void)state;
	expect_session_findings(cut_short_rows, COUNT(cut_short_rows));
}

static void
a_certificate_without_proof_passes_nothing(void **state)
{
	(void)state;
	expect_session_findings(proofs, COUNT(proofs));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_step_that_is_not_done_stands_in_the_way),
		cmocka_unit_test(what_is_cut_short_says_nothing_of_the_server),
		cmocka_unit_test(a_certificate_without_proof_passes_nothing),
	};

	return cmocka_run_group_tests(tests, fill_stores, release_stores);
}
