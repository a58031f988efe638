/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Policies of MTA-STS, and their patterns.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "wire/mta_sts_policy.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A policy to which the case adds a line. */
#define AND(line) "version: STSv1\nmode: enforce\nmx: mx.example.test\nmax_age: 86400\n" line
#define KEY_32 "abcdefghijklmnopqrstuvwxyz-_.012"

static const struct {
	const char *name;
	const char *text;
	enum mta_sts_fault fault;
	size_t line;
	const char *wrong;
} cases[] = {
	{ "LF", AND(""), MTA_STS_GOOD, 0, "" },
	{ "CRLF", "version: STSv1\r\nmode: testing\r\nmx: a.test\r\nmax_age: 1\r\n", MTA_STS_GOOD,
		0, "" },
	{ "both, and no end of the last line",
		"version: STSv1\r\nmode: testing\nmx: a.test\nmax_age: 1", MTA_STS_GOOD, 0, "" },
	{ "without blanks", "version:STSv1\nmode:testing\nmx:a.test\nmax_age:0\n", MTA_STS_GOOD, 0,
		"" },
	{ "with many blanks", "version: \t STSv1 \t\nmode:  testing  \nmx: a.test \r\nmax_age: 1 ",
		MTA_STS_GOOD, 0, "" },
	{ "another order", "max_age: 1\nmx: a.test\nmode: testing\nversion: STSv1\n", MTA_STS_GOOD,
		0, "" },
	{ "none needs no mx", "version: STSv1\nmode: none\nmax_age: 86400\n", MTA_STS_GOOD, 0, "" },
	{ "the largest age", "version: STSv1\nmode: none\nmax_age: 31557600\n", MTA_STS_GOOD, 0,
		"" },
	{ "an age with zeros in front", "version: STSv1\nmode: none\nmax_age: 0000086400\n",
		MTA_STS_GOOD, 0, "" },
	{ "unknown keys", AND("a: b c\n" KEY_32 ": \xc3\xa4!:=\nextension.x: 1"), MTA_STS_GOOD, 0,
		"" },
	{ "the first of several modes", AND("mode: foo"), MTA_STS_GOOD, 0, "" },
	{ "the first of several ages", AND("max_age: -1"), MTA_STS_GOOD, 0, "" },
	{ "the first of several versions", AND("version: STSv2"), MTA_STS_GOOD, 0, "" },
	{ "a wildcard", AND("mx: *.example.test"), MTA_STS_GOOD, 0, "" },
	{ "a wildcard below a label", AND("mx: *.test"), MTA_STS_GOOD, 0, "" },
	{ "an A-label", AND("mx: xn--mller-kva.test"), MTA_STS_GOOD, 0, "" },
	{ "a name in capitals", AND("mx: MX.Example.Test"), MTA_STS_GOOD, 0, "" },

	{ "nothing", "", MTA_STS_EMPTY, 0, "" },
	{ "an empty line in front", "\n" AND(""), MTA_STS_BAD_LINE, 1, "" },
	{ "an empty line at the end", AND("\n"), MTA_STS_BAD_LINE, 5, "" },
	{ "a line of blanks", AND("  \n"), MTA_STS_BAD_LINE, 5, "  " },
	{ "no colon", AND("mx mx2.example.test"), MTA_STS_BAD_LINE, 5, "mx mx2.example.test" },
	{ "an equals sign", "version=STSv1\n", MTA_STS_BAD_LINE, 1, "version=STSv1" },
	{ "no value", AND("a:\n"), MTA_STS_BAD_LINE, 5, "a:" },
	{ "blanks for a value", AND("a: \t\n"), MTA_STS_BAD_LINE, 5, "a: \t" },
	{ "an mx without a value", AND("mx:\r\n"), MTA_STS_BAD_LINE, 5, "mx:" },
	{ "CR alone", "version: STSv1\rmode: none\rmax_age: 1\r", MTA_STS_BAD_LINE, 1,
		"version: STSv1\rmode: none\rmax_age: 1\r" },
	{ "a CR behind the last line", AND("a: b\r"), MTA_STS_BAD_LINE, 5, "a: b\r" },
	{ "a control", AND("a: \x01\n"), MTA_STS_BAD_LINE, 5, "a: \x01" },
	{ "a byte that is no UTF-8", AND("a: \xff\n"), MTA_STS_BAD_LINE, 5, "a: \xff" },
	{ "HTML", "<!DOCTYPE html>\n<html>", MTA_STS_BAD_LINE, 1, "<!DOCTYPE html>" },
	{ "a byte order mark", "\xef\xbb\xbfversion: STSv1\n", MTA_STS_BAD_KEY, 1,
		"\xef\xbb\xbfversion: STSv1" },
	{ "a blank in front of the key", AND(" a: b"), MTA_STS_BAD_KEY, 5, " a: b" },
	{ "a blank behind the key", AND("mx : a.test"), MTA_STS_BAD_KEY, 5, "mx : a.test" },
	{ "no key", AND(": b"), MTA_STS_BAD_KEY, 5, ": b" },
	{ "a key that begins with a hyphen", AND("-a: b"), MTA_STS_BAD_KEY, 5, "-a: b" },
	{ "a key of 33", AND(KEY_32 "3: b"), MTA_STS_BAD_KEY, 5, KEY_32 "3: b" },
	{ "a letter too many", AND("nmx: mx2.example.test"), MTA_STS_MISSPELT_KEY, 5,
		"nmx: mx2.example.test" },
	{ "a key in capitals", AND("MX: mx2.example.test"), MTA_STS_MISSPELT_KEY, 5,
		"MX: mx2.example.test" },
	{ "a hyphen for the underline", "version: STSv1\nmode: none\nmax-age: 1\n",
		MTA_STS_MISSPELT_KEY, 3, "max-age: 1" },
	{ "another version", "version: STSv2\n", MTA_STS_BAD_VERSION, 1, "version: STSv2" },
	{ "another case of the version", "version: stsv1\n", MTA_STS_BAD_VERSION, 1,
		"version: stsv1" },
	{ "another mode", "mode: report\n", MTA_STS_BAD_MODE, 1, "mode: report" },
	{ "a mode in capitals", "mode: Enforce\n", MTA_STS_BAD_MODE, 1, "mode: Enforce" },
	{ "an age above the largest", "max_age: 31557601\n", MTA_STS_BAD_AGE, 1,
		"max_age: 31557601" },
	{ "an age of eleven digits", "max_age: 00000086400\n", MTA_STS_BAD_AGE, 1,
		"max_age: 00000086400" },
	{ "an age below zero", "max_age: -1\n", MTA_STS_BAD_AGE, 1, "max_age: -1" },
	{ "an age of a week", "max_age: 1w\n", MTA_STS_BAD_AGE, 1, "max_age: 1w" },
	{ "a fraction of an age", "max_age: 1.5\n", MTA_STS_BAD_AGE, 1, "max_age: 1.5" },
	{ "an address", AND("mx: 192.0.2.1"), MTA_STS_BAD_MX, 5, "mx: 192.0.2.1" },
	{ "an address in brackets", AND("mx: [192.0.2.1]"), MTA_STS_BAD_MX, 5, "mx: [192.0.2.1]" },
	{ "an IPv6 address", AND("mx: 2001:db8::1"), MTA_STS_BAD_MX, 5, "mx: 2001:db8::1" },
	{ "a U-label", AND("mx: m\xc3\xbcller.test"), MTA_STS_BAD_MX, 5, "mx: m\xc3\xbcller.test" },
	{ "a dot in front", AND("mx: .example.test"), MTA_STS_BAD_MX, 5, "mx: .example.test" },
	{ "a dot at the end", AND("mx: mx.example.test."), MTA_STS_BAD_MX, 5,
		"mx: mx.example.test." },
	{ "a wildcard alone", AND("mx: *"), MTA_STS_BAD_MX, 5, "mx: *" },
	{ "a wildcard and a dot", AND("mx: *."), MTA_STS_BAD_MX, 5, "mx: *." },
	{ "a wildcard for a part of a label", AND("mx: mx*.example.test"), MTA_STS_BAD_MX, 5,
		"mx: mx*.example.test" },
	{ "a wildcard within", AND("mx: a.*.test"), MTA_STS_BAD_MX, 5, "mx: a.*.test" },
	{ "two wildcards", AND("mx: *.*.test"), MTA_STS_BAD_MX, 5, "mx: *.*.test" },
	{ "two names", AND("mx: a.test b.test"), MTA_STS_BAD_MX, 5, "mx: a.test b.test" },
	{ "two names with a comma", AND("mx: a.test, b.test"), MTA_STS_BAD_MX, 5,
		"mx: a.test, b.test" },
	{ "an underline", AND("mx: a_b.test"), MTA_STS_BAD_MX, 5, "mx: a_b.test" },
	{ "a number alone", AND("mx: 25"), MTA_STS_BAD_MX, 5, "mx: 25" },
	{ "no version", "mode: none\nmax_age: 1\n", MTA_STS_NO_VERSION, 0, "" },
	{ "no mode", "version: STSv1\nmax_age: 1\nmx: a.test\n", MTA_STS_NO_MODE, 0, "" },
	{ "no age", "version: STSv1\nmode: none\n", MTA_STS_NO_AGE, 0, "" },
	{ "no mx", "version: STSv1\nmode: testing\nmax_age: 1\n", MTA_STS_NO_MX, 0, "" },
};

