/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Advice is the same when assertion, why and fix are. A sorted list has each once, with who told it.
 */
#include "junit_advice.h"

#include <stdlib.h>
#include <string.h>

struct row {
	const char *texts[3]; /* assertion, why, fix; "" when there is none */
	const char *told_by;
};

struct junit_advice {
	struct row *rows;
	size_t count;
};

static const char *
or_nothing(const char *text)
{
	return text != NULL ? text : "";
}

static struct row
row_of(const struct report_case *one)
{
	return (struct row){ .texts = { or_nothing(one->assertion), or_nothing(one->why),
				     or_nothing(one->fix) } };
}

static bool
says_nothing(const struct row *row)
{
	return row->texts[1][0] == '\0' && row->texts[2][0] == '\0';
}

static int
compare(const void *a, const void *b)
{
	const struct row *one = a, *other = b;
	int order = 0;

	for (size_t i = 0; i < 3 && order == 0; i++)
		order = strcmp(one->texts[i], other->texts[i]);
	return order;
}

static void
list_cases(struct junit_advice *advice, const struct report *report)
{
	for (size_t i = 0; i < report->suite_count; i++) {
		for (size_t j = 0; j < report->suites[i].case_count; j++) {
			struct row row = row_of(&report->suites[i].cases[j]);

			if (!says_nothing(&row))
				advice->rows[advice->count++] = row;
		}
	}
}

struct junit_advice *
junit_advice_list(const struct report *report, struct arena *arena)
{
	struct junit_advice *advice = arena_alloc(arena, sizeof(*advice));
	size_t kept = 0;

	advice->rows = arena_array(arena, report_counts(report).total, sizeof(*advice->rows));
	list_cases(advice, report);
	qsort(advice->rows, advice->count, sizeof(*advice->rows), compare);
	for (size_t i = 0; i < advice->count; i++)
		if (kept == 0 || compare(&advice->rows[kept - 1], &advice->rows[i]) != 0)
			advice->rows[kept++] = advice->rows[i];
	advice->count = kept;
	return advice;
}

const char *
junit_advice_told(struct junit_advice *advice, const struct report_case *one, const char *name)
{
	struct row wanted = row_of(one);
	struct row *row = bsearch(&wanted, advice->rows, advice->count, sizeof(wanted), compare);

	if (row == NULL || row->told_by != NULL)
		return row != NULL ? row->told_by : NULL;
	row->told_by = name;
	return NULL;
}
