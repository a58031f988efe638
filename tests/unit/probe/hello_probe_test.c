/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One hello and its answer, and when a refusal is proven, with servers that play scripts.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dialled_script.h"
#include "probe/hello_probe.h"
#include "probe/ssl2_probe.h"
#include "probe/weaknesses.h"
#include "wire/tls_names.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define CONNECTIONS_MAX 8

/* One connection of a server with implicit TLS, which answers the hello with these bytes. */
#define TO_HELLO(text)                                                       \
	{                                                                    \
		.exchanges = { { script_anything, text, sizeof(text) - 1 } } \
	}
#define RANDOM "0123456789abcdef0123456789abcdef"
/* A ServerHello without extensions. */
#define HELLO(version, suite) \
	"\x16\x03\x03\x00\x2a\x02\x00\x00\x26" version RANDOM "\x00" suite "\x00"
#define TAKES TO_HELLO(HELLO("\x03\x03", "\xc0\x2f"))
#define ALERT(description) TO_HELLO("\x15\x03\x03\x00\x02\x02" description)
#define SHUTS TO_HELLO("")
#define GOES                                                                 \
	{                                                                    \
		.exchanges = { { NULL, "421 too many connections\r\n", 0 } } \
	}

struct row {
	const char *sentence;
	struct scripted servers[CONNECTIONS_MAX];
	enum outcome outcome;
	const char *text;
	size_t dialled;
};

static const struct row hellos[] = {
	{ "a ServerHello is the answer", { TAKES }, OUTCOME_DONE,
		"the server chose TLS 1.2 with TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", 1 },
	{ "an alert that says no is a refusal", { ALERT("\x46") }, OUTCOME_REFUSED,
		"alert protocol_version (70)", 1 },
	{ "one that says that the hello was damaged is none", { ALERT("\x32") }, OUTCOME_BROKEN,
		"alert decode_error (50)", 1 },
	{ "three closes are one, with controls between them and behind",
		{ SHUTS, TAKES, TAKES, SHUTS, TAKES, SHUTS, TAKES }, OUTCOME_REFUSED,
		"closed the connection, three times, with accepted hellos between", 7 },
	{ "internal_error counts no more than a close",
		{ ALERT("\x50"), TAKES, TAKES, SHUTS, TAKES, ALERT("\x50"), TAKES },
		OUTCOME_REFUSED, "internal_error (80), three times", 7 },
	{ "a control that is not accepted takes the close back", { SHUTS, ALERT("\x46") },
		OUTCOME_BROKEN,
		"the server hung up, and on a control hello: alert protocol_version", 2 },
	{ "nor may the second one behind the first close be missing", { SHUTS, TAKES, SHUTS },
		OUTCOME_BROKEN, "the server hung up, and on a control hello: the server closed",
		3 },
	{ "nor the last", { SHUTS, TAKES, TAKES, SHUTS, TAKES, SHUTS, SHUTS }, OUTCOME_BROKEN,
		"the server hung up, and on a control hello: the server closed", 7 },
	{ "two closes and an answer are an answer", { SHUTS, TAKES, TAKES, SHUTS, TAKES, TAKES },
		OUTCOME_DONE, "the server chose TLS 1.2", 6 },
	{ "two closes and an alert are what the alert says",
		{ SHUTS, TAKES, TAKES, SHUTS, TAKES, ALERT("\x28") }, OUTCOME_REFUSED,
		"alert handshake_failure (40)", 6 },
	{ "silence is no refusal",
		{ { .exchanges = { { script_anything, "", 0 } }, .end = STREAM_TIMEOUT } },
		OUTCOME_BROKEN, "no answer within the time allowed", 1 },
	{ "nor is a close within an answer", { TO_HELLO("\x16\x03\x03\x00\x2a\x02") },
		OUTCOME_BROKEN, "the server closed the connection", 1 },
	{ "nor an alert within one",
		{ TO_HELLO("\x16\x03\x03\x00\x04\x02\x00\x00\x01"
			   "\x15\x03\x03\x00\x02\x02\x46") },
		OUTCOME_BROKEN, "alert protocol_version (70)", 1 },
	{ "nor 421 instead of TLS", { TO_HELLO("421 too many connections\r\n") }, OUTCOME_BROKEN,
		"the answer is not TLS", 1 },
	{ "nor a version that does not exist", { TO_HELLO(HELLO("\x07\x07", "\xc0\x2f")) },
		OUTCOME_BROKEN, "which does not exist", 1 },
};

