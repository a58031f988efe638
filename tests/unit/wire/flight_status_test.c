/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The CertificateStatus of a flight is one OCSP response, or no part of a flight (RFC 6066
 * section 8).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "flight_hex.h"
#include "wire/flight.h"

#define RANDOM "0000000000000000000000000000000000000000000000000000000000000000"
#define HELLO "020000260303" RANDOM "00002f00"

static const struct status_case {
	const char *name;
	const char *message;
	enum flight_state state;
	size_t len; /* of the response that is kept */
} cases[] = {
	{ "a response", "1600000601000002abcd", FLIGHT_MORE, 2 },
	{ "an empty response", "1600000401000000", FLIGHT_MORE, 0 },
	{ "a list of responses", "1600000602000002abcd", FLIGHT_MALFORMED, 0 },
	{ "a status of type 0", "1600000600000002abcd", FLIGHT_MALFORMED, 0 },
	{ "bytes behind the response", "1600000701000002abcdef", FLIGHT_MALFORMED, 0 },
	{ "a response that runs over", "1600000601000003abcd", FLIGHT_MALFORMED, 0 },
};

static void
statuses_are_read_as_listed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct flight flight;
		struct buf bytes;

		buf_init(&bytes, FLIGHT_BYTES_MAX);
		add_record(&bytes, 22, HELLO);
		add_record(&bytes, 22, cases[i].message);
		flight_init(&flight, true);
		if (flight_feed(&flight, bytes.data, bytes.len) != cases[i].state ||
			flight.stapled.len != cases[i].len)
			fail_msg("%s: got state %d, %zu bytes", cases[i].name, (int)flight.state,
				flight.stapled.len);
		flight_release(&flight);
		buf_release(&bytes);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(statuses_are_read_as_listed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
