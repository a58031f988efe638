/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The hello of a client and its answers, with servers that play scripts.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dialled_script.h"
#include "probe/client_probe.h"
#include "wire/groups.h"
#include "wire/tls_names.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define CONNECTIONS_MAX 12

/* One connection of a server with implicit TLS, which answers the hello with these bytes. */
#define TO_HELLO(text)                                                       \
	{                                                                    \
		.exchanges = { { script_anything, text, sizeof(text) - 1 } } \
	}
#define RANDOM "0123456789abcdef0123456789abcdef"
#define RETRY_RANDOM                                                                           \
	"\xcf\x21\xad\x74\xe5\x9a\x61\x11\xbe\x1d\x8c\x02\x1e\x65\xb8\x91\xc2\xa2\x11\x16\x7a" \
	"\xbb\x8c\x5e\x07\x9e\x09\xe2\xc8\xa8\x33\x9c"
/* A ServerHello without extensions. */
#define HELLO(version, suite) \
	"\x16\x03\x03\x00\x2a\x02\x00\x00\x26" version RANDOM "\x00" suite "\x00"
/* The messages behind it up to ServerHelloDone: an empty Certificate, and a signed share. */
#define REST                                                                       \
	"\x16\x03\x03\x00\x07\x0b\x00\x00\x03\x00\x00\x00"                         \
	"\x16\x03\x03\x00\x12\x0c\x00\x00\x0e\x03\x00\x1d\x04wxyz\x04\x03\x00\x02" \
	"ab"                                                                       \
	"\x16\x03\x03\x00\x04\x0e\x00\x00\x00"
#define TAKES TO_HELLO(HELLO("\x03\x03", "\xc0\x2f") REST)
#define TAKES_OTHER TO_HELLO(HELLO("\x03\x03", "\xc0\xac") REST)
#define ALERT(description) TO_HELLO("\x15\x03\x03\x00\x02\x02" description)
#define NO ALERT("\x28")
#define SHUTS TO_HELLO("")
#define RETRY(group)                                                \
	"\x16\x03\x03\x00\x38\x02\x00\x00\x34\x03\x03" RETRY_RANDOM \
	"\x00\x13\x01\x00\x00\x0c\x00\x2b\x00\x02\x03\x04\x00\x33\x00\x02" group
#define CHANGE "\x14\x03\x03\x00\x01\x01"

struct row {
	const char *sentence;
	const char *client;
	struct scripted servers[CONNECTIONS_MAX];
	enum outcome outcome;
	const char *text;
	size_t dialled;
	enum client_obstacle obstacle;
	uint16_t instead; /* version */
};

#define WINDOWS "Windows Server 2016"
#define JAVA "Java 11.0.24"

