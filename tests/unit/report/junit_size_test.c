/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a JUnit report goes without when it would be too large for GitLab, and in which order.
 */
#include <stdlib.h>

#include "junit_written.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Each thing is worth more than the property that says that it is missing. */
#define TIMES_4(text) text text text text
#define LONG(text) TIMES_4(TIMES_4(TIMES_4(text)))

#define ADVICE .why = LONG("Mail stops. "), .fix = LONG("Renew it. ")

/* Two cases give the same advice, a third one another of the same assertion. */
static const struct report_case cases[] = {
	{ .id = "first",
		.assertion = "certificate.expiry",
		.verdict = VERDICT_FAIL,
		.message = "expired",
		.observed = "a date",
		ADVICE,
		.transcript = LONG("S: 220 mx1\n") },
	{ .id = "second",
		.assertion = "certificate.expiry",
		.verdict = VERDICT_WARNED,
		.message = "expired as well",
		ADVICE },
	{ .id = "third",
		.assertion = "certificate.expiry",
		.verdict = VERDICT_ERROR,
		.message = "not decided",
		.why = LONG("Mail stops. "),
		.fix = "Wait." },
	{ .id = "fourth",
		.assertion = "session.ehlo",
		.verdict = VERDICT_SKIPPED,
		.message = "needs what first reports",
		.observed = LONG("closed, ") },
};

/* As many as it takes. */
#define PROPERTIES 320
#define PROPERTY_MAX ((size_t)100 * 1000)

/* A report of one suite, with so many bytes in properties, which nothing takes out. */
struct padded {
	struct report report;
	struct report_suite suite;
	struct report_case cases[COUNT(cases)];
	struct report_property properties[PROPERTIES];
	struct buf bytes; /* as written */
};

static void
write_padded(struct padded *padded, size_t padding)
{
	struct error error = { .text = "" };
	char *value = malloc(PROPERTY_MAX + 1);

	memset(value, 'x', PROPERTY_MAX);
	value[PROPERTY_MAX] = '\0';
	memcpy(padded->cases, cases, sizeof(cases));
	for (size_t i = 0; i < PROPERTIES; i++) {
		size_t len = padding < PROPERTY_MAX ? padding : PROPERTY_MAX;

		padded->properties[i] =
			(struct report_property){ "padding", value + PROPERTY_MAX - len };
		padding -= len;
	}
	padded->suite = (struct report_suite){ .checklist = "release",
		.target = "mx1.example.org:25",
		.started = SAMPLE_DATE,
		.properties = padded->properties,
		.property_count = PROPERTIES,
		.cases = padded->cases,
		.case_count = COUNT(cases) };
	padded->report = (struct report){ .hostname = "runner",
		.started = SAMPLE_DATE,
		.suites = &padded->suite,
		.suite_count = 1 };
	buf_init(&padded->bytes, REPORT_BYTES_MAX);
	if (!report_bytes(&padded->report, report_format_find("junit"), &padded->bytes, &error))
		fail_msg("%s", error.text);
	free(value);
}

static const struct leaving_case {
	const char *name;
	const char *gone;     /* and what came before; NULL: nothing */
	const char *property; /* that says so */
} leavings[] = {
	{ "all of it", NULL, NULL },
	{ "transcripts", "<system-out>", "starttls-gate.transcripts\"" },
	{ "the details of what was skipped", "closed, closed", "starttls-gate.skipped\"" },
	{ "advice that was given before", "Renew it.\n  at        checklist release (second)",
		"starttls-gate.advice\"" },
};

static void
check_left(const struct padded *padded, size_t level)
{
	for (size_t i = 1; i < COUNT(leavings); i++) {
		bool has = strstr(padded->bytes.data, leavings[i].gone) != NULL;
		bool says = strstr(padded->bytes.data, leavings[i].property) != NULL;

		if (has != (i > level) || says != (i <= level))
			fail_msg("%s are left out: %s: there %d, told %d", leavings[level].name,
				leavings[i].name, has, says);
	}
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_non_null(strstr(padded->bytes.data, cases[i].message));
}

