/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One true cause for every red, whatever the order of the assertions.
 */
#include "court_servers.h"

#include "checks/causes.h"

struct scenario {
	const char *sentence;
	server_fn *server;
	const char *assertions;
	const char *want;
};

static const struct scenario scenarios[] = {
	{ "a cause is reported by its owner, not by who comes first", offers_no_starttls,
		ROW("certificate.trusted") "," ROW("starttls.advertised"),
		"certificate.trusted:skipped starttls.advertised:fail" },
	{ "in the other order as well", offers_no_starttls,
		ROW("starttls.advertised") "," ROW("certificate.trusted"),
		"starttls.advertised:fail certificate.trusted:skipped" },
	{ "an owner nobody asked for is added", offers_no_starttls, ROW("certificate.trusted"),
		"starttls.advertised:fail certificate.trusted:skipped" },
	{ "an owner is added once", offers_no_starttls,
		ROW("certificate.trusted") "," ROW("tls.handshake") "," ROW("session.ehlo"),
		"starttls.advertised:fail certificate.trusted:skipped tls.handshake:skipped "
		"session.ehlo:skipped" },
	{ "an owner is added where the first that needs it stands", offers_no_starttls,
		ROW("ehlo.accepted") "," ROW("tls.handshake"),
		"ehlo.accepted:pass starttls.advertised:fail tls.handshake:skipped" },
	{ "an added owner gets an id of its own", offers_no_starttls,
		"{\"id\":\"starttls.advertised\",\"assert\":\"tls.handshake\"}",
		"starttls.advertised#2:fail starttls.advertised:skipped" },
	{ "STARTTLS that is offered and refused is another cause", refuses_starttls,
		ROW("starttls.advertised") "," ROW("tls.handshake"),
		"starttls.advertised:pass starttls.accepted:fail tls.handshake:skipped" },
	{ "starttls.accepted is about the offer too where there is none", offers_no_starttls,
		ROW("starttls.accepted"), "starttls.advertised:fail starttls.accepted:skipped" },
	{ "a refused connect is a fail of the connection", refuses_the_connection, LOGIN,
		"connection.established:fail auth.login:skipped" },
	{ "a name that is not there is an error of the connection", has_no_name,
		ROW("tls.handshake"), "connection.established:error tls.handshake:skipped" },
	{ "a greeting that is expected to refuse passes and carries nothing", turns_away,
		"{\"assert\":\"connection.greeting\",\"code\":554}," ROW("tls.handshake") "," ROW(
			"session.ehlo"),
		"connection.greeting:pass tls.handshake:error session.ehlo:skipped" },
	{ "an advisory owner stands for nobody", refuses_the_connection,
		ADVISORY("connection.established") "," ROW("session.ehlo") "," ROW("tls.handshake"),
		"connection.established:warned session.ehlo:skipped tls.handshake:error" },
	{ "a waived owner stands for nobody", refuses_the_connection,
		WAIVED("connection.established") "," ROW("session.ehlo") "," ROW("tls.handshake"),
		"connection.established:waived session.ehlo:skipped tls.handshake:error" },
	{ "what is advisory or waived is skipped for a cause that is reported",
		refuses_the_connection,
		ROW("connection.established") "," ADVISORY("tls.handshake") "," WAIVED(
			"session.ehlo"),
		"connection.established:fail tls.handshake:skipped session.ehlo:skipped" },
	{ "nothing is added for what is advisory or waived alone", refuses_the_connection,
		ADVISORY("tls.handshake") "," WAIVED("session.ehlo"),
		"tls.handshake:warned session.ehlo:waived" },
	{ "a withheld password is a matter of the certificate", is_untrusted, LOGIN,
		"certificate.trusted:fail auth.login:skipped" },
	{ "an expired leaf is a matter of its dates", has_an_expired_leaf,
		LOGIN "," ROW("certificate.trusted"),
		"certificate.expiry:fail auth.login:skipped certificate.trusted:skipped" },
	{ "a name that is not there is one of the host", has_another_name, LOGIN,
		"certificate.hostname:fail auth.login:skipped" },
	{ "each of several causes is reported", has_everything_wrong, LOGIN,
		"certificate.expiry:fail certificate.trusted:fail certificate.hostname:fail "
		"auth.login:skipped" },
	{ "who is not about it is skipped for all of them", has_everything_wrong,
		ROW("certificate.hostname") "," LOGIN "," ROW("certificate.expiry"),
		"certificate.hostname:fail certificate.trusted:fail auth.login:skipped "
		"certificate.expiry:fail" },
	{ "another assertion about it stands in for an owner nobody asked for", is_untrusted,
		ROW("certificate.chain") "," LOGIN, "certificate.chain:fail auth.login:skipped" },
	{ "a host name asked for by parameter is another question", has_another_name,
		"{\"assert\":\"certificate.hostname\",\"name\":\"mail.other.test\"}," LOGIN,
		"certificate.hostname:pass auth.login:error" },
	{ "a mechanism that is missing is a matter of those offered", is_good, LOGIN_BY_LOGIN,
		"auth.mechanisms:fail by-login:skipped" },
	{ "a mechanism that is asked for and missing is the same", is_good,
		LOGIN_BY_LOGIN ",{\"assert\":\"auth.mechanisms\",\"includes\":[\"LOGIN\"]}",
		"by-login:skipped auth.mechanisms:fail" },
	{ "one that is missing besides is another cause", is_good,
		LOGIN_BY_LOGIN ",{\"assert\":\"auth.mechanisms\",\"includes\":[\"NTLM\"]}",
		"by-login:fail auth.mechanisms:fail" },
	{ "what is of the future is a matter of its dates", has_a_leaf_of_the_future,
		ROW("certificate.trusted") "," LOGIN,
		"certificate.expiry:fail certificate.trusted:skipped auth.login:skipped" },
	{ "the other assertion about dates stands in for it", has_a_leaf_of_the_future,
		ROW("certificate.trusted") "," ROW("certificate.not_before"),
		"certificate.trusted:skipped certificate.not_before:fail" },
	{ "what the evidence does not bear out is no cause", had_another_name, LOGIN,
		"certificate.expiry:fail auth.login:skipped" },
	{ "no certificate is a matter of trust", shows_no_certificate,
		ROW("certificate.hostname") "," LOGIN,
		"certificate.trusted:error certificate.hostname:skipped auth.login:skipped" },
	{ "an attempt that was not made counts for itself", takes_no_second_connection, LOGIN,
		"auth.login:error" },
	{ "a refusal was an answer before the deadline", refuses_the_connection_at_the_deadline,
		ROW("tls.handshake"), "connection.established:fail tls.handshake:skipped" },
	{ "a limit of ours excuses nothing else", ends_in_a_strange_root_with_a_key_too_long_for_us,
		ROW("certificate.trusted"), "certificate.trusted:fail" },
	{ "what was cut short is one error", is_cut_short,
		ROW("session.ehlo") "," ROW("tls.handshake") "," ROW("connection.established"),
		"session.ehlo:skipped tls.handshake:error connection.established:pass" },
	{ "a limit of ours is an error, and no password is sent for it",
		is_signed_with_a_key_too_long_for_us, ROW("certificate.trusted") "," LOGIN,
		"certificate.trusted:error auth.login:skipped" },
	{ "a key too long for us breaks the handshake", has_a_key_too_long_for_us,
		ROW("certificate.trusted") "," ROW("certificate.key"),
		"tls.handshake:error certificate.trusted:skipped certificate.key:skipped" },
	{ "all is well", is_good, ROW("certificate.trusted") "," LOGIN,
		"certificate.trusted:pass auth.login:pass" },
	{ "the same owner twice carries a cause once", refuses_the_connection,
		"{\"id\":\"b\",\"assert\":\"connection.established\"},"
		"{\"id\":\"a\",\"assert\":\"connection.established\"}",
		"b:skipped a:fail" },
};

