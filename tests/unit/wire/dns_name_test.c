/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wire/dns_name.h"

#define LABEL_63 "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0"

static struct span
span_of(const char *text)
{
	return (struct span){ (const uint8_t *)text, strlen(text) };
}

static void
plain_names_have_labels_of_letters_digits_and_hyphens(void **state)
{
	static const struct {
		const char *name;
		bool plain;
	} cases[] = {
		{ "a", true },
		{ "mail.example.com", true },
		{ "MAIL-1.example", true },
		{ "1.2", true },
		{ "a--b", true },
		{ LABEL_63 ".example", true },
		{ LABEL_63 "1.example", false },
		{ "", false },
		{ ".", false },
		{ "a.", false },
		{ ".a", false },
		{ "a..b", false },
		{ "-a.example", false },
		{ "a-.example", false },
		{ "a.example-", false },
		{ "a_b.example", false },
		{ "*.example", false },
		{ "a b", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (dns_name_is_plain(span_of(cases[i].name)) != cases[i].plain)
			fail_msg("\"%s\": got %d", cases[i].name, !cases[i].plain);
	assert_false(dns_name_is_plain((struct span){ (const uint8_t *)"a\0b", 3 }));
}

static void
a_name_is_within_another_at_a_label(void **state)
{
	static const struct {
		const char *name, *base;
		bool within;
	} cases[] = {
		{ "example.com", "example.com", true },
		{ "mail.example.com", "Example.COM", true },
		{ "mail.example.com", "", true },
		{ "notexample.com", "example.com", false },
		{ "example.com", "mail.example.com", false },
		{ "mail.example.org", "example.com", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (dns_name_is_within(span_of(cases[i].name), span_of(cases[i].base)) !=
			cases[i].within)
			fail_msg(
				"%s in %s: got %d", cases[i].name, cases[i].base, !cases[i].within);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_names_have_labels_of_letters_digits_and_hyphens),
		cmocka_unit_test(a_name_is_within_another_at_a_label),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
