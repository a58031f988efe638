/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * clock: points in time and spans of it. Spans and deadlines are milliseconds of the monotonic
 * clock; dates are seconds since 1970-01-01T00:00:00Z.
 */
#ifndef GATE_BASE_CLOCK_H
#define GATE_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* "2026-11-21T00:39:00" and its terminator. */
#define CLOCK_DATE_MAX 24

int64_t clock_now_ms(void);
int64_t clock_date(void);

/* Milliseconds from now to a point of the monotonic clock; 0 when it has passed. */
int64_t clock_left_ms(int64_t deadline_ms);

/* The earlier of two points in time. */
int64_t clock_earlier(int64_t a_ms, int64_t b_ms);

/* Writes a date as UTC, RFC 3339 without a zone ("2026-11-21T00:39:00"). Years outside 0 to
 * 9999 give "(date out of range)". */
void clock_format_date(char text[CLOCK_DATE_MAX], int64_t date);

/* Reads "YYYY-MM-DD", which is its first second in UTC, or a date-time of RFC 3339 section 5.6 with
 * any offset; fractions of a second are dropped, and a leap second is the second after it. False
 * when the text is neither, or no such moment exists. */
bool clock_parse_date(const char *text, int64_t *date);

/* The date of a UTC calendar moment; month 1 to 12, day 1 to 31. False when no such moment
 * exists (February 30, 24:00). Leap seconds are refused. */
bool clock_from_civil(
	int year, int month, int day, int hour, int minute, int second, int64_t *date);

/* Reads a span such as "500ms", "10s", "2m", "1h". False on any other form, or above a day. */
bool clock_parse_span(const char *text, int64_t *span_ms);

#endif
