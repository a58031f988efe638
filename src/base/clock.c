/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Time by clock_gettime(); dates (RFC 3339) and spans are read digit by digit, whatever the locale.
 */
#include "base/clock.h"

#include <ctype.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define DAY_SECONDS (24 * 60 * 60)
#define DAY_MS (DAY_SECONDS * 1000)

int64_t
clock_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t
clock_date(void)
{
	return (int64_t)time(NULL);
}

int64_t
clock_left_ms(int64_t deadline_ms)
{
	int64_t left = deadline_ms - clock_now_ms();

	return left > 0 ? left : 0;
}

int64_t
clock_earlier(int64_t a_ms, int64_t b_ms)
{
	return a_ms < b_ms ? a_ms : b_ms;
}

void
clock_format_date(char text[CLOCK_DATE_MAX], int64_t date)
{
	time_t seconds = (time_t)date;
	struct tm civil;
	char rest[CLOCK_DATE_MAX];

	if (gmtime_r(&seconds, &civil) == NULL || civil.tm_year < -1900 || civil.tm_year > 8099 ||
		strftime(rest, sizeof(rest), "-%m-%dT%H:%M:%S", &civil) == 0)
		snprintf(text, CLOCK_DATE_MAX, "(date out of range)");
	else
		snprintf(text, CLOCK_DATE_MAX, "%04u%.15s",
			(unsigned)(civil.tm_year + 1900) % 10000, rest);
}

static bool
is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

bool
clock_from_civil(int year, int month, int day, int hour, int minute, int second, int64_t *date)
{
	static const int month_days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	static const int before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334 };
	int64_t years, days;

	if (year < 0 || year > 9999 || month < 1 || month > 12 || day < 1)
		return false;
	if (day > month_days[month - 1] + (month == 2 && is_leap(year)))
		return false;
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
		return false;
	years = (int64_t)year + 399; /* positive, and in step with the 400-year cycle */
	days = years * 365 + years / 4 - years / 100 + years / 400;
	days += before[month - 1] + (month > 2 && is_leap(year)) + day - 1;
	days -= INT64_C(865259); /* that count on 1970-01-01 */
	*date = ((days * 24 + hour) * 60 + minute) * 60 + second;
	return true;
}

/* Reads exactly `digits` digits; -1 when there are fewer. */
static int
read_digits(const char **text, int digits)
{
	int value = 0;

	for (int i = 0; i < digits; i++, (*text)++) {
		if (!isdigit((unsigned char)**text))
			return -1;
		value = 10 * value + (**text - '0');
	}
	return value;
}

static bool
skip(const char **text, char expected)
{
	if (**text != expected)
		return false;
	(*text)++;
	return true;
}

static bool
skip_letter(const char **text, char upper)
{
	return skip(text, upper) || skip(text, (char)(upper + ('a' - 'A')));
}

/* A fraction of a second belongs to the second that it begins. */
static bool
skip_fraction(const char **text)
{
	if (!skip(text, '.'))
		return true;
	if (read_digits(text, 1) < 0)
		return false;
	while (isdigit((unsigned char)**text))
		(*text)++;
	return true;
}

/* "Z", "+hh:mm" or "-hh:mm" at the end of the text: how far the local time is ahead of UTC. */
static bool
read_offset(const char *text, int *seconds)
{
	bool behind = *text == '-';
	int hours, minutes;

	*seconds = 0;
	if (skip_letter(&text, 'Z'))
		return *text == '\0';
	if (!skip(&text, '+') && !skip(&text, '-'))
		return false;
	hours = read_digits(&text, 2);
	if (hours < 0 || hours > 23 || !skip(&text, ':') || (minutes = read_digits(&text, 2)) < 0 ||
		minutes > 59 || *text != '\0')
		return false;
	*seconds = (behind ? -60 : 60) * (60 * hours + minutes);
	return true;
}

/* A calendar moment as it is read. */
struct civil {
	int year, month, day, hour, minute, second;
};

/* RFC 3339 section 5.6: partial-time and time-offset. */
static bool
read_time(const char *text, struct civil *civil, int *offset)
{
	return (civil->hour = read_digits(&text, 2)) >= 0 && skip(&text, ':') &&
	       (civil->minute = read_digits(&text, 2)) >= 0 && skip(&text, ':') &&
	       (civil->second = read_digits(&text, 2)) >= 0 && skip_fraction(&text) &&
	       read_offset(text, offset);
}

bool
clock_parse_date(const char *text, int64_t *date)
{
	struct civil civil = { 0 };
	int offset = 0, leap;

	civil.year = read_digits(&text, 4);
	if (civil.year < 0 || !skip(&text, '-') || (civil.month = read_digits(&text, 2)) < 0 ||
		!skip(&text, '-') || (civil.day = read_digits(&text, 2)) < 0)
		return false;
	if (*text != '\0' && (!skip_letter(&text, 'T') || !read_time(text, &civil, &offset)))
		return false;
	leap = civil.second == 60;
	if (!clock_from_civil(civil.year, civil.month, civil.day, civil.hour, civil.minute,
		    civil.second - leap, date))
		return false;
	*date += leap - offset;
	return !leap || *date % DAY_SECONDS == 0;
}

bool
clock_parse_span(const char *text, int64_t *span_ms)
{
	static const struct {
		const char *name;
		int64_t ms;
	} units[] = { { "ms", 1 }, { "s", 1000 }, { "m", 60 * 1000 }, { "h", 60 * 60 * 1000 } };
	int64_t count = 0;
	const char *unit = text;

	while (isdigit((unsigned char)*unit) && count <= DAY_MS)
		count = 10 * count + (*unit++ - '0');
	if (unit == text)
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(unit, units[i].name) == 0 && count <= DAY_MS / units[i].ms) {
			*span_ms = count * units[i].ms;
			return true;
		}
	}
	return false;
}
