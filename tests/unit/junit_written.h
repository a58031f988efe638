/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Writes JUnit reports, reads them back and validates them against schemas/junit.xsd, so tests
 * that use it run from the root of the source tree.
 */
#ifndef JUNIT_WRITTEN_H
#define JUNIT_WRITTEN_H

#include <libxml/parser.h>
#include <libxml/xmlschemas.h>
#include <libxml/xpath.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "report/junit.h"
#include "report_bytes.h"
#include "report_sample.h"

static xmlSchemaPtr schema;

static inline int
load_schema(void **state)
{
	xmlSchemaParserCtxtPtr context = xmlSchemaNewParserCtxt("schemas/junit.xsd");

	(void)state;
	schema = xmlSchemaParse(context);
	xmlSchemaFreeParserCtxt(context);
	return schema == NULL;
}

static inline int
free_schema(void **state)
{
	(void)state;
	xmlSchemaFree(schema);
	xmlCleanupParser();
	return 0;
}

static char first_objection[512];

static inline void
keep_objection(void *unused, xmlErrorPtr objection)
{
	(void)unused;
	if (first_objection[0] == '\0')
		snprintf(first_objection, sizeof(first_objection), "line %d: %s", objection->line,
			objection->message);
}

static inline bool
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

static inline struct written
write_report(const struct report *report)
{
	struct written written;
	struct error error = { 0 };

	buf_init(&written.bytes, REPORT_BYTES_MAX);
	if (!report_bytes(report, report_format_find("junit"), &written.bytes, &error))
		fail_msg("%s in:\n%s", error.text, written.bytes.data);
	written.document = xmlReadMemory(
		written.bytes.data, (int)written.bytes.len, NULL, NULL, XML_PARSE_NONET);
	assert_non_null(written.document);
	if (!is_valid(written.document))
		fail_msg("%s in:\n%.20000s", first_objection, written.bytes.data);
	return written;
}

static inline void
release(struct written *written)
{
	xmlFreeDoc(written->document);
	buf_release(&written->bytes);
}

/* What an XPath expression gives, as a string that belongs to the caller. */
static inline char *
evaluate(const struct written *written, const char *expression)
{
	xmlXPathContextPtr context = xmlXPathNewContext(written->document);
	xmlXPathObjectPtr object = xmlXPathEvalExpression(BAD_CAST expression, context);
	char *text = (char *)xmlXPathCastToString(object);

	xmlXPathFreeObject(object);
	xmlXPathFreeContext(context);
	return text;
}

static inline void
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

static inline void
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

#endif
