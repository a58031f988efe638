/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The table of formats, counts, the report of a checklist that cannot be run, and writing to a
 * file.
 */
#include "report/report.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file_replace.h"
#include "json_report.h"
#include "junit.h"

#define FRAME_MAX ((size_t)64 * 1024)

const struct report_format report_formats[] = {
	{ "junit", "JUnit XML for GitHub Actions, GitLab, Jenkins and others", junit_format, true,
		JUNIT_BYTES_MAX, "GitLab takes none of 30 MB or more" },
	{ "json", "everything that was found, as one JSON document", json_report_format, false, 0,
		NULL },
	{ 0 },
};

const struct report_format *
report_format_find(const char *name)
{
	for (const struct report_format *row = report_formats; row->name != NULL; row++)
		if (strcmp(row->name, name) == 0)
			return row;
	return NULL;
}

void
report_init(struct report *report)
{
	char hostname[_POSIX_HOST_NAME_MAX + 1] = "";

	*report = (struct report){ .started = clock_date() };
	arena_init(&report->arena);
	if (gethostname(hostname, sizeof(hostname) - 1) != 0 || hostname[0] == '\0')
		hostname[0] = '-';
	report->hostname = arena_strdup(&report->arena, hostname);
}

void
report_release(struct report *report)
{
	arena_release(&report->arena);
	*report = (struct report){ 0 };
}

const char *
report_version(const struct report *report)
{
	return report->version != NULL ? report->version : GATE_VERSION;
}

const char *
report_hostname(const struct report *report, const struct report_suite *suite)
{
	return suite->hostname != NULL ? suite->hostname : report->hostname;
}

struct report_counts
suite_counts(const struct report_suite *suite)
{
	struct report_counts counts = { .total = suite->case_count };

	for (size_t i = 0; i < suite->case_count; i++)
		counts.by_verdict[suite->cases[i].verdict]++;
	return counts;
}

struct report_counts
report_counts(const struct report *report)
{
	struct report_counts sum = { 0 };

	for (size_t i = 0; i < report->suite_count; i++) {
		struct report_counts counts = suite_counts(&report->suites[i]);

		for (size_t v = 0; v < VERDICT_COUNT; v++)
			sum.by_verdict[v] += counts.by_verdict[v];
		sum.total += counts.total;
	}
	return sum;
}

static const char *
copy(struct arena *arena, const char *string)
{
	return string == NULL ? NULL : arena_strdup(arena, string);
}

/* The problems as a person would have seen them, with their lines and carets. */
static const char *
frames_of(struct arena *arena, const struct problems *problems)
{
	const char *frames;
	struct buf text;

	buf_init(&text, FRAME_MAX);
	for (size_t i = 0; i < problems->count; i++)
		problem_format(&text, &problems->items[i]);
	if (problems->unkept != 0)
		buf_addf(&text, "... and %zu more\n", problems->unkept);
	frames = arena_memdup(arena, text.data, text.len);
	buf_release(&text);
	return frames;
}

/* What a case says that stands for problems of that input. */
static const struct {
	const char *id, *title, *assertion, *type, *why;
} inputs[] = {
	[INPUT_CHECKLIST] = { "checklist", "the checklist can be run", "checklist.valid",
		"ChecklistInvalid",
		"nothing was checked; a checklist runs only when all of it is understood" },
	[INPUT_REPORT] = { "report", "the reports can be merged", "report.valid", "ReportInvalid",
		"nothing was merged; what a report lacks would be taken for passed" },
};

/* One case stands for all problems; it says the first and shows the others. */
static void
case_from_problems(struct report *report, enum report_input input, struct report_case *one,
	const struct problems *problems)
{
	const struct problem *first = &problems->items[0];
	size_t more = problems->count - 1 + problems->unkept;
	struct arena *arena = &report->arena;

	*one = (struct report_case){
		.id = inputs[input].id,
		.title = inputs[input].title,
		.assertion = inputs[input].assertion,
		.type = inputs[input].type,
		.message = more == 0 ? copy(arena, first->message)
				     : arena_printf(arena, "%s (and %zu more problem%s)",
					       first->message, more, more == 1 ? "" : "s"),
		.expected = copy(arena, first->note),
		.observed = copy(arena, first->line_text),
		.why = inputs[input].why,
		.fix = copy(arena, first->label),
		.place = first->place,
		.transcript = frames_of(arena, problems),
	};
	one->place.file = copy(arena, first->place.file);
}

/* "release" for "checks/release.json" */
static const char *
stem_of(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;
	size_t len = strlen(name);

	if (len > 5 && strcmp(name + len - 5, ".json") == 0)
		len -= 5;
	return arena_memdup(arena, name, len);
}

void
report_from_problems(struct report *report, enum report_input input, const char *path,
	const struct problems *problems)
{
	struct arena *arena = &report->arena;
	struct report_suite *suite = arena_alloc(arena, sizeof(*suite));

	suite->checklist = stem_of(arena, path);
	suite->target = inputs[input].id;
	suite->started = report->started;
	suite->cases = arena_alloc(arena, sizeof(*suite->cases));
	suite->case_count = 1;
	case_from_problems(report, input, suite->cases, problems);
	suite->file = suite->cases->place.file;
	report->suites = suite;
	report->suite_count = 1;
}

/* Where the pieces of a report go. */
struct destination {
	struct file_replacement *file; /* NULL: nowhere */
	size_t len;
	struct error error; /* of the file, which names it */
};

static bool
take(void *context, const void *bytes, size_t len, struct error *error)
{
	struct destination *to = context;

	if (len > REPORT_BYTES_MAX - to->len)
		return error_set(error, "the report is larger than %zu bytes", REPORT_BYTES_MAX);
	to->len += len;
	return to->file == NULL || file_replace_add(to->file, bytes, len, &to->error);
}

static bool
format_to(struct destination *to, const struct report *report, const struct report_format *format,
	const char *path, struct error *error)
{
	struct report_sink sink = { take, to };

	if (format->format(report, &sink, error))
		return true;
	if (!error_is_set(&to->error))
		return error_context(error, "%s", path);
	*error = to->error;
	return false;
}

/* What cannot be taken back is formatted twice: all of it is read back before the first byte goes. */
bool
report_write(const struct report *report, const struct report_format *format, const char *path,
	size_t *len, struct error *error)
{
	struct file_replacement file;
	struct destination nowhere = { .file = NULL }, to = { .file = &file };
	bool done;

	*len = 0;
	if (!file_replace_begin(&file, path, error))
		return false;
	done = (!file.is_direct || format_to(&nowhere, report, format, path, error)) &&
	       format_to(&to, report, format, path, error);
	*len = to.len;
	return file_replace_end(&file, done, error);
}
