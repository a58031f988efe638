/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A small report with every verdict, for the tests of the writers.
 */
#ifndef REPORT_SAMPLE_H
#define REPORT_SAMPLE_H

#include <stddef.h>

#include "report/report.h"

/* 2026-11-21T00:39:00Z */
#define SAMPLE_DATE INT64_C(1795221540)

#define SAMPLE_PLACE(line_)                                                 \
	{                                                                   \
		.file = "checks/release.json", .line = (line_), .column = 5 \
	}

struct sample {
	struct report report;
	struct report_suite suites[2];
	struct report_case cases[5];
	struct report_retry retries[1];
	struct report_property properties[1];
};

static inline void
sample_cases(struct sample *sample)
{
	sample->cases[0] = (struct report_case){ .id = "greeting-220",
		.title = "the greeting is 220",
		.assertion = "connection.greeting",
		.verdict = VERDICT_PASS,
		.message = "220 mx1.example.org ESMTP",
		.transcript = "S: 220 mx1.example.org ESMTP",
		.place = SAMPLE_PLACE(5),
		.ms = 12 };
	sample->cases[1] = (struct report_case){ .id = "cert-hostname",
		.title = "the certificate names the host",
		.titled = true,
		.assertion = "certificate.hostname",
		.verdict = VERDICT_FAIL,
		.type = "HostnameMismatch",
		.message = "certificate names mail.example.org, not mx1.example.org",
		.expected = "a dNSName matching mx1.example.org",
		.observed = "mail.example.org, *.mail.example.org",
		.why = "clients that verify refuse to deliver",
		.fix = "add mx1.example.org to the certificate",
		.place = SAMPLE_PLACE(8),
		.ms = 301,
		.transcript = "S: 220 mx1.example.org ESMTP\nC: EHLO gate.example.org\n" };
	sample->cases[2] = (struct report_case){ .id = "auth-after-tls",
		.assertion = "auth.mechanisms",
		.verdict = VERDICT_SKIPPED,
		.type = "Dependency",
		.message = "needs cert-hostname, which failed",
		.place = SAMPLE_PLACE(10) };
	sample->cases[3] = (struct report_case){ .id = "connection.established",
		.assertion = "connection.established",
		.verdict = VERDICT_PASS,
		.message = "connected to 192.0.2.1:25",
		.ms = 3,
		.retries = sample->retries,
		.retry_count = 1 };
	sample->cases[4] = (struct report_case){ .id = "tls.version",
		.assertion = "tls.version",
		.verdict = VERDICT_ERROR,
		.type = "Timeout",
		.message = "no reply within 30 s",
		.ms = 30001,
		.retries = sample->retries,
		.retry_count = 1 };
	sample->retries[0] =
		(struct report_retry){ .message = "connection timed out", .type = "Timeout" };
}

/* Nothing in it needs to be released. The second suite comes from a checklist without a file. */
static inline struct report *
sample_report(struct sample *sample)
{
	sample_cases(sample);
	sample->properties[0] = (struct report_property){ "tls.version", "TLS 1.3" };
	sample->suites[0] = (struct report_suite){ .checklist = "release",
		.target = "mx1.example.org:25",
		.where = "mx1.example.org:25, 192.0.2.1",
		.file = "checks/release.json",
		.started = SAMPLE_DATE,
		.ms = 514,
		.properties = sample->properties,
		.property_count = 1,
		.cases = sample->cases,
		.case_count = 3,
		.connections = 1,
		.transcript = "S: 220 mx1.example.org ESMTP\nC: EHLO gate.example.org\n" };
	sample->suites[1] = (struct report_suite){ .number = 1,
		.checklist = "mx",
		.target = "[2001:db8::1]:25",
		.started = SAMPLE_DATE,
		.ms = 30004,
		.cases = sample->cases + 3,
		.case_count = 2,
		.connections = 4 };
	sample->report = (struct report){ .hostname = "runner-7",
		.started = SAMPLE_DATE,
		.ms = 30514,
		.suites = sample->suites,
		.suite_count = 2 };
	return &sample->report;
}

#endif
