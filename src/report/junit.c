/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Writes suites and cases element by element; a report that comes out too large is written again
 * with less.
 */
#include "junit.h"

#include <string.h>

#include "detail.h"
#include "junit_advice.h"
#include "junit_body.h"
#include "junit_names.h"
#include "report/shown.h"
#include "xml.h"

/* What a report goes without so that it is not too large: each along with those before it. */
enum leaving {
	LEAVE_NOTHING,
	LEAVE_TRANSCRIPTS,
	LEAVE_SKIPPED,  /* of what was skipped, all but who has the cause */
	LEAVE_REPEATED, /* advice that another case has given */
	LEAVE_TOO_LARGE /* nothing more: it is too large all the same */
};

#define TOO_LARGE "too large for GitLab (30 MB)"

static const struct {
	const char *property;
	const char *value;
} leavings[] = {
	[LEAVE_TRANSCRIPTS] = { "transcripts", "left out, because the report would be " TOO_LARGE },
	[LEAVE_SKIPPED] = { "skipped", "without details, because the report would be " TOO_LARGE },
	[LEAVE_REPEATED] = { "advice", "given once, because the report would be " TOO_LARGE },
	[LEAVE_TOO_LARGE] = { "size", TOO_LARGE },
};

/* A report on its way into XML. */
struct junit {
	struct xml *xml;
	const struct report *report;
	struct arena *arena; /* of the names of suites */
	enum leaving leaving;
	struct junit_advice *advice; /* NULL: each case gives its own */
};

/* Which element says so, and the type of a case that names none. */
static const struct {
	const char *element;
	const char *type;
} forms[VERDICT_COUNT] = {
	[VERDICT_ERROR] = { "error", "NotEvaluated" },
	[VERDICT_FAIL] = { "failure", "AssertionFailed" },
	[VERDICT_SKIPPED] = { "skipped", "Skipped" },
	[VERDICT_WARNED] = { "skipped", "Warned" },
	[VERDICT_WAIVED] = { "skipped", "Waived" },
	[VERDICT_PASS] = { NULL, NULL },
};

static void
write_counts(struct xml *xml, const struct report_counts *counts)
{
	xml_attribute_number(xml, "tests", counts->total);
	xml_attribute_number(xml, "failures", counts->by_verdict[VERDICT_FAIL]);
	xml_attribute_number(xml, "errors", counts->by_verdict[VERDICT_ERROR]);
	xml_attribute_number(xml, "skipped",
		counts->by_verdict[VERDICT_SKIPPED] + counts->by_verdict[VERDICT_WARNED] +
			counts->by_verdict[VERDICT_WAIVED]);
}

static void
write_property(struct xml *xml, const char *name, const char *value)
{
	struct buf full;

	buf_init(&full, SIZE_MAX / 4);
	buf_addf(&full, "starttls-gate.%s", name);
	xml_open(xml, "property");
	xml_attribute(xml, "name", full.data);
	xml_attribute(xml, "value", value);
	xml_close(xml);
	buf_release(&full);
}

/* "1 of 3" */
static void
write_shard(struct xml *xml, const struct report_shard *shard)
{
	struct buf text;

	buf_init(&text, 64);
	buf_addf(&text, "%u of %u", shard->number, shard->of);
	write_property(xml, "shard", text.data);
	buf_release(&text);
}

static void
write_properties(const struct junit *junit, const struct report_suite *suite)
{
	struct xml *xml = junit->xml;
	struct buf number;

	buf_init(&number, 16);
	buf_addf(&number, "%u", suite->connections);
	xml_open(xml, "properties");
	write_property(xml, "version", report_version(junit->report));
	write_property(xml, "checklist", suite->checklist);
	write_property(xml, "target", suite->target);
	write_property(xml, "connections", number.data);
	if (junit->report->shard.of != 0)
		write_shard(xml, &junit->report->shard);
	if (junit->report->interrupted)
		write_property(xml, "interrupted", "true");
	for (unsigned i = LEAVE_TRANSCRIPTS; i <= junit->leaving; i++)
		write_property(xml, leavings[i].property, leavings[i].value);
	for (size_t i = 0; i < suite->property_count; i++)
		write_property(xml, suite->properties[i].name, suite->properties[i].value);
	xml_close(xml);
	buf_release(&number);
}

/* A type with a prefix is safe: consumers built on Rails take "file", "array" or "date" for
 * instructions. */
static void
write_type(struct xml *xml, const char *type)
{
	struct buf full;

	buf_init(&full, 256);
	buf_addf(&full, "starttls-gate.%s", type);
	xml_attribute(xml, "type", full.data);
	buf_release(&full);
}

