/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Lists of capabilities that other connections of the run were given: what one of them shows counts.
 */
#include "court_session.h"

#define INCLUDES ASSERT_WITH("ehlo.includes", "\"capabilities\":[\"SIZE\"]")
#define EXCLUDES ASSERT_WITH("ehlo.excludes", "\"capabilities\":[\"ETRN\"]")
#define INCLUDES_INSIDE ASSERT_WITH("session.includes", "\"capabilities\":[\"SIZE\"]")
#define EXCLUDES_INSIDE ASSERT_WITH("session.excludes", "\"capabilities\":[\"VRFY\"]")
#define ADVERTISED ASSERT("starttls.advertised")
#define NOT_REOFFERED ASSERT("starttls.not_reoffered")
#define NOT_BEFORE_TLS ASSERT("auth.not_before_tls")
#define WANTS_PLAIN ASSERT_WITH("auth.mechanisms", "\"includes\":[\"PLAIN\"]")
#define HATES_NTLM ASSERT_WITH("auth.mechanisms", "\"excludes\":[\"NTLM\"]")

#define USUAL "250-mail\r\n250-STARTTLS\r\n250 SIZE 1000\r\n"
#define USUAL_INSIDE "250-mail\r\n250-AUTH PLAIN LOGIN\r\n250 SIZE 1000\r\n"
#define UNREADABLE "250-mail\r\n250-STARTTLS\r\n250-SIZE\r\n250 SI\tZE\r\n"
#define DIFFER "connections differ, and another one shows: "

/* A finding, and the replies to EHLO on another connection. */
struct other_row {
	struct finding_row finding;
	const char *before, *inside; /* NULL: none */
};

static const struct other_row rows[] = {
	{ PASSES("the same before TLS", INCLUDES, "offered: SIZE"), .before = USUAL },
	{ PASSES("other parameters of what is wanted", INCLUDES, "offered: SIZE"),
		.before = "250-mail\r\n250-STARTTLS\r\n250 SIZE 2000\r\n" },
	{ PASSES("what is not there inside TLS matters there alone", INCLUDES, "offered: SIZE"),
		.inside = "250 mail\r\n" },
	{ FAILS("what another lacks is missing", INCLUDES, "CapabilityMissing", CAUSE_NONE,
		  DIFFER "not offered: SIZE"),
		.before = "250-mail\r\n250 STARTTLS\r\n" },
	{ FAILS("one that offers nothing lacks it", INCLUDES, "CapabilityMissing", CAUSE_NONE,
		  DIFFER "not offered: SIZE"),
		.before = "250 mail\r\n" },
	{ PASSES("a refused EHLO is no list", INCLUDES, "offered: SIZE"), .before = "550 no\r\n" },
	{ PASSES("a reply to something else is no list", INCLUDES, "offered: SIZE"),
		.before = "220-mail\r\n220 STARTTLS\r\n" },
	{ IS_OPEN("one that cannot be read leaves it open", INCLUDES, "Malformed", CAUSE_EHLO,
		  DIFFER "what is offered is not known"),
		.before = UNREADABLE },
	{ PASSES("the same is not offered", EXCLUDES, "not offered: ETRN"), .before = USUAL },
	{ FAILS("what another offers is offered", EXCLUDES, "CapabilityOffered", CAUSE_NONE,
		  DIFFER "offered: ETRN"),
		.before = "250-mail\r\n250 ETRN\r\n" },
	{ PASSES("what is offered inside TLS matters there alone", EXCLUDES, "not offered"),
		.inside = "250-mail\r\n250 ETRN\r\n" },
	{ IS_OPEN("one that cannot be read may offer it", EXCLUDES, "Malformed", CAUSE_EHLO,
		  DIFFER "what is offered is not known"),
		.before = UNREADABLE },
	{ FAILS("inside TLS what another lacks is missing", INCLUDES_INSIDE, "CapabilityMissing",
		  CAUSE_NONE, DIFFER "not offered: SIZE"),
		.inside = "250-mail\r\n250 AUTH PLAIN\r\n" },
	{ PASSES("what another lacks before TLS matters there alone", INCLUDES_INSIDE,
		  "offered: SIZE"),
		.before = "250 mail\r\n" },
	{ FAILS("inside TLS what another offers is offered", EXCLUDES_INSIDE, "CapabilityOffered",
		  CAUSE_NONE, DIFFER "offered: VRFY"),
		.inside = "250-mail\r\n250 VRFY\r\n" },
	{ PASSES("STARTTLS is offered on all", ADVERTISED, "STARTTLS is offered"), .before = USUAL,
		.inside = USUAL_INSIDE },
	{ FAILS("without STARTTLS on another it is missing", ADVERTISED, "StarttlsMissing",
		  CAUSE_NONE, DIFFER "STARTTLS is not offered"),
		.before = "250-mail\r\n250 SIZE 1000\r\n" },
	{ PASSES("STARTTLS is gone on all", NOT_REOFFERED, "STARTTLS is gone"), .before = USUAL,
		.inside = USUAL_INSIDE },
	{ FAILS("STARTTLS inside TLS on another", NOT_REOFFERED, "StarttlsReoffered", CAUSE_NONE,
		  DIFFER "STARTTLS is offered again"),
		.inside = USUAL },
	{ PASSES("no login before TLS on any", NOT_BEFORE_TLS, "no login is offered"),
		.before = USUAL, .inside = USUAL_INSIDE },
	{ FAILS("a login before TLS on another", NOT_BEFORE_TLS, "AuthBeforeTls",
		  CAUSE_LOGIN_OFFERED, DIFFER "a login is offered before TLS: AUTH PLAIN"),
		.before = "250-mail\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n" },
	{ IS_OPEN("one that cannot be read may offer a login", NOT_BEFORE_TLS, "Malformed",
		  CAUSE_EHLO, DIFFER "what is offered is not known"),
		.before = UNREADABLE },
	{ FAILS("a mechanism that another lacks", WANTS_PLAIN, "MechanismMissing", CAUSE_AUTH,
		  DIFFER "AUTH LOGIN: missing PLAIN"),
		.inside = "250-mail\r\n250 AUTH LOGIN\r\n" },
	{ PASSES("the same mechanism in another order", WANTS_PLAIN, "AUTH PLAIN LOGIN"),
		.inside = "250-mail\r\n250 AUTH LOGIN PLAIN\r\n" },
	{ FAILS("a mechanism that another offers", HATES_NTLM, "MechanismOffered", CAUSE_NONE,
		  DIFFER "offered: NTLM"),
		.inside = "250-mail\r\n250 AUTH LOGIN NTLM\r\n" },
};

