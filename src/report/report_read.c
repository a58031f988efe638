/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The objects of the document as tables, member by member as json_report.c and json_facts.c write
 * them.
 */
#include "report/report_read.h"

#include <string.h>

#include "base/file_read.h"
#include "json_form.h"
#include "json_report.h"
#include "report/target_facts.h"

/* A row for a member that lies in a field; in an array with its count; in a part of the struct. */
#define AT(struct_, key_, kind_, field)                                            \
	{                                                                          \
		.key = (key_), .kind = (kind_), .offset = offsetof(struct_, field) \
	}
#define MAY(struct_, key_, kind_, field)                                            \
	{                                                                           \
		.key = (key_), .kind = (kind_), .offset = offsetof(struct_, field), \
		.optional = true                                                    \
	}
#define PASS(key_)                                 \
	{                                          \
		.key = (key_), .kind = FORM_PASSED \
	}
#define OBJECTS(struct_, key_, field, count_, form_, optional_)                               \
	{                                                                                     \
		.key = (key_), .kind = FORM_OBJECTS, .offset = offsetof(struct_, field),      \
		.count = offsetof(struct_, count_), .form = &(form_), .optional = (optional_) \
	}
#define TEXTS(struct_, key_, field, count_, size_, optional_)                                \
	{                                                                                    \
		.key = (key_), .kind = FORM_TEXTS, .offset = offsetof(struct_, field),       \
		.count = offsetof(struct_, count_), .size = (size_), .optional = (optional_) \
	}
#define LIST(struct_, key_, field, optional_) \
	TEXTS(struct_, key_, field.items, field.count, sizeof(const char *), optional_)
#define PART(struct_, key_, field, form_)                                             \
	{                                                                             \
		.key = (key_), .kind = FORM_PART, .offset = offsetof(struct_, field), \
		.form = &(form_), .optional = true                                    \
	}

static const struct form_member retry_members[] = {
	AT(struct report_retry, "type", FORM_TEXT, type),
	AT(struct report_retry, "message", FORM_TEXT, message),
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
	AT(struct report_case, "id", FORM_NAME, id),
	AT(struct report_case, "assertion", FORM_TEXT, assertion),
	AT(struct report_case, "verdict", FORM_VERDICT, verdict),
	AT(struct report_case, "type", FORM_TEXT, type),
	AT(struct report_case, "title", FORM_TEXT, title),
	AT(struct report_case, "titled", FORM_BOOLEAN, titled),
	AT(struct report_case, "added", FORM_BOOLEAN, added),
	AT(struct report_case, "message", FORM_TEXT, message),
	AT(struct report_case, "expected", FORM_TEXT, expected),
	AT(struct report_case, "observed", FORM_TEXT, observed),
	AT(struct report_case, "why", FORM_TEXT, why),
	AT(struct report_case, "fix", FORM_TEXT, fix),
	AT(struct report_case, "file", FORM_TEXT, place.file),
	AT(struct report_case, "line", FORM_UNSIGNED, place.line),
	AT(struct report_case, "column", FORM_UNSIGNED, place.column),
	AT(struct report_case, "ms", FORM_MS, ms),
	OBJECTS(struct report_case, "retries", retries, retry_count, retry_form, false),
	AT(struct report_case, "transcript", FORM_TEXT, transcript),
	AT(struct report_case, "transcript_of", FORM_TEXT, transcript_of),
	{ 0 },
};
static const struct form case_form = { "a case", sizeof(struct report_case), case_members,
	case_objection };

static const struct form_member property_members[] = {
	AT(struct report_property, "name", FORM_NAME, name),
	AT(struct report_property, "value", FORM_TEXT, value),
	{ 0 },
};
static const struct form property_form = { "a property", sizeof(struct report_property),
	property_members, NULL };

