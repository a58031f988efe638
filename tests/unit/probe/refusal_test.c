/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the end of one try says by itself.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "probe/refusal.h"

static const struct {
	uint8_t description;
	enum try_end asked, misread; /* where the question could be read, and where it may not be */
} alerts[] = {
	{ 40, TRY_REFUSED, TRY_REFUSED },
	{ 70, TRY_REFUSED, TRY_REFUSED },
	{ 10, TRY_NO_ANSWER, TRY_REFUSED },
	{ 21, TRY_NO_ANSWER, TRY_REFUSED },
	{ 51, TRY_NO_ANSWER, TRY_REFUSED },
	{ 0, TRY_HUNG_UP, TRY_HUNG_UP },
	{ 80, TRY_HUNG_UP, TRY_HUNG_UP },
	{ 112, TRY_NO_ANSWER, TRY_NO_ANSWER },
	{ 255, TRY_NO_ANSWER, TRY_NO_ANSWER },
};

static void
an_alert_ends_a_try_as_it_means(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(alerts) / sizeof(alerts[0]); i++) {
		enum try_end asked = try_end_of_alert(alerts[i].description, false);
		enum try_end misread = try_end_of_alert(alerts[i].description, true);

		if (asked != alerts[i].asked || misread != alerts[i].misread)
			fail_msg("alert %u: got %d and %d, want %d and %d", alerts[i].description,
				(int)asked, (int)misread, (int)alerts[i].asked,
				(int)alerts[i].misread);
	}
}

static void
only_a_close_is_a_hang_up(void **state)
{
	(void)state;
	assert_int_equal(try_end_of_stream(STREAM_CLOSED), TRY_HUNG_UP);
	assert_int_equal(try_end_of_stream(STREAM_RESET), TRY_HUNG_UP);
	assert_int_equal(try_end_of_stream(STREAM_TIMEOUT), TRY_NO_ANSWER);
	assert_int_equal(try_end_of_stream(STREAM_FAILED), TRY_NO_ANSWER);
	assert_int_equal(try_end_of_stream(STREAM_INTERRUPTED), TRY_NO_ANSWER);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_alert_ends_a_try_as_it_means),
		cmocka_unit_test(only_a_close_is_a_hang_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
