/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The session conversation with servers that play scripts, as far as TLS: each step done, refused
 * or broken.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dialled_script.h"
#include "probe/session_conversation.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define BYTES(text) text, sizeof(text) - 1

#define GREETS                                       \
	{                                            \
		NULL, "220 mail.example.test\r\n", 0 \
	}
#define EHLO "EHLO gate.example.test\r\n"
#define OFFERS                                                       \
	{                                                            \
		EHLO, "250-mail.example.test\r\n250 STARTTLS\r\n", 0 \
	}
#define STARTS                                  \
	{                                       \
		"STARTTLS\r\n", "220 go\r\n", 0 \
	}
#define TO_HELLO(text)                       \
	{                                    \
		script_anything, BYTES(text) \
	}

struct row {
	const char *sentence;
	bool implicit_tls;
	struct scripted server;
	enum step step; /* the one that is not done */
	enum outcome outcome;
	enum stream_status status;
	const char *text;
};

static const struct row rows[] = {
	{ "nobody takes the connection", false, { .fault = DIAL_FAULT_SERVER }, STEP_CONNECT,
		OUTCOME_BROKEN, STREAM_TIMEOUT, "nobody answers" },
	{ "a greeting of 554 is a refusal", false, { .exchanges = { { NULL, "554 no\r\n", 0 } } },
		STEP_GREETING, OUTCOME_REFUSED, STREAM_OK,
		"the server answered the connection with 554 no" },
	{ "one of 421 is none", false, { .exchanges = { { NULL, "421 later\r\n", 0 } } },
		STEP_GREETING, OUTCOME_BROKEN, STREAM_OK,
		"the server answered the connection with 421 later" },
	{ "nor is a close", false, { .end = STREAM_CLOSED }, STEP_GREETING, OUTCOME_BROKEN,
		STREAM_CLOSED, "the server closed the connection" },
	{ "nor a reset within it", false,
		{ .exchanges = { { NULL, "220 ma", 0 } }, .end = STREAM_RESET }, STEP_GREETING,
		OUTCOME_BROKEN, STREAM_RESET,
		"the server reset the connection in the middle of a reply" },
	{ "nor silence", false, { .end = STREAM_TIMEOUT }, STEP_GREETING, OUTCOME_BROKEN,
		STREAM_TIMEOUT, "no answer within the time allowed" },
	{ "nor another protocol", false, { .exchanges = { { NULL, "* OK IMAP\r\n", 0 } } },
		STEP_GREETING, OUTCOME_BROKEN, STREAM_OK,
		"the reply is not SMTP: a line does not start with a reply code" },
	{ "EHLO is refused", false, { .exchanges = { GREETS, { EHLO, "502 no\r\n", 0 } } },
		STEP_EHLO, OUTCOME_REFUSED, STREAM_OK, "the server answered EHLO with 502 no" },
	{ "EHLO ends it", false, { .exchanges = { GREETS, { EHLO, "421 bye\r\n", 0 } } }, STEP_EHLO,
		OUTCOME_BROKEN, STREAM_OK, "the server answered EHLO with 421 bye" },
	{ "EHLO is answered as something else", false,
		{ .exchanges = { GREETS, { EHLO, "220 hello\r\n", 0 } } }, STEP_EHLO,
		OUTCOME_BROKEN, STREAM_OK, "the server answered EHLO with 220" },
	{ "EHLO is answered before it is said", false,
		{ .exchanges = { { NULL, "220 a\r\n250 STARTTLS\r\n", 0 } } }, STEP_EHLO,
		OUTCOME_BROKEN, STREAM_OK, "the server spoke before it was asked" },
	{ "EHLO is not answered", false,
		{ .exchanges = { GREETS, { EHLO, "", 0 } }, .end = STREAM_TIMEOUT }, STEP_EHLO,
		OUTCOME_BROKEN, STREAM_TIMEOUT, "no answer within the time allowed" },
	{ "STARTTLS is not offered", false, { .exchanges = { GREETS, { EHLO, "250 a\r\n", 0 } } },
		STEP_STARTTLS, OUTCOME_REFUSED, STREAM_OK, "the server does not offer STARTTLS" },
	{ "STARTTLS is refused", false,
		{ .exchanges = { GREETS, OFFERS, { "STARTTLS\r\n", "454 no\r\n", 0 } } },
		STEP_STARTTLS, OUTCOME_REFUSED, STREAM_OK,
		"the server answered STARTTLS with 454 no" },
	{ "STARTTLS ends it", false,
		{ .exchanges = { GREETS, OFFERS, { "STARTTLS\r\n", "421 no\r\n", 0 } } },
		STEP_STARTTLS, OUTCOME_BROKEN, STREAM_OK,
		"the server answered STARTTLS with 421 no" },
	{ "STARTTLS is not answered", false,
		{ .exchanges = { GREETS, OFFERS, { "STARTTLS\r\n", "", 0 } } }, STEP_STARTTLS,
		OUTCOME_BROKEN, STREAM_CLOSED, "the server closed the connection" },
	{ "the handshake gets an alert", false,
		{ .exchanges = { GREETS, OFFERS, STARTS,
			  TO_HELLO("\x15\x03\x03\x00\x02\x02\x28") } },
		STEP_HANDSHAKE, OUTCOME_REFUSED, STREAM_OK,
		"the server answered with the alert handshake_failure (40)" },
	{ "the handshake gets a close", false,
		{ .exchanges = { GREETS, OFFERS, STARTS, TO_HELLO("") } }, STEP_HANDSHAKE,
		OUTCOME_BROKEN, STREAM_CLOSED,
		"the server closed the connection during the handshake" },
	{ "with implicit TLS the hello comes first", true,
		{ .exchanges = { TO_HELLO("\x15\x03\x03\x00\x02\x02\x46") } }, STEP_HANDSHAKE,
		OUTCOME_REFUSED, STREAM_OK,
		"the server answered with the alert protocol_version (70)" },
	{ "and a greeting is no answer to it", true, { .exchanges = { TO_HELLO("220 a\r\n") } },
		STEP_HANDSHAKE, OUTCOME_REFUSED, STREAM_OK,
		"the server answered the ClientHello with something that is not TLS: \"220 "
		"a\\r\\n\"" },
};

