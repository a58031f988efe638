/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The judges of the change from plaintext to TLS.
 */
#include "court_session.h"

#include "probe/starttls_probes.h"

#define ADVERTISED ASSERT("starttls.advertised")
#define ACCEPTED ASSERT("starttls.accepted")
#define ACCEPTED_WITH(code) ASSERT_WITH("starttls.accepted", "\"code\":" code)
#define CLEAN ASSERT("starttls.clean_reply") "," ASSERT("starttls.no_injection")
#define REOFFERED ASSERT("starttls.not_reoffered")

#define OFFERED "250-mail\r\n250 STARTTLS\r\n"
#define NOT_OFFERED "250-mail\r\n250 SIZE\r\n"
#define UNREADABLE "250-mail\r\n250 START\tTLS\r\n"
#define OFFERED_AND_UNREADABLE "250-mail\r\n250-STARTTLS\r\n250 SI\tZE\r\n"
#define LACKING "the server does not offer STARTTLS"

/* A missing offer is a cause of its own only when findings are weighed: see weigh_test.c. */
static const struct session_row advertised[] = {
	{ PASSES("STARTTLS is offered", ADVERTISED, "STARTTLS is offered"), { .ehlo = OFFERED } },
	{ PASSES("case does not matter", ADVERTISED, "STARTTLS is offered"),
		{ .ehlo = "250-mail\r\n250 StartTLS\r\n" } },
	{ PASSES("that it is refused does not matter", ADVERTISED, "STARTTLS is offered"),
		{ .starttls = "454 not now\r\n",
			ENDS(STEP_STARTTLS, OUTCOME_REFUSED, STREAM_OK, "454") } },
	{ FAILS("a server that does not offer it fails", ADVERTISED, "StarttlsMissing",
		  CAUSE_STARTTLS, "STARTTLS is not offered"),
		{ .ehlo = NOT_OFFERED, ENDS(STEP_STARTTLS, OUTCOME_REFUSED, STREAM_OK, LACKING) } },
	{ FAILS("the server's name is no offer", ADVERTISED, "StarttlsMissing", CAUSE_STARTTLS,
		  "not offered"),
		{ .ehlo = "250-STARTTLS\r\n250 SIZE\r\n",
			ENDS(STEP_STARTTLS, OUTCOME_REFUSED, STREAM_OK, LACKING) } },
	{ FAILS("a longer keyword is no offer", ADVERTISED, "StarttlsMissing", CAUSE_STARTTLS,
		  "not offered"),
		{ .ehlo = "250-mail\r\n250 XSTARTTLS\r\n",
			ENDS(STEP_STARTTLS, OUTCOME_REFUSED, STREAM_OK, LACKING) } },
	{ FAILS("an offer inside TLS is none before it", ADVERTISED, "StarttlsMissing",
		  CAUSE_STARTTLS, "not offered"),
		{ .ehlo = NOT_OFFERED,
			.session_ehlo = OFFERED,
			ENDS(STEP_STARTTLS, OUTCOME_REFUSED, STREAM_OK, LACKING) } },
	{ FAILS("what is not offered before the deadline is not", ADVERTISED, "StarttlsMissing",
		  CAUSE_STARTTLS, "not offered"),
		{ .ehlo = NOT_OFFERED,
			ENDS(STEP_STARTTLS, OUTCOME_REFUSED, STREAM_OK, LACKING),
			.cut_short = DEADLINE } },
	{ IS_OPEN("a line that can be read two ways may be the offer", ADVERTISED, "Malformed",
		  CAUSE_EHLO, "what is offered is not known"),
		{ .ehlo = UNREADABLE, ENDS(STEP_STARTTLS, OUTCOME_REFUSED, STREAM_OK, LACKING) } },
	{ IS_OPEN("beside such a line, clients may not see the offer", ADVERTISED, "Malformed",
		  CAUSE_EHLO, "what is offered is not known"),
		{ .ehlo = OFFERED_AND_UNREADABLE } },
	{ IS_OPEN("without EHLO it is open", ADVERTISED, "NoAnswer", CAUSE_EHLO, "EHLO: 550"),
		{ .ehlo = "550 no\r\n", ENDS(STEP_EHLO, OUTCOME_REFUSED, STREAM_OK, "550") } },
	{ IS_OPEN("an EHLO that is cut short leaves it open", ADVERTISED, "NotRun", CAUSE_CUT_SHORT,
		  DEADLINE),
		{ ENDS(STEP_EHLO, OUTCOME_BROKEN, STREAM_TIMEOUT, SILENT),
			.cut_short = DEADLINE } },
};

