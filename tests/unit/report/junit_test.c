/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * junit: the shape of the reports. Run from the root of the source tree (see junit_written.h).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "junit_written.h"
#include "report/junit.h"
#include "report_sample.h"

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
	"  on        mx1.example.org:25, 192.0.2.1\n"
	"  title     the certificate names the host\n"
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
	"  on        mx1.example.org:25, 192.0.2.1\n"
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
	"  on        [2001:db8::1]:25\n"
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
a_connection_is_shown_once(void **state)
{
	struct single single;
	struct written written;

	(void)state;
	single_init(&single, VERDICT_ERROR);
	single.one.transcript_of = "connection.greeting";
	written = write_report(&single.report);
	assert_xpath(&written, "string(//system-out)",
		"-- the connection is shown with connection.greeting\n");
	release(&written);
}

static void
a_body_says_where_and_in_whose_words(void **state)
{
	static const struct {
		const char *target, *where, *on;
	} rows[] = {
		{ "staging", "mail.example.org:587, 192.0.2.1",
			"staging, mail.example.org:587, 192.0.2.1" },
		{ "mail.example.org:587", "mail.example.org:587, 192.0.2.1",
			"mail.example.org:587, 192.0.2.1" },
		{ "mail.example.org:587", "mail.example.org:587", "mail.example.org:587" },
		{ "mail.example.org:58", "mail.example.org:587",
			"mail.example.org:58, mail.example.org:587" },
		{ "release", "fullchain.pem", "release, fullchain.pem" },
		{ "staging", NULL, "staging" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct single single;
		struct written written;

		single_init(&single, VERDICT_FAIL);
		single.suite.target = rows[i].target;
		single.suite.where = rows[i].where;
		single.one.title = "mail arrives";
		written = write_report(&single.report);
		assert_xpath(&written,
			"substring-before(substring-after(//failure, '\n  on        '), '\n')",
			rows[i].on);
		assert_xpath(&written, "contains(//failure, '  title ')", "false");
		release(&written);
		single.one.titled = true;
		written = write_report(&single.report);
		assert_xpath(
			&written, "contains(//failure, '\n  title     mail arrives\n')", "true");
		release(&written);
	}
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
what_the_sink_says_is_the_error(void **state)
{
	struct sample sample;
	struct error error = { 0 };
	struct buf bytes;

	(void)state;
	buf_init(&bytes, 1000);
	assert_false(
		report_bytes(sample_report(&sample), report_format_find("junit"), &bytes, &error));
	assert_string_equal(error.text, "there is no room");
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
		cmocka_unit_test(only_what_did_not_hold_has_output),
		cmocka_unit_test(a_connection_is_shown_once),
		cmocka_unit_test(a_body_says_where_and_in_whose_words),
		cmocka_unit_test(a_long_message_is_cut_and_given_in_full_below),
		cmocka_unit_test(places_are_given_as_far_as_they_are_known),
		cmocka_unit_test(an_interrupted_run_says_so),
		cmocka_unit_test(a_report_of_nothing_is_an_error),
		cmocka_unit_test(what_the_sink_says_is_the_error),
		cmocka_unit_test(the_schema_refuses_other_shapes),
	};

	return cmocka_run_group_tests(tests, load_schema, free_schema);
}