static void
causes_are_reported_by_their_owners(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(scenarios) / sizeof(scenarios[0]); i++) {
		struct court court;

		court_open(&court, scenarios[i].assertions, date_at(DAY_IN_2026));
		scenarios[i].server(&court);
		court_judge(&court);
		expect_cases(&court, scenarios[i].sentence, scenarios[i].want);
		court_close(&court);
	}
}

static void
greets_with_tls(struct court *court)
{
	answer(&court->evidence.session.greeting, "\x15\x03\x01");
	end_at(court, STEP_GREETING, OUTCOME_BROKEN, "closed in the middle of a reply");
}

static void
answers_ehlo_with_tls(struct court *court)
{
	answer(&court->evidence.session.ehlo, "\x14\x03\x03 \n");
	end_at(court, STEP_EHLO, OUTCOME_BROKEN, "the reply is not SMTP");
}

static void
sends_first(struct court *court, const char *bytes)
{
	struct span *first = &court->evidence.session.tls.first_bytes;

	snprintf(court->evidence.session.address, DIAL_ADDRESS_MAX, "192.0.2.1");
	*first = (struct span){ (const uint8_t *)bytes, strlen(bytes) };
	end_at(court, STEP_HANDSHAKE, bytes[0] == '\0' ? OUTCOME_BROKEN : OUTCOME_REFUSED,
		"not TLS");
}

