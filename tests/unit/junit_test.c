/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every report written here is read back and validated against schemas/junit.xsd, so the tests
 * run from the root of the source tree.
 */
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>
#include <libxml/xpath.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gate/clock.h"
#include "gate/junit.h"
#include "report_sample.h"

static xmlSchemaPtr schema;

static int
load_schema(void **state)
{
	xmlSchemaParserCtxtPtr context = xmlSchemaNewParserCtxt("schemas/junit.xsd");

	(void)state;
	schema = xmlSchemaParse(context);
	xmlSchemaFreeParserCtxt(context);
	return schema == NULL;
}

static int
free_schema(void **state)
{
	(void)state;
	xmlSchemaFree(schema);
	xmlCleanupParser();
	return 0;
}

static char first_objection[512];

static void
keep_objection(void *unused, xmlErrorPtr objection)
{
	(void)unused;
	if (first_objection[0] == '\0')
		snprintf(first_objection, sizeof(first_objection), "line %d: %s", objection->line,
			objection->message);
}

static bool
is_valid(xmlDocPtr document)
{
	xmlSchemaValidCtxtPtr context = xmlSchemaNewValidCtxt(schema);
	int result;

	first_objection[0] = '\0';
	xmlSchemaSetValidStructuredErrors(context, keep_objection, NULL);
	result = xmlSchemaValidateDoc(context, document);
	xmlSchemaFreeValidCtxt(context);
	return result == 0;
}

/* The written report, read back. */
struct written {
	struct buf bytes;
	xmlDocPtr document;
};

static struct written
write_report(const struct report *report)
{
	struct written written;
	struct error error = { 0 };

	buf_init(&written.bytes, REPORT_BYTES_MAX);
	if (!junit_format(report, &written.bytes, &error))
		fail_msg("%s", error.text);
	if (!junit_verify(&written.bytes, &error))
		fail_msg("%s in:\n%s", error.text, written.bytes.data);
	written.document = xmlReadMemory(
		written.bytes.data, (int)written.bytes.len, NULL, NULL, XML_PARSE_NONET);
	assert_non_null(written.document);
	if (!is_valid(written.document))
		fail_msg("%s in:\n%.20000s", first_objection, written.bytes.data);
	return written;
}

static void
release(struct written *written)
{
	xmlFreeDoc(written->document);
	buf_release(&written->bytes);
}

/* What an XPath expression gives, as a string that belongs to the caller. */
static char *
evaluate(const struct written *written, const char *expression)
{
	xmlXPathContextPtr context = xmlXPathNewContext(written->document);
	xmlXPathObjectPtr object = xmlXPathEvalExpression(BAD_CAST expression, context);
	char *text = (char *)xmlXPathCastToString(object);

	xmlXPathFreeObject(object);
	xmlXPathFreeContext(context);
	return text;
}

static void
assert_xpath(const struct written *written, const char *expression, const char *want)
{
	char *got = evaluate(written, expression);

	if (strcmp(got, want) != 0)
		fail_msg("%s: got \"%s\", want \"%s\"", expression, got, want);
	xmlFree(got);
}

/* A report of one case. */
struct single {
	struct report report;
	struct report_suite suite;
	struct report_case one;
};

static void
single_init(struct single *single, enum verdict verdict)
{
	single->one = (struct report_case){ .id = "tls.version",
		.verdict = verdict,
		.type = verdict == VERDICT_PASS ? NULL : "Reason",
		.message = "message" };
	single->suite = (struct report_suite){ .checklist = "release",
		.target = "mx1.example.org:25",
		.started = SAMPLE_DATE,
		.cases = &single->one,
		.case_count = 1 };
	single->report = (struct report){ .hostname = "runner",
		.started = SAMPLE_DATE,
		.suites = &single->suite,
		.suite_count = 1 };
}