/* Of a certificate that cannot be read, little is there. */
static const struct form_member certificate_members[] = {
	AT(struct facts_certificate, "problem", FORM_TEXT, problem),
	AT(struct facts_certificate, "sha256", FORM_TEXT, sha256),
	MAY(struct facts_certificate, "subject", FORM_TEXT, subject),
	MAY(struct facts_certificate, "issuer", FORM_TEXT, issuer),
	MAY(struct facts_certificate, "serial", FORM_TEXT, serial),
	LIST(struct facts_certificate, "names", names, true),
	MAY(struct facts_certificate, "not_before", FORM_DATE, not_before),
	MAY(struct facts_certificate, "not_after", FORM_DATE, not_after),
	MAY(struct facts_certificate, "key", FORM_TEXT, key),
	MAY(struct facts_certificate, "signature", FORM_TEXT, signature),
	MAY(struct facts_certificate, "spki_sha256", FORM_TEXT, spki_sha256),
	AT(struct facts_certificate, "pem", FORM_TEXT, pem),
	{ 0 },
};
static const struct form certificate_form = { "a certificate", sizeof(struct facts_certificate),
	certificate_members, NULL };

static const struct form_member chain_members[] = {
	AT(struct facts_chain, "proven", FORM_BOOLEAN, proven),
	AT(struct facts_chain, "trusted", FORM_BOOLEAN, trusted),
	AT(struct facts_chain, "names_host", FORM_BOOLEAN, names_host),
	LIST(struct facts_chain, "problems", problems, false),
	OBJECTS(struct facts_chain, "certificates", certificates, count, certificate_form, false),
	{ 0 },
};
static const struct form chain_form = { "a chain", sizeof(struct facts_chain), chain_members,
	NULL };

static const struct form_member choice_members[] = {
	AT(struct facts_choice, "name", FORM_TEXT, name),
	AT(struct facts_choice, "version", FORM_TEXT, version),
	{ 0 },
};
static const struct form choice_form = { "a choice", sizeof(struct facts_choice), choice_members,
	NULL };

static const struct form_member choices_members[] = {
	OBJECTS(struct facts_choices, "accepted", accepted, accepted_count, choice_form, false),
	TEXTS(struct facts_choices, "refused", refused, refused_count, sizeof(struct facts_choice),
		false),
	{ 0 },
};
static const struct form choices_form = { "what was accepted and refused",
	sizeof(struct facts_choices), choices_members, NULL };

/* Versions are accepted as such, all else in a version. */
static const struct form_member versions_members[] = {
	TEXTS(struct facts_choices, "accepted", accepted, accepted_count,
		sizeof(struct facts_choice), false),
	TEXTS(struct facts_choices, "refused", refused, refused_count, sizeof(struct facts_choice),
		false),
	{ 0 },
};
static const struct form versions_form = { "\"versions\"", sizeof(struct facts_choices),
	versions_members, NULL };

static const struct form_member step_members[] = {
	AT(struct facts_step, "name", FORM_TEXT, name),
	AT(struct facts_step, "outcome", FORM_TEXT, outcome),
	AT(struct facts_step, "ms", FORM_MS, ms),
	{ 0 },
};
static const struct form step_form = { "a step", sizeof(struct facts_step), step_members, NULL };

static const struct form_member connection_members[] = {
	AT(struct facts_connection, "what", FORM_TEXT, what),
	AT(struct facts_connection, "ms", FORM_MS, ms),
	{ 0 },
};
static const struct form connection_form = { "a connection", sizeof(struct facts_connection),
	connection_members, NULL };

/* Parts of the facts that are objects of their own in JSON alone. */
static const struct form_member capabilities_members[] = {
	LIST(struct facts, "before_tls", capabilities, false),
	LIST(struct facts, "inside_tls", capabilities_inside, false),
	{ 0 },
};
static const struct form capabilities_form = { "\"capabilities\"", sizeof(struct facts),
	capabilities_members, NULL };

static const struct form_member mechanisms_members[] = {
	LIST(struct facts, "before_tls", mechanisms, false),
	LIST(struct facts, "inside_tls", mechanisms_inside, false),
	{ 0 },
};
static const struct form mechanisms_form = { "\"mechanisms\"", sizeof(struct facts),
	mechanisms_members, NULL };

static const struct form_member session_members[] = {
	AT(struct facts, "version", FORM_TEXT, version),
	AT(struct facts, "suite", FORM_TEXT, suite),
	AT(struct facts, "group", FORM_TEXT, group),
	AT(struct facts, "alpn", FORM_TEXT, alpn),
	{ 0 },
};
static const struct form session_form = { "\"session\"", sizeof(struct facts), session_members,
	NULL };