/* Who has given the case's advice already; NULL: it is given here. */
static const char *
advised_by(const struct junit *junit, const struct junit_case *called)
{
	if (junit->advice == NULL)
		return NULL;
	return junit_advice_told(junit->advice, called->one,
		arena_printf(junit->arena, "see %s of %s", called->name, called->classname));
}

static void
write_verdict(const struct junit *junit, const struct junit_case *called)
{
	const struct report_case *one = called->one;
	struct xml *xml = junit->xml;
	struct buf text;

	buf_init(&text, JUNIT_BODY_MAX);
	detail_add_message(&text, one);
	xml_open(xml, forms[one->verdict].element);
	xml_attribute(xml, "message", text.data);
	write_type(xml, one->type != NULL ? one->type : forms[one->verdict].type);
	if (junit->leaving < LEAVE_SKIPPED || one->verdict != VERDICT_SKIPPED)
		junit_add_body(&text, called, advised_by(junit, called));
	else
		buf_add_char(&text, '\n');
	xml_text(xml, text.data);
	xml_close(xml);
	buf_release(&text);
}

/* Surefire: a case that passed in the end was flaky, any other was run again in vain. */
static void
write_retry(struct xml *xml, enum verdict verdict, const struct report_retry *retry)
{
	struct report_case tried = { .message = retry->message, .id = "" };
	struct buf message;

	buf_init(&message, JUNIT_BODY_MAX);
	tried.message = retry->message == NULL ? "could not be evaluated" : retry->message;
	detail_add_message(&message, &tried);
	xml_open(xml, verdict == VERDICT_PASS ? "flakyFailure" : "rerunFailure");
	xml_attribute(xml, "message", message.data);
	write_type(xml, retry->type != NULL ? retry->type : forms[VERDICT_ERROR].type);
	xml_open(xml, "stackTrace");
	xml_text(xml, message.data);
	xml_close(xml);
	xml_close(xml);
	buf_release(&message);
}

static void
write_output(struct xml *xml, const char *transcript)
{
	struct buf shown, harmless;

	buf_init(&shown, SIZE_MAX / 4);
	buf_init(&harmless, SIZE_MAX / 4);
	shown_add_lines(&shown, transcript);
	shown_add_unattaching(&harmless, shown.data);
	shown_cut(&harmless, JUNIT_OUTPUT_MAX, '\n');
	xml_open(xml, "system-out");
	xml_text(xml, harmless.data);
	xml_close(xml);
	buf_release(&harmless);
	buf_release(&shown);
}

/* Whether the case makes the run red. */
static bool
is_counted(const struct report_case *one)
{
	return one->verdict == VERDICT_FAIL || one->verdict == VERDICT_ERROR;
}

/* Whether the case shows a connection, or where it is shown. */
static bool
has_output(const struct report_case *one)
{
	return is_counted(one) && ((one->transcript != NULL && one->transcript[0] != '\0') ||
					  one->transcript_of != NULL);
}

/* One conversation may decide many cases: it is shown once, and the others say where. */
static void
write_case_output(const struct junit *junit, const struct report_case *one)
{
	struct buf remark;

	if (!has_output(one) || junit->leaving >= LEAVE_TRANSCRIPTS)
		return;
	if (one->transcript != NULL && one->transcript[0] != '\0') {
		write_output(junit->xml, one->transcript);
	} else {
		buf_init(&remark, SIZE_MAX / 4);
		buf_addf(&remark, "-- the connection is shown with %s\n", one->transcript_of);
		write_output(junit->xml, remark.data);
		buf_release(&remark);
	}
}

/* A case that came with the program's own checklist has neither file nor line. */
static void
write_place(struct xml *xml, const struct report_suite *suite, const struct report_case *one)
{
	const char *file = one->place.file != NULL ? one->place.file : suite->file;

	xml_attribute(xml, "file", file);
	if (file != NULL && one->place.line != 0)
		xml_attribute_number(xml, "line", one->place.line);
}

static void
write_case(const struct junit *junit, const struct junit_case *called)
{
	const struct report_case *one = called->one;
	struct xml *xml = junit->xml;

	xml_open(xml, "testcase");
	xml_attribute(xml, "name", called->name);
	xml_attribute(xml, "classname", called->classname);
	xml_attribute_ms(xml, "time", one->ms);
	write_place(xml, called->suite, one);
	if (one->verdict != VERDICT_PASS)
		write_verdict(junit, called);
	/* Retries have no place in a case that is shown as skipped. */
	for (size_t i = 0;
		i < one->retry_count && (one->verdict == VERDICT_PASS || is_counted(one)); i++)
		write_retry(xml, one->verdict, &one->retries[i]);
	write_case_output(junit, one);
	xml_close(xml);
}

