/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * junit: what a hostile server, or a careless caller, can put into a report.
 */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "junit_written.h"
#include "report/detail.h"
#include "report/junit.h"
#include "report_sample.h"

struct hostile {
	const char *name;
	const char *text;
	const char *attribute; /* what stands in an attribute */
	const char *content;   /* what stands in system-out; NULL: the same */
};

static const struct hostile hostile[] = {
	{ "ESC", "220 \033[31mred", "220 \\x1b[31mred", NULL },
	{ "a control that XML has no way to write", "a\001b", "a\\x01b", NULL },
	{ "a lone 0xFF", "220 \xff", "220 \\xff", NULL },
	{ "U+FFFE", "220 \xef\xbf\xbe", "220 \\xef\\xbf\\xbe", NULL },
	{ "a surrogate", "220 \xed\xa0\x80", "220 \\xed\\xa0\\x80", NULL },
	{ "the end of a CDATA section", "220 ]]>", "220 ]]>", NULL },
	{ "CR", "220 a\rb", "220 a b", "220 a\\rb" },
	{ "quotes and markup", "\"'<b>&amp;&#27;", "\"'<b>&amp;&#27;", NULL },
	{ "an entity that bites", "&lol9;<!DOCTYPE x>", "&lol9;<!DOCTYPE x>", NULL },
	{ "an attachment", "[[ATTACHMENT|/etc/passwd]]", "[[ATTACHMENT|/etc/passwd]]",
		"[\\x5bATTACHMENT|/etc/passwd]]" },
	{ "a newline in a message", "one\ntwo", "one two", "one\ntwo" },
	{ "letters beyond ASCII", "gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f", NULL },
};

static void
assert_hostile(const struct hostile *row)
{
	struct single single;
	struct written written;

	single_init(&single, VERDICT_FAIL);
	single.one.id = single.one.message = single.one.observed = single.one.expected = row->text;
	single.one.why = single.one.fix = single.one.transcript = row->text;
	single.suite.target = single.suite.checklist = single.suite.file = row->text;
	single.report.hostname = row->text;
	written = write_report(&single.report);
	assert_xpath(&written, "string(//failure/@message)", row->attribute);
	assert_xpath(&written, "string(//testcase/@name)", row->attribute);
	assert_xpath(&written, "substring-before(//failure, '\n')", row->attribute);
	assert_xpath(&written, "string(//system-out)",
		row->content != NULL ? row->content : row->attribute);
	release(&written);
}

static void
hostile_text_is_shown_everywhere(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++)
		assert_hostile(&hostile[i]);
}

static void
every_byte_can_be_written(void **state)
{
	char text[256 + 1] = "";
	struct single single;
	struct written written;

	(void)state;
	for (size_t i = 0; i < 256; i++)
		text[i] = (char)(i == 0 ? 1 : i); /* NUL ends a string, so none can come here */
	single_init(&single, VERDICT_FAIL);
	single.one.message = single.one.transcript = text;
	written = write_report(&single.report);
	release(&written);
}

static void
a_transcript_of_10_megabytes_loses_its_middle(void **state)
{
	size_t len = 10 * 1000 * 1000;
	char *transcript = malloc(len + 1);
	struct single single;
	struct written written;
	char *got;

	(void)state;
	for (size_t i = 0; i < len; i++) /* characters of two bytes, lines of 80 */
		transcript[i] = (char)(i % 80 == 79   ? '\n'
				       : i % 80 == 78 ? ' '
				       : i % 2 == 0   ? '\xc3'
						      : '\xa9');
	transcript[len] = '\0';
	memcpy(transcript, "S: first ", 9);
	memcpy(transcript + len - 6, "last.\n", 6);
	single_init(&single, VERDICT_ERROR);
	single.one.transcript = transcript;
	written = write_report(&single.report);
	got = evaluate(&written, "string(//system-out)");
	assert_true(strlen(got) <= JUNIT_OUTPUT_MAX);
	assert_true(strlen(got) > JUNIT_OUTPUT_MAX - 100);
	assert_non_null(strstr(got, " bytes omitted]\n"));
	assert_memory_equal(got, "S: first ", 9);
	assert_string_equal(got + strlen(got) - 6, "last.\n");
	xmlFree(got);
	release(&written);
	free(transcript);
}

static void
the_same_name_twice_loses_no_case(void **state)
{
	struct sample sample;
	struct report *report = sample_report(&sample);
	struct written written;

	(void)state;
	for (size_t i = 0; i < 3; i++)
		sample.cases[i].id = "same";
	sample.suites[1].checklist = sample.suites[0].checklist;
	sample.suites[1].target = sample.suites[0].target;
	sample.suites[1].file = sample.suites[0].file;
	sample.cases[3].id = "same";
	written = write_report(report); /* the schema demands that they differ */
	assert_xpath(&written, "count(//testcase)", "5");
	assert_xpath(&written, "string(//testcase[1]/@name)", "same");
	assert_xpath(&written, "string(//testcase[3]/@name)", "same#3");
	assert_xpath(&written, "string(//testsuite[2]/testcase[1]/@classname)",
		"release#2.mx1-example-org:25");
	release(&written);
}