static const struct row rows[] = {
	{ "a flight is a choice", WINDOWS, { TAKES }, OUTCOME_DONE,
		"the server sent no certificate", 1, CLIENT_OBSTACLE_UNKNOWN, 0 },
	{ "one that breaks off is none", WINDOWS, { TO_HELLO(HELLO("\x03\x03", "\xc0\x2f")) },
		OUTCOME_BROKEN, "the server closed the connection", 1, CLIENT_OBSTACLE_UNKNOWN, 0 },
	{ "nor is an alert behind a ServerHello a refusal", WINDOWS,
		{ TO_HELLO(HELLO("\x03\x03", "\xc0\x2f") "\x15\x03\x03\x00\x02\x02\x28") },
		OUTCOME_BROKEN, "alert handshake_failure", 1, CLIENT_OBSTACLE_UNKNOWN, 0 },
	{ "silence is neither", WINDOWS,
		{ { .exchanges = { { script_anything, "", 0 } }, .end = STREAM_TIMEOUT } },
		OUTCOME_BROKEN, "no answer within the time allowed", 1, CLIENT_OBSTACLE_UNKNOWN,
		0 },
	{ "nor is what is not TLS", WINDOWS, { TO_HELLO("421 too many connections\r\n") },
		OUTCOME_BROKEN, "the answer is not TLS", 1, CLIENT_OBSTACLE_UNKNOWN, 0 },
	{ "who takes it the next time differs", WINDOWS, { NO, TAKES }, OUTCOME_REFUSED,
		"alert handshake_failure (40)", 2, CLIENT_OBSTACLE_NODES, TLS_VERSION_1_2 },
	{ "who takes nothing of its versions has none in common", WINDOWS,
		{ NO, NO, NO, NO, NO, NO }, OUTCOME_REFUSED, "alert handshake_failure (40)", 5,
		CLIENT_OBSTACLE_VERSION, 0 },
	{ "what it takes in other versions is told", WINDOWS, { NO, NO, NO, NO, TAKES },
		OUTCOME_REFUSED, "alert handshake_failure (40)", 5, CLIENT_OBSTACLE_VERSION,
		TLS_VERSION_1_2 },
	{ "nor has who takes older ones alone", JAVA,
		{ NO, NO, TO_HELLO(HELLO("\x03\x01", "\x00\x2f")) }, OUTCOME_REFUSED,
		"alert handshake_failure (40)", 3, CLIENT_OBSTACLE_VERSION, TLS_VERSION_1_0 },
	{ "more suites get in", WINDOWS, { NO, NO, TAKES, TAKES_OTHER }, OUTCOME_REFUSED,
		"alert handshake_failure (40)", 4, CLIENT_OBSTACLE_SUITE, TLS_VERSION_1_2 },
	{ "one that was on offer before says nothing; more groups get in", WINDOWS,
		{ NO, NO, TAKES, TAKES, TAKES }, OUTCOME_REFUSED, "alert handshake_failure (40)", 5,
		CLIENT_OBSTACLE_GROUP, TLS_VERSION_1_2 },
	{ "more signatures get in", WINDOWS, { NO, NO, TAKES, NO, NO, TAKES }, OUTCOME_REFUSED,
		"alert handshake_failure (40)", 6, CLIENT_OBSTACLE_SIGNATURE, TLS_VERSION_1_2 },
	{ "nothing by itself does", WINDOWS, { NO, NO, TAKES, NO, NO, NO }, OUTCOME_REFUSED,
		"alert handshake_failure (40)", 6, CLIENT_OBSTACLE_UNKNOWN, TLS_VERSION_1_2 },
	{ "it is not known when nobody answers any more", WINDOWS, { NO, NO }, OUTCOME_REFUSED,
		"alert handshake_failure (40)", 5, CLIENT_OBSTACLE_UNKNOWN, 0 },
	{ "a close alone is no refusal", WINDOWS, { SHUTS, NO }, OUTCOME_BROKEN,
		"the server hung up, and on a control hello", 2, CLIENT_OBSTACLE_UNKNOWN, 0 },
	{ "three with accepted hellos between are", WINDOWS,
		{ SHUTS, TAKES, TAKES, SHUTS, TAKES, SHUTS, TAKES, TAKES }, OUTCOME_REFUSED,
		"three times, with accepted hellos between", 8, CLIENT_OBSTACLE_NODES,
		TLS_VERSION_1_2 },
	{ "a request for a share that was not offered is a choice", JAVA,
		{ TO_HELLO(RETRY("\x11\xec")) }, OUTCOME_DONE, "of a group that was not offered", 1,
		CLIENT_OBSTACLE_UNKNOWN, 0 },
	{ "so is one for the share that it has got", JAVA, { TO_HELLO(RETRY("\x00\x1d")) },
		OUTCOME_DONE, "a key share that it has got", 1, CLIENT_OBSTACLE_UNKNOWN, 0 },
	{ "an alert behind a second hello is a refusal", JAVA,
		{ { .exchanges = { { script_anything, RETRY("\x00\x17") CHANGE,
					   sizeof(RETRY("\x00\x17") CHANGE) - 1 },
			    { script_anything, "\x15\x03\x03\x00\x02\x02\x28", 7 } } },
			TAKES },
		OUTCOME_REFUSED, "alert handshake_failure (40)", 2, CLIENT_OBSTACLE_NODES,
		TLS_VERSION_1_2 },
	{ "so is a second request", JAVA,
		{ { .exchanges = { { script_anything, RETRY("\x00\x17"),
					   sizeof(RETRY("\x00\x17")) - 1 },
			    { script_anything, RETRY("\x00\x18"),
				    sizeof(RETRY("\x00\x18")) - 1 } } } },
		OUTCOME_DONE, "a second HelloRetryRequest", 1, CLIENT_OBSTACLE_UNKNOWN, 0 },
	{ "a hello that comes before the second one is no answer", JAVA,
		{ TO_HELLO(RETRY("\x00\x17") HELLO("\x03\x03", "\x13\x01")) }, OUTCOME_BROKEN,
		"went on before the second ClientHello", 1, CLIENT_OBSTACLE_UNKNOWN, 0 },
};

