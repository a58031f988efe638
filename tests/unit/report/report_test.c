/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "report_bytes.h"
#include "report_sample.h"

static void
a_new_report_knows_when_and_where(void **state)
{
	struct report report;
	char hostname[256] = "";

	(void)state;
	report_init(&report);
	gethostname(hostname, sizeof(hostname) - 1);
	assert_string_equal(report.hostname, hostname);
	assert_true(clock_date() - report.started <= 1);
	assert_int_equal(report_counts(&report).total, 0);
	report_release(&report);
}

static void
verdicts_are_counted(void **state)
{
	struct sample sample;
	struct report_counts first = suite_counts(&sample_report(&sample)->suites[0]);
	struct report_counts all = report_counts(&sample.report);

	(void)state;
	assert_int_equal(first.total, 3);
	assert_int_equal(first.by_verdict[VERDICT_PASS], 1);
	assert_int_equal(first.by_verdict[VERDICT_ERROR], 0);
	assert_int_equal(all.total, 5);
	assert_int_equal(all.by_verdict[VERDICT_PASS], 2);
	assert_int_equal(all.by_verdict[VERDICT_FAIL], 1);
	assert_int_equal(all.by_verdict[VERDICT_ERROR], 1);
	assert_int_equal(all.by_verdict[VERDICT_SKIPPED], 1);
}

static void
what_nobody_decided_is_an_error(void **state)
{
	struct report_case untouched = { .id = "tls.version" };

	(void)state;
	assert_string_equal(verdict_name(untouched.verdict), "error");
}

static void
verdicts_have_the_names_of_the_contract(void **state)
{
	(void)state;
	assert_string_equal(verdict_name(VERDICT_PASS), "pass");
	assert_string_equal(verdict_name(VERDICT_FAIL), "fail");
	assert_string_equal(verdict_name(VERDICT_ERROR), "error");
	assert_string_equal(verdict_name(VERDICT_SKIPPED), "skipped");
}

static void
formats_are_found_by_name(void **state)
{
	(void)state;
	assert_string_equal(report_format_find("junit")->name, "junit");
	assert_string_equal(report_format_find("json")->name, "json");
	assert_null(report_format_find("xml"));
	assert_null(report_format_find(""));
}

/* The problems are released before the report is looked at. */
static void
report_two_problems(struct report *report, size_t unkept)
{
	char file[] = "a.json", message[] = "unknown key \"tagets\"", label[] = "did you mean?";
	struct problem items[] = {
		{ .place = { .file = file, .line = 3, .column = 5 },
			.message = message,
			.label = label,
			.line_text = "  \"tagets\": []" },
		{ .message = "--var x: no such variable", .note = "host, port" },
	};
	struct problems problems = { .items = items, .count = 2, .unkept = unkept };

	report_init(report);
	report_from_problems(report, INPUT_CHECKLIST, "a", &problems);
	memset(message, 'x', sizeof(message) - 1);
	memset(label, 'x', sizeof(label) - 1);
	memset(file, 'x', sizeof(file) - 1);
}

static void
all_problems_are_one_error_case(void **state)
{
	struct report report;
	const struct report_case *cases;

	(void)state;
	report_two_problems(&report, 0);
	assert_int_equal(report_counts(&report).by_verdict[VERDICT_ERROR], 1);
	assert_int_equal(report_counts(&report).total, 1);
	assert_string_equal(report.suites[0].checklist, "a");
	assert_string_equal(report.suites[0].file, "a.json");
	cases = report.suites[0].cases;
	assert_string_equal(cases[0].message, "unknown key \"tagets\" (and 1 more problem)");
	assert_string_equal(cases[0].observed, "  \"tagets\": []");
	assert_string_equal(cases[0].fix, "did you mean?");
	assert_non_null(strstr(cases[0].transcript, "--> a.json:3:5"));
	assert_non_null(strstr(cases[0].transcript, "\"tagets\": []"));
	assert_string_equal(cases[0].place.file, "a.json");
	assert_int_equal(cases[0].place.line, 3);
	report_release(&report);
}

