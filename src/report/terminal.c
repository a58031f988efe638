/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gate/terminal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "gate/detail.h"
#include "gate/shown.h"
#include "gate/wrap.h"

#define WIDTH_DEFAULT 80u
#define WIDTH_MIN 40u
#define WIDTH_MAX 120u

/* Where the id of a case begins: two blanks, the mark, two blanks. */
#define ID_COLUMN 9u

/* A longer id has a line to itself. */
#define ID_COLUMNS_MAX 30u

/* Where the text below a mark of the summary begins. */
#define SUMMARY_COLUMN 7u

/* A conversation of more bytes loses its middle. */
#define TRANSCRIPT_MAX ((size_t)64 * 1024)

#define TRANSCRIPT_COLUMN 6u

static const struct {
	const char *mark;
	const char *colour; /* ECMA-48 SGR */
} marks[VERDICT_COUNT] = {
	[VERDICT_ERROR] = { "ERROR", "\033[1;33m" },
	[VERDICT_FAIL] = { "FAIL ", "\033[1;31m" },
	[VERDICT_SKIPPED] = { "skip ", "\033[36m" },
	[VERDICT_WARNED] = { "warn ", "\033[33m" },
	[VERDICT_WAIVED] = { "waive", "\033[33m" },
	[VERDICT_PASS] = { "pass ", "\033[32m" },
};

static const char colour_bold[] = "\033[1m";
static const char colour_off[] = "\033[0m";

static bool
is_terminal(FILE *stream)
{
	const char *kind = getenv("TERM");

	return isatty(fileno(stream)) == 1 && (kind == NULL || strcmp(kind, "dumb") != 0);
}

