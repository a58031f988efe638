/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * TXT records of MTA-STS and TLSRPT.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wire/policy_record.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define TEXTS_MAX 4
#define STS POLICY_RECORD_MTA_STS
#define RPT POLICY_RECORD_TLS_RPT
#define ID_32 "0123456789abcdefghijklmnopqrstUV"

static const struct {
	const char *name;
	enum policy_record_kind kind;
	const char *texts[TEXTS_MAX];
	enum policy_record_state state;
	size_t index;
	const char *value, *wrong;
} cases[] = {
	{ "the example of RFC 8461", STS, { "v=STSv1; id=20160831085700Z;" }, POLICY_RECORD_GOOD, 0,
		"20160831085700Z", "" },
	{ "without the last semicolon", STS, { "v=STSv1; id=1" }, POLICY_RECORD_GOOD, 0, "1", "" },
	{ "without blanks", STS, { "v=STSv1;id=1;" }, POLICY_RECORD_GOOD, 0, "1", "" },
	{ "with all the blanks that there may be", STS, { "v=STSv1;\t id=1 \t; a=b ; " },
		POLICY_RECORD_GOOD, 0, "1", "" },
	{ "an id of 32", STS, { "v=STSv1; id=" ID_32 }, POLICY_RECORD_GOOD, 0, ID_32, "" },
	{ "unknown fields before and behind", STS, { "v=STSv1; a-b._=c!; id=1; x=y" },
		POLICY_RECORD_GOOD, 0, "1", "" },
	{ "the first of two ids", STS, { "v=STSv1; id=1; id=2;" }, POLICY_RECORD_GOOD, 0, "1", "" },
	{ "the first of two ids is bad", STS, { "v=STSv1; id=-; id=2;" }, POLICY_RECORD_BAD_VALUE,
		0, "-", "-" },
	{ "other texts beside it", STS, { "spf", "v=STSv1; id=1", "v=STSv2; id=3", "" },
		POLICY_RECORD_GOOD, 1, "1", "" },
	{ "one that is cut beside it", STS, { "v=STSv1", "v=STSv1; id=1" }, POLICY_RECORD_GOOD, 1,
		"1", "" },
	{ "one with a blank beside it", STS, { "v=STSv1 ; id=2", "v=STSv1; id=1" },
		POLICY_RECORD_GOOD, 1, "1", "" },
	{ "nothing", STS, { NULL }, POLICY_RECORD_NONE, 0, "", "" },
	{ "another text", STS, { "hello" }, POLICY_RECORD_NONE, 0, "", "" },
	{ "an empty text", STS, { "" }, POLICY_RECORD_NONE, 0, "", "" },
	{ "another case of the version", STS, { "v=stsv1; id=1" }, POLICY_RECORD_NONE, 0, "", "" },
	{ "a later version", STS, { "v=STSv10; id=1" }, POLICY_RECORD_NONE, 0, "", "" },
	{ "a blank in front", STS, { " v=STSv1; id=1" }, POLICY_RECORD_NONE, 0, "", "" },
	{ "a version alone", STS, { "v=STSv1" }, POLICY_RECORD_NONE, 0, "", "" },
	{ "the record of TLSRPT", STS, { "v=TLSRPTv1; rua=mailto:a@b.test" }, POLICY_RECORD_NONE, 0,
		"", "" },
	{ "a blank before the semicolon", STS, { "v=STSv1 ; id=1" }, POLICY_RECORD_BLANK, 0, "",
		"v=STSv1 ; id=1" },
	{ "a blank and no semicolon", STS, { "v=STSv1 id=1" }, POLICY_RECORD_NONE, 0, "", "" },
	{ "two records", STS, { "v=STSv1; id=1", "x", "v=STSv1; id=1" }, POLICY_RECORD_SEVERAL, 2,
		"", "v=STSv1; id=1" },
	{ "two records, one of them bad", STS, { "v=STSv1;", "v=STSv1; id=1" },
		POLICY_RECORD_SEVERAL, 1, "", "v=STSv1; id=1" },
	{ "no field", STS, { "v=STSv1;" }, POLICY_RECORD_NO_FIELDS, 0, "", "" },
	{ "blanks for a field", STS, { "v=STSv1;  " }, POLICY_RECORD_NO_FIELDS, 0, "", "" },
	{ "no id", STS, { "v=STSv1; a=b" }, POLICY_RECORD_NO_VALUE, 0, "", "" },
	{ "an id in capitals", STS, { "v=STSv1; ID=1" }, POLICY_RECORD_NO_VALUE, 0, "", "" },
	{ "an empty id", STS, { "v=STSv1; id=;" }, POLICY_RECORD_BAD_VALUE, 0, "", "" },
	{ "an id of 33", STS, { "v=STSv1; id=" ID_32 "3" }, POLICY_RECORD_BAD_VALUE, 0, ID_32 "3",
		ID_32 "3" },
	{ "an id with a hyphen", STS, { "v=STSv1; id=2026-01-01" }, POLICY_RECORD_BAD_VALUE, 0,
		"2026-01-01", "2026-01-01" },
	{ "an id with a blank behind it", STS, { "v=STSv1; id=1 " }, POLICY_RECORD_BAD_VALUE, 0,
		"1 ", "1 " },
	{ "an id in quotes", STS, { "v=STSv1; id=\"1\"" }, POLICY_RECORD_BAD_VALUE, 0, "\"1\"",
		"\"1\"" },
	{ "a blank before the equals sign", STS, { "v=STSv1; id =1" }, POLICY_RECORD_BAD_FIELD, 0,
		"", "id =1" },
	{ "a blank behind the equals sign", STS, { "v=STSv1; id= 1" }, POLICY_RECORD_BAD_VALUE, 0,
		" 1", " 1" },
	{ "no equals sign", STS, { "v=STSv1; id:1" }, POLICY_RECORD_BAD_FIELD, 0, "", "id:1" },
	{ "two semicolons", STS, { "v=STSv1;; id=1" }, POLICY_RECORD_BAD_FIELD, 0, "", "" },
	{ "a comma for a semicolon", STS, { "v=STSv1; a=b, id=1" }, POLICY_RECORD_BAD_FIELD, 0, "",
		"a=b, id=1" },
	{ "a field without a name", STS, { "v=STSv1; =b; id=1" }, POLICY_RECORD_BAD_FIELD, 0, "",
		"=b" },
	{ "a field without a value", STS, { "v=STSv1; id=1; a=" }, POLICY_RECORD_BAD_FIELD, 0, "1",
		"a=" },
	{ "a name that begins with a hyphen", STS, { "v=STSv1; -a=b; id=1" },
		POLICY_RECORD_BAD_FIELD, 0, "", "-a=b" },
	{ "a name of 33", STS, { "v=STSv1; " ID_32 "3=b; id=1" }, POLICY_RECORD_BAD_FIELD, 0, "",
		ID_32 "3=b" },
	{ "two equals signs", STS, { "v=STSv1; a=b=c; id=1" }, POLICY_RECORD_BAD_FIELD, 0, "",
		"a=b=c" },
	{ "a control in a value", STS, { "v=STSv1; a=b\x01; id=1" }, POLICY_RECORD_BAD_FIELD, 0, "",
		"a=b\x01" },
	{ "UTF-8 in a value", STS, { "v=STSv1; a=\xc3\xa4; id=1" }, POLICY_RECORD_BAD_FIELD, 0, "",
		"a=\xc3\xa4" },

	{ "the example of RFC 8460", RPT, { "v=TLSRPTv1;rua=mailto:reports@example.com" },
		POLICY_RECORD_GOOD, 0, "mailto:reports@example.com", "" },
	{ "HTTPS", RPT, { "v=TLSRPTv1; rua=https://reporting.example.com/v1/tlsrpt?a=b%21" },
		POLICY_RECORD_GOOD, 0, "https://reporting.example.com/v1/tlsrpt?a=b%21", "" },
	{ "a list", RPT, { "v=TLSRPTv1; rua=mailto:a@b.test , https://c.test/;" },
		POLICY_RECORD_GOOD, 0, "mailto:a@b.test , https://c.test/", "" },
	{ "a list with a scheme that nobody knows", RPT,
		{ "v=TLSRPTv1; rua=ftp://c.test/,MAILTO:a@b.test" }, POLICY_RECORD_GOOD, 0,
		"ftp://c.test/,MAILTO:a@b.test", "" },
	{ "unknown fields of TLSRPT", RPT, { "v=TLSRPTv1; ruf=x; rua=mailto:a@b.test; y=z" },
		POLICY_RECORD_GOOD, 0, "mailto:a@b.test", "" },
	{ "an address without a scheme", RPT, { "v=TLSRPTv1; rua=a@b.test" },
		POLICY_RECORD_BAD_VALUE, 0, "a@b.test", "a@b.test" },
	{ "an exclamation mark", RPT, { "v=TLSRPTv1; rua=mailto:a@b.test!10m" },
		POLICY_RECORD_BAD_VALUE, 0, "mailto:a@b.test!10m", "mailto:a@b.test!10m" },
	{ "half an escape", RPT, { "v=TLSRPTv1; rua=mailto:a%2" }, POLICY_RECORD_BAD_VALUE, 0,
		"mailto:a%2", "mailto:a%2" },
	{ "a blank within", RPT, { "v=TLSRPTv1; rua=mailto: a@b.test" }, POLICY_RECORD_BAD_VALUE, 0,
		"mailto: a@b.test", "mailto: a@b.test" },
	{ "blanks for commas", RPT, { "v=TLSRPTv1; rua=mailto:a@b.test mailto:c@d.test" },
		POLICY_RECORD_BAD_VALUE, 0, "mailto:a@b.test mailto:c@d.test",
		"mailto:a@b.test mailto:c@d.test" },
	{ "an empty URI", RPT, { "v=TLSRPTv1; rua=mailto:a@b.test,,mailto:c@d.test" },
		POLICY_RECORD_BAD_VALUE, 0, "mailto:a@b.test,,mailto:c@d.test", "mailto:a@b.test" },
	{ "a comma at the end", RPT, { "v=TLSRPTv1; rua=mailto:a@b.test," },
		POLICY_RECORD_BAD_VALUE, 0, "mailto:a@b.test,", "mailto:a@b.test," },
	{ "an empty list", RPT, { "v=TLSRPTv1; rua=" }, POLICY_RECORD_BAD_VALUE, 0, "", "" },
	{ "HTTP only", RPT, { "v=TLSRPTv1; rua=http://c.test/" }, POLICY_RECORD_BAD_SCHEME, 0,
		"http://c.test/", "http://c.test/" },
	{ "mailto of nobody", RPT, { "v=TLSRPTv1; rua=mailto:" }, POLICY_RECORD_BAD_SCHEME, 0,
		"mailto:", "mailto:" },
	{ "no rua", RPT, { "v=TLSRPTv1; ruf=mailto:a@b.test" }, POLICY_RECORD_NO_VALUE, 0, "", "" },
	{ "no rua, another field", RPT, { "v=TLSRPTv1; ruf=x" }, POLICY_RECORD_NO_VALUE, 0, "",
		"" },
	{ "the version of a draft", RPT, { "v=TLSRPTv1 rua=mailto:a@b.test" }, POLICY_RECORD_NONE,
		0, "", "" },
	{ "two records of TLSRPT", RPT,
		{ "v=TLSRPTv1; rua=mailto:a@b.test", "v=TLSRPTv1; rua=mailto:c@d.test" },
		POLICY_RECORD_SEVERAL, 1, "", "v=TLSRPTv1; rua=mailto:c@d.test" },
};

