/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "flight_hex.h"
#include "flight_samples.h"
#include "wire/flight.h"
#include "wire/groups.h"
#include "wire/groups_primes.h"

static enum flight_state
feed_hex(struct flight *flight, const char *hex)
{
	enum flight_state state;
	struct buf bytes;

	buf_init(&bytes, FLIGHT_BYTES_MAX);
	add_hex(&bytes, hex);
	state = flight_feed(flight, bytes.data, bytes.len);
	buf_release(&bytes);
	return state;
}

/* What a flight is seen as, whatever pieces it comes in. */
static const struct flight_case {
	const char *name;
	const char *hex;
	bool whole;
	enum flight_state state;
	uint16_t version, suite, group;
	unsigned bits;
	uint16_t signature;
	size_t certificates;
	bool asks_certificate;
	enum flight_downgrade downgrade;
} flights[] = {
	{ "ECDHE at TLS 1.2 is read to ServerHelloDone", ecdhe_tls12, true, FLIGHT_HELLO, 0x0303,
		0xc02b, GROUP_X25519, 0, 0x0603, 1, false, FLIGHT_DOWNGRADE_TO_1_2 },
	{ "anonymous DHE at TLS 1.0 has no certificate and no scheme", anonymous_dhe_tls10, true,
		FLIGHT_HELLO, 0x0301, 0x0034, 0, 1024, 0, 0, false, FLIGHT_DOWNGRADE_NONE },
	{ "a CertificateRequest is noted", asks_certificate_tls12, true, FLIGHT_HELLO, 0x0303,
		0xc02b, GROUP_X25519, 0, 0x0403, 1, true, FLIGHT_DOWNGRADE_TO_1_2 },
	{ "the ServerHello is enough when no more is wanted", ecdhe_tls12, false, FLIGHT_HELLO,
		0x0303, 0xc02b, 0, 0, 0, 0, false, FLIGHT_DOWNGRADE_TO_1_2 },
	{ "TLS 1.3 is read from supported_versions", server_hello_tls13, true, FLIGHT_HELLO, 0x0304,
		0x1301, GROUP_X25519, 0, 0, 0, false, FLIGHT_DOWNGRADE_NONE },
	{ "a HelloRetryRequest names version, suite and group", retry_tls13, true, FLIGHT_RETRY,
		0x0304, 0x1301, GROUP_X25519, 0, 0, 0, false, FLIGHT_DOWNGRADE_NONE },
	{ "an alert instead of a ServerHello is told", refused_tls10, false, FLIGHT_ALERT, 0, 0, 0,
		0, 0, 0, false, FLIGHT_DOWNGRADE_NONE },
};

static void
check_flight(const struct flight *flight, const struct flight_case *expected)
{
	uint16_t group = flight->exchange.seen ? flight->exchange.group : flight->hello.group;

	if (flight->state != expected->state || flight->hello.version != expected->version ||
		flight->hello.suite != expected->suite || group != expected->group)
		fail_msg("%s: got state %d version %04x suite %04x group %u, want %d %04x %04x %u",
			expected->name, (int)flight->state, flight->hello.version,
			flight->hello.suite, group, (int)expected->state, expected->version,
			expected->suite, expected->group);
	if (flight->exchange.bits != expected->bits ||
		flight->exchange.signature != expected->signature ||
		flight->certificate_count != expected->certificates ||
		flight->asks_certificate != expected->asks_certificate ||
		flight->hello.downgrade != expected->downgrade)
		fail_msg("%s: got bits %u scheme %04x certificates %zu request %d downgrade %d",
			expected->name, flight->exchange.bits, flight->exchange.signature,
			flight->certificate_count, flight->asks_certificate,
			(int)flight->hello.downgrade);
}

static void
flights_are_read_at_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(flights) / sizeof(flights[0]); i++) {
		struct flight flight;

		flight_init(&flight, flights[i].whole);
		feed_hex(&flight, flights[i].hex);
		check_flight(&flight, &flights[i]);
		flight_release(&flight);
	}
}

