/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What there is to advise about a cause where the evidence tells more than the owner's row.
 */
#include "court_session.h"

#include "checks/causes.h"
#include "court_servers.h"

/* Observes over connections of its own. */
#define OBSERVING ASSERT("starttls.no_injection")
#define SPEAKS_TLS "this port speaks TLS from the first byte"
#define SPEAKS_STARTTLS "this port speaks STARTTLS"
#define KEY_TOO_LONG "bits that this build computes with"

#define IS_GREETED(bytes)                                                             \
	{                                                                             \
		.greeting = bytes, ENDS(STEP_GREETING, OUTCOME_BROKEN, STREAM_OK, "") \
	}
#define GREETS_A_HELLO                                                                     \
	{                                                                                  \
		ENDS(STEP_HANDSHAKE, OUTCOME_REFUSED, STREAM_OK, ""), .implicit_tls = true \
	}

static void
shows_a_long_key(struct court *court)
{
	show_chain(court, "leaf-large", true);
}

static void
shows_a_short_key(struct court *court)
{
	show_chain(court, "keyed-rsa", true);
}

static void
shows_a_long_key_elsewhere(struct court *court)
{
	struct observation *observation = court->evidence.observations[0];

	shows_a_long_key(court);
	observation->peers = arena_memdup(
		&court->evidence.arena, &court->evidence.session.peer, sizeof(struct peer));
	observation->peer_count = 1;
	court->evidence.session.peer = (struct peer){ .chain_count = 0 };
}

struct hint_row {
	const char *sentence;
	uint32_t cause;
	struct session_said said;
	const char *first; /* bytes that answered the hello of the session; NULL: none */
	void (*arrange)(struct court *court);
	const char *says; /* stands in the hint; NULL: there is none */
};

static void
found_no_address(struct court *court)
{
	court->evidence.session.fault = DIAL_FAULT_NAME;
}

static void
failed_at_the_server(struct court *court)
{
	court->evidence.session.fault = DIAL_FAULT_SERVER;
}

static void
failed_at_port_25(struct court *court)
{
	failed_at_the_server(court);
	court->loaded.checklist.targets[0].port = 25;
}

/* Another server of the target, beside this one. */
static void
join_another(struct court *court, enum outcome outcome)
{
	static struct evidence other;
	static const struct evidence *nodes[2];

	failed_at_port_25(court);
	other.wants_session = true;
	other.session.steps[STEP_CONNECT].outcome = outcome;
	nodes[0] = &court->evidence;
	nodes[1] = &other;
	court->evidence.wants_session = true;
	court->evidence.nodes = nodes;
	court->evidence.node_count = 2;
}

static void
failed_at_all_servers(struct court *court)
{
	join_another(court, OUTCOME_REFUSED);
}

static void
failed_at_one_of_two(struct court *court)
{
	join_another(court, OUTCOME_DONE);
}

static void
had_no_route(struct court *court)
{
	failed_at_the_server(court);
	court->evidence.session.no_route = true;
	snprintf(court->evidence.session.address, sizeof(court->evidence.session.address),
		"2001:db8::1");
}

static void
had_too_many_files(struct court *court)
{
	court->evidence.session.fault = DIAL_FAULT_FILES;
}

static void
failed_at_the_proxy(struct court *court)
{
	court->evidence.session.fault = DIAL_FAULT_PROXY;
}

static void
lacked_a_login(struct court *court)
{
	court->evidence.session.fault = DIAL_FAULT_PROXY_LOGIN;
}

static void
was_not_allowed(struct court *court)
{
	court->evidence.session.fault = DIAL_FAULT_PROXY_RULES;
}

static void
failed_beyond_the_proxy(struct court *court)
{
	court->evidence.session.fault = DIAL_FAULT_BEYOND_PROXY;
}