static const struct session_row accepted[] = {
	{ PASSES("220 accepts", ACCEPTED, "220 go ahead"), { 0 } },
	{ PASSES("a handshake that breaks does not matter", ACCEPTED, "220"),
		{ ENDS(STEP_HANDSHAKE, OUTCOME_BROKEN, STREAM_CLOSED, CLOSED) } },
	{ PASSES("a reply of several lines shows its last", ACCEPTED, "220 now"),
		{ .starttls = "220-go\r\n220 now\r\n" } },
	{ PASSES("the first code there is can be wanted", ACCEPTED_WITH("200"), "200 go"),
		{ .starttls = "200 go\r\n" } },
	{ PASSES("a refusal can be wanted", ACCEPTED_WITH("454"), "454 not now"),
		{ .starttls = "454 not now\r\n",
			ENDS(STEP_STARTTLS, OUTCOME_REFUSED, STREAM_OK, "454") } },
	{ PASSES("that the server goes away can be wanted", ACCEPTED_WITH("421"), "421 busy"),
		{ .starttls = "421 busy\r\n",
			ENDS(STEP_STARTTLS, OUTCOME_BROKEN, STREAM_OK, "421") } },
	{ PASSES("the last code there is can be wanted", ACCEPTED_WITH("599"), "599 no"),
		{ .starttls = "599 no\r\n",
			ENDS(STEP_STARTTLS, OUTCOME_REFUSED, STREAM_OK, "599") } },
	{ FAILS("another good code fails and stops nobody", ACCEPTED, "StarttlsRefused", CAUSE_NONE,
		  "answered STARTTLS with \"250 go\""),
		{ .starttls = "250 go\r\n" } },
	{ FAILS("220 fails where a refusal is wanted", ACCEPTED_WITH("454"), "StarttlsRefused",
		  CAUSE_NONE, "\"220 go ahead\""),
		{ 0 } },
	{ FAILS("a refusal fails and is what stops the rest", ACCEPTED, "StarttlsRefused",
		  CAUSE_STARTTLS, "answered STARTTLS with \"454 not now\""),
		{ .starttls = "454 not now\r\n",
			ENDS(STEP_STARTTLS, OUTCOME_REFUSED, STREAM_OK, "454") } },
	{ FAILS("one refusal is not the other", ACCEPTED_WITH("454"), "StarttlsRefused",
		  CAUSE_STARTTLS, "501"),
		{ .starttls = "501 no\r\n",
			ENDS(STEP_STARTTLS, OUTCOME_REFUSED, STREAM_OK, "501") } },
	{ FAILS("a refusal came before the deadline that cut the run short", ACCEPTED,
		  "StarttlsRefused", CAUSE_STARTTLS, "454"),
		{ .starttls = "454 not now\r\n",
			ENDS(STEP_STARTTLS, OUTCOME_REFUSED, STREAM_OK, "454"),
			.cut_short = DEADLINE } },
	{ FAILS("a server that does not offer it fails, for want of the offer", ACCEPTED,
		  "StarttlsMissing", CAUSE_NO_STARTTLS, LACKING),
		{ .ehlo = NOT_OFFERED, ENDS(STEP_STARTTLS, OUTCOME_REFUSED, STREAM_OK, LACKING) } },
	{ IS_OPEN("what cannot be read may be the offer", ACCEPTED, "Malformed", CAUSE_EHLO,
		  "what is offered is not known"),
		{ .ehlo = UNREADABLE, ENDS(STEP_STARTTLS, OUTCOME_REFUSED, STREAM_OK, LACKING) } },
	{ IS_OPEN("a server that goes away leaves it open", ACCEPTED, "NoAnswer", CAUSE_STARTTLS,
		  "STARTTLS: 421"),
		{ .starttls = "421 busy\r\n",
			ENDS(STEP_STARTTLS, OUTCOME_BROKEN, STREAM_OK, "421") } },
	{ IS_OPEN("silence leaves it open", ACCEPTED, "NoAnswer", CAUSE_STARTTLS,
		  "STARTTLS: " SILENT),
		{ ENDS(STEP_STARTTLS, OUTCOME_BROKEN, STREAM_TIMEOUT, SILENT) } },
	{ IS_OPEN("silence beside a line that cannot be read is silence", ACCEPTED, "NoAnswer",
		  CAUSE_STARTTLS, "STARTTLS: " SILENT),
		{ .ehlo = OFFERED_AND_UNREADABLE,
			ENDS(STEP_STARTTLS, OUTCOME_BROKEN, STREAM_TIMEOUT, SILENT) } },
	{ IS_OPEN("a close leaves it open", ACCEPTED, "NoAnswer", CAUSE_STARTTLS,
		  "STARTTLS: " CLOSED),
		{ ENDS(STEP_STARTTLS, OUTCOME_BROKEN, STREAM_CLOSED, CLOSED) } },
	{ IS_OPEN("what was said before STARTTLS is no reply to it", ACCEPTED, "NoAnswer",
		  CAUSE_STARTTLS, "before it was asked"),
		{ ENDS(STEP_STARTTLS, OUTCOME_BROKEN, STREAM_OK,
			"the server spoke before it was asked") } },
	{ IS_OPEN("codes that disagree leave it open, though one is wanted", ACCEPTED, "NoAnswer",
		  CAUSE_STARTTLS, "different codes"),
		{ .starttls = "220-go\r\n454 not now\r\n",
			ENDS(STEP_STARTTLS, OUTCOME_BROKEN, STREAM_OK, "different codes") } },
	{ IS_OPEN("what is cut short is not decided", ACCEPTED, "NotRun", CAUSE_CUT_SHORT,
		  DEADLINE),
		{ ENDS(STEP_STARTTLS, OUTCOME_BROKEN, STREAM_TIMEOUT, SILENT),
			.cut_short = DEADLINE } },
	{ IS_OPEN("without EHLO it is open", ACCEPTED, "NoAnswer", CAUSE_EHLO, "EHLO: " CLOSED),
		{ ENDS(STEP_EHLO, OUTCOME_BROKEN, STREAM_CLOSED, CLOSED) } },
};

