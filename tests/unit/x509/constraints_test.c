/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "general_names.h"
#include "x509/constraints.h"

enum { OTHER = 0xa0, EMAIL = 0x81, DNS = 0x82, URI = 0x86, IP = 0x87 };
enum { IS_PERMITTED, IS_EXCLUDED };

struct constraint_case {
	const char *name;
	unsigned base_tag;
	size_t base_len;
	const char *base;
	unsigned tag;
	size_t len;
	const char *value;
	bool permitted; /* when the base is the only permitted one */
	bool excluded;  /* when the base is the only excluded one */
};

static const struct constraint_case cases[] = {
	{ "the base itself", DNS, 11, "example.com", DNS, 11, "example.com", true, true },
	{ "in another case", DNS, 11, "Example.com", DNS, 11, "eXample.com", true, true },
	{ "a name below", DNS, 11, "example.com", DNS, 16, "mail.example.com", true, true },
	{ "no label boundary", DNS, 8, "mple.com", DNS, 11, "example.com", false, false },
	{ "a name beside", DNS, 11, "example.com", DNS, 11, "example.org", false, false },
	{ "a name above", DNS, 16, "mail.example.com", DNS, 11, "example.com", false, false },
	{ "the empty base", DNS, 0, "", DNS, 11, "example.com", true, true },
	{ "a wildcard below", DNS, 11, "example.com", DNS, 13, "*.example.com", true, true },
	{ "a wildcard that may become the base", DNS, 16, "mail.example.com", DNS, 13,
		"*.example.com", false, true },
	{ "a wildcard beside", DNS, 11, "example.org", DNS, 13, "*.example.com", false, false },
	{ "a wildcard at the wrong place", DNS, 11, "example.com", DNS, 15, "a.*.example.com",
		false, true },
	{ "a name that is none", DNS, 11, "example.com", DNS, 12, ".example.com", false, true },
	{ "an address in the range", IP, 8, "\xc0\0\x02\0\xff\xff\xff\0", IP, 4, "\xc0\0\x02\x01",
		true, true },
	{ "an address outside of it", IP, 8, "\xc0\0\x02\0\xff\xff\xff\0", IP, 4, "\xc0\0\x03\x01",
		false, false },
	{ "any address", IP, 8, "\0\0\0\0\0\0\0\0", IP, 4, "\xc0\0\x03\x01", true, true },
	{ "an IPv6 address and a range of IPv4", IP, 8, "\0\0\0\0\0\0\0\0", IP, 16,
		"\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01", false, false },
	{ "a mailbox", EMAIL, 13, "a@example.com", EMAIL, 13, "a@EXAMPLE.com", true, true },
	{ "the local part has its case", EMAIL, 13, "a@example.com", EMAIL, 13, "A@example.com",
		false, false },
	{ "a mailbox of a host", EMAIL, 11, "example.com", EMAIL, 13, "b@example.com", true, true },
	{ "a mailbox of a host below", EMAIL, 11, "example.com", EMAIL, 15, "b@a.example.com",
		false, false },
	{ "a mailbox of a domain", EMAIL, 12, ".example.com", EMAIL, 15, "b@a.example.com", true,
		true },
	{ "a mailbox at the domain itself", EMAIL, 12, ".example.com", EMAIL, 13, "b@example.com",
		false, false },
	{ "an address without a host", EMAIL, 11, "example.com", EMAIL, 11, "example.com", false,
		true },
	{ "a URI is refused where URIs are constrained", URI, 11, "example.com", URI, 18,
		"http://example.com", false, true },
	{ "another name as well", OTHER, 2, "\x05\x00", OTHER, 2, "\x05\x01", false, true },
	{ "a directory name", 0xa4, 13, "\x30\x0b\x31\x09\x30\x07\x06\x03\x55\x04\x0a\x0c\x00",
		0xa4, 2, "\x30\x00", false, false },
};

static enum constraints_outcome
check(const struct constraint_case *test, int list, size_t comparisons)
{
	struct cert ca = { .name_constraints = { .present = true } };
	struct cert cert = { .subject = { (const uint8_t *)"\x30\x00", 2 } };
	enum constraints_outcome outcome;
	struct buf bases, names, fact;

	buf_init(&bases, 1000);
	buf_init(&names, 1000);
	buf_init(&fact, 1000);
	add_general_name(&bases, test->base_tag, test->base, test->base_len, true);
	add_general_name(&names, test->tag, test->value, test->len, false);
	*(list == IS_PERMITTED ? &ca.permitted : &ca.excluded) = span_of_buf(&bases);
	cert.names = span_of_buf(&names);
	outcome = constraints_check(&ca, &cert, &comparisons, &fact);
	if ((outcome == CONSTRAINTS_VIOLATED) != (fact.len != 0))
		fail_msg("%s: fact is \"%s\"", test->name, fact.data);
	buf_release(&bases);
	buf_release(&names);
	buf_release(&fact);
	return outcome;
}