/* Of a target that is a file, host and chains alone are there. */
static const struct form_member facts_members[] = {
	AT(struct facts, "host", FORM_TEXT, host),
	MAY(struct facts, "protocol", FORM_NAME, protocol),
	MAY(struct facts, "tls", FORM_TLS, implicit_tls),
	MAY(struct facts, "port", FORM_UNSIGNED, port),
	MAY(struct facts, "address", FORM_TEXT, address),
	MAY(struct facts, "addresses", FORM_SIZE, addresses),
	MAY(struct facts, "greeting", FORM_TEXT, greeting),
	{ .key = "capabilities", .kind = FORM_PART, .form = &capabilities_form, .optional = true },
	{ .key = "mechanisms", .kind = FORM_PART, .form = &mechanisms_form, .optional = true },
	{ .key = "session", .kind = FORM_PART, .form = &session_form, .optional = true },
	PART(struct facts, "versions", versions, versions_form),
	PART(struct facts, "suites", suites, choices_form),
	PART(struct facts, "groups", groups, choices_form),
	PART(struct facts, "schemes", schemes, choices_form),
	OBJECTS(struct facts, "steps", steps, step_count, step_form, true),
	OBJECTS(struct facts, "connections", connections, connection_count, connection_form, true),
	OBJECTS(struct facts, "chains", chains, chain_count, chain_form, false),
	{ 0 },
};
static const struct form facts_form = { "\"facts\"", sizeof(struct facts), facts_members, NULL };

static const char *
suite_objection(const void *object)
{
	const struct report_suite *suite = object;

	return suite->unseen != 0 && suite->where == NULL
		       ? "\"unseen\" says of what, without \"where\""
		       : NULL;
}

static const struct form_member suite_members[] = {
	AT(struct report_suite, "number", FORM_SIZE, number),
	AT(struct report_suite, "checklist", FORM_NAME, checklist),
	AT(struct report_suite, "target", FORM_NAME, target),
	AT(struct report_suite, "where", FORM_TEXT, where),
	AT(struct report_suite, "unseen", FORM_SIZE, unseen),
	AT(struct report_suite, "file", FORM_TEXT, file),
	AT(struct report_suite, "hostname", FORM_TEXT, hostname),
	AT(struct report_suite, "started", FORM_DATE, started),
	AT(struct report_suite, "ms", FORM_MS, ms),
	AT(struct report_suite, "connections", FORM_UNSIGNED, connections),
	PASS("counts"),
	OBJECTS(struct report_suite, "properties", properties, property_count, property_form,
		false),
	AT(struct report_suite, "transcript", FORM_TEXT, transcript),
	{ .key = "facts",
		.kind = FORM_POINTER,
		.offset = offsetof(struct report_suite, facts),
		.form = &facts_form },
	OBJECTS(struct report_suite, "cases", cases, case_count, case_form, false),
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
	AT(struct report_shard, "number", FORM_UNSIGNED, number),
	AT(struct report_shard, "of", FORM_UNSIGNED, of),
	AT(struct report_shard, "targets", FORM_SIZE, targets),
	AT(struct report_shard, "run", FORM_NAME, run),
	{ 0 },
};
static const struct form shard_form = { "\"shard\"", sizeof(struct report_shard), shard_members,
	shard_objection };

/* A shard that was cut by hand is not a smaller one. */
static const char *
report_objection(const void *object)
{
	const struct report *report = object;

	if (report->shard.of == 0)
		return NULL;
	if (report->suite_count != shard_size(&report->shard))
		return "it has not as many suites as its shard has targets";
	for (size_t i = 0; i < report->suite_count; i++)
		if (report->suites[i].number >= report->shard.targets)
			return "the number of a suite is beyond the targets of the run";
	return NULL;
}

static const struct form_member report_members[] = {
	PASS("generator"),
	AT(struct report, "version", FORM_NAME, version),
	PASS("schema_version"),
	AT(struct report, "hostname", FORM_TEXT, hostname),
	AT(struct report, "started", FORM_DATE, started),
	AT(struct report, "ms", FORM_MS, ms),
	AT(struct report, "interrupted", FORM_BOOLEAN, interrupted),
	{ .key = "shard",
		.kind = FORM_OR_NULL,
		.offset = offsetof(struct report, shard),
		.form = &shard_form },
	PASS("counts"),
	OBJECTS(struct report, "suites", suites, suite_count, suite_form, false),
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
	struct form_reader reader = { &report->arena, problems, text->data, text->len };
	size_t before = problems->added;
	const struct json *root;
	struct arena arena;

	arena_init(&arena);
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