static const struct hint_row hints[] = {
	{ "a name that leads nowhere is the thing to look at", CAUSE_CONNECT,
		{ ENDS(STEP_CONNECT, OUTCOME_BROKEN, STREAM_OK, "no such host") }, NULL,
		found_no_address, "No address was found" },
	{ "an address that is silent is not", CAUSE_CONNECT,
		{ ENDS(STEP_CONNECT, OUTCOME_BROKEN, STREAM_TIMEOUT, SILENT) }, NULL,
		failed_at_the_server, NULL },
	{ "an address of IPv6 without a route is skipped where that is wanted", CAUSE_CONNECT,
		{ ENDS(STEP_CONNECT, OUTCOME_BROKEN, STREAM_OK, "unreachable") }, NULL,
		had_no_route, "if_routed" },
	{ "silence at port 25 is most often that of the network", CAUSE_CONNECT,
		{ ENDS(STEP_CONNECT, OUTCOME_BROKEN, STREAM_TIMEOUT, SILENT) }, NULL,
		failed_at_port_25, "lets nobody connect to port 25" },
	{ "a refusal at port 25 is the server's", CAUSE_CONNECT,
		{ ENDS(STEP_CONNECT, OUTCOME_REFUSED, STREAM_OK, "refused") }, NULL,
		failed_at_port_25, NULL },
	{ "refusals of all servers are the network's", CAUSE_CONNECT,
		{ ENDS(STEP_CONNECT, OUTCOME_REFUSED, STREAM_OK, "refused") }, NULL,
		failed_at_all_servers, "lets nobody connect to port 25" },
	{ "where another server is reached the network is not it", CAUSE_CONNECT,
		{ ENDS(STEP_CONNECT, OUTCOME_BROKEN, STREAM_TIMEOUT, SILENT) }, NULL,
		failed_at_one_of_two, NULL },
	{ "a limit of our own is to be raised", CAUSE_CONNECT,
		{ ENDS(STEP_CONNECT, OUTCOME_BROKEN, STREAM_OK, "Too many open files") }, NULL,
		had_too_many_files, "ulimit -n" },
	{ "a proxy that does not work is", CAUSE_CONNECT,
		{ ENDS(STEP_CONNECT, OUTCOME_BROKEN, STREAM_OK, "refused") }, NULL,
		failed_at_the_proxy, "The proxy is what failed" },
	{ "a proxy that wants a login gets one", CAUSE_CONNECT,
		{ ENDS(STEP_CONNECT, OUTCOME_BROKEN, STREAM_OK, "407") }, NULL, lacked_a_login,
		"wants a login" },
	{ "rules of a proxy are changed there", CAUSE_CONNECT,
		{ ENDS(STEP_CONNECT, OUTCOME_BROKEN, STREAM_OK, "403") }, NULL, was_not_allowed,
		"rules of the proxy" },
	{ "beyond a proxy only its log tells", CAUSE_CONNECT,
		{ ENDS(STEP_CONNECT, OUTCOME_BROKEN, STREAM_OK, "502") }, NULL,
		failed_beyond_the_proxy, "did not get through" },

	{ "silence is what TLS from the first byte looks like", CAUSE_GREETING,
		{ ENDS(STEP_GREETING, OUTCOME_BROKEN, STREAM_TIMEOUT, SILENT) }, NULL, NULL,
		"No greeting came" },
	{ "silence inside implicit TLS is not", CAUSE_GREETING,
		{ ENDS(STEP_GREETING, OUTCOME_BROKEN, STREAM_TIMEOUT, SILENT),
			.implicit_tls = true },
		NULL, NULL, NULL },
	{ "a greeting that was not waited for is no silence", CAUSE_GREETING,
		{ ENDS(STEP_CONNECT, OUTCOME_REFUSED, STREAM_OK, "refused") }, NULL, NULL, NULL },
	{ "the beginning of a greeting is no silence", CAUSE_GREETING, IS_GREETED("22"), NULL, NULL,
		NULL },
	{ "a refusal is no silence", CAUSE_GREETING,
		{ .greeting = "554 no\r\n",
			ENDS(STEP_GREETING, OUTCOME_REFUSED, STREAM_OK, "554") },
		NULL, NULL, NULL },
	{ "IMAP is told by OK", CAUSE_GREETING, IS_GREETED("* OK ready\r\n"), NULL, NULL,
		"greets in IMAP" },
	{ "IMAP is told by PREAUTH", CAUSE_GREETING, IS_GREETED("* PREAUTH hello\r\n"), NULL, NULL,
		"greets in IMAP" },
	{ "IMAP is told by BYE", CAUSE_GREETING, IS_GREETED("* BYE\r\n"), NULL, NULL,
		"greets in IMAP" },
	{ "POP3 is told by OK", CAUSE_GREETING, IS_GREETED("+OK ready\r\n"), NULL, NULL,
		"greets in POP3" },
	{ "POP3 is told by ERR", CAUSE_GREETING, IS_GREETED("-ERR busy\r\n"), NULL, NULL,
		"greets in POP3" },
	{ "ManageSieve is told by its capabilities", CAUSE_GREETING,
		IS_GREETED("\"IMPLEMENTATION\" \"sieve\"\r\n"), NULL, NULL,
		"greets in ManageSieve" },
	{ "SSH is told, though the line does not end", CAUSE_GREETING, IS_GREETED("SSH-2.0-x"),
		NULL, NULL, "greets in SSH" },
	{ "HTTP is told", CAUSE_GREETING, IS_GREETED("HTTP/1.1 400 Bad Request\r\n"), NULL, NULL,
		"greets in HTTP" },
	{ "another protocol is told inside implicit TLS too", CAUSE_GREETING,
		{ .greeting = "* OK ready\r\n",
			ENDS(STEP_GREETING, OUTCOME_BROKEN, STREAM_OK, ""),
			.implicit_tls = true },
		NULL, NULL, "greets in IMAP" },
	{ "what is known of no protocol is not told", CAUSE_GREETING, IS_GREETED("* hello\r\n"),
		NULL, NULL, NULL },
	{ "an alert of TLS is a greeting of TLS", CAUSE_GREETING,
		IS_GREETED("\x15\x03\x01\x01\x02"), NULL, NULL, SPEAKS_TLS },
	{ "so is one inside a line", CAUSE_GREETING, IS_GREETED("\x15\x03\x01\n"), NULL, NULL,
		SPEAKS_TLS },
	{ "a record inside implicit TLS tells nothing", CAUSE_GREETING,
		{ .greeting = "\x15\x03\x01",
			ENDS(STEP_GREETING, OUTCOME_BROKEN, STREAM_OK, ""),
			.implicit_tls = true },
		NULL, NULL, NULL },

	{ "the first type of a record is one", CAUSE_EHLO,
		{ .ehlo = "\x14\x03\x03", ENDS(STEP_EHLO, OUTCOME_BROKEN, STREAM_OK, "") }, NULL,
		NULL, SPEAKS_TLS },
	{ "the last type of a record is one", CAUSE_EHLO,
		{ .ehlo = "\x17\x03\x03", ENDS(STEP_EHLO, OUTCOME_BROKEN, STREAM_OK, "") }, NULL,
		NULL, SPEAKS_TLS },
	{ "a type before the first is none", CAUSE_EHLO,
		{ .ehlo = "\x13\x03\x03", ENDS(STEP_EHLO, OUTCOME_BROKEN, STREAM_OK, "") }, NULL,
		NULL, NULL },
	{ "a type behind the last is none", CAUSE_EHLO,
		{ .ehlo = "\x18\x03\x03", ENDS(STEP_EHLO, OUTCOME_BROKEN, STREAM_OK, "") }, NULL,
		NULL, NULL },
	{ "another version than 3 is none", CAUSE_EHLO,
		{ .ehlo = "\x15\x02\x03", ENDS(STEP_EHLO, OUTCOME_BROKEN, STREAM_OK, "") }, NULL,
		NULL, NULL },
	{ "a type without a version is none", CAUSE_EHLO,
		{ .ehlo = "\x15", ENDS(STEP_EHLO, OUTCOME_BROKEN, STREAM_OK, "") }, NULL, NULL,
		NULL },
	{ "a refused EHLO has no hint", CAUSE_EHLO,
		{ .ehlo = "550 no\r\n", ENDS(STEP_EHLO, OUTCOME_REFUSED, STREAM_OK, "550") }, NULL,
		NULL, NULL },

	{ "STARTTLS that is answered by TLS was not needed", CAUSE_STARTTLS,
		{ .starttls = "\x16\x03\x03", ENDS(STEP_STARTTLS, OUTCOME_BROKEN, STREAM_OK, "") },
		NULL, NULL, SPEAKS_TLS },
	{ "TLS as the answer to EHLO is no answer to STARTTLS", CAUSE_STARTTLS,
		{ .ehlo = "\x16\x03\x03",
			.starttls = "454 not now\r\n",
			ENDS(STEP_STARTTLS, OUTCOME_REFUSED, STREAM_OK, "") },
		NULL, NULL, NULL },

	{ "a greeting of SMTP to a hello is one of STARTTLS", CAUSE_HANDSHAKE, GREETS_A_HELLO,
		"220 mail", NULL, SPEAKS_STARTTLS },
	{ "so is one of several lines", CAUSE_HANDSHAKE, GREETS_A_HELLO, "220-mail", NULL,
		SPEAKS_STARTTLS },
	{ "so is a refusal", CAUSE_HANDSHAKE, GREETS_A_HELLO, "554 no", NULL, SPEAKS_STARTTLS },
	{ "so is one of IMAP", CAUSE_HANDSHAKE, GREETS_A_HELLO, "* OK", NULL, SPEAKS_STARTTLS },
	{ "so is one of IMAP that lets in", CAUSE_HANDSHAKE, GREETS_A_HELLO, "* PREAUTH", NULL,
		SPEAKS_STARTTLS },
	{ "so is one of IMAP that turns away", CAUSE_HANDSHAKE, GREETS_A_HELLO, "* BYE", NULL,
		SPEAKS_STARTTLS },
	{ "so is one of POP3", CAUSE_HANDSHAKE, GREETS_A_HELLO, "+OK", NULL, SPEAKS_STARTTLS },
	{ "so is one of POP3 that turns away", CAUSE_HANDSHAKE, GREETS_A_HELLO, "-ERR", NULL,
		SPEAKS_STARTTLS },
	{ "so is one of ManageSieve", CAUSE_HANDSHAKE, GREETS_A_HELLO, "\"IMPLEMENTATION\"", NULL,
		SPEAKS_STARTTLS },
	{ "a code below 200 greets nobody", CAUSE_HANDSHAKE, GREETS_A_HELLO, "199 mail", NULL,
		NULL },
	{ "a code above 599 greets nobody", CAUSE_HANDSHAKE, GREETS_A_HELLO, "600 mail", NULL,
		NULL },
	{ "letters are no code", CAUSE_HANDSHAKE, GREETS_A_HELLO, "2x0 mail", NULL, NULL },
	{ "letters at its end are no code", CAUSE_HANDSHAKE, GREETS_A_HELLO, "22x mail", NULL,
		NULL },
	{ "four digits are no code", CAUSE_HANDSHAKE, GREETS_A_HELLO, "2200 mail", NULL, NULL },
	{ "a code alone may be anything", CAUSE_HANDSHAKE, GREETS_A_HELLO, "220", NULL, NULL },
	{ "HTTP does not speak STARTTLS", CAUSE_HANDSHAKE, GREETS_A_HELLO, "HTTP/1.1 400", NULL,
		NULL },
	{ "an alert is no greeting", CAUSE_HANDSHAKE, GREETS_A_HELLO, "\x15\x03\x03", NULL, NULL },
	{ "silence to a hello can be for want of a header", CAUSE_HANDSHAKE,
		{ ENDS(STEP_HANDSHAKE, OUTCOME_BROKEN, STREAM_TIMEOUT, SILENT),
			.implicit_tls = true },
		NULL, NULL, "answers a ClientHello with nothing" },
	{ "what was not waited for is no silence", CAUSE_HANDSHAKE,
		{ ENDS(STEP_CONNECT, OUTCOME_REFUSED, STREAM_OK, "refused"), .implicit_tls = true },
		NULL, NULL, NULL },
	{ "behind STARTTLS silence tells nothing", CAUSE_HANDSHAKE,
		{ ENDS(STEP_HANDSHAKE, OUTCOME_BROKEN, STREAM_TIMEOUT, SILENT) }, NULL, NULL,
		NULL },
	{ "behind STARTTLS a greeting tells nothing", CAUSE_HANDSHAKE,
		{ ENDS(STEP_HANDSHAKE, OUTCOME_REFUSED, STREAM_OK, "not TLS") }, "220 mail", NULL,
		NULL },
	{ "a key that is too long for us is our limit", CAUSE_HANDSHAKE, { 0 }, NULL,
		shows_a_long_key, KEY_TOO_LONG },
	{ "a key that is too long is, on another connection too", CAUSE_HANDSHAKE, { 0 }, NULL,
		shows_a_long_key_elsewhere, KEY_TOO_LONG },
	{ "a key that is not too long is no limit", CAUSE_HANDSHAKE, { 0 }, NULL, shows_a_short_key,
		NULL },
};

