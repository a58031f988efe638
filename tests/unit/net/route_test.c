/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A host with three addresses, of which some take a connection. The resolver is this file's own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include "base/clock.h"
#include "net/route.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define ADDRESSES 3

/* How an address meets a connection. */
struct meeting {
	enum outcome outcome;
	enum dial_fault fault;
	bool timed_out;
};

static struct meeting meetings[ADDRESSES];
static unsigned look_ups;
static char tried[64]; /* the last digits of the addresses, in their order */

bool
resolver_look_up(
	const char *host, int64_t deadline_ms, struct resolved *resolved, struct error *error)
{
	(void)deadline_ms;
	look_ups++;
	resolved->count = 0;
	if (strcmp(host, "nowhere.invalid") == 0)
		return error_set(error, "looking it up: no address");
	resolved->count = ADDRESSES;
	for (uint32_t i = 0; i < ADDRESSES; i++) {
		struct sockaddr_in address = { .sin_family = AF_INET,
			.sin_addr.s_addr = htonl(0xc0000200u + i) }; /* 192.0.2.0 and on */

		memcpy(&resolved->addresses[i].address, &address, sizeof(address));
		resolved->addresses[i].len = sizeof(address);
	}
	return true;
}

static enum outcome
meet(const struct dialler *self, const struct dial_request *request,
	const struct resolved_address *to, struct stream *stream, struct dialled *dialled,
	struct error *error)
{
	char digit = dialled->address[strlen(dialled->address) - 1];
	const struct meeting *meeting = &meetings[digit - '0'];

	(void)self;
	(void)request;
	(void)to;
	(void)stream;
	tried[strlen(tried)] = digit;
	dialled->fault = meeting->fault;
	if (meeting->timed_out)
		dialled->timed_out = true;
	if (meeting->outcome != OUTCOME_DONE)
		error_set(error, "not %c", digit);
	return meeting->outcome;
}

#define TAKES                                        \
	{                                            \
		OUTCOME_DONE, DIAL_FAULT_NONE, false \
	}
#define REFUSES                                           \
	{                                                 \
		OUTCOME_REFUSED, DIAL_FAULT_SERVER, false \
	}
#define SILENT                                          \
	{                                               \
		OUTCOME_BROKEN, DIAL_FAULT_SERVER, true \
	}
#define FAILS(fault)                         \
	{                                    \
		OUTCOME_BROKEN, fault, false \
	}

static const struct row {
	const char *sentence;
	struct meeting meetings[ADDRESSES];
	enum outcome outcome;
	const char *tried, *text; /* by a first connection and a second one */
	bool timed_out;
} rows[] = {
	{ "the first that takes it is the one for all", { REFUSES, TAKES, TAKES }, OUTCOME_DONE,
		"011", "", false },
	{ "who ran out of time does not count where another one takes it", { SILENT, TAKES, TAKES },
		OUTCOME_DONE, "011", "", false },
	{ "nor where another one refuses", { SILENT, SILENT, REFUSES }, OUTCOME_REFUSED, "012012",
		"not 2", false },
	{ "the last word is that of the last", { REFUSES, REFUSES, SILENT }, OUTCOME_BROKEN,
		"012012", "not 2", true },
	{ "a proxy that did not get to one address may get to another",
		{ FAILS(DIAL_FAULT_BEYOND_PROXY), FAILS(DIAL_FAULT_PROXY_RULES), TAKES },
		OUTCOME_DONE, "0122", "", false },
	{ "a proxy that does not work gets to none", { FAILS(DIAL_FAULT_PROXY), TAKES, TAKES },
		OUTCOME_BROKEN, "00", "not 0", false },
	{ "nor does one that wants another login", { FAILS(DIAL_FAULT_PROXY_LOGIN), TAKES, TAKES },
		OUTCOME_BROKEN, "00", "not 0", false },
	{ "too many open files here are too many for all",
		{ FAILS(DIAL_FAULT_FILES), TAKES, TAKES }, OUTCOME_BROKEN, "00", "not 0", false },
};

static enum outcome
dial_once(const char *host, struct dial_route *route, struct dialled *dialled, struct error *error)
{
	struct dial_request request = { .host = host, .port = 587, .route = route };
	struct stream stream;

	memset(dialled, 0, sizeof(*dialled));
	error->text[0] = '\0';
	return route_dial(&socket_dialler, &request, meet, &stream, dialled, error);
}