static void
greets_a_hello(struct court *court)
{
	sends_first(court, "220 mail.example.test ESMTP\r\n");
}

static void
greets_a_hello_as_imap(struct court *court)
{
	sends_first(court, "* OK [CAPABILITY IMAP4rev1]");
}

static void
answers_a_hello_with_an_alert(struct court *court)
{
	sends_first(court, "\x15\x03\x03");
}

static void
says_nothing_to_a_hello(struct court *court)
{
	sends_first(court, "");
}

struct advice {
	const char *sentence;
	server_fn *server;
	const char *members; /* of the target */
	const char *assertions;
	const char *id, *why, *fix; /* of that case, what is in them; NULL: nothing is there */
};

#define IMPLICIT ",\"tls\":\"implicit\""

static const struct advice advices[] = {
	{ "a host that is not there is a matter of its name", has_no_name, "", ROW("tls.version"),
		"connection.established", "takes no mail", "how the name of the host is spelt" },
	{ "and of nothing else", has_no_name, "", ROW("tls.version"), "tls.version", NULL, NULL },
	{ "a refused connect is not a matter of the name", refuses_the_connection, "",
		ROW("tls.version"), "connection.established", "takes no mail",
		"listens on this port" },
	{ "who carries a cause that is not its own says what the cause says",
		refuses_the_connection, "",
		ADVISORY("connection.established") "," ROW("tls.version"), "tls.version",
		"takes no mail", "listens on this port" },
	{ "a warning says what to do about the cause too", has_no_name, "", ADVISORY("tls.version"),
		"tls.version", "takes no mail", "how the name of the host is spelt" },
	{ "a silent greeting may wait for TLS", is_silent, "", ROW("connection.greeting"),
		"connection.greeting", "", "waits for TLS from the first byte" },
	{ "or for a header of the PROXY protocol", is_silent, "", ROW("connection.greeting"),
		"connection.greeting", "", "PROXY" },
	{ "a greeting of 554 does not", turns_away, "", ROW("tls.handshake"), "connection.greeting",
		"", "554 refuses every message" },
	{ "a greeting that is a record of TLS", greets_with_tls, "", ROW("tls.handshake"),
		"connection.greeting", "", "\"tls\": \"implicit\"" },
	{ "EHLO answered with a record of TLS", answers_ehlo_with_tls, "", ROW("tls.handshake"),
		"ehlo.accepted", "", "\"tls\": \"implicit\"" },
	{ "a hello answered with a greeting", greets_a_hello, IMPLICIT, ROW("session.ehlo"),
		"tls.handshake", "", "this port speaks STARTTLS" },
	{ "a hello answered with a greeting of IMAP", greets_a_hello_as_imap, IMPLICIT,
		ROW("session.ehlo"), "tls.handshake", "", "Set \"tls\": \"starttls\"" },
	{ "a hello answered with an alert", answers_a_hello_with_an_alert, IMPLICIT,
		ROW("session.ehlo"), "tls.handshake", "", "The alert says" },
	{ "a hello answered with nothing", says_nothing_to_a_hello, IMPLICIT, ROW("session.ehlo"),
		"tls.handshake", "", "PROXY" },
	{ "a withheld password explains no 535", is_untrusted, "", LOGIN, "certificate.trusted",
		"impostor", "certificate of" },
	{ "nor where the certificate is only advised about", is_untrusted, "",
		ADVISORY("certificate.trusted") "," LOGIN, "auth.login", "impostor",
		"certificate of" },
	{ "what could not be evaluated does not say what to do if it fails",
		takes_no_second_connection, "", LOGIN, "auth.login", "not known to hold",
		"limits.retries" },
	{ "a certificate of the future is not to be renewed", has_a_leaf_of_the_future, "",
		ROW("certificate.trusted"), "certificate.expiry", "of the future", "clock" },
	{ "a key too long for us is no fault of the server", has_a_key_too_long_for_us, "",
		ROW("certificate.trusted"), "tls.handshake", "", "a limit of this program" },
	{ "what was cut short says how to allow more time", is_cut_short, "", ROW("tls.handshake"),
		"tls.handshake", "not known to hold", "--deadline" },
};

