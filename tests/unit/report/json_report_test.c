/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "report/json_out.h"
#include "report_bytes.h"
#include "report_sample.h"

static const char golden[] =
	"{\"generator\":\"starttls-gate\",\"version\":\"" GATE_VERSION
	"\",\"schema_version\":1,\"hostname\":\"runner-7\","
	"\"started\":\"2026-11-21T00:39:00Z\",\"ms\":30514,\"interrupted\":false,\"shard\":null,"
	"\"counts\":{\"total\":5,\"pass\":2,\"waived\":0,\"warned\":0,\"skipped\":1,\"fail\":1,\"error\":1},\n"
	"\"suites\":[\n"
	"  {\"number\":0,\"siblings\":0,\"checklist\":\"release\",\"target\":\"mx1.example.org:25\","
	"\"where\":\"mx1.example.org:25, 192.0.2.1\",\"unseen\":0,"
	"\"file\":\"checks/release.json\",\"hostname\":\"runner-7\",\"started\":\"2026-11-21T00:39:00Z\",\"ms\":514,"
	"\"connections\":1,\"counts\":{\"total\":3,\"pass\":1,\"waived\":0,\"warned\":0,\"skipped\":1,\"fail\":1,\"error\":0},"
	"\"properties\":[{\"name\":\"tls.version\",\"value\":\"TLS 1.3\"}],"
	"\"transcript\":\"S: 220 mx1.example.org ESMTP\\nC: EHLO gate.example.org\\n\",\n"
	"    \"facts\":null,\n"
	"    \"cases\":[\n"
	"      {\"id\":\"greeting-220\",\"assertion\":\"connection.greeting\",\"verdict\":\"pass\","
	"\"type\":null,\"title\":\"the greeting is 220\",\"titled\":false,\"added\":false,\"message\":\"220 mx1.example.org ESMTP\","
	"\"expected\":null,\"observed\":null,\"why\":null,\"fix\":null,"
	"\"file\":\"checks/release.json\",\"line\":5,\"column\":5,\"ms\":12,\"retries\":[],"
	"\"transcript\":\"S: 220 mx1.example.org ESMTP\",\"transcript_of\":null},\n"
	"      {\"id\":\"cert-hostname\",\"assertion\":\"certificate.hostname\",\"verdict\":\"fail\","
	"\"type\":\"HostnameMismatch\",\"title\":\"the certificate names the host\",\"titled\":true,\"added\":false,"
	"\"message\":\"certificate names mail.example.org, not mx1.example.org\","
	"\"expected\":\"a dNSName matching mx1.example.org\","
	"\"observed\":\"mail.example.org, *.mail.example.org\","
	"\"why\":\"clients that verify refuse to deliver\","
	"\"fix\":\"add mx1.example.org to the certificate\","
	"\"file\":\"checks/release.json\",\"line\":8,\"column\":5,\"ms\":301,\"retries\":[],"
	"\"transcript\":\"S: 220 mx1.example.org ESMTP\\nC: EHLO gate.example.org\\n\",\"transcript_of\":null},\n"
	"      {\"id\":\"auth-after-tls\",\"assertion\":\"auth.mechanisms\",\"verdict\":\"skipped\","
	"\"type\":\"Dependency\",\"title\":null,\"titled\":false,\"added\":false,\"message\":\"needs cert-hostname, which failed\","
	"\"expected\":null,\"observed\":null,\"why\":null,\"fix\":null,"
	"\"file\":\"checks/release.json\",\"line\":10,\"column\":5,\"ms\":0,\"retries\":[],"
	"\"transcript\":null,\"transcript_of\":null}]},\n"
	"  {\"number\":1,\"siblings\":0,\"checklist\":\"mx\",\"target\":\"[2001:db8::1]:25\",\"where\":null,\"unseen\":0,\"file\":null,"
	"\"hostname\":\"runner-7\",\"started\":\"2026-11-21T00:39:00Z\",\"ms\":30004,\"connections\":4,"
	"\"counts\":{\"total\":2,\"pass\":1,\"waived\":0,\"warned\":0,\"skipped\":0,\"fail\":0,\"error\":1},"
	"\"properties\":[],\"transcript\":null,\n"
	"    \"facts\":null,\n"
	"    \"cases\":[\n"
	"      {\"id\":\"connection.established\",\"assertion\":\"connection.established\","
	"\"verdict\":\"pass\",\"type\":null,\"title\":null,\"titled\":false,\"added\":false,"
	"\"message\":\"connected to 192.0.2.1:25\",\"expected\":null,\"observed\":null,"
	"\"why\":null,\"fix\":null,\"file\":null,\"line\":0,\"column\":0,\"ms\":3,"
	"\"retries\":[{\"type\":\"Timeout\",\"message\":\"connection timed out\"}],"
	"\"transcript\":null,\"transcript_of\":null},\n"
	"      {\"id\":\"tls.version\",\"assertion\":\"tls.version\",\"verdict\":\"error\","
	"\"type\":\"Timeout\",\"title\":null,\"titled\":false,\"added\":false,\"message\":\"no reply within 30 s\","
	"\"expected\":null,\"observed\":null,\"why\":null,\"fix\":null,\"file\":null,\"line\":0,"
	"\"column\":0,\"ms\":30001,"
	"\"retries\":[{\"type\":\"Timeout\",\"message\":\"connection timed out\"}],"
	"\"transcript\":null,\"transcript_of\":null}]}]}\n";

