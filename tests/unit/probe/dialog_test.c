/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The dialogue over a scripted peer: no socket is opened.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "scripted_stream.h"

#include "base/clock.h"
#include "base/text.h"
#include "evidence/conversation.h"
#include "probe/authenticate.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct stage {
	struct conversation record;
	struct endpoint endpoint;
	struct dialog dialog;
};

static void
stage_begin(struct stage *stage, const struct script_exchange *exchanges, size_t count,
	size_t portion, enum stream_status end)
{
	conversation_init(&stage->record, &dialects[0]);
	stage->endpoint = (struct endpoint){ .host = "mail.example.test",
		.dialect = &dialects[0],
		.ehlo_name = "gate.example.test",
		.reply_timeout_ms = 1000,
		.hello_timeout_ms = 1000,
		.deadline_ms = clock_now_ms() + 10000 };
	stage->dialog = (struct dialog){ .record = &stage->record, .endpoint = &stage->endpoint };
	stream_over_script(&stage->dialog.stream, exchanges, count, portion, end);
}

static void
stage_end(struct stage *stage)
{
	dialog_end(&stage->dialog, false);
	conversation_release(&stage->record);
}

/* A command and its reply over a peer that sends in portions of that size. */
static void
exchange_in_portions(size_t portion)
{
	static const struct script_exchange exchanges[] = { { "NOOP\r\n", "250-a\r\n250 b\r\n",
		0 } };
	struct error error = { .text = "" };
	struct reply reply;
	struct stage stage;

	stage_begin(&stage, exchanges, COUNT(exchanges), portion, STREAM_CLOSED);
	reply_init(&reply, &dialects[0], &stage.record.arena);
	assert_int_equal(
		dialog_command(&stage.dialog, "NOOP", "NOOP", &reply, &error), OUTCOME_DONE);
	assert_int_equal(reply.code, 250);
	assert_int_equal(reply.count, 2);
	assert_string_equal(stage.record.transcript.data, "C: NOOP\nS: 250-a\nS: 250 b\n");
	reply_release(&reply);
	stage_end(&stage);
}

static void
a_reply_is_the_same_in_any_portions(void **state)
{
	(void)state;
	for (size_t portion = 0; portion <= 16; portion++)
		exchange_in_portions(portion);
}

struct ending_row {
	const char *sentence;
	const char *sent;
	enum stream_status end;
	const char *want;
};

static const struct ending_row endings[] = {
	{ "a close instead of an answer is no answer", "", STREAM_CLOSED,
		"the server closed the connection" },
	{ "a close within a reply is told as such", "250-a\r\n25", STREAM_CLOSED,
		"the server closed the connection in the middle of a reply" },
	{ "a reset is told", "", STREAM_RESET, "the server reset the connection" },
	{ "silence is told", "", STREAM_TIMEOUT, "no answer within the time allowed" },
	{ "a reply that is not SMTP is told", "+OK\r\n", STREAM_CLOSED,
		"the reply is not SMTP: a line does not start with a reply code" },
};

static void
no_usable_answer_is_broken_and_says_why(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(endings); i++) {
		const struct script_exchange exchanges[] = { { "NOOP\r\n", endings[i].sent, 0 } };
		struct error error = { .text = "" };
		enum outcome outcome;
		struct reply reply;
		struct stage stage;

		stage_begin(&stage, exchanges, 1, 0, endings[i].end);
		reply_init(&reply, &dialects[0], &stage.record.arena);
		outcome = dialog_command(&stage.dialog, "NOOP", "NOOP", &reply, &error);
		if (outcome != OUTCOME_BROKEN || strcmp(error.text, endings[i].want) != 0)
			fail_msg("%s: got %d \"%s\", want \"%s\"", endings[i].sentence,
				(int)outcome, error.text, endings[i].want);
		reply_release(&reply);
		stage_end(&stage);
	}
}

static void
what_the_server_sends_is_made_printable(void **state)
{
	static const struct script_exchange exchanges[] = { { NULL, "220 \x1b[31m\xff\r\n", 0 } };
	struct error error = { .text = "" };
	struct stage stage;

	(void)state;
	stage_begin(&stage, exchanges, COUNT(exchanges), 0, STREAM_CLOSED);
	assert_int_equal(
		dialog_read_reply(&stage.dialog, &stage.record.greeting, &error), OUTCOME_DONE);
	assert_string_equal(stage.record.transcript.data, "S: 220 \\x1b[31m\\xff\n");
	stage_end(&stage);
}

