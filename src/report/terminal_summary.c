/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The end of the terminal's report: what did not pass, equal cases of many targets together, and what
 * it comes to.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "detail.h"
#include "report/shown.h"
#include "report/wrap.h"
#include "terminal_lines.h"

/* How many names a group shows of its targets. */
#define TARGETS_SHOWN 12

/* A case and its suite. */
struct member {
	const struct report_suite *suite;
	const struct report_case *one;
	size_t order; /* in the report */
};

/* Cases of several targets that say the same. */
struct group {
	const struct member *members; /* in the order of the report */
	size_t count;
};

/* Which cases make a section of the summary, and how many groups of them are shown with all there is
 * to say, and in one line. */
struct section {
	enum verdict verdicts[2];
	size_t whole, short_;
};

/* The red ones last, where they are seen first. */
static const struct section sections[] = {
	{ { VERDICT_WARNED, VERDICT_WAIVED }, 20, 30 },
	{ { VERDICT_FAIL, VERDICT_ERROR }, 50, 150 },
};

static bool
belongs(const struct section *section, const struct report_case *one)
{
	return one->verdict == section->verdicts[0] || one->verdict == section->verdicts[1];
}

static int
compare_texts(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

/* 0 where both say the same. */
static int
compare_contents(const struct member *a, const struct member *b)
{
	const char *const texts[][2] = {
		{ a->suite->checklist, b->suite->checklist },
		{ a->one->id, b->one->id },
		{ a->one->type, b->one->type },
		{ a->one->message, b->one->message },
	};
	int order = (a->one->verdict > b->one->verdict) - (a->one->verdict < b->one->verdict);

	for (size_t i = 0; order == 0 && i < sizeof(texts) / sizeof(texts[0]); i++)
		order = compare_texts(texts[i][0], texts[i][1]);
	return order;
}

static int
compare_members(const void *a, const void *b)
{
	const struct member *first = a, *second = b;
	int order = compare_contents(first, second);

	return order != 0 ? order : (first->order > second->order) - (first->order < second->order);
}

static int
compare_groups(const void *a, const void *b)
{
	const struct group *first = a, *second = b;

	return (first->members->order > second->members->order) -
	       (first->members->order < second->members->order);
}

static size_t
collect_members(const struct report *report, const struct section *section, struct member *members)
{
	size_t count = 0, order = 0;

	for (size_t i = 0; i < report->suite_count; i++) {
		const struct report_suite *suite = &report->suites[i];

		for (size_t j = 0; j < suite->case_count; j++, order++) {
			if (!belongs(section, &suite->cases[j]))
				continue;
			if (members != NULL)
				members[count] = (struct member){ suite, &suite->cases[j], order };
			count++;
		}
	}
	return count;
}

/* The members of a section in groups, by the first of each. */
static size_t
make_groups(struct member *members, size_t count, struct group *groups)
{
	size_t made = 0;

	qsort(members, count, sizeof(*members), compare_members);
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || compare_contents(&members[i - 1], &members[i]) != 0)
			groups[made++] = (struct group){ .members = &members[i] };
		groups[made - 1].count++;
	}
	qsort(groups, made, sizeof(*groups), compare_groups);
	return made;
}

/* The text if all members have the same; NULL otherwise. */
static const char *
shared(const struct group *group, size_t offset)
{
	const char *first = *(const char *const *)((const char *)group->members[0].one + offset);

	for (size_t i = 1; i < group->count; i++) {
		const char *one =
			*(const char *const *)((const char *)group->members[i].one + offset);

		if (compare_texts(first, one) != 0)
			return NULL;
	}
	return first;
}

static void
add_detail(const struct terminal *terminal, struct buf *lines, const char *label, const char *value)
{
	buf_addf(lines, "%*s%-*s", (int)TEXT_COLUMN, "", DETAIL_LABEL_COLUMNS, label);
	wrap_add(lines, value, TEXT_COLUMN + DETAIL_LABEL_COLUMNS, terminal->width);
	buf_add_char(lines, '\n');
}

static void
add_targets(const struct terminal *terminal, struct buf *lines, const struct group *group)
{
	struct buf names;

	buf_init(&names, SIZE_MAX / 4);
	for (size_t i = 0; i < group->count && i < TARGETS_SHOWN; i++) {
		if (i > 0)
			buf_add_string(&names, ", ");
		shown_add_line(&names, group->members[i].suite->target);
	}
	if (group->count > TARGETS_SHOWN)
		buf_addf(&names, " and %zu more", group->count - TARGETS_SHOWN);
	add_detail(terminal, lines, "targets", names.data);
	buf_release(&names);
}

static void
add_details(const struct terminal *terminal, struct buf *lines, const struct group *group)
{
	struct report_case one = *group->members->one;
	struct buf value;

	one.expected = shared(group, offsetof(struct report_case, expected));
	one.observed = shared(group, offsetof(struct report_case, observed));
	buf_init(&value, SIZE_MAX / 4);
	detail_add_message(&value, &one);
	buf_addf(lines, "%*s", (int)TEXT_COLUMN, "");
	wrap_add(lines, value.data, TEXT_COLUMN, terminal->width);
	buf_add_char(lines, '\n');
	if (group->count > 1)
		add_targets(terminal, lines, group);
	for (enum detail detail = 0; detail < DETAIL_COUNT; detail++) {
		const char *label = detail_value(&value, group->members->suite, &one, detail);

		if (label != NULL)
			add_detail(terminal, lines, label, value.data);
	}
	buf_release(&value);
}