static struct span
span_of(const char *text)
{
	return (struct span){ (const uint8_t *)text, strlen(text) };
}

static void
policies_are_read_as_listed(void **state)
{
	static struct mta_sts_policy policy;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		mta_sts_policy_read(&policy, span_of(cases[i].text));
		if (policy.fault != cases[i].fault || policy.line != cases[i].line)
			fail_msg("%s: fault %d in line %zu", cases[i].name, (int)policy.fault,
				policy.line);
		if (!span_equal(policy.wrong, span_of(cases[i].wrong)))
			fail_msg("%s: \"%.*s\"", cases[i].name, (int)policy.wrong.len,
				(const char *)policy.wrong.data);
	}
}

static void
a_policy_tells_what_is_in_it(void **state)
{
	static struct mta_sts_policy policy;

	(void)state;
	mta_sts_policy_read(&policy, span_of(AND("mx: *.b.test\nmode: none\nmax_age: 7\n")));
	assert_int_equal(policy.mode, MTA_STS_MODE_ENFORCE);
	assert_string_equal(mta_sts_mode_name(policy.mode), "enforce");
	assert_int_equal(policy.max_age, 86400);
	assert_int_equal(policy.mx_count, 2);
	assert_true(span_equal(policy.mx[0], span_of("mx.example.test")));
	assert_true(span_equal(policy.mx[1], span_of("*.b.test")));
}

