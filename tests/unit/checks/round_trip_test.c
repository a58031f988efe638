/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The judge of a message that is sent and looked for.
 */
#include "court_session.h"
#include "reply_codes.h"

#include "checks/check.h"
#include "probe/round_trip.h"
#include "wire/token_message.h"

#define TOKEN "0123456789abcdef0123456789abcdef"
#define TRIP_WITH(members)                                                                        \
	ASSERT_WITH("mail.round_trip",                                                            \
		"\"from\":\"a@b.test\",\"to\":\"c@d.test\",\"within\":\"5s\"," members            \
		"\"mailbox\":{\"protocol\":\"imap\",\"host\":\"imap.example.test\",\"username\":" \
		"\"box\",\"password\":\"${password}\"}")
#define TRIP TRIP_WITH("")
#define TRIP_VERSION TRIP_WITH("\"tls_version\":true,")

/* How the message came back, where it differs from one that is in order. */
struct came_back {
	const char *client;   /* in Received; NULL: ours */
	const char *received; /* behind that; NULL: as usual */
	const char *subject, *last_line;
	bool blanks_lost, no_received;
	const char *field, *type;
};

struct row {
	struct finding_row finding;
	struct round_trip_record record; /* where it differs */
	struct came_back message;
	const char *cut_short;
};

#define ENDED(sentence, assertion, outcome, verdict, type, says)                    \
	{                                                                           \
		sentence, assertion, outcome, NULL, verdict, type, CAUSE_NONE, says \
	}
