/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What begins first.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "probe/survey.h"
#include "probe/weaknesses.h"
#include "run/plan.h"

static const struct observer one = { .name = "one", .connections = 1 };
static const struct observer two = { .name = "two", .connections = 2 };

static struct survey_record
survey_of(size_t hellos)
{
	struct survey_record record = { .subject = SURVEY_SUITES };

	for (size_t i = 0; i < hellos; i++)
		record.hellos[i].offer.suites.count = 1;
	return record;
}

static void
the_longest_begin_first_and_equals_as_they_were_planned(void **state)
{
	struct survey_record short_survey = survey_of(1), long_survey = survey_of(3);
	struct fallback_record fallback = { .count = 0 };
	struct observation planned[] = {
		{ .observer = &one },
		{ .observer = &two },
		{ .observer = &survey_observer, .record = &short_survey },
		{ .observer = &fallback_observer, .record = &fallback },
		{ .observer = &survey_observer, .record = &long_survey },
		{ .observer = &one },
	};
	static const size_t wanted[] = { 4, 1, 3, 0, 2, 5 };
	struct observation *pointers[6], **order;
	struct evidence evidence = { .observations = pointers, .observation_count = 6 };
	struct arena arena;

	(void)state;
	for (size_t i = 0; i < 6; i++)
		pointers[i] = &planned[i];
	arena_init(&arena);
	order = plan_order(&evidence, &arena);
	for (size_t i = 0; i < 6; i++)
		if (order[i] != &planned[wanted[i]] || pointers[i] != &planned[i])
			fail_msg("place %zu: got %zu, want %zu", i, (size_t)(order[i] - planned),
				wanted[i]);
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_longest_begin_first_and_equals_as_they_were_planned),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
