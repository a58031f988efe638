/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "general_names.h"
#include "x509/hostname.h"

enum { EMAIL = 0x81, DNS = 0x82, URI = 0x86, IP = 0x87 };

struct match_case {
	const char *name;
	const char *host;
	unsigned tag;
	size_t len; /* 0: as long as the string */
	const char *value;
	bool matches;
};

static const struct match_case matches[] = {
	{ "the name itself", "mail.example.com", DNS, 0, "mail.example.com", true },
	{ "in another case", "MAIL.example.com", DNS, 0, "Mail.Example.COM", true },
	{ "with a dot at the end", "mail.example.com.", DNS, 0, "mail.example.com", true },
	{ "with two dots at the end", "mail.example.com..", DNS, 0, "mail.example.com", false },
	{ "a dot at the end of the entry", "mail.example.com", DNS, 0, "mail.example.com.", false },
	{ "another name", "mail.example.org", DNS, 0, "mail.example.com", false },
	{ "a longer name", "mail.example.com", DNS, 0, "xmail.example.com", false },
	{ "the domain above", "example.com", DNS, 0, "mail.example.com", false },
	{ "a wildcard for one label", "mail.example.com", DNS, 0, "*.example.com", true },
	{ "a wildcard is not for two labels", "a.mail.example.com", DNS, 0, "*.example.com",
		false },
	{ "a wildcard is not for none", "example.com", DNS, 0, "*.example.com", false },
	{ "a wildcard with one label behind it", "example.com", DNS, 0, "*.com", false },
	{ "a wildcard alone", "mail", DNS, 0, "*", false },
	{ "a wildcard and a dot", "mail.", DNS, 0, "*.", false },
	{ "a wildcard at the end of a label", "mail.example.com", DNS, 0, "m*.example.com", false },
	{ "a wildcard at the start of a label", "mail.example.com", DNS, 0, "*l.example.com",
		false },
	{ "a wildcard within a label", "mail.example.com", DNS, 0, "m*l.example.com", false },
	{ "a wildcard in the second label", "mail.a.example.com", DNS, 0, "mail.*.example.com",
		false },
	{ "a wildcard as the last label", "mail.example.com", DNS, 0, "mail.example.*", false },
	{ "two wildcards", "a.b.example.com", DNS, 0, "*.*.example.com", false },
	{ "a double wildcard", "mail.example.com", DNS, 0, "**.example.com", false },
	{ "a wildcard in an A-label", "xn--bliss.example.com", DNS, 0, "xn--*.example.com", false },
	{ "a wildcard for an A-label", "xn--bcher-kva.example.com", DNS, 0, "*.example.com", true },
	{ "a host with a wildcard", "*.example.com", DNS, 0, "*.example.com", false },
	{ "U-labels are turned into A-labels",
		"b\xc3\xbc"
		"cher.example.com",
		DNS, 0, "xn--bcher-kva.example.com", true },
	{ "sharp s stays what it is",
		"stra\xc3\x9f"
		"e.example",
		DNS, 0, "xn--strae-oqa.example", true },
	{ "a NUL within the entry", "mail.example.com", DNS, 21, "mail.example.com\0.org", false },
	{ "an underscore", "a_b.example.com", DNS, 0, "a_b.example.com", false },
	{ "a wildcard for an underscore", "a_b.example.com", DNS, 0, "*.example.com", false },
	{ "an empty entry", "mail.example.com", DNS, 0, "", false },
	{ "a URI with the name", "mail.example.com", URI, 0, "mail.example.com", false },
	{ "a mail address with the name", "mail.example.com", EMAIL, 0, "mail.example.com", false },
	{ "an IPv4 address", "192.0.2.1", IP, 4, "\xc0\x00\x02\x01", true },
	{ "another IPv4 address", "192.0.2.2", IP, 4, "\xc0\x00\x02\x01", false },
	{ "an IPv6 address", "2001:db8::1", IP, 16, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01",
		true },
	{ "an IPv6 address written in full", "2001:0DB8:0:0:0:0:0:1", IP, 16,
		"\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01", true },
	{ "an IPv6 address in brackets", "[2001:db8::1]", IP, 16,
		"\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01", true },
	{ "an IPv4 address mapped to IPv6", "::ffff:192.0.2.1", IP, 4, "\xc0\x00\x02\x01", false },
	{ "an address as a DNS name", "192.0.2.1", DNS, 0, "192.0.2.1", false },
	{ "a wildcard for an address", "192.0.2.1", DNS, 0, "*.0.2.1", false },
	{ "a name as the bytes of an address", "abcd", IP, 4, "abcd", false },
	{ "an IPv4 address in hexadecimal", "0xc0.0.2.1", IP, 4, "\xc0\x00\x02\x01", false },
};