static void
addresses_are_tried_until_one_takes_the_connection(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct dial_route *route = dial_route_create();
		struct dialled dialled;
		enum outcome outcome;
		struct error error;

		memcpy(meetings, rows[i].meetings, sizeof(meetings));
		memset(tried, 0, sizeof(tried));
		dial_once("a.example", route, &dialled, &error);
		outcome = dial_once("a.example", route, &dialled, &error);
		if (outcome != rows[i].outcome || strcmp(tried, rows[i].tried) != 0 ||
			(outcome != OUTCOME_DONE && strcmp(error.text, rows[i].text) != 0) ||
			dialled.timed_out != rows[i].timed_out)
			fail_msg("%s: got outcome %d, \"%s\", \"%s\", timed out %d",
				rows[i].sentence, (int)outcome, tried, error.text,
				dialled.timed_out);
		assert_int_equal(dialled.addresses, ADDRESSES);
		dial_route_free(route);
	}
}

static void
a_time_that_ran_out_before_is_forgotten_at_once(void **state)
{
	static const struct meeting late[ADDRESSES] = { SILENT, TAKES, TAKES };
	struct dial_route *route = dial_route_create();
	struct dialled dialled;
	struct error error;

	(void)state;
	memcpy(meetings, late, sizeof(meetings));
	assert_int_equal(dial_once("a.example", route, &dialled, &error), OUTCOME_DONE);
	assert_false(dialled.timed_out);
	dial_route_free(route);
}

static void
a_name_without_an_address_is_the_names_fault(void **state)
{
	struct dial_route *route = dial_route_create();
	struct dialled dialled;
	struct error error;

	(void)state;
	memset(tried, 0, sizeof(tried));
	assert_int_equal(dial_once("nowhere.invalid", route, &dialled, &error), OUTCOME_BROKEN);
	assert_int_equal(dialled.fault, DIAL_FAULT_NAME);
	assert_string_equal(dialled.address, "");
	assert_string_equal(tried, "");
	dial_route_free(route);
}

/* The ports of targets differ, their host does not. */
static void
a_host_that_was_looked_up_is_not_looked_up_again(void **state)
{
	static const struct meeting good[ADDRESSES] = { REFUSES, TAKES, TAKES };
	struct dial_addresses *found = dial_look_up("a.example", 0);
	struct dial_route *route = dial_route_create(), *other = dial_route_create();
	char first[DIAL_ADDRESS_MAX];
	struct dialled dialled;
	struct error error;

	(void)state;
	look_ups = 0;
	memset(tried, 0, sizeof(tried));
	memcpy(meetings, good, sizeof(meetings));
	assert_true(dial_addresses_first(found, first));
	assert_string_equal(first, "192.0.2.0");
	dial_route_know(route, found);
	dial_route_know(other, found);
	assert_int_equal(dial_once("a.example", route, &dialled, &error), OUTCOME_DONE);
	assert_int_equal(dial_once("a.example", other, &dialled, &error), OUTCOME_DONE);
	assert_string_equal(tried, "0101");
	assert_int_equal(look_ups, 0);
	dial_route_free(route);
	dial_route_free(other);
	dial_addresses_free(found);
}

/* It may have one by then: a server is waited for. */
static void
a_host_without_an_address_is_looked_up_again(void **state)
{
	struct dial_addresses *found = dial_look_up("nowhere.invalid", INT64_MAX);
	struct dial_route *route = dial_route_create();
	char first[DIAL_ADDRESS_MAX];
	struct dialled dialled;
	struct error error;

	(void)state;
	look_ups = 0;
	assert_false(dial_addresses_first(found, first));
	dial_route_know(route, found);
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(
			dial_once("nowhere.invalid", route, &dialled, &error), OUTCOME_BROKEN);
		assert_int_equal(dialled.fault, DIAL_FAULT_NAME);
		assert_string_equal(error.text, "looking it up: no address");
		assert_int_equal(look_ups, i);
	}
	dial_route_free(route);
	dial_addresses_free(found);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_tried_until_one_takes_the_connection),
		cmocka_unit_test(a_time_that_ran_out_before_is_forgotten_at_once),
		cmocka_unit_test(a_name_without_an_address_is_the_names_fault),
		cmocka_unit_test(a_host_that_was_looked_up_is_not_looked_up_again),
		cmocka_unit_test(a_host_without_an_address_is_looked_up_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