/* "FAIL   tls.version, release on 37 targets" */
static void
add_heading(const struct terminal *terminal, struct buf *lines, const struct group *group)
{
	const struct member *first = group->members;

	lines_add_mark(terminal, lines, first->one->verdict);
	buf_add_string(lines, "  ");
	shown_add_line(lines, first->one->id);
	buf_add_string(lines, ", ");
	if (group->count == 1) {
		lines_add_where(lines, first->suite);
		return;
	}
	shown_add_line(lines, first->suite->checklist);
	buf_addf(lines, " on %zu targets", group->count);
}

/* A conversation that the suite has shown already is not repeated. */
static bool
has_own_transcript(const struct member *member)
{
	const char *suite = member->suite->transcript, *own = member->one->transcript;

	return own != NULL && (suite == NULL || strcmp(suite, own) != 0);
}

static void
add_whole_group(const struct terminal *terminal, struct buf *lines, const struct group *group)
{
	add_heading(terminal, lines, group);
	buf_add_char(lines, '\n');
	add_details(terminal, lines, group);
	if (terminal->verbose && has_own_transcript(group->members))
		lines_add_transcript(terminal, lines, group->members->one->transcript);
	buf_add_char(lines, '\n');
}

static void
add_short_group(const struct terminal *terminal, struct buf *lines, const struct group *group)
{
	struct buf message;

	buf_init(&message, SIZE_MAX / 4);
	detail_add_message(&message, group->members->one);
	add_heading(terminal, lines, group);
	buf_add_string(lines, ": ");
	shown_add_short(lines, message.data, terminal->width);
	buf_add_char(lines, '\n');
	buf_release(&message);
}

static void
add_groups(const struct terminal *terminal, struct buf *lines, const struct section *section,
	const struct group *groups, size_t count)
{
	size_t shown = section->whole + section->short_, left = 0;

	for (size_t i = 0; i < count && i < section->whole; i++)
		add_whole_group(terminal, lines, &groups[i]);
	for (size_t i = section->whole; i < count && i < shown; i++)
		add_short_group(terminal, lines, &groups[i]);
	for (size_t i = shown; i < count; i++)
		left += groups[i].count;
	if (left != 0)
		buf_addf(lines, "%*s... and %zu more: a report (--junit, --report) has them all\n",
			(int)TEXT_COLUMN, "", left);
	if (count > section->whole)
		buf_add_char(lines, '\n');
}

static void
add_section(const struct terminal *terminal, struct buf *lines, const struct report *report,
	const struct section *section)
{
	size_t count = collect_members(report, section, NULL);
	struct member *members;
	struct group *groups;
	struct arena arena;

	if (count == 0)
		return;
	arena_init(&arena);
	members = arena_array(&arena, count, sizeof(*members));
	groups = arena_array(&arena, count, sizeof(*groups));
	collect_members(report, section, members);
	add_groups(terminal, lines, section, groups, make_groups(members, count, groups));
	arena_release(&arena);
}

static enum verdict
verdict_of(const struct report *report, const struct report_counts *counts)
{
	enum verdict verdict = lines_verdict_of(counts);

	if (verdict != VERDICT_FAIL &&
		(counts->by_verdict[VERDICT_SKIPPED] == counts->total || report->interrupted))
		return VERDICT_ERROR;
	return verdict == VERDICT_FAIL || verdict == VERDICT_ERROR ? verdict : VERDICT_PASS;
}

static void
add_totals(const struct terminal *terminal, struct buf *lines, const struct report *report)
{
	struct report_counts counts = report_counts(report);
	size_t connections = 0;
	struct buf text;

	for (size_t i = 0; i < report->suite_count; i++)
		connections += report->suites[i].connections;
	buf_init(&text, SIZE_MAX / 4);
	lines_add_number_of(&text, counts.total, "assertion");
	buf_add_string(&text, ": ");
	lines_add_counts(&text, &counts);
	buf_add_char(&text, '\n');
	if (report->shard.of != 0)
		shard_add_title(&text, &report->shard);
	else
		lines_add_number_of(&text, report->suite_count, "target");
	buf_add_string(&text, ", ");
	lines_add_number_of(&text, connections, "connection");
	buf_addf(&text, ", %" PRId64 ".%03" PRId64 " s", report->ms / 1000, report->ms % 1000);
	if (report->interrupted)
		buf_add_string(&text, "\ninterrupted; what was not decided counts as an error");
	if (report->shard.of != 0 && shard_size(&report->shard) == 0)
		buf_addf(&text,
			"\nnothing was checked: a run has as many shards as targets at most");
	lines_add_mark(terminal, lines, verdict_of(report, &counts));
	buf_add_string(lines, "  ");
	wrap_add(lines, text.data, TEXT_COLUMN, terminal->width);
	buf_add_char(lines, '\n');
	buf_release(&text);
}

void
terminal_summary(struct terminal *terminal, const struct report *report)
{
	struct buf lines;

	buf_init(&lines, SIZE_MAX / 4);
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++)
		add_section(terminal, &lines, report, &sections[i]);
	add_totals(terminal, &lines, report);
	lines_put(terminal, &lines);
	buf_release(&lines);
}
