/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A process that holds secrets leaves no core dump.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "base/core_dump.h"

static void
nothing_is_dumped(void **state)
{
	struct rlimit limit;

	(void)state;
	assert_int_equal(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 1);
	for (int i = 0; i < 2; i++) {
		core_dump_forbid();
		assert_int_equal(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 0);
		assert_int_equal(getrlimit(RLIMIT_CORE, &limit), 0);
		assert_int_equal(limit.rlim_cur, 0);
		assert_int_equal(limit.rlim_max, 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_dumped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