static void
a_policy_has_an_end(void **state)
{
	static struct mta_sts_policy policy;
	struct buf text;

	(void)state;
	buf_init(&text, MTA_STS_POLICY_MAX + 1);
	buf_add_string(&text, AND(""));
	for (size_t i = 1; i < MTA_STS_MX_MAX; i++)
		buf_add_string(&text, "mx: a.test\n");
	mta_sts_policy_read(&policy, buf_span(&text));
	assert_int_equal(policy.fault, MTA_STS_GOOD);
	buf_add_string(&text, "mx: a.test\n");
	mta_sts_policy_read(&policy, buf_span(&text));
	assert_int_equal(policy.fault, MTA_STS_LONG);
	buf_reset(&text);
	buf_add_string(&text, AND("a: "));
	while (text.len < MTA_STS_POLICY_MAX)
		buf_add_char(&text, 'b');
	mta_sts_policy_read(&policy, buf_span(&text));
	assert_int_equal(policy.fault, MTA_STS_GOOD);
	buf_add_char(&text, 'b');
	mta_sts_policy_read(&policy, buf_span(&text));
	assert_int_equal(policy.fault, MTA_STS_LONG);
	buf_release(&text);
}

static const struct {
	const char *pattern, *host;
	bool matches;
} patterns[] = {
	{ "mx.example.test", "mx.example.test", true },
	{ "MX.example.test", "mx.EXAMPLE.test", true },
	{ "mx.example.test", "mx2.example.test", false },
	{ "example.test", "mx.example.test", false },
	{ "*.example.test", "mx.example.test", true },
	{ "*.EXAMPLE.test", "MX.example.test", true },
	{ "*.example.test", "a.mx.example.test", false },
	{ "*.example.test", "example.test", false },
	{ "*.example.test", ".example.test", false },
	{ "*.example.test", "mxexample.test", false },
	{ "*.test", "example.test", true },
	{ "*.test", "test", false },
	{ "*", "test", false },
	{ "", "", false },
	{ "mx.example.test", "", false },
	{ "*.example.test", "", false },
};

static void
patterns_match_as_listed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(patterns); i++)
		if (mta_sts_pattern_matches(span_of(patterns[i].pattern),
			    span_of(patterns[i].host)) != patterns[i].matches)
			fail_msg("%s for %s: got %d", patterns[i].pattern, patterns[i].host,
				!patterns[i].matches);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(policies_are_read_as_listed),
		cmocka_unit_test(a_policy_tells_what_is_in_it),
		cmocka_unit_test(a_policy_has_an_end),
		cmocka_unit_test(patterns_match_as_listed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