static struct buf
format(const struct report *report)
{
	struct error error = { 0 };
	struct buf bytes;

	buf_init(&bytes, REPORT_BYTES_MAX);
	if (!report_bytes(report, report_format_find("json"), &bytes, &error))
		fail_msg("%s in:\n%s", error.text, bytes.data);
	return bytes;
}

static void
a_small_report_reads_exactly_so(void **state)
{
	struct sample sample;
	struct buf bytes = format(sample_report(&sample));

	(void)state;
	assert_string_equal(bytes.data, golden);
	buf_release(&bytes);
}

static void
hostile_text_comes_back_as_it_is_shown(void **state)
{
	static const struct {
		const char *name, *text, *want;
	} rows[] = {
		{ "quotes and backslashes", "\"a\\b\"", "\"a\\b\"" },
		{ "newlines and tabs", "a\n\tb", "a\n\tb" },
		{ "controls and bad bytes", "\033[31m\r\xff", "\\x1b[31m\\r\\xff" },
		{ "letters beyond ASCII", "\xe2\x82\xac", "\xe2\x82\xac" },
		{ "what looks like structure", "\"},[{:", "\"},[{:" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sample sample;
		struct buf bytes;
		cJSON *document, *message;

		sample_report(&sample);
		sample.cases[0].message = rows[i].text;
		bytes = format(&sample.report);
		document = cJSON_Parse(bytes.data);
		message = cJSON_GetArrayItem(cJSON_GetObjectItem(document, "suites"), 0);
		message = cJSON_GetArrayItem(cJSON_GetObjectItem(message, "cases"), 0);
		message = cJSON_GetObjectItem(message, "message");
		if (strcmp(cJSON_GetStringValue(message), rows[i].want) != 0)
			fail_msg("%s: got \"%s\", want \"%s\"", rows[i].name,
				cJSON_GetStringValue(message), rows[i].want);
		cJSON_Delete(document);
		buf_release(&bytes);
	}
}

static void
a_report_of_nothing_is_a_document(void **state)
{
	struct report report = { .hostname = "runner", .started = SAMPLE_DATE };
	struct buf bytes = format(&report);

	(void)state;
	assert_non_null(strstr(bytes.data, "\"total\":0"));
	assert_non_null(strstr(bytes.data, "\"suites\":[]}\n"));
	buf_release(&bytes);
}

static void
what_is_not_one_document_is_refused(void **state)
{
	static const char *const rows[] = { "", "{\"a\":1", "{}{}\n", "{} x\n", "nothing\n" };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct error error = { 0 };
		struct buf bytes;

		buf_init(&bytes, 256);
		buf_add_string(&bytes, rows[i]);
		if (json_is_one_value(&bytes, &error))
			fail_msg("\"%s\": taken for a document", rows[i]);
		assert_true(error_is_set(&error));
		buf_release(&bytes);
	}
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
		report_bytes(sample_report(&sample), report_format_find("json"), &bytes, &error));
	assert_string_equal(error.text, "there is no room");
	buf_release(&bytes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_small_report_reads_exactly_so),
		cmocka_unit_test(hostile_text_comes_back_as_it_is_shown),
		cmocka_unit_test(a_report_of_nothing_is_a_document),
		cmocka_unit_test(what_is_not_one_document_is_refused),
		cmocka_unit_test(what_the_sink_says_is_the_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