static const char *
hint_of(const struct court *court, uint32_t cause, struct arena *arena)
{
	for (size_t i = 0; i < cause_row_count; i++)
		if (cause_rows[i].cause == cause)
			return cause_rows[i].hint(&court->evidence, arena);
	fail_msg("cause %x has no row", (unsigned)cause);
	return NULL;
}

static void
expect_hint(const struct hint_row *row, const char *hint)
{
	if ((hint != NULL) != (row->says != NULL))
		fail_msg("%s: got %s", row->sentence, hint != NULL ? hint : "no hint");
	if (row->says != NULL && strstr(hint, row->says) == NULL)
		fail_msg("%s: \"%s\" does not say \"%s\"", row->sentence, hint, row->says);
}

static void
the_evidence_tells_what_to_do(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(hints); i++) {
		const char *first = hints[i].first;
		struct court court;

		open_at(&court, OBSERVING, OUTCOME_DONE);
		hold_session(&court, &hints[i].said);
		if (first != NULL)
			court.evidence.session.tls.first_bytes =
				(struct span){ (const uint8_t *)first, strlen(first) };
		if (hints[i].arrange != NULL)
			hints[i].arrange(&court);
		expect_hint(&hints[i], hint_of(&court, hints[i].cause, &court.arena));
		court_close(&court);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_evidence_tells_what_to_do),
	};

	return cmocka_run_group_tests(tests, fill_stores, release_stores);
}
