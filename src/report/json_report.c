/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One function for each object of the document.
 */
#include "json_report.h"

#include "json_facts.h"
#include "json_out.h"

static void
add_counts(struct buf *out, struct report_counts counts)
{
	json_open(out, "counts", '{');
	json_number(out, "total", (int64_t)counts.total);
	for (size_t v = VERDICT_COUNT; v-- > 0;)
		json_number(out, verdict_name((enum verdict)v), (int64_t)counts.by_verdict[v]);
	json_close(out, '}');
}

static void
add_place(struct buf *out, const struct report_suite *suite, const struct place *place)
{
	json_text(out, "file", place->file != NULL ? place->file : suite->file);
	json_number(out, "line", place->line);
	json_number(out, "column", place->column);
}

static void
add_retries(struct buf *out, const struct report_case *one)
{
	json_open(out, "retries", '[');
	for (size_t i = 0; i < one->retry_count; i++) {
		json_open(out, NULL, '{');
		json_text(out, "type", one->retries[i].type);
		json_text(out, "message", one->retries[i].message);
		json_close(out, '}');
	}
	json_close(out, ']');
}

static void
add_case(struct buf *out, const struct report_suite *suite, const struct report_case *one)
{
	json_line(out, 3);
	json_open(out, NULL, '{');
	json_text(out, "id", one->id);
	json_text(out, "assertion", one->assertion);
	json_text(out, "verdict", verdict_name(one->verdict));
	json_text(out, "type", one->type);
	json_text(out, "title", one->title);
	json_bool(out, "titled", one->titled);
	json_bool(out, "added", one->added);
	json_text(out, "message", one->message);
	json_text(out, "expected", one->expected);
	json_text(out, "observed", one->observed);
	json_text(out, "why", one->why);
	json_text(out, "fix", one->fix);
	add_place(out, suite, &one->place);
	json_number(out, "ms", one->ms);
	add_retries(out, one);
	json_text(out, "transcript", one->transcript);
	json_text(out, "transcript_of", one->transcript_of);
	json_close(out, '}');
}

static void
add_properties(struct buf *out, const struct report_suite *suite)
{
	json_open(out, "properties", '[');
	for (size_t i = 0; i < suite->property_count; i++) {
		json_open(out, NULL, '{');
		json_text(out, "name", suite->properties[i].name);
		json_text(out, "value", suite->properties[i].value);
		json_close(out, '}');
	}
	json_close(out, ']');
}

static void
add_suite(struct buf *out, const struct report *report, const struct report_suite *suite)
{
	json_line(out, 1);
	json_open(out, NULL, '{');
	json_number(out, "number", (int64_t)suite->number);
	json_number(out, "siblings", (int64_t)suite->siblings);
	json_text(out, "checklist", suite->checklist);
	json_text(out, "target", suite->target);
	json_text(out, "where", suite->where);
	json_number(out, "unseen", (int64_t)suite->unseen);
	json_text(out, "file", suite->file);
	json_text(out, "hostname", report_hostname(report, suite));
	json_date(out, "started", suite->started);
	json_number(out, "ms", suite->ms);
	json_number(out, "connections", suite->connections);
	add_counts(out, suite_counts(suite));
	add_properties(out, suite);
	json_text(out, "transcript", suite->transcript);
	json_line(out, 2);
	json_facts(out, "facts", suite->facts);
	json_line(out, 2);
	json_open(out, "cases", '[');
	for (size_t i = 0; i < suite->case_count; i++)
		add_case(out, suite, &suite->cases[i]);
	json_close(out, ']');
	json_close(out, '}');
}

static void
add_shard(struct buf *out, const struct report_shard *shard)
{
	if (shard->of == 0) {
		json_text(out, "shard", NULL);
		return;
	}
	json_open(out, "shard", '{');
	json_number(out, "number", shard->number);
	json_number(out, "of", shard->of);
	json_number(out, "targets", (int64_t)shard->targets);
	json_text(out, "run", shard->run);
	json_close(out, '}');
}

/* All but the suites, which come before the last `*tail` bytes. */
static void
add_frame(struct buf *out, const struct report *report, size_t *tail)
{
	json_open(out, NULL, '{');
	json_text(out, "generator", "starttls-gate");
	json_text(out, "version", report_version(report));
	json_number(out, "schema_version", JSON_SCHEMA_VERSION);
	json_text(out, "hostname", report->hostname);
	json_date(out, "started", report->started);
	json_number(out, "ms", report->ms);
	json_bool(out, "interrupted", report->interrupted);
	add_shard(out, &report->shard);
	add_counts(out, report_counts(report));
	json_line(out, 0);
	json_open(out, "suites", '[');
	*tail = out->len;
	json_close(out, ']');
	json_close(out, '}');
	buf_add_char(out, '\n');
	*tail = out->len - *tail;
}

static bool
give_suite(const struct report *report, size_t index, struct report_sink *sink, struct buf *suite,
	struct error *error)
{
	buf_reset(suite);
	add_suite(suite, report, &report->suites[index]);
	return json_is_one_value(suite, error) &&
	       sink->take(sink->context, ",", index != 0, error) &&
	       sink->take(sink->context, suite->data, suite->len, error);
}

bool
json_report_format(const struct report *report, struct report_sink *sink, struct error *error)
{
	struct buf frame, suite;
	bool good;
	size_t tail;

	buf_init(&frame, REPORT_BYTES_MAX);
	buf_init(&suite, REPORT_BYTES_MAX);
	add_frame(&frame, report, &tail);
	good = json_is_one_value(&frame, error) &&
	       sink->take(sink->context, frame.data, frame.len - tail, error);
	for (size_t i = 0; good && i < report->suite_count; i++)
		good = give_suite(report, i, sink, &suite, error);
	good = good && sink->take(sink->context, frame.data + frame.len - tail, tail, error);
	buf_release(&suite);
	buf_release(&frame);
	return good;
}