static void
names_are_constrained_as_listed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool permitted = check(&cases[i], IS_PERMITTED, 10) == CONSTRAINTS_MET;
		bool excluded = check(&cases[i], IS_EXCLUDED, 10) == CONSTRAINTS_VIOLATED;

		if (permitted != cases[i].permitted)
			fail_msg("%s: got permitted %d", cases[i].name, permitted);
		if (excluded != cases[i].excluded)
			fail_msg("%s: got excluded %d", cases[i].name, excluded);
	}
}

static void
other_forms_are_not_touched(void **state)
{
	static const struct constraint_case test = { "other", DNS, 11, "example.com", IP, 4,
		"\xc0\0\x02\x01", true, false };

	(void)state;
	assert_int_equal(check(&test, IS_PERMITTED, 10), CONSTRAINTS_MET);
	assert_int_equal(check(&test, IS_EXCLUDED, 10), CONSTRAINTS_MET);
}

/* Two addresses in the subject, "a@b" and "c@d", of which one or both are permitted. */
static void
addresses_in_the_subject_are_constrained(void **state)
{
	static const uint8_t subject[] = { 0x30, 0x28, 0x31, 0x12, 0x30, 0x10, 0x06, 0x09, 0x2a,
		0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1, 0x16, 0x03, 'a', '@', 'b', 0x31, 0x12, 0x30,
		0x10, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1, 0x16, 0x03, 'c', '@',
		'd' };
	struct cert ca = { .name_constraints = { .present = true } };
	struct cert cert = { .subject = { subject, sizeof(subject) } };
	size_t comparisons = 100;
	struct buf bases, fact;

	(void)state;
	buf_init(&bases, 1000);
	buf_init(&fact, 1000);
	add_general_name(&bases, EMAIL, "b", 1, true);
	ca.permitted = span_of_buf(&bases);
	assert_int_equal(constraints_check(&ca, &cert, &comparisons, &fact), CONSTRAINTS_VIOLATED);
	assert_string_equal(fact.data, "email:c@d is not permitted");
	add_general_name(&bases, EMAIL, "d", 1, true);
	ca.permitted = span_of_buf(&bases);
	assert_int_equal(constraints_check(&ca, &cert, &comparisons, &fact), CONSTRAINTS_MET);
	buf_release(&bases);
	buf_release(&fact);
}

static void
comparisons_run_out(void **state)
{
	(void)state;
	assert_int_equal(check(&cases[0], IS_EXCLUDED, 0), CONSTRAINTS_TOO_MANY);
	assert_int_equal(check(&cases[4], IS_PERMITTED, 0), CONSTRAINTS_TOO_MANY);
}

static void
bases_must_be_well_formed(void **state)
{
	static const struct {
		const char *name;
		unsigned tag;
		size_t len;
		const char *base;
		bool good;
	} bases[] = {
		{ "a host name", DNS, 11, "example.com", true },
		{ "every host name", DNS, 0, "", true },
		{ "a dot in front", DNS, 12, ".example.com", false },
		{ "a wildcard", DNS, 13, "*.example.com", false },
		{ "an address and a mask", IP, 8, "\xc0\0\x02\0\xff\xff\xff\0", true },
		{ "an address without a mask", IP, 4, "\xc0\0\x02\0", false },
		{ "a mask with a hole", IP, 8, "\xc0\0\x02\0\xff\0\xff\0", false },
		{ "text that is not ASCII", DNS, 2, "\xc3\xbc", false },
		{ "an unknown form", 0x8f, 1, "a", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bases) / sizeof(bases[0]); i++) {
		struct buf list;

		buf_init(&list, 1000);
		add_general_name(&list, bases[i].tag, bases[i].base, bases[i].len, true);
		if (constraints_are_well_formed(span_of_buf(&list)) != bases[i].good)
			fail_msg("%s: got %d", bases[i].name, !bases[i].good);
		buf_release(&list);
	}
	assert_false(constraints_are_well_formed((struct span){ NULL, 0 }));
}

/* GeneralSubtree { base, minimum [0] 1 }. */
static void
a_minimum_is_refused(void **state)
{
	static const uint8_t list[] = { 0x30, 0x06, 0x82, 0x01, 'a', 0x80, 0x01, 0x01 };

	(void)state;
	assert_false(constraints_are_well_formed((struct span){ list, sizeof(list) }));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_constrained_as_listed),
		cmocka_unit_test(other_forms_are_not_touched),
		cmocka_unit_test(addresses_in_the_subject_are_constrained),
		cmocka_unit_test(comparisons_run_out),
		cmocka_unit_test(bases_must_be_well_formed),
		cmocka_unit_test(a_minimum_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