static void
expect_row(const struct row *row, const struct observer *observer, const void *record,
	bool implicit_tls)
{
	struct observed observed;
	const struct observation *observation;

	observe_script(&observed, observer, record, row->servers, CONNECTIONS_MAX, implicit_tls);
	observation = observed.observation;
	if (observation->outcome != row->outcome || strstr(observation->text, row->text) == NULL)
		fail_msg("%s: got outcome %d, \"%s\"", row->sentence, (int)observation->outcome,
			observation->text);
	if (observed.dialled != row->dialled || observation->trace_count != row->dialled)
		fail_msg("%s: %zu connections, %zu traces", row->sentence, observed.dialled,
			observation->trace_count);
	evidence_release(&observed.evidence);
}

static struct hello_record
control_record(void)
{
	return (struct hello_record){ .offer = hello_offer_control() };
}

static void
a_refusal_is_said_or_repeated_where_others_are_served(void **state)
{
	struct hello_record record = control_record();

	(void)state;
	for (size_t i = 0; i < COUNT(hellos); i++)
		expect_row(&hellos[i], &hello_observer, &record, true);
}

static const struct row dialogues[] = {
	{ "a 421 greeting is no refusal of a hello", { GOES }, OUTCOME_BROKEN, "421", 1 },
	{ "nor is one behind a close",
		{ { .exchanges = { { NULL, "220 a\r\n", 0 },
			    { "EHLO gate.example.test\r\n", "250-a\r\n250 STARTTLS\r\n", 0 },
			    { "STARTTLS\r\n", "220 go\r\n", 0 }, { script_anything, "", 0 } } },
			GOES },
		OUTCOME_BROKEN, "the server hung up, and on a control hello: before the hello", 2 },
	{ "nor a connect that is refused", { { .fault = DIAL_FAULT_SERVER } }, OUTCOME_BROKEN,
		"nobody answers", 1 },
};

static void
what_ends_before_the_hello_does_not_refuse_it(void **state)
{
	struct hello_record record = control_record();

	(void)state;
	for (size_t i = 0; i < COUNT(dialogues); i++)
		expect_row(&dialogues[i], &hello_observer, &record, false);
}

static void
every_server_hello_is_kept(void **state)
{
	static const struct scripted servers[] = { SHUTS, TAKES,
		TO_HELLO(HELLO("\x03\x02", "\x00\x2f")), TO_HELLO(HELLO("\x03\x01", "\x00\x35")) };
	struct hello_record record = control_record();
	struct observed observed;

	(void)state;
	observe_script(&observed, &hello_observer, &record, servers, COUNT(servers), true);
	assert_int_equal(observed.observation->outcome, OUTCOME_DONE);
	assert_int_equal(observed.observation->hello_count, 3);
	assert_int_equal(observed.observation->hellos[0].version, TLS_VERSION_1_2);
	assert_int_equal(observed.observation->hellos[1].version, TLS_VERSION_1_1);
	assert_int_equal(observed.observation->hellos[2].version, TLS_VERSION_1_0);
	assert_int_equal(observed.observation->hellos[2].suite, 0x0035);
	assert_int_equal(observed.observation->hellos[2].connection, 3);
	evidence_release(&observed.evidence);
}

static void
a_control_that_is_hung_up_on_is_a_server_that_is_busy(void **state)
{
	static const struct {
		struct scripted servers[2];
		bool turned_away;
	} controls[] = {
		{ { SHUTS, SHUTS }, true },
		{ { SHUTS, ALERT("\x46") }, false },
	};
	struct hello_record record = control_record();

	(void)state;
	for (size_t i = 0; i < COUNT(controls); i++) {
		struct observed observed;

		observe_script(&observed, &hello_observer, &record, controls[i].servers, 2, true);
		assert_int_equal(observed.observation->turned_away, controls[i].turned_away);
		evidence_release(&observed.evidence);
	}
}

/* Behind it further suites are asked for, which are refused for themselves. */
static void
one_alert_for_the_fallback_says_why(void **state)
{
	static const struct scripted says_why[] = { ALERT("\x56"), ALERT("\x28"), ALERT("\x28"),
		ALERT("\x28"), ALERT("\x28"), ALERT("\x28") };
	struct observed observed;

	(void)state;
	for (size_t skipped = 0; skipped < 2; skipped++) {
		const struct fallback_record *record;

		observe_script(&observed, &fallback_observer, NULL, says_why + skipped,
			COUNT(says_why) - skipped, true);
		record = observed.observation->record;
		assert_int_equal(record->count, 1);
		assert_int_equal(record->hellos[0].outcome, OUTCOME_REFUSED);
		assert_int_equal(record->hellos[0].for_signal, skipped == 0);
		evidence_release(&observed.evidence);
	}
}