static void
write_suite(const struct junit *junit, size_t index, const char *classname)
{
	const struct report *report = junit->report;
	const struct report_suite *suite = &report->suites[index];
	const struct numbered_name *names;
	struct report_counts counts = suite_counts(suite);
	struct xml *xml = junit->xml;
	struct arena arena;

	arena_init(&arena);
	names = junit_case_names(suite, &arena);
	xml_open(xml, "testsuite");
	xml_attribute(xml, "name", suite->target);
	write_counts(xml, &counts);
	xml_attribute_ms(xml, "time", suite->ms);
	xml_attribute_date(xml, "timestamp", suite->started);
	xml_attribute(xml, "hostname", report_hostname(report, suite));
	xml_attribute_number(xml, "id", index);
	xml_attribute(xml, "file", suite->file);
	write_properties(junit, suite);
	for (size_t i = 0; i < suite->case_count && !xml->failed; i++)
		write_case(junit,
			&(struct junit_case){ suite, &suite->cases[i], names[i].name, classname });
	xml_close(xml);
	arena_release(&arena);
}

static void
write_report(const struct junit *junit)
{
	const struct report *report = junit->report;
	struct report_counts counts = report_counts(report);
	const struct numbered_name *classnames = junit_class_names(junit->report, junit->arena);
	struct xml *xml = junit->xml;

	xml_open(xml, "testsuites");
	xml_attribute(xml, "name", "starttls-gate");
	write_counts(xml, &counts);
	xml_attribute_ms(xml, "time", report->ms);
	xml_attribute_date(xml, "timestamp", report->started);
	for (size_t i = 0; i < report->suite_count && !xml->failed; i++)
		write_suite(junit, i, classnames[i].name);
	xml_close(xml);
}

/* Why there is no case. */
static const char *
nothing_ran(const struct junit *junit)
{
	const struct report_shard *shard = &junit->report->shard;

	if (shard->of == 0 || shard_size(shard) != 0)
		return "no assertion was checked";
	return arena_printf(junit->arena,
		"shard %u of %u has no target: the run has %zu, for as many shards at most",
		shard->number, shard->of, shard->targets);
}

static void
write_nothing_ran(const struct junit *junit)
{
	struct junit nothing = *junit;
	struct report_case one = {
		.id = "nothing-ran",
		.type = "NothingRan",
		.message = nothing_ran(junit),
		.why = "an empty report would be taken for a success",
	};
	struct report_suite suite = { .checklist = "starttls-gate",
		.target = "nothing",
		.started = junit->report->started,
		.cases = &one,
		.case_count = 1 };
	struct report stand_in = *junit->report;

	stand_in.suites = &suite;
	stand_in.suite_count = 1;
	nothing.report = &stand_in;
	write_report(&nothing);
}

static bool
format(struct xml *xml, const struct report *report, enum leaving leaving, struct error *error)
{
	struct arena arena;
	struct junit junit = { .xml = xml, .report = report, .arena = &arena, .leaving = leaving };

	arena_init(&arena);
	if (leaving >= LEAVE_REPEATED)
		junit.advice = junit_advice_list(report, &arena);
	if (report_counts(report).total == 0)
		write_nothing_ran(&junit);
	else
		write_report(&junit);
	arena_release(&arena);
	return xml_end(xml, error);
}

static bool
has_outputs(const struct report *report)
{
	for (size_t i = 0; i < report->suite_count; i++)
		for (size_t j = 0; j < report->suites[i].case_count; j++)
			if (has_output(&report->suites[i].cases[j]))
				return true;
	return false;
}

/* Whether there may be anything to leave out. */
static bool
has_any(const struct report *report, enum leaving leaving)
{
	if (leaving == LEAVE_TRANSCRIPTS)
		return has_outputs(report);
	return leaving != LEAVE_SKIPPED || report_counts(report).by_verdict[VERDICT_SKIPPED] != 0;
}

static bool
fits(const struct report *report, enum leaving leaving)
{
	struct error ignored = { .text = "" };
	struct xml xml;

	xml_begin(&xml, NULL, JUNIT_BYTES_MAX);
	return format(&xml, report, leaving, &ignored);
}

/* Measured before it is written: what does not fit goes with less in it. */
bool
junit_format(const struct report *report, struct report_sink *sink, struct error *error)
{
	enum leaving leaving = LEAVE_NOTHING;
	struct xml xml;

	while (leaving < LEAVE_TOO_LARGE && !(has_any(report, leaving) && fits(report, leaving)))
		leaving++;
	xml_begin(&xml, sink, SIZE_MAX);
	return format(&xml, report, leaving, error);
}
