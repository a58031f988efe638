/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The observers of what comes before TLS, with servers that play scripts, as far as TLS.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dialled_script.h"
#include "probe/starttls_probes.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define BYTES(text) text, sizeof(text) - 1

#define SAY(command, reply)                     \
	{                                       \
		command "\r\n", reply "\r\n", 0 \
	}
#define GREETS                                       \
	{                                            \
		NULL, "220 mail.example.test\r\n", 0 \
	}
#define OFFERS SAY("EHLO gate.example.test", "250-mail.example.test\r\n250 STARTTLS")
#define BEGINS GREETS, OFFERS
#define TO_HELLO(text)                       \
	{                                    \
		script_anything, BYTES(text) \
	}
#define ALERT_70 "\x15\x03\x03\x00\x02\x02\x46"
#define CONNECTIONS_MAX 8

struct row {
	const char *sentence;
	struct scripted servers[CONNECTIONS_MAX];
	enum outcome outcome;
	const char *text;
	size_t dialled;
};

static void
expect_outcome(const struct row *row, const struct observed *observed)
{
	const struct observation *observation = observed->observation;

	if (observation->outcome != row->outcome || strstr(observation->text, row->text) == NULL)
		fail_msg("%s: got outcome %d, \"%s\"", row->sentence, (int)observation->outcome,
			observation->text);
	if (observed->dialled != row->dialled || observation->connections != row->dialled)
		fail_msg("%s: %zu connections", row->sentence, observed->dialled);
}

static void
expect_rows(
	const struct row *rows, size_t count, const struct observer *observer, const void *record)
{
	for (size_t i = 0; i < count; i++) {
		struct observed observed;

		observe_script(
			&observed, observer, record, rows[i].servers, CONNECTIONS_MAX, false);
		expect_outcome(&rows[i], &observed);
		evidence_release(&observed.evidence);
	}
}

#define INJECTED(reply) SAY("STARTTLS\r\nNOOP", reply)
#define SHUTS                                                             \
	{                                                                 \
		.exchanges = { BEGINS, INJECTED("220 go"), TO_HELLO("") } \
	}

static const struct row injections[] = {
	{ "a temporary no says nothing", { { .exchanges = { BEGINS, INJECTED("454 later") } } },
		OUTCOME_BROKEN, "STARTTLS with a command behind it: 454 later", 1 },
	{ "a permanent no is a refusal where others are served",
		{ { .exchanges = { BEGINS, INJECTED("501 no parameters") } } }, OUTCOME_BROKEN,
		"the server hung up, and on a control hello: before the hello", 2 },
	{ "421 is no refusal", { { .exchanges = { BEGINS, INJECTED("421 bye") } } }, OUTCOME_BROKEN,
		"STARTTLS: 421 bye", 1 },
	{ "silence is none",
		{ { .exchanges = { BEGINS, { "STARTTLS\r\nNOOP\r\n", "", 0 } },
			.end = STREAM_TIMEOUT } },
		OUTCOME_BROKEN, "STARTTLS: no answer within the time allowed", 1 },
	{ "a close is none where the control is not served",
		{ { .exchanges = { BEGINS, { "STARTTLS\r\nNOOP\r\n", "", 0 } } } }, OUTCOME_BROKEN,
		"the server hung up, and on a control hello: before the hello", 2 },
	{ "an alert that says no is one, where others are served",
		{ { .exchanges = { BEGINS, INJECTED("220 go"), TO_HELLO(ALERT_70) } } },
		OUTCOME_BROKEN, "and on a control hello: before the hello", 2 },
	{ "a hang-up in the handshake asks for a control", { SHUTS }, OUTCOME_BROKEN,
		"the server hung up, and on a control hello: before the hello", 2 },
	{ "a server that is not reached was not asked", { { .fault = DIAL_FAULT_PROXY } },
		OUTCOME_BROKEN, "nobody answers", 1 },
};

static void
an_injection_is_refused_only_by_who_says_so(void **state)
{
	(void)state;
	expect_rows(injections, COUNT(injections), &injection_observer,
		&(struct injection_record){ .answered = false });
}

#define MAIL(reply) SAY("MAIL FROM:<>", reply)
#define AUTH(mechanism, reply) SAY("AUTH " mechanism, reply)
#define RESETS SAY("RSET", "250 yes")
#define QUITS SAY("QUIT", "221 bye")

