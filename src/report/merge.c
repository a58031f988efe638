/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Holds each report against the first, puts shards in their places, and looks which place is empty.
 */
#include "report/merge.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* The parts while they are put together. */
struct merging {
	struct report *merged;
	struct report_part *parts;
	size_t count;
	struct problems *problems;
	const struct report_part **shards; /* by number; NULL: not there */
};

static void complain(struct merging *merging, const struct report_part *part, const char *format,
	...) __attribute__((format(printf, 3, 4)));

static void
complain(struct merging *merging, const struct report_part *part, const char *format, ...)
{
	struct problem problem = { .place = { .file = part->path } };
	va_list args;

	va_start(args, format);
	problem.message = arena_vprintf(&merging->merged->arena, format, args);
	va_end(args);
	problems_add(merging->problems, &problem, NULL, 0);
}

/* Whether a part is of the same run as the first; a problem unless it is. */
static bool
belongs(struct merging *merging, const struct report_part *part)
{
	const struct report_part *first = merging->parts;
	const struct report_shard *one = &first->report.shard, *other = &part->report.shard;

	if (other->of == 0)
		complain(merging, part, "this is the report of a whole run, not of a shard");
	else if (one->of == 0)
		return false;
	else if (strcmp(report_version(&first->report), report_version(&part->report)) != 0)
		complain(merging, part, "version %s made this report, and version %s %s",
			report_version(&part->report), report_version(&first->report), first->path);
	else if (one->of != other->of)
		complain(merging, part, "this is one of %u shards, and %s one of %u", other->of,
			first->path, one->of);
	else if (one->targets != other->targets || strcmp(one->run, other->run) != 0)
		complain(merging, part,
			"this report is of another run than %s: of other checklists, targets or "
			"assertions",
			first->path);
	else
		return true;
	return false;
}

static void
place_part(struct merging *merging, const struct report_part *part)
{
	const struct report_shard *shard = &part->report.shard;
	const struct report_part **place;

	if (!belongs(merging, part))
		return;
	place = &merging->shards[shard->number - 1];
	if (*place != NULL)
		complain(merging, part, "shard %u of %u is in %s already", shard->number, shard->of,
			(*place)->path);
	*place = part;
}

/* A suite and where it comes from. */
struct origin {
	const struct report_suite *suite;
	const struct report_part *part;
	size_t index; /* in the part */
};

static int
compare(const void *a, const void *b)
{
	const struct origin *one = a, *other = b;
	unsigned shard = one->part->report.shard.number;
	unsigned other_shard = other->part->report.shard.number;
	int order = (one->suite->number > other->suite->number) -
		    (one->suite->number < other->suite->number);

	if (order == 0)
		order = (shard > other_shard) - (shard < other_shard);
	return order != 0 ? order : (one->index > other->index) - (one->index < other->index);
}

/* Options in another order number targets otherwise; the same target with one number is one. */
static bool
are_same(const struct report_suite *one, const struct report_suite *other)
{
	return one->number == other->number && strcmp(one->target, other->target) == 0 &&
	       strcmp(one->checklist, other->checklist) == 0;
}

static size_t
collect_suites(const struct merging *merging, struct origin *origins)
{
	size_t count = 0;

	for (size_t i = 0; i < merging->count; i++) {
		const struct report *report = &merging->parts[i].report;

		for (size_t j = 0; j < report->suite_count; j++)
			origins[count++] =
				(struct origin){ &report->suites[j], &merging->parts[i], j };
	}
	return count;
}

static size_t
suites_of(const struct merging *merging)
{
	size_t count = 0;

	for (size_t i = 0; i < merging->count; i++)
		count += merging->parts[i].report.suite_count;
	return count;
}

/* The suite of another part that is the same as this one; NULL: there is none. */
static const struct origin *
find_same(const struct origin *origins, size_t index)
{
	const struct origin *one = &origins[index];

	for (size_t i = index; i > 0 && origins[i - 1].suite->number == one->suite->number; i--)
		if (origins[i - 1].part != one->part && are_same(origins[i - 1].suite, one->suite))
			return &origins[i - 1];
	return NULL;
}

static void
take_suites(struct merging *merging)
{
	struct report *merged = merging->merged;
	size_t most = suites_of(merging), count;
	struct origin *origins = arena_array(&merged->arena, most, sizeof(*origins));
	const struct origin *same;

	count = collect_suites(merging, origins);
	qsort(origins, count, sizeof(*origins), compare);
	merged->suites = arena_array(
		&merged->arena, most + merging->parts->report.shard.of, sizeof(*merged->suites));
	for (size_t i = 0; i < count; i++) {
		struct report_suite *suite = &merged->suites[merged->suite_count++];

		*suite = *origins[i].suite;
		suite->hostname = report_hostname(&origins[i].part->report, suite);
		same = find_same(origins, i);
		if (same != NULL)
			complain(merging, origins[i].part, "the target %s is in %s already",
				suite->target, same->part->path);
	}
}

/* What stands for a shard of which there is no report. */
static void
add_missing(struct merging *merging, unsigned number)
{
	struct report *merged = merging->merged;
	struct arena *arena = &merged->arena;
	struct report_shard shard = merging->parts->report.shard;
	struct report_suite *suite = &merged->suites[merged->suite_count];
	size_t targets;

	shard.number = number;
	targets = shard_size(&shard);
	*suite = (struct report_suite){
		.number = merged->suite_count++,
		.checklist = "merge",
		.target = arena_printf(arena, "shard %u of %u", number, shard.of),
		.started = merged->started,
		.cases = arena_alloc(arena, sizeof(*suite->cases)),
		.case_count = 1,
	};
	*suite->cases = (struct report_case){
		.id = "shard",
		.title = "the report of the shard is there",
		.assertion = "shard.present",
		.type = "ShardMissing",
		.message = arena_printf(arena,
			"there is no report of shard %u of %u, so %zu target%s not decided", number,
			shard.of, targets, targets == 1 ? " is" : "s are"),
		.why = "what nobody reports on would be taken for passed",
		.fix = "have each job keep its JSON report whatever its status is, and give all of "
		       "them to merge",
	};
}

/* Shards run side by side: the longest of them is how long it took. */
static void
take_times(struct merging *merging)
{
	struct report *merged = merging->merged;

	merged->version = merging->parts->report.version;
	merged->started = merging->parts->report.started;
	merged->ms = 0;
	for (size_t i = 0; i < merging->count; i++) {
		const struct report *report = &merging->parts[i].report;

		if (report->started < merged->started)
			merged->started = report->started;
		if (report->ms > merged->ms)
			merged->ms = report->ms;
		merged->interrupted = merged->interrupted || report->interrupted;
	}
}

bool
report_merge(
	struct report *merged, struct report_part *parts, size_t count, struct problems *problems)
{
	struct merging merging = { merged, parts, count, problems, NULL };
	size_t before = problems->added;
	unsigned of = parts->report.shard.of;

	merging.shards = arena_array(&merged->arena, of, sizeof(const struct report_part *));
	for (size_t i = 0; i < count; i++)
		place_part(&merging, &parts[i]);
	if (problems->added == before) {
		take_times(&merging);
		take_suites(&merging);
		for (unsigned i = 0; i < of; i++)
			if (merging.shards[i] == NULL)
				add_missing(&merging, i + 1);
	}
	for (size_t i = 0; i < count; i++)
		arena_absorb(&merged->arena, &parts[i].report.arena);
	return problems->added == before;
}
