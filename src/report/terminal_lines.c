/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Writes lines to the stream with colours and marks, and counts of things with their plurals.
 */
#include "terminal_lines.h"

#include <string.h>

#include "report/shown.h"
#include "report/wrap.h"

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

static const char colour_off[] = "\033[0m";

void
lines_put(struct terminal *terminal, struct buf *lines)
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

void
lines_add_coloured(
	const struct terminal *terminal, struct buf *lines, const char *colour, const char *text)
{
	if (terminal->colour)
		buf_add_string(lines, colour);
	buf_add_string(lines, text);
	if (terminal->colour)
		buf_add_string(lines, colour_off);
}

void
lines_add_mark(const struct terminal *terminal, struct buf *lines, enum verdict verdict)
{
	lines_add_coloured(terminal, lines, marks[verdict].colour, marks[verdict].mark);
}

void
lines_add_where(struct buf *lines, const struct report_suite *suite)
{
	shown_add_line(lines, suite->checklist);
	buf_add_string(lines, " on ");
	shown_add_line(lines, suite->target);
	if (suite->unseen == 0 || suite->where == NULL)
		return;
	buf_add_string(lines, " (");
	shown_add_line(lines, suite->where);
	buf_addf(lines,
		" alone: %zu further address%s not looked at, but with \"addresses\": \"all\")",
		suite->unseen, suite->unseen == 1 ? "" : "es");
}

void
lines_add_transcript(const struct terminal *terminal, struct buf *lines, const char *transcript)
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

void
lines_add_number_of(struct buf *lines, size_t number, const char *noun)
{
	buf_addf(lines, "%zu %s%s", number, noun, number == 1 ? "" : "s");
}

void
lines_add_counts(struct buf *lines, const struct report_counts *counts)
{
	const size_t *by = counts->by_verdict;

	buf_addf(lines, "%zu passed, %zu failed, ", by[VERDICT_PASS], by[VERDICT_FAIL]);
	lines_add_number_of(lines, by[VERDICT_ERROR], "error");
	buf_addf(lines, ", %zu skipped", by[VERDICT_SKIPPED]);
	if (by[VERDICT_WARNED] != 0)
		buf_addf(lines, ", %zu warned", by[VERDICT_WARNED]);
	if (by[VERDICT_WAIVED] != 0)
		buf_addf(lines, ", %zu waived", by[VERDICT_WAIVED]);
}

enum verdict
lines_verdict_of(const struct report_counts *counts)
{
	static const enum verdict by_weight[] = { VERDICT_FAIL, VERDICT_ERROR, VERDICT_WARNED,
		VERDICT_WAIVED };

	for (size_t i = 0; i < sizeof(by_weight) / sizeof(by_weight[0]); i++)
		if (counts->by_verdict[by_weight[i]] != 0)
			return by_weight[i];
	return VERDICT_PASS;
}