/* The case that gives it comes first, and is called as it is in the report. */
static void
check_advice(const struct padded *padded)
{
	const char *text = padded->bytes.data;

	assert_non_null(strstr(text, "Renew it.\n  at        checklist release (first)\n"));
	assert_non_null(strstr(text,
		"mx1.example.org:25\n  why, fix  see first of release.mx1-example-org:25\n"
		"  at        checklist release (second)\n"));
	assert_non_null(strstr(
		text, "Mail stops.\n  fix       Wait.\n  at        checklist release (third)\n"));
}

/* Each time the report is made to fit to the byte, and then to be one byte too large for that. */
static void
a_report_of_too_many_bytes_leaves_out_one_thing_after_the_other(void **state)
{
	struct padded padded;
	size_t padding = 0;

	(void)state;
	write_padded(&padded, 0);
	for (size_t level = 0; level < COUNT(leavings); level++) {
		padding += JUNIT_BYTES_MAX - padded.bytes.len;
		buf_release(&padded.bytes);
		write_padded(&padded, padding);
		assert_int_equal(padded.bytes.len, JUNIT_BYTES_MAX);
		check_left(&padded, level);
		assert_null(strstr(padded.bytes.data, "starttls-gate.size\""));
		buf_release(&padded.bytes);
		write_padded(&padded, ++padding);
	}
	assert_in_range(padded.bytes.len, JUNIT_BYTES_MAX + 1, JUNIT_BYTES_MAX + 1000);
	check_left(&padded, COUNT(leavings) - 1);
	check_advice(&padded);
	assert_non_null(strstr(padded.bytes.data, "starttls-gate.size\""));
	buf_release(&padded.bytes);
}

#define SERVERS 2000
#define ASSERTIONS 40

/* As `posture` reports a server that cannot be reached. */
static void
refused(struct report_suite *suite, struct report_case *refused)
{
	refused[0] = (struct report_case){ .id = "connection.established",
		.assertion = "connection.established",
		.verdict = VERDICT_FAIL,
		.message = "mx1.example.org port 25 refused the connection",
		.why = "A server that does not answer takes no mail, and nothing else about it can "
		       "be checked.",
		.fix = "Check that the name leads to the right address.",
		.place = SAMPLE_PLACE(5) };
	for (size_t i = 1; i < ASSERTIONS; i++)
		refused[i] = (struct report_case){ .id = "vulnerability.some_weakness",
			.assertion = "vulnerability.some_weakness",
			.verdict = VERDICT_SKIPPED,
			.message = "not evaluated: needs what connection.established reports",
			.observed = "the connection: mx1.example.org port 25 refused the "
				    "connection",
			.place = SAMPLE_PLACE(5) };
	*suite = (struct report_suite){ .checklist = "release",
		.target = "mx1.example.org:25",
		.where = "mx1.example.org:25, 192.0.2.1",
		.file = "checks/release.json",
		.started = SAMPLE_DATE,
		.cases = refused,
		.case_count = ASSERTIONS };
}

static void
dead_servers_by_the_thousand_fit(void **state)
{
	struct report_suite *suites = calloc(SERVERS, sizeof(*suites));
	struct report_case server[ASSERTIONS];
	struct report report = { .hostname = "runner",
		.started = SAMPLE_DATE,
		.suites = suites,
		.suite_count = SERVERS };
	struct written written;

	(void)state;
	refused(&suites[0], server);
	for (size_t i = 1; i < SERVERS; i++)
		suites[i] = suites[0];
	written = write_report(&report);
	assert_true(written.bytes.len <= JUNIT_BYTES_MAX);
	assert_xpath(&written, "count(//failure)", "2000");
	assert_xpath(&written, "count(//skipped)", "78000");
	assert_xpath(&written,
		"count(//property[@name='starttls-gate.skipped' or "
		"@name='starttls-gate.size'])",
		"2000");
	release(&written);
	free(suites);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_report_of_too_many_bytes_leaves_out_one_thing_after_the_other),
		cmocka_unit_test(dead_servers_by_the_thousand_fit),
	};

	return cmocka_run_group_tests(tests, load_schema, free_schema);
}