static void
converse(struct evidence *evidence, const struct target *target, const struct scripted *server,
	size_t count, enum step last)
{
	struct dialled_script script;
	size_t dialled;
	struct endpoint endpoint = script_endpoint(&script, server, count, &dialled);

	endpoint.implicit_tls = target->implicit_tls;
	endpoint.dialect = target->dialect;
	evidence_init(evidence, target, 0);
	evidence->last_step = last;
	probe_session(evidence, &endpoint);
	assert_int_equal(dialled, 1);
	assert_int_equal(evidence->connections, 1);
}

static void
expect_row(const struct row *row)
{
	const struct target target = { .implicit_tls = row->implicit_tls, .dialect = dialects };
	const struct step_record *record;
	struct evidence evidence;
	enum step broken;

	converse(&evidence, &target, &row->server, 1, STEP_SESSION_EHLO);
	record = &evidence.session.steps[row->step];
	if (!evidence_broken_step(&evidence, STEP_SESSION_EHLO, &broken) || broken != row->step)
		fail_msg("%s: it broke at step %d", row->sentence, (int)broken);
	if (record->outcome != row->outcome || record->status != row->status ||
		strcmp(record->text, row->text) != 0)
		fail_msg("%s: got outcome %d, status %d, \"%s\"", row->sentence,
			(int)record->outcome, (int)record->status, record->text);
	assert_false(evidence.session.answered);
	assert_int_equal(evidence.session_hello.version, 0);
	evidence_release(&evidence);
}

static void
the_first_step_that_is_not_done_is_the_last(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		expect_row(&rows[i]);
}

static void
a_refused_connect_is_an_answer(void **state)
{
	const struct target target = { .dialect = dialects };
	struct evidence evidence;

	(void)state;
	converse(&evidence, &target, NULL, 0, STEP_GREETING);
	assert_int_equal(evidence.session.steps[STEP_CONNECT].outcome, OUTCOME_REFUSED);
	assert_int_equal(evidence.session.fault, DIAL_FAULT_SERVER);
	assert_string_equal(evidence.session.address, "192.0.2.1");
	evidence_release(&evidence);
}

