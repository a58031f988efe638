/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The objects of the document as tables, member by member as json_report.c writes them.
 */
#include "report/report_read.h"

#include <string.h>

#include "base/file_read.h"
#include "facts_form.h"
#include "json_report.h"

static const struct form_member retry_members[] = {
	FORM_ROW(struct report_retry, "type", FORM_TEXT, type),
	FORM_ROW(struct report_retry, "message", FORM_TEXT, message),
	{ 0 },
};
static const struct form retry_form = { "a retry", sizeof(struct report_retry), retry_members,
	NULL };

static const char *
case_objection(const void *object)
{
	const struct report_case *one = object;

	return one->titled && one->title == NULL ? "\"titled\" is true, and there is no title"
						 : NULL;
}

static const struct form_member case_members[] = {
	FORM_ROW(struct report_case, "id", FORM_NAME, id),
	FORM_ROW(struct report_case, "assertion", FORM_TEXT, assertion),
	FORM_ROW(struct report_case, "verdict", FORM_VERDICT, verdict),
	FORM_ROW(struct report_case, "type", FORM_TEXT, type),
	FORM_ROW(struct report_case, "title", FORM_TEXT, title),
	FORM_ROW(struct report_case, "titled", FORM_BOOLEAN, titled),
	FORM_ROW(struct report_case, "added", FORM_BOOLEAN, added),
	FORM_ROW(struct report_case, "message", FORM_TEXT, message),
	FORM_ROW(struct report_case, "expected", FORM_TEXT, expected),
	FORM_ROW(struct report_case, "observed", FORM_TEXT, observed),
	FORM_ROW(struct report_case, "why", FORM_TEXT, why),
	FORM_ROW(struct report_case, "fix", FORM_TEXT, fix),
	FORM_ROW(struct report_case, "file", FORM_TEXT, place.file),
	FORM_ROW(struct report_case, "line", FORM_UNSIGNED, place.line),
	FORM_ROW(struct report_case, "column", FORM_UNSIGNED, place.column),
	FORM_ROW(struct report_case, "ms", FORM_MS, ms),
	FORM_ROW_OBJECTS(struct report_case, "retries", retries, retry_count, retry_form, false),
	FORM_ROW(struct report_case, "transcript", FORM_TEXT, transcript),
	FORM_ROW(struct report_case, "transcript_of", FORM_TEXT, transcript_of),
	{ 0 },
};
static const struct form case_form = { "a case", sizeof(struct report_case), case_members,
	case_objection };

static const struct form_member property_members[] = {
	FORM_ROW(struct report_property, "name", FORM_NAME, name),
	FORM_ROW(struct report_property, "value", FORM_TEXT, value),
	{ 0 },
};
static const struct form property_form = { "a property", sizeof(struct report_property),
	property_members, NULL };

static const char *
suite_objection(const void *object)
{
	const struct report_suite *suite = object;

	return suite->unseen != 0 && suite->where == NULL
		       ? "\"unseen\" says of what, without \"where\""
		       : NULL;
}

static const struct form_member suite_members[] = {
	FORM_ROW(struct report_suite, "number", FORM_SIZE, number),
	FORM_ROW(struct report_suite, "siblings", FORM_SIZE, siblings),
	FORM_ROW(struct report_suite, "checklist", FORM_NAME, checklist),
	FORM_ROW(struct report_suite, "target", FORM_NAME, target),
	FORM_ROW(struct report_suite, "where", FORM_TEXT, where),
	FORM_ROW(struct report_suite, "unseen", FORM_SIZE, unseen),
	FORM_ROW(struct report_suite, "file", FORM_TEXT, file),
	FORM_ROW(struct report_suite, "hostname", FORM_TEXT, hostname),
	FORM_ROW(struct report_suite, "started", FORM_DATE, started),
	FORM_ROW(struct report_suite, "ms", FORM_MS, ms),
	FORM_ROW(struct report_suite, "connections", FORM_UNSIGNED, connections),
	FORM_ROW_PASSED("counts"),
	FORM_ROW_OBJECTS(struct report_suite, "properties", properties, property_count,
		property_form, false),
	FORM_ROW(struct report_suite, "transcript", FORM_TEXT, transcript),
	{ .key = "facts",
		.kind = FORM_POINTER,
		.offset = offsetof(struct report_suite, facts),
		.form = &facts_form },
	FORM_ROW_OBJECTS(struct report_suite, "cases", cases, case_count, case_form, false),
	{ 0 },
};
static const struct form suite_form = { "a suite", sizeof(struct report_suite), suite_members,
	suite_objection };

static const char *
shard_objection(const void *object)
{
	const struct report_shard *shard = object;

	if (shard->number == 0 || shard->number > shard->of)
		return "\"number\" goes from 1 to \"of\"";
	return shard->of > SHARDS_MAX ? "\"of\" is too large" : NULL;
}

static const struct form_member shard_members[] = {
	FORM_ROW(struct report_shard, "number", FORM_UNSIGNED, number),
	FORM_ROW(struct report_shard, "of", FORM_UNSIGNED, of),
	FORM_ROW(struct report_shard, "targets", FORM_SIZE, targets),
	FORM_ROW(struct report_shard, "run", FORM_NAME, run),
	{ 0 },
};
static const struct form shard_form = { "\"shard\"", sizeof(struct report_shard), shard_members,
	shard_objection };

