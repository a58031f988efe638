/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The terminal's report while targets are decided.
 */
#include "report/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/text.h"
#include "detail.h"
#include "report/shown.h"
#include "report/wrap.h"
#include "terminal_lines.h"

#define WIDTH_DEFAULT 80u
#define WIDTH_MIN 40u
#define WIDTH_MAX 120u   /* beyond it lines are hard to read */
#define COLUMNS_MAX 500u /* if somebody asks for it all the same */

/* Where the id of a case begins: two blanks, the mark, two blanks. */
#define ID_COLUMN 9u

/* A longer id has a line to itself. */
#define ID_COLUMNS_MAX 30u

/* So many cases are shown one by one; then each target gets one line. */
#define CASES_SHOWN 1000

static const char colour_bold[] = "\033[1m";

static bool
is_terminal(FILE *stream)
{
	const char *kind = getenv("TERM");

	return isatty(fileno(stream)) == 1 && (kind == NULL || strcmp(kind, "dumb") != 0);
}

static unsigned
clamp(unsigned long width, unsigned most)
{
	if (width > most)
		return most;
	return width < WIDTH_MIN ? WIDTH_MIN : (unsigned)width;
}

unsigned
terminal_width(FILE *stream)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	long given;

	if (columns != NULL && text_parse_number(columns, &given) && given > 0)
		return clamp((unsigned long)given, COLUMNS_MAX);
	if (ioctl(fileno(stream), TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
		return WIDTH_DEFAULT;
	return clamp(size.ws_col, WIDTH_MAX);
}

void
terminal_init(struct terminal *terminal, FILE *out, FILE *err)
{
	const char *no_colour = getenv("NO_COLOR");

	*terminal = (struct terminal){ .out = out, .err = err, .cases_left = CASES_SHOWN };
	terminal->colour = is_terminal(out) && (no_colour == NULL || no_colour[0] == '\0');
	terminal->progress = is_terminal(err);
	terminal->width = terminal_width(out);
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
	lines_add_mark(terminal, lines, one->verdict);
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

/* A target with a line for each case. */
static void
add_suite(const struct terminal *terminal, struct buf *lines, const struct report_suite *suite)
{
	size_t id_width = id_columns(suite);
	struct buf heading;

	buf_init(&heading, SIZE_MAX / 4);
	lines_add_where(&heading, suite);
	lines_add_coloured(terminal, lines, colour_bold, heading.data);
	buf_add_char(lines, '\n');
	for (size_t i = 0; i < suite->case_count; i++)
		add_case(terminal, lines, &suite->cases[i], id_width);
	if (terminal->verbose && suite->transcript != NULL)
		lines_add_transcript(terminal, lines, suite->transcript);
	buf_add_char(lines, '\n');
	buf_release(&heading);
}

/* "FAIL   release on mx1.example.org:25: 12 passed, 1 failed, 0 errors, 2 skipped" */
static void
add_suite_in_short(
	const struct terminal *terminal, struct buf *lines, const struct report_suite *suite)
{
	struct report_counts counts = suite_counts(suite);

	lines_add_mark(terminal, lines, lines_verdict_of(&counts));
	buf_add_string(lines, "  ");
	lines_add_where(lines, suite);
	buf_add_string(lines, ": ");
	lines_add_counts(lines, &counts);
	buf_add_char(lines, '\n');
}

void
terminal_suite(struct terminal *terminal, const struct report_suite *suite)
{
	bool fits = suite->case_count <= terminal->cases_left;
	struct buf lines;

	if (terminal->quiet)
		return;
	terminal->cases_left = fits ? terminal->cases_left - suite->case_count : 0;
	buf_init(&lines, SIZE_MAX / 4);
	if (terminal->verbose || fits)
		add_suite(terminal, &lines, suite);
	else
		add_suite_in_short(terminal, &lines, suite);
	lines_put(terminal, &lines);
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

	if (!terminal->progress || terminal->quiet)
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