static void
problems_that_were_not_kept_are_counted(void **state)
{
	struct report report;

	(void)state;
	report_two_problems(&report, 7);
	assert_int_equal(report_counts(&report).total, 1);
	assert_string_equal(
		report.suites[0].cases[0].message, "unknown key \"tagets\" (and 8 more problems)");
	assert_non_null(strstr(report.suites[0].cases[0].transcript, "... and 7 more"));
	report_release(&report);
}

static void
reports_of_problems_can_be_written(void **state)
{
	struct report report;

	(void)state;
	report_two_problems(&report, 1);
	for (const struct report_format *row = report_formats; row->name != NULL; row++) {
		struct error error = { 0 };
		struct buf bytes;

		buf_init(&bytes, REPORT_BYTES_MAX);
		assert_true(report_bytes(&report, row, &bytes, &error));
		assert_non_null(strstr(bytes.data, "2 more problems"));
		buf_release(&bytes);
	}
	report_release(&report);
}

/* A report that turns out to be none at its end. */
static bool
format_broken(const struct report *report, struct report_sink *sink, struct error *error)
{
	(void)report;
	return sink->take(sink->context, "<broken", 7, error) && error_set(error, "test: no end");
}

static bool
format_nothing(const struct report *report, struct report_sink *sink, struct error *error)
{
	(void)report;
	(void)sink;
	return error_set(error, "test: no format");
}

static bool
format_endless(const struct report *report, struct report_sink *sink, struct error *error)
{
	static const char zeros[1 << 20];

	(void)report;
	while (sink->take(sink->context, zeros, sizeof(zeros), error))
		;
	return false;
}

/* A file in a directory of its own that holds "old". */
static void
make_old_file(char *directory, char *path)
{
	FILE *file;

	snprintf(directory, 64, "/tmp/gate-report-XXXXXX");
	assert_non_null(mkdtemp(directory));
	snprintf(path, 96, "%s/report.xml", directory);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs("old", file);
	fclose(file);
}

static void
read_file(const char *path, struct buf *text)
{
	FILE *file = fopen(path, "r");
	char bytes[4096];
	size_t len;

	assert_non_null(file);
	buf_init(text, 1 << 20);
	while ((len = fread(bytes, 1, sizeof(bytes), file)) > 0)
		buf_add(text, bytes, len);
	fclose(file);
}

static void
a_report_that_is_none_leaves_the_old_file(void **state)
{
	static const struct {
		struct report_format format;
		const char *why;
	} rows[] = {
		{ { .name = "broken", .format = format_broken }, "test: no end" },
		{ { .name = "nothing", .format = format_nothing }, "test: no format" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char directory[64], path[96];
		struct error error = { 0 };
		struct sample sample;
		struct buf text;
		size_t len;

		make_old_file(directory, path);
		assert_false(
			report_write(sample_report(&sample), &rows[i].format, path, &len, &error));
		assert_ptr_equal(strstr(error.text, path), error.text);
		assert_non_null(strstr(error.text, rows[i].why));
		read_file(path, &text);
		assert_string_equal(text.data, "old");
		buf_release(&text);
		assert_int_equal(unlink(path), 0);
		assert_int_equal(rmdir(directory), 0); /* nothing else was in it */
	}
}

static void
a_report_replaces_the_old_file(void **state)
{
	char directory[64], path[96];
	struct error error = { 0 };
	struct sample sample;
	struct buf want, got;
	size_t len;

	(void)state;
	make_old_file(directory, path);
	buf_init(&want, 1 << 20);
	assert_true(report_bytes(sample_report(&sample), &report_formats[0], &want, &error));
	assert_true(report_write(&sample.report, &report_formats[0], path, &len, &error));
	read_file(path, &got);
	assert_string_equal(got.data, want.data);
	assert_int_equal(len, want.len);
	buf_release(&got);
	buf_release(&want);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(directory), 0);
}

