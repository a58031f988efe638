/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The TTL that a zone gives its records.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wire/dns_message.h"
#include "wire/dns_rdata.h"

#define HEAD(answers) "\1\2\x81\x80\0\1\0" answers "\0\0\0\0\1a\4test\0\0\x0f\0\1"
#define MX_LEFT_190 "\xc0\x0c\0\x0f\0\1\0\0\0\xbe\0\5\0\1\1b\0"
#define RRSIG(type, ttl) "\xc0\x0c\0\x2e\0\1\0\0\0\xbe\0\x0c\0" type "\x0d\2" ttl "\0\0\0\0"

static const char answer[] =
	HEAD("\3") MX_LEFT_190 RRSIG("\x05", "\0\0\0\x10") RRSIG("\x0f", "\0\0\1\x2c");
static const char two[] = HEAD("\2") RRSIG("\x0f", "\0\0\1\x2c") RRSIG("\x0f", "\0\0\0\x2c");
static const char unsigned_answer[] = HEAD("\1") MX_LEFT_190;
static const char behind[] = HEAD("\1") MX_LEFT_190 RRSIG("\x0f", "\0\0\1\x2c");

static bool
read_ttl(uint32_t *ttl, const char *bytes, size_t len, uint16_t type)
{
	return dns_original_ttl(ttl, (struct span){ (const uint8_t *)bytes, len }, type);
}

static void
the_signature_tells_it(void **state)
{
	uint32_t ttl = 0;

	(void)state;
	assert_true(read_ttl(&ttl, answer, sizeof(answer) - 1, DNS_MX));
	assert_int_equal(ttl, 300);
	assert_true(read_ttl(&ttl, answer, sizeof(answer) - 1, DNS_CNAME));
	assert_int_equal(ttl, 16);
	assert_true(read_ttl(&ttl, two, sizeof(two) - 1, DNS_MX));
	assert_int_equal(ttl, 44);
}

static void
without_one_nobody_knows(void **state)
{
	uint32_t ttl = 0;

	(void)state;
	assert_false(read_ttl(&ttl, answer, sizeof(answer) - 1, DNS_TLSA));
	assert_false(read_ttl(&ttl, unsigned_answer, sizeof(unsigned_answer) - 1, DNS_MX));
	assert_false(read_ttl(&ttl, behind, sizeof(behind) - 1, DNS_MX));
	for (size_t len = 0; len < sizeof(answer) - 1; len++)
		assert_false(read_ttl(&ttl, answer, len, DNS_MX));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_signature_tells_it),
		cmocka_unit_test(without_one_nobody_knows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
