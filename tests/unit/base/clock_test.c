/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"

struct moment {
	const char *text;
	bool fine;
	int64_t date;
};

static const struct moment moments[] = {
	{ "1970-01-01", true, 0 },
	{ "1970-01-01T00:00:01Z", true, 1 },
	{ "1969-12-31T23:59:59Z", true, -1 },
	{ "2000-02-29", true, INT64_C(951782400) },
	{ "2000-03-01", true, INT64_C(951868800) },
	{ "2026-11-21T00:39:00Z", true, INT64_C(1795221540) },
	{ "2038-01-19T03:14:08Z", true, INT64_C(2147483648) },
	{ "0000-01-01", true, -INT64_C(62167219200) },
	{ "9999-12-31T23:59:59Z", true, INT64_C(253402300799) },
	{ "1900-02-29", false, 0 },
	{ "2026-02-29", false, 0 },
	{ "2026-04-31", false, 0 },
	{ "2026-13-01", false, 0 },
	{ "2026-00-01", false, 0 },
	{ "2026-01-00", false, 0 },
	{ "2026-01-01T24:00:00Z", false, 0 },
	{ "2026-01-01T00:60:00Z", false, 0 },
	{ "2026-12-31T23:58:60Z", false, 0 },
	{ "2026-12-31T23:59:61Z", false, 0 },
	{ "2026-01-01T00:00:00", false, 0 },
	{ "2026-01-01 00:00:00Z", false, 0 },
	{ "2026-1-01", false, 0 },
	{ "26-01-01", false, 0 },
	{ "20260101", false, 0 },
	{ "2026-01-01x", false, 0 },
	{ "-026-01-01", false, 0 },
	{ "", false, 0 },
};

/* RFC 3339 section 5.6: what is read and is not written in the same way. */
static const struct moment zoned[] = {
	{ "2026-11-21T00:39:00+00:00", true, INT64_C(1795221540) },
	{ "2026-11-21T00:39:00-00:00", true, INT64_C(1795221540) },
	{ "2026-11-21T02:39:00+02:00", true, INT64_C(1795221540) },
	{ "2026-11-20T19:09:00-05:30", true, INT64_C(1795221540) },
	{ "2026-11-22T00:38:00+23:59", true, INT64_C(1795221540) },
	{ "2026-11-21T00:39:00.999999999999Z", true, INT64_C(1795221540) },
	{ "2026-11-21T02:39:00.5+02:00", true, INT64_C(1795221540) },
	{ "2026-11-21t00:39:00z", true, INT64_C(1795221540) },
	{ "1969-12-31T23:59:59.9Z", true, -1 },
	{ "2016-12-31T23:59:60Z", true, INT64_C(1483228800) },
	{ "2016-12-31T15:59:60-08:00", true, INT64_C(1483228800) },
	{ "0000-01-01T00:00:00+00:01", true, -INT64_C(62167219260) },
	{ "2016-12-31T23:59:60+01:00", false, 0 },
	{ "2026-11-21T00:39:00+24:00", false, 0 },
	{ "2026-11-21T00:39:00+00:60", false, 0 },
	{ "2026-11-21T00:39:00+0200", false, 0 },
	{ "2026-11-21T00:39:00+02", false, 0 },
	{ "2026-11-21T00:39:00+2:00", false, 0 },
	{ "2026-11-21T00:39:00+02:00Z", false, 0 },
	{ "2026-11-21T00:39:00.Z", false, 0 },
	{ "2026-11-21T00:39:00,5Z", false, 0 },
	{ "2026-11-21T00:39:00.5", false, 0 },
	{ "2026-11-21T00:39Z", false, 0 },
	{ "2026-11-21Z", false, 0 },
	{ "2026-11-21T", false, 0 },
	{ "2026-02-29T00:00:00+01:00", false, 0 },
};

static void
expect_read(const struct moment *moment)
{
	int64_t got = 0;
	bool fine = clock_parse_date(moment->text, &got);

	if (fine != moment->fine || (fine && got != moment->date))
		fail_msg("\"%s\": got %d, %lld, want %lld", moment->text, fine, (long long)got,
			(long long)moment->date);
}

static void
test_dates_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(moments) / sizeof(moments[0]); i++)
		expect_read(&moments[i]);
	for (size_t i = 0; i < sizeof(zoned) / sizeof(zoned[0]); i++)
		expect_read(&zoned[i]);
}

/* What was read is written again, but for the zone. */
static void
test_dates_are_written(void **state)
{
	char text[CLOCK_DATE_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(moments) / sizeof(moments[0]); i++) {
		if (!moments[i].fine)
			continue;
		clock_format_date(text, moments[i].date);
		assert_int_equal(strlen(text), 19);
		if (strncmp(text, moments[i].text, strlen(moments[i].text) > 10 ? 19 : 10) != 0)
			fail_msg("%s: got %s", moments[i].text, text);
	}
	clock_format_date(text, INT64_MAX);
	assert_string_equal(text, "(date out of range)");
	clock_format_date(text, INT64_MIN);
	assert_string_equal(text, "(date out of range)");
}

/* Each day follows the one before it by as many seconds as a day has. */
static void
test_days_follow_each_other(void **state)
{
	int64_t date = 0, before = 0;
	bool first = true;

	(void)state;
	for (int year = 1895; year <= 2105; year++)
		for (int month = 1; month <= 12; month++)
			for (int day = 1; day <= 31; day++) {
				if (!clock_from_civil(year, month, day, 12, 0, 0, &date))
					continue;
				if (!first && date - before != 24 * 60 * 60)
					fail_msg(
						"%d-%02d-%02d: got %lld seconds after the day before",
						year, month, day, (long long)(date - before));
				before = date;
				first = false;
			}
}

static const struct moment spans[] = {
	{ "500ms", true, 500 },
	{ "10s", true, 10000 },
	{ "2m", true, 120000 },
	{ "1h", true, 3600000 },
	{ "24h", true, 86400000 },
	{ "0s", true, 0 },
	{ "25h", false, 0 },
	{ "86400001ms", false, 0 },
	{ "99999999999999999999s", false, 0 },
	{ "10", false, 0 },
	{ "s", false, 0 },
	{ "1.5s", false, 0 },
	{ "-1s", false, 0 },
	{ " 1s", false, 0 },
	{ "1 s", false, 0 },
	{ "1S", false, 0 },
	{ "1d", false, 0 },
	{ "1sm", false, 0 },
	{ "", false, 0 },
};

static void
test_spans_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++) {
		int64_t got = 0;
		bool fine = clock_parse_span(spans[i].text, &got);

		if (fine != spans[i].fine || (fine && got != spans[i].date))
			fail_msg("\"%s\": got %d, %lld", spans[i].text, fine, (long long)got);
	}
}

static void
test_what_is_left_is_never_negative(void **state)
{
	int64_t now = clock_now_ms(), left;

	(void)state;
	assert_int_equal(clock_left_ms(now - 1000), 0);
	left = clock_left_ms(now + 60000);
	assert_true(left > 50000 && left <= 60000);
	assert_true(clock_now_ms() >= now);
	assert_int_equal(clock_earlier(1, 2), 1);
	assert_int_equal(clock_earlier(2, 1), 1);
	assert_true(clock_date() > INT64_C(1700000000));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dates_are_read),
		cmocka_unit_test(test_dates_are_written),
		cmocka_unit_test(test_days_follow_each_other),
		cmocka_unit_test(test_spans_are_read),
		cmocka_unit_test(test_what_is_left_is_never_negative),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