static bool
says(const char *text, const char *want)
{
	return want == NULL ? text == NULL : text != NULL && strstr(text, want) != NULL;
}

static void
reason_and_advice_are_those_of_the_cause(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(advices) / sizeof(advices[0]); i++) {
		const struct advice *row = &advices[i];
		const struct report_case *one;
		struct court court;

		court_open_target(&court, row->members, row->assertions, date_at(DAY_IN_2026));
		row->server(&court);
		court_judge(&court);
		one = case_of(&court, row->id);
		if (!says(one->why, row->why) || !says(one->fix, row->fix))
			fail_msg("%s: got why \"%s\", fix \"%s\"", row->sentence,
				one->why != NULL ? one->why : "none",
				one->fix != NULL ? one->fix : "none");
		court_close(&court);
	}
}

struct waiver {
	const char *sentence;
	server_fn *server;
	const char *members; /* of the assertion of tls.handshake */
	enum verdict verdict;
	const char *type, *message;
};

#define UNTIL(date) ",\"waive\":{\"until\":\"" date "\",\"reason\":\"OPS-99\"}"

static const struct waiver waivers[] = {
	{ "a failure under a waiver", refuses_the_handshake, UNTIL("2027-01-01"), VERDICT_WAIVED,
		"HandshakeFailed", "waived until 2027-01-01: OPS-99: alert handshake_failure" },
	{ "an error under a waiver", breaks_the_handshake, UNTIL("2027-01-01"), VERDICT_WAIVED,
		"NoAnswer",
		"waived until 2027-01-01: OPS-99: the TLS handshake: the server closed the "
		"connection" },
	{ "a failure that is advisory", refuses_the_handshake, ",\"severity\":\"advisory\"",
		VERDICT_WARNED, "HandshakeFailed", "advisory: alert handshake_failure" },
	{ "a waiver that is not needed", is_good, UNTIL("2027-01-01"), VERDICT_PASS, NULL,
		"TLS 1.3 with TLS_AES_128_GCM_SHA256; the waiver until 2027-01-01 is not needed: "
		"OPS-99" },
	{ "a waiver that has ended", refuses_the_handshake, UNTIL("2026-01-01"), VERDICT_FAIL,
		"HandshakeFailed",
		"alert handshake_failure; the waiver ended on 2026-01-01: OPS-99" },
	{ "a waiver that has ended and is not needed", is_good, UNTIL("2026-01-01"), VERDICT_PASS,
		NULL,
		"TLS 1.3 with TLS_AES_128_GCM_SHA256; the waiver ended on 2026-01-01 is not "
		"needed: OPS-99" },
};

static void
waivers_and_advice_say_what_was_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(waivers) / sizeof(waivers[0]); i++) {
		const struct waiver *row = &waivers[i];
		const struct report_case *one;
		struct court court;
		char assertion[300];

		snprintf(assertion, sizeof(assertion), "{\"assert\":\"tls.handshake\"%s}",
			row->members);
		court_open(&court, assertion, date_at(DAY_IN_2026));
		row->server(&court);
		court_judge(&court);
		one = case_of(&court, "tls.handshake");
		if (one->verdict != row->verdict || strcmp(one->message, row->message) != 0)
			fail_msg("%s: got %s \"%s\"", row->sentence, verdict_name(one->verdict),
				one->message);
		if (row->type == NULL ? one->type != NULL : strcmp(one->type, row->type) != 0)
			fail_msg("%s: got type %s", row->sentence,
				one->type != NULL ? one->type : "none");
		if (row->verdict != VERDICT_PASS && (one->fix == NULL || one->why == NULL))
			fail_msg("%s: no reason, or no advice", row->sentence);
		court_close(&court);
	}
}