static void
behind_the_deadline_nobody_is_dialled(void **state)
{
	const struct target target = { .dialect = dialects };
	struct dialled_script script;
	struct evidence evidence;
	size_t dialled;
	struct endpoint endpoint = script_endpoint(&script, NULL, 0, &dialled);

	(void)state;
	endpoint.deadline_ms = clock_now_ms();
	evidence_init(&evidence, &target, 0);
	evidence.last_step = STEP_GREETING;
	probe_session(&evidence, &endpoint);
	assert_int_equal(dialled, 0);
	assert_int_equal(evidence.session.steps[STEP_CONNECT].outcome, OUTCOME_BROKEN);
	assert_int_equal(evidence.session.steps[STEP_CONNECT].status, STREAM_TIMEOUT);
	evidence_release(&evidence);
}

/* What is asked for is all that is said, and a server that waits for a command gets QUIT. */
static void
nothing_is_said_beyond_the_last_step(void **state)
{
	const struct target target = { .dialect = dialects };
	static const struct scripted server = { .exchanges = { GREETS, OFFERS,
							{ "QUIT\r\n", "221 bye\r\n", 0 } } };
	static const struct {
		enum step last;
		const char *transcript;
	} lasts[] = {
		{ STEP_CONNECT, "-- connected to 192.0.2.1 port 587\n" },
		{ STEP_EHLO, "-- connected to 192.0.2.1 port 587\n"
			     "S: 220 mail.example.test\nC: EHLO gate.example.test\n"
			     "S: 250-mail.example.test\nS: 250 STARTTLS\nC: QUIT\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(lasts); i++) {
		struct evidence evidence;
		enum step broken;

		converse(&evidence, &target, &server, 1, lasts[i].last);
		assert_false(evidence_broken_step(&evidence, lasts[i].last, &broken));
		assert_string_equal(evidence.session.transcript.data, lasts[i].transcript);
		evidence_release(&evidence);
	}
}

static void
lmtp_begins_with_lhlo(void **state)
{
	const struct target target = { .dialect = dialect_find("lmtp") };
	static const struct scripted server = {
		.exchanges = { GREETS, { "LHLO gate.example.test\r\n", "250 STARTTLS\r\n", 0 } }
	};
	struct evidence evidence;

	(void)state;
	converse(&evidence, &target, &server, 1, STEP_EHLO);
	assert_int_equal(evidence.session.steps[STEP_EHLO].outcome, OUTCOME_DONE);
	evidence_release(&evidence);
}

static void
a_server_that_does_not_offer_starttls_is_not_sent_it(void **state)
{
	const struct target target = { .dialect = dialects };
	static const struct scripted server = { .exchanges = { GREETS, { EHLO, "250 a\r\n", 0 } } };
	struct evidence evidence;

	(void)state;
	converse(&evidence, &target, &server, 1, STEP_HANDSHAKE);
	assert_null(strstr(evidence.session.transcript.data, "STARTTLS"));
	evidence_release(&evidence);
}

static void
what_follows_the_reply_to_starttls_is_kept_out_of_the_handshake(void **state)
{
	const struct target target = { .dialect = dialects };
	static const struct scripted server = {
		.exchanges = { GREETS, OFFERS, { "STARTTLS\r\n", "220 go\r\n250 stray\r\n", 0 },
			TO_HELLO("\x15\x03\x03\x00\x02\x02\x28") }
	};
	struct evidence evidence;

	(void)state;
	converse(&evidence, &target, &server, 1, STEP_HANDSHAKE);
	assert_int_equal(evidence.session.after_starttls.len, strlen("250 stray\r\n"));
	assert_memory_equal(evidence.session.after_starttls.data, "250 stray\r\n",
		evidence.session.after_starttls.len);
	assert_int_equal(evidence.session.steps[STEP_STARTTLS].outcome, OUTCOME_DONE);
	assert_int_equal(evidence.session.steps[STEP_HANDSHAKE].outcome, OUTCOME_REFUSED);
	evidence_release(&evidence);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_step_that_is_not_done_is_the_last),
		cmocka_unit_test(a_refused_connect_is_an_answer),
		cmocka_unit_test(behind_the_deadline_nobody_is_dialled),
		cmocka_unit_test(nothing_is_said_beyond_the_last_step),
		cmocka_unit_test(lmtp_begins_with_lhlo),
		cmocka_unit_test(a_server_that_does_not_offer_starttls_is_not_sent_it),
		cmocka_unit_test(what_follows_the_reply_to_starttls_is_kept_out_of_the_handshake),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