static unsigned
width_of(FILE *stream)
{
	struct winsize size;

	if (ioctl(fileno(stream), TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
		return WIDTH_DEFAULT;
	if (size.ws_col > WIDTH_MAX)
		return WIDTH_MAX;
	return size.ws_col < WIDTH_MIN ? WIDTH_MIN : size.ws_col;
}

void
terminal_init(struct terminal *terminal, FILE *out, FILE *err)
{
	const char *no_colour = getenv("NO_COLOR");

	*terminal = (struct terminal){ .out = out, .err = err };
	terminal->colour = is_terminal(out) && (no_colour == NULL || no_colour[0] == '\0');
	terminal->progress = is_terminal(err);
	terminal->width = width_of(out);
}

/* Every line of the program's standard output goes through here. */
static void
put_lines(struct terminal *terminal, struct buf *lines)
{
	const char *line = lines->data;
	struct buf safe;

	buf_init(&safe, SIZE_MAX / 4);
	for (size_t left = lines->len; left > 0;) {
		const char *newline = memchr(line, '\n', left);
		size_t len = newline == NULL ? left : (size_t)(newline - line);

		shown_add_uncommanding(&safe, line, len);
		buf_add_char(&safe, '\n');
		len += newline != NULL;
		line += len;
		left -= len;
	}
	terminal_progress_end(terminal);
	fwrite(safe.data, 1, safe.len, terminal->out);
	fflush(terminal->out);
	buf_release(&safe);
}

static void
add_coloured(
	const struct terminal *terminal, struct buf *lines, const char *colour, const char *text)
{
	if (terminal->colour)
		buf_add_string(lines, colour);
	buf_add_string(lines, text);
	if (terminal->colour)
		buf_add_string(lines, colour_off);
}

static void
add_mark(const struct terminal *terminal, struct buf *lines, enum verdict verdict)
{
	add_coloured(terminal, lines, marks[verdict].colour, marks[verdict].mark);
}

/* "submission on mx1.example.org:25" */
static void
add_where(struct buf *lines, const struct report_suite *suite)
{
	shown_add_line(lines, suite->checklist);
	buf_add_string(lines, " on ");
	shown_add_line(lines, suite->target);
}

static void
add_transcript(const struct terminal *terminal, struct buf *lines, const char *transcript)
{
	struct buf shown;

	buf_init(&shown, SIZE_MAX / 4);
	shown_add_lines(&shown, transcript);
	shown_cut(&shown, TRANSCRIPT_MAX, '\n');
	while (shown.len > 0 && shown.data[shown.len - 1] == '\n')
		shown.data[--shown.len] = '\0';
	buf_addf(lines, "\n%*s", (int)TRANSCRIPT_COLUMN, "");
	wrap_add(lines, shown.data, TRANSCRIPT_COLUMN, terminal->width);
	buf_add_char(lines, '\n');
	buf_release(&shown);
}

static size_t
id_columns(const struct report_suite *suite)
{
	size_t widest = 0;

	for (size_t i = 0; i < suite->case_count; i++) {
		size_t columns = shown_columns(suite->cases[i].id, strlen(suite->cases[i].id));

		if (columns > widest && columns <= ID_COLUMNS_MAX)
			widest = columns;
	}
	return widest;
}

static void
add_case_message(const struct terminal *terminal, struct buf *lines, const struct report_case *one,
	size_t column)
{
	struct buf message;

	buf_init(&message, SIZE_MAX / 4);
	detail_add_message(&message, one);
	if (one->verdict == VERDICT_PASS && one->retry_count != 0)
		buf_addf(&message, " (at try %zu)", one->retry_count + 1);
	wrap_add(lines, message.data, column, terminal->width);
	buf_release(&message);
}

static void
add_case(const struct terminal *terminal, struct buf *lines, const struct report_case *one,
	size_t id_width)
{
	size_t column = ID_COLUMN + id_width + 2, start, columns;

	buf_add_string(lines, "  ");
	add_mark(terminal, lines, one->verdict);
	buf_add_string(lines, "  ");
	start = lines->len;
	shown_add_line(lines, one->id);
	columns = shown_columns(lines->data + start, lines->len - start);
	if (columns > id_width)
		buf_addf(lines, "\n%*s", (int)column, "");
	else
		buf_addf(lines, "%*s", (int)(id_width - columns + 2), "");
	add_case_message(terminal, lines, one, column);
	buf_add_char(lines, '\n');
}

void
terminal_suite(struct terminal *terminal, const struct report_suite *suite)
{
	struct buf lines, heading;

	buf_init(&lines, SIZE_MAX / 4);
	buf_init(&heading, SIZE_MAX / 4);
	add_where(&heading, suite);
	add_coloured(terminal, &lines, colour_bold, heading.data);
	buf_add_char(&lines, '\n');
	for (size_t i = 0; i < suite->case_count; i++)
		add_case(terminal, &lines, &suite->cases[i], id_columns(suite));
	if (terminal->verbose && suite->transcript != NULL)
		add_transcript(terminal, &lines, suite->transcript);
	buf_add_char(&lines, '\n');
	put_lines(terminal, &lines);
	buf_release(&heading);
	buf_release(&lines);
}

void
terminal_progress_end(struct terminal *terminal)
{
	if (!terminal->progress_shown)
		return;
	fputs("\r\033[K", terminal->err);
	fflush(terminal->err);
	terminal->progress_shown = false;
}

void
terminal_progress(struct terminal *terminal, size_t done, size_t total, const char *what)
{
	struct buf line, whole;

	if (!terminal->progress)
		return;
	buf_init(&whole, SIZE_MAX / 4);
	buf_init(&line, SIZE_MAX / 4);
	buf_addf(&whole, "[%zu/%zu] %s", done, total, what);
	shown_add_short(&line, whole.data, terminal->width - 1);
	fprintf(terminal->err, "\r\033[K%s", line.data);
	fflush(terminal->err);
	terminal->progress_shown = true;
	buf_release(&line);
	buf_release(&whole);
}

static void
add_details(const struct terminal *terminal, struct buf *lines, const struct report_suite *suite,
	const struct report_case *one)
{
	const unsigned column = SUMMARY_COLUMN + DETAIL_LABEL_COLUMNS;
	struct buf value;

	buf_init(&value, SIZE_MAX / 4);
	detail_add_message(&value, one);
	buf_addf(lines, "%*s", (int)SUMMARY_COLUMN, "");
	wrap_add(lines, value.data, SUMMARY_COLUMN, terminal->width);
	buf_add_char(lines, '\n');
	for (enum detail detail = 0; detail < DETAIL_COUNT; detail++) {
		const char *label = detail_value(&value, suite, one, detail);

		if (label == NULL)
			continue;
		buf_addf(lines, "%*s%-*s", (int)SUMMARY_COLUMN, "", DETAIL_LABEL_COLUMNS, label);
		wrap_add(lines, value.data, column, terminal->width);
		buf_add_char(lines, '\n');
	}
	buf_release(&value);
}

/* A conversation that the suite has shown already is not repeated. */
static bool
has_own_transcript(const struct report_suite *suite, const struct report_case *one)
{
	return one->transcript != NULL &&
	       (suite->transcript == NULL || strcmp(suite->transcript, one->transcript) != 0);
}

static void
add_broken_case(const struct terminal *terminal, struct buf *lines,
	const struct report_suite *suite, const struct report_case *one)
{
	add_mark(terminal, lines, one->verdict);
	buf_add_string(lines, "  ");
	shown_add_line(lines, one->id);
	buf_add_string(lines, ", ");
	add_where(lines, suite);
	buf_add_char(lines, '\n');
	add_details(terminal, lines, suite, one);
	if (terminal->verbose && has_own_transcript(suite, one))
		add_transcript(terminal, lines, one->transcript);
	buf_add_char(lines, '\n');
}

static void
add_broken_cases(
	const struct terminal *terminal, struct buf *lines, const struct report_suite *suite)
{
	for (size_t i = 0; i < suite->case_count; i++)
		if (suite->cases[i].verdict == VERDICT_FAIL ||
			suite->cases[i].verdict == VERDICT_ERROR)
			add_broken_case(terminal, lines, suite, &suite->cases[i]);
}

/* What the whole run comes to: a failure weighs more than what could not be evaluated. */
static enum verdict
verdict_of(const struct report *report, const struct report_counts *counts)
{
	if (counts->by_verdict[VERDICT_FAIL] != 0)
		return VERDICT_FAIL;
	if (counts->by_verdict[VERDICT_ERROR] != 0 || counts->total == 0 || report->interrupted)
		return VERDICT_ERROR;
	return VERDICT_PASS;
}

static void
add_number_of(struct buf *lines, size_t number, const char *noun)
{
	buf_addf(lines, "%zu %s%s", number, noun, number == 1 ? "" : "s");
}

static void
add_totals(const struct terminal *terminal, struct buf *lines, const struct report *report)
{
	struct report_counts counts = report_counts(report);
	size_t connections = 0;

	for (size_t i = 0; i < report->suite_count; i++)
		connections += report->suites[i].connections;
	add_mark(terminal, lines, verdict_of(report, &counts));
	buf_add_string(lines, "  ");
	add_number_of(lines, counts.total, "assertion");
	buf_addf(lines, ": %zu passed, %zu failed, ", counts.by_verdict[VERDICT_PASS],
		counts.by_verdict[VERDICT_FAIL]);
	add_number_of(lines, counts.by_verdict[VERDICT_ERROR], "error");
	buf_addf(lines, ", %zu skipped", counts.by_verdict[VERDICT_SKIPPED]);
	if (counts.by_verdict[VERDICT_WARNED] != 0)
		buf_addf(lines, ", %zu warned", counts.by_verdict[VERDICT_WARNED]);
	if (counts.by_verdict[VERDICT_WAIVED] != 0)
		buf_addf(lines, ", %zu waived", counts.by_verdict[VERDICT_WAIVED]);
	buf_add_char(lines, '\n');
	buf_addf(lines, "%*s", (int)SUMMARY_COLUMN, "");
	add_number_of(lines, report->suite_count, "target");
	buf_add_string(lines, ", ");
	add_number_of(lines, connections, "connection");
	buf_addf(lines, ", %" PRId64 ".%03" PRId64 " s\n", report->ms / 1000, report->ms % 1000);
	if (report->interrupted)
		buf_addf(lines, "%*sinterrupted; what was not decided counts as an error\n",
			(int)SUMMARY_COLUMN, "");
}

void
terminal_summary(struct terminal *terminal, const struct report *report)
{
	struct buf lines;

	buf_init(&lines, SIZE_MAX / 4);
	for (size_t i = 0; i < report->suite_count; i++)
		add_broken_cases(terminal, &lines, &report->suites[i]);
	add_totals(terminal, &lines, report);
	put_lines(terminal, &lines);
	buf_release(&lines);
}