/* How many targets the suites are of; those of one target stand side by side. False when some of one are not
 * there. */
static bool
count_targets(const struct report *report, size_t *count)
{
	size_t next;

	*count = 0;
	for (size_t i = 0; i < report->suite_count; i = next) {
		const struct report_suite *first = &report->suites[i];

		for (next = i + 1; next < report->suite_count && first->siblings != 0 &&
				   report->suites[next].number == first->number &&
				   report->suites[next].siblings == first->siblings;
			next++)
			;
		if (next - i != first->siblings + 1)
			return false;
		++*count;
	}
	return true;
}

/* A shard that was cut by hand is not a smaller one. */
static const char *
report_objection(const void *object)
{
	const struct report *report = object;
	size_t targets;

	if (!count_targets(report, &targets))
		return "a target has not as many suites as it says";
	if (report->shard.of == 0)
		return NULL;
	if (targets != shard_size(&report->shard))
		return "it has not suites of as many targets as its shard has";
	for (size_t i = 0; i < report->suite_count; i++)
		if (report->suites[i].number >= report->shard.targets)
			return "the number of a suite is beyond the targets of the run";
	return NULL;
}

static const struct form_member report_members[] = {
	FORM_ROW_PASSED("generator"),
	FORM_ROW(struct report, "version", FORM_NAME, version),
	FORM_ROW_PASSED("schema_version"),
	FORM_ROW(struct report, "hostname", FORM_TEXT, hostname),
	FORM_ROW(struct report, "started", FORM_DATE, started),
	FORM_ROW(struct report, "ms", FORM_MS, ms),
	FORM_ROW(struct report, "interrupted", FORM_BOOLEAN, interrupted),
	{ .key = "shard",
		.kind = FORM_OR_NULL,
		.offset = offsetof(struct report, shard),
		.form = &shard_form },
	FORM_ROW_PASSED("counts"),
	FORM_ROW_OBJECTS(struct report, "suites", suites, suite_count, suite_form, false),
	{ 0 },
};
static const struct form report_form = { "a report", sizeof(struct report), report_members,
	report_objection };

static void
check_count(struct form_reader *reader, const struct json *counts, const char *name, size_t count)
{
	const struct json *member = json_member(counts, name);

	if (member == NULL || member->type != JSON_NUMBER || member->number != (double)count)
		form_complain(
			reader, counts, "\"%s\" must be %zu, which the cases come to", name, count);
}

/* Cases that were taken out are missed. */
static void
check_counts(struct form_reader *reader, const struct json *object, struct report_counts made)
{
	const struct json *counts = json_member(object, "counts");

	check_count(reader, counts, "total", made.total);
	for (unsigned i = 0; i < VERDICT_COUNT; i++)
		check_count(reader, counts, verdict_name((enum verdict)i), made.by_verdict[i]);
}

static void
check_all_counts(struct form_reader *reader, const struct json *root, const struct report *report)
{
	const struct json *suite = json_member(root, "suites")->child;

	check_counts(reader, root, report_counts(report));
	for (size_t i = 0; i < report->suite_count; i++, suite = suite->next)
		check_counts(reader, suite, suite_counts(&report->suites[i]));
}

/* Whether it says that it is what this program reads: else hardly any member would fit. */
static bool
is_ours(struct form_reader *reader, const struct json *root)
{
	const struct json *generator = json_member(root, "generator");
	const struct json *version = json_member(root, "schema_version");

	if (generator == NULL || generator->type != JSON_STRING ||
		strcmp(generator->string, "starttls-gate") != 0 || version == NULL ||
		version->type != JSON_NUMBER) {
		form_complain(reader, generator != NULL ? generator : root,
			"this is no JSON report of starttls-gate");
		return false;
	}
	if (version->number != JSON_SCHEMA_VERSION) {
		form_complain(reader, version,
			"the report has schema version %.15g, and this program reads %d",
			version->number, JSON_SCHEMA_VERSION);
		return false;
	}
	return true;
}

static void
read_text(
	struct report *report, const char *path, const struct buf *text, struct problems *problems)
{
	struct form_reader reader = {
		.arena = &report->arena, .problems = problems, .text = text->data, .len = text->len
	};
	size_t before = problems->added;
	const struct json *root;
	struct arena arena;

	arena_init(&arena);
	reader.recent = arena_array(&arena, FORM_RECENT, sizeof(const char *));
	root = json_parse(&arena, path, text->data, text->len, problems);
	if (root != NULL && is_ours(&reader, root)) {
		form_read(&reader, &report_form, root, report);
		if (problems->added == before)
			check_all_counts(&reader, root, report);
	}
	arena_release(&arena);
}

bool
report_read(struct report *report, const char *path, struct problems *problems)
{
	struct problem unread = { .place = { .file = path } };
	size_t before = problems->added;
	struct error error = { .text = "" };
	struct buf text;

	*report = (struct report){ 0 };
	arena_init(&report->arena);
	buf_init(&text, REPORT_BYTES_MAX);
	if (file_read(&text, path, &error)) {
		read_text(report, path, &text, problems);
	} else {
		unread.message =
			arena_printf(&report->arena, "the report cannot be read: %s", error.text);
		problems_add(problems, &unread, NULL, 0);
	}
	buf_release(&text);
	return problems->added == before;
}