static const struct trace traces[] = { { .transcript = "the first" },
	{ .transcript = "the second" } };

/* As the record of a connection would have it. */
static void
hear_elsewhere(struct court *court, struct heard *heard, const char *said, bool inside)
{
	struct reply greeting, reply;

	if (said == NULL)
		return;
	reply_init(&greeting, court->evidence.target->dialect, &court->arena);
	reply_init(&reply, court->evidence.target->dialect, &court->arena);
	reply.to = REPLY_TO_HELLO;
	answer(&reply, said);
	heard_lists(heard, &reply, &greeting, inside, &court->arena);
	reply_release(&reply);
	reply_release(&greeting);
}

/* On the second connection of an observation. */
static void
add_observation(struct court *court, const struct other_row *row)
{
	struct evidence *evidence = &court->evidence;
	struct observation *observation = arena_alloc(&court->arena, sizeof(*observation));
	struct heard heard = { .count = 0 };

	arena_init(&observation->arena);
	conversation_init(&observation->conversation, evidence->target->dialect);
	observation->traces = (struct trace *)traces;
	observation->trace_count = COUNT(traces);
	hear_elsewhere(court, &heard, row->before, false);
	hear_elsewhere(court, &heard, row->inside, true);
	heard_add(&observation->heard, &heard, 1, &observation->arena);
	*ARENA_ADD(&evidence->arena, evidence->observations, evidence->observation_count) =
		observation;
}

static void
add_login(struct court *court, const struct other_row *row)
{
	struct evidence *evidence = &court->evidence;
	struct conversation *login = arena_alloc(&court->arena, sizeof(*login));

	conversation_init(login, evidence->target->dialect);
	buf_add_string(&login->transcript, "the login");
	hear_elsewhere(court, &login->heard, row->before, false);
	hear_elsewhere(court, &login->heard, row->inside, true);
	*ARENA_ADD(&evidence->arena, evidence->logins, evidence->login_count) = login;
}

static void
give_up_a_session(struct court *court, const struct other_row *row)
{
	struct evidence *evidence = &court->evidence;

	hear_elsewhere(court, &evidence->before, row->before, false);
	hear_elsewhere(court, &evidence->before, row->inside, true);
	evidence->givens = (struct trace *)traces;
	evidence->given_count = 1;
}

static void
expect_findings_with(void (*add)(struct court *, const struct other_row *), const char *transcript)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct finding_row *row = &rows[i].finding;
		struct session_said nothing = { .greeting = NULL };
		struct court court;
		struct finding got;

		open_at(&court, row->assertion, row->outcome);
		hold_session(&court, &nothing);
		add(&court, &rows[i]);
		expect_finding(&court, row);
		judge_arguments(&court.evidence, &court.loaded.checklist.assertions[0].arguments,
			&court.arena, &got);
		if (row->verdict == VERDICT_PASS)
			assert_null(got.shown_by);
		else
			assert_string_equal(got.shown_by->transcript, transcript);
		court_close(&court);
	}
}

static void
what_another_connection_showed_counts(void **state)
{
	(void)state;
	expect_findings_with(add_observation, "the second");
}

