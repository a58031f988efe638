/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the suite of a report tells beside the verdicts: times, connections, places, waivers, and
 * nothing secret.
 */
#include "court_servers.h"

#include "run/case_times.h"

static void
take_ms(struct court *court)
{
	for (enum step step = 0; step < STEP_COUNT; step++)
		court->evidence.session.steps[step].ms = 1 << step;
}

struct timing_row {
	const char *sentence;
	server_fn *server;
	const char *assertions;
	const char *want; /* id:ms */
};

/* The steps take 1, 2, 4, 8, 16 and 32 ms in their order; an attempt takes 1000. */
static const struct timing_row timings[] = {
	{ "each step is told with the case that owns it", is_good,
		ROW("connection.established") "," ROW("connection.greeting") "," ROW(
			"tls.handshake"),
		"connection.established:1 connection.greeting:2 tls.handshake:28" },
	{ "in any order", is_good,
		ROW("tls.handshake") "," ROW("connection.greeting") "," ROW(
			"connection.established"),
		"tls.handshake:28 connection.greeting:2 connection.established:1" },
	{ "a step is told once", is_good,
		ROW("certificate.key") "," ROW("certificate.hostname") "," ROW("ehlo.accepted"),
		"certificate.key:0 certificate.hostname:24 ehlo.accepted:7" },
	{ "a login is told with all that led to it", is_good, LOGIN, "auth.login:1063" },
	{ "but for what others tell", is_good, LOGIN "," ROW("session.ehlo"),
		"auth.login:1000 session.ehlo:63" },
	{ "a step is told with its owner before any other", is_good,
		ROW("starttls.not_reoffered") "," ROW("session.ehlo"),
		"starttls.not_reoffered:0 session.ehlo:63" },
	{ "a login that was held back took no time", is_untrusted, LOGIN,
		"certificate.trusted:31 auth.login:0" },
	{ "what was skipped took no time", refuses_ehlo,
		ROW("tls.handshake") "," ROW("connection.greeting"),
		"ehlo.accepted:4 tls.handshake:0 connection.greeting:3" },
};

static void
cases_add_up_to_their_connections(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(timings) / sizeof(timings[0]); i++) {
		struct court court;
		struct buf got;

		court_open(&court, timings[i].assertions, date_at(DAY_IN_2026));
		timings[i].server(&court);
		take_ms(&court);
		for (size_t j = 0; j < court.evidence.attempt_count; j++)
			court.evidence.attempts[j].ms = 1000;
		court_judge(&court);
		buf_init(&got, 1000);
		for (size_t j = 0; j < court.suite.case_count; j++)
			buf_addf(&got, "%s%s:%d", j == 0 ? "" : " ", court.suite.cases[j].id,
				(int)court.suite.cases[j].ms);
		if (strcmp(got.data, timings[i].want) != 0)
			fail_msg("%s: got %s, want %s", timings[i].sentence, got.data,
				timings[i].want);
		buf_release(&got);
		court_close(&court);
	}
}

static void
a_connection_of_its_own_is_told_once(void **state)
{
	const struct assertion assertion = { .arguments.check = check_find("tls.version") };
	static const struct trace trace = { .ms = 7 }, other = { .ms = 9 };
	struct weighed cases[4] = { 0 };
	struct weighed *all[4];
	struct report_case entries[4] = { 0 };
	struct court court;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		cases[i].assertion = &assertion;
		cases[i].finding.verdict = i == 0 ? VERDICT_SKIPPED : VERDICT_FAIL;
		cases[i].finding.shown_by = i == 3 ? &other : &trace;
		all[i] = &cases[i];
	}
	court_open(&court, ROW("connection.established"), date_at(DAY_IN_2026));
	case_times(&court.evidence, all, entries, 4);
	assert_int_equal(entries[0].ms, 0);
	assert_int_equal(entries[1].ms, 7);
	assert_int_equal(entries[2].ms, 0);
	assert_int_equal(entries[3].ms, 9);
	court_close(&court);
}

static void
a_transcript_is_shown_once(void **state)
{
	struct court court;

	(void)state;
	court_open(&court,
		ROW("certificate.hostname") "," ROW("certificate.expiry") "," ROW(
			"connection.established"),
		date_at(DAY_IN_2026));
	has_everything_wrong(&court);
	buf_add_string(&court.evidence.session.transcript, "S: 220 hello\n");
	court_judge(&court);
	assert_string_equal(case_of(&court, "certificate.hostname")->transcript, "S: 220 hello\n");
	assert_null(case_of(&court, "certificate.hostname")->transcript_of);
	assert_null(case_of(&court, "certificate.expiry")->transcript);
	assert_string_equal(
		case_of(&court, "certificate.expiry")->transcript_of, "certificate.hostname");
	assert_null(case_of(&court, "connection.established")->transcript);
	assert_null(case_of(&court, "connection.established")->transcript_of);
	assert_string_equal(court.suite.transcript, "S: 220 hello\n");
	court_close(&court);
}

