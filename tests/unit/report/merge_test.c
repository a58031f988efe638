/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Shards make up a run; what does not belong to it, or is not there, is said.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "report/merge.h"

#define PARTS_MAX 4

struct stage {
	struct report_case passed;
	struct report_suite suites[PARTS_MAX][2];
	struct report_part parts[PARTS_MAX];
	struct report merged;
	struct problems problems;
};

static const char *const targets[] = { "a", "b", "c", "d", "e" };
static const char *const paths[] = { "1.json", "2.json", "3.json", "4.json" };

/* Three shards of five targets: 1, 2 and 2 of them; they were numbered a to e, and d and b, c and e, a
 * are in the shards. */
static void
stage_init(struct stage *stage)
{
	static const size_t numbers[3][2] = { { 3, 0 }, { 1, 2 }, { 4, 0 } };

	*stage = (struct stage){ .passed = { .id = "x", .verdict = VERDICT_PASS } };
	problems_init(&stage->problems);
	report_init(&stage->merged);
	for (unsigned i = 0; i < 3; i++) {
		struct report *report = &stage->parts[i].report;

		report_init(report);
		report->hostname = paths[i];
		report->started = 1000 - i;
		report->ms = 10 + (int64_t)i % 2;
		report->version = "0.1.0";
		report->shard = (struct report_shard){ i + 1, 3, 5, "0123456789abcdef" };
		report->suites = stage->suites[i];
		report->suite_count = shard_size(&report->shard);
		stage->parts[i].path = paths[i];
		for (size_t j = 0; j < report->suite_count; j++)
			stage->suites[i][j] = (struct report_suite){ .number = numbers[i][j],
				.checklist = "release",
				.target = targets[numbers[i][j]],
				.cases = &stage->passed,
				.case_count = 1 };
	}
}

static void
stage_release(struct stage *stage)
{
	for (size_t i = 0; i < PARTS_MAX; i++)
		report_release(&stage->parts[i].report);
	report_release(&stage->merged);
	problems_release(&stage->problems);
}

static bool
merge(struct stage *stage, size_t count)
{
	return report_merge(&stage->merged, stage->parts, count, &stage->problems);
}

static void
all_shards_are_the_run(void **state)
{
	struct stage stage;

	(void)state;
	stage_init(&stage);
	stage.parts[1].report.interrupted = true;
	assert_true(merge(&stage, 3));
	assert_int_equal(stage.merged.suite_count, 5);
	for (size_t i = 0; i < 5; i++) {
		assert_string_equal(stage.merged.suites[i].target, targets[i]);
		assert_int_equal(stage.merged.suites[i].number, i);
	}
	assert_string_equal(stage.merged.suites[3].hostname, "1.json");
	assert_int_equal(stage.merged.shard.of, 0);
	assert_int_equal(stage.merged.started, 998);
	assert_int_equal(stage.merged.ms, 11);
	assert_true(stage.merged.interrupted);
	assert_string_equal(report_version(&stage.merged), "0.1.0");
	stage_release(&stage);
}

static void
a_shard_that_is_not_there_is_an_error(void **state)
{
	struct stage stage;
	struct report_part last;

	(void)state;
	stage_init(&stage);
	last = stage.parts[2];
	stage.parts[2] = stage.parts[1];
	stage.parts[1] = last;
	assert_true(merge(&stage, 2));
	assert_int_equal(stage.merged.suite_count, 4);
	assert_string_equal(stage.merged.suites[3].target, "shard 2 of 3");
	assert_int_equal(stage.merged.suites[3].cases->verdict, VERDICT_ERROR);
	assert_string_equal(stage.merged.suites[3].cases->message,
		"there is no report of shard 2 of 3, so 2 targets are not decided");
	assert_int_equal(report_counts(&stage.merged).by_verdict[VERDICT_ERROR], 1);
	stage_release(&stage);
}

/* What is done to the second part of three, or to all. */
static void
of_a_whole_run(struct stage *stage)
{
	stage->parts[1].report.shard.of = 0;
}

static void
all_of_whole_runs(struct stage *stage)
{
	for (size_t i = 0; i < 3; i++)
		stage->parts[i].report.shard.of = 0;
}

static void
of_another_version(struct stage *stage)
{
	stage->parts[1].report.version = "0.2.0";
}

static void
of_other_shards(struct stage *stage)
{
	stage->parts[1].report.shard.of = 4;
}

static void
of_another_run(struct stage *stage)
{
	stage->parts[1].report.shard.run = "0123456789abcdee";
}

static void
of_more_targets(struct stage *stage)
{
	stage->parts[1].report.shard.targets = 6;
}

static void
the_same_shard(struct stage *stage)
{
	stage->parts[1].report.shard.number = 3;
}

static void
the_same_target(struct stage *stage)
{
	stage->suites[1][1] = stage->suites[0][0];
}

static void
what_does_not_belong_is_refused(void **state)
{
	static const struct {
		void (*change)(struct stage *stage);
		const char *want;
	} rows[] = {
		{ of_a_whole_run, "2.json: this is the report of a whole run, not of a shard\n" },
		{ all_of_whole_runs,
			"1.json: this is the report of a whole run, not of a shard\n"
			"2.json: this is the report of a whole run, not of a shard\n"
			"3.json: this is the report of a whole run, not of a shard\n" },
		{ of_another_version,
			"2.json: version 0.2.0 made this report, and version 0.1.0 1.json\n" },
		{ of_other_shards, "2.json: this is one of 4 shards, and 1.json one of 3\n" },
		{ of_another_run, "2.json: this report is of another run than 1.json: of other "
				  "checklists, targets or assertions\n" },
		{ of_more_targets, "2.json: this report is of another run than 1.json: of other "
				   "checklists, targets or assertions\n" },
		{ the_same_shard, "3.json: shard 3 of 3 is in 2.json already\n" },
		{ the_same_target, "2.json: the target d is in 1.json already\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct stage stage;
		struct buf got;

		buf_init(&got, 10000);
		stage_init(&stage);
		rows[i].change(&stage);
		if (merge(&stage, 3))
			fail_msg("taken: %s", rows[i].want);
		for (size_t j = 0; j < stage.problems.count; j++)
			buf_addf(&got, "%s: %s\n", stage.problems.items[j].place.file,
				stage.problems.items[j].message);
		assert_string_equal(got.data, rows[i].want);
		stage_release(&stage);
		buf_release(&got);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_shards_are_the_run),
		cmocka_unit_test(a_shard_that_is_not_there_is_an_error),
		cmocka_unit_test(what_does_not_belong_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