/* What is in the pipe when the report was written to it. */
static void
write_to_pipe(const struct report_format *format, const char *why, struct buf *got)
{
	char path[32], bytes[4096];
	struct error error = { 0 };
	struct sample sample;
	int ends[2];
	size_t len;
	ssize_t n;

	assert_int_equal(pipe(ends), 0);
	snprintf(path, sizeof(path), "/dev/fd/%d", ends[1]);
	assert_int_equal(
		report_write(sample_report(&sample), format, path, &len, &error), why == NULL);
	if (why != NULL)
		assert_non_null(strstr(error.text, why));
	close(ends[1]);
	buf_init(got, 1 << 20);
	while ((n = read(ends[0], bytes, sizeof(bytes))) > 0)
		buf_add(got, bytes, (size_t)n);
	close(ends[0]);
}

static void
a_pipe_gets_all_of_a_report_or_nothing(void **state)
{
	static const struct report_format broken = { .name = "broken", .format = format_broken };
	struct error error = { 0 };
	struct sample sample;
	struct buf want, got;

	(void)state;
	write_to_pipe(&broken, "test: no end", &got);
	assert_string_equal(got.data, "");
	for (const struct report_format *row = report_formats; row->name != NULL; row++) {
		buf_init(&want, 1 << 20);
		assert_true(report_bytes(sample_report(&sample), row, &want, &error));
		write_to_pipe(row, NULL, &got);
		assert_string_equal(got.data, want.data);
		buf_release(&got);
		buf_release(&want);
	}
}

struct pieces {
	size_t largest, sum;
};

static bool
weigh_piece(void *context, const void *bytes, size_t len, struct error *error)
{
	struct pieces *pieces = context;

	(void)bytes;
	(void)error;
	pieces->largest = len > pieces->largest ? len : pieces->largest;
	pieces->sum += len;
	return true;
}

/* Else it would be in memory as a whole. */
static void
no_piece_has_more_than_a_few_suites(void **state)
{
	static struct report_suite suites[1000];
	struct sample sample;

	(void)state;
	sample_report(&sample);
	for (size_t i = 0; i < 1000; i++)
		suites[i] = sample.suites[0];
	sample.report.suites = suites;
	sample.report.suite_count = 1000;
	for (const struct report_format *row = report_formats; row->name != NULL; row++) {
		struct pieces pieces = { 0 };
		struct report_sink sink = { weigh_piece, &pieces };
		struct error error = { 0 };

		assert_true(row->format(&sample.report, &sink, &error));
		assert_in_range(pieces.largest, 1, pieces.sum / 100);
	}
}

static void
a_report_that_is_too_large_is_refused(void **state)
{
	static const struct report_format endless = { .name = "endless", .format = format_endless };
	struct error error = { 0 };
	struct sample sample;
	size_t len;

	(void)state;
	assert_false(report_write(sample_report(&sample), &endless, "/dev/null", &len, &error));
	assert_string_equal(error.text, "/dev/null: the report is larger than 1073741824 bytes");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_report_knows_when_and_where),
		cmocka_unit_test(verdicts_are_counted),
		cmocka_unit_test(what_nobody_decided_is_an_error),
		cmocka_unit_test(verdicts_have_the_names_of_the_contract),
		cmocka_unit_test(formats_are_found_by_name),
		cmocka_unit_test(all_problems_are_one_error_case),
		cmocka_unit_test(problems_that_were_not_kept_are_counted),
		cmocka_unit_test(reports_of_problems_can_be_written),
		cmocka_unit_test(a_report_that_is_none_leaves_the_old_file),
		cmocka_unit_test(a_report_replaces_the_old_file),
		cmocka_unit_test(a_pipe_gets_all_of_a_report_or_nothing),
		cmocka_unit_test(no_piece_has_more_than_a_few_suites),
		cmocka_unit_test(a_report_that_is_too_large_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