static void
alert(struct court *court)
{
	court->evidence.session.tls.alert = 40;
}

static void
certificate_came(struct court *court)
{
	court->evidence.session.tls.chain_count = 1;
}

static void
one_byte_followed(struct court *court)
{
	court->evidence.session.after_starttls = (struct span){ (const uint8_t *)"x", 1 };
}

static void
bytes_followed(struct court *court)
{
	court->evidence.session.after_starttls = (struct span){ (const uint8_t *)"250 ok\r\n", 8 };
}

static void
bytes_followed_elsewhere(struct court *court)
{
	observed_by(court, &injection_observer)->stray =
		(struct span){ (const uint8_t *)"elsewhere", 9 };
}

static void
bytes_followed_here_and_elsewhere(struct court *court)
{
	bytes_followed(court);
	bytes_followed_elsewhere(court);
}

#define ARRANGED(sentence, arrange, verdict, type, causes, says)                    \
	{                                                                           \
		sentence, CLEAN, OUTCOME_DONE, arrange, verdict, type, causes, says \
	}
#define FOLLOWED "PlaintextAfterStarttls"

static const struct session_row clean_replies[] = {
	{ PASSES("a handshake shows that nothing followed", CLEAN, "nothing follows the reply"),
		{ 0 } },
	{ PASSES("EHLO that breaks inside TLS does not matter", CLEAN, "nothing follows"),
		{ ENDS(STEP_SESSION_EHLO, OUTCOME_BROKEN, STREAM_TIMEOUT, SILENT) } },
	{ ARRANGED("an alert shows it", alert, VERDICT_PASS, NULL, CAUSE_NONE, "nothing follows"),
		{ ENDS(STEP_HANDSHAKE, OUTCOME_REFUSED, STREAM_OK, "alert") } },
	{ ARRANGED("a certificate shows it, whatever came of the handshake", certificate_came,
		  VERDICT_PASS, NULL, CAUSE_NONE, "nothing follows"),
		{ ENDS(STEP_HANDSHAKE, OUTCOME_BROKEN, STREAM_CLOSED, CLOSED) } },
	{ ARRANGED("bytes behind the reply fail", bytes_followed, VERDICT_FAIL, FOLLOWED,
		  CAUSE_NONE, "8 bytes of plaintext"),
		{ 0 } },
	{ ARRANGED("one byte is enough", one_byte_followed, VERDICT_FAIL, FOLLOWED, CAUSE_NONE,
		  "1 byte of plaintext"),
		{ 0 } },
	{ ARRANGED("bytes fail where the handshake breaks for them", bytes_followed, VERDICT_FAIL,
		  FOLLOWED, CAUSE_NONE, "8 bytes"),
		{ ENDS(STEP_HANDSHAKE, OUTCOME_REFUSED, STREAM_OK, "not TLS") } },
	{ ARRANGED("bytes fail where the handshake is cut short", bytes_followed, VERDICT_FAIL,
		  FOLLOWED, CAUSE_NONE, "8 bytes"),
		{ ENDS(STEP_HANDSHAKE, OUTCOME_BROKEN, STREAM_TIMEOUT, SILENT),
			.cut_short = DEADLINE } },
	{ ARRANGED("bytes on another connection fail", bytes_followed_elsewhere, VERDICT_FAIL,
		  FOLLOWED, CAUSE_NONE, "9 bytes"),
		{ 0 } },
	{ ARRANGED("bytes on another connection fail where the session has no TLS",
		  bytes_followed_elsewhere, VERDICT_FAIL, FOLLOWED, CAUSE_NONE, "9 bytes"),
		{ ENDS(STEP_HANDSHAKE, OUTCOME_BROKEN, STREAM_TIMEOUT, SILENT) } },
	{ ARRANGED("those of the session come first", bytes_followed_here_and_elsewhere,
		  VERDICT_FAIL, FOLLOWED, CAUSE_NONE, "8 bytes"),
		{ 0 } },
	{ FAILS("what is no TLS fails as the handshake does", CLEAN, "HandshakeFailed",
		  CAUSE_HANDSHAKE, "not TLS"),
		{ ENDS(STEP_HANDSHAKE, OUTCOME_REFUSED, STREAM_OK, "not TLS") } },
	{ IS_OPEN("silence may have bytes before it", CLEAN, "NoAnswer", CAUSE_HANDSHAKE,
		  "the TLS handshake: " SILENT),
		{ ENDS(STEP_HANDSHAKE, OUTCOME_BROKEN, STREAM_TIMEOUT, SILENT) } },
	{ IS_OPEN("a close may come before what would have followed", CLEAN, "NoAnswer",
		  CAUSE_HANDSHAKE, "the TLS handshake: " CLOSED),
		{ ENDS(STEP_HANDSHAKE, OUTCOME_BROKEN, STREAM_CLOSED, CLOSED) } },
	{ IS_OPEN("what is cut short is not decided", CLEAN, "NotRun", CAUSE_CUT_SHORT, DEADLINE),
		{ ENDS(STEP_HANDSHAKE, OUTCOME_BROKEN, STREAM_TIMEOUT, SILENT),
			.cut_short = DEADLINE } },
	{ IS_OPEN("a refused STARTTLS leaves it open", CLEAN, "NoAnswer", CAUSE_STARTTLS,
		  "STARTTLS: 454"),
		{ .starttls = "454 not now\r\n",
			ENDS(STEP_STARTTLS, OUTCOME_REFUSED, STREAM_OK, "454") } },
};