static struct span
span_of(const char *text)
{
	return (struct span){ (const uint8_t *)text, strlen(text) };
}

static struct policy_record
read_case(size_t i)
{
	static struct span texts[TEXTS_MAX];
	size_t count = 0;

	for (; count < TEXTS_MAX && cases[i].texts[count] != NULL; count++)
		texts[count] = span_of(cases[i].texts[count]);
	return policy_record_read(cases[i].kind, texts, count);
}

static void
records_are_read_as_listed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct policy_record got = read_case(i);

		if (got.state != cases[i].state || got.index != cases[i].index)
			fail_msg("%s: got state %d of text %zu", cases[i].name, (int)got.state,
				got.index);
		if (!span_equal(got.value, span_of(cases[i].value)))
			fail_msg("%s: value \"%.*s\"", cases[i].name, (int)got.value.len,
				(const char *)got.value.data);
		if (!span_equal(got.wrong, span_of(cases[i].wrong)))
			fail_msg("%s: wrong \"%.*s\"", cases[i].name, (int)got.wrong.len,
				(const char *)got.wrong.data);
	}
}

static void
no_beginning_of_a_record_is_read_as_the_whole(void **state)
{
	static const char text[] = "v=STSv1; a=b; id=12;";
	struct span part = { (const uint8_t *)text, 0 };

	(void)state;
	for (; part.len < sizeof(text) - 3; part.len++) /* without ";" and "2;" it is one */
		assert_int_not_equal(policy_record_read(STS, &part, 1).state, POLICY_RECORD_GOOD);
}

static void
uris_come_one_after_the_other(void **state)
{
	struct cursor list = cursor_over(span_of("mailto:a@b.test , https://c.test/"));
	struct span uri;

	(void)state;
	assert_true(policy_record_next_uri(&list, &uri));
	assert_true(span_equal(uri, span_of("mailto:a@b.test")));
	assert_true(policy_record_next_uri(&list, &uri));
	assert_true(span_equal(uri, span_of("https://c.test/")));
	assert_false(policy_record_next_uri(&list, &uri));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_are_read_as_listed),
		cmocka_unit_test(no_beginning_of_a_record_is_read_as_the_whole),
		cmocka_unit_test(uris_come_one_after_the_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
