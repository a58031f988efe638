/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A JSON report: bytes as they are, or changes of one that was written. What is read can be written in
 * every format and merged, and written once more as JSON it is read as the same; what is not read
 * has said why.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/report_bytes.h"
#include "base/file_read.h"
#include "report/merge.h"
#include "report/report_read.h"
#include "report/target_facts.h"
#include "report/terminal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct buf file;

bool
file_read(struct buf *out, const char *path, struct error *error)
{
	(void)path;
	return buf_add(out, file.data, file.len) || error_set(error, "it is too large");
}

/* A report with something of everything. */
static const char *texts[] = { "250 STARTTLS", NULL };
static struct facts_choice choices[] = { { "X25519", "1.3" } };
static struct facts_certificate certificates[] = { { .sha256 = "00", .names = { texts, 2 } } };
static struct facts_chain chains[] = { { true, true, true, { texts, 1 }, certificates, 1 } };
static struct facts_step steps[] = {
	{ .name = "connect", .outcome = "refused", .text = "no", .ms = 3 }
};
static struct facts_connection connections[] = { { "a hello", 12 } };
static const struct facts facts = { .protocol = "smtp",
	.host = "a.example",
	.port = 25,
	.capabilities = { texts, 2 },
	.chains = chains,
	.chain_count = 1,
	.versions = { choices, 1, choices, 1 },
	.suites = { choices, 1, choices, 1 },
	.steps = steps,
	.step_count = 1,
	.connections = connections,
	.connection_count = 1 };
static struct report_retry retries[] = { { "no answer", "NoAnswer" } };
static struct report_property properties[] = { { "host", "a.example" } };
static struct report_case cases[] = { { .id = "a", .verdict = VERDICT_PASS },
	{ .id = "b",
		.title = "title",
		.titled = true,
		.verdict = VERDICT_FAIL,
		.message = "message",
		.place = { .file = "a.json", .line = 3, .column = 5 },
		.transcript = "S: 220 a\nC: EHLO b\n",
		.retries = retries,
		.retry_count = 1 } };
static struct report_suite suites[] = { { .checklist = "release",
	.target = "a",
	.where = "a:25",
	.unseen = 1,
	.properties = properties,
	.property_count = 1,
	.facts = &facts,
	.cases = cases,
	.case_count = 2 } };

static void
write_sample(struct buf *out)
{
	struct report report = { .hostname = "runner",
		.suites = suites,
		.suite_count = 1,
		.shard = { 1, 2, 2, "0123456789abcdef" } };
	struct error error = { .text = "" };

	report.shard.number = 2;
	if (!report_bytes(&report, report_format_find("json"), out, &error))
		abort();
}

/* Each four bytes of the input take something out of the sample and put a byte in. */
static void
change_sample(const uint8_t *data, size_t size)
{
	static struct buf sample;
	size_t at = 0;

	if (sample.data == NULL) {
		buf_init(&sample, 100000);
		write_sample(&sample);
	}
	for (; size >= 4; data += 4, size -= 4) {
		size_t to = at + (data[0] << 8 | data[1]) % 512, out = data[2] % 32;

		to = to < sample.len ? to : sample.len;
		buf_add(&file, sample.data + at, to - at);
		if (data[3] != 0)
			buf_add_char(&file, (char)data[3]);
		at = to + out < sample.len ? to + out : sample.len;
	}
	buf_add(&file, sample.data + at, sample.len - at);
}

static void
write_all(const struct report *report)
{
	struct error error = { .text = "" };
	struct terminal terminal;
	static FILE *nowhere;
	struct buf out;

	if (nowhere == NULL)
		nowhere = fopen("/dev/null", "w");
	for (const struct report_format *row = report_formats; row->name != NULL; row++) {
		buf_init(&out, REPORT_BYTES_MAX);
		if (!report_bytes(report, row, &out, &error))
			abort();
		buf_release(&out);
	}
	terminal_init(&terminal, nowhere, nowhere);
	terminal.verbose = true;
	for (size_t i = 0; i < report->suite_count; i++)
		terminal_suite(&terminal, &report->suites[i]);
	terminal_summary(&terminal, report);
}

/* Writes the report as JSON into `file`. */
static void
rewrite(const struct report *report)
{
	struct error error = { .text = "" };

	buf_reset(&file);
	if (!report_bytes(report, report_format_find("json"), &file, &error))
		abort();
}

static void
expect_the_same_again(const struct report *report, struct problems *problems)
{
	struct report again;
	struct buf first;

	rewrite(report);
	buf_init(&first, REPORT_BYTES_MAX);
	buf_add(&first, file.data, file.len);
	if (!report_read(&again, "again", problems))
		abort();
	rewrite(&again);
	if (first.len != file.len || memcmp(first.data, file.data, file.len) != 0)
		abort();
	report_release(&again);
	buf_release(&first);
}

static void
merge(struct report_part *part, struct problems *problems)
{
	struct report merged;

	report_init(&merged);
	if (report_merge(&merged, part, 1, problems))
		write_all(&merged);
	report_release(&merged);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct report_part part = { .path = "fuzz.json" };
	struct problems problems;

	if (size == 0)
		return 0;
	buf_init(&file, REPORT_BYTES_MAX);
	if (data[0] % 2 == 0)
		change_sample(data + 1, size - 1);
	else
		buf_add(&file, data + 1, size - 1);
	problems_init(&problems);
	if (report_read(&part.report, part.path, &problems)) {
		write_all(&part.report);
		expect_the_same_again(&part.report, &problems);
		if (part.report.shard.of < 1000)
			merge(&part, &problems);
	} else if (problems_total(&problems) == 0) {
		abort();
	}
	report_release(&part.report);
	problems_release(&problems);
	buf_release(&file);
	return 0;
}