static const struct row requirements[] = {
	{ "what is taken is given up again",
		{ { .exchanges = { BEGINS, MAIL("250 yes"), AUTH("PLAIN", "334 "),
			    SAY("*", "501 cancelled"), AUTH("LOGIN", "504 unknown"), RESETS,
			    QUITS } } },
		OUTCOME_DONE, "MAIL: 250 yes; AUTH PLAIN: 334 ; AUTH LOGIN: 504 unknown", 1 },
	{ "who refuses everything demands TLS",
		{ { .exchanges = { BEGINS, MAIL("530 TLS first"), AUTH("PLAIN", "530 TLS first"),
			    AUTH("LOGIN", "530 TLS first"), SAY("RSET", "530 TLS first"),
			    QUITS } } },
		OUTCOME_DONE, "MAIL: 530 TLS first", 1 },
	{ "who refuses MAIL alone is asked inside TLS too",
		{ { .exchanges = { BEGINS, MAIL("530 login"), AUTH("PLAIN", "538 TLS"),
			    AUTH("LOGIN", "538 TLS"), RESETS, QUITS } } },
		OUTCOME_DONE, "MAIL: 530 login", 2 },
	{ "the empty sender is not the only one",
		{ { .exchanges = { BEGINS, MAIL("550 not empty"),
			    SAY("MAIL FROM:<postmaster@mail.example.test>", "250 yes"),
			    AUTH("PLAIN", "503 no"), AUTH("LOGIN", "503 no"), RESETS, QUITS } } },
		OUTCOME_DONE, "MAIL: 250 yes", 1 },
	{ "mechanisms that are offered are tried too",
		{ { .exchanges = { GREETS,
			    SAY("EHLO gate.example.test",
				    "250-a\r\n250-AUTH=X-OWN PLAIN\r\n250 STARTTLS"),
			    MAIL("530 no"), AUTH("PLAIN", "530 no"), AUTH("LOGIN", "530 no"),
			    AUTH("X-OWN", "235 welcome"), SAY("RSET", "530 no"), QUITS } } },
		OUTCOME_DONE, "AUTH X-OWN: 235 welcome", 1 },
	{ "replies that are one off are nobody's",
		{ { .exchanges = { BEGINS, MAIL("530 no"), AUTH("PLAIN", "530 no"),
			    AUTH("LOGIN", "530 no"), RESETS, SAY("QUIT", "250 yes") } } },
		OUTCOME_BROKEN, "do not keep step", 1 },
	{ "421 is no answer to MAIL", { { .exchanges = { BEGINS, MAIL("421 bye") } } },
		OUTCOME_BROKEN, "MAIL FROM:<>: 421 bye", 1 },
	{ "nor is a close to AUTH",
		{ { .exchanges = { BEGINS, MAIL("530 no"), { "AUTH PLAIN\r\n", "", 0 } } } },
		OUTCOME_BROKEN, "AUTH PLAIN: the server closed the connection", 1 },
	{ "a reply that came before its command is none",
		{ { .exchanges = { BEGINS, MAIL("530 no\r\n530 no") } } }, OUTCOME_BROKEN,
		"AUTH PLAIN: the server spoke before it was asked", 1 },
};

static void
commands_before_tls_are_answered_or_nothing_is_known(void **state)
{
	(void)state;
	expect_rows(requirements, COUNT(requirements), &required_observer,
		&(struct required_record){ .auth_count = 0 });
}

static const struct row states[] = {
	{ "no MAIL before TLS, no state", { { .exchanges = { BEGINS, MAIL("530 TLS first") } } },
		OUTCOME_REFUSED, "MAIL before TLS: 530 TLS first", 1 },
	{ "who wants a login wants it of everybody",
		{ { .exchanges = { BEGINS, MAIL("554 5.7.0 login"),
			    SAY("MAIL FROM:<postmaster@mail.example.test>",
				    "554 5.7.0 login") } } },
		OUTCOME_REFUSED, "MAIL before TLS: 554 5.7.0 login", 1 },
	{ "another no to MAIL leaves it open",
		{ { .exchanges = { BEGINS, MAIL("550 5.1.0 you"),
			    SAY("MAIL FROM:<postmaster@mail.example.test>", "550 5.1.0 you") } } },
		OUTCOME_BROKEN, "MAIL before TLS: 550 5.1.0 you", 1 },
	{ "no STARTTLS within a transaction, no state",
		{ { .exchanges = { BEGINS, MAIL("250 yes"), SAY("STARTTLS", "503 not now") } } },
		OUTCOME_REFUSED,
		"STARTTLS within a transaction: the server answered STARTTLS with 503", 1 },
	{ "a temporary no to STARTTLS leaves it open",
		{ { .exchanges = { BEGINS, MAIL("250 yes"), SAY("STARTTLS", "454 later") } } },
		OUTCOME_BROKEN, "454 later", 1 },
	{ "and so does a handshake that is ended",
		{ { .exchanges = { BEGINS, MAIL("250 yes"), SAY("STARTTLS", "220 go"),
			    TO_HELLO("") } } },
		OUTCOME_BROKEN, "handshake within a transaction: the server closed the connection",
		1 },
	{ "and MAIL that is not answered",
		{ { .exchanges = { BEGINS, { "MAIL FROM:<>\r\n", "", 0 } },
			.end = STREAM_TIMEOUT } },
		OUTCOME_BROKEN, "no answer within the time allowed", 1 },
};

static void
a_transaction_is_begun_or_nothing_is_known(void **state)
{
	(void)state;
	expect_rows(states, COUNT(states), &state_observer,
		&(struct state_record){ .mail = { .code = 0 } });
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_injection_is_refused_only_by_who_says_so),
		cmocka_unit_test(commands_before_tls_are_answered_or_nothing_is_known),
		cmocka_unit_test(a_transaction_is_begun_or_nothing_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