/* The number does not depend on which of them comes first. */
static void
targets_that_differ_in_dots_and_dashes_are_told_apart(void **state)
{
	(void)state;
	for (size_t dotted = 0; dotted < 2; dotted++) {
		struct sample sample;
		struct report *report = sample_report(&sample);
		struct written written;
		char path[100];

		sample.suites[1].checklist = sample.suites[0].checklist;
		sample.suites[dotted].target = "mx.a";
		sample.suites[1 - dotted].target = "mx-a";
		written = write_report(report);
		snprintf(path, sizeof(path), "string(//testsuite[%zu]/testcase[1]/@classname)",
			dotted + 1);
		assert_xpath(&written, path, "release#2.mx-a");
		snprintf(path, sizeof(path), "string(//testsuite[%zu]/testcase[1]/@classname)",
			2 - dotted);
		assert_xpath(&written, path, "release.mx-a");
		release(&written);
	}
}

static void
a_number_that_somebody_has_is_not_given_again(void **state)
{
	struct sample sample;
	struct report *report = sample_report(&sample);
	struct written written;

	(void)state;
	sample.cases[0].id = sample.cases[1].id = "same";
	sample.cases[2].id = "same#2";
	written = write_report(report); /* the schema demands that they differ */
	assert_xpath(&written, "string(//testcase[2]/@name)", "same#3");
	release(&written);
}

#define MANY_SUITES 20000

static void
names_of_many_targets_take_no_time(void **state)
{
	static struct report_suite suites[MANY_SUITES];
	struct sample sample;
	struct report *report = sample_report(&sample);
	struct error error = { 0 };
	struct buf bytes;

	(void)state;
	for (size_t i = 0; i < MANY_SUITES; i++) {
		suites[i] = sample.suites[0];
		suites[i].case_count = 1;
	}
	report->suites = suites;
	report->suite_count = MANY_SUITES;
	buf_init(&bytes, REPORT_BYTES_MAX);
	assert_true(report_bytes(report, report_format_find("junit"), &bytes, &error));
	assert_non_null(strstr(bytes.data, "classname=\"release#20000.mx1-example-org:25\""));
	buf_release(&bytes);
}

/* GitLab drops a report of more than 30 MB without a word. */
static void
transcripts_give_way_to_the_verdicts(void **state)
{
	static struct report_suite suites[3000];
	char *transcript = malloc(JUNIT_OUTPUT_MAX);
	struct sample sample;
	struct report *report = sample_report(&sample);
	struct written written;

	(void)state;
	memset(transcript, 'x', JUNIT_OUTPUT_MAX - 1);
	transcript[JUNIT_OUTPUT_MAX - 1] = '\0';
	sample.cases[1].transcript = transcript;
	written = write_report(report);
	assert_xpath(&written, "count(//system-out)", "1");
	assert_xpath(&written, "count(//property[@name='starttls-gate.transcripts'])", "0");
	release(&written);
	for (size_t i = 0; i < 3000; i++)
		suites[i] = sample.suites[0];
	report->suites = suites;
	report->suite_count = 3000;
	written = write_report(report);
	assert_true(written.bytes.len < JUNIT_BYTES_MAX);
	assert_xpath(&written, "count(//system-out)", "0");
	assert_xpath(&written, "count(//failure)", "3000");
	assert_xpath(&written, "count(//property[@name='starttls-gate.transcripts'])", "3000");
	release(&written);
	free(transcript);
}

static void
a_case_without_words_still_has_a_body(void **state)
{
	struct single single;
	struct written written;

	(void)state;
	single_init(&single, VERDICT_ERROR);
	single.one = (struct report_case){ .id = "tls.version", .message = " \n" };
	written = write_report(&single.report);
	assert_xpath(&written, "string(//error/@message)", "tls.version");
	assert_xpath(&written, "string(//error/@type)", "starttls-gate.NotEvaluated");
	assert_xpath(&written, "substring-before(//error, '\n')", "tls.version");
	single.one.title = "old versions are refused";
	release(&written);
	written = write_report(&single.report);
	assert_xpath(&written, "string(//error/@message)", "old versions are refused");
	release(&written);
}