static void
hide_password(struct court *court)
{
	struct checklist *checklist = &court->loaded.checklist;

	secrets_add(&checklist->secrets, &checklist->arena, "password", "correct horse");
}

static void
expect_no_part_of_the_password(const char *text)
{
	static const char password[] = "correct horse";

	for (size_t i = 0; text != NULL && i + 5 < sizeof(password); i++) {
		char part[6];

		memcpy(part, password + i, 5);
		part[5] = '\0';
		if (strstr(text, part) != NULL)
			fail_msg("\"%s\" is left in \"%s\"", part, text);
	}
}

/* A reply of that many lines with the password in each, so that it is somewhere near any cut. */
static void
answer_at_length(struct reply *reply, size_t lines, size_t before)
{
	struct buf text;

	buf_init(&text, 1000000);
	for (size_t i = 0; i < lines; i++) {
		buf_add_string(&text, i + 1 == lines ? "250 X" : "250-X");
		for (size_t j = 0; j < before; j++)
			buf_add_char(&text, '-');
		buf_add_string(&text, "correct horse\r\n");
	}
	answer(reply, text.data);
	buf_release(&text);
}

/* Wherever a text is cut, no part of the password is left at the cut. */
static void
no_cut_leaves_a_part_of_a_secret(void **state)
{
	(void)state;
	for (size_t before = 300; before < 420; before++) {
		const struct report_case *one;
		struct court court;

		court_open(&court, "{\"assert\":\"ehlo.includes\",\"capabilities\":[\"SIZE\"]}",
			date_at(DAY_IN_2026));
		hide_password(&court);
		answer_at_length(&court.evidence.session.ehlo, 200, before);
		end_at(&court, STEP_STARTTLS, OUTCOME_NOT_REACHED, NULL);
		court_judge(&court);
		one = case_of(&court, "ehlo.includes");
		assert_int_equal(one->verdict, VERDICT_FAIL);
		assert_true(strlen(one->observed) > 50000);
		expect_no_part_of_the_password(one->message);
		expect_no_part_of_the_password(one->observed);
		court_close(&court);
	}
}

static void
what_a_probe_cut_shows_nothing_either(void **state)
{
	struct court court;

	(void)state;
	court_open(&court, ROW("ehlo.accepted"), date_at(DAY_IN_2026));
	hide_password(&court);
	end_at(&court, STEP_EHLO, OUTCOME_REFUSED, "the server answered EHLO with 550 correct hor");
	court_judge(&court);
	assert_string_equal(case_of(&court, "ehlo.accepted")->message,
		"the server answered EHLO with 550 [secret]");
	court_close(&court);
}

/* The message quotes the last line of the reply, and the transcript has both. */
static void
a_secret_over_two_lines_is_hidden_in_each(void **state)
{
	struct court court;

	(void)state;
	court_open(&court, ROW("ehlo.accepted"), date_at(DAY_IN_2026));
	hide_password(&court);
	buf_add_string(&court.evidence.session.transcript, "S: 550-corre\nS: 550 ct horse\n");
	end_at(&court, STEP_EHLO, OUTCOME_REFUSED, "the server answered EHLO with 550 ct horse");
	court_judge(&court);
	assert_string_equal(case_of(&court, "ehlo.accepted")->message,
		"the server answered EHLO with 550 [secret]");
	assert_string_equal(case_of(&court, "ehlo.accepted")->transcript, "S: 550-[secret]\n");
	court_close(&court);
}

static const char *
property_of(const struct court *court, const char *name)
{
	for (size_t i = 0; i < court->suite.property_count; i++)
		if (strcmp(court->suite.properties[i].name, name) == 0)
			return court->suite.properties[i].value;
	return "";
}

static void
waivers_that_ended_or_are_not_needed_are_told(void **state)
{
	struct court court;

	(void)state;
	court_open(&court,
		WAIVED("connection.established") "," WAIVED(
			"starttls.advertised") ",{\"id\":\"old\",\"assert\":\"connection."
					       "greeting\",\"waive\":{\"until\":\"2026-01-01\","
					       "\"reason\":\"OPS-1\"}}",
		date_at(DAY_IN_2026));
	offers_no_starttls(&court);
	answer(&court.evidence.session.greeting, "220 hello\r\n");
	court_judge(&court);
	expect_cases(&court, "waivers",
		"connection.established:pass starttls.advertised:waived old:pass");
	assert_string_equal(property_of(&court, "waivers.unneeded"),
		"connection.established (until 2027-01-01: OPS-99)");
	assert_string_equal(property_of(&court, "waivers.ended"), "old (until 2026-01-01: OPS-1)");
	court_close(&court);
}

