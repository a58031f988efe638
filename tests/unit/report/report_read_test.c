/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What was written is read back as it was, and nothing else is read at all.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file_read.h"
#include "report/report_read.h"
#include "report/target_facts.h"
#include "report_bytes.h"
#include "report_sample.h"

static struct buf file;

/* The one file that there is. */
bool
file_read(struct buf *out, const char *path, struct error *error)
{
	if (strcmp(path, "report.json") != 0)
		return error_set(error, "No such file or directory");
	return buf_add(out, file.data, file.len);
}

static const char *greeting[] = { "220 \"a\" \\ \xc3\xa9", NULL };
static struct facts_choice accepted[] = { { "TLS_AES_128_GCM_SHA256", "1.3" }, { "x", "1.2" } };
static struct facts_choice refused[] = { { "RC4", NULL } };
static struct facts_certificate certificates[] = {
	{ .subject = "CN=a",
		.issuer = "CN=b",
		.serial = "01",
		.names = { greeting, 2 },
		.not_before = 1,
		.not_after = INT64_C(253402300799), /* the end of the year 9999 */
		.key = "P-256",
		.signature = "s",
		.sha256 = "00",
		.spki_sha256 = "AA=",
		.pem = "-----\n" },
	{ .problem = "no certificate",
		.sha256 = "01",
		.pem = "-----\n",
		/* What is not written of it. */
		.not_after = 0 },
	{ .sha256 = "02", .not_before = INT64_C(-62167219200) /* the year 0 */ },
};
static struct facts_chain chains[] = {
	{ true, false, true, { greeting, 1 }, certificates, 3 },
	{ .proven = false },
};
static struct facts_step steps[] = { { "connect", "done", NULL, 3 },
	{ "greeting", "broken", "nobody spoke", 1 } };
static struct facts_connection connections[] = { { "a hello", 12 } };
static struct facts_lookup lookups[] = {
	{ "a.example", "MX", "secure", NULL, "b.example", { greeting, 2 }, 3600 },
	{ "a.example", "A", "bogus", "signature expired", NULL, { greeting, 0 }, 0 },
};

static const struct facts of_a_server = {
	.protocol = "smtp",
	.implicit_tls = true,
	.host = "a.example",
	.port = 465,
	.address = "192.0.2.1",
	.addresses = 3,
	.greeting = "220 hello\r",
	.capabilities = { greeting, 1 },
	.capabilities_inside = { greeting, 2 },
	.mechanisms = { greeting, 0 },
	.mechanisms_inside = { greeting, 1 },
	.version = "1.3",
	.group = "X25519",
	.signature = "ecdsa_secp256r1_sha256",
	.chains = chains,
	.chain_count = 2,
	.versions = { accepted, 1, refused, 1 },
	.suites = { accepted, 2, refused, 1 },
	.groups = { accepted, 1, NULL, 0 },
	.schemes = { NULL, 0, refused, 1 },
	.steps = steps,
	.step_count = 2,
	.connections = connections,
	.connection_count = 1,
	.lookups = lookups,
	.lookup_count = 2,
};
static const struct facts of_a_file = { .host = "a.example", .chains = chains, .chain_count = 1 };

/* Two suites with all that there can be. */
static struct report *
full_report(struct sample *sample)
{
	struct report *report = sample_report(sample);

	sample->suites[0].facts = &of_a_server;
	sample->suites[1].facts = &of_a_file;
	sample->suites[0].unseen = 2;
	sample->suites[0].hostname = "runner-8";
	sample->cases[1].transcript_of = "other";
	sample->cases[2].added = true;
	sample->cases[3].ms = -1;
	sample->cases[4].message = "a \"b\" \\ \033[31m\t]]>\xff\xe2\x82\xac \n c";
	sample->cases[4].verdict = VERDICT_WAIVED;
	return report;
}

static struct report *
shard_report(struct sample *sample)
{
	struct report *report = full_report(sample);

	report->shard = (struct report_shard){ 2, 3, 6, "0123456789abcdef" };
	sample->suites[1].number = 5;
	return report;
}

static struct report *
empty_shard_report(struct sample *sample)
{
	struct report *report = sample_report(sample);

	report->suite_count = 0;
	report->interrupted = true;
	report->shard = (struct report_shard){ 1, 3, 2, "0123456789abcdef" };
	return report;
}

/* The report in that format, to be released. */
static struct buf
written(const struct report *report, const char *format)
{
	struct error error = { .text = "" };
	struct buf out;

	buf_init(&out, REPORT_BYTES_MAX);
	if (!report_bytes(report, report_format_find(format), &out, &error))
		fail_msg("%s", error.text);
	return out;
}