/* What lies unread before a command answers nothing; a 421 tells why the server goes. */
static void
bytes_before_a_command_are_no_answer(void **state)
{
	static const struct {
		const char *early;
		enum outcome want;
		int code;
	} rows[] = {
		{ "", OUTCOME_DONE, 250 },
		{ "250 early\r\n", OUTCOME_BROKEN, 0 },
		{ "2", OUTCOME_BROKEN, 0 },
		{ "450 later\r\n", OUTCOME_BROKEN, 0 },
		{ "421 enough\r\n", OUTCOME_DONE, 421 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct script_exchange exchanges[] = { { NULL, rows[i].early, 0 },
			{ "NOOP\r\n", "250 yes\r\n", 0 } };
		struct error error = { .text = "" };
		enum outcome outcome;
		struct reply reply;
		struct stage stage;

		stage_begin(&stage, exchanges, COUNT(exchanges), 0, STREAM_CLOSED);
		reply_init(&reply, &dialects[0], &stage.record.arena);
		outcome = dialog_command(&stage.dialog, "NOOP", "NOOP", &reply, &error);
		if (outcome != rows[i].want || reply.code != rows[i].code)
			fail_msg("\"%s\": got %d %d", rows[i].early, (int)outcome, reply.code);
		assert_int_equal(stage.record.unasked.len,
			outcome == OUTCOME_DONE ? 0 : strlen(rows[i].early));
		reply_release(&reply);
		stage_end(&stage);
	}
}

static void
offer_mechanisms(struct stage *stage, const char *ehlo)
{
	reply_feed(&stage->record.session_ehlo, ehlo, strlen(ehlo));
}

static void
plain_is_one_line_and_never_in_the_transcript(void **state)
{
	/* NUL gate NUL hunter2 */
	static const struct script_exchange exchanges[] = { { "AUTH PLAIN AGdhdGUAaHVudGVyMg==\r\n",
		"235 2.7.0 welcome\r\n", 0 } };
	struct auth_attempt attempt = {
		.mechanism = "PLAIN", .username = "gate", .password = "hunter2"
	};
	struct stage stage;

	(void)state;
	stage_begin(&stage, exchanges, COUNT(exchanges), 0, STREAM_CLOSED);
	offer_mechanisms(&stage, "250-x\r\n250 AUTH PLAIN LOGIN\r\n");
	assert_true(authenticate(&stage.dialog, &attempt, 1));
	assert_int_equal(attempt.outcome, OUTCOME_DONE);
	assert_int_equal(attempt.meaning, REPLY_AUTHENTICATED);
	assert_string_equal(
		stage.record.transcript.data, "C: AUTH PLAIN [credentials]\nS: 235 2.7.0\n");
	stage_end(&stage);
}

/* The command line, its CRLF included, has at most 512 octets: 372 bytes are 496 in base64. */
static void
an_initial_response_is_as_long_as_a_command_may_be(void **state)
{
	static const struct {
		size_t password_len;
		bool together;
	} rows[] = { { 372 - 2 - 1, true }, { 372 - 2, false } };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char password[400], payload[600], line[600];
		struct auth_attempt attempt = {
			.mechanism = "PLAIN", .username = "g", .password = password
		};
		struct script_exchange exchanges[2] = { { "AUTH PLAIN\r\n", "334 \r\n", 0 } };
		struct stage stage;
		struct buf raw, base64;

		memset(password, 'x', rows[i].password_len);
		password[rows[i].password_len] = '\0';
		buf_init(&raw, sizeof(password));
		buf_add(&raw, "\0g\0", 3);
		buf_add_string(&raw, password);
		buf_init(&base64, sizeof(payload));
		text_add_base64(&base64, raw.data, raw.len);
		snprintf(line, sizeof(line), "%s%s\r\n", rows[i].together ? "AUTH PLAIN " : "",
			base64.data);
		exchanges[rows[i].together ? 0 : 1] =
			(struct script_exchange){ line, "235 yes\r\n", 0 };
		stage_begin(&stage, exchanges, rows[i].together ? 1 : 2, 0, STREAM_CLOSED);
		offer_mechanisms(&stage, "250-x\r\n250 AUTH PLAIN\r\n");
		authenticate(&stage.dialog, &attempt, 1);
		if (attempt.meaning != REPLY_AUTHENTICATED)
			fail_msg("%zu: %s", rows[i].password_len, attempt.text);
		stage_end(&stage);
		buf_release(&raw);
		buf_release(&base64);
	}
}