static void
the_suite_says_where_it_was(void **state)
{
	struct court court;

	(void)state;
	court_open(&court, ROW("connection.established"), date_at(DAY_IN_2026));
	has_no_name(&court);
	court_judge(&court);
	assert_string_equal(court.suite.where, "mail.example.test:587");
	court_close(&court);
	court_open(&court, ROW("connection.established"), date_at(DAY_IN_2026));
	refuses_the_connection(&court);
	court_judge(&court);
	assert_string_equal(court.suite.where, "mail.example.test:587, 192.0.2.1");
	assert_int_equal(court.suite.unseen, 0);
	court_close(&court);
}

static void
addresses_that_were_not_looked_at_are_told(void **state)
{
	struct court court;

	(void)state;
	court_open(&court, ROW("connection.established"), date_at(DAY_IN_2026));
	is_good(&court);
	court.evidence.session.addresses = 3;
	court_judge(&court);
	assert_int_equal(court.suite.unseen, 2);
	assert_string_equal(property_of(&court, "addresses.unseen"), "2");
	court_close(&court);
}

static void
a_case_says_whose_title_it_has(void **state)
{
	struct court court;

	(void)state;
	court_open(&court,
		ROW("connection.established") ",{\"id\":\"b\",\"assert\":\"connection."
					      "greeting\",\"title\":\"it greets\"}",
		date_at(DAY_IN_2026));
	is_good(&court);
	court_judge(&court);
	assert_false(case_of(&court, "connection.established")->titled);
	assert_true(case_of(&court, "b")->titled);
	assert_false(case_of(&court, "b")->added);
	court_close(&court);
}

static void
an_added_case_stands_where_it_was_needed(void **state)
{
	const struct report_case *added;
	struct court court;

	(void)state;
	court_open(&court, ROW("connection.established") "," ROW("tls.handshake"),
		date_at(DAY_IN_2026));
	offers_no_starttls(&court);
	court_judge(&court);
	added = case_of(&court, "starttls.advertised");
	assert_true(added->added);
	assert_string_equal(added->title, "the change to TLS is offered");
	assert_int_equal(added->place.column, case_of(&court, "tls.handshake")->place.column);
	assert_string_equal(added->place.file, MAIN_FILE);
	court_close(&court);
}

/* What came with the program is no file of the user's, to which an annotation could point. */
static void
a_shipped_assertion_names_no_file(void **state)
{
	struct court court;

	(void)state;
	court_open(&court, ROW("connection.established"), date_at(DAY_IN_2026));
	refuses_the_connection(&court);
	court.loaded.checklist.assertions[0].place.file = "submission";
	court_judge(&court);
	assert_null(court.suite.cases[0].place.file);
	assert_int_equal(court.suite.cases[0].place.line, 0);
	court_close(&court);
}

static void
a_brief_suite_has_what_its_cases_show_and_no_more(void **state)
{
	struct court court;

	(void)state;
	court_open(&court, ROW("connection.established"), date_at(DAY_IN_2026));
	buf_add_string(&court.evidence.session.transcript, "S: 220 up\n");
	court.suite.is_brief = true;
	court_judge(&court);
	assert_int_equal(court.suite.case_count, 1);
	assert_null(court.suite.facts);
	assert_null(court.suite.transcript);
	court.suite.is_brief = false;
	court_judge(&court);
	assert_non_null(court.suite.facts);
	assert_string_equal(court.suite.transcript, "S: 220 up\n");
	court_close(&court);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cases_add_up_to_their_connections),
		cmocka_unit_test(a_connection_of_its_own_is_told_once),
		cmocka_unit_test(a_transcript_is_shown_once),
		cmocka_unit_test(no_cut_leaves_a_part_of_a_secret),
		cmocka_unit_test(what_a_probe_cut_shows_nothing_either),
		cmocka_unit_test(a_secret_over_two_lines_is_hidden_in_each),
		cmocka_unit_test(waivers_that_ended_or_are_not_needed_are_told),
		cmocka_unit_test(the_suite_says_where_it_was),
		cmocka_unit_test(addresses_that_were_not_looked_at_are_told),
		cmocka_unit_test(a_case_says_whose_title_it_has),
		cmocka_unit_test(an_added_case_stands_where_it_was_needed),
		cmocka_unit_test(a_shipped_assertion_names_no_file),
		cmocka_unit_test(a_brief_suite_has_what_its_cases_show_and_no_more),
	};

	return cmocka_run_group_tests(tests, fill_stores, release_stores);
}