static void
words_that_consumers_take_for_types_have_a_prefix(void **state)
{
	static const char *const words[] = { "Yaml", "Symbol", "Date", "Integer", "File", "Array" };

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct single single;
		struct written written;

		single_init(&single, VERDICT_FAIL);
		single.one.type = words[i];
		written = write_report(&single.report);
		assert_xpath(&written, "substring-before(//failure/@type, '.')", "starttls-gate");
		assert_xpath(&written, "substring-after(//failure/@type, '.')", words[i]);
		release(&written);
	}
}

static void
times_have_a_point_in_every_locale(void **state)
{
	static const struct {
		int64_t ms;
		const char *want;
	} rows[] = { { 0, "0.000" }, { 7, "0.007" }, { 250, "0.250" }, { 1234567, "1234.567" },
		{ -5, "0.000" } };
	const char *locale = setlocale(LC_ALL, "de_DE.UTF-8");

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct single single;
		struct written written;

		single_init(&single, VERDICT_PASS);
		single.one.ms = single.suite.ms = single.report.ms = rows[i].ms;
		written = write_report(&single.report);
		assert_xpath(&written, "string(//testcase/@time)", rows[i].want);
		assert_xpath(&written, "string(//testsuite/@time)", rows[i].want);
		assert_xpath(&written, "string(/testsuites/@time)", rows[i].want);
		release(&written);
	}
	if (locale == NULL)
		print_message("locale de_DE.UTF-8 is not there; tried in \"C\" only\n");
	setlocale(LC_ALL, "C");
}

static void
a_body_of_long_values_keeps_its_limit_and_its_place(void **state)
{
	char *value = malloc(100001);
	struct single single;
	struct written written;
	char *body;

	(void)state;
	for (size_t i = 0; i < 100000; i++)
		value[i] = (char)(i % 2 == 0 ? '\xc3' : '\xa9');
	value[100000] = '\0';
	single_init(&single, VERDICT_FAIL);
	single.one.message = single.one.expected = single.one.observed = value;
	single.one.why = single.one.fix = value;
	single.one.title = single.suite.target = single.suite.where = value;
	single.one.titled = true;
	single.one.place = (struct place){ .file = "checks/a.json", .line = 7, .column = 3 };
	written = write_report(&single.report);
	body = evaluate(&written, "string(//failure)");
	assert_true(strlen(body) <= JUNIT_BODY_MAX);
	assert_non_null(strstr(body, "  at        checks/a.json:7:3 (tls.version)\n"));
	xmlFree(body);
	release(&written);
	free(value);
}

/* What is to be copied keeps its lines; nothing else of it does, and there is an end to them. */
static void
a_fix_has_lines(void **state)
{
	static const char want[] = "  fix       Serve this:\n"
				   "            version: STSv1\n"
				   "            mode: \\x1b[31m enforce\n"
				   "  at        ";
	char lines[2 * 5000 + 1] = "";
	struct single single;
	struct written written;
	size_t breaks = 0;
	char *body;

	(void)state;
	single_init(&single, VERDICT_FAIL);
	single.one.fix = "\nServe  this:\n \r\n  version:\tSTSv1\r\nmode: \033[31m enforce\n\n";
	written = write_report(&single.report);
	body = evaluate(&written, "string(//failure)");
	assert_non_null(strstr(body, want));
	xmlFree(body);
	release(&written);
	for (size_t i = 0; i < sizeof(lines) - 1; i++)
		lines[i] = i % 2 == 0 ? 'x' : '\n';
	single.one.fix = lines;
	written = write_report(&single.report);
	body = evaluate(&written, "string(//failure)");
	for (const char *at = body; (at = strstr(at, "\n            x")) != NULL; at++)
		breaks++;
	assert_int_equal(breaks, DETAIL_LINES_MAX - 1);
	xmlFree(body);
	release(&written);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hostile_text_is_shown_everywhere),
		cmocka_unit_test(every_byte_can_be_written),
		cmocka_unit_test(a_transcript_of_10_megabytes_loses_its_middle),
		cmocka_unit_test(the_same_name_twice_loses_no_case),
		cmocka_unit_test(targets_that_differ_in_dots_and_dashes_are_told_apart),
		cmocka_unit_test(a_number_that_somebody_has_is_not_given_again),
		cmocka_unit_test(names_of_many_targets_take_no_time),
		cmocka_unit_test(transcripts_give_way_to_the_verdicts),
		cmocka_unit_test(a_case_without_words_still_has_a_body),
		cmocka_unit_test(words_that_consumers_take_for_types_have_a_prefix),
		cmocka_unit_test(times_have_a_point_in_every_locale),
		cmocka_unit_test(a_body_of_long_values_keeps_its_limit_and_its_place),
		cmocka_unit_test(a_fix_has_lines),
	};

	return cmocka_run_group_tests(tests, load_schema, free_schema);
}
