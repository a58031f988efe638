/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Shards share a run out: each target is in one, and they are of one size.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "run/selection.h"
#include "run/shard.h"

#define TARGETS_MAX 300

struct stage {
	struct checklist checklist;
	char names[TARGETS_MAX][32];
	struct target targets[TARGETS_MAX];
	struct run_target run[TARGETS_MAX];
};

/* So many targets, "mx0.example:25" and on. */
static void
stage_init(struct stage *stage, size_t count)
{
	*stage = (struct stage){ .checklist = { .stem = "release" } };
	for (size_t i = 0; i < count; i++) {
		snprintf(stage->names[i], sizeof(stage->names[i]), "mx%zu.example:25", i);
		stage->targets[i] = (struct target){
			.name = stage->names[i], .host = stage->names[i], .dialect = dialects
		};
		stage->run[i] = (struct run_target){ &stage->checklist, &stage->targets[i], i };
	}
}

/* Which shard each target is in, by its name's place in `names`; fails when one is in two. */
static void
share_out(const struct stage *stage, size_t count, unsigned of, unsigned *shards)
{
	memset(shards, 0, TARGETS_MAX * sizeof(*shards));
	for (unsigned k = 1; k <= of; k++) {
		struct report_shard shard = { .number = k, .of = of, .targets = count };
		struct run_target part[TARGETS_MAX];
		size_t size;

		memcpy(part, stage->run, sizeof(part));
		size = shard_choose(part, &shard);
		if (size < count / of || size > count / of + (count % of != 0))
			fail_msg("%u/%u of %zu has %zu", k, of, count, size);
		assert_int_equal(size, shard_size(&shard));
		for (size_t i = 0; i < size; i++) {
			size_t index = (size_t)(part[i].target - stage->targets);

			if (shards[index] != 0)
				fail_msg("%s is in %u and %u", stage->names[index], shards[index],
					k);
			shards[index] = k;
			assert_true(i == 0 || part[i - 1].number < part[i].number);
		}
	}
	for (size_t i = 0; i < count; i++)
		assert_true(shards[i] != 0);
}

static void
each_target_is_in_one_shard_and_shards_are_of_one_size(void **state)
{
	static const unsigned of[] = { 1, 2, 3, 7, 64, 300, 1000 };
	unsigned shards[TARGETS_MAX];
	static struct stage stage;

	(void)state;
	for (size_t count = 0; count <= TARGETS_MAX; count += count < 10 ? 1 : 97) {
		stage_init(&stage, count);
		for (size_t i = 0; i < sizeof(of) / sizeof(of[0]); i++)
			share_out(&stage, count, of[i], shards);
	}
}

static void
order_moves_no_target(void **state)
{
	unsigned before[TARGETS_MAX], after[TARGETS_MAX];
	static struct stage stage;

	(void)state;
	stage_init(&stage, 50);
	share_out(&stage, 50, 4, before);
	for (size_t i = 0; i < 50; i++)
		stage.run[i] = (struct run_target){ &stage.checklist, &stage.targets[49 - i], i };
	share_out(&stage, 50, 4, after);
	assert_memory_equal(before, after, sizeof(before));
}

static void
one_target_more_moves_one_over_each_border_at_most(void **state)
{
	unsigned before[TARGETS_MAX], after[TARGETS_MAX];
	static struct stage stage;

	(void)state;
	for (size_t count = 20; count < 200; count += 13) {
		unsigned moved = 0;

		stage_init(&stage, count + 1);
		share_out(&stage, count, 5, before);
		share_out(&stage, count + 1, 5, after);
		for (size_t i = 0; i < count; i++)
			moved += before[i] != after[i];
		if (moved > 4)
			fail_msg("%zu targets: %u moved", count, moved);
	}
}

/* Neighbours in a list are mostly alike, in speed too. */
static void
neighbours_are_spread(void **state)
{
	unsigned shards[TARGETS_MAX], same = 0;
	static struct stage stage;

	(void)state;
	stage_init(&stage, 300);
	share_out(&stage, 300, 3, shards);
	for (size_t i = 1; i < 300; i++)
		same += shards[i] == shards[i - 1];
	if (same < 60 || same > 140)
		fail_msg("%u of 299 neighbours share a shard", same);
}