static void
names_match_as_listed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(matches) / sizeof(matches[0]); i++) {
		const struct match_case *test = &matches[i];
		struct cert cert = { .version = 3 };
		struct buf names;

		buf_init(&names, 1000);
		add_general_name(&names, test->tag, test->value,
			test->len == 0 ? strlen(test->value) : test->len, false);
		cert.names = span_of_buf(&names);
		if (hostname_matches(test->host, &cert) != test->matches)
			fail_msg("%s: got %s", test->name, test->matches ? "no match" : "a match");
		buf_release(&names);
	}
}

static void
one_name_of_many_is_enough(void **state)
{
	struct cert cert = { .version = 3 };
	struct buf names;

	(void)state;
	buf_init(&names, 1000);
	add_general_name(&names, IP, "\xc0\x00\x02\x01", 4, false);
	add_general_name(&names, DNS, "a.example", 9, false);
	add_general_name(&names, DNS, "b.example", 9, false);
	cert.names = span_of_buf(&names);
	assert_true(hostname_matches("b.example", &cert));
	assert_true(hostname_matches("192.0.2.1", &cert));
	assert_false(hostname_matches("c.example", &cert));
	buf_release(&names);
}

static void
without_names_nothing_matches(void **state)
{
	struct cert cert = { .version = 3 };

	(void)state;
	assert_false(hostname_matches("mail.example.com", &cert));
}

static void
hosts_are_normalised(void **state)
{
	static const struct {
		const char *host;
		const char *wanted; /* NULL: refused */
	} hosts[] = {
		{ "Mail.Example.COM", "mail.example.com" },
		{ "mail.example.com.", "mail.example.com" },
		{ "localhost", "localhost" },
		{ "[::1]", "::1" },
		{ "2001:0db8:0::1", "2001:db8::1" },
		{ "B\xc3\x9c"
		  "CHER.example",
			"xn--bcher-kva.example" },
		{ "", NULL },
		{ ".", NULL },
		{ "..", NULL },
		{ "a..b", NULL },
		{ "-a.example", NULL },
		{ "a b.example", NULL },
		{ "a/b", NULL },
		{ "mail.example.com:25", NULL },
		{ "[mail.example.com]", NULL },
		{ "1.2.3", NULL },
		{ "1.2.3.256", NULL },
		{ "\xff\xfe", NULL },
		{ "0123456789012345678901234567890123456789012345678901234567890123.example",
			NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		struct error error = { { 0 } };
		char got[HOSTNAME_MAX];
		bool good = hostname_normalise(hosts[i].host, got, &error);

		if (good != (hosts[i].wanted != NULL) || good == error_is_set(&error))
			fail_msg("%s: got %s", hosts[i].host, good ? got : error.text);
		if (good)
			assert_string_equal(got, hosts[i].wanted);
	}
}

static void
a_host_may_have_253_bytes(void **state)
{
	struct error error = { { 0 } };
	char host[HOSTNAME_MAX + 2] = { 0 }, got[HOSTNAME_MAX];

	(void)state;
	for (size_t i = 0; i < 253; i++)
		host[i] = i % 50 == 49 ? '.' : 'a';
	assert_true(hostname_normalise(host, got, &error));
	host[253] = '.';
	assert_true(hostname_normalise(host, got, &error));
	host[253] = 'a';
	assert_false(hostname_normalise(host, got, &error));
	memset(host, 'a', HOSTNAME_MAX + 1);
	assert_false(hostname_normalise(host, got, &error));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_match_as_listed),
		cmocka_unit_test(one_name_of_many_is_enough),
		cmocka_unit_test(without_names_nothing_matches),
		cmocka_unit_test(hosts_are_normalised),
		cmocka_unit_test(a_host_may_have_253_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