static const char golden[] =
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	"<testsuites name=\"starttls-gate\" tests=\"5\" failures=\"1\" errors=\"1\" skipped=\"1\""
	" time=\"30.514\" timestamp=\"2026-11-21T00:39:00\">\n"
	"  <testsuite name=\"mx1.example.org:25\" tests=\"3\" failures=\"1\" errors=\"0\""
	" skipped=\"1\" time=\"0.514\" timestamp=\"2026-11-21T00:39:00\" hostname=\"runner-7\""
	" id=\"0\" file=\"checks/release.json\">\n"
	"    <properties>\n"
	"      <property name=\"starttls-gate.version\" value=\"" GATE_VERSION "\"/>\n"
	"      <property name=\"starttls-gate.checklist\" value=\"release\"/>\n"
	"      <property name=\"starttls-gate.target\" value=\"mx1.example.org:25\"/>\n"
	"      <property name=\"starttls-gate.connections\" value=\"1\"/>\n"
	"      <property name=\"starttls-gate.tls.version\" value=\"TLS 1.3\"/>\n"
	"    </properties>\n"
	"    <testcase name=\"greeting-220\" classname=\"release.mx1-example-org:25\""
	" time=\"0.012\" file=\"checks/release.json\" line=\"5\"/>\n"
	"    <testcase name=\"cert-hostname\" classname=\"release.mx1-example-org:25\""
	" time=\"0.301\" file=\"checks/release.json\" line=\"8\">\n"
	"      <failure message=\"certificate names mail.example.org, not mx1.example.org\""
	" type=\"starttls-gate.HostnameMismatch\">"
	"certificate names mail.example.org, not mx1.example.org\n"
	"  expected  a dNSName matching mx1.example.org\n"
	"  observed  mail.example.org, *.mail.example.org\n"
	"  why       clients that verify refuse to deliver\n"
	"  fix       add mx1.example.org to the certificate\n"
	"  at        checks/release.json:8:5 (cert-hostname)\n"
	"</failure>\n"
	"      <system-out>S: 220 mx1.example.org ESMTP\nC: EHLO gate.example.org\n</system-out>\n"
	"    </testcase>\n"
	"    <testcase name=\"auth-after-tls\" classname=\"release.mx1-example-org:25\""
	" time=\"0.000\" file=\"checks/release.json\" line=\"10\">\n"
	"      <skipped message=\"needs cert-hostname, which failed\""
	" type=\"starttls-gate.Dependency\">needs cert-hostname, which failed\n"
	"  at        checks/release.json:10:5 (auth-after-tls)\n"
	"</skipped>\n"
	"    </testcase>\n"
	"  </testsuite>\n"
	"  <testsuite name=\"[2001:db8::1]:25\" tests=\"2\" failures=\"0\" errors=\"1\""
	" skipped=\"0\" time=\"30.004\" timestamp=\"2026-11-21T00:39:00\" hostname=\"runner-7\""
	" id=\"1\">\n"
	"    <properties>\n"
	"      <property name=\"starttls-gate.version\" value=\"" GATE_VERSION "\"/>\n"
	"      <property name=\"starttls-gate.checklist\" value=\"mx\"/>\n"
	"      <property name=\"starttls-gate.target\" value=\"[2001:db8::1]:25\"/>\n"
	"      <property name=\"starttls-gate.connections\" value=\"4\"/>\n"
	"    </properties>\n"
	"    <testcase name=\"connection.established\" classname=\"mx.[2001:db8::1]:25\""
	" time=\"0.003\">\n"
	"      <flakyFailure message=\"connection timed out\" type=\"starttls-gate.Timeout\">\n"
	"        <stackTrace>connection timed out</stackTrace>\n"
	"      </flakyFailure>\n"
	"    </testcase>\n"
	"    <testcase name=\"tls.version\" classname=\"mx.[2001:db8::1]:25\" time=\"30.001\">\n"
	"      <error message=\"no reply within 30 s\" type=\"starttls-gate.Timeout\">"
	"no reply within 30 s\n"
	"  at        checklist mx (tls.version)\n"
	"</error>\n"
	"      <rerunFailure message=\"connection timed out\" type=\"starttls-gate.Timeout\">\n"
	"        <stackTrace>connection timed out</stackTrace>\n"
	"      </rerunFailure>\n"
	"    </testcase>\n"
	"  </testsuite>\n"
	"</testsuites>\n";