static void
one_target_of_two_checklists_is_two(void **state)
{
	struct checklist other = { .stem = "other" };
	unsigned first = 0, second = 0;
	static struct stage stage;

	(void)state;
	stage_init(&stage, 1);
	for (unsigned swapped = 0; swapped < 2; swapped++)
		for (unsigned k = 1; k <= 2; k++) {
			struct report_shard shard = { .number = k, .of = 2, .targets = 2 };
			struct run_target part[2] = {
				{ swapped ? &other : &stage.checklist, stage.targets, 0 },
				{ swapped ? &stage.checklist : &other, stage.targets, 1 },
			};

			assert_int_equal(shard_choose(part, &shard), 1);
			*(k == 1 ? &first : &second) += part[0].checklist == &other ? 1 : 10;
		}
	assert_int_equal(first + second, 22);
	assert_true(first == 2 || first == 20);
}

static uint64_t
selection(struct stage *stage)
{
	return selection_of(stage->run, 5);
}

static void
what_a_run_is_about_tells_it_from_others(void **state)
{
	struct assertion assertions[2] = { { .id = "a", .title = "t" },
		{ .id = "b", .title = "t" } };
	static struct stage stage;
	uint64_t before;

	(void)state;
	stage_init(&stage, 5);
	assertions[0].arguments.check = check_find("certificate.expiry");
	assertions[1].arguments.check = check_find("auth.login");
	stage.checklist.assertions = assertions;
	stage.checklist.assertion_count = 2;
	before = selection(&stage);
	assert_true(before == selection(&stage));
#define DIFFERS(field, value)                                      \
	do {                                                       \
		__typeof__(field) old = (field);                   \
		(field) = (value);                                 \
		if (selection(&stage) == before)                   \
			fail_msg("the same with another " #field); \
		(field) = old;                                     \
		assert_true(selection(&stage) == before);          \
	} while (0)
	DIFFERS(stage.targets[3].name, "other");
	DIFFERS(stage.targets[3].host, "other");
	DIFFERS(stage.targets[3].port, 26);
	DIFFERS(stage.targets[3].address, "192.0.2.1");
	DIFFERS(stage.targets[3].implicit_tls, true);
	DIFFERS(stage.targets[3].dialect, dialects + 1);
	DIFFERS(stage.checklist.stem, "other");
	DIFFERS(stage.checklist.assertion_count, 1);
	DIFFERS(assertions[1].id, "c");
	DIFFERS(assertions[1].advisory, true);
	DIFFERS(assertions[0].waive_until, "2027-01-01");
	DIFFERS(assertions[0].arguments.values[0].number, 7);
	DIFFERS(assertions[0].arguments.values[0].fraction, 0.5);
}

static void
order_makes_no_other_run(void **state)
{
	struct assertion assertions[2] = { { .id = "a", .title = "t" },
		{ .id = "b", .title = "t" } };
	static struct stage stage;
	struct assertion swapped;
	uint64_t before;

	(void)state;
	stage_init(&stage, 5);
	assertions[0].arguments.check = assertions[1].arguments.check = check_find("tls.version");
	stage.checklist.assertions = assertions;
	stage.checklist.assertion_count = 2;
	before = selection(&stage);
	stage.run[0].target = &stage.targets[4];
	stage.run[4].target = &stage.targets[0];
	swapped = assertions[0];
	assertions[0] = assertions[1];
	assertions[1] = swapped;
	assert_true(selection(&stage) == before);
}

/* A report must not tell whether a guess at a password is right. */
static void
secrets_are_left_out(void **state)
{
	struct assertion login = { .id = "a", .title = "t" };
	const struct check *check = check_find("auth.login");
	static struct stage stage;
	uint64_t before;

	(void)state;
	stage_init(&stage, 5);
	login.arguments.check = check;
	stage.checklist.assertions = &login;
	stage.checklist.assertion_count = 1;
	before = selection(&stage);
	for (size_t i = 0; check->params[i].name != NULL; i++) {
		login.arguments.values[i].text = "correct horse";
		if ((selection(&stage) == before) != (check->params[i].type == PARAM_SECRET))
			fail_msg("%s", check->params[i].name);
		login.arguments.values[i].text = NULL;
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_target_is_in_one_shard_and_shards_are_of_one_size),
		cmocka_unit_test(order_moves_no_target),
		cmocka_unit_test(one_target_more_moves_one_over_each_border_at_most),
		cmocka_unit_test(neighbours_are_spread),
		cmocka_unit_test(one_target_of_two_checklists_is_two),
		cmocka_unit_test(what_a_run_is_about_tells_it_from_others),
		cmocka_unit_test(order_makes_no_other_run),
		cmocka_unit_test(secrets_are_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
