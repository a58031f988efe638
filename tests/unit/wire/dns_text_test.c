/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Records as text, and names of reverse zones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wire/dns_rdata.h"
#include "wire/dns_text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define BYTES(text)                                       \
	{                                                 \
		(const uint8_t *)(text), sizeof(text) - 1 \
	}

static const struct {
	const char *name;
	uint16_t type;
	struct span rdata;
	const char *want;
} records[] = {
	{ "A", DNS_A, BYTES("\xc0\0\2\1"), "192.0.2.1" },
	{ "AAAA", DNS_AAAA, BYTES("\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1"), "2001:db8::1" },
	{ "A of another length", DNS_A, BYTES("\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1"),
		"\\# 16 20010db8000000000000000000000001" },
	{ "AAAA of another length", DNS_AAAA, BYTES("\xc0\0\2\1"), "\\# 4 c0000201" },
	{ "a host without a dot at its end", DNS_PTR, BYTES("\4MaIl\4test\0"), "mail.test" },
	{ "an alias", DNS_CNAME, BYTES("\1a\0"), "a" },
	{ "the root", DNS_CNAME, BYTES("\0"), "." },
	{ "MX", DNS_MX, BYTES("\0\x0a\3mx1\4test\0"), "10 mx1.test" },
	{ "a null MX", DNS_MX, BYTES("\0\0\0"), "0 ." },
	{ "SRV", DNS_SRV, BYTES("\0\1\0\2\1\xd1\4mail\0"), "1 2 465 mail" },
	{ "strings without anything between them", DNS_TXT, BYTES("\7v=spf1 \4-all"),
		"v=spf1 -all" },
	{ "a string with quotes, a line end and a backslash", DNS_TXT, BYTES("\5\"a\"\n\\"),
		"\"a\"\\n\\\\" },
	{ "an empty string", DNS_TXT, BYTES("\0"), "" },
	{ "no string", DNS_TXT, BYTES(""), "\\# 0 " },
	{ "TLSA", DNS_TLSA, BYTES("\3\1\1\xab\xcd"), "3 1 1 abcd" },
	{ "TLSA without data", DNS_TLSA, BYTES("\3\1\1"), "\\# 3 030101" },
	{ "CAA", DNS_CAA, BYTES("\x80\5issueca.test"), "128 issue \"ca.test\"" },
	{ "CAA that is none", DNS_CAA, BYTES("\0\0ca"), "\\# 4 00006361" },
	{ "a type that is not known", 99, BYTES("\3abc"), "\\# 4 03616263" },
};

static void
records_are_written_as_listed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(records); i++) {
		struct buf got;

		buf_init(&got, DNS_RECORD_TEXT_MAX);
		dns_record_text(&got, records[i].type, records[i].rdata);
		if (strcmp(got.data, records[i].want) != 0)
			fail_msg("%s: got \"%s\", want \"%s\"", records[i].name, got.data,
				records[i].want);
		buf_release(&got);
	}
}

static void
reverse_names_begin_with_the_end_of_the_address(void **state)
{
	char name[DNS_REVERSE_MAX];

	(void)state;
	assert_true(dns_reverse_name(name, "192.0.2.1"));
	assert_string_equal(name, "1.2.0.192.in-addr.arpa");
	assert_true(dns_reverse_name(name, "2001:db8::567:89ab"));
	assert_string_equal(
		name, "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");
}

static void
what_is_no_address_has_none(void **state)
{
	char name[DNS_REVERSE_MAX];

	(void)state;
	assert_false(dns_reverse_name(name, "mail.example.test"));
	assert_string_equal(name, "");
	assert_false(dns_reverse_name(name, "192.0.2"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_are_written_as_listed),
		cmocka_unit_test(reverse_names_begin_with_the_end_of_the_address),
		cmocka_unit_test(what_is_no_address_has_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