static void
who_is_skipped_says_for_whom_and_of_no_waiver(void **state)
{
	struct court court;

	(void)state;
	court_open(&court,
		"{\"id\":\"a\",\"assert\":\"certificate.hostname\"},"
		"{\"id\":\"ab\",\"assert\":\"certificate.trusted\"},"
		"{\"assert\":\"auth.login\",\"username\":\"gate\",\"password\":\"${password}\","
		"\"waive\":{\"until\":\"2027-01-01\",\"reason\":\"OPS-99\"}}",
		date_at(DAY_IN_2026));
	show_chain(&court, "leaf-outside", false);
	court_judge(&court);
	expect_cases(&court, "a name that begins another", "a:fail ab:fail auth.login:skipped");
	assert_string_equal(
		case_of(&court, "auth.login")->message, "not evaluated: needs what ab, a reports");
	court_close(&court);
}

struct shared_row {
	const char *sentence;
	enum step session, other;
	enum outcome session_outcome, other_outcome;
	bool offers;
	uint32_t want;
};

static const struct shared_row shared_rows[] = {
	{ "both broke at the same step", STEP_EHLO, STEP_EHLO, OUTCOME_BROKEN, OUTCOME_BROKEN, true,
		CAUSE_EHLO },
	{ "however they broke", STEP_EHLO, STEP_EHLO, OUTCOME_REFUSED, OUTCOME_BROKEN, true,
		CAUSE_EHLO },
	{ "each broke at another", STEP_HANDSHAKE, STEP_CONNECT, OUTCOME_BROKEN, OUTCOME_REFUSED,
		true, CAUSE_NONE },
	{ "only the other broke", STEP_HANDSHAKE, STEP_CONNECT, OUTCOME_DONE, OUTCOME_REFUSED, true,
		CAUSE_NONE },
	{ "only the session broke", STEP_CONNECT, STEP_HANDSHAKE, OUTCOME_REFUSED, OUTCOME_DONE,
		true, CAUSE_NONE },
	{ "both had no STARTTLS to take", STEP_STARTTLS, STEP_STARTTLS, OUTCOME_REFUSED,
		OUTCOME_REFUSED, false, CAUSE_NO_STARTTLS },
	{ "both were refused STARTTLS", STEP_STARTTLS, STEP_STARTTLS, OUTCOME_REFUSED,
		OUTCOME_REFUSED, true, CAUSE_STARTTLS },
	{ "the session never came there", STEP_EHLO, STEP_EHLO, OUTCOME_NOT_REACHED, OUTCOME_BROKEN,
		true, CAUSE_NONE },
	{ "both broke behind what is of interest", STEP_SESSION_EHLO, STEP_SESSION_EHLO,
		OUTCOME_BROKEN, OUTCOME_BROKEN, true, CAUSE_NONE },
};

static void
a_cause_is_shared_where_both_broke(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(shared_rows) / sizeof(shared_rows[0]); i++) {
		const struct shared_row *row = &shared_rows[i];
		struct conversation other;
		struct court court;

		court_open(&court, ROW("session.ehlo"), date_at(DAY_IN_2026));
		if (row->offers)
			offer_starttls(&court);
		conversation_init(&other, &dialects[0]);
		end_at(&court, row->other, row->other_outcome, "what happened");
		memcpy(other.steps, court.evidence.session.steps, sizeof(other.steps));
		memset(court.evidence.session.steps, 0, sizeof(other.steps));
		end_at(&court, row->session, row->session_outcome, "what happened");
		if (cause_shared(&court.evidence, &other, STEP_HANDSHAKE) != row->want)
			fail_msg("%s: got %#x", row->sentence,
				cause_shared(&court.evidence, &other, STEP_HANDSHAKE));
		conversation_release(&other);
		court_close(&court);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(causes_are_reported_by_their_owners),
		cmocka_unit_test(reason_and_advice_are_those_of_the_cause),
		cmocka_unit_test(waivers_and_advice_say_what_was_found),
		cmocka_unit_test(who_is_skipped_says_for_whom_and_of_no_waiver),
		cmocka_unit_test(a_cause_is_shared_where_both_broke),
	};

	return cmocka_run_group_tests(tests, fill_stores, release_stores);
}