static void
login_answers_both_challenges(void **state)
{
	static const struct script_exchange exchanges[] = {
		{ "AUTH LOGIN\r\n", "334 VXNlcm5hbWU6\r\n", 0 },
		{ "Z2F0ZQ==\r\n", "334 UGFzc3dvcmQ6\r\n", 0 },
		{ "aHVudGVyMg==\r\n", "535 5.7.8 no\r\n", 0 },
	};
	struct auth_attempt attempt = {
		.mechanism = "LOGIN", .username = "gate", .password = "hunter2"
	};
	struct stage stage;

	(void)state;
	stage_begin(&stage, exchanges, COUNT(exchanges), 0, STREAM_CLOSED);
	offer_mechanisms(&stage, "250-x\r\n250 AUTH PLAIN LOGIN\r\n");
	assert_true(authenticate(&stage.dialog, &attempt, 1));
	assert_int_equal(attempt.meaning, REPLY_BAD_CREDENTIALS);
	assert_null(strstr(stage.record.transcript.data, "aHVudGVyMg"));
	stage_end(&stage);
}

static void
a_real_password_is_withheld_from_a_peer_that_was_not_judged(void **state)
{
	struct auth_attempt attempt = {
		.mechanism = "PLAIN", .username = "gate", .password = "hunter2", .genuine = true
	};
	struct stage stage;

	(void)state;
	stage_begin(&stage, NULL, 0, 0, STREAM_CLOSED);
	offer_mechanisms(&stage, "250-x\r\n250 AUTH PLAIN\r\n");
	assert_true(authenticate(&stage.dialog, &attempt, 1));
	assert_true(attempt.withheld);
	assert_int_equal(attempt.outcome, OUTCOME_NOT_REACHED);
	assert_int_equal(stage.record.transcript.len, 0);
	stage_end(&stage);
}

static void
a_mechanism_that_is_not_offered_is_not_tried(void **state)
{
	struct auth_attempt attempt = { .mechanism = "LOGIN", .username = "a", .password = "b" };
	struct stage stage;

	(void)state;
	stage_begin(&stage, NULL, 0, 0, STREAM_CLOSED);
	offer_mechanisms(&stage, "250-x\r\n250 AUTH PLAIN\r\n");
	assert_true(authenticate(&stage.dialog, &attempt, 1));
	assert_false(attempt.offered);
	assert_int_equal(stage.record.transcript.len, 0);
	stage_end(&stage);
}

static void
after_a_login_the_next_attempt_waits_for_another_conversation(void **state)
{
	static const struct script_exchange exchanges[] = {
		{ "AUTH PLAIN AGEAYg==\r\n", "535 no\r\n", 0 },
		{ "AUTH PLAIN AGMAZA==\r\n", "235 yes\r\n", 0 },
	};
	struct auth_attempt attempts[] = {
		{ .mechanism = "PLAIN", .username = "a", .password = "b" },
		{ .mechanism = "PLAIN", .username = "c", .password = "d" },
		{ .mechanism = "PLAIN", .username = "e", .password = "f" },
	};
	struct stage stage;

	(void)state;
	stage_begin(&stage, exchanges, COUNT(exchanges), 0, STREAM_CLOSED);
	offer_mechanisms(&stage, "250-x\r\n250 AUTH PLAIN\r\n");
	assert_true(authenticate(&stage.dialog, attempts, COUNT(attempts)));
	assert_int_equal(attempts[0].meaning, REPLY_BAD_CREDENTIALS);
	assert_int_equal(attempts[1].meaning, REPLY_AUTHENTICATED);
	assert_null(attempts[2].conversation);
	stage_end(&stage);
}

static void
a_close_leaves_the_attempt_unanswered(void **state)
{
	static const struct script_exchange exchanges[] = { { "AUTH PLAIN AGEAYg==\r\n", "", 0 } };
	struct auth_attempt attempt = { .mechanism = "PLAIN", .username = "a", .password = "b" };
	struct stage stage;

	(void)state;
	stage_begin(&stage, exchanges, COUNT(exchanges), 0, STREAM_CLOSED);
	offer_mechanisms(&stage, "250-x\r\n250 AUTH PLAIN\r\n");
	assert_false(authenticate(&stage.dialog, &attempt, 1));
	assert_int_equal(attempt.outcome, OUTCOME_BROKEN);
	assert_string_equal(attempt.text, "the server closed the connection");
	stage_end(&stage);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reply_is_the_same_in_any_portions),
		cmocka_unit_test(no_usable_answer_is_broken_and_says_why),
		cmocka_unit_test(what_the_server_sends_is_made_printable),
		cmocka_unit_test(bytes_before_a_command_are_no_answer),
		cmocka_unit_test(plain_is_one_line_and_never_in_the_transcript),
		cmocka_unit_test(an_initial_response_is_as_long_as_a_command_may_be),
		cmocka_unit_test(login_answers_both_challenges),
		cmocka_unit_test(a_real_password_is_withheld_from_a_peer_that_was_not_judged),
		cmocka_unit_test(a_mechanism_that_is_not_offered_is_not_tried),
		cmocka_unit_test(after_a_login_the_next_attempt_waits_for_another_conversation),
		cmocka_unit_test(a_close_leaves_the_attempt_unanswered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