static void
expect_same(const struct report *one, const struct report *other, const char *format)
{
	struct buf got = written(one, format), want = written(other, format);

	if (got.len != want.len || memcmp(got.data, want.data, got.len) != 0)
		fail_msg("%s: got\n%s\nwant\n%s", format, got.data, want.data);
	buf_release(&got);
	buf_release(&want);
}

static void
every_format_is_the_same_of_what_was_read(void **state)
{
	static struct report *(*const makers[])(struct sample * sample) = { sample_report,
		full_report, shard_report, empty_shard_report };

	(void)state;
	for (size_t i = 0; i < sizeof(makers) / sizeof(makers[0]); i++) {
		struct sample sample;
		const struct report *report = makers[i](&sample);
		struct problems problems;
		struct report read;

		problems_init(&problems);
		file = written(report, "json");
		if (!report_read(&read, "report.json", &problems))
			fail_msg("%zu: %s", i, problems.items[0].message);
		expect_same(&read, report, "json");
		expect_same(&read, report, "junit");
		assert_int_equal(read.shard.number, report->shard.number);
		report_release(&read);
		problems_release(&problems);
		buf_release(&file);
	}
}

#define PROPERTIES 40000

static void
texts_that_come_again_are_shared_and_others_are_not(void **state)
{
	static struct report_property properties[PROPERTIES];
	static char values[PROPERTIES][8];
	struct report_suite suite = { .checklist = "a", .target = "b", .properties = properties };
	struct report report = { .hostname = "runner", .suites = &suite, .suite_count = 1 };
	const struct report_property *got;
	struct problems problems;
	struct report read;

	(void)state;
	for (; suite.property_count < PROPERTIES; suite.property_count++) {
		char *value = values[suite.property_count];

		snprintf(value, sizeof(values[0]), "%zu", suite.property_count);
		properties[suite.property_count] = (struct report_property){ "name", value };
	}
	problems_init(&problems);
	file = written(&report, "json");
	assert_true(report_read(&read, "report.json", &problems));
	got = read.suites[0].properties;
	assert_ptr_equal(got[1].name, got[0].name);
	for (size_t i = 0; i < PROPERTIES; i++)
		assert_string_equal(got[i].value, values[i]);
	report_release(&read);
	problems_release(&problems);
	buf_release(&file);
}

/* Reads `file`, which is none; the first message, to be used at once. */
static const char *
refused_with(const char *what)
{
	static char message[600];
	struct problems problems;
	struct report report;
	struct buf shown;

	problems_init(&problems);
	buf_init(&shown, 100000);
	if (report_read(&report, "report.json", &problems))
		fail_msg("taken: %s", what);
	assert_true(problems.count != 0);
	for (size_t i = 0; i < problems.count; i++)
		problem_format(&shown, &problems.items[i]);
	snprintf(message, sizeof(message), "%u:%u %s", problems.items[0].place.line,
		problems.items[0].place.column, problems.items[0].message);
	buf_release(&shown);
	report_release(&report);
	problems_release(&problems);
	return message;
}

static void
no_part_of_a_report_is_one(void **state)
{
	struct sample sample;

	(void)state;
	file = written(shard_report(&sample), "json");
	file.len -= 2; /* the last brace and its newline */
	for (; file.len > 0; file.len -= file.len > 200 ? 7 : 1)
		assert_true(refused_with("a part")[0] != '0');
	refused_with("nothing");
	buf_release(&file);
}

/* Each key in turn is called otherwise: what it is called then is unknown, and mostly it is missed. */
static void
every_member_counts(void **state)
{
	struct sample sample;
	size_t tried = 0;

	(void)state;
	file = written(shard_report(&sample), "json");
	for (char *end = file.data; (end = strstr(end, "\":")) != NULL; end++) {
		char *key = end - 1, before;

		if (end[-1] == '\\' || end[-1] == '"')
			continue;
		before = *key;
		*key = 'X';
		refused_with(key);
		*key = before;
		tried++;
	}
	assert_true(tried > 150);
	buf_release(&file);
}

static void
replace(struct buf *text, const char *old, const char *new)
{
	const char *found = strstr(text->data, old);
	struct buf changed;

	if (found == NULL)
		fail_msg("the report has no %s", old);
	buf_init(&changed, REPORT_BYTES_MAX);
	buf_add(&changed, text->data, (size_t)(found - text->data));
	buf_add_string(&changed, new);
	buf_add_string(&changed, found + strlen(old));
	buf_release(text);
	*text = changed;
}