static void
a_small_report_reads_exactly_so(void **state)
{
	struct sample sample;
	struct written written = write_report(sample_report(&sample));

	(void)state;
	assert_string_equal(written.bytes.data, golden);
	release(&written);
}

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
only_what_did_not_hold_has_output(void **state)
{
	static const struct {
		enum verdict verdict;
		const char *outputs;
	} rows[] = { { VERDICT_PASS, "0" }, { VERDICT_SKIPPED, "0" }, { VERDICT_FAIL, "1" },
		{ VERDICT_ERROR, "1" } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct single single;
		struct written written;

		single_init(&single, rows[i].verdict);
		single.one.transcript = "S: 220";
		written = write_report(&single.report);
		assert_xpath(&written, "count(//system-out)", rows[i].outputs);
		single.one.transcript = "";
		release(&written);
		written = write_report(&single.report);
		assert_xpath(&written, "count(//system-out)", "0");
		release(&written);
	}
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
	sample.cases[3].id = "same";
	written = write_report(report); /* the schema demands that they differ */
	assert_xpath(&written, "count(//testcase)", "5");
	assert_xpath(&written, "string(//testcase[1]/@name)", "same");
	assert_xpath(&written, "string(//testcase[3]/@name)", "same#3");
	assert_xpath(&written, "string(//testsuite[2]/testcase[1]/@classname)",
		"release#2.mx1-example-org:25");
	release(&written);
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
a_long_message_is_cut_and_given_in_full_below(void **state)
{
	char message[301], line[400];
	struct single single;
	struct written written;

	(void)state;
	memset(message, 'm', 300);
	message[300] = '\0';
	single_init(&single, VERDICT_FAIL);
	single.one.message = message;
	written = write_report(&single.report);
	assert_xpath(&written, "string-length(//failure/@message)", "200");
	assert_xpath(&written, "substring(//failure/@message, 198)", "...");
	assert_xpath(&written, "substring-before(//failure, '\n') = //failure/@message", "true");
	snprintf(line, sizeof(line), "contains(//failure, '  in full   %s')", message);
	assert_xpath(&written, line, "true");
	release(&written);
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
	single.one.place = (struct place){ .file = "checks/a.json", .line = 7, .column = 3 };
	written = write_report(&single.report);
	body = evaluate(&written, "string(//failure)");
	assert_true(strlen(body) <= JUNIT_BODY_MAX);
	assert_non_null(strstr(body, "  at        checks/a.json:7:3 (tls.version)\n"));
	xmlFree(body);
	release(&written);
	free(value);
}

static void
places_are_given_as_far_as_they_are_known(void **state)
{
	static const struct {
		const char *name;
		const char *suite_file;
		struct place place;
		const char *file, *line, *at;
	} rows[] = {
		{ "a place in the file", "a.json", { .file = "a.json", .line = 3, .column = 5 },
			"a.json", "3", "a.json:3:5 (tls.version)" },
		{ "a place in an included file", "a.json", { .file = "b.json", .line = 9 },
			"b.json", "9", "b.json:9 (tls.version)" },
		{ "the file as a whole", "a.json", { .file = NULL }, "a.json", "",
			"a.json (tls.version)" },
		{ "no file", NULL, { .line = 12, .column = 5 }, "", "",
			"checklist release (tls.version)" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct single single;
		struct written written;

		single_init(&single, VERDICT_FAIL);
		single.suite.file = rows[i].suite_file;
		single.one.place = rows[i].place;
		written = write_report(&single.report);
		assert_xpath(&written, "string(//testcase/@file)", rows[i].file);
		assert_xpath(&written, "string(//testcase/@line)", rows[i].line);
		assert_xpath(&written, "normalize-space(substring-after(//failure, '  at '))",
			rows[i].at);
		release(&written);
	}
}

static void
an_interrupted_run_says_so(void **state)
{
	struct single single;
	struct written written;

	(void)state;
	single_init(&single, VERDICT_ERROR);
	single.report.interrupted = true;
	written = write_report(&single.report);
	assert_xpath(
		&written, "string(//property[@name='starttls-gate.interrupted']/@value)", "true");
	release(&written);
}

static void
a_report_of_nothing_is_an_error(void **state)
{
	struct sample sample;
	struct written written;

	(void)state;
	sample_report(&sample);
	sample.report.suite_count = 0;
	written = write_report(&sample.report);
	assert_xpath(&written, "count(//testcase[error])", "1");
	assert_xpath(&written, "string(/testsuites/@errors)", "1");
	release(&written);
}

static void
what_is_not_well_formed_is_refused_with_its_line(void **state)
{
	static const struct {
		const char *name;
		const char *bytes;
		const char *why;
	} rows[] = {
		{ "nothing", "", "XML: " },
		{ "half a document", "<a>\n<b>", "XML: line 2: " },
		{ "a raw control", "<a>\n\033</a>", "XML: line 2: " },
		{ "a control by number", "<a>\n&#27;</a>", "XML: line 2: " },
		{ "bytes that are not UTF-8", "<a>\xff</a>", "XML: line 1: " },
		{ "more after the end", "<a/>\n<b/>", "XML: line 2: " },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct error error = { 0 };
		struct buf bytes;

		buf_init(&bytes, 256);
		buf_add_string(&bytes, rows[i].bytes);
		if (junit_verify(&bytes, &error))
			fail_msg("%s: taken for well-formed", rows[i].name);
		if (strncmp(error.text, rows[i].why, strlen(rows[i].why)) != 0)
			fail_msg("%s: got \"%s\", want \"%s...\"", rows[i].name, error.text,
				rows[i].why);
		buf_release(&bytes);
	}
}

static void
a_report_beyond_the_limit_is_refused(void **state)
{
	struct sample sample;
	struct error error = { 0 };
	struct buf bytes;

	(void)state;
	buf_init(&bytes, 1000);
	assert_false(junit_format(sample_report(&sample), &bytes, &error));
	assert_non_null(strstr(error.text, "larger than 1000 bytes"));
	buf_release(&bytes);
}

/* The schema is only worth something if it refuses. */
static void
the_schema_refuses_other_shapes(void **state)
{
	static const struct {
		const char *name, *find, *replacement;
	} rows[] = {
		{ "a decimal comma", "time=\"0.012\"", "time=\"0,012\"" },
		{ "a zone", "timestamp=\"2026-11-21T00:39:00\"",
			"timestamp=\"2026-11-21T00:39:00Z\"" },
		{ "a bare type", "starttls-gate.HostnameMismatch", "file" },
		{ "a class without target", "release.mx1-example-org:25", "release" },
		{ "a dot in the target", "release.mx1-example-org:25\" time=\"0.012\"",
			"release.mx1.\" time=\"0.012\"" },
		{ "a name used twice", "name=\"greeting-220\"", "name=\"cert-hostname\"" },
		{ "no count", " errors=\"1\"", "" },
		{ "another child", "<properties>", "<system-err/><properties>" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *at = strstr(golden, rows[i].find);
		struct buf bytes;
		xmlDocPtr document;

		assert_non_null(at);
		buf_init(&bytes, 2 * sizeof(golden));
		buf_add(&bytes, golden, (size_t)(at - golden));
		buf_add_string(&bytes, rows[i].replacement);
		buf_add_string(&bytes, at + strlen(rows[i].find));
		document = xmlReadMemory(bytes.data, (int)bytes.len, NULL, NULL, XML_PARSE_NONET);
		assert_non_null(document);
		if (is_valid(document))
			fail_msg("%s: taken for valid", rows[i].name);
		xmlFreeDoc(document);
		buf_release(&bytes);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_small_report_reads_exactly_so),
		cmocka_unit_test(hostile_text_is_shown_everywhere),
		cmocka_unit_test(every_byte_can_be_written),
		cmocka_unit_test(a_transcript_of_10_megabytes_loses_its_middle),
		cmocka_unit_test(only_what_did_not_hold_has_output),
		cmocka_unit_test(the_same_name_twice_loses_no_case),
		cmocka_unit_test(a_case_without_words_still_has_a_body),
		cmocka_unit_test(words_that_consumers_take_for_types_have_a_prefix),
		cmocka_unit_test(times_have_a_point_in_every_locale),
		cmocka_unit_test(a_long_message_is_cut_and_given_in_full_below),
		cmocka_unit_test(a_body_of_long_values_keeps_its_limit_and_its_place),
		cmocka_unit_test(places_are_given_as_far_as_they_are_known),
		cmocka_unit_test(an_interrupted_run_says_so),
		cmocka_unit_test(a_report_of_nothing_is_an_error),
		cmocka_unit_test(what_is_not_well_formed_is_refused_with_its_line),
		cmocka_unit_test(a_report_beyond_the_limit_is_refused),
		cmocka_unit_test(the_schema_refuses_other_shapes),
	};

	return cmocka_run_group_tests(tests, load_schema, free_schema);
}