#define FAILS_AS(sentence, type, says) FAILS(sentence, TRIP, type, CAUSE_NONE, says)
#define IS_OPEN_AS(sentence, type, says) IS_OPEN(sentence, TRIP, type, CAUSE_NONE, says)
#define ANSWERED(ended, said, number)           \
	.end = ended, .command = said,          \
	.answer = { .reply = STATUS_OF(number), \
		.meaning = MEANING_OF(number),  \
		.code = number,                 \
		.text = #number }
#define CAME(ended, ms, times) .end = ended, .arrived = true, .arrived_ms = (ms), .copies = (times)
#define ARRIVED CAME(ROUND_TRIP_ACCEPTED, 1234, 1)

static const struct row rows[] = {
	{ PASSES("a message that came back", TRIP,
		  "after 1.2 s, once and as it was sent, with ESMTPS"),
		{ ARRIVED }, { 0 }, NULL },
	{ PASSES("in ASCII where nothing else is offered", TRIP, "in ASCII"),
		{ ARRIVED, .eight_bit = false }, { .last_line = "" }, NULL },
	{ PASSES("the version that was wanted", TRIP_VERSION, "as it was sent"), { ARRIVED },
		{ .received = "(using TLSv1.3) by m with ESMTPS id Q1" }, NULL },
	{ FAILS_AS("a refusal", "MessageRefused", "answered RCPT with \"550\""),
		{ ANSWERED(ROUND_TRIP_REFUSED, "RCPT", 550) }, { 0 }, NULL },
	{ FAILS_AS("no room", "MailboxFull", "answered RCPT with \"552\""),
		{ ANSWERED(ROUND_TRIP_REFUSED, "RCPT", 552) }, { 0 }, NULL },
	{ FAILS_AS("no room for now", "MailboxFull", "\"452\""),
		{ ANSWERED(ROUND_TRIP_REFUSED, "RCPT", 452) }, { 0 }, NULL },
	{ FAILS_AS("a refusal counts though the run was cut short", "MessageRefused", "\"550\""),
		{ ANSWERED(ROUND_TRIP_REFUSED, "RCPT", 550) }, { 0 }, DEADLINE },
	{ IS_OPEN_AS("greylisting", "Greylisted",
		  "since the first of 3 tries, 4.5 s ago: the server answered RCPT with \"450\""),
		{ ANSWERED(ROUND_TRIP_PUT_OFF, "RCPT", 450), .tries = 3, .put_off_ms = 4567 },
		{ 0 }, NULL },
	{ ENDED("nobody knows whether it was taken", TRIP, OUTCOME_BROKEN, VERDICT_ERROR,
		  "Unconfirmed",
		  "the message " TOKEN " was taken is not known; it has not arrived"),
		{ .end = ROUND_TRIP_UNCONFIRMED }, { 0 }, NULL },
	{ ENDED("it arrived, though nobody said that it was taken", TRIP, OUTCOME_BROKEN,
		  VERDICT_ERROR, "Unconfirmed", "it arrived"),
		{ CAME(ROUND_TRIP_UNCONFIRMED, 1234, 1) }, { 0 }, NULL },
	{ ENDED("the server was not reached", TRIP, OUTCOME_BROKEN, VERDICT_ERROR, "NoProof",
		  "no proof that a message comes through: what happened"),
		{ .end = ROUND_TRIP_NOT_SENT }, { 0 }, NULL },
	{ ENDED("the mailbox was not reached", TRIP, OUTCOME_BROKEN, VERDICT_ERROR,
		  "MailboxUnreadable", "imap.example.test could not be looked into: no answer"),
		{ .trouble = { .text = "no answer" } }, { 0 }, NULL },
	{ ENDED("the mailbox is not trusted", TRIP, OUTCOME_BROKEN, VERDICT_ERROR,
		  "CredentialsWithheld", "not trusted for imap.example.test"),
		{ .trouble = { .text = "withheld", .distrusted = true } }, { 0 }, NULL },
	{ ENDED("the mailbox could not be read in the end", TRIP, OUTCOME_BROKEN, VERDICT_ERROR,
		  "MailboxUnreadable", "no answer"),
		{ .end = ROUND_TRIP_ACCEPTED, .trouble = { .text = "no answer" } }, { 0 }, NULL },
	{ FAILS_AS("it is lost", "MessageLost", "the message " TOKEN " was taken"),
		{ .end = ROUND_TRIP_ACCEPTED, .arrived_ms = 7500 }, { 0 }, NULL },
	{ { "what did not come before the run was cut short is not lost", TRIP, OUTCOME_DONE, NULL,
		  VERDICT_ERROR, "NotRun", CAUSE_CUT_SHORT, "the message is " TOKEN },
		{ .end = ROUND_TRIP_ACCEPTED }, { 0 }, DEADLINE },
	{ FAILS_AS("it is late", "MessageLate", "after 6 s, and not within 5 s"),
		{ CAME(ROUND_TRIP_ACCEPTED, 6100, 1), .late = true }, { 0 }, NULL },
	{ FAILS_AS("it is there twice", "MessageDuplicated", "2 times"),
		{ CAME(ROUND_TRIP_ACCEPTED, 1234, 2) }, { 0 }, NULL },
	{ FAILS_AS("it is there twice, and stays", "MessageDuplicated",
		  "the message " TOKEN " could not be deleted"),
		{ CAME(ROUND_TRIP_ACCEPTED, 1234, 2), .left = true }, { 0 }, NULL },
	{ FAILS_AS("it is among the junk", "InJunk", "junk"),
		{ .end = ROUND_TRIP_ACCEPTED, .in_junk = true }, { 0 }, NULL },
	{ IS_OPEN_AS("it stays", "MessageLeft", TOKEN " could not be deleted"),
		{ ARRIVED, .left = true }, { 0 }, NULL },
	{ FAILS_AS("a hop without TLS", "HopWithoutTls", "\"with ESMTP\""), { ARRIVED },
		{ .received = "by m with ESMTP id Q1" }, NULL },
	{ FAILS_AS(
		  "what was found counts though it stays", "HopWithoutTls", "could not be deleted"),
		{ ARRIVED, .left = true }, { .received = "by m with ESMTP id Q1" }, NULL },
	{ FAILS_AS("no hop of ours", "HopMissing", "is from gate.example.test"), { ARRIVED },
		{ .no_received = true }, NULL },
	{ FAILS_AS("a hop of somebody else's, whatever its id", "HopMissing", "is from gate"),
		{ ARRIVED }, { .client = "other.example.test" }, NULL },
	{ IS_OPEN_AS("a hop with another id", "HopUntold", "an id that the server told"),
		{ ARRIVED }, { .received = "by m with ESMTPS id Q11" }, NULL },
	{ IS_OPEN_AS("a hop that says nothing of TLS", "HopUntold", "whether there was TLS"),
		{ ARRIVED }, { .received = "by m id Q1" }, NULL },
	{ IS_OPEN("no version", TRIP_VERSION, "VersionUntold", CAUSE_NONE,
		  "smtpd_tls_received_header"),
		{ ARRIVED }, { 0 }, NULL },
	{ FAILS("another version", TRIP_VERSION, "HopVersion", CAUSE_NONE, "TLS 1.2"), { ARRIVED },
		{ .received = "(using TLSv1.2) by m with ESMTPS id Q1" }, NULL },
	{ FAILS_AS("another subject", "HeaderChanged", "the field Subject"), { ARRIVED },
		{ .subject = "[SPAM] " }, NULL },
	{ FAILS_AS("a second author", "HeaderChanged", "the field From"), { ARRIVED },
		{ .field = "From: <e@f.test>\r\n" }, NULL },
	{ FAILS_AS("another type", "HeaderChanged", "the field Content-Type"), { ARRIVED },
		{ .type = "text/html; charset=utf-8" }, NULL },
	{ FAILS_AS("another character set", "HeaderChanged", "the field Content-Type"), { ARRIVED },
		{ .type = "text/plain; charset=utf-16" }, NULL },
	{ FAILS_AS("a line more", "BodyChanged", "in line 11"), { ARRIVED },
		{ .last_line = "checked\r\n" }, NULL },
	{ FAILS_AS("blanks lost", "BlanksLost", "line 5"), { ARRIVED }, { .blanks_lost = true },
		NULL },
};

static void
lose_blanks(struct buf *body)
{
	char *blanks = strstr(body->data, "   \r\n");
	size_t at = (size_t)(blanks - body->data);

	memmove(blanks, blanks + 3, body->len - at - 3);
	body->len -= 3;
	body->data[body->len] = '\0';
}

/* A message as the mailbox has it. */
static void
write_back(struct arena *arena, struct round_trip_record *record, const struct came_back *back)
{
	struct token_message sent = {
		.token = TOKEN, .from = "a@b.test", .to = "c@d.test", .eight_bit = record->eight_bit
	};
	struct buf body, all;

	buf_init(&body, 10000);
	buf_init(&all, 20000);
	token_message_body(&sent, &body);
	record->sent_body = (struct span){ arena_memdup(arena, body.data, body.len), body.len };
	if (back->blanks_lost)
		lose_blanks(&body);
	if (!back->no_received)
		buf_addf(&all, "Received: from %s (x) %s; now\r\n",
			back->client != NULL ? back->client : "gate.example.test",
			back->received != NULL ? back->received : "by m with ESMTPS id Q1");
	buf_addf(&all,
		"Subject: %sstarttls-gate " TOKEN "\r\nMessage-ID: <" TOKEN "@b.test>\r\n"
		"From: <a@b.test>\r\n%sTo:\r\n <c@d.test>\r\n"
		"Content-Type: %s\r\n\r\n",
		back->subject != NULL ? back->subject : "", back->field != NULL ? back->field : "",
		back->type != NULL ? back->type : "Text/Plain; charset=\"UTF-8\"");
	buf_add(&all, body.data, body.len);
	buf_add_string(&all, back->last_line != NULL ? back->last_line : "");
	record->message = (struct span){ arena_memdup(arena, all.data, all.len), all.len };
	buf_release(&body);
	buf_release(&all);
}

static void
hold_trip(struct court *court, const struct row *row)
{
	struct round_trip_record *record = observed_by(court, &round_trip_observer)->record;
	struct round_trip_record question = *record;

	*record = row->record;
	record->from = question.from;
	record->to = question.to;
	record->mailbox = question.mailbox;
	record->within_ms = question.within_ms;
	record->ehlo_name = "gate.example.test";
	record->queued = "2.0.0 Ok: queued as Q1 ";
	record->tls_version = TLS_VERSION_1_3;
	record->eight_bit = row->message.last_line == NULL || row->message.last_line[0] != '\0';
	memcpy(record->token, TOKEN, TOKEN_MAX);
	write_back(&court->arena, record, &row->message);
	court->evidence.cut_short = row->cut_short;
}

static void
a_message_comes_back_or_not(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct court court;

		open_at(&court, rows[i].finding.assertion, rows[i].finding.outcome);
		hold_trip(&court, &rows[i]);
		expect_finding(&court, &rows[i].finding);
		court_close(&court);
	}
}