/* Each answer is undercut by the next hello. */
static const struct row olders[] = {
	{ "who answers with the oldest version takes it",
		{ TO_HELLO(HELLO("\x03\x02", "\x00\x2f")),
			TO_HELLO(HELLO("\x03\x01", "\x00\x2f")) },
		OUTCOME_DONE, "the server chose TLS 1.0", 2 },
	{ "who answers with a newer one than was offered has not answered",
		{ TO_HELLO(HELLO("\x03\x03", "\x00\x2f")) }, OUTCOME_BROKEN,
		"which was not offered", 1 },
	{ "who does not answer has not refused",
		{ TO_HELLO(HELLO("\x03\x02", "\x00\x2f")),
			{ .exchanges = { { script_anything, "", 0 } }, .end = STREAM_TIMEOUT } },
		OUTCOME_BROKEN, "no answer within", 2 },
};

static void
older_versions_are_asked_for_one_below_the_other(void **state)
{
	struct older_versions_record record = { .below = TLS_VERSION_1_2 };

	(void)state;
	for (size_t i = 0; i < COUNT(olders); i++)
		expect_row(&olders[i], &older_versions_observer, &record, true);
}

/* A SERVER-HELLO with one cipher kind and a certificate of one byte. */
#define SSL2_HELLO                                             \
	"\x80\x0f\x04\x00\x01\x00\x02\x00\x01\x00\x03\x00\x00" \
	"C"                                                    \
	"\x01\x00\x80"

static const struct row ssl2[] = {
	{ "a SERVER-HELLO is the answer", { TO_HELLO(SSL2_HELLO) }, OUTCOME_DONE,
		"the server answered with an SSL 2.0 hello", 1 },
	{ "an error of SSL 2.0 is a refusal", { TO_HELLO("\x80\x03\x00\x00\x01") }, OUTCOME_REFUSED,
		"SSL 2.0 error 1", 1 },
	{ "an alert of TLS that says no is one", { ALERT("\x28") }, OUTCOME_REFUSED,
		"alert handshake_failure (40)", 1 },
	{ "and one that says that this was no TLS", { ALERT("\x0a") }, OUTCOME_REFUSED,
		"alert unexpected_message (10)", 1 },
	{ "a ServerHello of TLS is no answer to this", { TAKES }, OUTCOME_BROKEN, "", 1 },
	{ "three closes are a refusal, with controls between them and behind",
		{ SHUTS, TAKES, TAKES, SHUTS, TAKES, SHUTS, TAKES }, OUTCOME_REFUSED,
		"three times, with accepted hellos between", 7 },
	{ "not where the control is not taken", { SHUTS, SHUTS }, OUTCOME_BROKEN,
		"the server hung up, and on a control hello", 2 },
	{ "plain text is no refusal", { TO_HELLO("500 what\r\n") }, OUTCOME_BROKEN,
		"the answer is not TLS", 1 },
	{ "nor is half a hello", { TO_HELLO("\x80\x0f\x04\x00") }, OUTCOME_BROKEN, "", 1 },
	{ "nor silence", { { .exchanges = { { script_anything, "", 0 } }, .end = STREAM_TIMEOUT } },
		OUTCOME_BROKEN, "no answer within the time allowed", 1 },
};

static void
ssl2_is_refused_as_anything_else_is(void **state)
{
	struct ssl2_record record = { .kind_count = 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(ssl2); i++)
		expect_row(&ssl2[i], &ssl2_observer, &record, true);
}

/* Behind the first close another connection is sure to come, until the last control. */
static void
the_next_connection_is_begun_when_it_is_known_that_one_will_come(void **state)
{
	static const struct {
		struct scripted servers[CONNECTIONS_MAX];
		const char *begun;
	} rows[] = {
		{ { TAKES }, "" },
		{ { ALERT("\x46") }, "" },
		{ { SHUTS, TAKES, TAKES, SHUTS, TAKES, SHUTS, TAKES }, "23456" },
		{ { SHUTS, TAKES, TAKES, TAKES }, "234" },
		{ { SHUTS, SHUTS }, "2" },
		{ { SHUTS, GOES }, "2" },
	};
	struct hello_record record = control_record();

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct observed observed;

		observe_script(&observed, &hello_observer, &record, rows[i].servers,
			CONNECTIONS_MAX, true);
		if (strcmp(observed.begun, rows[i].begun) != 0 || observed.observation->goes_on)
			fail_msg("row %zu: got \"%s\", want \"%s\"", i, observed.begun,
				rows[i].begun);
		evidence_release(&observed.evidence);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_refusal_is_said_or_repeated_where_others_are_served),
		cmocka_unit_test(what_ends_before_the_hello_does_not_refuse_it),
		cmocka_unit_test(every_server_hello_is_kept),
		cmocka_unit_test(one_alert_for_the_fallback_says_why),
		cmocka_unit_test(a_control_that_is_hung_up_on_is_a_server_that_is_busy),
		cmocka_unit_test(the_next_connection_is_begun_when_it_is_known_that_one_will_come),
		cmocka_unit_test(older_versions_are_asked_for_one_below_the_other),
		cmocka_unit_test(ssl2_is_refused_as_anything_else_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
