/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sets of CAA records. A record is written "flags tag value".
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "wire/caa.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define RECORDS_MAX 4
#define ACCOUNT "https://ca.test/acct/1"

static const struct {
	const char *name;
	const char *records[RECORDS_MAX];
	enum caa_permission permission;
	size_t record;
	struct caa_question question;
} cases[] = {
	{ "no record", { NULL }, CAA_EVERYONE, 0, { 0 } },
	{ "no record that restricts", { "0 iodef mailto:a@b.test" }, CAA_EVERYONE, 0, { 0 } },
	{ "issuewild alone does not restrict names", { "0 issuewild other.test" }, CAA_EVERYONE, 0,
		{ 0 } },
	{ "named", { "0 issue ca.test" }, CAA_NAMED, 0, { 0 } },
	{ "named in capitals", { "0 ISSUE CA.Test" }, CAA_NAMED, 0, { 0 } },
	{ "named with blanks around", { "0 issue  \tca.test \t" }, CAA_NAMED, 0, { 0 } },
	{ "named with flags", { "129 issue ca.test" }, CAA_NAMED, 0, { 0 } },
	{ "named among others", { "0 issue other.test", "0 issue ca.test" }, CAA_NAMED, 1, { 0 } },
	{ "named beside a semicolon", { "0 issue ;", "0 issue ca.test" }, CAA_NAMED, 1, { 0 } },
	{ "others", { "0 issue other.test", "0 issue another.test" }, CAA_OTHERS, 0, { 0 } },
	{ "a domain above", { "0 issue test" }, CAA_OTHERS, 0, { 0 } },
	{ "a domain below", { "0 issue a.ca.test" }, CAA_OTHERS, 0, { 0 } },
	{ "nobody", { "0 issue ;" }, CAA_NOBODY, 0, { 0 } },
	{ "nobody, with blanks", { "0 issue  ; " }, CAA_NOBODY, 0, { 0 } },
	{ "nobody, empty", { "0 issue " }, CAA_NOBODY, 0, { 0 } },
	{ "nobody, with parameters", { "0 issue ; a=b" }, CAA_NOBODY, 0, { 0 } },
	{ "nobody, since it cannot be read", { "0 issue %%%" }, CAA_NOBODY, 0, { 0 } },
	{ "a label that begins with a hyphen", { "0 issue -ca.test" }, CAA_NOBODY, 0, { 0 } },
	{ "an empty label", { "0 issue ca..test" }, CAA_NOBODY, 0, { 0 } },
	{ "a dot at the end", { "0 issue ca.test." }, CAA_NOBODY, 0, { 0 } },
	{ "two domains in one record", { "0 issue ca.test other.test" }, CAA_PARAMETERS, 0, { 0 } },
	{ "a comma between two domains", { "0 issue other.test,ca.test" }, CAA_OTHERS, 0, { 0 } },

	{ "an unknown tag", { "0 foo bar" }, CAA_EVERYONE, 0, { 0 } },
	{ "an unknown critical tag", { "0 issue ca.test", "128 foo bar" }, CAA_CRITICAL, 1, { 0 } },
	{ "an unknown tag with another flag", { "127 foo bar", "0 issue ca.test" }, CAA_NAMED, 1,
		{ 0 } },
	{ "a critical tag that is known", { "128 iodef mailto:a@b.test", "0 issue ca.test" },
		CAA_NAMED, 1, { 0 } },

	{ "a wildcard by issue", { "0 issue ca.test" }, CAA_NAMED, 0, { .wildcard = true } },
	{ "a wildcard by issuewild", { "0 issue other.test", "0 issuewild ca.test" }, CAA_NAMED, 1,
		{ .wildcard = true } },
	{ "no wildcard by issue beside issuewild", { "0 issue ca.test", "0 issuewild other.test" },
		CAA_OTHERS, 1, { .wildcard = true } },
	{ "no wildcard for anybody", { "0 issue ca.test", "0 issuewild ;" }, CAA_NOBODY, 1,
		{ .wildcard = true } },
	{ "a name beside issuewild", { "0 issue ca.test", "0 issuewild ;" }, CAA_NAMED, 0, { 0 } },

	{ "a semicolon at the end", { "0 issue ca.test;" }, CAA_NAMED, 0, { 0 } },
	{ "parameters that nobody knows", { "0 issue ca.test; a=b ;c = d;" }, CAA_NAMED, 0, { 0 } },
	{ "a parameter without a value", { "0 issue ca.test; a=" }, CAA_NAMED, 0, { 0 } },
	{ "a parameter without an equals sign", { "0 issue ca.test; a" }, CAA_PARAMETERS, 0,
		{ 0 } },
	{ "two semicolons", { "0 issue ca.test;; a=b" }, CAA_PARAMETERS, 0, { 0 } },
	{ "a blank in a value", { "0 issue ca.test; a=b c" }, CAA_PARAMETERS, 0, { 0 } },
	{ "the account", { "0 issue ca.test; accounturi=" ACCOUNT }, CAA_NAMED, 0,
		{ .account_uri = ACCOUNT } },
	{ "another account", { "0 issue ca.test; accounturi=" ACCOUNT "2" }, CAA_PARAMETERS, 0,
		{ .account_uri = ACCOUNT } },
	{ "an account that the question says nothing of",
		{ "0 issue ca.test; accounturi=" ACCOUNT }, CAA_LIMITED, 0, { 0 } },
	{ "two accounts in one record",
		{ "0 issue ca.test; accounturi=" ACCOUNT "; accounturi=" ACCOUNT }, CAA_PARAMETERS,
		0, { .account_uri = ACCOUNT } },
	{ "another account, and the account",
		{ "0 issue ca.test; accounturi=x:y", "0 issue ca.test; AccountURI=" ACCOUNT },
		CAA_NAMED, 1, { .account_uri = ACCOUNT } },
	{ "the method", { "0 issue ca.test; validationmethods=http-01,dns-01" }, CAA_NAMED, 0,
		{ .method = "dns-01" } },
	{ "other methods", { "0 issue ca.test; validationmethods=http-01,dns-012" }, CAA_PARAMETERS,
		0, { .method = "dns-01" } },
	{ "no method", { "0 issue ca.test; validationmethods=" }, CAA_PARAMETERS, 0,
		{ .method = "dns-01" } },
	{ "methods that the question says nothing of",
		{ "0 issue ca.test; validationmethods=dns-01" }, CAA_LIMITED, 0, { 0 } },
	{ "without limits beside it",
		{ "0 issue ca.test; validationmethods=dns-01", "0 issue ca.test" }, CAA_NAMED, 1,
		{ 0 } },
};

static struct caa_record
record_of(const char *text)
{
	char *tag;
	struct caa_record record = { .flags = (uint8_t)strtoul(text, &tag, 10) };
	const char *value = strchr(++tag, ' ');

	record.tag = (struct span){ (const uint8_t *)tag, (size_t)(value - tag) };
	record.value = (struct span){ (const uint8_t *)value + 1, strlen(value + 1) };
	return record;
}

static void
sets_are_judged_as_listed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct caa_record records[RECORDS_MAX];
		struct caa_question question = cases[i].question;
		struct caa_verdict got;
		size_t count = 0;

		question.issuer = "ca.test";
		for (; count < RECORDS_MAX && cases[i].records[count] != NULL; count++)
			records[count] = record_of(cases[i].records[count]);
		got = caa_judge(records, count, &question);
		if (got.permission != cases[i].permission || got.record != cases[i].record)
			fail_msg("%s: got %d by record %zu", cases[i].name, (int)got.permission,
				got.record);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sets_are_judged_as_listed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