struct place_row {
	const char *members; /* of the mailbox */
	unsigned port;
	bool implicit_tls;
};

static const struct place_row places[] = {
	{ "\"protocol\":\"imap\"", 993, true },
	{ "\"protocol\":\"pop3\"", 995, true },
	{ "\"protocol\":\"imap\",\"tls\":\"starttls\"", 143, false },
	{ "\"protocol\":\"imap\",\"port\":143", 143, false },
	{ "\"protocol\":\"pop3\",\"port\":110", 110, false },
	{ "\"protocol\":\"imap\",\"port\":143,\"tls\":\"implicit\"", 143, true },
	{ "\"protocol\":\"imap\",\"port\":1143", 1143, true },
};

static void
the_mailbox_is_where_its_members_say(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(places); i++) {
		const struct mailbox *mailbox;
		struct court court;
		char text[1000];

		snprintf(text, sizeof(text),
			"{\"assert\":\"mail.round_trip\",\"from\":\"a@b.test\",\"to\":\"c@d.test\","
			"\"mailbox\":{%s,\"host\":\"IMAP.Example.Test\",\"username\":\"box\","
			"\"password\":\"${password}\"}}",
			places[i].members);
		open_at(&court, text, OUTCOME_DONE);
		mailbox = &((struct round_trip_record *)observed_by(&court, &round_trip_observer)
				    ->record)
				   ->mailbox;
		assert_int_equal(mailbox->port, places[i].port);
		assert_int_equal(mailbox->implicit_tls, places[i].implicit_tls);
		assert_string_equal(mailbox->host, "imap.example.test");
		assert_string_equal(mailbox->login.password, "correct horse");
		court_close(&court);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_comes_back_or_not),
		cmocka_unit_test(the_mailbox_is_where_its_members_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