/* How many bytes of the flight are needed; whatever follows is passed over. */
static size_t
needed(const struct flight_case *row, const struct buf *bytes)
{
	struct flight flight;
	size_t fed = 0;

	flight_init(&flight, row->whole);
	while (fed < bytes->len && flight.state == FLIGHT_MORE)
		flight_feed(&flight, bytes->data + fed++, 1);
	check_flight(&flight, row);
	flight_release(&flight);
	return fed;
}

static void
every_prefix_needs_more(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(flights) / sizeof(flights[0]); i++) {
		struct buf bytes;
		size_t enough;

		buf_init(&bytes, FLIGHT_BYTES_MAX);
		add_hex(&bytes, flights[i].hex);
		enough = needed(&flights[i], &bytes);
		for (size_t len = 0; len < enough; len++) {
			struct flight flight;

			flight_init(&flight, flights[i].whole);
			if (flight_feed(&flight, bytes.data, len) != FLIGHT_MORE)
				fail_msg("%s: got state %d after %zu of %zu bytes, want more",
					flights[i].name, (int)flight.state, len, enough);
			flight_release(&flight);
		}
		buf_release(&bytes);
	}
}

/* The same payload, one byte in each record. */
static void
split_records(const struct buf *bytes, struct buf *out)
{
	struct cursor cursor =
		cursor_over((struct span){ (const uint8_t *)bytes->data, bytes->len });

	while (cursor.left != 0) {
		uint8_t type = cursor_u8(&cursor);
		uint16_t version = cursor_u16(&cursor);
		struct span body = cursor_vector16(&cursor);

		for (size_t i = 0; i < body.len; i++) {
			hello_put_u8(out, type);
			hello_put_u16(out, version);
			hello_put_u16(out, 1);
			hello_put_u8(out, body.data[i]);
		}
	}
}

static void
records_of_one_byte_make_no_difference(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(flights) / sizeof(flights[0]); i++) {
		struct flight flight;
		struct buf bytes, split;

		buf_init(&bytes, FLIGHT_BYTES_MAX);
		buf_init(&split, FLIGHT_BYTES_MAX);
		add_hex(&bytes, flights[i].hex);
		split_records(&bytes, &split);
		flight_init(&flight, flights[i].whole);
		flight_feed(&flight, split.data, split.len);
		check_flight(&flight, &flights[i]);
		flight_release(&flight);
		buf_release(&split);
		buf_release(&bytes);
	}
}

static void
details_of_a_real_flight_are_kept(void **state)
{
	struct flight flight;
	struct span der;

	(void)state;
	flight_init(&flight, true);
	feed_hex(&flight, ecdhe_tls12);
	assert_string_equal(flight.hello.protocol, "imap");
	assert_true(flight_hello_has(&flight.hello, TLS_EXTENSION_EXTENDED_MASTER_SECRET));
	assert_true(flight_hello_has(&flight.hello, TLS_EXTENSION_RENEGOTIATION_INFO));
	assert_true(flight_hello_has(&flight.hello, TLS_EXTENSION_SESSION_TICKET));
	assert_false(flight_hello_has(&flight.hello, TLS_EXTENSION_HEARTBEAT));
	der = flight_span(&flight, flight.certificates[0]);
	assert_int_equal(der.data[0], 0x30);
	assert_int_equal(der.len, 4 + (size_t)(der.data[2] << 8 | der.data[3]));
	flight_release(&flight);
}

static void
the_prime_of_dhe_is_kept(void **state)
{
	struct flight flight;
	struct span prime, generator;

	(void)state;
	flight_init(&flight, true);
	feed_hex(&flight, anonymous_dhe_tls10);
	prime = flight_span(&flight, flight.exchange.prime);
	generator = flight_span(&flight, flight.exchange.generator);
	assert_int_equal(prime.len, 128);
	assert_int_equal(prime.data[0], 0xff);
	assert_int_equal(generator.len, 1);
	assert_int_equal(generator.data[0], 2);
	assert_non_null(group_prime_find(prime));
	assert_string_equal(group_prime_find(prime)->name, "Oakley group 2");
	flight_release(&flight);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flights_are_read_at_once),
		cmocka_unit_test(every_prefix_needs_more),
		cmocka_unit_test(records_of_one_byte_make_no_difference),
		cmocka_unit_test(details_of_a_real_flight_are_kept),
		cmocka_unit_test(the_prime_of_dhe_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