static const struct change {
	const char *old, *new, *want;
} changes[] = {
	{ "starttls-gate", "other", "1:14 this is no JSON report of starttls-gate" },
	{ "\"schema_version\":1", "\"schema_version\":2",
		"the report has schema version 2, and this program reads 1" },
	{ "\"schema_version\":1", "\"schema_version\":\"1\"",
		"this is no JSON report of starttls-gate" },
	{ "\"ms\":30514", "\"ms\":1.5", "\"ms\" must be a whole number from" },
	{ "\"ms\":30514", "\"ms\":1e300", "\"ms\" must be a whole number from" },
	{ "\"ms\":30514", "\"ms\":null", "\"ms\" must be a number, not null" },
	{ "\"number\":2", "\"number\":0", "\"shard\": \"number\" goes from 1 to \"of\"" },
	{ "\"number\":2", "\"number\":4", "\"shard\": \"number\" goes from 1 to \"of\"" },
	{ "\"of\":3", "\"of\":4000000000", "\"shard\": \"of\" is too large" },
	{ "\"of\":3", "\"of\":5000000000", "\"of\" must be a whole number" },
	{ "\"targets\":6", "\"targets\":9", "not suites of as many targets" },
	{ "\"siblings\":0", "\"siblings\":1", "not as many suites as it says" },
	{ "\"number\":5", "\"number\":6", "beyond the targets of the run" },
	{ "2026-11-21T00:39:00Z", "2026-11-31T00:39:00Z", "\"started\" must be a date" },
	{ "\"interrupted\":false", "\"interrupted\":0",
		"\"interrupted\" must be true or false, not a number" },
	{ "\"suites\":[", "\"suites\":[null,", "a suite must be an object, not null" },
	{ "\"id\":\"greeting-220\"", "\"id\":null", "\"id\" must be a string, not null" },
	{ "\"verdict\":\"pass\"", "\"verdict\":\"PASS\"", "\"verdict\" cannot be \"PASS\"" },
	{ "\"title\":\"the certificate names the host\"", "\"title\":null",
		"a case: \"titled\" is true, and there is no title" },
	{ "\"where\":\"mx1.example.org:25, 192.0.2.1\"", "\"where\":null",
		"a suite: \"unseen\" says of what, without \"where\"" },
	{ "\"line\":5,", "", "a case needs \"line\"" },
	{ "\"line\":5", "\"line\":-5", "\"line\" must be a whole number from 0" },
	{ "\"tls\":\"implicit\"", "\"tls\":\"none\"", "\"tls\" cannot be \"none\"" },
	{ "\"refused\":[\"RC4\"]", "\"refused\":[4]",
		"\"refused\" must hold strings, not a number" },
	{ "\"facts\":{", "\"facts\":[],\"facts2\":{", "\"facts\" must be an object" },
	{ "\"facts\":{", "\"facts\":null,\"facts\":{", "is here for the second time" },
	{ "\"total\":3", "\"total\":4", "\"total\" must be 3, which the cases come to" },
	{ "\"pass\":2", "\"pass\":3", "\"pass\" must be 2, which the cases come to" },
	{ "\"counts\":{", "\"counts\":[],\"counts2\":{", "unknown member \"counts2\"" },
	{ "\"retries\":[]", "\"retries\":{}", "\"retries\" must be an array, not an object" },
};

static void
what_is_wrong_is_said_with_its_place(void **state)
{

	(void)state;
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		struct sample sample;
		const char *got;

		file = written(shard_report(&sample), "json");
		replace(&file, changes[i].old, changes[i].new);
		got = refused_with(changes[i].want);
		if (strstr(got, changes[i].want) == NULL || got[0] == '0')
			fail_msg("got %s, want %s", got, changes[i].want);
		buf_release(&file);
	}
}

static void
what_cannot_be_read_is_said(void **state)
{
	struct problems problems;
	struct report report;

	(void)state;
	problems_init(&problems);
	assert_false(report_read(&report, "none.json", &problems));
	assert_string_equal(
		problems.items[0].message, "the report cannot be read: No such file or directory");
	assert_string_equal(problems.items[0].place.file, "none.json");
	report_release(&report);
	problems_release(&problems);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_format_is_the_same_of_what_was_read),
		cmocka_unit_test(texts_that_come_again_are_shared_and_others_are_not),
		cmocka_unit_test(no_part_of_a_report_is_one),
		cmocka_unit_test(every_member_counts),
		cmocka_unit_test(what_is_wrong_is_said_with_its_place),
		cmocka_unit_test(what_cannot_be_read_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
