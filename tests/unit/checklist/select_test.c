/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "checklist/assertions.h"
#include "checklist/overlay.h"

#define LIST_MAX 4

struct selection {
	const char *name;
	const char *tags[LIST_MAX]; /* of --tag */
	const char *only[LIST_MAX]; /* of --only */
	const char *skip[LIST_MAX]; /* of --skip */
	bool want;
};

/* Of an assertion tls.version with the id "old" and the tags "tls" and "slow". */
static const struct selection selections[] = {
	{ .name = "nothing is asked for", .want = true },
	{ "one of its tags", .tags = { "slow" }, .want = true },
	{ "one of its tags and another", .tags = { "auth", "tls" }, .want = true },
	{ "another tag", .tags = { "auth" }, .want = false },
	{ "a tag is not a glob", .tags = { "t*" }, .want = false },
	{ "the case of a tag matters", .tags = { "TLS" }, .want = false },
	{ "one of its tags is ruled out", .tags = { "!slow" }, .want = false },
	{ "another tag is ruled out", .tags = { "!auth" }, .want = true },
	{ "one is asked for, one ruled out", .tags = { "tls", "!slow" }, .want = false },
	{ "one is ruled out, one asked for", .tags = { "!slow", "tls" }, .want = false },
	{ "one is asked for, another ruled out", .tags = { "tls", "!auth" }, .want = true },
	{ "its id", .only = { "old" }, .want = true },
	{ "its name", .only = { "tls.version" }, .want = true },
	{ "its family", .only = { "tls.*" }, .want = true },
	{ "another family", .only = { "auth.*" }, .want = false },
	{ "one of two", .only = { "auth.*", "o?d" }, .want = true },
	{ "a part of its name", .only = { "tls" }, .want = false },
	{ "its tag, and another name", .tags = { "tls" }, .only = { "auth.*" }, .want = false },
	{ "another tag, and its name", .tags = { "auth" }, .only = { "tls.*" }, .want = false },
	{ "its id is skipped", .skip = { "old" }, .want = false },
	{ "its family is skipped", .skip = { "tls.*" }, .want = false },
	{ "another family is skipped", .skip = { "auth.*" }, .want = true },
	{ "one of two that are skipped", .skip = { "auth.*", "tls.version" }, .want = false },
	{ "asked for and skipped", .only = { "tls.*" }, .skip = { "old" }, .want = false },
	{ "its tag is asked for, it is skipped", .tags = { "tls" }, .skip = { "old" },
		.want = false },
	{ "its tag and its name", .tags = { "tls" }, .only = { "tls.*" }, .want = true },
};

static size_t
count(const char *const list[LIST_MAX])
{
	size_t count = 0;

	while (count < LIST_MAX && list[count] != NULL)
		count++;
	return count;
}

static void
test_tags_and_names_select(void **state)
{
	static const char *const tags[] = { "tls", "slow" };
	struct assertion assertion = { .arguments.check = check_find("tls.version"),
		.id = "old",
		.tags = tags,
		.tag_count = 2 };

	(void)state;
	for (size_t i = 0; i < sizeof(selections) / sizeof(selections[0]); i++) {
		const struct selection *row = &selections[i];
		struct overlay overlay = { .tags = row->tags,
			.tag_count = count(row->tags),
			.only = row->only,
			.only_count = count(row->only),
			.skip = row->skip,
			.skip_count = count(row->skip) };

		if (assertion_is_selected(&overlay, &assertion) != row->want)
			fail_msg("%s: got %d", row->name, !row->want);
	}
}

static void
test_without_tags_only_what_is_not_asked_for_is_selected(void **state)
{
	static const char *const wanted[] = { "tls" }, *const unwanted[] = { "!tls" };
	const struct overlay with = { .tags = wanted, .tag_count = 1 };
	const struct overlay without = { .tags = unwanted, .tag_count = 1 };
	struct assertion assertion = { .arguments.check = check_find("tls.version"), .id = "old" };

	(void)state;
	assert_false(assertion_is_selected(&with, &assertion));
	assert_true(assertion_is_selected(&without, &assertion));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tags_and_names_select),
		cmocka_unit_test(test_without_tags_only_what_is_not_asked_for_is_selected),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
