/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads the labelled values off a case, cut to their limit: a fix line by line, all else as one line.
 */
#include "detail.h"

#include <stdbool.h>
#include <string.h>

#include "report/shown.h"

static bool
says_nothing(const char *text)
{
	return text == NULL || text[strspn(text, " \n\r\t")] == '\0';
}

static const char *
message_of(const struct report_case *one)
{
	if (!says_nothing(one->message))
		return one->message;
	return says_nothing(one->title) ? one->id : one->title;
}

void
detail_add_message(struct buf *out, const struct report_case *one)
{
	shown_add_short(out, message_of(one), MESSAGE_COLUMNS);
}

/* Only a message that was cut has more to say. */
static void
add_whole_message(struct buf *value, const struct report_case *one)
{
	shown_add_line(value, message_of(one));
	if (shown_columns(value->data, value->len) <= MESSAGE_COLUMNS)
		buf_reset(value);
}

/* "checks/release.json:8:5 (cert-hostname)"; a checklist without a file is named instead. */
static void
add_place(struct buf *value, const struct report_suite *suite, const struct report_case *one)
{
	const char *file = one->place.file != NULL ? one->place.file : suite->file;

	if (file == NULL)
		buf_add_string(value, "checklist ");
	shown_add_line(value, file != NULL ? file : suite->checklist);
	if (file != NULL && one->place.line != 0) {
		buf_addf(value, ":%u", one->place.line);
		if (one->place.column != 0)
			buf_addf(value, ":%u", one->place.column);
	}
	buf_add_string(value, " (");
	shown_add_line(value, one->id);
	buf_add_char(value, ')');
}

/* What is to be published, or put into a file, may have lines. */
static void
add_lines(struct buf *value, const char *text)
{
	size_t count = 0;
	struct buf line;

	buf_init(&line, SIZE_MAX / 4);
	for (size_t len; *text != '\0'; text += len + (text[len] != '\0')) {
		len = strcspn(text, "\n");
		buf_reset(&line);
		buf_add(&line, text, len);
		if (says_nothing(line.data))
			continue;
		if (count++ != 0)
			buf_add_char(value, count > DETAIL_LINES_MAX ? ' ' : '\n');
		shown_add_line(value, line.data);
	}
	buf_release(&line);
}

const char *
detail_value(struct buf *value, const struct report_suite *suite, const struct report_case *one,
	enum detail detail)
{
	static const char *const labels[DETAIL_COUNT] = { "in full", "expected", "observed", "why",
		"fix", "at" };
	const char *const texts[DETAIL_COUNT] = { [DETAIL_EXPECTED] = one->expected,
		[DETAIL_OBSERVED] = one->observed,
		[DETAIL_WHY] = one->why,
		[DETAIL_FIX] = one->fix };

	buf_reset(value);
	if (detail == DETAIL_IN_FULL)
		add_whole_message(value, one);
	else if (detail == DETAIL_AT)
		add_place(value, suite, one);
	else if (detail == DETAIL_FIX && texts[detail] != NULL)
		add_lines(value, texts[detail]);
	else if (texts[detail] != NULL)
		shown_add_line(value, texts[detail]);
	shown_cut(value, DETAIL_VALUE_MAX, ' ');
	return value->len != 0 ? labels[detail] : NULL;
}