static const struct session_row reoffered[] = {
	{ PASSES("STARTTLS is gone inside TLS", REOFFERED, "STARTTLS is gone"), { 0 } },
	{ PASSES("a server that offers nothing inside TLS does not offer it", REOFFERED, "gone"),
		{ .session_ehlo = "250 mail\r\n" } },
	{ FAILS("an offer inside TLS fails", REOFFERED, "StarttlsReoffered", CAUSE_NONE,
		  "offered again inside TLS"),
		{ .session_ehlo = OFFERED } },
	{ FAILS("an offer is one beside a line that cannot be read", REOFFERED, "StarttlsReoffered",
		  CAUSE_NONE, "offered again"),
		{ .session_ehlo = OFFERED_AND_UNREADABLE } },
	{ IS_OPEN("a line that can be read two ways may be an offer", REOFFERED, "Malformed",
		  CAUSE_SESSION_EHLO, "what is offered is not known"),
		{ .session_ehlo = UNREADABLE } },
	{ IS_OPEN("without EHLO inside TLS it is open", REOFFERED, "NoAnswer", CAUSE_SESSION_EHLO,
		  "EHLO inside TLS: 503"),
		{ .session_ehlo = "503 again\r\n",
			ENDS(STEP_SESSION_EHLO, OUTCOME_REFUSED, STREAM_OK, "503") } },
	{ IS_OPEN("silence inside TLS leaves it open", REOFFERED, "NoAnswer", CAUSE_SESSION_EHLO,
		  SILENT),
		{ ENDS(STEP_SESSION_EHLO, OUTCOME_BROKEN, STREAM_TIMEOUT, SILENT) } },
	{ IS_OPEN("without TLS it is open", REOFFERED, "NoAnswer", CAUSE_HANDSHAKE, CLOSED),
		{ ENDS(STEP_HANDSHAKE, OUTCOME_BROKEN, STREAM_CLOSED, CLOSED) } },
	{ IS_OPEN("what is cut short is not decided", REOFFERED, "NotRun", CAUSE_CUT_SHORT,
		  DEADLINE),
		{ ENDS(STEP_SESSION_EHLO, OUTCOME_BROKEN, STREAM_TIMEOUT, SILENT),
			.cut_short = DEADLINE } },
};

static void
starttls_is_offered_before_tls(void **state)
{
	(void)state;
	expect_session_findings(advertised, COUNT(advertised));
}

static void
starttls_gets_the_code_that_is_wanted(void **state)
{
	(void)state;
	expect_session_findings(accepted, COUNT(accepted));
}

static void
nothing_follows_the_reply_to_starttls(void **state)
{
	(void)state;
	expect_session_findings(clean_replies, COUNT(clean_replies));
}

static void
starttls_is_gone_inside_tls(void **state)
{
	(void)state;
	expect_session_findings(reoffered, COUNT(reoffered));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(starttls_is_offered_before_tls),
		cmocka_unit_test(starttls_gets_the_code_that_is_wanted),
		cmocka_unit_test(nothing_follows_the_reply_to_starttls),
		cmocka_unit_test(starttls_is_gone_inside_tls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
