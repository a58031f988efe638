/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Limits of the process, and what becomes of a connection that meets them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/open_files.h"
#include "net/dial.h"

/* Dials with no file left to open. */
static enum outcome
dial_without_files(struct dialled *dialled, struct error *error)
{
	struct rlimit limit, none;
	struct dial_request request = { .host = "127.0.0.1",
		.port = 1,
		.route = dial_route_create(),
		.look_up_deadline_ms = clock_now_ms() + 1000,
		.timeout_ms = 1000,
		.deadline_ms = clock_now_ms() + 1000 };
	enum outcome outcome;
	struct stream stream;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	none = (struct rlimit){ 0, limit.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	outcome = dial(&socket_dialler, &request, &stream, dialled, error);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	dial_route_free(request.route);
	return outcome;
}

static void
too_many_open_files_are_not_the_servers(void **state)
{
	struct error error = { .text = "" };
	struct dialled dialled;

	(void)state;
	assert_int_equal(dial_without_files(&dialled, &error), OUTCOME_BROKEN);
	assert_int_equal(dialled.fault, DIAL_FAULT_FILES);
	assert_string_equal(
		error.text, "127.0.0.1 port 1: Too many open files (ulimit -n allows more)");
}

static void
the_limit_is_raised_as_far_as_it_goes(void **state)
{
	struct rlimit before, lowered = { 50, 60 }, after;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &lowered), 0);
	assert_int_equal(open_files_most(), 60);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &after), 0);
	assert_int_equal(after.rlim_cur, 60);
	assert_int_equal(open_files_most(), 60);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(too_many_open_files_are_not_the_servers),
		cmocka_unit_test(the_limit_is_raised_as_far_as_it_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