static void
expect_row(const struct row *row)
{
	const struct client_record question = { .profile = client_profile_find(row->client) };
	const struct client_record *record;
	const struct observation *observation;
	struct observed observed;

	observe_script(&observed, &client_observer, &question, row->servers, CONNECTIONS_MAX, true);
	observation = observed.observation;
	record = observation->record;
	if (observation->outcome != row->outcome || strstr(observation->text, row->text) == NULL)
		fail_msg("%s: got outcome %d, \"%s\"", row->sentence, (int)observation->outcome,
			observation->text);
	if (observed.dialled != row->dialled)
		fail_msg("%s: %zu connections", row->sentence, observed.dialled);
	if (record->obstacle != row->obstacle || record->instead.version != row->instead)
		fail_msg("%s: got obstacle %d, version %x instead", row->sentence,
			(int)record->obstacle, record->instead.version);
	if (record->shown_by >= observation->trace_count)
		fail_msg("%s: nothing shows it", row->sentence);
	evidence_release(&observed.evidence);
}

static void
a_client_gets_in_or_something_is_in_its_way(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		expect_row(&rows[i]);
}

static void
a_choice_is_kept_as_it_was_made(void **state)
{
	const struct client_record question = { .profile = client_profile_find(WINDOWS) };
	const struct scripted servers[] = { TAKES };
	const struct client_record *record;
	struct observed observed;

	(void)state;
	observe_script(&observed, &client_observer, &question, servers, 1, true);
	record = observed.observation->record;
	assert_int_equal(record->answer.version, TLS_VERSION_1_2);
	assert_int_equal(record->answer.suite, 0xc02f);
	assert_int_equal(record->answer.group, GROUP_X25519);
	assert_int_equal(record->answer.signature, 0x0403);
	assert_int_equal(record->chain_count, 0);
	assert_null(record->unfit);
	evidence_release(&observed.evidence);
}

/* The end of its random says that the server has TLS 1.3 (RFC 8446 section 4.1.3). */
static void
the_sign_of_a_downgrade_is_kept(void **state)
{
	static const char flight[] = "\x16\x03\x03\x00\x2a\x02\x00\x00\x26\x03\x03"
				     "0123456789abcdef01234567"
				     "DOWNGRD\x01\x00\xc0\x2f\x00" REST;
	const struct client_record question = { .profile = client_profile_find(JAVA) };
	const struct scripted servers[] = { TO_HELLO(flight) };
	const struct client_record *record;
	struct observed observed;

	(void)state;
	observe_script(&observed, &client_observer, &question, servers, 1, true);
	record = observed.observation->record;
	assert_int_equal(record->downgrade, FLIGHT_DOWNGRADE_TO_1_2);
	assert_true(record->shared);
	evidence_release(&observed.evidence);
}

/* secp384r1, of which only x25519 was sent a share. */
static void
a_group_without_its_share_is_a_choice(void **state)
{
	static const char hello[] = "\x16\x03\x03\x00\x3b\x02\x00\x00\x37\x03\x03" RANDOM
				    "\x00\x13\x01\x00\x00\x0f\x00\x2b\x00\x02\x03\x04"
				    "\x00\x33\x00\x05\x00\x18\x00\x01z";
	const struct client_record question = { .profile = client_profile_find(JAVA) };
	const struct scripted servers[] = { TO_HELLO(hello) };
	const struct client_record *record;
	struct observed observed;

	(void)state;
	observe_script(&observed, &client_observer, &question, servers, 1, true);
	record = observed.observation->record;
	assert_int_equal(observed.observation->outcome, OUTCOME_DONE);
	assert_int_equal(record->answer.group, GROUP_SECP384R1);
	assert_false(record->shared);
	evidence_release(&observed.evidence);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_client_gets_in_or_something_is_in_its_way),
		cmocka_unit_test(a_choice_is_kept_as_it_was_made),
		cmocka_unit_test(the_sign_of_a_downgrade_is_kept),
		cmocka_unit_test(a_group_without_its_share_is_a_choice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