static void
what_a_login_was_shown_counts(void **state)
{
	(void)state;
	expect_findings_with(add_login, "the login");
}

static void
what_a_session_showed_that_was_given_up_counts(void **state)
{
	(void)state;
	expect_findings_with(give_up_a_session, "the first");
}

/* Further lists on the connection of the session itself are another node's no more than its first. */
static void
what_the_session_was_told_besides_counts(void **state)
{
	struct session_said nothing = { .greeting = NULL };
	struct court court;
	struct finding got;

	(void)state;
	open_at(&court, NOT_BEFORE_TLS, OUTCOME_DONE);
	hold_session(&court, &nothing);
	hear_elsewhere(&court, &court.evidence.session.heard, "250-mail\r\n250 AUTH X\r\n", false);
	judge_arguments(&court.evidence, &court.loaded.checklist.assertions[0].arguments,
		&court.arena, &got);
	assert_string_equal(got.message,
		"the server tells its capabilities twice, and differently: a login is offered "
		"before TLS: AUTH X");
	assert_null(got.shown_by);
	court_close(&court);
}

/* A server with a list of its own for everybody cannot make us keep them all. */
static void
too_many_lists_leave_it_open(void **state)
{
	struct session_said nothing = { .greeting = NULL };
	struct court court;
	struct finding got;

	(void)state;
	open_at(&court, NOT_BEFORE_TLS, OUTCOME_DONE);
	hold_session(&court, &nothing);
	for (unsigned i = 0; i < 2 * HEARD_LISTS_MAX; i++)
		hear_elsewhere(&court, &court.evidence.session.heard,
			arena_printf(&court.arena, "250-mail\r\n250 X%u\r\n", i), false);
	assert_int_equal(court.evidence.session.heard.count, HEARD_LISTS_MAX + 1);
	judge_arguments(&court.evidence, &court.loaded.checklist.assertions[0].arguments,
		&court.arena, &got);
	assert_int_equal(got.verdict, VERDICT_ERROR);
	assert_string_equal(got.type, "NoProof");
	court_close(&court);
}

/* A list in the greeting of IMAP need not be whole: what it lacks may be offered all the same. */
static const struct {
	const char *assertion;
	const char *greeting;
	const char *want;
} greetings[] = {
	{ ADVERTISED, "* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hi\r\n", "pass" },
	{ ASSERT_WITH("ehlo.includes", "\"capabilities\":[\"ID\"]"),
		"* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hi\r\n", "pass" },
	{ ASSERT_WITH("ehlo.excludes", "\"capabilities\":[\"X\"]"),
		"* OK [CAPABILITY IMAP4rev1 X LOGINDISABLED] hi\r\n", "fail" },
	{ ASSERT_WITH("ehlo.excludes", "\"capabilities\":[\"X\"]"),
		"* OK [CAPABILITY IMAP4rev1 \x01 LOGINDISABLED] hi\r\n", "pass" },
	{ ASSERT_WITH("ehlo.excludes", "\"capabilities\":[\"X\"]"), "* OK hi\r\n", "pass" },
	{ ASSERT_WITH("ehlo.excludes", "\"capabilities\":[\"X\"]"),
		"* PREAUTH [CAPABILITY IMAP4rev1 X] hi\r\n", "pass" },
	{ NOT_BEFORE_TLS, "* OK [CAPABILITY IMAP4rev1] hi\r\n", "fail" },
};

static void
a_greeting_tells_what_is_offered_and_no_more(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(greetings); i++) {
		struct court court;
		struct conversation *session = &court.evidence.session;
		struct finding got;

		court_open_target(&court, ",\"protocol\":\"imap\"", greetings[i].assertion, TODAY);
		end_at(&court, STEP_AUTH, OUTCOME_NOT_REACHED, NULL);
		snprintf(session->ehlo.tag, sizeof(session->ehlo.tag), "g1");
		answer(&session->greeting, greetings[i].greeting);
		answer(&session->ehlo,
			"* CAPABILITY IMAP4rev1 ID STARTTLS LOGINDISABLED\r\ng1 OK\r\n");
		heard_lists(&session->heard, &session->greeting, &session->greeting, false,
			&session->arena);
		judge_arguments(&court.evidence, &court.loaded.checklist.assertions[0].arguments,
			&court.arena, &got);
		if (strcmp(verdict_name(got.verdict), greetings[i].want) != 0)
			fail_msg("%s: got %s: %s", greetings[i].greeting, verdict_name(got.verdict),
				got.message);
		court_close(&court);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_another_connection_showed_counts),
		cmocka_unit_test(what_a_login_was_shown_counts),
		cmocka_unit_test(what_a_session_showed_that_was_given_up_counts),
		cmocka_unit_test(what_the_session_was_told_besides_counts),
		cmocka_unit_test(too_many_lists_leave_it_open),
		cmocka_unit_test(a_greeting_tells_what_is_offered_and_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
